/* SPDX-License-Identifier: MIT */
/* PKCE gives what RFC 7636 says, and never the same verifier twice. */
#include "pkce.h"

#include <criterion/criterion.h>
#include <string.h>

Test(pkce, challenge_is_that_of_rfc_7636_appendix_b)
{
    struct fob_buf challenge = FOB_BUF(64);
    fob_pkce_challenge_s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", &challenge);
    cr_assert_str_eq(challenge.data, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    fob_buf_free(&challenge);
}

Test(pkce, verifier_is_43_unreserved_characters_and_new_each_time)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    unsigned char seed[FOB_FLOW_SEED] = {7};
    struct fob_entropy entropy;
    struct fob_buf first = FOB_BUF(64), second = FOB_BUF(64);
    fob_entropy_init(&entropy, seed);
    fob_pkce_verifier(&entropy, &first);
    fob_pkce_verifier(&entropy, &second);
    cr_assert_eq(first.len, 43);
    cr_assert_eq(strspn(first.data, unreserved), 43);
    cr_assert_str_neq(first.data, second.data);
    fob_buf_free(&first);
    fob_buf_free(&second);
    fob_entropy_wipe(&entropy);
}

Test(pkce, another_seed_gives_another_verifier)
{
    unsigned char seeds[2][FOB_FLOW_SEED] = {{1}, {2}};
    struct fob_buf verifiers[2] = {FOB_BUF(64), FOB_BUF(64)};
    for (int i = 0; i < 2; i++) {
        struct fob_entropy entropy;
        fob_entropy_init(&entropy, seeds[i]);
        fob_pkce_verifier(&entropy, &verifiers[i]);
    }
    cr_assert_str_neq(verifiers[0].data, verifiers[1].data);
    fob_buf_free(&verifiers[0]);
    fob_buf_free(&verifiers[1]);
}
