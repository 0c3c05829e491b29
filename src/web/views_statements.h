/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages show of people who speak in public, of their bodies and
 * groups, and of what they said. views.h says what holds for all. */
#ifndef ES_WEB_VIEWS_STATEMENTS_H
#define ES_WEB_VIEWS_STATEMENTS_H

#include "base/limits.h"
#include "web/views.h"

/* A name in the language in which there is one; lang "" = the reader's. */
struct es_view_named {
    const char *text, *lang;
};
struct es_view_office {
    struct es_view_named title, body; /* body "": in none */
    const char *country;              /* its name, or "" */
    int64_t from_ms, to_ms;           /* midnights, UTC; ES_NO_TIME: open */
};
struct es_view_speaker {
    struct es_view_named name;
    struct es_url url;      /* what else they said */
    struct es_url portrait; /* none of most */
    int64_t portrait_w, portrait_h;
};
struct es_view_quoted {
    const char *label, *value;
};
struct es_view_wording {
    int64_t version, at_ms;
    const char *words; /* of that version */
    const char *note;  /* what was corrected then; "" of the first */
};

/* A statement as the public reads it. */
struct es_view_statement {
    const char *number; /* its id */
    struct es_url url;
    struct es_view_speaker by;
    struct es_view_office office; /* then held; title "" when none is known */
    bool exact;                   /* word for word; else a summary */
    const char *lang, *lang_name; /* BCP 47; in itself */
    int64_t day_ms;               /* midnight, UTC */
    const char *words;            /* paragraphs: es_paras */
    bool cut;                     /* the beginning of them */
    struct es_view_named event;   /* at which; "" none */
    struct es_url event_url;
    const char *source;
    struct es_url source_url;
    const struct es_view_quoted *figures;
    size_t n_figures;
    const char *figures_from;
    int64_t version, at_ms;             /* of publication */
    const char *note;                   /* of the correction; "" none */
    int64_t approved_ms;                /* day; ES_NO_TIME: not known */
    struct es_url original;             /* that this translates */
    const struct es_view_choice *langs; /* it and its translations */
    size_t n_langs;                     /* 0: there is no other */
    struct es_url beside; /* set beside the chosen ones, or to be chosen */
};

struct es_view_wall { /* GET /e/{slug}/statements */
    struct es_view_frame frame;
    const struct es_view_statement *rows;
    size_t n;
    struct es_url first, next;
    /* Of one speaker: who, and what they hold and held. */
    struct es_view_speaker speaker; /* name "": of all */
    const struct es_view_named *other_names;
    size_t n_other_names;
    const struct es_view_office *offices;
    size_t n_offices;
    struct es_view_named event; /* "": of all; else what was said there */
    struct es_url event_url;
    struct es_url all; /* of all speakers */
    /* Another one is looked for, to stand beside these. */
    const struct es_view_statement *chosen;
    size_t n_chosen;
    struct es_url compare; /* those that are chosen, when they are two */
};

struct es_view_statement_page { /* GET /e/{slug}/statements/{statement} */
    struct es_view_frame frame;
    struct es_view_statement s;
    const struct es_view_wording *earlier;
    size_t n_earlier;
    struct es_url wall, paper; /* paper: none where nothing is drawn */
    const char *embed;         /* for other sites, to copy */
    const char *zone;
};
struct es_view_taken { /* one that was taken back */
    struct es_view_frame frame;
    const char *why;
    int64_t at_ms;
    const char *zone;
    struct es_url wall;
};
enum { ES_BESIDE_MAX = 4 };
struct es_view_compare { /* GET /e/{slug}/statements/compare */
    struct es_view_frame frame;
    struct es_view_statement v[ES_BESIDE_MAX];
    size_t n;
    struct es_url wall, more, paper; /* more: another one beside them */
    bool figures;                    /* there are some */
};
struct es_view_statement_embed { /* GET .../{statement}/embed */
    struct es_view_frame frame;
    struct es_view_statement s;
};

struct es_view_sitting {
    struct es_view_named name, title; /* title "": a member */
    struct es_url url;                /* of a person: what they said */
    int64_t from_ms, to_ms;
    bool now;
};
struct es_view_circle { /* GET /e/{slug}/groups/{group} */
    struct es_view_frame frame;
    struct es_view_named name;
    const struct es_view_sitting *rows; /* those of now first */
    size_t n, n_now;
    struct es_url wall;
};

