/* SPDX-License-Identifier: MIT */
/* The functions that may stand in {braces}. */
#include "expression.h"
#include "jwt.h"
#include "pointer.h"
#include "tree.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct call {
    const struct text *arguments;
    const enum filled *outcomes;
    size_t n;
    const struct facts *facts;
    struct text *out;
};

typedef enum filled function(const struct call *call);

static const char *argument(const struct call *call, size_t i)
{
    return call->arguments[i].s;
}

/* --- text --------------------------------------------------------------------------------------------------- */

static enum filled concat(const struct call *call)
{
    for (size_t i = 0; i < call->n; i++)
        text_add(call->out, call->arguments[i].s, call->arguments[i].len);
    return FILLED;
}

static enum filled first(const struct call *call)
{
    for (size_t i = 0; i < call->n; i++)
        if (call->outcomes[i] < FILLED_NOT && call->arguments[i].len) {
            text_add(call->out, call->arguments[i].s, call->arguments[i].len);
            return call->outcomes[i];
        }
    return FILLED_NOT;
}

static enum filled change_case(const struct call *call, char from, char to)
{
    for (size_t i = 0; i < call->arguments[0].len; i++) {
        char c = call->arguments[0].s[i];
        c = c >= from && c <= from + 25 ? (char)(c - from + to) : c;
        text_add(call->out, &c, 1);
    }
    return FILLED;
}

static enum filled lower(const struct call *call)
{
    return change_case(call, 'A', 'a');
}

static enum filled upper(const struct call *call)
{
    return change_case(call, 'a', 'A');
}

static enum filled substr(const struct call *call)
{
    size_t from = strtoul(argument(call, 1), NULL, 10), len = strtoul(argument(call, 2), NULL, 10);
    size_t whole = call->arguments[0].len;
    from = from > whole ? whole : from;
    len = len > whole - from ? whole - from : len;
    text_add(call->out, argument(call, 0) + from, len);
    return len ? FILLED : FILLED_NOT;
}

static enum filled urlencode(const struct call *call)
{
    text_percent(call->out, argument(call, 0));
    return FILLED;
}

static enum filled host_of(const struct call *call)
{
    const char *host = strstr(argument(call, 0), "://");
    if (!host)
        return FILLED_NOT;
    text_add(call->out, host + 3, strcspn(host + 3, "/?#"));
    return FILLED;
}

/* --- bytes as text ------------------------------------------------------------------------------------------ */

static enum filled encode(const struct call *call, int variant)
{
    size_t size = sodium_base64_encoded_len(call->arguments[0].len, variant);
    char *text = text_must(malloc(size));
    sodium_bin2base64(text, size, (const unsigned char *)argument(call, 0), call->arguments[0].len, variant);
    text_str(call->out, text);
    text_drop(&text);
    return FILLED;
}

static enum filled base64(const struct call *call)
{
    return encode(call, sodium_base64_VARIANT_ORIGINAL);
}

static enum filled base64url(const struct call *call)
{
    return encode(call, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static enum filled hex(const struct call *call)
{
    for (size_t i = 0; i < call->arguments[0].len; i++)
        text_fmt(call->out, "%02x", (unsigned)(unsigned char)argument(call, 0)[i]);
    return FILLED;
}

/* --- digests ------------------------------------------------------------------------------------------------ */

static enum filled sha256(const struct call *call)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)argument(call, 0), call->arguments[0].len);
    text_add(call->out, (const char *)hash, sizeof hash);
    return FILLED;
}

static enum filled hmac_sha256(const struct call *call)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)argument(call, 0), call->arguments[0].len);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)argument(call, 1), call->arguments[1].len);
    crypto_auth_hmacsha256_final(&state, mac);
    text_add(call->out, (const char *)mac, sizeof mac);
    sodium_memzero(&state, sizeof state);
    return FILLED;
}

/* --- values out of JSON ------------------------------------------------------------------------------------- */

