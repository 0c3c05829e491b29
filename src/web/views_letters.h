/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages about messages by mail show. views.h says what holds for all.
 */
#ifndef ES_WEB_VIEWS_LETTERS_H
#define ES_WEB_VIEWS_LETTERS_H

#include "web/views.h"

struct es_view_letter { /* one kind of message */
    const char *value;  /* for the form */
    const char *label, *who;
    struct es_url text;
    bool on, own;
    bool with_days;
    const char *days_id;
    struct es_view_field days;
    int64_t sent, waiting, failed;
};
struct es_view_failed {
    const char *id; /* for the form */
    const char *kind, *why;
    int64_t bib, code; /* code 0: the server said nothing */
    bool waits;        /* for next_ms */
    int64_t next_ms;
};
struct es_view_messages { /* GET /organise/e/{slug}/messages */
    struct es_view_frame frame;
    struct es_url self, again, test; /* POST */
    struct es_url registration;      /* where they can be asked */
    const char *was;                 /* what the switches stood at */
    const struct es_view_letter *rows;
    size_t n;
    const struct es_view_failed *failed;
    size_t n_failed;
    bool mail;  /* this server sends any */
    bool asked; /* the registration asks whether they want them */
    const char *zone;
    struct es_view_field address;
    bool testing;       /* a test is on its way */
    const char *tested; /* what came of it; "" for no test */
    const char *said;   /* the mail server's own words, or "" */
    int64_t tested_ms, code;
};

struct es_view_letter_text {
    const struct es_lang *lang;
    const char *field; /* its name */
    struct es_view_edited words;
    const char *subject, *text; /* as it would read */
};
struct es_view_message { /* GET /organise/e/{slug}/messages/{kind} */
    struct es_view_frame frame;
    struct es_url self, back;
    const char *label, *who, *was;
    int64_t max; /* characters */
    const struct es_view_letter_text *rows;
    size_t n;
};

struct es_view_stop { /* GET /stop/{token} */
    struct es_view_frame frame;
    struct es_url action; /* POST */
    const char *title;
    bool stopped;
};

#endif
