/* SPDX-License-Identifier: MIT */
/* What a text in a descriptor may look like. */
#include "format.h"
#include "template.h"
#include "text.h"
#include "url.h"

#include <fob/limits.h>
#include <string.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"
#define HEX DIGIT "abcdefABCDEF"
#define NAME LOWER DIGIT "_"
#define HOST LOWER UPPER DIGIT "._-"
#define TOKEN LOWER UPPER DIGIT "!#$%&'*+.^_`|~-"
#define URL_REST LOWER UPPER DIGIT "._~!$&'()*+,;=:@/?-"

/* --- scanning: each gives how far a piece reaches, 0 for not at all ------------------------------------------ */

/* "{expression}": what stands in it is template.c's to read. */
static size_t expression(const char *text)
{
    size_t len = text[0] == '{' ? strcspn(text + 1, "{}") : 0;
    return len && text[len + 1] == '}' ? len + 2 : 0;
}

static size_t host(const char *text)
{
    size_t at = 0, step;
    do {
        step = strspn(text + at, HOST);
        step = step ? step : expression(text + at);
        at += step;
    } while (step);
    return at;
}

static size_t loopback(const char *text)
{
    size_t len = fob_starts_with(text, "[::1]") ? 5 : strspn(text, HOST);
    return fob_is_loopback_host(text, len) ? len : 0;
}

static size_t port(const char *text)
{
    size_t n = text[0] == ':' ? strspn(text + 1, DIGIT) : 0;
    return n && n <= 5 ? n + 1 : 0;
}

static size_t percent(const char *text)
{
    return text[0] == '%' && text[1] && strspn(text + 1, HEX) >= 2 ? 3 : 0;
}

/* Path and query, {variables} among them where they may be. */
static size_t rest(const char *text, bool expressions)
{
    size_t at = 0, step;
    if (text[0] != '/' && text[0] != '?')
        return 0;
    do {
        step = strspn(text + at, URL_REST);
        step = step ? step : percent(text + at);
        step = step || !expressions ? step : expression(text + at);
        at += step;
    } while (step);
    return at;
}

/* --- the forms ---------------------------------------------------------------------------------------------- */

static bool is_value(const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == 0x7f || (c == 0xc2 && (unsigned char)text[1] < 0xa0))
            return false;
    }
    return true;
}

static bool is_text(const char *text)
{
    return *text && is_value(text);
}

static bool is_template(const char *text)
{
    return is_value(text) && !fob_template_problem(text);
}

static bool is_id(const char *text)
{
    return fob_is_id(text, FOB_MAX_ID);
}

static bool is_name(const char *text)
{
    size_t len = strlen(text);
    return strspn(text, LOWER) > 0 && strspn(text, NAME) == len && len <= FOB_MAX_ID;
}

/* How far scheme, host and port reach: "{expression}" may stand for all three. */
static size_t origin(const char *text)
{
    bool https = fob_starts_with(text, "https://");
    if (!https && !fob_starts_with(text, "http://"))
        return expression(text);
    size_t at = https ? 8 : 7;
    size_t len = !https ? loopback(text + at) : fob_starts_with(text + at, "[::1]") ? 5 : host(text + at);
    at += len;
    return len ? at + port(text + at) : 0;
}

static bool is_endpoint(const char *text)
{
    size_t at = origin(text);
    return at && is_value(text) && !text[at + rest(text + at, true)] && strlen(text) <= FOB_MAX_URL;
}

static bool is_page(const char *text)
{
    size_t at = origin(text), step;
    if (!at || !is_value(text) || strlen(text) > FOB_MAX_URL)
        return false;
    at += rest(text + at, true);
    for (step = text[at] == '#'; step; at += step) {
        step = text[at] == '#' || strspn(text + at, URL_REST) ? 1 : 0;
        step = step ? step : percent(text + at);
    }
    return !text[at];
}

static bool is_link(const char *text)
{
    if (!fob_starts_with(text, "https://") && !fob_starts_with(text, "http://"))
        return false;
    const char *at = strstr(text, "//") + 2;
    size_t len = strspn(at, HOST);
    at += len;
    at += port(at);
    at += rest(at, false);
    if (*at == '#')
        for (size_t step = 1; step; at += step)
            step = *at == '#' ? 1 : strspn(at, URL_REST) ? strspn(at, URL_REST) : percent(at);
    return len && !*at && strlen(text) <= FOB_MAX_URL;
}

