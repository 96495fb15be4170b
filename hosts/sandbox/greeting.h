/* SPDX-License-Identifier: MIT */
/* What a person is told when the server is ready: the commands that log in at it. */
#ifndef SANDBOX_GREETING_H
#define SANDBOX_GREETING_H

#include "room.h"

/*
 * Where the provider takes no address on this machine, or none is in the request, one is registered for the person, as if
 * --redirect-uri had said it; the text then says it too.
 */
void greeting_register(struct sandbox *sandbox);

/* The text, which holds no secret. The caller drops it. */
char *greeting_text(const struct sandbox *sandbox, const struct room *room);

#endif
