/* SPDX-License-Identifier: MIT */
/* One request of the host's own, by the session's transport. */
#include "../error.h"
#include "../url.h"
#include "driver.h"

#include <string.h>

/* What is left at 0 is what a flow asks for. */
static struct fob_http_request complete(const struct fob_http_request *request)
{
    struct fob_http_request own = {.size = sizeof own,
                                   .connect_timeout_ms = FOB_CONNECT_TIMEOUT_MS,
                                   .total_timeout_ms = FOB_TOTAL_TIMEOUT_MS,
                                   .max_response = FOB_MAX_RESPONSE};
    own.method = request->method ? request->method : "GET";
    own.url = request->url;
    own.fields = request->fields;
    own.n_fields = request->n_fields;
    own.body = request->body;
    own.body_len = request->body_len;
    return own;
}

fob_err fob_send(fob_session *session, const struct fob_http_request *request,
                 struct fob_http_response *ret_response, struct fob_error *error)
{
    if (!session || !request || !ret_response || request->size != sizeof *request || !request->url)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_send: an argument is missing");
    struct fob_http_request own = complete(request);
    fob_err err = fob_url_check(own.url, "the URL", false, FOB_E_ARGUMENT, error);
    if (err == FOB_OK)
        err = fob_driver_transport(session, error);
    if (err != FOB_OK)
        return err;
    *ret_response = (struct fob_http_response){.size = sizeof *ret_response};
    return session->transport->transport.perform(session->transport_self, &own, ret_response, error);
}
