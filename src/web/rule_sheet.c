/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/rule_sheet.h"

#include "base/limits.h"
#include "web/words.h"

#include <string.h>

static const int64_t DAY_MS = 86400000;

struct sheet {
    struct es_reader r;
    struct es_arena *a;
    const struct es_initiative *ini;
    const struct es_rules *rules;
    struct es_view_sheet *out;
    struct es_view_sheet_group *g; /* the one in hand */
    bool no_memory;
};

static const char *shown(struct sheet *s, struct es_shown f)
{
    struct es_buf b;
    es_buf_init(&b, 512);
    es_buf_shown(&b, s->r, f);
    const char *out = es_arena_str(s->a, es_buf_cstr(&b));
    es_buf_release(&b);
    s->no_memory |= !out;
    return out ? out : "";
}

static void begin(struct sheet *s, const char *name, const char *title)
{
    s->g = &s->out->groups[s->out->n++];
    s->g->name = name;
    s->g->title = es_t(s->r.lang, title);
}

static void say(struct sheet *s, const char *id, const char *one,
                const char *two)
{
    const char *text = es_t_fill(s->a, es_t(s->r.lang, id), one, two, NULL);
    if (s->g->n < ES_SHEET_SAYS)
        s->g->says[s->g->n++] = text;
}

static void say_plain(struct sheet *s, const char *id)
{
    say(s, id, "", "");
}

static void say_of(struct sheet *s, const char *id, struct es_shown f)
{
    say(s, id, shown(s, f), "");
}

/* "12 km" where it is just that. */
static struct es_shown amount(const struct sheet *s, int64_t dist_mm)
{
    return dist_mm % es_units_mm(s->r.units) == 0 ? es_dist_whole(dist_mm)
                                                  : es_dist(dist_mm);
}

/* ---- when ---- */

static bool at_midnight(const char *zone, int64_t t_ms)
{
    struct es_date d = es_zone_date(zone, t_ms);
    return d.hour == 0 && d.minute == 0 && d.second == 0 && d.ms == 0;
}

/* From midnight to midnight, or to the last minute before, is told in days: who
 * runs on the last one is in. */
static void say_window(struct sheet *s)
{
    static const int64_t MINUTE_MS = 60000;
    const struct es_initiative *i = s->ini;
    bool whole = at_midnight(i->zone, i->closes_ms);
    bool days = at_midnight(i->zone, i->opens_ms) &&
                (whole || at_midnight(i->zone, i->closes_ms + MINUTE_MS));
    int64_t last_ms = days && whole ? i->closes_ms - 1 : i->closes_ms;
    if (days && last_ms - i->opens_ms < DAY_MS)
        say_of(s, ES_T("A run counts when it starts on {1}."),
               es_day(i->opens_ms, i->zone));
    else if (days)
        say(s,
            ES_T("A run counts when it starts from {1} to {2}, both days "
                 "included."),
            shown(s, es_day(i->opens_ms, i->zone)),
            shown(s, es_day(last_ms, i->zone)));
    else
        say(s, ES_T("A run counts when it starts from {1} on and before {2}."),
            shown(s, es_moment(i->opens_ms, i->zone)),
            shown(s, es_moment(last_ms, i->zone)));
}

static void say_when(struct sheet *s)
{
    begin(s, "when", ES_T("When"));
    say_window(s);
    if (s->rules->window == ES_WINDOW_LOCAL)
        say_plain(s, ES_T("What counts is the clock where you run, wherever "
                          "that is."));
    else
        say(s,
            ES_T("What counts is the clock of {1}, the same moment for "
                 "everybody."),
            s->ini->zone, "");
    say_of(s, ES_T("Runs can be handed in until {1}."),
           es_moment(es_bounds_of(s->ini, s->rules).last_ms, s->ini->zone));
}

/* ---- what ---- */

/* "Running, walking, hiking", with the language's own comma. */
static const char *listed(struct sheet *s, const char *const *v, size_t n)
{
    struct es_buf b;
    es_buf_init(&b, 4096);
    for (size_t i = 0; i < n; i++) {
        if (i)
            es_buf_str(&b, es_t(s->r.lang, ES_T(", ")));
        es_buf_str(&b, v[i]);
    }
    const char *out = es_arena_str(s->a, es_buf_cstr(&b));
    es_buf_release(&b);
    s->no_memory |= !out;
    return out ? out : "";
}

