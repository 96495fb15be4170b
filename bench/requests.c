/* SPDX-License-Identifier: MIT */
/* bench_requests BATCHES REQUESTS PROVIDER URL: client credentials by fob and by the floor, in short batches in turn. */
#include "floor.h"

#include <fob/fob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_BATCHES 1000

static fob_session *session;
static fob_provider *provider;
static fob_client *client;
static struct fob_flow_params params = FOB_FLOW_PARAMS_INIT;
static struct fob_error error = FOB_ERROR_INIT;

/* User and system time of this process. */
static double cpu_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static fob_err open_ours(const char *id)
{
    fob_secret *secret = NULL;
    fob_err err = fob_open(NULL, &session, &error);
    if (err == FOB_OK)
        err = fob_find_provider(session, id, &provider, &error);
    if (err == FOB_OK)
        err = fob_secret_new(FLOOR_SECRET, strlen(FLOOR_SECRET), &secret, &error);
    if (err == FOB_OK)
        err = fob_client_new(FLOOR_CLIENT, secret, &client, &error);
    fob_secret_free(&secret);
    params.provider = provider;
    params.client = client;
    return err;
}

static void close_ours(void)
{
    fob_client_free(&client);
    fob_provider_unref(&provider);
    fob_close(&session);
}

static bool one_of_ours(void)
{
    unsigned char seed[FOB_FLOW_SEED];
    fob_flow *flow = NULL;
    fob_err err = fob_random(seed, sizeof seed, &error);
    params.seed = seed;
    if (err == FOB_OK)
        err = fob_flow_client_credentials(&params, &flow, &error);
    if (err == FOB_OK)
        err = fob_run(session, flow, NULL, &error);
    fob_flow_free(&flow);
    return err == FOB_OK;
}

/* CPU us a request. */
static double batch(bool (*one)(void), unsigned long requests)
{
    double start = cpu_us();
    for (unsigned long i = 0; i < requests; i++) {
        if (!one()) {
            fprintf(stderr, "bench: a request failed: %s\n", error.what);
            exit(1);
        }
    }
    return (cpu_us() - start) / (double)requests;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    static double ours[MAX_BATCHES], floor[MAX_BATCHES], ratio[MAX_BATCHES];
    unsigned long n = argc == 5 ? strtoul(argv[1], NULL, 10) : 0;
    unsigned long requests = argc == 5 ? strtoul(argv[2], NULL, 10) : 0;
    if (n == 0 || n > MAX_BATCHES || requests == 0) {
        fprintf(stderr, "usage: %s BATCHES REQUESTS PROVIDER URL\n", argv[0]);
        return 2;
    }
    if (open_ours(argv[3]) != FOB_OK || !floor_open(argv[4])) {
        fprintf(stderr, "bench: %s\n", error.what);
        return 1;
    }
    batch(one_of_ours, requests);
    batch(floor_one, requests);
    for (unsigned long i = 0; i < n; i++) {
        bool first = i % 2 == 0; /* neither side always has the caches that the other left */
        if (first)
            ours[i] = batch(one_of_ours, requests);
        floor[i] = batch(floor_one, requests);
        if (!first)
            ours[i] = batch(one_of_ours, requests);
        ratio[i] = ours[i] / floor[i];
    }
    qsort(ours, n, sizeof *ours, by_size);
    qsort(floor, n, sizeof *floor, by_size);
    qsort(ratio, n, sizeof *ratio, by_size);
    printf("%.1f us against %.1f us: %.2f (from %.2f to %.2f in %lu batches)\n", ours[n / 2], floor[n / 2],
           ratio[n / 2], ratio[0], ratio[n - 1], n);
    floor_close();
    close_ours();
    return 0;
}
