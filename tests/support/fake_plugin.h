/* SPDX-License-Identifier: MIT */
/* A provider plugin that does in its hooks what a test tells it to, and the login that it is a part of. */
#ifndef SUPPORT_FAKE_PLUGIN_H
#define SUPPORT_FAKE_PLUGIN_H

#include "fake_flow.h"
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
    FAIL,         /* code number, text a */
    RANDOM        /* number bytes */
};

/*
 * One deed in one hook. In a and b, $name$ stands for a value of the host's and @name@ for a parameter. What the service
 * returned is in `returned`. The hook returns what its last deed says: 0 is FOB_HOOK_NEXT.
 */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers" /* a row leaves out what does not apply */
struct deed {
    enum fob_hook hook;
    enum what what;
    const char *a, *b;
    int64_t number;
    int result;
};

static const struct deed *deeds;
static size_t n_deeds;
static int returned[16]; /* by deed */
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

static inline int set_some(const struct deed *deed, setter *set, struct fob_call *call, const char *a,
                           const char *b)
{
    char name[64];
    fob_err err = deed->number ? FOB_OK : set(call, a, b);
    for (int64_t i = 0; i < deed->number; i++) {
        snprintf(name, sizeof name, "%s%d", a, (int)i);
        err = set(call, name, b);
    }
    return err;
}

static inline int do_deed(const struct deed *deed, struct fob_call *call, const struct fob_host *host)
{
    static char big[FOB_MAX_RESPONSE + 1024];
    char first[FOB_MAX_URL + 1024], second[2048];
    const char *a = deed->a ? first : NULL, *b = deed->b ? second : NULL;
    expand(first, sizeof first, call, host, deed->a ? deed->a : "");
    expand(second, sizeof second, call, host, deed->b ? deed->b : "");
    memset(big, ' ', sizeof big);
    memcpy(big, first, strlen(first));
    switch (deed->what) {
    case SET_ENDPOINT:
        return host->set_endpoint(call, a);
    case SET_PARAM:
        return set_some(deed, host->set_param, call, a, b);
    case SET_HEADER:
        return set_some(deed, host->set_header, call, a, b);
    case SET_BODY:
        return host->set_body(call, a, deed->number ? big : b,
                              deed->number ? (size_t)deed->number : strlen(second));
    case SET_RESPONSE:
        return host->set_response(call, a ? big : NULL, deed->number ? (size_t)deed->number : strlen(first));
    case SET_EXPIRES:
        return host->set_expires_at(call, deed->number);
    case SET_SCOPE:
        return host->set_scope(call, a);
    case SET_IDENTITY:
        return host->set_identity(call, a);
    case LOG:
        host->log(call, FOB_LOG_INFO, a);
        return 0;
    case FAIL:
        return host->fail(call, (fob_err)deed->number, a);
    case RANDOM:
        return host->random(call, big, (size_t)deed->number);
    case NOTHING:
        break;
    }
    return 0;
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
        returned[i] = do_deed(&deeds[i], call, host);
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
static int status = 200;
static const char *body = "{\"access_token\":\"" AT "\",\"refresh_token\":\"" RT "\",\"expires_in\":60}";

/* What went out: the authorization URL and the last request. */
static char *opened, *sent_url, *sent_body, *sent_fields;

static inline void forget_sent(void)
{
    free(opened);
    free(sent_url);
    free(sent_body);
    free(sent_fields);
    opened = sent_url = sent_body = sent_fields = NULL;
    trace[0] = '\0';
    memset(returned, 0x55, sizeof returned);
}

static inline void remember(const struct fob_http_request *request)
{
    fob_auto_buf fields = FOB_BUF((size_t)1024 * 1024);
    for (size_t i = 0; i < request->n_fields; i++)
        fob_buf_fmt(&fields, "%s: %s\n", request->fields[i].name, request->fields[i].value);
    free(sent_url);
    free(sent_body);
    free(sent_fields);
    sent_url = fob_strdup(request->url);
    sent_body = fob_strndup(request->body ? request->body : "", request->body_len);
    sent_fields = fob_strdup(fields.data ? fields.data : "");
}

static inline fob_flow *make_plugged(constructor *construct, struct fob_error *error)
{
    static const char *const mail[] = {"mail"};
    static const struct fob_pair variables[] = {{"pin", TENANT_SECRET}};
    fob_auto_provider *provider = NULL;
    fob_auto_client *client = client_with(SECRET);
    fob_flow *flow = NULL;
    cr_assert_eq(fob_provider_read(descriptor, strlen(descriptor), "acme.yaml", &provider, error), FOB_OK,
                 "%s", error->what);
    provider->plugin = &plugin;
    struct fob_flow_params params = params_for(provider, client, mail);
    params.variables = provider->d.n_variables ? variables : NULL;
    params.n_variables = provider->d.n_variables ? 1 : 0;
    params.environment = provider->d.n_environments ? "sandbox" : NULL;
    cr_assert_eq(construct(&params, &flow, error), FOB_OK, "%s", error->what);
    return flow;
}

/* Does what the flow wants until it is done or fails. */
static inline fob_err drive(fob_flow *flow, struct fob_error *error)
{
    for (;;) {
        struct fob_action action = FOB_ACTION_INIT;
        fob_err err = fob_flow_next(flow, START, &action, error);
        if (err == FOB_OK && action.want == FOB_WANT_REDIRECT) {
            opened = fob_strdup(action.url);
            err = redirect(flow, "&code=" CODE, error);
        } else if (err == FOB_OK && action.want == FOB_WANT_HTTP) {
            remember(action.request);
            err = answer(flow, status, body, error);
        } else {
            return err;
        }
        if (err != FOB_OK)
            return err;
    }
}

/* A flow with these deeds done in it, from its first step to its last. */
static inline fob_flow *run_flow(constructor *construct, const struct deed *todo, size_t n, fob_err *ret_err,
                                 struct fob_error *error)
{
    forget_sent();
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

#define COUNT(array) (sizeof(array) / sizeof *(array))

#endif
