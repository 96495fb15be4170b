/* SPDX-License-Identifier: MIT */
/* The protected API: what a token is good for, presented as `use` says (RFC 6750). */
#include "client.h"
#include "compare.h"
#include "facts.h"
#include "reply.h"
#include "tree.h"

#include <string.h>

#define REALM "Bearer realm=\"fob-sandbox\""

static void refuse(struct reply *reply, unsigned status, const char *code, const char *why)
{
    reply_oauth_error(reply, status, code, why);
    reply_field(reply, "WWW-Authenticate",
                text_printf(REALM ", error=\"%s\", error_description=\"%s\"", code, why));
}

/* Whether something was presented at all, right or wrong. */
static bool tried(const struct sandbox *sandbox, const struct request *request)
{
    const char *header = tree_text(sandbox->descriptor, "use/header");
    return request_header(request, header ? header : "Authorization") ||
           request_header(request, "Authorization") || params_get(&request->query, "access_token");
}

/* What the API wants beside the token; which of the items to choose from the client took, it does not tell. */
static bool has_all_beside(const struct sandbox *sandbox, const struct request *request,
                           const struct grant *grant, struct reply *reply)
{
    struct facts facts = facts_new(sandbox, &sandbox->views[0], NULL, grant);
    struct problem problem = {0};
    size_t i = 0, n = json_array_size(grant->choices);
    do {
        text_drop(&problem.why);
        facts_add_all(&facts, "kept.", json_array_get(grant->choices, i));
        problem = compare_headers(request, tree_at(sandbox->descriptor, "use/headers"), &facts, false);
        if (!problem.code)
            problem = compare_query(request, tree_at(sandbox->descriptor, "use/params"), &facts);
    } while (problem.code && ++i < n);
    if (problem.code)
        reply_oauth_error(reply, problem.status, problem.code, problem.why);
    facts_free(&facts);
    text_drop(&problem.why);
    return !problem.code;
}

/* The access token's record, or NULL and the reply is made. */
static struct record *authorized(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    const char *token = client_token(sandbox, request);
    bool by_query = tree_text(sandbox->descriptor, "use/query");
    if (!token && !tried(sandbox, request)) {
        /* RFC 6750 section 3.1: no error code when no authentication was tried. */
        reply_plain(reply, 401, "This needs an access token.");
        reply_field(reply, "WWW-Authenticate", text_copy(REALM));
        return NULL;
    }
    if (!token || (by_query && request_header(request, "Authorization"))) {
        refuse(reply, 400, "invalid_request", "the access token is not where this provider wants it");
        return NULL;
    }
    struct record *record = store_find(&sandbox->store, RECORD_ACCESS, token);
    if (!record || !record_is_live(record)) {
        refuse(reply, 401, "invalid_token", "the access token is unknown, expired or revoked");
        return NULL;
    }
    return has_all_beside(sandbox, request, record->grant, reply) ? record : NULL;
}

void api_handle(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct record *record = authorized(sandbox, request, reply);
    if (!record)
        return;
    json_t *facts =
        text_must(json_pack("{s:s, s:s, s:s}", "client_id", sandbox->client_id, "sub", record->grant->subject,
                            "scope", record->scope ? record->scope : record->grant->scope));
    if (record->expires != FOR_GOOD)
        json_object_set_new(facts, "expires_in", json_integer(record_seconds_left(record)));
    reply_json(reply, 200, facts);
}
