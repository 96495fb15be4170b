/* SPDX-License-Identifier: MIT */
/* Sealing one connection: XChaCha20-Poly1305 with the connection's name as associated data. */
#include "seal.h"

#include "error.h"

#include <fob/limits.h>
#include <sodium.h>
#include <string.h>

/* One format byte, so that a later construction can stand beside this one; then nonce, ciphertext, tag. */
#define FORMAT 1
#define HEAD (1 + FOB_SEAL_NONCE)
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(FOB_SEAL_NONCE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, "nonce");
_Static_assert(32 == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key");

/* Takes back what was appended after `start`, and leaves no trace of it. */
static void rewind_to(struct fob_buf *out, size_t start)
{
    if (out->len > start)
        sodium_memzero(out->data + start, out->len - start);
    out->len = start;
}

fob_err fob_seal(const unsigned char key[32], const unsigned char nonce[FOB_SEAL_NONCE], const char *name,
                 const void *bytes, size_t len, struct fob_buf *out, struct fob_error *error)
{
    static const unsigned char no_tag[TAG];
    if (len > FOB_MAX_RECORD - HEAD - TAG)
        return fob_fail(error, FOB_E_LIMIT, NULL, "the connection is longer than %d bytes when sealed",
                        FOB_MAX_RECORD);
    size_t start = out->len;
    fob_buf_char(out, FORMAT);
    fob_buf_add(out, nonce, FOB_SEAL_NONCE);
    fob_buf_add(out, bytes, len);
    fob_buf_add(out, no_tag, TAG);
    fob_err err = fob_buf_finish(out, "the sealed connection", error);
    if (err != FOB_OK) {
        rewind_to(out, start);
        return err;
    }
    unsigned char *text = (unsigned char *)out->data + start + HEAD;
    crypto_aead_xchacha20poly1305_ietf_encrypt(text, NULL, text, len, (const unsigned char *)name,
                                               strlen(name), NULL, nonce, key);
    return FOB_OK;
}

fob_err fob_unseal(const unsigned char key[32], const char *name, const void *sealed, size_t sealed_len,
                   struct fob_buf *out, struct fob_error *error)
{
    const unsigned char *from = sealed;
    size_t start = out->len;
    if (sealed_len < HEAD + TAG)
        return fob_fail(error, FOB_E_STORE, "restore the store from a backup, or log in again",
                        "what is stored for %s is no sealed connection", name);
    if (from[0] != FORMAT)
        return fob_fail(error, FOB_E_STORE, "use the version of fob that wrote it, or log in again",
                        "what is stored for %s has format %d, which this version of fob does not know", name,
                        from[0]);
    fob_buf_add(out, from + HEAD, sealed_len - HEAD);
    fob_err err = fob_buf_finish(out, "the connection", error);
    if (err != FOB_OK)
        return err;
    unsigned char *text = (unsigned char *)out->data + start;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(text, NULL, NULL, text, sealed_len - HEAD,
                                                   (const unsigned char *)name, strlen(name), from + 1,
                                                   key) != 0) {
        rewind_to(out, start);
        return fob_fail(error, FOB_E_KEY, "use the key file that was beside the store, or log in again",
                        "what is stored for %s was sealed with another key, or was changed since", name);
    }
    out->len -= TAG;
    sodium_memzero(out->data + out->len, TAG);
    return FOB_OK;
}
