/* SPDX-License-Identifier: MIT */
/* The linker sends every allocation of the core, of Jansson (in tests) and of the test itself through here. */
#include "faults.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long until_failure; /* 0: none fails */
static unsigned long made;
static long alive;
static int counting, failed;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *old);

static int fails_now(void)
{
    if (!counting)
        return 0;
    if (++made != until_failure)
        return 0;
    failed = 1;
    return 1;
}

static void *counted(void *memory)
{
    alive += counting && memory;
    return memory;
}

void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size)
{
    return fails_now() ? NULL : counted(__real_calloc(n, size));
}

void *__wrap_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size)
{
    if (fails_now())
        return NULL;
    void *memory = __real_realloc(old, size);
    return old ? memory : counted(memory);
}

void __wrap_free(void *old);
void __wrap_free(void *old)
{
    alive -= counting && old;
    __real_free(old);
}

char *__wrap_strdup(const char *text);
char *__wrap_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = __wrap_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

char *__wrap_strndup(const char *text, size_t max);
char *__wrap_strndup(const char *text, size_t max)
{
    size_t len = strnlen(text, max);
    char *copy = __wrap_malloc(len + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

int __wrap_asprintf(char **ret, const char *format, ...) FOB_PRINTF(2, 3);
int __wrap_asprintf(char **ret, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *text = len < 0 ? NULL : __wrap_malloc((size_t)len + 1);
    if (text)
        vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    va_end(args);
    if (!text)
        return -1;
    *ret = text;
    return len;
}

char *__real_realpath(const char *path, char *resolved);
char *__wrap_realpath(const char *path, char *resolved);
char *__wrap_realpath(const char *path, char *resolved)
{
    if (fails_now()) {
        errno = ENOMEM;
        return NULL;
    }
    return counted(__real_realpath(path, resolved));
}

/*
 * Jansson 2.14 reads on past the buffer of its lexer when that could not grow for a closing quote. json.c asks for the
 * room before it lets Jansson read; here, where single allocations fail, quotes behind every block end that reading.
 */
static void *json_malloc(size_t size)
{
    char *memory = __wrap_malloc(size + 16);
    if (memory)
        memset(memory + size, '"', 16);
    return memory;
}

/* One run in which the nth allocation fails. */
static fob_err run_failing(fault_run *run, unsigned long n)
{
    until_failure = n;
    made = 0;
    alive = 0;
    failed = 0;
    counting = 1;
    fob_err err = run();
    counting = 0;
    return err;
}

void fail_each_allocation(const char *name, fault_run *run, unsigned at_least)
{
    json_set_alloc_funcs(json_malloc, __wrap_free);
    cr_assert_eq(run_failing(run, 0), FOB_OK, "%s",
                 name); /* what is made once for the whole process is made now */
    for (unsigned n = 1;; n++) {
        fob_err err = run_failing(run, n);
        cr_expect_eq(alive, 0, "%s: %ld allocations are left when number %u failed", name, alive, n);
        if (!failed) {
            cr_assert_eq(err, FOB_OK, "%s: nothing failed, yet it ended with %s", name, fob_err_word(err));
            cr_assert_eq(made, n - 1);
            cr_expect(made >= at_least, "%s: only %lu allocations were seen", name, made);
            return;
        }
        cr_expect_eq(err, FOB_E_MEMORY, "%s: %s when allocation %u failed", name, fob_err_word(err), n);
    }
}
