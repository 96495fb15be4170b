/* SPDX-License-Identifier: MIT */
/* Random bytes for one flow, derived from the seed it was given: the flow itself stays pure. */
#ifndef CORE_ENTROPY_H
#define CORE_ENTROPY_H

#include <fob/flow.h>
#include <stddef.h>

/* Never copied: two copies would give the same bytes. Wiped by its owner. */
struct fob_entropy {
    unsigned char seed[FOB_FLOW_SEED];
    uint64_t counter;
};

void fob_entropy_init(struct fob_entropy *entropy, const unsigned char seed[FOB_FLOW_SEED]);
/* len at most 64. */
void fob_entropy_take(struct fob_entropy *entropy, void *bytes, size_t len);
void fob_entropy_wipe(struct fob_entropy *entropy);

#endif
