/* SPDX-License-Identifier: MIT */
/* What was kept of callbacks and answers for later requests. */
#include "kept.h"

void fob_kept_set(struct fob_kept_values *kept, const char *name, const char *value, bool is_secret)
{
    fob_pairs_set(&kept->values, name, value);
    fob_pairs_set(&kept->shown, name, value && is_secret ? "" : value);
    if (kept->values.failed == FOB_OK)
        kept->values.failed = kept->shown.failed;
}

const char *fob_kept_get(const struct fob_kept_values *kept, const char *name)
{
    return fob_pairs_get(&kept->values, name);
}

bool fob_kept_is_secret(const struct fob_kept_values *kept, size_t i)
{
    const char *shown = fob_pairs_get(&kept->shown, kept->values.v[i].name);
    return shown && !*shown && *kept->values.v[i].value;
}

fob_err fob_kept_copy(struct fob_kept_values *to, const struct fob_kept_values *from)
{
    for (size_t i = 0; i < from->values.n; i++)
        fob_kept_set(to, from->values.v[i].name, from->values.v[i].value, fob_kept_is_secret(from, i));
    return to->values.failed;
}

void fob_kept_free(struct fob_kept_values *kept)
{
    fob_pairs_free(&kept->values);
    fob_pairs_free(&kept->shown);
}

json_t *fob_kept_to_json(const struct fob_kept_values *kept)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < kept->values.n; i++) {
        json_t *row = json_pack("{s:s, s:s, s:b}", "name", kept->values.v[i].name, "value",
                                kept->values.v[i].value, "secret", fob_kept_is_secret(kept, i));
        if (json_array_append_new(list, row) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

fob_err fob_kept_from_json(const json_t *json, struct fob_kept_values *ret)
{
    size_t i;
    json_t *row;
    if (json && !json_is_array(json))
        return FOB_E_STORE;
    json_array_foreach (json, i, row) {
        const char *name = json_string_value(json_object_get(row, "name"));
        const char *value = json_string_value(json_object_get(row, "value"));
        const json_t *secret = json_object_get(row, "secret");
        if (!name || !value || !json_is_boolean(secret))
            return FOB_E_STORE;
        fob_kept_set(ret, name, value, json_is_true(secret));
    }
    return ret->values.failed;
}
