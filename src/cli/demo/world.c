/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cli/demo/world.h"

#include "cli/demo/people.h"
#include "cli/demo/track.h"
#include "write/write.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum {
    PEOPLE = ES_DEMO_GROUPS * ES_DEMO_GROUP,
    DAYS = 30,
    RUNS_MAX = 5,
    TRACK_MEM = 4 << 20, /* a marathon in 6.3 h, a point of 64 bytes a second */
};
static const int64_t DAY_MS = 86400000;

/* What each stream of chance is for: none may hang on another. */
enum purpose { OF_PERSON = 1, OF_RUNS, OF_DAYS, OF_RUN, OF_TRACK };

static struct es_demo_random chance(enum purpose what, size_t i, size_t k)
{
    return es_demo_random_of((uint64_t)what, i * 1000 + k);
}

/* ---- the initiative ---- */

int64_t es_demo_opens_ms(int64_t now_ms)
{
    return now_ms - now_ms % DAY_MS - DAYS * DAY_MS;
}

void es_demo_initiative(int64_t opens_ms, struct es_initiative *out)
{
    *out = (struct es_initiative){
        .slug = ES_DEMO_SLUG,
        .title = "The Lantern Run",
        .purpose =
            "**A reading lamp for every small library**: where the evening is "
            "dark, a book stays closed. For sixty days people everywhere run "
            "together, each where they are, as far as they like. Every "
            "kilometre counts towards one distance, and at the end of it "
            "stand 120 lamps: one for each hundred kilometres.\n\n"
            "# Who can take part\n\n"
            "- Anybody, anywhere: run with a watch, with a phone or with "
            "neither.\n"
            "- Walk if you'd rather walk. *Nobody is last.*\n"
            "- Whole schools and clubs, as a team.\n\n"
            "Ideas for a reading evening of your own stand on [the fund's "
            "pages](https://lantern.example/evenings).\n\n"
            "This is a demonstration. The initiative, its holder, the people "
            "and their runs are made up.",
        .holder = "The Lantern Library Fund (made up)",
        .contact = "hello@lantern.example",
        .lang = "en",
        .zone = "UTC",
        .opens_ms = opens_ms,
        .closes_ms = opens_ms + 2 * DAYS * DAY_MS,
        .goal_mm = INT64_C(12000) * 1000000,
        .state = ES_INI_OPEN,
        .rules_version = 1,
    };
}

const char *es_demo_consents(void)
{
    return "[{\"purpose\":\"take_part\",\"version\":\"1\",\"required\":true,"
           "\"url\":\"\",\"label\":\"My runs may be stored and counted for "
           "this "
           "initiative.\"},"
           "{\"purpose\":\"news\",\"version\":\"1\",\"required\":false,"
           "\"url\":\"\",\"label\":\"The holder may write to me about what "
           "comes "
           "of it.\"}]";
}

static const char *const CATEGORIES[] = { "Open", "Students", "Over fifty" };

const char *const *es_demo_categories(size_t *n)
{
    *n = sizeof CATEGORIES / sizeof *CATEGORIES;
    return CATEGORIES;
}

static const struct es_demo_team TEAMS[] = {
    { "The Page Turners", "PAGES" }, { "Night Owls", "OWLS" },
    { "Kitap Kurtları", "KITAP" },   { "چراغِ راہ", "CHIRAGH" },
    { "Paper Boats", "BOATS" },      { "Çıraq", "CIRAQ" },
    { "Moth & Flame", "MOTH" },      { "أصدقاء المكتبة", "LIBRARY" },
    { "First Light", "LIGHT" },      { "Les Veilleuses", "VEILLE" },
    { "The Quiet Corner", "QUIET" }, { "书灯队", "LAMP" },
};
enum { N_TEAMS = sizeof TEAMS / sizeof *TEAMS };

const struct es_demo_team *es_demo_teams(size_t *n)
{
    *n = N_TEAMS;
    return TEAMS;
}

/* ---- the people ---- */

size_t es_demo_participants(void)
{
    return PEOPLE;
}

/* What the person has chosen; a group's first names come first, so that the
 * scripts mix in the order of the bibs. */
