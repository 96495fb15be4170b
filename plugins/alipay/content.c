/* SPDX-License-Identifier: MIT */
/* What the signature of a request covers, and the time in it. */
#include "alipay.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CHINA (8 * 3600) /* seconds ahead of UTC, all year */

static int compare(const void *a, const void *b)
{
    const struct fob_pair *left = a, *right = b;
    return strcmp(left->name, right->name);
}

static bool is_covered(const struct fob_pair *pair)
{
    return *pair->value && strcmp(pair->name, "sign") != 0;
}

char *alipay_content(struct fob_pair *params, size_t n)
{
    size_t size = 1;
    for (size_t i = 0; i < n; i++)
        size += strlen(params[i].name) + strlen(params[i].value) + 2;
    char *content = malloc(size), *at = content;
    if (!content)
        return NULL;
    if (n)
        qsort(params, n, sizeof *params, compare);
    *content = '\0';
    for (size_t i = 0; i < n; i++) {
        if (!is_covered(&params[i]))
            continue;
        at = stpcpy(at, at == content ? "" : "&");
        at = stpcpy(stpcpy(stpcpy(at, params[i].name), "="), params[i].value);
    }
    return content;
}

void alipay_time(int64_t ms, char out[ALIPAY_TIME_SIZE])
{
    time_t seconds = (time_t)(ms / 1000 + CHINA);
    struct tm parts;
    if (!gmtime_r(&seconds, &parts) || strftime(out, ALIPAY_TIME_SIZE, "%Y-%m-%d %H:%M:%S", &parts) == 0)
        *out = '\0';
}
