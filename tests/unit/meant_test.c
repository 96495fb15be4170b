/* SPDX-License-Identifier: MIT */
/* Who writes a wrong word into a descriptor is told which was meant, or nothing that misleads: meant.c, language_words.c. */
#include "cleanup.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define WHOLE "fob: 1\ndocs: https://acme.example/docs\ntoken_endpoint: https://acme.example/t\n"

/* The fix of the error that stands in line 4. */
static char fix[512];

static void write_down(void *user, const struct fob_problem *problem)
{
    (void)user;
    if (problem->severity == FOB_PROBLEM_ERROR && problem->line == 4)
        snprintf(fix, sizeof fix, "%s", problem->fix ? problem->fix : "");
}

static void has_fix(const char *line, const char *wanted)
{
    char text[512];
    snprintf(text, sizeof text, WHOLE "%s\n", line);
    snprintf(fix, sizeof fix, "not told");
    fob_provider_lint(text, strlen(text), "acme.yaml", write_down, NULL, NULL);
    cr_expect_str_eq(fix, wanted, "%s: %s", line, fix);
}

static void has_no_suggestion(const char *line)
{
    has_fix(line, "remove it, or put x- before it to keep it as a note");
}

/* --- keys --------------------------------------------------------------------------------------------------- */

Test(meant, a_typing_error_in_a_key_is_seen)
{
    has_fix("scops: {}", "did you mean \"scopes\"? (x- before a key makes it a note)");
    has_fix("nmae: a", "did you mean \"name\"? (x- before a key makes it a note)");
    has_fix("authorise: {}", "did you mean \"authorize\"? (x- before a key makes it a note)");
    has_fix("authorizationEndpoint: a",
            "did you mean \"authorization_endpoint\"? (x- before a key makes it a note)");
    has_fix("Name: a", "did you mean \"name\"? (x- before a key makes it a note)");
    has_fix("refresh: {min-age: 1h}", "did you mean \"min_age\"? (x- before a key makes it a note)");
}

Test(meant, no_key_is_suggested_that_is_far_from_what_stands_there)
{
    has_no_suggestion("device: {}");
    has_no_suggestion("token: {body: json}");
    has_no_suggestion("zz: a");
    has_no_suggestion("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: b");
}

Test(meant, a_key_of_another_block_is_found_there)
{
    has_fix("pkce: none", "it is a key of \"authorize\"");
    has_fix("encoding: json", "it is a key of \"token\"");
    has_fix("expires_unit: s", "it is a key of \"token.response\"");
    has_fix("secret: true",
            "a descriptor is for everybody: what is the client's own goes into clients.yaml, or to "
            "fob login --client-secret-file");
    has_fix("pattern: a", "it is a key of \"variables.NAME\"");
    has_fix("token: {scopes: {}}", "it belongs to the top of the file");
    has_fix("environments: {a: {hosts: []}}", "it belongs to the top of the file");
    has_no_suggestion("exchanges: []");
}

Test(meant, the_keys_of_other_tools_are_known)
{
    has_fix("authorization_url: a", "fob calls it \"authorization_endpoint\"");
    has_fix("authorizationUrl: a", "fob calls it \"authorization_endpoint\"");
    has_fix("environments: {a: {token_url: b}}", "fob calls it \"token_endpoint\"");
    has_fix("token: {token_url: b}", "fob calls it \"token_endpoint\", at the top of the file");
    has_fix("token: {url: b}", "fob calls it \"endpoint\"");
    has_no_suggestion("url: b");
    has_fix("refresh_url: a", "fob calls it \"refresh.endpoint\"");
    has_fix("scope_separator: a", "fob calls it \"scopes.separator\"");
    has_fix("token: {authMethod: basic}", "fob calls it \"token.auth\"");
    has_fix("grant_types: [a]", "fob calls it \"grant_types_supported\"");
}

Test(meant, what_is_the_clients_own_has_no_place_in_a_descriptor)
{
    has_fix("client_secret: hunter2", "a descriptor is for everybody: what is the client's own goes into "
                                      "clients.yaml, or to fob login --client-secret-file");
    has_fix("client_id: a",
            "a descriptor is for everybody: what is the client's own goes into clients.yaml, or "
            "to fob login --client-id");
}

/* --- words -------------------------------------------------------------------------------------------------- */

Test(meant, a_word_is_found_by_its_letters_or_a_part_of_it)
{
    has_fix("token: {auth: basic}", "did you mean \"client_secret_basic\"?");
    has_fix("token: {auth: post}", "did you mean \"client_secret_post\"?");
    has_fix("token: {auth: client-secret-basic}", "did you mean \"client_secret_basic\"?");
    has_fix("token: {auth: clientSecretPost}", "did you mean \"client_secret_post\"?");
    has_fix("token: {method: post}", "did you mean \"POST\"?");
    has_fix("token: {encoding: JSON}", "did you mean \"json\"?");
    has_fix("token: {encoding: application/x-www-form-urlencoded}", "did you mean \"form\"?");
    has_fix("token: {response: {expires_unit: seconds}}", "did you mean \"s\"?");
    has_fix("token: {response: {expires_unit: minutes}}", "did you mean \"min\"?");
    has_fix("token: {response: {errors: {gone: daed}}}", "did you mean \"dead\"?");
    has_fix("rotation: rotate", "did you mean \"rotates\"?");
    has_fix("authorize: {pkce: s256}", "did you mean \"S256\"?");
}

Test(meant, true_and_false_are_words_where_there_is_a_none)
{
    has_fix("rotation: true", "did you mean \"rotates\"?");
    has_fix("rotation: false", "did you mean \"none\"?");
    has_fix("authorize: {pkce: true}", "did you mean \"S256\"?");
    has_fix("authorize: {pkce: false}", "did you mean \"none\"? It wants a pkce_reason");
    has_fix("callback: {state: false}", "did you mean \"none\"? It wants a state_reason");
    has_fix("token: {encoding: true}", "");
}

Test(meant, no_word_is_suggested_where_none_is_near)
{
    has_fix("token: {method: HEAD}", "");
    has_fix("token: {auth: kerberos}", "");
    has_fix("token: {encoding: \"\"}", "");
    has_fix("token: {encoding: [json]}", "");
    has_fix("token: {encoding: 1}", "");
}

/* --- values ------------------------------------------------------------------------------------------------- */

Test(meant, a_number_is_told_how_a_duration_is_written)
{
    has_fix("lifetimes: {access_token: 3600}", "write 3600s where seconds are meant, or 1h");
    has_fix("lifetimes: {access_token: 86400}", "write 86400s where seconds are meant, or 1d");
    has_fix("refresh: {max_ttl: 30}", "write 30s where seconds are meant");
    has_fix("refresh: {max_ttl: 1.5}", "write a number and one of s, m, h, d, y");
    has_fix("name: 1", "quote it if text is meant");
    has_fix("docs2: 1", "did you mean \"docs\"? (x- before a key makes it a note)");
}

Test(meant, a_missing_key_is_told_as_the_line_that_it_takes)
{
    struct fob_error error = FOB_ERROR_INIT;
    const char *text = "token_endpoint: https://acme.example/t\n";
    fob_provider_lint(text, strlen(text), "acme.yaml", NULL, NULL, &error);
    cr_expect_str_eq(error.fix, "begin with the line \"fob: 1\"");
    has_fix("identity: {label: /a}", "add id: /user/id");
}
