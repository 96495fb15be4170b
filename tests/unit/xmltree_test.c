/* SPDX-License-Identifier: MIT */
/* XML becomes what JSON Pointers can look into, and nothing in it grows beyond its size. */
#include "buf.h"
#include "xmltree.h"

#include <criterion/criterion.h>
#include <fob/limits.h>
#include <string.h>

static json_t *read(const char *text)
{
    json_t *json = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_expect_eq(fob_xml_read(text, strlen(text), &json, &error), FOB_OK, "%s: %s", text, error.what);
    return json;
}

Test(xml, becomes_members_arrays_attributes_and_texts)
{
    static const struct {
        const char *xml, *json;
    } cases[] = {
        {"<a/>", "{\"a\":\"\"}"},
        {"<a>x</a>", "{\"a\":\"x\"}"},
        {"<?xml version=\"1.0\"?>\n<a>\n <b> x y </b>\n <c/>\n</a>\n", "{\"a\":{\"b\":\"x y\",\"c\":\"\"}}"},
        {"<a><b>1</b><b>2</b><b>3</b></a>", "{\"a\":{\"b\":[\"1\",\"2\",\"3\"]}}"},
        {"<a><b><c>1</c></b><b><c>2</c></b></a>", "{\"a\":{\"b\":[{\"c\":\"1\"},{\"c\":\"2\"}]}}"},
        {"<a id=\"7\" k='v'/>", "{\"a\":{\"@id\":\"7\",\"@k\":\"v\"}}"},
        {"<a id=\"7\"> x </a>", "{\"a\":{\"@id\":\"7\",\"#text\":\"x\"}}"},
        {"<a>x<b>y</b>z</a>", "{\"a\":{\"b\":\"y\",\"#text\":\"xz\"}}"},
        {"<a><![CDATA[<&>]]></a>", "{\"a\":\"<&>\"}"},
        {"<a>&lt;&#65;&#x42;&amp;</a>", "{\"a\":\"<AB&\"}"},
        {"<a><!-- no --><?p i?>x</a>", "{\"a\":\"x\"}"},
        {"<string xmlns=\"http://tempuri.org/\" xmlns:i='u'>t</string>", "{\"string\":\"t\"}"},
        {"<s:a xmlns:s='u'><s:b>t</s:b></s:a>", "{\"s:a\":{\"s:b\":\"t\"}}"},
        {"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>", "{\"a\":\"\xc3\xa9\"}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fob_auto_json *json = read(cases[i].xml), *wanted = json_loads(cases[i].json, 0, NULL);
        cr_assert_not_null(wanted, "%s", cases[i].json);
        cr_expect(json_equal(json, wanted), "%s", cases[i].xml);
    }
}

Test(xml, that_is_none_or_defines_entities_is_one_clear_error)
{
    static const struct {
        const char *xml, *what;
    } cases[] = {
        {"", "not usable XML: no element found (line 1, column 1)"},
        {"secret-1", "not usable XML: syntax error (line 1, column 1)"},
        {"<a>secret-1", "not usable XML: no element found (line 1, column 12)"},
        {"<a>\n</b>", "not usable XML: mismatched tag (line 2, column 3)"},
        {"<a/><b/>", "not usable XML: junk after document element (line 1, column 5)"},
        {"<a>&secret-1;</a>", "not usable XML: undefined entity (line 1, column 4)"},
        {"<a x='1' x='2'/>", "not usable XML: duplicate attribute (line 1, column 10)"},
        {"<!DOCTYPE a [<!ENTITY b \"secret-1\">]><a>&b;</a>",
         "not usable XML: it has a document type (line 1, column 13)"},
        {"<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
         "not usable XML: it has a document type (line 1, column 40)"},
        {"<a>\xff</a>", "not usable XML: not well-formed (invalid token) (line 1, column 4)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fob_error error = FOB_ERROR_INIT;
        json_t *json = NULL;
        cr_expect_eq(fob_xml_read(cases[i].xml, strlen(cases[i].xml), &json, &error), FOB_E_PROTOCOL);
        cr_expect_str_eq(error.what, cases[i].what);
        cr_expect_null(json);
    }
}

/* <a> times the given number, one in the other or one after the other. */
static fob_err read_many(size_t n, bool nested, struct fob_error *error)
{
    fob_auto_json *json = NULL;
    struct fob_buf text = FOB_BUF((size_t)FOB_MAX_RESPONSE);
    if (!nested)
        fob_buf_str(&text, "<r>");
    for (size_t i = 0; i < n; i++)
        fob_buf_str(&text, nested ? "<a>" : "<a/>");
    for (size_t i = 0; nested && i < n; i++)
        fob_buf_str(&text, "</a>");
    if (!nested)
        fob_buf_str(&text, "</r>");
    fob_err err = fob_xml_read(text.data, text.len, &json, error);
    fob_buf_free(&text);
    return err;
}

Test(xml, is_bounded_in_depth_and_number)
{
    struct fob_error error = FOB_ERROR_INIT;
    cr_expect_eq(read_many(FOB_MAX_JSON_DEPTH, true, &error), FOB_OK, "%s", error.what);
    cr_expect_eq(read_many(FOB_MAX_JSON_DEPTH + 1, true, &error), FOB_E_PROTOCOL);
    cr_expect(strstr(error.what, "it is nested too deeply"), "%s", error.what);
    cr_expect_eq(read_many(FOB_MAX_XML_NODES - 1, false, &error), FOB_OK, "%s", error.what);
    cr_expect_eq(read_many(FOB_MAX_XML_NODES, false, &error), FOB_E_PROTOCOL);
    cr_expect(strstr(error.what, "it has too many elements"), "%s", error.what);
}

Test(xml, is_bounded_in_its_attributes_and_their_names)
{
    struct fob_buf text = FOB_BUF((size_t)FOB_MAX_RESPONSE);
    fob_auto_json *json = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    fob_buf_str(&text, "<a ");
    for (size_t i = 0; i < FOB_MAX_XML_NODES; i++)
        fob_buf_fmt(&text, "a%zu='' ", i);
    fob_buf_str(&text, "/>");
    cr_expect_eq(fob_xml_read(text.data, text.len, &json, &error), FOB_E_PROTOCOL);
    cr_expect(strstr(error.what, "it has too many elements"), "%s", error.what);
    fob_buf_free(&text);
    fob_buf_str(&text, "<a ");
    for (size_t i = 0; i < 300; i++)
        fob_buf_char(&text, 'x');
    fob_buf_str(&text, "='1'/>");
    cr_expect_eq(fob_xml_read(text.data, text.len, &json, &error), FOB_E_PROTOCOL);
    cr_expect(strstr(error.what, "an attribute's name is too long"), "%s", error.what);
    fob_buf_free(&text);
}

Test(xml, longer_than_any_answer_is_not_begun)
{
    size_t len = (size_t)FOB_MAX_RESPONSE + 1;
    char *text = malloc(len);
    json_t *json = NULL;
    memset(text, ' ', len);
    memcpy(text, "<a/>", 4);
    cr_expect_eq(fob_xml_read(text, len, &json, NULL), FOB_E_PROTOCOL);
    cr_expect_null(json);
    free(text);
}
