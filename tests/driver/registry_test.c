/* SPDX-License-Identifier: MIT */
/* core/io/registry.c, and core/describe.c: providers by id, the first folder that has one decides, and one broken file hides no other. */
#include "cleanup.h"
#include "room.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static fob_session *session;
static fob_provider *provider;
static struct fob_error error;

static void begin(void)
{
    char folders[300];
    room_begin();
    cr_assert_eq(mkdir(room_path("mine"), 0755), 0);
    struct fob_options options = room_options();
    snprintf(folders, sizeof folders, "%s:%s:%s", room_path("mine"), room_path("not-there"),
             room_path("providers"));
    options.provider_path = folders;
    error = (struct fob_error)FOB_ERROR_INIT;
    cr_assert_eq(fob_open(&options, &session, &error), FOB_OK);
}

static void end(void)
{
    fob_provider_unref(&provider);
    fob_close(&session);
    room_end();
}

TestSuite(registry, .init = begin, .fini = end);

#define DESCRIPTOR(name)                                                                                     \
    "fob: 1\nname: " name                                                                                    \
    "\nauthorization_endpoint: https://x.example/a\ntoken_endpoint: https://x.example/t\n"

static fob_err find(const char *id)
{
    fob_provider_unref(&provider);
    error = (struct fob_error)FOB_ERROR_INIT;
    return fob_find_provider(session, id, &provider, &error);
}

static void put_plugin(const char *which, const char *id)
{
    char from[512], to[64], command[700];
    snprintf(from, sizeof from, FOB_BUILD_DIR "/tests/plugin/mocks/%s.so", which);
    snprintf(to, sizeof to, "plugins/%s.so", id);
    snprintf(command, sizeof command, "cp '%s' '%s'", from, room_path(to));
    cr_assert_eq(system(command), 0);
}

/* --- one ---------------------------------------------------------------------------------------------------- */

Test(registry, a_users_file_masks_one_of_the_system)
{
    cr_assert_eq(find("acme"), FOB_OK, "%s", error.what);
    room_write("mine/acme.yaml", DESCRIPTOR("My own"), 0644);
    cr_assert_eq(find("acme"), FOB_OK, "%s", error.what);
    cr_expect_str_eq(fob_provider_name(provider), "My own");
}

Test(registry, an_empty_file_hides_the_others)
{
    room_write("mine/acme.yaml", "", 0644);
    cr_expect_eq(find("acme"), FOB_E_NOT_FOUND);
    cr_expect(strstr(error.what, "no provider \"acme\""), "%s", error.what);
    put_plugin("mock-good", "mock-good");
    cr_assert_eq(find("mock-good"), FOB_OK, "%s", error.what);
    room_write("mine/mock-good.yaml", "", 0644);
    cr_expect_eq(find("mock-good"), FOB_E_NOT_FOUND, "a plugin of that id too");
}

Test(registry, a_broken_or_untrusted_file_is_told_of_and_not_passed_over)
{
    room_write("mine/acme.yaml", "fob: 1\ntoken_endpoint: http://x.example/t\n", 0644);
    cr_expect_eq(find("acme"), FOB_E_DESCRIPTOR);
    cr_expect_str_eq(error.file, room_path("mine/acme.yaml"));
    cr_expect_eq(error.line, 2);
    room_write("mine/acme.yaml", DESCRIPTOR("Planted"), 0666);
    cr_expect_eq(find("acme"), FOB_E_UNTRUSTED);
    room_write("mine/other.yaml", "[", 0644);
    cr_expect_eq(find("other"), FOB_E_DESCRIPTOR);
    unlink(room_path("mine/acme.yaml"));
    cr_expect_eq(find("acme"), FOB_OK, "%s", error.what);
}

Test(registry, one_that_nobody_has_is_told_with_where_to_put_it)
{
    cr_expect_eq(find("nobody"), FOB_E_NOT_FOUND);
    cr_expect(strstr(error.fix, room_path("mine")), "%s", error.fix);
}

