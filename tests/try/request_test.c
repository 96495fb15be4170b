/* SPDX-License-Identifier: MIT */
/* Parameters are found in a request, wherever they stand and whatever they are written in. */
#include "jwt.h"
#include "request.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void expect(json_t *params, const char *wanted)
{
    char *shown = tree_show(params);
    cr_expect_str_eq(shown, wanted);
    free(shown);
    json_decref(params);
}

static struct fob_http_request with_body(const struct fob_pair *type, const char *body)
{
    return (struct fob_http_request){.size = sizeof(struct fob_http_request),
                                     .method = "POST",
                                     .url = "https://acme.example/t",
                                     .fields = type,
                                     .n_fields = 1,
                                     .body = body,
                                     .body_len = strlen(body)};
}

Test(request, a_query_is_read_wherever_it_stands)
{
    expect(request_query("https://a.example/?b=c+d&e=%26%3D&f&g="),
           "{\"b\":\"c d\",\"e\":\"&=\",\"f\":\"\",\"g\":\"\"}");
    expect(request_query("https://a.example/?b=c#d?e=f"), "{\"b\":\"c\"}");
    expect(request_query("https://a.example/#/route?b=c"), "{\"b\":\"c\"}");
    expect(request_query("https://a.example/?z=1#/route?b=c"), "{\"z\":\"1\",\"b\":\"c\"}");
    expect(request_query("https://a.example/?z=1#/route"), "{\"z\":\"1\"}");
    expect(request_query("https://a.example/"), "{}");
    char *url = request_url("https://a.example/p?b=c#d");
    cr_expect_str_eq(url, "https://a.example/p");
    free(url);
}

Test(request, a_body_is_read_by_its_type)
{
    static const struct fob_pair form = {"content-type", "application/x-www-form-urlencoded; charset=utf-8"},
                                 json = {"Content-Type", "application/json"},
                                 xml = {"Content-Type", "application/xml"},
                                 odd = {"Content-Type", "text/plain"};
    struct fob_http_request request = with_body(&form, "a=1&b=%7e");
    expect(request_body(&request), "{\"a\":\"1\",\"b\":\"~\"}");
    request = with_body(&json, "{\"a\":1}");
    expect(request_body(&request), "{\"a\":1}");
    request = with_body(&json, "[1]");
    expect(request_body(&request), "{}");
    request = with_body(&xml, "<?xml version=\"1.0\"?><r><a>1 &lt; 2 &amp;&quot;</a><b></b></r>");
    expect(request_body(&request), "{\"a\":\"1 < 2 &\\\"\",\"b\":\"\"}");
    request = with_body(&odd, "a=1");
    expect(request_body(&request), "{}");
    cr_expect_str_eq(request_field(&request, "CONTENT-TYPE"), "text/plain");
    cr_expect_null(request_field(&request, "Accept"));
}

Test(jwt, what_is_made_can_be_read)
{
    json_t *claims = json_pack("{s:s, s:i}", "sub", "u1", "exp", 7);
    char *jwt = jwt_make(claims);
    json_t *read = jwt_read(jwt);
    cr_assert(read);
    cr_expect(json_equal(json_object_get(read, "claims"), claims));
    cr_expect_str_eq(tree_text(read, "header/alg"), "none");
    json_decref(claims);
    json_decref(read);
    free(jwt);
}

Test(jwt, what_only_looks_like_one_is_none)
{
    static const char *const none[] = {"",          "abc",  "a.b", "a.b.c", "e30.e30", "e30.e30.e30.e30",
                                       "e30.W10.x", "1.2.3"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_expect_null(jwt_read(none[i]), "%s", none[i]);
}
