/* SPDX-License-Identifier: MIT */
/* An answer as a `response` block says that it is read: values at their places, errors in the provider's words. */
#include "answer.h"

#include "pattern.h"
#include "pointer.h"
#include "provider.h"
#include "reply.h"
#include "tree.h"
#include "write.h"

#include <string.h>

void answer_begin(struct answer *answer, struct sandbox *sandbox, json_t *response, struct reply *reply)
{
    *answer = (struct answer){
        .sandbox = sandbox, .response = response, .reply = reply, .claims = text_must(json_object())};
}

void answer_free(struct answer *answer)
{
    json_decref(answer->body);
    json_decref(answer->claims);
    text_drop(&answer->whole);
}

/* --- values at their places --------------------------------------------------------------------------------------- */

static bool has_prefix(const char *source, const char *prefix)
{
    return strncmp(source, prefix, strlen(prefix)) == 0;
}

static bool is_claim(const char *source)
{
    return has_prefix(source, "claim:");
}

/* Takes value. */
static void put_claim(struct answer *answer, const char *source, json_t *value)
{
    const char *token = source + strlen("claim:"), *pointer = token + strcspn(token, "/");
    char *name = text_printf("%.*s", (int)(pointer - token), token);
    json_t *claims = json_object_get(answer->claims, name);
    if (!claims) {
        claims = text_must(json_object());
        json_object_set_new(answer->claims, name, claims);
    }
    pointer_put(&claims, pointer, value);
    text_drop(&name);
}

void answer_put(struct answer *answer, const char *source, json_t *value)
{
    if (is_claim(source)) {
        put_claim(answer, source, value);
        return;
    }
    if (*source == '/') {
        pointer_put(&answer->body, source, value);
        return;
    }
    char *text = tree_scalar(value);
    if (has_prefix(source, "header:"))
        reply_field(answer->reply, source + strlen("header:"), text_copy(text ? text : ""));
    else if (has_prefix(source, "cookie:"))
        reply_field(answer->reply, "Set-Cookie",
                    text_printf("%s=%s; Path=/; HttpOnly", source + strlen("cookie:"), text ? text : ""));
    else
        answer->whole = text_copy(text ? text : "");
    text_drop(&text);
    json_decref(value);
}

void answer_put_text(struct answer *answer, const char *source, const char *text)
{
    if (text)
        answer_put(answer, source, text_must(json_string(text)));
}

char *answer_value(const struct answer *answer, const char *source)
{
    if (*source == '/')
        return tree_scalar(pointer_get(answer->body, source));
    if (!is_claim(source))
        return *source ? NULL : text_copy(answer->whole);
    const char *token = source + strlen("claim:"), *pointer = token + strcspn(token, "/");
    char *name = text_printf("%.*s", (int)(pointer - token), token);
    char *value = tree_scalar(pointer_get(json_object_get(answer->claims, name), pointer));
    text_drop(&name);
    return value;
}

void answer_keep(struct answer *answer, json_t *rules, bool in_claims, unsigned n, json_t *kept)
{
    const char *name;
    json_t *rule;
    json_object_foreach (rules, name, rule) {
        const char *source = json_is_string(rule) ? json_string_value(rule) : tree_text(rule, "from");
        const char *pattern = tree_text(rule, "pattern");
        if (!source || is_claim(source) != in_claims)
            continue;
        char *value = answer_value(answer, source);
        if (!value || (pattern && !pattern_matches(pattern, value))) {
            text_drop(&value);
            const char *before = tree_text(kept, name);
            value = before ? text_copy(before) : provider_kept_value(answer->sandbox, name, rule, n);
            answer_put_text(answer, source, value);
        }
        tree_set_taken(kept, name, value);
    }
}

