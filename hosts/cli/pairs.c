/* SPDX-License-Identifier: MIT */
/* NAME=VALUE on the command line. */
#include "cli.h"

#include <string.h>

int split_pairs(const char *option, const char *example, const struct words *given, struct pairs *ret)
{
    if (given->n > FOB_MAX_VARIABLES)
        return usage(NULL, "--%s was given more than %d times", option, FOB_MAX_VARIABLES);
    for (size_t i = 0; i < given->n; i++) {
        const char *equals = strchr(given->v[i], '=');
        size_t len = equals ? (size_t)(equals - given->v[i]) : 0;
        if (len == 0 || len > FOB_MAX_ID)
            return usage(example, "--%s has to be NAME=VALUE, not \"%s\"", option, given->v[i]);
        memcpy(ret->names[i], given->v[i], len);
        ret->names[i][len] = '\0';
        ret->v[i] = (struct fob_pair){ret->names[i], equals + 1};
        ret->n++;
    }
    return EXIT_OK;
}
