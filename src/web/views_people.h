/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages show on which people come to an initiative, change what they
 * gave, and are looked after. views.h says what holds for all. */
#ifndef ES_WEB_VIEWS_PEOPLE_H
#define ES_WEB_VIEWS_PEOPLE_H

#include "initiative/settings.h"
#include "web/views.h"

/* The fields about oneself, whoever fills them in. */
struct es_view_about {
    struct es_view_field display_name, country, team, team_code, category,
        birth_year, age_group, guardian_contact, email, visibility;
    struct es_settings asked;
    const struct es_view_choice *categories, *teams, *ages;
    size_t n_categories, n_teams, n_ages; /* 0: no such field */
    bool codes;                           /* there are teams with a code */
    const char *team_name;                /* of who is in one; "" */
    bool young; /* a guardian is needed: the field is shown open */
    bool mail;  /* mail can be sent */
    const struct es_view_consent *consents;
    size_t n_consents;
};

struct es_view_join { /* GET and POST /e/{slug}/join */
    struct es_view_frame frame;
    struct es_url action;
    size_t n_errors; /* 0: shown for the first time */
    struct es_view_about about;
    bool waits;        /* all places are taken: who registers now waits */
    int64_t left;      /* places; -1: as many as come */
    int64_t closes_ms; /* of registration; 0: not set */
    const char *zone;
};

struct es_view_qr {
    int side; /* 0: none */
    const char *path;
};
struct es_view_joined { /* the answer to a good POST, shown once */
    struct es_view_frame frame;
    const char *name;
    int64_t bib;
    const char *link; /* the whole personal address, to keep */
    struct es_url link_url;
    const char *token; /* for programs */
    struct es_view_qr qr;
    int64_t waits; /* how many are before them, and they; 0: they have a place
                    */
    bool guardian_asked;
    struct es_url recorder; /* records with this phone; none: it can't,
                               or nothing counts now */
};

struct es_view_details { /* GET and POST /me/details */
    struct es_view_frame frame;
    struct es_url action, leave, data, me;
    size_t n_errors;
    struct es_view_about about;
};
struct es_view_leave { /* GET /me/leave */
    struct es_view_frame frame;
    struct es_url action, data, me;
    int64_t dist_mm, runs;
    bool unsure; /* the box was not ticked */
    bool frozen; /* results with the names of then are out */
};
struct es_view_in_line { /* GET /me of who waits for a place */
    struct es_view_frame frame;
    const char *name;
    int64_t bib;
    int64_t place; /* 1: next */
    struct es_url details, leave, sign_out;
};

/* A select of whether something is asked for. */
struct es_view_asking {
    const char *field, *label;
    struct es_view_field value; /* "0", "1", "2" */
};
struct es_view_purpose {
    const char *n; /* of its fields: "purpose_0", "text_0", ... */
    const char *purpose, *version;
    struct es_view_field text, url;
    bool required;
};
struct es_view_registration { /* GET, POST /organise/e/{slug}/registration */
    struct es_view_frame frame;
    struct es_url self;
    const char *version;
    size_t n_errors;
    struct es_view_asking asks[ES_ASKINGS];
    struct es_view_field age_as, ages, consent_age, capacity, closes_date,
        closes_time, team_min;
    bool age_group, waiting, teams_by_all;
    const struct es_view_purpose *purposes;
    size_t n_purposes;
    bool offer_mail, by_mail; /* to ask for what isn't asked yet, and ticked */
    int64_t placed, waits;
    const char *zone;
    struct es_url form; /* as visitors see it */
};

struct es_view_found { /* a person in a list of staff's */
    struct es_url url;
    const char *name, *country, *team, *state; /* state "" for who is in */
    int64_t bib, since_ms;
};
struct es_view_people { /* GET /organise/e/{slug}/people */
    struct es_view_frame frame;
    struct es_url self, first, next, groups;
    const char *asked; /* or "" */
    const struct es_view_found *rows;
    size_t n;
    bool more;
    int64_t placed, waits;
    const char *zone;
};
struct es_view_agreed {
    const char *label, *version;
    bool old; /* another version stands now */
};
struct es_view_someone { /* GET /organise/e/{slug}/people/{bib} */
    struct es_view_frame frame;
    struct es_url link, hide, move, remove, back, page;
    const char *name, *shown, *country, *team, *category, *age, *mail,
        *guardian, *guardian_contact, *state;
    int64_t bib, since_ms;
    bool hidden; /* by staff */
    const char *zone;
    const struct es_view_agreed *agreed;
    size_t n_agreed;
    const struct es_view_run *runs;
    size_t n_runs;
    struct es_url older;
    const struct es_view_choice *teams;
    size_t n_teams;
    struct es_view_field why_hide, why_remove;
    const char *new_link; /* shown once; "" */
    struct es_view_qr qr;
};

enum es_view_answer {
    ES_VIEW_GUARDIAN_ASKED,
    ES_VIEW_GUARDIAN_AGREED,
    ES_VIEW_GUARDIAN_REFUSED
};
struct es_view_guardian { /* GET /guardian/{token} */
    struct es_view_frame frame;
    struct es_url action, about;
    const char *title; /* of the initiative */
    int64_t bib;
    enum es_view_answer answer;
};

struct es_view_mate {
    const char *name, *bib;
    bool captain, me;
};
struct es_view_my_team { /* GET /me/team */
    struct es_view_frame frame;
    struct es_url self, change, remove, leave, make, join, page, me;
    const char *name;   /* "" for who is in none */
    const char *code;   /* of who may pass it on; "" */
    const char *invite; /* the whole address that leads in; "" */
    struct es_view_qr qr;
    bool open, captain;
    bool makes; /* participants make teams here */
    struct es_view_field name_field;
    const struct es_view_mate *mates;
    size_t n_mates;
    struct es_url next;
};

struct es_view_team_row {
    struct es_url change, page;
    const char *id, *name, *code, *captain; /* captain: a bib; "" for none */
    bool open;
    int64_t members;
};
struct es_view_teams { /* GET /organise/e/{slug}/teams */
    struct es_view_frame frame;
    struct es_url make, first, next;
    struct es_view_field name;
    const char *error; /* of a change; "" for none */
    const struct es_view_team_row *rows;
    size_t n;
};

#endif
