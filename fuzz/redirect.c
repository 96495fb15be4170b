/* SPDX-License-Identifier: MIT */
/* Any bytes as a redirect, bare and behind the right state, by many rules: no token, nothing goes astray, no forged one ends it. */
#include "flow.h"
#include "flows.h"
#include "text.h"
#include "url.h"

#include <fob/limits.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define N(array) (sizeof(array) / sizeof *(array))

/* Every key of callback, and what its fields are put into. The first byte chooses. */
static const char *const rules[] = {
    "",
    "callback: {fields: {code: auth_code, state: s, iss: from, error: err, error_description: why}, errors: "
    "{gone: dead, no: "
    "denied, busy: retry, app: config}, code_is_encoded: true}",
    "callback: {keep: {a: a, b: {from: b, pattern: \"[a-z0-9.-]+\"}, c: {from: c, pointer: /x/0, secret: "
    "true}, d: {from: d, "
    "pointer: \"\"}}}\n"
    "token: {params: {a: \"{kept.a}\", c: \"{kept.c}\", q: \"{sorted_query()}\"}, headers: {X-A: "
    "\"{kept.a}\", X-B: "
    "\"{callback.e}\", X-C: \"{pointer(callback.d, '/y')}\"}}",
    "callback: {require: {shop: \"{lower(callback.other)}\", hmac: \"{hex(hmac_sha256(client_secret, "
    "sorted_query('hmac')))}\"}}",
    "callback: {state: none, state_reason: it is fuzzed, require: {key: \"{hex(sha256(concat(client_secret, "
    "callback.code)))}\"}}",
    "callback: {state: none, state_reason: it is fuzzed, keep: {a: a}}",
    "callback: {keep: {server: server, dc: dc}}\ntoken: {endpoint: \"{+kept.server}/t/{kept.dc}\"}\nhosts: "
    "[a.example, "
    "\"*.b.example\"]",
    "callback: {keep: {dc: dc}}\ntoken: {endpoint: \"https://{+kept.dc}.b.example/t\"}\nhosts: [a.example, "
    "\"*.b.example\"]",
};
#define TAKES_ALL 5 /* the one by which any redirect is an answer */

static fob_provider *provider_of(size_t choice)
{
    static fob_provider *known[N(rules)];
    char yaml[2048];
    snprintf(yaml, sizeof yaml,
             "fob: 1\nissuer: https://a.example\nauthorization_endpoint: https://a.example/a\n"
             "token_endpoint: https://a.example/t\n%s\n",
             rules[choice]);
    if (!known[choice])
        known[choice] = fuzz_provider(yaml);
    return known[choice];
}

/* --- what has to hold --------------------------------------------------------------------------------------- */

static void check_request(const struct fob_http_request *request)
{
    struct fob_url url;
    require(fob_url_check(request->url, "it", false, FOB_E_CONFIG, NULL) == FOB_OK &&
            fob_url_parse(request->url, &url));
    static const char below[] = ".b.example";
    bool is_a = url.host.len == 9 && strncasecmp(url.host.at, "a.example", 9) == 0;
    bool is_b = url.host.len > strlen(below) &&
                strncasecmp(url.host.at + url.host.len - strlen(below), below, strlen(below)) == 0;
    require(is_a || is_b);
    for (size_t i = 0; i < request->n_fields; i++)
        require(!strpbrk(request->fields[i].value, "\r\n"));
}

static void check_kept(const fob_flow *flow)
{
    for (size_t i = 0; i < flow->kept.values.n; i++) {
        const char *value = flow->kept.values.v[i].value;
        require(fob_utf8_valid(value, strlen(value)));
        for (; *value; value++)
            require((unsigned char)*value >= 0x20 && *value != 0x7f);
    }
    require(!fob_kept_get(&flow->kept, "c") || !*fob_pairs_get(&flow->kept.shown, "c"));
}

/* Either it waits on, or it asks for the exchange, or it has ended with its reason. */
static void check(fob_flow *flow, fob_err err, const struct fob_error *error)
{
    struct fob_action action = FOB_ACTION_INIT;
    fob_err next = fob_flow_next(flow, FUZZ_NOW, &action, NULL);
    require(!fob_flow_token(flow) && err != FOB_E_MEMORY);
    require(err == FOB_OK || (*error->what && error->code == err && !strstr(error->what, FUZZ_SECRET)));
    require(next == FOB_OK || next == err);
    check_kept(flow);
    if (next == FOB_OK && action.want == FOB_WANT_HTTP)
        check_request(action.request);
    else
        require(next != FOB_OK || (err == FOB_E_SECURITY && action.want == FOB_WANT_REDIRECT));
}

/* --- the redirects ------------------------------------------------------------------------------------------ */

static void feed_bare(size_t choice, const char *text, size_t size)
{
    fob_auto_flow *flow = fuzz_flow_of(provider_of(choice), FUZZ_SECRET, NULL);
    struct fob_error error = FOB_ERROR_INIT;
    struct fob_action action = FOB_ACTION_INIT;
    fob_err err = fob_flow_feed_redirect(flow, FUZZ_NOW, text, size, &error);
    check(flow, err, &error);
    if (choice == TAKES_ALL)
        return;
    require(err == FOB_E_SECURITY && fob_flow_next(flow, FUZZ_NOW, &action, NULL) == FOB_OK);
    require(action.want == FOB_WANT_REDIRECT);
}

static void feed_with_state(size_t choice, const char *text, size_t size)
{
    fob_auto_flow *flow = fuzz_flow_of(provider_of(choice), FUZZ_SECRET, NULL);
    struct fob_error error = FOB_ERROR_INIT;
    char *uri = malloc(size + 128);
    if (!uri)
        return;
    int len = snprintf(uri, 128, "/callback?%s=%s&", choice == 1 ? "s" : "state", fuzz_state(flow));
    memcpy(uri + len, text, size);
    fob_err err = fob_flow_feed_redirect(flow, FUZZ_NOW, uri, (size_t)len + size, &error);
    check(flow, err, &error);
    free(uri);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 4096)
        return 0;
    size_t choice = data[0] % N(rules);
    feed_bare(choice, (const char *)data + 1, size - 1);
    feed_with_state(choice, (const char *)data + 1, size - 1);
    return 0;
}
