/* SPDX-License-Identifier: MIT */
/* The pages a person sees: the question, and why it cannot be asked. */
#ifndef SANDBOX_PAGE_H
#define SANDBOX_PAGE_H

#include "sandbox.h"

/* Asks for consent; one_time is the value that ties the answer to this page. */
void page_consent(const struct sandbox *sandbox, const struct grant *grant, const char *one_time,
                  struct reply *reply);

/* what is one sentence. */
void page_refusal(struct reply *reply, const char *what);

#endif
