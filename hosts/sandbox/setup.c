/* SPDX-License-Identifier: MIT */
/* Options, and what a descriptor adds to them. */
#include "setup.h"

#include <errno.h>
#include <fob/fob.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- options ------------------------------------------------------------------------------------------------ */

enum {
    PORT = 256,
    HOST,
    DESCRIPTOR,
    CLIENT_ID,
    SECRET_FILE,
    AUTH,
    AUTO_CONSENT,
    LIFETIME,
    CODE_LIFETIME,
    ROTATION,
    WRITE_DESCRIPTOR,
    WRITE_SECRET,
    UNTIL_EOF,
    VERBOSE,
    HELP
};

static const struct option long_options[] = {{"port", required_argument, NULL, PORT},
                                             {"host", required_argument, NULL, HOST},
                                             {"descriptor", required_argument, NULL, DESCRIPTOR},
                                             {"client-id", required_argument, NULL, CLIENT_ID},
                                             {"client-secret-file", required_argument, NULL, SECRET_FILE},
                                             {"auth", required_argument, NULL, AUTH},
                                             {"auto-consent", no_argument, NULL, AUTO_CONSENT},
                                             {"lifetime", required_argument, NULL, LIFETIME},
                                             {"code-lifetime", required_argument, NULL, CODE_LIFETIME},
                                             {"rotation", required_argument, NULL, ROTATION},
                                             {"write-descriptor", required_argument, NULL, WRITE_DESCRIPTOR},
                                             {"write-secret", required_argument, NULL, WRITE_SECRET},
                                             {"until-eof", no_argument, NULL, UNTIL_EOF},
                                             {"verbose", no_argument, NULL, VERBOSE},
                                             {"help", no_argument, NULL, HELP},
                                             {NULL, 0, NULL, 0}};

static const char help[] =
    "usage: fob-sandbox [OPTIONS]\n\n"
    "An authorization server on loopback, to try things on. When it is ready it prints one line of JSON.\n\n"
    "  --port N                  0 takes a free one (default)\n"
    "  --host ADDRESS            127.0.0.1 (default) or ::1\n"
    "  --descriptor FILE         behave as this provider: its paths, scopes and client authentication\n"
    "  --client-id ID            the client (default: sandbox)\n"
    "  --client-secret-file FILE its secret; without it, one is made (see --write-secret)\n"
    "  --auth METHOD             client_secret_basic, client_secret_post or none (a public client)\n"
    "  --auto-consent            say yes without asking\n"
    "  --lifetime SECONDS        of an access token (3600)\n"
    "  --code-lifetime SECONDS   of a code (60)\n"
    "  --rotation RULE           none, rotates (default) or reuse_revokes\n"
    "  --write-descriptor FILE   a descriptor of this server\n"
    "  --write-secret FILE       the client's secret, for the owner alone\n"
    "  --until-eof               end when standard input does\n"
    "  --verbose                 a line for each request\n";

static bool number(const char *text, long max, long *ret)
{
    char *end;
    errno = 0;
    *ret = strtol(text, &end, 10);
    return !errno && end != text && !*end && *ret >= 0 && *ret <= max;
}

/* The index of word in a list ended by NULL, or -1. */
static int index_of(const char *const *words, const char *word)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

static bool take(struct settings *settings, int option, const char *value)
{
    static const char *const rotations[] = {"none", "rotates", "reuse_revokes", NULL};
    static const char *const methods[] = {"client_secret_basic", "client_secret_post", "none", NULL};
    static const char *const hosts[] = {"127.0.0.1", "::1", NULL};
    long n = 0;
    int index;
    switch (option) {
    case PORT:
        settings->port = number(value, 65535, &n) ? (uint16_t)n : 0;
        return number(value, 65535, &n);
    case HOST:
        settings->host = value;
        return index_of(hosts, value) >= 0;
    case AUTH:
        index = index_of(methods, value);
        settings->auth_methods = index >= 0 ? 1u << index : 0;
        return index >= 0;
    case LIFETIME:
    case CODE_LIFETIME:
        if (!number(value, 31536000, &n))
            return false;
        *(option == LIFETIME ? &settings->lifetime_ms : &settings->code_lifetime_ms) = n * 1000;
        return true;
    case ROTATION:
        index = index_of(rotations, value);
        settings->rotation = (enum rotation)(index >= 0 ? index : 0);
        return index >= 0;
    default:
        return false;
    }
}

static bool take_text(struct settings *settings, int option, const char *value)
{
    const char **member = option == DESCRIPTOR         ? &settings->descriptor
                          : option == CLIENT_ID        ? &settings->client_id
                          : option == SECRET_FILE      ? &settings->secret_file
                          : option == WRITE_DESCRIPTOR ? &settings->write_descriptor
                          : option == WRITE_SECRET     ? &settings->write_secret
                                                       : NULL;
    bool *flag = option == AUTO_CONSENT ? &settings->auto_consent
                 : option == UNTIL_EOF  ? &settings->until_eof
                 : option == VERBOSE    ? &settings->verbose
                                        : NULL;
    if (member)
        *member = value;
    if (flag)
        *flag = true;
    return member || flag;
}

