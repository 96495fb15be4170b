/* SPDX-License-Identifier: MIT */
/* An answer of the provider: when the tokens in it end. */
#include "answers.h"
#include "cleanup.h"
#include "error.h"
#include "rule.h"
#include "times.h"

#include <fob/limits.h>

fob_err fob_answer_look(const struct fob_answer_reader *reader, const char *source, struct fob_found *ret)
{
    fob_err err = source ? fob_source_find(&reader->place, source, ret) : FOB_OK;
    return err == FOB_OK ? FOB_OK : fob_no_memory(reader->error);
}

enum said { NOTHING, NEVER, AN_END };

static enum said end_at(const struct fob_answer_reader *reader, int64_t at, int64_t *ret)
{
    int64_t latest = fob_after(reader->now, FOB_MAX_LIFETIME);
    *ret = at < latest ? at : latest;
    return AN_END;
}

static enum said end_zero(const struct fob_answer_reader *reader, int64_t *ret)
{
    *ret = reader->now;
    return FOB_SAYS(reader->rule, expires_zero) == FOB_ZERO_NEVER ? NEVER : AN_END;
}

static const char *text_of(const struct fob_found *found, struct fob_buf *text)
{
    size_t len;
    const char *string = fob_found_string(found, &len);
    if (!string || len > 64)
        return "";
    fob_buf_add(text, string, len);
    return text->failed == FOB_OK ? text->data : "";
}

/* A lifetime: a number of the rule's unit, or a text that has one of its own. Negative is nothing. */
static enum said read_lifetime(const struct fob_answer_reader *reader, const struct fob_found *found,
                               struct fob_buf *text, int64_t *ret)
{
    static const int64_t units[] = {[FOB_UNIT_UNSET] = 1000,
                                    [FOB_UNIT_S] = 1000,
                                    [FOB_UNIT_MS] = 1,
                                    [FOB_UNIT_MIN] = 60000,
                                    [FOB_UNIT_H] = 3600000};
    int64_t unit = units[FOB_SAYS(reader->rule, expires_unit)], lifetime;
    bool good = json_is_number(found->json) ? fob_time_span(json_number_value(found->json), unit, &lifetime)
                                            : fob_time_duration(text_of(found, text), unit, &lifetime);
    if (!good)
        return NOTHING;
    return lifetime ? end_at(reader, fob_after(reader->now, lifetime), ret) : end_zero(reader, ret);
}

static enum said read_point(const struct fob_answer_reader *reader, const struct fob_found *found,
                            struct fob_buf *text, int64_t *ret)
{
    int64_t at;
    bool good = json_is_number(found->json) ? fob_time_epoch(json_number_value(found->json), &at)
                                            : fob_time_point(text_of(found, text), &at);
    if (!good)
        return NOTHING;
    return at ? end_at(reader, at, ret) : end_zero(reader, ret);
}

static fob_err look(const struct fob_answer_reader *reader, const char *source, bool is_point,
                    enum said *said, int64_t *ret)
{
    fob_auto_found found = {0};
    fob_auto_buf text = FOB_BUF(64);
    fob_err err = *said == NOTHING ? fob_answer_look(reader, source, &found) : FOB_OK;
    if (err == FOB_OK && (found.json || found.text))
        *said = is_point ? read_point(reader, &found, &text, ret) : read_lifetime(reader, &found, &text, ret);
    return err == FOB_OK && text.failed != FOB_OK ? fob_no_memory(reader->error) : err;
}

/* The end that the answer tells, by its lifetime or its time; *ret 0 for never. */
static fob_err read_end(const struct fob_answer_reader *reader, const char *in, const char *at, bool at_first,
                        enum said *said, int64_t *ret)
{
    *said = NOTHING;
    fob_err err = look(reader, at_first ? at : in, at_first, said, ret);
    if (err == FOB_OK)
        err = look(reader, at_first ? in : at, !at_first, said, ret);
    if (*said == NEVER)
        *ret = 0;
    return err;
}

/* What the descriptor knows of a lifetime that the answer does not tell. */
static void usual_end(const struct fob_answer_reader *reader, const char *lifetime, int64_t *ret)
{
    if (lifetime)
        *ret = fob_after(reader->now, fob_duration(lifetime));
}

fob_err fob_answer_ends(const struct fob_answer_reader *reader, bool new_refresh, fob_token *token)
{
    const struct fob_answer_sources *at = reader->at;
    const struct fob_lifetimes_rule *lifetimes = reader->rule->lifetimes;
    enum said said;
    fob_err err =
        read_end(reader, at->expires_in, at->expires_at, reader->end_first, &said, &token->expires_at);
    if (err == FOB_OK && said == NOTHING && lifetimes)
        usual_end(reader, lifetimes->access_token, &token->expires_at);
    if (err != FOB_OK || !token->refresh)
        return err;
    err = read_end(reader, at->refresh_token_expires_in, at->refresh_token_expires_at,
                   reader->refresh_end_first, &said, &token->refresh_expires_at);
    if (err == FOB_OK && said == NOTHING && new_refresh && lifetimes)
        usual_end(reader, lifetimes->refresh_token, &token->refresh_expires_at);
    return err;
}
