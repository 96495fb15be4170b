/* SPDX-License-Identifier: MIT */
/* The options, as they are written. */
#include "options.h"

#include "client.h"
#include "clock.h"
#include "fault.h"
#include "tree.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SECONDS 315360000

/* --- the table -------------------------------------------------------------------------------------------------------- */

enum option_kind { FLAG, TEXT, WORD, SECONDS, NUMBER, PAIR, HOW_OFTEN, OWN };

struct option_row {
    const char *name;
    enum option_kind kind;
    size_t offset; /* in struct settings */
    const char *value, *doc;
    const char *const *words; /* of WORD: their place in the list is the value */
};

static const char *const rotations[] = {"none", "rotates", "reuse_revokes", "grace", NULL};
static const char *const time_forms[] = {"seconds", "ms", "iso", NULL};

#define AT(member) offsetof(struct settings, member)

static const struct option_row rows[] = {
    {"port", OWN, 0, "N", "0 takes a free one (default)", NULL},
    {"host", OWN, 0, "ADDRESS", "127.0.0.1 (default) or ::1", NULL},
    {"descriptor", TEXT, AT(descriptor), "FILE|ID", "behave as this provider", NULL},
    {"provider-path", TEXT, AT(provider_path), "FOLDERS",
     "where providers and what they extend are looked for", NULL},
    {"var", PAIR, AT(variables), "NAME=VALUE", "what a tenant's variable is; may be repeated", NULL},
    {"keep", PAIR, AT(kept), "NAME=VALUE", "a value that the client is to keep; may be repeated", NULL},
    {"client-id", TEXT, AT(client_id), "ID", "the client (default: sandbox)", NULL},
    {"client-secret-file", TEXT, AT(secret_file), "FILE", "its secret; without it, one is made", NULL},
    {"client-key-file", TEXT, AT(key_file), "FILE", "its key (PEM), public or private; see --write-key",
     NULL},
    {"auth", OWN, 0, "METHOD", "what the client is registered for; none: a public client", NULL},
    {"redirect-uri", TEXT, AT(redirect_uri), "URI", "the one that is registered", NULL},
    {"auto-consent", FLAG, AT(auto_consent), NULL, "say yes without asking", NULL},
    {"lifetime", SECONDS, AT(lifetime_ms), "SECONDS", "of an access token (the provider's, else 3600)", NULL},
    {"refresh-lifetime", SECONDS, AT(refresh_lifetime_ms), "SECONDS", "of a refresh token (the provider's)",
     NULL},
    {"code-lifetime", SECONDS, AT(code_lifetime_ms), "SECONDS", "of a code (60)", NULL},
    {"rotation", WORD, AT(rotation), "RULE",
     "none, rotates, reuse_revokes or grace (the provider's, else rotates)", rotations},
    {"grace", SECONDS, AT(grace_ms), "SECONDS", "how long a used refresh token is good with grace (30)",
     NULL},
    {"expires-at", WORD, AT(expires_at), "FORM", "how moments are written: seconds (default), ms or iso",
     time_forms},
    {"choices", NUMBER, AT(choices), "N", "items in a list to choose from (2)", NULL},
    {"latency", NUMBER, AT(faults.latency_ms), "MS", "wait before each answer to a client", NULL},
    {"drop", HOW_OFTEN, AT(faults.drop), "OFTEN",
     "close the connection instead: once, N (each Nth request) or N%", NULL},
    {"cut", HOW_OFTEN, AT(faults.cut), "OFTEN", "send only half of the answer", NULL},
    {"lose-response-after-rotation", HOW_OFTEN, AT(faults.lose), "OFTEN",
     "replace the refresh token, and close the connection without an answer", NULL},
    {"rate-limit", OWN, 0, "N[/S]", "answer 429 after N token requests, at all or in S seconds", NULL},
    {"revoke-after", NUMBER, AT(faults.revoke_after), "N", "end a grant after N token answers", NULL},
    {"fail-with", OWN, 0, "WORD[@N]", "fail token requests with this error, from the Nth on", NULL},
    {"skew", OWN, 0, "SECONDS", "set the server's clock wrong, forward or (negative) back", NULL},
    {"clock-control", FLAG, AT(clock_control), NULL,
     "let POST /sandbox/clock, advance=SECONDS, move the time on", NULL},
    {"write-descriptor", TEXT, AT(write_descriptor), "FILE",
     "the descriptor, with all hosts moved to this server", NULL},
    {"write-secret", TEXT, AT(write_secret), "FILE", "the client's secret, for the owner alone", NULL},
    {"write-key", TEXT, AT(write_key), "FILE", "the client's private key, for the owner alone", NULL},
    {"until-eof", FLAG, AT(until_eof), NULL, "end when standard input does", NULL},
    {"verbose", FLAG, AT(verbose), NULL, "tell each request; never a secret", NULL},
    {"help", OWN, 0, NULL, "this text", NULL},
};

#define N_ROWS (sizeof rows / sizeof *rows)

static void print_help(void)
{
    fputs("usage: fob-sandbox [OPTIONS]\n\n"
          "An authorization server on loopback that behaves as a descriptor says. When it is ready it prints "
          "what to\ntype to log in at it, or, where that is no terminal, one line of JSON.\n\n",
          stdout);
    for (size_t i = 0; i < N_ROWS; i++) {
        char *left = text_printf("--%s%s%s", rows[i].name, rows[i].value ? " " : "",
                                 rows[i].value ? rows[i].value : "");
        printf("  %-38s %s\n", left, rows[i].doc);
        text_drop(&left);
    }
}

