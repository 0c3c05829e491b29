/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "track/track.h"

/* Source: the FIT profile, type "sport". Numbers that are missing have no
 * meaning there. */
static const char *const NAMES[] = {
    [0] = "generic",
    [1] = "running",
    [2] = "cycling",
    [3] = "transition",
    [4] = "fitness_equipment",
    [5] = "swimming",
    [6] = "basketball",
    [7] = "soccer",
    [8] = "tennis",
    [9] = "american_football",
    [10] = "training",
    [11] = "walking",
    [12] = "cross_country_skiing",
    [13] = "alpine_skiing",
    [14] = "snowboarding",
    [15] = "rowing",
    [16] = "mountaineering",
    [17] = "hiking",
    [18] = "multisport",
    [19] = "paddling",
    [20] = "flying",
    [21] = "e_biking",
    [22] = "motorcycling",
    [23] = "boating",
    [24] = "driving",
    [25] = "golf",
    [26] = "hang_gliding",
    [27] = "horseback_riding",
    [28] = "hunting",
    [29] = "fishing",
    [30] = "inline_skating",
    [31] = "rock_climbing",
    [32] = "sailing",
    [33] = "ice_skating",
    [34] = "sky_diving",
    [35] = "snowshoeing",
    [36] = "snowmobiling",
    [37] = "stand_up_paddleboarding",
    [38] = "surfing",
    [39] = "wakeboarding",
    [40] = "water_skiing",
    [41] = "kayaking",
    [42] = "rafting",
    [43] = "windsurfing",
    [44] = "kitesurfing",
    [45] = "tactical",
    [46] = "jumpmaster",
    [47] = "boxing",
    [48] = "floor_climbing",
    [49] = "baseball",
    [53] = "diving",
    [62] = "hiit",
    [64] = "racket",
    [65] = "wheelchair_push_walk",
    [66] = "wheelchair_push_run",
    [67] = "meditation",
    [69] = "disc_golf",
    [71] = "cricket",
    [72] = "rugby",
    [73] = "hockey",
    [74] = "lacrosse",
    [75] = "volleyball",
    [76] = "water_tubing",
    [77] = "wakesurfing",
    [80] = "mixed_martial_arts",
    [82] = "snorkeling",
    [83] = "dance",
    [84] = "jump_rope",
};
enum { N_NAMES = sizeof NAMES / sizeof *NAMES };

/* What GPX and TCX files of apps and watches write in <type> and Sport, folded
 * as fold() does. The bare numbers are Strava's. */
static const struct alias {
    const char *name;
    uint8_t sport;
} ALIASES[] = {
    { "run", 1 },
    { "trail_running", 1 },
    { "trail_run", 1 },
    { "treadmill_running", 1 },
    { "treadmill", 1 },
    { "street_running", 1 },
    { "track_running", 1 },
    { "indoor_running", 1 },
    { "outdoor_running", 1 },
    { "virtual_run", 1 },
    { "jogging", 1 },
    { "ultra_run", 1 },
    { "9", 1 },
    { "walk", 11 },
    { "indoor_walking", 11 },
    { "outdoor_walking", 11 },
    { "casual_walking", 11 },
    { "speed_walking", 11 },
    { "nordic_walking", 11 },
    { "10", 11 },
    { "hike", 17 },
    { "trekking", 17 },
    { "4", 17 },
    { "bike", 2 },
    { "biking", 2 },
    { "bicycle", 2 },
    { "ride", 2 },
    { "road_biking", 2 },
    { "road_cycling", 2 },
    { "mountain_biking", 2 },
    { "mountain_bike", 2 },
    { "gravel_cycling", 2 },
    { "indoor_cycling", 2 },
    { "virtual_ride", 2 },
    { "cyclocross", 2 },
    { "bmx", 2 },
    { "1", 2 },
    { "ebikeride", 21 },
    { "e_bike_ride", 21 },
    { "swim", 5 },
    { "lap_swimming", 5 },
    { "open_water_swimming", 5 },
    { "16", 5 },
    { "nordic_ski", 12 },
    { "cross_country_ski", 12 },
    { "7", 12 },
    { "alpine_ski", 13 },
    { "2", 13 },
    { "row", 15 },
    { "indoor_rowing", 15 },
    { "snowshoe", 35 },
    { "kayak", 41 },
    { "inline_skate", 30 },
    { "ice_skate", 33 },
    { "workout", 10 },
    { "strength_training", 10 },
};

const char *es_sport_name(uint8_t sport)
{
    const char *name = sport < N_NAMES ? NAMES[sport] : NULL;
    return name ? name : NAMES[ES_SPORT_GENERIC];
}

/* Lower case; each run of anything else than letters and digits is one "_",
 * none at the ends. Longer than any name: "". */
static void fold(struct es_bytes s, char *out, size_t cap)
{
    size_t n = 0;
    bool gap = false;
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];
        if (c >= 'A' && c <= 'Z')
            c = (uint8_t)(c + 32);
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!word) {
            gap = n > 0;
            continue;
        }
        if (n + 3 > cap) {
            n = 0;
            break;
        }
        if (gap)
            out[n++] = '_';
        gap = false;
        out[n++] = (char)c;
    }
    out[n] = '\0';
}

enum es_tempo es_sport_tempo(uint8_t sport)
{
    static const char *const ON_FOOT[] = {
        "generic",     "running",    "fitness_equipment",
        "training",    "walking",    "mountaineering",
        "hiking",      "multisport", "transition",
        "snowshoeing",
    };
    if (sport == ES_SPORT_SWIMMING)
        return ES_TEMPO_PER_100M;
    for (size_t i = 0; i < sizeof ON_FOOT / sizeof *ON_FOOT; i++)
        if (strcmp(es_sport_name(sport), ON_FOOT[i]) == 0)
            return ES_TEMPO_PACE;
    return ES_TEMPO_SPEED;
}

uint8_t es_sport_of(struct es_bytes name)
{
    char key[40];
    fold(name, key, sizeof key);
    for (size_t i = 0; i < N_NAMES; i++)
        if (NAMES[i] && strcmp(key, NAMES[i]) == 0)
            return (uint8_t)i;
    for (size_t i = 0; i < sizeof ALIASES / sizeof *ALIASES; i++)
        if (strcmp(key, ALIASES[i].name) == 0)
            return ALIASES[i].sport;
    return ES_SPORT_GENERIC;
}
