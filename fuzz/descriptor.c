/* SPDX-License-Identifier: MIT */
/* Any bytes as a descriptor: parsed, linted and bound, without a crash, a leak or two answers. */
#include "binding.h"
#include "cleanup.h"
#include "clientfile.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(void *user, const struct fob_problem *problem)
{
    (void)user;
    if (!problem->what || !*problem->what)
        abort();
}

static void use(fob_provider *provider)
{
    struct fob_binding binding = {0};
    fob_auto_free char *url = NULL;
    if (fob_binding_init(&binding, provider, NULL, NULL, 0, NULL) != FOB_OK)
        return;
    if (fob_binding_endpoint(&binding, "token_endpoint", &url, NULL) == FOB_OK && url &&
        fob_binding_check_url(&binding, url, "it", false, FOB_E_SECURITY, NULL) != FOB_OK)
        abort();
    fob_binding_free(&binding);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fob_auto_provider *provider = NULL;
    struct fob_client_file clients = {0};
    struct fob_error error = FOB_ERROR_INIT;
    const char *text = (const char *)data;
    fob_err parsed = fob_provider_parse(text, size, "acme.yaml", &provider, &error);
    fob_err linted = fob_provider_lint(text, size, "acme.yaml", ignore, NULL, NULL);
    if (parsed != FOB_OK && (error.code != parsed || !*error.what))
        abort();
    if (parsed != linted && parsed != FOB_E_PLUGIN)
        abort();
    if (provider)
        use(provider);
    if (fob_client_file_read(text, size, "clients.yaml", &clients, NULL) == FOB_OK)
        fob_client_file_free(&clients);
    return 0;
}
