/* SPDX-License-Identifier: MIT */
/* An answer of the provider: the tokens in it. */
#include "answers.h"
#include "cleanup.h"
#include "error.h"
#include "pointer.h"
#include "text.h"

#include <fob/limits.h>
#include <string.h>

/* --- secrets ------------------------------------------------------------------------------------------------ */

/* VSCHAR only (RFC 6749 appendix A.12, A.17): a line break in a token would split the header it is sent in. */
static bool is_token(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] < 0x20 || text[i] > 0x7e)
            return false;
    return true;
}

bool fob_answer_has_odd_token(const json_t *object)
{
    static const char *const secrets[] = {"access_token", "refresh_token", "id_token"};
    bool odd = false;
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        const char *text = fob_json_str(object, secrets[i]);
        odd = odd || (text && !is_token(text, strlen(text)));
    }
    return odd;
}

/* *ret_there may be NULL. */
static fob_err read_secret(const struct fob_answer_reader *reader, const char *source, const char *name,
                           fob_secret **secret, bool *ret_there)
{
    fob_auto_found found = {0};
    size_t len;
    fob_secret *fresh = NULL;
    fob_err err = fob_answer_look(reader, source, &found);
    const char *text = fob_found_string(&found, &len);
    if (err != FOB_OK || !text)
        return err;
    if (!is_token(text, len))
        return fob_fail(reader->error, FOB_E_PROTOCOL, NULL,
                        "\"%s\" in the answer holds characters that no token may have", name);
    err = fob_secret_new(text, len, &fresh, reader->error);
    if (err != FOB_OK)
        return err;
    fob_secret_free(secret);
    *secret = fresh;
    if (ret_there)
        *ret_there = true;
    return FOB_OK;
}

/* --- texts -------------------------------------------------------------------------------------------------- */

static fob_err read_type(const struct fob_answer_reader *reader, fob_token *token)
{
    fob_auto_found found = {0};
    char printable[FOB_MAX_SCALAR];
    size_t len;
    fob_err err = fob_answer_look(reader, reader->at->token_type, &found);
    const char *text = fob_found_string(&found, &len);
    if (err != FOB_OK || !text)
        return err;
    fob_printable(printable, sizeof printable, text, len);
    return fob_token_set(&token->type, printable, strlen(printable), reader->error);
}

/* Space always stands between scopes; a comma does where nobody said what does, and it can be nothing else. */
static void add_scopes(const struct fob_answer_reader *reader, const char *text, size_t len,
                       struct fob_buf *out)
{
    const char *said = FOB_SAYS(reader->rule, scope_separator);
    const char *usual = reader->rule->scopes ? reader->rule->scopes->separator : NULL;
    bool comma = !said;
    for (size_t i = 0; i < len && comma; i++)
        comma = text[i] != ' ' || (i > 0 && text[i - 1] == ',') || i + 1 == len;
    char separators[] = {' ', '\t', '\n', '\r', comma ? ',' : ' ', said ? *said : usual ? *usual : ' ', '\0'};
    for (size_t i = 0; i < len;) {
        size_t start = i;
        while (i < len && !strchr(separators, text[i]))
            i++;
        if (i > start && out->len)
            fob_buf_char(out, ' ');
        fob_buf_add(out, text + start, i - start);
        i += i < len;
    }
}

static void add_items(const struct fob_answer_reader *reader, const json_t *list, struct fob_buf *out)
{
    size_t i;
    json_t *item;
    json_array_foreach (list, i, item) {
        fob_auto_buf text = FOB_BUF((size_t)FOB_MAX_RESPONSE);
        if (fob_json_scalar(item, &text) && text.len)
            add_scopes(reader, text.data, text.len, out);
        if (text.failed != FOB_OK)
            out->failed = text.failed;
    }
}

static fob_err read_scope(const struct fob_answer_reader *reader, fob_token *token)
{
    fob_auto_found found = {0};
    fob_auto_buf scope = FOB_BUF((size_t)FOB_MAX_RESPONSE);
    char printable[FOB_MAX_SCALAR];
    size_t len;
    fob_err err = fob_answer_look(reader, reader->at->scope, &found);
    const char *text = fob_found_string(&found, &len);
    if (err != FOB_OK)
        return err;
    if (text)
        add_scopes(reader, text, len, &scope);
    add_items(reader, found.json, &scope);
    if (scope.failed != FOB_OK)
        return fob_buf_finish(&scope, "the scope", reader->error);
    if (!scope.len)
        return FOB_OK;
    fob_printable(printable, sizeof printable, scope.data, scope.len);
    return fob_token_set(&token->scope, printable, strlen(printable), reader->error);
}

/* --- one token ---------------------------------------------------------------------------------------------- */

/* A refresh token that came before does not begin to live anew. */
static fob_err read_refresh(const struct fob_answer_reader *reader, fob_token *token, bool *ret_new)
{
    fob_auto_secret *before = token->refresh;
    bool there = false;
    token->refresh = NULL;
    fob_err err = read_secret(reader, reader->at->refresh_token, "refresh_token", &token->refresh, &there);
    *ret_new = there && !fob_secret_equal(before, token->refresh);
    if (!there)
        token->refresh = fob_steal(&before);
    return err;
}

