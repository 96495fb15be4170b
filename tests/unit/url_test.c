/* SPDX-License-Identifier: MIT */
/* Which URLs a secret may be sent to. */
#include "url.h"

#include <criterion/criterion.h>
#include <string.h>

static fob_err check(const char *url, struct fob_error *error)
{
    return fob_url_check(url, "token_endpoint", false, FOB_E_DESCRIPTOR, error);
}

static void expect_part(struct fob_url_part slice, const char *text)
{
    cr_expect_eq(slice.len, strlen(text), "%s", text);
    cr_expect(strncmp(slice.at, text, slice.len) == 0, "%s", text);
}

Test(url, is_cut_into_its_parts)
{
    struct fob_url url;
    cr_assert(fob_url_parse("https://acme.example:8443/a/b?x=1#f", &url));
    expect_part(url.scheme, "https");
    expect_part(url.host, "acme.example");
    expect_part(url.port, "8443");
    expect_part(url.path, "/a/b");
    expect_part(url.query, "x=1");
    expect_part(url.fragment, "f");
}

Test(url, with_an_ipv6_host_has_its_path_too)
{
    struct fob_url url;
    cr_assert(fob_url_parse("http://[::1]/cb", &url));
    expect_part(url.host, "::1");
    expect_part(url.path, "/cb");
    cr_assert(fob_url_parse("http://[::1]:80/cb", &url));
    expect_part(url.port, "80");
    expect_part(url.path, "/cb");
}

Test(url, must_be_https)
{
    struct fob_error error;
    cr_assert_eq(check("https://acme.example/token", NULL), FOB_OK);
    cr_assert_eq(check("http://acme.example/token", &error), FOB_E_DESCRIPTOR);
    cr_assert_str_eq(error.what, "token_endpoint is not https, so a secret could be read on its way");
    cr_assert_eq(check("ftp://acme.example/token", NULL), FOB_E_DESCRIPTOR);
}

Test(url, may_be_http_to_a_loopback_address_only)
{
    const char *const good[] = {"http://127.0.0.1:8080/t", "http://[::1]/t", "http://localhost/t",
                                "http://127.9.9.9/t"};
    const char *const bad[] = {"http://127.evil.example/t", "http://localhost.evil.example/t",
                               "http://127.0.0.1.evil.example/t", "http://[::2]/t", "http://0.0.0.0/t"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        cr_expect_eq(check(good[i], NULL), FOB_OK, "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(check(bad[i], NULL), FOB_E_DESCRIPTOR, "%s", bad[i]);
}

Test(url, holds_no_user_info_fragment_space_or_backslash)
{
    const char *const bad[] = {"https://user:pass@acme.example/t",
                               "https://acme.example/t#f",
                               "https://acme.example/a b",
                               "https://acme.example\\@evil.example/",
                               "https:///t",
                               "https://.acme.example/t",
                               "https://acme..example/t",
                               "/t",
                               "acme.example/t",
                               "https://acme.example/\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(check(bad[i], NULL), FOB_E_DESCRIPTOR, "%s", bad[i]);
    cr_expect_eq(
        fob_url_check("https://a.example/#/login", "authorization_endpoint", true, FOB_E_DESCRIPTOR, NULL),
        FOB_OK);
}

Test(url, host_must_be_on_the_list)
{
    char exact[] = "acme.example", below[] = "*.shop.example", with_port[] = "local.example:8443";
    char *list[] = {exact, below, with_port};
    struct fob_strings hosts = {list, 3};
    cr_expect(fob_url_host_allowed("https://ACME.example/t", &hosts));
    cr_expect(fob_url_host_allowed("https://a.shop.example/t", &hosts));
    cr_expect(fob_url_host_allowed("https://local.example:8443/t", &hosts));
    cr_expect_not(fob_url_host_allowed("https://shop.example/t", &hosts));
    cr_expect_not(fob_url_host_allowed("https://evilshop.example/t", &hosts));
    cr_expect_not(fob_url_host_allowed("https://acme.example.evil.example/t", &hosts));
    cr_expect_not(fob_url_host_allowed("https://local.example:9/t", &hosts));
    cr_expect_not(fob_url_host_allowed("https://local.example/t", &hosts));
}

Test(url, host_on_the_list_may_be_an_ipv6_address_or_carry_a_port_behind_a_wildcard)
{
    char address[] = "[::1]", ported[] = "[::1]:9", below[] = "*.shop.example:8443";
    char *list[] = {address, ported, below};
    struct fob_strings all = {list, 1}, only_port = {list + 1, 2};
    cr_expect(fob_url_host_allowed("http://[::1]/t", &all));
    cr_expect(fob_url_host_allowed("http://[::1]:80/t", &all));
    cr_expect_not(fob_url_host_allowed("http://[::2]/t", &all));
    cr_expect(fob_url_host_allowed("http://[::1]:9/t", &only_port));
    cr_expect_not(fob_url_host_allowed("http://[::1]:8/t", &only_port));
    cr_expect(fob_url_host_allowed("https://a.shop.example:8443/t", &only_port));
    cr_expect_not(fob_url_host_allowed("https://a.shop.example/t", &only_port));
    cr_expect_not(fob_url_host_allowed("https://shop.example:8443/t", &only_port));
}
