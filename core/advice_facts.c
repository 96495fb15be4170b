/* SPDX-License-Identifier: MIT */
/* A reviewer's advice: reasons that say nothing, addresses nobody reaches, what the metadata says and fob does not. */
#include "advice.h"
#include "expression.h"
#include "language.h"
#include "names.h"
#include "template.h"
#include "text.h"
#include "url.h"

#include <stdio.h>
#include <string.h>

static const struct fob_yaml *get(const struct fob_advice *advice, const char *block, const char *key)
{
    return fob_yaml_get(fob_yaml_get(advice->root, block), key);
}

static bool is_text(const struct fob_yaml *node)
{
    return node && node->kind == FOB_YAML_TEXT;
}

/* --- reasons ------------------------------------------------------------------------------------------------ */

/* Three words at least: "TODO" and "x" tell nobody why. */
static bool says_something(const char *reason)
{
    size_t words = 0, len;
    bool is_to_do = fob_starts_with(reason, "TODO") || fob_starts_with(reason, "FIXME");
    for (const char *word; (word = fob_next_word(&reason, &len));) {
        bool is_word = false;
        for (size_t i = 0; i < len; i++)
            is_word = is_word || fob_is_alnum(word[i]) || (unsigned char)word[i] >= 0x80;
        words += is_word;
    }
    return words >= 3 && !is_to_do;
}

static void check_reason(const struct fob_advice *advice, const struct fob_yaml *node)
{
    if (is_text(node) && !says_something(node->text))
        fob_advise_at(advice, node, "say what the provider does not do, and where it is documented",
                      "\"%s\" says nothing that could be checked", node->key);
}

static void check_reasons(const struct fob_advice *advice)
{
    struct fob_advice_request requests[FOB_MAX_ADVICE_REQUESTS];
    size_t n = fob_advice_requests(advice, requests);
    check_reason(advice, get(advice, "authorize", "pkce_reason"));
    check_reason(advice, get(advice, "callback", "state_reason"));
    for (size_t i = 0; i < n; i++)
        check_reason(advice, fob_yaml_get(requests[i].node, "secret_in_url"));
}

/* --- metadata ----------------------------------------------------------------------------------------------- */

static void check_metadata(const struct fob_advice *advice, const struct fob_yaml *map)
{
    const struct fob_yaml *methods = fob_yaml_get(map, "code_challenge_methods_supported");
    const struct fob_yaml *pushed = fob_yaml_get(map, "require_pushed_authorization_requests");
    enum fob_pkce pkce = advice->d->authorize.pkce;
    bool found = !methods || !methods->children || pkce == FOB_PKCE_PLAIN || pkce == FOB_PKCE_NONE;
    for (const struct fob_yaml *item = methods ? methods->children : NULL; item; item = item->next)
        found = found || (is_text(item) && strcmp(item->text, "S256") == 0);
    if (!found)
        fob_advise_at(advice, methods, "add S256, or say with authorize.pkce and pkce_reason what is sent",
                      "S256 is sent, and is not among these");
    if (pushed && pushed->kind == FOB_YAML_BOOL && pushed->number &&
        fob_advice_has_endpoint(advice->d, offsetof(struct fob_metadata, authorization_endpoint)))
        fob_advise_at(advice, pushed, "remove it where others are taken too",
                      "fob cannot push an authorization request yet: it cannot log in there");
}

/* Grants as other tools call them: the standard's words are RFC 7591's, section 2. */
static void check_grants(const struct fob_advice *advice)
{
    static const struct {
        const char *word, *meant;
    } words[] = {{"code", "authorization_code"},
                 {"auth_code", "authorization_code"},
                 {"authorizationCode", "authorization_code"},
                 {"refresh", "refresh_token"},
                 {"refreshToken", "refresh_token"},
                 {"client_credential", "client_credentials"},
                 {"clientCredentials", "client_credentials"},
                 {"device", "urn:ietf:params:oauth:grant-type:device_code"},
                 {"device_code", "urn:ietf:params:oauth:grant-type:device_code"}};
    const struct fob_yaml *list = fob_yaml_get(advice->root, "grant_types_supported");
    for (const struct fob_yaml *item = list ? list->children : NULL; item; item = item->next)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (is_text(item) && strcmp(item->text, words[i].word) == 0)
                fob_advise_at(advice, item, "write the grant as RFC 7591 has it",
                              "\"%s\" is no grant type: \"%s\" is", item->text, words[i].meant);
}

