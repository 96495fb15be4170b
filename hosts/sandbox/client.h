/* SPDX-License-Identifier: MIT */
/* Client authentication (RFC 6749 section 2.3). */
#ifndef SANDBOX_CLIENT_H
#define SANDBOX_CLIENT_H

#include "sandbox.h"

/* What every POST of a client begins with: reads the form and authenticates. False: the reply is made. */
bool client_request(const struct sandbox *sandbox, const struct request *request, struct params *form,
                    struct reply *reply);

#endif
