/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages show on which people of staff, sessions and the instance are
 * looked after. views.h says what holds for all. */
#ifndef ES_WEB_VIEWS_STAFF_H
#define ES_WEB_VIEWS_STAFF_H

#include "initiative/own_text.h"
#include "web/views_figures.h"

struct es_view_session {
    const char *id; /* for the form */
    const char *browser, *how;
    int64_t since_ms, seen_ms, fresh_ms;
    bool here; /* the one that asks */
};
struct es_view_sessions { /* GET /me/sessions, /organise/sessions */
    struct es_view_frame frame;
    const struct es_view_session *rows;
    size_t n;
    const char *zone;
    struct es_url back, end; /* end: POST, `session`, "others" for all others */
    struct es_url secrets;   /* POST: a new link and token; participants' */
};

struct es_view_member {
    const char *name, *role;
    const char *account, *role_value; /* for the form */
    int64_t since_ms;
    bool me;
    bool last; /* of those who must not all go */
};
struct es_view_invited {
    const char *id; /* for the form */
    const char *name, *role;
    int64_t expires_ms;
};
struct es_view_staff { /* GET /organise/e/{slug}/staff */
    struct es_view_frame frame;
    const struct es_view_member *rows;
    size_t n;
    const struct es_view_invited *invited;
    size_t n_invited;
    struct es_url end, invite, uninvite; /* POST */
    struct es_view_field name, role;
    const struct es_view_choice *roles;
    size_t n_roles;
    const char *link; /* of the invitation just made; "" for none */
    const char *link_name;
};

/* One line of what an initiative may still lack. */
struct es_view_lacking {
    const char *label;
    struct es_url url; /* where it is mended; none: not by this reader */
    bool done, needed;
};
enum { ES_VIEW_LACKS = 9 };

struct es_view_finish { /* GET /organise/e/{slug}/results */
    struct es_view_frame frame;
    bool final, drawn; /* drawn: there is a version to be corrected */
    int64_t waiting, appeals, last_ms;
    bool running, judging;
    const char *zone;
    struct es_url review, finish, correct; /* finish, correct: POST */
    struct es_view_field why, anyway;
    struct es_url results, csv, own, print;
    const struct es_view_frozen *versions;
    size_t n_versions;
};

struct es_view_console { /* GET /organise/e/{slug} */
    struct es_view_frame frame;
    const char *role; /* of who looks; "" for the operator */
    enum es_view_phase phase;
    bool draft;
    int64_t opens_ms, closes_ms;
    const char *zone;
    struct es_view_total total;
    const char *state; /* in a sentence */
    struct es_view_lacking lacks[ES_VIEW_LACKS];
    size_t n_lacks;           /* only before it is open */
    size_t n_missing;         /* of them that stand in the way */
    struct es_view_plot days; /* what was run */
    struct es_url figures;
    struct es_url stage; /* POST, `do`; of who may */
    bool may_publish, may_withdraw, may_close;
};

struct es_view_invitation { /* GET /invitation/{secret} */
    struct es_view_frame frame;
    struct es_url action;
    const char *role;
    const char *initiative; /* "" for the instance */
    const char *from;       /* who invites */
    const char *as;         /* the account that is signed in here, or "" */
    struct es_view_field name;
};

struct es_view_operated {
    struct es_url url, suspend, resume, quota, adopt, staff;
    const char *id; /* for the form's fields */
    const char *title, *lang, *holder;
    enum es_view_phase phase;
    bool draft;
    const char *owners; /* names; "" for none */
    const char *why;    /* "" unless suspended */
    bool suspended;
    int64_t people;
    struct es_view_field people_max; /* "": as many as come */
    struct es_view_field pause;      /* why */
};
struct es_view_account {
    struct es_url allow, end;
    const char *id;
    const char *name, *roles;
    int64_t may_create, since_ms;
    bool me, operates;
    struct es_view_field may; /* "10" */
};
struct es_view_decision {
    const char *what, *where, *about, *why, *who;
    int64_t at_ms;
};
struct es_view_operate { /* GET /operate */
    struct es_view_frame frame;
    const struct es_view_operated *initiatives;
    size_t n_initiatives;
    const struct es_view_account *accounts;
    size_t n_accounts;
    const struct es_view_invited *invited;
    size_t n_invited;
    const struct es_view_decision *decisions;
    size_t n_decisions;
    struct es_url invite, uninvite, reports, log;
    struct es_view_field name, texts[ES_OWN_TEXTS];
    const char *link, *link_name;
    const char *error; /* above all; "" for none */
};

struct es_view_imprint { /* GET /imprint */
    struct es_view_frame frame;
    const char *text;
};

#endif
