/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* fit_points FILE…: what we read of FIT files, as JSON, one line a file:
 * {"tracks", "merged", "overridden", "records": [[t_ms, lat, lon, dist, alt,
 * speed, hr, cadence, temperature, power], …]}, or null. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/file.h"
#include "base/limits.h"
#include "decode/decode.h"

static void put(double v)
{
    if (isnan(v))
        printf(",null");
    else
        printf(",%.17g", v);
}

static void put_point(const struct es_point *p)
{
    if (p->t_ms == ES_NO_TIME)
        printf("null");
    else
        printf("%" PRId64, p->t_ms);
    put(p->lat_deg);
    put(p->lon_deg);
    put(p->dist_m);
    put((double)p->alt_m);
    put((double)p->speed_mps);
    put(p->hr_bpm ? p->hr_bpm : NAN);
    put((double)p->cadence_spm);
    put((double)p->temp_c);
    put(p->power_w ? p->power_w : NAN);
}

static void tell(const struct es_tracks *t)
{
    const char *comma = "";
    size_t merged = 0, overridden = 0;
    for (size_t i = 0; i < t->n; i++)
        merged += t->v[i].n_merged;
    for (size_t i = 0; i < t->v[0].n_extras; i++)
        overridden += t->v[0].extras[i].native != 255;
    printf("{\"tracks\":%zu,\"merged\":%zu,\"overridden\":%zu,\"records\":[",
           t->n, merged, overridden);
    for (size_t i = 0; i < t->n; i++) {
        for (size_t k = 0; k < t->v[i].n; k++) {
            printf("%s[", comma);
            put_point(&t->v[i].pts[k]);
            printf("]");
            comma = ",";
        }
    }
    printf("]}\n");
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct es_buf raw = { 0 };
        struct es_tracks t;
        struct es_arena a;
        es_arena_init(&a, ES_DECODE_MEM);
        if (es_file_load(argv[i], ES_UPLOAD_MAX, &raw, NULL) != ES_OK)
            return 1;
        if (es_fit_decode(es_buf_bytes(&raw), &a, &t, NULL) == ES_OK)
            tell(&t);
        else
            puts("null");
        es_arena_release(&a);
        es_buf_release(&raw);
    }
    return 0;
}
