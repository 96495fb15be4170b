/* SPDX-License-Identifier: MIT */
/* Answers made up from what the descriptor says of them: each value where it is looked for. */
#include "shape.h"
#include "body.h"
#include "idtoken.h"
#include "jwt.h"
#include "kept.h"

#include <stdlib.h>
#include <string.h>

/* One answer while it is put together. */
struct making {
    const struct shape *shape;
    json_t *tree;                      /* the body */
    char *text;                        /* a source "": the whole of it */
    json_t *access_claims, *id_claims; /* of the tokens that are JWTs; NULL: it is none */
    struct reply *reply;
};

/* --- sources ------------------------------------------------------------------------------------------------ */

static void place_claim(struct making *making, const char *rest, json_t *value)
{
    bool is_id = starts_with(rest, "id_token");
    json_t **claims = is_id ? &making->id_claims : &making->access_claims;
    const char *pointer = strchr(rest, '/');
    if (!*claims)
        *claims = must(json_object());
    tree_place(claims, pointer ? pointer : "/claim", value);
}

/* A field that is there already is said anew. */
static void set_field(struct reply *reply, const char *name, const char *value)
{
    for (size_t i = 0; i < reply->n_fields; i++)
        if (same_text(reply->fields[i].name, name)) {
            text_free_const(reply->fields[i].value);
            reply->fields[i].value = text_copy(value);
            return;
        }
    reply_add(reply, name, value);
}

/* Takes value over. */
static void place(struct making *making, const char *source, json_t *value)
{
    char *shown = tree_show(value);
    if (starts_with(source, "header:")) {
        set_field(making->reply, source + strlen("header:"), shown);
    } else if (starts_with(source, "cookie:")) {
        char *cookie = text_printf("%s=%s; Path=/", source + strlen("cookie:"), shown);
        reply_add(making->reply, "Set-Cookie", cookie);
        free(cookie);
    } else if (starts_with(source, "claim:")) {
        place_claim(making, source + strlen("claim:"), json_incref(value));
    } else if (*source == '/') {
        tree_place(&making->tree, source, json_incref(value));
    } else {
        free(making->text);
        making->text = text_copy(shown);
    }
    json_decref(value);
    free(shown);
}

static void place_text(struct making *making, const char *source, const char *value)
{
    place(making, source, must(json_string(value)));
}

/* --- tokens ------------------------------------------------------------------------------------------------- */

static json_int_t lifetime(json_t *response)
{
    const char *unit = tree_text(response, "expires_unit");
    if (same_text(unit, "ms"))
        return 3600000;
    return same_text(unit, "min") ? 60 : same_text(unit, "h") ? 1 : 3600;
}

/* Of several, the first. */
static const char *first_of(json_t *sources)
{
    return json_string_value(json_is_array(sources) ? json_array_get(sources, 0) : sources);
}

static const char *source_of(json_t *response, const char *field, const char *otherwise)
{
    const char *source = first_of(json_object_get(json_object_get(response, "fields"), field));
    return source ? source : otherwise;
}

static void place_ends(struct making *making, json_t *response)
{
    const char *at = source_of(response, "expires_at", NULL), *in = source_of(response, "expires_in", NULL);
    if (at)
        place(making, at, json_integer(making->shape->now / 1000 + 3600));
    if (in || !at)
        place(making, in ? in : "/expires_in", json_integer(lifetime(response)));
}

/* A second token: only where its fields say; of a list, in its first item. */
static void place_also(struct making *making, json_t *response)
{
    static const char *const texts[][2] = {
        {"access_token", "SECOND_ACCESS_TOKEN"}, {"refresh_token", "SECOND_REFRESH_TOKEN"}, {"name", "NAME"}};
    const char *name;
    json_t *fields;
    json_object_foreach (json_object_get(response, "also"), name, fields) {
        const char *each = tree_text(fields, "each");
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            const char *source = first_of(json_object_get(fields, texts[i][0]));
            char *whole = source ? text_printf("%s%s%s", each ? each : "", each ? "/0" : "", source) : NULL;
            if (whole)
                place_text(making, whole, texts[i][1]);
            free(whole);
        }
    }
}

static void place_tokens(struct making *making, json_t *response)
{
    const struct shape *shape = making->shape;
    place_text(making, source_of(response, "access_token", "/access_token"), "ACCESS_TOKEN");
    if (shape->has_refresh)
        place_text(making, source_of(response, "refresh_token", "/refresh_token"), "REFRESH_TOKEN");
    place_text(making, source_of(response, "token_type", "/token_type"), "Bearer");
    place_ends(making, response);
    place_also(making, response);
    if (shape->has_openid && gives_id_tokens(shape->subject, shape->environment) && !making->id_claims)
        making->id_claims = must(json_object());
}

