/* SPDX-License-Identifier: MIT */
/* The error codes' words, and filling a struct fob_error. */
#include "error.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct code_text {
    fob_err code;
    const char *word, *meaning;
};

static const struct code_text codes[] = {
#define ROW(name, value, word, meaning) {name, word, meaning},
    FOB_ERR_LIST(ROW)
#undef ROW
};

static const struct code_text *find(fob_err code)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i].code == code)
            return &codes[i];
    return NULL;
}

const char *fob_err_word(fob_err code)
{
    const struct code_text *row = find(code);
    return row ? row->word : "unknown";
}

const char *fob_err_meaning(fob_err code)
{
    const struct code_text *row = find(code);
    return row ? row->meaning : "an error code this version does not know";
}

int fob_err_is_transient(fob_err code)
{
    return code == FOB_E_NETWORK || code == FOB_E_RATE_LIMITED || code == FOB_E_SERVER || code == FOB_E_BUSY;
}

void fob_printable(char *out, size_t size, const char *text, size_t len)
{
    size_t used = 0;
    if (!text)
        len = 0;
    for (size_t i = 0; i < len;) {
        size_t n = fob_utf8_char(text + i, len - i);
        bool bad = n == 0 || (n == 1 && ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)) ||
                   (n == 2 && (unsigned char)text[i] == 0xc2 && (unsigned char)text[i + 1] < 0xa0);
        size_t put = bad ? 1 : n;
        if (used + put >= size)
            break;
        if (bad)
            out[used] = '?';
        else
            memcpy(out + used, text + i, n);
        used += put;
        i += n ? n : 1;
    }
    out[used] = '\0';
}

static void set_text(char *out, size_t size, const char *text)
{
    fob_printable(out, size, text, text ? strlen(text) : 0);
}

fob_err fob_error_set(struct fob_error *error, fob_err code, const char *what, const char *fix)
{
    if (!error)
        return code;
    *error = (struct fob_error)FOB_ERROR_INIT;
    error->code = code;
    set_text(error->what, sizeof error->what, what);
    set_text(error->fix, sizeof error->fix, fix);
    return code;
}

/* In the library that tests link, tests/support/record.c hears of every error that fob itself makes. */
#ifdef FOB_TESTING
void fob_error_made(fob_err code) __attribute__((weak));
#endif

static fob_err make(struct fob_error *error, fob_err code, const char *what, const char *fix)
{
#ifdef FOB_TESTING
    if (fob_error_made)
        fob_error_made(code);
#endif
    return fob_error_set(error, code, what, fix);
}

fob_err fob_fail(struct fob_error *error, fob_err code, const char *fix, const char *what_fmt, ...)
{
    if (!error)
        return code;
    char what[1024];
    va_list args;
    va_start(args, what_fmt);
    vsnprintf(what, sizeof what, what_fmt, args);
    va_end(args);
    return make(error, code, what, fix);
}

fob_err fob_fail_errno(struct fob_error *error, fob_err code, int sys_errno, const char *fix,
                       const char *what_fmt, ...)
{
    if (!error)
        return code;
    char what[512], full[640];
    const char *reason = strerrordesc_np(sys_errno);
    va_list args;
    va_start(args, what_fmt);
    vsnprintf(what, sizeof what, what_fmt, args);
    va_end(args);
    snprintf(full, sizeof full, "%s: %s", what, reason ? reason : "unknown system error");
    make(error, code, full, fix);
    error->sys_errno = sys_errno;
    return code;
}

fob_err fob_no_memory(struct fob_error *error)
{
    return make(error, FOB_E_MEMORY, "out of memory", NULL);
}

fob_err fob_fail_at(struct fob_error *error, fob_err code, const char *file, unsigned line, unsigned column)
{
    if (!error)
        return code;
    set_text(error->file, sizeof error->file, file);
    error->line = line;
    error->column = column;
    return error->code != FOB_OK ? error->code : code;
}
