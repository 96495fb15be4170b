/* SPDX-License-Identifier: MIT */
/* The server, made from its settings and a descriptor. */
#include "setup.h"

#include "client.h"
#include "load.h"
#include "metadata.h"
#include "provider.h"
#include "signature.h"
#include "tree.h"

#include <errno.h>
#include <fob/limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *made_key;

char *setup_take_key(void)
{
    char *key = made_key;
    made_key = NULL;
    return key;
}

/* The first line of a file. */
static char *read_secret(const char *path)
{
    FILE *file = fopen(path, "rbe");
    if (!file) {
        fprintf(stderr, "fob-sandbox: %s: %s\n", path, strerror(errno));
        return NULL;
    }
    char *text = text_must(calloc(1, FOB_MAX_TOKEN + 1));
    size_t len = fread(text, 1, FOB_MAX_TOKEN, file);
    fclose(file);
    text[len] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    return text;
}

/* The alg of the first JWT that stands for the client and is signed by a key of its own; NULL when none is. */
static const char *key_alg(const struct sandbox *sandbox)
{
    for (size_t i = 0; i < sandbox->n_rules; i++) {
        const struct rule *rule = &sandbox->rules[i];
        const char *alg = tree_text(rule->block, "jwt/alg");
        unsigned methods = client_methods(sandbox, &sandbox->views[0], rule);
        bool in_place = tree_at(rule->block, "jwt") && !(methods & AUTH_SECRET_JWT);
        if ((methods & AUTH_KEY_JWT) || (in_place && (!alg || strcmp(alg, "HS256") != 0)))
            return alg ? alg : "RS256";
    }
    return NULL;
}

static bool set_client(struct sandbox *sandbox)
{
    const struct settings *settings = &sandbox->settings;
    bool is_public = settings->auth && strcmp(settings->auth, "none") == 0;
    sandbox->client_id = text_copy(settings->client_id ? settings->client_id : "sandbox");
    if (settings->secret_file) {
        sandbox->client_secret = read_secret(settings->secret_file);
        if (!sandbox->client_secret)
            return false;
    } else if (!is_public) {
        /* With what is encoded differently in Basic, a form, a URL and XML. */
        char *unique = text_random(32);
        sandbox->client_secret = text_printf("%s%%+/&=:", unique);
        text_drop(&unique);
    }
    const char *alg = is_public ? NULL : key_alg(sandbox);
    if (settings->key_file)
        sandbox->client_key = signature_read_key(settings->key_file);
    else if (alg)
        sandbox->client_key = signature_make_key(alg, &made_key);
    return sandbox->client_key || !settings->key_file;
}

int setup_sandbox(struct sandbox *sandbox)
{
    const struct settings *settings = &sandbox->settings;
    bool is_v6 = strchr(settings->host, ':') != NULL;
    if (sodium_init() < 0)
        return 1;
    tree_wipe_freed();
    sandbox->origin = text_printf(is_v6 ? "http://[%s]:%u" : "http://%s:%u", settings->host, settings->port);
    sandbox->token_key = text_random(32);
    sandbox->global_kept = text_must(json_array());
    sandbox->seen_jti = text_must(json_object());
    json_t *descriptor = settings->descriptor ? load_descriptor(settings->descriptor, settings->provider_path)
                                              : metadata_plain_descriptor(sandbox->origin, settings->auth);
    if (!descriptor)
        return 1;
    if (settings->descriptor && settings->auth)
        json_object_set_new(descriptor, "token_endpoint_auth_methods_supported",
                            text_must(json_pack("[s]", settings->auth)));
    return provider_setup(sandbox, descriptor, !settings->descriptor) && set_client(sandbox) ? 0 : 1;
}

void sandbox_free(struct sandbox *sandbox)
{
    store_free(&sandbox->store);
    provider_free(sandbox);
    signature_free_key(sandbox->client_key);
    json_decref(sandbox->global_kept);
    json_decref(sandbox->seen_jti);
    json_decref(sandbox->settings.variables);
    json_decref(sandbox->settings.kept);
    text_drop(&sandbox->origin);
    text_drop(&sandbox->client_id);
    text_drop(&sandbox->client_secret);
    text_drop(&sandbox->token_key);
    text_drop(&made_key);
}
