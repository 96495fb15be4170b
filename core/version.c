/* SPDX-License-Identifier: MIT */
/* The version at run time. */
#include <fob/version.h>

const char *fob_version(void)
{
    return FOB_VERSION;
}
