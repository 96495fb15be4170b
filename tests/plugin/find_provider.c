/* SPDX-License-Identifier: MIT */
/* find_provider FOLDER ID: finds a provider that is a plugin, and says its token endpoint. */
#include "io/registry.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    struct fob_error error = FOB_ERROR_INIT;
    fob_provider *provider = NULL;
    if (argc != 3)
        return 2;
    struct fob_paths paths = {.plugins = {.v = argv + 1, .n = 1}};
    if (fob_registry_find(&paths, argv[2], &provider, &error) != FOB_OK) {
        fprintf(stderr, "%s: %s\n", error.file, error.what);
        return 1;
    }
    printf("%s\n", fob_provider_metadata(provider, "token_endpoint"));
    fob_provider_unref(&provider);
    return 0;
}
