/* SPDX-License-Identifier: MIT */
/* What a person sees while logging in: a browser, a URL, and how long there is. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static bool has_display(void)
{
    return getenv("BROWSER") || getenv("DISPLAY") || getenv("WAYLAND_DISPLAY");
}

/* Started and left alone: what it prints would disturb our own lines. */
static bool start_browser(const char *url)
{
    const char *program = getenv("BROWSER") ? getenv("BROWSER") : "xdg-open";
    posix_spawn_file_actions_t actions;
    pid_t pid;
    char *copies[] = {strdup(program), strdup(url), NULL};
    bool started = false;
    if (copies[0] && copies[1] && posix_spawn_file_actions_init(&actions) == 0) {
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        started = posix_spawnp(&pid, copies[0], &actions, NULL, copies, environ) == 0;
        posix_spawn_file_actions_destroy(&actions);
    }
    free(copies[0]);
    free(copies[1]);
    return started;
}

static fob_err open_url(void *user, const char *url, struct fob_error *error)
{
    struct browser *browser = user;
    (void)error;
    bool opened = !browser->no_browser && has_display() && start_browser(url);
    fputs(opened ? "The browser was opened. If nothing shows, open this URL in it:\n"
                 : "Open this URL in a browser on this machine:\n",
          stderr);
    fprintf(stderr, "\n%s\n\n", url);
    if (isatty(STDIN_FILENO))
        fputs("If the browser ends on a page that cannot be shown, paste that page's address here.\n",
              stderr);
    return FOB_OK;
}

static void show_time(struct browser *browser, int64_t left_ms)
{
    long long seconds = (long long)(left_ms / 1000);
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\rWaiting for the login … %lld:%02lld left ", seconds / 60, seconds % 60);
    else if (!browser->told)
        fprintf(stderr, "Waiting for the login, %lld seconds at most.\n", seconds);
    browser->told = true;
}

/* A line that was pasted, when it is whole. */
static const char *pasted_line(struct browser *browser)
{
    struct pollfd wait = {.fd = STDIN_FILENO, .events = POLLIN};
    if (!isatty(STDIN_FILENO) || poll(&wait, 1, 0) <= 0)
        return NULL;
    ssize_t got = read(STDIN_FILENO, browser->pasted + browser->pasted_len,
                       sizeof browser->pasted - 1 - browser->pasted_len);
    if (got <= 0)
        return NULL;
    browser->pasted_len += (size_t)got;
    browser->pasted[browser->pasted_len] = '\0';
    char *end = strpbrk(browser->pasted, "\r\n");
    if (!end && browser->pasted_len < sizeof browser->pasted - 1)
        return NULL;
    if (end)
        *end = '\0';
    browser->pasted_len = 0;
    return *browser->pasted ? browser->pasted : NULL;
}

static int waiting(void *user, int64_t now, int64_t until, const char **ret_redirect)
{
    struct browser *browser = user;
    show_time(browser, until - now);
    const char *line = pasted_line(browser);
    if (line)
        *ret_redirect = line;
    return 0;
}

static void notice(void *user, const struct fob_error *what)
{
    (void)user;
    fprintf(stderr, "\nfob: %s\n%s%s", what->what, *what->fix ? "  " : "", what->fix);
    fputc('\n', stderr);
}

/* Before the browser opens, so that a person can still stop. */
static void warning(void *user, const char *text)
{
    (void)user;
    bool loud = isatty(STDERR_FILENO);
    fprintf(stderr, "%sWARNING: whoever answers this login cannot be told from the provider:%s %s\n",
            loud ? "\033[1;31m" : "", loud ? "\033[0m" : "", text);
    fputs("Open only the link below, and follow no other link until the login has ended.\n\n", stderr);
}

struct fob_ui browser_ui(struct browser *browser)
{
    return (struct fob_ui){.size = sizeof(struct fob_ui),
                           .user = browser,
                           .open_url = open_url,
                           .waiting = waiting,
                           .notice = notice,
                           .warning = warning,
                           .choose = choose_option};
}

void browser_done(struct browser *browser)
{
    if (browser->told && isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
    browser->told = false;
    explicit_bzero(browser->pasted, sizeof browser->pasted);
}
