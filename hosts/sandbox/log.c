/* SPDX-License-Identifier: MIT */
/* What --verbose tells on standard error. Never a secret. */
#include "log.h"

#include "shown.h"

#include <stdio.h>
#include <string.h>

static void add_params(struct text *line, const struct sandbox *sandbox, const struct params *params,
                       const struct expectations *expected, const struct grant *grant)
{
    for (size_t i = 0; i < params->n; i++) {
        const char *name = params->v[i].name;
        char *shown = shown_value(sandbox, expect_find(expected, name), grant, params->v[i].value);
        text_fmt(line, " %.64s=%.200s", shown_name(sandbox, name), shown);
        text_drop(&shown);
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
    add_params(&line, inquiry->sandbox, &inquiry->visit->request->query, &inquiry->expected, inquiry->grant);
    add_params(&line, inquiry->sandbox, &inquiry->body, &inquiry->expected, inquiry->grant);
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
    add_params(&line, sandbox, query, expected, NULL);
    if (why)
        text_fmt(&line, "; refused: %s", why);
    print(&line);
}

/* Never the query or a field: both can hold secrets, and so can a path that nobody knows. */
void log_reply(const struct sandbox *sandbox, const struct request *request, const struct reply *reply)
{
    struct text line = {0};
    if (!sandbox->settings.verbose)
        return;
    char *path = shown_path(sandbox, request->path);
    text_fmt(&line, "%.16s %.200s", request->method, path);
    if (reply->status)
        text_fmt(&line, " %u%s", reply->status,
                 reply->loss == LOSS_ALL    ? ", but not answered"
                 : reply->loss == LOSS_HALF ? ", but cut off"
                                            : "");
    else
        text_str(&line, " not answered (--drop)");
    text_drop(&path);
    print(&line);
}
