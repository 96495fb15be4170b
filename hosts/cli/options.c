/* SPDX-License-Identifier: MIT */
/* Words on the command line into struct args, by a command's table. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *nearest_command(const char *name)
{
    for (const struct command *command = commands; command->name; command++)
        if (strncmp(command->name, name, 2) == 0)
            return command->name;
    return NULL;
}

const struct command *find_command(const char *name)
{
    char fix[64] = "see `fob help`";
    for (const struct command *command = commands; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    if (nearest_command(name))
        snprintf(fix, sizeof fix, "did you mean \"%s\"?", nearest_command(name));
    usage(fix, "there is no command \"%s\"", name);
    return NULL;
}

static const struct option *find_option(const struct command *command, const char *name, size_t len)
{
    for (const struct option *option = command->options; option->name; option++)
        if (strlen(option->name) == len && strncmp(option->name, name, len) == 0)
            return option;
    return NULL;
}

static int add_word(struct words *words, const char *word)
{
    if (words->n == MAX_WORDS)
        return usage(NULL, "more than %d words", MAX_WORDS);
    words->v[words->n++] = word;
    return EXIT_OK;
}

static int take_option(const struct command *command, char **argv, int argc, int *at, struct args *ret)
{
    const char *name = argv[*at] + 2, *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);
    const struct option *option = find_option(command, name, len);
    char fix[80];
    snprintf(fix, sizeof fix, "see `fob %s --help`", command->name);
    if (!option)
        return usage(fix, "`fob %s` has no option --%.*s", command->name, (int)len, name);
    if (option->offset == offsetof(struct args, client_secret))
        return usage("use --client-secret-file FILE or --client-secret-env VARIABLE",
                     "a secret on the command line can be read by every process");
    if (option->offset == offsetof(struct args, client_key))
        return usage("use --client-key-file FILE or --client-key-env VARIABLE",
                     "a key on the command line can be read by every process");
    void *member = (char *)ret + option->offset;
    if (option->kind == OPTION_FLAG) {
        if (equals)
            return usage(fix, "--%s takes no value", option->name);
        *(bool *)member = true;
        return EXIT_OK;
    }
    if (!equals && *at + 1 >= argc)
        return usage(fix, "--%s needs a value: %s", option->name, option->value);
    const char *value = equals ? equals + 1 : argv[++*at];
    if (option->kind == OPTION_LIST)
        return add_word(member, value);
    *(const char **)member = value;
    return EXIT_OK;
}

int parse_options(const struct command *command, int argc, char **argv, struct args *ret)
{
    int result = EXIT_OK;
    bool only_words = false;
    for (int i = 0; i < argc && result == EXIT_OK; i++) {
        /* --help is ours where there are words of ours to help with. */
        bool foreign = command->rest_is_foreign && ret->rest.n >= command->min_rest &&
                       (command->min_rest == 0 || strcmp(argv[i], "--help") != 0);
        if (!only_words && !foreign && strcmp(argv[i], "--") == 0)
            only_words = true;
        else if (!only_words && !foreign && strncmp(argv[i], "--", 2) == 0)
            result = take_option(command, argv, argc, &i, ret);
        else if (!only_words && !foreign && strcmp(argv[i], "-v") == 0)
            ret->verbose = true;
        else if (!only_words && !foreign && strcmp(argv[i], "-h") == 0)
            ret->help = true;
        else
            result = add_word(&ret->rest, argv[i]);
    }
    if (result != EXIT_OK || ret->help)
        return result;
    if (ret->rest.n < command->min_rest || ret->rest.n > command->max_rest)
        return usage(NULL, "write it as: fob %s %s", command->name, command->arguments);
    return EXIT_OK;
}

void print_command_help(const struct command *command, FILE *out)
{
    char left[64];
    fprintf(out, "usage: fob %s %s\n\n%s\n\n", command->name, command->arguments, command->summary);
    for (const struct option *option = command->options; option->name; option++) {
        if (!option->doc)
            continue;
        snprintf(left, sizeof left, "--%s%s%s", option->name, option->value ? " " : "",
                 option->value ? option->value : "");
        fprintf(out, "  %-30s %s\n", left, option->doc);
    }
}

bool parse_number(const char *option, const char *text, int64_t max, int64_t *ret)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || end == text || *end || number < 0 || number > max) {
        usage(NULL, "--%s has to be a whole number from 0 to %lld", option, (long long)max);
        return false;
    }
    *ret = number;
    return true;
}
