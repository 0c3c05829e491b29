/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The exhibition of an initiative: what may be kept of its pictures, and when
 * one may be shown. */
#ifndef ES_PROGRAMME_EXHIBITION_H
#define ES_PROGRAMME_EXHIBITION_H

#include "initiative/media.h"
#include "initiative/registration.h"
#include "store/pictures.h"

/* A picture that somebody brings: made anew in a worker, in three sizes, and
 * kept behind all others, as a draft without words. `fd` is a memfd, sealed
 * here if it isn't yet.
 * Errors as es_ingest_picture; ES_ECONFLICT: the exhibition is full
 * (ES_PICTURES_MAX, ES_PICTURES_QUOTA); ES_EBUSY: the disk is. */
struct es_exhibit_new {
    int64_t initiative, account;
    int fd;
    const char *name; /* of the file */
};
ES_MUST_CHECK enum es_code es_exhibit_add(struct es_app *app,
                                          const struct es_exhibit_new *n,
                                          struct es_arena *a, int64_t *id,
                                          struct es_err *e);

/* What of it can't be, under the names of a form's fields: alt, caption,
 * credit, taken, place, licence, warning. One that is shown has a
 * description. */
void es_exhibit_check(const struct es_picture *p, struct es_field_errors *fe);
/* Keeps its words, licence and state; edited_by says who. ES_EINVAL with *fe;
 * ES_ECONFLICT: somebody has changed it since it was read, or it is gone. */
ES_MUST_CHECK enum es_code es_exhibit_save(struct es_app *app,
                                           struct es_picture *p,
                                           struct es_field_errors *fe,
                                           struct es_err *e);
/* To before another, or (0) behind all. ES_ENOENT: one of both is gone. */
ES_MUST_CHECK enum es_code es_exhibit_move(struct es_app *app,
                                           int64_t initiative, int64_t id,
                                           int64_t before, struct es_err *e);
/* With all its sizes; none is fine. */
ES_MUST_CHECK enum es_code es_exhibit_drop(struct es_app *app,
                                           int64_t initiative, int64_t id,
                                           struct es_err *e);

/* What stands above them, or nothing: then in the language of `ini`, of
 * edition 0. */
ES_MUST_CHECK enum es_code
es_exhibition(struct es_app *app, const struct es_initiative *ini,
              struct es_arena *a, struct es_exhibition *out, struct es_err *e);
/* Keeps it: fields title, about, lang, occasion. Errors as
 * es_exhibit_save. */
ES_MUST_CHECK enum es_code es_exhibition_save(struct es_app *app,
                                              struct es_exhibition *x,
                                              struct es_arena *a,
                                              struct es_field_errors *fe,
                                              struct es_err *e);

#endif
