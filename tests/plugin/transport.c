/* SPDX-License-Identifier: MIT */
/* A transport under test. */
#include "transport.h"
#include "record.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct fob_plugin *load(void)
{
    void *handle = dlopen(FOB_BUILD_DIR "/lib/fob/transport-curl.so", RTLD_NOW | RTLD_LOCAL);
    cr_assert_not_null(handle, "%s", dlerror());
    fob_plugin_entry_fn *entry = NULL;
    *(void **)&entry = dlsym(handle, FOB_PLUGIN_ENTRY);
    cr_assert_not_null(entry);
    const struct fob_plugin *plugin = entry();
    void *self = NULL;
    cr_assert_eq(plugin->open(NULL, &self, NULL), FOB_OK);
    return plugin;
}

struct subject subject_open(const struct fob_transport_config *config)
{
    struct fob_transport_config plain = {.size = sizeof plain, .ignore_environment = 1};
    struct subject subject = {.ops = load()->transport};
    fob_err err = subject.ops->open(config ? config : &plain, &subject.self, &subject.error);
    cr_assert_eq(err, FOB_OK, "%s", subject.error.what);
    return subject;
}

void subject_close(struct subject *subject)
{
    subject->ops->close(subject->self);
}

struct fob_http_request request_to(const char *method, const char *url)
{
    return (struct fob_http_request){.size = sizeof(struct fob_http_request),
                                     .method = method,
                                     .url = url,
                                     .connect_timeout_ms = 60000,
                                     .total_timeout_ms = 60000,
                                     .max_response = FOB_MAX_RESPONSE};
}

fob_err subject_perform(struct subject *subject, const struct fob_http_request *request)
{
    subject->response = (struct fob_http_response){.size = sizeof subject->response};
    subject->error = (struct fob_error)FOB_ERROR_INIT;
    fob_err err = subject->ops->perform(subject->self, request, &subject->response, &subject->error);
    cr_assert_eq(err, subject->error.code, "the error's code is what was returned");
    cr_assert(err == FOB_OK || subject->error.what[0], "a failure says what failed");
    fob_error_made(err);
    return err;
}

fob_err subject_get(struct subject *subject, const char *origin, unsigned port, const char *path)
{
    char url[512];
    snprintf(url, sizeof url, "%s:%u%s", origin, port, path);
    struct fob_http_request request = request_to("GET", url);
    return subject_perform(subject, &request);
}

void expect_body(const struct subject *subject, const char *text)
{
    cr_assert_eq(subject->response.body_len, strlen(text));
    cr_assert_eq(memcmp(subject->response.body, text, strlen(text)), 0);
}

const char *field_of(const struct subject *subject, const char *name)
{
    for (size_t i = 0; i < subject->response.n_fields; i++)
        if (strcasecmp(subject->response.fields[i].name, name) == 0)
            return subject->response.fields[i].value;
    return NULL;
}

void expect_what(const struct subject *subject, const char *part)
{
    cr_assert_not_null(strstr(subject->error.what, part), "\"%s\" is not in: %s", part, subject->error.what);
}
