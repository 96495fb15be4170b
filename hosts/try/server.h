/* SPDX-License-Identifier: MIT */
/* A sandbox that behaves as a descriptor says, while it is needed. */
#ifndef TRY_SERVER_H
#define TRY_SERVER_H

#include "subject.h"

#include <sys/types.h>

struct server {
    pid_t pid;
    int input;          /* it ends when this does */
    char *room;         /* a folder of its own */
    json_t *ready;      /* what it tells when it is */
    char *secret, *key; /* of the client; NULL when there is none */
    char *descriptor;   /* all hosts moved to the sandbox */
};

/*
 * Starts program (the path of fob-sandbox) for the descriptor in that file, with a client that may come back to redirect_uri;
 * NULL, or why it did not, which the caller frees.
 */
char *server_start(const char *program, const struct subject *subject, const char *redirect_uri,
                   struct server *ret);
void server_stop(struct server *server);

#endif
