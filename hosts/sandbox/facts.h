/* SPDX-License-Identifier: MIT */
/* What the names in {braces} stand for, as far as the server knows. */
#ifndef SANDBOX_FACTS_H
#define SANDBOX_FACTS_H

#include "sandbox.h"

/*
 * The client, the environment, the tenant's variables, the endpoints and, where there is one, all that the grant
 * knows. The caller frees it.
 */
struct facts facts_new(const struct sandbox *sandbox, const struct view *view, json_t *captured,
                       const struct grant *grant);
void facts_add_grant(struct facts *facts, const struct grant *grant);
/* What came back by the browser is known at the login alone. */
void facts_forget_callback(struct facts *facts);
/* Every member of the map as {PREFIXname}. */
void facts_add_all(struct facts *facts, const char *prefix, json_t *map);
void facts_free(struct facts *facts);

/* An endpoint or the issuer of the view, filled in; NULL when there is none. The caller drops it. */
char *facts_metadata(const struct sandbox *sandbox, const struct view *view, json_t *captured,
                     const char *name);

#endif
