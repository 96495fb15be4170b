/* SPDX-License-Identifier: MIT */
/* The pages a person sees: the question, why it cannot be asked, and two that only lead on. */
#ifndef SANDBOX_PAGE_H
#define SANDBOX_PAGE_H

#include "sandbox.h"

/* Asks for consent; one_time is the value that ties the answer to this page. */
void page_consent(const struct sandbox *sandbox, const struct grant *grant, const char *one_time,
                  struct reply *reply);

/* what is one sentence. */
void page_refusal(struct reply *reply, const char *what);

/* Posts the fields to uri by itself (response_mode form_post). */
void page_post(struct reply *reply, const char *uri, json_t *fields);

/* Leads from a route in the fragment to where the server sees it. */
void page_move(struct reply *reply);

#endif