int setup_options(struct settings *settings, int argc, char **argv)
{
    int option, index = 0;
    *settings = (struct settings){.host = "127.0.0.1",
                                  .rotation = ROTATION_ROTATES,
                                  .lifetime_ms = 3600 * 1000,
                                  .code_lifetime_ms = 60 * 1000};
    while ((option = getopt_long(argc, argv, "", long_options, &index)) != -1) {
        if (option == HELP) {
            fputs(help, stdout);
            return 0;
        }
        if (option == '?')
            return 2;
        if (!take_text(settings, option, optarg) && !take(settings, option, optarg)) {
            fprintf(stderr, "fob-sandbox: --%s cannot be \"%s\"\n", long_options[index].name, optarg);
            return 2;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "fob-sandbox: \"%s\" is not an option\n", argv[optind]);
        return 2;
    }
    return -1;
}

/* --- the descriptor ----------------------------------------------------------------------------------------- */

/* The path of an endpoint, without query; NULL for one that has {variables} in it or none at all. */
static char *path_of(const fob_provider *provider, const char *name)
{
    const char *url = provider ? fob_provider_metadata(provider, name) : NULL;
    const char *host = url ? strstr(url, "://") : NULL;
    const char *path = host ? strchr(host + 3, '/') : NULL;
    if (!path || strchr(path, '{'))
        return NULL;
    char *copy = text_copy(path);
    copy[strcspn(copy, "?")] = '\0';
    return copy;
}

static char *either(char *path, const char *otherwise)
{
    return path ? path : text_copy(otherwise);
}

static unsigned methods_of(const fob_provider *provider)
{
    const char *given =
        provider ? fob_provider_metadata(provider, "token_endpoint_auth_methods_supported") : NULL;
    unsigned methods = 0;
    if (given && strstr(given, "client_secret_basic"))
        methods |= AUTH_BASIC;
    if (given && strstr(given, "client_secret_post"))
        methods |= AUTH_POST;
    return methods ? methods : AUTH_BASIC | AUTH_POST;
}

static void follow(struct sandbox *sandbox, const fob_provider *provider)
{
    const char *scopes = provider ? fob_provider_metadata(provider, "scopes_supported") : NULL;
    struct paths *paths = &sandbox->paths;
    paths->issuer = text_copy("");
    paths->authorize = either(path_of(provider, "authorization_endpoint"), "/authorize");
    paths->token = either(path_of(provider, "token_endpoint"), "/token");
    paths->revoke = either(path_of(provider, "revocation_endpoint"), "/revoke");
    paths->userinfo = either(path_of(provider, "userinfo_endpoint"), "/userinfo");
    sandbox->scopes = text_copy(scopes ? scopes : "");
    sandbox->sends_iss =
        !provider || fob_provider_metadata(provider, "authorization_response_iss_parameter_supported");
    sandbox->auth_methods =
        sandbox->settings.auth_methods ? sandbox->settings.auth_methods : methods_of(provider);
}

static char *read_file(const char *path, size_t max, size_t *ret_len)
{
    FILE *file = fopen(path, "rbe");
    char *text = text_must(calloc(1, max + 1));
    if (!file) {
        fprintf(stderr, "fob-sandbox: %s: %s\n", path, strerror(errno));
        free(text);
        return NULL;
    }
    *ret_len = fread(text, 1, max, file);
    fclose(file);
    return text;
}

static int read_descriptor(const char *path, fob_provider **ret_provider)
{
    struct fob_error error;
    size_t len;
    char *text = read_file(path, FOB_MAX_DESCRIPTOR + 1, &len);
    if (!text)
        return 1;
    fob_err err = fob_provider_parse(text, len, path, ret_provider, &error);
    free(text);
    if (err == FOB_OK)
        return 0;
    fprintf(stderr, "%s:%u:%u: %s\n  %s\n", error.file, error.line, error.column, error.what, error.fix);
    return 1;
}

static int set_client(struct sandbox *sandbox)
{
    size_t len;
    const struct settings *settings = &sandbox->settings;
    sandbox->client_id = text_copy(settings->client_id ? settings->client_id : "sandbox");
    if (settings->secret_file) {
        sandbox->client_secret = read_file(settings->secret_file, FOB_MAX_TOKEN, &len);
        if (!sandbox->client_secret)
            return 1;
        sandbox->client_secret[strcspn(sandbox->client_secret, "\r\n")] = '\0';
    } else if (sandbox->auth_methods != AUTH_NONE) {
        sandbox->client_secret = text_random(32);
    }
    return 0;
}

int setup_sandbox(struct sandbox *sandbox)
{
    const struct settings *settings = &sandbox->settings;
    fob_provider *provider = NULL;
    if (sodium_init() < 0 || (settings->descriptor && read_descriptor(settings->descriptor, &provider)))
        return 1;
    bool is_v6 = strchr(settings->host, ':') != NULL;
    sandbox->origin = text_printf(is_v6 ? "http://[%s]:%u" : "http://%s:%u", settings->host, settings->port);
    sandbox->issuer = text_copy(sandbox->origin);
    follow(sandbox, provider);
    fob_provider_unref(&provider);
    return set_client(sandbox);
}

void sandbox_free(struct sandbox *sandbox)
{
    char **const all[] = {&sandbox->origin,          &sandbox->issuer,        &sandbox->scopes,
                          &sandbox->client_id,       &sandbox->client_secret, &sandbox->paths.issuer,
                          &sandbox->paths.authorize, &sandbox->paths.token,   &sandbox->paths.revoke,
                          &sandbox->paths.userinfo};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        text_drop(all[i]);
    store_free(&sandbox->store);
}
