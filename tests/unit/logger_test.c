/* SPDX-License-Identifier: MIT */
/* A log line is one printable line, not too long, and made only when somebody wants it. */
#include "logger.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

struct sink {
    int lines;
    enum fob_log_level level;
    char text[2048];
};

static void keep(void *user, enum fob_log_level level, const char *text)
{
    struct sink *sink = user;
    sink->lines++;
    sink->level = level;
    snprintf(sink->text, sizeof sink->text, "%s", text);
}

Test(logger, a_line_comes_with_its_level)
{
    struct sink sink = {0};
    struct fob_logger logger = {keep, &sink, FOB_LOG_DEBUG};
    fob_log(&logger, FOB_LOG_WARNING, "%s has %d", "it", 2);
    cr_expect_eq(sink.lines, 1);
    cr_expect_eq(sink.level, FOB_LOG_WARNING);
    cr_expect_str_eq(sink.text, "it has 2");
}

Test(logger, lines_above_the_level_are_not_made)
{
    struct sink sink = {0};
    struct fob_logger logger = {keep, &sink, FOB_LOG_WARNING};
    fob_log(&logger, FOB_LOG_INFO, "x");
    fob_log(&logger, FOB_LOG_DEBUG, "x");
    cr_expect_eq(sink.lines, 0);
    fob_log(&logger, FOB_LOG_WARNING, "x");
    fob_log(&logger, FOB_LOG_ERROR, "x");
    cr_expect_eq(sink.lines, 2);
}

Test(logger, without_a_sink_nothing_happens)
{
    struct fob_logger none = {.level = FOB_LOG_DEBUG};
    fob_log(NULL, FOB_LOG_ERROR, "x");
    fob_log(&none, FOB_LOG_ERROR, "x");
}

Test(logger, what_came_from_outside_cannot_make_a_line_of_its_own)
{
    struct sink sink = {0};
    struct fob_logger logger = {keep, &sink, FOB_LOG_DEBUG};
    fob_log(&logger, FOB_LOG_INFO, "%s", "a\nERROR b\r\x1b[31m\xff caf\xc3\xa9\xc2\x85");
    cr_expect_str_eq(sink.text, "a?ERROR b??[31m? caf\xc3\xa9?");
}

Test(logger, a_line_is_cut_at_a_thousand_bytes_and_at_a_character)
{
    struct sink sink = {0};
    struct fob_logger logger = {keep, &sink, FOB_LOG_DEBUG};
    char text[1100];
    memset(text, 'a', sizeof text);
    text[1000] = '\0';
    fob_log(&logger, FOB_LOG_INFO, "%s", text);
    cr_expect_str_eq(sink.text, text, "a thousand fit");
    memcpy(text + 998, "\xe2\x82\xac", 4); /* a euro sign over the edge */
    fob_log(&logger, FOB_LOG_INFO, "%s", text);
    cr_expect_eq(strlen(sink.text), 998);
    cr_expect_eq(sink.text[997], 'a');
}
