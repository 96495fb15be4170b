/* SPDX-License-Identifier: MIT */
/* A descriptor as a person would begin it: what is known, and in comments what else it may take. */
#include "draft.h"
#include "tree.h"

#include <stdlib.h>
#include <string.h>

/* --- scalars -------------------------------------------------------------------------------------------------- */

/* What YAML reads as the text it is, in a list too. */
static bool is_plain(const char *value)
{
    static const char *const words[] = {"true", "false", "null", "yes", "no", "on", "off"};
    size_t len = strlen(value);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], value) == 0)
            return false;
    return len && ((*value >= 'a' && *value <= 'z') || (*value >= 'A' && *value <= 'Z') || *value == '/') &&
           value[len - 1] != ':' &&
           strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:+-") == len;
}

static void add_scalar(struct text *out, const char *value)
{
    json_t *json = must(json_string(value));
    char *quoted = must(json_dumps(json, JSON_ENCODE_ANY));
    text_str(out, is_plain(value) ? value : quoted);
    free(quoted);
    json_decref(json);
}

static void add_list(struct text *out, const char *key, json_t *list)
{
    json_t *item;
    size_t i, n = 0;
    text_fmt(out, "%s: [", key);
    json_array_foreach (list, i, item) {
        if (!json_is_string(item))
            continue;
        text_str(out, n++ ? ", " : "");
        add_scalar(out, json_string_value(item));
    }
    text_str(out, "]\n");
}

/* --- metadata ------------------------------------------------------------------------------------------------- */

static void add_texts(struct text *out, json_t *metadata, const char *const *keys)
{
    for (; *keys; keys++) {
        const char *value = tree_text(metadata, *keys);
        if (!value)
            continue;
        text_fmt(out, "%s: ", *keys);
        add_scalar(out, value);
        text_str(out, "\n");
    }
}

static void add_lists(struct text *out, json_t *metadata)
{
    static const struct {
        const char *key, *comment;
    } lists[] = {
        {"grant_types_supported", NULL},
        {"token_endpoint_auth_methods_supported",
         "# How a client proves who it is: the first that it has what it takes for is used."},
        {"code_challenge_methods_supported", NULL},
        {"scopes_supported", NULL},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        json_t *list = json_object_get(metadata, lists[i].key);
        if (!json_array_size(list))
            continue;
        if (lists[i].comment)
            text_fmt(out, "%s\n", lists[i].comment);
        add_list(out, lists[i].key, list);
    }
    if (json_is_true(json_object_get(metadata, "authorization_response_iss_parameter_supported")))
        text_str(out, "authorization_response_iss_parameter_supported: true\n");
    if (json_is_true(json_object_get(metadata, "require_pushed_authorization_requests")))
        text_str(out, "# Which fob cannot do yet: its logins will be refused.\n"
                      "require_pushed_authorization_requests: true\n");
}

/* --- what else there is --------------------------------------------------------------------------------------- */

static void add_key(struct text *out, const char *key, const char *value)
{
    text_fmt(out, "%s: ", key);
    add_scalar(out, value);
    text_str(out, "\n");
}

static void add_variables(struct text *out, json_t *variables)
{
    const char *name;
    json_t *variable;
    if (!json_object_size(variables))
        return;
    text_str(out,
             "# What each tenant supplies. Say what it is and where a person finds it, how one looks, and "
             "what all match.\nvariables:\n");
    json_object_foreach (variables, name, variable) {
        text_fmt(out, "  %s:\n    doc: The %s, as the provider calls it\n    ", name, name);
        add_key(out, "example", tree_text(variable, "example"));
        text_str(out, "    ");
        add_key(out, "pattern", tree_text(variable, "pattern"));
    }
}

static void add_scopes(struct text *out, const struct draft *draft)
{
    const char *separator = tree_text(draft->said, "separator");
    bool has_scopes = json_array_size(draft->scopes) > 0;
    if (!has_scopes && !separator) {
        text_str(out,
                 "# scopes: { default: [profile], separator: \",\", known: { profile: what it means } }\n");
        return;
    }
    text_str(out, "scopes:\n");
    if (has_scopes) {
        text_str(out, "  # Asked for when nobody says which.\n  ");
        add_list(out, "default", draft->scopes);
    }
    if (separator) {
        text_str(out, "  ");
        add_key(out, "separator", separator);
    } else {
        text_str(out, "  # What stands between two of them, where it is no space.\n  # separator: \",\"\n");
    }
}

