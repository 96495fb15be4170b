/* SPDX-License-Identifier: MIT */
/* What the server says of itself (RFC 8414, OpenID Connect Discovery). */
#include "metadata.h"

#include "reply.h"

#include <stdlib.h>
#include <string.h>

static void set_url(json_t *document, const char *name, const struct sandbox *sandbox, const char *path)
{
    if (path)
        json_object_set_new(document, name, text_must(json_sprintf("%s%s", sandbox->origin, path)));
}

static json_t *auth_methods(unsigned methods)
{
    static const struct {
        enum auth_method bit;
        const char *name;
    } names[] = {{AUTH_BASIC, "client_secret_basic"}, {AUTH_POST, "client_secret_post"}, {AUTH_NONE, "none"}};
    json_t *list = text_must(json_array());
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (methods & names[i].bit)
            json_array_append_new(list, text_must(json_string(names[i].name)));
    return list;
}

static json_t *words(const char *text)
{
    json_t *list = text_must(json_array());
    while (*text) {
        size_t len = strcspn(text, " ");
        json_array_append_new(list, text_must(json_stringn(text, len)));
        text += len + (text[len] == ' ');
    }
    return list;
}

json_t *metadata_document(const struct sandbox *sandbox)
{
    json_t *document = text_must(json_pack("{s:s}", "issuer", sandbox->issuer));
    set_url(document, "authorization_endpoint", sandbox, sandbox->paths.authorize);
    set_url(document, "token_endpoint", sandbox, sandbox->paths.token);
    set_url(document, "revocation_endpoint", sandbox, sandbox->paths.revoke);
    set_url(document, "userinfo_endpoint", sandbox, sandbox->paths.userinfo);
    if (*sandbox->scopes)
        json_object_set_new(document, "scopes_supported", words(sandbox->scopes));
    json_object_set_new(document, "response_types_supported", words("code"));
    json_object_set_new(document, "response_modes_supported", words("query"));
    json_object_set_new(document, "grant_types_supported",
                        words(sandbox->client_secret ? "authorization_code client_credentials refresh_token"
                                                     : "authorization_code refresh_token"));
    json_object_set_new(document, "token_endpoint_auth_methods_supported",
                        auth_methods(sandbox->auth_methods));
    json_object_set_new(document, "revocation_endpoint_auth_methods_supported",
                        auth_methods(sandbox->auth_methods));
    json_object_set_new(document, "code_challenge_methods_supported", words("S256"));
    json_object_set_new(document, "authorization_response_iss_parameter_supported",
                        json_boolean(sandbox->sends_iss));
    return document;
}

void metadata_handle(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    (void)request;
    json_t *document = metadata_document(sandbox);
    /* What only OpenID Connect Discovery asks for; RFC 8414 lets a document hold it. */
    set_url(document, "jwks_uri", sandbox, JWKS_PATH);
    json_object_set_new(document, "subject_types_supported", words("public"));
    json_object_set_new(document, "id_token_signing_alg_values_supported", words("HS256"));
    reply_json(reply, 200, document);
}

/* ID tokens are signed with the client secret, so there is no key to publish. */
void metadata_jwks_handle(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    (void)sandbox;
    (void)request;
    reply_json(reply, 200, json_pack("{s:[]}", "keys"));
}

char *metadata_descriptor(const struct sandbox *sandbox)
{
    struct text yaml = {0};
    json_t *document = metadata_document(sandbox);
    const char *name;
    json_t *value;
    text_str(&yaml, "# The sandbox authorization server; written by fob-sandbox.\nfob: 1\nname: Sandbox\n");
    json_object_foreach (document, name, value) {
        /* JSON strings and lists on one line are YAML too. */
        char *dump = text_must(json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII));
        text_fmt(&yaml, "%s: %s\n", name, dump);
        text_drop(&dump);
    }
    json_decref(document);
    return yaml.s;
}
