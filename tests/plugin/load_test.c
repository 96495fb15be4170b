/* SPDX-License-Identifier: MIT */
/* The loader takes what is a plugin, of any age, refuses what is not, and one broken plugin stops no other. */
#include "io/registry.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/fob-load-XXXXXX", other[] = "/tmp/fob-load-XXXXXX";
static char *folders[] = {folder, other};
static struct fob_paths paths;
static struct fob_error error;

static void begin(void)
{
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_not_null(mkdtemp(other));
    paths = (struct fob_paths){.plugins = {.v = folders, .n = 2}};
}

static void end(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s' '%s'", folder, other);
    cr_assert_eq(system(command), 0);
}

TestSuite(load, .init = begin, .fini = end);

static void copy(const char *from, const char *to)
{
    char bytes[65536];
    ssize_t got;
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    cr_assert(in >= 0 && out >= 0, "%s to %s", from, to);
    while ((got = read(in, bytes, sizeof bytes)) > 0)
        cr_assert_eq(write(out, bytes, (size_t)got), got);
    close(in);
    close(out);
}

/* Puts a mock into a folder under a name of its own, or another; gives its path. */
static const char *put(const char *where, const char *mock, const char *name)
{
    static char path[256];
    char from[512];
    snprintf(from, sizeof from, FOB_BUILD_DIR "/tests/plugin/mocks/%s.so", mock);
    snprintf(path, sizeof path, "%s/%s.so", where, name ? name : mock);
    copy(from, path);
    return path;
}

static fob_err load(const char *id, const struct fob_plugin_object **ret)
{
    error = (struct fob_error)FOB_ERROR_INIT;
    return fob_plugin_load(&paths, id, ret, &error);
}

static const struct fob_plugin_object *load_well(const char *id)
{
    const struct fob_plugin_object *object = NULL;
    cr_assert_eq(load(id, &object), FOB_OK, "%s: %s", id, error.what);
    cr_assert_str_eq(object->plugin.id, id);
    return object;
}

static void expect_refusal(const char *id, fob_err code, const char *what)
{
    const struct fob_plugin_object *object = NULL;
    cr_assert_eq(load(id, &object), code, "%s: %s", id, error.what);
    cr_assert_null(object);
    cr_assert_not_null(strstr(error.what, what), "\"%s\" is not in: %s", what, error.what);
    cr_assert_null(strstr(error.what, "/proc/"), "%s", error.what);
}

Test(load, a_plugin_is_opened_with_the_hosts_services)
{
    put(folder, "mock-good", NULL);
    const struct fob_plugin_object *object = load_well("mock-good");
    cr_assert_eq(object->plugin.role, FOB_ROLE_PROVIDER);
    cr_assert_not_null(object->plugin.descriptor);
    cr_assert_not_null(object->hooks.identity);
    cr_assert_eq(*(int *)object->self, 1);
}

static void *load_in_thread(void *unused)
{
    const struct fob_plugin_object *object = NULL;
    (void)unused;
    return fob_plugin_load(&paths, "mock-good", &object, NULL) == FOB_OK ? object->self : NULL;
}

Test(load, a_plugin_is_loaded_and_opened_once_however_many_threads_ask)
{
    pthread_t threads[8];
    put(folder, "mock-good", NULL);
    for (int i = 0; i < 8; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, load_in_thread, NULL), 0);
    for (int i = 0; i < 8; i++) {
        void *self = NULL;
        pthread_join(threads[i], &self);
        cr_assert_not_null(self);
        cr_assert_eq(*(int *)self, 1);
    }
    cr_assert_eq(load_well("mock-good"), load_well("mock-good"));
}

struct refusal {
    const char *mock, *what;
};

static const struct refusal refusals[] = {
    {"mock-no-entry", "exports no fob_plugin_v1"},
    {"mock-returns-null", "refuses"},
    {"mock-wrong-major", "it speaks ABI 7, this fob speaks ABI 1"},
    {"mock-short", "too short"},
    {"mock-no-id", "no id"},
    {"mock-odd-id", "no id"},
    {"mock-wrong-id", "its id is not its file's name"},
    {"mock-unknown-role", "knows no plugins of its role"},
    {"mock-reserved-role", "knows no plugins of its role"},
    {"mock-unknown-flags", "does not know"},
    {"mock-empty-provider", "neither a descriptor nor hooks"},
    {"mock-no-transport", "its transport lacks"},
    {"mock-empty-transport", "its transport lacks"},
    {"mock-no-listener", "its listener lacks"},
    {"mock-empty-listener", "its listener lacks"},
    {"mock-no-jose", "its jose lacks sign"},
    {"mock-empty-jose", "its jose lacks sign"},
    {"mock-open-fails", "the mock's? licence has run out"},
};

