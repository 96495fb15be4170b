/* SPDX-License-Identifier: MIT */
/* A plugin is taken on the word of its struct alone: what it must have, and what another age may lack or add. */
#include "hooks.h"

#include <criterion/criterion.h>
#include <stddef.h>
#include <string.h>

static const struct fob_provider_hooks no_hooks = {.size = sizeof no_hooks};
static const struct fob_plugin good = {.abi_major = FOB_PLUGIN_ABI_MAJOR,
                                       .abi_minor = FOB_PLUGIN_ABI_MINOR,
                                       .size = sizeof good,
                                       .id = "acme",
                                       .role = FOB_ROLE_PROVIDER,
                                       .version = "1",
                                       .summary = "",
                                       .provider = &no_hooks};
static struct fob_error error;

static fob_err adopt(const struct fob_plugin *plugin, const struct fob_plugin_object **ret)
{
    error = (struct fob_error)FOB_ERROR_INIT;
    return fob_plugin_adopt(plugin, "/plugins/acme.so", NULL, ret, &error);
}

static void refused(struct fob_plugin plugin, const char *says)
{
    const struct fob_plugin_object *object = NULL;
    cr_assert_eq(adopt(&plugin, &object), FOB_E_PLUGIN, "%s", says);
    cr_expect(strstr(error.what, says), "%s: %s", says, error.what);
    cr_expect_str_eq(error.file, "/plugins/acme.so");
    cr_expect_null(object);
}

/* good with one member changed. */
#define WITH(...)                                                                                            \
    __extension__({                                                                                          \
        struct fob_plugin changed = good;                                                                    \
        __VA_ARGS__;                                                                                         \
        changed;                                                                                             \
    })

Test(plugin, a_good_one_is_copied)
{
    const struct fob_plugin_object *object = NULL;
    struct fob_plugin plugin = good;
    cr_assert_eq(adopt(&plugin, &object), FOB_OK, "%s", error.what);
    plugin.descriptor = "changed later";
    cr_expect_str_eq(object->plugin.id, "acme");
    cr_expect_null(object->plugin.descriptor);
    cr_expect_str_eq(object->file, "/plugins/acme.so");
    cr_expect_eq(object->hooks.size, sizeof no_hooks);
}

Test(plugin, of_another_major_or_without_a_head_is_refused)
{
    const struct fob_plugin_object *object = NULL;
    refused(WITH(changed.abi_major = 2), "it speaks ABI 2, this fob speaks ABI 1");
    refused(WITH(changed.abi_major = 0), "it speaks ABI 0");
    refused(WITH(changed.size = offsetof(struct fob_plugin, open) - 1), "too short");
    refused(WITH(changed.size = 0), "too short");
    cr_expect_eq(adopt(NULL, &object), FOB_E_PLUGIN, "one that says no");
    cr_expect_null(object);
}

Test(plugin, has_the_id_that_its_file_is_named_after)
{
    const struct fob_plugin_object *object = NULL;
    static const char *const files[] = {"acme.so", "./acme.so", "/a/b/acme.so"};
    static const char *const others[] = {"acme",     "acme.so.1", "/acme.so/x.so",
                                         "acme2.so", "xacme.so",  "ACME.so"};
    for (size_t i = 0; i < 3; i++)
        cr_expect_eq(fob_plugin_adopt(&good, files[i], NULL, &object, NULL), FOB_OK, "%s", files[i]);
    for (size_t i = 0; i < 6; i++)
        cr_expect_eq(fob_plugin_adopt(&good, others[i], NULL, &object, NULL), FOB_E_PLUGIN, "%s", others[i]);
    refused(WITH(changed.id = NULL), "no id");
    refused(WITH(changed.id = ""), "no id");
    refused(WITH(changed.id = "../acme"), "no id");
    refused(WITH(changed.id = "acm"), "its id is not its file's name");
}

Test(plugin, asks_for_nothing_that_this_fob_does_not_know)
{
    refused(WITH(changed.flags = 1), "does not know");
    refused(WITH(changed.flags = 1u << 31), "does not know");
    refused(WITH(changed.role = 0), "no plugins of its role");
    refused(WITH(changed.role = 7), "no plugins of its role");
    refused(WITH(changed.role = FOB_ROLE_STORE), "no plugins of its role");
    refused(WITH(changed.role = FOB_ROLE_KEY_SOURCE), "no plugins of its role");
}

/* --- what each role needs ----------------------------------------------------------------------------------- */

static fob_err transport_open(const struct fob_transport_config *config, void **ret_self,
                              struct fob_error *ret_error)
{
    (void)config, (void)ret_self, (void)ret_error;
    return FOB_OK;
}

static void close_it(void *self)
{
    (void)self;
}

static fob_err perform(void *self, const struct fob_http_request *request, struct fob_http_response *ret,
                       struct fob_error *ret_error)
{
    (void)self, (void)request, (void)ret, (void)ret_error;
    return FOB_OK;
}

