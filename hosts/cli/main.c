/* SPDX-License-Identifier: MIT */
/* fob: OAuth 2.0 tokens at a terminal. The table of commands, and the choice of one. */
#include "cli.h"

#include <stddef.h>
#include <string.h>

#define FLAG(name, member, doc)                                                                              \
    {                                                                                                        \
        name, OPTION_FLAG, offsetof(struct args, member), NULL, doc                                          \
    }
#define TEXT(name, member, value, doc)                                                                       \
    {                                                                                                        \
        name, OPTION_TEXT, offsetof(struct args, member), value, doc                                         \
    }
#define LIST(name, member, value, doc)                                                                       \
    {                                                                                                        \
        name, OPTION_LIST, offsetof(struct args, member), value, doc                                         \
    }
#define COMMON                                                                                               \
    FLAG("verbose", verbose, "tell on standard error what is done; never a secret"),                         \
        FLAG("help", help, "this text")
#define END                                                                                                  \
    {                                                                                                        \
        NULL, OPTION_FLAG, 0, NULL, NULL                                                                     \
    }

static const struct option login_options[] = {
    TEXT("provider", provider, "ID", "the provider; see `fob providers`"),
    TEXT("client-id", client_id, "ID", "your application's client_id at the provider"),
    TEXT("client-secret-file", secret_file, "FILE", "a file that holds its secret; - reads standard input"),
    TEXT("client-secret-env", secret_env, "VARIABLE", "an environment variable that holds its secret"),
    TEXT("client-key-file", key_file, "FILE", "a file that holds its private key, PEM or a JWK; - likewise"),
    TEXT("client-key-env", key_env, "VARIABLE", "an environment variable that holds its private key"),
    LIST("scope", scopes, "SCOPE", "ask for this, or GROUP=SCOPE, like user=files:read; may be repeated"),
    LIST("var", variables, "NAME=VALUE", "a variable of the provider; may be repeated"),
    LIST("choose", choices, "STEP=ID", "which one, where the account has several; may be repeated"),
    TEXT("environment", environment, "NAME", "one of the provider's environments, like sandbox"),
    TEXT("grant", grant, "GRANT", "authorization_code (default) or client_credentials"),
    TEXT("redirect-uri", redirect_uri, "URI", "as registered; http://127.0.0.1:0/callback by default"),
    TEXT("timeout", timeout, "SECONDS", "how long to wait for the person; 600 by default"),
    FLAG("no-browser", no_browser, "only show the URL"),
    FLAG("json", json, "print the facts as JSON"),
    FLAG("client-secret", client_secret, NULL),
    FLAG("client-key", client_key, NULL),
    COMMON,
    END};
static const struct option token_options[] = {
    TEXT("format", format, "FORMAT", "raw (default), json, or header"),
    TEXT("kept", kept, "NAME", "print this value that was kept beside the token, see `fob show`"),
    TEXT("min-ttl", min_ttl, "SECONDS", "refresh it when it is good for less than this; 60 by default"),
    COMMON, END};
static const struct option refresh_options[] = {
    FLAG("due", due, "all connections whose renewal is due, a line each: for a daily timer"),
    FLAG("json", json, "print the facts as JSON"), COMMON, END};
static const struct option list_options[] = {FLAG("json", json, "print JSON"),
                                             FLAG("names", names, "only the names, one a line"), COMMON, END};
static const struct option show_options[] = {FLAG("json", json, "print JSON"), COMMON, END};
static const struct option logout_options[] = {
    FLAG("forget", forget, "remove the connection even if the provider cannot be told"), COMMON, END};
static const struct option lint_options[] = {FLAG("all", all, "every descriptor that fob finds"),
                                             FLAG("json", json, "print JSON, one problem a line"), COMMON,
                                             END};
static const struct option new_options[] = {
    TEXT("from-issuer", issuer, "URL", "read what the issuer says of itself (RFC 8414, OpenID Connect)"),
    TEXT("authorize", authorize, "URL", "its authorization_endpoint"),
    TEXT("token", token, "URL", "its token_endpoint"),
    TEXT("auth", auth, "METHOD", "client_secret_basic, client_secret_post, private_key_jwt or none"),
    LIST("scope", scopes, "SCOPES",
         "what to ask for when nobody says, as the provider writes it; may be repeated"),
    TEXT("scope-separator", separator, "CHARACTER", "what stands between two scopes, where it is no space"),
    TEXT("identity", identity, "FROM/POINTER",
         "whose token it is: id_token/sub, userinfo/id, token/account_id"),
    TEXT("userinfo", userinfo, "URL", "its userinfo_endpoint"),
    TEXT("console", console, "URL", "the page to register an app at"),
    TEXT("redirect-uris", redirects, "KIND", "which it takes: loopback, https_or_localhost, https, …"),
    TEXT("rotation", rotation, "RULE", "of a used refresh token: none, rotates, reuse_revokes or grace"),
    TEXT("docs", docs, "URL", "the page of its documentation"),
    TEXT("name", title, "NAME", "the name that people know it by"),
    TEXT("output", output, "FILE", "where to write it; your own provider folder without it"),
    COMMON,
    END};
