/* SPDX-License-Identifier: MIT */
/* An answer of the provider: whether it is a success, and what an error means to the caller. */
#include "answers.h"
#include "cleanup.h"
#include "error.h"
#include "pairs.h"
#include "times.h"

#include <fob/limits.h>
#include <stdio.h>
#include <string.h>

#define MEND_CLIENT "check client_id, client secret and how the descriptor says they are sent"
#define MEND_DESCRIPTOR "compare the descriptor with the provider's documentation"

struct meaning {
    const char *word;
    fob_err code;
    const char *fix;
};

/* The classes that `errors` puts the provider's words in. */
static const struct meaning classes[] = {
    {"dead", FOB_E_NEEDS_LOGIN, "log in again"},
    {"retry", FOB_E_SERVER, "try again later"},
    {"rate_limited", FOB_E_RATE_LIMITED, "try again later"},
    {"config", FOB_E_CLIENT, MEND_CLIENT},
    {"denied", FOB_E_DENIED, "log in again and allow the access"},
};

/* RFC 6749 sections 4.1.2.1 and 5.2, RFC 7009 section 2.2.1. */
static const struct meaning standard[] = {
    {"invalid_grant", FOB_E_NEEDS_LOGIN, "log in again"},
    {"invalid_client", FOB_E_CLIENT, MEND_CLIENT},
    {"unauthorized_client", FOB_E_CLIENT, "allow this grant for the client on the provider's page for it"},
    {"access_denied", FOB_E_DENIED, "log in again and allow the access"},
    {"temporarily_unavailable", FOB_E_SERVER, "try again later"},
    {"server_error", FOB_E_SERVER, "try again later"},
    {"slow_down", FOB_E_RATE_LIMITED, "try again later"},
    {"invalid_scope", FOB_E_PROVIDER, "ask for scopes that the provider knows and the client may have"},
    {"unsupported_grant_type", FOB_E_PROVIDER, "use a grant that the provider supports"},
    {"invalid_request", FOB_E_PROVIDER, MEND_DESCRIPTOR},
};
#define N(array) (sizeof(array) / sizeof *(array))

static const struct meaning *look_up(const struct meaning *rows, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].word, word) == 0)
            return &rows[i];
    return NULL;
}

/* What the descriptor says about the provider's word, or NULL. */
static const struct meaning *said_meaning(const struct fob_answer_rule *rule, const char *word)
{
    const struct fob_response_rule *const both[] = {rule->own, rule->base};
    for (size_t i = 0; i < N(both); i++)
        for (size_t k = 0; both[i] && k < both[i]->errors.n; k++)
            if (strcmp(both[i]->errors.v[k].name, word) == 0)
                return look_up(classes, N(classes), both[i]->errors.v[k].value);
    return NULL;
}

bool fob_answer_word_is_known(const struct fob_answer_rule *rule, const char *word)
{
    return said_meaning(rule, word) || look_up(standard, N(standard), word);
}

/* --- the header --------------------------------------------------------------------------------------------- */

bool fob_answer_status_is_good(const struct fob_answer_rule *rule, int status)
{
    const struct fob_response_rule *said = rule->own && rule->own->status.n ? rule->own : rule->base;
    if (!said || !said->status.n)
        return status >= 200 && status < 300;
    bool good = false;
    for (size_t i = 0; i < said->status.n; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", status);
        good = good || strcmp(said->status.v[i], text) == 0;
    }
    return good;
}

/* Retry-After (RFC 9110 section 10.2.3): seconds, or a date, which the server's own clock is held against. */
static int64_t retry_after(const struct fob_http_response *http)
{
    const char *text = fob_pairs_get_field(http->fields, http->n_fields, "Retry-After");
    const char *date = fob_pairs_get_field(http->fields, http->n_fields, "Date");
    int64_t ms, then, now;
    if (!text)
        return 0;
    if (*text && strspn(text, "0123456789") == strlen(text) && fob_time_duration(text, 1000, &ms))
        return ms;
    if (!date || !strchr(text, ',') || !fob_time_point(text, &then) || !fob_time_point(date, &now) ||
        then < now)
        return 0;
    return then - now < FOB_MAX_LIFETIME ? then - now : FOB_MAX_LIFETIME;
}

