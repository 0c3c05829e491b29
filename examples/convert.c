/* SPDX-License-Identifier: Apache-2.0 */
/* convert fit|gpx|tcx < FILE > FILE: the first activity in another format.
 *
 *     cc convert.c $(pkg-config --cflags --libs everystep-track) -o convert
 */
#include <everystep-track.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum es_format format_of(const char *name)
{
    for (int f = ES_FORMAT_FIT; f <= ES_FORMAT_TCX; f++)
        if (strcmp(name, es_format_name((enum es_format)f)) == 0)
            return (enum es_format)f;
    return ES_FORMAT_NONE;
}

int main(int argc, char **argv)
{
    enum es_format format = argc == 2 ? format_of(argv[1]) : ES_FORMAT_NONE;
    struct es_activities *all = NULL;
    struct es_bytes file = { 0 };
    struct es_err e = { 0 };
    char *in = malloc(ES_UPLOAD_MAX);

    if (format == ES_FORMAT_NONE || !in) {
        fputs("usage: convert fit|gpx|tcx < FILE > FILE\n", stderr);
        free(in);
        return 64;
    }
    size_t n = fread(in, 1, ES_UPLOAD_MAX, stdin);
    enum es_code rc = es_activities_read(in, n, 0, &all, &e);
    if (rc == ES_OK)
        rc = es_activities_write(all, 0, format, &file, &e);
    if (rc == ES_OK && fwrite(file.p, 1, file.n, stdout) != file.n)
        rc = ES_EIO;
    if (rc != ES_OK)
        fprintf(stderr, "convert: %s: %s\n", es_code_name(rc), e.msg);
    es_activities_free(all);
    free(in);
    return rc == ES_OK ? 0 : 1;
}
