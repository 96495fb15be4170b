/* SPDX-License-Identifier: MIT */
/* A client: client_id and its credential. */
#include "cleanup.h"
#include "error.h"
#include "text.h"

#include <string.h>

#define MAX_CLIENT_ID 1024

struct fob_client {
    char *id;
    fob_secret *secret;
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

fob_err fob_client_new(const char *client_id, const fob_secret *client_secret, fob_client **ret_client,
                       struct fob_error *error)
{
    if (!ret_client || !is_client_id(client_id))
        return fob_fail(error, FOB_E_ARGUMENT, "copy it from the provider's page for your application",
                        "a client_id is 1 to %d bytes of printable ASCII", MAX_CLIENT_ID);
    fob_auto_client *client = calloc(1, sizeof *client);
    if (!client || !(client->id = fob_strdup(client_id)))
        return fob_no_memory(error);
    fob_err err = fob_secret_copy(client_secret, &client->secret, error);
    if (err == FOB_OK)
        *ret_client = fob_steal(&client);
    return err;
}

const char *fob_client_id(const fob_client *client)
{
    return client->id;
}

const fob_secret *fob_client_secret(const fob_client *client)
{
    return client->secret;
}

void fob_client_free(fob_client **client)
{
    if (!client || !*client)
        return;
    fob_secret_free(&(*client)->secret);
    free((*client)->id);
    free(*client);
    *client = NULL;
}
