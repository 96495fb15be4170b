/* SPDX-License-Identifier: MIT */
/* What --verbose tells on standard error. Never a secret. */
#include "log.h"

#include <stdio.h>
#include <string.h>

/* Whatever it is called, what was handed out and what the client proves itself by is not shown. */
static bool is_known_secret(const struct sandbox *sandbox, const char *value)
{
    bool known = sandbox->client_secret && strstr(value, sandbox->client_secret);
    for (int kind = RECORD_CONSENT; !known && kind <= RECORD_REFRESH; kind++)
        known = store_find(&sandbox->store, (enum record_kind)kind, value) != NULL;
    return known;
}

/* What of a request is no secret: these, and what the descriptor itself spells out. */
static bool is_public(const struct expected *expected, const char *value)
{
    static const char *const names[] = {"grant_type",
                                        "client_id",
                                        "redirect_uri",
                                        "scope",
                                        "response_type",
                                        "response_mode",
                                        "code_challenge_method",
                                        "prompt",
                                        "token_type_hint",
                                        "client_assertion_type"};
    for (size_t i = 0; expected && expected->standard && i < sizeof names / sizeof *names; i++)
        if (strcmp(expected->standard, names[i]) == 0)
            return true;
    char *constant = expected && expected->template ? expression_constant(expected->template) : NULL;
    bool spelled_out = constant && strcmp(constant, value) == 0;
    text_drop(&constant);
    return spelled_out;
}

static void add_params(struct text *line, const struct sandbox *sandbox, const struct params *params,
                       const struct expectations *expected)
{
    for (size_t i = 0; i < params->n; i++) {
        const char *name = params->v[i].name, *value = params->v[i].value;
        bool shown = is_public(expect_find(expected, name), value) && !is_known_secret(sandbox, value);
        text_fmt(line, " %.64s=%.200s", name, shown ? value : *value ? "***" : "");
    }
}

/* A line of printable ASCII, whatever came in. */
static void print(struct text *line)
{
    for (size_t i = 0; i < line->len; i++)
        if (line->s[i] < 0x20 || line->s[i] > 0x7e)
            line->s[i] = '?';
    text_str(line, "\n");
    fputs(line->s, stderr);
    text_free(line);
}

void log_inquiry(const struct inquiry *inquiry)
{
    struct text line = {0};
    if (!inquiry->sandbox->settings.verbose)
        return;
    text_fmt(&line, "  %s:", inquiry->rule->name);
    add_params(&line, inquiry->sandbox, &inquiry->visit->request->query, &inquiry->expected);
    add_params(&line, inquiry->sandbox, &inquiry->body, &inquiry->expected);
    if (request_header(inquiry->visit->request, "authorization"))
        text_str(&line, " Authorization: ***");
    if (inquiry->problem.code)
        text_fmt(&line, "; refused: %s (%s)", inquiry->problem.code, inquiry->problem.why);
    print(&line);
}

void log_authorization(const struct sandbox *sandbox, const struct params *query,
                       const struct expectations *expected, const char *why)
{
    struct text line = {0};
    if (!sandbox->settings.verbose)
        return;
    text_str(&line, "  authorize:");
    add_params(&line, sandbox, query, expected);
    if (why)
        text_fmt(&line, "; refused: %s", why);
    print(&line);
}

/* Never the query or a field: both can hold secrets. */
void log_reply(const struct sandbox *sandbox, const struct request *request, const struct reply *reply)
{
    struct text line = {0};
    if (!sandbox->settings.verbose)
        return;
    text_fmt(&line, "%.16s %.200s %u%s", request->method, request->path, reply->status,
             reply->loss == LOSS_ALL    ? ", but not answered"
             : reply->loss == LOSS_HALF ? ", but cut off"
                                        : "");
    print(&line);
}
