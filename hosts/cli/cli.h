/* SPDX-License-Identifier: MIT */
/* What the files of the command share: its arguments, its commands, and how it speaks. */
#ifndef CLI_H
#define CLI_H

#include <fob/fob.h>
#include <fob/limits.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#define MAX_WORDS 4096

/* The exit codes of fob(1). */
enum exit_code {
    EXIT_OK = 0,
    EXIT_OTHER = 1,
    EXIT_USAGE = 2,
    EXIT_NEEDS_LOGIN = 3,
    EXIT_DENIED = 4,
    EXIT_NETWORK = 5,
    EXIT_PROVIDER = 6,
    EXIT_CONFIG = 7
};

struct words {
    const char *v[MAX_WORDS];
    size_t n;
};

/* Every option of every command: each command reads those that its table names. */
struct args {
    const char *provider, *client_id, *secret_file, *secret_env, *key_file, *key_env;
    const char *environment, *grant, *redirect_uri, *format, *min_ttl, *timeout, *kept;
    const char *issuer, *authorize, *token, *auth, *docs, *title, *output;
    const char *separator, *userinfo, *identity, *console, *redirects, *rotation;
    struct words scopes, variables, choices;
    bool no_browser, json, names, forget, help, verbose, client_secret, client_key, due, all, recorded;
    struct words rest;
};

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_LIST };

struct option {
    const char *name; /* without the dashes */
    enum option_kind kind;
    size_t offset; /* in struct args */
    const char *value, *doc;
};

struct command {
    const char *name, *arguments, *summary;
    size_t min_rest, max_rest;
    bool rest_is_foreign;         /* what follows the first min_rest words belongs to another program */
    const struct option *options; /* ended by a NULL name */
    int (*run)(const struct args *args);
};

extern const struct command commands[]; /* ended by a NULL name */

/* --- options.c: words into args. EXIT_OK, or EXIT_USAGE with the reason told. */
int parse_options(const struct command *command, int argc, char **argv, struct args *ret);
void print_command_help(const struct command *command, FILE *out);
const struct command *find_command(const char *name);
/* A whole number from 0 to max; false with the reason told. */
bool parse_number(const char *option, const char *text, int64_t max, int64_t *ret);

/* --- pairs.c: NAME=VALUE, given more than once. EXIT_OK, or EXIT_USAGE with the reason told. */
struct pairs {
    struct fob_pair v[FOB_MAX_VARIABLES];
    char names[FOB_MAX_VARIABLES][FOB_MAX_ID + 1];
    size_t n;
};
int split_pairs(const char *option, const char *example, const struct words *given, struct pairs *ret);

/* --- files.c: descriptors. EXIT_OK, or an exit code with the reason told. */
struct files {
    char **v;
    size_t n;
};
int files_of_words(const struct words *words, struct files *ret);
int files_of_all(fob_session *session, struct files *ret);
void files_free(struct files *files);
/* The file of a descriptor that was named by its path or by its id; the caller frees it. */
int file_of_word(fob_session *session, const char *word, char **ret_path);
/* The text of one; the caller frees it. */
int read_descriptor(const char *path, char **ret_text, size_t *ret_len);

/* --- output.c: everything that a person or a script reads. */
int usage(const char *fix, const char *fmt, ...) FOB_PRINTF(2, 3);
/* Tells the error on standard error and gives its exit code. */
int fail(const struct fob_error *error);
int exit_code_of(fob_err code);
/* Prints json indented with a newline and drops it. */
int print_json(json_t *json);
/* "in 59 min", "3 days ago", "unknown". */
void print_when(FILE *out, int64_t at);
json_t *token_facts(const fob_token *token);
/* One line for each value kept beside the token, secret ones masked. */
void print_kept(const fob_token *token);
json_t *time_json(int64_t at);

/* --- session.c: opening with the options that every command has. */
int open_session(const struct args *args, fob_session **ret_session);

/* --- secret_input.c: EXIT_OK, and NULL for what was not named. */
int read_client_secrets(const struct args *args, fob_secret **ret_secret, fob_secret **ret_key);

/* --- waiting.c: on a terminal, a line that says for what a command waits; struct fob_options has more. */
void show_waiting(void *user, const char *what, int64_t until);

/* --- discovery.c: what an issuer says of itself (RFC 8414, OpenID Connect Discovery). EXIT_OK, or told. */
int discover(fob_session *session, const char *issuer, json_t **ret_metadata, char **ret_url);

/* --- programs.c: where the sandbox is. */
void sandbox_path(char *path, size_t size);

/* --- browser.c: what a person sees while logging in. */
struct browser {
    bool no_browser, told;
    char pasted[FOB_MAX_REDIRECT + 1];
    size_t pasted_len;
};
struct fob_ui browser_ui(struct browser *browser);
void browser_done(struct browser *browser);

/* --- choose.c: one of several, as struct fob_ui wants it. */
fob_err choose_option(void *user, const char *step, const struct fob_option *options, size_t n_options,
                      const char **ret_id, struct fob_error *error);

/* --- the commands */
int run_login(const struct args *args);
int run_token(const struct args *args);
int run_refresh(const struct args *args);
int run_verify(const struct args *args);
int run_list(const struct args *args);
int run_show(const struct args *args);
int run_logout(const struct args *args);
int run_providers(const struct args *args);
int run_lint(const struct args *args);
int run_new(const struct args *args);
int run_explain(const struct args *args);
int run_try(const struct args *args);
int run_sandbox(const struct args *args);
int run_curl(const struct args *args);
int run_help(const struct args *args);
int run_version(const struct args *args);

#endif
