/* SPDX-License-Identifier: MIT */
/* A descriptor as a person would begin it, with comments. */
#ifndef CLI_DRAFT_H
#define CLI_DRAFT_H

#include <jansson.h>

struct draft {
    const char *name, *docs, *source; /* source: where the metadata is from, or NULL */
    json_t *metadata;                 /* by the names of RFC 8414 */
    json_t *scopes;                   /* an array, to be asked for by default */
    json_t *variables;                /* an object: "example" and "pattern" of each; empty: none */
    json_t *hosts;                    /* an array; empty: those of the endpoints */
    json_t *
        said; /* what else is known, as texts: "separator", "response_mode", "identity_from", "identity_id", "console",
                     "redirects", "rotation" */
};

/* As YAML; the caller's. */
char *draft_write(const struct draft *draft);

#endif
