/* SPDX-License-Identifier: MIT */
/* Starting a test server (server.py) on a free port, and stopping it. */
#ifndef TEST_SERVER_H
#define TEST_SERVER_H

#include <sys/types.h>

struct server {
    pid_t pid;
    int hold; /* its stdin: it ends when this closes, also when the test dies */
    unsigned port;
};

/* argument and other may be NULL; see server.py. Fails the test when it does not start. */
struct server server_start(const char *argument, const char *other);
void server_stop(struct server *server);

/* A certificate's file by name, as certificates.sh made it. Static. */
const char *certificate(const char *name);

#endif
