/* SPDX-License-Identifier: MIT */
/* Opening files that must not have been planted or changed by somebody else. */
#include "trust.h"

#include "../cleanup.h"
#include "../error.h"
#include "fd.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Fails with a command to run, the path quoted for a shell. */
static fob_err refuse(struct fob_error *error, const char *path, const char *why, const char *command)
{
    fob_auto_buf fix = FOB_BUF(4 * strlen(path) + 64);
    fob_buf_fmt(&fix, "run: %s '", command);
    for (const char *at = path; *at; at++) {
        if (*at == '\'')
            fob_buf_str(&fix, "'\\'");
        fob_buf_char(&fix, *at);
    }
    fob_buf_char(&fix, '\'');
    fob_err err = fob_buf_finish(&fix, "the path", error);
    return err != FOB_OK ? err : fob_fail(error, FOB_E_UNTRUSTED, fix.data, "%s %s", path, why);
}

/* One folder or file: whose it is, then who may write it, then who may read it. */
static fob_err check(const struct stat *st, const char *path, bool is_private, struct fob_error *error)
{
    /* The effective user: a set-uid program must not take what its caller could have planted. */
    uid_t us = geteuid();
    if (st->st_uid != 0 && st->st_uid != us)
        return refuse(error, path, "belongs to another user",
                      us == 0 ? "chown root" : "sudo chown \"$(id -un)\"");
    bool is_shared =
        (st->st_mode & S_ISVTX) && (st->st_mode & (S_IWOTH | S_IWGRP)); /* like /tmp, on purpose */
    if (S_ISDIR(st->st_mode) && is_shared)
        return fob_fail(error, FOB_E_UNTRUSTED, "use a folder of your own", "%s is shared with others", path);
    if (st->st_mode & S_IWOTH)
        return refuse(error, path, "can be written by everybody", "chmod go-w");
    if (st->st_mode & S_IWGRP)
        return refuse(error, path, "can be written by its group", "chmod go-w");
    if (is_private && (st->st_mode & (S_IRGRP | S_IROTH)))
        return refuse(error, path, "can be read by others", "chmod go-rwx");
    return FOB_OK;
}

fob_err fob_trust_check(int fd, const char *path, enum fob_trust trust, struct fob_error *error)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fob_fail_errno(error, FOB_E_SYSTEM, errno, NULL, "%s cannot be examined", path);
    if (!S_ISREG(st.st_mode))
        return fob_fail(error, FOB_E_UNTRUSTED, "put a regular file there", "%s is not a regular file", path);
    return check(&st, path, trust == FOB_TRUST_PRIVATE, error);
}

static fob_err fail_open(struct fob_error *error, int sys_errno, const char *path)
{
    if (sys_errno == ENOENT || sys_errno == ENOTDIR)
        return fob_fail_errno(error, FOB_E_NOT_FOUND, sys_errno, NULL, "%s cannot be opened", path);
    if (sys_errno == ENOMEM)
        return fob_no_memory(error);
    return fob_fail_errno(error, FOB_E_SYSTEM, sys_errno, NULL, "%s cannot be opened", path);
}

fob_err fob_trust_folder(const char *path, int *ret_fd, const char **ret_name, struct fob_error *error)
{
    const char *slash = strrchr(path, '/');
    fob_auto_free char *folder =
        slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
    if (!folder)
        return fob_no_memory(error);
    /* O_PATH: a folder that we may search but not list will do. */
    fob_auto_fd int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fail_open(error, errno, folder);
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fob_fail_errno(error, FOB_E_SYSTEM, errno, NULL, "%s cannot be examined", folder);
    fob_err err = check(&st, folder, false, error);
    if (err != FOB_OK)
        return err;
    *ret_fd = fob_steal_fd(&fd);
    *ret_name = slash ? slash + 1 : path;
    return FOB_OK;
}

/* One step: the folder, then the file in it, not through a link. *ret_link: it is one. */
static fob_err open_here(const char *path, enum fob_trust trust, int *ret_fd, bool *ret_link,
                         struct fob_error *error)
{
    fob_auto_fd int folder = -1;
    const char *name;
    fob_err err = fob_trust_folder(path, &folder, &name, error);
    if (err != FOB_OK)
        return err;
    /* O_NONBLOCK: a FIFO that was put there must not hang us. */
    fob_auto_fd int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (fd < 0) {
        *ret_link = errno == ELOOP;
        return fail_open(error, errno, path);
    }
    err = fob_trust_check(fd, path, trust, error);
    if (err == FOB_OK)
        *ret_fd = fob_steal_fd(&fd);
    return err;
}

fob_err fob_trust_open(const char *path, enum fob_trust trust, int *ret_fd, struct fob_error *error)
{
    bool is_link = false;
    fob_err err = open_here(path, trust, ret_fd, &is_link, error);
    if (!is_link)
        return err;
    /* The link's own folder is checked by now; the same rules hold where it leads. */
    fob_auto_free char *real = realpath(path, NULL);
    return real ? open_here(real, trust, ret_fd, &is_link, error) : fail_open(error, errno, path);
}

fob_err fob_trust_read_fd(int fd, const char *path, struct fob_buf *out, struct fob_error *error)
{
    char part[4096];
    ssize_t got = 0;
    while (out->failed == FOB_OK && ((got = read(fd, part, sizeof part)) > 0 || (got < 0 && errno == EINTR)))
        if (got > 0)
            fob_buf_add(out, part, (size_t)got);
    int sys_errno = errno;
    sodium_memzero(part, sizeof part);
    if (got < 0)
        return fob_fail_errno(error, FOB_E_SYSTEM, sys_errno, NULL, "%s cannot be read", path);
    return fob_buf_finish(out, path, error);
}

fob_err fob_trust_read(const char *path, enum fob_trust trust, struct fob_buf *out, struct fob_error *error)
{
    fob_auto_fd int fd = -1;
    fob_err err = fob_trust_open(path, trust, &fd, error);
    return err == FOB_OK ? fob_trust_read_fd(fd, path, out, error) : err;
}
