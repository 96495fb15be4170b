/* SPDX-License-Identifier: MIT */
/* A client as the core copies it. */
#ifndef CORE_CLIENT_H
#define CORE_CLIENT_H

#include <fob/client.h>

/* A copy of its own, with all its credentials. Errors: FOB_E_MEMORY. */
fob_err fob_client_copy(const fob_client *client, fob_client **ret_client, struct fob_error *error);

#endif