static void check_all_metadata(const struct fob_advice *advice)
{
    for (const struct fob_yaml *map = NULL; (map = fob_metadata_next(advice->root, map));)
        check_metadata(advice, map);
}

/* --- addresses ---------------------------------------------------------------------------------------------- */

/* RFC 1918, and the link's own (RFC 3927); an IPv6 address but loopback is no endpoint at all. */
static bool is_private(const char *host, size_t len)
{
    uint32_t ip;
    if (!fob_is_ipv4(host, len, &ip))
        return false;
    return ip >> 24 == 10 || ip >> 20 == 0xac1 || ip >> 16 == 0xc0a8 || ip >> 16 == 0xa9fe;
}

static const char *host_of(const char *url, size_t *ret_len)
{
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    *ret_len = strcspn(host, ":/?#");
    return host;
}

static void check_address(const struct fob_advice *advice, const struct fob_yaml *url, void *user)
{
    (void)user;
    size_t len;
    const char *host = host_of(url->text, &len);
    if (is_private(host, len))
        fob_advise_at(advice, url, "make it a variable where each tenant has a server of its own",
                      "%.*s is a private address, and another machine in every network", (int)len, host);
}

/* *.com and *.co.uk belong to everybody. */
static bool is_everybodys(const char *domain)
{
    static const char *const second[] = {"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go"};
    const char *dot = strchr(domain, '.');
    bool is_shared = !dot;
    for (size_t i = 0; dot && i < sizeof second / sizeof *second; i++)
        is_shared = is_shared || ((size_t)(dot - domain) == strlen(second[i]) &&
                                  fob_starts_with(domain, second[i]) && strlen(dot + 1) == 2);
    return is_shared;
}

static void check_hosts(const struct fob_advice *advice)
{
    const struct fob_yaml *hosts = fob_yaml_get(advice->root, "hosts");
    for (const struct fob_yaml *item = hosts ? hosts->children : NULL; item; item = item->next)
        if (is_text(item) && fob_starts_with(item->text, "*.") && !strchr(item->text, '{') &&
            is_everybodys(item->text + 2))
            fob_advise_at(advice, item, "name the provider's own domain",
                          "anybody can have a host below \"%s\"", item->text + 2);
}

/* RFC 2606. */
static bool is_example(const char *url)
{
    static const char *const ends[] = {"example", "example.com", "example.net", "example.org"};
    size_t len;
    const char *host = host_of(url, &len);
    bool found = false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t tail = strlen(ends[i]);
        found = found || (len >= tail && strncasecmp(host + len - tail, ends[i], tail) == 0 &&
                          (len == tail || host[len - tail - 1] == '.'));
    }
    return found;
}

/* One that is written down, and on no machine of one's own. */
static bool is_real(const char *url)
{
    size_t len;
    const char *host = host_of(url, &len);
    return !memchr(host, '{', len) && !fob_is_loopback_host(host, len) && *host != '[' && !is_example(url);
}

static void check_link(const struct fob_advice *advice, const struct fob_yaml *link)
{
    const char *endpoint = advice->d->metadata.token_endpoint;
    if (!is_text(link))
        return;
    if (fob_starts_with(link->text, "http:"))
        fob_advise_at(advice, link, "use https",
                      "\"%s\" is plain http: anybody on the way can change the page", link->key);
    if (is_example(link->text) && endpoint && is_real(endpoint))
        fob_advise_at(advice, link, "put the provider's own page here", "\"%s\" is still an example",
                      link->key);
}

/* --- what comes back ---------------------------------------------------------------------------------------- */

struct keys {
    const struct fob_descriptor *d;
    bool has_secret;
};

