/* SPDX-License-Identifier: MIT */
/* The sealing key in a file of its own, made on first use. */
#include "../cleanup.h"
#include "../error.h"
#include "fd.h"
#include "stores.h"
#include "trust.h"

#include <errno.h>
#include <fcntl.h>
#include <fob/session.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* "fob-key-1", a newline, and the key in hex with a newline: a person can tell what it is. */
#define HEADER "fob-key-1\n"
#define HEX_LEN (2 * FOB_SEAL_KEY)
#define FILE_LEN (sizeof HEADER - 1 + HEX_LEN + 1)

static fob_err read_key(const char *path, unsigned char key[FOB_SEAL_KEY], struct fob_error *error)
{
    fob_auto_buf text = FOB_BUF(4096);
    size_t len = 0;
    fob_err err = fob_trust_read(path, FOB_TRUST_PRIVATE, &text, error);
    if (err != FOB_OK)
        return err == FOB_E_LIMIT
                   ? fob_fail(error, FOB_E_KEY, "restore it from a copy", "%s is not a key file", path)
                   : err;
    bool good =
        text.len == FILE_LEN && memcmp(text.data, HEADER, sizeof HEADER - 1) == 0 &&
        text.data[FILE_LEN - 1] == '\n' &&
        sodium_hex2bin(key, FOB_SEAL_KEY, text.data + sizeof HEADER - 1, HEX_LEN, NULL, &len, NULL) == 0;
    if (good && len == FOB_SEAL_KEY)
        return FOB_OK;
    return fob_fail(error, FOB_E_KEY, "restore it from a copy", "%s is not a key file", path);
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* Written whole under another name and then linked: of two processes that do so, one wins and both read its key. */
static fob_err write_key(int folder, const char *name, const char *path, struct fob_error *error)
{
    unsigned char key[FOB_SEAL_KEY];
    char text[FILE_LEN + 1], own[64];
    fob_err err = fob_random(key, sizeof key, error);
    if (err != FOB_OK)
        return err;
    memcpy(text, HEADER, sizeof HEADER - 1);
    sodium_bin2hex(text + sizeof HEADER - 1, HEX_LEN + 1, key, sizeof key);
    text[FILE_LEN - 1] = '\n';
    snprintf(own, sizeof own, ".fob-key-%ld-%08x", (long)getpid(), randombytes_random());
    sodium_memzero(key, sizeof key);
    fob_auto_fd int fd = openat(folder, own, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool written = fd >= 0 && write_all(fd, text, FILE_LEN) && fsync(fd) == 0;
    sodium_memzero(text, sizeof text);
    if (written && linkat(folder, own, folder, name, 0) < 0 && errno != EEXIST)
        written = false;
    int why = errno;
    if (fd >= 0)
        unlinkat(folder, own, 0);
    if (!written)
        return fob_fail_errno(error, FOB_E_SYSTEM, why, "check the permissions of its folder and the disk",
                              "the key file %s cannot be written", path);
    return FOB_OK;
}

static fob_err make_key(const char *path, struct fob_error *error)
{
    fob_auto_fd int folder = -1;
    fob_auto_fd int readable = -1;
    const char *name;
    const char *slash = strrchr(path, '/');
    fob_auto_free char *parent = slash ? strndup(path, (size_t)(slash - path)) : NULL;
    if (parent && *parent && mkdir(parent, 0700) < 0 && errno != EEXIST)
        return fob_fail_errno(error, FOB_E_SYSTEM, errno, "make it", "the folder %s cannot be made", parent);
    fob_err err = fob_trust_folder(path, &folder, &name, error);
    if (err == FOB_OK)
        err = write_key(folder, name, path, error);
    if (err != FOB_OK)
        return err;
    readable = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (readable < 0 || fsync(readable) < 0)
        return fob_fail_errno(error, FOB_E_SYSTEM, errno, "check the disk",
                              "the key file %s is not safe on disk", path);
    return FOB_OK;
}

fob_err fob_key_file(const char *path, int create, unsigned char key[FOB_SEAL_KEY], struct fob_error *error)
{
    fob_err err = read_key(path, key, error);
    if (err != FOB_E_NOT_FOUND)
        return err;
    if (!create)
        return fob_fail(error, FOB_E_KEY, "restore it from a copy, or remove the store and log in again",
                        "the key file %s is missing", path);
    err = make_key(path, error);
    return err == FOB_OK ? read_key(path, key, error) : err;
}
