/* SPDX-License-Identifier: MIT */
/* core/flow_token.c, core/flow_answer.c: refresh, revocation and verification by descriptor, and what becomes of answers. */
#include "script.h"

#define EXCHANGE_BODY                                                                                        \
    "grant_type=authorization_code&code=c0de&redirect_uri=" CALLBACK_ENCODED                                 \
    "&code_verifier=<verifier>&client_id=client-1"
#define EXCHANGE_WITH(...)                                                                                   \
    {                                                                                                        \
        "POST https://acme.example/t", NULL, EXCHANGE_BODY, __VA_ARGS__                                      \
    }
#define MACHINE_WITH(...)                                                                                    \
    {                                                                                                        \
        "POST https://acme.example/t", NULL, "grant_type=client_credentials&client_id=client-1", __VA_ARGS__ \
    }
#define REFRESH_BODY "grant_type=refresh_token&refresh_token=old-rt&client_id=client-1"
#define REFRESH_WITH(...)                                                                                    \
    {                                                                                                        \
        "POST https://acme.example/t", NULL, REFRESH_BODY, __VA_ARGS__                                       \
    }
#define WHOSE "id=u-0 label=Ada kept.realm=42"
#define MAILS "scope=mail files " WHOSE

/* --- refresh ------------------------------------------------------------------------------------------------ */

Test(tokens, a_refresh_is_asked_for_with_what_the_provider_wants)
{
    static const struct script scripts[] = {
        {.name = "as RFC 6749 has it",
         .play = REFRESH,
         .exchanges = {REFRESH_WITH()},
         .token = "at old-rt " MAILS},
        {.name = "the refresh token, said",
         .play = REFRESH,
         .lines = "refresh: {with: refresh_token}\n",
         .exchanges = {REFRESH_WITH()},
         .token = "at old-rt " MAILS},
        {.name = "the access token",
         .play = REFRESH,
         .lines = "refresh: {with: access_token, method: GET, secret_in_url: documented, params: "
                  "{grant_type: fb_exchange_token, "
                  "fb_exchange_token: \"{access_token}\"}}\n",
         .exchanges = {{"GET "
                        "https://acme.example/"
                        "t?grant_type=fb_exchange_token&client_id=client-1&fb_exchange_token=old-at",
                        NULL, NULL}},
         .token = "at old-rt " MAILS},
        {.name = "the client's credential",
         .play = REFRESH,
         .secret = "s3cret",
         .lines = "token: {auth: client_secret_post}\nrefresh: {with: client_credentials}\n",
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=client_credentials&client_id=client-1&client_secret=s3cret"}},
         .token = "at old-rt " MAILS},
        {.name = "an endpoint and names of its own",
         .play = REFRESH,
         .lines = "token: {encoding: json}\nrefresh: {endpoint: \"https://acme.example/again\", rename: "
                  "{refresh_token: rt}, "
                  "params: {grant_type: null}}\n",
         .exchanges = {{"POST https://acme.example/again", "Content-Type: application/json",
                        "{\"rt\":\"old-rt\",\"client_id\":\"client-1\"}"}},
         .token = "at old-rt " MAILS},
        {.name = "without the secret that token sends",
         .play = REFRESH,
         .secret = "s3cret",
         .lines = "token: {auth: client_secret_post}\nrefresh: {params: {client_secret: null}}\n",
         .exchanges = {REFRESH_WITH()},
         .token = "at old-rt " MAILS},
    };
    PLAY_ALL(scripts);
}

static fob_err refresh_without(const char *lines, struct fob_error *error)
{
    static const unsigned char seed[FOB_FLOW_SEED] = {1};
    const struct script script = {.name = lines, .lines = lines};
    fob_auto_provider *provider = provider_of(&script);
    fob_auto_client *client = NULL;
    fob_auto_token *old = old_token();
    fob_auto_flow *flow = NULL;
    struct fob_flow_params params = FOB_FLOW_PARAMS_INIT;
    fob_secret_free(&old->refresh);
    cr_assert_eq(fob_client_new(CLIENT, NULL, &client, NULL), FOB_OK);
    params.provider = provider;
    params.client = client;
    params.seed = seed;
    return fob_flow_refresh(&params, old, &flow, error);
}

Test(tokens, without_a_refresh_token_it_is_asked_for_with_something_else_or_not_at_all)
{
    struct fob_error error = FOB_ERROR_INIT;
    cr_expect_eq(refresh_without("", &error), FOB_E_ARGUMENT);
    cr_expect_eq(refresh_without("refresh: {with: refresh_token}\n", &error), FOB_E_ARGUMENT);
    cr_expect_str_eq(error.what, "there is no refresh token");
    cr_expect_eq(refresh_without("refresh: {with: access_token}\n", &error), FOB_OK);
    cr_expect_eq(refresh_without("refresh: {with: client_credentials}\n", &error), FOB_OK);
}

