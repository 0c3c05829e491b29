/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages of the programme show. views.h says what holds for all. */
#ifndef ES_WEB_VIEWS_PROGRAMME_H
#define ES_WEB_VIEWS_PROGRAMME_H

#include "base/limits.h"
#include "programme/occasion.h"
#include "web/views_edit.h"

/* A text, its language, and its direction where that isn't the reader's. */
struct es_view_said {
    const char *s, *lang, *dir;
};

struct es_view_event_row {
    struct es_url url;
    struct es_view_said title;
    const char *kind;  /* in words */
    const char *place; /* "" */
    bool online, draft;
    enum es_occasion_when when;
    int64_t starts_ms, ends_ms;
    bool one_day; /* it ends on the day on which it starts */
    const char *zone;
};
struct es_view_event_rows {
    const struct es_view_event_row *v;
    size_t n;
    struct es_url more;
};
struct es_view_programme { /* GET /e/{slug}/programme */
    struct es_view_frame frame;
    const struct es_view_event_row *next; /* NULL: none */
    int64_t left_ms;                      /* until it */
    struct es_view_event_rows now, coming, past;
    bool continued; /* a further page of one of the lists */
    struct es_url first;
    struct es_url calendar, edit; /* edit: for who may */
};

struct es_view_event_item {
    int64_t at_ms; /* ES_NO_TIME: not said */
    bool new_day;  /* another day than the one above */
    const char *title, *who;
};
struct es_view_event_host {
    const char *role, *name; /* role "": as the one above */
    struct es_url url;
};
struct es_view_event_speaker {
    const char *name, *office;
};
struct es_view_event { /* GET /e/{slug}/programme/{event} */
    struct es_view_frame frame;
    struct es_view_event_row row;
    struct es_view_said about;
    int64_t left_ms; /* until it starts, or ends; 0: it is over */
    const char *place, *address;
    struct es_url map;
    struct es_url online;
    const char *online_host; /* of its address */
    bool online_hidden;      /* there is one, for those who take part */
    const struct es_view_event_host *hosts;
    size_t n_hosts;
    const struct es_view_event_speaker *speakers;
    size_t n_speakers;
    const struct es_view_event_item *items;
    size_t n_items;
    const char *own_dir;      /* of the event's own language */
    struct es_view_face face; /* its film, where it belongs here */
    struct es_url recording;
    const char *transcript;
    struct es_url ics, all, edit;
    struct es_url registration; /* where people may register for it */
    bool full, waits;           /* no place is left; there is a list */
    struct es_bytes ld; /* schema.org's data, as JSON that HTML may hold */
};

/* ---- the console's ---- */

struct es_view_programme_list { /* GET /organise/e/{slug}/programme */
    struct es_view_frame frame;
    const struct es_view_event_row *rows;
    size_t n;
    struct es_url add, next, page, feed;
    bool full;            /* no more can be added */
    struct es_url change; /* POST `alone`: whether there is a run besides */
    bool may_be_alone;    /* nobody has joined a run yet */
};

struct es_view_event_text { /* the texts in one of the other languages */
    const char *lang, *dir, *name;
    const char *names[2]; /* of the inputs: title, about */
    struct es_view_edited title, about;
};
struct es_view_event_tab {
    struct es_url url;
    const char *label;
    bool here;
};
/* What stands above each page about one event. */
struct es_view_event_head {
    const char *title; /* "" of a new one */
    const char *lang;
    const char *state;    /* in words */
    struct es_url page;   /* as others see it */
    struct es_url change; /* POST, with `do` */
    bool draft, off, published;
    struct es_view_event_tab tabs[5];
    size_t n_tabs;
};
struct es_view_event_edit { /* GET and POST .../programme/{event}, .../new */
    struct es_view_frame frame;
    struct es_view_event_head head;
    struct es_url action;
    const char *was;
    size_t n_errors;
    const char *lang, *lang_name;
    struct es_view_choice kinds[ES_OCCASION_KINDS];
    struct es_view_edited kind, title, about, when, place, address, map, online,
        registered;
    struct es_view_when starts, ends;
    const char *zone, *zone_error;
    bool zone_listed;
    const char *const *zones;
    size_t n_zones;
    struct es_view_event_text others[ES_LANGS];
    size_t n_others;
};

enum { ES_EVENT_ROWS = 3 }; /* empty ones to write into */
struct es_view_item_row {
    int64_t i;
    const char *date, *time, *title, *who;
    const char *in[ES_LANGS]; /* in the order of es_view_event_people.langs */
};
struct es_view_speaker_row {
    int64_t i;
    const char *name, *office;
    bool can_rise;
};
struct es_view_event_people { /* GET and POST .../programme/{event}/people */
    struct es_view_frame frame;
    struct es_view_event_head head;
    struct es_url action;
    const char *was, *zone, *lang;
    size_t n_errors;
    struct es_view_edited hosts_field, speakers_field, items_field;
    struct es_view_host_row hosts[ES_FACE_HOSTS];
    size_t n_hosts;
    struct es_view_speaker_row speakers[ES_OCCASION_SPEAKERS];
    size_t n_speakers;
    struct es_view_item_row items[ES_OCCASION_ITEMS];
    size_t n_items;
    const char *roles[4];
    const struct es_lang *langs[ES_LANGS];
    size_t n_langs;
    bool one_day; /* on which it takes place: no other is asked for */
};

struct es_view_event_recording { /* .../programme/{event}/recording */
    struct es_view_frame frame;
    struct es_view_event_head head;
    struct es_url action;
    const char *was, *lang;
    size_t n_errors;
    struct es_view_edited film, url, transcript;
    struct es_url media; /* where the video message is uploaded */
    bool has_film;       /* the initiative has one */
};

#endif
