/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the programme decides: what may be kept of an event, and when calendars
 * are to notice that it has changed. */
#ifndef ES_PROGRAMME_PROGRAMME_H
#define ES_PROGRAMME_PROGRAMME_H

#include "initiative/registration.h"
#include "programme/occasion.h"

/* What of it can't be, under the names of a form's fields: title, title_LANG,
 * about, about_LANG, what, zone, starts, ends, place, address, map, online,
 * hosts, speakers, items, recording, transcript. A time that is ES_NO_TIME has
 * been told already. */
void es_occasion_check(const struct es_occasion *o,
                       const struct es_occasion_body *b,
                       struct es_field_errors *fe);

/* Whether calendars that hold `was` are to notice what it is now: another time,
 * place, title or state, of one that people could see. */
bool es_occasion_moved(const struct es_occasion *was,
                       const struct es_occasion_body *was_body,
                       const struct es_occasion *now,
                       const struct es_occasion_body *now_body);

/* The order of the day follows an event that moves: each part by as many days,
 * at the same time of its clocks, which may be those of another zone. */
void es_occasion_follow(struct es_occasion_body *b,
                        const struct es_occasion *was,
                        const struct es_occasion *now);

/* Keeps a new one: gives it an id, and writes `b` into it. edited_by says who.
 * ES_EINVAL with *fe; ES_EBUSY: there are as many as there may be. */
ES_MUST_CHECK enum es_code
es_occasion_add(struct es_app *app, struct es_occasion *o,
                const struct es_occasion_body *b, struct es_arena *a,
                struct es_field_errors *fe, struct es_err *e);
/* Keeps what has changed of `was`, as it was read. ES_EINVAL with *fe;
 * ES_ECONFLICT: somebody has changed it since, or it is gone. */
ES_MUST_CHECK enum es_code
es_occasion_save(struct es_app *app, const struct es_occasion *was,
                 struct es_occasion *o, const struct es_occasion_body *b,
                 struct es_arena *a, struct es_field_errors *fe,
                 struct es_err *e);
/* Takes a draft away. ES_ECONFLICT: it isn't one any more: people know of it,
 * and it is called off instead. */
ES_MUST_CHECK enum es_code es_occasion_drop(struct es_app *app,
                                            int64_t initiative, int64_t id,
                                            struct es_err *e);

#endif
