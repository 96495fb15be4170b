/* SPDX-License-Identifier: MIT */
/* All hosts of a provider moved to one origin: each becomes a folder there, and nothing else changes. */
#ifndef SANDBOX_REWRITE_H
#define SANDBOX_REWRITE_H

#include <jansson.h>
#include <stdbool.h>

/*
 * A copy of the descriptor for a provider whose every host is a folder of origin, "http://127.0.0.1:8080": endpoints,
 * hosts, what a variable or kept value that is a URL may be. Without id, and without the recorded exchanges: those
 * speak of the real hosts.
 */
json_t *rewrite_descriptor(json_t *descriptor, const char *origin);

/* "https://a.example/b" as origin/a.example/b; what is no URL as it is. The caller drops it. */
char *rewrite_url(const char *url, const char *origin);

/* A pattern that matches what rewrite_url makes of what the given one matches. The caller drops it. */
char *rewrite_pattern(const char *pattern, const char *origin);

/* Whether some endpoint in the tree begins with what the name stands for, so that its value has a host in it. */
bool rewrite_begins_endpoint(json_t *tree, const char *name);

#endif
