/* SPDX-License-Identifier: MIT */
/* The protected resources: what a token is good for (RFC 6750). */
#include "reply.h"
#include "scope.h"

#include <string.h>
#include <strings.h>

#define BEARER "Bearer "
#define REALM "Bearer realm=\"fob-sandbox\""

static void refuse(struct reply *reply, unsigned status, const char *code, const char *why)
{
    reply_oauth_error(reply, status, code, why);
    reply_field(reply, "WWW-Authenticate",
                text_printf(REALM ", error=\"%s\", error_description=\"%s\"", code, why));
}

/* The access token's record, or NULL and the reply is made. */
static struct record *authorized(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    const char *field = request->authorization;
    if (!field) {
        /* RFC 6750 section 3.1: no error code when no authentication was tried. */
        reply_plain(reply, 401, "This needs an access token.");
        reply_field(reply, "WWW-Authenticate", text_copy(REALM));
        return NULL;
    }
    if (strncasecmp(field, BEARER, strlen(BEARER)) != 0 || !field[strlen(BEARER)]) {
        refuse(reply, 400, "invalid_request", "the Authorization field is not Bearer with a token");
        return NULL;
    }
    struct record *record = store_find(&sandbox->store, RECORD_ACCESS, field + strlen(BEARER));
    if (!record || !record_is_live(record)) {
        refuse(reply, 401, "invalid_token", "the access token is unknown, expired or revoked");
        return NULL;
    }
    return record;
}

static const char *scope_of(const struct record *record)
{
    return record->scope ? record->scope : record->grant->scope;
}

void api_me_handle(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct record *record = authorized(sandbox, request, reply);
    if (record)
        reply_json(reply, 200,
                   json_pack("{s:s, s:s, s:s, s:I}", "client_id", sandbox->client_id, "sub",
                             record->grant->subject, "scope", scope_of(record), "expires_in",
                             (json_int_t)record_seconds_left(record)));
}

/* OpenID Connect Core section 5.3. */
void api_userinfo_handle(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct record *record = authorized(sandbox, request, reply);
    if (!record)
        return;
    if (!scope_has(scope_of(record), "openid"))
        refuse(reply, 403, "insufficient_scope", "the access token lacks the scope openid");
    else
        reply_json(reply, 200,
                   json_pack("{s:s, s:s}", "sub", record->grant->subject, "name", "Sandbox User"));
}