Test(tokens, a_refresh_token_that_does_not_come_is_kept_or_dropped)
{
    static const struct script scripts[] = {
        {.name = "kept",
         .play = REFRESH,
         .lines = "refresh: {missing_refresh_token: keep}\n",
         .exchanges = {REFRESH_WITH()},
         .token = "at old-rt " MAILS},
        {.name = "dropped",
         .play = REFRESH,
         .lines = "refresh: {missing_refresh_token: drop}\n",
         .exchanges = {REFRESH_WITH()},
         .token = "at - " MAILS},
        {.name = "a new one is a new one",
         .play = REFRESH,
         .lines = "refresh: {missing_refresh_token: drop}\n",
         .exchanges = {REFRESH_WITH(.answer = "{\"access_token\":\"at\",\"refresh_token\":\"rt-2\"}")},
         .token = "at rt-2 " MAILS},
        {.name = "an empty one is none",
         .play = REFRESH,
         .exchanges = {REFRESH_WITH(.answer = "{\"access_token\":\"at\",\"refresh_token\":\"\"}")},
         .token = "at old-rt " MAILS},
    };
    PLAY_ALL(scripts);
}

Test(tokens, an_access_token_that_does_not_come_is_the_old_one_only_where_the_provider_says_that_it_went_well)
{
#define PROLONGS "refresh: {missing_access_token: keep, response: {success: {/result: '0000'}}}\n"
    static const struct script scripts[] = {
        {.name = "prolonged",
         .play = REFRESH,
         .lines = PROLONGS "lifetimes: {access_token: 30d}\n",
         .exchanges = {REFRESH_WITH(.answer = "{\"result\":\"0000\"}")},
         .token = "old-at old-rt scope=mail files in=2592000 " WHOSE},
        {.name = "no success",
         .play = REFRESH,
         .lines = PROLONGS,
         .exchanges = {REFRESH_WITH(.answer = "{\"result\":\"5002\"}")},
         .err = FOB_E_PROVIDER,
         .what = "/result is not \"0000\""},
        {.name = "one that comes is taken",
         .play = REFRESH,
         .lines = PROLONGS,
         .exchanges = {REFRESH_WITH(.answer = "{\"result\":\"0000\",\"access_token\":\"at\"}")},
         .token = "at old-rt " MAILS},
        {.name = "not at a login",
         .lines = "token: {response: {success: {/result: '0000'}}}\nrefresh: {missing_access_token: keep}\n",
         .exchanges = {EXCHANGE_WITH(.answer = "{\"result\":\"0000\"}")},
         .err = FOB_E_PROTOCOL,
         .what = "holds no access_token"},
        {.name = "as long as before, where nobody knows how long",
         .play = REFRESH,
         .lines = PROLONGS,
         .exchanges = {REFRESH_WITH(.answer = "{\"result\":\"0000\"}")},
         .token = "old-at old-rt scope=mail files in=61 " WHOSE},
        {.name = "one that cannot be read is none",
         .play = REFRESH,
         .lines = PROLONGS,
         .exchanges = {REFRESH_WITH(.answer = "{\"result\":\"0000\",\"access_token\":12345}")},
         .err = FOB_E_PROTOCOL,
         .what = "holds no access_token"},
        {.name = "not where nobody says so",
         .play = REFRESH,
         .lines = "refresh: {response: {success: {/result: '0000'}}}\n",
         .exchanges = {REFRESH_WITH(.answer = "{\"result\":\"0000\"}")},
         .err = FOB_E_PROTOCOL,
         .what = "holds no access_token"},
    };
    PLAY_ALL(scripts);
}

