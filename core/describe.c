/* SPDX-License-Identifier: MIT */
/* A descriptor as JSON, and where each of its values stands. */
#include "describe.h"
#include "cleanup.h"
#include "error.h"
#include "json.h"

#include <fob/limits.h>
#include <string.h>

#define MAX_JSON ((size_t)4 * 1024 * 1024) /* with the marks of FOB_MAX_YAML_NODES values */

/* --- marks -------------------------------------------------------------------------------------------------- */

static bool set_mark(json_t *marks, const char *pointer, struct fob_mark at)
{
    json_t *mark = json_pack("[i, i]", (int)at.line, (int)at.column);
    if (mark && at.file && json_array_append_new(mark, json_string(at.file)) != 0) {
        json_decref(mark);
        return false;
    }
    return json_object_set_new(marks, pointer, mark) == 0;
}

/* RFC 6901 section 3. */
static void add_key(struct fob_buf *pointer, const char *key)
{
    fob_buf_char(pointer, '/');
    for (; *key; key++) {
        if (*key == '~' || *key == '/')
            fob_buf_str(pointer, *key == '~' ? "~0" : "~1");
        else
            fob_buf_char(pointer, *key);
    }
}

static bool mark_below(json_t *marks, const struct fob_yaml *node, const char *above)
{
    size_t i = 0;
    bool good = true;
    for (const struct fob_yaml *child = node->children; child && good; child = child->next, i++) {
        fob_auto_buf pointer = FOB_BUF(MAX_JSON);
        fob_buf_str(&pointer, above);
        if (child->key)
            add_key(&pointer, child->key);
        else
            fob_buf_fmt(&pointer, "/%zu", i);
        good = pointer.failed == FOB_OK &&
               set_mark(marks, pointer.data, child->key ? child->key_mark : child->mark) &&
               mark_below(marks, child, pointer.data);
    }
    return good;
}

/* --- the whole ---------------------------------------------------------------------------------------------- */

static fob_err write_both(const struct fob_yaml *root, char **ret_json, struct fob_error *error)
{
    fob_auto_json *marks = json_object(), *both = json_object();
    fob_auto_buf out = FOB_BUF(MAX_JSON);
    if (!marks || !both || !mark_below(marks, root, "") ||
        json_object_set_new(both, "descriptor", fob_yaml_json(root)) != 0 ||
        json_object_set(both, "marks", marks) != 0)
        return fob_no_memory(error);
    fob_err err = fob_json_write(both, JSON_COMPACT, &out, error);
    json_object_del(both, "marks"); /* so that each has its one owner */
    if (err == FOB_OK)
        *ret_json = fob_buf_steal(&out);
    return err;
}

fob_err fob_describe(const char *text, size_t len, const char *file, struct fob_bases *bases, char **ret_json,
                     struct fob_error *error)
{
    struct fob_problems problems = {.file = file, .code = FOB_E_DESCRIPTOR};
    struct fob_yaml *root = NULL;
    fob_err err = fob_yaml_read(text, len, file, &root, error);
    if (err == FOB_OK && (!root || root->kind != FOB_YAML_MAP)) {
        err = fob_fail(error, FOB_E_DESCRIPTOR, "begin with the line \"fob: 1\"",
                       "a descriptor has to be a block of keys");
        fob_fail_at(error, err, file, 1, 1);
    }
    if (err == FOB_OK) {
        fob_inherit(&root, bases, &problems);
        err = problems.first.code;
        if (err != FOB_OK && error)
            *error = problems.first;
    }
    if (err == FOB_OK)
        err = write_both(root, ret_json, error);
    fob_yaml_free(&root);
    return err;
}