static void note_key(void *user, const struct fob_expression_name *name)
{
    struct keys *keys = user;
    keys->has_secret = keys->has_secret || fob_name_is_secret(keys->d, name->text, name->len);
}

/* A hash that anybody can make is no signature. */
static void check_require(const struct fob_advice *advice)
{
    const struct fob_yaml *require = get(advice, "callback", "require");
    for (const struct fob_yaml *node = require ? require->children : NULL; node; node = node->next) {
        struct keys keys = {.d = advice->d};
        bool hashes = is_text(node) && strstr(node->text, "sha");
        const char *rest = hashes ? node->text : NULL;
        struct fob_piece piece;
        while (rest && fob_template_next(&rest, &piece))
            if (piece.is_expression)
                fob_expression_problem(piece.text, piece.len, note_key, &keys);
        if (hashes && !keys.has_secret)
            fob_advise_at(advice, node, "key it with the client_secret, or with a variable that is secret",
                          "nothing secret is in it: anybody can make that signature");
    }
}

static bool brings_token(const struct fob_answer_fields *fields, const char *from)
{
    const char *const own[] = {fields->access_token, fields->refresh_token, fields->id_token};
    static const char *const usual[] = {"/access_token", "/refresh_token", "/id_token"};
    bool found = false;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        found = found || strcmp(from, usual[i]) == 0 || (own[i] && strcmp(from, own[i]) == 0);
    return found;
}

/* What is kept is shown, and filled in wherever it is asked for, unless it is said to be a secret. */
static void check_kept(const struct fob_advice *advice, const char *block,
                       const struct fob_response_rule *rule)
{
    const struct fob_yaml *keep = fob_yaml_get(get(advice, block, "response"), "keep");
    for (size_t i = 0; i < rule->n_keep; i++) {
        const struct fob_yaml *node = fob_yaml_get(keep, rule->keep[i].name);
        if (node && !rule->keep[i].is_secret && rule->keep[i].from &&
            brings_token(&rule->fields, rule->keep[i].from))
            fob_advise_at(advice, node, "write it as { from: …, secret: true }",
                          "\"%s\" keeps a token, and is shown to everybody", rule->keep[i].name);
    }
}

/* --- notes -------------------------------------------------------------------------------------------------- */

/* "scopes.known", "steps.site.endpoint": whether the language has such a key. */
static bool is_key(const struct fob_table *table, const char *path)
{
    char key[64];
    while (table && *path) {
        size_t len = strcspn(path, ".");
        snprintf(key, sizeof key, "%.*s", (int)len, path);
        const struct fob_field *field = fob_fields_find(table, key);
        path += len + (path[len] == '.');
        if (!field)
            return false;
        if (field->kind == FOB_FIELD_BLOCKS && *path)
            path += strcspn(path, ".") + (path[strcspn(path, ".")] == '.');
        if (!*path || !field->table)
            return true; /* what stands in a map or a list has no rows */
        table = field->table;
    }
    return false;
}

static void check_unconfirmed(const struct fob_advice *advice)
{
    const struct fob_yaml *list = fob_yaml_get(advice->root, "x-unconfirmed");
    for (const struct fob_yaml *item = list ? list->children : NULL; item; item = item->next)
        if (is_text(item) && !is_key(&fob_language, item->text))
            fob_advise_at(advice, item, "name the key as it stands in the file, like scopes.known",
                          "there is no key \"%s\" that could be confirmed", item->text);
}

void fob_advise_facts(const struct fob_advice *advice)
{
    check_reasons(advice);
    check_all_metadata(advice);
    check_grants(advice);
    fob_advice_each_url(advice, check_address, NULL);
    check_hosts(advice);
    check_link(advice, fob_yaml_get(advice->root, "docs"));
    check_link(advice, get(advice, "registration", "console"));
    check_require(advice);
    check_kept(advice, "token", &advice->d->token.response);
    check_kept(advice, "client_credentials", &advice->d->client_credentials.response);
    check_kept(advice, "refresh", &advice->d->refresh.request.response);
    check_unconfirmed(advice);
}
