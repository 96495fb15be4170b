/* SPDX-License-Identifier: MIT */
/* Driving a flow: do what it wants, feed it the outcome, until it wants nothing. */
#include "../cleanup.h"
#include "../error.h"
#include "../url.h"
#include "driver.h"
#include "page.h"
#include "registry.h"

#include <errno.h>
#include <fob/limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define LISTENER "listener-mhd"
#define SLICE_MS 500 /* how often the host hears that we still wait */

struct run {
    fob_session *session;
    fob_flow *flow;
    const struct fob_ui *ui;
    const struct fob_redirect_listener *listener;
    struct fob_redirect_listener own; /* when the caller brought none */
    struct fob_lease *lease;          /* to be held while requests are sent, or NULL */
    bool requested;                   /* one was sent */
    bool opened;                      /* the person was shown the URL */
    bool owes_answer;                 /* the browser waits for the page until the flow has ended */
    char stray[sizeof((struct fob_error *)0)->what]; /* of the last redirect that was not ours */
};

/* --- the listener ----------------------------------------------------------------------------------------- */

static fob_err listen_on(fob_session *session, const char *uri, const struct fob_url *url,
                         struct fob_redirect_listener *ret, unsigned *ret_port, struct fob_error *error)
{
    const struct fob_plugin_object *module;
    fob_err err = fob_plugin_load_role(&session->paths, LISTENER, FOB_ROLE_LISTENER, &module, error);
    if (err != FOB_OK)
        return err;
    unsigned port = 0;
    for (size_t i = 0; i < url->port.len; i++)
        port = port * 10 + (unsigned)(url->port.at[i] - '0');
    fob_auto_free char *host = fob_strndup(url->host.at, url->host.len);
    fob_auto_free char *path = url->path.len ? fob_strndup(url->path.at, url->path.len) : fob_strdup("/");
    if (!host || !path)
        return fob_no_memory(error);
    if (port > 65535)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "the redirect URI %s has no usable port", uri);
    ret->ops = &module->listener;
    return module->listener.open(host, url->port.len ? port : 80, path, &ret->self, ret_port, error);
}

static char *with_port(const struct fob_url *url, unsigned port)
{
    struct fob_buf uri = FOB_BUF(FOB_MAX_URL);
    fob_buf_fmt(&uri, url->is_ipv6 ? "http://[%.*s]:%u%.*s" : "http://%.*s:%u%.*s", (int)url->host.len,
                url->host.at, port, (int)url->path.len, url->path.at);
    return fob_buf_steal(&uri);
}

/* Every listener takes queries; what else there is, it has to be asked for. */
static fob_err ask_for(const struct fob_redirect_listener *listener, unsigned modes, struct fob_error *error)
{
    if (!(modes & ~(unsigned)FOB_LISTEN_QUERY))
        return FOB_OK;
    if (listener->ops->accept)
        return listener->ops->accept(listener->self, modes, error);
    return fob_fail(error, FOB_E_PLUGIN, "update the plugin \"" LISTENER "\"",
                    "the provider answers with a form or a fragment, and the listener takes queries only");
}

fob_err fob_driver_listen(fob_session *session, const char *redirect_uri, unsigned modes,
                          struct fob_redirect_listener *ret_listener, char **ret_uri, struct fob_error *error)
{
    struct fob_url url;
    struct fob_redirect_listener listener = {0};
    unsigned port = 0;
    if (!fob_url_parse(redirect_uri, &url))
        return fob_fail(error, FOB_E_ARGUMENT, "give an absolute URI, such as http://127.0.0.1:0/callback",
                        "the redirect URI is not an absolute URI with a host");
    bool ours = url.scheme.len == 4 && fob_url_is_loopback(&url);
    fob_err err = ours ? listen_on(session, redirect_uri, &url, &listener, &port, error) : FOB_OK;
    if (err != FOB_OK)
        return err;
    err = ours ? ask_for(&listener, modes, error) : FOB_OK;
    if (err != FOB_OK) {
        fob_driver_unlisten(&listener);
        return err;
    }
    char *uri = ours ? with_port(&url, port) : fob_strdup(redirect_uri);
    if (!uri) {
        fob_driver_unlisten(&listener);
        return fob_no_memory(error);
    }
    *ret_listener = listener;
    *ret_uri = uri;
    return FOB_OK;
}

void fob_driver_unlisten(struct fob_redirect_listener *listener)
{
    if (listener->ops)
        listener->ops->close(listener->self);
    *listener = (struct fob_redirect_listener){0};
}

static void answer_with(struct run *run, int status, void (*write)(struct fob_buf *out))
{
    fob_auto_buf page = FOB_BUF(8192);
    write(&page);
    if (page.failed == FOB_OK)
        run->listener->ops->answer(run->listener->self, status, page.data, NULL);
}

static void answer(struct run *run, const struct fob_error *failure)
{
    fob_auto_buf page = FOB_BUF(8192);
    fob_page(&page, failure);
    if (page.failed == FOB_OK)
        run->listener->ops->answer(run->listener->self, failure ? 400 : 200, page.data, NULL);
}

