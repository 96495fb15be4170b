/* SPDX-License-Identifier: MIT */
/* The rules about what fob sends by itself: that it arrives, once, and under a name of its own. */
#include "rules_sent.h"
#include "cleanup.h"
#include "language.h"
#include "sent.h"
#include "text.h"
#include "url.h"

#include <string.h>

#define MAX_REQUESTS 5

/* A request that fob makes whether the file has its block or not. */
struct request {
    const char *key;
    const struct fob_rule *rule; /* NULL: authorize */
    const char *endpoint;        /* of the metadata */
    struct fob_sent sent[FOB_MAX_SENT];
    size_t n;
};

struct sending {
    const struct fob_descriptor *d;
    const struct fob_yaml *root;
    struct fob_problems *problems;
    struct fob_rule rules[MAX_REQUESTS];
    struct request requests[MAX_REQUESTS];
};

static void look_at_requests(struct sending *sending)
{
    static const struct {
        const char *key, *grant, *endpoint;
    } kinds[MAX_REQUESTS] = {{"authorize", NULL, "authorization_endpoint"},
                             {"token", "authorization_code", "token_endpoint"},
                             {"client_credentials", "client_credentials", "token_endpoint"},
                             {"refresh", "refresh_token", "token_endpoint"},
                             {"revoke", NULL, "revocation_endpoint"}};
    const struct fob_descriptor *d = sending->d;
    for (size_t i = 0; i < MAX_REQUESTS; i++) {
        struct request *request = &sending->requests[i];
        *request = (struct request){.key = kinds[i].key, .endpoint = kinds[i].endpoint};
        sending->rules[i] = kinds[i].grant ? fob_rule_of_grant(d, kinds[i].grant)
                                           : (struct fob_rule){&d->revoke.request, NULL, false};
        request->rule = i ? &sending->rules[i] : NULL;
        request->n = fob_sent_params(d, request->rule, request->sent);
    }
}

/* --- names -------------------------------------------------------------------------------------------------- */

/* The line that renames a parameter in a request; NULL when none does. */
static const struct fob_yaml *line_of(const struct sending *sending, const struct request *request,
                                      const char *standard)
{
    const struct fob_yaml *root = sending->root;
    const struct fob_yaml *own = fob_yaml_get(fob_yaml_get(root, request->key), "rename");
    const struct fob_yaml *line = fob_yaml_get(own, standard);
    if (!line && request->rule && request->rule->base)
        line = fob_yaml_get(fob_yaml_get(fob_yaml_get(root, "token"), "rename"), standard);
    return line ? line : fob_yaml_get(fob_yaml_get(root, "rename"), standard);
}

/* The secret, or a JWT in its place: never both. */
static bool are_never_together(const char *a, const char *b)
{
    bool is_secret = strcmp(a, "client_secret") == 0 || strcmp(b, "client_secret") == 0;
    return is_secret && (fob_starts_with(a, "client_assertion") || fob_starts_with(b, "client_assertion"));
}

static bool is_told(const struct sending *sending, const struct fob_yaml *line)
{
    const struct fob_problems *problems = sending->problems;
    for (unsigned i = 0; i < problems->n_errors; i++)
        if (problems->errors[i].line == line->mark.line && problems->errors[i].column == line->mark.column &&
            problems->errors[i].file == line->mark.file)
            return true;
    return false;
}

static void check_pair(const struct sending *sending, const struct request *request, const struct fob_sent *a,
                       const struct fob_sent *b)
{
    if (strcmp(a->name, b->name) != 0 || are_never_together(a->standard, b->standard))
        return;
    const struct fob_yaml *line = line_of(sending, request, b->standard);
    line = line ? line : line_of(sending, request, a->standard);
    if (line && !is_told(sending, line))
        fob_problem(sending->problems, FOB_PROBLEM_ERROR, line->mark, "give each a name of its own",
                    "\"%s\" and \"%s\" would both be called \"%s\" in the request of \"%s\"", a->standard,
                    b->standard, a->name, request->key);
}

static void check_names(const struct sending *sending, const struct request *request)
{
    for (size_t i = 0; i < request->n; i++)
        for (size_t j = 0; j < i; j++)
            check_pair(sending, request, &request->sent[j], &request->sent[i]);
}

/* --- what guards a login ------------------------------------------------------------------------------------ */

/* Neither is it left out under the name that the provider gives it. The code is told of elsewhere. */
static void check_kept(const struct sending *sending)
{
    const struct fob_yaml *params = fob_yaml_get(fob_yaml_get(sending->root, "authorize"), "params");
    const char *const *kept = fob_fields_find(&fob_authorize_table, "params")->kept;
    for (; *kept && params && params->kind == FOB_YAML_MAP; kept++) {
        const char *name = fob_authorize_rename(sending->d, *kept);
        const struct fob_yaml *node = strcmp(name, *kept) != 0 ? fob_yaml_get(params, name) : NULL;
        if (node && node->kind == FOB_YAML_NULL)
            fob_problem(sending->problems, FOB_PROBLEM_ERROR, node->key_mark, "keep it: the flow needs it",
                        "\"%s\" cannot be left out in \"params\": it is what \"%s\" is called here", name,
                        *kept);
    }
}

