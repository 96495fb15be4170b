/* SPDX-License-Identifier: MIT */
/* What the {names} of a template are while a flow runs. */
#include "error.h"
#include "flows.h"
#include "format.h"
#include "text.h"

#include <fob/limits.h>
#include <string.h>

/* --- scopes ------------------------------------------------------------------------------------------------- */

/* A form writes a space as +: a + between scopes is a space in a form, and itself elsewhere. */
static char separator(const fob_flow *flow)
{
    char given = *flow->binding.provider->d.scopes.separator;
    bool in_form = flow->request.encoding == FOB_ENCODE_FORM || flow->request.encoding == FOB_ENCODE_QUERY ||
                   flow->call.authorizing;
    return given == '+' && in_form ? ' ' : given;
}

const char *fob_flow_scope(fob_flow *flow, const char *group)
{
    const char *asked = group ? fob_pairs_get(&flow->groups, group) : flow->scope;
    char name[FOB_MAX_ID + 8];
    if (!asked || !*asked)
        return NULL;
    char between = separator(flow);
    if (between == ' ')
        return asked;
    char *joined = fob_strdup(asked);
    for (char *c = joined; c && *c; c++)
        *c = *c == ' ' ? between : *c;
    snprintf(name, sizeof name, "scopes.%s", group ? group : "");
    if (joined)
        fob_pairs_set(&flow->named, name, joined);
    else
        flow->named.failed = FOB_E_MEMORY;
    free(joined);
    return fob_pairs_get(&flow->named, name);
}

/* --- the other names ---------------------------------------------------------------------------------------- */

static const char *peek(const fob_secret *secret)
{
    return fob_secret_peek(secret, NULL);
}

/* The new token's where there is one, else the old one's. */
static const char *access_token(fob_flow *flow)
{
    const fob_token *token = flow->token ? flow->token : flow->old;
    return token ? peek(token->access) : NULL;
}

static const char *refresh_token(fob_flow *flow)
{
    const fob_token *token = flow->token ? flow->token : flow->old;
    return token ? peek(token->refresh) : NULL;
}

static const char *id_token(fob_flow *flow)
{
    const fob_token *token = flow->token ? flow->token : flow->old;
    return token ? peek(token->id) : NULL;
}

static const char *client_id(fob_flow *flow)
{
    return fob_client_id(flow->client);
}

static const char *client_secret(fob_flow *flow)
{
    return peek(fob_client_secret(flow->client));
}

static const char *redirect_uri(fob_flow *flow)
{
    return flow->redirect_uri;
}

static const char *scope(fob_flow *flow)
{
    return fob_flow_scope(flow, NULL);
}

static const char *of_buf(const struct fob_buf *buf)
{
    return buf->len ? buf->data : NULL;
}

static const char *code(fob_flow *flow)
{
    return of_buf(&flow->code);
}

static const char *code_verifier(fob_flow *flow)
{
    return of_buf(&flow->verifier);
}

static const char *body(fob_flow *flow)
{
    return flow->body.data;
}

static const char *grant_type(fob_flow *flow)
{
    return flow->grant->name;
}

static const char *token(fob_flow *flow)
{
    return fob_pairs_get(&flow->named, "token");
}

static const char *token_type_hint(fob_flow *flow)
{
    return fob_pairs_get(&flow->named, "token_type_hint");
}

static const struct {
    const char *name;
    const char *(*value)(fob_flow *flow);
} names[] = {
    {"client_id", client_id},
    {"client_secret", client_secret},
    {"redirect_uri", redirect_uri},
    {"scope", scope},
    {"grant_type", grant_type},
    {"code", code},
    {"code_verifier", code_verifier},
    {"access_token", access_token},
    {"refresh_token", refresh_token},
    {"id_token", id_token},
    {"body", body},
    {"token", token},
    {"token_type_hint", token_type_hint},
};

static const char *metadata(fob_flow *flow, const char *name)
{
    char *url = NULL;
    if (fob_binding_endpoint(&flow->binding, name, &url, NULL) == FOB_E_MEMORY)
        flow->named.failed = FOB_E_MEMORY;
    if (!url)
        return NULL;
    fob_pairs_set(&flow->named, name, url);
    free(url);
    return fob_pairs_get(&flow->named, name);
}

static const char *look_up(void *user, const char *name)
{
    fob_flow *flow = user;
    const char *value;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].name, name) == 0)
            return names[i].value(flow);
    if (fob_starts_with(name, "scopes."))
        return fob_flow_scope(flow, name + strlen("scopes."));
    if (fob_starts_with(name, "kept."))
        return fob_kept_get(&flow->kept, name + strlen("kept."));
    if (!fob_starts_with(name, "callback."))
        return metadata(flow, name);
    return fob_redirect_find(&flow->callback, name + strlen("callback."), &value) == 1 ? value : NULL;
}

struct fob_expression_env fob_flow_env(fob_flow *flow)
{
    return (struct fob_expression_env){.look_up = look_up,
                                       .user = flow,
                                       .callback = flow->callback.v,
                                       .n_callback = flow->callback.n,
                                       .entropy = &flow->entropy,
                                       .now = flow->call.now};
}

/* A value that could not be made looks like one that is not there: a request must not go without it. */
fob_err fob_flow_fill(fob_flow *flow, const char *template, bool percent, struct fob_buf *out,
                      bool *ret_missing, struct fob_error *error)
{
    struct fob_expression_env env = fob_flow_env(flow);
    bool missing = false;
    fob_err err = fob_binding_expand(&flow->binding, template, percent, &env, out,
                                     ret_missing ? &missing : NULL, error);
    if (flow->named.failed != FOB_OK)
        return fob_no_memory(error);
    if (err == FOB_OK && missing)
        *ret_missing = true;
    return err;
}
