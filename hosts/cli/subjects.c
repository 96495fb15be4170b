/* SPDX-License-Identifier: MIT */
/* Descriptors that a command looks into: by file or id. */
#include "subjects.h"
#include "cli.h"

#include <stdlib.h>

int open_subject(fob_session *session, const char *word, struct subject *ret)
{
    struct fob_error error = FOB_ERROR_INIT;
    char *path = NULL, *text = NULL;
    size_t len = 0;
    int result = file_of_word(session, word, &path);
    if (result == EXIT_OK)
        result = read_descriptor(path, &text, &len);
    if (result == EXIT_OK && subject_read(session, text, len, path, ret, &error) != FOB_OK)
        result = fail(&error);
    free(path);
    free(text);
    return result;
}
