/* SPDX-License-Identifier: MIT */
/* One refresh under the lease: what is granted is kept before anybody sees it, and no refusal is believed too early. */
#ifndef CORE_IO_RENEW_H
#define CORE_IO_RENEW_H

#include "driver.h"

/* What a caller wants, and what has come of it so far. The tokens are references of its own. */
struct fob_wish {
    const char *name;
    int64_t min_ttl_ms;
    bool renew;         /* even when it is fresh */
    fob_token *seen;    /* the one that was not good enough; NULL before the first look */
    fob_token *granted; /* came when the lease was gone: still to be kept, in the place of */
    fob_token *replaced;
};

void fob_wish_free(struct fob_wish *wish);

/* Whether the connection's token fulfils it: fresh enough, or as new as there can be. */
bool fob_wish_fulfilled(const struct fob_wish *wish, const fob_connection *connection);

/* FOB_E_NEEDS_LOGIN, with the connection's reason to be dead. */
fob_err fob_renew_dead(const fob_connection *connection, struct fob_error *error);

/*
 * Takes the lease, looks again, and refreshes. Errors: FOB_E_BUSY when somebody else has the lease or took it over (to be
 * tried again with the same wish), else as fob_get_token.
 */
fob_err fob_renew(fob_session *session, struct fob_wish *wish, fob_token **ret_token,
                  struct fob_error *error);

#endif
