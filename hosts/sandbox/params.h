/* SPDX-License-Identifier: MIT */
/* Parameters of a query or form (application/x-www-form-urlencoded), read strictly. */
#ifndef SANDBOX_PARAMS_H
#define SANDBOX_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#define MAX_PARAMS 64

struct params {
    struct param {
        char *name, *value;
    } v[MAX_PARAMS];
    size_t n;
};

/*
 * False, with *ret_problem saying why, when the text is not clean: a broken escape, a control character, no
 * UTF-8, too many parameters, or one name twice (RFC 6749 section 3.1).
 */
bool params_read(struct params *params, const char *text, const char **ret_problem);

/* NULL when absent or empty: an empty parameter counts as left out (RFC 6749 section 3.1). */
const char *params_get(const struct params *params, const char *name);

void params_free(struct params *params);

/* Adds a copy of both; false, with *ret_problem saying why, where params_read would refuse. */
bool params_add(struct params *params, const char *name, const char *value, const char **ret_problem);

/* The decoded form of len bytes, or NULL when an escape is broken or the result is not clean text. */
char *params_decode(const char *text, size_t len);
/* The same for a part of a path, where a + means itself. */
char *params_decode_path(const char *text, size_t len);

#endif
