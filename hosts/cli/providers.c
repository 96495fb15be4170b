/* SPDX-License-Identifier: MIT */
/* fob providers. */
#include "cli.h"

#include <string.h>

struct listing {
    json_t *json;
    bool names;
};

static int list_one(void *user, const char *id, const char *file)
{
    struct listing *listing = user;
    if (listing->json)
        json_array_append_new(listing->json, json_pack("{s:s, s:s}", "id", id, "file", file));
    else if (listing->names)
        puts(id);
    else
        printf("%-24s %s\n", id, file);
    return 0;
}

static void show_provider(const fob_provider *provider)
{
    static const char *const metadata[] = {"issuer",
                                           "authorization_endpoint",
                                           "token_endpoint",
                                           "revocation_endpoint",
                                           "userinfo_endpoint",
                                           "scopes_supported"};
    static const char *const grants[] = {"authorization_code", "client_credentials", "refresh_token"};
    struct fob_variable variable = {.size = sizeof variable};
    const char *environment, *doc;
    printf("id:     %s\nname:   %s\nfile:   %s\n", fob_provider_id(provider), fob_provider_name(provider),
           fob_provider_file(provider));
    if (*fob_provider_docs(provider))
        printf("docs:   %s\n", fob_provider_docs(provider));
    fputs("grants:", stdout);
    for (size_t i = 0; i < 3; i++)
        if (fob_provider_supports(provider, grants[i]))
            printf(" %s", grants[i]);
    putchar('\n');
    for (size_t i = 0; i < sizeof metadata / sizeof *metadata; i++)
        if (fob_provider_metadata(provider, metadata[i]))
            printf("%s: %s\n", metadata[i], fob_provider_metadata(provider, metadata[i]));
    for (size_t i = 0; fob_provider_variable(provider, i, &variable) == FOB_OK; i++)
        printf("--var %s=%s  %s%s%s\n", variable.name, *variable.example ? variable.example : "…",
               variable.doc, *variable.default_value ? "; by default " : "", variable.default_value);
    for (size_t i = 0; (environment = fob_provider_environment(provider, i, &doc)); i++)
        printf("--environment %s  %s\n", environment, doc);
}

static json_t *provider_json(const fob_provider *provider)
{
    static const char *const metadata[] = {"issuer",
                                           "authorization_endpoint",
                                           "token_endpoint",
                                           "revocation_endpoint",
                                           "userinfo_endpoint",
                                           "scopes_supported"};
    struct fob_variable variable = {.size = sizeof variable};
    const char *environment;
    json_t *variables = json_array(), *environments = json_array();
    json_t *json = json_pack("{s:s, s:s, s:s, s:s}", "id", fob_provider_id(provider), "name",
                             fob_provider_name(provider), "file", fob_provider_file(provider), "docs",
                             fob_provider_docs(provider));
    for (size_t i = 0; i < sizeof metadata / sizeof *metadata; i++)
        if (fob_provider_metadata(provider, metadata[i]))
            json_object_set_new(json, metadata[i], json_string(fob_provider_metadata(provider, metadata[i])));
    for (size_t i = 0; fob_provider_variable(provider, i, &variable) == FOB_OK; i++)
        json_array_append_new(variables, json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "name", variable.name,
                                                   "doc", variable.doc, "example", variable.example,
                                                   "pattern", variable.pattern, "default",
                                                   variable.default_value, "secret", variable.is_secret));
    for (size_t i = 0; (environment = fob_provider_environment(provider, i, NULL)); i++)
        json_array_append_new(environments, json_string(environment));
    json_object_set_new(json, "variables", variables);
    json_object_set_new(json, "environments", environments);
    return json;
}

static int list_all(const struct args *args, fob_session *session)
{
    struct listing listing = {.json = args->json ? json_array() : NULL, .names = args->names};
    struct fob_error error = FOB_ERROR_INIT;
    if (fob_list_providers(session, list_one, &listing, &error) != FOB_OK) {
        json_decref(listing.json);
        return fail(&error);
    }
    return args->json ? print_json(listing.json) : EXIT_OK;
}

int run_providers(const struct args *args)
{
    fob_session *session = NULL;
    fob_provider *provider = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    int result = open_session(args, &session);
    if (result != EXIT_OK)
        return result;
    if (args->rest.n == 0)
        result = list_all(args, session);
    else if (fob_find_provider(session, args->rest.v[0], &provider, &error) != FOB_OK)
        result = fail(&error);
    else if (args->json)
        result = print_json(provider_json(provider));
    else
        show_provider(provider);
    fob_provider_unref(&provider);
    fob_close(&session);
    return result;
}
