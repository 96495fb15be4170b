/* SPDX-License-Identifier: MIT */
/* One request of a client, held against one rule: what was presented, who holds it, and what is wrong with it. */
#ifndef SANDBOX_INQUIRY_H
#define SANDBOX_INQUIRY_H

#include "expect.h"
#include "sandbox.h"

/* As RFC 6749 section 5.2 has it; code NULL: none. */
struct problem {
    unsigned status;
    const char *code;
    char *why;
};

struct inquiry {
    struct sandbox *sandbox;
    const struct visit *visit;
    const struct rule *rule;
    unsigned methods; /* of authentication */
    char *endpoint;   /* the template */
    struct params body;
    struct expectations expected;
    struct facts facts;
    json_t *presented;     /* code, tokens and the like that the request brought, by their standard names */
    struct record *record; /* of the code or token that was presented; NULL: unknown */
    struct record
        *code; /* of the code that a step presents, beside a token or alone; NULL: none, or unknown */
    struct grant *grant; /* the code's, else the record's, with a reference; NULL: unknown */
    struct problem problem;
    int score; /* how much like a request of this rule it looks */
};

/* Looks at the request. The caller ends it with inquiry_end. */
void inquiry_begin(struct inquiry *inquiry, struct sandbox *sandbox, const struct visit *visit,
                   const struct rule *rule, char *endpoint);
void inquiry_end(struct inquiry *inquiry);

/* The value of a parameter wherever it stands; NULL when it is not there. */
const char *inquiry_value(const struct inquiry *inquiry, const char *name);

struct problem problem_make(unsigned status, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
