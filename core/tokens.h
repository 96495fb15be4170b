/* SPDX-License-Identifier: MIT */
/* The inside of a token: how flows make one and how connections keep one. */
#ifndef CORE_TOKENS_H
#define CORE_TOKENS_H

#include "descriptor.h"
#include "json.h"
#include "kept.h"

#include <fob/token.h>

/* Mutable while a flow fills it; frozen as a token. The strings and secrets are its own. */
struct fob_token {
    int refs; /* atomic */
    fob_secret *access, *refresh, *id;
    char *type, *scope, *identity, *label; /* never NULL; set with fob_token_set only */
    /* likewise; from the descriptor's `use` when it was made; query: "" for none */
    char *use_header, *use_scheme, *use_query;
    struct fob_kept_values kept;
    struct fob_kept_values use_fields; /* header fields that the API wants beside it */
    struct fob_kept_values use_params; /* and query parameters */
    int64_t obtained_at, expires_at, refresh_expires_at;
    int64_t renewal_due; /* to be refreshed from then on although it is good; 0: not */
    bool partial;        /* steps that should have followed it have not been taken */
};

/* now + ms, both milliseconds; the end of time where that lies behind it. */
static inline int64_t fob_after(int64_t now, int64_t ms)
{
    int64_t then;
    return __builtin_add_overflow(now, ms, &then) ? INT64_MAX : then;
}

/* An empty token with one reference, type "Bearer", empty strings, or NULL when out of memory. */
fob_token *fob_token_new(void);

/* Replaces one of a token's strings by a copy. */
fob_err fob_token_set(char **member, const char *text, size_t len, struct fob_error *error);

/* What presents the token: the field or parameter, and its value. The caller frees *ret_value. */
fob_err fob_token_present(const fob_token *token, const char **ret_name, fob_secret **ret_value,
                          struct fob_error *error);

/* A token of its own with the same values. Errors: FOB_E_MEMORY. */
fob_err fob_token_copy(const fob_token *token, fob_token **ret_token, struct fob_error *error);

/* As JSON to be sealed, and back. from_json: FOB_E_STORE when a member is missing or of another type. */
json_t *fob_token_to_json(const fob_token *token);
fob_err fob_token_from_json(const json_t *json, fob_token **ret_token, struct fob_error *error);

#endif
