/* SPDX-License-Identifier: MIT */
/* Which standard parameters a request may send, and under which names. */
#ifndef CORE_SENT_H
#define CORE_SENT_H

#include "rule.h"

struct fob_sent {
    const char *standard, *name; /* as the RFC calls it, as the provider does */
};

#define FOB_MAX_SENT 12

/*
 * Those that fob itself may send, but for what the descriptor leaves out; ret has room for FOB_MAX_SENT. Their number.
 * rule NULL: of the authorization request.
 */
size_t fob_sent_params(const struct fob_descriptor *d, const struct fob_rule *rule, struct fob_sent *ret);

/* Whether null in the params of the request leaves it out, whatever stands under that name. rule NULL: likewise. */
bool fob_is_left_out(const struct fob_descriptor *d, const struct fob_rule *rule, const char *name);

/* Whether a text in the map has {name} in it: as it is, neither hashed nor one of several. */
bool fob_map_sends(const struct fob_map *map, const char *name);

/* The parameters of PKCE (RFC 7636), ended by NULL. */
extern const char *const fob_pkce_params[];

/* Whether one of them is not sent, or not under its own name; param NULL: whether any is. */
bool fob_pkce_is_amiss(const struct fob_descriptor *d, const char *param);

#endif
