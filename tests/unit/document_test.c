/* SPDX-License-Identifier: MIT */
/* What is written down for people names every key, and what they begin with is a good descriptor. */
#include "cleanup.h"
#include "document.h"
#include "functions.h"
#include "json.h"
#include "language.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static char *document(enum fob_descriptor_doc what)
{
    char *text = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(fob_descriptor_document(what, &text, &error), FOB_OK, "%s", error.what);
    return text;
}

/* Under its whole name, in bold, underscores escaped as scdoc wants them; what several keys share, under that of its own. */
static void expect_keys(const char *reference, const struct fob_table *table, const char *prefix)
{
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        bool is_shared = field->table && field->table->section;
        char name[128] = "*", inner[160];
        size_t at = 1;
        snprintf(inner, sizeof inner, "%s%s.%s", prefix, field->key,
                 field->kind == FOB_FIELD_BLOCKS  ? "NAME."
                 : field->kind == FOB_FIELD_ITEMS ? "N."
                                                  : "");
        if (field->kind == FOB_FIELD_INCLUDE) {
            expect_keys(reference, *prefix ? &(struct fob_table){0} : field->table, prefix);
            continue;
        }
        for (const char *part = prefix; *part; part++)
            at += (size_t)snprintf(name + at, sizeof name - at, "%s%c", *part == '_' ? "\\" : "", *part);
        for (const char *part = field->key; *part; part++)
            at += (size_t)snprintf(name + at, sizeof name - at, "%s%c", *part == '_' ? "\\" : "", *part);
        snprintf(name + at, sizeof name - at, "* (");
        cr_expect(strstr(reference, name), "%s", name);
        if (field->table)
            expect_keys(reference, field->table, is_shared ? "" : inner);
    }
}

Test(document, the_reference_names_every_key_at_every_level)
{
    fob_auto_free char *text = document(FOB_DOC_REFERENCE);
    expect_keys(text, &fob_language, "");
    cr_expect(strstr(text, "*variables.NAME.pattern* (text)"));
    cr_expect(strstr(text, "*fob* (1, required)"));
    cr_expect(strstr(text, "One of *S256* (always, unless there is a reason); *S256-hex*"));
    cr_expect(strstr(text, "Default: *a space*."));
    cr_expect(strstr(text, "\n# REQUESTS\n") && strstr(text, "\n# ANSWERS\n"));
    cr_expect(strstr(text, "*encoding* (choice)") &&
              strstr(text, "*fields.access\\_token* (text, or a list)"));
    cr_expect_null(strstr(text, "((null)"), "every kind of key has a word");
}

Test(document, the_template_is_a_descriptor_as_it_is)
{
    fob_auto_free char *text = document(FOB_DOC_TEMPLATE);
    fob_auto_provider *provider = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    cr_assert_eq(fob_provider_parse(text, strlen(text), "acme.yaml", &provider, &error), FOB_OK, "%u:%u %s",
                 error.line, error.column, error.what);
    cr_expect_str_eq(fob_provider_metadata(provider, "token_endpoint"), "https://acme.example/oauth/token");
    cr_expect(strstr(text, "\n# scopes_supported: [mail.read, mail.send]\n"));
}

Test(document, the_schema_is_json)
{
    fob_auto_free char *text = document(FOB_DOC_SCHEMA);
    fob_auto_json *schema = NULL;
    cr_assert_eq(fob_json_object(text, strlen(text), &schema, NULL), FOB_OK);
    cr_expect_str_eq(fob_json_str(schema, "title"), "fob descriptor, version 1");
}

Test(document, the_functions_are_named_with_what_they_take)
{
    fob_auto_free char *text = document(FOB_DOC_FUNCTIONS);
    for (const struct fob_function *function = fob_functions; function->name; function++)
        cr_expect(strstr(text, function->doc), "%s", function->name);
    cr_expect(strstr(text, "*hmac\\_sha256(key, a)*\n\t"), "%s", text);
}

Test(document, there_is_no_other)
{
    char *text = NULL;
    cr_expect_eq(fob_descriptor_document((enum fob_descriptor_doc)4, &text, NULL), FOB_E_ARGUMENT);
    cr_expect_eq(fob_descriptor_document(FOB_DOC_SCHEMA, NULL, NULL), FOB_E_ARGUMENT);
    cr_expect_null(text);
}

Test(document, characters_that_scdoc_reads_are_escaped)
{
    static const struct fob_field field[] = {
        {.key = "a_b", .kind = FOB_FIELD_BOOL, .doc = "*no* <b> #1 \\", .example = "x_y"}};
    static const struct fob_table table = {.fields = field, .n_fields = 1};
    fob_auto_buf out = FOB_BUF(1000);
    fob_write_reference(&table, &out);
    cr_expect_str_eq(out.data, "*a\\_b* (true or false)\n\t\\*no\\* \\<b\\> \\#1 \\\\ Example: x\\_y\n\n");
}

Test(document, one_that_does_not_fit_fails_closed)
{
    fob_auto_buf reference = FOB_BUF(100), template = FOB_BUF(100);
    fob_write_reference(&fob_language, &reference);
    fob_write_template(&fob_language, &template);
    cr_expect_eq(fob_buf_finish(&reference, "it", NULL), FOB_E_LIMIT);
    cr_expect_eq(fob_buf_finish(&template, "it", NULL), FOB_E_LIMIT);
}
