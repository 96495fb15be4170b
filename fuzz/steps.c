/* SPDX-License-Identifier: MIT */
/* Any bytes as the answers to a login's requests, steps and choices: it ends, nothing goes astray, and no token is half told. */
#include "flow.h"
#include "flows.h"
#include "text.h"
#include "url.h"

#include <fob/limits.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define N(array) (sizeof(array) / sizeof *(array))

/* The first byte chooses. */
static const char *const rules[] = {
    /* one of several, which later requests hang on */
    "steps:\n"
    "  site: {endpoint: \"https://a.example/s\", choose: {from: /sites, id: /id, label: /name}, response: "
    "{keep: {site: /id, "
    "url: /url, h: header:X-Field}}}\n"
    "  next: {endpoint: \"https://a.example/{kept.site}\", headers: {X-Url: \"{kept.url}\"}, response: "
    "{keep: {n: {from: /n, "
    "pattern: \"[a-z]+\"}}}}\n"
    "identity: {from: site, id: /id, label: /name}\n",
    /* the whole answer is the list, and the API's host is learnt */
    "token: {response: {keep: {api: /api}}}\n"
    "steps:\n"
    "  any: {endpoint: \"{+kept.api}/list\", choose: {id: \"\"}, response: {keep: {x: \"\"}}}\n"
    "  more: {endpoint: \"https://a.example/m\", method: POST, encoding: json, params: {x: \"{kept.x}\", t: "
    "\"{access_token}\"}}\n"
    "hosts: [a.example, \"*.b.example\"]\n",
    /* before, and another token in the place of the first */
    "steps:\n"
    "  app: {when: before, endpoint: \"https://a.example/app\", auth: none, response: {keep: {app: {from: "
    "/app, secret: true}}}}\n"
    "  long: {endpoint: \"https://a.example/long\", replaces: token, response: {fields: {expires_at: /end}, "
    "success: {/ok: "
    "true}}}\n"
    "token: {headers: {X-App: \"{kept.app}\"}}\n"
    "identity: {from: userinfo, id: /id, label: header:X-Field}\n"
    "userinfo: {endpoint: \"https://a.example/me\", response: {keep: {plan: /plan}}}\n"
    "use: {query: access_token, headers: {X-Plan: \"{kept.plan}\", X-App: \"{hex(sha256(kept.app))}\"}}\n",
    /* several tokens, and whose they are in a JWT */
    "issuer: https://a.example\n"
    "token: {response: {also: {user: {access_token: /user/at, refresh_token: /user/rt}, bot: {access_token: "
    "/bot}}, keep: {k: "
    "claim:access_token/k}}}\n"
    "steps: {s: {endpoint: \"https://a.example/s\", method: POST, when: token, params: {c: "
    "\"{claim(id_token, '/sub')}\"}, "
    "response: {format: "
    "xml, keep: {v: /a/b}}}}\n"
    "identity: {from: id_token, id: /sub, label: claim:id_token/name}\n",
};

static fob_provider *provider_of(size_t choice)
{
    static fob_provider *known[N(rules)];
    char yaml[4096];
    snprintf(yaml, sizeof yaml,
             "fob: 1\nauthorization_endpoint: https://a.example/a\ntoken_endpoint: https://a.example/t\n%s",
             rules[choice]);
    if (!known[choice])
        known[choice] = fuzz_provider(yaml);
    return known[choice];
}

/* --- what has to hold --------------------------------------------------------------------------------------- */

static void check_line(const char *text)
{
    require(fob_utf8_valid(text, strlen(text)));
    for (; *text; text++)
        require((unsigned char)*text >= 0x20 && *text != 0x7f);
}

static void check_request(const struct fob_http_request *request)
{
    struct fob_url url;
    static const char below[] = ".b.example";
    require(fob_url_check(request->url, "it", false, FOB_E_CONFIG, NULL) == FOB_OK &&
            fob_url_parse(request->url, &url));
    bool is_a = url.host.len == 9 && strncasecmp(url.host.at, "a.example", 9) == 0;
    bool is_b = url.host.len > strlen(below) &&
                strncasecmp(url.host.at + url.host.len - strlen(below), below, strlen(below)) == 0;
    require(is_a || is_b);
    for (size_t i = 0; i < request->n_fields; i++)
        check_line(request->fields[i].value);
}

