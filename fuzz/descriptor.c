/* SPDX-License-Identifier: MIT */
/* Any bytes as a descriptor: parsed, linted and bound, without a crash, a leak or two answers. */
#include "binding.h"
#include "cleanup.h"
#include "clientfile.h"
#include "inherit.h"

#include <stdlib.h>
#include <string.h>

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
    if (fob_binding_init(&binding, provider, NULL, "client-1", NULL, 0, NULL) != FOB_OK)
        return;
    if (fob_binding_endpoint(&binding, "token_endpoint", &url, NULL) == FOB_OK && url &&
        fob_binding_check_url(&binding, url, "it", false, FOB_E_SECURITY, NULL) != FOB_OK)
        abort();
    fob_binding_free(&binding);
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Whoever wants a token reads the head alone: nothing of it may mean anything else there. */
static void read_for_use(const char *text, size_t size, const fob_provider *whole)
{
    static const char *const names[] = {"authorization_endpoint", "token_endpoint", "issuer"};
    fob_auto_provider *provider = NULL;
    struct fob_bases bases = {0};
    if (fob_provider_read(text, size, "acme.yaml", &bases, &provider, NULL) != FOB_OK)
        abort();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!same(fob_provider_metadata(whole, names[i]), fob_provider_metadata(provider, names[i])))
            abort();
    if (provider->d.hosts.n != whole->d.hosts.n || provider->d.n_steps != whole->d.n_steps)
        abort();
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
    if (provider) {
        use(provider);
        read_for_use(text, size, provider);
    }
    if (fob_client_file_read(text, size, "clients.yaml", &clients, NULL) == FOB_OK)
        fob_client_file_free(&clients);
    return 0;
}
