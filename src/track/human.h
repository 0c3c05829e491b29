/* SPDX-License-Identifier: Apache-2.0 */
/* What a human body can do. */
#ifndef ES_TRACK_HUMAN_H
#define ES_TRACK_HUMAN_H

#include <stddef.h>

/* The fastest that a human has run: the least time over a distance and the
 * greatest mean speed over a time. Between two records on the line through
 * them in logarithms; before the first and after the last at its speed.
 * Source: records.inc. */
double es_human_time_s(double dist_m);
double es_human_speed_mps(double time_s);

/* A row of records.inc, whose head says what stands in it. */
struct es_record {
    double dist_m, time_s;
    char whose, status;
    const char *date, *place, *name, *list;
    unsigned char seen, fastest;
};
extern const struct es_record ES_RECORDS[];
extern const size_t ES_RECORDS_N;

#endif
