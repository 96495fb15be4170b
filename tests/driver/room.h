/* SPDX-License-Identifier: MIT */
/* What a test of the driver runs in: a temporary folder with providers, plugins, store and key, and the mock. */
#ifndef TEST_ROOM_H
#define TEST_ROOM_H

#include "io/driver.h"
#include "mock.h"

#include <criterion/criterion.h>
#include <sys/stat.h>

#define START 1700000000000 /* what room_begin sets the clock to */
#define FOREVER 1           /* see room_put_connection */

extern struct mock *mock;

/* Makes the folder: providers/acme.yaml, plugins/ with the mocks, config/; .init and .fini of every suite here. */
void room_begin(void);
void room_end(void);

/* Path of a file in the room; good until the fourth next call. */
const char *room_path(const char *name);
/* Writes a file of that mode into the room. */
void room_write(const char *name, const char *text, mode_t mode);

/* Everything inside the room, no environment but FOB_MOCK. */
struct fob_options room_options(void);
fob_session *room_open(void);

/*
 * Keeps the connection `name` with "access-0" and "refresh-0", which ended just now; with FOREVER, which never ends.
 */
void room_put_connection(fob_session *session, const char *name, int forever);
/* The connection as it is in the store, or NULL. */
struct fob_kept room_kept(const char *name);

/* The stored or given tokens are these. */
void expect_token(fob_token *token, const char *access, const char *refresh);
void expect_stored(const char *name, const char *access, const char *refresh);

/* Runs function in a child; how it ended, as waitpid tells. */
int in_child(void (*function)(void));

void move_clock(int64_t ms);

/* Dies as by kill -9; the hooks of the mock. */
void die(struct mock *mock);

#endif
