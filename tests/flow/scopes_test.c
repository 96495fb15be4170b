/* SPDX-License-Identifier: MIT */
/* core/flow_names.c, core/flow.c: scopes are asked for as the descriptor says, in every request and encoding. */
#include "script.h"

#define AUTHORIZE                                                                                            \
    "https://acme.example/a?response_type=code&client_id=" CLIENT "&redirect_uri=" CALLBACK_ENCODED
#define GUARDS "&state=<state>&code_challenge=<challenge>&code_challenge_method=S256"
#define AS_USUAL                                                                                             \
    .exchanges = {{"POST https://acme.example/t", NULL,                                                      \
                   "grant_type=authorization_code&code=c0de&redirect_uri=" CALLBACK_ENCODED                  \
                   "&code_verifier=<verifier>&client_id=" CLIENT}}

Test(scopes, are_those_asked_for_else_the_default_and_always_those_that_are_always)
{
#define SCOPES "scopes: {default: [profile, mail], always: [offline]}\n"
    static const struct script scripts[] = {
        {.name = "default",
         .lines = SCOPES,
         .url = AUTHORIZE "&scope=profile+mail+offline" GUARDS,
         AS_USUAL,
         .token = "at - scope=profile mail offline"},
        {.name = "asked",
         .lines = SCOPES,
         .scopes = {"files", "mail"},
         .url = AUTHORIZE "&scope=files+mail+offline" GUARDS,
         AS_USUAL,
         .token = "at - scope=files mail offline"},
        {.name = "once each",
         .lines = SCOPES,
         .scopes = {"offline", "files", "files"},
         .url = AUTHORIZE "&scope=offline+files" GUARDS,
         AS_USUAL,
         .token = "at - scope=offline files"},
        {.name = "none", .url = AUTHORIZE GUARDS, AS_USUAL, .token = "at -"},
        {.name = "only always",
         .lines = "scopes: {always: [offline]}\n",
         .url = AUTHORIZE "&scope=offline" GUARDS,
         AS_USUAL,
         .token = "at - scope=offline"},
        {.name = "known ones are only known",
         .lines = "scopes: {known: {mail: read mail}}\n",
         .url = AUTHORIZE GUARDS,
         AS_USUAL,
         .token = "at -"},
        {.name = "one that is none", .scopes = {"two words"}, .err = FOB_E_ARGUMENT, .what = "a scope is"},
        {.name = "an empty one", .scopes = {""}, .err = FOB_E_ARGUMENT, .what = "a scope is"},
        {.name = "a quote", .scopes = {"a\"b"}, .err = FOB_E_ARGUMENT, .what = "a scope is"},
    };
    PLAY_ALL(scripts);
}

Test(scopes, stand_apart_by_the_providers_separator)
{
    static const struct script scripts[] = {
        {.name = "a comma",
         .lines = "scopes: {separator: \",\"}\n",
         .scopes = {"mail", "files"},
         .url = AUTHORIZE "&scope=mail%2Cfiles" GUARDS,
         AS_USUAL,
         .token = "at - scope=mail files"},
        {.name = "a literal + in a query",
         .lines = "scopes: {separator: \"+\"}\n",
         .scopes = {"mail", "files"},
         .url = AUTHORIZE "&scope=mail+files" GUARDS,
         AS_USUAL,
         .token = "at - scope=mail files"},
        {.name = "a literal + in a form",
         .play = MACHINE,
         .lines = "scopes: {separator: \"+\"}\n",
         .scopes = {"mail", "files"},
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=client_credentials&scope=mail+files&client_id=client-1"}},
         .token = "at - scope=mail files"},
        {.name = "a literal + in JSON",
         .play = MACHINE,
         .lines = "scopes: {separator: \"+\"}\ntoken: {encoding: json}\n",
         .scopes = {"mail", "files"},
         .exchanges = {{"POST https://acme.example/t", "Content-Type: application/json",
                        "{\"grant_type\":\"client_credentials\",\"scope\":\"mail+files\",\"client_id\":"
                        "\"client-1\"}"}},
         .token = "at - scope=mail files"},
        {.name = "a comma in JSON",
         .play = MACHINE,
         .lines = "scopes: {separator: \",\"}\ntoken: {encoding: json}\n",
         .scopes = {"mail", "files"},
         .exchanges = {{"POST https://acme.example/t", "Content-Type: application/json",
                        "{\"grant_type\":\"client_credentials\",\"scope\":\"mail,files\",\"client_id\":"
                        "\"client-1\"}"}},
         .token = "at - scope=mail files"},
        {.name = "read back as they were written",
         .play = MACHINE,
         .lines = "scopes: {separator: \";\"}\n",
         .scopes = {"mail", "files"},
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=client_credentials&scope=mail%3Bfiles&client_id=client-1",
                        .answer = "{\"access_token\":\"at\",\"scope\":\"mail;other\"}"}},
         .token = "at - scope=mail other"},
    };
    PLAY_ALL(scripts);
}

Test(scopes, of_a_group_go_into_the_parameter_that_it_fills)
{
#define GROUPS                                                                                               \
    "scopes: {separator: \",\", groups: {user: {default: [read]}, bot: {}}}\n"                               \
    "authorize: {params: {user_scope: \"{scopes.user}\", bot_scope: \"{scopes.bot}\"}}\n"
    static const struct script scripts[] = {
        {.name = "asked for",
         .lines = GROUPS,
         .scopes = {"mail", "user=files:read", "user=files:write", "bot=chat"},
         .url = AUTHORIZE "&scope=mail" GUARDS "&user_scope=files%3Aread%2Cfiles%3Awrite&bot_scope=chat",
         AS_USUAL,
         .token = "at - scope=mail"},
        {.name = "the group's default",
         .lines = GROUPS,
         .scopes = {"mail"},
         .url = AUTHORIZE "&scope=mail" GUARDS "&user_scope=read",
         AS_USUAL,
         .token = "at - scope=mail"},
        {.name = "only those of a group",
         .lines = GROUPS,
         .scopes = {"bot=chat", "bot=chat"},
         .url = AUTHORIZE GUARDS "&user_scope=read&bot_scope=chat",
         AS_USUAL,
         .token = "at -"},
        {.name = "what is no group is a scope with a =",
         .lines = GROUPS,
         .scopes = {"users=all", "use=all"},
         .url = AUTHORIZE "&scope=users%3Dall%2Cuse%3Dall" GUARDS "&user_scope=read",
         AS_USUAL,
         .token = "at - scope=users=all use=all"},
        {.name = "in the token request too",
         .play = MACHINE,
         .lines = "scopes: {groups: {user: {}}}\ntoken: {params: {user_scope: \"{scopes.user}\", all: "
                  "\"{concat(scope, ';', scopes.user)}\"}}\n",
         .scopes = {"mail", "user=a", "user=b"},
         .exchanges =
             {{"POST https://acme.example/t", NULL,
               "grant_type=client_credentials&scope=mail&client_id=client-1&user_scope=a+b&all=mail%3Ba+b"}},
         .token = "at - scope=mail"},
    };
    PLAY_ALL(scripts);
}
