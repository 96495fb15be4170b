/* SPDX-License-Identifier: MIT */
/* Times as providers and descriptors write them. Pure: none of it asks what time it is. */
#ifndef CORE_TIMES_H
#define CORE_TIMES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A number, whole or decimal, with or without a unit behind it ("3600", "1h", "15 minutes", "60d"), in milliseconds, FOB_MAX_LIFETIME at
 * most. unit_ms is what a number alone counts. false when text is none, and for what is negative.
 */
bool fob_time_duration(const char *text, int64_t unit_ms, int64_t *ret_ms);

/* number of units, likewise. */
bool fob_time_span(double number, int64_t unit_ms, int64_t *ret_ms);

/*
 * Milliseconds since 1970 from a number of seconds, or of milliseconds or less, as its size tells. false when it is
 * negative.
 */
bool fob_time_epoch(double number, int64_t *ret_ms);

/*
 * Milliseconds since 1970 from a number as above, from ISO 8601 ("2026-05-01T10:00:00.5+02:00", without a zone UTC is
 * meant), or from the date of a header field (RFC 9110 section 5.6.7, IMF-fixdate). false when text is none, or before 1970.
 */
bool fob_time_point(const char *text, int64_t *ret_ms);

#endif
