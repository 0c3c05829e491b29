/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the ways of taking and changing a run share. Inside initiative/ only. */
#ifndef ES_INITIATIVE_RUN_WRITE_H
#define ES_INITIATIVE_RUN_WRITE_H

#include "initiative/runs.h"
#include "store/steps.h"

/* Makes a memfd what a worker may be handed. */
bool es_take_seal(int fd);

/* A measure in which nothing is known. */
struct es_measure es_measure_unknown(void);

/* A run that is about to be stored. */
struct es_new_run {
    struct es_run run;
    struct es_measure m;
    struct es_verdict verdict; /* before what only the store knows */
    struct es_marks marks;     /* none of a typed-in run's */
    int64_t seen[ES_LIKENESSES], alike[ES_LIKENESSES]; /* see likeness.h */
    size_t n_seen, n_alike;
    bool indexed;
    bool pictured; /* evidence comes with it */
};

/* A run whose part of the total changed, or that stands otherwise. */
struct es_move {
    struct es_run run; /* as it is now; strings and bytes in an arena */
    int64_t mm, ms, runs;
    int32_t was;   /* how it stood before */
    int64_t at_ms; /* when it was judged again */
};
struct es_moves {
    struct es_move *v;
    size_t n, cap;
};

/* A group of runs made of one upload (or one typed-in run), stored whole or
 * not at all. */
struct es_new_runs {
    struct es_app *app;
    const struct es_participant *who;
    const struct es_initiative *ini; /* by which they were judged; other ones */
    const struct es_rules *rules;    /* by the time they are stored: again */
    const char *public_name;         /* NULL when hidden */
    struct es_moves moves;           /* of the person's other runs */
    struct es_new_run *v;
    size_t n;
    const char *idempotency_key;
    const struct es_run *first; /* what the key stands for: of v, or a run that
                                   these bytes had made before */
    uint8_t body_hash[ES_HASH];
    const struct es_picture_size *picture; /* evidence of the only run: the
                                              upload is its bytes; or NULL */
    int64_t bytes;    /* of the upload; set by es_new_runs_store */
    bool last;        /* what comes alike meanwhile is let be */
    int64_t idem_run; /* out: the run that the key had made; else 0 */
    struct es_arena *a;
};

/* ES_EEXIST: the key or the bytes had made a run: idem_run != 0 names it, or
 * es_store_run_by_upload does; or a run alike came meanwhile. ES_ECONFLICT: the
 * key, with another body. */
ES_MUST_CHECK enum es_code es_new_runs_store(struct es_new_runs *g,
                                             struct es_bytes upload,
                                             struct es_err *e);

/* Judges one measured activity into a row, ready to be stored. A received_ms
 * that n->run has already is kept, unless it is to come. */
ES_MUST_CHECK enum es_code
es_new_run_judge(struct es_new_run *n, const struct es_participant *who,
                 const struct es_initiative *ini, const struct es_rules *rules,
                 enum es_run_kind kind, struct es_arena *a, struct es_err *e);

/* The initiative of a participant and its rules. */
ES_MUST_CHECK enum es_code es_rules_of(struct es_app *app, int64_t initiative,
                                       struct es_arena *a,
                                       struct es_initiative *ini,
                                       struct es_rules *rules,
                                       struct es_err *e);

/* Findings as the store keeps them, in the arena; { NULL, 0 }: no memory. */
struct es_bytes es_findings_pack(const struct es_finding *f, size_t n,
                                 struct es_arena *a);

/* Tells the standings and the days that a run counts more, or less; on the
 * writer thread. */
void es_runs_count(struct es_app *app, const struct es_run *run, int64_t mm,
                   int64_t ms, int64_t runs);
/* Tells the figures that a run stands otherwise; on the writer thread. */
void es_runs_turned(struct es_app *app, const struct es_run *run, int32_t was,
                    enum es_step_what what, int64_t at_ms);
/* ... that bytes of files, or of evidence, are kept, or gone. */
void es_runs_held(struct es_app *app, int64_t initiative, int64_t files,
                  int64_t pictures);
/* Tells whoever listens what the total is now. */
void es_runs_total(struct es_app *app, int64_t initiative);

/* Tells the standings and whoever listens that sums have changed. */
void es_runs_announce(struct es_app *app, const struct es_run *run,
                      const char *public_name, const char *country, int64_t mm,
                      int64_t ms, int64_t runs);

#endif
