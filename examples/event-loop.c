/* SPDX-License-Identifier: MIT */
/* Many flows at once from one event loop of one's own: libcurl's multi interface sends what the flows ask for. */
#include <curl/curl.h>
#include <fob/fob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One flow, the request that it waits for, and the answer as it comes in. */
struct job {
    fob_flow *flow;
    CURL *easy;
    struct curl_slist *fields;
    char *body;
    size_t len;
    int done;
};

static size_t receive(char *bytes, size_t size, size_t n, void *user)
{
    struct job *job = user;
    char *grown =
        job->len + size * n <= FOB_MAX_RESPONSE ? realloc(job->body, job->len + size * n + 1) : NULL;
    if (!grown)
        return 0;
    memcpy(grown + job->len, bytes, size * n);
    job->body = grown;
    job->len += size * n;
    return size * n;
}

static void add_field(struct job *job, const struct fob_pair *field)
{
    char line[8192];
    if (snprintf(line, sizeof line, "%s: %s", field->name, field->value) < (int)sizeof line)
        job->fields = curl_slist_append(job->fields, line);
    memset(line, 0, sizeof line);
}

static void send_request(CURLM *multi, struct job *job, const struct fob_http_request *request)
{
    job->easy = curl_easy_init();
    for (size_t i = 0; i < request->n_fields; i++)
        add_field(job, &request->fields[i]);
    curl_easy_setopt(job->easy, CURLOPT_URL, request->url);
    curl_easy_setopt(job->easy, CURLOPT_CUSTOMREQUEST, request->method);
    curl_easy_setopt(job->easy, CURLOPT_POSTFIELDSIZE, (long)request->body_len);
    curl_easy_setopt(job->easy, CURLOPT_COPYPOSTFIELDS, request->body ? request->body : "");
    curl_easy_setopt(job->easy, CURLOPT_HTTPHEADER, job->fields);
    curl_easy_setopt(job->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)request->connect_timeout_ms);
    curl_easy_setopt(job->easy, CURLOPT_TIMEOUT_MS, (long)request->total_timeout_ms);
    curl_easy_setopt(job->easy, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(job->easy, CURLOPT_WRITEDATA, job);
    curl_easy_setopt(job->easy, CURLOPT_PRIVATE, job);
    curl_multi_add_handle(multi, job->easy);
}

/* Asks the flow what it wants, and does it. */
static void step(CURLM *multi, struct job *job)
{
    struct fob_action action = FOB_ACTION_INIT;
    struct fob_error error = FOB_ERROR_INIT;
    if (fob_flow_next(job->flow, fob_now(), &action, &error) != FOB_OK) {
        fprintf(stderr, "%s\n", error.what);
        job->done = 1;
    } else if (action.want == FOB_WANT_HTTP) {
        send_request(multi, job, action.request); /* then fob_flow_feed_response */
    } else {
        job->done = 1; /* fob_flow_token has the token */
    }
}

static void feed(struct job *job, CURLcode result)
{
    long status = 0;
    struct fob_error failure = FOB_ERROR_INIT;
    const struct fob_pair json[] = {{"Content-Type", "application/json"}};
    curl_easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &status);
    struct fob_http_response response = {sizeof response, (int)status, json, 1, job->body, job->len};
    if (result == CURLE_OK) {
        fob_flow_feed_response(job->flow, fob_now(), &response, NULL);
    } else {
        fob_error_set(&failure, FOB_E_NETWORK, curl_easy_strerror(result), NULL);
        fob_flow_feed_failure(job->flow, fob_now(), &failure, NULL);
    }
}

static void finish_request(CURLM *multi, struct job *job)
{
    curl_multi_remove_handle(multi, job->easy);
    curl_easy_cleanup(job->easy);
    curl_slist_free_all(job->fields);
    free(job->body);
    job->easy = NULL;
    job->fields = NULL;
    job->body = NULL;
    job->len = 0;
}

static void run_all(struct job *jobs, size_t n)
{
    CURLM *multi = curl_multi_init();
    int running = 1, queued;
    for (size_t i = 0; i < n; i++)
        step(multi, &jobs[i]);
    while (running) {
        CURLMsg *message;
        curl_multi_perform(multi, &running);
        while ((message = curl_multi_info_read(multi, &queued))) {
            struct job *job = NULL;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &job);
            feed(job, message->data.result);
            finish_request(multi, job);
            step(multi, job);
            running = 1;
        }
        if (running)
            curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    curl_multi_cleanup(multi);
}

static int make_flows(struct job *jobs, size_t n, const char *id, const char *client_id,
                      const char *secret_text)
{
    fob_session *session = NULL;
    fob_provider *provider = NULL;
    fob_client *client = NULL;
    fob_secret *secret = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    unsigned char seed[FOB_FLOW_SEED];
    struct fob_flow_params params = FOB_FLOW_PARAMS_INIT;
    fob_err err = fob_open(NULL, &session, &error);
    if (err == FOB_OK)
        err = fob_find_provider(session, id, &provider, &error);
    if (err == FOB_OK)
        err = fob_secret_new(secret_text, strlen(secret_text), &secret, &error);
    if (err == FOB_OK)
        err = fob_client_new(client_id, secret, &client, &error);
    params.provider = provider;
    params.client = client;
    params.seed = seed;
    for (size_t i = 0; i < n && err == FOB_OK; i++) {
        err = fob_random(seed, sizeof seed, &error);
        if (err == FOB_OK)
            err = fob_flow_client_credentials(&params, &jobs[i].flow, &error);
    }
    if (err != FOB_OK)
        fprintf(stderr, "%s\n%s\n", error.what, error.fix);
    fob_secret_free(&secret);
    fob_client_free(&client);
    fob_provider_unref(&provider);
    fob_close(&session);
    return err == FOB_OK;
}

#define FLOWS 50

int main(int argc, char **argv)
{
    static struct job jobs[FLOWS];
    size_t tokens = 0;
    const char *secret = getenv("CLIENT_SECRET");
    if (argc != 3 || !secret) {
        fprintf(stderr, "usage: CLIENT_SECRET=… %s PROVIDER CLIENT_ID\n", argv[0]);
        return 2;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (make_flows(jobs, FLOWS, argv[1], argv[2], secret))
        run_all(jobs, FLOWS);
    for (size_t i = 0; i < FLOWS; i++) {
        tokens += fob_flow_token(jobs[i].flow) != NULL;
        fob_flow_free(&jobs[i].flow);
    }
    curl_global_cleanup();
    printf("%zu of %d flows have a token\n", tokens, FLOWS);
    return tokens == FLOWS ? 0 : 1;
}
