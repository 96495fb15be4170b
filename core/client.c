/* SPDX-License-Identifier: MIT */
/* A client: client_id and its credentials. */
#include "client.h"
#include "cleanup.h"
#include "error.h"
#include "format.h"
#include "text.h"

#include <string.h>

#define MAX_CLIENT_ID 1024

struct fob_client {
    char *id;
    fob_secret *secret, *key;
};

/* VSCHAR, RFC 6749 appendix A.1. */
static bool is_client_id(const char *id)
{
    size_t len = id ? strlen(id) : 0;
    for (size_t i = 0; i < len; i++)
        if (id[i] < 0x20 || id[i] > 0x7e)
            return false;
    return len > 0 && len <= MAX_CLIENT_ID;
}

/* What can be sent in a header field or a form (RFC 6749 appendix B), and be kept: text on one line. */
static bool is_client_secret(const fob_secret *secret)
{
    size_t len;
    const char *text = fob_secret_peek(secret, &len);
    return !text || (fob_utf8_valid(text, len) && fob_formats[FOB_FORMAT_VALUE].check(text));
}

/* Of values that were looked at before. */
static fob_err make(const char *client_id, const fob_secret *client_secret, const fob_secret *key,
                    fob_client **ret_client, struct fob_error *error)
{
    fob_auto_client *client = calloc(1, sizeof *client);
    if (!client || !(client->id = fob_strdup(client_id)))
        return fob_no_memory(error);
    fob_err err = fob_secret_copy(client_secret, &client->secret, error);
    if (err == FOB_OK)
        err = fob_secret_copy(key, &client->key, error);
    if (err == FOB_OK)
        *ret_client = fob_steal(&client);
    return err;
}

fob_err fob_client_new_with_key(const char *client_id, const fob_secret *client_secret, const fob_secret *key,
                                fob_client **ret_client, struct fob_error *error)
{
    if (!ret_client || !is_client_id(client_id))
        return fob_fail(error, FOB_E_ARGUMENT, "copy it from the provider's page for your application",
                        "a client_id is 1 to %d bytes of printable ASCII", MAX_CLIENT_ID);
    if (!is_client_secret(client_secret))
        return fob_fail(error, FOB_E_ARGUMENT, "see that nothing but the secret is where it is kept",
                        "a client secret is one line of UTF-8 text");
    if (key && !fob_utf8_valid(fob_secret_peek(key, NULL), fob_secret_len(key)))
        return fob_fail(error, FOB_E_ARGUMENT, "give it in PEM: openssl pkey -inform DER -in KEY -out NEW",
                        "a client's key is text, PEM or a JWK");
    return make(client_id, client_secret, key, ret_client, error);
}

fob_err fob_client_new(const char *client_id, const fob_secret *client_secret, fob_client **ret_client,
                       struct fob_error *error)
{
    return fob_client_new_with_key(client_id, client_secret, NULL, ret_client, error);
}

fob_err fob_client_copy(const fob_client *client, fob_client **ret_client, struct fob_error *error)
{
    return make(client->id, client->secret, client->key, ret_client, error);
}

const char *fob_client_id(const fob_client *client)
{
    return client->id;
}

const fob_secret *fob_client_secret(const fob_client *client)
{
    return client->secret;
}

const fob_secret *fob_client_key(const fob_client *client)
{
    return client->key;
}

void fob_client_free(fob_client **client)
{
    if (!client || !*client)
        return;
    fob_secret_free(&(*client)->secret);
    fob_secret_free(&(*client)->key);
    free((*client)->id);
    free(*client);
    *client = NULL;
}
