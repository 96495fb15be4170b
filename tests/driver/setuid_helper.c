/* SPDX-License-Identifier: MIT */
/* Prints where a session of this process looks for things, or that it does not run set-uid. */
#include "io/driver.h"

#include <stdio.h>
#include <sys/auxv.h>

/* The leak sanitizer cannot look into a set-uid process. */
const char *__asan_default_options(void);
__attribute__((visibility("default"))) const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

int main(void)
{
    fob_session *session = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    if (!getauxval(AT_SECURE)) {
        puts("not set-uid");
        return 0;
    }
    if (fob_open(NULL, &session, &error) != FOB_OK) {
        printf("%s\n", error.what);
        return 1;
    }
    const struct fob_paths *paths = &session->paths;
    printf("store: %s\nkey: %s\nclients: %s\nca: %s\nenvironment: %s\n", paths->store, paths->key,
           paths->clients_file, paths->ca_file ? paths->ca_file : "none",
           paths->trust_environment ? "yes" : "no");
    for (size_t i = 0; i < paths->providers.n; i++)
        printf("providers: %s\n", paths->providers.v[i]);
    for (size_t i = 0; i < paths->plugins.n; i++)
        printf("plugins: %s\n", paths->plugins.v[i]);
    fob_close(&session);
    return 0;
}
