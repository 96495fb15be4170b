/* SPDX-License-Identifier: MIT */
/* The functions that expressions may call: each a row of one table, and pure. */
#include "functions.h"
#include "cleanup.h"
#include "pointer.h"
#include "text.h"
#include "url.h"

#include <fob/limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

typedef const struct fob_function_call call_t;

static void add_arg(call_t *call, size_t i)
{
    fob_buf_add(call->out, call->args[i].data, call->args[i].len);
}

/* --- text --------------------------------------------------------------------------------------------------- */

static bool do_concat(call_t *call)
{
    for (size_t i = 0; i < call->n; i++)
        add_arg(call, i);
    return true;
}

static bool do_first(call_t *call)
{
    for (size_t i = 0; i < call->n; i++) {
        if (call->args[i].len) {
            add_arg(call, i);
            return true;
        }
    }
    return false;
}

static bool change_case(call_t *call, char from, char to)
{
    for (size_t i = 0; i < call->args[0].len; i++) {
        char c = call->args[0].data[i];
        fob_buf_char(call->out, c >= from && c <= from + 25 ? (char)(c - from + to) : c);
    }
    return true;
}

static bool do_lower(call_t *call)
{
    return change_case(call, 'A', 'a');
}

static bool do_upper(call_t *call)
{
    return change_case(call, 'a', 'A');
}

/* A whole number of at most six digits; false for anything else. */
static bool number(const struct fob_buf *text, size_t *ret)
{
    size_t value = 0;
    if (text->len == 0 || text->len > 6)
        return false;
    for (size_t i = 0; i < text->len; i++) {
        if (text->data[i] < '0' || text->data[i] > '9')
            return false;
        value = value * 10 + (size_t)(text->data[i] - '0');
    }
    *ret = value;
    return true;
}

static bool do_substr(call_t *call)
{
    size_t from, len = call->args[0].len;
    if (!number(&call->args[1], &from) || (call->n == 3 && !number(&call->args[2], &len)))
        return false;
    size_t left = from < call->args[0].len ? call->args[0].len - from : 0;
    fob_buf_add(call->out, call->args[0].data + (left ? from : 0), len < left ? len : left);
    return true;
}

static bool do_urlencode(call_t *call)
{
    fob_percent_encode(call->out, call->args[0].data, call->args[0].len);
    return true;
}

/* --- bytes -------------------------------------------------------------------------------------------------- */

static bool do_base64(call_t *call)
{
    fob_base64(call->out, call->args[0].data, call->args[0].len);
    return true;
}

static bool do_base64url(call_t *call)
{
    fob_base64url(call->out, call->args[0].data, call->args[0].len);
    return true;
}

static bool do_hex(call_t *call)
{
    for (size_t i = 0; i < call->args[0].len; i++)
        fob_buf_fmt(call->out, "%02x", (unsigned char)call->args[0].data[i]);
    return true;
}

static bool do_sha256(call_t *call)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)call->args[0].data, call->args[0].len);
    fob_buf_add(call->out, hash, sizeof hash);
    return true;
}

static bool do_hmac_sha256(call_t *call)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)call->args[0].data, call->args[0].len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)call->args[1].data, call->args[1].len);
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_memzero(&state, sizeof state);
    fob_buf_add(call->out, mac, sizeof mac);
    return true;
}

/* --- looking into things ------------------------------------------------------------------------------------ */

static bool do_host_of(call_t *call)
{
    struct fob_url url;
    if (!fob_url_parse(call->args[0].data, &url))
        return false;
    fob_buf_fmt(call->out, url.is_ipv6 ? "[%.*s]" : "%.*s", (int)url.host.len, url.host.at);
    if (url.port.len)
        fob_buf_fmt(call->out, ":%.*s", (int)url.port.len, url.port.at);
    return true;
}

/* What there was no memory for is no gap: out tells it. */
static bool point(call_t *call, fob_err err, json_t *json)
{
    if (err == FOB_E_MEMORY)
        call->out->failed = err;
    return err == FOB_OK ? fob_json_scalar(fob_json_point(json, call->args[1].data), call->out)
                         : err == FOB_E_MEMORY;
}

static bool do_claim(call_t *call)
{
    fob_auto_json *claims = NULL;
    fob_err err = fob_jwt_read(call->args[0].data, call->args[0].len, &claims);
    return point(call, err, claims);
}

static bool do_pointer(call_t *call)
{
    fob_auto_json *json = NULL;
    fob_err err = fob_json_value(call->args[0].data, call->args[0].len, &json, NULL);
    return point(call, err, json);
}

static int by_name(const void *a, const void *b)
{
    const struct fob_pair *const *left = a, *const *right = b;
    return strcmp((*left)->name, (*right)->name);
}

static bool is_left_out(call_t *call, const char *name)
{
    for (size_t i = 0; i < call->n; i++)
        if (strcmp(call->args[i].data, name) == 0)
            return true;
    return false;
}

