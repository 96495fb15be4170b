/* SPDX-License-Identifier: MIT */
/* Client authentication (RFC 6749 section 2.3). */
#include "client.h"

#include "reply.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BASIC "Basic "
#define FORM_TYPE "application/x-www-form-urlencoded"

struct credentials {
    enum auth_method method;
    char *id, *secret;
};

static void credentials_free(struct credentials *credentials)
{
    text_drop(&credentials->id);
    text_drop(&credentials->secret);
}

/* RFC 6749 section 2.3.1: both halves are form-encoded before they go into Basic. */
static bool read_basic(const char *field, struct credentials *out)
{
    if (strncasecmp(field, BASIC, strlen(BASIC)) != 0)
        return false;
    const char *encoded = field + strlen(BASIC);
    size_t size = strlen(encoded) + 1, len;
    char *pair = text_must(calloc(1, size));
    bool ok = sodium_base642bin((unsigned char *)pair, size - 1, encoded, size - 1, NULL, &len, NULL,
                                sodium_base64_VARIANT_ORIGINAL) == 0;
    char *colon = ok ? memchr(pair, ':', len) : NULL;
    if (colon) {
        out->method = AUTH_BASIC;
        out->id = params_decode(pair, (size_t)(colon - pair));
        out->secret = params_decode(colon + 1, (size_t)(pair + len - colon - 1));
    }
    sodium_memzero(pair, size);
    free(pair);
    return out->id && out->secret;
}

static void read_form(const struct params *form, struct credentials *out)
{
    const char *secret = params_get(form, "client_secret");
    out->method = secret ? AUTH_POST : AUTH_NONE;
    out->id = text_copy(params_get(form, "client_id"));
    out->secret = text_copy(secret);
}

static void refuse(const struct request *request, struct reply *reply, const char *why)
{
    reply_oauth_error(reply, 401, "invalid_client", why);
    if (request->authorization)
        reply_field(reply, "WWW-Authenticate", text_copy("Basic realm=\"fob-sandbox\", charset=\"UTF-8\""));
}

static const char *problem_of(const struct sandbox *sandbox, const struct credentials *given)
{
    if (!given->id || strcmp(given->id, sandbox->client_id) != 0)
        return "the client is missing or unknown";
    if (!(given->method & sandbox->auth_methods))
        return "the client is not registered for this way of authentication";
    if (given->method != AUTH_NONE && !text_equal_secret(given->secret, sandbox->client_secret))
        return "the client secret is wrong";
    return NULL;
}

static bool authenticate(const struct sandbox *sandbox, const struct request *request,
                         const struct params *form, struct reply *reply)
{
    if (request->authorization && params_get(form, "client_secret")) {
        reply_oauth_error(reply, 400, "invalid_request", "the client authenticates in two ways at once");
        return false;
    }
    struct credentials given = {0};
    const char *problem = NULL;
    if (!request->authorization)
        read_form(form, &given);
    else if (!read_basic(request->authorization, &given))
        problem = "the Authorization field is not Basic with a client_id and secret";
    if (!problem)
        problem = problem_of(sandbox, &given);
    credentials_free(&given);
    if (problem)
        refuse(request, reply, problem);
    return !problem;
}

static bool is_form(const char *content_type)
{
    size_t len = strlen(FORM_TYPE);
    return content_type && strncasecmp(content_type, FORM_TYPE, len) == 0 && strchr("; ", content_type[len]);
}

bool client_request(const struct sandbox *sandbox, const struct request *request, struct params *form,
                    struct reply *reply)
{
    const char *problem = NULL;
    if (request->query_problem || request->query.n > 0)
        problem = "parameters belong into the body, not into the URL";
    else if (!is_form(request->content_type))
        problem = "the body has to be " FORM_TYPE;
    else
        params_read(form, request->body, &problem);
    if (problem) {
        reply_oauth_error(reply, 400, "invalid_request", problem);
        return false;
    }
    return authenticate(sandbox, request, form, reply);
}
