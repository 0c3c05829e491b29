/* SPDX-License-Identifier: Apache-2.0 */
/* distance FILE...: how far and how long each activity was.
 *
 *     cc distance.c $(pkg-config --cflags --libs everystep-track) -o distance
 */
#include <everystep-track.h>
#include <stdio.h>
#include <stdlib.h>

/* The bytes of a file, to be freed; NULL when it can't be read. */
static void *bytes_of(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    char *bytes = f ? malloc(ES_UPLOAD_MAX) : NULL;
    *n = bytes ? fread(bytes, 1, ES_UPLOAD_MAX, f) : 0;
    if (f)
        fclose(f);
    return bytes;
}

static void print_one(struct es_activities *all, size_t i)
{
    const struct es_activity *one = es_activities_at(all, i);
    const struct es_measure *m;
    struct es_err e;

    if (es_activities_measure(all, i, &m, &e) != ES_OK) {
        printf("  activity %zu: %s\n", i + 1,
               one->track ? e.msg : one->err.msg);
        return;
    }
    printf("  %s, %s: %.0f m in %.0f s, from %s%s\n", es_sport_name(m->sport),
           es_format_name(m->format), m->dist_m, m->elapsed_s,
           es_dist_source_name(m->dist_source),
           m->n_findings ? ", with findings" : "");
    for (size_t k = 0; k < m->n_findings; k++)
        printf("    %s\n", m->findings[k].message);
}

int main(int argc, char **argv)
{
    int status = 0;
    for (int i = 1; i < argc; i++) {
        struct es_activities *all = NULL;
        struct es_err e = { ES_OK, 0, "can't be opened" };
        size_t n;
        void *bytes = bytes_of(argv[i], &n);
        puts(argv[i]);
        if (!bytes || es_activities_read(bytes, n, 0, &all, &e) != ES_OK) {
            printf("  %s (byte %zu)\n", e.msg, e.at);
            status = 1;
        }
        free(bytes);
        for (size_t k = 0; all && k < es_activities_count(all); k++)
            print_one(all, k);
        es_activities_free(all);
    }
    return status;
}
