/* SPDX-License-Identifier: MIT */
/* An answer of the provider: what later requests need of it. */
#include "answers.h"
#include "cleanup.h"
#include "error.h"
#include "format.h"
#include "pattern.h"
#include "text.h"

#include <fob/limits.h>
#include <string.h>

/* It will stand in URLs and header fields, where a line break is an attack. */
static fob_err check(const struct fob_keep_rule *rule, const struct fob_buf *value, struct fob_error *error)
{
    bool good = fob_utf8_valid(value->data, value->len) && fob_formats[FOB_FORMAT_VALUE].check(value->data);
    fob_err err = FOB_OK;
    if (good && rule->pattern)
        err = fob_pattern_match(rule->pattern, value->data, &good, error);
    if (err == FOB_OK && !good)
        err = fob_fail(error, FOB_E_SECURITY,
                       "log in again; if it stays, compare the descriptor with the answer",
                       "what the answer holds as \"%s\" does not look as the descriptor says", rule->name);
    return err;
}

static fob_err keep(const struct fob_keep_rule *rule, const struct fob_source_place *place,
                    struct fob_kept_values *kept, struct fob_error *error)
{
    fob_auto_found found = {0};
    fob_auto_buf value = FOB_BUF((size_t)FOB_MAX_SCALAR);
    fob_err err = fob_source_find(place, rule->from, &found);
    if (err != FOB_OK)
        return fob_no_memory(error);
    if (!fob_found_scalar(&found, &value))
        return FOB_OK;
    err = fob_buf_finish(&value, "a kept value", error);
    if (err == FOB_OK)
        err = check(rule, &value, error);
    if (err != FOB_OK)
        return err;
    fob_kept_set(kept, rule->name, value.data, rule->is_secret);
    return kept->values.failed == FOB_OK ? FOB_OK : fob_no_memory(error);
}

static bool is_among(const struct fob_response_rule *said, const char *name)
{
    for (size_t i = 0; said && i < said->n_keep; i++)
        if (strcmp(said->keep[i].name, name) == 0)
            return true;
    return false;
}

fob_err fob_answer_keep(const struct fob_answer_rule *rule, const struct fob_answer *answer, json_t *chosen,
                        struct fob_kept_values *kept, struct fob_error *error)
{
    struct fob_source_place place = fob_answer_place(rule, answer);
    const struct fob_response_rule *own = rule->own, *base = rule->base;
    fob_err err = FOB_OK;
    if (chosen)
        place.json = chosen;
    for (size_t i = 0; own && i < own->n_keep && err == FOB_OK; i++)
        err = keep(&own->keep[i], &place, kept, error);
    for (size_t i = 0; base && i < base->n_keep && err == FOB_OK; i++)
        if (!is_among(own, base->keep[i].name))
            err = keep(&base->keep[i], &place, kept, error);
    return err;
}
