/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What our decoder makes of a file, for a script to compare: a line for each
 * activity and for each point, numbers in full.
 *
 *     points FILE
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "base/limits.h"
#include "decode/decode.h"

static void print(const struct es_track *tr)
{
    printf("track %zu\n", tr->n);
    for (size_t i = 0; i < tr->n; i++) {
        const struct es_point *p = &tr->pts[i];
        printf("%u %.17g %.17g %.9g ", p->flags & ES_PT_SEGMENT, p->lat_deg,
               p->lon_deg, (double)p->alt_m);
        if (p->t_ms == ES_NO_TIME)
            printf("-\n");
        else
            printf("%" PRId64 "\n", p->t_ms);
    }
    for (size_t i = 0; i < tr->n_warnings; i++)
        printf("warning %s\n", tr->warnings[i].code);
}

int main(int argc, char **argv)
{
    struct es_buf file = { 0 };
    struct es_arena a = { 0 };
    struct es_members m;
    struct es_tracks t = { 0 };
    struct es_err e = { 0 };
    if (argc != 2)
        return 64;
    es_arena_init(&a, ES_DECODE_MEM);
    enum es_code rc = es_file_load(argv[1], ES_UPLOAD_MAX, &file, &e);
    if (rc == ES_OK)
        rc = es_unpack(es_buf_bytes(&file), &a, &m, &e);
    if (rc == ES_OK)
        rc = es_decode(m.v[0].bytes, &a, &t, &e);
    for (size_t i = 0; i < t.n; i++)
        print(&t.v[i]);
    if (rc != ES_OK)
        printf("error %s\n", e.msg);
    es_arena_release(&a);
    es_buf_release(&file);
    return 0;
}
