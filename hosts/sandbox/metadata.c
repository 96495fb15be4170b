/* SPDX-License-Identifier: MIT */
/* What the server says of itself (RFC 8414, OpenID Connect Discovery). */
#include "metadata.h"

#include "facts.h"
#include "reply.h"
#include "tree.h"

#include <stdlib.h>
#include <string.h>

json_t *metadata_plain_descriptor(const char *origin, const char *auth)
{
    static const struct {
        const char *name, *path;
    } endpoints[] = {{"authorization_endpoint", "/authorize"},
                     {"token_endpoint", "/token"},
                     {"revocation_endpoint", "/revoke"},
                     {"userinfo_endpoint", "/userinfo"}};
    json_t *all = text_must(json_pack("{s:i, s:s, s:s}", "fob", 1, "name", "Sandbox", "issuer", origin));
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++)
        tree_set_taken(all, endpoints[i].name, text_printf("%s%s", origin, endpoints[i].path));
    json_object_set_new(all, "token_endpoint_auth_methods_supported",
                        text_must(auth ? json_pack("[s]", auth)
                                       : json_pack("[s, s]", "client_secret_basic", "client_secret_post")));
    json_object_set_new(all, "code_challenge_methods_supported", text_must(json_pack("[s]", "S256")));
    json_object_set_new(all, "authorization_response_iss_parameter_supported", json_true());
    return all;
}

static void set_default(json_t *document, const char *name, json_t *value)
{
    if (json_object_get(document, name))
        json_decref(value);
    else
        json_object_set_new(document, name, text_must(value));
}

/* Templates are filled in; what cannot be is left out. */
static void fill(json_t *document, const struct facts *facts)
{
    const char *name;
    json_t *value;
    void *next;
    json_object_foreach_safe(document, next, name, value)
    {
        if (!json_is_string(value))
            continue;
        char *filled = expression_url(json_string_value(value), facts);
        if (filled)
            tree_set(document, name, filled);
        else
            json_object_del(document, name);
        text_drop(&filled);
    }
}

json_t *metadata_document(const struct sandbox *sandbox, const struct view *view, json_t *captured)
{
    struct facts facts = facts_new(sandbox, view, captured, NULL);
    json_t *document = text_must(json_deep_copy(view->metadata));
    fill(document, &facts);
    facts_free(&facts);
    set_default(document, "issuer", json_string(sandbox->origin));
    set_default(document, "response_types_supported", json_pack("[s]", "code"));
    set_default(document, "grant_types_supported",
                sandbox->client_secret || sandbox->client_key
                    ? json_pack("[s, s, s]", "authorization_code", "client_credentials", "refresh_token")
                    : json_pack("[s, s]", "authorization_code", "refresh_token"));
    return document;
}

void metadata_handle(struct sandbox *sandbox, const struct visit *visit, struct reply *reply)
{
    json_t *document = metadata_document(sandbox, visit->view, visit->captured);
    /* What only OpenID Connect Discovery asks for; RFC 8414 lets a document hold it. */
    char *jwks = text_printf("%s%s", sandbox->origin, JWKS_PATH);
    tree_set_taken(document, "jwks_uri", jwks);
    json_object_set_new(document, "subject_types_supported", text_must(json_pack("[s]", "public")));
    json_object_set_new(document, "id_token_signing_alg_values_supported",
                        text_must(json_pack("[s]", "HS256")));
    reply_json(reply, 200, document);
}
