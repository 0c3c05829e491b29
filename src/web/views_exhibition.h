/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of the exhibition show. views.h says what holds for all. */
#ifndef ES_WEB_VIEWS_EXHIBITION_H
#define ES_WEB_VIEWS_EXHIBITION_H

#include "base/limits.h"
#include "store/pictures.h"
#include "web/views.h"

/* One picture as visitors see it. */
struct es_view_shot {
    struct es_url url; /* its own page */
    struct es_url src; /* the smallest size */
    const char *set;   /* all sizes, as srcset has them; "" */
    int64_t w, h;      /* of the largest */
    const char *alt, *caption, *credit, *taken, *place, *warning;
    const char *licence; /* in words */
    struct es_url terms; /* the licence itself; none of most */
};
/* What stands above them. */
struct es_view_above {
    const char *title, *about; /* "" for none */
    const char *lang, *dir;    /* of all its words; dir "": the reader's */
    const char *event;         /* the event's title; "" for none */
    const char *event_lang, *zone;
    int64_t event_ms;
};
struct es_view_exhibition { /* GET /e/{slug}/exhibition */
    struct es_view_frame frame;
    struct es_view_above above;
    const struct es_view_shot *shots;
    size_t n;
    int64_t total; /* that are shown */
    bool one_by_one;
    struct es_url grid, strip; /* this page in each of both ways */
    struct es_url first, previous, next;
    struct es_url play; /* from its first picture on */
    struct es_url edit; /* for who may */
};
struct es_view_picture { /* GET /e/{slug}/exhibition/{picture} */
    struct es_view_frame frame;
    struct es_view_above above;
    struct es_view_shot shot;
    int64_t at, total;
    struct es_url all, previous, next;
    struct es_url play, pause; /* one of both */
    struct es_url edit;        /* for who may */
};

/* ---- the console's ---- */

struct es_view_hung { /* a picture in the list */
    struct es_url edit, src, move;
    int64_t w, h;
    const char *id; /* for the form */
    const char *alt, *caption, *name;
    bool shown, warned;
    bool first, last; /* of all */
};
struct es_view_refused { /* a file that couldn't be taken */
    const char *name, *why;
};
struct es_view_hanging { /* GET and POST /organise/e/{slug}/exhibition */
    struct es_view_frame frame;
    const struct es_view_hung *rows;
    size_t n;
    int64_t total, shown, bytes;
    struct es_url self, bring, page, begin, next;
    const char *after;     /* where this page of the list begins; "" */
    struct es_url lacking; /* the next that waits for its words */
    struct es_view_field pictures;
    const struct es_view_refused *refused;
    size_t n_refused;
    int64_t taken; /* of the files that came with those */
    /* what stands above them */
    const char *was, *own_lang;
    bool words_open;
    struct es_view_edited title, about, lang, occasion;
    const struct es_view_choice *langs, *occasions;
    size_t n_langs, n_occasions;
};
struct es_view_hung_edit { /* GET and POST .../exhibition/{picture} */
    struct es_view_frame frame;
    struct es_url action, all, src, remove, page;
    const char *was, *own_lang, *name;
    int64_t w, h;
    bool shown;
    size_t n_errors;
    struct es_view_edited alt, caption, credit, taken, place, licence, warning;
    struct es_view_choice licences[ES_LICENCES];
};

#endif
