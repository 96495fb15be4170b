/* SPDX-License-Identifier: MIT */
/* The requests that a flow sends: the grant's parameters, the descriptor's, the client's credential, the hooks'. */
#include "cleanup.h"
#include "error.h"
#include "flows.h"
#include "format.h"
#include "text.h"

#include <fob/limits.h>
#include <string.h>

void fob_flow_request_begin(fob_flow *flow, struct fob_rule rule, const char *grant_type)
{
    fob_request_free(&flow->request);
    flow->rule = rule;
    flow->request.method = fob_rule_method(&rule);
    flow->request.encoding = fob_rule_encoding(&rule);
    flow->request.root = fob_rule_root(&rule);
    flow->call.request = &flow->request;
    flow->call.rule = &flow->rule;
    flow->call.authorizing = false;
    fob_pairs_set_field(&flow->request.fields, "Accept",
                        fob_rule_format(&rule) == FOB_ANSWER_XML ? "application/xml" : "application/json");
    if (!grant_type)
        return;
    fob_pairs_set(&flow->request.params, "grant_type", grant_type);
    fob_hook_value(&flow->call, "grant_type", grant_type);
}

/* --- parameters --------------------------------------------------------------------------------------------- */

static const char *new_name(const void *user, const char *name)
{
    const fob_flow *flow = user;
    return fob_rule_rename(&flow->rule, &flow->binding.provider->d.rename, name);
}

fob_err fob_flow_add_params(fob_flow *flow, const struct fob_map *map, struct fob_pairs *params,
                            struct fob_error *error)
{
    for (size_t i = 0; i < map->n; i++) {
        fob_auto_buf value = FOB_BUF((size_t)FOB_MAX_REQUEST_BODY);
        bool missing = false;
        if (!map->v[i].value) {
            fob_pairs_set(params, map->v[i].name, NULL);
            continue;
        }
        fob_err err = fob_flow_fill(flow, map->v[i].value, false, &value, &missing, error);
        if (err != FOB_OK)
            return err;
        if (!missing)
            fob_pairs_set(params, map->v[i].name, value.data);
    }
    return FOB_OK;
}

/* What the request says itself stands in the place of what `use` says. */
static void let_own_pass(fob_flow *flow, const struct fob_map *own)
{
    const struct fob_map *use = &flow->binding.provider->d.use.params;
    for (size_t i = 0; i < own->n; i++)
        if (fob_map_get(use, own->v[i].name))
            fob_pairs_set(&flow->request.query, own->v[i].name, NULL);
}

static fob_err add_params(fob_flow *flow, struct fob_error *error)
{
    const struct fob_rule *rule = &flow->rule;
    struct fob_pairs *params = &flow->request.params;
    fob_err err = FOB_OK;
    fob_pairs_rename(params, new_name, flow);
    let_own_pass(flow, &rule->own->params);
    if (rule->base)
        let_own_pass(flow, &rule->base->params);
    if (rule->base)
        err = fob_flow_add_params(flow, &rule->base->params, params, error);
    return err == FOB_OK ? fob_flow_add_params(flow, &rule->own->params, params, error) : err;
}

static bool is_placed(const fob_flow *flow, const char *param, const char *where)
{
    const char *place = fob_rule_place(&flow->rule, param);
    return place && strcmp(place, where) == 0;
}

/* Where all are in the query, those for the body make a form of it; a GET has none. */
static bool has_form_beside_query(const fob_flow *flow)
{
    const struct fob_request *request = &flow->request;
    bool found = false;
    for (size_t i = 0; i < request->params.n; i++)
        found = found || is_placed(flow, request->params.v[i].name, "body");
    return found && request->encoding == FOB_ENCODE_QUERY && strcmp(request->method, "GET") != 0;
}

/* Parameters that do not stand with the others. */
static void place_params(fob_flow *flow)
{
    struct fob_request *request = &flow->request;
    bool splits = has_form_beside_query(flow);
    for (size_t i = 0; i < request->params.n && request->params.failed == FOB_OK;) {
        const char *name = request->params.v[i].name;
        if (splits ? is_placed(flow, name, "body") : !is_placed(flow, name, "query")) {
            i++;
            continue;
        }
        fob_pairs_set(&request->query, name, request->params.v[i].value);
        fob_pairs_set(&request->params, name, NULL);
    }
    if (splits)
        request->encoding = FOB_ENCODE_FORM;
}

