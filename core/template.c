/* SPDX-License-Identifier: MIT */
/* Texts with {names} in them, cut into pieces. */
#include "template.h"

#include <string.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define NAME LOWER "0123456789_"

static bool read_name(const char **rest, struct fob_piece *ret)
{
    const char *name = *rest + 1;
    bool plus = *name == '+';
    name += plus;
    size_t len = strspn(name, NAME);
    if (strspn(name, LOWER) == 0 || name[len] != '}')
        return false;
    *ret = (struct fob_piece){.text = name, .len = len, .is_name = true, .plus = plus};
    *rest = name + len + 1;
    return true;
}

bool fob_template_next(const char **rest, struct fob_piece *ret)
{
    const char *at = *rest;
    if (!*at)
        return false;
    if ((at[0] == '{' || at[0] == '}') && at[1] == at[0]) {
        *ret = (struct fob_piece){.text = at, .len = 1};
        *rest = at + 2;
        return true;
    }
    if (*at == '{')
        return read_name(rest, ret);
    size_t len = strcspn(at, "{}");
    if (len == 0)
        return false;
    *ret = (struct fob_piece){.text = at, .len = len};
    *rest = at + len;
    return true;
}

const char *fob_template_problem(const char *text)
{
    struct fob_piece piece;
    while (fob_template_next(&text, &piece))
        ;
    if (!*text)
        return NULL;
    return *text == '{' ? "a { does not begin a {name}" : "a } stands alone";
}
