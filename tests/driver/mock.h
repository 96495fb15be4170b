/* SPDX-License-Identifier: MIT */
/*
 * A provider and a browser in shared memory: what the mock transport answers and the mock listener is sent. Threads and
 * forked processes share it; $FOB_MOCK is its address, the same in all of them.
 */
#ifndef TEST_MOCK_H
#define TEST_MOCK_H

#include <fob/error.h>
#include <stdatomic.h>
#include <stdint.h>

#define MOCK_ENV "FOB_MOCK"
#define MOCK_ASKED 64
#define MOCK_PAGES 8

enum mock_rotation {
    MOCK_NONE,          /* one refresh token, for ever; answers hold none */
    MOCK_ROTATES,       /* each is good once */
    MOCK_GRACE,         /* the one before the last still gives the last */
    MOCK_REUSE_REVOKES, /* sending a used one ends them all */
};

struct mock_request {
    char method[8], url[256], body[2048], authorization[256], refresh_token[64];
};

struct mock;
typedef void mock_hook(struct mock *mock);

struct mock {
    /* What the test sets. Hooks run in the process and thread that asks. */
    enum mock_rotation rotation;
    int lifetime; /* of access tokens, in seconds */
    int longer;   /* by so many bytes */
    int status;   /* not 0: `answer` with this status, whatever was asked */
    char answer[1024];
    /* What is told at a URL that holds `part`, in the place of what a token or revocation endpoint would; status 0: 200. */
    struct mock_page {
        char part[64];
        int status;
        char answer[512];
    } pages[MOCK_PAGES];
    fob_err fails;          /* not FOB_OK: perform fails so */
    int maybe_sent;         /* and says this */
    mock_hook *before;      /* nothing was sent yet */
    mock_hook *sent;        /* the provider did what it was asked, the answer is on its way */
    mock_hook *after;       /* the answer is here */
    mock_hook *waiting;     /* the listener is waited on */
    fob_err opens, listens; /* not FOB_OK: opening the transport, the listener, fails so */

    /* What the provider did. */
    atomic_int performed; /* calls */
    atomic_int requests;  /* that reached it */
    atomic_int refreshed; /* of these, that gave a token for a refresh token */
    atomic_int issued;    /* access tokens: "access-1" … */
    atomic_int current;   /* the good refresh token: "refresh-<current>" */
    atomic_int revoked;
    struct mock_request asked[MOCK_ASKED]; /* by request */
    char ca_file[256], proxy[256];         /* what the transport was opened with */
    int ignore_environment;

    /* The listener: the redirect to come, and what was answered. */
    char redirect[1024];
    char listened_host[64], listened_path[64];
    unsigned listened_port;
    unsigned listened_modes; /* what accept was told */
    fob_err accepts;         /* not FOB_OK: accept fails so */
    int listening, answered;
    char page[4096];

    /* The clock, when not 0; and what happens when it is looked at. */
    atomic_llong now;
    mock_hook *tick;

    atomic_int present; /* for the test's own use */
};

#endif
