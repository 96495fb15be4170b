/* SPDX-License-Identifier: MIT */
/* The page that the person's browser shows after the redirect. */
#ifndef CORE_IO_PAGE_H
#define CORE_IO_PAGE_H

#include "../buf.h"

/* failure NULL: it worked. */
void fob_page(struct fob_buf *out, const struct fob_error *failure);

/* The page for when the person has to go on in the program. */
void fob_page_choose(struct fob_buf *out);

#endif
