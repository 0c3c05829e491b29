/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of the press show. views.h says what holds for all. */
#ifndef ES_WEB_VIEWS_PRESS_H
#define ES_WEB_VIEWS_PRESS_H

#include "web/views_edit.h"

struct es_view_release_in { /* a release in one language */
    const char *tag, *name; /* of the language, in itself */
    struct es_url url;
    struct es_url whole; /* the same with our origin */
    bool here;           /* on its page: this one */
    /* For who writes it: */
    bool approved, public;
    const char *writer;
    int64_t written_ms;
};
struct es_view_released { /* a row of a list */
    struct es_url url;
    const char *title, *lang, *dir;
    const char *place;
    int64_t at_ms; /* 0: no time is set */
    bool out;      /* its time has come */
    const struct es_view_release_in *in;
    size_t n_in;
    size_t n_public; /* of them; for who writes */
};
struct es_view_covered { /* what somebody else wrote */
    const char *publisher, *title, *lang, *dir, *said_in;
    struct es_url url;
    int64_t day_ms;
    struct es_url drop; /* POST; for staff */
};

struct es_view_press { /* GET /e/{slug}/press */
    struct es_view_frame frame;
    const struct es_view_released *rows;
    size_t n;
    struct es_url next;
    const struct es_view_covered *covered;
    size_t n_covered;
    struct es_url atom, json, kit;
    const char *zone;
};

struct es_view_release { /* GET /e/{slug}/press/{release}/{lang} */
    struct es_view_frame frame;
    const char *title, *lang, *dir;
    const struct es_lang *said; /* in which its own heads are */
    const char *line;           /* of place and date */
    const char *body, *notes, *contact;
    const char *ask; /* the head over the contact */
    const struct es_view_release_in *in;
    size_t n_in;
    struct es_url canonical, atom, json, all, kit, paper;
    const char *description;
};

struct es_view_press_edit { /* GET and POST /organise/e/{slug}/press */
    struct es_view_frame frame;
    bool alone;                /* nobody else could approve */
    struct es_url invite;      /* where others are invited, for who may */
    struct es_url make, cover; /* POST */
    struct es_view_field title, lang;
    const struct es_view_choice *langs;
    size_t n_langs;
    const struct es_view_released *rows;
    size_t n;
    struct es_url next;
    const struct es_view_covered *covered;
    size_t n_covered;
    struct es_view_field publisher, headline, url, day, said_in;
    const struct es_view_choice *said_langs;
    struct es_url page, kit;
    const char *zone;
};

struct es_view_release_edit { /* GET /organise/e/{slug}/press/{release} */
    struct es_view_frame frame;
    const char *title, *dir, *lang;
    struct es_url all, timed; /* timed: POST */
    int64_t at_ms;            /* 0: not set */
    bool out;                 /* its time has come */
    struct es_view_when at;
    const struct es_view_release_in *in;
    size_t n_in, n_public;
    const struct es_view_more *others; /* languages that it isn't in */
    size_t n_others;
    const char *zone;
};

struct es_view_release_text { /* GET .../press/{release}/{lang} */
    struct es_view_frame frame;
    struct es_url self, up, approve, reopen, remove, page, invite;
    const char *lang, *dir, *name; /* of the language */
    const char *was, *edition;
    bool is_new, approved, public, mine, alone;
    struct es_view_edited title, place, body, notes, contact;
    const char *lacks; /* what it can't be approved without; NULL: nothing */
    const char *writer, *approver;
    int64_t written_ms, approved_ms;
    struct es_view_release shown; /* as it would read */
    const char *zone;
};

#endif
