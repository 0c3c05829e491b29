/* SPDX-License-Identifier: Apache-2.0 */
/* The fastest ever run by a human on foot, men and women, as of 2026-11. Also
 * performances that were measured but not ratified: the question is what a
 * body can do, not what a federation lists. */
#include <math.h>

#include "track/measure_int.h"

static const struct record {
    double dist_m, time_s;
    const char *date, *source;
} RECORDS[] = {
    { 100, 9.58, "2009-08-16", "Bolt; World Athletics" },
    { 200, 19.19, "2009-08-20", "Bolt; World Athletics" },
    { 400, 43.03, "2016-08-14", "van Niekerk; World Athletics" },
    { 800, 100.91, "2012-08-09", "Rudisha; World Athletics" },
    { 1000, 131.96, "1999-09-05", "Ngeny; World Athletics" },
    { 1500, 206.00, "1998-07-14", "El Guerrouj; World Athletics" },
    { 1609.344, 223.13, "1999-07-07", "El Guerrouj; World Athletics" },
    { 2000, 283.13, "2023-09-08", "J. Ingebrigtsen; World Athletics" },
    { 3000, 437.55, "2024-08-25", "J. Ingebrigtsen; World Athletics" },
    { 5000, 755.36, "2020-08-14", "Cheptegei; World Athletics" },
    { 10000, 1571.00, "2020-10-07", "Cheptegei; World Athletics" },
    { 21097.5, 3402, "2025-02-16", "Kiplimo; not ratified" },
    { 42195, 7170, "2026-04-26", "Sawe; press, ratification pending" },
    { 50000, 9523, "2022-10-08", "Albertson; IAU" },
    { 98496, 21600, "2022-04-23", "Sorokin, 6 h; IAU" },
    { 160934.4, 39099, "2022-01-07", "Sorokin; IAU" },
    { 177410, 43200, "2022-01-07", "Sorokin, 12 h; IAU" },
    { 319614, 86400, "2022-09-18", "Sorokin, 24 h; IAU" },
};
enum { N_RECORDS = sizeof RECORDS / sizeof *RECORDS };

/* On the line through two records, in logarithms; beyond the ends of the
 * table at the speed of its first or last record. */
double es_human_time_s(double dist_m)
{
    const struct record *r = RECORDS;
    if (!(dist_m > r[0].dist_m))
        return dist_m * r[0].time_s / r[0].dist_m;
    for (size_t i = 1; i < N_RECORDS; i++) {
        if (dist_m > r[i].dist_m)
            continue;
        double f =
            log(dist_m / r[i - 1].dist_m) / log(r[i].dist_m / r[i - 1].dist_m);
        return r[i - 1].time_s * pow(r[i].time_s / r[i - 1].time_s, f);
    }
    return dist_m * r[N_RECORDS - 1].time_s / r[N_RECORDS - 1].dist_m;
}

double es_human_speed_mps(double time_s)
{
    const struct record *r = RECORDS;
    if (!(time_s > r[0].time_s))
        return r[0].dist_m / r[0].time_s;
    for (size_t i = 1; i < N_RECORDS; i++) {
        if (time_s > r[i].time_s)
            continue;
        double f =
            log(time_s / r[i - 1].time_s) / log(r[i].time_s / r[i - 1].time_s);
        return r[i - 1].dist_m * pow(r[i].dist_m / r[i - 1].dist_m, f) / time_s;
    }
    return r[N_RECORDS - 1].dist_m / r[N_RECORDS - 1].time_s;
}
