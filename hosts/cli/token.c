/* SPDX-License-Identifier: MIT */
/* fob token. */
#include "cli.h"

#include <string.h>

static int print_raw(fob_token *token)
{
    size_t len;
    const char *text = fob_secret_peek(fob_token_access(token), &len);
    fwrite(text, 1, len, stdout);
    putchar('\n');
    return EXIT_OK;
}

static int print_header(fob_token *token)
{
    const char *name;
    fob_secret *value = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    if (fob_token_header(token, &name, &value, &error) != FOB_OK)
        return fail(&error);
    printf("%s: %s\n", name, fob_secret_peek(value, NULL));
    fob_secret_free(&value);
    const struct fob_pair *field;
    for (size_t i = 0; (field = fob_token_api_field(token, i)); i++)
        printf("%s: %s\n", field->name, field->value);
    return EXIT_OK;
}

static int print_token_json(fob_token *token)
{
    json_t *json = token_facts(token);
    int64_t expires_at = fob_token_expires_at(token);
    const struct fob_pair *beside;
    json_t *fields = json_object(), *params = json_object();
    for (size_t i = 0; (beside = fob_token_api_field(token, i)); i++)
        json_object_set_new(fields, beside->name, json_string(beside->value));
    for (size_t i = 0; (beside = fob_token_api_param(token, i)); i++)
        json_object_set_new(params, beside->name, json_string(beside->value));
    json_object_set_new(json, "api_headers", fields);
    json_object_set_new(json, "api_params", params);
    json_object_set_new(json, "access_token", json_string(fob_secret_peek(fob_token_access(token), NULL)));
    json_object_set_new(json, "expires_in",
                        expires_at ? json_integer((expires_at - fob_now()) / 1000) : json_null());
    return print_json(json);
}

/* One of the values that came with the token, secret ones too: what the API wants beside it. */
static int print_kept_value(const fob_token *token, const char *name)
{
    const struct fob_pair *kept;
    const char *value = fob_token_kept(token, name);
    if (value) {
        puts(value);
        return EXIT_OK;
    }
    fprintf(stderr, "fob: nothing named \"%s\" is kept beside this token\n", name);
    fputs("  there is:", stderr);
    for (size_t i = 0; (kept = fob_token_kept_nth(token, i)); i++)
        fprintf(stderr, " %s", kept->name);
    fputs(fob_token_kept_nth(token, 0) ? "\n" : " nothing\n", stderr);
    return EXIT_USAGE;
}

static const struct {
    const char *name;
    int (*print)(fob_token *token);
} formats[] = {{"raw", print_raw}, {"json", print_token_json}, {"header", print_header}};

int run_token(const struct args *args)
{
    fob_session *session = NULL;
    fob_token *token = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    int64_t min_ttl = 60;
    size_t format = 0;
    while (args->format && format < 3 && strcmp(formats[format].name, args->format) != 0)
        format++;
    if (format == 3)
        return usage("use raw, json or header", "there is no format \"%s\"", args->format);
    if (args->kept && args->format)
        return usage("keep one of them", "--kept and --format were both given");
    if (args->min_ttl && !parse_number("min-ttl", args->min_ttl, 31536000, &min_ttl))
        return EXIT_USAGE;
    int result = open_session(args, &session);
    if (result != EXIT_OK)
        return result;
    if (fob_get_token(session, args->rest.v[0], min_ttl * 1000, &token, &error) != FOB_OK)
        result = fail(&error);
    else if (args->kept)
        result = print_kept_value(token, args->kept);
    else
        result = formats[format].print(token);
    fob_token_unref(&token);
    fob_close(&session);
    return result;
}
