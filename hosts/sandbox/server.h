/* SPDX-License-Identifier: MIT */
/* HTTP: from libmicrohttpd to the handlers and back. */
#ifndef SANDBOX_SERVER_H
#define SANDBOX_SERVER_H

#include "sandbox.h"

struct server;

/* A listening socket on loopback, its port in *port; -1 with errno set. */
int server_listen(const char *host, uint16_t *port);

/*
 * Takes the socket and answers on one thread of its own, so that nothing of the sandbox needs a lock: leave the
 * sandbox alone until server_stop. NULL when the thread cannot be started.
 */
struct server *server_start(struct sandbox *sandbox, int socket);
void server_stop(struct server *server);

#endif