void es_demo_person(size_t i, struct es_demo_person *out)
{
    static const char *const YEARS[] = {
        "",     "1949", "1963", "1971", "1984",
        "1990", "1995", "1999", "2001", "2004"
    };
    assert(i < PEOPLE);
    struct es_demo_random r = chance(OF_PERSON, i, 0);
    const struct es_demo_group *group = &es_demo_groups[i % ES_DEMO_GROUPS];
    size_t nth = i / ES_DEMO_GROUPS;
    size_t team = es_demo_random_u64(&r) % (N_TEAMS + 4);
    size_t year = es_demo_random_u64(&r) % (sizeof YEARS / sizeof *YEARS);
    *out = (struct es_demo_person){
        .display_name = group->names[nth],
        .country = group->countries[nth % ES_DEMO_COUNTRIES],
        .team_code = team < N_TEAMS ? TEAMS[team].code : "",
        .category = CATEGORIES[year == 0  ? 0
                               : year < 4 ? 2
                               : year < 7 ? 0
                                          : 1],
        .lang = group->lang,
        .birth_year = YEARS[year],
        .visibility = i % 23 == 11  ? "hidden"
                      : i % 11 == 4 ? "initials"
                                    : "name",
        .consents = "{\"take_part\":\"1\"}",
    };
}

/* A few, and among them some of whom the latest runs are. */
bool es_demo_shows_routes(size_t i)
{
    return i % 24 == 5;
}

/* ---- their runs ---- */

size_t es_demo_runs_of(size_t i)
{
    struct es_demo_random r = chance(OF_RUNS, i, 0);
    double u = es_demo_uniform(&r, 0, 1);
    return u < 0.15 ? 1 : u < 0.42 ? 2 : u < 0.72 ? 3 : u < 0.9 ? 4 : RUNS_MAX;
}

size_t es_demo_runs(void)
{
    size_t n = 0;
    for (size_t i = 0; i < PEOPLE; i++)
        n += es_demo_runs_of(i);
    return n;
}

/* How many set out on a day, the busiest being about 1: a crowd at the start,
 * fewer in the days after it, more as word spreads, and week-ends. */
static double crowd(int64_t opens_ms, int day)
{
    double base = 0.65 * exp(-day / 3.0) + 0.2 + 0.012 * day;
    int weekday = es_date_of(opens_ms + day * DAY_MS).weekday;
    return weekday >= 5 ? base * 1.5 : base;
}

static int by_day(const void *a, const void *b)
{
    const int *x = a;
    const int *y = b;
    return (*x > *y) - (*x < *y);
}

/* Days of their own for n runs, in order. */
static void run_days(size_t i, int64_t opens_ms, size_t n, int days[RUNS_MAX])
{
    struct es_demo_random r = chance(OF_DAYS, i, 0);
    for (size_t k = 0; k < n;) {
        int day = (int)es_demo_uniform(&r, 0, DAYS);
        bool taken = es_demo_uniform(&r, 0, 1.5) > crowd(opens_ms, day);
        for (size_t j = 0; j < k; j++)
            taken |= days[j] == day;
        if (!taken)
            days[k++] = day;
    }
    qsort(days, n, sizeof *days, by_day);
}

/* The distances that people set out for; a few times all of it. */
static double draw_distance(struct es_demo_random *r)
{
    double u = es_demo_uniform(r, 0, 1);
    double over = es_demo_uniform(r, 1.001, 1.02);
    if (u < 0.22)
        return 5000 * over;
    if (u < 0.42)
        return 10000 * over;
    if (u < 0.49)
        return 21097.5 * over;
    if (u < 0.505)
        return 42195 * over;
    return es_demo_uniform(r, 3000, 15000);
}

/* Minutes before now at which the latest runs came in, of one person each. */
static const int LATEST_MIN[] = { 3,   11,  24,  38,  55,  81,  112, 150,
                                  203, 264, 333, 409, 505, 611, 722, 851 };
enum { N_LATEST = sizeof LATEST_MIN / sizeof *LATEST_MIN };

/* SIZE_MAX: not one of them. Far enough apart to be of many countries. */
static size_t latest_of(size_t i, size_t k)
{
    bool last = k + 1 == es_demo_runs_of(i);
    return last && i % 12 == 5 && i / 12 < N_LATEST ? i / 12 : SIZE_MAX;
}

