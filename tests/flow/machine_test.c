/* SPDX-License-Identifier: MIT */
/* Every state of every grant with every event, in fake time: what the event returns and what is wanted afterwards. */
#include "fake_flow.h"

#define UNTIL (START + FOB_LOGIN_TIMEOUT_MS)

enum grant { CODE_GRANT, CLIENT_CREDENTIALS, REFRESH, REVOKE, VERIFY, N_GRANTS };

/*
 * SECOND: revoke's second request, for the access token. CHOICE, KEEP and STEP: the token is there, and a person has to
 * choose, it has to be written down, or a step is on its way.
 */
enum state { NEW, REDIRECT, REQUEST, SECOND, CHOICE, KEEP, STEP, DONE, FAILED, N_STATES };

enum event {
    GOOD_RESPONSE,
    LATE_RESPONSE, /* long after it was asked for */
    ERROR_RESPONSE,
    UNSUPPORTED, /* the error that revocation goes on after: RFC 7009 section 2.2.1 */
    TRANSPORT_FAILURE,
    GOOD_REDIRECT,
    LATE_REDIRECT,
    STRAY_REDIRECT,
    GOOD_CHOICE,
    WRONG_CHOICE, /* an option that there is not */
    KEPT,
    CANCEL,
    TIME_BACK, /* the clock jumps: fob_flow_next at that time */
    TIME_BEFORE,
    TIME_UNTIL,
    TIME_FAR,
    N_EVENTS
};

static const char *const grants[] = {"authorization_code", "client_credentials", "refresh", "revoke",
                                     "verify"};
static const char *const states[] = {"new",  "redirect", "request", "second request", "choice",
                                     "keep", "step",     "done",    "failed"};
static const char *const events[] = {"good response",     "late response", "error response", "unsupported",
                                     "failure",           "good redirect", "late redirect",  "stray redirect",
                                     "good choice",       "wrong choice",  "kept",           "cancel",
                                     "time before START", "time before",   "time until",     "time far"};

struct outcome {
    fob_err returns; /* by the event */
    fob_err then;    /* by fob_flow_next */
    enum fob_want want;
};

#define NOT_ASKED(want)                                                                                      \
    {                                                                                                        \
        FOB_E_STATE, FOB_OK, want                                                                            \
    }
#define ENDS(code)                                                                                           \
    {                                                                                                        \
        code, code, FOB_WANT_NOTHING                                                                         \
    }
#define GOES_ON(want)                                                                                        \
    {                                                                                                        \
        FOB_OK, FOB_OK, want                                                                                 \
    }
#define CANCELLED                                                                                            \
    {                                                                                                        \
        FOB_OK, FOB_E_CANCELLED, FOB_WANT_NOTHING                                                            \
    }
#define BEGUN_LONG_AGO                                                                                       \
    {                                                                                                        \
        FOB_OK, FOB_E_EXPIRED, FOB_WANT_NOTHING                                                              \
    }
#define STAYS_FAILED(returns)                                                                                \
    {                                                                                                        \
        returns, FOB_E_NEEDS_LOGIN, FOB_WANT_NOTHING                                                         \
    }

/* Nothing was asked for yet, so that no answer fits; the first fob_flow_next begins, whatever the time. At
 * the end of time a login has no time left, and one begun in 1970 is late by now. */
#define ROW_NEW(first, on_back, on_far)                                                                      \
    {                                                                                                        \
        [GOOD_RESPONSE] = NOT_ASKED(first), [LATE_RESPONSE] = NOT_ASKED(first),                              \
        [ERROR_RESPONSE] = NOT_ASKED(first), [UNSUPPORTED] = NOT_ASKED(first),                               \
        [TRANSPORT_FAILURE] = NOT_ASKED(first), [GOOD_REDIRECT] = NOT_ASKED(first),                          \
        [LATE_REDIRECT] = NOT_ASKED(first), [STRAY_REDIRECT] = NOT_ASKED(first),                             \
        [GOOD_CHOICE] = NOT_ASKED(first), [WRONG_CHOICE] = NOT_ASKED(first), [KEPT] = NOT_ASKED(first),      \
        [CANCEL] = CANCELLED, [TIME_BACK] = on_back, [TIME_BEFORE] = GOES_ON(first),                         \
        [TIME_UNTIL] = GOES_ON(first), [TIME_FAR] = on_far,                                                  \
    }
