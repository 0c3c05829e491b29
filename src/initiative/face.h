/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How an initiative shows itself: its colour, picture and video, who holds it
 * and where to read on. Kept as the JSON of es_initiative.face; all of it may
 * be absent. */
#ifndef ES_INITIATIVE_FACE_H
#define ES_INITIATIVE_FACE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"

/* The order of the list is the organiser's; the role is said of each. */
enum es_host_role {
    ES_HOST_HOLDER,
    ES_HOST_CO_HOST,
    ES_HOST_SUPPORTER,
    ES_HOST_PARTNER
};

struct es_face_host {
    const char *name, *url; /* url "" or as base/address.h takes it */
    enum es_host_role role;
};
struct es_face_link {
    const char *label, *url;
};
struct es_face_caption {
    const char *lang, *label; /* BCP 47; "Türkçe" */
    int64_t media;
};

/* `media` is the id of a record of the store; 0 says there is none. Texts are
 * in the initiative's language, NFC, cleaned (base/utf8.h), never NULL. */
struct es_face {
    const char *colour; /* "#0b6b5d" or "" */
    struct {
        int64_t media;
        const char *alt;    /* what it shows; "" when it is only decoration */
        const char *credit; /* who made it, for who prints it; "": not said */
    } picture;
    int64_t logo; /* a picture, for who writes about it; 0: none */
    struct {
        int64_t media;
        int64_t poster;               /* a picture; 0: none */
        int64_t duration_s;           /* 0: not known */
        const char *speaker, *office; /* whose words they are */
        const char *transcript;       /* plain text, paragraphs */
        struct es_face_caption captions[ES_FACE_CAPTIONS];
        size_t n_captions;
    } video;
    struct es_face_host hosts[ES_FACE_HOSTS];
    size_t n_hosts;
    struct es_face_link links[ES_FACE_LINKS];
    size_t n_links;
};

/* From the JSON; strings in `a`. Members that aren't known are left out.
 * ES_EMALFORMED names the member in e->msg ("hosts[2].url"), ES_ENOMEM; *out is
 * untouched then. */
ES_MUST_CHECK enum es_code es_face_read(const char *json, struct es_arena *a,
                                        struct es_face *out, struct es_err *e);
/* Appends what es_face_read reads back as the same. */
void es_face_write(const struct es_face *f, struct es_buf *out);

/* Whether the face shows this record: nothing else of the media may be seen. */
bool es_face_shows(const struct es_face *f, int64_t media);

#endif
