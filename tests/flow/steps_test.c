/* SPDX-License-Identifier: MIT */
/* core/flow_stages.c: steps before and after a token, choices, whose token it is, and a token that no later failure takes. */
#include "script.h"

#define EXCHANGE_BODY                                                                                        \
    "grant_type=authorization_code&code=c0de&redirect_uri=" CALLBACK_ENCODED                                 \
    "&code_verifier=<verifier>&client_id=client-1"
#define EXCHANGE                                                                                             \
    {                                                                                                        \
        "POST https://acme.example/t", NULL, EXCHANGE_BODY                                                   \
    }
#define EXCHANGE_WITH(...)                                                                                   \
    {                                                                                                        \
        "POST https://acme.example/t", NULL, EXCHANGE_BODY, __VA_ARGS__                                      \
    }
#define GET(url, ...)                                                                                        \
    {                                                                                                        \
        "GET " url, "Authorization: Bearer at", NULL, __VA_ARGS__                                            \
    }
#define ASK(url)                                                                                             \
    {                                                                                                        \
        "GET " url, "Authorization: Bearer at", NULL                                                         \
    }
#define REFRESHES(...)                                                                                       \
    {                                                                                                        \
        "POST https://acme.example/t", NULL,                                                                 \
            "grant_type=refresh_token&refresh_token=old-rt&client_id=client-1", __VA_ARGS__                  \
    }
#define KEPT_BEFORE "scope=mail files id=u-0 label=Ada kept.realm=42"

/* --- when --------------------------------------------------------------------------------------------------- */

#define ONE_OF_EACH                                                                                          \
    "steps:\n"                                                                                               \
    "  after: {when: token, endpoint: \"https://acme.example/after\", response: {keep: {after: /x}}}\n"      \
    "  app: {when: before, endpoint: \"https://acme.example/app\", auth: none, response: {keep: {app: "      \
    "/x}}}\n"                                                                                                \
    "  once: {endpoint: \"https://acme.example/once\", response: {keep: {once: /x}}}\n"                      \
    "  app2: {when: before, endpoint: \"https://acme.example/app2\", auth: none, headers: {X-App: "          \
    "\"{kept.app}\"}}\n"                                                                                     \
    "token: {params: {app: \"{kept.app}\"}}\n"

Test(steps, are_sent_in_file_order_when_they_say)
{
    static const struct script scripts[] = {
        {.name = "a login",
         .lines = ONE_OF_EACH,
         .exchanges = {{"GET https://acme.example/app", NULL, NULL, .answer = "{\"x\":\"1\"}"},
                       {"GET https://acme.example/app2", "X-App: 1", NULL, .answer = "{}"},
                       {"POST https://acme.example/t", NULL, EXCHANGE_BODY "&app=1"},
                       GET("https://acme.example/after", .answer = "{\"x\":\"2\"}"),
                       GET("https://acme.example/once", .answer = "{\"x\":\"3\"}")},
         .token = "at - kept.app=1 kept.after=2 kept.once=3"},
        {.name = "client credentials",
         .play = MACHINE,
         .lines = ONE_OF_EACH,
         .exchanges = {{"GET https://acme.example/app", NULL, NULL, .answer = "{\"x\":\"1\"}"},
                       {"GET https://acme.example/app2", "X-App: 1", NULL, .answer = "{}"},
                       {"POST https://acme.example/t", NULL,
                        "grant_type=client_credentials&client_id=client-1&app=1"},
                       GET("https://acme.example/after", .answer = "{\"x\":\"2\"}"),
                       GET("https://acme.example/once", .answer = "{\"x\":\"3\"}")},
         .token = "at - kept.app=1 kept.after=2 kept.once=3"},
        {.name = "a refresh has no login",
         .play = REFRESH,
         .lines = ONE_OF_EACH,
         .exchanges = {{"GET https://acme.example/app", NULL, NULL, .answer = "{\"x\":\"1\"}"},
                       {"GET https://acme.example/app2", "X-App: 1", NULL, .answer = "{}"},
                       {"POST https://acme.example/t", NULL,
                        "grant_type=refresh_token&refresh_token=old-rt&client_id=client-1&app=1"},
                       GET("https://acme.example/after", .answer = "{\"x\":\"2\"}")},
         .token = "at old-rt " KEPT_BEFORE " kept.app=1 kept.after=2"},
        {.name = "a revocation has none at all",
         .play = REVOKE,
         .lines = "revocation_endpoint: https://acme.example/r\n" ONE_OF_EACH,
         .exchanges = {{"POST https://acme.example/r", NULL,
                        "token=old-rt&token_type_hint=refresh_token&client_id=client-1"},
                       {"POST https://acme.example/r", NULL,
                        "token=old-at&token_type_hint=access_token&client_id=client-1"}}},
        {.name = "nor has a look whether it is good",
         .play = VERIFY,
         .lines = "verify: {endpoint: \"https://acme.example/me\"}\n" ONE_OF_EACH,
         .exchanges = {{"GET https://acme.example/me", "Authorization: Bearer old-at", NULL}}},
    };
    PLAY_ALL(scripts);
}

