/* SPDX-License-Identifier: MIT */
/* The parameters that a request has to have, by the names and in the places that the provider wants. */
#ifndef SANDBOX_EXPECT_H
#define SANDBOX_EXPECT_H

#include "sandbox.h"

#define MAX_EXPECTED 96

struct expected {
    char *name;           /* the provider's */
    const char *standard; /* the RFCs', or NULL */
    char *template;       /* what it has to be; NULL: anything */
    bool falls_back;      /* where the template has no value, it may be what the RFCs have */
    bool optional, in_query;
    bool is_credential; /* client.c looks at it */
};

struct expectations {
    struct expected v[MAX_EXPECTED];
    size_t n;
    bool others_too; /* a plugin may add what no descriptor tells */
};

/* Of a request by rule at the endpoint (a template), with one of the auth methods (bits of client.h). */
void expect_request(const struct sandbox *sandbox, const struct rule *rule, const char *endpoint,
                    unsigned methods, struct expectations *ret);
/* Of the authorization request in that environment. */
void expect_authorization(const struct sandbox *sandbox, const struct view *view, struct expectations *ret);

const struct expected *expect_find(const struct expectations *all, const char *name);
/* By the RFCs' name; NULL when the provider does not want it. */
const struct expected *expect_standard(const struct expectations *all, const char *standard);

void expect_free(struct expectations *all);

#endif
