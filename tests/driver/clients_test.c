/* SPDX-License-Identifier: MIT */
/* core/io/clients.c, core/io/command.c: a client's secret is fetched from where clients.yaml says, or one error tells why not. */
#include "cleanup.h"
#include "io/clients.h"
#include "io/command.h"
#include "room.h"

#include <fob/limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static fob_session *session;
static struct fob_client_entry entry;
static struct fob_error error;

static void begin(void)
{
    room_begin();
    session = room_open();
    error = (struct fob_error)FOB_ERROR_INIT;
}

static void end(void)
{
    fob_client_entry_free(&entry);
    fob_close(&session);
    room_end();
}

TestSuite(clients, .init = begin, .fini = end);

static fob_err find(const char *name)
{
    fob_client_entry_free(&entry);
    error = (struct fob_error)FOB_ERROR_INIT;
    return fob_clients_find(&session->paths, name, &entry, &error);
}

/* clients.yaml with one entry "work", whose secret is kept as the line says. */
static void write_entry(const char *line, mode_t mode)
{
    char text[1024];
    snprintf(text, sizeof text, "clients:\n  work:\n    provider: acme\n    client_id: abc\n%s%s\n",
             *line ? "    " : "", line);
    room_write("config/clients.yaml", text, mode);
}

static void expect_secret(const char *line, const char *secret)
{
    write_entry(line, 0600);
    cr_assert_eq(find("work"), FOB_OK, "%s: %s", line, error.what);
    const char *got = fob_secret_peek(fob_client_secret(entry.client), NULL);
    cr_assert_str_eq(got ? got : "", secret);
    cr_assert_str_eq(fob_client_id(entry.client), "abc");
}

static void expect_failure(const char *line, fob_err code, const char *what)
{
    write_entry(line, 0600);
    cr_assert_eq(find("work"), code, "%s: %s", line, error.what);
    cr_assert(strstr(error.what, what), "%s: %s", line, error.what);
    cr_assert_null(entry.client);
}

/* --- the four ways ------------------------------------------------------------------------------------------ */

Test(clients, the_secret_may_stand_in_the_file_itself)
{
    expect_secret("client_secret: s3cret", "s3cret");
}

Test(clients, then_nobody_else_may_read_the_file)
{
    write_entry("client_secret: s3cret", 0644);
    cr_expect_eq(find("work"), FOB_E_UNTRUSTED);
    cr_expect(strstr(error.fix, "chmod go-rwx"), "%s", error.fix);
    cr_expect_null(strstr(error.what, "s3cret"));
    write_entry("client_secret_env: SECRET", 0644);
    setenv("SECRET", "from the environment", 1);
    cr_expect_eq(find("work"), FOB_OK, "without a secret in it, it may be read: %s", error.what);
}

Test(clients, the_secret_may_be_in_a_file_of_its_own)
{
    char line[200];
    room_write("config/secret", "s3cret\n", 0600);
    expect_secret("client_secret_file: secret", "s3cret");
    room_write("config/secret", "s3cret\r\n", 0600);
    expect_secret("client_secret_file: secret", "s3cret");
    room_write("elsewhere", "other", 0600);
    snprintf(line, sizeof line, "client_secret_file: %s", room_path("elsewhere"));
    expect_secret(line, "other");
}

Test(clients, which_has_to_be_there_private_and_one_line)
{
    expect_failure("client_secret_file: secret", FOB_E_CONFIG, "is not there");
    room_write("config/secret", "s3cret", 0640);
    expect_failure("client_secret_file: secret", FOB_E_UNTRUSTED, "read by others");
    room_write("config/secret", "\n", 0600);
    expect_failure("client_secret_file: secret", FOB_E_CONFIG, "is empty");
    room_write("config/secret", "two\nlines\n", 0600);
    expect_failure("client_secret_file: secret", FOB_E_CONFIG, "one line");
    cr_expect_eq(error.line, 2, "the entry's place");
}