Test(steps, about_a_person_are_sent_where_there_is_one)
{
#define PERSON                                                                                               \
    "steps: {me: {when: person, endpoint: \"https://acme.example/me\", response: {keep: {me: /id}}}}\n"
    static const struct script scripts[] = {
        {.name = "a login",
         .lines = PERSON,
         .exchanges = {EXCHANGE, GET("https://acme.example/me", .answer = "{\"id\":7}")},
         .token = "at - kept.me=7"},
        {.name = "a machine",
         .play = MACHINE,
         .lines = PERSON,
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=client_credentials&client_id=client-1"}},
         .token = "at -"},
        {.name = "a refresh",
         .play = REFRESH,
         .lines = PERSON,
         .exchanges = {REFRESHES()},
         .token = "at old-rt " KEPT_BEFORE},
        {.name = "one who chooses",
         .lines = "steps: {s: {when: person, endpoint: \"https://acme.example/s\", choose: {id: /id}, "
                  "response: {keep: {s: "
                  "/id}}}}\n",
         .chooses = "b",
         .exchanges = {EXCHANGE, GET("https://acme.example/s", .answer = "[{\"id\":\"a\"},{\"id\":\"b\"}]")},
         .token = "at - kept.s=b"},
    };
    PLAY_ALL(scripts);
}

Test(steps, are_requests_like_any_other)
{
    static const struct script scripts[] = {
        {.name = "all keys",
         .secret = "s3cret",
         .lines = "token: {auth: none}\ncallback: {keep: {realm: realm}}\n"
                  "steps:\n  session:\n    endpoint: \"https://acme.example/{kept.realm}/login\"\n    "
                  "method: POST\n"
                  "    encoding: json\n    auth: client_secret_post\n    rename: {client_secret: key}\n"
                  "    params: {t: \"{access_token}\", v: \"*\", client_id: null}\n    headers: {X-R: "
                  "\"{kept.realm}\"}\n"
                  "    place: {v: query}\n    response: {success: {/ok: true}, keep: {s: header:X-Header}}\n",
         .callback = "state=<state>&code=c0de&realm=a%20b",
         .exchanges = {EXCHANGE,
                       {"POST https://acme.example/a%20b/login?v=*",
                        "X-R: a b\nContent-Type: application/json", "{\"key\":\"s3cret\",\"t\":\"at\"}",
                        .answer = "{\"ok\":true}", .header = "sess"}},
         .token = "at - kept.realm=a b kept.s=sess"},
        {.name = "a success that is none",
         .lines = "steps: {s: {endpoint: \"https://acme.example/s\", response: {success: {/ok: true}, error: "
                  "/why, errors: "
                  "{no_plan: denied}}}}\n",
         .exchanges = {EXCHANGE,
                       GET("https://acme.example/s", .answer = "{\"ok\":false,\"why\":\"no_plan\"}")},
         .err = FOB_E_DENIED,
         .what = "no_plan",
         .token = "at - (partial)"},
        {.name = "a kept value that does not match",
         .lines = "steps: {s: {endpoint: \"https://acme.example/s\", response: {keep: {a: {from: /a, "
                  "pattern: \"[a-z]+\"}}}}}\n",
         .exchanges = {EXCHANGE, GET("https://acme.example/s", .answer = "{\"a\":\"A\"}")},
         .err = FOB_E_SECURITY,
         .token = "at - (partial)"},
    };
    PLAY_ALL(scripts);
}

/* --- replaces ----------------------------------------------------------------------------------------------- */

#define LONG_LIVED                                                                                           \
    "steps:\n  long:\n    endpoint: \"{+token_endpoint}\"\n    auth: none\n    secret_in_url: documented\n"  \
    "    params: {grant_type: exchange, t: \"{access_token}\"}\n    replaces: token\n"

