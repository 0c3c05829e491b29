/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "i18n/i18n.h"
#include "initiative/rules.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Watches and phones are off by minutes, not by more. */
static const int64_t CLOCK_SLACK_MS = 10 * 60 * 1000;

/* Faster than any human over the same time (the fastest 100 m is 10.44 m/s on
 * average); typed-in runs have no track to look closer at. */
static const double TYPED_TOP_MPS = 10.44;

struct es_finding es_finding_make(const char *code, enum es_effect effect,
                                  double value, double limit, const char *fmt,
                                  ...)
{
    struct es_finding f = {
        .value = value,
        .limit = limit,
        .from_s = NAN,
        .to_s = NAN,
        .effect = effect,
    };
    va_list ap;
    (void)snprintf(f.code, sizeof f.code, "%s", code);
    va_start(ap, fmt);
    (void)vsnprintf(f.message, sizeof f.message, fmt, ap);
    va_end(ap);
    return f;
}

void es_verdict_add(struct es_verdict *v, const struct es_finding *f)
{
    if (v->n_findings < ES_FINDINGS_MAX)
        v->findings[v->n_findings++] = *f;
    if (f->effect == ES_REFUSE)
        v->status = ES_RUN_REFUSED;
    else if (f->effect == ES_REVIEW && v->status == ES_RUN_ACCEPTED)
        v->status = ES_RUN_IN_REVIEW;
}

/* Adds a finding made on the spot. */
#define FIND(v, ...)                                                           \
    do {                                                                       \
        struct es_finding f_ = es_finding_make(__VA_ARGS__);                   \
        es_verdict_add(v, &f_);                                                \
    } while (0)

/* ---- the window ---- */

/* A moment as a clock on a wall shows it, in ms since 1970-01-01 there. */
static int64_t wall_ms(const char *zone, int64_t t_ms)
{
    struct es_date d = es_zone_date(zone, t_ms);
    int64_t out = es_time_of(&d);
    return out == ES_NO_TIME ? t_ms : out;
}

struct es_bounds es_bounds_of(const struct es_initiative *ini,
                              const struct es_rules *r)
{
    struct es_bounds b = { wall_ms(ini->zone, ini->opens_ms),
                           wall_ms(ini->zone, ini->closes_ms),
                           ini->closes_ms + r->grace_ms };
    if (r->window == ES_WINDOW_LOCAL)
        b.last_ms = b.closes_ms + INT64_C(12) * 3600000 + r->grace_ms;
    return b;
}

/* What the clock on the runner's wall may have shown. */
struct wall {
    int64_t guess, least, most; /* ms */
};

/* The clocks of the earth go from 12 hours behind UTC to 14 ahead of it; those
 * of a place from about 2 behind the sun's to 4 ahead, but where the day was
 * moved across the date line. */
static struct wall wall_of(const struct es_case *c, int64_t start)
{
    static const int64_t HOUR = 3600000;
    struct wall w;
    int64_t off = (int64_t)c->m->clock_min * 60000;

    if (c->kind == ES_KIND_TYPED) {
        w.guess = w.least = w.most = wall_ms(c->ini->zone, start);
    } else if (c->m->clock == ES_CLOCK_DEVICE) {
        w.guess = w.least = w.most = start + off;
    } else if (c->m->clock == ES_CLOCK_PLACE) {
        w.guess = start + off;
        w.least = start + off - 2 * HOUR;
        w.most = start + (off <= -10 * HOUR ? 14 * HOUR : off + 4 * HOUR);
    } else {
        w.guess = wall_ms(c->ini->zone, start);
        w.least = start - 12 * HOUR;
        w.most = start + 14 * HOUR;
    }
    return w;
}

/* Held against the clock on the wall. Where that isn't known for sure, the
 * initiative's zone (or the sun) decides for the runner, and a person decides
 * against them. */
static void judge_window_local(const struct es_case *c,
                               const struct es_bounds *b, int64_t start,
                               struct es_verdict *v)
{
    char text[ES_TIME_TEXT];
    struct wall w = wall_of(c, start);
    int64_t opens = b->opens_ms, closes = b->closes_ms;
    bool sure = w.least >= opens && w.most < closes;