Test(clients, nor_may_it_be_larger_than_any_secret)
{
    char *big = malloc(FOB_MAX_TOKEN + 2);
    cr_assert_not_null(big);
    memset(big, 'x', FOB_MAX_TOKEN + 1);
    big[FOB_MAX_TOKEN + 1] = '\0';
    room_write("config/secret", big, 0600);
    expect_failure("client_secret_file: secret", FOB_E_LIMIT, "");
    free(big);
}

Test(clients, the_secret_may_be_in_the_environment)
{
    setenv("ACME_SECRET", "s3cret", 1);
    expect_secret("client_secret_env: ACME_SECRET", "s3cret");
    unsetenv("ACME_SECRET");
    expect_failure("client_secret_env: ACME_SECRET", FOB_E_CONFIG, "ACME_SECRET");
    setenv("ACME_SECRET", "", 1);
    expect_failure("client_secret_env: ACME_SECRET", FOB_E_CONFIG, "is empty");
}

Test(clients, a_program_may_print_the_secret)
{
    expect_secret("client_secret_command: [echo, 's3cret']", "s3cret");
    expect_secret("client_secret_command: [printf, '%s-%s', a, '$HOME;id']", "a-$HOME;id");
}

Test(clients, which_has_to_be_there_to_work_and_to_print_something)
{
    expect_failure("client_secret_command: [no-such-program]", FOB_E_CONFIG, "cannot be run");
    expect_failure("client_secret_command: ['false']", FOB_E_CONFIG, "\"false\" failed");
    expect_failure("client_secret_command: [sh, -c, 'echo s3cret; exit 3']", FOB_E_CONFIG, "\"sh\" failed");
    expect_failure("client_secret_command: [sh, -c, 'kill -9 $$']", FOB_E_CONFIG, "\"sh\" failed");
    expect_failure("client_secret_command: ['true']", FOB_E_CONFIG, "is empty");
    expect_failure("client_secret_command: ['yes']", FOB_E_LIMIT, "what the program printed");
}

Test(clients, when_the_environment_counts_for_nothing_neither_it_nor_a_program_is_asked)
{
    setenv("ACME_SECRET", "s3cret", 1);
    session->paths.trust_environment = false;
    expect_failure("client_secret_env: ACME_SECRET", FOB_E_CONFIG, "is not set");
    expect_failure("client_secret_command: [echo, 's3cret']", FOB_E_CONFIG, "runs no command");
    room_write("config/secret", "s3cret", 0600);
    expect_secret("client_secret_file: secret", "s3cret");
}

Test(clients, without_any_it_is_a_public_client)
{
    expect_secret("", "");
    cr_expect_null(fob_client_secret(entry.client));
}

Test(clients, two_ways_at_once_are_a_mistake_with_its_place)
{
    expect_failure("client_secret: a\n    client_secret_env: B", FOB_E_CONFIG, "more than one way");
    cr_expect_str_eq(error.file, room_path("config/clients.yaml"));
    cr_expect_eq(error.line, 2);
}

/* --- the file ----------------------------------------------------------------------------------------------- */

Test(clients, an_entry_says_all_that_a_login_needs)
{
    write_entry(
        "grant: client_credentials\n    environment: sandbox\n    redirect_uri: http://127.0.0.1:9/x\n"
        "    scopes: [mail, calendar]\n    variables: {tenant: contoso}",
        0644);
    cr_assert_eq(find("work"), FOB_OK, "%s", error.what);
    cr_expect_str_eq(entry.provider, "acme");
    cr_expect_str_eq(entry.grant, "client_credentials");
    cr_expect_str_eq(entry.environment, "sandbox");
    cr_expect_str_eq(entry.redirect_uri, "http://127.0.0.1:9/x");
    cr_assert_eq(entry.scopes.n, 2);
    cr_expect_str_eq(entry.scopes.v[1], "calendar");
    cr_assert_eq(entry.variables.n, 1);
    cr_expect_str_eq(entry.variables.v[0].value, "contoso");
}

