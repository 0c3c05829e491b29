/* SPDX-License-Identifier: Apache-2.0 */
#include "track/human.h"

#include "geo/math.h"

const struct es_record ES_RECORDS[] = {
#include "track/records.inc"
};
const size_t ES_RECORDS_N = sizeof ES_RECORDS / sizeof *ES_RECORDS;

/* The next row of the envelope after `r`; NULL after the last. */
static const struct es_record *next(const struct es_record *r)
{
    for (r++; r < ES_RECORDS + ES_RECORDS_N; r++)
        if (r->fastest)
            return r;
    return NULL;
}

double es_human_time_s(double dist_m)
{
    const struct es_record *a = ES_RECORDS, *b = next(a);
    if (!(dist_m > a->dist_m))
        return dist_m * a->time_s / a->dist_m;
    while (b && dist_m > b->dist_m) {
        a = b;
        b = next(a);
    }
    if (!b)
        return dist_m * a->time_s / a->dist_m;
    double f = es_ln(dist_m / a->dist_m) / es_ln(b->dist_m / a->dist_m);
    return a->time_s * es_pow(b->time_s / a->time_s, f);
}

double es_human_speed_mps(double time_s)
{
    const struct es_record *a = ES_RECORDS, *b = next(a);
    if (!(time_s > a->time_s))
        return a->dist_m / a->time_s;
    while (b && time_s > b->time_s) {
        a = b;
        b = next(a);
    }
    if (!b)
        return a->dist_m / a->time_s;
    double f = es_ln(time_s / a->time_s) / es_ln(b->time_s / a->time_s);
    return a->dist_m * es_pow(b->dist_m / a->dist_m, f) / time_s;
}
