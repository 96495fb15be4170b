/* SPDX-License-Identifier: MIT */
/* Over TLS the transport talks to the named server or to nobody, and goes through a proxy when told to. */
#include "transport.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HTTPS "https://127.0.0.1"

static struct subject trusting(const char *ca)
{
    struct fob_transport_config config = {
        .size = sizeof config, .ca_file = certificate(ca), .ignore_environment = 1};
    return subject_open(&config);
}

static fob_err get(const char *server_certificate, const char *option, const char *ca,
                   struct subject *subject)
{
    struct server server = server_start(certificate(server_certificate), option);
    *subject = trusting(ca);
    fob_err err = subject_get(subject, HTTPS, server.port, "/hello");
    if (err == FOB_OK)
        expect_body(subject, "hello");
    else
        cr_assert_eq(subject->error.maybe_sent, 0, "nothing is sent before the server is known");
    subject_close(subject);
    server_stop(&server);
    return err;
}

Test(transport_tls, a_server_with_a_trusted_certificate_is_talked_to)
{
    struct subject subject;
    cr_assert_eq(get("good", NULL, "ca", &subject), FOB_OK, "%s", subject.error.what);
}

Test(transport_tls, connections_are_kept)
{
    struct server server = server_start(certificate("good"), NULL);
    struct subject subject = trusting("ca");
    for (int i = 0; i < 3; i++)
        cr_assert_eq(subject_get(&subject, HTTPS, server.port, "/hello"), FOB_OK);
    cr_assert_eq(subject_get(&subject, HTTPS, server.port, "/seen/connections"), FOB_OK);
    expect_body(&subject, "1");
    subject_close(&subject);
    server_stop(&server);
}

Test(transport_tls, another_ca_than_the_given_one_is_not_trusted)
{
    struct subject subject;
    cr_assert_eq(get("good", NULL, "stranger", &subject), FOB_E_TLS);
    expect_what(&subject, "is not trusted");
    expect_what(&subject, "unable to get local issuer certificate");
}

Test(transport_tls, the_systems_cas_do_not_vouch_for_a_stranger)
{
    struct server server = server_start(certificate("good"), NULL);
    struct subject subject = subject_open(NULL);
    cr_assert_eq(subject_get(&subject, HTTPS, server.port, "/hello"), FOB_E_TLS);
    cr_assert(subject.error.fix[0], "it says what to do");
    subject_close(&subject);
    server_stop(&server);
}

Test(transport_tls, a_certificate_for_another_name_is_refused)
{
    struct subject subject;
    cr_assert_eq(get("wrong-name", NULL, "ca", &subject), FOB_E_TLS);
    expect_what(&subject, "no alternative certificate subject name matches target host name");
}

Test(transport_tls, an_expired_certificate_is_refused)
{
    struct subject subject;
    cr_assert_eq(get("expired", NULL, "ca", &subject), FOB_E_TLS);
    expect_what(&subject, "certificate has expired");
}

Test(transport_tls, tls_1_1_is_refused)
{
    struct subject subject;
    cr_assert_eq(get("good", "old", "ca", &subject), FOB_E_TLS);
    expect_what(&subject, "no TLS with 127.0.0.1:");
}

Test(transport_tls, a_server_without_tls_is_refused)
{
    struct server server = server_start(NULL, NULL);
    struct subject subject = trusting("ca");
    cr_assert_eq(subject_get(&subject, HTTPS, server.port, "/hello"), FOB_E_TLS);
    cr_assert_eq(subject.error.maybe_sent, 0);
    subject_close(&subject);
    server_stop(&server);
}

static fob_err open_with(const char *ca, const char *proxy, struct fob_error *error)
{
    struct subject subject = subject_open(NULL);
    struct fob_transport_config config = {.size = sizeof config, .ca_file = ca, .proxy = proxy};
    void *self = NULL;
    fob_err err = subject.ops->open(&config, &self, error);
    cr_assert_null(self);
    subject_close(&subject);
    return err;
}

Test(transport_tls, a_missing_ca_file_is_told_when_opening)
{
    struct fob_error error;
    cr_assert_eq(open_with("/nonexistent/ca.pem", NULL, &error), FOB_E_CONFIG);
    cr_assert_not_null(strstr(error.what, "/nonexistent/ca.pem"));
}

Test(transport_tls, a_ca_file_without_certificates_is_told)
{
    struct subject subject;
    cr_assert_eq(get("good", NULL, "broken", &subject), FOB_E_CONFIG);
    expect_what(&subject, "cannot be read");
}

Test(transport_tls, a_proxy_that_is_no_url_is_told_without_quoting_it)
{
    struct fob_error error;
    cr_assert_eq(open_with(NULL, "http://user:password@host:port:port", &error), FOB_E_CONFIG);
    cr_assert_null(strstr(error.what, "password"));
}

/* --- proxies: localhost is never asked for through one, so the tests' servers cannot be; the name is one of theirs */

static struct subject through(unsigned port)
{
    char proxy[64];
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%u", port);
    struct fob_transport_config config = {.size = sizeof config, .proxy = proxy};
    return subject_open(&config);
}

Test(transport_tls, another_machine_is_reached_through_the_proxy)
{
    struct server proxy = server_start("proxy", "407");
    struct subject subject = through(proxy.port);
    cr_assert_eq(subject_get(&subject, "https://other.example", 443, "/"), FOB_E_NETWORK);
    expect_what(&subject, "the proxy gives no connection to other.example:443: it answered 407");
    cr_assert_eq(subject.error.maybe_sent, 0);
    subject_close(&subject);
    server_stop(&proxy);
}

Test(transport_tls, this_machine_is_never_asked_for_through_the_proxy)
{
    struct server proxy = server_start("proxy", "407");
    struct server server = server_start(NULL, NULL);
    struct subject subject = through(proxy.port);
    cr_assert_eq(subject_get(&subject, "http://127.0.0.1", server.port, "/hello"), FOB_OK);
    cr_assert_eq(subject_get(&subject, "http://localhost", server.port, "/hello"), FOB_OK);
    subject_close(&subject);
    server_stop(&server);
    server_stop(&proxy);
}

static fob_err get_with_environment(int ignore, struct subject *subject)
{
    struct server proxy = server_start("proxy", "403");
    struct fob_transport_config config = {.size = sizeof config, .ignore_environment = ignore};
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%u", proxy.port);
    setenv("https_proxy", url, 1);
    *subject = subject_open(&config);
    fob_err err = subject_get(subject, "https://no-such-host.invalid", 443, "/");
    subject_close(subject);
    server_stop(&proxy);
    return err;
}

Test(transport_tls, the_environments_proxy_is_used)
{
    struct subject subject;
    cr_assert_eq(get_with_environment(0, &subject), FOB_E_NETWORK);
    expect_what(&subject, "it answered 403");
}

Test(transport_tls, the_environments_proxy_is_not_used_when_it_is_to_be_ignored)
{
    struct subject subject;
    cr_assert_eq(get_with_environment(1, &subject), FOB_E_NETWORK);
    expect_what(&subject, "cannot be looked up");
}