static int64_t second_of(int64_t t_ms)
{
    return t_ms - t_ms % 1000;
}

void es_demo_run(size_t i, size_t k, int64_t now_ms, struct es_demo_run *out)
{
    int64_t opens_ms = es_demo_opens_ms(now_ms);
    int days[RUNS_MAX] = { 0 };
    size_t n = es_demo_runs_of(i);
    assert(i < PEOPLE && k < n);
    run_days(i, opens_ms, n, days);
    struct es_demo_random of_person = chance(OF_PERSON, i, 1);
    struct es_demo_random r = chance(OF_RUN, i, k);
    double usual = es_demo_uniform(&of_person, 285, 515);
    double hour = es_demo_uniform(&r, 0, 1) < 0.45
                      ? es_demo_uniform(&r, 5, 9)
                      : es_demo_uniform(&r, 15, 20);
    bool fit = (i + k) % 2 == 0;
    double dist_m = draw_distance(&r);
    /* Between 4:30 and 9:00; who goes far goes slower. */
    double pace =
        usual * es_demo_uniform(&r, 0.96, 1.04) * (1 + 0.05 * dist_m / 42195);
    *out = (struct es_demo_run){
        .started_ms =
            opens_ms + days[k] * DAY_MS + (int64_t)(hour * 3600) * 1000,
        .dist_m = dist_m,
        .pace_s_per_km = fmax(270, fmin(pace, 540)),
        .format = fit ? ES_FORMAT_FIT : ES_FORMAT_GPX,
        .file_name = fit ? "activity.fit" : "track.gpx",
    };
    /* More than it takes, with pauses and hills. */
    int64_t takes_ms = (int64_t)(dist_m * out->pace_s_per_km * 1.3) + 120000;
    size_t nth = latest_of(i, k);
    if (nth < N_LATEST)
        out->started_ms =
            second_of(now_ms - LATEST_MIN[nth] * INT64_C(60000) - takes_ms);
    /* Sent in at home, a few of them in the evening. */
    int64_t waits_ms = nth < N_LATEST ? 0
                       : i % 7 == 3
                           ? INT64_C(9000000)
                           : (int64_t)es_demo_uniform(&r, 60e3, 2400e3);
    out->received_ms = out->started_ms + takes_ms + waits_ms;
    if (out->received_ms < now_ms)
        return;
    /* Yesterday evening's isn't over yet: it was run a little earlier. */
    out->received_ms = now_ms - INT64_C(14400000) - (int64_t)(i % 20) * 420000;
    out->started_ms = second_of(out->received_ms - takes_ms);
}

/* The ground is the South Pacific around the point that is farthest from all
 * land: no track of the demo can lead past anybody's door. */
static void choose_place(struct es_demo_random *r, struct es_demo_course *c)
{
    c->lat_deg = es_demo_uniform(r, -49.4, -48.4);
    c->lon_deg = es_demo_uniform(r, -124.1, -122.7);
}

static struct es_demo_course course_of(size_t i, size_t k,
                                       const struct es_demo_run *run)
{
    struct es_demo_random place = chance(OF_TRACK, i, RUNS_MAX);
    struct es_demo_random r = chance(OF_TRACK, i, k);
    bool watch = run->format == ES_FORMAT_FIT;
    struct es_demo_course c = {
        .dist_m = run->dist_m,
        .pace_s_per_km = run->pace_s_per_km,
        .started_ms = run->started_ms,
        .watch = watch,
        /* Some watches write each second, more write when something changes;
         * a phone that saves its battery writes every few seconds. */
        .every_s = watch ? (i % 4 == 0 ? 1 : 3) : 5,
        .device = watch ? "Made-up watch" : "Made-up phone app",
    };
    choose_place(&place, &c); /* a person's runs begin at one place */
    double u = es_demo_uniform(&r, 0, 1);
    c.shape = u < 0.12 && run->dist_m < 10500 ? ES_DEMO_STADIUM
              : u < 0.45                      ? ES_DEMO_OUT_AND_BACK
                                              : ES_DEMO_LOOP;
    double rests = es_demo_uniform(&r, 0, 1);
    c.pauses = rests < 0.6 ? 0 : rests < 0.9 ? 1 : 2;
    c.random = r;
    return c;
}