Test(steps, the_answer_of_one_can_be_the_token_from_then_on)
{
    static const struct script scripts[] = {
        {.name = "what it does not tell stays",
         .lines = LONG_LIVED,
         .exchanges =
             {EXCHANGE_WITH(
                      .answer =
                          "{\"access_token\":\"at\",\"refresh_token\":\"rt\",\"expires_in\":60,\"scope\":"
                          "\"mail\"}"),
              {"GET https://acme.example/t?grant_type=exchange&t=at", NULL, NULL,
               .answer = "{\"access_token\":\"long\"}"}},
         .token = "long rt scope=mail"},
        {.name = "what it tells is told",
         .lines = LONG_LIVED "lifetimes: {access_token: 60d}\nidentity: {id: /user}\n",
         .exchanges = {EXCHANGE_WITH(.answer = "{\"access_token\":\"at\",\"user\":\"u-1\"}"),
                       {"GET https://acme.example/t?grant_type=exchange&t=at", NULL, NULL,
                        .answer = "{\"access_token\":\"long\",\"refresh_token\":\"rt-2\",\"scope\":\"a "
                                  "b\",\"user\":\"u-2\"}"}},
         .token = "long rt-2 scope=a b in=5184000 id=u-1"},
        {.name = "later steps present the new one",
         .lines = LONG_LIVED "  me: {endpoint: \"https://acme.example/me\"}\n",
         .exchanges = {EXCHANGE,
                       {"GET https://acme.example/t?grant_type=exchange&t=at", NULL, NULL,
                        .answer = "{\"access_token\":\"long\",\"expires_in\":100}"},
                       {"GET https://acme.example/me", "Authorization: Bearer long", NULL}},
         .token = "long - in=100"},
        {.name = "without a token the first one stays",
         .lines = LONG_LIVED,
         .exchanges = {EXCHANGE,
                       {"GET https://acme.example/t?grant_type=exchange&t=at", NULL, NULL,
                        .answer = "{\"x\":1}"}},
         .err = FOB_E_PROTOCOL,
         .what = "no access_token",
         .token = "at - (partial)"},
        {.name = "refused, the first one stays",
         .lines = LONG_LIVED,
         .exchanges = {EXCHANGE,
                       {"GET https://acme.example/t?grant_type=exchange&t=at", NULL, NULL, 400,
                        "{\"error\":\"invalid_grant\"}"}},
         .err = FOB_E_NEEDS_LOGIN,
         .token = "at - (partial)"},
    };
    PLAY_ALL(scripts);
}

/* {"iss":"https://acme.example","aud":"client-1","exp":1700000600,"sub":"ada"}, and one of somebody else's */
#define ADA                                                                                                  \
    "e30."                                                                                                   \
    "eyJpc3MiOiJodHRwczovL2FjbWUuZXhhbXBsZSIsImF1ZCI6ImNsaWVudC0xIiwiZXhwIjoxNzAwMDAwNjAwLCJzdWIiOiJhZGEifQ" \
    ".s"
#define EVE                                                                                                  \
    "e30."                                                                                                   \
    "eyJpc3MiOiJodHRwczovL2FjbWUuZXhhbXBsZSIsImF1ZCI6ImNsaWVudC0xIiwiZXhwIjoxNzAwMDAwNjAwLCJzdWIiOiJldmUifQ" \
    ".s"
#define OTHER                                                                                                \
    "e30."                                                                                                   \
    "eyJpc3MiOiJodHRwczovL2V2aWwuZXhhbXBsZSIsImF1ZCI6ImNsaWVudC0xIiwiZXhwIjoxNzAwMDAwNjAwLCJzdWIiOiJhZGEifQ" \
    ".s"

Test(steps, an_id_token_that_comes_later_is_checked_too)
{
#define ISSUER "issuer: https://acme.example\n"
#define LATER(id, ...)                                                                                       \
    {                                                                                                        \
        .name = id, .lines = ISSUER LONG_LIVED,                                                              \
        .callback = "state=<state>&code=c0de&iss=https://acme.example",                                      \
        .exchanges = {EXCHANGE_WITH(.answer = "{\"access_token\":\"at\",\"id_token\":\"" ADA "\"}"),         \
                      {"GET https://acme.example/t?grant_type=exchange&t=at", NULL, NULL,                    \
                       .answer = "{\"access_token\":\"long\",\"id_token\":\"" id "\"}"}},                    \
        __VA_ARGS__                                                                                          \
    }
    static const struct script scripts[] = {
        LATER(ADA, .token = "long - id=ada"),
        LATER(EVE, .err = FOB_E_SECURITY, .what = "somebody else's", .token = "at - id=ada (partial)"),
        LATER(OTHER, .err = FOB_E_SECURITY, .what = "was not made for this login",
              .token = "at - id=ada (partial)"),
        LATER("nonsense", .err = FOB_E_PROTOCOL, .token = "at - id=ada (partial)"),
    };
    PLAY_ALL(scripts);
}

/* --- choose ------------------------------------------------------------------------------------------------- */

#define SITES                                                                                                \
    "steps:\n  site:\n    endpoint: \"https://acme.example/sites\"\n    choose: {from: /sites, id: /id, "    \
    "label: /name}\n"                                                                                        \
    "    response: {keep: {cloud: /id, url: /url, all: /count}}\n  next: {endpoint: "                        \
    "\"https://acme.example/{kept.cloud}\"}\n"
#define GET_XML(...)                                                                                         \
    {                                                                                                        \
        "GET https://acme.example/sites", "Accept: application/xml\nAuthorization: Bearer at", NULL,         \
            __VA_ARGS__                                                                                      \
    }
#define XML_SITES                                                                                            \
    "steps:\n  site: {endpoint: \"https://acme.example/sites\", choose: {from: /r/site, id: /id}, "          \
    "response: "                                                                                             \
    "{format: xml, keep: {cloud: /id}}}\n"
#define TWO                                                                                                  \
    "{\"count\":2,\"sites\":[{\"id\":\"a\",\"name\":\"One\",\"url\":\"u1\"},{\"id\":7,\"name\":\"Two\","     \
    "\"url\":\"u2\"}]}"