Test(tokens, an_answer_to_a_refresh_is_read_as_tokens_until_it_says_otherwise)
{
    static const struct script scripts[] = {
        {.name = "token's fields",
         .play = REFRESH,
         .lines = "token: {response: {fields: {access_token: /data/token}}}\n",
         .exchanges = {REFRESH_WITH(.answer = "{\"data\":{\"token\":\"at\"}}")},
         .token = "at old-rt " MAILS},
        {.name = "one of its own",
         .play = REFRESH,
         .lines = "token: {response: {fields: {access_token: /data/token, expires_in: /data/in}}}\n"
                  "refresh: {response: {fields: {access_token: /token}}}\n",
         .exchanges = {REFRESH_WITH(.answer = "{\"token\":\"at\",\"data\":{\"in\":60}}")},
         .token = "at old-rt scope=mail files in=60 " WHOSE},
        {.name = "token's words and its own",
         .play = REFRESH,
         .lines = "token: {response: {errors: {E1: dead, E2: retry}}}\nrefresh: {response: {errors: {E2: "
                  "dead}}}\n",
         .exchanges = {REFRESH_WITH(400, "{\"error\":\"E2\"}")},
         .err = FOB_E_NEEDS_LOGIN,
         .what = "E2"},
        {.name = "kept by both",
         .play = REFRESH,
         .lines = "token: {response: {keep: {a: /a, b: /b}}}\nrefresh: {response: {keep: {b: /c}}}\n",
         .exchanges = {REFRESH_WITH(.answer =
                                        "{\"access_token\":\"at\",\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}")},
         .token = "at old-rt scope=mail files id=u-0 label=Ada kept.realm=42 kept.b=3 kept.a=1"},
        {.name = "kept before and now anew",
         .play = REFRESH,
         .lines = "token: {response: {keep: {realm: /r}}}\n",
         .exchanges = {REFRESH_WITH(.answer = "{\"access_token\":\"at\",\"r\":\"43\"}")},
         .token = "at old-rt scope=mail files id=u-0 label=Ada kept.realm=43"},
    };
    PLAY_ALL(scripts);
}

/* --- how long ----------------------------------------------------------------------------------------------- */

Test(tokens, live_as_long_as_the_answer_or_the_descriptor_says)
{
    static const struct script scripts[] = {
        {.name = "the descriptor's",
         .lines = "lifetimes: {access_token: 1h, refresh_token: 90d}\n",
         .exchanges = {EXCHANGE_WITH(.answer = "{\"access_token\":\"at\",\"refresh_token\":\"rt\"}")},
         .token = "at rt in=3600 refresh-in=7776000"},
        {.name = "the answer's",
         .lines = "lifetimes: {access_token: 1h, refresh_token: 90d}\n"
                  "token: {response: {fields: {refresh_token_expires_in: /x_refresh}}}\n",
         .exchanges = {EXCHANGE_WITH(
                 .answer =
                     "{\"access_token\":\"at\",\"refresh_token\":\"rt\",\"expires_in\":60,\"x_refresh\":"
                     "120}")},
         .token = "at rt in=60 refresh-in=120"},
        {.name = "an idle refresh token is used in time",
         .lines = "lifetimes: {access_token: 1h, refresh_token_idle: 8d}\n",
         .exchanges = {EXCHANGE_WITH(.answer = "{\"access_token\":\"at\",\"refresh_token\":\"rt\"}")},
         .token = "at rt in=3600 due-in=518400"},
        {.name = "one that renews itself is renewed in time",
         .lines = "lifetimes: {access_token: 60d}\nrefresh: {with: access_token, needs_valid: true}\n",
         .exchanges = {EXCHANGE_WITH()},
         .token = "at - in=5184000 due-in=3888000"},
        {.name = "a refresh that drops the refresh token drops its end",
         .play = REFRESH,
         .lines =
             "lifetimes: {access_token: 1h, refresh_token: 1d}\nrefresh: {missing_refresh_token: drop}\n",
         .exchanges = {REFRESH_WITH()},
         .token = "at - scope=mail files in=3600 " WHOSE},
    };
    PLAY_ALL(scripts);
}

Test(tokens, the_end_of_a_refresh_token_goes_with_it)
{
    struct script script = {
        .name = "drop", .play = REFRESH, .lines = "refresh: {missing_refresh_token: drop}\n"};
    for (int i = 0; i < 2; i++) {
        fob_auto_flow *flow = NULL;
        struct fob_action action = FOB_ACTION_INIT;
        cr_assert_eq(begin_script(&script, &flow, NULL), FOB_OK);
        flow->old->refresh_expires_at = START + 5000;
        cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
        cr_assert_eq(give_answer(flow, &(struct exchange){0}, NULL), FOB_OK);
        cr_expect_eq(fob_token_refresh_expires_at(fob_flow_token(flow)), i ? START + 5000 : 0);
        script.lines = "";
    }
}

/* --- what goes with it -------------------------------------------------------------------------------------- */

