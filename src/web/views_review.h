/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages show on which runs are reviewed, and what became of each.
 * views.h says what holds for all. */
#ifndef ES_WEB_VIEWS_REVIEW_H
#define ES_WEB_VIEWS_REVIEW_H

#include "web/views.h"

enum es_view_mood { ES_MOOD_QUIET, ES_MOOD_GOOD, ES_MOOD_WAIT, ES_MOOD_BAD };

/* A step of a run, in words. */
struct es_view_step {
    const char *what;
    const char *who;    /* a name, a role, "" for the machine */
    const char *reason; /* from the list, in words; "" for none */
    const char *words;  /* as somebody wrote them; "" for none */
    int64_t at_ms;
    enum es_view_mood mood;
};

/* ---- the queue ---- */

struct es_view_waiting {
    struct es_url url;
    const char *name;
    int64_t bib;
    const char *why;     /* "Appeal" */
    const char *reason;  /* a few words of what brings it */
    const char *claimed; /* who is looking at it; "" for nobody */
    const char *sport;
    int64_t since_ms, dist_mm, time_ms;
};
struct es_view_tab { /* a filter */
    const char *label;
    struct es_url url;
    int64_t n;
    bool chosen;
};
struct es_view_queue { /* GET /organise/e/{slug}/review */
    struct es_view_frame frame;
    const char *zone;
    const struct es_view_tab *tabs; /* by why */
    size_t n_tabs;
    const struct es_view_tab *codes; /* by finding */
    size_t n_codes;
    struct es_view_field bib; /* of the person; error: nobody has it */
    struct es_url self;       /* GET form */
    const struct es_view_waiting *rows;
    size_t n;
    struct es_url begin, first, next;
    struct es_url bulk; /* to accept all of this one harmless finding */
    int64_t n_bulk;
    struct es_url log;
};

struct es_view_bulk { /* GET and POST .../review/all/{code} */
    struct es_view_frame frame;
    const char *zone, *label;
    struct es_url action, back;
    const char *until;                  /* for the form: none that came later */
    const struct es_view_waiting *rows; /* the first of them */
    size_t n;
    int64_t all;
};

/* ---- one run ---- */

/* Lines of routes on one ground, north up. */
struct es_view_mark {
    int64_t x, y;   /* on the map; thousandths of the chart: x alone */
    int64_t x2;     /* of the chart: where it ends */
    int64_t number; /* of the finding, from 1 */
};
struct es_view_map {
    const struct es_view_spot *v;
    size_t n;                         /* 0: nothing to draw */
    const struct es_view_spot *other; /* of a suspected copy */
    size_t n_other;
    int64_t wide, high;
    int64_t across_mm; /* the longer side */
    const struct es_view_mark *marks;
    size_t n_marks;
};

/* A run of the same person: how far and how fast. */
struct es_view_dot {
    struct es_url url;
    int64_t started_ms, dist_mm, time_ms;
    int64_t x, y; /* thousandths, y from the top: faster is higher */
    enum es_view_status status;
    bool here; /* the one that is reviewed */
};
struct es_view_dots {
    const struct es_view_dot *v;
    size_t n; /* less than 2: nothing to compare */
    struct es_view_tick xs[ES_TICKS_MAX], ys[ES_TICKS_MAX];
    size_t n_xs, n_ys;
    const char *sport;
};

/* A run that this one may be a copy of. */
struct es_view_twin {
    const char *name; /* as the public may see it */
    int64_t bib;
    struct es_url url; /* its page here */
    struct es_view_run run;
    struct es_view_map map; /* both lines */
};

enum es_view_block { /* why who looks can't decide it now */
                     ES_BLOCK_NONE,
                     ES_BLOCK_OWN,   /* they refused it themselves */
                     ES_BLOCK_ALONE, /* ... and nobody else reviews here */
                     ES_BLOCK_TAKEN_BACK
};
struct es_view_reviewing { /* GET /organise/e/{slug}/review/{run} */
    struct es_view_frame frame;
    const char *zone;
    const char *name, *team, *country;
    int64_t bib;
    struct es_url person; /* what of theirs waits */
    struct es_view_run run;
    const char *why;     /* "" when it doesn't wait */
    const char *claimed; /* who else is looking; "" for nobody */
    const char *met;     /* what happened meanwhile, a sentence; "" */
    int64_t since_ms;
    enum es_view_block block;
    struct es_url staff; /* where another is invited, for who may */
    struct es_view_map map;
    const char *no_map;               /* why there is none; "" */
    const struct es_view_mark *marks; /* on the chart of the pace */
    size_t n_marks;
    struct es_view_dots others;
    const struct es_view_twin *twins;
    size_t n_twins;
    const struct es_view_step *steps;
    size_t n_steps;
    const char *seen;                  /* for the forms */
    struct es_url accept, refuse, ask; /* POST; not offered: not now */
    const struct es_view_choice *reasons;
    size_t n_reasons;
    struct es_view_field reason, refuse_words, ask_words;
    struct es_url queue, next, previous;
    struct es_url evidence; /* the picture that came with a typed-in run */
    int64_t evidence_w, evidence_h;
};

/* ---- the log ---- */

struct es_view_log_row {
    struct es_view_step step;
    struct es_url url; /* the run's page */
    const char *name;
    int64_t id, bib;
};
struct es_view_steps { /* GET /organise/e/{slug}/log */
    struct es_view_frame frame;
    const char *zone;
    const struct es_view_choice *whats, *whos;
    size_t n_whats, n_whos;
    struct es_view_field bib;
    struct es_url self, older, csv, json;
    const struct es_view_log_row *rows;
    size_t n;
    int64_t last;            /* the newest step's number */
    const char *fingerprint; /* of all up to it, in hex */
};

#endif
