/* SPDX-License-Identifier: MIT */
/* The descriptor language written down for people: a reference in scdoc and a template in YAML. */
#include "document.h"
#include "error.h"
#include "functions.h"
#include "language.h"

#include <string.h>

#define MAX_DOCUMENT ((size_t)1024 * 1024)

/* --- reference ---------------------------------------------------------------------------------------------- */

static void escaped(struct fob_buf *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("*_\\<>#", *text))
            fob_buf_char(out, '\\');
        fob_buf_char(out, *text);
    }
}

static const char *kind_word(const struct fob_field *field)
{
    static const char *const words[] = {
        [FOB_FIELD_TEXT] = "text",
        [FOB_FIELD_LIST] = "list",
        [FOB_FIELD_MAP] = "map",
        [FOB_FIELD_BOOL] = "true or false",
        [FOB_FIELD_VERSION] = "1",
        [FOB_FIELD_CHOICE] = "choice",
        [FOB_FIELD_BLOCK] = "block",
        [FOB_FIELD_BLOCKS] = "blocks by name",
        [FOB_FIELD_INCLUDE] = "block",
        [FOB_FIELD_JSON] = "anything",
        [FOB_FIELD_ITEMS] = "list of blocks",
    };
    return field->several ? "text, or a list" : words[field->kind];
}

static void write_facts(const struct fob_field *field, struct fob_buf *out)
{
    if (field->kind == FOB_FIELD_CHOICE) {
        for (const struct fob_choice *choice = field->choices; choice->word; choice++) {
            fob_buf_str(out, choice == field->choices ? " One of *" : "; *");
            escaped(out, choice->word);
            fob_buf_str(out, "* (");
            escaped(out, choice->doc);
            fob_buf_char(out, ')');
        }
        fob_buf_str(out, ".");
    }
    if (field->fallback && *field->fallback) {
        fob_buf_str(out, " Default: *");
        escaped(out, strcmp(field->fallback, " ") == 0 ? "a space" : field->fallback);
        fob_buf_str(out, "*.");
    }
    if (field->example) {
        fob_buf_str(out, " Example: ");
        escaped(out, field->example);
    }
}

static void write_include(const struct fob_table *table, struct fob_buf *out)
{
    if (table->section)
        fob_buf_fmt(out, "Every key of %s may stand here as well.\n\n", table->section);
    else if (table == &fob_metadata_table)
        fob_buf_str(out, "Every metadata key may stand here as well.\n\n");
    else
        fob_buf_str(out, "Every key of *fields* may stand here.\n\n");
}

static const char *between(const struct fob_field *field)
{
    return field->kind == FOB_FIELD_BLOCKS ? ".NAME." : field->kind == FOB_FIELD_ITEMS ? ".N." : ".";
}

static void write_table(const struct fob_table *table, const char *prefix, struct fob_buf *out)
{
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        char inner[128];
        if (field->kind == FOB_FIELD_INCLUDE) {
            if (*prefix)
                write_include(field->table, out);
            else
                write_table(field->table, prefix, out);
            continue;
        }
        fob_buf_char(out, '*');
        escaped(out, prefix);
        escaped(out, field->key);
        fob_buf_fmt(out, "* (%s%s)\n\t", kind_word(field), field->required ? ", required" : "");
        escaped(out, field->doc ? field->doc : field->table->doc);
        write_facts(field, out);
        if (field->table && field->table->section)
            fob_buf_fmt(out, " See %s.", field->table->section);
        fob_buf_str(out, "\n\n");
        snprintf(inner, sizeof inner, "%s%s%s", prefix, field->key, between(field));
        if (field->table && !field->table->section)
            write_table(field->table, inner, out);
    }
}

void fob_write_reference(const struct fob_table *table, struct fob_buf *out)
{
    write_table(table, "", out);
}

/* What several keys share, under headings of its own. */
static const struct fob_table *response_table(void)
{
    return fob_fields_find(&fob_request_table, "response")->table;
}

