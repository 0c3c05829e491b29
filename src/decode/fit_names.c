/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of the FIT profile that people know by names. */
#include "decode/fit_profile.h"

#include <stddef.h>

struct name {
    uint16_t number;
    const char *name;
};

/* Source: the FIT profile, type "manufacturer": those whose files people
 * bring. */
static const struct name MANUFACTURERS[] = {
    { 1, "Garmin" },
    { 15, "Garmin" },
    { 23, "Suunto" },
    { 32, "Wahoo" },
    { 38, "o_synce" },
    { 54, "IpBike" },
    { 63, "Specialized" },
    { 69, "Stages" },
    { 70, "Sigma" },
    { 71, "TomTom" },
    { 86, "Elite" },
    { 87, "Nielsen-Kellerman" },
    { 89, "Tacx" },
    { 95, "Stryd" },
    { 101, "SRAM" },
    { 122, "Peripedal" },
    { 123, "Polar" },
    { 258, "Lezyne" },
    { 260, "Zwift" },
    { 263, "Favero" },
    { 265, "Strava" },
    { 267, "Bryton" },
    { 282, "The Sufferfest" },
    { 289, "Hammerhead" },
    { 294, "COROS" },
    { 307, "OneLap" },
    { 331, "MyWhoosh" },
};

/* Type "garmin_product". */
static const struct name GARMIN[] = {
    { 717, "fr405" },        { 782, "fr50" },
    { 988, "fr60" },         { 1018, "fr310xt" },
    { 1036, "edge500" },     { 1124, "fr110" },
    { 1169, "edge800" },     { 1325, "edge200" },
    { 1328, "fr910xt" },     { 1345, "fr610" },
    { 1360, "fr210" },       { 1436, "fr70" },
    { 1482, "fr10" },        { 1499, "swim" },
    { 1551, "fenix" },       { 1561, "edge510" },
    { 1567, "edge810" },     { 1623, "fr620" },
    { 1632, "fr220" },       { 1765, "fr920xt" },
    { 1836, "edge1000" },    { 1903, "fr15" },
    { 1907, "vivoactive" },  { 1967, "fenix2" },
    { 2050, "fenix3" },      { 2067, "edge520" },
    { 2148, "fr25" },        { 2153, "fr225" },
    { 2156, "fr630" },       { 2157, "fr230" },
    { 2158, "fr735xt" },     { 2337, "vivoactive_hr" },
    { 2413, "fenix3_hr" },   { 2431, "fr235" },
    { 2503, "fr35" },        { 2512, "oregon7xx" },
    { 2530, "edge820" },     { 2544, "fenix5s" },
    { 2604, "fenix5x" },     { 2691, "fr935" },
    { 2697, "fenix5" },      { 2700, "vivoactive3" },
    { 2713, "edge1030" },    { 2886, "fr645" },
    { 2888, "fr645m" },      { 2900, "fenix5s_plus" },
    { 3076, "fr245" },       { 3077, "fr245m" },
    { 3110, "fenix5_plus" }, { 3111, "fenix5x_plus" },
    { 3113, "fr945" },       { 3121, "edge530" },
    { 3122, "edge830" },     { 3225, "vivoactive4" },
    { 3226, "venu" },        { 3282, "fr45" },
    { 3288, "fenix6s" },     { 3290, "fenix6" },
    { 3291, "fenix6x" },     { 3589, "fr745" },
    { 3600, "venusq" },      { 3905, "fenix7s" },
    { 3906, "fenix7" },      { 3907, "fenix7x" },
    { 3992, "fr255" },       { 4024, "fr955" },
    { 4315, "fr965" },
};

static const char *find(const struct name *v, size_t n, unsigned number)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].number == number)
            return v[i].name;
    return NULL;
}

const char *es_fit_manufacturer(unsigned number)
{
    return find(MANUFACTURERS, sizeof MANUFACTURERS / sizeof *MANUFACTURERS,
                number);
}

const char *es_fit_garmin_product(unsigned number)
{
    return find(GARMIN, sizeof GARMIN / sizeof *GARMIN, number);
}

/* Source: the FIT profile, type "file". */
static const struct name FILES[] = {
    { 1, "device" },    { 2, "settings" },        { 3, "sport settings" },
    { 4, "activity" },  { 5, "workout" },         { 6, "course" },
    { 7, "schedules" }, { 9, "weight" },          { 10, "totals" },
    { 11, "goals" },    { 14, "blood pressure" }, { 15, "monitoring" },
    { 20, "summary" },  { 28, "monitoring" },     { 32, "monitoring" },
    { 34, "segment" },  { 35, "segment list" },   { 40, "exercise settings" },
};

const char *es_fit_file_type(unsigned number)
{
    return find(FILES, sizeof FILES / sizeof *FILES, number);
}
