/* SPDX-License-Identifier: MIT */
/* What the core does with clients that hosts do not. */
#ifndef CORE_CLIENT_H
#define CORE_CLIENT_H

#include <fob/client.h>

/* One of its own with all its credentials. Errors: FOB_E_MEMORY. */
fob_err fob_client_copy(const fob_client *client, fob_client **ret_client, struct fob_error *error);

#endif