/* ---- the console ---- */

struct es_view_party_row {
    struct es_view_named name;
    struct es_url page;
    const char *kind; /* of a body; "" */
};
struct es_view_parties { /* GET and POST .../people-and-bodies */
    struct es_view_frame frame;
    struct es_url self;
    const char *what; /* "person", "body", "group" */
    const struct es_view_choice *tabs;
    size_t n_tabs;
    const struct es_view_party_row *rows;
    size_t n;
    struct es_url first, next;
    struct es_view_field name;
    struct es_view_choice langs[ES_LANGS];
    const struct es_view_choice *kinds;
    size_t n_kinds;
    struct es_url statements;
};
struct es_view_name_field {
    const char *field, *label, *lang, *dir;
    struct es_view_edited value;
};
struct es_view_seat_row {
    struct es_view_office office;
    struct es_view_named who; /* where the page isn't the sitter's */
    struct es_url change, remove;
};
struct es_view_seat_form {
    struct es_url action, cancel; /* cancel: when one is changed */
    const char *seat;             /* id, "" a new one */
    struct es_view_name_field titles[ES_LANGS];
    const struct es_view_choice *who; /* in a group */
    size_t n_who;
    const struct es_view_choice *bodies;
    size_t n_bodies;
    struct es_view_field of, party, title, country, from, to;
};
struct es_view_party { /* GET and POST .../people-and-bodies/{party} */
    struct es_view_frame frame;
    struct es_url action, list, remove;
    struct es_url page; /* the public's */
    const char *was;
    const char *what, *title;
    size_t n_errors;
    struct es_view_name_field names[ES_LANGS + 1]; /* the last: their own */
    const char *own_lang;
    const struct es_view_choice *langs; /* for the last */
    size_t n_langs;
    const char *name_error;
    const struct es_view_choice *kinds;
    size_t n_kinds;
    struct es_view_speaker speaker;
    struct es_view_field portrait;
    const struct es_view_seat_row *seats;
    size_t n_seats;
    struct es_view_seat_form seat;
    const char *held; /* why it can't be removed; "" */
};

struct es_view_draft_row {
    const char *number;
    struct es_url page;
    struct es_view_named speaker; /* "" not known */
    const char *beginning, *lang;
    const char *state; /* in words */
    const char *tone;  /* "accepted", "review", "refused", "" */
    int64_t day_ms;    /* ES_NO_TIME: not said */
};
struct es_view_drafts { /* GET .../statements */
    struct es_view_frame frame;
    const struct es_view_choice *tabs;
    size_t n_tabs;
    const struct es_view_draft_row *rows;
    size_t n;
    struct es_url write, wall, people, first, next;
};
struct es_view_statement_step {
    const char *what;       /* in words */
    const char *who;        /* "" the machine's owner */
    const char *name, *how; /* of an approval */
    int64_t day_ms;         /* of it; ES_NO_TIME */
    bool own;               /* noted by who wrote it */
    const char *words;
    int64_t at_ms;
};
struct es_view_write { /* GET and POST .../statements/{statement} */
    struct es_view_frame frame;
    struct es_url action, list, people;
    const char *was, *edition;
    size_t n_errors;
    bool fresh;         /* nothing of it is kept yet */
    const char *number; /* "" fresh */
    const char *state, *tone;
    int64_t version;
    struct es_url page; /* the public's */
    struct es_view_edited speaker, office, lang, day, words, source, source_url,
        figures, figures_from, event;
    bool exact;
    const char *of; /* id of what it translates, "" none */
    const char *of_error;
    struct es_view_named of_name;
    const struct es_view_choice *speakers, *offices, *langs, *events;
    size_t n_speakers, n_offices, n_langs,
        n_events;              /* n_offices 0: no choice */
    struct es_view_named held; /* the office then held, as it follows */
    /* What can be done now; no address: not now. */
    struct es_url approve, publish, take, remove, translate;
    bool mine; /* who looks wrote it */
    struct es_view_field approve_name, approve_day, own, note, why;
    const struct es_view_choice *hows;
    size_t n_hows;
    const char *how_error;
    const struct es_view_statement_step *steps;
    size_t n_steps;
    const char *zone;
};

#endif
