/* SPDX-License-Identifier: MIT */
/* core/io/trust.c: what others could have planted or changed is not opened, and the error says what to run. */
#include "cleanup.h"
#include "io/trust.h"
#include "room.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct fob_error error;

static void begin(void)
{
    room_begin();
    error = (struct fob_error)FOB_ERROR_INIT;
}

TestSuite(trust, .init = begin, .fini = room_end);

static fob_err try_open(const char *name, enum fob_trust trust)
{
    int fd = -1;
    error = (struct fob_error)FOB_ERROR_INIT;
    fob_err err = fob_trust_open(room_path(name), trust, &fd, &error);
    cr_assert_eq(err == FOB_OK, fd >= 0);
    if (fd >= 0)
        close(fd);
    return err;
}

static void expect_refusal(const char *name, enum fob_trust trust, const char *what, const char *fix)
{
    cr_assert_eq(try_open(name, trust), FOB_E_UNTRUSTED, "%s", error.what);
    cr_expect(strstr(error.what, what), "%s", error.what);
    cr_expect(strstr(error.fix, fix), "%s", error.fix);
}

Test(trust, a_file_of_ours_that_nobody_else_can_write_is_opened)
{
    room_write("file", "text", 0644);
    cr_expect_eq(try_open("file", FOB_TRUST_READABLE), FOB_OK, "%s", error.what);
    room_write("file", "text", 0400);
    cr_expect_eq(try_open("file", FOB_TRUST_PRIVATE), FOB_OK, "%s", error.what);
}

Test(trust, one_that_others_can_write_is_not)
{
    room_write("file", "text", 0622);
    expect_refusal("file", FOB_TRUST_READABLE, "written by everybody", "chmod go-w '/tmp/");
    room_write("file", "text", 0620);
    expect_refusal("file", FOB_TRUST_READABLE, "written by its group", "chmod go-w");
}

Test(trust, a_private_one_that_others_can_read_is_not)
{
    room_write("file", "text", 0604);
    expect_refusal("file", FOB_TRUST_PRIVATE, "read by others", "chmod go-rwx");
    room_write("file", "text", 0640);
    expect_refusal("file", FOB_TRUST_PRIVATE, "read by others", "chmod go-rwx");
}

Test(trust, one_in_a_folder_that_others_can_write_is_not)
{
    room_write("config/file", "text", 0600);
    chmod(room_path("config"), 0775);
    expect_refusal("config/file", FOB_TRUST_READABLE, "written by its group", "/config'");
    chmod(room_path("config"), 0777);
    expect_refusal("config/file", FOB_TRUST_READABLE, "written by everybody", "/config'");
    chmod(room_path("config"), 01777);
    expect_refusal("config/file", FOB_TRUST_READABLE, "is shared with others", "a folder of your own");
    chmod(room_path("config"), 01755);
    cr_expect_eq(try_open("config/file", FOB_TRUST_READABLE), FOB_OK);
    chmod(room_path("config"), 0711);
    cr_expect_eq(try_open("config/file", FOB_TRUST_READABLE), FOB_OK);
}

Test(trust, the_command_to_run_is_quoted_for_a_shell)
{
    char command[512];
    room_write("it's a $(file)", "text", 0666);
    expect_refusal("it's a $(file)", FOB_TRUST_READABLE, "written by everybody", "'\\''s a $(file)'");
    cr_assert(fob_starts_with(error.fix, "run: "));
    snprintf(command, sizeof command, "%s", error.fix + 5);
    cr_assert_eq(system(command), 0);
    cr_expect_eq(try_open("it's a $(file)", FOB_TRUST_READABLE), FOB_OK, "the fix mends it");
}

Test(trust, another_users_file_or_folder_is_not_ours)
{
    if (geteuid() != 0)
        cr_skip_test("only root may give a file away");
    room_write("config/file", "text", 0600);
    cr_assert_eq(chown(room_path("config/file"), 65534, 65534), 0);
    expect_refusal("config/file", FOB_TRUST_READABLE, "belongs to another user", "chown root");
    cr_assert_eq(chown(room_path("config/file"), 0, 0), 0);
    cr_assert_eq(chown(room_path("config"), 65534, 65534), 0);
    expect_refusal("config/file", FOB_TRUST_READABLE, "belongs to another user", "/config'");
}

static void open_as_nobody(void)
{
    if (setuid(65534) != 0 || try_open("config/file", FOB_TRUST_READABLE) != FOB_OK)
        _exit(2);
    if (try_open("config/theirs", FOB_TRUST_READABLE) != FOB_E_UNTRUSTED ||
        !strstr(error.fix, "sudo chown \"$(id -un)\""))
        _exit(3);
}

