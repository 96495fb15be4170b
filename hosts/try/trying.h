/* SPDX-License-Identifier: MIT */
/* All that can be tried of one descriptor. */
#ifndef TRY_TRYING_H
#define TRY_TRYING_H

#include "subject.h"

/*
 * One JSON object: "id", "file", "passed", "recorded" and "failed", how many exchanges, and "mismatches", a list of
 * {"file", "line", "column", "test", "what"}.
 */
json_t *try_subject(fob_session *session, const struct subject *subject);

#endif
