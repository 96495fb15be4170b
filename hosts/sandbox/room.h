/* SPDX-License-Identifier: MIT */
/* A private folder for what nobody gave a path for. */
#ifndef SANDBOX_ROOM_H
#define SANDBOX_ROOM_H

#include "sandbox.h"

struct room {
    char *folder;                    /* NULL: none was needed */
    char *secret, *key, *descriptor; /* files in it; NULL for what is written elsewhere, or not there */
};

/*
 * Makes the folder where the client's secret, its key or the descriptor has no path yet, or is_wanted; and says in the
 * settings where they go. False, with errno, when there is no room.
 */
bool room_make(struct room *room, struct sandbox *sandbox, bool is_wanted);

/* Removes all that is in it, what others put there too. */
void room_leave(struct room *room);

/* The id that the written descriptor has: that of the file or provider, else "sandbox". The caller drops it. */
char *room_provider_id(const struct sandbox *sandbox);

#endif