/* --- header fields ------------------------------------------------------------------------------------------ */

static bool needs_body(const struct fob_map *map)
{
    for (size_t i = 0; i < map->n; i++)
        if (map->v[i].value && strstr(map->v[i].value, "body"))
            return true;
    return false;
}

fob_err fob_flow_add_fields(fob_flow *flow, const struct fob_map *map, struct fob_pairs *fields,
                            struct fob_error *error)
{
    struct fob_pairs filled = {0};
    fob_err err = fob_flow_add_params(flow, map, &filled, error);
    for (size_t i = 0; i < map->n && err == FOB_OK; i++) {
        const char *value = fob_pairs_get(&filled, map->v[i].name);
        if (value && !fob_formats[FOB_FORMAT_VALUE].check(value))
            err = fob_fail(error, FOB_E_SECURITY, "check what it is filled in from",
                           "the header field \"%s\" would hold a line break or another control character",
                           map->v[i].name);
        else if (value || !map->v[i].value)
            fob_pairs_set_field(fields, map->v[i].name, value);
    }
    if (err == FOB_OK && filled.failed != FOB_OK)
        err = fob_no_memory(error);
    fob_pairs_free(&filled);
    return err;
}

static fob_err add_headers(fob_flow *flow, struct fob_error *error)
{
    const struct fob_map *base = flow->rule.base ? &flow->rule.base->headers : NULL;
    const struct fob_map *own = &flow->rule.own->headers;
    fob_err err = FOB_OK;
    if (needs_body(own) || (base && needs_body(base))) {
        fob_buf_free(&flow->body);
        flow->body = FOB_BUF((size_t)FOB_MAX_REQUEST_BODY);
        err = fob_request_body(&flow->request, &flow->body, error);
    }
    if (err == FOB_OK && base)
        err = fob_flow_add_fields(flow, base, &flow->request.fields, error);
    return err == FOB_OK ? fob_flow_add_fields(flow, own, &flow->request.fields, error) : err;
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

static fob_err fill_endpoint(fob_flow *flow, const char *template, const char *what, struct fob_error *error)
{
    fob_auto_buf url = FOB_BUF((size_t)FOB_MAX_URL);
    fob_err err = fob_flow_fill(flow, template, true, &url, NULL, error);
    if (err == FOB_OK)
        err = fob_binding_check_url(&flow->binding, url.data, what, false, FOB_E_CONFIG, error);
    if (err == FOB_OK)
        flow->request.url = fob_buf_steal(&url);
    return err;
}

static fob_err add_endpoint(fob_flow *flow, const char *endpoint, struct fob_error *error)
{
    bool done;
    const char *template = fob_rule_endpoint(&flow->rule);
    fob_err err = template ? fill_endpoint(flow, template, endpoint, error)
                           : fob_binding_endpoint(&flow->binding, endpoint, &flow->request.url, error);
    if (err != FOB_OK)
        return err;
    fob_hook_value(&flow->call, "endpoint", flow->request.url);
    err = fob_hook_run(&flow->call, FOB_HOOK_ENDPOINT, &done, error);
    if (err == FOB_OK && !flow->request.url)
        err = fob_fail(error, FOB_E_CONFIG, "add it to the descriptor, or choose an environment that has it",
                       "%s has no %s", flow->binding.provider->d.id, endpoint);
    return err;
}

fob_err fob_flow_request_end(fob_flow *flow, const char *endpoint, struct fob_error *error)
{
    bool done = false;
    fob_err err = add_endpoint(flow, endpoint, error);
    if (err == FOB_OK)
        err = fob_hook_run(&flow->call, FOB_HOOK_CLIENT_AUTH, &done, error);
    if (err == FOB_OK && !done)
        err = fob_flow_authenticate(flow, error);
    if (err == FOB_OK)
        err = add_params(flow, error);
    if (err == FOB_OK)
        place_params(flow);
    if (err == FOB_OK)
        err = add_headers(flow, error);
    if (err == FOB_OK)
        err = fob_hook_run(&flow->call, FOB_HOOK_REQUEST, &done, error);
    if (err == FOB_OK)
        err = fob_request_seal(&flow->request, error);
    if (err == FOB_OK && flow->named.failed != FOB_OK)
        err = fob_no_memory(error);
    if (err != FOB_OK)
        return err;
    fob_log_request(&flow->log, &flow->request.view);
    flow->state = FOB_STATE_REQUEST;
    return FOB_OK;
}
