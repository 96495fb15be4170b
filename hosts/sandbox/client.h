/* SPDX-License-Identifier: MIT */
/* Client authentication (RFC 6749 section 2.3, RFC 7523). */
#ifndef SANDBOX_CLIENT_H
#define SANDBOX_CLIENT_H

#include "inquiry.h"

/* Ways of authentication, as bits. */
enum auth_method {
    AUTH_BASIC = 1,
    AUTH_BASIC_RAW = 2,
    AUTH_POST = 4,
    AUTH_SECRET_JWT = 8,
    AUTH_KEY_JWT = 16,
    AUTH_NONE = 32,
    AUTH_TOKEN = 64,
};

/* The bit of a word of the descriptor language; 0 when it is none. */
unsigned client_method(const char *word);

/* Those that a request by rule may use. */
unsigned client_methods(const struct sandbox *sandbox, const struct view *view, const struct rule *rule);

/* What is wrong with the client's credentials; all of it nothing when they are good. */
struct problem client_check(struct inquiry *inquiry);

/* The access token of a request, presented as `use` says; NULL when it is not there. */
const char *client_token(const struct sandbox *sandbox, const struct request *request);

#endif
