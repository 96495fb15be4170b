/* SPDX-License-Identifier: MIT */
/* fob-sandbox: an authorization server on loopback that behaves as a descriptor describes. */
#include "document.h"
#include "greeting.h"
#include "metadata.h"
#include "options.h"
#include "setup.h"
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server.h"

static int say(const char *what, const char *why)
{
    fprintf(stderr, "fob-sandbox: %s: %s\n", what, why);
    return 1;
}

/* Whole or not at all, so that whoever waits for the file never reads half of it. */
static int write_file(const char *path, const char *text, mode_t mode)
{
    char *part = text_printf("%s.part", path);
    int fd = open(part, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, mode);
    size_t len = strlen(text);
    bool written = fd >= 0 && fchmod(fd, mode) == 0 && write(fd, text, len) == (ssize_t)len;
    if (fd >= 0)
        close(fd);
    written = written && rename(part, path) == 0;
    int result = written ? 0 : say(path, strerror(errno));
    text_drop(&part);
    return result;
}

static int write_files(const struct sandbox *sandbox)
{
    const struct settings *settings = &sandbox->settings;
    int result = 0;
    char *key = setup_take_key();
    if (settings->write_secret && sandbox->client_secret)
        result = write_file(settings->write_secret, sandbox->client_secret, 0600);
    if (result == 0 && settings->write_key && key)
        result = write_file(settings->write_key, key, 0600);
    text_drop(&key);
    if (result != 0 || !settings->write_descriptor)
        return result;
    char *yaml = document_write(sandbox->descriptor);
    result = write_file(settings->write_descriptor, yaml, 0644);
    text_drop(&yaml);
    return result;
}

/* What the tenant's variables are here, but for secrets that were given: one made up here is nobody's. */
static json_t *shown_variables(const struct sandbox *sandbox)
{
    const char *name;
    json_t *variable, *shown = text_must(json_object());
    json_object_foreach (tree_at(sandbox->descriptor, "variables"), name, variable)
        if (!tree_is_true(variable, "secret") || !tree_text(sandbox->settings.variables, name))
            tree_set(shown, name, tree_text(sandbox->views[0].variables, name));
    return shown;
}

/* One line, for the program that started us. The secret itself stays in its file. */
static void tell_program(const struct sandbox *sandbox)
{
    const struct settings *settings = &sandbox->settings;
    json_t *line = metadata_document(sandbox, &sandbox->views[0], NULL);
    const char *secret_file = settings->write_secret ? settings->write_secret : settings->secret_file;
    const char *key_file = settings->write_key ? settings->write_key : settings->key_file;
    json_object_set_new(line, "port", json_integer(settings->port));
    json_object_set_new(line, "origin", json_string(sandbox->origin));
    json_object_set_new(line, "api", json_sprintf("%s%s/me", sandbox->origin, API_PATH));
    json_object_set_new(line, "client_id", json_string(sandbox->client_id));
    json_object_set_new(line, "client_secret_file",
                        sandbox->client_secret && secret_file ? json_string(secret_file) : json_null());
    json_object_set_new(line, "client_key_file",
                        sandbox->client_key && key_file ? json_string(key_file) : json_null());
    json_object_set_new(line, "descriptor_file", json_string(settings->write_descriptor));
    json_object_set_new(line, "variables", shown_variables(sandbox));
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    fflush(stdout);
    json_decref(line);
}

static void tell_ready(const struct sandbox *sandbox, const struct room *room)
{
    if (!isatty(STDOUT_FILENO)) {
        tell_program(sandbox);
        return;
    }
    char *text = greeting_text(sandbox, room);
    fputs(text, stdout);
    fflush(stdout);
    text_drop(&text);
}

/* Until a signal asks us to end, or, if wanted, standard input does. */
static void wait_for_the_end(bool until_eof, int signals)
{
    struct pollfd fds[] = {{.fd = signals, .events = POLLIN},
                           {.fd = until_eof ? STDIN_FILENO : -1, .events = POLLIN}};
    char byte;
    for (;;) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return;
        if (fds[0].revents)
            return;
        if (fds[1].revents && read(STDIN_FILENO, &byte, 1) <= 0)
            return;
    }
}

static int serve(struct sandbox *sandbox, const struct room *room, int socket, int signals)
{
    struct server *server = signals >= 0 ? server_start(sandbox, socket) : NULL;
    if (!server)
        return say("the server cannot be started", strerror(errno));
    tell_ready(sandbox, room);
    wait_for_the_end(sandbox->settings.until_eof, signals);
    server_stop(server);
    return 0;
}

/* From here on they end the server in good order, with all that it wrote for nobody else. */
static int take_signals(void)
{
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGTERM);
    sigaddset(&wanted, SIGINT);
    sigaddset(&wanted, SIGHUP);
    sigprocmask(SIG_BLOCK, &wanted, NULL);
    return signalfd(-1, &wanted, SFD_CLOEXEC);
}

static int run(struct sandbox *sandbox, int socket)
{
    bool by_person = isatty(STDOUT_FILENO);
    struct room room = {0};
    int signals = take_signals(), result = 0;
    if (by_person)
        greeting_register(sandbox);
    if (!room_make(&room, sandbox, by_person))
        result = say("no folder can be made for the client's secret", strerror(errno));
    if (result == 0)
        result = write_files(sandbox);
    if (result == 0)
        result = serve(sandbox, &room, socket, signals);
    room_leave(&room);
    close(signals);
    return result;
}

int main(int argc, char **argv)
{
    static struct sandbox sandbox;
    int result = options_read(&sandbox.settings, argc, argv);
    if (result >= 0)
        return result;
    signal(SIGPIPE, SIG_IGN);
    uint16_t port = sandbox.settings.port;
    int socket = server_listen(sandbox.settings.host, &port);
    if (socket < 0)
        return say("the port cannot be taken", strerror(errno));
    sandbox.settings.port = port;
    result = setup_sandbox(&sandbox);
    if (result == 0)
        result = run(&sandbox, socket);
    sandbox_free(&sandbox);
    return result;
}
