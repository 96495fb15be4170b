/* SPDX-License-Identifier: MIT */
/* The names that may stand in {braces} beside the variables, and where. */
#ifndef CORE_NAMES_H
#define CORE_NAMES_H

#include "descriptor.h"

/* Which names have a value in a template; a field of the language says which it takes. */
enum fob_name_group {
    FOB_NAMES_METADATA = 1, /* the metadata endpoints, the environment */
    FOB_NAMES_PUBLIC = 2, /* what the person's browser may see: client_id, redirect_uri, scope, grant_type */
    FOB_NAMES_KEPT = 4,   /* kept.NAME, callback.FIELD */
    FOB_NAMES_SECRET = 8, /* client_secret, code, tokens */
    FOB_NAMES_BODY = 16,  /* the encoded body */
    FOB_NAMES_CLIENT = 32 /* client_id alone: what is known before a flow begins */
};
#define FOB_NAMES_URL (FOB_NAMES_METADATA | FOB_NAMES_PUBLIC | FOB_NAMES_KEPT)
#define FOB_NAMES_REQUEST (FOB_NAMES_URL | FOB_NAMES_SECRET)

struct fob_known_name {
    const char *name; /* one that ends in a dot stands for all that begin with it */
    unsigned groups;
    bool is_secret;
    bool (*is_declared)(const struct fob_descriptor *d, const char *member, size_t len); /* or NULL */
    const char *fix;
};

/* The row of a name, or NULL. */
const struct fob_known_name *fob_name_find(const char *name, size_t len);

/* Whether its value is one that nobody may see: a secret name, variable or kept value. */
bool fob_name_is_secret(const struct fob_descriptor *d, const char *name, size_t len);

#endif