Test(tokens, fields_that_an_api_wants_come_with_the_token)
{
#define USE                                                                                                  \
    "use: {headers: {X-Key: \"{client_id}\", X-Realm: \"{kept.realm}\"}}\ncallback: {keep: {realm: "         \
    "realm}}\n"
    static const struct script scripts[] = {
        {.name = "all",
         .lines = USE,
         .callback = "state=<state>&code=c0de&realm=42",
         .exchanges = {EXCHANGE_WITH()},
         .token = "at - kept.realm=42 with=X-Key:client-1 with=X-Realm:42"},
        {.name = "those that have a value",
         .lines = USE,
         .exchanges = {EXCHANGE_WITH()},
         .token = "at - with=X-Key:client-1"},
        {.name = "after a refresh too",
         .play = REFRESH,
         .lines = USE,
         .exchanges = {REFRESH_WITH()},
         .token = "at old-rt " MAILS " with=X-Key:client-1 with=X-Realm:42"},
        {.name = "with what is asked as its holder",
         .play = VERIFY,
         .lines = USE "verify: {endpoint: \"https://acme.example/me\", headers: {x-key: own}}\n",
         .exchanges = {{"GET https://acme.example/me",
                        "Authorization: Bearer old-at\nX-Key: own\nX-Realm: 42", NULL}}},
        {.name = "but no line break",
         .lines = "use: {headers: {X-Shop: \"{callback.shop}\"}}\n",
         .callback = "state=<state>&code=c0de&shop=a%0d%0ab",
         .exchanges = {EXCHANGE_WITH()},
         .err = FOB_E_SECURITY,
         .what = "\"X-Shop\" would hold a line break",
         .token = "at - (partial)"},
    };
    PLAY_ALL(scripts);
}

/* --- more than one ------------------------------------------------------------------------------------------ */

#define ALSO                                                                                                 \
    "token: {response: {also: {user: {access_token: /user/token, refresh_token: /user/refresh, scope: "      \
    "/user/scope, "                                                                                          \
    "expires_in: /user/in}, bot: {access_token: /bot/token}}}}\nidentity: {id: /team}\nuse: {header: X-T}\n"