static void check_token(const fob_token *token, bool whole)
{
    require(fob_secret_len(fob_token_access(token)) > 0);
    check_line(fob_secret_peek(fob_token_access(token), NULL));
    check_line(fob_token_identity(token));
    check_line(fob_token_label(token));
    require(fob_token_is_whole(token) == whole);
    for (size_t i = 0; i < token->kept.values.n; i++)
        check_line(token->kept.values.v[i].value);
    for (size_t i = 0; fob_token_api_field(token, i); i++)
        check_line(fob_token_api_field(token, i)->value);
    for (size_t i = 0; fob_token_api_param(token, i); i++)
        require(*fob_token_api_param(token, i)->name != '\0');
}

static void check_options(const struct fob_action *action)
{
    require(action->n_options > 1 && action->n_options <= FOB_MAX_OPTIONS && action->step);
    for (size_t i = 0; i < action->n_options; i++) {
        check_line(action->options[i].id);
        check_line(action->options[i].label);
    }
}

static void check_end(const fob_flow *flow, fob_err err, const struct fob_error *error)
{
    const char *name;
    require(err != FOB_E_MEMORY);
    require(err == FOB_OK || (error->code == err && *error->what && !strstr(error->what, FUZZ_SECRET)));
    require(err != FOB_OK || fob_flow_token(flow));
    if (fob_flow_token(flow))
        check_token(fob_flow_token(flow), err == FOB_OK);
    for (size_t n = 0; err == FOB_OK && fob_flow_also(flow, n, &name); n++)
        check_token(fob_flow_also(flow, n, &name), true);
}

/* --- one login ---------------------------------------------------------------------------------------------- */

/* Answers stand between line feeds: a byte for the status, the rest the body. */
struct answers {
    const char *at, *end;
};

static fob_err answer(fob_flow *flow, struct answers *answers, struct fob_error *error)
{
    static const int statuses[] = {200, 400, 401, 403, 429, 500, 204, 302};
    char field[65];
    const char *start = answers->at,
               *stop = start < answers->end ? memchr(start, '\n', (size_t)(answers->end - start)) : NULL;
    size_t len = (size_t)((stop ? stop : answers->end) - start);
    answers->at = stop ? stop + 1 : answers->end;
    int status = len ? statuses[(unsigned char)*start % 8] : 200;
    size_t skip = len ? 1 : 0, some = len - skip < sizeof field - 1 ? len - skip : sizeof field - 1;
    memcpy(field, start + skip, some);
    field[some] = '\0';
    const struct fob_pair fields[] = {{"Content-Type", "application/json"}, {"X-Field", field}};
    struct fob_http_response response = {.size = sizeof response,
                                         .status = status,
                                         .fields = fields,
                                         .n_fields = N(fields),
                                         .body = start + skip,
                                         .body_len = len - skip};
    return fob_flow_feed_response(flow, FUZZ_NOW, &response, error);
}

static fob_err step(fob_flow *flow, struct answers *answers, bool *ret_done, struct fob_error *error)
{
    struct fob_action action = FOB_ACTION_INIT;
    fob_err err = fob_flow_next(flow, FUZZ_NOW, &action, error);
    *ret_done = action.want == FOB_WANT_NOTHING;
    if (err != FOB_OK || *ret_done)
        return err;
    if (action.want == FOB_WANT_HTTP) {
        check_request(action.request);
        return answer(flow, answers, error);
    }
    require(action.want == FOB_WANT_CHOICE);
    check_options(&action);
    size_t which = answers->at < answers->end ? (unsigned char)*answers->at % action.n_options : 0;
    return fob_flow_feed_choice(flow, FUZZ_NOW, action.options[which].id, error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char uri[256];
    if (size < 1 || size > 4096)
        return 0;
    struct answers answers = {(const char *)data + 1, (const char *)data + size};
    fob_auto_flow *flow = fuzz_flow_of(provider_of(data[0] % N(rules)), FUZZ_SECRET, NULL);
    struct fob_error error = FOB_ERROR_INIT;
    bool done = false;
    int len = snprintf(uri, sizeof uri, "/callback?state=%s&code=c&iss=https://a.example", fuzz_state(flow));
    fob_err err = fob_flow_feed_redirect(flow, FUZZ_NOW, uri, (size_t)len, &error);
    for (int i = 0; i < 20 && err == FOB_OK && !done; i++)
        err = step(flow, &answers, &done, &error);
    require(done || err != FOB_OK);
    check_end(flow, err, &error);
    return 0;
}
