/* SPDX-License-Identifier: MIT */
/* Client authentication (RFC 6749 section 2.3, RFC 7523). */
#include "client.h"

#include "assertion.h"
#include "provider.h"
#include "tree.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BASIC "Basic "
#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

/* --- which ways there are ------------------------------------------------------------------------------------- */

unsigned client_method(const char *word)
{
    static const struct {
        const char *word;
        enum auth_method bit;
    } methods[] = {{"client_secret_basic", AUTH_BASIC},
                   {"client_secret_basic_raw", AUTH_BASIC_RAW},
                   {"client_secret_post", AUTH_POST},
                   {"client_secret_jwt", AUTH_SECRET_JWT},
                   {"private_key_jwt", AUTH_KEY_JWT},
                   {"none", AUTH_NONE},
                   {"token", AUTH_TOKEN}};
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(methods[i].word, word) == 0)
            return methods[i].bit;
    return 0;
}

static unsigned listed(json_t *words)
{
    size_t i;
    json_t *word;
    unsigned methods = 0;
    json_array_foreach (words, i, word)
        methods |= json_is_string(word) ? client_method(json_string_value(word)) : 0;
    return methods;
}

unsigned client_methods(const struct sandbox *sandbox, const struct view *view, const struct rule *rule)
{
    const char *given = tree_text(rule->block, "auth");
    bool with_token = rule->kind == RULE_STEP || rule->kind == RULE_USERINFO || rule->kind == RULE_VERIFY;
    const char *token_auth = rule->kind == RULE_REVOKE ? tree_text(sandbox->descriptor, "token/auth") : NULL;
    unsigned registered = sandbox->settings.auth ? client_method(sandbox->settings.auth) : 0;
    unsigned methods = given ? client_method(given) : with_token ? AUTH_TOKEN : 0;
    if (!methods && rule->kind == RULE_REVOKE)
        methods = listed(json_object_get(view->metadata, "revocation_endpoint_auth_methods_supported"));
    if (!methods)
        methods = listed(json_object_get(view->metadata, "token_endpoint_auth_methods_supported"));
    methods = methods ? methods : AUTH_BASIC;
    methods |= token_auth ? client_method(token_auth) : 0;
    /* A client without a secret can only tell its name; else, where there is a choice, it is held to its registration. */
    if (!sandbox->client_secret && !sandbox->client_key && !(methods & (AUTH_TOKEN | AUTH_NONE)))
        return AUTH_NONE;
    return !given && (methods & registered) ? registered : methods;
}

const char *client_token(const struct sandbox *sandbox, const struct request *request)
{
    json_t *use = json_object_get(sandbox->descriptor, "use");
    const char *query = tree_text(use, "query"), *header = tree_text(use, "header");
    const char *scheme = tree_text(use, "scheme");
    const char *value = request_header(request, header ? header : "Authorization");
    size_t len;
    if (query)
        return params_get(&request->query, query);
    scheme = scheme ? scheme : "Bearer";
    len = strlen(scheme);
    if (!value || strncasecmp(value, scheme, len) != 0 || (len && value[len] != ' '))
        return NULL;
    value += len ? len + 1 : 0;
    return *value ? value : NULL;
}

/* --- what was given ------------------------------------------------------------------------------------------- */

struct credentials {
    enum auth_method method;
    char *id, *secret;
};

/* RFC 6749 section 2.3.1: both halves are form-encoded before they go into Basic; "raw" ones are not. */
static bool read_basic(const char *field, bool raw, struct credentials *out)
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
        size_t id = (size_t)(colon - pair), secret = len - id - 1;
        out->id = raw ? text_printf("%.*s", (int)id, pair) : params_decode(pair, id);
        out->secret = raw ? text_printf("%.*s", (int)secret, colon + 1) : params_decode(colon + 1, secret);
    }
    sodium_memzero(pair, size);
    free(pair);
    return out->id && out->secret;
}

/* The parameter by its standard name, where it is one that authenticates. */
static const char *credential(const struct inquiry *inquiry, const char *standard)
{
    const struct expected *expected = expect_standard(&inquiry->expected, standard);
    return expected && expected->is_credential ? inquiry_value(inquiry, expected->name) : NULL;
}