static void say_sports(struct sheet *s)
{
    const char *names[ES_RULE_SPORTS_MAX];
    const struct es_rules *r = s->rules;
    for (size_t i = 0; i < r->n_sports; i++)
        names[i] = es_words_sport(s->r.lang, es_sport_name(r->sports[i]));
    if (r->n_sports == 0)
        say_plain(s, ES_T("Every kind of sport counts."));
    else
        say(s, ES_T("These kinds of sport count: {1}."),
            listed(s, names, r->n_sports), "");
}

static void say_categories(struct sheet *s)
{
    const char *names[ES_RULE_CATEGORIES_MAX];
    const struct es_rules *r = s->rules;
    bool over = false;
    for (size_t i = 0; i < r->n_categories; i++)
        names[i] = r->categories[i].name;
    if (r->n_categories == 0)
        return;
    say(s, ES_T("Who registers chooses one of these: {1}."),
        listed(s, names, r->n_categories), "");
    for (size_t i = 0; i < r->n_categories; i++) {
        const struct es_category *c = &r->categories[i];
        if (c->dist_mm == 0)
            continue;
        over = true;
        say(s, ES_T("{1}: what counts is your time over {2}."), c->name,
            shown(s, amount(s, c->dist_mm)));
    }
    if (!over)
        return;
    say_plain(s, ES_T("In a longer run it is the time of the whole run, or "
                      "your fastest part of that distance where the recording "
                      "is sure of it."));
    if (r->tolerance_bp > 0)
        say_of(s,
               ES_T("Receivers differ: a run may be {1} short in every "
                    "kilometre. Its time is then reckoned up to the whole "
                    "distance."),
               es_metres((double)r->tolerance_bp / 10));
}

static void say_what(struct sheet *s)
{
    static const char *const COUNT[] = {
        ES_T("Every run counts: all of them are added up."),
        ES_T("One run of each person counts: the first that is accepted."),
        ES_T("One run of each person counts: the longest that is accepted."),
    };
    static const char *const BASIS[] = {
        ES_T("The clock runs from start to finish, pauses included."),
        ES_T("The time is that of the watch: where you paused it, it stands "
             "still."),
        ES_T("Only the time in which you moved is counted."),
    };
    begin(s, "what", ES_T("What counts"));
    say_plain(s, COUNT[s->rules->count]);
    say_sports(s);
    say_categories(s);
    say_plain(s, BASIS[s->rules->time_basis]);
}

/* ---- limits, evidence, review ---- */

static void say_limits(struct sheet *s)
{
    const struct es_rules *r = s->rules;
    begin(s, "limits", ES_T("How much"));
    if (r->run_cap_mm == 0 && r->day_cap_mm == 0)
        say_plain(s, ES_T("There is no upper limit: every step counts."));
    if (r->run_cap_mm > 0)
        say_of(s, ES_T("Of one run at most {1} count."),
               amount(s, r->run_cap_mm));
    if (r->day_cap_mm > 0) {
        say_of(s, ES_T("Of all runs of one day together at most {1} count."),
               amount(s, r->day_cap_mm));
        say_plain(s, ES_T("The earlier runs of a day come first; when one is "
                          "taken back, the later ones move up."));
    }
}

/* By enum es_proof; the last: not taken. */
static void say_evidence(struct sheet *s)
{
    static const char *const TYPED[] = {
        ES_T("A run may be typed in, without a file."),
        ES_T("A run may be typed in, with a picture as evidence; without one "
             "a person looks at it first."),
        ES_T("A run may be typed in; a person looks at each before it "
             "counts."),
        ES_T("Runs that are typed in don't count: a recording is needed."),
    };
    static const char *const TREADMILL[] = {
        ES_T("A recording without positions, as from a treadmill, counts."),
        ES_T("A recording without positions, as from a treadmill, counts with "
             "a picture as evidence; without one a person looks at it first."),
        ES_T("A recording without positions, as from a treadmill, counts when "
             "a person has looked at it."),
        ES_T("A recording without positions, as from a treadmill, doesn't "
             "count."),
    };
    const struct es_rules *r = s->rules;
    begin(s, "evidence", ES_T("How it is shown"));
    say_plain(s, ES_T("A file of a watch or an app is taken: FIT, GPX or "
                      "TCX."));
    say_plain(s, TREADMILL[r->treadmill ? (size_t)r->treadmill_proof : 3]);
    say_plain(s, TYPED[r->typed ? (size_t)r->typed_proof : 3]);
}

