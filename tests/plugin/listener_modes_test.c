/* SPDX-License-Identifier: MIT */
/* Asked to, the listener takes a form or a fragment as it takes a query, and otherwise neither. */
#include "listening.h"
#include "text.h"

#include <fob/limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FORM "application/x-www-form-urlencoded"
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

TestSuite(modes, .init = start, .fini = stop);

static void accept_modes(unsigned modes)
{
    cr_assert_not_null(ops->accept);
    cr_assert_eq(ops->accept(self, modes, &error), FOB_OK, "%s", error.what);
}

/* A POST with that body, its length told. */
static int send_post(const char *target, const char *type, const char *body, size_t len)
{
    static char request[8 * FOB_MAX_REDIRECT];
    int head = snprintf(request, sizeof request,
                        "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s%s%sContent-Length: %zu\r\n\r\n", target,
                        type ? "Content-Type: " : "", type ? type : "", type ? "\r\n" : "", len);
    memcpy(request + head, body, len);
    return send_bytes(AF_INET, request, (size_t)head + len);
}

static int send_form(const char *body)
{
    return send_post("/callback", FORM, body, strlen(body));
}

static void expect_refusal(int fd, const char *status)
{
    const char *answer = receive_refusal(fd);
    cr_expect(has(answer, status), "not %s: %s", status, answer);
    cr_expect(has(answer, "\r\nContent-Security-Policy: default-src 'none'"));
}

static void expect_answered(int fd)
{
    cr_assert_eq(ops->answer(self, 200, PAGE, &error), FOB_OK, "%s", error.what);
    cr_assert(has(receive(fd), "\r\n\r\n" PAGE));
}

/* --- without being asked ------------------------------------------------------------------------------------ */

static const unsigned without_forms[] = {0, FOB_LISTEN_QUERY, FOB_LISTEN_FRAGMENT,
                                         FOB_LISTEN_QUERY | FOB_LISTEN_FRAGMENT};

Test(modes, a_form_is_refused_where_it_was_not_asked_for)
{
    expect_refusal(send_form("code=a&state=b"), "HTTP/1.1 405 ");
    for (size_t i = 0; i < COUNT(without_forms); i++) {
        accept_modes(without_forms[i]);
        expect_refusal(send_form("code=a&state=b"), "HTTP/1.1 405 ");
    }
}

static const unsigned without_fragments[] = {0, FOB_LISTEN_QUERY, FOB_LISTEN_FORM_POST,
                                             FOB_LISTEN_QUERY | FOB_LISTEN_FORM_POST};

Test(modes, a_path_without_query_is_handed_over_where_no_fragment_was_asked_for)
{
    for (size_t i = 0; i < COUNT(without_fragments); i++) {
        accept_modes(without_fragments[i]);
        int fd = send_get("/callback");
        expect_target("/callback");
        expect_answered(fd);
    }
}

static const unsigned all_modes[] = {1, 2, 3, 4, 5, 6, 7};

Test(modes, a_query_is_taken_whatever_was_asked_for)
{
    for (size_t i = 0; i < COUNT(all_modes); i++) {
        accept_modes(all_modes[i]);
        int fd = send_get("/callback?code=a%2Fb&state=c");
        expect_target("/callback?code=a%2Fb&state=c");
        expect_answered(fd);
    }
}

Test(modes, a_mode_that_it_does_not_know_is_refused_and_changes_nothing)
{
    accept_modes(FOB_LISTEN_FORM_POST);
    cr_expect_eq(ops->accept(self, 8, &error), FOB_E_ARGUMENT);
    cr_expect_eq(ops->accept(self, FOB_LISTEN_QUERY | 1u << 31, &error), FOB_E_ARGUMENT);
    int fd = send_form("code=a");
    expect_target("/callback?code=a");
    expect_answered(fd);
}

/* --- forms -------------------------------------------------------------------------------------------------- */

static const char *const types[] = {FORM, FORM "; charset=utf-8", FORM ";charset=UTF-8",
                                    "Application/X-WWW-Form-URLencoded"};

Test(modes, a_form_is_handed_over_behind_the_path_as_it_came)
{
    accept_modes(FOB_LISTEN_QUERY | FOB_LISTEN_FORM_POST);
    for (size_t i = 0; i < COUNT(types); i++) {
        static const char body[] = "code=a%2Fb+c&state=%C3%A4&user=%7B%22name%22%3A1%7D&x";
        int fd = send_post("/callback", types[i], body, strlen(body));
        expect_target("/callback?code=a%2Fb+c&state=%C3%A4&user=%7B%22name%22%3A1%7D&x");
        expect_answered(fd);
    }
}