static const char *read_credentials(const struct inquiry *inquiry, const char *basic, struct credentials *out)
{
    const char *secret = credential(inquiry, "client_secret");
    const char *assertion = credential(inquiry, "client_assertion");
    if ((basic != NULL) + (secret != NULL) + (assertion != NULL) > 1)
        return "the client authenticates in two ways at once";
    out->method = basic       ? inquiry->methods & AUTH_BASIC_RAW ? AUTH_BASIC_RAW : AUTH_BASIC
                  : secret    ? AUTH_POST
                  : assertion ? inquiry->methods & AUTH_KEY_JWT ? AUTH_KEY_JWT : AUTH_SECRET_JWT
                              : AUTH_NONE;
    if (basic && !read_basic(basic, out->method == AUTH_BASIC_RAW, out))
        return "the Authorization field is not Basic with a client_id and secret";
    if (!basic) {
        out->id = text_copy(credential(inquiry, "client_id"));
        out->secret = text_copy(secret ? secret : assertion);
    }
    return NULL;
}

/* --- whether it is right --------------------------------------------------------------------------------------- */

/* The way that is left where the provider does not want what the way itself would send. */
static bool may_use(const struct inquiry *inquiry, enum auth_method method)
{
    bool secret_nulled = !expect_standard(&inquiry->expected, "client_secret");
    return (inquiry->methods & method) ||
           (method == AUTH_NONE && (inquiry->methods & AUTH_POST) && secret_nulled);
}

static const char *id_problem(const struct inquiry *inquiry, const struct credentials *given)
{
    const struct expected *expected = expect_standard(&inquiry->expected, "client_id");
    const char *beside = credential(inquiry, "client_id");
    /* What goes to the API is not about the client. */
    bool for_client = inquiry->rule->kind <= RULE_CLIENT || inquiry->rule->kind == RULE_REVOKE;
    bool needed = given->method == AUTH_POST || (given->method == AUTH_NONE && for_client);
    if (given->id && strcmp(given->id, inquiry->sandbox->client_id) != 0)
        return "the client is unknown";
    if (beside && strcmp(beside, inquiry->sandbox->client_id) != 0)
        return "the client is unknown";
    return !given->id && needed && expected && expected->is_credential ? "the client is missing" : NULL;
}

static const char *secret_problem(struct inquiry *inquiry, const struct credentials *given)
{
    const char *type = credential(inquiry, "client_assertion_type");
    bool by_jwt = given->method == AUTH_KEY_JWT || given->method == AUTH_SECRET_JWT;
    if (by_jwt && (!type || strcmp(type, ASSERTION_TYPE) != 0))
        return "client_assertion_type has to be " ASSERTION_TYPE;
    if (given->method == AUTH_NONE)
        return NULL;
    if (by_jwt || tree_at(inquiry->rule->block, "jwt"))
        return assertion_problem(inquiry, given->secret, given->method == AUTH_SECRET_JWT);
    return text_equal_secret(given->secret, inquiry->sandbox->client_secret) ? NULL
                                                                             : "the client secret is wrong";
}

static struct problem token_problem(const struct inquiry *inquiry)
{
    bool there = json_object_get(inquiry->presented, "access_token");
    return there ? (struct problem){0}
                 : problem_make(401, "invalid_token", "the access token is not where the provider wants it");
}

struct problem client_check(struct inquiry *inquiry)
{
    struct credentials given = {0};
    const char *why;
    /* A header field that the descriptor makes is held against the template it is made from. */
    bool field_is_made = json_is_string(tree_at(inquiry->rule->block, "headers/Authorization"));
    const char *basic = field_is_made ? NULL : request_header(inquiry->visit->request, "authorization");
    if (inquiry->methods & AUTH_TOKEN)
        return token_problem(inquiry);
    why = read_credentials(inquiry, basic, &given);
    if (!why && !may_use(inquiry, given.method))
        why = "the provider wants another way of authentication";
    if (!why)
        why = id_problem(inquiry, &given);
    if (!why)
        why = secret_problem(inquiry, &given);
    text_drop(&given.id);
    text_drop(&given.secret);
    return why ? problem_make(401, "invalid_client", "%s", why) : (struct problem){0};
}
