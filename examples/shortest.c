/* SPDX-License-Identifier: MIT */
/* The shortest host program: a fresh token for a connection, in three calls. */
#include <fob/fob.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s CONNECTION\n", argv[0]);
        return 2;
    }
    const char *name = argv[1];

    fob_session *session = NULL;
    fob_token *token = NULL;
    struct fob_error error = FOB_ERROR_INIT;

    fob_err err = fob_open(NULL, &session, &error);
    if (err == FOB_OK)
        err = fob_get_token(session, name, 60 * 1000, &token, &error); /* good for a minute at least */
    if (err == FOB_OK)
        printf("Authorization: Bearer %s\n", fob_secret_peek(fob_token_access(token), NULL));
    else
        fprintf(stderr, "%s\n%s\n", error.what, error.fix);
    fob_token_unref(&token);
    fob_close(&session);
    return err == FOB_OK ? 0 : 1;
}
