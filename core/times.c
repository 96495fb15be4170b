/* SPDX-License-Identifier: MIT */
/* Times as providers and descriptors write them. */
#include "times.h"
#include "text.h"

#include <fob/limits.h>
#include <string.h>

#define SECOND ((int64_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static const struct {
    const char *word; /* one of more than a letter may have an s behind it */
    int64_t ms;
} units[] = {{"ms", 1},      {"s", SECOND},     {"sec", SECOND},    {"second", SECOND},
             {"m", MINUTE},  {"min", MINUTE},   {"minute", MINUTE}, {"h", HOUR},
             {"hr", HOUR},   {"hour", HOUR},    {"d", DAY},         {"day", DAY},
             {"w", 7 * DAY}, {"week", 7 * DAY}, {"y", 365 * DAY},   {"year", 365 * DAY}};

/* --- numbers ------------------------------------------------------------------------------------------------ */

/* Digits and one dot only, so that neither a locale nor a sign nor an exponent has a say. Saturates. */
static bool read_number(const char **at, double *ret)
{
    double value = 0, place = 1;
    const char *c = *at;
    for (; *c >= '0' && *c <= '9'; c++)
        value = value * 10 + (*c - '0');
    if (c == *at)
        return false;
    if (*c == '.')
        for (c++; *c >= '0' && *c <= '9'; c++)
            value += (*c - '0') * (place /= 10);
    *at = c;
    *ret = value;
    return true;
}

bool fob_time_span(double number, int64_t unit_ms, int64_t *ret_ms)
{
    if (!(number >= 0))
        return false;
    double ms = number * (double)unit_ms;
    *ret_ms = ms >= (double)FOB_MAX_LIFETIME ? FOB_MAX_LIFETIME : (int64_t)ms;
    return true;
}

static bool is_unit(const char *text, const char *word)
{
    size_t len = strlen(word);
    return strncasecmp(text, word, len) == 0 && (!text[len] || (len > 1 && fob_ascii_ieq(text + len, "s")));
}

bool fob_time_duration(const char *text, int64_t unit_ms, int64_t *ret_ms)
{
    double number;
    if (!read_number(&text, &number))
        return false;
    if (!*text)
        return fob_time_span(number, unit_ms, ret_ms);
    text += *text == ' ';
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (is_unit(text, units[i].word))
            return fob_time_span(number, units[i].ms, ret_ms);
    return false;
}

/* Seconds reach this in the year 5138; milliseconds did in 1973. Beyond nanoseconds all is as good as never. */
#define FIRST_MS 1e11
#define LAST_NS 1e20

bool fob_time_epoch(double number, int64_t *ret_ms)
{
    if (!(number >= 0))
        return false;
    double ms = number < FIRST_MS ? number * 1000 : number < LAST_NS ? number : FIRST_MS * 999;
    while (ms >= FIRST_MS * 1000) /* microseconds, nanoseconds */
        ms /= 1000;
    *ret_ms = (int64_t)ms;
    return true;
}

/* --- dates -------------------------------------------------------------------------------------------------- */

struct moment {
    int year, month, day, hour, minute, second, ms;
    int offset; /* from UTC, in minutes */
};

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int leaps_until(int year)
{
    return year / 4 - year / 100 + year / 400;
}

/* A leap second is taken as the second after it. */
static bool count(const struct moment *m, int64_t *ret_ms)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
    if (m->year < 1970 || m->month < 1 || m->month > 12 || m->day < 1 || m->hour > 23 || m->minute > 59 ||
        m->second > 60)
        return false;
    int leap_day = is_leap(m->year) && m->month >= 2, days_in_month = before[m->month] - before[m->month - 1];
    if (m->day > days_in_month + (leap_day && m->month == 2))
        return false;
    int64_t days = 365 * (int64_t)(m->year - 1970) + leaps_until(m->year - 1) - leaps_until(1969) +
                   before[m->month - 1] + (leap_day && m->month > 2) + m->day - 1;
    int64_t ms = days * DAY + m->hour * HOUR + (m->minute - m->offset) * MINUTE + m->second * SECOND + m->ms;
    if (ms < 0)
        return false;
    *ret_ms = ms;
    return true;
}

static bool digits(const char **at, int n, int *ret)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        char c = (*at)[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *at += n;
    *ret = value;
    return true;
}

static bool sign(const char **at, const char *signs)
{
    bool good = **at && strchr(signs, **at) != NULL;
    *at += good;
    return good;
}

static bool clock_time(const char **at, struct moment *m)
{
    return digits(at, 2, &m->hour) && sign(at, ":") && digits(at, 2, &m->minute) &&
           (!sign(at, ":") || digits(at, 2, &m->second));
}

static void fraction(const char **at, struct moment *m)
{
    if (!sign(at, ".,"))
        return;
    for (int place = 100; **at >= '0' && **at <= '9'; place /= 10)
        m->ms += place * (*(*at)++ - '0');
}

/* "", "Z", "+02:00", "+0200", "-08"; a space may stand before it. */
static bool zone(const char *at, struct moment *m)
{
    int hours, minutes = 0;
    at += *at == ' ';
    if (!*at || fob_ascii_ieq(at, "Z") || fob_ascii_ieq(at, "UTC") || fob_ascii_ieq(at, "GMT"))
        return true;
    bool west = *at == '-';
    if (!sign(&at, "+-") || !digits(&at, 2, &hours))
        return false;
    if (*at && (sign(&at, ":"), !digits(&at, 2, &minutes)))
        return false;
    m->offset = (hours * 60 + minutes) * (west ? -1 : 1);
    return !*at && hours < 24 && minutes < 60;
}

static bool iso(const char *at, struct moment *m)
{
    if (!digits(&at, 4, &m->year) || !sign(&at, "-") || !digits(&at, 2, &m->month) || !sign(&at, "-") ||
        !digits(&at, 2, &m->day))
        return false;
    if (!*at)
        return true;
    if (!sign(&at, "Tt ") || !clock_time(&at, m))
        return false;
    fraction(&at, m);
    return zone(at, m);
}

static bool http_date(const char *at, struct moment *m)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char *comma = strchr(at, ',');
    if (!comma || comma - at != 3)
        return false;
    at = comma + 1;
    if (!sign(&at, " ") || !digits(&at, 2, &m->day) || !sign(&at, " "))
        return false;
    while (m->month < 12 && strncmp(at, months + (size_t)m->month * 3, 3) != 0)
        m->month++;
    if (m->month++ == 12)
        return false;
    at += 3;
    return sign(&at, " ") && digits(&at, 4, &m->year) && sign(&at, " ") && clock_time(&at, m) &&
           strcmp(at, " GMT") == 0;
}

bool fob_time_point(const char *text, int64_t *ret_ms)
{
    const char *rest = text;
    double number;
    if (read_number(&rest, &number) && !*rest)
        return fob_time_epoch(number, ret_ms);
    struct moment iso_moment = {0}, http_moment = {0};
    if (iso(text, &iso_moment))
        return count(&iso_moment, ret_ms);
    return http_date(text, &http_moment) && count(&http_moment, ret_ms);
}
