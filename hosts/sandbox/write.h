/* SPDX-License-Identifier: MIT */
/* Bodies of answers: a tree as JSON, a form, XML, or text. */
#ifndef SANDBOX_WRITE_H
#define SANDBOX_WRITE_H

#include "sandbox.h"

/* format as in the descriptor; NULL: JSON. body may be NULL; whole, where there is one, is all of it, as text. */
void write_answer(struct reply *reply, const char *format, json_t *body, const char *whole);

#endif
