/* SPDX-License-Identifier: MIT */
/* What the files of this listener share. */
#ifndef LISTENER_H
#define LISTENER_H

#include <fob/limits.h>
#include <fob/plugin.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

/* "localhost" has an address in each family. */
#define MAX_FAMILIES 2

/* A request for the path that has not had its answer yet. */
struct request {
    struct listener *listener;
    struct request *next;
    struct MHD_Connection *connection;
    char *target; /* as received; holds the code, so it is wiped */
    char *form;   /* its body, likewise; n_read counts what there was no room for as well */
    size_t form_len, n_read;
    bool is_form, is_queued, is_answering;
    struct MHD_Response *page; /* the answer, once there is one */
    unsigned status;
};

struct listener {
    struct MHD_Daemon *daemons[MAX_FAMILIES];
    size_t n_daemons;
    char *path;
    unsigned modes;        /* enum fob_listen_mode */
    struct request *queue; /* in the order they came; the first may be given out */
    size_t n_queued;
    size_t n_answering; /* taken off the queue, not sent in full */
    bool is_given;
    bool is_closing;
};

/* sockets.c: listens on every address of host. Fills fds; *ret_n of them. */
fob_err listen_on(const char *host, unsigned port, int fds[MAX_FAMILIES], size_t *ret_n, unsigned *ret_port,
                  struct fob_error *error);

/* requests.c: libmicrohttpd's callbacks; cls is the listener. */
void *request_begin(void *cls, const char *target, struct MHD_Connection *connection);
enum MHD_Result request_handle(void *cls, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *upload,
                               size_t *upload_len, void **context);
void request_end(void *cls, struct MHD_Connection *connection, void **context,
                 enum MHD_RequestTerminationCode code);
/* Sends the first of the queue on its way with this page; false when out of memory. */
bool request_answer(struct listener *listener, unsigned status, const char *html);

/* form.c: false when it cannot go on; then what there is of it behind the path, or why not. */
enum form_result { FORM_TAKEN, FORM_TOO_LONG, FORM_OF_OTHER_TYPE, FORM_DAMAGED, FORM_NO_MEMORY };
bool form_add(struct request *request, const char *bytes, size_t len);
enum form_result form_finish(struct request *request);
void form_free(struct request *request);

/* pages.c: NULL, or MHD_NO, when out of memory. allowed: the methods for a 405, else NULL. */
struct MHD_Response *page_make(const char *html);
enum MHD_Result page_send(struct MHD_Connection *connection, unsigned status, const char *allowed,
                          const char *html);
enum MHD_Result page_send_fragment(struct MHD_Connection *connection);

/* Fills *error and returns code. fix may be NULL. */
fob_err fail(struct fob_error *error, fob_err code, int sys_errno, const char *fix, const char *what_fmt, ...)
    FOB_PRINTF(5, 6);

#endif
