/* SPDX-License-Identifier: MIT */
/* Logins that need no person. */
#ifndef CORE_IO_LOGIN_H
#define CORE_IO_LOGIN_H

#include "driver.h"

/*
 * Makes the connection `name` from its entry in clients.yaml when that says grant: client_credentials. Errors:
 * FOB_E_NEEDS_LOGIN when there is no such entry or it needs a person; else as fob_log_in.
 */
fob_err fob_login_unattended(fob_session *session, const char *name, fob_token **ret_token,
                             struct fob_error *error);

#endif