/* Where the answer prolongs the token: one that stands there and is no text is no prolonging. */
static fob_err prolong(const struct fob_answer_reader *reader, const fob_token *token, bool *ret_there)
{
    fob_auto_found found = {0};
    if (!reader->prolongs || !token->access)
        return FOB_OK;
    fob_err err = fob_answer_look(reader, reader->at->access_token, &found);
    *ret_there = err == FOB_OK && !found.json && !found.text;
    return err;
}

static fob_err read_token(const struct fob_answer_reader *reader, fob_token *token, bool *ret_there)
{
    bool new_refresh = false;
    *ret_there = false;
    fob_err err = read_secret(reader, reader->at->access_token, "access_token", &token->access, ret_there);
    if (err == FOB_OK && !*ret_there)
        err = prolong(reader, token, ret_there);
    else if (reader->prolongs) /* what the old one's life would have been says nothing of a new one's */
        token->expires_at = 0;
    if (err != FOB_OK || !*ret_there)
        return err;
    token->obtained_at = reader->now;
    err = read_refresh(reader, token, &new_refresh);
    if (err == FOB_OK)
        err = read_secret(reader, reader->at->id_token, "id_token", &token->id, NULL);
    if (err == FOB_OK)
        err = read_type(reader, token);
    if (err == FOB_OK)
        err = read_scope(reader, token);
    return err == FOB_OK ? fob_answer_ends(reader, new_refresh, token) : err;
}

fob_err fob_answer_token(const struct fob_answer_rule *rule, const struct fob_answer *answer, int64_t now,
                         fob_token *token, struct fob_error *error)
{
    struct fob_answer_sources at = fob_answer_sources(rule);
    struct fob_answer_reader reader = {.rule = rule,
                                       .place = fob_answer_place(rule, answer),
                                       .at = &at,
                                       .now = now,
                                       .prolongs = rule->prolongs,
                                       .end_first = FOB_SAYS(rule, fields.expires_at) &&
                                                    !FOB_SAYS(rule, fields.expires_in),
                                       .refresh_end_first = FOB_SAYS(rule, fields.refresh_token_expires_at) &&
                                                            !FOB_SAYS(rule, fields.refresh_token_expires_in),
                                       .error = error};
    bool there;
    fob_err err = read_token(&reader, token, &there);
    if (err != FOB_OK || there)
        return err;
    if (!answer->http->body_len)
        return fob_answer_empty(answer->http, error);
    const char *said = FOB_SAYS(rule, fields.access_token);
    bool is_one = said && *said && !strchr(said, '\n');
    return fob_fail(error, FOB_E_PROTOCOL, "check the token endpoint in the descriptor",
                    "the answer holds no access_token%s%s", is_one ? " at " : "", is_one ? said : "");
}

/* --- the others --------------------------------------------------------------------------------------------- */

static bool is_among(const struct fob_response_rule *said, const char *name)
{
    for (size_t i = 0; said && i < said->n_also; i++)
        if (strcmp(said->also[i].name, name) == 0)
            return true;
    return false;
}

/* One token that came along, and what its fields are looked for in. */
struct other {
    const struct fob_also_rule *rule;
    json_t *json;
};

/* The nth of the rule's tokens in that answer; false, and n is less by how many there are. */
static bool nth_of(const struct fob_also_rule *also, const struct fob_answer *answer, size_t *n,
                   struct other *ret)
{
    json_t *list = also->each ? fob_json_point(answer->json, also->each) : NULL;
    size_t count = also->each ? json_array_size(list) : 1;
    if (*n >= count) {
        *n -= count;
        return false;
    }
    *ret = (struct other){also, also->each ? json_array_get(list, *n) : answer->json};
    return true;
}

/* The nth of own's and those of base's that own does not name. */
static struct other nth(const struct fob_answer_rule *rule, const struct fob_answer *answer, size_t n)
{
    struct other found = {0};
    for (size_t i = 0; rule->own && i < rule->own->n_also; i++)
        if (nth_of(&rule->own->also[i], answer, &n, &found))
            return found;
    for (size_t i = 0; rule->base && i < rule->base->n_also; i++)
        if (!is_among(rule->own, rule->base->also[i].name) &&
            nth_of(&rule->base->also[i], answer, &n, &found))
            return found;
    return found;
}

static const char *name_of(const struct other *other)
{
    if (!other->rule || !other->rule->each)
        return other->rule ? other->rule->name : NULL;
    const char *name = json_string_value(fob_json_point(other->json, other->rule->called));
    return name ? name : "";
}

fob_err fob_answer_also(const struct fob_answer_rule *rule, const struct fob_answer *answer, size_t n,
                        int64_t now, const char **ret_name, bool *ret_there, fob_token *token,
                        struct fob_error *error)
{
    struct other other = nth(rule, answer, n);
    *ret_name = name_of(&other);
    *ret_there = false;
    if (!other.rule)
        return FOB_OK;
    const struct fob_answer_fields *f = &other.rule->fields;
    struct fob_answer_sources at = {f->access_token,
                                    f->refresh_token,
                                    f->id_token,
                                    f->token_type,
                                    f->scope,
                                    f->expires_in,
                                    f->expires_at,
                                    f->refresh_token_expires_in,
                                    f->refresh_token_expires_at};
    struct fob_answer_reader reader = {.rule = rule,
                                       .place = {.answer = answer,
                                                 .json = other.json,
                                                 .access_token = at.access_token,
                                                 .id_token = at.id_token},
                                       .at = &at,
                                       .now = now,
                                       .error = error};
    return read_token(&reader, token, ret_there);
}
