/* SPDX-License-Identifier: MIT */
/* The floor for client credentials: the same POST by bare libcurl, its answer parsed by Jansson; CPU us per request. */
#include <curl/curl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct body {
    char bytes[4096];
    size_t len;
};

static double cpu(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static size_t receive(char *bytes, size_t size, size_t n, void *user)
{
    struct body *body = user;
    if (body->len + size * n > sizeof body->bytes)
        return 0;
    memcpy(body->bytes + body->len, bytes, size * n);
    body->len += size * n;
    return size * n;
}

static int one(CURL *easy, struct body *body)
{
    json_error_t error;
    body->len = 0;
    if (curl_easy_perform(easy) != CURLE_OK)
        return 0;
    json_t *answer = json_loadb(body->bytes, body->len, 0, &error);
    int good = json_is_string(json_object_get(answer, "access_token"));
    json_decref(answer);
    return good;
}

int main(int argc, char **argv)
{
    static struct body body;
    long n = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
    int good = n > 0;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, argc == 3 ? argv[2] : "");
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "grant_type=client_credentials");
    curl_easy_setopt(easy, CURLOPT_USERPWD, "bench:bench-secret");
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    for (int i = 0; i < 20 && good; i++)
        good = one(easy, &body);
    double start = cpu();
    for (long i = 0; i < n && good; i++)
        good = one(easy, &body);
    if (good)
        printf("%.2f\n", (cpu() - start) / (double)n);
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    return good ? 0 : 1;
}