static void write_section(const struct fob_table *table, const char *intro, struct fob_buf *out)
{
    fob_buf_fmt(out, "# %s\n\n%s\n\n", table->section, intro);
    write_table(table, "", out);
}

static void write_whole_reference(struct fob_buf *out)
{
    fob_write_reference(&fob_language, out);
    write_section(
        &fob_request_table,
        "*token*, *client\\_credentials*, *refresh*, *revoke*, *userinfo*, *verify* and each of *steps* are "
        "requests. *client\\_credentials* and *refresh* start as a copy of *token*: what they say comes on "
        "top, key by key.",
        out);
    write_section(
        response_table(),
        "*response* says how the answer to a request is read. Where a value is found is a source: a JSON "
        "Pointer (RFC 6901) like /data/token, also into XML; \"\" for the whole answer as text; "
        "*header:*NAME; *cookie:*NAME; *claim:*TOKEN/POINTER for a claim of a JWT that the answer brought. "
        "What a robust client does anyway is no key: an error inside a 200, numbers written as text, answers "
        "as a form, an array of scopes, a refresh token that is not repeated.",
        out);
}

void fob_write_functions(struct fob_buf *out)
{
    for (const struct fob_function *function = fob_functions; function->name; function++) {
        fob_buf_char(out, '*');
        escaped(out, function->usage);
        fob_buf_str(out, "*\n\t");
        escaped(out, function->doc);
        fob_buf_str(out, "\n\n");
    }
}

/* --- template ----------------------------------------------------------------------------------------------- */

static void write_rows(const struct fob_table *table, unsigned depth, struct fob_buf *out)
{
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        bool shown =
            strcmp(field->key, "token_endpoint") == 0 || strcmp(field->key, "authorization_endpoint") == 0;
        if (field->kind == FOB_FIELD_INCLUDE) {
            if (depth == 0)
                write_rows(field->table, depth, out);
            continue;
        }
        fob_buf_fmt(out, "%*s# %s\n", (int)depth * 2, "", field->doc ? field->doc : field->table->doc);
        fob_buf_fmt(out, "%*s%s%s:", (int)depth * 2, "", shown || field->required ? "" : "# ", field->key);
        if (field->table) {
            fob_buf_char(out, '\n');
            fob_buf_fmt(out, "%s", field->kind == FOB_FIELD_BLOCKS ? "#   NAME:\n" : "");
            continue;
        }
        fob_buf_fmt(out, " %s\n",
                    field->example                  ? field->example
                    : field->kind == FOB_FIELD_BOOL ? "true"
                                                    : "…");
    }
}

void fob_write_template(const struct fob_table *table, struct fob_buf *out)
{
    fob_buf_str(out, "# A descriptor for fob: save it as ID.yaml. Two URLs are enough; see fob-descriptor(5) "
                     "for the rest.\n");
    write_rows(table, 0, out);
}

/* --- all of them --------------------------------------------------------------------------------------------- */

fob_err fob_descriptor_document(enum fob_descriptor_doc what, char **ret_text, struct fob_error *error)
{
    struct fob_buf out = FOB_BUF(MAX_DOCUMENT);
    if (!ret_text || what < FOB_DOC_SCHEMA || what > FOB_DOC_FUNCTIONS)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "there is no such document");
    if (what == FOB_DOC_SCHEMA)
        fob_write_schema(&fob_language, "fob descriptor, version 1", &out);
    else if (what == FOB_DOC_REFERENCE)
        write_whole_reference(&out);
    else if (what == FOB_DOC_FUNCTIONS)
        fob_write_functions(&out);
    else
        fob_write_template(&fob_language, &out);
    fob_err err = fob_buf_finish(&out, "the document", error);
    if (err == FOB_OK)
        *ret_text = fob_buf_steal(&out);
    else
        fob_buf_free(&out);
    return err;
}