static void add_hosts(struct text *out, json_t *hosts)
{
    text_str(out, "# Where tokens and secrets may be sent; without it, exactly the hosts above.\n");
    if (json_array_size(hosts))
        add_list(out, "hosts", hosts);
    else
        text_str(out, "# hosts: [acme.example, \"*.api.acme.example\"]\n");
}

static void add_identity(struct text *out, json_t *said)
{
    const char *from = tree_text(said, "identity_from");
    text_str(out, "# Whose token it is: from token, id_token, userinfo or a step.\n");
    if (!from) {
        text_str(out, "# identity: { from: userinfo, id: /id, label: /name }\n");
        return;
    }
    text_fmt(out, "identity:\n  from: %s\n  ", from);
    add_key(out, "id", tree_text(said, "identity_id"));
    text_str(out, "  # label: /email\n");
}

static void add_rotation(struct text *out, json_t *said)
{
    const char *rotation = tree_text(said, "rotation");
    text_str(out,
             "# What becomes of a refresh token that was used: none, rotates, reuse_revokes or grace.\n");
    text_fmt(out, "%srotation: %s\n", rotation ? "" : "# ", rotation ? rotation : "rotates");
}

static void add_registration(struct text *out, json_t *said)
{
    const char *console = tree_text(said, "console"), *redirects = tree_text(said, "redirects");
    text_str(out, "# Where and how an application is registered.\n");
    if (!console && !redirects) {
        text_str(out, "# registration: { console: \"https://acme.example/apps\", redirect_uri: loopback }\n");
        return;
    }
    text_str(out, "registration:\n  ");
    if (console)
        add_key(out, "console", console);
    else
        text_str(out, "# console: https://acme.example/apps\n");
    text_fmt(out, "  %sredirect_uri: %s\n", redirects ? "" : "# ", redirects ? redirects : "loopback");
}

static void add_rest(struct text *out, const struct draft *draft)
{
    const char *mode = tree_text(draft->said, "response_mode");
    add_variables(out, draft->variables);
    add_scopes(out, draft);
    if (mode)
        text_fmt(out, "authorize: { response_mode: %s }\n", mode);
    add_hosts(out, draft->hosts);
    add_identity(out, draft->said);
    add_rotation(out, draft->said);
    add_registration(out, draft->said);
    text_str(
        out,
        "# Exchanges from the documentation, which `fob try` runs.\n"
        "# tests:\n"
        "#   a refresh:\n"
        "#     grant: refresh_token\n"
        "#     exchanges: [{ sends: { refresh_token: refresh-token }, answer: { access_token: at-1 } }]\n"
        "#     token: { access_token: at-1 }\n");
}

char *draft_write(const struct draft *draft)
{
    static const char *const texts[] = {"issuer",
                                        "authorization_endpoint",
                                        "token_endpoint",
                                        "revocation_endpoint",
                                        "userinfo_endpoint",
                                        "introspection_endpoint",
                                        "end_session_endpoint",
                                        "device_authorization_endpoint",
                                        "jwks_uri",
                                        NULL};
    struct text out = {0};
    text_str(&out, "# Begun by `fob new`. Every key there is: fob-descriptor(5). Then `fob lint`, `fob "
                   "explain`, `fob login`.\n");
    text_str(&out, "fob: 1\nname: ");
    add_scalar(&out, draft->name);
    text_str(&out, "\n# The page of the provider's documentation that this follows.\ndocs: ");
    add_scalar(&out, draft->docs);
    text_str(&out, "\n");
    if (draft->source)
        text_fmt(&out, "# As %s has it.\n", draft->source);
    add_texts(&out, draft->metadata, texts);
    add_lists(&out, draft->metadata);
    add_rest(&out, draft);
    return text_take(&out);
}