    if (w.guess >= opens && w.guess < closes) {
        if (!sure)
            FIND(v, "zone_assumed", ES_NOTE, NAN, NAN,
                 "the file does not name its time zone");
    } else if (w.most < opens) {
        FIND(v, "before_window", ES_REFUSE, (double)start,
             (double)c->ini->opens_ms,
             "the run started at %s, before the initiative opened there",
             es_time_text(start, text));
    } else if (w.least >= closes) {
        FIND(v, "after_window", ES_REFUSE, (double)start,
             (double)c->ini->closes_ms,
             "the run started at %s, after the initiative closed there",
             es_time_text(start, text));
    } else {
        FIND(v, "zone_unknown", ES_REVIEW, (double)start, NAN,
             "it is not known what the clock showed where the run was");
    }
}

static void judge_window(const struct es_case *c, const struct es_bounds *b,
                         int64_t start, struct es_verdict *v)
{
    char text[ES_TIME_TEXT];
    int64_t opens = c->ini->opens_ms;
    int64_t closes = c->ini->closes_ms;

    if (c->rules->window == ES_WINDOW_LOCAL)
        judge_window_local(c, b, start, v);
    else if (start < opens)
        FIND(v, "before_window", ES_REFUSE, (double)start, (double)opens,
             "the run started at %s, before the initiative opened",
             es_time_text(start, text));
    else if (start >= closes)
        FIND(v, "after_window", ES_REFUSE, (double)start, (double)closes,
             "the run started at %s, after the initiative closed",
             es_time_text(start, text));
}

/* A typed-in run's time is the runner's wall's, read as the initiative's: the
 * two are at most 26 hours apart. */
static int64_t slack_ms(const struct es_case *c)
{
    bool wall = c->kind == ES_KIND_TYPED && c->rules->window == ES_WINDOW_LOCAL;
    return CLOCK_SLACK_MS + (wall ? INT64_C(26) * 3600000 : 0);
}

static void judge_time(const struct es_case *c, const struct es_bounds *b,
                       struct es_verdict *v)
{
    char text[ES_TIME_TEXT];
    int64_t start = c->m->started_ms;
    int64_t last = b->last_ms;
    double elapsed_s = isnan(c->m->elapsed_s) ? 0 : c->m->elapsed_s;

    if (start == ES_NO_TIME) {
        FIND(v, "no_start_time", ES_REVIEW, NAN, NAN,
             "the file does not say when the run was");
        return;
    }
    if (start + (int64_t)(elapsed_s * 1000) > c->received_ms + slack_ms(c))
        FIND(v, "in_future", ES_REFUSE, (double)start, (double)c->received_ms,
             "the run ends in the future: it started at %s",
             es_time_text(start, text));
    else
        judge_window(c, b, start, v);
    if (c->received_ms > last)
        FIND(v, "too_late", ES_REFUSE, (double)c->received_ms, (double)last,
             "the run was handed in after the last day for it");
}

/* The day on the runner's wall where that counts, else in the zone; looked up
 * only where runs share one. */
static int64_t day_of(const struct es_case *c)
{
    static const int64_t DAY_MS = 86400000;
    int64_t start = c->m->started_ms;
    if (!es_rules_share(c->rules))
        return 0;
    if (start == ES_NO_TIME)
        start = c->received_ms;
    int64_t wall = c->rules->window == ES_WINDOW_LOCAL
                       ? wall_of(c, start).guess
                       : wall_ms(c->ini->zone, start);
    return wall / DAY_MS - (wall % DAY_MS < 0);
}

/* ---- sport, distance, evidence ---- */

static void judge_sport(const struct es_case *c, struct es_verdict *v)
{
    const struct es_rules *r = c->rules;
    if (r->n_sports == 0)
        return;
    for (size_t i = 0; i < r->n_sports; i++)
        if (r->sports[i] == c->m->sport)
            return;
    /* Many files don't say what they are: a person may know better. */
    if (c->m->sport == ES_SPORT_GENERIC || c->m->sport == ES_SPORT_INVALID)
        FIND(v, "sport_unknown", ES_NOTE, NAN, NAN,
             "the file does not name its sport");
    else
        FIND(v, "sport_not_allowed", ES_REFUSE, c->m->sport, NAN,
             "the file says %s, which does not count here",
             es_sport_name(c->m->sport));
}

