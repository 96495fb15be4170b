/* SPDX-License-Identifier: MIT */
/* An answer of the provider: what in it says that it is no success, and why. */
#include "answers.h"
#include "cleanup.h"
#include "pointer.h"

#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

#define N(array) (sizeof(array) / sizeof *(array))

/* --- the tests of `success` --------------------------------------------------------------------------------- */

static bool is_overridden(const struct fob_answer_rule *rule, const struct fob_response_rule *said,
                          const char *pointer)
{
    for (size_t i = 0; said != rule->own && rule->own && i < rule->own->success.n; i++)
        if (strcmp(rule->own->success.v[i].name, pointer) == 0)
            return true;
    return false;
}

/* Compared as text, so that 0 and "0" are the same. */
static fob_err holds(const struct fob_pair *test, const struct fob_answer *answer, bool *ret)
{
    fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_RESPONSE);
    *ret = fob_json_scalar(fob_json_point(answer->json, test->name), &text) &&
           fob_buf_finish(&text, "a value", NULL) == FOB_OK && strcmp(text.data, test->value) == 0;
    return text.failed;
}

/* *ret_failing is the first that does not hold. */
static fob_err run_tests(const struct fob_answer_rule *rule, const struct fob_answer *answer,
                         bool *ret_tested, const struct fob_pair **ret_failing)
{
    const struct fob_response_rule *const both[] = {rule->own, rule->base};
    for (size_t i = 0; i < N(both); i++) {
        for (size_t k = 0; both[i] && k < both[i]->success.n && !*ret_failing; k++) {
            const struct fob_pair *test = &both[i]->success.v[k];
            bool good = true;
            *ret_tested = true;
            fob_err err = is_overridden(rule, both[i], test->name) ? FOB_OK : holds(test, answer, &good);
            if (err != FOB_OK)
                return err;
            if (!good)
                *ret_failing = test;
        }
    }
    return FOB_OK;
}

/* --- the provider's word ------------------------------------------------------------------------------------ */

void fob_fault_free(struct fob_fault *fault)
{
    fob_buf_free(&fault->word);
    fob_buf_free(&fault->description);
}

/* 0 and false say that there is no error. small takes what is no string. */
static const char *word_of(const json_t *json, char small[32])
{
    const char *text = json_string_value(json);
    if (json_is_integer(json))
        snprintf(small, 32, "%lld", (long long)json_integer_value(json));
    else
        snprintf(small, 32, "%s", json_is_true(json) ? "true" : "");
    text = text ? text : small;
    return *text && strcmp(text, "0") != 0 ? text : NULL;
}

/* One that is known, else a name, else a number. */
static const char *word_in(const struct fob_answer_rule *rule, const json_t *object, char small[32])
{
    static const char *const members[] = {"type", "status", "error",     "code",
                                          "name", "reason", "errorType", "error_code"};
    const json_t *best = NULL;
    for (size_t i = 0; i < N(members); i++) {
        const json_t *member = json_object_get(object, members[i]);
        const char *word = word_of(member, small);
        if (word && fob_answer_word_is_known(rule, word))
            return word;
        if (word && (!best || (json_is_string(member) && !json_is_string(best))))
            best = member;
    }
    return best ? word_of(best, small) : NULL;
}

static void take_word(const struct fob_answer_rule *rule, const struct fob_found *found,
                      struct fob_fault *fault)
{
    char small[32];
    const json_t *json = json_is_array(found->json) ? json_array_get(found->json, 0) : found->json;
    const char *word = json_is_object(json) ? word_in(rule, json, small) : word_of(json, small);
    if (found->text)
        fob_buf_add(&fault->word, found->text, found->len);
    else if (word)
        fob_buf_str(&fault->word, word);
    if (json_is_object(json) && !found->claims)
        fault->object = json;
}

/* The first of several places that has a word: a 0 there says that there is no error, not that no other has one. */
static fob_err find_word(const struct fob_answer_rule *rule, const struct fob_answer *answer,
                         const char *sources, struct fob_fault *fault)
{
    struct fob_source_place place = fob_answer_place(rule, answer);
    char one[FOB_MAX_SCALAR + 1];
    fob_err err = FOB_OK;
    while (err == FOB_OK && !fault->word.len && fob_source_next(&sources, one)) {
        fob_auto_found found = {0};
        err = fob_source_find(&place, one, &found);
        if (err == FOB_OK && (found.json || found.text))
            take_word(rule, &found, fault);
        if (err == FOB_OK)
            err = fault->word.failed;
    }
    return err;
}

/* --- its explanation ---------------------------------------------------------------------------------------- */

static void describe_by(const json_t *object, struct fob_buf *out)
{
    static const char *const members[] = {"error_description", "message", "description", "detail", "msg",
                                          "error_message"};
    for (size_t i = 0; i < N(members) && !out->len; i++)
        if (json_is_string(json_object_get(object, members[i])))
            fob_json_scalar(json_object_get(object, members[i]), out);
}