static const struct outcome new_code[N_EVENTS] =
    ROW_NEW(FOB_WANT_REDIRECT, BEGUN_LONG_AGO, ENDS(FOB_E_EXPIRED));
static const struct outcome new_request[N_EVENTS] =
    ROW_NEW(FOB_WANT_HTTP, GOES_ON(FOB_WANT_HTTP), GOES_ON(FOB_WANT_HTTP));

static const struct outcome at_redirect[N_EVENTS] = {
    [GOOD_RESPONSE] = NOT_ASKED(FOB_WANT_REDIRECT),
    [LATE_RESPONSE] = NOT_ASKED(FOB_WANT_REDIRECT),
    [ERROR_RESPONSE] = NOT_ASKED(FOB_WANT_REDIRECT),
    [UNSUPPORTED] = NOT_ASKED(FOB_WANT_REDIRECT),
    [TRANSPORT_FAILURE] = NOT_ASKED(FOB_WANT_REDIRECT),
    [GOOD_REDIRECT] = GOES_ON(FOB_WANT_HTTP),
    [LATE_REDIRECT] = ENDS(FOB_E_EXPIRED),
    [STRAY_REDIRECT] = {FOB_E_SECURITY, FOB_OK, FOB_WANT_REDIRECT},
    [GOOD_CHOICE] = NOT_ASKED(FOB_WANT_REDIRECT),
    [WRONG_CHOICE] = NOT_ASKED(FOB_WANT_REDIRECT),
    [KEPT] = NOT_ASKED(FOB_WANT_REDIRECT),
    [CANCEL] = CANCELLED,
    [TIME_BACK] = GOES_ON(FOB_WANT_REDIRECT),
    [TIME_BEFORE] = GOES_ON(FOB_WANT_REDIRECT),
    [TIME_UNTIL] = ENDS(FOB_E_EXPIRED),
    [TIME_FAR] = ENDS(FOB_E_EXPIRED),
};

/* A request has no end in time of its own: the transport's is told as a failure. */
#define ROW_REQUEST(on_good, on_unsupported)                                                                 \
    {                                                                                                        \
        [GOOD_RESPONSE] = GOES_ON(on_good), [LATE_RESPONSE] = GOES_ON(on_good),                              \
        [ERROR_RESPONSE] = ENDS(FOB_E_NEEDS_LOGIN), [UNSUPPORTED] = on_unsupported,                          \
        [TRANSPORT_FAILURE] = ENDS(FOB_E_NETWORK), [GOOD_REDIRECT] = NOT_ASKED(FOB_WANT_HTTP),               \
        [LATE_REDIRECT] = NOT_ASKED(FOB_WANT_HTTP), [STRAY_REDIRECT] = NOT_ASKED(FOB_WANT_HTTP),             \
        [GOOD_CHOICE] = NOT_ASKED(FOB_WANT_HTTP), [WRONG_CHOICE] = NOT_ASKED(FOB_WANT_HTTP),                 \
        [KEPT] = NOT_ASKED(FOB_WANT_HTTP), [CANCEL] = CANCELLED, [TIME_BACK] = GOES_ON(FOB_WANT_HTTP),       \
        [TIME_BEFORE] = GOES_ON(FOB_WANT_HTTP), [TIME_UNTIL] = GOES_ON(FOB_WANT_HTTP),                       \
        [TIME_FAR] = GOES_ON(FOB_WANT_HTTP),                                                                 \
    }
static const struct outcome at_token[N_EVENTS] = ROW_REQUEST(FOB_WANT_NOTHING, ENDS(FOB_E_PROVIDER));
static const struct outcome at_revoke[N_EVENTS] = ROW_REQUEST(FOB_WANT_HTTP, GOES_ON(FOB_WANT_HTTP));
static const struct outcome at_second[N_EVENTS] = ROW_REQUEST(FOB_WANT_NOTHING, GOES_ON(FOB_WANT_NOTHING));

