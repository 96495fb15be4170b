/* SPDX-License-Identifier: MIT */
/* What an issuer says of itself: RFC 8414, else OpenID Connect Discovery. */
#include "cli.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* RFC 8414 section 3.1: between host and path. */
static char *inserted(const char *issuer)
{
    const char *host = strstr(issuer, "://"), *path = host ? strchr(host + 3, '/') : NULL;
    size_t len = path ? (size_t)(path - issuer) : strlen(issuer);
    bool is_empty = !path || strcmp(path, "/") == 0;
    return text_printf("%.*s/.well-known/oauth-authorization-server%s", (int)len, issuer,
                       is_empty ? "" : path);
}

/* OpenID Connect Discovery section 4: behind it, less a slash at its end. */
static char *appended(const char *issuer)
{
    size_t len = strlen(issuer);
    while (len && issuer[len - 1] == '/')
        len--;
    return text_printf("%.*s/.well-known/openid-configuration", (int)len, issuer);
}

/* *ret_metadata stays NULL where the URL has no such document; an error is told. */
static int get(fob_session *session, const char *url, json_t **ret_metadata)
{
    static const struct fob_pair accept = {"Accept", "application/json"};
    struct fob_http_request request = {.size = sizeof request, .url = url, .fields = &accept, .n_fields = 1};
    struct fob_http_response response;
    struct fob_error error = FOB_ERROR_INIT;
    if (fob_send(session, &request, &response, &error) != FOB_OK)
        return fail(&error);
    if (response.status != 200)
        return EXIT_OK;
    *ret_metadata = json_loadb(response.body, response.body_len, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(*ret_metadata)) {
        json_decref(*ret_metadata);
        *ret_metadata = NULL;
    }
    return EXIT_OK;
}

/* RFC 8414 section 3.3: the document has to name the very issuer that was asked. */
static int check(const char *issuer, const char *url, json_t *metadata)
{
    const char *said = json_string_value(json_object_get(metadata, "issuer"));
    if (said && strcmp(said, issuer) == 0)
        return EXIT_OK;
    fprintf(stderr, "fob: %s is the document of another issuer: %s\n", url, said ? said : "it names none");
    if (said)
        fprintf(stderr, "  if that is the one you mean: --from-issuer %s\n", said);
    return EXIT_PROVIDER;
}

int discover(fob_session *session, const char *issuer, json_t **ret_metadata, char **ret_url)
{
    char *urls[] = {inserted(issuer), appended(issuer)};
    json_t *metadata = NULL;
    size_t i = 0;
    int result = get(session, urls[0], &metadata);
    if (result == EXIT_OK && !metadata)
        result = get(session, urls[i = 1], &metadata);
    if (result == EXIT_OK && !metadata) {
        fprintf(stderr, "fob: %s says nothing of itself: there is neither\n  %s\n  nor %s\n", issuer, urls[0],
                urls[1]);
        fputs("  give --authorize and --token in its place\n", stderr);
        result = EXIT_PROVIDER;
    }
    if (result == EXIT_OK)
        result = check(issuer, urls[i], metadata);
    if (result == EXIT_OK) {
        *ret_metadata = json_incref(metadata);
        *ret_url = text_copy(urls[i]);
    }
    json_decref(metadata);
    free(urls[0]);
    free(urls[1]);
    return result;
}
