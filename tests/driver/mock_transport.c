/* SPDX-License-Identifier: MIT */
/* A transport without a network: the provider of mock.h answers. */
#include "mock.h"

#include <fob/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct answer {
    struct mock *mock;
    struct fob_pair type;
    char body[64 * 1024];
    char filler[60 * 1024];
};

static fob_err fail(struct fob_error *error, fob_err code, const char *what)
{
    *error = (struct fob_error){.code = code};
    snprintf(error->what, sizeof error->what, "%s", what);
    return code;
}

static void copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}

static fob_err mock_open(const struct fob_transport_config *config, void **ret_self, struct fob_error *error)
{
    const char *address = getenv(MOCK_ENV);
    struct answer *self = calloc(1, sizeof *self);
    if (!address || !self || sscanf(address, "%p", (void **)&self->mock) != 1) {
        free(self);
        return fail(error, FOB_E_SYSTEM, "there is no mock");
    }
    struct mock *mock = self->mock;
    memset(self->filler, 'x', sizeof self->filler);
    if (mock->opens != FOB_OK) {
        free(self);
        return fail(error, mock->opens, "the mock transport does not open");
    }
    if (config->ca_file || config->proxy || config->ignore_environment) {
        copy(mock->ca_file, sizeof mock->ca_file, config->ca_file);
        copy(mock->proxy, sizeof mock->proxy, config->proxy);
        mock->ignore_environment = config->ignore_environment;
    }
    *ret_self = self;
    return FOB_OK;
}

static void mock_close(void *self)
{
    free(self);
}

static void note(struct mock_request *asked, const struct fob_http_request *request)
{
    snprintf(asked->method, sizeof asked->method, "%s", request->method);
    snprintf(asked->url, sizeof asked->url, "%s", request->url);
    snprintf(asked->body, sizeof asked->body, "%.*s", (int)request->body_len,
             request->body ? (const char *)request->body : "");
    for (size_t i = 0; i < request->n_fields; i++)
        if (strcasecmp(request->fields[i].name, "Authorization") == 0)
            copy(asked->authorization, sizeof asked->authorization, request->fields[i].value);
    const char *sent = strstr(asked->body, "refresh_token=");
    if (sent)
        snprintf(asked->refresh_token, sizeof asked->refresh_token, "%.*s", (int)strcspn(sent + 14, "&"),
                 sent + 14);
}

/* The refresh token that goes with a new access token, -1 when the one sent is no good. */
static int renew(struct mock *mock, const char *sent)
{
    int current = atomic_load(&mock->current), n = -1;
    if (sscanf(sent, "refresh-%d", &n) != 1 || atomic_load(&mock->revoked))
        return -1;
    if (mock->rotation == MOCK_GRACE && n == current - 1)
        return current;
    if (n != current) {
        if (mock->rotation == MOCK_REUSE_REVOKES)
            atomic_store(&mock->revoked, 1);
        return -1;
    }
    if (mock->rotation == MOCK_NONE)
        return current;
    atomic_store(&mock->current, current + 1);
    return current + 1;
}

static int give_token(struct answer *self, int refresh, int says_refresh)
{
    char member[64] = "";
    if (says_refresh)
        snprintf(member, sizeof member, ",\"refresh_token\":\"refresh-%d\"", refresh);
    snprintf(self->body, sizeof self->body,
             "{\"access_token\":\"access-%d%.*s\",\"token_type\":\"Bearer\",\"expires_in\":%d%s}",
             atomic_fetch_add(&self->mock->issued, 1) + 1, self->mock->longer, self->filler,
             self->mock->lifetime, member);
    return 200;
}

static const struct mock_page *page_at(const struct mock *mock, const char *url)
{
    for (size_t i = 0; i < MOCK_PAGES && mock->pages[i].part[0]; i++)
        if (strstr(url, mock->pages[i].part))
            return &mock->pages[i];
    return NULL;
}

/* What the provider does and says; the status. */
static int act(struct answer *self, const struct mock_request *asked)
{
    struct mock *mock = self->mock;
    if (mock->status) {
        copy(self->body, sizeof self->body, mock->answer);
        return mock->status;
    }
    const struct mock_page *page = page_at(mock, asked->url);
    if (page) {
        copy(self->body, sizeof self->body, page->answer);
        return page->status ? page->status : 200;
    }
    self->body[0] = '\0';
    if (strstr(asked->url, "/revoke")) {
        atomic_store(&mock->revoked, 1);
        return 200;
    }
    if (strstr(asked->body, "grant_type=client_credentials"))
        return give_token(self, 0, 0);
    if (strstr(asked->body, "grant_type=authorization_code"))
        return give_token(self, atomic_load(&mock->current), 1);
    int next = renew(mock, asked->refresh_token);
    if (next < 0) {
        copy(self->body, sizeof self->body, "{\"error\":\"invalid_grant\"}");
        return 400;
    }
    atomic_fetch_add(&mock->refreshed, 1);
    return give_token(self, next, mock->rotation != MOCK_NONE);
}

static fob_err perform(void *pointer, const struct fob_http_request *request, struct fob_http_response *ret,
                       struct fob_error *error)
{
    struct answer *self = pointer;
    struct mock *mock = self->mock;
    atomic_fetch_add(&mock->performed, 1);
    if (mock->before)
        mock->before(mock);
    if (mock->fails != FOB_OK && !mock->maybe_sent)
        return fail(error, mock->fails, "the mock was told to fail");
    struct mock_request *asked = &mock->asked[atomic_fetch_add(&mock->requests, 1) % MOCK_ASKED];
    note(asked, request);
    int status = act(self, asked);
    if (mock->sent)
        mock->sent(mock);
    if (mock->fails != FOB_OK) {
        fail(error, mock->fails, "the mock was told to fail after sending");
        error->maybe_sent = 1;
        return mock->fails;
    }
    self->type = (struct fob_pair){"Content-Type", "application/json"};
    ret->status = status;
    ret->fields = &self->type;
    ret->n_fields = 1;
    ret->body = self->body;
    ret->body_len = strlen(self->body);
    if (mock->after)
        mock->after(mock);
    return FOB_OK;
}

static const struct fob_transport_ops transport = {
    .size = sizeof transport, .open = mock_open, .close = mock_close, .perform = perform};

static const struct fob_plugin plugin = {.abi_major = FOB_PLUGIN_ABI_MAJOR,
                                         .abi_minor = FOB_PLUGIN_ABI_MINOR,
                                         .size = sizeof plugin,
                                         .id = "transport-curl",
                                         .role = FOB_ROLE_TRANSPORT,
                                         .version = "1",
                                         .summary = "a mock transport",
                                         .transport = &transport};

FOB_PLUGIN_EXPORT fob_plugin_entry_fn fob_plugin_v1;

const struct fob_plugin *fob_plugin_v1(void)
{
    return &plugin;
}