Test(modes, an_empty_form_is_one_too)
{
    accept_modes(FOB_LISTEN_FORM_POST);
    int fd = send_form("");
    expect_target("/callback?");
    expect_answered(fd);
}

Test(modes, a_form_may_come_in_pieces)
{
    static const char head[] = "POST /callback HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " FORM
                               "\r\nContent-Length: 14\r\n\r\ncode=a";
    accept_modes(FOB_LISTEN_FORM_POST);
    int fd = send_bytes(AF_INET, head, strlen(head));
    expect_nothing();
    cr_assert_eq(send(fd, "&state=b", 8, 0), 8);
    expect_target("/callback?code=a&state=b");
    expect_answered(fd);
}

Test(modes, a_form_may_come_in_chunks)
{
    static const char bytes[] =
        "POST /callback HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " FORM
        "\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ncode=a\r\n8\r\n&state=b\r\n0\r\n\r\n";
    accept_modes(FOB_LISTEN_FORM_POST);
    int fd = send_bytes(AF_INET, bytes, strlen(bytes));
    expect_target("/callback?code=a&state=b");
    expect_answered(fd);
}

static const char *const other_types[] = {
    NULL, "", "multipart/form-data; boundary=x", "application/json", "text/plain", FORM "2", "text/" FORM};

Test(modes, anything_but_a_form_is_of_another_type)
{
    accept_modes(FOB_LISTEN_FORM_POST);
    for (size_t i = 0; i < COUNT(other_types); i++)
        expect_refusal(send_post("/callback", other_types[i], "code=a", 6), "HTTP/1.1 415 ");
}

struct damage {
    const char *body;
    size_t len;
};

static const struct damage damages[] = {{"code=a b", 8}, {"code=a\r\nb", 9},   {"code=a\0b", 8},
                                        {"code=a#b", 8}, {"code=\xc3\xa4", 7}, {"code=\x7f", 6}};

Test(modes, what_no_form_holds_is_refused)
{
    accept_modes(FOB_LISTEN_FORM_POST);
    for (size_t i = 0; i < COUNT(damages); i++)
        expect_refusal(send_post("/callback", FORM, damages[i].body, damages[i].len), "HTTP/1.1 400 ");
}

/* A form of which the target, path and all, has len bytes. */
static int send_long(size_t len)
{
    static char body[8 * FOB_MAX_REDIRECT];
    size_t used = len - strlen("/callback?");
    memset(body, 'a', used);
    memcpy(body, "code=", 5);
    return send_post("/callback", FORM, body, used);
}

Test(modes, a_form_of_the_longest_length_is_taken)
{
    const char *target = NULL;
    accept_modes(FOB_LISTEN_FORM_POST);
    int fd = send_long(FOB_MAX_REDIRECT);
    cr_assert_eq(ops->wait(self, LONG_WAIT, &target, &error), FOB_OK);
    cr_assert_not_null(target);
    cr_assert_eq(strlen(target), FOB_MAX_REDIRECT);
    expect_answered(fd);
}

Test(modes, a_longer_form_is_refused)
{
    static const size_t lengths[] = {FOB_MAX_REDIRECT + 1, FOB_MAX_REDIRECT + 11, 3 * FOB_MAX_REDIRECT};
    accept_modes(FOB_LISTEN_FORM_POST);
    for (size_t i = 0; i < COUNT(lengths); i++)
        expect_refusal(send_long(lengths[i]), "HTTP/1.1 413 ");
}

Test(modes, a_form_without_end_is_cut_off)
{
    accept_modes(FOB_LISTEN_FORM_POST);
    int fd = send_long(5 * FOB_MAX_REDIRECT);
    cr_expect_not(has(receive_refusal(fd), "HTTP/1.1 200 "));
    fd = send_form("code=a");
    expect_target("/callback?code=a");
    expect_answered(fd);
}

struct stray {
    const char *method, *target, *status;
};

static const struct stray strays[] = {
    {"POST", "/", "HTTP/1.1 404 "},           {"POST", "/callback/", "HTTP/1.1 404 "},
    {"POST", "/%63allback", "HTTP/1.1 404 "}, {"POST", "/callback?code=a", "HTTP/1.1 404 "},
    {"PUT", "/callback", "HTTP/1.1 405 "},    {"HEAD", "/callback", "HTTP/1.1 405 "},
};

