/* SPDX-License-Identifier: MIT */
/* The language of clients.yaml, read through the same tables as descriptors. Pure. */
#ifndef CORE_CLIENTFILE_H
#define CORE_CLIENTFILE_H

#include "fields.h"

enum fob_grant_choice { FOB_GRANT_CODE, FOB_GRANT_CLIENT_CREDENTIALS };

/* Where a secret is kept: at most one of the four. */
struct fob_secret_source {
    char *text, *file, *env;
    struct fob_strings command;
};

/* One entry, by the name of the connection. */
struct fob_client_rule {
    char *name;
    struct fob_mark mark;
    char *provider, *client_id;
    struct fob_secret_source secret, key;
    enum fob_grant_choice grant;
    char *environment, *redirect_uri;
    struct fob_strings scopes;
    struct fob_map variables;
};

struct fob_client_file {
    int64_t fob;
    struct fob_client_rule *clients;
    size_t n_clients;
};

extern const struct fob_table fob_client_language;

/* Zeroed or filled, it can be freed. Errors: FOB_E_CONFIG or FOB_E_LIMIT with file, line and column, FOB_E_MEMORY. */
fob_err fob_client_file_read(const char *text, size_t len, const char *file, struct fob_client_file *ret,
                             struct fob_error *error);
void fob_client_file_free(struct fob_client_file *file);

#endif
