/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How an initiative goes, in memory, for those who hold it: who joined and what
 * was run, by day and country; how far people come; what waited for review and
 * was decided, by day; what their files take. Derived from the store. One
 * es_pulse per initiative. Thread-safe. */
#ifndef ES_STANDINGS_PULSE_H
#define ES_STANDINGS_PULSE_H

#include "base/arena.h"
#include "base/err.h"

struct es_pulse;

ES_MUST_CHECK enum es_code es_pulse_new(struct es_pulse **out,
                                        struct es_err *e);
void es_pulse_free(struct es_pulse *p); /* NULL is legal */
/* Forgets all: before it is told again. */
void es_pulse_clear(struct es_pulse *p);

/* ---- telling ---- */

/* Days are civil days since 1970-01-01. */
struct es_pulse_person {
    int64_t id;
    const char *country;            /* alpha-2 in capitals, or "" */
    int64_t day;                    /* on which they joined */
    int32_t sent, counted, waiting; /* runs: handed in; accepted, in review */
    bool gone; /* left: what stays of their runs is of no country */
};
/* ES_EEXIST, ES_ENOMEM; ES_EINVAL for an id or a country that can't be. */
ES_MUST_CHECK enum es_code es_pulse_join(struct es_pulse *p,
                                         const struct es_pulse_person *who,
                                         struct es_err *e);
/* What counts of somebody's runs on a day; negative for a correction.
 * ES_ENOENT, ES_ENOMEM; ES_ETOOLARGE beyond ES_DAYS_MAX days. */
ES_MUST_CHECK enum es_code es_pulse_add(struct es_pulse *p, int64_t person,
                                        int64_t day, int64_t dist_mm,
                                        int64_t runs, struct es_err *e);
/* A run of theirs stands otherwise: by the numbers of es_run_status; ES_NO_RUN
 * is one that wasn't there before. ES_ENOENT. */
enum { ES_NO_RUN = -1 };
enum es_code es_pulse_turn(struct es_pulse *p, int64_t person, int32_t from,
                           int32_t to);
/* Runs that came before a person, and that a person decided. */
ES_MUST_CHECK enum es_code es_pulse_review(struct es_pulse *p, int64_t day,
                                           int64_t came, int64_t decided,
                                           struct es_err *e);
/* Somebody is of another country now; `runs`: all of theirs that count. Nothing
 * has changed after a failure. ES_ENOENT, ES_EINVAL, ES_ENOMEM. */
struct es_pulse_run {
    int64_t day, dist_mm;
};
ES_MUST_CHECK enum es_code es_pulse_move(struct es_pulse *p, int64_t person,
                                         const char *country,
                                         const struct es_pulse_run *runs,
                                         size_t n, struct es_err *e);
/* Somebody has left: they joined on no day, and got nowhere. What they ran was
 * moved to "", or taken away, before. ES_ENOENT. */
enum es_code es_pulse_leave(struct es_pulse *p, int64_t person);
/* Bytes of files as they came, and of pictures that are evidence. */
void es_pulse_hold(struct es_pulse *p, int64_t files, int64_t pictures);

/* ---- asking ---- */

/* The days from `first` to `last` on which there was something, in order: of a
 * country ("": of those who gave none), or NULL: of all. Rows from `a`
 * (ES_ENOMEM). */
struct es_pulse_day {
    int64_t day;
    int64_t people, runs, dist_mm; /* joined; accepted, by when they started */
};
ES_MUST_CHECK enum es_code es_pulse_days(struct es_pulse *p,
                                         const char *country, int64_t first,
                                         int64_t last, struct es_arena *a,
                                         struct es_pulse_day **out, size_t *n,
                                         struct es_err *e);
struct es_pulse_look {
    int64_t day;
    int64_t came, decided;
};
ES_MUST_CHECK enum es_code es_pulse_looks(struct es_pulse *p, int64_t first,
                                          int64_t last, struct es_arena *a,
                                          struct es_pulse_look **out, size_t *n,
                                          struct es_err *e);
/* Countries in which there is something, by code; "" first. */
struct es_pulse_land {
    char country[3];
    int64_t people, runs, dist_mm;
};
ES_MUST_CHECK enum es_code es_pulse_lands(struct es_pulse *p,
                                          struct es_arena *a,
                                          struct es_pulse_land **out, size_t *n,
                                          struct es_err *e);
/* How far people come, and where they stop. */
struct es_pulse_stages {
    int64_t people;  /* who are in */
    int64_t sent;    /* of them: who have handed in a run, whatever became of
                        it */
    int64_t counted; /* who have one that counts now */
    int64_t again;   /* who have two or more */
    int64_t waiting; /* who have none that counts, and one in review */
    int64_t files, pictures; /* bytes, es_pulse_hold */
};
void es_pulse_stages(struct es_pulse *p, struct es_pulse_stages *out);

#endif
