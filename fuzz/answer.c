/* SPDX-License-Identifier: MIT */
/* Any bytes as an answer, by one of many rules: a token that holds together and fits its rule, or one error that says why. */
#include "answers.h"
#include "flow.h"
#include "pattern.h"
#include "text.h"

#include <fob/limits.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define N(array) (sizeof(array) / sizeof *(array))

/* Every key, every kind of source; `keep.p` has the one pattern that is checked below. The first byte chooses. */
static const char *const rules[] = {
    "{}",
    "{success: {/code: 0, /ok: true}, error: /code, error_description: /msg, errors: {a: dead, b: retry, c: "
    "rate_limited, "
    "d: config, e: denied}, fields: {access_token: /data/0/at, refresh_token: /data/0/rt, scope: "
    "/data/0/scope, "
    "expires_in: /data/0/ttl}, keep: {p: {from: /data/0/id, pattern: '[0-9a-z.-]+'}, q: {from: /q, secret: "
    "true}}, "
    "also: {user: {access_token: /user/at, refresh_token: /user/rt, scope: /user/scope, expires_at: "
    "/user/end}}}",
    "{format: form, scope_separator: ';', expires_unit: ms, expires_zero: never, fields: {expires_in: "
    "/expires}}",
    "{format: xml, fields: {access_token: /a/t, refresh_token: /a/r/1, scope: /a/@s, expires_at: /a/e}, "
    "error: /e/m, keep: "
    "{p: {from: /a/p, pattern: '[0-9a-z.-]+'}}}",
    "{format: text, fields: {access_token: '', refresh_token: 'header:X-Field', id_token: 'cookie:s'}, "
    "error: '', "
    "errors: {gone: dead}}",
    "{fields: {expires_at: 'claim:access_token/exp', refresh_token_expires_at: 'claim:id_token/exp', scope: "
    "'claim:access_token/scp'}, error: 'claim:access_token/error', keep: {p: {from: 'claim:id_token/tid', "
    "pattern: "
    "'[0-9a-z.-]+'}}}",
    "{format: json, error: /errors, error_description: '', fields: {access_token: 'cookie:s', "
    "refresh_token_expires_in: /x, "
    "refresh_token_expires_at: /y}, keep: {q: {from: '', secret: true}}}",
    "{status: [200, 302, 400], error: 'header:X-Field', error_description: 'header:X-Field', expires_unit: "
    "h, keep: {p: "
    "{from: 'header:X-Field', pattern: '[0-9a-z.-]+'}}}",
    "{fields: {access_token: 'claim:id_token/at', id_token: 'claim:access_token/it'}, expires_unit: min}",
    "{errors: {status:400: dead, a: retry}, error: [/error/code, 'header:X-Field', /code], fields: "
    "{access_token: "
    "[/data/0/at, /at], expires_in: [/a, /b], scope: [/s, 'claim:access_token/scp']}}",
    "{also: {s: {each: /list, name: /n, access_token: /at, refresh_token: /rt, expires_in: /in}}}",
};

static fob_provider *provider_of(size_t choice)
{
    static fob_provider *known[N(rules)];
    char yaml[4096];
    if (known[choice])
        return known[choice];
    int len = snprintf(
        yaml, sizeof yaml,
        "fob: 1\nauthorization_endpoint: https://a.example/a\ntoken_endpoint: https://a.example/t\n"
        "token: {response: %s}\n"
        "refresh: {response: {errors: {a: denied}, keep: {r: /r}, also: {bot: {access_token: /bot}}}}\n"
        "lifetimes: {access_token: 1h, refresh_token: 90d}\n",
        rules[choice]);
    struct fob_error error = FOB_ERROR_INIT;
    if (fob_provider_parse(yaml, (size_t)len, "a.yaml", &known[choice], &error) != FOB_OK) {
        fprintf(stderr, "%s\n", error.what);
        abort();
    }
    return known[choice];
}

/* --- what has to hold --------------------------------------------------------------------------------------- */

static void check_text(const char *text)
{
    require(fob_utf8_valid(text, strlen(text)));
    for (const char *c = text; *c; c++)
        require((unsigned char)*c >= 0x20 && *c != 0x7f);
}

static void check_error(fob_err err, const struct fob_error *error)
{
    require(err == error->code && *error->what && err != FOB_E_MEMORY); /* there is memory */
    require(error->retry_after_ms >= 0 && error->retry_after_ms <= FOB_MAX_LIFETIME);
    check_text(error->what);
    check_text(error->oauth_error);
}

static void check_secret(const fob_secret *secret)
{
    size_t len;
    const char *text = fob_secret_peek(secret, &len);
    require(!secret || (len > 0 && strlen(text) == len));
    for (size_t i = 0; i < len; i++)
        require(text[i] >= 0x20 && text[i] <= 0x7e);
}

static void check_token(const fob_token *token)
{
    const char *scope = fob_token_scope(token);
    require(fob_token_access(token) != NULL);
    check_secret(fob_token_access(token));
    check_secret(fob_token_refresh(token));
    check_secret(fob_token_id(token));
    check_text(fob_token_type(token));
    check_text(scope);
    require(*scope != ' ' && !strstr(scope, "  "));
    require(fob_token_expires_at(token) >= 0 && fob_token_expires_at(token) <= FUZZ_NOW + FOB_MAX_LIFETIME);
    require(fob_token_refresh_expires_at(token) >= 0 &&
            fob_token_refresh_expires_at(token) <= FUZZ_NOW + FOB_MAX_LIFETIME);
}