static bool do_sorted_query(call_t *call)
{
    size_t n = call->env->n_callback;
    fob_auto_free const struct fob_pair **sorted = calloc(n + 1, sizeof *sorted);
    size_t kept = 0;
    if (!sorted) {
        call->out->failed = FOB_E_MEMORY;
        return true;
    }
    for (size_t i = 0; i < n; i++)
        if (!is_left_out(call, call->env->callback[i].name))
            sorted[kept++] = &call->env->callback[i];
    qsort(sorted, kept, sizeof *sorted, by_name);
    for (size_t i = 0; i < kept; i++)
        fob_buf_fmt(call->out, "%s%s=%s", i ? "&" : "", sorted[i]->name, sorted[i]->value);
    return n > 0;
}

/* --- time and chance ---------------------------------------------------------------------------------------- */

static bool do_now(call_t *call)
{
    fob_buf_fmt(call->out, "%lld", (long long)(call->env->now / 1000));
    return true;
}

static bool do_now_ms(call_t *call)
{
    fob_buf_fmt(call->out, "%lld", (long long)call->env->now);
    return true;
}

static bool do_random(call_t *call)
{
    unsigned char bytes[64];
    size_t n;
    if (!call->env->entropy || !number(&call->args[0], &n) || n == 0 || n > sizeof bytes)
        return false;
    fob_entropy_take(call->env->entropy, bytes, n);
    for (size_t i = 0; i < n; i++)
        fob_buf_fmt(call->out, "%02x", bytes[i]);
    sodium_memzero(bytes, sizeof bytes);
    return true;
}

/* RFC 9562 section 5.4. */
static bool do_uuid(call_t *call)
{
    unsigned char b[16];
    if (!call->env->entropy)
        return false;
    fob_entropy_take(call->env->entropy, b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    for (size_t i = 0; i < sizeof b; i++)
        fob_buf_fmt(call->out, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", b[i]);
    return true;
}

/* --- the table ---------------------------------------------------------------------------------------------- */

const struct fob_function fob_functions[] = {
    {"concat", "concat(a, b, …)", "all of them, one behind the other", 1, FOB_MAX_ARGUMENTS,
     .call = do_concat},
    {"first", "first(a, b, …)", "the first that is not empty", 1, FOB_MAX_ARGUMENTS, .takes_gaps = true,
     .call = do_first},
    {"lower", "lower(a)", "in small letters", 1, 1, .call = do_lower},
    {"upper", "upper(a)", "in capitals", 1, 1, .call = do_upper},
    {"substr", "substr(a, from, length)", "a part of it, from 0; without a length, to its end", 2, 3,
     .call = do_substr},
    {"urlencode", "urlencode(a)", "percent-encoded", 1, 1, .call = do_urlencode},
    {"base64", "base64(a)", "in base64", 1, 1, .takes_bytes = true, .call = do_base64},
    {"base64url", "base64url(a)", "in base64url, without padding", 1, 1, .takes_bytes = true,
     .call = do_base64url},
    {"hex", "hex(a)", "in hexadecimal", 1, 1, .takes_bytes = true, .call = do_hex},
    {"sha256", "sha256(a)", "its SHA-256: bytes, for base64 or hex", 1, 1, .gives_bytes = true,
     .takes_bytes = true, .hashes = true, .call = do_sha256},
    {"hmac_sha256", "hmac_sha256(key, a)", "its HMAC-SHA-256: bytes, for base64 or hex", 2, 2,
     .gives_bytes = true, .takes_bytes = true, .hashes = true, .call = do_hmac_sha256},
    {"host_of", "host_of(url)", "the host of a URL, with its port", 1, 1, .call = do_host_of},
    {"claim", "claim(jwt, '/pointer')", "a claim of a JWT, whose signature is not checked", 2, 2,
     .call = do_claim},
    {"pointer", "pointer(json, '/pointer')", "a value in a JSON text", 2, 2, .call = do_pointer},
    {"sorted_query", "sorted_query('but', 'these')", "the fields of the callback, sorted, as name=value&…", 0,
     FOB_MAX_ARGUMENTS, .call = do_sorted_query},
    {"now", "now()", "seconds since 1970", 0, 0, .call = do_now},
    {"now_ms", "now_ms()", "milliseconds since 1970", 0, 0, .call = do_now_ms},
    {"random", "random(bytes)", "random bytes, at most 64, in hexadecimal", 1, 1, .call = do_random},
    {"uuid", "uuid()", "a random UUID", 0, 0, .call = do_uuid},
    {NULL, NULL, NULL, 0, 0, .call = NULL}};

const struct fob_function *fob_function_find(const char *name, size_t len)
{
    for (const struct fob_function *function = fob_functions; function->name; function++)
        if (strlen(function->name) == len && memcmp(function->name, name, len) == 0)
            return function;
    return NULL;
}