static bool is_host(const char *text)
{
    const char *at = fob_starts_with(text, "*.") ? text + 2 : text;
    size_t len = fob_starts_with(at, "[::1]") && at == text ? 5 : host(at);
    at += len;
    at += port(at);
    return len && !*at && is_value(text);
}

static bool is_scope(const char *text)
{
    if (!*text)
        return false;
    for (; *text; text++)
        if (*text <= 0x20 || *text > 0x7e || *text == '"' || *text == '\\')
            return false;
    return true;
}

static bool is_scheme(const char *text)
{
    return strspn(text, TOKEN) == strlen(text);
}

static bool is_field(const char *text)
{
    return *text && is_scheme(text);
}

static bool is_separator(const char *text)
{
    return *text && strchr(" ,+|;", *text) && !text[1];
}

static bool is_pointer(const char *text)
{
    if (*text && *text != '/')
        return false;
    for (const char *at = text; *at; at++)
        if (*at == '~' && at[1] != '0' && at[1] != '1')
            return false;
    return is_value(text);
}

static bool is_source(const char *text)
{
    static const char *const claims[] = {"claim:access_token", "claim:id_token"};
    for (size_t i = 0; i < 2; i++)
        if (fob_starts_with(text, claims[i]))
            return text[strlen(claims[i])] == '/' && is_pointer(text + strlen(claims[i]));
    if (fob_starts_with(text, "header:") || fob_starts_with(text, "cookie:"))
        return is_field(text + 7);
    return is_pointer(text);
}

static bool is_fact(const char *text)
{
    const char *rest = text;
    struct fob_piece piece = {0};
    while (!piece.is_expression && fob_template_next(&rest, &piece))
        ;
    return is_source(text) || (piece.is_expression && is_template(text));
}

static bool is_status(const char *text)
{
    return *text >= '1' && *text <= '5' && strspn(text, DIGIT) == 3 && !text[3];
}

static bool is_error(const char *text)
{
    return fob_starts_with(text, "status:") ? is_status(text + 7) : is_text(text);
}

static bool is_duration(const char *text)
{
    size_t len = strspn(text, DIGIT);
    return len && len <= 6 && text[len] && strchr("smhdy", text[len]) && !text[len + 1];
}

static bool is_element(const char *text)
{
    return strspn(text, LOWER UPPER "_") && strspn(text, LOWER UPPER DIGIT "_.-") == strlen(text);
}

static bool is_token_kind(const char *text)
{
    return strcmp(text, "access_token") == 0 || strcmp(text, "refresh_token") == 0;
}

static bool is_key(const char *text)
{
    bool begins = fob_starts_with(text, "{") || fob_starts_with(text, "-----BEGIN ");
    for (; begins && *text; text++)
        begins = *text == '\n' || *text == '\t' || (*text >= 0x20 && *text < 0x7f);
    return begins;
}

#define P_CONTROL "\\u0000-\\u001f\\u007f-\\u009f"
#define P_EXPRESSION "\\{[^{}" P_CONTROL "]+\\}"
#define P_HOST "([A-Za-z0-9._-]|" P_EXPRESSION ")+"
#define P_OCTET "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
#define P_LOOPBACK "([Ll][Oo][Cc][Aa][Ll][Hh][Oo][Ss][Tt]|127(\\." P_OCTET "){3}|\\[::1\\])"
#define P_PORT "(:[0-9]{1,5})?"
#define P_REST "[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2}"
#define P_ORIGIN "(https://(\\[::1\\]|" P_HOST ")" P_PORT "|http://" P_LOOPBACK P_PORT "|" P_EXPRESSION ")"
#define P_PATH "([/?](" P_REST "|" P_EXPRESSION ")*)?"
#define P_POINTER "(/([^~/" P_CONTROL "]|~[01])*)"
#define P_TOKEN "[A-Za-z0-9!#$%&'*+.^_`|~-]"

#define P_SOURCE P_POINTER "*|(header|cookie):" P_TOKEN "+|claim:(access_token|id_token)" P_POINTER "+"
#define P_BESIDE "([^{}" P_CONTROL "]|\\{\\{|\\}\\}"