/* --- values ------------------------------------------------------------------------------------------------------------- */

static bool number(const char *text, long min, long max, long *ret)
{
    char *end;
    errno = 0;
    *ret = strtol(text, &end, 10);
    return !errno && end != text && !*end && *ret >= min && *ret <= max;
}

static bool take_pair(json_t **map, const char *text)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text)
        return false;
    char *name = text_printf("%.*s", (int)(equals - text), text);
    if (!*map)
        *map = text_must(json_object());
    tree_set(*map, name, equals + 1);
    text_drop(&name);
    return true;
}

static bool take_word(int *place, const char *const *words, const char *text)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], text) == 0) {
            *place = i;
            return true;
        }
    return false;
}

/* "5" or "5/60". */
static bool take_rate(struct faults *faults, const char *text)
{
    const char *slash = strchr(text, '/');
    long n = 0, window = 0;
    char *first = text_printf("%.*s", (int)(slash ? slash - text : (long)strlen(text)), text);
    bool good = number(first, 1, 1000000, &n) && (!slash || number(slash + 1, 1, 86400, &window));
    text_drop(&first);
    faults->rate_limit = (unsigned)n;
    faults->rate_window_s = (unsigned)window;
    return good;
}

/* "invalid_grant" or "invalid_grant@3". */
static bool take_failure(struct faults *faults, char *text)
{
    char *at = strrchr(text, '@');
    long n = 1;
    if (at && !number(at + 1, 1, 1000000, &n))
        return false;
    if (at)
        *at = '\0';
    faults->fail_with = text;
    faults->fail_from = (unsigned)n;
    return *text;
}

static bool take_own(struct settings *settings, const char *name, char *value)
{
    static const char *const hosts[] = {"127.0.0.1", "::1", NULL};
    long n = 0;
    int index;
    if (strcmp(name, "port") == 0 && number(value, 0, 65535, &n)) {
        settings->port = (uint16_t)n;
        return true;
    }
    if (strcmp(name, "host") == 0 && take_word(&index, hosts, value)) {
        settings->host = hosts[index];
        return true;
    }
    if (strcmp(name, "auth") == 0) {
        settings->auth = value;
        return client_method(value) && client_method(value) != AUTH_TOKEN;
    }
    if (strcmp(name, "skew") == 0 && number(value, -MAX_SECONDS, MAX_SECONDS, &n)) {
        clock_set_skew((int64_t)n * 1000);
        return true;
    }
    return strcmp(name, "rate-limit") == 0  ? take_rate(&settings->faults, value)
           : strcmp(name, "fail-with") == 0 ? take_failure(&settings->faults, value)
                                            : false;
}

static bool take(struct settings *settings, const struct option_row *row, char *value)
{
    char *member = (char *)settings + row->offset;
    long n = 0;
    bool good = true;
    union {
        char *bytes;
        bool *flag;
        const char **text;
        int *word;
        int64_t *ms;
        unsigned *number;
        json_t **pairs;
        struct how_often *how_often;
    } at = {.bytes = member};
    switch (row->kind) {
    case FLAG:
        *at.flag = true;
        return true;
    case TEXT:
        *at.text = value;
        return true;
    case WORD:
        return take_word(at.word, row->words, value);
    case SECONDS:
        good = number(value, 0, MAX_SECONDS, &n);
        *at.ms = (int64_t)n * 1000;
        return good;
    case NUMBER:
        good = number(value, 0, 1000000, &n);
        *at.number = (unsigned)n;
        return good;
    case PAIR:
        return take_pair(at.pairs, value);
    case HOW_OFTEN:
        return fault_read_how_often(value, at.how_often);
    default:
        return take_own(settings, row->name, value);
    }
}

int options_read(struct settings *settings, int argc, char **argv)
{
    struct option long_options[N_ROWS + 1] = {{0}};
    int option, index = 0;
    for (size_t i = 0; i < N_ROWS; i++)
        long_options[i] = (struct option){rows[i].name, rows[i].value ? required_argument : no_argument, NULL,
                                          256 + (int)i};
    *settings = (struct settings){.host = "127.0.0.1",
                                  .rotation = NOT_GIVEN,
                                  .lifetime_ms = NOT_GIVEN,
                                  .refresh_lifetime_ms = NOT_GIVEN,
                                  .code_lifetime_ms = DEFAULT_CODE_LIFETIME_MS,
                                  .grace_ms = 30000,
                                  .choices = 2};
    while ((option = getopt_long(argc, argv, "", long_options, &index)) != -1) {
        if (option == '?')
            return 2;
        const struct option_row *row = &rows[option - 256];
        if (strcmp(row->name, "help") == 0) {
            print_help();
            return 0;
        }
        if (!take(settings, row, optarg)) {
            fprintf(stderr, "fob-sandbox: --%s cannot be \"%s\"\n", row->name, optarg);
            return 2;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "fob-sandbox: \"%s\" is not an option\n", argv[optind]);
        return 2;
    }
    return -1;
}
