/* SPDX-License-Identifier: MIT */
/* What is shown of a request is what is sent, and of an answer what the provider could send. */
#include "body.h"
#include "wire.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void expect_json(json_t *json, const char *wanted)
{
    char *shown = tree_show(json);
    cr_expect_str_eq(shown, wanted);
    free(shown);
    json_decref(json);
}

/* As it is sent, one after the other. */
static void expect_wire(const char *query, const char *wanted)
{
    json_t *params = wire_params(query, strlen(query)), *one;
    struct text out = {0};
    size_t i;
    json_array_foreach (params, i, one)
        text_fmt(&out, "%s%s=%s", i ? "|" : "", tree_text(one, "name"), tree_text(one, "wire"));
    char *shown = text_take(&out);
    cr_expect_str_eq(shown, wanted, "%s", query);
    free(shown);
    json_decref(params);
}

Test(wire, escapes_that_can_mean_nothing_else_are_read)
{
    expect_wire("a=%2C%2F%3A%3d%C3%A9&b=x", "a=,/:=é|b=x");
}

Test(wire, what_could_be_mistaken_stays_as_it_is_sent)
{
    expect_wire("a=b+c&a=b%20c&a=b%2Bc&a=%25%26%00%0a%7f", "a=b+c|a=b%20c|a=b%2Bc|a=%25%26%00%0a%7f");
    expect_wire("a=%FF%2C&b=%zz%4&c&&d=", "a=%FF,|b=%zz%4|c=|d=");
    expect_wire("", "");
}

Test(wire, both_queries_of_a_url_with_a_route_are_told_apart)
{
    static const char url[] = "https://a.example/p?x=1#/r?y=2";
    expect_json(wire_query(url), "[{\"name\":\"x\",\"value\":\"1\",\"wire\":\"1\"}]");
    expect_json(wire_route_query(url), "[{\"name\":\"y\",\"value\":\"2\",\"wire\":\"2\"}]");
    expect_json(wire_route_query("https://a.example/p?x=1#r?y=2"), "[]");
    expect_json(wire_query("https://a.example/p#/r?y=2"), "[]");
}

Test(wire, a_url_is_shown_with_its_fragment)
{
    static const char *const urls[][2] = {{"https://a.example/p?x=1#/r?y=2", "https://a.example/p#/r"},
                                          {"https://a.example/p?x=1#end", "https://a.example/p#end"},
                                          {"https://a.example/p#a?b", "https://a.example/p#a?b"},
                                          {"https://a.example/p?x", "https://a.example/p"}};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        char *shown = wire_url(urls[i][0]);
        cr_expect_str_eq(shown, urls[i][1]);
        free(shown);
    }
}

static void expect_body(const char *format, const char *tree, const char *wanted, const char *wanted_type)
{
    json_t *json = json_loads(tree, 0, NULL);
    const char *type;
    body_fit(format, json);
    char *body = body_write(format, json, NULL, &type);
    cr_expect_str_eq(body, wanted);
    cr_expect_str_eq(type, wanted_type);
    free(body);
    json_decref(json);
}

Test(body, is_written_in_the_format_that_the_provider_has)
{
    expect_body(NULL, "{\"a\":1,\"b\":\"x\"}", "{\"a\":1,\"b\":\"x\"}", "application/json");
    expect_body("form", "{\"a\":1,\"b\":\"x y&\"}", "a=1&b=x%20y%26", "application/x-www-form-urlencoded");
    expect_body("text", "{}", "TEXT", "text/plain");
    expect_body("xml", "{\"r\":{\"@k\":\"<\\\"\",\"#text\":\"&\",\"l\":[1,2]}}",
                "<r k=\"&lt;&quot;\">&amp;<l>1</l><l>2</l></r>", "application/xml");
}

Test(body, of_xml_has_one_root_the_first_that_holds_something)
{
    expect_body("xml", "{\"a\":1,\"r\":{\"b\":2},\"s\":{\"c\":3}}", "<r><b>2</b></r>", "application/xml");
    expect_body("xml", "{\"a\":1,\"b\":2}", "<a>1</a>", "application/xml");
    expect_body("xml", "{}", "<answer></answer>", "application/xml");
}

Test(body, is_shown_with_nothing_escaped_in_a_form)
{
    json_t *json = json_loads("{\"a\":\"x y\",\"t\":{\"JWT\":{\"sub\":\"1\"}}}", 0, NULL);
    char *form = body_show("form", json, NULL), *xml = body_show("xml", json_object_get(json, "t"), "whole");
    cr_expect_str_eq(form, "a=x y&t={\"JWT\":{\"sub\":\"1\"}}");
    cr_expect_str_eq(xml, "whole");
    free(form);
    free(xml);
    json_decref(json);
}
