/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who speaks in public, kept by people of staff: their names, the offices they
 * held and when, the groups they were in. Field errors name the inputs of the
 * console's forms. */
#ifndef ES_PROGRAMME_PARTIES_H
#define ES_PROGRAMME_PARTIES_H

#include "initiative/registration.h"
#include "programme/many.h"
#include "store/parties.h"

/* Whether it is a day of the calendar as they are kept: "2026-08-25". */
bool es_day_ok(const char *s);
/* Its midnight, UTC ms; ES_NO_TIME when it is none. */
int64_t es_day_ms(const char *s);

/* A new one with id 0 and edition 0, or another way the one of that edition is
 * to be. Names are cleaned here. ES_EINVAL with `fe` filled: "name" (none is
 * given, or one is too long), "kind". ES_ECONFLICT: somebody changed it since
 * that edition was read; ES_ENOENT. */
struct es_party_want {
    int64_t initiative, id, edition;
    int32_t what, kind;
    const struct es_many *names; /* as they came */
    int64_t portrait;
};
ES_MUST_CHECK enum es_code es_party_keep(struct es_app *app,
                                         const struct es_party_want *w,
                                         struct es_arena *a, int64_t *id,
                                         struct es_field_errors *fe,
                                         struct es_err *e);
/* ES_ECONFLICT: it has spoken, or others sit in it; ES_ENOENT. Its portrait
 * goes with it. */
ES_MUST_CHECK enum es_code es_party_drop(struct es_app *app, int64_t initiative,
                                         int64_t id, struct es_arena *a,
                                         struct es_err *e);

/* An office or a membership; id 0 is a new one. ES_EINVAL with `fe` filled:
 * "title" (an office has one), "of" (not there, or nothing to sit in), "party",
 * "country", "from", "to" (no day, or before the first). ES_ETOOLARGE: no more
 * of that party. */
struct es_seat_want {
    int64_t initiative, id, party, of;
    const struct es_many *title;
    const char *country, *from, *to;
};
ES_MUST_CHECK enum es_code es_seat_keep(struct es_app *app,
                                        const struct es_seat_want *w,
                                        struct es_arena *a, int64_t *id,
                                        struct es_field_errors *fe,
                                        struct es_err *e);
ES_MUST_CHECK enum es_code es_seat_drop(struct es_app *app, int64_t initiative,
                                        int64_t id, struct es_err *e);

/* An office in words for a reader of `lang`, all in `a`. */
struct es_office_told {
    int64_t id;
    struct es_many_told title, body; /* body "": in none */
    const char *country;             /* alpha-2 or "" */
    const char *from, *to;
};
/* The offices (groups left out) of a person, the newest first. */
ES_MUST_CHECK enum es_code es_offices(struct es_app *app, int64_t initiative,
                                      int64_t person, const char *lang,
                                      struct es_arena *a,
                                      struct es_office_told **out, size_t *n,
                                      struct es_err *e);
/* That of them which was held on `day`; `chosen` where it is one of those; else
 * the one that was taken up last. NULL: none. */
const struct es_office_told *es_office_held(const struct es_office_told *v,
                                            size_t n, const char *day,
                                            int64_t chosen);

#endif
