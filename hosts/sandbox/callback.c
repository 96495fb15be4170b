/* SPDX-License-Identifier: MIT */
/* What goes back to the client by the browser, under the names and in the way that the descriptor says. */
#include "callback.h"

#include "answer.h"
#include "clock.h"
#include "facts.h"
#include "jwt.h"
#include "page.h"
#include "pointer.h"
#include "provider.h"
#include "redirect.h"
#include "reply.h"
#include "tree.h"

#include <string.h>

/* What the provider calls a field of the callback. */
static const char *called(const struct sandbox *sandbox, const char *standard)
{
    const char *own = tree_text(tree_at(sandbox->descriptor, "callback/fields"), standard);
    const char *everywhere = tree_text(tree_at(sandbox->descriptor, "rename"), standard);
    return own ? own : everywhere ? everywhere : standard;
}

/* --- the fields ------------------------------------------------------------------------------------------------------ */

static void add_state_and_issuer(const struct sandbox *sandbox, const struct visit *visit,
                                 const struct grant *grant, json_t *fields)
{
    const char *rule = tree_text(sandbox->descriptor, "callback/state");
    if (!rule || strcmp(rule, "none") != 0)
        tree_set(fields, called(sandbox, "state"), grant->state);
    if (json_is_true(
            json_object_get(visit->view->metadata, "authorization_response_iss_parameter_supported"))) {
        char *issuer = facts_metadata(sandbox, visit->view, visit->captured, "issuer");
        tree_set(fields, called(sandbox, "iss"), issuer ? issuer : sandbox->origin);
        text_drop(&issuer);
    }
}

/* A code that is to be encoded twice has something in it that needs it. */
static void add_code(struct sandbox *sandbox, struct grant *grant, json_t *fields)
{
    bool encoded = tree_is_true(sandbox->descriptor, "callback/code_is_encoded");
    char *unique = text_random(32), *code = text_printf(encoded ? "%s/+=" : "%s", unique);
    struct text twice = {0};
    store_add(&sandbox->store, RECORD_CODE, code, grant, sandbox->settings.code_lifetime_ms);
    if (encoded)
        text_percent(&twice, code);
    tree_set(fields, called(sandbox, "code"), encoded ? twice.s : code);
    text_free(&twice);
    text_drop(&unique);
    text_drop(&code);
}

/* Fields that the client keeps; one with a pointer holds JSON. */
static void add_kept(struct sandbox *sandbox, struct grant *grant, json_t *fields)
{
    const char *name;
    json_t *rule, *documents = text_must(json_object()), *document;
    json_object_foreach (tree_at(sandbox->descriptor, "callback/keep"), name, rule) {
        const char *from = json_is_string(rule) ? json_string_value(rule) : tree_text(rule, "from");
        const char *pointer = tree_text(rule, "pointer"), *there = tree_text(fields, from);
        char *value = there ? text_copy(there) : provider_kept_value(sandbox, name, rule, 0);
        if (pointer && *pointer) {
            document = json_incref(json_object_get(documents, from));
            pointer_put(&document, pointer, text_must(json_string(value)));
            json_object_set_new(documents, from, document);
        } else {
            tree_set(fields, from, value);
        }
        tree_set_taken(grant->kept, name, value);
    }
    json_object_foreach (documents, name, document)
        tree_set_taken(fields, name, text_must(json_dumps(document, JSON_COMPACT)));
    json_decref(documents);
}

/* What has to hold of the fields: plain values first, so that a signature over all fields is over them too. */
static void add_required(struct sandbox *sandbox, const struct visit *visit, struct grant *grant,
                         json_t *fields, bool signatures)
{
    const char *name;
    json_t *template;
    json_object_foreach (tree_at(sandbox->descriptor, "callback/require"), name, template) {
        const char *text = json_string_value(template);
        if ((strstr(text, "sorted_query(") != NULL) != signatures)
            continue;
        struct facts facts = facts_new(sandbox, visit->view, visit->captured, grant);
        facts_add_all(&facts, "callback.", fields);
        facts.callback = fields;
        tree_set(facts.names, "code", tree_text(fields, called(sandbox, "code")));
        char *value = expression_text(text, &facts);
        tree_set_taken(fields, name, value);
        facts_free(&facts);
    }
}

/* --- the way ------------------------------------------------------------------------------------------------------------ */

static void send_back(const struct sandbox *sandbox, const struct grant *grant, json_t *fields,
                      struct reply *reply)
{
    const char *own = tree_text(sandbox->descriptor, "callback/response_mode");
    const char *asked = tree_text(sandbox->descriptor, "authorize/response_mode");
    const char *mode = own ? own : asked ? asked : "query";
    if (strcmp(mode, "form_post") == 0) {
        page_post(reply, grant->redirect_uri, fields);
        return;
    }
    reply->status = 303; /* RFC 9700 section 4.12: the browser must not send the form on */
    reply_field(reply, "Location",
                redirect_with(grant->redirect_uri, strcmp(mode, "fragment") == 0 ? '#' : '?', fields));
}

/* OpenID Connect Core section 3.3: "code id_token" brings both. */
static void add_id_token(const struct sandbox *sandbox, const struct visit *visit, const struct grant *grant,
                         json_t *fields)
{
    const char *type = tree_text(tree_at(sandbox->descriptor, "authorize/params"), "response_type");
    if (!type || !strstr(type, "id_token"))
        return;
    json_int_t now = (json_int_t)(clock_now() / 1000);
    char *issuer = facts_metadata(sandbox, visit->view, visit->captured, "issuer");
    json_t *claims = text_must(json_pack(
        "{s:s, s:s, s:s, s:I, s:I, s:s*}", "iss", issuer ? issuer : sandbox->origin, "sub", grant->subject,
        "aud", sandbox->client_id, "iat", now, "exp", now + 3600, "nonce", grant->nonce));
    tree_set_taken(fields, "id_token",
                   jwt_make(claims, sandbox->client_secret ? sandbox->client_secret : sandbox->token_key));
    json_decref(claims);
    text_drop(&issuer);
}

void callback_allow(struct sandbox *sandbox, const struct visit *visit, struct grant *grant,
                    struct reply *reply)
{
    json_t *fields = text_must(json_object());
    add_code(sandbox, grant, fields);
    add_state_and_issuer(sandbox, visit, grant, fields);
    add_required(sandbox, visit, grant, fields, false);
    add_kept(sandbox, grant, fields);
    add_id_token(sandbox, visit, grant, fields);
    add_required(sandbox, visit, grant, fields, true);
    json_object_update(grant->callback, fields);
    send_back(sandbox, grant, fields, reply);
    json_decref(fields);
}

void callback_refuse(struct sandbox *sandbox, const struct visit *visit, const struct grant *grant,
                     const char *code, const char *why, struct reply *reply)
{
    json_t *fields = text_must(json_object());
    json_t *errors = tree_at(sandbox->descriptor, "callback/errors");
    tree_set(fields, called(sandbox, "error"), answer_word(errors, code));
    tree_set(fields, called(sandbox, "error_description"), why);
    add_state_and_issuer(sandbox, visit, grant, fields);
    send_back(sandbox, grant, fields, reply);
    json_decref(fields);
}
