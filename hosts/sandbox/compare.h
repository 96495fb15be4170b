/* SPDX-License-Identifier: MIT */
/* A request held against what it has to be: parameters, their places, header fields, the URL. */
#ifndef SANDBOX_COMPARE_H
#define SANDBOX_COMPARE_H

#include "inquiry.h"

/* The first thing that is wrong; nothing when all is right. */
struct problem compare_request(const struct inquiry *inquiry);

/* How much the request looks like one of this rule, to tell the rule by whose words it is refused. */
int compare_likeness(const struct inquiry *inquiry);

/*
 * Why a value (NULL: absent) is not what the template makes, or NULL. unknown: the server lacks what names stand
 * for, so that a name without a value says nothing.
 */
const char *compare_value(const char *template, const struct facts *facts, bool unknown, bool optional,
                          const char *value);
/* The same for what is expected of a parameter. */
const char *compare_expected(const struct expected *expected, const struct facts *facts, bool unknown,
                             const char *value);

/* Header fields by template, as `headers` and `use` have them. */
struct problem compare_headers(const struct request *request, json_t *templates, const struct facts *facts,
                               bool unknown);

/* The same for query parameters; others may stand beside them. */
struct problem compare_query(const struct request *request, json_t *templates, const struct facts *facts);

#endif
