/* SPDX-License-Identifier: MIT */
/* A form in the body of a POST, as Form Post Response Mode sends it: read within bounds, and put behind the path. */
#include "listener.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TYPE "application/x-www-form-urlencoded"
/* What is refused is read all the same, or the answer would be lost; but not for ever. */
#define MAX_READ (4 * FOB_MAX_REDIRECT)

bool form_add(struct request *request, const char *bytes, size_t len)
{
    size_t room = FOB_MAX_REDIRECT - request->form_len;
    request->n_read += len;
    if (request->n_read > MAX_READ)
        return false;
    if (!request->form && !(request->form = calloc(1, FOB_MAX_REDIRECT + 1)))
        return false;
    if (request->n_read <= FOB_MAX_REDIRECT && len <= room) {
        memcpy(request->form + request->form_len, bytes, len);
        request->form_len += len;
    }
    return true;
}

static bool is_form_type(const char *type)
{
    size_t len = strlen(TYPE);
    return type && strncasecmp(type, TYPE, len) == 0 &&
           (type[len] == '\0' || type[len] == ';' || type[len] == ' ');
}

/* All else is percent-encoded in a form; and "#" would end what stands behind the path. */
static bool is_encoded(const char *form, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (form[i] <= 0x20 || form[i] > 0x7e || form[i] == '#')
            return false;
    return true;
}

enum form_result form_finish(struct request *request)
{
    size_t len = strlen(request->target);
    if (!is_form_type(MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, "Content-Type")))
        return FORM_OF_OTHER_TYPE;
    if (request->form_len < request->n_read || len + 1 + request->form_len > FOB_MAX_REDIRECT)
        return FORM_TOO_LONG;
    if (!is_encoded(request->form, request->form_len))
        return FORM_DAMAGED;
    char *target = realloc(request->target, len + 1 + request->form_len + 1);
    if (!target)
        return FORM_NO_MEMORY;
    request->target = target;
    target[len] = '?';
    if (request->form_len)
        memcpy(target + len + 1, request->form, request->form_len);
    target[len + 1 + request->form_len] = '\0';
    return FORM_TAKEN;
}

void form_free(struct request *request)
{
    if (request->form)
        explicit_bzero(request->form, FOB_MAX_REDIRECT + 1);
    free(request->form);
}
