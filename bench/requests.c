/* SPDX-License-Identifier: MIT */
/* bench_requests N PROVIDER: client credentials tokens over one kept-alive connection; prints CPU us per request. */
#include <fob/fob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static double cpu(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static fob_err one(fob_session *session, struct fob_flow_params *params, struct fob_error *error)
{
    unsigned char seed[FOB_FLOW_SEED];
    fob_flow *flow = NULL;
    fob_err err = fob_random(seed, sizeof seed, error);
    params->seed = seed;
    if (err == FOB_OK)
        err = fob_flow_client_credentials(params, &flow, error);
    if (err == FOB_OK)
        err = fob_run(session, flow, NULL, error);
    fob_flow_free(&flow);
    return err;
}

int main(int argc, char **argv)
{
    fob_session *session = NULL;
    fob_provider *provider = NULL;
    fob_client *client = NULL;
    fob_secret *secret = NULL;
    struct fob_error error = FOB_ERROR_INIT;
    struct fob_flow_params params = FOB_FLOW_PARAMS_INIT;
    long n = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
    fob_err err = n > 0 ? fob_open(NULL, &session, &error) : FOB_E_ARGUMENT;
    if (err == FOB_OK)
        err = fob_find_provider(session, argv[2], &provider, &error);
    if (err == FOB_OK)
        err = fob_secret_new("bench-secret", 12, &secret, &error);
    if (err == FOB_OK)
        err = fob_client_new("bench", secret, &client, &error);
    params.provider = provider;
    params.client = client;
    for (int i = 0; i < 20 && err == FOB_OK; i++)
        err = one(session, &params, &error);
    double start = cpu();
    for (long i = 0; i < n && err == FOB_OK; i++)
        err = one(session, &params, &error);
    if (err == FOB_OK)
        printf("%.2f\n", (cpu() - start) / (double)n);
    else
        fprintf(stderr, "%s\n", error.what);
    fob_secret_free(&secret);
    fob_client_free(&client);
    fob_provider_unref(&provider);
    fob_close(&session);
    return err == FOB_OK ? 0 : 1;
}
