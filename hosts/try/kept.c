/* SPDX-License-Identifier: MIT */
/* What a login may keep, as it may look. */
#include "kept.h"
#include "sample.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *pattern_of(json_t *rule)
{
    return json_string_value(json_object_get(rule, "pattern"));
}

static bool fits(json_t *rule, const char *value)
{
    return value && (!pattern_of(rule) || sample_matches(pattern_of(rule), value));
}

/* --- as it was recorded -------------------------------------------------------------------------------------- */

static const char *source_of(json_t *rule)
{
    const char *from = json_string_value(rule);
    return from ? from : json_string_value(json_object_get(rule, "from"));
}

static char *recorded(const struct subject *subject, const char *name, json_t *rule)
{
    json_t *test;
    const char *key, *from = source_of(rule);
    json_object_foreach (json_object_get(subject->descriptor, "tests"), key, test) {
        json_t *kept = json_object_get(tree_at(test, "token/kept"), name);
        json_t *field = from ? json_object_get(json_object_get(test, "callback"), from) : NULL;
        char *value = tree_show(json_is_null(kept) || !kept ? field : kept);
        if (*value && fits(rule, value))
            return value;
        free(value);
    }
    return NULL;
}

/* --- as the list of hosts has it ----------------------------------------------------------------------------- */

static char *of_host(json_t *rule, const char *host)
{
    static const char *const forms[] = {"https://%s", "%s", "https://%s/", "https://%s/api/",
                                        "https://%s/api"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct text out = {0};
        const char *hole = strstr(forms[i], "%s");
        text_add(&out, forms[i], (size_t)(hole - forms[i]));
        text_str(&out, host);
        text_str(&out, hole + 2);
        char *value = text_take(&out);
        if (fits(rule, value))
            return value;
        free(value);
    }
    return NULL;
}

static char *of_hosts(const struct subject *subject, const char *environment, const struct values *values,
                      json_t *rule)
{
    json_t *host;
    size_t i;
    char *found = NULL;
    json_array_foreach (json_object_get(subject->descriptor, "hosts"), i, host) {
        char *filled = values_fill(subject, environment, values, json_string_value(host));
        char *whole = starts_with(filled, "*.") ? text_printf("acme%s", filled + 1) : text_copy(filled);
        found = found ? found : of_host(rule, whole);
        free(filled);
        free(whole);
    }
    return found;
}

/* --- as anything --------------------------------------------------------------------------------------------- */

static char *capitals(const char *name)
{
    char *out = text_copy(name);
    for (char *c = out; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return out;
}

char *kept_sample(const struct subject *subject, const char *environment, const struct values *values,
                  const char *name, json_t *rule)
{
    char *value = recorded(subject, name, rule);
    if (!value && pattern_of(rule))
        value = of_hosts(subject, environment, values, rule);
    if (!value && pattern_of(rule))
        value = sample_of_pattern(pattern_of(rule));
    return value ? value : capitals(name);
}
