/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The organiser's page of pictures and video. views.h says what holds for
 * all. */
#ifndef ES_WEB_VIEWS_MEDIA_H
#define ES_WEB_VIEWS_MEDIA_H

#include "web/views.h"

struct es_view_film { /* an upload that isn't whole */
    const char *name;
    int64_t length, received;
    struct es_url url;  /* of its pieces */
    struct es_url drop; /* POST */
};

struct es_view_media { /* GET /organise/e/{slug}/media */
    struct es_view_frame frame;
    struct es_view_face face;
    bool draft; /* what is shown can't be seen outside yet */
    struct es_url picture, picture_remove, logo, logo_remove, video,
        video_remove, words, poster, poster_remove, captions, captions_remove,
        films; /* POST */
    struct es_view_field given_picture, alt, credit, given_logo, given_video,
        speaker, office, transcript, given_poster, given_captions;
    const struct es_view_choice *langs;
    size_t n_langs;
    const char *film; /* name of the video's file */
    int64_t film_bytes;
    const struct es_view_film *uploads;
    size_t n_uploads;
    int64_t used, quota, left; /* bytes */
};

#endif
