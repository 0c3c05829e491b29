/* SPDX-License-Identifier: AGPL-3.0-or-later */
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

static void judge_time(const struct es_case *c, struct es_verdict *v)
{
    char text[ES_TIME_TEXT];
    int64_t start = c->m->started_ms;
    int64_t opens = c->ini->opens_ms;
    int64_t closes = c->ini->closes_ms;
    double elapsed_s = isnan(c->m->elapsed_s) ? 0 : c->m->elapsed_s;

    if (start == ES_NO_TIME) {
        FIND(v, "no_start_time", ES_REVIEW, NAN, NAN,
             "the file does not say when the run was");
        return;
    }
    if (start + (int64_t)(elapsed_s * 1000) > c->received_ms + CLOCK_SLACK_MS)
        FIND(v, "in_future", ES_REFUSE, (double)start, (double)c->received_ms,
             "the run ends in the future: it started at %s",
             es_time_text(start, text));
    else if (start < opens)
        FIND(v, "before_window", ES_REFUSE, (double)start, (double)opens,
             "the run started at %s, before the initiative opened",
             es_time_text(start, text));
    else if (start >= closes)
        FIND(v, "after_window", ES_REFUSE, (double)start, (double)closes,
             "the run started at %s, after the initiative closed",
             es_time_text(start, text));
    if (c->received_ms > closes + c->rules->grace_ms)
        FIND(v, "too_late", ES_REFUSE, (double)c->received_ms,
             (double)(closes + c->rules->grace_ms),
             "the run was handed in after the last day for it");
}

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

static void judge_typed(const struct es_case *c, struct es_verdict *v)
{
    const struct es_rules *r = c->rules;
    if (!r->typed)
        FIND(v, "typed_not_allowed", ES_REFUSE, NAN, NAN,
             "this initiative counts recorded runs only");
    else if (r->typed_review)
        FIND(v, "typed_in", ES_REVIEW, NAN, NAN,
             "a person looks at each typed-in run");
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

void es_judge(const struct es_case *c, struct es_verdict *out)
{
    *out = (struct es_verdict){ .status = ES_RUN_ACCEPTED };
    judge_distance(c, out);
    judge_time(c, out);
    judge_sport(c, out);
    if (c->kind == ES_KIND_TYPED)
        judge_typed(c, out);
    judge_track(c, out);
    out->time_ms = time_that_counts(c);
}
