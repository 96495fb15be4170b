/* SPDX-License-Identifier: MIT */
/* The floor for client credentials: byte for byte fob's request from one libcurl handle, its answer parsed by Jansson. */
#include "floor.h"

#include <curl/curl.h>
#include <fob/limits.h>
#include <fob/version.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *endpoint;
static CURL *easy;
static struct curl_slist *fields;
static char body[4096];
static size_t len;

static size_t receive(char *bytes, size_t size, size_t n, void *user)
{
    (void)user;
    if (len + size * n > sizeof body)
        return 0;
    memcpy(body + len, bytes, size * n);
    len += size * n;
    return size * n;
}

bool floor_open(const char *url)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    endpoint = url;
    easy = curl_easy_init();
    fields = curl_slist_append(fields, "Accept: application/json");
    fields = curl_slist_append(fields, "Content-Type: application/x-www-form-urlencoded");
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "fob/" FOB_VERSION);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)FOB_CONNECT_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)FOB_TOTAL_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
    return easy && fields && curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK;
}

/* What is particular to a request is set for each, as by any program that asks for more than one client. */
static bool ask(const char *id, const char *secret)
{
    len = 0;
    return curl_easy_setopt(easy, CURLOPT_URL, endpoint) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "grant_type=client_credentials") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fields) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERNAME, id) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PASSWORD, secret) == CURLE_OK &&
           curl_easy_perform(easy) == CURLE_OK;
}

bool floor_one(void)
{
    json_error_t error;
    json_t *answer =
        ask(FLOOR_CLIENT, FLOOR_SECRET) ? json_loadb(body, len, JSON_REJECT_DUPLICATES, &error) : NULL;
    const char *text = json_string_value(json_object_get(answer, "access_token"));
    char *token = text ? strdup(text) : NULL;
    bool good = token && json_is_string(json_object_get(answer, "token_type")) &&
                json_is_integer(json_object_get(answer, "expires_in"));
    json_decref(answer);
    free(token);
    return good;
}

void floor_close(void)
{
    curl_slist_free_all(fields);
    curl_easy_cleanup(easy);
    curl_global_cleanup();
}
