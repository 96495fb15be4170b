/* SPDX-License-Identifier: MIT */
/* Reading what a token endpoint answers: a token (RFC 6749 section 5.1) or an error (section 5.2). Pure. */
#ifndef CORE_RESPONSE_H
#define CORE_RESPONSE_H

#include "tokens.h"

#include <fob/http.h>

/*
 * The answer as one JSON object, whatever its status; a form-encoded answer becomes one. The caller wipes it.
 * Errors: FOB_E_PROTOCOL (HTML, empty, cut off, duplicate keys …; a redirect, which is not followed), FOB_E_MEMORY. An
 * answer that is not JSON with a status of 429 or 5xx is told as fob_response_error would.
 */
fob_err fob_response_read(const struct fob_http_response *response, int64_t now, json_t **ret_object,
                          struct fob_error *error);

/*
 * FOB_OK when the answer is a success (2xx and no "error" member), else the error it is, with http_status, oauth_error
 * and retry_after_ms. error_description is shown, made printable.
 */
fob_err fob_response_error(const struct fob_http_response *response, const json_t *object, int64_t now,
                           struct fob_error *error);

/* Whether a token or ID token in an answer holds characters that none may have. */
bool fob_response_has_odd_token(const json_t *object);

/*
 * Fills a new token from a success: access_token, token_type, expires_in, refresh_token, refresh_token_expires_in, scope,
 * id_token. What is absent stays as it is. Errors: FOB_E_PROTOCOL, FOB_E_LIMIT, FOB_E_MEMORY.
 */
fob_err fob_response_token(const json_t *object, int64_t now, fob_token *token, struct fob_error *error);

#endif
