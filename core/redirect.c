/* SPDX-License-Identifier: MIT */
/* Reading the redirect that comes back from the authorization endpoint. */
#include "redirect.h"
#include "cleanup.h"
#include "error.h"
#include "text.h"

#include <fob/limits.h>
#include <sodium.h>
#include <string.h>

#define MAX_PARAMETERS 64

static fob_err decode(const char *text, size_t len, char **ret, struct fob_error *error)
{
    fob_auto_buf out = FOB_BUF(FOB_MAX_REDIRECT);
    if (!fob_form_decode(&out, text, len) || (out.data && !fob_utf8_valid(out.data, out.len)))
        return fob_fail(error, FOB_E_PROTOCOL, "log in again",
                        "the redirect holds a parameter that cannot be decoded");
    fob_err err = fob_buf_finish(&out, "a parameter of the redirect", error);
    if (err == FOB_OK)
        *ret = fob_buf_steal(&out);
    return err;
}

static fob_err add(struct fob_redirect *redirect, const char *text, size_t len, struct fob_error *error)
{
    const char *equals = memchr(text, '=', len);
    size_t name_len = equals ? (size_t)(equals - text) : len;
    size_t value_at = equals ? name_len + 1 : len;
    fob_auto_free char *name = NULL;
    char *value = NULL;
    if (redirect->n == MAX_PARAMETERS)
        return fob_fail(error, FOB_E_LIMIT, NULL, "the redirect has more than %d parameters", MAX_PARAMETERS);
    if (!redirect->v && !(redirect->v = calloc(MAX_PARAMETERS, sizeof *redirect->v)))
        return fob_no_memory(error);
    fob_err err = decode(text, name_len, &name, error);
    if (err == FOB_OK)
        err = decode(text + value_at, len - value_at, &value, error);
    if (err == FOB_OK)
        redirect->v[redirect->n++] = (struct fob_pair){fob_steal(&name), value};
    return err;
}

fob_err fob_redirect_parse(const char *uri, size_t len, struct fob_redirect *ret, struct fob_error *error)
{
    struct fob_redirect redirect = {0};
    fob_err err = FOB_OK;
    if (len > FOB_MAX_REDIRECT)
        return fob_fail(error, FOB_E_LIMIT, NULL, "the redirect is longer than %d bytes", FOB_MAX_REDIRECT);
    const char *end = memchr(uri, '#', len);
    const char *at = memchr(uri, '?', len);
    end = end ? end : uri + len;
    at = at && at < end ? at + 1 : end;
    while (err == FOB_OK && at < end) {
        const char *next = memchr(at, '&', (size_t)(end - at));
        size_t part = (size_t)((next ? next : end) - at);
        if (part)
            err = add(&redirect, at, part, error);
        at += part + (next ? 1 : 0);
    }
    if (err == FOB_OK)
        *ret = redirect;
    else
        fob_redirect_free(&redirect);
    return err;
}

fob_err fob_redirect_copy(const struct fob_redirect *from, struct fob_redirect *ret, struct fob_error *error)
{
    struct fob_redirect copy = {.v = calloc(MAX_PARAMETERS, sizeof *copy.v)};
    if (!copy.v)
        return fob_no_memory(error);
    for (size_t i = 0; i < from->n; i++) {
        char *name = fob_strdup(from->v[i].name), *value = fob_strdup(from->v[i].value);
        if (!name || !value) {
            free(name);
            free(value);
            fob_redirect_free(&copy);
            return fob_no_memory(error);
        }
        copy.v[copy.n++] = (struct fob_pair){name, value};
    }
    *ret = copy;
    return FOB_OK;
}

static void wipe(const char *text)
{
    union {
        const char *as_shown;
        void *as_owned;
    } string = {.as_shown = text};
    sodium_memzero(string.as_owned, strlen(text));
    free(string.as_owned);
}

void fob_redirect_free(struct fob_redirect *redirect)
{
    for (size_t i = 0; i < redirect->n; i++) {
        wipe(redirect->v[i].name);
        wipe(redirect->v[i].value);
    }
    free(redirect->v);
    *redirect = (struct fob_redirect){0};
}

size_t fob_redirect_find(const struct fob_redirect *redirect, const char *name, const char **ret_value)
{
    size_t times = 0;
    *ret_value = NULL;
    for (size_t i = 0; i < redirect->n; i++) {
        if (strcmp(redirect->v[i].name, name) != 0)
            continue;
        if (times++ == 0)
            *ret_value = redirect->v[i].value;
    }
    return times;
}
