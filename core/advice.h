/* SPDX-License-Identifier: MIT */
/* What a careful reviewer would say of a descriptor that has no mistakes. */
#ifndef CORE_ADVICE_H
#define CORE_ADVICE_H

#include "problems.h"
#include "rule.h"
#include "yamltree.h"

struct fob_advice {
    const struct fob_descriptor *d;
    const struct fob_yaml *root; /* what it was read from */
    struct fob_problems *problems;
};

/* All of it. */
void fob_advise(const struct fob_descriptor *d, const struct fob_yaml *root, struct fob_problems *problems);

/* advice_hosts.c: where tokens and secrets may go. */
void fob_advise_hosts(const struct fob_advice *advice);
/* advice_dead.c: keys that change nothing, because of others. */
void fob_advise_dead_keys(const struct fob_advice *advice);
/* advice_request.c: the same inside requests. */
void fob_advise_dead_in_requests(const struct fob_advice *advice);
/* advice_default.c: keys that say what holds anyway. */
void fob_advise_defaults(const struct fob_advice *advice);
/* advice_literal.c: secrets that are written down, and names as other tools write them. */
void fob_advise_literals(const struct fob_advice *advice);
/* advice_facts.c: reasons that say nothing, addresses nobody reaches, what the metadata says and fob does not. */
void fob_advise_facts(const struct fob_advice *advice);

/* A warning at a node; nothing when node is NULL. */
void fob_advise_at(const struct fob_advice *advice, const struct fob_yaml *node, const char *fix,
                   const char *what_fmt, ...) FOB_PRINTF(4, 5);

/* One of the requests, and the block it stands in. */
struct fob_advice_request {
    const struct fob_yaml *node;
    const char *key; /* of the block; a step's name */
    struct fob_rule rule;
    bool gives_token; /* its answer is a token endpoint's */
};
#define FOB_MAX_ADVICE_REQUESTS 16
/* Those that the file has, in its order but for the steps, which are last. Their number. */
size_t fob_advice_requests(const struct fob_advice *advice, struct fob_advice_request *ret);

/* Every URL that is written down and that fob goes to: of the metadata, of environments, of requests. */
typedef void fob_advice_url_fn(const struct fob_advice *advice, const struct fob_yaml *url, void *user);
void fob_advice_each_url(const struct fob_advice *advice, fob_advice_url_fn *look, void *user);

/* Whether the provider or one of its environments has it: offsetof a char * in struct fob_metadata. */
bool fob_advice_has_endpoint(const struct fob_descriptor *d, size_t offset);
/* Whether grant_types_supported is given and leaves it out. */
bool fob_advice_lacks_grant(const struct fob_descriptor *d, const char *grant);

#endif
