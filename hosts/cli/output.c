/* SPDX-License-Identifier: MIT */
/* How the command speaks: errors, JSON, times. */
#include "cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int usage(const char *fix, const char *fmt, ...)
{
    va_list args;
    fputs("fob: ", stderr);
    va_start(args, fmt);
    vfprintf(stderr, fmt, args);
    va_end(args);
    fputc('\n', stderr);
    if (fix)
        fprintf(stderr, "  %s\n", fix);
    return EXIT_USAGE;
}

int exit_code_of(fob_err code)
{
    static const struct {
        fob_err code;
        int exit;
    } table[] = {
        {FOB_OK, EXIT_OK},
        {FOB_E_ARGUMENT, EXIT_USAGE},
        {FOB_E_NOT_FOUND, EXIT_CONFIG},
        {FOB_E_DESCRIPTOR, EXIT_CONFIG},
        {FOB_E_CONFIG, EXIT_CONFIG},
        {FOB_E_PLUGIN, EXIT_CONFIG},
        {FOB_E_UNTRUSTED, EXIT_CONFIG},
        {FOB_E_CLIENT, EXIT_PROVIDER},
        {FOB_E_NEEDS_LOGIN, EXIT_NEEDS_LOGIN},
        {FOB_E_DENIED, EXIT_DENIED},
        {FOB_E_EXPIRED, EXIT_DENIED},
        {FOB_E_CANCELLED, EXIT_DENIED},
        {FOB_E_NETWORK, EXIT_NETWORK},
        {FOB_E_TLS, EXIT_NETWORK},
        {FOB_E_RATE_LIMITED, EXIT_PROVIDER},
        {FOB_E_SERVER, EXIT_PROVIDER},
        {FOB_E_PROVIDER, EXIT_PROVIDER},
        {FOB_E_PROTOCOL, EXIT_PROVIDER},
        {FOB_E_SECURITY, EXIT_PROVIDER},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].code == code)
            return table[i].exit;
    return EXIT_OTHER;
}

int fail(const struct fob_error *error)
{
    fputs("fob: ", stderr);
    if (*error->file && error->line)
        fprintf(stderr, "%s:%u:%u: ", error->file, error->line, error->column);
    else if (*error->file)
        fprintf(stderr, "%s: ", error->file);
    fprintf(stderr, "%s", *error->what ? error->what : fob_err_meaning(error->code));
    if (error->http_status)
        fprintf(stderr, " (HTTP %d)", error->http_status);
    fputc('\n', stderr);
    if (*error->fix)
        fprintf(stderr, "  %s\n", error->fix);
    return exit_code_of(error->code);
}

int print_json(json_t *json)
{
    if (!json || json_dumpf(json, stdout, JSON_INDENT(2)) != 0) {
        fputs("fob: out of memory\n", stderr);
        json_decref(json);
        return EXIT_OTHER;
    }
    putchar('\n');
    json_decref(json);
    return EXIT_OK;
}

void print_when(FILE *out, int64_t at)
{
    static const struct {
        int64_t ms;
        const char *unit;
    } units[] = {{86400000, "days"}, {3600000, "h"}, {60000, "min"}, {1000, "s"}};
    int64_t away = at - fob_now(), size = away < 0 ? -away : away;
    if (!at) {
        fputs("unknown", out);
        return;
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (size >= 2 * units[i].ms || (i == 3 && size >= 1000)) {
            fprintf(out, away < 0 ? "%lld %s ago" : "in %lld %s", (long long)(size / units[i].ms),
                    units[i].unit);
            return;
        }
    }
    fputs("now", out);
}

json_t *time_json(int64_t at)
{
    char text[32];
    time_t seconds = (time_t)(at / 1000);
    struct tm tm;
    if (!at || !gmtime_r(&seconds, &tm))
        return json_null();
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    return json_string(text);
}

/* A secret one is null: fob token --kept gives it. */
static json_t *kept_facts(const fob_token *token)
{
    const struct fob_pair *kept;
    json_t *json = json_object();
    for (size_t i = 0; (kept = fob_token_kept_nth(token, i)); i++)
        json_object_set_new(json, kept->name, *kept->value ? json_string(kept->value) : json_null());
    return json;
}

json_t *token_facts(const fob_token *token)
{
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:b, s:o}", "token_type", fob_token_type(token),
        "scope", fob_token_scope(token), "identity", fob_token_identity(token), "label",
        fob_token_label(token), "obtained_at", time_json(fob_token_obtained_at(token)), "expires_at",
        time_json(fob_token_expires_at(token)), "renewal_due", time_json(fob_token_renewal_due(token)),
        "refresh_expires_at", time_json(fob_token_refresh_expires_at(token)), "has_refresh_token",
        fob_token_refresh(token) != NULL, "is_whole", fob_token_is_whole(token), "kept", kept_facts(token));
}

void print_kept(const fob_token *token)
{
    const struct fob_pair *kept;
    for (size_t i = 0; (kept = fob_token_kept_nth(token, i)); i++)
        printf("kept:          %s=%s\n", kept->name, *kept->value ? kept->value : "(secret)");
}