static fob_err describe(const struct fob_answer_rule *rule, const struct fob_answer *answer,
                        struct fob_fault *fault)
{
    struct fob_source_place place = fob_answer_place(rule, answer);
    const char *said = FOB_SAYS(rule, error_description);
    fob_auto_found found = {0};
    fob_err err = said ? fob_source_find(&place, said, &found) : FOB_OK;
    if (json_is_array(found.json))
        found.json = json_array_get(found.json, 0);
    if (!fob_found_scalar(&found, &fault->description))
        describe_by(found.json, &fault->description);
    describe_by(fault->object, &fault->description);
    describe_by(answer->json, &fault->description);
    return err == FOB_OK ? fault->description.failed : err;
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

/* The whole text is a word only once something else says that it is an error. */
fob_err fob_fault_find(const struct fob_answer_rule *rule, const struct fob_answer *answer,
                       struct fob_fault *fault)
{
    const char *said = FOB_SAYS(rule, error);
    bool good = fob_answer_status_is_good(rule, answer->http->status), tested = false;
    fob_err err = good ? run_tests(rule, answer, &tested, &fault->test) : FOB_OK;
    if (err != FOB_OK || (tested && !fault->test))
        return err;
    bool failed = !good || fault->test;
    if (said && (failed || *said))
        err = find_word(rule, answer, said, fault);
    if (err == FOB_OK && !fault->word.len && (failed || !said))
        err = find_word(rule, answer, "/error", fault);
    fault->is_one = failed || fault->word.len;
    return err == FOB_OK && fault->is_one ? describe(rule, answer, fault) : err;
}

/* --- no secret of the answer in them ------------------------------------------------------------------------ */

static void hide(struct fob_buf *text, const char *secret, size_t len, bool is_whole)
{
    if (text->len && (is_whole || memmem(text->data, text->len, secret, len)))
        fob_buf_free(text);
}

/* A text that is the whole answer is hidden with any secret in it: there it may be written otherwise. */
static fob_err hide_one(const struct fob_answer_rule *rule, const struct fob_answer *answer, json_t *json,
                        const char *source, struct fob_fault *fault)
{
    const char *word = FOB_SAYS(rule, error), *description = FOB_SAYS(rule, error_description), *secret;
    struct fob_source_place place = fob_answer_place(rule, answer);
    place.json = json;
    fob_auto_found found = {0};
    size_t len;
    fob_err err = fob_source_find(&place, source, &found);
    if ((secret = fob_found_string(&found, &len)) != NULL) {
        hide(&fault->word, secret, len, word && !*word);
        hide(&fault->description, secret, len, description && !*description);
    }
    return err;
}

/* Each of several: what stands in the others is as secret as what counts. */
static fob_err hide_at(const struct fob_answer_rule *rule, const struct fob_answer *answer, json_t *json,
                       const char *source, struct fob_fault *fault)
{
    char one[FOB_MAX_SCALAR + 1];
    fob_err err = FOB_OK;
    while (err == FOB_OK && fob_source_next(&source, one))
        err = hide_one(rule, answer, json, one, fault);
    return err;
}

static fob_err hide_also(const struct fob_answer_rule *rule, const struct fob_answer *answer,
                         const struct fob_also_rule *also, struct fob_fault *fault)
{
    const char *const secrets[] = {also->fields.access_token, also->fields.refresh_token,
                                   also->fields.id_token};
    json_t *list = also->each ? fob_json_point(answer->json, also->each) : NULL;
    size_t n = also->each ? json_array_size(list) : 1;
    fob_err err = FOB_OK;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < N(secrets) && err == FOB_OK; k++)
            err =
                hide_at(rule, answer, also->each ? json_array_get(list, i) : answer->json, secrets[k], fault);
    return err;
}

fob_err fob_fault_hide_secrets(const struct fob_answer_rule *rule, const struct fob_answer *answer,
                               struct fob_fault *fault)
{
    const struct fob_response_rule *const both[] = {rule->own, rule->base};
    struct fob_answer_sources at = fob_answer_sources(rule);
    const char *const first[] = {at.access_token, at.refresh_token, at.id_token};
    fob_err err = FOB_OK;
    for (size_t i = 0; i < N(first) && err == FOB_OK; i++)
        err = hide_at(rule, answer, answer->json, first[i], fault);
    for (size_t i = 0; i < N(both); i++) {
        for (size_t k = 0; both[i] && k < both[i]->n_keep && err == FOB_OK; k++)
            if (both[i]->keep[k].is_secret)
                err = hide_at(rule, answer, answer->json, both[i]->keep[k].from, fault);
        for (size_t k = 0; both[i] && k < both[i]->n_also && err == FOB_OK; k++)
            err = hide_also(rule, answer, &both[i]->also[k], fault);
    }
    return err;
}

fob_err fob_answer_fault(const struct fob_answer_rule *rule, const struct fob_answer *answer,
                         struct fob_buf *word, struct fob_buf *description)
{
    fob_auto_fault fault = FOB_FAULT;
    fob_err err = fob_fault_find(rule, answer, &fault);
    if (err != FOB_OK)
        return err;
    fob_buf_add(word, fault.word.data, fault.word.len);
    fob_buf_add(description, fault.description.data, fault.description.len);
    return word->failed == FOB_OK ? description->failed : word->failed;
}