/* Neither has an end in time: who keeps or chooses is waited for. */
#define ROW_WAITING(want, on_good_choice, on_wrong_choice, on_kept)                                          \
    {                                                                                                        \
        [GOOD_RESPONSE] = NOT_ASKED(want), [LATE_RESPONSE] = NOT_ASKED(want),                                \
        [ERROR_RESPONSE] = NOT_ASKED(want), [UNSUPPORTED] = NOT_ASKED(want),                                 \
        [TRANSPORT_FAILURE] = NOT_ASKED(want), [GOOD_REDIRECT] = NOT_ASKED(want),                            \
        [LATE_REDIRECT] = NOT_ASKED(want), [STRAY_REDIRECT] = NOT_ASKED(want),                               \
        [GOOD_CHOICE] = on_good_choice, [WRONG_CHOICE] = on_wrong_choice, [KEPT] = on_kept,                  \
        [CANCEL] = CANCELLED, [TIME_BACK] = GOES_ON(want), [TIME_BEFORE] = GOES_ON(want),                    \
        [TIME_UNTIL] = GOES_ON(want), [TIME_FAR] = GOES_ON(want),                                            \
    }
#define OFFERED_AGAIN                                                                                        \
    {                                                                                                        \
        FOB_E_ARGUMENT, FOB_OK, FOB_WANT_CHOICE                                                              \
    }
static const struct outcome at_choice[N_EVENTS] =
    ROW_WAITING(FOB_WANT_CHOICE, GOES_ON(FOB_WANT_NOTHING), OFFERED_AGAIN, NOT_ASKED(FOB_WANT_CHOICE));
static const struct outcome at_keep[N_EVENTS] =
    ROW_WAITING(FOB_WANT_KEEP, NOT_ASKED(FOB_WANT_KEEP), NOT_ASKED(FOB_WANT_KEEP), GOES_ON(FOB_WANT_HTTP));

static const struct outcome when_done[N_EVENTS] = {
    [GOOD_CHOICE] = NOT_ASKED(FOB_WANT_NOTHING),    [WRONG_CHOICE] = NOT_ASKED(FOB_WANT_NOTHING),
    [KEPT] = NOT_ASKED(FOB_WANT_NOTHING),           [GOOD_RESPONSE] = NOT_ASKED(FOB_WANT_NOTHING),
    [LATE_RESPONSE] = NOT_ASKED(FOB_WANT_NOTHING),  [ERROR_RESPONSE] = NOT_ASKED(FOB_WANT_NOTHING),
    [UNSUPPORTED] = NOT_ASKED(FOB_WANT_NOTHING),    [TRANSPORT_FAILURE] = NOT_ASKED(FOB_WANT_NOTHING),
    [GOOD_REDIRECT] = NOT_ASKED(FOB_WANT_NOTHING),  [LATE_REDIRECT] = NOT_ASKED(FOB_WANT_NOTHING),
    [STRAY_REDIRECT] = NOT_ASKED(FOB_WANT_NOTHING), [CANCEL] = GOES_ON(FOB_WANT_NOTHING),
    [TIME_BACK] = GOES_ON(FOB_WANT_NOTHING),        [TIME_BEFORE] = GOES_ON(FOB_WANT_NOTHING),
    [TIME_UNTIL] = GOES_ON(FOB_WANT_NOTHING),       [TIME_FAR] = GOES_ON(FOB_WANT_NOTHING),
};

static const struct outcome when_failed[N_EVENTS] = {
    [GOOD_CHOICE] = STAYS_FAILED(FOB_E_STATE),
    [WRONG_CHOICE] = STAYS_FAILED(FOB_E_STATE),
    [KEPT] = STAYS_FAILED(FOB_E_STATE),
    [GOOD_RESPONSE] = STAYS_FAILED(FOB_E_STATE),
    [LATE_RESPONSE] = STAYS_FAILED(FOB_E_STATE),
    [ERROR_RESPONSE] = STAYS_FAILED(FOB_E_STATE),
    [UNSUPPORTED] = STAYS_FAILED(FOB_E_STATE),
    [TRANSPORT_FAILURE] = STAYS_FAILED(FOB_E_STATE),
    [GOOD_REDIRECT] = STAYS_FAILED(FOB_E_STATE),
    [LATE_REDIRECT] = STAYS_FAILED(FOB_E_STATE),
    [STRAY_REDIRECT] = STAYS_FAILED(FOB_E_STATE),
    [CANCEL] = STAYS_FAILED(FOB_OK),
    [TIME_BACK] = STAYS_FAILED(FOB_E_NEEDS_LOGIN),
    [TIME_BEFORE] = STAYS_FAILED(FOB_E_NEEDS_LOGIN),
    [TIME_UNTIL] = STAYS_FAILED(FOB_E_NEEDS_LOGIN),
    [TIME_FAR] = STAYS_FAILED(FOB_E_NEEDS_LOGIN),
};