/* --- what a flow wants -------------------------------------------------------------------------------------- */

/* The lease has just been taken when the first request is sent, unless the machine slept in between. */
static fob_err hold_lease(struct run *run, struct fob_error *error)
{
    struct fob_lease *lease = run->lease;
    bool lasts = !run->requested && lease && lease->until - fob_now() >= FOB_LEASE_MS / 2;
    run->requested = true;
    return !lease || lasts ? FOB_OK : fob_keep_renew(run->session, lease, error);
}

static void tell_waiting(struct run *run, const struct fob_http_request *request)
{
    char host[FOB_MAX_HOST + 1] = "";
    struct fob_url url;
    if (fob_url_parse(request->url, &url))
        snprintf(host, sizeof host, "%.*s", (int)url.host.len, url.host.at);
    fob_driver_waiting(run->session, host, fob_now() + request->total_timeout_ms);
}

static fob_err perform(struct run *run, const struct fob_http_request *request,
                       struct fob_http_response *response, struct fob_error *failure)
{
    fob_session *session = run->session;
    if (session->waiting)
        tell_waiting(run, request);
    fob_err err = session->transport->transport.perform(session->transport_self, request, response, failure);
    fob_driver_waiting(session, NULL, 0);
    return err;
}

static fob_err do_http(struct run *run, const struct fob_http_request *request, struct fob_error *error)
{
    struct fob_http_response response = {.size = sizeof response};
    struct fob_error failure = FOB_ERROR_INIT;
    fob_err err = fob_driver_transport(run->session, error);
    if (err == FOB_OK)
        err = hold_lease(run, error);
    if (err != FOB_OK)
        return err;
    if (perform(run, request, &response, &failure) != FOB_OK)
        return fob_flow_feed_failure(run->flow, fob_now(), &failure, error);
    if (run->lease)
        run->lease->answered = true;
    return fob_flow_feed_response(run->flow, fob_now(), &response, error);
}

static void sleep_until(int64_t until)
{
    int64_t ms = until - fob_now();
    struct timespec rest = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    while (ms > 0 && nanosleep(&rest, &rest) == -1 && errno == EINTR)
        ;
}

static bool still_waits(struct run *run)
{
    struct fob_action action = FOB_ACTION_INIT;
    return fob_flow_next(run->flow, fob_now(), &action, NULL) == FOB_OK && action.want == FOB_WANT_REDIRECT;
}

/* A redirect that is not an answer to this flow is told of, and the flow goes on waiting. */
static fob_err feed_redirect(struct run *run, const char *target, bool from_browser, struct fob_error *error)
{
    struct fob_error failure = FOB_ERROR_INIT;
    fob_err err = fob_flow_feed_redirect(run->flow, fob_now(), target, strlen(target), &failure);
    if (err != FOB_OK && still_waits(run)) {
        memcpy(run->stray, failure.what, sizeof run->stray);
        if (from_browser)
            answer(run, &failure);
        if (run->ui && run->ui->notice)
            run->ui->notice(run->ui->user, &failure);
        return FOB_OK;
    }
    run->owes_answer = from_browser;
    if (err != FOB_OK && error)
        *error = failure;
    return err;
}

static fob_err hear_host(struct run *run, int64_t until, struct fob_error *error)
{
    const char *pasted = NULL;
    if (!run->ui || !run->ui->waiting)
        return FOB_OK;
    if (run->ui->waiting(run->ui->user, fob_now(), until, &pasted)) {
        fob_flow_cancel(run->flow);
        return fob_fail(error, FOB_E_CANCELLED, NULL, "the login was cancelled");
    }
    return pasted ? feed_redirect(run, pasted, false, error) : FOB_OK;
}

/* The answer comes back otherwise than in the query only where the provider does so. */
static fob_err accept_mode(struct run *run, enum fob_redirect_mode mode, struct fob_error *error)
{
    static const unsigned modes[] = {[FOB_REDIRECT_QUERY] = FOB_LISTEN_QUERY,
                                     [FOB_REDIRECT_FORM_POST] = FOB_LISTEN_FORM_POST,
                                     [FOB_REDIRECT_FRAGMENT] = FOB_LISTEN_FRAGMENT};
    const struct fob_listener_ops *ops = run->listener->ops;
    if (!ops || mode == FOB_REDIRECT_QUERY)
        return FOB_OK;
    if (!ops->accept)
        return fob_fail(error, FOB_E_PLUGIN, "update it",
                        "the listener cannot take a redirect that is no query");
    return ops->accept(run->listener->self, modes[mode], error);
}

