/* SPDX-License-Identifier: MIT */
/* The client of a run, and the token from before. */
#include "client.h"
#include "keys.h"

#include <stdlib.h>
#include <string.h>

/* --- the client --------------------------------------------------------------------------------------------- */

/* The alg of a request that needs a key, or NULL: a JWT with HS256, or in the place of a secret by default, needs none. */
static const char *alg_of(json_t *request)
{
    const char *auth = tree_text(request, "auth"), *alg = tree_text(request, "jwt/alg");
    if (auth && strcmp(auth, "private_key_jwt") == 0)
        return alg ? alg : "RS256";
    return alg && strcmp(alg, "HS256") != 0 ? alg : NULL;
}

/* Where the client may choose, a secret is enough. */
static const char *alg_of_metadata(json_t *descriptor)
{
    json_t *methods = json_object_get(descriptor, "token_endpoint_auth_methods_supported"), *method;
    bool by_key = false, by_secret = false;
    size_t i;
    json_array_foreach (methods, i, method) {
        const char *word = json_string_value(method);
        by_key = by_key || same_text(word, "private_key_jwt");
        by_secret = by_secret || (word && starts_with(word, "client_secret"));
    }
    return by_key && !by_secret ? "RS256" : NULL;
}

const char *client_key_alg(const struct subject *subject)
{
    static const char *const blocks[] = {"token", "client_credentials", "refresh", "userinfo", "verify",
                                         "revoke"};
    json_t *descriptor = subject->descriptor, *step;
    const char *alg = NULL, *name;
    for (size_t i = 0; !alg && i < sizeof blocks / sizeof *blocks; i++)
        alg = alg_of(json_object_get(descriptor, blocks[i]));
    json_object_foreach (json_object_get(descriptor, "steps"), name, step)
        alg = alg ? alg : alg_of(step);
    if (!alg && json_object_get(descriptor, "plugin"))
        return "RS256"; /* which may sign with it */
    return alg ? alg : alg_of_metadata(descriptor);
}

fob_err client_make(const struct subject *subject, const char *id, const char *secret_text,
                    fob_client **ret_client, struct fob_error *error)
{
    const char *alg = client_key_alg(subject), *pem = alg ? key_for(alg) : NULL;
    fob_secret *secret = NULL, *key = NULL;
    fob_err err = fob_secret_new(secret_text, strlen(secret_text), &secret, error);
    if (err == FOB_OK && pem)
        err = fob_secret_new(pem, strlen(pem), &key, error);
    if (err == FOB_OK)
        err = fob_client_new_with_key(id, secret, key, ret_client, error);
    fob_secret_free(&secret);
    fob_secret_free(&key);
    return err;
}

/* --- the token from before ----------------------------------------------------------------------------------- */

/* Every `keep` of the descriptor, read from one place of the answer. */
static void gather_keep(json_t *node, json_t *keep)
{
    const char *key;
    json_t *child, *rule;
    const char *name;
    size_t i;
    json_object_foreach (json_is_object(node) ? json_object_get(node, "keep") : NULL, name, rule) {
        char *from = tree_child("/kept", name);
        json_t *own = must(
            json_pack("{s:s, s:b}", "from", from, "secret", json_is_true(json_object_get(rule, "secret"))));
        tree_set(keep, name, own);
        free(from);
    }
    json_object_foreach (node, key, child)
        if (strcmp(key, "tests") != 0)
            gather_keep(child, keep);
    json_array_foreach (node, i, child)
        gather_keep(child, keep);
}

/* A provider that is like this one in what a token takes from it, and plain in all else. */
static json_t *plain_descriptor(const struct subject *subject)
{
    json_t *keep = must(json_object()), *plain;
    gather_keep(subject->descriptor, keep);
    plain = must(json_pack("{s:i, s:s, s:s, s:{s:s, s:{s:o}}}", "fob", 1, "id", "before", "token_endpoint",
                           "https://before.invalid/", "token", "auth", "none", "response", "keep", keep));
    static const char *const taken[] = {"variables", "use", "issuer", "environments"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (json_object_get(subject->descriptor, taken[i]))
            tree_set(plain, taken[i], json_incref(json_object_get(subject->descriptor, taken[i])));
    return plain;
}

static fob_err grant(fob_flow *flow, const struct before *before, fob_token **ret_token,
                     struct fob_error *error)
{
    struct fob_action action = FOB_ACTION_INIT;
    json_t *answer = must(json_object());
    tree_set_text(answer, "access_token", before->access_token);
    if (before->refresh_token)
        tree_set_text(answer, "refresh_token", before->refresh_token);
    if (before->kept)
        tree_set(answer, "kept", json_incref(before->kept));
    char *body = must(json_dumps(answer, JSON_COMPACT));
    struct fob_http_response response = {
        .size = sizeof response, .status = 200, .body = body, .body_len = strlen(body)};
    fob_err err = fob_flow_next(flow, 0, &action, error);
    if (err == FOB_OK)
        err = fob_flow_feed_response(flow, 0, &response, error);
    if (err == FOB_OK)
        *ret_token = fob_token_ref(fob_flow_token(flow));
    free(body);
    json_decref(answer);
    return err;
}

fob_err before_make(fob_session *session, const struct subject *subject, const struct fob_flow_params *params,
                    const struct before *before, fob_token **ret_token, struct fob_error *error)
{
    struct fob_flow_params own = *params;
    struct subject plain = {0};
    fob_flow *flow = NULL;
    json_t *descriptor = plain_descriptor(subject);
    fob_err err = subject_read_tree(session, descriptor, "before.yaml", &plain, error);
    own.provider = plain.provider;
    own.scopes = NULL;
    own.n_scopes = 0;
    if (err == FOB_OK)
        err = fob_flow_client_credentials(&own, &flow, error);
    if (err == FOB_OK)
        err = grant(flow, before, ret_token, error);
    fob_flow_free(&flow);
    subject_free(&plain);
    json_decref(descriptor);
    return err;
}