static enum es_code write_file(const struct es_demo_course *course,
                               enum es_format format, struct es_buf *file,
                               struct es_err *e)
{
    struct es_track tr;
    struct es_arena a;
    es_arena_init(&a, TRACK_MEM);
    enum es_code rc = es_demo_track(course, &a, &tr, e);
    if (rc == ES_OK)
        rc = format == ES_FORMAT_FIT ? es_fit_write(&tr, file, e)
                                     : es_gpx_write(&tr, file, e);
    es_arena_release(&a);
    return rc;
}

enum es_code es_demo_run_file(size_t i, size_t k, int64_t now_ms,
                              struct es_buf *file, struct es_err *e)
{
    struct es_demo_run run;
    es_demo_run(i, k, now_ms, &run);
    struct es_demo_course course = course_of(i, k, &run);
    return write_file(&course, run.format, file, e);
}

/* ---- what doesn't go as smoothly ---- */

static const struct {
    enum es_demo_odd_kind kind;
    bool accepted;
    size_t person, of;
    double day, hour; /* since the initiative opened */
    double dist_m, elapsed_s;
    const char *note;
} ODDS[] = {
    { ES_DEMO_TYPED, true, 6, 0, 12, 21, 6400, 2580,
      "My watch stayed at home. Twice around the lake." },
    { ES_DEMO_TYPED, true, 61, 0, 22, 21, 4200, 2100,
      "Walked it with my daughter and a lantern." },
    { ES_DEMO_TYPED, false, 140, 0, 27, 0.5, 108000, 50400,
      "The night march of our library club, from dusk to dusk." },
    { ES_DEMO_EARLY, false, 33, 0, -1, 17, 5100, 1900, "" },
    { ES_DEMO_DRIVEN, false, 87, 0, 26, 21, 18000, 1800, "" },
    { ES_DEMO_COPIED, false, 24, 44, 0, 0, 0, 0, "" },
};

size_t es_demo_odds(void)
{
    return sizeof ODDS / sizeof *ODDS;
}

void es_demo_odd(size_t j, int64_t now_ms, struct es_demo_odd *out)
{
    int64_t opens_ms = es_demo_opens_ms(now_ms);
    assert(j < es_demo_odds());
    *out = (struct es_demo_odd){
        .kind = ODDS[j].kind,
        .accepted = ODDS[j].accepted,
        .person = ODDS[j].person,
        .of = ODDS[j].of,
        .started_ms = opens_ms + (int64_t)(ODDS[j].day * (double)DAY_MS +
                                           ODDS[j].hour * 3600e3),
        .dist_m = ODDS[j].dist_m,
        .elapsed_s = ODDS[j].elapsed_s,
        .note = ODDS[j].note,
    };
    out->received_ms = out->started_ms + (int64_t)(ODDS[j].elapsed_s * 1000) +
                       INT64_C(1800000);
    if (out->kind == ES_DEMO_EARLY)
        out->received_ms = opens_ms + DAY_MS;
    if (out->kind == ES_DEMO_COPIED) {
        struct es_demo_run run;
        es_demo_run(out->of, 0, now_ms, &run);
        out->started_ms = run.started_ms;
        out->received_ms = run.received_ms + DAY_MS;
    }
}

enum es_code es_demo_odd_file(size_t j, int64_t now_ms, struct es_buf *file,
                              struct es_err *e)
{
    struct es_demo_odd odd;
    es_demo_odd(j, now_ms, &odd);
    assert(odd.kind != ES_DEMO_TYPED);
    if (odd.kind == ES_DEMO_COPIED)
        return es_demo_run_file(odd.of, 0, now_ms, file, e);
    struct es_demo_run run = {
        .started_ms = odd.started_ms,
        .dist_m = odd.dist_m,
        .pace_s_per_km = odd.elapsed_s / odd.dist_m * 1000,
        .format = ES_FORMAT_GPX,
    };
    struct es_demo_course course = course_of(odd.person, RUNS_MAX - 1, &run);
    return write_file(&course, run.format, file, e);
}