Test(load, one_that_misbehaves_is_one_clear_error_and_stops_no_other)
{
    put(other, "mock-good", NULL);
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const char *path = put(folder, refusals[i].mock, NULL);
        expect_refusal(refusals[i].mock, FOB_E_PLUGIN, refusals[i].what);
        cr_assert_str_eq(error.file, path, "the error names the file");
        load_well("mock-good");
    }
}

Test(load, one_that_was_refused_can_be_mended_and_loaded)
{
    char path[256];
    snprintf(path, sizeof path, "%s", put(folder, "mock-open-fails", "mock-good"));
    expect_refusal("mock-good", FOB_E_PLUGIN, "file's name");
    cr_assert_eq(unlink(path), 0);
    put(folder, "mock-good", NULL);
    load_well("mock-good");
}

Test(load, what_is_no_shared_object_is_told)
{
    char path[256];
    snprintf(path, sizeof path, "%s/text.so", folder);
    copy(FOB_SOURCE_DIR "/LICENSE", path);
    expect_refusal("text", FOB_E_PLUGIN, "cannot be loaded");
}

Test(load, an_old_plugin_works_and_what_it_did_not_have_is_absent)
{
    put(folder, "mock-old", NULL);
    const struct fob_plugin_object *object = load_well("mock-old");
    cr_assert_not_null(object->plugin.descriptor);
    cr_assert_null(object->plugin.listener, "beyond its size");
    cr_assert_not_null(object->hooks.endpoint);
    cr_assert_null(object->hooks.token, "beyond its table's size");
    cr_assert_null(object->hooks.identity);
}

Test(load, a_newer_plugin_works_without_what_this_host_does_not_know)
{
    put(folder, "mock-new", NULL);
    const struct fob_plugin_object *object = load_well("mock-new");
    cr_assert_eq(object->plugin.abi_minor, 9);
    cr_assert_not_null(object->hooks.identity);
    cr_assert_eq(*(int *)object->self, 1);
}

Test(load, one_that_others_can_write_is_not_loaded)
{
    char path[256];
    snprintf(path, sizeof path, "%s", put(folder, "mock-good", NULL));
    cr_assert_eq(chmod(path, 0666), 0);
    expect_refusal("mock-good", FOB_E_UNTRUSTED, "can be written by everybody");
    cr_assert_not_null(strstr(error.fix, "chmod go-w"));
    cr_assert_eq(chmod(path, 0664), 0);
    expect_refusal("mock-good", FOB_E_UNTRUSTED, "can be written by its group");
    cr_assert_eq(chmod(path, 0644), 0);
    load_well("mock-good");
}

Test(load, one_in_a_folder_that_others_can_write_is_not_loaded)
{
    put(folder, "mock-good", NULL);
    cr_assert_eq(chmod(folder, 0777), 0);
    expect_refusal("mock-good", FOB_E_UNTRUSTED, folder);
    cr_assert_eq(chmod(folder, 0700), 0);
    load_well("mock-good");
}

Test(load, the_first_folder_masks_the_second_even_when_its_plugin_is_broken)
{
    put(folder, "mock-returns-null", "mock-good");
    put(other, "mock-good", NULL);
    expect_refusal("mock-good", FOB_E_PLUGIN, "refuses");
}

static const char *const no_ids[] = {"", "../mock-good", "mock-good.so", "Mock", "-mock", "mock/good"};

Test(load, a_plugin_is_named_by_id_and_never_by_path)
{
    const struct fob_plugin_object *object = NULL;
    put(folder, "mock-good", NULL);
    for (size_t i = 0; i < sizeof no_ids / sizeof no_ids[0]; i++)
        cr_assert_eq(load(no_ids[i], &object), FOB_E_NOT_FOUND, "%s", no_ids[i]);
    expect_refusal("missing", FOB_E_NOT_FOUND, "there is no plugin \"missing\"");
}

Test(load, the_modules_of_fob_load)
{
    char lib[] = FOB_BUILD_DIR "/lib/fob";
    char *own[] = {lib};
    paths.plugins = (struct fob_strings){.v = own, .n = 1};
    cr_assert_eq(load_well("transport-curl")->plugin.role, FOB_ROLE_TRANSPORT);
    cr_assert_eq(load_well("listener-mhd")->plugin.role, FOB_ROLE_LISTENER);
    cr_assert_eq(load_well("jose-cjose")->plugin.role, FOB_ROLE_JOSE);
}
