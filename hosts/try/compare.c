/* SPDX-License-Identifier: MIT */
/* Recorded exchanges: what was wanted against what came. */
#include "trial.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void trial_mismatch(struct trial *trial, const char *pointer, const char *fmt, ...)
{
    char what[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    struct mismatch mismatch = {
        .place = subject_place(trial->subject, pointer), .test = trial->name, .what = what};
    trial->n++;
    trial->report(trial->user, &mismatch);
}

/* --- values ------------------------------------------------------------------------------------------------- */

/* Numbers and truth are compared as they are written: 3600 and "3600" are the same. */
static bool same(const json_t *wanted, const json_t *came)
{
    if (json_is_object(wanted) || json_is_array(wanted))
        return json_equal(wanted, came);
    char *a = tree_show(wanted), *b = tree_show(came);
    bool equal = strcmp(a, b) == 0;
    free(a);
    free(b);
    return equal;
}

static void compare_one(struct trial *trial, const char *pointer, const char *name, const json_t *wanted,
                        const json_t *came, const char *what, const char *where)
{
    bool absent = !came || json_is_null(came);
    char *wanted_text = tree_show(wanted), *came_text = tree_show(came);
    if (json_is_null(wanted) && !absent)
        trial_mismatch(trial, pointer, "the %s \"%s\" must not be %s, and is \"%s\"", what, name, where,
                       came_text);
    else if (!json_is_null(wanted) && absent)
        trial_mismatch(trial, pointer, "the %s \"%s\" has to be \"%s\", and is not %s", what, name,
                       wanted_text, where);
    else if (!json_is_null(wanted) && !same(wanted, came))
        trial_mismatch(trial, pointer, "the %s \"%s\" has to be \"%s\", and is \"%s\"", what, name,
                       wanted_text, came_text);
    free(wanted_text);
    free(came_text);
}

void trial_compare(struct trial *trial, const char *pointer, json_t *wanted, json_t *came, const char *what,
                   const char *where)
{
    const char *name;
    json_t *value;
    json_object_foreach (wanted, name, value) {
        char *below = tree_child(pointer, name);
        compare_one(trial, below, name, value, json_object_get(came, name), what, where);
        free(below);
    }
}

/* --- requests ----------------------------------------------------------------------------------------------- */

static json_t *fields_of(const struct fob_http_request *request, json_t *wanted)
{
    json_t *fields = must(json_object()), *value;
    const char *name;
    json_object_foreach (wanted, name, value)
        tree_set_text(fields, name, request_field(request, name));
    return fields;
}

/* Without the query, unless what is wanted has one. */
static void compare_url(struct trial *trial, const char *pointer, const char *wanted, const char *url)
{
    char *came = strchr(wanted, '?') ? text_copy(url) : request_url(url);
    char *below = tree_child(pointer, "url");
    if (strcmp(wanted, came) != 0)
        trial_mismatch(trial, below, "the request has to go to %s, and goes to %s", wanted, came);
    free(below);
    free(came);
}

void trial_compare_request(struct trial *trial, const char *pointer, json_t *exchange,
                           const struct fob_http_request *request)
{
    const char *method = tree_text(exchange, "method"), *url = tree_text(exchange, "url");
    json_t *query = request_query(request->url), *body = request_body(request);
    json_t *headers = json_object_get(exchange, "headers"), *fields = fields_of(request, headers);
    json_t *params = tree_merge(query, body);
    char *at_method = tree_child(pointer, "method"), *at_sends = tree_child(pointer, "sends");
    char *at_headers = tree_child(pointer, "headers");
    if (method && strcmp(method, request->method) != 0)
        trial_mismatch(trial, at_method, "the method has to be %s, and is %s", method, request->method);
    if (url)
        compare_url(trial, pointer, url, request->url);
    trial_compare(trial, at_sends, json_object_get(exchange, "sends"), params, "parameter", "sent");
    trial_compare(trial, at_headers, headers, fields, "header field", "sent");
    free(at_method);
    free(at_sends);
    free(at_headers);
    json_decref(query);
    json_decref(body);
    json_decref(params);
    json_decref(fields);
}

/* --- tokens ------------------------------------------------------------------------------------------------- */

static void set_secret(json_t *facts, const char *name, const fob_secret *secret)
{
    tree_set_text(facts, name, fob_secret_peek(secret, NULL));
}

static void set_lifetime(json_t *facts, const char *name, const fob_token *token, int64_t end)
{
    tree_set(facts, name, end ? json_integer((end - fob_token_obtained_at(token)) / 1000) : json_null());
}

static void set_known(json_t *facts, const char *name, const char *text)
{
    tree_set_text(facts, name, *text ? text : NULL);
}

static json_t *facts_of(const fob_token *token)
{
    json_t *facts = must(json_object());
    set_secret(facts, "access_token", fob_token_access(token));
    set_secret(facts, "refresh_token", fob_token_refresh(token));
    set_secret(facts, "id_token", fob_token_id(token));
    tree_set_text(facts, "token_type", fob_token_type(token));
    set_known(facts, "scope", fob_token_scope(token));
    set_lifetime(facts, "expires_in", token, fob_token_expires_at(token));
    set_lifetime(facts, "refresh_token_expires_in", token, fob_token_refresh_expires_at(token));
    set_known(facts, "identity", fob_token_identity(token));
    set_known(facts, "label", fob_token_label(token));
    return facts;
}

static void compare_kept(struct trial *trial, const char *pointer, json_t *wanted, const fob_token *token)
{
    json_t *kept = must(json_object()), *value;
    const char *name;
    json_object_foreach (wanted, name, value)
        tree_set_text(kept, name, fob_token_kept(token, name));
    trial_compare(trial, pointer, wanted, kept, "kept value", "kept");
    json_decref(kept);
}

static void compare_facts(struct trial *trial, const char *pointer, json_t *wanted, const fob_token *token)
{
    json_t *facts = facts_of(token), *value;
    const char *name;
    json_object_foreach (wanted, name, value) {
        char *below = tree_child(pointer, name);
        if (strcmp(name, "kept") == 0)
            compare_kept(trial, below, value, token);
        else if (strcmp(name, "also") != 0 && !json_object_get(facts, name))
            trial_mismatch(trial, below, "\"%s\" is no fact of a token", name);
        else if (strcmp(name, "also") != 0)
            compare_one(trial, below, name, value, json_object_get(facts, name), "token's", "there");
        free(below);
    }
    json_decref(facts);
}

static void compare_also(struct trial *trial, const char *pointer, json_t *wanted, const fob_flow *flow)
{
    const char *name, *which;
    json_t *value;
    json_object_foreach (wanted, name, value) {
        char *below = tree_child(pointer, name);
        fob_token *token = NULL, *found = NULL;
        for (size_t i = 0; (token = fob_flow_also(flow, i, &which)); i++)
            found = strcmp(which, name) == 0 ? token : found;
        if (!found && !json_is_null(value))
            trial_mismatch(trial, below, "there has to be a second token \"%s\", and there is none", name);
        else if (found && json_is_null(value))
            trial_mismatch(trial, below, "there must be no second token \"%s\", and there is one", name);
        else if (found)
            compare_facts(trial, below, value, found);
        free(below);
    }
}

void trial_compare_token(struct trial *trial, json_t *wanted, const fob_flow *flow)
{
    char *pointer = tree_child(trial->pointer, "token"), *also = tree_child(pointer, "also");
    if (!fob_flow_token(flow)) {
        trial_mismatch(trial, pointer, "there has to be a token, and there is none");
    } else {
        compare_facts(trial, pointer, wanted, fob_flow_token(flow));
        compare_also(trial, also, json_object_get(wanted, "also"), flow);
    }
    free(pointer);
    free(also);
}