Test(trust, what_is_roots_is_good_for_everybody)
{
    if (geteuid() != 0)
        cr_skip_test("only root may become somebody else");
    room_write("config/file", "text", 0644);
    room_write("config/theirs", "text", 0644);
    cr_assert_eq(chown(room_path("config/theirs"), 1, 1), 0);
    cr_assert_eq(chmod(room_path(""), 0755), 0);
    int status = in_child(open_as_nobody);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%x", status);
}

Test(trust, a_link_leads_only_where_the_same_rules_hold)
{
    room_write("providers/good", "text", 0644);
    room_write("providers/bad", "text", 0666);
    cr_assert_eq(symlink(room_path("providers/good"), room_path("config/good")), 0);
    cr_assert_eq(symlink(room_path("providers/bad"), room_path("config/bad")), 0);
    cr_assert_eq(symlink(room_path("config/loop"), room_path("config/loop")), 0);
    cr_assert_eq(symlink(room_path("nothing"), room_path("config/nothing")), 0);
    cr_expect_eq(try_open("config/good", FOB_TRUST_READABLE), FOB_OK, "%s", error.what);
    expect_refusal("config/bad", FOB_TRUST_READABLE, "written by everybody", "chmod go-w");
    cr_expect_eq(try_open("config/loop", FOB_TRUST_READABLE), FOB_E_SYSTEM);
    cr_expect_eq(try_open("config/nothing", FOB_TRUST_READABLE), FOB_E_NOT_FOUND);
    chmod(room_path("config"), 0777);
    expect_refusal("config/good", FOB_TRUST_READABLE, "written by everybody", "/config'");
}

Test(trust, what_is_no_file_is_told_and_hangs_nobody)
{
    cr_assert_eq(mkfifo(room_path("fifo"), 0600), 0);
    expect_refusal("fifo", FOB_TRUST_READABLE, "not a regular file", "regular file");
    expect_refusal("config", FOB_TRUST_READABLE, "not a regular file", "regular file");
}

Test(trust, what_is_not_there_is_not_found)
{
    cr_expect_eq(try_open("nothing", FOB_TRUST_READABLE), FOB_E_NOT_FOUND);
    cr_expect_eq(try_open("no/thing", FOB_TRUST_READABLE), FOB_E_NOT_FOUND);
    room_write("file", "text", 0600);
    cr_expect_eq(try_open("file/thing", FOB_TRUST_READABLE), FOB_E_NOT_FOUND);
}

static void open_what_may_not_be_read(void)
{
    if (geteuid() == 0 && setuid(65534) != 0)
        _exit(2);
    if (try_open("secret", FOB_TRUST_READABLE) != FOB_E_SYSTEM || error.sys_errno != EACCES)
        _exit(3);
}

Test(trust, what_may_not_be_read_is_told_with_its_reason)
{
    room_write("secret", "text", 0000);
    cr_assert_eq(chmod(room_path(""), 0755), 0);
    int status = in_child(open_what_may_not_be_read);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%x", status);
}

Test(trust, a_file_is_read_whole_or_not_at_all)
{
    char text[10001];
    memset(text, 'x', 10000);
    text[10000] = '\0';
    room_write("file", text, 0600);
    fob_auto_buf whole = FOB_BUF(10000), part = FOB_BUF(9999);
    cr_assert_eq(fob_trust_read(room_path("file"), FOB_TRUST_PRIVATE, &whole, &error), FOB_OK, "%s",
                 error.what);
    cr_expect_str_eq(whole.data, text);
    cr_expect_eq(fob_trust_read(room_path("file"), FOB_TRUST_PRIVATE, &part, &error), FOB_E_LIMIT);
    cr_expect(strstr(error.what, room_path("file")), "%s", error.what);
}

Test(trust, a_name_without_a_folder_is_in_the_current_one)
{
    int fd = -1;
    const char *name = NULL;
    cr_assert_eq(chdir(room_path("config")), 0);
    room_write("config/file", "text", 0600);
    cr_expect_eq(fob_trust_open("file", FOB_TRUST_PRIVATE, &fd, &error), FOB_OK, "%s", error.what);
    close(fd);
    cr_assert_eq(fob_trust_folder("/", &fd, &name, &error), FOB_OK, "%s", error.what);
    cr_expect_str_eq(name, "");
    close(fd);
    cr_assert_eq(chdir("/"), 0);
}

Test(trust, a_file_that_cannot_be_read_to_its_end_is_not_half_read)
{
    fob_auto_buf out = FOB_BUF(100);
    int fd = open(room_path("config"), O_RDONLY | O_DIRECTORY);
    cr_expect_eq(fob_trust_read_fd(fd, "it", &out, &error), FOB_E_SYSTEM);
    cr_expect_eq(error.sys_errno, EISDIR);
    close(fd);
}
