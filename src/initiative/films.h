/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Videos that organisers bring, in pieces: each is on the disk before it is
 * acknowledged, so that a cut line or a restart costs what was under way and
 * nothing else. They are never decoded: what they are is read off their first
 * bytes (ISO/IEC 14496-12 "ftyp", RFC 8794 EBML). */
#ifndef ES_INITIATIVE_FILMS_H
#define ES_INITIATIVE_FILMS_H

#include "initiative/media.h"
#include "store/media.h"

/* "video/mp4", "video/webm"; NULL: neither. An EBML head whose sizes are all
 * written out in eight bytes says what it is as late as byte 140. Of the first
 * ES_FILM_SNIFF bytes, or all if there are fewer. */
enum { ES_FILM_SNIFF = 512 };
const char *es_film_type(struct es_bytes first);

struct es_film_new {
    int64_t initiative, account;
    int64_t length; /* bytes */
    const char *name;
};
/* Takes a place for it; *id is what it is named by from then on. ES_EINVAL: a
 * length of nought; ES_ETOOLARGE: over ES_FILM_MAX; ES_ECONFLICT: no room of
 * the initiative's quota, or ES_MEDIA_UPLOADS are under way; ES_EBUSY: no room
 * on the disk. */
ES_MUST_CHECK enum es_code es_film_begin(struct es_app *app,
                                         const struct es_film_new *f,
                                         int64_t *id, struct es_err *e);

/* What follows `at`: the bytes of `fd`. Blocks until they are durable.
 * *received: how many of the film are kept, also after a failure on the way;
 * *whole: that was the last of it. ES_ECONFLICT: `at` isn't where it ends, or
 * too much; ES_EUNKNOWN: no film, and the upload is gone; ES_ECOMPLEX: in too
 * many pieces; ES_EBUSY: no room on the disk; ES_ENOENT. */
struct es_film_part {
    int64_t initiative, id, at;
    int fd;
    size_t size;
};
ES_MUST_CHECK enum es_code es_film_add(struct es_app *app,
                                       const struct es_film_part *p,
                                       struct es_arena *a, int64_t *received,
                                       bool *whole, struct es_err *e);

/* An upload that isn't whole, with what is kept of it. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_film_drop(struct es_app *app, int64_t initiative,
                                        int64_t id, struct es_err *e);
/* Drops those that nobody went on with for ES_MEDIA_IDLE_MS before now_ms, and
 * gives the disk back; *n of them. */
ES_MUST_CHECK enum es_code es_films_sweep(struct es_app *app, int64_t now_ms,
                                          size_t *n, struct es_err *e);

/* ---- captions ---- */

/* Whether it is WebVTT that a player can follow: UTF-8, its first line, cues
 * with times that go forward. At most ES_MEDIA_TEXT_MAX. ES_EMALFORMED: e->at
 * is the byte, ES_EEMPTY: no cue; ES_EUNKNOWN: something else; ES_ETOOLARGE.
 * Source: W3C WebVTT, section 4. */
ES_MUST_CHECK enum es_code es_captions_check(struct es_bytes s,
                                             struct es_err *e);

#endif