static void say_review(struct sheet *s)
{
    const struct es_rules *r = s->rules;
    begin(s, "review", ES_T("Who looks at it"));
    if (r->typed && r->typed_max_mm > 0)
        say_of(s, ES_T("A person looks at typed-in runs of more than {1}."),
               amount(s, r->typed_max_mm));
    if (r->review_over_mm > 0)
        say_of(s, ES_T("A person looks at every run of more than {1}."),
               amount(s, r->review_over_mm));
    if (r->review_pace_ms > 0)
        say_of(s, ES_T("A person looks at runs that are faster than {1}."),
               es_pace(ES_MM_PER_KM, r->review_pace_ms));
    say_plain(s, ES_T("A person looks at whatever is odd in a file: a ride, a "
                      "jump, a copy of another run."));
    say_plain(s, ES_T("Who doesn't agree asks for another look. No machine "
                      "has the last word."));
}

static void say_order(struct sheet *s)
{
    const struct es_rules *r = s->rules;
    bool timed = false;
    for (size_t i = 0; i < r->n_categories; i++)
        timed = timed || r->categories[i].dist_mm > 0;
    begin(s, "order", ES_T("Who stands where"));
    say_plain(s, ES_T("Equal results share a place, and the next place is "
                      "left out."));
    if (timed)
        say_plain(s, ES_T("Times over a distance are compared in whole "
                          "seconds."));
    say_plain(s, ES_T("Results are preliminary until those who hold this make "
                      "them final. After that only a correction changes them, "
                      "and everybody can read its reason."));
}

const struct es_view_sheet *es_rule_sheet(struct es_reader r,
                                          struct es_arena *a,
                                          const struct es_initiative *ini,
                                          const struct es_rules *rules)
{
    struct es_view_sheet *out = es_arena_alloc(a, sizeof *out);
    struct sheet s = { r, a, ini, rules, out, NULL, out == NULL };
    if (!out)
        return NULL;
    say_when(&s);
    say_what(&s);
    say_limits(&s);
    say_evidence(&s);
    say_review(&s);
    say_order(&s);
    return s.no_memory ? NULL : out;
}

enum es_code es_rule_sheet_of(struct es_reader r, struct es_arena *a,
                              const struct es_initiative *ini,
                              const struct es_view_sheet **out,
                              struct es_err *e)
{
    struct es_rules rules;
    enum es_code rc = es_rules_read(ini->rules, &rules, e);
    if (rc != ES_OK)
        return rc;
    *out = es_rule_sheet(r, a, ini, &rules);
    return *out ? ES_OK : es_fail(e, ES_ENOMEM, 0, "rule sheet");
}

struct es_view_sheet_group es_rule_short(const struct es_view_sheet *s)
{
    static const struct {
        size_t group, say;
    } SHORT[ES_SHEET_SHORT] = { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 2, 0 } };
    struct es_view_sheet_group out = { "short", "", { NULL }, 0 };
    for (size_t i = 0; i < ES_SHEET_SHORT; i++)
        if (SHORT[i].say < s->groups[SHORT[i].group].n)
            out.says[out.n++] = s->groups[SHORT[i].group].says[SHORT[i].say];
    return out;
}

/* ---- two sheets ---- */

static bool says(const struct es_view_sheet_group *g, const char *text)
{
    for (size_t i = 0; i < g->n; i++)
        if (strcmp(g->says[i], text) == 0)
            return true;
    return false;
}

bool es_rule_differs(struct es_arena *a, const struct es_view_sheet *was,
                     const struct es_view_sheet *now,
                     const struct es_view_differs **out, size_t *n)
{
    struct es_view_differs *v = es_arena_array(
        a, 2 * (size_t)ES_SHEET_GROUPS * ES_SHEET_SAYS, sizeof *v);
    *n = 0;
    *out = v;
    for (size_t k = 0; v && k < now->n; k++) {
        const struct es_view_sheet_group *x = &was->groups[k];
        const struct es_view_sheet_group *y = &now->groups[k];
        for (size_t i = 0; i < x->n; i++)
            if (!says(y, x->says[i]))
                v[(*n)++] = (struct es_view_differs){ x->says[i], false };
        for (size_t i = 0; i < y->n; i++)
            if (!says(x, y->says[i]))
                v[(*n)++] = (struct es_view_differs){ y->says[i], true };
    }
    return v != NULL;
}