static const struct option try_options[] = {
    FLAG("all", all, "every descriptor that fob finds"),
    FLAG("recorded", recorded, "only what was recorded, without a sandbox"), FLAG("json", json, "print JSON"),
    COMMON, END};
static const struct option explain_options[] = {
    TEXT("environment", environment, "NAME", "one of the provider's environments, like sandbox"),
    LIST("var", variables, "NAME=VALUE", "a variable of the provider; its example without it"),
    LIST("scope", scopes, "SCOPE", "as for `fob login`"),
    TEXT("grant", grant, "GRANT",
         "authorization_code, client_credentials, refresh_token, verify or revoke; all without it"),
    FLAG("json", json, "print JSON"),
    COMMON,
    END};
static const struct option plain_options[] = {COMMON, END};

const struct command commands[] = {
    {"login", "NAME", "log in and keep the connection under NAME", 1, 1, false, login_options, run_login},
    {"token", "NAME", "print a token that is good, refreshed if need be", 1, 1, false, token_options,
     run_token},
    {"refresh", "NAME | --due", "get a new token now", 0, 1, false, refresh_options, run_refresh},
    {"verify", "NAME", "ask the provider whether the token is good", 1, 1, false, plain_options, run_verify},
    {"list", "", "the connections", 0, 0, false, list_options, run_list},
    {"show", "NAME", "what is known of one connection", 1, 1, false, show_options, run_show},
    {"logout", "NAME", "revoke the tokens and forget the connection", 1, 1, false, logout_options,
     run_logout},
    {"curl", "NAME URL [CURL OPTIONS]", "run curl with the connection's token", 2, MAX_WORDS, true,
     plain_options, run_curl},
    {"providers", "[ID]", "the providers there are, or one of them", 0, 1, false, list_options,
     run_providers},
    {"lint", "FILE… | ID… | --all", "check descriptors, as a careful reviewer would", 0, MAX_WORDS, false,
     lint_options, run_lint},
    {"new", "ID [OPTIONS]", "write a descriptor for a provider of your own", 1, 1, false, new_options,
     run_new},
    {"explain", "FILE | ID", "show the requests that will be sent", 1, 1, false, explain_options,
     run_explain},
    {"try", "FILE… | ID… | --all", "run what was recorded, and a sandbox", 0, MAX_WORDS, false, try_options,
     run_try},
    {"sandbox", "[FILE|ID] [OPTIONS]", "run a server that behaves like a provider", 0, MAX_WORDS, true,
     plain_options, run_sandbox},
    {"help", "[COMMAND]", "this text, or a command's", 0, 1, false, plain_options, run_help},
    {"version", "", "the version", 0, 0, false, plain_options, run_version},
    {NULL, NULL, NULL, 0, 0, false, NULL, NULL}};

int run_version(const struct args *args)
{
    (void)args;
    puts("fob " FOB_VERSION);
    return EXIT_OK;
}

/* Of UTF-8, which printf counts and a terminal does not. */
static size_t continuation_bytes(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) == 0x80;
    return n;
}

static void print_help(FILE *out)
{
    fputs("usage: fob COMMAND …\n\nOAuth 2.0 tokens for programs.\n\n", out);
    for (const struct command *command = commands; command->name; command++)
        fprintf(out, "  %-10s %-*s %s\n", command->name, 24 + (int)continuation_bytes(command->arguments),
                command->arguments, command->summary);
    fputs("\n`fob COMMAND --help` tells a command's options; fob(1) all the rest.\n", out);
}

int run_help(const struct args *args)
{
    const struct command *command = args->rest.n ? find_command(args->rest.v[0]) : NULL;
    if (args->rest.n && !command)
        return EXIT_USAGE;
    if (command)
        print_command_help(command, stdout);
    else
        print_help(stdout);
    return EXIT_OK;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct args args = {0};
    int result = parse_options(command, argc, argv, &args);
    if (result != EXIT_OK)
        return result;
    if (args.help && command->run != run_sandbox) { /* which has options of its own */
        print_command_help(command, stdout);
        return EXIT_OK;
    }
    result = command->run(&args);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("fob: standard output cannot be written\n", stderr);
        return EXIT_OTHER;
    }
    return result;
}

int main(int argc, char **argv)
{
    struct fob_error error;
    if (fob_harden_process(&error) != FOB_OK)
        return fail(&error);
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    else if (strcmp(name, "--version") == 0)
        name = "version";
    const struct command *command = find_command(name);
    return command ? run(command, argc - 2, argv + 2) : EXIT_USAGE;
}
