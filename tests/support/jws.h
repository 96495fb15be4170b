/* SPDX-License-Identifier: MIT */
/* Signed tokens taken apart, and the RFCs' own. */
#ifndef SUPPORT_JWS_H
#define SUPPORT_JWS_H

#include "cleanup.h"
#include "text.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

/* Part n of the compact serialization, decoded; the test fails when it is none. */
static inline struct fob_buf jws_part(const char *jws, int n)
{
    struct fob_buf out = FOB_BUF((size_t)64 * 1024);
    for (; n > 0; n--) {
        jws = strchr(jws, '.');
        cr_assert_not_null(jws);
        jws++;
    }
    cr_assert(fob_base64url_decode(&out, jws, strcspn(jws, ".")));
    return out;
}

/* The same as JSON; to be freed. */
static inline json_t *jws_json(const char *jws, int n)
{
    fob_auto_buf text = jws_part(jws, n);
    json_t *json = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
    cr_assert_not_null(json, "%s", text.data);
    return json;
}

/* tests/vectors/jws.json: from, alg, key, jws. */
static inline json_t *jws_vectors(void)
{
    json_t *all = json_load_file(FOB_SOURCE_DIR "/tests/vectors/jws.json", 0, NULL);
    cr_assert_not_null(all);
    cr_assert_geq(json_array_size(all), 4);
    return all;
}

static inline const char *text_of(const json_t *object, const char *member)
{
    return json_string_value(json_object_get(object, member));
}

#endif
