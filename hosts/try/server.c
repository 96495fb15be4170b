/* SPDX-License-Identifier: MIT */
/* A sandbox that behaves as a descriptor says, in a process and a folder of its own. */
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <fob/limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define MAX_WORDS 128

/* --- files ------------------------------------------------------------------------------------------------------ */

static char *in_room(const struct server *server, const char *name)
{
    return text_printf("%s/%s", server->room, name);
}

/* The whole of it, and it is gone then; NULL when it is not there. */
static char *take_file(const struct server *server, const char *name)
{
    char *path = in_room(server, name), buffer[4096];
    struct text text = {0};
    FILE *file = fopen(path, "rbe");
    size_t got;
    while (file && (got = fread(buffer, 1, sizeof buffer, file)) > 0)
        text_add(&text, buffer, got);
    bool was_there = file != NULL;
    if (file)
        fclose(file);
    unlink(path);
    free(path);
    return was_there ? text_take(&text) : NULL;
}

static bool make_room(struct server *server)
{
    const char *tmp = getenv("TMPDIR");
    server->room = text_printf("%s/fob-try-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    return mkdtemp(server->room) != NULL;
}

/* --- the process ------------------------------------------------------------------------------------------------ */

struct words {
    char *v[MAX_WORDS + 1];
    size_t n;
};

static void add(struct words *words, char *word)
{
    if (words->n < MAX_WORDS)
        words->v[words->n++] = word;
    else
        free(word);
}

/* What nobody is shown, the sandbox has to be told. */
static void add_secret_variables(struct words *words, const struct subject *subject)
{
    struct values values;
    values_make(subject, NULL, NULL, &values);
    for (size_t i = 0; i < values.n; i++) {
        json_t *rule = json_object_get(json_object_get(subject->descriptor, "variables"), values.v[i].name);
        if (!json_is_true(json_object_get(rule, "secret")))
            continue;
        add(words, text_copy("--var"));
        add(words, text_printf("%s=%s", values.v[i].name, values.v[i].value));
    }
    values_free(&values);
}

static void make_words(struct words *words, const char *program, const struct subject *subject,
                       const char *redirect_uri, const struct server *server)
{
    static const char *const files[] = {"secret", "key", "descriptor"};
    add(words, text_copy(program));
    add(words, text_copy("--descriptor"));
    add(words, text_copy(subject->file));
    add(words, text_copy("--redirect-uri"));
    add(words, text_copy(redirect_uri));
    add(words, text_copy("--auto-consent"));
    add(words, text_copy("--clock-control"));
    add(words, text_copy("--until-eof"));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        add(words, text_printf("--write-%s", files[i]));
        add(words, in_room(server, files[i]));
    }
    add_secret_variables(words, subject);
}

/* Its input and output are pipes of ours, and what it says of its troubles goes into a file. */
static int spawn(const struct words *words, struct server *server, int input, int output)
{
    posix_spawn_file_actions_t actions;
    char *log = in_room(server, "log");
    int err = posix_spawn_file_actions_init(&actions);
    if (err == 0) {
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log, O_CREAT | O_WRONLY | O_TRUNC, 0600);
        err = posix_spawn(&server->pid, words->v[0], &actions, NULL, words->v, environ);
        posix_spawn_file_actions_destroy(&actions);
    }
    free(log);
    return err;
}

/* One line when it is ready; nothing when it has ended. */
static json_t *hear_ready(int output)
{
    struct text line = {0};
    char c;
    while (read(output, &c, 1) == 1 && c != '\n')
        text_add(&line, &c, 1);
    json_t *ready = line.s ? json_loads(line.s, 0, NULL) : NULL;
    free(line.s);
    return ready;
}

static char *why_not(const struct server *server)
{
    char *log = take_file(server, "log");
    if (log)
        log[strcspn(log, "\n")] = '\0';
    char *why = text_printf("the sandbox did not start: %s", log && *log ? log : "it said nothing");
    free(log);
    return why;
}

static char *run(const struct words *words, struct server *server)
{
    int to[2], from[2];
    if (pipe2(to, O_CLOEXEC) != 0)
        return text_printf("no pipe: %s", strerror(errno));
    if (pipe2(from, O_CLOEXEC) != 0) {
        close(to[0]);
        close(to[1]);
        return text_printf("no pipe: %s", strerror(errno));
    }
    int err = spawn(words, server, to[0], from[1]);
    close(to[0]);
    close(from[1]);
    server->input = to[1];
    if (err == 0)
        server->ready = hear_ready(from[0]);
    else
        server->pid = 0;
    close(from[0]);
    if (err != 0)
        return text_printf("%s cannot be run: %s", words->v[0], strerror(err));
    return server->ready ? NULL : why_not(server);
}

char *server_start(const char *program, const struct subject *subject, const char *redirect_uri,
                   struct server *ret)
{
    struct words words = {.n = 0};
    *ret = (struct server){.input = -1};
    if (!make_room(ret)) {
        free(ret->room);
        ret->room = NULL;
        return text_printf("no folder for the sandbox: %s", strerror(errno));
    }
    make_words(&words, program, subject, redirect_uri, ret);
    char *why = run(&words, ret);
    ret->secret = take_file(ret, "secret");
    ret->key = take_file(ret, "key");
    ret->descriptor = take_file(ret, "descriptor");
    if (!why && !ret->descriptor)
        why = text_copy("the sandbox wrote no descriptor");
    for (size_t i = 0; i < words.n; i++)
        free(words.v[i]);
    if (why)
        server_stop(ret);
    return why;
}

void server_stop(struct server *server)
{
    if (server->input >= 0)
        close(server->input);
    if (server->pid > 0)
        waitpid(server->pid, NULL, 0);
    if (server->room) {
        free(take_file(server, "log"));
        rmdir(server->room);
    }
    if (server->secret)
        explicit_bzero(server->secret, strlen(server->secret));
    free(server->room);
    free(server->secret);
    free(server->key);
    free(server->descriptor);
    json_decref(server->ready);
    *server = (struct server){.input = -1};
}
