/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rule sheet of an initiative, and the verdict it gives on a run. */
#ifndef ES_INITIATIVE_RULES_H
#define ES_INITIATIVE_RULES_H

#include "base/buf.h"
#include "store/store.h"
#include "track/measure.h"

enum es_time_basis { ES_TIME_ELAPSED, ES_TIME_TIMER, ES_TIME_MOVING };

/* What the dates of the window are held against. */
enum es_window {
    ES_WINDOW_ZONE,  /* the same moments for all, in the initiative's zone */
    ES_WINDOW_LOCAL, /* the clock on the wall where the run was */
};

/* Which of a person's runs count. */
enum es_runs_count {
    ES_COUNT_EVERY,
    ES_COUNT_FIRST,   /* the first accepted one */
    ES_COUNT_LONGEST, /* the longest accepted one, of equals the first */
};

/* What a run without positions of its own must bring along. */
enum es_proof {
    ES_PROOF_NONE,
    ES_PROOF_PICTURE, /* without a picture a person looks at it */
    ES_PROOF_PERSON,  /* a person looks at each */
};

enum {
    ES_RULE_SPORTS_MAX = 8,
    ES_RULE_CATEGORIES_MAX = 16,
    ES_RULE_CATEGORY_TEXT = 48
};

struct es_category {
    char name[ES_RULE_CATEGORY_TEXT];
    int64_t dist_mm; /* 0: every step counts, over no fixed distance */
};

struct es_rules {
    uint8_t sports[ES_RULE_SPORTS_MAX]; /* FIT's numbers; none = every sport */
    size_t n_sports;
    struct es_category categories[ES_RULE_CATEGORIES_MAX];
    size_t n_categories; /* none: nobody is asked */
    enum es_window window;
    enum es_runs_count count;
    enum es_time_basis time_basis;
    int32_t tolerance_bp; /* hundredths of a per cent of a category's distance
                             that a run may be short of it */
    int64_t run_cap_mm;   /* more of one run is cut; 0 = no cap */
    int64_t day_cap_mm;   /* the same of a person's runs of one day */
    bool typed;           /* typed-in runs are taken */
    bool treadmill;       /* so are files without positions */
    enum es_proof typed_proof, treadmill_proof;
    int64_t typed_max_mm;   /* a longer typed-in run goes to review; 0 = none */
    int64_t review_over_mm; /* so does any longer run; 0 = none */
    int64_t review_pace_ms; /* and one with less for a kilometre; 0 = none */
    int64_t grace_ms;       /* uploads are taken this long after closing */
};

/* Running, walking, hiking; every run counts, elapsed time; 1 % of tolerance;
 * typed-in and treadmill runs taken, typed-in ones beyond 100 km reviewed; no
 * cap; one zone; a week of grace. */
struct es_rules es_rules_default(void);

/* From and to the JSON that the store keeps. Unknown members are kept out;
 * absent ones are the default's; sheets of before categories had distances and
 * evidence had kinds are read. ES_EMALFORMED on anything else, also on what is
 * out of the ranges below. */
ES_MUST_CHECK enum es_code es_rules_read(const char *json, struct es_rules *out,
                                         struct es_err *e);
void es_rules_write(const struct es_rules *r, struct es_buf *out);

/* The ranges: of what is kept, whoever wrote it. A form asks for more sense
 * (rules_form.h). */
#define ES_RULE_DIST_MAX_MM INT64_C(1000000000000) /* a million km */
#define ES_RULE_GRACE_MAX_MS (366 * INT64_C(86400000))
enum { ES_RULE_TOLERANCE_MAX_BP = 1000, ES_RULE_PACE_MAX_MS = 3600000 };

/* Whether what a person's run counts depends on their other runs. */
bool es_rules_share(const struct es_rules *r);