/* A state that the grant cannot be in: no redirect but in the code grant, no second request but to revoke, no choice
 * without a login, nothing to keep at once but a refreshed token. */
#define IMPOSSIBLE NULL

static const struct outcome *const machine[N_GRANTS][N_STATES] = {
    [CODE_GRANT] = {new_code, at_redirect, at_token, IMPOSSIBLE, at_choice, IMPOSSIBLE, at_token, when_done,
                    when_failed},
    [CLIENT_CREDENTIALS] = {new_request, IMPOSSIBLE, at_token, IMPOSSIBLE, at_choice, IMPOSSIBLE, at_token,
                            when_done, when_failed},
    [REFRESH] = {new_request, IMPOSSIBLE, at_token, IMPOSSIBLE, IMPOSSIBLE, at_keep, at_token, when_done,
                 when_failed},
    [REVOKE] = {new_request, IMPOSSIBLE, at_revoke, at_second, IMPOSSIBLE, IMPOSSIBLE, IMPOSSIBLE, when_done,
                when_failed},
    [VERIFY] = {new_request, IMPOSSIBLE, at_token, IMPOSSIBLE, IMPOSSIBLE, IMPOSSIBLE, IMPOSSIBLE, when_done,
                when_failed},
};

/* --- getting there ------------------------------------------------------------------------------------------ */

#define GOOD "{\"access_token\":\"at\"}"
#define REFUSED "{\"error\":\"invalid_grant\"}"

static fob_err verify_held(const struct fob_flow_params *params, fob_flow **ret_flow, struct fob_error *error)
{
    return fob_flow_verify(params, held, ret_flow, error);
}

static constructor *const constructors[] = {fob_flow_authorization_code, fob_flow_client_credentials,
                                            refresh_held, revoke_held, verify_held};

#define TWO "[{\"id\":\"one\"},{\"id\":\"other\"}]"

static const char *descriptor_for(enum state state)
{
    if (state == CHOICE)
        return DESCRIPTOR "steps: {site: {endpoint: \"https://acme.example/s\", choose: {id: /id}}}\n";
    if (state == KEEP || state == STEP)
        return DESCRIPTOR "steps: {more: {endpoint: \"https://acme.example/m\", when: token}}\n";
    return DESCRIPTOR "verify: {endpoint: \"https://acme.example/me\"}\n";
}

/* The redirect that answers this flow; also kept for when it comes again later. */
static char good_redirect[512];

static void learn_redirect(fob_flow *flow)
{
    fob_auto_free char *state = query(next(flow, START).url, "state");
    snprintf(good_redirect, sizeof good_redirect, "/callback?state=%s&code=" CODE, state);
}

static fob_err feed_redirect(fob_flow *flow, int64_t now)
{
    return fob_flow_feed_redirect(flow, now, good_redirect, strlen(good_redirect), NULL);
}

static fob_flow *in_state(enum grant grant, enum state state)
{
    static const char *const mail[] = {"mail"};
    fob_flow *flow = make(constructors[grant], descriptor_for(state), SECRET, grant >= REVOKE ? NULL : mail);
    snprintf(good_redirect, sizeof good_redirect, "/callback?code=" CODE);
    if (state == NEW)
        return flow;
    cr_assert_eq(next(flow, START).want, grant == CODE_GRANT ? FOB_WANT_REDIRECT : FOB_WANT_HTTP);
    if (grant == CODE_GRANT)
        learn_redirect(flow);
    if (grant == CODE_GRANT && state > REDIRECT)
        cr_assert_eq(feed_redirect(flow, START), FOB_OK);
    if (grant == REVOKE && (state == SECOND || state == DONE))
        cr_assert_eq(answer(flow, 200, "", NULL), FOB_OK);
    if (state >= CHOICE && state <= DONE)
        cr_assert_eq(answer(flow, 200, GOOD, NULL), FOB_OK);
    if (state == CHOICE)
        cr_assert_eq(answer(flow, 200, TWO, NULL), FOB_OK);
    if (state == STEP && grant == REFRESH)
        cr_assert_eq(fob_flow_feed_kept(flow, START, NULL), FOB_OK);
    if (state == FAILED)
        cr_assert_eq(answer(flow, 400, REFUSED, NULL), FOB_E_NEEDS_LOGIN);
    return flow;
}

