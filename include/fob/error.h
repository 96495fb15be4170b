/* SPDX-License-Identifier: MIT */
/*
 * Errors are values. A function that can fail returns an enum fob_err and, where the caller gave one,
 * fills a struct fob_error. Outputs are untouched on failure. There is no global error state.
 */
#ifndef FOB_ERROR_H
#define FOB_ERROR_H

#include <fob/export.h>
#include <stdint.h>

FOB_BEGIN_DECLS

/*
 * X(name, value, word, meaning). The groups say what the caller can do about it. Values never change.
 */
#define FOB_ERR_LIST(X)                                                                                      \
    X(FOB_OK, 0, "ok", "success")                                                                            \
    /* mend the call */                                                                                      \
    X(FOB_E_ARGUMENT, -1, "argument", "an argument is missing or out of range")                              \
    X(FOB_E_STATE, -2, "state", "the call does not fit what the object is doing")                            \
    X(FOB_E_LIMIT, -3, "limit", "something is larger than its named maximum")                                \
    /* mend the configuration */                                                                             \
    X(FOB_E_NOT_FOUND, -10, "not-found", "no provider, connection, client or plugin has that name")          \
    X(FOB_E_DESCRIPTOR, -11, "descriptor", "a descriptor is not valid")                                      \
    X(FOB_E_CONFIG, -12, "config", "clients.yaml or a setting is not valid")                                 \
    X(FOB_E_PLUGIN, -13, "plugin", "a plugin cannot be loaded or broke a rule")                              \
    X(FOB_E_UNTRUSTED, -14, "untrusted", "a file or folder can be written by others")                        \
    X(FOB_E_CLIENT, -15, "client", "the provider does not accept this client or its credential")             \
    /* ask the person */                                                                                     \
    X(FOB_E_NEEDS_LOGIN, -20, "needs-login", "there is no usable grant: a person has to log in")             \
    X(FOB_E_DENIED, -21, "denied", "the person or the provider said no")                                     \
    X(FOB_E_EXPIRED, -22, "expired", "the login was not finished in time")                                   \
    X(FOB_E_CANCELLED, -23, "cancelled", "the host or the person stopped it")                                \
    /* try again later: nothing was discarded */                                                             \
    X(FOB_E_NETWORK, -30, "network", "the server could not be reached or did not answer in time")            \
    X(FOB_E_TLS, -31, "tls", "no trusted TLS connection to the server")                                      \
    X(FOB_E_RATE_LIMITED, -32, "rate-limited", "the provider asks to slow down")                             \
    X(FOB_E_SERVER, -33, "server", "the provider reports a fault of its own")                                \
    X(FOB_E_BUSY, -34, "busy", "another process or program holds what is needed")                            \
    /* the provider does not do what it should */                                                            \
    X(FOB_E_PROVIDER, -40, "provider", "the provider refused the request")                                   \
    X(FOB_E_PROTOCOL, -41, "protocol", "the answer is not one that OAuth 2.0 allows")                        \
    X(FOB_E_SECURITY, -42, "security", "an answer failed a check that guards against attack")                \
    /* the machine */                                                                                        \
    X(FOB_E_STORE, -50, "store", "the store cannot be read or written")                                      \
    X(FOB_E_KEY, -51, "key", "the sealing key is missing, or not the one that sealed this")                  \
    X(FOB_E_SYSTEM, -52, "system", "a system call failed")                                                   \
    X(FOB_E_MEMORY, -53, "memory", "out of memory")

enum fob_err {
#define FOB_ERR_ENUM_(name, value, word, meaning) name = (value),
    FOB_ERR_LIST(FOB_ERR_ENUM_)
#undef FOB_ERR_ENUM_
};
typedef enum fob_err fob_err;

/*
 * What went wrong, in full. The caller owns it, usually on the stack: it holds no pointer, needs no
 * freeing, and may be copied. Initialise with FOB_ERROR_INIT or let a failing call fill it. Text is
 * UTF-8 without control characters, holds no secret, and may be shown to a person as it is.
 */
struct fob_error {
    fob_err code;
    int http_status; /* of the answer that failed, or 0 */
    int sys_errno;   /* of the call that failed, or 0 */
    int maybe_sent;  /* 1: the request may have reached the server (it timed out or broke after sending) */
    int64_t retry_after_ms; /* what the provider asked to wait, or 0 */
    unsigned line, column;  /* in file, from 1; 0 when there is none */
    char oauth_error[64];   /* the "error" value of RFC 6749 section 5.2, or "" */
    char file[256];         /* descriptor, plugin or configuration file, or "" */
    char what[384];         /* what failed, one sentence without a full stop */
    char fix[256];          /* what to do about it, or "" */
    uint64_t reserved[8];
};

#define FOB_ERROR_INIT                                                                                       \
    {                                                                                                        \
        FOB_OK, 0, 0, 0, 0, 0, 0, "", "", "", "",                                                            \
        {                                                                                                    \
            0                                                                                                \
        }                                                                                                    \
    }

/*
 * The code's short word ("needs-login"), for scripts and logs. Static; never NULL: an unknown code gives
 * "unknown". Safe from any thread.
 */
FOB_API const char *fob_err_word(fob_err code);

/* The code's meaning in a few words. Static; never NULL. Safe from any thread. */
FOB_API const char *fob_err_meaning(fob_err code);

/*
 * 1 when trying the same call again later can succeed without anybody mending anything (network, TLS
 * hand-shake aside, rate limit, server fault, busy), else 0. Safe from any thread.
 */
FOB_API int fob_err_is_transient(fob_err code);

/*
 * Fills *error with a code, what failed and how to mend it, as a host's own callback has to when it
 * fails; everything else is zeroed. fix may be NULL. Texts that are too long are cut at a character.
 * error may be NULL. Returns code. Safe from any thread.
 */
FOB_API fob_err fob_error_set(struct fob_error *error, fob_err code, const char *what, const char *fix);

FOB_END_DECLS

#endif
