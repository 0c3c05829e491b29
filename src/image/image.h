/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pictures that strangers bring: read, turned upright, scaled and written
 * anew, so that nothing of the file lives on but what can be seen. Hostile
 * input: runs only where there is nothing to take (ipc/sandbox.h). */
#ifndef ES_IMAGE_IMAGE_H
#define ES_IMAGE_IMAGE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/picture.h"

enum es_picture_kind {
    ES_PICTURE_NONE,
    ES_PICTURE_JPEG,
    ES_PICTURE_PNG,
    ES_PICTURE_WEBP
};

/* By its first bytes; names and claims of who brings it don't count. */
enum es_picture_kind es_picture_kind(struct es_bytes file);

/* JPEG (also CMYK, progressive), PNG (any depth, interlaced) and WebP. What is
 * transparent gets white behind it; of an animated PNG the still picture is
 * taken; colours are taken for sRGB. Scaled in linear light.
 * ES_EUNKNOWN: none of the three; ES_ETRUNCATED; ES_EMALFORMED: damaged;
 * ES_EBOMB: over ES_PICTURE_PIXELS or ES_PICTURE_EDGE, told before any memory
 * is taken; ES_ECOMPLEX: moving, or more work than it is worth; ES_ENOMEM.
 * Then *out is untouched. */
ES_MUST_CHECK enum es_code es_picture_make(struct es_bytes file,
                                           const struct es_picture_ask *ask,
                                           struct es_arena *a,
                                           struct es_picture_made *out,
                                           struct es_err *e);

#endif
