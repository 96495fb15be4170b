/* SPDX-License-Identifier: MIT */
/* A client holds a checked client_id and copies of its secret and key. */
#include "cleanup.h"
#include "client.h"
#include "io/clients.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

Test(client, holds_its_id_and_a_copy_of_its_secret)
{
    fob_auto_secret *secret = NULL;
    fob_auto_client *client = NULL;
    cr_assert_eq(fob_secret_new("s3cret", 6, &secret, NULL), FOB_OK);
    cr_assert_eq(fob_client_new("abc", secret, &client, NULL), FOB_OK);
    cr_assert_str_eq(fob_client_id(client), "abc");
    cr_assert(fob_secret_equal(fob_client_secret(client), secret));
    cr_assert_neq(fob_client_secret(client), secret);
}

Test(client, may_be_public)
{
    fob_auto_client *client = NULL;
    cr_assert_eq(fob_client_new("abc", NULL, &client, NULL), FOB_OK);
    cr_assert_null(fob_client_secret(client));
    cr_assert_null(fob_client_key(client));
}

#define KEY "{\"kty\":\"EC\"}"

Test(client, may_have_a_key_with_a_secret_or_without)
{
    for (int i = 0; i < 2; i++) {
        fob_auto_secret *key = NULL, *secret = NULL;
        fob_auto_client *client = NULL, *copy = NULL;
        cr_assert_eq(fob_secret_new(KEY, strlen(KEY), &key, NULL), FOB_OK);
        if (i)
            cr_assert_eq(fob_secret_new("s3cret", 6, &secret, NULL), FOB_OK);
        cr_assert_eq(fob_client_new_with_key("abc", secret, key, &client, NULL), FOB_OK);
        cr_assert_neq(fob_client_key(client), key, "a copy");
        cr_assert_eq(fob_client_copy(client, &copy, NULL), FOB_OK);
        cr_expect_str_eq(fob_client_id(copy), "abc");
        cr_expect(fob_secret_equal(fob_client_key(copy), key));
        cr_expect_eq(fob_client_secret(copy) != NULL, i == 1);
        cr_expect_eq(fob_secret_equal(fob_client_secret(copy), secret), i == 1);
    }
}

Test(client, refuses_a_key_that_is_not_text)
{
    fob_auto_secret *der = NULL;
    fob_client *client = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(fob_secret_new("0\x82\x04\xa3\x02\0", 6, &der, NULL), FOB_OK);
    cr_expect_eq(fob_client_new_with_key("abc", NULL, der, &client, &error), FOB_E_ARGUMENT);
    cr_expect_not_null(strstr(error.fix, "-inform DER"));
    cr_expect_null(client);
}

Test(client, refuses_an_id_that_rfc_6749_does_not_allow)
{
    fob_client *client = NULL;
    char long_id[1026];
    memset(long_id, 'a', sizeof long_id - 1);
    long_id[sizeof long_id - 1] = '\0';
    const char *const bad[] = {NULL, "", "a\nb", "caf\xc3\xa9", long_id};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(fob_client_new(bad[i], NULL, &client, NULL), FOB_E_ARGUMENT);
    cr_assert_null(client);
}

Test(client, refuses_a_secret_that_could_neither_be_sent_nor_kept)
{
    static const struct {
        const char *bytes;
        size_t len;
        fob_err expected;
    } rows[] = {{"caf\xc3\xa9 ~", 7, FOB_OK},       {"", 0, FOB_OK},
                {"a\0b", 3, FOB_E_ARGUMENT},        {"one\ntwo", 7, FOB_E_ARGUMENT},
                {"\x89PNG\r\n", 6, FOB_E_ARGUMENT}, {"tab\t", 4, FOB_E_ARGUMENT}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fob_auto_secret *secret = NULL;
        fob_auto_client *client = NULL;
        struct fob_error error = FOB_ERROR_INIT;
        cr_assert_eq(fob_secret_new(rows[i].bytes, rows[i].len, &secret, NULL), FOB_OK);
        cr_expect_eq(fob_client_new("abc", secret, &client, &error), rows[i].expected, "%zu", i);
        cr_expect_eq(client != NULL, rows[i].expected == FOB_OK, "%zu", i);
        cr_expect_null(strstr(error.what, "one\n"), "the secret is not told");
    }
}

Test(client, that_clients_yaml_cannot_describe_is_told_at_its_place)
{
    static const char text[] = "clients:\n  work: {provider: acme, client_id: caf\xc3\xa9}\n";
    char folder[] = "/tmp/fob-client-XXXXXX", file[64];
    struct fob_paths paths = {.clients_file = file};
    struct fob_client_entry entry = {0};
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_not_null(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/clients.yaml", folder);
    int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    cr_assert_eq(write(fd, text, sizeof text - 1), (ssize_t)sizeof text - 1);
    close(fd);
    cr_expect_eq(fob_clients_find(&paths, "work", &entry, &error), FOB_E_CONFIG, "%s", error.what);
    cr_expect_eq(error.code, FOB_E_CONFIG);
    cr_expect_str_eq(error.file, file);
    cr_expect_eq(error.line, 2);
    cr_expect_null(entry.client);
    unlink(file);
    rmdir(folder);
}
