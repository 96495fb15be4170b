/* SPDX-License-Identifier: MIT */
/* All that can be tried of one descriptor. */
#ifndef TRY_TRYING_H
#define TRY_TRYING_H

#include "subject.h"

/*
 * One JSON object: "id", "file", "passed", "recorded" and "failed", how many exchanges, "tests", each of them as {"test",
 * "environment" where it names one, "passed"}, and "mismatches", a list of {"file", "line", "column", "test", "what"}. With the
 * path of fob-sandbox also "sandbox" (not of a provider with a plugin) and "skipped": what live_try gives; and "sandbox_why"
 * when it could not be started.
 */
json_t *try_subject(fob_session *session, const struct subject *subject, const char *program);

#endif
