/* SPDX-License-Identifier: MIT */
/* A client holds a checked client_id and a copy of its secret. */
#include "cleanup.h"

#include <criterion/criterion.h>
#include <string.h>

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