static fob_flow *exchanged(const char *lines, const char *answer)
{
    const struct script script = {.name = lines, .lines = lines, .scopes = {"mail"}};
    const struct exchange exchange = {.answer = answer};
    fob_flow *flow = NULL;
    struct fob_action action = FOB_ACTION_INIT;
    cr_assert_eq(begin_script(&script, &flow, NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_assert_eq(come_back(flow, "state=<state>&code=c0de", NULL), FOB_OK);
    cr_assert_eq(give_answer(flow, &exchange, NULL), FOB_OK);
    return flow;
}

Test(tokens, one_grant_can_give_several)
{
    fob_auto_flow *flow = exchanged(
        ALSO, "{\"access_token\":\"at\",\"refresh_token\":\"rt\",\"team\":\"T1\",\"user\":{\"token\":\"ut\","
              "\"refresh\":\"ur\",\"scope\":\"a,b\",\"in\":60},\"bot\":{\"token\":\"bt\"}}");
    const char *name = NULL;
    cr_expect_str_eq(tell_token(fob_flow_token(flow)), "at rt scope=mail id=T1 use=X-T:Bearer");
    fob_token *user = fob_flow_also(flow, 0, &name);
    cr_assert_not_null(user);
    cr_expect_str_eq(name, "user");
    cr_expect_str_eq(tell_token(user), "ut ur scope=a b in=60 id=T1 use=X-T:Bearer");
    fob_token *bot = fob_flow_also(flow, 1, &name);
    cr_assert_not_null(bot);
    cr_expect_str_eq(name, "bot");
    cr_expect_str_eq(tell_token(bot), "bt - id=T1 use=X-T:Bearer", "nothing of the first's");
    cr_expect_null(fob_flow_also(flow, 2, &name));
    cr_expect_null(fob_flow_also(NULL, 0, &name));
    cr_expect_not_null(fob_flow_also(flow, 0, NULL));
}

Test(tokens, those_that_did_not_come_are_left_out)
{
    fob_auto_flow *none = exchanged(ALSO, "{\"access_token\":\"at\",\"team\":\"T1\"}");
    fob_auto_flow *second =
        exchanged(ALSO, "{\"access_token\":\"at\",\"user\":{\"scope\":\"x\"},\"bot\":{\"token\":\"bt\"}}");
    const char *name = NULL;
    cr_expect_null(fob_flow_also(none, 0, &name));
    cr_expect_not_null(fob_flow_also(second, 0, &name));
    cr_expect_str_eq(name, "bot");
    cr_expect_null(fob_flow_also(second, 1, &name));
}

Test(tokens, a_refresh_gives_the_others_nothing_of_the_old_one)
{
    const struct script script = {.name = "also", .play = REFRESH, .lines = ALSO};
    fob_auto_flow *flow = NULL;
    struct fob_action action = FOB_ACTION_INIT;
    cr_assert_eq(begin_script(&script, &flow, NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_assert_eq(
        give_answer(flow,
                    &(struct exchange){.answer = "{\"access_token\":\"at\",\"user\":{\"token\":\"ut\"}}"},
                    NULL),
        FOB_OK);
    cr_expect_str_eq(tell_token(fob_flow_also(flow, 0, NULL)), "ut - id=u-0 use=X-T:Bearer kept.realm=42");
}

Test(tokens, as_many_as_both_blocks_name_are_given)
{
    static const char lines[] = "token: {response: {also: {a: {access_token: /a}, b: {access_token: /b}, c: "
                                "{access_token: /c}, d: {access_token: /d}}}}\n"
                                "refresh: {response: {also: {e: {access_token: /e}, f: {access_token: /f}, "
                                "g: {access_token: /g}, h: {access_token: "
                                "/h}}}}\n";
    const struct script script = {.name = "eight", .play = REFRESH, .lines = lines};
    fob_auto_flow *flow = NULL;
    struct fob_action action = FOB_ACTION_INIT;
    cr_assert_eq(begin_script(&script, &flow, NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_assert_eq(
        give_answer(flow,
                    &(struct exchange){
                        .answer = "{\"access_token\":\"at\",\"a\":\"1\",\"b\":\"2\",\"c\":\"3\",\"d\":\"4\","
                                  "\"e\":\"5\",\"f\":\"6\",\"g\":\"7\",\"h\":\"8\"}"},
                    NULL),
        FOB_OK);
    for (size_t n = 0; n < 8; n++)
        cr_expect_not_null(fob_flow_also(flow, n, NULL), "%zu", n);
    cr_expect_null(fob_flow_also(flow, 8, NULL));
}

/* --- client credentials ------------------------------------------------------------------------------------- */

Test(tokens, client_credentials_have_a_request_and_an_answer_of_their_own)
{
    static const struct script scripts[] = {
        {.name = "an endpoint",
         .play = MACHINE,
         .lines = "client_credentials: {endpoint: \"https://acme.example/machine\", params: {account: "
                  "\"1\"}, response: {fields: "
                  "{access_token: /token}}}\n",
         .exchanges = {{"POST https://acme.example/machine", NULL,
                        "grant_type=client_credentials&client_id=client-1&account=1",
                        .answer = "{\"token\":\"at\"}"}},
         .token = "at -"},
        {.name = "not of the code's",
         .lines = "client_credentials: {endpoint: \"https://acme.example/machine\"}\n",
         .exchanges = {EXCHANGE_WITH()},
         .token = "at -"},
        {.name = "a provider that does not do it",
         .play = MACHINE,
         .lines = "grant_types_supported: [authorization_code]\n",
         .err = FOB_E_CONFIG,
         .what = "does not do the client credentials grant"},
    };
    PLAY_ALL(scripts);
}

/* --- revoke ------------------------------------------------------------------------------------------------- */

#define REVOCATION "revocation_endpoint: https://acme.example/r\n"
#define REVOKES(which, hint)                                                                                 \
    {                                                                                                        \
        "POST https://acme.example/r", NULL, "token=" which "&token_type_hint=" hint "&client_id=client-1"   \
    }

Test(tokens, are_revoked_as_the_descriptor_says)
{
    static const struct script scripts[] = {
        {.name = "as RFC 7009 has it",
         .play = REVOKE,
         .lines = REVOCATION,
         .exchanges = {REVOKES("old-rt", "refresh_token"), REVOKES("old-at", "access_token")}},
        {.name = "the access token alone",
         .play = REVOKE,
         .lines = REVOCATION "revoke: {tokens: [access_token]}\n",
         .exchanges = {REVOKES("old-at", "access_token")}},
        {.name = "in another order",
         .play = REVOKE,
         .lines = REVOCATION "revoke: {tokens: [access_token, refresh_token]}\n",
         .exchanges = {REVOKES("old-at", "access_token"), REVOKES("old-rt", "refresh_token")}},
        {.name = "under other names, and with the token's own header",
         .play = REVOKE,
         .lines = "revoke: {endpoint: \"https://acme.example/auth.revoke\", auth: token, tokens: "
                  "[access_token], rename: {token: "
                  "t}, params: {token_type_hint: null, kind: \"{upper(token_type_hint)}\"}}\n",
         .exchanges = {{"POST https://acme.example/auth.revoke", "Authorization: Bearer old-at",
                        "t=old-at&kind=ACCESS_TOKEN"}}},
        {.name = "without it among the parameters",
         .play = REVOKE,
         .lines =
             "callback: {keep: {realm: r}}\nrevoke: {endpoint: "
             "\"https://acme.example/users/{kept.realm}/token\", method: "
             "DELETE, auth: token, tokens: [access_token], params: {token: null, token_type_hint: null}}\n",
         .exchanges = {{"DELETE https://acme.example/users/42/token", "Authorization: Bearer old-at", NULL}}},
        {.name = "in JSON with {token}",
         .play = REVOKE,
         .secret = "s3cret",
         .lines = REVOCATION
         "token: {auth: client_secret_post}\n"
         "revoke: {encoding: json, tokens: [refresh_token], params: {token: null, token_type_hint: null, "
         "revoke: \"{token}\", was: \"{token_type_hint}\"}}\n",
         .exchanges = {{"POST https://acme.example/r", "Content-Type: application/json",
                        "{\"client_id\":\"client-1\",\"client_secret\":\"s3cret\",\"revoke\":\"old-rt\","
                        "\"was\":\"refresh_token\"}"}}},
        {.name = "a success that is none",
         .play = REVOKE,
         .lines = REVOCATION "revoke: {response: {success: {/ok: true}, error: /why}}\n",
         .exchanges = {{"POST https://acme.example/r", NULL,
                        "token=old-rt&token_type_hint=refresh_token&client_id=client-1",
                        .answer = "{\"ok\":false,\"why\":\"not_today\"}"}},
         .err = FOB_E_PROVIDER,
         .what = "not_today"},
        {.name = "a status that is a success there",
         .play = REVOKE,
         .lines = REVOCATION "revoke: {tokens: [access_token], response: {status: [200, 404]}}\n",
         .exchanges = {{"POST https://acme.example/r", NULL,
                        "token=old-at&token_type_hint=access_token&client_id=client-1", 404, ""}}},
        {.name = "nowhere to revoke",
         .play = REVOKE,
         .err = FOB_E_CONFIG,
         .what = "has no revocation_endpoint"},
    };
    PLAY_ALL(scripts);
}

/* --- verify ------------------------------------------------------------------------------------------------- */

Test(tokens, are_verified_as_the_descriptor_says)
{
#define BEARER "Authorization: Bearer old-at"
    static const struct script scripts[] = {
        {.name = "a request",
         .play = VERIFY,
         .lines = "callback: {keep: {realm: r}}\nverify: {endpoint: "
                  "\"https://acme.example/{kept.realm}/me\", headers: {X-V: "
                  "\"1\"}, params: {limit: \"1\"}}\n",
         .exchanges = {{"GET https://acme.example/42/me?limit=1", BEARER "\nX-V: 1", NULL}}},
        {.name = "whatever a success holds",
         .play = VERIFY,
         .lines = "verify: {endpoint: \"https://acme.example/me\"}\n",
         .exchanges = {{"GET https://acme.example/me", BEARER, NULL, .answer = "<html>"}}},
        {.name = "the userinfo endpoint",
         .play = VERIFY,
         .lines = "userinfo_endpoint: https://acme.example/userinfo\n",
         .exchanges = {{"GET https://acme.example/userinfo", BEARER, NULL}}},
        {.name = "the userinfo request",
         .play = VERIFY,
         .lines = "userinfo: {endpoint: \"https://acme.example/who\", method: POST, headers: {X-V: \"1\"}, "
                  "response: {success: "
                  "{/ok: true}}}\n",
         .exchanges = {{"POST https://acme.example/who", BEARER "\nX-V: 1", "", .answer = "{\"ok\":false}"}},
         .err = FOB_E_PROVIDER,
         .what = "/ok is not \"true\""},
        {.name = "its own and not the userinfo request",
         .play = VERIFY,
         .lines = "userinfo: {endpoint: \"https://acme.example/who\", method: POST}\nverify: {endpoint: "
                  "\"https://acme.example/me\"}\n",
         .exchanges = {{"GET https://acme.example/me", BEARER, NULL}}},
        {.name = "a token that is none any more",
         .play = VERIFY,
         .lines = "verify: {endpoint: \"https://acme.example/me\"}\n",
         .exchanges = {{"GET https://acme.example/me", BEARER, NULL, 401, ""}},
         .err = FOB_E_CLIENT},
        {.name = "nothing is known",
         .play = VERIFY,
         .err = FOB_E_CONFIG,
         .what = "nothing is known by which a token of acme can be verified"},
    };
    PLAY_ALL(scripts);
}

/* --- secrets in errors -------------------------------------------------------------------------------------- */

#define LONG_SECRET "s3cret-of-the-client"

Test(tokens, what_a_provider_repeats_of_what_it_was_sent_is_not_shown)
{
    static const struct {
        struct script script;
        const char *secret;
    } cases[] = {
        {{.name = "the code",
          .callback = "state=<state>&code=the-code-of-this-login",
          .exchanges =
              {{"POST https://acme.example/t", NULL,
                "grant_type=authorization_code&code=the-code-of-this-login&redirect_uri=" CALLBACK_ENCODED
                "&code_verifier=<verifier>&client_id=client-1",
                400,
                "{\"error\":\"invalid_grant\",\"error_description\":\"the-code-of-this-login is bad\"}"}},
          .err = FOB_E_NEEDS_LOGIN},
         "the-code-of-this-login"},
        {{.name = "the client secret",
          .play = MACHINE,
          .secret = LONG_SECRET,
          .lines = "token: {auth: client_secret_post}\n",
          .exchanges = {{"POST https://acme.example/t", NULL,
                         "grant_type=client_credentials&client_id=client-1&client_secret=" LONG_SECRET, 401,
                         "{\"error\":\"invalid_client\",\"error_description\":\"" LONG_SECRET "?\"}"}},
          .err = FOB_E_CLIENT},
         LONG_SECRET},
        {{.name = "the new token, in a step",
          .lines = "steps: {me: {endpoint: \"https://acme.example/me\"}}\n",
          .exchanges = {EXCHANGE_WITH(.answer = "{\"access_token\":\"access-of-ada\"}"),
                        {"GET https://acme.example/me", "Authorization: Bearer access-of-ada", NULL, 403,
                         "{\"error\":\"denied access-of-ada\"}"}},
          .err = FOB_E_PROVIDER,
          .token = "access-of-ada - (partial)"},
         "access-of-ada"},
        {{.name = "a secret that was kept",
          .lines = "callback: {keep: {k: {from: k, secret: true}}}\ntoken: {headers: {X-K: \"{kept.k}\"}}\n",
          .callback = "state=<state>&code=c0de&k=kept-and-secret",
          .exchanges = {{"POST https://acme.example/t", "X-K: kept-and-secret", EXCHANGE_BODY, 400,
                         "{\"error\":\"x\",\"error_description\":\"no: kept-and-secret\"}"}},
          .err = FOB_E_PROVIDER},
         "kept-and-secret"},
        {{.name = "a secret variable",
          .play = MACHINE,
          .lines = "variables: {pin: {secret: true}}\ntoken: {params: {pin: \"{pin}\"}}\n",
          .variables = {{"pin", "tenant-secret"}},
          .exchanges = {{"POST https://acme.example/t", NULL,
                         "grant_type=client_credentials&client_id=client-1&pin=tenant-secret", 400,
                         "{\"error\":\"tenant-secret\"}"}},
          .err = FOB_E_PROVIDER},
         "tenant-secret"},
    };
    logged[0] = '\0';
    for (size_t i = 0; i < COUNT(cases); i++) {
        fob_auto_flow *flow = NULL;
        struct fob_error error = FOB_ERROR_INIT;
        size_t n = 0;
        play(&cases[i].script);
        cr_assert_eq(begin_script(&cases[i].script, &flow, &error), FOB_OK);
        cr_expect_eq(follow(&cases[i].script, flow, &n, &error), cases[i].script.err);
        cr_expect_null(strstr(error.what, cases[i].secret), "%s: %s", cases[i].script.name, error.what);
        cr_expect_null(strstr(error.oauth_error, cases[i].secret), "%s: %s", cases[i].script.name,
                       error.oauth_error);
        cr_expect(strstr(error.what, "repeated a secret"), "%s: %s", cases[i].script.name, error.what);
        cr_expect_null(strstr(logged, cases[i].secret), "%s", cases[i].script.name);
    }
}

Test(tokens, parameters_that_an_api_wants_come_with_the_token)
{
#define USE_PARAMS                                                                                           \
    "use: {params: {key: \"{client_id}&\", realm: \"{kept.realm}\"}}\ncallback: {keep: {realm: realm}}\n"
    static const struct script scripts[] = {
        {.name = "all",
         .lines = USE_PARAMS,
         .callback = "state=<state>&code=c0de&realm=42",
         .exchanges = {EXCHANGE_WITH()},
         .token = "at - kept.realm=42 with=?key=client-1& with=?realm=42"},
        {.name = "those that have a value",
         .lines = USE_PARAMS,
         .exchanges = {EXCHANGE_WITH()},
         .token = "at - with=?key=client-1&"},
        {.name = "after a refresh too, which itself goes without them",
         .play = REFRESH,
         .lines = USE_PARAMS,
         .exchanges = {REFRESH_WITH()},
         .token = "at old-rt " MAILS " with=?key=client-1& with=?realm=42"},
        {.name = "with what is asked as its holder, behind the query that is there",
         .play = VERIFY,
         .lines = USE_PARAMS "verify: {endpoint: \"https://acme.example/me?a=1\", params: {b: \"2\"}}\n",
         .exchanges = {{"GET https://acme.example/me?a=1&b=2&key=client-1%26&realm=42",
                        "Authorization: Bearer old-at", NULL}}},
        {.name = "beside a token in the query",
         .play = MACHINE,
         .lines =
             "use: {query: auth, params: {key: k}}\nsteps: {me: {endpoint: \"https://acme.example/me\"}}\n",
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=client_credentials&client_id=client-1"},
                       {"GET https://acme.example/me?auth=at&key=k", NULL, NULL}},
         .token = "at - use=?auth with=?key=k"},
        {.name = "in the query, whatever the body is",
         .play = VERIFY,
         .lines =
             USE_PARAMS "verify: {endpoint: \"https://acme.example/me\", method: POST, encoding: json}\n",
         .exchanges = {{"POST https://acme.example/me?key=client-1%26&realm=42",
                        "Authorization: Bearer old-at\nContent-Type: application/json", "{}"}}},
        {.name = "unless the request says otherwise",
         .play = VERIFY,
         .lines =
             USE_PARAMS "verify: {endpoint: \"https://acme.example/me\", params: {key: own, realm: null}}\n",
         .exchanges = {{"GET https://acme.example/me?key=own", "Authorization: Bearer old-at", NULL}}},
        {.name = "or presents no token",
         .play = VERIFY,
         .lines = USE_PARAMS "verify: {endpoint: \"https://acme.example/me\", auth: none}\n",
         .exchanges = {{"GET https://acme.example/me", NULL, NULL}}},
    };
    PLAY_ALL(scripts);
}

/* --- a list of others --------------------------------------------------------------------------------------- */

/* The names under which tokens came along, and of how many the log says, once, that they could not be kept. */
static void expect_others(const char *others, const char *names, size_t lost)
{
    fob_auto_buf told = FOB_BUF(4096), answer = FOB_BUF(16384);
    fob_auto_flow *flow = NULL;
    const struct script script = {
        .name = others,
        .play = MACHINE,
        .lines = "token: {response: {also: {service: {each: /others, name: /for, access_token: /at}}}}\n"};
    struct fob_action action = FOB_ACTION_INIT;
    const char *name;
    logged[0] = '\0';
    cr_assert_eq(begin_script(&script, &flow, NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    fob_buf_fmt(&answer, "{\"access_token\":\"at\",\"others\":[%s]}", others);
    cr_assert_eq(give_answer(flow, &(struct exchange){.answer = answer.data}, NULL), FOB_OK);
    for (size_t i = 0; fob_flow_also(flow, i, &name); i++)
        fob_buf_fmt(&told, "%s%s=%s", i ? " " : "", name,
                    fob_secret_peek(fob_token_access(fob_flow_also(flow, i, NULL)), NULL));
    cr_expect_str_eq(told.len ? told.data : "", names, "%s", others);
    char wanted[80];
    snprintf(wanted, sizeof wanted, "cannot be kept under their names: %zu\n", lost);
    const char *said = strstr(logged, "cannot be kept under");
    cr_expect(lost ? said && strstr(said, wanted) == said && !strstr(said + 1, "cannot be kept") : !said,
              "%s: %s", others, logged);
}

Test(tokens, of_a_list_are_kept_under_the_names_that_the_answer_gives_them)
{
    expect_others("", "", 0);
    expect_others("{\"for\":\"transfer.api.example\",\"at\":\"1\"},{\"for\":\"B_2-c\",\"at\":\"2\"}",
                  "transfer.api.example=1 B_2-c=2", 0);
    expect_others("{\"for\":\"none\"},{\"for\":\"a\",\"at\":\"1\"}", "a=1", 0);
}

Test(tokens, of_a_list_that_have_no_name_of_their_own_are_told_and_left)
{
    expect_others("{\"for\":\"../a\",\"at\":\"1\"},{\"for\":\"\",\"at\":\"2\"},{\"at\":\"3\"},{\"for\":\"a "
                  "b\",\"at\":\"4\"},"
                  "{\"for\":7,\"at\":\"5\"},{\"for\":\"..\",\"at\":\"6\"},{\"for\":\"ok\",\"at\":\"7\"}",
                  "ok=7", 6);
    expect_others("{\"for\":\"a\",\"at\":\"1\"},{\"for\":\"a\",\"at\":\"2\"}", "a=1", 1);
    fob_auto_buf many = FOB_BUF(16384), names = FOB_BUF(4096);
    for (int i = 0; i < FOB_MAX_ALSO + 2; i++) {
        fob_buf_fmt(&many, "%s{\"for\":\"n%d\",\"at\":\"1\"}", i ? "," : "", i);
        if (i < FOB_MAX_ALSO)
            fob_buf_fmt(&names, "%sn%d=1", i ? " " : "", i);
    }
    expect_others(many.data, names.data, 2);
}