Test(clients, what_is_not_there_is_not_found)
{
    cr_expect_eq(find("work"), FOB_E_NOT_FOUND);
    write_entry("", 0644);
    cr_expect_eq(find("home"), FOB_E_NOT_FOUND);
    cr_expect(strstr(error.what, "\"home\""), "%s", error.what);
}

Test(clients, a_mistake_in_it_is_told_with_its_place)
{
    room_write("config/clients.yaml", "clients:\n  work: {provider: acme}\n", 0644);
    cr_expect_eq(find("work"), FOB_E_CONFIG);
    cr_expect_eq(error.line, 2);
    cr_expect(strstr(error.what, "client_id"), "%s", error.what);
    write_entry("client_id: caf\u00e9", 0644);
    cr_expect_eq(find("work"), FOB_E_CONFIG, "%s", fob_client_id(entry.client));
    room_write("config/clients.yaml", "clients:\n  work: {provider: acme, client_id: caf\u00e9}\n", 0644);
    cr_expect_eq(find("work"), FOB_E_CONFIG);
    cr_expect_eq(error.line, 2);
    cr_expect_str_eq(error.file, room_path("config/clients.yaml"));
    cr_expect_null(entry.provider, "outputs are untouched");
}

Test(clients, one_that_others_can_write_is_not_read)
{
    write_entry("", 0666);
    cr_expect_eq(find("work"), FOB_E_UNTRUSTED);
}

/* --- programs ----------------------------------------------------------------------------------------------- */

static fob_err run(const char *script, struct fob_buf *out)
{
    char sh[] = "sh", c[] = "-c", text[400];
    char *argv[] = {sh, c, text};
    snprintf(text, sizeof text, "%s", script);
    return fob_command_output(&(struct fob_strings){argv, 3}, out, &error);
}

static int looks, late_at;

/* At one look at the clock it is suddenly late. */
static void be_late(struct mock *m)
{
    (void)m;
    if (++looks == late_at)
        move_clock(FOB_COMMAND_TIMEOUT_MS);
}

static void expect_too_long(const char *script, int at)
{
    fob_auto_buf out = FOB_BUF(100);
    looks = 0;
    late_at = at;
    mock->tick = be_late;
    cr_expect_eq(run(script, &out), FOB_E_CONFIG, "%s", script);
    cr_expect(strstr(error.what, "took too long"), "%s: %s", script, error.what);
    cr_expect_eq(waitpid(-1, NULL, WNOHANG), -1, "it is not left behind");
    mock->tick = NULL;
}

Test(clients, a_program_that_takes_too_long_is_ended)
{
    expect_too_long("exec sleep 1000", 2);
}

Test(clients, so_is_one_that_has_nothing_more_to_say_and_stays)
{
    expect_too_long("echo s3cret; exec >&-; exec sleep 1000", 4);
}

Test(clients, what_a_program_prints_is_taken_whole_and_what_it_complains_of_is_not)
{
    fob_auto_buf out = FOB_BUF(100000);
    cr_assert_eq(run("echo no >&2; i=0; while [ $i -lt 2000 ]; do echo 'ten bytes'; i=$((i+1)); done", &out),
                 FOB_OK, "%s", error.what);
    cr_expect_eq(out.len, 20000);
    cr_expect_null(strstr(out.data, "no"));
}

Test(clients, a_program_whose_child_lives_on_does_not_hold_us_up)
{
    fob_auto_buf out = FOB_BUF(100);
    char told[32];
    cr_assert_eq(run("sleep 1000 >/dev/null & echo $!", &out), FOB_OK, "%s", error.what);
    snprintf(told, sizeof told, "%s", out.data);
    kill((pid_t)strtol(told, NULL, 10), SIGKILL);
}
