/* SPDX-License-Identifier: MIT */
/* The descriptor language written down for people: a reference in scdoc and a template in YAML. */
#include "document.h"
#include "error.h"
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
        [FOB_FIELD_TEXT] = "text",     [FOB_FIELD_LIST] = "list",
        [FOB_FIELD_MAP] = "map",       [FOB_FIELD_BOOL] = "true or false",
        [FOB_FIELD_VERSION] = "1",     [FOB_FIELD_CHOICE] = "choice",
        [FOB_FIELD_BLOCK] = "block",   [FOB_FIELD_BLOCKS] = "blocks by name",
        [FOB_FIELD_INCLUDE] = "block",
    };
    return words[field->kind];
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

static void write_table(const struct fob_table *table, const char *prefix, struct fob_buf *out)
{
    for (size_t i = 0; i < table->n_fields; i++) {
        const struct fob_field *field = &table->fields[i];
        char inner[128];
        if (field->kind == FOB_FIELD_INCLUDE) {
            if (*prefix)
                fob_buf_str(out, "Every metadata key may stand here as well.\n\n");
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
        fob_buf_str(out, "\n\n");
        snprintf(inner, sizeof inner, "%s%s.%s", prefix, field->key,
                 field->kind == FOB_FIELD_BLOCKS ? "NAME." : "");
        if (field->table)
            write_table(field->table, inner, out);
    }
}

void fob_write_reference(const struct fob_table *table, struct fob_buf *out)
{
    write_table(table, "", out);
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

/* --- all three ---------------------------------------------------------------------------------------------- */

fob_err fob_descriptor_document(enum fob_descriptor_doc what, char **ret_text, struct fob_error *error)
{
    struct fob_buf out = FOB_BUF(MAX_DOCUMENT);
    if (!ret_text || (what != FOB_DOC_SCHEMA && what != FOB_DOC_REFERENCE && what != FOB_DOC_TEMPLATE))
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "there is no such document");
    if (what == FOB_DOC_SCHEMA)
        fob_write_schema(&fob_language, "fob descriptor, version 1", &out);
    else if (what == FOB_DOC_REFERENCE)
        fob_write_reference(&fob_language, &out);
    else
        fob_write_template(&fob_language, &out);
    fob_err err = fob_buf_finish(&out, "the document", error);
    if (err == FOB_OK)
        *ret_text = fob_buf_steal(&out);
    else
        fob_buf_free(&out);
    return err;
}
