/* SPDX-License-Identifier: MIT */
/* Recorded exchanges: the `tests` of a descriptor, run through a real flow in fake time. */
#ifndef TRY_EXCHANGE_H
#define TRY_EXCHANGE_H

#include "subject.h"

/* One thing that did not come as it was recorded. */
struct mismatch {
    struct place place; /* of what was wanted */
    const char *test;
    const char *what; /* one line: what was wanted, what came */
};
typedef void mismatch_fn(void *user, const struct mismatch *mismatch);

/* Runs the recorded exchange of that name; the number of mismatches, each of which is reported. */
unsigned exchange_run(fob_session *session, const struct subject *subject, const char *name,
                      mismatch_fn *report, void *user);

#endif
