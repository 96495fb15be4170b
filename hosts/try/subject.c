/* SPDX-License-Identifier: MIT */
/* The descriptor that is tried or explained. */
#include "subject.h"
#include "sample.h"

#include <stdlib.h>
#include <string.h>

/* --- reading ------------------------------------------------------------------------------------------------ */

fob_err subject_read(fob_session *session, const char *text, size_t len, const char *file,
                     struct subject *ret, struct fob_error *error)
{
    char *json = NULL;
    fob_provider *provider = NULL;
    fob_err err = fob_read_provider(session, text, len, file, &provider, error);
    if (err == FOB_OK)
        err = fob_descriptor_json(session, text, len, file, &json, error);
    if (err != FOB_OK) {
        fob_provider_unref(&provider);
        return err;
    }
    json_t *both = must(json_loads(json, 0, NULL));
    free(json);
    *ret = (struct subject){.file = text_copy(file),
                            .provider = provider,
                            .descriptor = json_incref(json_object_get(both, "descriptor")),
                            .marks = json_incref(json_object_get(both, "marks"))};
    json_decref(both);
    return FOB_OK;
}

fob_err subject_read_tree(fob_session *session, json_t *descriptor, const char *file, struct subject *ret,
                          struct fob_error *error)
{
    char *text = must(json_dumps(descriptor, JSON_COMPACT));
    fob_err err = subject_read(session, text, strlen(text), file, ret, error);
    free(text);
    return err;
}

void subject_free(struct subject *subject)
{
    free(subject->file);
    fob_provider_unref(&subject->provider);
    json_decref(subject->descriptor);
    json_decref(subject->marks);
    *subject = (struct subject){0};
}

struct place subject_place(const struct subject *subject, const char *pointer)
{
    struct place place = {subject->file, 1, 1};
    char *above = text_copy(pointer);
    json_t *mark = NULL;
    while (*above && !(mark = json_object_get(subject->marks, above)))
        *strrchr(above, '/') = '\0';
    if (mark) {
        const char *file = json_string_value(json_array_get(mark, 2));
        place.file = file ? file : subject->file;
        place.line = (unsigned)json_integer_value(json_array_get(mark, 0));
        place.column = (unsigned)json_integer_value(json_array_get(mark, 1));
    }
    free(above);
    return place;
}

/* --- variables ---------------------------------------------------------------------------------------------- */

static char *value_of(json_t *variable, const char *name)
{
    static const char *const given[] = {"example", "default"};
    const char *choice = json_object_iter_key(json_object_iter(json_object_get(variable, "choices")));
    for (size_t i = 0; i < 2; i++)
        if (tree_text(variable, given[i]))
            return text_copy(tree_text(variable, given[i]));
    if (choice)
        return text_copy(choice);
    if (json_is_true(json_object_get(variable, "optional")))
        return NULL;
    const char *pattern = tree_text(variable, "pattern");
    return pattern ? sample_of_pattern(pattern) : text_copy(name);
}

void values_make(const struct subject *subject, const char *environment, json_t *given, struct values *ret)
{
    json_t *all = json_object_get(subject->descriptor, "variables"), *variable;
    json_t *here = json_object_get(
        json_object_get(json_object_get(subject->descriptor, "environments"), environment ? environment : ""),
        "variables");
    const char *name;
    *ret = (struct values){
        .v = must(calloc(json_object_size(all) + json_object_size(given) + 1, sizeof *ret->v))};
    json_object_foreach (all, name, variable) {
        const char *own = json_string_value(json_object_get(given, name));
        char *value = own ? text_copy(own) : json_object_get(here, name) ? NULL : value_of(variable, name);
        if (value)
            ret->v[ret->n++] = (struct fob_pair){text_copy(name), value};
    }
    json_object_foreach (given, name, variable) /* what is no variable is for libfob to tell */
        if (!json_object_get(all, name))
            ret->v[ret->n++] = (struct fob_pair){text_copy(name), text_copy(json_string_value(variable))};
}

void values_free(struct values *values)
{
    for (size_t i = 0; i < values->n; i++) {
        text_free_const(values->v[i].name);
        text_free_const(values->v[i].value);
    }
    free(values->v);
    *values = (struct values){0};
}

static const char *look_up(const struct subject *subject, const char *environment,
                           const struct values *values, const char *name)
{
    json_t *environments = json_object_get(subject->descriptor, "environments");
    for (size_t i = 0; i < values->n; i++)
        if (strcmp(values->v[i].name, name) == 0)
            return values->v[i].value;
    if (strcmp(name, "environment") == 0)
        return environment;
    if (strcmp(name, "client_id") == 0)
        return values->client_id;
    const char *here = json_string_value(json_object_get(
        json_object_get(json_object_get(environments, environment ? environment : ""), "variables"), name));
    return here ? here
                : json_string_value(json_object_get(
                      json_object_get(json_object_get(subject->descriptor, "variables"), name), "default"));
}

char *values_fill(const struct subject *subject, const char *environment, const struct values *values,
                  const char *template)
{
    struct text out = {0};
    while (*template) {
        size_t len = strcspn(template, "{");
        text_add(&out, template, len);
        template += len;
        const char *end = *template ? strchr(template, '}') : NULL;
        if (!end)
            break;
        const char *start = template + 1 + (template[1] == '+');
        char *name = text_slice(start, (size_t)(end - start));
        const char *value = look_up(subject, environment, values, name);
        if (value)
            text_str(&out, value);
        else
            text_add(&out, template, (size_t)(end - template) + 1);
        free(name);
        template = end + 1;
    }
    return text_take(&out);
}

const char *subject_metadata(const struct subject *subject, const char *environment, const char *name)
{
    json_t *here =
        json_object_get(json_object_get(subject->descriptor, "environments"), environment ? environment : "");
    const char *own = json_string_value(json_object_get(here, name));
    return own ? own : json_string_value(json_object_get(subject->descriptor, name));
}

/* --- names --------------------------------------------------------------------------------------------------- */

const char *subject_sent_as(const struct subject *subject, const char *name)
{
    json_t *own = tree_at(subject->descriptor, "authorize/rename"),
           *all = tree_at(subject->descriptor, "rename");
    const char *renamed = json_string_value(json_object_get(own, name));
    if (!renamed)
        renamed = json_string_value(json_object_get(all, name));
    return renamed ? renamed : name;
}

const char *subject_comes_as(const struct subject *subject, const char *name)
{
    const char *own =
        json_string_value(json_object_get(tree_at(subject->descriptor, "callback/fields"), name));
    return own ? own : subject_sent_as(subject, name);
}
