/* SPDX-License-Identifier: MIT */
/* What a grant gave: the tokens and their facts. */
#ifndef FOB_TOKEN_H
#define FOB_TOKEN_H

#include <fob/http.h>
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

/*
 * From when on the token should be renewed although it is still good, or 0: where the provider renews only good ones, or
 * drops a refresh token that was not used for long. fob_get_token does so when it is called; a connection that nobody asks
 * for wants fob_refresh_token then.
 */
FOB_API int64_t fob_token_renewal_due(const fob_token *token);

/* When the refresh token ends, likewise; 0 when unknown. */
FOB_API int64_t fob_token_refresh_expires_at(const fob_token *token);

/*
 * Whose token it is, as far as the grant told: the ID token's "sub" claim or what a plugin's identity
 * hook said; "" when unknown.
 */
FOB_API const char *fob_token_identity(const fob_token *token);

/* What a person knows the account by: a name, an address; "" when unknown. Lives as long as the token. */
FOB_API const char *fob_token_label(const fob_token *token);

/*
 * What the descriptor keeps of the login beside the token, by its name there: an instance URL, the id of a company …
 * Secrets too. NULL when there is none; lives as long as the token.
 */
FOB_API const char *fob_token_kept(const fob_token *token, const char *name);

/* The nth of these from 0; NULL past the end. A secret one has the value "". Lives as long as the token. */
FOB_API const struct fob_pair *fob_token_kept_nth(const fob_token *token, size_t n);

/*
 * 1 when all steps that the descriptor wants after the token have been taken; 0 when one failed: the token is good, but
 * what the step would have brought is not there. fob_get_token takes such a token as one that has to be renewed.
 */
FOB_API int fob_token_is_whole(const fob_token *token);

/*
 * 1 when the access token is good for at least min_ttl_ms more at time now; a token whose end is unknown
 * is taken as good. Pure.
 */
FOB_API int fob_token_is_fresh(const fob_token *token, int64_t now, int64_t min_ttl_ms);

/*
 * The header field that presents the token to the API, as the provider's descriptor says
 * ("Authorization: Bearer …" by default, RFC 6750 section 2.1). The caller frees *ret_value.
 * *ret_name lives as long as the token. Errors: FOB_E_STATE (the API takes it in the query), FOB_E_MEMORY.
 */
FOB_API FOB_NODISCARD fob_err fob_token_header(const fob_token *token, const char **ret_name,
                                               fob_secret **ret_value, struct fob_error *error);

/*
 * The nth header field from 0 that the API wants beside the token: an API key, an account's id … NULL past the end. Send
 * them with each call; values may be secrets. Lives as long as the token.
 */
FOB_API const struct fob_pair *fob_token_api_field(const fob_token *token, size_t n);

/* The nth query parameter from 0 that the API wants beside the token, likewise; not percent-encoded, and no secret. */
FOB_API const struct fob_pair *fob_token_api_param(const fob_token *token, size_t n);

/* 1 when the API takes the token in the query (RFC 6750 section 2.3), not in a header field. */
FOB_API int fob_token_in_query(const fob_token *token);

/* The query parameter that presents it then, not percent-encoded; the rest as fob_token_header. */
FOB_API FOB_NODISCARD fob_err fob_token_query(const fob_token *token, const char **ret_name,
                                              fob_secret **ret_value, struct fob_error *error);

FOB_END_DECLS

#endif
