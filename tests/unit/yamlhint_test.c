/* SPDX-License-Identifier: MIT */
/* Where YAML cannot be read, a person is told what was probably meant. */
#include "cleanup.h"
#include "yamlhint.h"
#include "yamltree.h"

#include <criterion/criterion.h>
#include <string.h>

static void has_fix(const char *text, const char *wanted)
{
    struct fob_yaml *root = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(fob_yaml_read(text, strlen(text), "acme.yaml", &root, &error), FOB_E_DESCRIPTOR, "%s", text);
    cr_expect_str_eq(error.fix, wanted, "%s: %s", text, error.fix);
}

#define BRACES "quote the whole value, like \"{client_id}\", where a name in braces is meant"

Test(yamlhint, a_name_in_braces_wants_quotes)
{
    has_fix("x: {client_id}\n", BRACES);
    has_fix("x: {+token_endpoint}/a\n", BRACES);
    has_fix("a: {b: {client_id}}\n", BRACES);
    has_fix("a: {b: x{c}, d: e}\n", BRACES);
    has_fix("a: {b: Basic {base64(concat(c, ':', d))}, e: f}\n", BRACES);
    has_fix("a:\n  - {b}:{c}\n", BRACES);
    has_fix("a: [https://{b}.example/x]\n", BRACES);
    has_fix("a: {b: \xc3\xa4{c}}\n", BRACES);
    has_fix("{a: {b}", BRACES);
}

Test(yamlhint, a_sign_that_begins_no_text_wants_quotes)
{
    has_fix("separator: ,\n", "quote it, like \",\": no text begins with that");
    has_fix("a: {separator: ,}\n", "quote it, like \",\": no text begins with that");
    has_fix("client_secret: @b\n", "quote it, like \"@\": no text begins with that");
    has_fix("a: `b`\n", "quote it, like \"`\": no text begins with that");
    has_fix("hosts: [*.acme.example, b]\n", "quote it, like \"*.acme.example\": no text begins with *");
    has_fix("- *.acme.example\n", "quote it, like \"*.acme.example\": no text begins with *");
    has_fix("a: b: c\n", "quote the value, where the colon belongs to it");
}

Test(yamlhint, a_tab_is_told)
{
    has_fix("a:\n\tb: c\n", "indent with spaces: YAML knows no tab");
    has_fix("a:\r\n  b:\r\n \tc: d\r\n", "indent with spaces: YAML knows no tab");
}

Test(yamlhint, where_nothing_is_known_nothing_is_said)
{
    char fix[64] = "as it was";
    has_fix("a: [b\n", "see that indentation, quotes and brackets fit together");
    has_fix("a: \"b\n", "see that indentation, quotes and brackets fit together");
    has_fix("a:\nb: 1\n", "write the value, or \"\" for an empty text");
    has_fix("? a\n", "write the value, or \"\" for an empty text");
    cr_expect_not(fob_yaml_hint("", 0, (struct fob_mark){1, 1, NULL}, fix, sizeof fix));
    cr_expect_not(fob_yaml_hint("a: b", 4, (struct fob_mark){9, 9, NULL}, fix, sizeof fix));
    cr_expect_not(fob_yaml_hint("\xff\xff", 2, (struct fob_mark){1, 9, NULL}, fix, sizeof fix));
    cr_expect_str_eq(fix, "as it was");
}