/* What is judged: a measured file or a typed-in run. */
struct es_case {
    const struct es_initiative *ini;
    const struct es_rules *rules;
    enum es_run_kind kind;
    const struct es_measure *m; /* for typed: sport, started, dist, elapsed;
                                   started as the wall's clock would have it in
                                   the initiative's zone */
    int64_t received_ms;
    bool pictured; /* a picture was handed in as evidence */
};

struct es_verdict {
    enum es_run_status status; /* accepted, in review or refused */
    int64_t dist_mm, time_ms;
    int64_t counted_mm; /* of this run alone: before es_share_out */
    int64_t day;        /* local, on which it started (received, when that isn't
                           known), in days since 1970-01-01 */
    struct es_finding findings[ES_FINDINGS_MAX];
    size_t n_findings;
};

/* The window as clocks on walls show it, and the last moment at which runs are
 * handed in: with the grace, and where the window is the runner's after the
 * last wall on earth shows its end. Looked up once for many runs. */
struct es_bounds {
    int64_t opens_ms, closes_ms; /* since 1970-01-01 there */
    int64_t last_ms;             /* a moment */
};
struct es_bounds es_bounds_of(const struct es_initiative *ini,
                              const struct es_rules *r);

/* Pure: the same case gives the same verdict. */
void es_judge(const struct es_case *c, struct es_verdict *out);

/* The same for a run that was judged before: what the rules had found then is
 * found anew; what its track, its likeness to others or people said of it
 * stays. A person's acceptance or refusal stands, and what waits for a
 * person's answer goes on waiting. The measure's own findings aren't used.
 * bounds: es_bounds_of of the case, or NULL. */
void es_judge_again(const struct es_case *c, const struct es_bounds *bounds,
                    const struct es_finding *found, size_t n,
                    struct es_verdict *out);

/* Whether a finding is one of es_judge's or es_share_out's. */
bool es_finding_of_rules(const char *code);

/* Adds a finding (dropped when the list is full) and raises the status to
 * what its effect asks for; used for what only the store knows. */
void es_verdict_add(struct es_verdict *v, const struct es_finding *f);
/* A finding about a whole run. `message` is English, with its figures. */
struct es_finding es_finding_make(const char *code, enum es_effect effect,
                                  double value, double limit, const char *fmt,
                                  ...) __attribute__((format(printf, 5, 6)));

/* ---- a person's runs together ---- */

/* An accepted run of a person. */
struct es_share {
    int64_t run, started_ms, day;
    int64_t alone_mm;   /* es_verdict.counted_mm */
    int64_t counted_mm; /* out: what it counts among the others */
    int64_t was_mm;     /* the caller's own */
};

/* What each counts under the cap of a day and the count of runs: the earlier
 * ones of a day first, by their start, then by id. All the accepted runs of one
 * person, in any order; they are left in that of their starts. Pure. */
void es_share_out(const struct es_rules *r, struct es_share *v, size_t n);

/* Why a run counts less among the others than alone; false when it doesn't. */
bool es_share_finding(const struct es_rules *r, const struct es_share *s,
                      struct es_finding *out);

/* ---- times over a category ---- */

/* How a time over a category's distance is known. */
enum es_over {
    ES_OVER_NONE,     /* the run is too short for it */
    ES_OVER_WHOLE,    /* the whole run's, which is as long or longer */
    ES_OVER_EXTENDED, /* the run is short within the tolerance: its time at its
                         mean pace over the whole distance */
    ES_OVER_BEST,     /* its best effort over the distance, verified */
};

/* A run's time over the distance: of what is known the least. *time_ms is
 * untouched when there is none. `time_ms` that counts and dist_mm measured are
 * the run's own (es_run). Pure. */
enum es_over es_category_time(const struct es_rules *r, int64_t dist_mm,
                              const struct es_measure *m, int64_t run_dist_mm,
                              int64_t run_time_ms, int64_t *time_ms);

/* The category of that name; NULL when there is none. */
const struct es_category *es_category_of(const struct es_rules *r,
                                         const char *name);

#endif
