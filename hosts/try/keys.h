/* SPDX-License-Identifier: MIT */
/* Keys that everybody has. */
#ifndef TRY_KEYS_H
#define TRY_KEYS_H

/* A private key in PEM that can sign with that alg of the language. */
const char *key_for(const char *alg);

#endif