fob_err fob_answer_failed(const struct fob_http_response *http, fob_err err, struct fob_error *error)
{
    if (!error)
        return err;
    error->http_status = http->status;
    error->retry_after_ms = retry_after(http);
    return err;
}

/* --- what it means ------------------------------------------------------------------------------------------ */

static struct meaning by_status(int status)
{
    struct meaning meaning = {.code = FOB_E_PROVIDER, .fix = MEND_DESCRIPTOR};
    if (status == 429)
        meaning.code = FOB_E_RATE_LIMITED;
    else if (status >= 500)
        meaning.code = FOB_E_SERVER;
    else if (status == 401)
        meaning.code = FOB_E_CLIENT;
    if (fob_err_is_transient(meaning.code))
        meaning.fix = "try again later";
    return meaning;
}

/* A word that nobody knows leaves it to the status what is to be done. */
static struct meaning weigh(const struct fob_answer_rule *rule, int status, const char *word)
{
    char by_number[32];
    snprintf(by_number, sizeof by_number, "status:%d", status);
    const struct meaning *said = word ? said_meaning(rule, word) : NULL;
    const struct meaning *known = word ? look_up(standard, N(standard), word) : NULL;
    const struct meaning *numbered = said_meaning(rule, by_number);
    struct meaning of_status = by_status(status);
    if (said)
        return *said;
    if (known && status != 429)
        return *known;
    if (numbered && !fob_answer_status_is_good(rule, status))
        return *numbered;
    if (!word || fob_err_is_transient(of_status.code))
        return of_status;
    return (struct meaning){.code = FOB_E_PROVIDER, .fix = "see the provider's documentation"};
}

static fob_err tell(const struct fob_http_response *http, const struct fob_fault *fault,
                    struct meaning meaning, struct fob_error *error)
{
    char word[64], description[200];
    const char *colon;
    fob_printable(word, sizeof word, fault->word.data, fault->word.len);
    fob_printable(description, sizeof description, fault->description.data, fault->description.len);
    if (strcmp(word, description) == 0)
        *description = '\0';
    colon = *description ? ": " : "";
    if (*word)
        fob_fail(error, meaning.code, meaning.fix, "the provider refused: %s%s%s", word, colon, description);
    else if (fault->test)
        fob_fail(error, meaning.code, meaning.fix, "the answer is no success: %s is not \"%s\"%s%s",
                 *fault->test->name ? fault->test->name : "it", fault->test->value, colon, description);
    else
        fob_fail(error, meaning.code, meaning.fix, "the provider answered with HTTP status %d%s%s",
                 http->status, colon, description);
    if (error)
        snprintf(error->oauth_error, sizeof error->oauth_error, "%s", word);
    return fob_answer_failed(http, meaning.code, error);
}

fob_err fob_answer_error(const struct fob_answer_rule *rule, const struct fob_answer *answer,
                         struct fob_error *error)
{
    const struct fob_http_response *http = answer->http;
    fob_auto_fault fault = FOB_FAULT;
    fob_err err = fob_fault_find(rule, answer, &fault);
    if (err == FOB_OK && !fault.is_one)
        return FOB_OK;
    struct meaning meaning = weigh(rule, http->status, fault.word.len ? fault.word.data : NULL);
    if (err == FOB_OK)
        err = fob_fault_hide_secrets(rule, answer, &fault);
    if (err != FOB_OK)
        return fob_no_memory(error);
    if (fault.test && !fault.word.len && !http->body_len)
        return fob_answer_empty(http, error);
    return tell(http, &fault, meaning, error);
}
