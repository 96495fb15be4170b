/* SPDX-License-Identifier: MIT */
/* A provider plugin that does in its hooks what a test tells it to, and the login that it is a part of. */
#ifndef SUPPORT_FAKE_PLUGIN_H
#define SUPPORT_FAKE_PLUGIN_H

#include "drive.h"
#include "hooks.h"

#define N_HOOKS 8

static const char *const hook_names[N_HOOKS] = {"endpoint", "authorize_params", "client_auth", "request",
                                                "response", "classify_error",   "token",       "identity"};

/* --- what it does ------------------------------------------------------------------------------------------- */

enum what {
    NOTHING,
    SET_ENDPOINT, /* a */
    SET_PARAM,    /* a, b; number times, as a0, a1 … where it is not 0 */
    SET_HEADER,   /* likewise */
    SET_BODY,     /* type a, bytes b; number bytes where it is not 0 */
    SET_RESPONSE, /* a; number bytes where it is not 0 */
    SET_EXPIRES,  /* number */
    SET_SCOPE,    /* a */
    SET_IDENTITY, /* a */
    LOG,          /* a */
    FAIL          /* code number, text a */
};

#pragma GCC diagnostic ignored "-Wmissing-field-initializers" /* a row leaves out what does not apply */
#pragma GCC diagnostic ignored "-Wunused-variable"            /* a flow that ran is there only to be freed */

/*
 * One deed in one hook. In a and b, $name$ stands for a value of the host's and @name@ for a parameter. The hook returns
 * what its last deed says: 0 is FOB_HOOK_NEXT.
 */
struct deed {
    enum fob_hook hook;
    enum what what;
    const char *a, *b;
    int64_t number;
    int result;
};

static const struct deed *deeds;
static size_t n_deeds;
static char trace[1024]; /* the hooks in the order in which they ran */
static fob_hook_fn *spy; /* runs in every hook, before the deeds */

static inline void expand(char *out, size_t size, struct fob_call *call, const struct fob_host *host,
                          const char *text)
{
    size_t used = 0;
    while (*text && used + 1 < size) {
        const char *end = *text == '$' || *text == '@' ? strchr(text + 1, *text) : NULL;
        if (!end) {
            out[used++] = *text++;
            continue;
        }
        fob_auto_free char *name = fob_strndup(text + 1, (size_t)(end - text - 1));
        const char *value = *text == '$' ? host->value(call, name) : host->param(call, name);
        used += (size_t)snprintf(out + used, size - used, "%s", value ? value : "(none)");
        text = end + 1;
    }
    out[used < size ? used : size - 1] = '\0';
}

typedef fob_err setter(struct fob_call *, const char *, const char *);

static inline void set_some(const struct deed *deed, setter *set, struct fob_call *call, const char *a,
                            const char *b)
{
    char name[64];
    if (!deed->number)
        set(call, a, b);
    for (int64_t i = 0; i < deed->number; i++) {
        snprintf(name, sizeof name, "%s%d", a, (int)i);
        set(call, name, b);
    }
}

static inline void do_deed(const struct deed *deed, struct fob_call *call, const struct fob_host *host)
{
    static char big[FOB_MAX_RESPONSE + 1024];
    char first[FOB_MAX_URL + 1024], second[2048];
    const char *a = deed->a ? first : NULL, *b = deed->b ? second : NULL;
    size_t len = (size_t)deed->number;
    expand(first, sizeof first, call, host, deed->a ? deed->a : "");
    expand(second, sizeof second, call, host, deed->b ? deed->b : "");
    memset(big, ' ', sizeof big);
    memcpy(big, first, strlen(first));
    switch (deed->what) {
    case SET_ENDPOINT:
        host->set_endpoint(call, a);
        break;
    case SET_PARAM:
        set_some(deed, host->set_param, call, a, b);
        break;
    case SET_HEADER:
        set_some(deed, host->set_header, call, a, b);
        break;
    case SET_BODY:
        host->set_body(call, a, deed->number ? big : b, len ? len : strlen(second));
        break;
    case SET_RESPONSE:
        host->set_response(call, a ? big : NULL, len ? len : strlen(first));
        break;
    case SET_EXPIRES:
        host->set_expires_at(call, deed->number);
        break;
    case SET_SCOPE:
        host->set_scope(call, a);
        break;
    case SET_IDENTITY:
        host->set_identity(call, a);
        break;
    case LOG:
        host->log(call, FOB_LOG_INFO, a);
        break;
    case FAIL:
        host->fail(call, (fob_err)deed->number, a);
        break;
    case NOTHING:
        break;
    }
}

