/* SPDX-License-Identifier: MIT */
/* listen MODULE MODES: prints the listener's port, then each target it is given, until its parent is gone. */
#include <dlfcn.h>
#include <fob/plugin.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#define PAGE "<!doctype html><title>seen</title><p id=\"seen\">seen</p>"

static int tell(const char *what, const struct fob_error *error)
{
    fprintf(stderr, "%s: %s\n", what, error->what);
    return 1;
}

static int serve(const struct fob_listener_ops *ops, void *self)
{
    struct fob_error error = FOB_ERROR_INIT;
    struct pollfd parent = {.fd = 0, .events = POLLIN};
    while (poll(&parent, 1, 0) == 0) {
        const char *target = NULL;
        if (ops->wait(self, 200, &target, &error) != FOB_OK)
            return tell("wait", &error);
        if (!target)
            continue;
        printf("%s\n", target);
        fflush(stdout);
        if (ops->answer(self, 200, PAGE, &error) != FOB_OK)
            return tell("answer", &error);
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct fob_error error = FOB_ERROR_INIT;
    void *self = NULL;
    unsigned port = 0;
    union {
        void *as_symbol;
        fob_plugin_entry_fn *as_function;
    } entry = {NULL};
    void *handle = argc == 3 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    if (handle)
        entry.as_symbol = dlsym(handle, FOB_PLUGIN_ENTRY);
    if (!entry.as_symbol)
        return 2;
    const struct fob_listener_ops *ops = entry.as_function()->listener;
    if (ops->open("127.0.0.1", 0, "/callback", &self, &port, &error) != FOB_OK)
        return tell("open", &error);
    if (ops->accept(self, (unsigned)strtoul(argv[2], NULL, 10), &error) != FOB_OK)
        return tell("accept", &error);
    printf("%u\n", port);
    fflush(stdout);
    int result = serve(ops, self);
    ops->close(self);
    return result;
}