/* --- what happens ------------------------------------------------------------------------------------------- */

static fob_err respond(fob_flow *flow, int64_t now, int status, const char *body)
{
    struct fob_http_response response = {
        .size = sizeof response, .status = status, .body = body, .body_len = strlen(body)};
    return fob_flow_feed_response(flow, now, &response, NULL);
}

static fob_err fail(fob_flow *flow)
{
    struct fob_error failure = FOB_ERROR_INIT;
    fob_error_set(&failure, FOB_E_NETWORK, "no route", NULL);
    return fob_flow_feed_failure(flow, START, &failure, NULL);
}

static fob_err wake(fob_flow *flow, int64_t now)
{
    struct fob_action action = FOB_ACTION_INIT;
    return fob_flow_next(flow, now, &action, NULL);
}

static fob_err send_event(fob_flow *flow, enum event event)
{
    static const char stray[] = "/callback?state=AAAA&code=" CODE;
    switch (event) {
    case GOOD_RESPONSE:
        return respond(flow, START, 200, GOOD);
    case LATE_RESPONSE:
        return respond(flow, UNTIL + UNTIL, 200, GOOD);
    case ERROR_RESPONSE:
        return respond(flow, START, 400, REFUSED);
    case UNSUPPORTED:
        return respond(flow, START, 400, "{\"error\":\"unsupported_token_type\"}");
    case TRANSPORT_FAILURE:
        return fail(flow);
    case GOOD_REDIRECT:
        return feed_redirect(flow, UNTIL - 1);
    case LATE_REDIRECT:
        return feed_redirect(flow, UNTIL);
    case STRAY_REDIRECT:
        return fob_flow_feed_redirect(flow, START, stray, strlen(stray), NULL);
    case GOOD_CHOICE:
        return fob_flow_feed_choice(flow, UNTIL + UNTIL, "other", NULL);
    case WRONG_CHOICE:
        return fob_flow_feed_choice(flow, START, "neither", NULL);
    case KEPT:
        return fob_flow_feed_kept(flow, UNTIL + UNTIL, NULL);
    case CANCEL:
        return fob_flow_cancel(flow);
    case TIME_BACK:
        return wake(flow, 0);
    case TIME_BEFORE:
        return wake(flow, UNTIL - 1);
    case TIME_UNTIL:
        return wake(flow, UNTIL);
    default:
        return wake(flow, INT64_MAX); /* the end of time */
    }
}

static void walk(enum grant grant, enum state state, enum event event)
{
    const struct outcome *expected = &machine[grant][state][event];
    fob_auto_flow *flow = in_state(grant, state);
    struct fob_error first = FOB_ERROR_INIT, again = FOB_ERROR_INIT;
    struct fob_action action = FOB_ACTION_INIT;
    bool is_done = expected->then == FOB_OK && expected->want == FOB_WANT_NOTHING;
    bool was_granted = state == CHOICE || state == KEEP || state == STEP;
    bool has_token = was_granted || (is_done && grant != REVOKE && grant != VERIFY);
#define HERE "%s, %s, %s", grants[grant], states[state], events[event]
    cr_expect_eq(send_event(flow, event), expected->returns, HERE);
    cr_expect_eq(fob_flow_next(flow, START, &action, &first), expected->then, HERE);
    cr_expect_eq(action.want, expected->want, HERE);
    cr_expect_eq(fob_flow_next(flow, START + 1, &action, &again), expected->then, HERE);
    cr_expect_eq(action.want, expected->want, HERE);
    cr_expect_eq(first.code, expected->then, HERE);
    cr_expect_str_eq(first.what, again.what, HERE);
    cr_expect_eq(fob_flow_token(flow) != NULL, has_token, HERE);
    if (fob_flow_token(flow))
        cr_expect_eq(fob_token_is_whole(fob_flow_token(flow)), is_done, HERE);
#undef HERE
}

Test(machine, every_state_of_every_grant_answers_every_event, .init = hold_a_token, .fini = let_go)
{
    unsigned walked = 0;
    for (unsigned grant = 0; grant < N_GRANTS; grant++) {
        for (unsigned state = 0; state < N_STATES; state++) {
            if (machine[grant][state] == IMPOSSIBLE)
                continue;
            for (unsigned event = 0; event < N_EVENTS; event++, walked++)
                walk(grant, state, event);
        }
    }
    cr_expect_eq(walked, (7 + 6 + 6 + 5 + 4) * N_EVENTS);
}

