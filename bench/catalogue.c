/* SPDX-License-Identifier: MIT */
/* bench_catalogue BATCHES FILES…: reading descriptors, against libyaml alone that goes over the same texts. */
#include <fob/fob.h>
#include <fob/limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <yaml.h>

#define MAX_BATCHES 1000
#define MAX_FILES 4096

static struct {
    const char *path;
    char *text;
    size_t len;
} files[MAX_FILES];
static size_t n_files;
static fob_session *session;

/* User and system time of this process. */
static double cpu_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static int load(const char *path)
{
    FILE *file = fopen(path, "rbe");
    char *text = malloc(FOB_MAX_DESCRIPTOR);
    if (!file || !text || n_files == MAX_FILES)
        return 0;
    files[n_files].path = path;
    files[n_files].text = text;
    files[n_files].len = fread(text, 1, FOB_MAX_DESCRIPTOR, file);
    n_files++;
    fclose(file);
    return 1;
}

static void read_ours(void)
{
    for (size_t i = 0; i < n_files; i++) {
        fob_provider *provider = NULL;
        struct fob_error error;
        if (fob_read_provider(session, files[i].text, files[i].len, files[i].path, &provider, &error) !=
            FOB_OK) {
            fprintf(stderr, "bench: %s: %s\n", files[i].path, error.what);
            exit(1);
        }
        fob_provider_unref(&provider);
    }
}

static void read_floor(void)
{
    for (size_t i = 0; i < n_files; i++) {
        yaml_parser_t parser;
        yaml_event_t event;
        yaml_event_type_t type = YAML_NO_EVENT;
        if (!yaml_parser_initialize(&parser))
            exit(1);
        yaml_parser_set_input_string(&parser, (const unsigned char *)files[i].text, files[i].len);
        while (type != YAML_STREAM_END_EVENT && yaml_parser_parse(&parser, &event)) {
            type = event.type;
            yaml_event_delete(&event);
        }
        yaml_parser_delete(&parser);
    }
}

/* CPU us a file. */
static double batch(void (*read_all)(void))
{
    double start = cpu_us();
    read_all();
    return (cpu_us() - start) / (double)n_files;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
    static double ours[MAX_BATCHES], floor[MAX_BATCHES], ratio[MAX_BATCHES];
    size_t n = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
    for (int i = 2; i < argc; i++)
        if (!load(argv[i]))
            return 1;
    if (n == 0 || n > MAX_BATCHES) {
        fprintf(stderr, "usage: %s BATCHES FILES…\n", argv[0]);
        return 2;
    }
    struct fob_options options = FOB_OPTIONS_INIT;
    struct fob_error error;
    options.store_in_memory = 1;
    if (fob_open(&options, &session, &error) != FOB_OK) {
        fprintf(stderr, "bench: %s\n", error.what);
        return 1;
    }
    batch(read_ours);
    batch(read_floor);
    for (size_t i = 0; i < n; i++) {
        bool first = i % 2 == 0; /* neither side always has the caches that the other left */
        if (first)
            ours[i] = batch(read_ours);
        floor[i] = batch(read_floor);
        if (!first)
            ours[i] = batch(read_ours);
        ratio[i] = ours[i] / floor[i];
    }
    qsort(ours, n, sizeof *ours, by_size);
    qsort(floor, n, sizeof *floor, by_size);
    qsort(ratio, n, sizeof *ratio, by_size);
    printf("%zu files, %.1f us each against %.1f us: %.2f (from %.2f to %.2f in %zu batches)\n", n_files,
           ours[n / 2], floor[n / 2], ratio[n / 2], ratio[0], ratio[n - 1], n);
    fob_close(&session);
    return 0;
}
