/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* People of an initiative after they have registered: what they change, places
 * that become free, how they leave. Whoever calls has seen to it that the one
 * who asks may. */
#ifndef ES_INITIATIVE_PEOPLE_H
#define ES_INITIATIVE_PEOPLE_H

#include "initiative/registration.h"
#include "initiative/settings.h"
#include "store/reports.h"

/* ---- places ---- */

/* Inside a write: counts a new person in, or puts them among those who wait
 * (p->state). ES_ETOOLARGE: neither. */
ES_MUST_CHECK enum es_code es_place_take(struct es_txn *tx,
                                         struct es_participant *p,
                                         int64_t places, bool waiting,
                                         struct es_err *e);
/* On the writer thread: who has a place stands in the standings. */
void es_person_placed(struct es_app *app, const struct es_participant *who);
/* ... as they are now, when they have changed. */
void es_person_stands(struct es_app *app, const struct es_participant *p);
/* A token and a personal link for somebody new. */
void es_credentials_make(struct es_credential c[2], char *const secrets[2],
                         const struct es_participant *p, int64_t now_ms);

/* Gives free places to those who wait longest, in short writes. *moved: who
 * has one now, at most ES_MOVED_MAX of them; others may have one, too. */
enum { ES_MOVED_MAX = 200 };
struct es_moved {
    struct es_participant v[ES_MOVED_MAX]; /* strings in the arena */
    size_t n;
    int64_t all;
};
ES_MUST_CHECK enum es_code
es_people_move_up(struct es_app *app, int64_t initiative, struct es_arena *a,
                  struct es_moved *out, struct es_err *e);

/* ---- changes ---- */

/* What they gave, changed by themselves; as es_register. *out is the row then.
 * ES_ENOENT: they are gone. */
ES_MUST_CHECK enum es_code
es_person_change(struct es_app *app, const struct es_initiative *ini,
                 const struct es_participant *p, const struct es_join *in,
                 struct es_arena *a, struct es_participant *out,
                 struct es_field_errors *errors, struct es_err *e);

/* One who is still there, changed by `fn` inside a write; it may be called
 * again. Standings and search follow. */
typedef enum es_code es_person_edit_fn(struct es_txn *tx,
                                       struct es_participant *p, void *arg,
                                       struct es_err *e);
struct es_person_edit {
    int64_t initiative, person;
    es_person_edit_fn *fn;
    void *arg;
    const struct es_decision *decision; /* noted with it; or NULL */
    const struct es_report *watched;    /* added with it; or NULL */
};
ES_MUST_CHECK enum es_code es_person_edit(struct es_app *app,
                                          const struct es_person_edit *c,
                                          struct es_arena *a,
                                          struct es_participant *out,
                                          struct es_err *e);

/* To another team (0: none). `from` >= 0: only while they are in that one;
 * ES_ECONFLICT then. ES_ENOENT: no such person or team. */
ES_MUST_CHECK enum es_code es_person_team(struct es_app *app,
                                          int64_t initiative, int64_t person,
                                          int64_t from, int64_t team,
                                          struct es_err *e);
/* Another personal link in place of all; the token and their sessions end,
 * too. */
ES_MUST_CHECK enum es_code es_person_link(struct es_app *app,
                                          int64_t initiative, int64_t person,
                                          char link[ES_SECRET_TEXT],
                                          struct es_err *e);
/* Their name gives way to their bib, or is shown again; noted with the reason.
 * ES_ECONFLICT: it is so already. */
ES_MUST_CHECK enum es_code es_person_hide(struct es_app *app, int64_t account,
                                          const struct es_participant *p,
                                          bool hide, const char *why,
                                          struct es_err *e);
/* Inside a write: lets their guardian be asked by mail where that is due
 * (ES_GUARDIAN_ASKED), unless the same one was already (`was`, or NULL). */
ES_MUST_CHECK enum es_code es_guardian_ask(struct es_txn *tx,
                                           const struct es_participant *p,
                                           const struct es_participant *was,
                                           struct es_err *e);
/* The guardian has agreed by the link that was sent to them. */
ES_MUST_CHECK enum es_code es_guardian_agreed(struct es_app *app,
                                              int64_t initiative,
                                              int64_t person, struct es_err *e);

/* ---- leaving ---- */

struct es_leaving {
    bool take_away;  /* what they ran counts no more; else it stays in the
                        total alone, nobody's */
    int64_t account; /* who of staff removes them; 0: they leave */
    const char *why; /* of staff's decision */
    bool guardian;   /* a guardian says no */
};
/* Erases a person: the keys of their files at once, and all they gave. Their
 * bib is nobody's again. In short writes; cut short, it can be begun anew.
 * ES_ENOENT: they are gone. Whoever waits for a place has to be told of theirs
 * (es_people_move_up). */
ES_MUST_CHECK enum es_code es_person_leave(struct es_app *app,
                                           const struct es_participant *p,
                                           const struct es_leaving *how,
                                           struct es_err *e);

/* All that is kept of a person, for themselves, as one JSON object. */
ES_MUST_CHECK enum es_code es_person_export(struct es_app *app,
                                            const struct es_initiative *ini,
                                            const struct es_participant *p,
                                            struct es_buf *out,
                                            struct es_err *e);

#endif