/* --- details of single steps -------------------------------------------------------------------------------- */

Test(machine, a_failure_is_handed_on_as_the_transport_told_it, .init = hold_a_token, .fini = let_go)
{
    for (unsigned grant = 0; grant < N_GRANTS; grant++) {
        fob_auto_flow *flow = in_state(grant, REQUEST);
        struct fob_error failure = FOB_ERROR_INIT, told = FOB_ERROR_INIT, later = FOB_ERROR_INIT;
        struct fob_action action = FOB_ACTION_INIT;
        fob_error_set(&failure, FOB_E_NETWORK, "acme.example did not answer in time", "try again");
        failure.maybe_sent = 1;
        cr_expect_eq(fob_flow_feed_failure(flow, START, &failure, &told), FOB_E_NETWORK);
        cr_expect_eq(fob_flow_next(flow, START, &action, &later), FOB_E_NETWORK);
        cr_expect_eq(memcmp(&told, &failure, sizeof told), 0);
        cr_expect_eq(memcmp(&later, &failure, sizeof later), 0);
    }
}

Test(machine, what_is_no_event_changes_nothing, .init = hold_a_token, .fini = let_go)
{
    struct fob_error none = FOB_ERROR_INIT;
    struct fob_http_response cut = {.size = 8};
    struct fob_action short_action = {.size = 8};
    for (unsigned grant = 0; grant < N_GRANTS; grant++) {
        fob_auto_flow *flow = in_state(grant, REQUEST);
        cr_expect_eq(fob_flow_feed_failure(flow, START, &none, NULL), FOB_E_ARGUMENT,
                     "success is no failure");
        cr_expect_eq(fob_flow_feed_failure(flow, START, NULL, NULL), FOB_E_ARGUMENT);
        cr_expect_eq(fob_flow_feed_response(flow, START, NULL, NULL), FOB_E_ARGUMENT);
        cr_expect_eq(fob_flow_feed_response(flow, START, &cut, NULL), FOB_E_ARGUMENT);
        cr_expect_eq(fob_flow_feed_redirect(flow, START, NULL, 0, NULL), FOB_E_ARGUMENT);
        cr_expect_eq(fob_flow_next(flow, START, &short_action, NULL), FOB_E_ARGUMENT);
        cr_expect_eq(fob_flow_next(flow, START, NULL, NULL), FOB_E_ARGUMENT);
        cr_expect_eq(fob_flow_feed_choice(flow, START, NULL, NULL), FOB_E_ARGUMENT);
        cr_expect_eq(next(flow, START).want, FOB_WANT_HTTP);
    }
    cr_expect_eq(fob_flow_next(NULL, START, &short_action, NULL), FOB_E_ARGUMENT);
    cr_expect_eq(fob_flow_feed_choice(NULL, START, "a", NULL), FOB_E_ARGUMENT);
    cr_expect_eq(fob_flow_feed_kept(NULL, START, NULL), FOB_E_ARGUMENT);
    cr_expect_eq(fob_flow_cancel(NULL), FOB_OK);
    cr_expect_null(fob_flow_token(NULL));
}

Test(machine, revoke_without_a_refresh_token_asks_once)
{
    fob_auto_flow *first = make(fob_flow_client_credentials, DESCRIPTOR, SECRET, NULL);
    next(first, START);
    cr_assert_eq(answer(first, 200, GOOD, NULL), FOB_OK);
    held = fob_token_ref(fob_flow_token(first));
    fob_auto_flow *flow = make(revoke_held, DESCRIPTOR, SECRET, NULL);
    cr_expect_str_eq(next(flow, START).request->body, "token=at&token_type_hint=access_token");
    cr_expect_eq(answer(flow, 200, "", NULL), FOB_OK);
    cr_expect_eq(next(flow, START).want, FOB_WANT_NOTHING);
    let_go();
}

Test(machine, a_token_of_a_far_future_ends_never_before_it_began)
{
    fob_auto_flow *flow = make(fob_flow_client_credentials, DESCRIPTOR, SECRET, NULL);
    next(flow, INT64_MAX);
    cr_expect_eq(respond(flow, INT64_MAX, 200, "{\"access_token\":\"at\",\"expires_in\":60}"), FOB_OK);
    cr_expect_eq(fob_token_expires_at(fob_flow_token(flow)), INT64_MAX);
}