static void judge_distance(const struct es_case *c, struct es_verdict *v)
{
    if (isnan(c->m->dist_m) || c->m->dist_m <= 0) {
        FIND(v, "no_distance", ES_REFUSE, 0, NAN,
             "there is no distance in the file");
        return;
    }
    v->dist_mm = llround(c->m->dist_m * 1000);
    v->counted_mm = v->dist_mm;
    int64_t cap = c->rules->run_cap_mm;
    if (cap > 0 && v->counted_mm > cap) {
        FIND(v, "over_cap", ES_CUT, c->m->dist_m, (double)cap / 1000,
             "one run counts up to %.1f km", (double)cap / 1e6);
        v->counted_mm = cap;
    }
}

/* Of a run of which nobody but its runner knows where it was. */
static void judge_picture(const struct es_case *c, enum es_proof proof,
                          struct es_verdict *v)
{
    if (proof == ES_PROOF_PICTURE && !c->pictured)
        FIND(v, "picture_missing", ES_REVIEW, NAN, NAN,
             "a run of this kind needs a picture as evidence");
}

static void judge_typed(const struct es_case *c, struct es_verdict *v)
{
    const struct es_rules *r = c->rules;
    if (!r->typed)
        FIND(v, "typed_not_allowed", ES_REFUSE, NAN, NAN,
             "this initiative counts recorded runs only");
    else if (r->typed_proof == ES_PROOF_PERSON)
        FIND(v, "typed_in", ES_REVIEW, NAN, NAN,
             "a person looks at each typed-in run");
    else
        judge_picture(c, r->typed_proof, v);
    if (r->typed_max_mm > 0 && v->dist_mm > r->typed_max_mm)
        FIND(v, "typed_long", ES_REVIEW, c->m->dist_m,
             (double)r->typed_max_mm / 1000,
             "a typed-in run of more than %.0f km is looked at",
             (double)r->typed_max_mm / 1e6);
    if (c->m->dist_m > TYPED_TOP_MPS * c->m->elapsed_s)
        FIND(v, "too_fast_typed", ES_REVIEW, c->m->dist_m / c->m->elapsed_s,
             TYPED_TOP_MPS, "%.1f m/s is faster than anybody has run",
             c->m->dist_m / c->m->elapsed_s);
}

/* A file without positions: a treadmill's, or a foot pod's. */
static void judge_treadmill(const struct es_case *c, struct es_verdict *v)
{
    const struct es_rules *r = c->rules;
    if (c->m->points > 0 || c->m->dist_source != ES_DIST_DEVICE)
        return;
    if (!r->treadmill)
        FIND(v, "treadmill_not_allowed", ES_REFUSE, NAN, NAN,
             "this initiative counts runs with positions only");
    else if (r->treadmill_proof == ES_PROOF_PERSON)
        FIND(v, "treadmill", ES_REVIEW, NAN, NAN,
             "a person looks at each run without positions");
    else
        judge_picture(c, r->treadmill_proof, v);
}

/* What the organiser wants to see before it counts. */
static void judge_thresholds(const struct es_case *c, struct es_verdict *v)
{
    const struct es_rules *r = c->rules;
    double over_m = (double)r->review_over_mm / 1000;
    if (r->review_over_mm > 0 && v->dist_mm > r->review_over_mm)
        FIND(v, "long_run", ES_REVIEW, c->m->dist_m, over_m,
             "a run of more than %.0f km is looked at", over_m / 1000);
    if (r->review_pace_ms <= 0 || v->dist_mm <= 0 || v->time_ms <= 0)
        return;
    double mps = (double)v->dist_mm / (double)v->time_ms;
    double limit_mps = 1e6 / (double)r->review_pace_ms;
    if (mps > limit_mps)
        FIND(v, "fast_run", ES_REVIEW, mps, limit_mps,
             "a run faster than %.1f km/h is looked at", limit_mps * 3.6);
}