Test(registry, a_provider_is_named_by_id_and_never_by_path)
{
    static const char *const bad[] = {"", "../providers/acme", "acme.yaml", "Acme", "-acme", "/etc/passwd"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_eq(find(bad[i]), FOB_E_NOT_FOUND, "%s", bad[i]);
    cr_expect_eq(fob_find_provider(session, NULL, &provider, &error), FOB_E_ARGUMENT);
    cr_expect_eq(fob_find_provider(session, "acme", NULL, &error), FOB_E_ARGUMENT);
}

Test(registry, a_shared_object_may_be_a_whole_provider)
{
    put_plugin("mock-good", "mock-good");
    cr_assert_eq(find("mock-good"), FOB_OK, "%s", error.what);
    cr_expect_str_eq(fob_provider_id(provider), "mock-good");
    cr_expect_not_null(provider->plugin);
}

Test(registry, a_file_gets_the_plugin_that_it_names)
{
    put_plugin("mock-good", "mock-good");
    room_write("mine/acme.yaml", DESCRIPTOR("With hooks") "plugin: mock-good\n", 0644);
    cr_assert_eq(find("acme"), FOB_OK, "%s", error.what);
    cr_assert_not_null(provider->plugin);
    cr_expect_str_eq(provider->plugin->plugin.id, "mock-good");
}

Test(registry, which_has_to_be_there_and_one_for_providers)
{
    room_write("mine/acme.yaml", DESCRIPTOR("With hooks") "plugin: missing\n", 0644);
    cr_expect_eq(find("acme"), FOB_E_PLUGIN);
    cr_expect(strstr(error.what, "\"missing\""), "%s", error.what);
    cr_expect_str_eq(error.file, room_path("mine/acme.yaml"));
    room_write("mine/acme.yaml", DESCRIPTOR("With hooks") "plugin: transport-curl\n", 0644);
    cr_expect_eq(find("acme"), FOB_E_PLUGIN);
    cr_expect(strstr(error.what, "not one for providers"), "%s", error.what);
    cr_expect_eq(find("transport-curl"), FOB_E_NOT_FOUND, "nor is it one itself");
}

Test(registry, a_broken_plugin_is_told_of_and_stops_no_other)
{
    put_plugin("mock-returns-null", "mock-returns-null");
    cr_expect_eq(find("mock-returns-null"), FOB_E_PLUGIN);
    cr_expect_eq(find("acme"), FOB_OK, "%s", error.what);
}

/* --- all ---------------------------------------------------------------------------------------------------- */

struct seen {
    char text[1024];
    const char *stop_at;
};

static int see(void *user, const char *id, const char *file)
{
    struct seen *seen = user;
    size_t len = strlen(seen->text);
    const char *folder = strstr(file, "/mine/")      ? "mine"
                         : strstr(file, "/plugins/") ? "plugins"
                                                     : "providers";
    snprintf(seen->text + len, sizeof seen->text - len, "%s:%s ", id, folder);
    return seen->stop_at && strcmp(seen->stop_at, id) == 0;
}

static void expect_list(const char *text)
{
    struct seen seen = {0};
    cr_assert_eq(fob_list_providers(session, see, &seen, &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(seen.text, text);
}

Test(registry, the_list_has_each_id_once_by_name_with_the_file_that_counts)
{
    static const char *const names[] = {"zeta", "beta", "acme", "nu"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[64];
        snprintf(path, sizeof path, "providers/%s.yaml", names[i]);
        room_write(path, "not opened for this", 0644);
    }
    room_write("mine/beta.yaml", "x", 0644);
    room_write("mine/alpha.yaml", "x", 0644);
    put_plugin("mock-good", "mock-good");
    put_plugin("mock-good", "acme");
    expect_list("acme:providers alpha:mine beta:mine mock-good:plugins nu:providers zeta:providers ");
}

Test(registry, what_is_hidden_or_no_provider_is_not_in_it)
{
    room_write("mine/acme.yaml", "", 0644);
    room_write("mine/Odd.yaml", "x", 0644);
    room_write("mine/.yaml", "x", 0644);
    room_write("mine/notes.txt", "x", 0644);
    room_write("mine/other.yaml~", "x", 0644);
    cr_assert_eq(mkdir(room_path("mine/folder.yaml"), 0755), 0);
    cr_assert_eq(symlink("/nowhere", room_path("mine/broken.yaml")), 0);
    put_plugin("mock-good", "store-x");
    put_plugin("mock-good", "key-x");
    expect_list("");
    room_write("mine/real.yaml", "x", 0644);
    expect_list("real:mine ");
}

Test(registry, it_can_be_stopped)
{
    struct seen seen = {.stop_at = "acme"};
    room_write("mine/beta.yaml", "x", 0644);
    cr_assert_eq(fob_list_providers(session, see, &seen, &error), FOB_OK);
    cr_expect_str_eq(seen.text, "acme:providers ");
    cr_expect_eq(fob_list_providers(session, NULL, NULL, &error), FOB_E_ARGUMENT);
}

static void list_as_nobody(void)
{
    struct seen seen = {0};
    if (geteuid() == 0 && setuid(65534) != 0)
        _exit(2);
    if (fob_list_providers(session, see, &seen, &error) != FOB_E_SYSTEM || !strstr(error.what, "/mine"))
        _exit(3);
}

Test(registry, a_folder_that_may_not_be_read_is_told_of)
{
    cr_assert_eq(chmod(room_path("mine"), 0000), 0);
    cr_assert_eq(chmod(room_path(""), 0755), 0);
    int status = in_child(list_as_nobody);
    cr_expect_eq(status, 0, "%x", status);
    cr_assert_eq(chmod(room_path("mine"), 0755), 0);
}

/* --- a text of one's own ------------------------------------------------------------------------------------ */

static fob_err read_text(const char *text)
{
    fob_provider_unref(&provider);
    error = (struct fob_error)FOB_ERROR_INIT;
    return fob_read_provider(session, text, strlen(text), "child.yaml", &provider, &error);
}

static char *describe(const char *text)
{
    char *json = NULL;
    error = (struct fob_error)FOB_ERROR_INIT;
    cr_expect_eq(fob_descriptor_json(session, text, strlen(text), "child.yaml", &json, &error), error.code);
    return json;
}

Test(registry, a_text_may_extend_what_is_in_the_folders)
{
    room_write("mine/base.yaml", DESCRIPTOR("Base"), 0644);
    cr_assert_eq(read_text("fob: 1\nextends: base\n"), FOB_OK, "%s", error.what);
    cr_expect_str_eq(fob_provider_id(provider), "child");
    cr_expect_str_eq(fob_provider_metadata(provider, "token_endpoint"), "https://x.example/t");
    cr_expect_eq(read_text("fob: 1\nextends: nowhere\n"), FOB_E_DESCRIPTOR);
    cr_expect_eq(error.line, 2);
    cr_expect_eq(fob_read_provider(session, NULL, 0, "x", &provider, &error), FOB_E_ARGUMENT);
}

Test(registry, a_text_gets_the_plugin_that_it_names)
{
    cr_expect_eq(read_text("fob: 1\nplugin: nowhere\n"), FOB_E_PLUGIN);
    put_plugin("mock-good", "mock-good");
    cr_expect_eq(read_text("fob: 1\nplugin: mock-good\n"), FOB_OK, "%s", error.what);
}

Test(registry, a_descriptor_is_shown_as_json_with_the_place_of_each_value)
{
    room_write("mine/base.yaml", DESCRIPTOR("Base"), 0644);
    fob_auto_free char *json = describe("fob: 1\nextends: base\nscopes: {default: [a/b, 7]}\nx-n/te: [1]\n");
    cr_assert(json, "%s", error.what);
    cr_expect(strstr(json, "\"scopes\":{\"default\":[\"a/b\",7]}"), "%s", json);
    cr_expect(strstr(json, "\"token_endpoint\":\"https://x.example/t\""), "%s", json);
    cr_expect(strstr(json, "\"/scopes/default/1\":[3,25]"), "%s", json);
    cr_expect(strstr(json, "\"/x-n~1te\":[4,1]"), "%s", json);
    cr_expect(strstr(json, "\"/token_endpoint\":[4,1,\"") && strstr(json, "/mine/base.yaml\"]"), "%s", json);
    cr_expect_null(strstr(json, "Base"), "a name is a file's own");
}

Test(registry, what_cannot_be_read_is_not_shown)
{
    cr_expect_null(describe("fob: [1\n"));
    cr_expect_eq(error.code, FOB_E_DESCRIPTOR);
    cr_expect_null(describe("- fob\n"));
    cr_expect_eq(error.line, 1);
    cr_expect_null(describe("fob: 1\nextends: nowhere\n"));
    cr_expect_eq(error.line, 2);
    fob_auto_free char *json = describe("fob: 7\nodd: key\n");
    cr_expect(json && strstr(json, "\"odd\":\"key\""), "mistakes are for fob_lint to tell");
}
