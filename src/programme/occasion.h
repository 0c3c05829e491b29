/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an event of the programme says beside its time: kept as the JSON of
 * es_occasion.body. Texts are in es_occasion.lang unless they say in which;
 * NFC, cleaned (base/utf8.h), never NULL. */
#ifndef ES_PROGRAMME_OCCASION_H
#define ES_PROGRAMME_OCCASION_H

#include "i18n/i18n.h"
#include "initiative/face.h"
#include "store/programme.h"

/* In another language; "" is what isn't translated. */
struct es_occasion_text {
    const char *title;
    const char *about; /* Markdown (html/markdown.h) */
};

struct es_occasion_speaker {
    int64_t person; /* a record of that initiative's people; 0: none */
    const char *name, *office; /* of one who has no record, or as told here */
};

/* A part of its order of the day. */
struct es_occasion_item {
    int64_t at_ms; /* ES_NO_TIME: not said; else not before the one above */
    const char *title;
    const char *in[ES_LANGS]; /* the title, by es_lang.index */
    const char *who;
};

struct es_occasion_body {
    const char *about;                    /* Markdown */
    struct es_occasion_text in[ES_LANGS]; /* by es_lang.index */
    struct {
        const char *name, *address;
        const char *map; /* a page that shows where; base/address.h */
    } place;
    struct {
        const char *url; /* base/address.h; "" when it isn't online */
        bool registered; /* shown to those who take part alone */
    } online;
    struct es_face_host hosts[ES_FACE_HOSTS]; /* in the organiser's order */
    size_t n_hosts;
    struct es_occasion_speaker speakers[ES_OCCASION_SPEAKERS];
    size_t n_speakers;
    struct es_occasion_item items[ES_OCCASION_ITEMS];
    size_t n_items;
    struct {
        bool film;       /* the initiative's video message belongs here */
        const char *url; /* of a recording that lies elsewhere */
        const char *transcript; /* plain text, paragraphs */
    } recording;
};

/* Empty: what a new one has. */
struct es_occasion_body es_occasion_body_none(void);
/* From the JSON; strings in `a`. Members and languages that aren't known are
 * left out. ES_EMALFORMED names the member in e->msg ("items[2].title"),
 * ES_ENOMEM; *out is untouched then. */
ES_MUST_CHECK enum es_code es_occasion_read(const char *json,
                                            struct es_arena *a,
                                            struct es_occasion_body *out,
                                            struct es_err *e);
/* Appends what es_occasion_read reads back as the same. */
void es_occasion_write(const struct es_occasion_body *v, struct es_buf *b);

/* ---- for a reader ---- */

/* Its texts for a reader of that language: each in it where there is one, in
 * its own else; *_lang says in which. Borrowed. */
struct es_occasion_told {
    const char *title, *title_lang;
    const char *about, *about_lang;
};
struct es_occasion_told es_occasion_tell(const struct es_occasion *o,
                                         const struct es_occasion_body *b,
                                         const struct es_lang *reader);
const char *es_occasion_item_told(const struct es_occasion_item *i,
                                  const struct es_lang *reader);

/* Where it stands at a moment. One that is called off is only that. */
enum es_occasion_when {
    ES_OCCASION_AHEAD,
    ES_OCCASION_RUNS,
    ES_OCCASION_OVER,
    ES_OCCASION_CALLED_OFF
};
enum es_occasion_when es_occasion_when(const struct es_occasion *o,
                                       int64_t now_ms);

#endif