Test(steps, let_the_person_choose_one_of_several)
{
    static const struct script scripts[] = {
        {.name = "the first",
         .lines = SITES,
         .chooses = "a",
         .exchanges = {EXCHANGE, GET("https://acme.example/sites", .answer = TWO),
                       ASK("https://acme.example/a")},
         .token = "at - kept.cloud=a kept.url=u1"},
        {.name = "the second",
         .lines = SITES,
         .chooses = "7",
         .exchanges = {EXCHANGE, GET("https://acme.example/sites", .answer = TWO),
                       ASK("https://acme.example/7")},
         .token = "at - kept.cloud=7 kept.url=u2"},
        {.name = "beforehand",
         .lines = SITES,
         .choices = {{"site", "7"}},
         .exchanges = {EXCHANGE, GET("https://acme.example/sites", .answer = TWO),
                       ASK("https://acme.example/7")},
         .token = "at - kept.cloud=7 kept.url=u2"},
        {.name = "beforehand, of another step",
         .lines = SITES,
         .choices = {{"other", "7"}},
         .chooses = "a",
         .exchanges = {EXCHANGE, GET("https://acme.example/sites", .answer = TWO),
                       ASK("https://acme.example/a")},
         .token = "at - kept.cloud=a kept.url=u1"},
        {.name = "beforehand, one that is not there",
         .lines = SITES,
         .choices = {{"site", "8"}},
         .exchanges = {EXCHANGE, GET("https://acme.example/sites", .answer = TWO)},
         .err = FOB_E_ARGUMENT,
         .what = "there is no site \"8\" in this account",
         .token = "at - (partial)"},
        {.name = "one is taken",
         .lines = SITES,
         .exchanges = {EXCHANGE,
                       GET("https://acme.example/sites", .answer = "{\"sites\":[{\"id\":\"only\"}]}"),
                       ASK("https://acme.example/only")},
         .token = "at - kept.cloud=only"},
        {.name = "one that was not the one that was wanted",
         .lines = SITES,
         .choices = {{"site", "a"}},
         .exchanges = {EXCHANGE,
                       GET("https://acme.example/sites", .answer = "{\"sites\":[{\"id\":\"only\"}]}")},
         .err = FOB_E_ARGUMENT,
         .token = "at - (partial)"},
        {.name = "none",
         .lines = SITES,
         .exchanges = {EXCHANGE, GET("https://acme.example/sites", .answer = "{\"sites\":[]}")},
         .err = FOB_E_DENIED,
         .what = "this account has no site to choose",
         .token = "at - (partial)"},
        {.name = "no list",
         .lines = SITES,
         .exchanges = {EXCHANGE, GET("https://acme.example/sites", .answer = "{\"sites\":{\"id\":1}}")},
         .err = FOB_E_DENIED,
         .token = "at - (partial)"},
        {.name = "one in XML, where that is no list",
         .lines = XML_SITES,
         .exchanges = {EXCHANGE, GET_XML(.answer = "<r><site><id>only</id></site></r>")},
         .token = "at - kept.cloud=only"},
        {.name = "several in XML",
         .lines = XML_SITES,
         .chooses = "b",
         .exchanges = {EXCHANGE, GET_XML(.answer = "<r><site><id>a</id></site><site><id>b</id></site></r>")},
         .token = "at - kept.cloud=b"},
        {.name = "none in XML",
         .lines = XML_SITES,
         .exchanges = {EXCHANGE, GET_XML(.answer = "<r></r>")},
         .err = FOB_E_DENIED,
         .what = "this account has no site to choose",
         .token = "at - (partial)"},
        {.name = "one in XML without an id",
         .lines = XML_SITES,
         .exchanges = {EXCHANGE, GET_XML(.answer = "<r><site>x</site></r>")},
         .err = FOB_E_DENIED,
         .token = "at - (partial)"},
        {.name = "nothing at all",
         .lines = SITES,
         .exchanges = {EXCHANGE, GET("https://acme.example/sites", .answer = "")},
         .err = FOB_E_DENIED,
         .token = "at - (partial)"},
        {.name = "those without an id are none",
         .lines = SITES,
         .exchanges =
             {EXCHANGE,
              GET("https://acme.example/sites",
                  .answer = "{\"sites\":[1,null,{\"name\":\"x\"},{\"id\":null},{\"id\":{}},{\"id\":\"a\"}]}"),
              ASK("https://acme.example/a")},
         .token = "at - kept.cloud=a"},
        {.name = "the whole answer is the list",
         .lines = "steps: {site: {endpoint: \"https://acme.example/sites\", choose: {id: /id}, response: "
                  "{keep: {c: /id, h: "
                  "header:X-Header}}}}\n",
         .chooses = "b",
         .exchanges = {EXCHANGE, GET("https://acme.example/sites",
                                     .answer = "[{\"id\":\"a\"},{\"id\":\"b\"}]", .header = "x")},
         .token = "at - kept.c=b"},
        {.name = "a list of texts",
         .lines = "steps: {site: {endpoint: \"https://acme.example/sites\", choose: {id: \"\"}, response: "
                  "{keep: {c: \"\"}}}}\n",
         .chooses = "b",
         .exchanges = {EXCHANGE, GET("https://acme.example/sites", .answer = "[\"a\",\"b\"]")},
         .token = "at - kept.c=b"},
        {.name = "the identity is the chosen one's",
         .lines = "identity: {from: site, id: /id, label: /name}\n" SITES,
         .chooses = "7",
         .exchanges = {EXCHANGE, GET("https://acme.example/sites", .answer = TWO),
                       ASK("https://acme.example/7")},
         .token = "at - id=7 label=Two kept.cloud=7 kept.url=u2"},
        {.name = "two steps to choose in",
         .lines =
             "steps:\n  a: {endpoint: \"https://acme.example/a\", choose: {id: /id}, response: {keep: {a: "
             "/id}}}\n"
             "  b: {endpoint: \"https://acme.example/b\", choose: {id: /id}, response: {keep: {b: /id}}}\n",
         .chooses = "x",
         .exchanges = {EXCHANGE, GET("https://acme.example/a", .answer = "[{\"id\":\"x\"},{\"id\":\"y\"}]"),
                       GET("https://acme.example/b", .answer = "[{\"id\":\"z\"},{\"id\":\"x\"}]")},
         .token = "at - kept.a=x kept.b=x"},
    };
    PLAY_ALL(scripts);
}