/* Those whose claims are looked at become JWTs. */
static void place_jwts(struct making *making, json_t *response)
{
    const struct shape *shape = making->shape;
    struct id_token rule = {shape->subject, shape->environment, shape->values,    shape->client_id,
                            shape->nonce,   shape->now,         making->id_claims};
    char *jwt = NULL;
    if (making->id_claims) {
        tree_set_text(making->id_claims, "sub", "ACCOUNT");
        jwt = id_token_make(&rule);
        place_text(making, source_of(response, "id_token", "/id_token"), jwt);
        free(jwt);
    }
    rule.claims = making->access_claims;
    if (making->access_claims) {
        jwt = id_token_make(&rule);
        place_text(making, source_of(response, "access_token", "/access_token"), jwt);
        free(jwt);
    }
}

/* For whoever reads the answer: what is in them. */
static void show_jwts(struct making *making, json_t *response)
{
    static const char *const tokens[] = {"id_token", "access_token"};
    for (size_t i = 0; i < 2; i++) {
        char *otherwise = text_printf("/%s", tokens[i]);
        const char *source = source_of(response, tokens[i], otherwise);
        const char *text = *source == '/' ? json_string_value(tree_point(making->tree, source)) : NULL;
        json_t *jwt = text ? jwt_read(text) : NULL, *claims = json_object_get(jwt, "claims");
        if (json_object_get(claims, "nonce"))
            tree_set_text(claims, "nonce", "<random>");
        if (jwt)
            tree_place(&making->tree, source, must(json_pack("{s:O}", "JWT", claims)));
        json_decref(jwt);
        free(otherwise);
    }
}

/* --- what else is looked for -------------------------------------------------------------------------------- */

static void place_success(struct making *making, json_t *response)
{
    const char *pointer;
    json_t *value;
    json_object_foreach (json_object_get(response, "success"), pointer, value)
        place(making, pointer, json_incref(value));
}

static void place_kept(struct making *making, json_t *response)
{
    const struct shape *shape = making->shape;
    const char *name;
    json_t *rule;
    json_object_foreach (json_object_get(response, "keep"), name, rule) {
        const char *from = json_string_value(rule);
        from = from ? from : json_string_value(json_object_get(rule, "from"));
        char *value = kept_sample(shape->subject, shape->environment, shape->values, name, rule);
        if (from)
            place_text(making, from, value);
        free(value);
    }
}

static void place_identity(struct making *making, const char *from)
{
    json_t *identity = json_object_get(making->shape->subject->descriptor, "identity");
    const char *said = tree_text(identity, "from"), *id = tree_text(identity, "id"),
               *label = tree_text(identity, "label");
    if (!id || strcmp(said ? said : "token", from) != 0)
        return;
    bool is_claim = strcmp(from, "id_token") == 0;
    if (is_claim && !making->id_claims)
        making->id_claims = must(json_object());
    if (is_claim && *id == '/')
        tree_place(&making->id_claims, id, json_string("ACCOUNT"));
    else
        place_text(making, id, "ACCOUNT");
    if (label && is_claim && *label == '/')
        tree_place(&making->id_claims, label, json_string("mia@acme.example"));
    else if (label)
        place_text(making, label, "mia@acme.example");
}

/* What was placed becomes the one item of the list to choose from. */
static void place_item(struct making *making, json_t *choose)
{
    const char *from = tree_text(choose, "from"), *id = tree_text(choose, "id"),
               *label = tree_text(choose, "label");
    if (id && !tree_point(making->tree, id))
        tree_place(&making->tree, id, json_string("ID"));
    if (label && !tree_point(making->tree, label))
        tree_place(&making->tree, label, json_string("LABEL"));
    json_t *list = must(json_pack("[o]", making->tree));
    making->tree = NULL;
    tree_place(&making->tree, from ? from : "", list);
}

/* --- the body ------------------------------------------------------------------------------------------------ */

/* What is in the answer, for whoever reads it: what the program gets, but JWTs by their claims. */
static json_t *show(struct making *making, const char *format)
{
    json_t *headers = must(json_array()), *shown = must(json_object());
    for (size_t i = 0; i < making->reply->n_fields; i++) {
        const struct fob_pair *field = &making->reply->fields[i];
        json_t *jwt = jwt_read(field->value), *one = must(json_object());
        tree_set_text(one, "name", field->name);
        tree_set_text(one, "value", jwt ? "<JWT>" : field->value);
        tree_append(headers, one);
        json_decref(jwt);
    }
    char *text = body_show(format, making->tree, making->text);
    tree_set(shown, "answer", making->text ? json_string(making->text) : json_incref(making->tree));
    tree_set(shown, "answer_headers", headers);
    tree_set_text(shown, "answer_text", text);
    free(text);
    return shown;
}

/* --- the whole ----------------------------------------------------------------------------------------------- */

json_t *shape_response(const struct subject *subject, const char *block)
{
    json_t *descriptor = subject->descriptor, *own = tree_at(tree_at(descriptor, block), "response");
    bool is_copy = strcmp(block, "refresh") == 0 || strcmp(block, "client_credentials") == 0;
    json_t *base = is_copy ? tree_at(descriptor, "token/response") : NULL;
    if (base)
        return tree_merge(base, own);
    return own ? must(json_deep_copy(own)) : must(json_object());
}

