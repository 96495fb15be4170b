/* SPDX-License-Identifier: MIT */
/* Lists of scopes separated by spaces (RFC 6749 section 3.3). */
#include "scope.h"

#include <stddef.h>
#include <string.h>

bool scope_is_valid(const char *scope)
{
    size_t len = strlen(scope);
    if (len == 0 || scope[0] == ' ' || scope[len - 1] == ' ' || strstr(scope, "  "))
        return false;
    for (const char *c = scope; *c; c++)
        if (*c < 0x20 || *c > 0x7e || *c == '"' || *c == '\\')
            return false;
    return true;
}

static bool has(const char *scope, const char *one, size_t len)
{
    while (*scope) {
        size_t n = strcspn(scope, " ");
        if (n == len && memcmp(scope, one, len) == 0)
            return true;
        scope += n + (scope[n] == ' ');
    }
    return false;
}

bool scope_has(const char *scope, const char *one)
{
    return has(scope, one, strlen(one));
}

bool scope_within(const char *part, const char *whole)
{
    while (*part) {
        size_t n = strcspn(part, " ");
        if (!has(whole, part, n))
            return false;
        part += n + (part[n] == ' ');
    }
    return true;
}
