/* SPDX-License-Identifier: MIT */
/* Reading and evaluating expressions: one recursive descent, with a buffer to evaluate and without one to check. */
#include "expression.h"
#include "cleanup.h"
#include "error.h"
#include "functions.h"

#include <fob/limits.h>
#include <string.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define NAME LOWER "0123456789_"
#define MEMBER NAME "ABCDEFGHIJKLMNOPQRSTUVWXYZ-"

struct reader {
    const char *at, *end;
    const char *problem;                  /* NULL while it is good */
    const struct fob_expression_env *env; /* NULL: only check */
    fob_expression_name_fn *each;
    void *user;
    unsigned depth, hashes;
};

/* What a part gave. */
struct value {
    bool missing, bytes;
};

static struct value read_part(struct reader *reader, struct fob_buf *out);

static struct value fail(struct reader *reader, const char *problem)
{
    if (!reader->problem)
        reader->problem = problem;
    return (struct value){0};
}

static void skip_spaces(struct reader *reader)
{
    while (reader->at < reader->end && *reader->at == ' ')
        reader->at++;
}

static bool take(struct reader *reader, char c)
{
    skip_spaces(reader);
    if (reader->at == reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

static size_t span(const struct reader *reader, const char *accepted)
{
    size_t len = 0;
    while (reader->at + len < reader->end && reader->at[len] && strchr(accepted, reader->at[len]))
        len++;
    return len;
}

/* --- texts and names ---------------------------------------------------------------------------------------- */

static struct value read_text(struct reader *reader, struct fob_buf *out)
{
    const char *start = reader->at + 1;
    const char *end = memchr(start, '\'', (size_t)(reader->end - start));
    if (!end)
        return fail(reader, "a ' is not closed");
    fob_buf_add(out, start, (size_t)(end - start));
    reader->at = end + 1;
    return (struct value){0};
}

static struct value read_number(struct reader *reader, struct fob_buf *out)
{
    size_t len = span(reader, "0123456789");
    fob_buf_add(out, reader->at, len);
    reader->at += len;
    return (struct value){0};
}

static struct value read_name(struct reader *reader, size_t len, struct fob_buf *out)
{
    char name[FOB_MAX_ID * 2 + 2];
    const char *start = reader->at;
    reader->at += len;
    if (reader->at < reader->end && *reader->at == '.') {
        reader->at++;
        size_t member = span(reader, MEMBER);
        if (member == 0)
            return fail(reader, "a name has nothing behind its dot");
        reader->at += member;
    }
    len = (size_t)(reader->at - start);
    if (len >= sizeof name)
        return fail(reader, "a name is too long");
    if (reader->each)
        reader->each(reader->user, &(struct fob_expression_name){start, len, reader->hashes > 0});
    if (!reader->env)
        return (struct value){0};
    memcpy(name, start, len);
    name[len] = '\0';
    const char *value = reader->env->look_up(reader->env->user, name);
    if (value)
        fob_buf_str(out, value);
    return (struct value){.missing = !value};
}

/* --- functions ---------------------------------------------------------------------------------------------- */

static void free_args(struct fob_buf *args)
{
    for (size_t i = 0; i < FOB_MAX_ARGUMENTS; i++)
        fob_buf_free(&args[i]);
}

/* Reads up to the closing parenthesis; gives how many there were, and whether one had no value. */
static size_t read_args(struct reader *reader, const struct fob_function *function, struct fob_buf *args,
                        bool *ret_missing)
{
    size_t n = 0;
    if (take(reader, ')'))
        return 0;
    do {
        if (n == function->max_args) {
            fail(reader, "a function has too many arguments");
            return n;
        }
        args[n] = FOB_BUF((size_t)FOB_MAX_REQUEST_BODY);
        struct value value = read_part(reader, &args[n]);
        *ret_missing = *ret_missing || value.missing;
        if (value.bytes && !function->takes_bytes)
            fail(reader, "bytes have to go through base64, base64url or hex first");
        n++;
    } while (!reader->problem && take(reader, ','));
    if (!reader->problem && !take(reader, ')'))
        fail(reader, "a ( is not closed");
    return n;
}

static struct value call(struct reader *reader, const struct fob_function *function, struct fob_buf *out)
{
    struct fob_buf args[FOB_MAX_ARGUMENTS] = {{0}};
    struct value value = {.bytes = function->gives_bytes};
    if (++reader->depth > FOB_MAX_EXPRESSION_DEPTH)
        return fail(reader, "functions are nested too deeply");
    reader->hashes += function->hashes;
    size_t n = read_args(reader, function, args, &value.missing);
    reader->hashes -= function->hashes;
    reader->depth--;
    if (!reader->problem && n < function->min_args)
        fail(reader, "a function has too few arguments");
    value.missing = value.missing && !function->takes_gaps;
    if (!reader->problem && reader->env) {
        for (size_t i = 0; i < n; i++)
            if (fob_buf_finish(&args[i], "an argument", NULL) != FOB_OK)
                out->failed = args[i].failed;
        if (out->failed == FOB_OK && !value.missing)
            value.missing = !function->call(&(struct fob_function_call){reader->env, args, n, out});
    }
    free_args(args);
    return value;
}

static struct value read_part(struct reader *reader, struct fob_buf *out)
{
    skip_spaces(reader);
    if (reader->at == reader->end)
        return fail(reader, "a name or function is missing");
    if (*reader->at == '\'')
        return read_text(reader, out);
    if (span(reader, "0123456789"))
        return read_number(reader, out);
    size_t len = span(reader, LOWER) ? span(reader, NAME) : 0;
    if (len == 0)
        return fail(reader, "a name begins with a small letter");
    if (reader->at + len == reader->end || reader->at[len] != '(')
        return read_name(reader, len, out);
    const struct fob_function *function = fob_function_find(reader->at, len);
    if (!function)
        return fail(reader, "there is no such function");
    reader->at += len + 1;
    return call(reader, function, out);
}

static struct value read_all(struct reader *reader, struct fob_buf *out)
{
    struct value value = read_part(reader, out);
    skip_spaces(reader);
    if (!reader->problem && reader->at < reader->end)
        fail(reader, "something stands behind the expression");
    if (!reader->problem && value.bytes)
        fail(reader, "bytes have to go through base64, base64url or hex first");
    return value;
}

const char *fob_expression_problem(const char *text, size_t len, fob_expression_name_fn *each, void *user)
{
    fob_auto_buf nothing = FOB_BUF((size_t)FOB_MAX_REQUEST_BODY);
    struct reader reader = {.at = text, .end = text + len, .each = each, .user = user};
    read_all(&reader, &nothing);
    return reader.problem;
}

fob_err fob_expression_eval(const char *text, size_t len, const struct fob_expression_env *env,
                            struct fob_buf *out, bool *ret_missing, struct fob_error *error)
{
    fob_auto_buf value = FOB_BUF((size_t)FOB_MAX_REQUEST_BODY);
    struct reader reader = {.at = text, .end = text + len, .env = env};
    struct value read = read_all(&reader, &value);
    if (reader.problem)
        return fob_fail(error, FOB_E_DESCRIPTOR, "see fob-descriptor(5), EXPRESSIONS", "{%.*s}: %s", (int)len,
                        text, reader.problem);
    fob_err err = fob_buf_finish(&value, "a value that was filled in", error);
    if (err == FOB_OK && read.missing)
        *ret_missing = true;
    else if (err == FOB_OK)
        fob_buf_add(out, value.data, value.len);
    return err;
}

const char *fob_expression_function(size_t n, const char **ret_doc)
{
    for (size_t i = 0; i < n; i++)
        if (!fob_functions[i].name)
            return NULL;
    *ret_doc = fob_functions[n].doc;
    return fob_functions[n].usage;
}
