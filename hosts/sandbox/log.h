/* SPDX-License-Identifier: MIT */
/* What --verbose tells on standard error. Never a secret. */
#ifndef SANDBOX_LOG_H
#define SANDBOX_LOG_H

#include "inquiry.h"

/* The parameters of a client's request and why it is refused, if it is. */
void log_inquiry(const struct inquiry *inquiry);
/* The same of the person's request; why may be NULL. */
void log_authorization(const struct sandbox *sandbox, const struct params *query,
                       const struct expectations *expected, const char *why);
/* The outcome. */
void log_reply(const struct sandbox *sandbox, const struct request *request, const struct reply *reply);

#endif
