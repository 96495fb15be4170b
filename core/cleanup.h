/* SPDX-License-Identifier: MIT */
/* Ownership by scope: a variable declared with one of these is freed when its scope ends. */
#ifndef CORE_CLEANUP_H
#define CORE_CLEANUP_H

#include "buf.h"

#include <fob/client.h>
#include <fob/flow.h>
#include <fob/provider.h>
#include <fob/secret.h>
#include <fob/token.h>
#include <jansson.h>
#include <stdlib.h>

#define fob_cleanup(function) __attribute__((cleanup(function)))

static inline void fob_free_pointer(void *pointer)
{
    free(*(void **)pointer);
}

#define fob_auto_free fob_cleanup(fob_free_pointer)
#define fob_auto_buf fob_cleanup(fob_buf_free) struct fob_buf
#define fob_auto_secret fob_cleanup(fob_secret_free) fob_secret
#define fob_auto_token fob_cleanup(fob_token_unref) fob_token
#define fob_auto_client fob_cleanup(fob_client_free) fob_client
#define fob_auto_provider fob_cleanup(fob_provider_unref) fob_provider
#define fob_auto_flow fob_cleanup(fob_flow_free) fob_flow

/* Hands the pointer on and leaves NULL behind. */
#define fob_steal(pointer)                                                                                   \
    __extension__({                                                                                          \
        __typeof__(*(pointer)) stolen_ = *(pointer);                                                         \
        *(pointer) = NULL;                                                                                   \
        stolen_;                                                                                             \
    })

#endif