/* A flow that waits for a choice between a and 7. */
static fob_flow *waiting_for_choice(void)
{
    const struct script script = {.name = "choice", .lines = SITES};
    fob_flow *flow = NULL;
    struct fob_action action = FOB_ACTION_INIT;
    cr_assert_eq(begin_script(&script, &flow, NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_assert_eq(come_back(flow, "state=<state>&code=c0de", NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_assert_eq(give_answer(flow, &(struct exchange){0}, NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_assert_eq(give_answer(flow, &(struct exchange){.answer = TWO}, NULL), FOB_OK);
    return flow;
}

Test(steps, the_options_are_shown_with_their_labels)
{
    fob_auto_flow *flow = waiting_for_choice();
    struct fob_action action = FOB_ACTION_INIT;
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_assert_eq(action.want, FOB_WANT_CHOICE);
    cr_expect_str_eq(action.step, "site");
    cr_assert_eq(action.n_options, 2);
    cr_expect_str_eq(action.options[0].id, "a");
    cr_expect_str_eq(action.options[0].label, "One");
    cr_expect_str_eq(action.options[1].id, "7");
    cr_expect_str_eq(action.options[1].label, "Two");
    cr_expect_null(action.request);
    cr_expect_not_null(fob_flow_token(flow), "the token is there, and not whole");
    cr_expect_not(fob_token_is_whole(fob_flow_token(flow)));
}

Test(steps, a_choice_that_is_none_changes_nothing)
{
    static const char *const wrong[] = {"", "b", "A", "One", "a ", "77"};
    fob_auto_flow *flow = waiting_for_choice();
    struct fob_error error = FOB_ERROR_INIT;
    struct fob_action action = FOB_ACTION_INIT;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        cr_expect_eq(fob_flow_feed_choice(flow, START, wrong[i], &error), FOB_E_ARGUMENT, "%s", wrong[i]);
        cr_expect(strstr(error.what, "there is no option"), "%s", error.what);
        cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
        cr_expect_eq(action.want, FOB_WANT_CHOICE);
    }
    cr_expect_eq(fob_flow_feed_choice(flow, START, NULL, &error), FOB_E_ARGUMENT);
    cr_expect_eq(fob_flow_feed_choice(NULL, START, "a", &error), FOB_E_ARGUMENT);
    cr_expect_eq(fob_flow_feed_choice(flow, START, "a", &error), FOB_OK);
}

Test(steps, labels_are_printable_and_ids_do_without)
{
    const struct script script = {.name = "labels", .lines = SITES};
    fob_auto_flow *flow = NULL;
    struct fob_action action = FOB_ACTION_INIT;
    cr_assert_eq(begin_script(&script, &flow, NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_assert_eq(come_back(flow, "state=<state>&code=c0de", NULL), FOB_OK);
    cr_assert_eq(give_answer(flow, &(struct exchange){0}, NULL), FOB_OK);
    cr_assert_eq(
        give_answer(flow,
                    &(struct exchange){
                        .answer = "{\"sites\":[{\"id\":\"a\",\"name\":\"x\\u001b[31m\\ny\"},"
                                  "{\"id\":\"b\"},{\"id\":\"c\",\"name\":\"\"},{\"id\":\"d\",\"name\":[]}]}"},
                    NULL),
        FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_assert_eq(action.n_options, 4);
    cr_expect_null(strpbrk(action.options[0].label, "\x1b\n"), "%s", action.options[0].label);
    cr_expect_str_eq(action.options[1].label, "b", "the id stands in for a label");
    cr_expect_str_eq(action.options[2].label, "c");
    cr_expect_str_eq(action.options[3].label, "d");
}

Test(steps, of_very_many_the_first_are_shown_and_all_can_be_chosen_beforehand)
{
    static char many[64 * 1024];
    size_t used = (size_t)snprintf(many, sizeof many, "{\"sites\":[");
    for (int i = 0; i < 1000; i++)
        used += (size_t)snprintf(many + used, sizeof many - used, "%s{\"id\":\"s%d\"}", i ? "," : "", i);
    snprintf(many + used, sizeof many - used, "]}");
    struct script script = {.name = "many",
                            .lines = SITES,
                            .chooses = "s255",
                            .exchanges = {EXCHANGE, GET("https://acme.example/sites", .answer = many),
                                          ASK("https://acme.example/s255")},
                            .token = "at - kept.cloud=s255"};
    play(&script);
    script.choices[0] = (struct fob_pair){"site", "s999"};
    script.exchanges[2].line = "GET https://acme.example/s999";
    script.token = "at - kept.cloud=s999";
    play(&script);
}

/* --- whose token -------------------------------------------------------------------------------------------- */

Test(steps, whose_token_it_is_is_told_where_the_descriptor_says)
{
#define USERINFO "userinfo_endpoint: https://acme.example/me\n"
    static const struct script scripts[] = {
        {.name = "the answer of the token endpoint",
         .lines = "identity: {id: /user/id, label: /user/name}\n",
         .exchanges = {EXCHANGE_WITH(.answer =
                                         "{\"access_token\":\"at\",\"user\":{\"id\":7,\"name\":\"Ada L\"}}")},
         .token = "at - id=7 label=Ada L"},
        {.name = "a header field of it",
         .lines = "identity: {from: token, id: header:X-Header}\n",
         .exchanges = {EXCHANGE_WITH(.header = "u-9")},
         .token = "at - id=u-9"},
        {.name = "a claim of the access token",
         .lines = "identity: {id: claim:access_token/sub}\n",
         .exchanges = {EXCHANGE_WITH(.answer = "{\"access_token\":\"" ADA "\"}")},
         .token = ADA " - id=ada"},
        {.name = "nowhere",
         .lines = "identity: {id: /user/id}\n",
         .exchanges = {EXCHANGE_WITH(.answer = "{\"access_token\":\"at\",\"user\":{}}")},
         .token = "at -"},
        {.name = "the ID token",
         .lines = "identity: {from: id_token, id: /sub, label: /iss}\n",
         .exchanges = {EXCHANGE_WITH(.answer = "{\"access_token\":\"at\",\"id_token\":\"" ADA "\"}")},
         .token = "at - id=ada label=https://acme.example"},
        {.name = "the ID token by its claim",
         .lines = "identity: {from: id_token, id: claim:id_token/sub}\n",
         .exchanges = {EXCHANGE_WITH(.answer = "{\"access_token\":\"at\",\"id_token\":\"" ADA "\"}")},
         .token = "at - id=ada"},
        {.name = "without a rule the sub of the ID token",
         .exchanges = {EXCHANGE_WITH(.answer = "{\"access_token\":\"at\",\"id_token\":\"" ADA "\"}")},
         .token = "at - id=ada"},
        {.name = "with a rule never the sub",
         .lines = "identity: {id: /user}\n",
         .exchanges = {EXCHANGE_WITH(.answer = "{\"access_token\":\"at\",\"id_token\":\"" ADA "\"}")},
         .token = "at -"},
        {.name = "userinfo",
         .lines = USERINFO
         "identity: {from: userinfo, id: /sub, label: /name}\nuserinfo: {headers: {X-V: \"1\"}, response: "
         "{keep: {plan: /plan}}}\n",
         .exchanges = {EXCHANGE,
                       {"GET https://acme.example/me", "Authorization: Bearer at\nX-V: 1", NULL,
                        .answer = "{\"sub\":\"u-1\",\"name\":\"Ada\",\"plan\":\"pro\"}"}},
         .token = "at - id=u-1 label=Ada kept.plan=pro"},
        {.name = "userinfo at an endpoint of its own",
         .lines = USERINFO
         "identity: {from: userinfo, id: /sub}\nuserinfo: {endpoint: \"https://acme.example/who\", method: "
         "POST}\n",
         .exchanges = {EXCHANGE,
                       {"POST https://acme.example/who", "Authorization: Bearer at", "",
                        .answer = "{\"sub\":\"u-1\"}"}},
         .token = "at - id=u-1"},
        {.name = "userinfo that is not asked when nobody wants to know",
         .lines = USERINFO,
         .exchanges = {EXCHANGE},
         .token = "at -"},
        {.name = "userinfo after the steps, with the token they leave",
         .lines = USERINFO "identity: {from: userinfo, id: /sub}\n" LONG_LIVED,
         .exchanges = {EXCHANGE,
                       {"GET https://acme.example/t?grant_type=exchange&t=at", NULL, NULL,
                        .answer = "{\"access_token\":\"long\"}"},
                       {"GET https://acme.example/me", "Authorization: Bearer long", NULL,
                        .answer = "{\"sub\":\"u-1\"}"}},
         .token = "long - id=u-1"},
        {.name = "userinfo that fails",
         .lines = USERINFO "identity: {from: userinfo, id: /sub}\n",
         .exchanges = {EXCHANGE, GET("https://acme.example/me", 503, "")},
         .token = "at -"},
        {.name = "what was kept",
         .lines = "callback: {keep: {realm: realm}}\nidentity: {from: kept, id: /realm, label: /none}\n",
         .callback = "state=<state>&code=c0de&realm=42",
         .exchanges = {EXCHANGE},
         .token = "at - id=42 kept.realm=42"},
        {.name = "what was kept, by a source that it has not",
         .lines =
             "callback: {keep: {realm: realm}}\nidentity: {from: kept, id: header:X-Realm, label: \"\"}\n",
         .callback = "state=<state>&code=c0de&realm=42",
         .exchanges = {EXCHANGE},
         .token = "at - kept.realm=42"},
        {.name = "a chosen one, by a source that it has not",
         .lines = "identity: {from: site, id: header:X-Header}\nsteps: {site: {endpoint: "
                  "\"https://acme.example/s\", choose: "
                  "{id: /id}}}\n",
         .exchanges = {EXCHANGE, GET("https://acme.example/s", .answer = "[{\"id\":\"a\"}]", .header = "x")},
         .token = "at -"},
        {.name = "a step",
         .lines = "identity: {from: me, id: /id, label: /login}\nsteps: {other: {endpoint: "
                  "\"https://acme.example/o\"}, me: "
                  "{endpoint: \"https://acme.example/me\"}}\n",
         .exchanges = {EXCHANGE, GET("https://acme.example/o", .answer = "{\"id\":\"wrong\"}"),
                       GET("https://acme.example/me", .answer = "{\"id\":\"u-1\",\"login\":\"ada\"}")},
         .token = "at - id=u-1 label=ada"},
        {.name = "a text that is not printable",
         .lines = "identity: {id: /id}\n",
         .exchanges = {EXCHANGE_WITH(.answer = "{\"access_token\":\"at\",\"id\":\"a\\nb\"}")},
         .token = "at - id=a?b"},
        {.name = "a refresh asks nobody again",
         .play = REFRESH,
         .lines = USERINFO "identity: {from: userinfo, id: /sub}\n",
         .exchanges = {REFRESHES(.answer = "{\"access_token\":\"at\",\"sub\":\"u-9\"}")},
         .token = "at old-rt " KEPT_BEFORE},
        {.name = "a machine is nobody",
         .play = MACHINE,
         .lines = USERINFO "identity: {from: userinfo, id: /sub}\n",
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=client_credentials&client_id=client-1"}},
         .token = "at -"},
    };
    PLAY_ALL(scripts);
}

/* --- what was granted stays --------------------------------------------------------------------------------- */

#define SESSION                                                                                              \
    "steps: {session: {when: token, endpoint: \"https://acme.example/s\", response: {keep: {s: /s}}}}\n"

Test(steps, a_refreshed_token_is_kept_before_the_next_step)
{
    const struct script script = {.name = "keep", .play = REFRESH, .lines = SESSION};
    fob_auto_flow *flow = NULL;
    struct fob_action action = FOB_ACTION_INIT;
    cr_assert_eq(begin_script(&script, &flow, NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_assert_eq(
        give_answer(
            flow, &(struct exchange){.answer = "{\"access_token\":\"at\",\"refresh_token\":\"rt-2\"}"}, NULL),
        FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_expect_eq(action.want, FOB_WANT_KEEP);
    cr_expect_null(action.request);
    cr_expect_str_eq(tell_token(fob_flow_token(flow)), "at rt-2 " KEPT_BEFORE " (partial)");
    cr_expect_eq(give_answer(flow, &(struct exchange){0}, NULL), FOB_E_STATE,
                 "nothing is sent before it is kept");
    cr_assert_eq(fob_flow_feed_kept(flow, START, NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_expect_eq(action.want, FOB_WANT_HTTP);
    cr_expect_str_eq(action.request->url, "https://acme.example/s");
    cr_expect_eq(fob_flow_feed_kept(flow, START, NULL), FOB_E_STATE, "once is enough");
    cr_assert_eq(give_answer(flow, &(struct exchange){.answer = "{\"s\":\"1\"}"}, NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_expect_eq(action.want, FOB_WANT_NOTHING);
    cr_expect_str_eq(tell_token(fob_flow_token(flow)), "at rt-2 " KEPT_BEFORE " kept.s=1");
}

Test(steps, without_a_step_behind_it_a_token_need_not_be_kept_first)
{
    const struct script script = {.name = "no step",
                                  .play = REFRESH,
                                  .lines = "steps: {once: {endpoint: \"https://acme.example/\"}}\n"};
    fob_auto_flow *flow = NULL;
    struct fob_action action = FOB_ACTION_INIT;
    cr_assert_eq(begin_script(&script, &flow, NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_assert_eq(give_answer(flow, &(struct exchange){0}, NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_expect_eq(action.want, FOB_WANT_NOTHING);
}

Test(steps, one_that_fails_after_a_refresh_takes_no_token_along)
{
    static const struct script scripts[] = {
        {.name = "the server is down",
         .play = REFRESH,
         .lines = SESSION,
         .exchanges = {REFRESHES(.answer = "{\"access_token\":\"at\",\"refresh_token\":\"rt-2\"}"),
                       GET("https://acme.example/s", 500, "")},
         .err = FOB_E_SERVER,
         .token = "at rt-2 " KEPT_BEFORE " (partial)"},
        {.name = "the refresh itself fails",
         .play = REFRESH,
         .lines = SESSION,
         .exchanges = {REFRESHES(400, "{\"error\":\"invalid_grant\"}")},
         .err = FOB_E_NEEDS_LOGIN},
        {.name = "a step before it fails",
         .play = REFRESH,
         .lines = "steps: {app: {when: before, endpoint: \"https://acme.example/app\", auth: none}}\n",
         .exchanges = {{"GET https://acme.example/app", NULL, NULL, 500, ""}},
         .err = FOB_E_SERVER},
        {.name = "the second of two",
         .play = REFRESH,
         .lines =
             "steps:\n  a: {when: token, endpoint: \"https://acme.example/a\", response: {keep: {a: /a}}}\n"
             "  b: {when: token, endpoint: \"https://acme.example/b\"}\n",
         .exchanges = {REFRESHES(), GET("https://acme.example/a", .answer = "{\"a\":\"1\"}"),
                       GET("https://acme.example/b", 401, "")},
         .err = FOB_E_CLIENT,
         .token = "at old-rt " KEPT_BEFORE " (partial)"},
    };
    PLAY_ALL(scripts);
}

Test(steps, a_failure_of_the_network_between_them_leaves_the_token)
{
    const struct script script = {.name = "network", .play = REFRESH, .lines = SESSION};
    fob_auto_flow *flow = NULL;
    struct fob_action action = FOB_ACTION_INIT;
    struct fob_error failure = FOB_ERROR_INIT;
    cr_assert_eq(begin_script(&script, &flow, NULL), FOB_OK);
    cr_assert_eq(fob_flow_next(flow, START, &action, NULL), FOB_OK);
    cr_assert_eq(give_answer(flow, &(struct exchange){0}, NULL), FOB_OK);
    cr_assert_eq(fob_flow_feed_kept(flow, START, NULL), FOB_OK);
    fob_error_set(&failure, FOB_E_NETWORK, "no route", NULL);
    cr_expect_eq(fob_flow_feed_failure(flow, START, &failure, NULL), FOB_E_NETWORK);
    cr_expect_eq(fob_flow_next(flow, START, &action, NULL), FOB_E_NETWORK);
    cr_expect_str_eq(tell_token(fob_flow_token(flow)), "at old-rt " KEPT_BEFORE " (partial)");
}

/* --- a step with the code ----------------------------------------------------------------------------------- */

Test(steps, a_step_may_take_the_code_in_the_place_of_the_token_request)
{
#define WITHOUT_CODE                                                                                         \
    "authorize: {pkce: none, pkce_reason: nobody asks for a verifier}\n"                                     \
    "token: {rename: {code: c}, params: {c: null, redirect_uri: null}}\n"
#define WITH_CODE                                                                                            \
    "steps: {person: {endpoint: \"https://acme.example/me\", method: POST, encoding: json, params: {code: "  \
    "\"{code}\"}}}\nidentity: {from: person, id: /id}\n"
#define TOKEN_REQUEST                                                                                        \
    {                                                                                                        \
        "POST https://acme.example/t", NULL, "grant_type=authorization_code&client_id=client-1"              \
    }
#define BY_CODE                                                                                              \
    "POST https://acme.example/me", "Authorization: Bearer at\nContent-Type: application/json",              \
        "{\"code\":\"c0de\"}"
    static const struct script scripts[] = {
        {.name = "who it is",
         .lines = WITHOUT_CODE WITH_CODE,
         .exchanges = {TOKEN_REQUEST, {BY_CODE, .answer = "{\"id\":\"u-1\"}"}},
         .token = "at - id=u-1"},
        {.name = "refused there",
         .lines = WITHOUT_CODE WITH_CODE,
         .exchanges = {TOKEN_REQUEST, {BY_CODE, .status = 400, .answer = "{\"error\":\"invalid_grant\"}"}},
         .err = FOB_E_NEEDS_LOGIN,
         .token = "at - (partial)"},
        {.name = "a machine has none: the parameter is left out",
         .play = MACHINE,
         .lines = WITH_CODE,
         .exchanges = {{"POST https://acme.example/t", NULL,
                        "grant_type=client_credentials&client_id=client-1"},
                       {"POST https://acme.example/me",
                        "Authorization: Bearer at\nContent-Type: application/json", "{}",
                        .answer = "{\"id\":\"u-1\"}"}},
         .token = "at - id=u-1"},
    };
    PLAY_ALL(scripts);
}