/* Takes tree. */
static enum filled pick(const struct call *call, json_t *tree)
{
    char *value = tree_scalar(pointer_get(tree, argument(call, 1)));
    enum filled outcome = value ? FILLED : FILLED_NOT;
    text_str(call->out, value ? value : "");
    text_drop(&value);
    json_decref(tree);
    return outcome;
}

static enum filled claim(const struct call *call)
{
    return pick(call, jwt_claims(argument(call, 0)));
}

static enum filled pointer(const struct call *call)
{
    return pick(call, json_loads(argument(call, 0), JSON_DECODE_ANY, NULL));
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum filled sorted_query(const struct call *call)
{
    const char *names[64], *name;
    size_t n = 0;
    json_t *value;
    json_object_foreach (call->facts->callback, name, value) {
        bool excepted = n == sizeof names / sizeof *names;
        for (size_t i = 0; i < call->n; i++)
            excepted = excepted || strcmp(argument(call, i), name) == 0;
        if (!excepted)
            names[n++] = name;
    }
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; i < n; i++)
        text_fmt(call->out, "%s%s=%s", i ? "&" : "", names[i],
                 json_string_value(json_object_get(call->facts->callback, names[i])));
    return n ? FILLED : FILLED_NOT;
}

/* --- time and chance ---------------------------------------------------------------------------------------- */

static enum filled now(const struct call *call)
{
    text_fmt(call->out, "%lld", (long long)(call->facts->now_ms / 1000));
    return FILLED;
}

static enum filled now_ms(const struct call *call)
{
    text_fmt(call->out, "%lld", (long long)call->facts->now_ms);
    return FILLED;
}

static enum filled random_hex(const struct call *call)
{
    for (size_t i = strtoul(argument(call, 0), NULL, 10); i; i--)
        text_fmt(call->out, "%02x", (unsigned)randombytes_uniform(256));
    return FILLED_BY_CHANCE;
}

static enum filled uuid(const struct call *call)
{
    unsigned char b[16];
    randombytes_buf(b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    for (size_t i = 0; i < sizeof b; i++)
        text_fmt(call->out, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", (unsigned)b[i]);
    return FILLED_BY_CHANCE;
}

/* ------------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    function *call;
    size_t min, max;
    bool takes_gaps; /* an argument without a value does not make the whole one without */
} functions[] = {
    {"concat", concat, 1, MAX_ARGUMENTS, false},
    {"first", first, 1, MAX_ARGUMENTS, true},
    {"lower", lower, 1, 1, false},
    {"upper", upper, 1, 1, false},
    {"substr", substr, 3, 3, false},
    {"urlencode", urlencode, 1, 1, false},
    {"base64", base64, 1, 1, false},
    {"base64url", base64url, 1, 1, false},
    {"hex", hex, 1, 1, false},
    {"sha256", sha256, 1, 1, false},
    {"hmac_sha256", hmac_sha256, 2, 2, false},
    {"host_of", host_of, 1, 1, false},
    {"claim", claim, 2, 2, false},
    {"pointer", pointer, 2, 2, false},
    {"sorted_query", sorted_query, 0, MAX_ARGUMENTS, false},
    {"now", now, 0, 0, false},
    {"now_ms", now_ms, 0, 0, false},
    {"random", random_hex, 1, 1, false},
    {"uuid", uuid, 0, 0, false},
};

enum filled function_call(const char *name, const struct text *arguments, const enum filled *outcomes,
                          size_t n, const struct facts *facts, struct text *out)
{
    struct call call = {arguments, outcomes, n, facts, out};
    enum filled worst = FILLED;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        if (strcmp(functions[i].name, name) != 0)
            continue;
        if (n < functions[i].min || n > functions[i].max)
            return FILLED_BADLY;
        for (size_t j = 0; j < n && !functions[i].takes_gaps; j++)
            worst = outcomes[j] > worst ? outcomes[j] : worst;
        if (worst >= FILLED_NOT)
            return worst;
        enum filled outcome = functions[i].call(&call);
        return outcome > worst ? outcome : worst;
    }
    return FILLED_BADLY;
}