static void check_pkce_param(const struct sending *sending, const char *param)
{
    bool is_verifier = strcmp(param, "code_verifier") == 0;
    const struct request *request = &sending->requests[is_verifier ? 1 : 0];
    const struct fob_yaml *line = line_of(sending, request, param);
    const struct fob_yaml *params = fob_yaml_get(fob_yaml_get(sending->root, request->key), "params");
    if (line && !is_told(sending, line))
        fob_problem(sending->problems, FOB_PROBLEM_ERROR, line->mark,
                    "remove the line, or add pkce_reason to authorize: where it is documented so",
                    "PKCE is lost where \"%s\" is not known by another name, and there is no pkce_reason",
                    param);
    else if (!line && (line = fob_yaml_get(params, param)))
        fob_problem(sending->problems, FOB_PROBLEM_ERROR, line->key_mark,
                    "remove the line, or add pkce_reason to authorize: why the provider refuses it",
                    "PKCE is nothing without the \"%s\", and there is no pkce_reason", param);
}

/* pkce: none wants the reason too, and is told elsewhere. */
static void check_pkce(const struct sending *sending)
{
    const struct fob_authorize_rule *authorize = &sending->d->authorize;
    for (const char *const *param = fob_pkce_params; *param; param++)
        if (!authorize->pkce_reason && authorize->pkce != FOB_PKCE_NONE &&
            fob_pkce_is_amiss(sending->d, *param))
            check_pkce_param(sending, *param);
}

/* --- what a URL has already --------------------------------------------------------------------------------- */

/* The name in the URL may be percent-encoded. */
static bool sends(const struct request *request, const char *name, size_t len)
{
    fob_auto_buf plain = FOB_BUF((size_t)FOB_MAX_SCALAR);
    if (!fob_form_decode(&plain, name, len) || fob_buf_finish(&plain, "a name", NULL) != FOB_OK)
        return false;
    for (size_t i = 0; i < request->n; i++)
        if (strcmp(request->sent[i].name, plain.data) == 0)
            return true;
    return false;
}

/* Whether a request goes to the URL: that of the metadata, where it has none of its own. */
static bool goes_to(const struct request *request, const char *key)
{
    bool has_own = request->rule && fob_rule_endpoint(request->rule);
    return !has_own && strcmp(request->endpoint, key) == 0;
}

/* key: of the metadata; NULL: it is the own endpoint of one request. */
static void check_query(const struct sending *sending, const struct fob_yaml *url,
                        const struct request *requests, size_t n, const char *key)
{
    const char *rest = url && url->kind == FOB_YAML_TEXT ? url->text : "", *name;
    size_t len;
    while ((name = fob_url_next_param(&rest, &len))) {
        bool found = false;
        for (size_t i = 0; i < n && !found; i++)
            found = (!key || goes_to(&requests[i], key)) && sends(&requests[i], name, len);
        if (!found)
            continue;
        fob_problem(sending->problems, FOB_PROBLEM_ERROR, url->mark,
                    "remove it from the URL, or say null in params where fob's own can be left out",
                    "\"%.*s\" stands in the URL already, and fob would send it a second time", (int)len,
                    name);
    }
}

static void check_metadata(const struct sending *sending, const struct fob_yaml *map)
{
    static const char *const keys[] = {"authorization_endpoint", "token_endpoint", "revocation_endpoint"};
    for (size_t i = 0; map && map->kind == FOB_YAML_MAP && i < sizeof keys / sizeof *keys; i++)
        check_query(sending, fob_yaml_get(map, keys[i]), sending->requests, MAX_REQUESTS, keys[i]);
}

static void check_urls(const struct sending *sending)
{
    for (const struct fob_yaml *map = NULL; (map = fob_metadata_next(sending->root, map));)
        check_metadata(sending, map);
    for (size_t i = 1; i < MAX_REQUESTS; i++) {
        const struct fob_yaml *block = fob_yaml_get(sending->root, sending->requests[i].key);
        check_query(sending, fob_yaml_get(block, "endpoint"), &sending->requests[i], 1, NULL);
    }
}

/* --- how the client authenticates --------------------------------------------------------------------------- */

static void check_methods(const struct sending *sending, const struct fob_yaml *map)
{
    static const char *const known[] = {"client_secret_basic", "client_secret_post", "client_secret_jwt",
                                        "private_key_jwt", "none"};
    const struct fob_yaml *list = fob_yaml_get(map, "token_endpoint_auth_methods_supported");
    bool any = !list || !list->children || sending->d->token.auth || sending->d->plugin;
    for (const struct fob_yaml *item = any ? NULL : list->children; item && !any; item = item->next)
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            any = any || (item->kind == FOB_YAML_TEXT && strcmp(item->text, known[i]) == 0);
    if (!any)
        fob_problem(sending->problems, FOB_PROBLEM_ERROR, list->mark,
                    "say with token.auth what works all the same, or add a method: client_secret_basic, "
                    "client_secret_post, client_secret_jwt, private_key_jwt, none",
                    "fob can do none of these, and no client could authenticate");
}

static void check_all_methods(const struct sending *sending)
{
    for (const struct fob_yaml *map = NULL; (map = fob_metadata_next(sending->root, map));)
        check_methods(sending, map);
}

void fob_rules_sent(const struct fob_descriptor *d, const struct fob_yaml *root,
                    struct fob_problems *problems)
{
    struct sending sending = {.d = d, .root = root, .problems = problems};
    look_at_requests(&sending);
    check_pkce(&sending);
    for (size_t i = 0; i < MAX_REQUESTS; i++)
        check_names(&sending, &sending.requests[i]);
    check_kept(&sending);
    check_urls(&sending);
    check_all_methods(&sending);
}
