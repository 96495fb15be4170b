/* SPDX-License-Identifier: MIT */
/* Secrets: bounded, wiped when freed, not printable by accident. */
#include "error.h"

#include <fob/limits.h>
#include <fob/secret.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct fob_secret {
    size_t len;
    char bytes[];
};

fob_err fob_secret_new(const void *bytes, size_t len, fob_secret **ret_secret, struct fob_error *error)
{
    if ((!bytes && len) || !ret_secret)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_secret_new: no bytes or nowhere to put them");
    if (len > FOB_MAX_TOKEN)
        return fob_fail(error, FOB_E_LIMIT, NULL, "a secret of %zu bytes is longer than %d", len,
                        FOB_MAX_TOKEN);
    fob_secret *secret = malloc(sizeof *secret + len + 1);
    if (!secret)
        return fob_no_memory(error);
    secret->len = len;
    if (len)
        memcpy(secret->bytes, bytes, len);
    secret->bytes[len] = '\0';
    *ret_secret = secret;
    return FOB_OK;
}

fob_err fob_secret_copy(const fob_secret *secret, fob_secret **ret_secret, struct fob_error *error)
{
    if (!ret_secret)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_secret_copy: nowhere to put the copy");
    if (secret)
        return fob_secret_new(secret->bytes, secret->len, ret_secret, error);
    *ret_secret = NULL;
    return FOB_OK;
}

const char *fob_secret_peek(const fob_secret *secret, size_t *ret_len)
{
    if (ret_len)
        *ret_len = fob_secret_len(secret);
    return secret ? secret->bytes : NULL;
}

size_t fob_secret_len(const fob_secret *secret)
{
    return secret ? secret->len : 0;
}

int fob_secret_equal(const fob_secret *a, const fob_secret *b)
{
    return a && b && a->len == b->len && sodium_memcmp(a->bytes, b->bytes, a->len) == 0;
}

void fob_secret_free(fob_secret **secret)
{
    if (!secret || !*secret)
        return;
    sodium_memzero(*secret, sizeof **secret + (*secret)->len);
    free(*secret);
    *secret = NULL;
}