Test(modes, other_paths_and_methods_stay_refused)
{
    accept_modes(FOB_LISTEN_QUERY | FOB_LISTEN_FORM_POST | FOB_LISTEN_FRAGMENT);
    for (size_t i = 0; i < COUNT(strays); i++) {
        int fd = send_to(AF_INET, strays[i].method, strays[i].target);
        const char *answer = receive_refusal(fd);
        cr_expect(has(answer, strays[i].status), "%s %s: %s", strays[i].method, strays[i].target, answer);
        cr_expect_eq(has(answer, "\r\nAllow: GET, POST\r\n"), has(answer, "405"));
    }
}

Test(modes, a_form_waits_for_its_turn_like_a_query)
{
    accept_modes(FOB_LISTEN_FORM_POST);
    int first = send_get("/callback?code=stray");
    expect_target("/callback?code=stray");
    int second = send_form("code=real");
    cr_assert_eq(ops->answer(self, 400, "stray", &error), FOB_OK);
    expect_target("/callback?code=real");
    cr_assert_eq(ops->answer(self, 200, "real", &error), FOB_OK);
    cr_assert(has(receive(first), "\r\n\r\nstray"));
    cr_assert(has(receive(second), "\r\n\r\nreal"));
}

Test(modes, a_form_whose_sender_went_away_does_no_harm)
{
    static const char head[] = "POST /callback HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " FORM
                               "\r\nContent-Length: 14\r\n\r\ncode=a";
    accept_modes(FOB_LISTEN_FORM_POST);
    close(send_bytes(AF_INET, head, strlen(head)));
    expect_nothing();
    int fd = send_form("code=b");
    expect_target("/callback?code=b");
    expect_answered(fd);
}

/* --- fragments ---------------------------------------------------------------------------------------------- */

static const char *fragment_page(void)
{
    return receive_refusal(send_get("/callback"));
}

/* The part of text between two others, as a buffer of its own. */
static struct fob_buf between(const char *text, const char *before, const char *behind)
{
    struct fob_buf out = FOB_BUF((size_t)4096);
    const char *start = strstr(text, before);
    cr_assert_not_null(start, "%s", before);
    start += strlen(before);
    const char *end = strstr(start, behind);
    cr_assert_not_null(end, "%s", behind);
    fob_buf_add(&out, start, (size_t)(end - start));
    return out;
}

Test(modes, a_path_without_query_gets_a_page_that_passes_the_fragment_on)
{
    accept_modes(FOB_LISTEN_QUERY | FOB_LISTEN_FRAGMENT);
    const char *answer = fragment_page();
    cr_assert(has(answer, "HTTP/1.1 200 "));
    cr_assert(has(answer, "location.replace(location.pathname+'?'+"));
    cr_assert(has(answer, "\r\nReferrer-Policy: no-referrer\r\n"));
    cr_assert(has(answer, "\r\nCache-Control: no-store\r\n"));
    int fd = send_get("/callback?access_token=a&state=b");
    expect_target("/callback?access_token=a&state=b");
    expect_answered(fd);
}

Test(modes, the_page_runs_its_own_script_alone_and_loads_nothing)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    struct fob_buf allowed = FOB_BUF((size_t)128);
    accept_modes(FOB_LISTEN_FRAGMENT);
    const char *answer = fragment_page();
    struct fob_buf policy = between(answer, "\r\nContent-Security-Policy: ", "\r\n");
    struct fob_buf script = between(answer, "<script>", "</script>");
    crypto_hash_sha256(hash, (const unsigned char *)script.data, script.len);
    fob_base64(&allowed, hash, sizeof hash);
    fob_buf_str(&allowed, "'");
    cr_expect(has(policy.data, allowed.data), "the script's hash is %s, the policy %s", allowed.data,
              policy.data);
    cr_expect(has(policy.data, "default-src 'none'; script-src 'sha256-"));
    cr_expect(has(policy.data, "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"));
    cr_expect_not(has(policy.data, "unsafe"));
    cr_expect_not(has(answer, "style"));
    cr_expect_not(has(answer, "src="));
    cr_expect_not(has(answer, "://"));
    fob_buf_free(&policy);
    fob_buf_free(&script);
    fob_buf_free(&allowed);
}

Test(modes, the_page_says_what_to_do_without_scripts)
{
    accept_modes(FOB_LISTEN_FRAGMENT);
    struct fob_buf text = between(fragment_page(), "<noscript>", "</noscript>");
    cr_expect(has(text.data, "Allow them for this page"));
    fob_buf_free(&text);
}

Test(modes, the_page_is_for_the_path_alone)
{
    accept_modes(FOB_LISTEN_FRAGMENT);
    expect_refusal(send_get("/"), "HTTP/1.1 404 ");
    int fd = send_get("/callback?");
    expect_target("/callback?");
    expect_answered(fd);
}
