/* SPDX-License-Identifier: MIT */
/* Calling a provider plugin's hooks, and holding what they return to the rules. */
#ifndef CORE_HOOKS_H
#define CORE_HOOKS_H

#include "binding.h"
#include "entropy.h"
#include "logger.h"
#include "plugins.h"
#include "request.h"
#include "tokens.h"

#include <fob/http.h>

enum fob_hook {
    FOB_HOOK_ENDPOINT,
    FOB_HOOK_AUTHORIZE_PARAMS,
    FOB_HOOK_CLIENT_AUTH,
    FOB_HOOK_REQUEST,
    FOB_HOOK_RESPONSE,
    FOB_HOOK_CLASSIFY_ERROR,
    FOB_HOOK_TOKEN,
    FOB_HOOK_IDENTITY
};

/* What a flow lends to the hooks it calls. It fills the first part once, the second part before each call. */
struct fob_call {
    const struct fob_binding *binding;
    const struct fob_client *client;
    const struct fob_logger *log;
    struct fob_entropy *entropy;
    int64_t now;
    struct fob_pairs
        values; /* grant_type, redirect_uri, scope, endpoint, code, refresh_token, access_token */
    /* What is a secret of the flow's, though a hook may not be given it by name. NULL: none yet. */
    const struct fob_buf *verifier, *code;
    const struct fob_kept_values *kept;
    fob_token *const *granted; /* the token that the flow goes on with */
    const fob_token *old;      /* refresh, revoke */

    const struct fob_rule *rule;              /* of that request; NULL: it is the one for the browser */
    struct fob_request *request;              /* endpoint, authorize_params, client_auth, request */
    const struct fob_http_response *response; /* response and later */
    struct fob_buf *standard;                 /* response: takes the standard answer; NULL data when unset */
    fob_token *token;                         /* token, identity */
    bool authorizing;                         /* the request is the one for the browser */

    /* the hooks' own */
    enum fob_hook running;
    int failed; /* a service refused or the hook called fail; the error is in *error */
    struct fob_error *error;
    struct fob_lent *lent; /* copies that live until the hook returns */
};

/* Lends hooks a value under that name; NULL takes it away. Kept only when there is a plugin to read it. */
void fob_hook_value(struct fob_call *call, const char *name, const char *value);

/*
 * Runs one hook of the provider's plugin. No plugin or no such hook is *ret_done = false. Whatever the hook returned, a
 * breach of a rule is FOB_E_PLUGIN naming plugin and hook: an endpoint outside `hosts` or not https, a guarded parameter,
 * a secret of this flow in the authorization request or in any URL, an unknown return value, text that is not UTF-8.
 * For FOB_HOOK_CLASSIFY_ERROR a negative result other than a breach comes back as that code. With FOB_OK, *ret_done says
 * whether the hook returned FOB_HOOK_DONE.
 */
fob_err fob_hook_run(struct fob_call *call, enum fob_hook hook, bool *ret_done, struct fob_error *error);

/* The service table given to plugins. */
extern const struct fob_host fob_host_services;

/* --- hooks.c ------------------------------------------------------------------------------------------------ */

/* The id of the plugin that is running. */
const char *fob_hook_plugin(const struct fob_call *call);
/* A rule was broken: the flow ends with FOB_E_PLUGIN, whatever the hook makes of it. what stands between plugin and hook. */
fob_err fob_hook_breach(struct fob_call *call, const char *what);
/* Memory ran out in a service: the flow ends with FOB_E_MEMORY, whatever the hook makes of it. */
fob_err fob_hook_no_memory(struct fob_call *call);
/* The error that a plugin meant by a number, FOB_OK when it is none. Those that blame the host's own call are the plugin's. */
fob_err fob_hook_code(int code);
/* Fills the error of a hook that says no more than code. */
fob_err fob_hook_failed(struct fob_call *call, fob_err code);

/* --- hook_services.c ---------------------------------------------------------------------------------------- */

/* Wipes and frees what was lent to the hook that has returned. */
void fob_hook_take_back(struct fob_call *call);

/* --- hook_secrets.c ----------------------------------------------------------------------------------------- */

/* Whether text holds a secret of this flow, as it is or percent-encoded. text may be NULL. */
bool fob_hook_secret_in(const struct fob_call *call, const char *text);

#endif
