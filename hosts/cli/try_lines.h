/* SPDX-License-Identifier: MIT */
/* What fob try found of one descriptor, for a person. */
#ifndef CLI_TRY_LINES_H
#define CLI_TRY_LINES_H

#include <jansson.h>

/* result is what try_subject gives. A line for each recorded exchange and each grant, then one that sums up. */
void print_try_lines(json_t *result);
/* One line, behind what failed. */
void print_try_line(json_t *result);

#endif
