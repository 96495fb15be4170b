/* SPDX-License-Identifier: MIT */
/* What the files of this module share. */
#ifndef JOSE_H
#define JOSE_H

#include <cjose/cjose.h>
#include <fob/plugin.h>
#include <stdbool.h>
#include <stddef.h>

/* What an algorithm takes; RFC 7518 section 3.1. */
struct algorithm {
    const char *name;
    cjose_jwk_kty_t kind;
    cjose_jwk_ec_curve curve; /* of CJOSE_JWK_KTY_EC */
    const char *wants;        /* in words */
};

/* key.c: reads PEM or a JWK that fits algorithm. The caller releases *ret_key. */
fob_err read_key(const struct algorithm *algorithm, const char *text, size_t len, cjose_jwk_t **ret_key,
                 struct fob_error *error);

/* pem.c: the same for PEM, whatever the kind. */
fob_err read_pem(const char *text, size_t len, cjose_jwk_t **ret_key, struct fob_error *error);

/* failure.c: fills *error and returns code. fix may be NULL. */
fob_err fail(struct fob_error *error, fob_err code, const char *fix, const char *what_fmt, ...)
    FOB_PRINTF(4, 5);
fob_err no_memory(struct fob_error *error);

#endif