Test(plugin, brings_what_its_role_needs)
{
    static const struct fob_transport_ops whole = {sizeof whole, transport_open, close_it, perform};
    static const struct fob_transport_ops lacking[] = {
        {sizeof whole, NULL, close_it, perform},
        {sizeof whole, transport_open, NULL, perform},
        {sizeof whole, transport_open, close_it, NULL},
        {offsetof(struct fob_transport_ops, perform), transport_open, close_it, perform}};
    static const struct fob_jose_ops no_jose = {.size = sizeof no_jose};
    const struct fob_plugin_object *object = NULL;
    struct fob_plugin transport = WITH(changed.role = FOB_ROLE_TRANSPORT; changed.transport = &whole);
    cr_assert_eq(adopt(&transport, &object), FOB_OK, "%s", error.what);
    cr_expect_eq(object->transport.perform, perform);
    for (size_t i = 0; i < 4; i++)
        refused(WITH(changed.role = FOB_ROLE_TRANSPORT; changed.transport = &lacking[i]),
                "its transport lacks");
    refused(WITH(changed.role = FOB_ROLE_TRANSPORT), "its transport lacks");
    refused(WITH(changed.role = FOB_ROLE_LISTENER), "its listener lacks");
    refused(WITH(changed.role = FOB_ROLE_JOSE), "its jose lacks sign");
    refused(WITH(changed.role = FOB_ROLE_JOSE; changed.jose = &no_jose), "its jose lacks sign");
    refused(WITH(changed.provider = NULL), "neither a descriptor nor hooks");
    struct fob_plugin descriptor = WITH(changed.provider = NULL; changed.descriptor = "fob: 1");
    cr_expect_eq(adopt(&descriptor, &object), FOB_OK, "%s", error.what);
}

/* --- age ---------------------------------------------------------------------------------------------------- */

static int identity(void *self, struct fob_call *call, const struct fob_host *host)
{
    (void)self, (void)call, (void)host;
    return FOB_HOOK_NEXT;
}

Test(plugin, an_older_one_has_none_of_what_came_later)
{
    const struct fob_plugin_object *object = NULL;
    struct fob_provider_hooks hooks = {.size = offsetof(struct fob_provider_hooks, token),
                                       .identity = identity};
    struct fob_plugin old = good;
    old.provider = &hooks;
    old.size = offsetof(struct fob_plugin, transport);
    old.transport = (const void *)"what lies behind an older struct is not ours to read";
    cr_assert_eq(adopt(&old, &object), FOB_OK, "%s", error.what);
    cr_expect_null(object->plugin.transport);
    cr_expect_null(object->transport.open);
    cr_expect_null(object->hooks.identity);
    old.size = offsetof(struct fob_plugin, provider);
    cr_expect_eq(adopt(&old, &object), FOB_E_PLUGIN, "then it has nothing");
}

Test(plugin, a_newer_one_is_taken_as_far_as_this_fob_knows_it)
{
    struct {
        struct fob_plugin plugin;
        void *later[4];
    } newer = {.plugin = good};
    struct {
        struct fob_provider_hooks hooks;
        void *later[4];
    } hooks = {.hooks = {.size = sizeof hooks, .identity = identity}};
    const struct fob_plugin_object *object = NULL;
    newer.plugin.abi_minor = 9;
    newer.plugin.size = sizeof newer;
    newer.plugin.provider = &hooks.hooks;
    cr_assert_eq(adopt(&newer.plugin, &object), FOB_OK, "%s", error.what);
    cr_expect_eq(object->hooks.identity, identity);
    cr_expect_null(object->transport.open, "nothing ran over into what stands behind");
}

/* --- open --------------------------------------------------------------------------------------------------- */

static int opened;

static fob_err open_well(const struct fob_host *host, void **ret_self, struct fob_error *ret_error)
{
    (void)ret_error;
    opened++;
    *ret_self = &opened;
    return host == &fob_host_services ? FOB_OK : FOB_E_STATE;
}

static fob_err open_badly(const struct fob_host *host, void **ret_self, struct fob_error *ret_error)
{
    (void)host, (void)ret_self;
    return fob_error_set(ret_error, FOB_E_CONFIG, "no licence\n", "buy one");
}

static fob_err open_silently(const struct fob_host *host, void **ret_self, struct fob_error *ret_error)
{
    (void)host, (void)ret_self;
    memset(ret_error->what, '\xff', sizeof ret_error->what); /* not even a NUL */
    return (fob_err)12345;
}

static fob_err open_wordless(const struct fob_host *host, void **ret_self, struct fob_error *ret_error)
{
    (void)host, (void)ret_self, (void)ret_error;
    return FOB_E_BUSY;
}

Test(plugin, is_opened_last_and_only_when_all_else_is_good)
{
    const struct fob_plugin_object *object = NULL;
    struct fob_plugin plugin = WITH(changed.open = open_well);
    refused(WITH(changed.open = open_well; changed.flags = 1), "does not know");
    refused(WITH(changed.open = open_well; changed.provider = NULL), "neither");
    cr_expect_eq(opened, 0);
    cr_assert_eq(adopt(&plugin, &object), FOB_OK, "%s", error.what);
    cr_expect_eq(opened, 1);
    cr_expect_eq(object->self, &opened);
}

Test(plugin, one_that_does_not_start_says_why_as_far_as_it_can)
{
    refused(WITH(changed.open = open_badly), "the plugin cannot be used: no licence?");
    refused(WITH(changed.open = open_silently), "????????");
    refused(WITH(changed.open = open_wordless), "it failed to start");
}
