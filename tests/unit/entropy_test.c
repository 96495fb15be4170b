/* SPDX-License-Identifier: MIT */
/* One seed gives one row of bytes, none twice; another seed gives others. */
#include "entropy.h"

#include <criterion/criterion.h>
#include <string.h>

static const unsigned char seed[FOB_FLOW_SEED] = "thirty-two bytes to begin from..";

Test(entropy, the_same_seed_gives_the_same_bytes)
{
    struct fob_entropy one, other;
    unsigned char a[64], b[64];
    fob_entropy_init(&one, seed);
    fob_entropy_init(&other, seed);
    for (int i = 0; i < 10; i++) {
        fob_entropy_take(&one, a, sizeof a);
        fob_entropy_take(&other, b, sizeof b);
        cr_expect_arr_eq(a, b, sizeof a);
    }
}

Test(entropy, no_bytes_come_twice)
{
    struct fob_entropy entropy;
    unsigned char taken[100][16];
    fob_entropy_init(&entropy, seed);
    for (int i = 0; i < 100; i++) {
        fob_entropy_take(&entropy, taken[i], sizeof taken[i]);
        for (int j = 0; j < i; j++)
            cr_assert_arr_neq(taken[i], taken[j], sizeof taken[i]);
    }
}

Test(entropy, one_other_bit_in_the_seed_gives_other_bytes)
{
    struct fob_entropy entropy;
    unsigned char changed[FOB_FLOW_SEED], first[32], again[32];
    fob_entropy_init(&entropy, seed);
    fob_entropy_take(&entropy, first, sizeof first);
    for (size_t i = 0; i < FOB_FLOW_SEED; i++) {
        memcpy(changed, seed, sizeof changed);
        changed[i] ^= 1;
        fob_entropy_init(&entropy, changed);
        fob_entropy_take(&entropy, again, sizeof again);
        cr_expect_arr_neq(first, again, sizeof first, "byte %zu counts", i);
    }
}

Test(entropy, the_bytes_tell_nothing_of_the_seed_and_stay_in_their_place)
{
    struct fob_entropy entropy;
    unsigned char out[66];
    memset(out, 0xaa, sizeof out);
    fob_entropy_init(&entropy, seed);
    fob_entropy_take(&entropy, out + 1, 64);
    cr_expect_null(memmem(out, sizeof out, seed, 8));
    cr_expect_eq(out[0], 0xaa);
    cr_expect_eq(out[65], 0xaa);
    out[1] = 0xaa;
    fob_entropy_take(&entropy, out + 1, 0);
    cr_expect_eq(out[1], 0xaa);
}

Test(entropy, wiping_leaves_nothing)
{
    struct fob_entropy entropy;
    static const struct fob_entropy nothing;
    fob_entropy_init(&entropy, seed);
    fob_entropy_wipe(&entropy);
    cr_expect_arr_eq(entropy.seed, nothing.seed, sizeof entropy.seed);
    cr_expect_eq(entropy.counter, 0);
}