static inline int act(enum fob_hook hook, void *self, struct fob_call *call, const struct fob_host *host)
{
    int result = FOB_HOOK_NEXT;
    size_t used = strlen(trace);
    snprintf(trace + used, sizeof trace - used, "%s%s", used ? " " : "", hook_names[hook]);
    if (spy)
        spy(self, call, host);
    for (size_t i = 0; i < n_deeds; i++) {
        if (deeds[i].hook != hook)
            continue;
        do_deed(&deeds[i], call, host);
        result = deeds[i].result;
    }
    return result;
}

#define HOOK(name, hook)                                                                                     \
    static inline int name(void *self, struct fob_call *call, const struct fob_host *host)                   \
    {                                                                                                        \
        return act(hook, self, call, host);                                                                  \
    }
HOOK(on_endpoint, FOB_HOOK_ENDPOINT)
HOOK(on_authorize_params, FOB_HOOK_AUTHORIZE_PARAMS)
HOOK(on_client_auth, FOB_HOOK_CLIENT_AUTH)
HOOK(on_request, FOB_HOOK_REQUEST)
HOOK(on_response, FOB_HOOK_RESPONSE)
HOOK(on_classify_error, FOB_HOOK_CLASSIFY_ERROR)
HOOK(on_token, FOB_HOOK_TOKEN)
HOOK(on_identity, FOB_HOOK_IDENTITY)

static struct fob_plugin_object plugin = {.plugin = {.id = "odd", .role = FOB_ROLE_PROVIDER},
                                          .hooks = {.size = sizeof(struct fob_provider_hooks),
                                                    .endpoint = on_endpoint,
                                                    .authorize_params = on_authorize_params,
                                                    .client_auth = on_client_auth,
                                                    .request = on_request,
                                                    .response = on_response,
                                                    .classify_error = on_classify_error,
                                                    .token = on_token,
                                                    .identity = on_identity}};

/* --- what it is part of ------------------------------------------------------------------------------------- */

#define TENANT_SECRET "tenant-secret-1"
#define PLUGIN_DESCRIPTOR                                                                                    \
    DESCRIPTOR "plugin: odd\n"                                                                               \
               "variables:\n"                                                                                \
               "  tenant: {default: contoso}\n"                                                              \
               "  pin: {secret: true}\n"                                                                     \
               "environments: {sandbox: {doc: for trying out}}\n"

static const char *descriptor = PLUGIN_DESCRIPTOR;
static inline fob_flow *make_plugged(constructor *construct, struct fob_error *error)
{
    static const char *const mail[] = {"mail"};
    static const struct fob_pair variables[] = {{"pin", TENANT_SECRET}};
    fob_auto_provider *provider = NULL;
    fob_auto_client *client = client_with(SECRET);
    fob_flow *flow = NULL;
    cr_assert_eq(fob_provider_read(descriptor, strlen(descriptor), "acme.yaml", NULL, &provider, error),
                 FOB_OK, "%s", error->what);
    provider->plugin = &plugin;
    struct fob_flow_params params = params_for(provider, client, mail);
    params.variables = provider->d.n_variables ? variables : NULL;
    params.n_variables = provider->d.n_variables ? 1 : 0;
    params.environment = provider->d.n_environments ? "sandbox" : NULL;
    cr_assert_eq(construct(&params, &flow, error), FOB_OK, "%s", error->what);
    return flow;
}

/* A flow with these deeds done in it, from its first step to its last. */
static inline fob_flow *run_flow(constructor *construct, const struct deed *todo, size_t n, fob_err *ret_err,
                                 struct fob_error *error)
{
    forget_sent();
    trace[0] = '\0';
    deeds = todo;
    n_deeds = n;
    fob_flow *flow = make_plugged(construct, error);
    *ret_err = drive(flow, error);
    return flow;
}

static inline fob_flow *run_login(const struct deed *todo, size_t n, fob_err *ret_err,
                                  struct fob_error *error)
{
    return run_flow(fob_flow_authorization_code, todo, n, ret_err, error);
}

#endif
