/* SPDX-License-Identifier: MIT */
/* The names that may stand in {braces} beside the variables: one row each. */
#include "names.h"
#include "rule.h"

#include <string.h>

static bool same(const char *name, const char *text, size_t len)
{
    return strlen(name) == len && memcmp(name, text, len) == 0;
}

static bool keeps(const struct fob_keep_rule *keep, size_t n, const char *member, size_t len, bool secret)
{
    for (size_t i = 0; i < n; i++)
        if (same(keep[i].name, member, len) && (keep[i].is_secret || !secret))
            return true;
    return false;
}

/* Whether something is kept under that name; secret: and never shown. */
static bool keeps_anywhere(const struct fob_descriptor *d, const char *member, size_t len, bool secret)
{
    const struct fob_response_rule *responses[] = {&d->token.response, &d->client_credentials.response,
                                                   &d->refresh.request.response, &d->userinfo.response};
    bool found = keeps(d->callback.keep, d->callback.n_keep, member, len, secret);
    for (size_t i = 0; i < sizeof responses / sizeof *responses; i++)
        found = found || keeps(responses[i]->keep, responses[i]->n_keep, member, len, secret);
    for (size_t i = 0; i < d->n_steps; i++) {
        const struct fob_response_rule *response = &d->steps[i].request.response;
        found = found || keeps(response->keep, response->n_keep, member, len, secret);
    }
    return found;
}

static bool is_kept(const struct fob_descriptor *d, const char *member, size_t len)
{
    return keeps_anywhere(d, member, len, false) || d->plugin || d->extends;
}

static bool is_group(const struct fob_descriptor *d, const char *member, size_t len)
{
    for (size_t i = 0; i < d->scopes.n_groups; i++)
        if (same(d->scopes.groups[i].name, member, len))
            return true;
    return false;
}

static const struct fob_known_name names[] = {
    {"client_id", FOB_NAMES_PUBLIC | FOB_NAMES_CLIENT, false, NULL, NULL},
    {"redirect_uri", FOB_NAMES_PUBLIC, false, NULL, NULL},
    {"scope", FOB_NAMES_PUBLIC, false, NULL, NULL},
    {"scopes.", FOB_NAMES_PUBLIC, false, is_group, "declare it under scopes.groups"},
    {"grant_type", FOB_NAMES_PUBLIC, false, NULL, NULL},
    {"environment", FOB_NAMES_METADATA, false, NULL, NULL},
    {"issuer", FOB_NAMES_METADATA, false, NULL, NULL},
    {"authorization_endpoint", FOB_NAMES_METADATA, false, NULL, NULL},
    {"token_endpoint", FOB_NAMES_METADATA, false, NULL, NULL},
    {"revocation_endpoint", FOB_NAMES_METADATA, false, NULL, NULL},
    {"userinfo_endpoint", FOB_NAMES_METADATA, false, NULL, NULL},
    {"kept.", FOB_NAMES_KEPT, false, is_kept, "keep it in callback.keep or in a response's keep"},
    {"callback.", FOB_NAMES_KEPT, false, NULL, NULL},
    {"client_secret", FOB_NAMES_SECRET, true, NULL, NULL},
    {"code", FOB_NAMES_SECRET, true, NULL, NULL},
    {"code_verifier", FOB_NAMES_SECRET, true, NULL, NULL},
    {"access_token", FOB_NAMES_SECRET, true, NULL, NULL},
    {"refresh_token", FOB_NAMES_SECRET, true, NULL, NULL},
    {"id_token", FOB_NAMES_SECRET, true, NULL, NULL},
    {"token", FOB_NAMES_SECRET, true, NULL, NULL},
    {"token_type_hint", FOB_NAMES_SECRET, false, NULL, NULL},
    {"body", FOB_NAMES_BODY, true, NULL, NULL},
};

const struct fob_known_name *fob_name_find(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t known = strlen(names[i].name);
        bool is_prefix = names[i].name[known - 1] == '.';
        if (is_prefix ? len > known && memcmp(name, names[i].name, known) == 0
                      : same(names[i].name, name, len))
            return &names[i];
    }
    return NULL;
}

/* The field of the callback that brings the code, whatever it is called. */
static bool is_code(const struct fob_descriptor *d, const char *field, size_t len)
{
    const char *given = d->callback.fields.code, *renamed = fob_authorize_rename(d, "code");
    return same("code", field, len) || (given && same(given, field, len)) || same(renamed, field, len);
}

bool fob_name_is_secret(const struct fob_descriptor *d, const char *name, size_t len)
{
    static const char kept[] = "kept.", callback[] = "callback.";
    const struct fob_variable_rule *variable = fob_descriptor_variable(d, name, len);
    const struct fob_known_name *known = fob_name_find(name, len);
    if (variable)
        return variable->is_secret;
    if (known && strcmp(known->name, kept) == 0)
        return keeps_anywhere(d, name + strlen(kept), len - strlen(kept), true);
    if (known && strcmp(known->name, callback) == 0 &&
        is_code(d, name + strlen(callback), len - strlen(callback)))
        return true;
    return known && known->is_secret;
}
