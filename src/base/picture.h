/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of a picture and what becomes of it: shared by who makes it
 * (image/), who carries it (ipc/) and who wants it. */
#ifndef ES_BASE_PICTURE_H
#define ES_BASE_PICTURE_H

#include "base/bytes.h"
#include "base/limits.h"

/* Longest edges in pixels, the largest first. A picture that is smaller stays
 * as it is: nothing is enlarged. */
struct es_picture_ask {
    uint32_t edge[ES_PICTURE_SIZES];
    size_t n; /* 1.. */
};

/* JPEG, progressive, sRGB, without any marker but those that a picture needs.
 * JPEG and nothing newer: old phones, mail programs, printers and the previews
 * of social networks all read it. */
struct es_picture_size {
    uint32_t width, height;
    struct es_bytes jpeg; /* in the arena */
};
struct es_picture_made {
    struct es_picture_size v[ES_PICTURE_SIZES]; /* the largest first */
    size_t n;                                   /* 1.. */
};

#endif
