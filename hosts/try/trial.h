/* SPDX-License-Identifier: MIT */
/* One recorded exchange while it runs, and how what came is held against it. */
#ifndef TRY_TRIAL_H
#define TRY_TRIAL_H

#include "exchange.h"
#include "request.h"

#define TRIAL_NOW 1767225600000 /* 2026-01-01T00:00:00Z */
#define TRIAL_REDIRECT "http://127.0.0.1:4711/callback"
#define TRIAL_CLIENT "client-id"

struct trial {
    const struct subject *subject;
    const char *name;
    char *pointer; /* of the test */
    json_t *test;
    const char *environment;
    struct values values;
    size_t n_answered; /* exchanges that were asked for */
    bool has_openid;   /* among the scopes that were asked for */
    char *nonce;       /* as the authorization request had it */
    bool stopped;      /* what is left cannot be looked at */
    unsigned n;        /* mismatches */
    mismatch_fn *report;
    void *user;
};

/* Reports one at a pointer below the test. */
void trial_mismatch(struct trial *trial, const char *pointer, const char *fmt, ...) FOB_PRINTF(3, 4);

/* compare.c: each member of wanted against the one of came; null wants that there is none. what is "parameter", "fact" … */
void trial_compare(struct trial *trial, const char *pointer, json_t *wanted, json_t *came, const char *what,
                   const char *where);
/* A request against exchange n. */
void trial_compare_request(struct trial *trial, const char *pointer, json_t *exchange,
                           const struct fob_http_request *request);
/* What a flow ended with against `token`. */
void trial_compare_token(struct trial *trial, json_t *wanted, const fob_flow *flow);

#endif
