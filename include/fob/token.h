/* SPDX-License-Identifier: MIT */
/* What a grant gave: the tokens and their facts. */
#ifndef FOB_TOKEN_H
#define FOB_TOKEN_H

#include <fob/secret.h>

FOB_BEGIN_DECLS

/* Immutable and reference counted; the count is atomic, so tokens may cross threads. */
typedef struct fob_token fob_token;

/* Takes a reference; returns token. NULL gives NULL. */
FOB_API fob_token *fob_token_ref(fob_token *token);

/* Drops a reference and sets *token to NULL; the last one wipes and frees. NULL is fine. */
FOB_API void fob_token_unref(fob_token **token);

/* The access token (RFC 6749 section 1.4). Never NULL; lives as long as the token. */
FOB_API const fob_secret *fob_token_access(const fob_token *token);

/* The refresh token (RFC 6749 section 1.5), or NULL when there is none. Lives as long as the token. */
FOB_API const fob_secret *fob_token_refresh(const fob_token *token);

/* The ID token as received (OpenID Connect Core section 2), or NULL. Lives as long as the token. */
FOB_API const fob_secret *fob_token_id(const fob_token *token);

/* "Bearer" in whatever case the provider wrote it, another type (RFC 6749 section 7.1), never NULL. */
FOB_API const char *fob_token_type(const fob_token *token);

/* The scopes granted, separated by spaces; "" when unknown. */
FOB_API const char *fob_token_scope(const fob_token *token);

/* When it was received, in milliseconds since 1970-01-01 UTC. */
FOB_API int64_t fob_token_obtained_at(const fob_token *token);

/* When the access token ends, in milliseconds since 1970-01-01 UTC; 0 when the provider did not say. */
FOB_API int64_t fob_token_expires_at(const fob_token *token);

/* When the refresh token ends, likewise; 0 when unknown. */
FOB_API int64_t fob_token_refresh_expires_at(const fob_token *token);

/*
 * Whose token it is, as far as the grant told: the ID token's "sub" claim or what a plugin's identity
 * hook said; "" when unknown.
 */
FOB_API const char *fob_token_identity(const fob_token *token);

/*
 * 1 when the access token is good for at least min_ttl_ms more at time now; a token whose end is unknown
 * is taken as good. Pure.
 */
FOB_API int fob_token_is_fresh(const fob_token *token, int64_t now, int64_t min_ttl_ms);

/*
 * The header field that presents the token to the API, as the provider's descriptor says
 * ("Authorization: Bearer …" by default, RFC 6750 section 2.1). The caller frees *ret_value.
 * *ret_name lives as long as the token. Errors: FOB_E_MEMORY.
 */
FOB_API FOB_NODISCARD fob_err fob_token_header(const fob_token *token, const char **ret_name,
                                               fob_secret **ret_value, struct fob_error *error);

FOB_END_DECLS

#endif
