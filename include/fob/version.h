/* SPDX-License-Identifier: MIT */
/* The version. CMakeLists.txt reads it from here. */
#ifndef FOB_VERSION_H
#define FOB_VERSION_H

#include <fob/export.h>

#define FOB_VERSION_MAJOR 0
#define FOB_VERSION_MINOR 1
#define FOB_VERSION_PATCH 0
#define FOB_VERSION "0.1.0"

FOB_BEGIN_DECLS

/* The library's version at run time, "MAJOR.MINOR.PATCH". Static. */
FOB_API const char *fob_version(void);

FOB_END_DECLS

#endif