static void check_kept(const struct fob_kept_values *kept)
{
    const char *patterned = fob_kept_get(kept, "p");
    bool matches = true;
    for (size_t i = 0; i < kept->values.n; i++)
        check_text(kept->values.v[i].value);
    require(!patterned || fob_pattern_match("[0-9a-z.-]+", patterned, &matches, NULL) == FOB_OK);
    require(matches);
    require(!fob_kept_get(kept, "q") || !*fob_pairs_get(&kept->shown, "q"));
}

/* What is shown of an error holds no token of the answer. */
static void check_shown(const struct fob_answer_rule *rule, const struct fob_answer *answer)
{
    struct fob_answer_sources at = fob_answer_sources(rule);
    struct fob_source_place place = fob_answer_place(rule, answer);
    const char *const sources[] = {at.access_token, at.refresh_token, at.id_token};
    fob_auto_fault fault = FOB_FAULT;
    require(fob_fault_find(rule, answer, &fault) == FOB_OK);
    require(fob_fault_hide_secrets(rule, answer, &fault) == FOB_OK);
    for (size_t i = 0; i < N(sources); i++) {
        fob_auto_found found = {0};
        size_t len;
        require(fob_source_find(&place, sources[i], &found) == FOB_OK);
        const char *text = fob_found_string(&found, &len);
        if (!text)
            continue;
        require(!fault.word.len || !memmem(fault.word.data, fault.word.len, text, len));
        require(!fault.description.len || !memmem(fault.description.data, fault.description.len, text, len));
    }
}

/* --- one answer --------------------------------------------------------------------------------------------- */

static void read_others(const struct fob_answer_rule *rule, const struct fob_answer *answer,
                        const fob_token *first)
{
    static const char *const sources[] = {
        "", "/0/id", "/a/b", "header:X-Field", "cookie:s", "claim:access_token/sub"};
    const char *name = "";
    for (size_t n = 0; name; n++) {
        fob_auto_token *token = fob_token_new();
        bool there;
        if (fob_answer_also(rule, answer, n, FUZZ_NOW, &name, &there, token, NULL) == FOB_OK && there)
            check_token(token);
        require(n < 4);
    }
    for (size_t i = 0; i < N(sources); i++) {
        fob_auto_buf value = FOB_BUF((size_t)FOB_MAX_RESPONSE);
        bool found = fob_answer_find(answer, sources[i], i % 2 ? first : NULL, &value);
        require(value.failed == FOB_OK && found == (value.len > 0));
    }
}

static void read_answer(const struct fob_answer_rule *rule, const struct fob_http_response *http)
{
    struct fob_error error = FOB_ERROR_INIT;
    fob_auto_answer answer = {0};
    fob_auto_token *token = fob_token_new();
    fob_err err = fob_answer_read(rule, http, &answer, &error);
    if (err == FOB_OK) {
        check_shown(rule, &answer);
        err = fob_answer_error(rule, &answer, &error);
        read_others(rule, &answer, token);
    }
    if (err == FOB_OK)
        err = fob_answer_token(rule, &answer, FUZZ_NOW, token, &error);
    if (err == FOB_OK) {
        check_token(token);
        err = fob_answer_keep(rule, &answer, NULL, &token->kept, &error);
    }
    if (err == FOB_OK && json_is_array(answer.json))
        err = fob_answer_keep(rule, &answer, json_array_get(answer.json, 0), &token->kept, &error);
    check_kept(&token->kept);
    if (err != FOB_OK)
        check_error(err, &error);
}

/* The same answer as a flow takes it. */
static void feed(const struct fob_http_response *http)
{
    fob_auto_flow *flow = fuzz_flow();
    struct fob_error error = FOB_ERROR_INIT;
    char uri[256];
    int len = snprintf(uri, sizeof uri, "/callback?state=%s&code=c", fuzz_state(flow));
    require(fob_flow_feed_redirect(flow, FUZZ_NOW, uri, (size_t)len, NULL) == FOB_OK);
    fob_err err = fob_flow_feed_response(flow, FUZZ_NOW, http, &error);
    require((err == FOB_OK) == (fob_flow_token(flow) != NULL));
    if (err == FOB_OK)
        check_token(fob_flow_token(flow));
    else
        check_error(err, &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = {200, 400, 401, 302, 429, 500, 204, 201};
    static const char *const types[] = {"application/json", "text/html", "application/x-www-form-urlencoded",
                                        ""};
    char field[65], cookie[128];
    if (size < 2)
        return 0;
    size_t choice = data[0] % (N(rules) + 1), len = size - 2 < sizeof field - 1 ? size - 2 : sizeof field - 1;
    memcpy(field, data + 2, len);
    field[len] = '\0';
    snprintf(cookie, sizeof cookie, "s=%s", field);
    const struct fob_pair fields[] = {{"Content-Type", types[data[1] / 8 % 4]},
                                      {"Retry-After", (data[1] & 64) ? "5" : field},
                                      {"Date", "Tue, 14 Nov 2023 22:13:20 GMT"},
                                      {"X-Field", field},
                                      {"Set-Cookie", cookie}};
    const struct fob_http_response http = {.size = sizeof http,
                                           .status = statuses[data[1] % 8],
                                           .fields = fields,
                                           .n_fields = N(fields),
                                           .body = data + 2,
                                           .body_len = size - 2};
    if (choice == N(rules)) {
        feed(&http);
        return 0;
    }
    const struct fob_descriptor *d = &provider_of(choice)->d;
    const struct fob_answer_rule token = {.own = &d->token.response,
                                          .scopes = &d->scopes,
                                          .lifetimes = &d->lifetimes},
                                 refresh = {.own = &d->refresh.request.response,
                                            .base = &d->token.response,
                                            .scopes = &d->scopes,
                                            .lifetimes = &d->lifetimes,
                                            .prolongs = true};
    read_answer((data[1] & 128) ? &refresh : &token, &http);
    return 0;
}
