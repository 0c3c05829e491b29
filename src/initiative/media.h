/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pictures, videos and captions that an initiative shows. */
#ifndef ES_INITIATIVE_MEDIA_H
#define ES_INITIATIVE_MEDIA_H

#include "initiative/app.h"

struct es_media_new {
    int64_t initiative;
    const char *kind; /* "picture", "video", "captions" */
    const char *type; /* one that es_media_type knows */
    const char *name; /* of the file */
    struct es_bytes bytes;
    bool drawn_by_us; /* only then may it be an SVG: others' could hold
                         anything */
};

/* Keeps it, encrypted as uploads are; *id names it from then on. Blocks until
 * durable. ES_EINVAL: a type that isn't shown, or other bytes than the type
 * says; ES_ETOOLARGE: over ES_MEDIA_MAX, or ES_MEDIA_TEXT_MAX of text. */
ES_MUST_CHECK enum es_code es_media_add(struct es_app *app,
                                        const struct es_media_new *m,
                                        int64_t *id, struct es_err *e);

/* A picture that a stranger brings, made anew: `fd` is a memfd, sealed here if
 * it isn't yet. Errors as es_ingest_picture. */
ES_MUST_CHECK enum es_code es_picture_take(struct es_app *app, int fd,
                                           const struct es_picture_ask *ask,
                                           struct es_arena *a,
                                           struct es_picture_made *out,
                                           struct es_err *e);

/* The same, kept in all its sizes; *id names the largest, and the others with
 * it. Blocks until durable. ES_ECONFLICT: no room is left of ES_MEDIA_QUOTA;
 * ES_EBUSY: none on the disk. */
struct es_picture_new {
    int64_t initiative;
    int fd;
    const char *name; /* of the file */
};
ES_MUST_CHECK enum es_code es_media_add_picture(struct es_app *app,
                                                const struct es_picture_new *p,
                                                struct es_arena *a, int64_t *id,
                                                struct es_err *e);
/* One that was made anew, kept in all its sizes under a kind of its own.
 * `with`, where it isn't NULL, is written with the last of them, and gets the
 * id: both stand, or neither. Nobody looks for room here. */
struct es_picture_keep {
    int64_t initiative;
    const char *kind, *name;
    const struct es_picture_made *made;
    enum es_code (*with)(struct es_txn *tx, int64_t id, void *arg,
                         struct es_err *e);
    void *arg;
};
ES_MUST_CHECK enum es_code es_picture_keep(struct es_app *app,
                                           const struct es_picture_keep *k,
                                           int64_t *id, struct es_err *e);
/* Takes one away, with all of its sizes or pieces; none is fine. */
ES_MUST_CHECK enum es_code es_media_drop(struct es_app *app, int64_t initiative,
                                         int64_t id, struct es_err *e);

/* How much of ES_MEDIA_QUOTA is taken, and how much there is on the disk. */
struct es_media_room {
    int64_t used, quota;
    int64_t left; /* that can be brought now: of both, the less; >= 0 */
};
ES_MUST_CHECK enum es_code es_media_room(struct es_app *app, int64_t initiative,
                                         struct es_media_room *out,
                                         struct es_err *e);

/* A type that may be served, as it is written in Content-Type; NULL else. */
const char *es_media_type(const char *type);
/* Whether it is text: captions and drawings, which shrink when zipped. */
bool es_media_is_text(const char *type);

#endif
