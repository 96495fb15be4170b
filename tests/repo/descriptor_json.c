/* SPDX-License-Identifier: MIT */
/* For the tests of this folder: each descriptor that is named, as one line of JSON. */
#include <fob/fob.h>

#include <stdio.h>
#include <stdlib.h>

static int show(fob_session *session, const char *path)
{
    static char text[256 * 1024];
    struct fob_error error = FOB_ERROR_INIT;
    char *json = NULL;
    FILE *file = fopen(path, "rbe");
    size_t len = file ? fread(text, 1, sizeof text, file) : 0;
    if (file)
        fclose(file);
    if (fob_descriptor_json(session, text, len, path, &json, &error) != FOB_OK) {
        fprintf(stderr, "%s:%u: %s\n", path, error.line, error.what);
        return 1;
    }
    puts(json);
    free(json);
    return 0;
}

int main(int argc, char **argv)
{
    struct fob_error error = FOB_ERROR_INIT;
    fob_session *session = NULL;
    int result = fob_open(NULL, &session, &error) == FOB_OK ? 0 : 1;
    for (int i = 1; i < argc && result == 0; i++)
        result = show(session, argv[i]);
    fob_close(&session);
    return result;
}
