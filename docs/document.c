/* SPDX-License-Identifier: MIT */
/* Prints the descriptor language as the library knows it: for schemas/ and the man page. */
#include <fob/fob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    static const char *const names[] = {"schema", "reference", "template", "functions"};
    char *text = NULL;
    struct fob_error error;
    for (int i = 0; argc == 2 && i < 4; i++) {
        if (strcmp(argv[1], names[i]) != 0)
            continue;
        if (fob_descriptor_document((enum fob_descriptor_doc)i, &text, &error) != FOB_OK)
            return 1;
        fputs(text, stdout);
        free(text);
        return 0;
    }
    fprintf(stderr, "usage: %s schema|reference|template|functions\n", argv[0]);
    return 2;
}