void answer_identify(struct answer *answer, const char *part, bool in_claims, const char *subject)
{
    json_t *identity = json_object_get(answer->sandbox->descriptor, "identity");
    const char *from = tree_text(identity, "from"), *id = tree_text(identity, "id");
    const char *label = tree_text(identity, "label");
    const char *const sources[] = {id, label}, *const values[] = {subject, "Sandbox User"};
    if (!identity || strcmp(from ? from : "token", part) != 0)
        return;
    for (size_t i = 0; i < 2; i++) {
        char *there = sources[i] ? answer_value(answer, sources[i]) : NULL;
        if (sources[i] && !there && is_claim(sources[i]) == in_claims)
            answer_put_text(answer, sources[i], values[i]);
        text_drop(&there);
    }
}

/* --- success and failure ------------------------------------------------------------------------------------------- */

void answer_send(struct answer *answer)
{
    const char *pointer;
    json_t *value, *first = json_array_get(tree_at(answer->response, "status"), 0);
    char *status = tree_scalar(first);
    json_object_foreach (tree_at(answer->response, "success"), pointer, value)
        answer_put(answer, pointer, json_deep_copy(value));
    answer->reply->status = status ? (unsigned)strtoul(status, NULL, 10) : 200;
    write_answer(answer->reply, tree_text(answer->response, "format"), answer->body, answer->whole);
    text_drop(&status);
    answer_free(answer);
}

static const char *class_of(const char *code)
{
    static const struct {
        const char *code, *class;
    } classes[] = {
        {"invalid_grant", "dead"},
        {"invalid_token", "dead"},
        {"invalid_client", "config"},
        {"unauthorized_client", "config"},
        {"invalid_request", "config"},
        {"invalid_scope", "config"},
        {"access_denied", "denied"},
        {"unsupported_grant_type", "config"},
        {"slow_down", "rate_limited"},
        {"server_error", "retry"},
        {"temporarily_unavailable", "retry"},
    };
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (strcmp(classes[i].code, code) == 0)
            return classes[i].class;
    return "";
}

const char *answer_word(json_t *errors, const char *code)
{
    const char *word, *class = class_of(code);
    json_t *meaning;
    if (json_object_get(errors, code))
        return code;
    json_object_foreach (errors, word, meaning)
        if (strcmp(json_string_value(meaning), class) == 0)
            return word;
    return code;
}

/* What a value of success is not. */
static json_t *opposite(json_t *value)
{
    if (json_is_boolean(value))
        return json_boolean(!json_is_true(value));
    if (json_is_integer(value))
        return json_integer(json_integer_value(value) == 1 ? 0 : 1);
    return json_string("error");
}

/* Words that are numbers are numbers. */
static json_t *word_value(const char *word)
{
    size_t len = strlen(word);
    bool is_number = len && len < 10 && strspn(word, "0123456789") == len;
    return text_must(is_number ? json_integer(strtol(word, NULL, 10)) : json_string(word));
}

void answer_problem(struct sandbox *sandbox, json_t *response, const struct problem *problem,
                    struct reply *reply)
{
    struct answer answer;
    const char *pointer, *error = tree_first(response, "error"),
                         *why = tree_first(response, "error_description");
    json_t *value, *success = tree_at(response, "success");
    const char *word = answer_word(tree_at(response, "errors"), problem->code);
    if (strncmp(word, "status:", 7) == 0) { /* its status is all that such a provider says */
        reply->status = (unsigned)strtoul(word + 7, NULL, 10);
        return;
    }
    answer_begin(&answer, sandbox, response, reply);
    json_object_foreach (success, pointer, value)
        answer_put(&answer, pointer, text_must(opposite(value)));
    answer_put(&answer, error ? error : "/error", word_value(word));
    if (why || !error || *error == '/')
        answer_put_text(&answer, why ? why : "/error_description", problem->why);
    /* A provider that tells success by a value tells failure so too, in a 200; but for what HTTP itself has to say. */
    reply->status = json_object_size(success) && problem->status < 429 ? 200 : problem->status;
    write_answer(reply, tree_text(response, "format"), answer.body, answer.whole);
    answer_free(&answer);
}
