/* SPDX-License-Identifier: MIT */
/* A provider with its blanks filled in: one environment chosen, every variable with a checked value. */
#ifndef CORE_BINDING_H
#define CORE_BINDING_H

#include "buf.h"
#include "descriptor.h"
#include "pairs.h"
#include "template.h"

struct fob_binding {
    fob_provider *provider;                         /* a reference */
    const struct fob_environment_rule *environment; /* or NULL */
    const char *client_id;                          /* borrowed; NULL: {client_id} has no value */
    struct fob_pairs variables;
    struct fob_strings
        hosts; /* that a token or secret may be sent to, as given; none: those of the endpoints */
};

/*
 * Values come, first wins, from `given`, the environment, the variable's default. Errors: FOB_E_CONFIG naming the variable
 * and its pattern or example (a secret one's value is never shown), FOB_E_MEMORY. Zeroed or filled, it can be freed.
 * client_id, which may be NULL, has to live as long.
 */
fob_err fob_binding_init(struct fob_binding *ret, fob_provider *provider, const char *environment,
                         const char *client_id, const struct fob_pair *given, size_t n_given,
                         struct fob_error *error);
void fob_binding_free(struct fob_binding *binding);

/*
 * Fills template in as fob_template_fill does: variables and the client id first, then what env knows; env NULL: these only. With
 * ret_missing NULL what has no value is FOB_E_CONFIG.
 */
fob_err fob_binding_expand(const struct fob_binding *binding, const char *template, bool percent,
                           const struct fob_expression_env *env, struct fob_buf *out, bool *ret_missing,
                           struct fob_error *error);

/*
 * The endpoint with that RFC 8414 name, environment and variables applied, checked by fob_url_check (when the
 * descriptor was read, if it has no variables) and against the hosts. The caller frees *ret_url; NULL when the provider has none. Errors: FOB_E_CONFIG, FOB_E_DESCRIPTOR, FOB_E_MEMORY.
 */
fob_err fob_binding_endpoint(const struct fob_binding *binding, const char *name, char **ret_url,
                             struct fob_error *error);

/* The environment's value of a metadata string or list where it gives one, else the provider's; NULL for none. */
const char *fob_binding_metadata(const struct fob_binding *binding, const char *name);
const struct fob_strings *fob_binding_list(const struct fob_binding *binding, const char *name);
bool fob_binding_flag(const struct fob_binding *binding, const char *name);

/* Whether url may be sent a token or secret: fob_url_check and the hosts. code is the error to fail with. */
fob_err fob_binding_check_url(const struct fob_binding *binding, const char *url, const char *what,
                              bool allow_fragment, fob_err code, struct fob_error *error);

#endif
