/* SPDX-License-Identifier: MIT */
/* Texts with {expressions} in them: cut into pieces, and filled in. */
#include "template.h"
#include "cleanup.h"
#include "text.h"

#include <fob/limits.h>
#include <string.h>

static bool read_expression(const char **rest, struct fob_piece *ret)
{
    const char *text = *rest + 1;
    bool plus = *text == '+';
    text += plus;
    size_t len = strcspn(text, "{}");
    if (len == 0 || text[len] != '}')
        return false;
    *ret = (struct fob_piece){.text = text, .len = len, .is_expression = true, .plus = plus};
    *rest = text + len + 1;
    return true;
}

bool fob_template_next(const char **rest, struct fob_piece *ret)
{
    const char *at = *rest;
    if (!*at)
        return false;
    if ((at[0] == '{' || at[0] == '}') && at[1] == at[0]) {
        *ret = (struct fob_piece){.text = at, .len = 1};
        *rest = at + 2;
        return true;
    }
    if (*at == '{')
        return read_expression(rest, ret);
    size_t len = strcspn(at, "{}");
    if (len == 0)
        return false;
    *ret = (struct fob_piece){.text = at, .len = len};
    *rest = at + len;
    return true;
}

const char *fob_template_problem(const char *text)
{
    struct fob_piece piece;
    while (fob_template_next(&text, &piece))
        ;
    if (!*text)
        return NULL;
    return *text == '{' ? "a { is not closed" : "a } stands alone";
}

static fob_err fill_piece(const struct fob_piece *piece, bool percent, const struct fob_expression_env *env,
                          struct fob_buf *out, bool *ret_missing, struct fob_error *error)
{
    fob_auto_buf value = FOB_BUF((size_t)FOB_MAX_REQUEST_BODY);
    fob_err err = fob_expression_eval(piece->text, piece->len, env, &value, ret_missing, error);
    if (err == FOB_OK)
        err = fob_buf_finish(&value, "a value that was filled in", error);
    if (err == FOB_OK && percent && !piece->plus)
        fob_percent_encode(out, value.data, value.len);
    else if (err == FOB_OK)
        fob_buf_add(out, value.data, value.len);
    return err;
}

fob_err fob_template_fill(const char *template, bool percent, const struct fob_expression_env *env,
                          struct fob_buf *out, bool *ret_missing, struct fob_error *error)
{
    struct fob_piece piece;
    fob_err err = FOB_OK;
    while (err == FOB_OK && fob_template_next(&template, &piece)) {
        if (piece.is_expression)
            err = fill_piece(&piece, percent, env, out, ret_missing, error);
        else
            fob_buf_add(out, piece.text, piece.len);
    }
    return err == FOB_OK ? fob_buf_finish(out, "a value with its variables filled in", error) : err;
}
