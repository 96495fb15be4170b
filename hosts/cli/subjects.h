/* SPDX-License-Identifier: MIT */
/* Descriptors that a command looks into. */
#ifndef CLI_SUBJECTS_H
#define CLI_SUBJECTS_H

#include "subject.h"

/* The one that is named by its path or by its id. EXIT_OK, or an exit code with the reason told. */
int open_subject(fob_session *session, const char *word, struct subject *ret);

#endif
