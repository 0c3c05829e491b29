/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The rule sheet of an initiative, and the verdict it gives on a run. */
#ifndef ES_INITIATIVE_RULES_H
#define ES_INITIATIVE_RULES_H

#include "base/buf.h"
#include "store/store.h"
#include "track/measure.h"

enum es_time_basis { ES_TIME_ELAPSED, ES_TIME_TIMER, ES_TIME_MOVING };

enum {
    ES_RULE_SPORTS_MAX = 8,
    ES_RULE_CATEGORIES_MAX = 16,
    ES_RULE_CATEGORY_TEXT = 48
};

struct es_rules {
    uint8_t sports[ES_RULE_SPORTS_MAX]; /* FIT's numbers; none = every sport */
    size_t n_sports;
    char categories[ES_RULE_CATEGORIES_MAX][ES_RULE_CATEGORY_TEXT];
    size_t n_categories; /* none: nobody is asked */
    enum es_time_basis time_basis;
    bool typed;           /* typed-in runs are taken */
    bool typed_review;    /* ... but a person looks at each */
    int64_t run_cap_mm;   /* more of one run is cut; 0 = no cap */
    int64_t typed_max_mm; /* a longer typed-in run goes to review; 0 = none */
    int64_t grace_ms;     /* uploads are taken this long after closing */
};

/* Running, walking, hiking; elapsed time; typed-in runs taken, beyond 100 km
 * reviewed; no cap; a week of grace. */
struct es_rules es_rules_default(void);

/* From and to the JSON that the store keeps. Unknown members are kept out;
 * absent ones are the default's. ES_EMALFORMED on anything else. */
ES_MUST_CHECK enum es_code es_rules_read(const char *json, struct es_rules *out,
                                         struct es_err *e);
void es_rules_write(const struct es_rules *r, struct es_buf *out);

/* What is judged: a measured file or a typed-in run. */
struct es_case {
    const struct es_initiative *ini;
    const struct es_rules *rules;
    enum es_run_kind kind;
    const struct es_measure *m; /* for typed: sport, started, dist, elapsed */
    int64_t received_ms;
};

struct es_verdict {
    enum es_run_status status; /* accepted, in review or refused */
    int64_t dist_mm, counted_mm, time_ms;
    struct es_finding findings[ES_FINDINGS_MAX];
    size_t n_findings;
};

/* Pure: the same case gives the same verdict. */
void es_judge(const struct es_case *c, struct es_verdict *out);

/* Adds a finding (dropped when the list is full) and raises the status to
 * what its effect asks for; used for what only the store knows. */
void es_verdict_add(struct es_verdict *v, const struct es_finding *f);
/* A finding about a whole run. `message` is English, with its figures. */
struct es_finding es_finding_make(const char *code, enum es_effect effect,
                                  double value, double limit, const char *fmt,
                                  ...) __attribute__((format(printf, 5, 6)));

#endif
