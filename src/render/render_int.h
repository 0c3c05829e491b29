/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_RENDER_RENDER_INT_H
#define ES_RENDER_RENDER_INT_H

#include <pthread.h>

#include "render/render.h"

/* A picture, or the place of one that is being drawn. */
struct es_picture {
    uint8_t key[16];
    uint8_t *png; /* NULL while it is drawn */
    size_t n;
    struct es_picture *newer, *older;
};

/* Pictures by their names, the last used first, within a bound of bytes; and
 * who draws what, so that nobody draws it twice. Its own lock. */
struct es_album {
    pthread_mutex_t lock;
    pthread_cond_t drawn; /* some drawing has ended */
    struct es_picture *newest, *oldest;
    size_t bytes, max, pictures;
    unsigned drawings, drawings_max; /* under way, or waiting for one */
    uint64_t kept, joined;
};

struct es_render {
    struct es_crew *crew;
    int64_t wall_ms;
    struct es_album album;
};

void es_album_init(struct es_album *al, size_t max, unsigned drawings);
void es_album_release(struct es_album *al);
bool es_album_has(struct es_album *al, const uint8_t key[16]);

/* Copies the picture to `a`, or makes the caller the one who draws it (then
 * *png has no bytes, and es_album_end must follow). Waits, up to until_ms
 * (es_time_mono_ms), while somebody else draws it. ES_EBUSY: too many at
 * once, or that took too long; ES_ENOMEM. */
ES_MUST_CHECK enum es_code
es_album_begin(struct es_album *al, const uint8_t key[16], int64_t until_ms,
               struct es_arena *a, struct es_bytes *png, struct es_err *e);
/* The drawing has ended; `png` is copied, and empty when it failed: then
 * whoever waited draws it themselves. */
void es_album_end(struct es_album *al, const uint8_t key[16],
                  struct es_bytes png);

/* What a worker answered, as the picture that was asked for: a byte that says
 * ES_OK, and a PNG of that card's size, whole. Borrows `answer`.
 * ES_EINTERNAL: it says that it could not draw; ES_EMALFORMED. */
ES_MUST_CHECK enum es_code es_render_check(struct es_bytes answer,
                                           enum es_card_size size,
                                           struct es_bytes *png,
                                           struct es_err *e);
/* The same for a document: a whole PDF of Cairo's. Nothing in it is read but
 * its first and last bytes: whoever opens it has a reader that is made for
 * strangers' files. ES_ETOOLARGE: it says that it doesn't fit. */
ES_MUST_CHECK enum es_code es_render_check_pdf(struct es_bytes answer,
                                               struct es_bytes *pdf,
                                               struct es_err *e);

#endif