static int64_t time_that_counts(const struct es_case *c)
{
    double s = c->m->counted_s;
    if (c->rules->time_basis == ES_TIME_TIMER && !isnan(c->m->counted_timer_s))
        s = c->m->counted_timer_s;
    if (c->rules->time_basis == ES_TIME_MOVING && !isnan(c->m->moving_s))
        s = c->m->moving_s;
    return isnan(s) || s < 0 ? 0 : llround(s * 1000);
}

/* That there is no distance the rules have said already. */
static void judge_track(const struct es_case *c, struct es_verdict *v)
{
    for (size_t i = 0; i < c->m->n_findings; i++)
        if (strcmp(c->m->findings[i].code, "no_distance") != 0)
            es_verdict_add(v, &c->m->findings[i]);
}

static void judge_within(const struct es_case *c, const struct es_bounds *b,
                         struct es_verdict *out)
{
    *out = (struct es_verdict){ .status = ES_RUN_ACCEPTED };
    out->time_ms = time_that_counts(c);
    out->day = day_of(c);
    judge_distance(c, out);
    judge_time(c, b, out);
    judge_sport(c, out);
    if (c->kind == ES_KIND_TYPED)
        judge_typed(c, out);
    else
        judge_treadmill(c, out);
    judge_thresholds(c, out);
    judge_track(c, out);
}

void es_judge(const struct es_case *c, struct es_verdict *out)
{
    struct es_bounds b = es_bounds_of(c->ini, c->rules);
    judge_within(c, &b, out);
}

/* ---- again ---- */

static const char *const OF_RULES[] = {
    "no_distance",       "over_cap",        "no_start_time",
    "in_future",         "before_window",   "after_window",
    "too_late",          "zone_assumed",    "zone_unknown",
    "sport_unknown",     "typed_in",        "sport_not_allowed",
    "typed_not_allowed", "typed_long",      "too_fast_typed",
    "treadmill",         "picture_missing", "treadmill_not_allowed",
    "long_run",          "fast_run",        "over_day_cap",
    "another_counts",
};

bool es_finding_of_rules(const char *code)
{
    for (size_t i = 0; i < sizeof OF_RULES / sizeof *OF_RULES; i++)
        if (strcmp(OF_RULES[i], code) == 0)
            return true;
    return false;
}

/* What people said of a run, the last word first, and how it left the run. */
static const struct {
    const char *code;
    enum es_run_status status;
} SAID[] = {
    { "accepted_by_organiser", ES_RUN_ACCEPTED },
    { "refused_by_organiser", ES_RUN_REFUSED },
    { "appealed", ES_RUN_IN_REVIEW },
};

static bool said(const struct es_finding *f, size_t n,
                 enum es_run_status *status)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < sizeof SAID / sizeof *SAID; j++) {
            if (strcmp(f[i].code, SAID[j].code) == 0) {
                *status = SAID[j].status;
                return true;
            }
        }
    }
    return false;
}

void es_judge_again(const struct es_case *c, const struct es_bounds *bounds,
                    const struct es_finding *found, size_t n,
                    struct es_verdict *out)
{
    struct es_bounds own;
    struct es_finding kept[ES_FINDINGS_MAX];
    struct es_measure m = *c->m;
    struct es_case again = *c;
    struct es_verdict rules;
    size_t n_kept = 0;

    for (size_t i = 0; i < n && i < ES_FINDINGS_MAX; i++)
        if (!es_finding_of_rules(found[i].code))
            kept[n_kept++] = found[i];
    m.n_findings = 0;
    again.m = &m;
    if (!bounds) {
        own = es_bounds_of(c->ini, c->rules);
        bounds = &own;
    }
    judge_within(&again, bounds, &rules);

    /* People's words stay on top, as they were given. */
    size_t top = 0;
    enum es_run_status status;
    bool by_people = said(kept, n_kept, &status);
    *out = rules;
    out->n_findings = 0;
    while (top < n_kept && said(&kept[top], 1, &(enum es_run_status){ 0 }))
        es_verdict_add(out, &kept[top++]);
    out->status = ES_RUN_ACCEPTED;
    for (size_t i = 0; i < rules.n_findings; i++)
        es_verdict_add(out, &rules.findings[i]);
    for (size_t i = top; i < n_kept; i++)
        es_verdict_add(out, &kept[i]);
    if (by_people)
        out->status = status;
}