static bool gives_token(const char *block)
{
    return strcmp(block, "token") == 0 || strcmp(block, "refresh") == 0 ||
           strcmp(block, "client_credentials") == 0;
}

static int status_of(json_t *response)
{
    char *first = tree_show(json_array_get(json_object_get(response, "status"), 0));
    int status = *first ? (int)strtol(first, NULL, 10) : 200;
    free(first);
    return status;
}

void shape_answer(const struct shape *shape, const char *block, struct reply *ret, json_t **ret_shown)
{
    json_t *response = shape_response(shape->subject, block),
           *step = tree_at(shape->subject->descriptor, block);
    const char *format = tree_text(response, "format"), *type;
    struct making making = {.shape = shape, .tree = must(json_object()), .reply = ret};
    bool is_token = gives_token(block) || same_text(tree_text(step, "replaces"), "token");
    ret->status = status_of(response);
    if (is_token)
        place_tokens(&making, response);
    place_identity(&making, starts_with(block, "steps/") ? block + strlen("steps/") : block);
    if (strcmp(block, "token") == 0)
        place_identity(&making, "id_token");
    place_kept(&making, response); /* what has to look like something wins over what may be anything */
    if (is_token)
        place_jwts(&making, response);
    if (json_object_get(step, "choose"))
        place_item(&making, json_object_get(step, "choose"));
    place_success(&making, response);
    body_fit(format, making.tree);
    ret->body = body_write(format, making.tree, making.text, &type);
    if (is_token)
        show_jwts(&making, response);
    *ret_shown = show(&making, format);
    reply_add(ret, "Content-Type", type);
    json_decref(making.tree);
    json_decref(making.access_claims);
    json_decref(making.id_claims);
    free(making.text);
    json_decref(response);
}

/* --- the callback -------------------------------------------------------------------------------------------- */

static void add_kept_fields(const struct shape *shape, json_t *fields)
{
    const char *name;
    json_t *rule;
    json_object_foreach (tree_at(shape->subject->descriptor, "callback/keep"), name, rule) {
        const char *from = json_string_value(rule), *pointer = tree_text(rule, "pointer");
        from = from ? from : json_string_value(json_object_get(rule, "from"));
        char *value = kept_sample(shape->subject, shape->environment, shape->values, name, rule);
        if (from && pointer) {
            json_t *json = NULL;
            const char *before = tree_text(fields, from);
            json = before ? json_loads(before, 0, NULL) : NULL;
            tree_place(&json, pointer, json_string(value));
            char *text = must(json_dumps(json, JSON_COMPACT));
            tree_set_text(fields, from, text);
            free(text);
            json_decref(json);
        } else if (from) {
            tree_set_text(fields, from, value);
        }
        free(value);
    }
}

/* As some recorded callback had it, else the name itself. */
static json_t *recorded_field(const struct shape *shape, const char *name)
{
    const char *key;
    json_t *test, *value = NULL;
    json_object_foreach (json_object_get(shape->subject->descriptor, "tests"), key, test)
        value = value ? value : json_object_get(json_object_get(test, "callback"), name);
    return value ? json_incref(value) : json_string(name);
}

/* {callback.NAME} in a template that nothing keeps. */
static void add_named_fields(const struct shape *shape, json_t *fields)
{
    char *all = must(json_dumps(shape->subject->descriptor, JSON_COMPACT));
    for (const char *at = all; (at = strstr(at, "callback.")); at++) {
        const char *start = at + strlen("callback.");
        char *name = text_slice(
            start, strspn(start, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"));
        if (at > all && strchr("{+(, ", at[-1]) && *name && !json_object_get(fields, name))
            tree_set(fields, name, recorded_field(shape, name));
        free(name);
    }
    free(all);
}

json_t *shape_callback(const struct shape *shape)
{
    json_t *descriptor = shape->subject->descriptor, *fields = must(json_object());
    const char *name;
    const char *issuer = subject_metadata(shape->subject, shape->environment, "issuer");
    json_t *template;
    tree_set_text(fields, subject_comes_as(shape->subject, "code"), "CODE");
    if (issuer &&
        json_is_true(json_object_get(descriptor, "authorization_response_iss_parameter_supported"))) {
        char *filled = values_fill(shape->subject, shape->environment, shape->values, issuer);
        tree_set_text(fields, "iss", filled);
        free(filled);
    }
    add_kept_fields(shape, fields);
    add_named_fields(shape, fields);
    json_object_foreach (tree_at(descriptor, "callback/require"), name, template) {
        char *filled =
            values_fill(shape->subject, shape->environment, shape->values, json_string_value(template));
        if (!json_object_get(fields, name))
            tree_set_text(fields, name, strchr(filled, '{') ? "SIGNATURE" : filled);
        free(filled);
    }
    return fields;
}