static fob_err open_url(struct run *run, const struct fob_action *action, struct fob_error *error)
{
    fob_auto_free char *uri = NULL;
    if (!run->listener) {
        fob_err err =
            fob_driver_listen(run->session, action->redirect_uri, FOB_LISTEN_QUERY, &run->own, &uri, error);
        if (err != FOB_OK)
            return err;
        run->listener = &run->own;
    }
    fob_err err = accept_mode(run, action->redirect_mode, error);
    if (err != FOB_OK)
        return err;
    if (!run->listener->ops && !(run->ui && run->ui->waiting))
        return fob_fail(error, FOB_E_ARGUMENT, "use a loopback redirect URI, or feed the redirect through ui",
                        "nothing can take the redirect to %s", action->redirect_uri);
    run->opened = true;
    if (action->warning && run->ui && run->ui->warning)
        run->ui->warning(run->ui->user, action->warning);
    if (run->ui && run->ui->open_url)
        return run->ui->open_url(run->ui->user, action->url, error);
    return FOB_OK;
}

static fob_err do_redirect(struct run *run, const struct fob_action *action, struct fob_error *error)
{
    const char *target = NULL;
    fob_err err = run->opened ? FOB_OK : open_url(run, action, error);
    int64_t slice = action->until - fob_now() < SLICE_MS ? action->until - fob_now() : SLICE_MS;
    if (err == FOB_OK && run->listener->ops)
        err = run->listener->ops->wait(run->listener->self, slice > 0 ? slice : 0, &target, error);
    else if (err == FOB_OK)
        sleep_until(fob_now() + slice);
    if (err != FOB_OK)
        return err;
    return target ? feed_redirect(run, target, true, error) : hear_host(run, action->until, error);
}

/* --- choosing and keeping ----------------------------------------------------------------------------------- */

static fob_err do_choice(struct run *run, const struct fob_action *action, struct fob_error *error)
{
    const char *id = NULL;
    if (!run->ui || !run->ui->choose) {
        fob_flow_cancel(run->flow);
        return fob_fail(error, FOB_E_ARGUMENT, "say beforehand which: choices in struct fob_login",
                        "there are %zu to choose from for \"%s\", and nobody to ask", action->n_options,
                        action->step);
    }
    if (run->owes_answer)
        answer_with(run, 200, fob_page_choose);
    run->owes_answer = false;
    fob_err err =
        run->ui->choose(run->ui->user, action->step, action->options, action->n_options, &id, error);
    if (err != FOB_OK || !id) {
        fob_flow_cancel(run->flow);
        return err != FOB_OK ? err : fob_fail(error, FOB_E_CANCELLED, NULL, "nothing was chosen");
    }
    return fob_flow_feed_choice(run->flow, fob_now(), id, error);
}

static fob_err do_keep(struct run *run, struct fob_error *error)
{
    fob_err err = FOB_OK;
    if (run->lease && run->lease->keep)
        err = run->lease->keep(run->session, run->lease, fob_flow_token(run->flow), error);
    return err == FOB_OK ? fob_flow_feed_kept(run->flow, fob_now(), error) : err;
}

static fob_err step(struct run *run, bool *ret_finished, struct fob_error *error)
{
    struct fob_action action = FOB_ACTION_INIT;
    fob_err err = fob_flow_next(run->flow, fob_now(), &action, error);
    if (err != FOB_OK)
        return err;
    switch (action.want) {
    case FOB_WANT_HTTP:
        return do_http(run, action.request, error);
    case FOB_WANT_REDIRECT:
        return do_redirect(run, &action, error);
    case FOB_WANT_WAIT:
        sleep_until(action.until);
        return FOB_OK;
    case FOB_WANT_CHOICE:
        return do_choice(run, &action, error);
    case FOB_WANT_KEEP:
        return do_keep(run, error);
    case FOB_WANT_NOTHING:
        break;
    }
    *ret_finished = true;
    return FOB_OK;
}

static fob_err drive(struct run *run, struct fob_error *error)
{
    struct fob_error failure = FOB_ERROR_INIT;
    bool finished = false;
    fob_err err = FOB_OK;
    while (err == FOB_OK && !finished)
        err = step(run, &finished, &failure);
    if (err == FOB_E_EXPIRED && *run->stray)
        fob_fail(&failure, FOB_E_EXPIRED, failure.fix,
                 "no answer to this login came in time; one came that was not: %s", run->stray);
    if (run->owes_answer)
        answer(run, err == FOB_OK ? NULL : &failure);
    fob_driver_unlisten(&run->own);
    if (err != FOB_OK && error)
        *error = failure;
    return err;
}

fob_err fob_driver_run(fob_session *session, fob_flow *flow, const struct fob_ui *ui,
                       const struct fob_redirect_listener *listener, struct fob_error *error)
{
    struct run run = {.session = session, .flow = flow, .ui = ui, .listener = listener};
    return drive(&run, error);
}

fob_err fob_driver_run_leased(fob_session *session, fob_flow *flow, struct fob_lease *lease,
                              struct fob_error *error)
{
    struct run run = {.session = session, .flow = flow, .lease = lease};
    return drive(&run, error);
}

fob_err fob_run(fob_session *session, fob_flow *flow, const struct fob_ui *ui, struct fob_error *error)
{
    if (!session || !flow)
        return fob_fail(error, FOB_E_ARGUMENT, NULL, "fob_run: an argument is missing");
    return fob_driver_run(session, flow, ui, NULL, error);
}
