/* SPDX-License-Identifier: MIT */
/* Random bytes for one flow, derived from the seed it was given. */
#include "entropy.h"

#include <sodium.h>
#include <string.h>

_Static_assert(FOB_FLOW_SEED == crypto_kdf_KEYBYTES, "the seed is a key of the derivation");

void fob_entropy_init(struct fob_entropy *entropy, const unsigned char seed[FOB_FLOW_SEED])
{
    memcpy(entropy->seed, seed, FOB_FLOW_SEED);
    entropy->counter = 0;
}

void fob_entropy_take(struct fob_entropy *entropy, void *bytes, size_t len)
{
    unsigned char block[crypto_kdf_BYTES_MAX];
    crypto_kdf_derive_from_key(block, sizeof block, ++entropy->counter, "fob_flow", entropy->seed);
    memcpy(bytes, block, len < sizeof block ? len : sizeof block);
    sodium_memzero(block, sizeof block);
}

void fob_entropy_wipe(struct fob_entropy *entropy)
{
    sodium_memzero(entropy, sizeof *entropy);
}
