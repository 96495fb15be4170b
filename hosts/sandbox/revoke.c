/* SPDX-License-Identifier: MIT */
/* The revocation endpoint (RFC 7009), and what providers have in its place. */
#include "answer.h"
#include "client.h"
#include "token.h"
#include "tree.h"

#include <string.h>

/* Whether the descriptor says that only this kind of token is revoked. */
static bool takes_only(const struct inquiry *inquiry, const char *kind)
{
    json_t *tokens = tree_at(inquiry->rule->block, "tokens");
    return json_array_size(tokens) == 1 && tree_lists(tokens, kind);
}

/* RFC 7009 section 2.1: a refresh token takes its access tokens with it; so does an access token that stands for all. */
static void revoke_token(struct inquiry *inquiry)
{
    if (inquiry->record->kind == RECORD_REFRESH || takes_only(inquiry, "access_token"))
        inquiry->grant->revoked = true;
    else
        record_use(inquiry->record);
}

/* No token was named: the grants that the request tells by what was kept of them; without such, all of the client's. */
static void revoke_by_kept(struct inquiry *inquiry)
{
    const struct store *store = &inquiry->sandbox->store;
    for (size_t i = 0; i < MAX_RECORDS; i++) {
        struct grant *grant = store->records[i] ? store->records[i]->grant : NULL;
        bool meant = grant != NULL;
        for (size_t j = 0; meant && j < inquiry->expected.n; j++) {
            char *name =
                inquiry->expected.v[j].template ? expression_alone(inquiry->expected.v[j].template) : NULL;
            const char *value = inquiry_value(inquiry, inquiry->expected.v[j].name);
            const char *kept =
                name && strncmp(name, "kept.", 5) == 0 ? tree_text(grant->kept, name + 5) : NULL;
            meant = !name || strncmp(name, "kept.", 5) != 0 || (value && kept && strcmp(value, kept) == 0);
            text_drop(&name);
        }
        if (meant)
            grant->revoked = true;
    }
}

void revoke_answer(struct inquiry *inquiry, struct reply *reply)
{
    struct answer answer;
    json_t *response = tree_at(inquiry->rule->block, "response");
    bool names_token = json_object_get(inquiry->presented, "token") ||
                       json_object_get(inquiry->presented, "access_token") ||
                       json_object_get(inquiry->presented, "refresh_token");
    if (inquiry->record && inquiry->record->kind == RECORD_REFRESH && takes_only(inquiry, "access_token")) {
        token_refuse(inquiry,
                     problem_make(400, "unsupported_token_type", "refresh tokens are not revoked here"),
                     reply);
        return;
    }
    if ((inquiry->methods & AUTH_TOKEN) && (!inquiry->record || !record_is_live(inquiry->record))) {
        token_refuse(inquiry,
                     problem_make(401, "invalid_token", "the access token is unknown, expired or revoked"),
                     reply);
        return;
    }
    if (inquiry->record)
        revoke_token(inquiry);
    else if (!names_token)
        revoke_by_kept(inquiry);
    answer_begin(&answer, inquiry->sandbox, response, reply);
    if (json_object_size(response)) {
        answer_send(&answer);
        return;
    }
    reply->status = 200; /* section 2.2: an unknown token is as good as revoked */
    answer_free(&answer);
}
