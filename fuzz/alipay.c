/* SPDX-License-Identifier: MIT */
/* Answers of Alipay's gateway: what is found to be signed is what a reader of the whole answer would take. */
#include "alipay.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static json_t *read_json(const char *text, size_t len)
{
    return json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
}

/* The core reads the whole afterwards, and takes nothing that is no JSON. */
static void check(const struct alipay_answer *answer, json_t *whole)
{
    char *name = strndup(answer->name, answer->name_len);
    json_t *part = read_json(answer->signed_part, answer->signed_len);
    if (!name || !part || !json_equal(part, json_object_get(whole, name)))
        abort();
    json_decref(part);
    free(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct alipay_answer answer;
    char *text = malloc(size ? size : 1); /* of its very size, so that reading on is seen */
    if (!text)
        return 0;
    memcpy(text, data, size);
    if (alipay_find(text, size, &answer)) {
        json_t *whole = read_json(text, size);
        if (whole)
            check(&answer, whole);
        json_decref(whole);
    }
    free(text);
    return 0;
}
