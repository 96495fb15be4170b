/* SPDX-License-Identifier: MIT */
/* The version at run time is the one of the headers. */
#include <criterion/criterion.h>
#include <fob/version.h>
#include <stdio.h>

Test(version, is_major_minor_and_patch)
{
    char text[32];
    snprintf(text, sizeof text, "%d.%d.%d", FOB_VERSION_MAJOR, FOB_VERSION_MINOR, FOB_VERSION_PATCH);
    cr_expect_str_eq(FOB_VERSION, text);
    cr_expect_str_eq(fob_version(), text);
}