const struct fob_format_rule fob_formats[FOB_FORMAT_COUNT] = {
    [FOB_FORMAT_VALUE] = {"^[^" P_CONTROL "]*$", is_value, "one line of text",
                          "remove line breaks and control characters (>- folds lines into one)"},
    [FOB_FORMAT_TEXT] = {"^[^" P_CONTROL "]+$", is_text, "one line of text, not empty",
                         "remove line breaks and control characters (>- folds lines into one)"},
    [FOB_FORMAT_TEMPLATE] = {"^" P_BESIDE "|" P_EXPRESSION ")*$", is_template,
                             "one line of text, with {names} in braces",
                             "write {name}, and {{ or }} where a brace itself is meant"},
    [FOB_FORMAT_ID] = {"^[a-z0-9][a-z0-9-]{0,63}$", is_id, "an id: a-z, 0-9 and -, at most 64",
                       "write it in small letters, like acme-mail"},
    [FOB_FORMAT_NAME] = {"^[a-z][a-z0-9_]{0,63}$", is_name, "a name: a-z, 0-9 and _, at most 64",
                         "write it in small letters, like tenant_id"},
    [FOB_FORMAT_ENDPOINT] = {"^" P_ORIGIN P_PATH "$", is_endpoint,
                             "an https URL without user, fragment and spaces (http is for loopback only)",
                             "write it as https://host/path"},
    [FOB_FORMAT_PAGE] = {"^" P_ORIGIN P_PATH "(#(#|" P_REST ")*)?$", is_page,
                         "an https URL without user and spaces (http is for loopback only)",
                         "write it as https://host/path"},
    [FOB_FORMAT_LINK] = {"^https?://[A-Za-z0-9._-]+" P_PORT "([/?](" P_REST ")*)?(#(#|" P_REST ")*)?$",
                         is_link, "a URL without user and spaces", "write it as https://host/path"},
    [FOB_FORMAT_HOST] = {"^((\\*\\.)?" P_HOST "|\\[::1\\])" P_PORT "$", is_host,
                         "a host name, like api.acme.example or *.acme.example",
                         "leave https:// and the path out"},
    [FOB_FORMAT_SCOPE] = {"^[!#-\\[\\]-~]+$", is_scope, "one scope: printable ASCII without space, \" and \\",
                          "write each scope as an item of its own"},
    [FOB_FORMAT_FIELD] = {"^" P_TOKEN "+$", is_field, "the name of a header field",
                          "write it like X-Api-Key"},
    [FOB_FORMAT_SCHEME] = {"^" P_TOKEN "*$", is_scheme, "an authentication scheme, like Bearer, or \"\"",
                           "write one word"},
    [FOB_FORMAT_SEPARATOR] = {"^[ ,+|;]$", is_separator, "one of the characters space , + | ;",
                              "quote it: \",\""},
    [FOB_FORMAT_POINTER] = {"^" P_POINTER "*$", is_pointer, "a JSON Pointer, like /data/id",
                            "begin it with /"},
    [FOB_FORMAT_SOURCE] = {"^(" P_SOURCE ")$", is_source,
                           "where a value is, like /data/id, header:X-Token or claim:id_token/sub",
                           "begin it with / for a place in the answer"},
    [FOB_FORMAT_FACT] = {"^(" P_SOURCE "|" P_BESIDE ")*" P_EXPRESSION P_BESIDE "|" P_EXPRESSION ")*)$",
                         is_fact, "where a value is, like /data/id, or a text with {kept.NAME} in it",
                         "begin it with / for a place in the answer"},
    [FOB_FORMAT_STATUS] = {"^[1-5][0-9]{2}$", is_status, "an HTTP status code", "write a number like 200"},
    [FOB_FORMAT_ERROR] = {"^(status:[1-5][0-9]{2}|(?!status:)[^" P_CONTROL "]+)$", is_error,
                          "the provider's word for an error, or an HTTP status like status:401",
                          "write it as the provider sends it"},
    [FOB_FORMAT_DURATION] = {"^[0-9]{1,6}[smhdy]$", is_duration, "a duration, like 30s, 5m, 1h, 60d or 1y",
                             "write a number and one of s, m, h, d, y"},
    [FOB_FORMAT_ELEMENT] = {"^[A-Za-z_][A-Za-z0-9_.-]*$", is_element, "the name of an XML element",
                            "begin it with a letter"},
    [FOB_FORMAT_TOKEN_KIND] = {"^(access_token|refresh_token)$", is_token_kind,
                               "access_token or refresh_token", "write one of the two"},
    [FOB_FORMAT_KEY] =
        {"^(\\{|-----BEGIN )[\\t\\n -~]*$", is_key, "a private key: PEM or a JWK",
         "write | behind the colon and the key indented below it, or name a file that holds it"},
};
