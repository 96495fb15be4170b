/* SPDX-License-Identifier: MIT */
/* The listener's plugin, opened, and requests that are sent to it. */
#ifndef TEST_LISTENING_H
#define TEST_LISTENING_H

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <fob/plugin.h>
#include <stdbool.h>
#include <sys/socket.h>

#define PAGE "<p>seen</p>"
#define LONG_WAIT 60000 /* never used up: the request is there already */

extern const struct fob_listener_ops *ops;
extern void *self;
extern unsigned port;
extern struct fob_error error;

void load_listener(void);
/* Opens it there for /callback; start: on 127.0.0.1. */
void listen_at(const char *host);
void start(void);
void stop(void);

/* -1 when nobody listens. */
int connect_to(int family, unsigned to);
/* Sends bytes and leaves them lying in the listener's socket; gives the connection. */
int send_bytes(int family, const char *bytes, size_t len);
/* A request without a body. */
int send_to(int family, const char *method, const char *target);
int send_get(const char *target);

/* All that comes until the listener closes, which ends the connection; good until the next call. */
const char *receive(int fd);

/* Lets the listener work without anything to give to us: for a while, or until it answers by itself. */
void expect_nothing(void);
const char *receive_refusal(int fd);
void expect_target(const char *expected);

bool has(const char *text, const char *part);

#endif
