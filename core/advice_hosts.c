/* SPDX-License-Identifier: MIT */
/* A reviewer's advice: whether it is closed where tokens and secrets may go. */
#include "advice.h"
#include "pattern.h"
#include "template.h"
#include "text.h"

#include <string.h>

/* --- the host of a template --------------------------------------------------------------------------------- */

/* The expressions that a URL's host hangs on. */
struct host {
    struct fob_piece last; /* the one that ends it */
    bool is_open;          /* nothing that is written down stands behind it: it decides on the domain */
    bool has_any;
};

/* ".acme.example" fixes the domain; ":8443" and "." do not. */
static bool fixes_domain(const char *text, size_t len)
{
    const char *dot = memchr(text, '.', len);
    return dot && dot + 1 < text + len && dot[1] != ':';
}

/* Reads one piece that is written down; false when the host ends in it. */
static bool read_literal(const struct fob_piece *piece, struct host *host, bool *begun)
{
    const char *text = piece->text, *end = piece->text + piece->len;
    if (!*begun) {
        const char *scheme = memmem(text, piece->len, "://", 3);
        text = scheme ? scheme + 3 : text;
        *begun = true;
    }
    size_t len = 0;
    while (text + len < end && !strchr("/?#", text[len]))
        len++;
    if (host->has_any && fixes_domain(text, len))
        host->is_open = false;
    return text + len == end;
}

static struct host host_of(const char *template)
{
    struct host host = {0};
    struct fob_piece piece;
    bool begun = false;
    while (fob_template_next(&template, &piece)) {
        if (piece.is_expression) {
            host.last = piece;
            host.has_any = host.is_open = begun = true;
        } else if (!read_literal(&piece, &host, &begun)) {
            break;
        }
    }
    return host;
}

/* --- what it hangs on --------------------------------------------------------------------------------------- */

struct judge {
    const struct fob_advice *advice;
    const struct fob_yaml *node;
    bool is_open;
    /* names that were told of: once is enough */
    const char *told[FOB_MAX_VARIABLES];
    size_t lens[FOB_MAX_VARIABLES];
    size_t n_told;
};

static bool is_told(struct judge *judge, const struct fob_expression_name *name)
{
    for (size_t i = 0; i < judge->n_told; i++)
        if (judge->lens[i] == name->len && memcmp(judge->told[i], name->text, name->len) == 0)
            return true;
    if (judge->n_told < FOB_MAX_VARIABLES) {
        judge->told[judge->n_told] = name->text;
        judge->lens[judge->n_told++] = name->len;
    }
    return false;
}

/* A pattern that takes the host of nobody in particular closes nothing. */
static bool takes_any_host(const struct fob_advice *advice, const char *pattern)
{
    static const char *const foreign[] = {"evil.invalid",  "https://evil.invalid",
                                          "evil.invalid/", "https://evil.invalid/",
                                          "invalid",       "evil-invalid.com"};
    bool matches = !pattern;
    for (size_t i = 0; pattern && !matches && i < sizeof foreign / sizeof *foreign; i++)
        if (!fob_pattern_problem(pattern) &&
            fob_pattern_match(pattern, foreign[i], &matches, NULL) == FOB_E_MEMORY)
            fob_problems_no_memory(advice->problems);
    return matches;
}

static const struct fob_keep_rule *find_keep(const struct fob_keep_rule *keep, size_t n, const char *name,
                                             size_t len)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(keep[i].name) == len && memcmp(keep[i].name, name, len) == 0)
            return &keep[i];
    return NULL;
}

static const struct fob_keep_rule *kept_by(const struct fob_descriptor *d, const char *name, size_t len)
{
    const struct fob_response_rule *responses[] = {&d->token.response, &d->client_credentials.response,
                                                   &d->refresh.request.response, &d->userinfo.response};
    const struct fob_keep_rule *found = find_keep(d->callback.keep, d->callback.n_keep, name, len);
    for (size_t i = 0; !found && i < sizeof responses / sizeof *responses; i++)
        found = find_keep(responses[i]->keep, responses[i]->n_keep, name, len);
    for (size_t i = 0; !found && i < d->n_steps; i++)
        found = find_keep(d->steps[i].request.response.keep, d->steps[i].request.response.n_keep, name, len);
    return found;
}

/* What comes by the browser or in an answer, and is only as good as the list of hosts. */
static void judge_learnt(struct judge *judge, const struct fob_expression_name *name)
{
    const struct fob_descriptor *d = judge->advice->d;
    const size_t prefix = strlen("kept.");
    const struct fob_keep_rule *keep =
        name->len > prefix ? kept_by(d, name->text + prefix, name->len - prefix) : NULL;
    if (!d->hosts.n && !is_told(judge, name))
        fob_advise_at(judge->advice, judge->node,
                      "add hosts: the closed list of those that a token or secret may be sent to",
                      "{%.*s} decides on the host, and no list says which it may be: it will not be sent",
                      (int)name->len, name->text);
    else if (d->hosts.n && keep && !keep->pattern && judge->is_open && !is_told(judge, name))
        fob_advise_at(judge->advice, judge->node,
                      "give what is kept a pattern that only the provider's own hosts match",
                      "{%.*s} decides on the host, and may be anything when it is kept", (int)name->len,
                      name->text);
}

static void judge_variable(struct judge *judge, const struct fob_expression_name *name,
                           const struct fob_variable_rule *rule)
{
    if (!judge->is_open || judge->advice->d->hosts.n || rule->choices.n || !rule->pattern ||
        !takes_any_host(judge->advice, rule->pattern) || is_told(judge, name))
        return;
    fob_advise_at(
        judge->advice, judge->node,
        "add hosts: those it can be, or the name itself in braces where a tenant runs a server of its own",
        "{%.*s} can be any host, and no list says where a token or secret may be sent", (int)name->len,
        name->text);
}

static void judge_name(void *user, const struct fob_expression_name *name)
{
    struct judge *judge = user;
    const struct fob_variable_rule *rule = fob_descriptor_variable(judge->advice->d, name->text, name->len);
    if (rule)
        judge_variable(judge, name, rule);
    else if (fob_starts_with(name->text, "kept.") || fob_starts_with(name->text, "callback."))
        judge_learnt(judge, name);
}

static void judge_endpoint(const struct fob_advice *advice, const struct fob_yaml *node, void *user)
{
    struct judge *judge = user;
    (void)advice;
    if (strcmp(node->key, "issuer") == 0 || strcmp(node->key, "authorization_endpoint") == 0)
        return; /* no token or secret goes there */
    struct host host = host_of(node->text);
    judge->node = node;
    judge->is_open = host.is_open;
    if (host.has_any)
        fob_expression_problem(host.last.text, host.last.len, judge_name, judge);
}

void fob_advise_hosts(const struct fob_advice *advice)
{
    struct judge judge = {.advice = advice};
    fob_advice_each_url(advice, judge_endpoint, &judge);
}
