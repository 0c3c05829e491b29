/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What each page shows: plain structs that a handler fills and a page of
 * pages/ reads. Everything is borrowed, from the request's arena mostly.
 *
 * const char * is never NULL ("" when there is nothing) unless a line says
 * so; a struct es_url in the zero state means "not offered". Distances are
 * millimetres, durations milliseconds, times UTC milliseconds; ES_NO_FIGURE
 * (ES_NO_TIME) is what isn't known. Messages are in the reader's language. */
#ifndef ES_WEB_VIEWS_H
#define ES_WEB_VIEWS_H

#include "html/out.h"
#include "html/palette.h"

/* ---- what stands around every page ---- */

/* What a page looks like where its address is posted (ogp.me). Addresses are
 * absolute. */
struct es_view_og {
    const char *title, *description;
    const char *url;
    const char *image; /* 1200 x 630; "": none */
    const char *locale;
    struct es_url canonical;    /* without a language */
    struct es_url in[ES_LANGS]; /* by the index of es_lang_at */
};

struct es_view_entry { /* of the console's navigation */
    struct es_url url;
    const char *label;
    bool here;
};
struct es_view_frame {
    struct es_url here; /* this page with its query, without lang */
    /* A page that holds what was entered: in another language it is the form
     * "resend" of that page, posted here again. None: by `here`. */
    struct es_url resend;
    /* The initiative this page belongs to; title "" and no address else. */
    const char *title;
    const char *title_lang; /* language of the title, "" = the reader's */
    struct es_url initiative, board, join;
    struct es_url me;     /* the personal page, when signed in */
    struct es_url review; /* the organiser's page, when signed in as one */
    const struct es_view_entry *console; /* its staff's pages, for them */
    size_t n_console;
    const char *csrf;      /* hidden field of every form; "" without forms */
    const char *notice;    /* a sentence above the page: what just happened */
    struct es_url imprint; /* who runs the server, when that is said */
    struct es_url report;  /* where something on this page is reported */
    bool insecure;   /* http off loopback: say that recording needs https */
    bool index;      /* search engines may list it */
    bool mail;       /* a link can be sent to who lost theirs */
    bool whole;      /* the sheet stands in the page: one round trip */
    bool kept;       /* as a file: nothing in it needs a server */
    bool alone;      /* its programme is all there is: nobody runs */
    unsigned not_in; /* languages without it: 1 << es_lang.index */
    const struct es_view_og *og; /* NULL: nothing to be posted */
    const char *colours;         /* rules for after the sheet; NULL: its own */
};

/* ---- pieces ---- */

/* One field of a form: what was entered, and what is wrong with it. */
struct es_view_field {
    const char *value;
    const char *error; /* NULL: nothing */
};
/* One that several may write into at once. */
struct es_view_edited {
    const char *value, *error;
    const char *theirs; /* what somebody else wrote meanwhile; NULL: nothing */
};

struct es_view_total {
    int64_t dist_mm, goal_mm; /* goal 0: none */
    int64_t participants, runs;
};

/* How a run reached us, or the weakest of what stands in a row; words:
 * es_words_from. */
enum es_view_from { /* the numbers of enum es_provenance */
                    ES_VIEW_FROM_NOWHERE,
                    ES_VIEW_FROM_LIVE,
                    ES_VIEW_FROM_DEVICE,
                    ES_VIEW_FROM_REEXPORT,
                    ES_VIEW_FROM_TYPED
};

struct es_view_arrival {
    const char *name;    /* as the person shows it */
    const char *country; /* alpha-2 or "" */
    int64_t dist_mm;
    enum es_view_from from;
};

struct es_view_choice { /* of a select or of tabs */
    const char *value, *label;
    bool chosen;
    struct es_url url; /* tabs only */
};

enum es_view_phase { ES_PHASE_SOON, ES_PHASE_OPEN, ES_PHASE_OVER };

struct es_view_standing {
    int64_t rank; /* 0: stands nowhere */
    const char *name;
    const char *country; /* alpha-2 or "" */
    int64_t dist_mm, time_ms, runs;
    int64_t bib;            /* persons, else 0 */
    int64_t members;        /* teams and countries, else 0 */
    enum es_view_from from; /* the weakest among its runs */
    int64_t from_mm;        /* of dist_mm */
    int64_t width;          /* 0..100, of the leader's: for the bar */
    struct es_url url;      /* the page of a person or team */
    bool mine;
};

/* A neighbour in the standings. */
struct es_view_near {
    struct es_view_standing s;
    int64_t gap_mm;   /* how much more, or less, than mine: never below 0 */
    int64_t at, size; /* its bar; mine is a line at 500 */
    bool ahead;
};

enum es_view_status { /* of a run; the numbers of enum es_run_status */
                      ES_VIEW_ACCEPTED,
                      ES_VIEW_IN_REVIEW,
                      ES_VIEW_REFUSED,
                      ES_VIEW_WITHDRAWN
};
enum es_view_effect {
    ES_VIEW_NOTE,
    ES_VIEW_CUT,
    ES_VIEW_REVIEW,
    ES_VIEW_REFUSE
};

/* A reason; words by code (web/words.h), the English message else. */
struct es_view_finding {
    const char *code, *message;
    double value, limit; /* NAN: none */
    double from_s, to_s; /* NAN: the whole run */
    enum es_view_effect effect;
};

/* Charts' axes run in thousandths: x from where a line of text starts, y from
 * the top. web/charts.h makes them. */
struct es_view_tick {
    int64_t v, at;
};
struct es_view_spot {
    int32_t x, y;
    bool piece; /* not joined to the one before */
};
enum { ES_TICKS_MAX = 8 };
/* Something over the distance of a run. */
struct es_view_line {
    const struct es_view_spot *v;
    size_t n;                             /* 0: nothing to draw */
    struct es_view_tick xs[ES_TICKS_MAX]; /* mm */
    struct es_view_tick ys[ES_TICKS_MAX]; /* ms a unit, or mm of height; from
                                             the top, at even steps */
    size_t n_xs, n_ys;
    int64_t least, most; /* of what is drawn, as ys */
    int64_t mean_at;     /* the mean's y; ES_NO_FIGURE: none */
};
/* The line of a route, where its owner shows it: north up, in no scale. */
struct es_view_shape {
    const struct es_view_spot *v;
    size_t n; /* 0: not shown */
    int64_t wide, high;
};
struct es_view_stretch {
    int64_t upto_mm, so_far_ms, dist_mm, time_ms;
    double alt_m; /* at its end; NAN: not known, or not to be shown */
};
struct es_view_split {
    int64_t dist_mm, time_ms;
    int64_t upto_mm;  /* from the start to its end */
    int64_t at, size; /* its bar; the mean stands at 500 */
    bool faster;      /* than the mean */
    bool fastest;
};
struct es_view_bar {
    int64_t from_ms, dist_mm;
    int64_t at, wide, high;
};
struct es_view_days {
    const struct es_view_bar *v;
    size_t n;                             /* 0: nothing to draw */
    int64_t days;                         /* that a bar stands for: 1, 7, 28 */
    struct es_view_tick ys[ES_TICKS_MAX]; /* mm, from the top */
    size_t n_ys;
    int64_t most;   /* index of the highest bar */
    int64_t active; /* bars that aren't empty */
};
struct es_view_best {
    const char *name; /* measure.h's: "5km" */
    int64_t dist_mm, time_ms;
    int64_t error_ms; /* ES_NO_FIGURE: not known, or too little to say */
};

/* How a run's distance came about, for its owner. */
struct es_view_measured {
    const char *why;   /* measure.h's: "agrees"; NULL: nothing to tell */
    int64_t device_mm; /* what the device says; ES_NO_FIGURE: nothing */
    double err_m;      /* give or take; NAN: not known */
    double bridged_m;  /* where the signal was lost; NAN: too little to say */
    bool rough_heights;
};

/* The small drawing where there is nothing to show yet. */
enum es_view_blank {
    ES_BLANK_RUN,
    ES_BLANK_SEARCH,
    ES_BLANK_PEOPLE,
    ES_BLANK_DONE
};

/* Who holds an initiative, in the organiser's order. */
enum es_view_role { /* the numbers of enum es_host_role */
                    ES_VIEW_HOLDER,
                    ES_VIEW_CO_HOST,
                    ES_VIEW_SUPPORTER,
                    ES_VIEW_PARTNER
};
struct es_view_host {
    const char *name;
    enum es_view_role role; /* words: es_words_role */
    struct es_url url;      /* their own page, or none */
};
struct es_view_more { /* where to read on */
    const char *label;
    struct es_url url;
};
struct es_view_caption { /* of a video */
    const char *lang, *label;
    struct es_url url;
    bool chosen; /* in the reader's language */
};
/* How an initiative shows itself; texts are in its language. No picture, no
 * video: no address. */
struct es_view_face {
    const char *colour;      /* "#0b6b5d", "" = ours */
    struct es_url picture;   /* wide; may be cut to any shape */
    const char *picture_alt; /* "": only decoration */
    const char *picture_set; /* its sizes, as srcset has them; "": one */
    int64_t picture_w, picture_h;
    struct es_url logo;   /* for the press */
    struct es_url video;  /* 16:9 */
    struct es_url poster; /* what stands there before it plays */
    const char *speaker, *office, *transcript; /* paragraphs: es_paras */
    const struct es_view_caption *captions;
    size_t n_captions;
    const struct es_view_host *hosts;
    size_t n_hosts;
    const struct es_view_more *links;
    size_t n_links;
};

/* A virtual route as a drawing, north up, and how far the total has come. */
struct es_view_place {
    const char *name;
    int64_t x, y;
    bool passed, left; /* its name stands to the left of it */
};
struct es_view_way {
    size_t n; /* 0: there is none */
    const struct es_view_spot *line, *done;
    size_t n_done; /* of done: the last is where the total is */
    const struct es_view_place *places;
    size_t n_places;
    int64_t wide, high;
    const char *from, *to; /* between which it is; "" for a nameless end */
    int64_t to_go_mm, left_mm, length_mm; /* to `to`; to the end; in all */
    bool there;
};

/* One run as its owner, the public or the organiser sees it. */
struct es_view_run {
    const char *code;
    struct es_url url;     /* the public result */
    struct es_url receipt; /* the owner's page of it */
    enum es_view_status status;
    enum es_view_from from;
    bool typed;            /* entered by hand, else from a file */
    const char *file_name; /* "" when typed */
    const char *sport;     /* FIT's name, snake case */
    const char *format;    /* "fit", "gpx", "tcx", "" */
    const char *device, *note;
    int64_t started_ms, received_ms;
    int64_t dist_mm, counted_mm; /* measured or typed; what counts */
    int64_t elapsed_ms, moving_ms;
    double gain_m;
    const struct es_view_finding *findings;
    size_t n_findings;
    const struct es_view_split *splits; /* a kilometre each, or a mile */
    size_t n_splits;
    const struct es_view_split *fives; /* of a long run: five together */
    size_t n_fives;
    struct es_view_line pace;
    struct es_view_line heights; /* the owner's alone */
    const struct es_view_stretch *stretches;
    size_t n_stretches;
    struct es_view_shape shape;
    const struct es_view_best *bests;
    size_t n_bests;
    struct es_view_measured measured;
};

/* The picture of a run, a person, a team or an initiative, and its address, to
 * pass on. No card: no picture is offered. */
struct es_view_share {
    struct es_url card;                /* square, shown small */
    struct es_url wide, square, story; /* to keep as a file */
    struct es_url paper;               /* a certificate; none: not offered */
    struct es_url link;                /* absolute */
    const char *title;                 /* a line for what it is passed on to */
    bool kept; /* with the page, as files: there is nothing to pass on */
};

/* ---- pages ---- */

struct es_view_listed {
    bool alone;           /* as es_view_frame */
    struct es_url url;    /* the console's for who organises */
    const char *role;     /* what they are there; "" else */
    struct es_url review; /* its queue, for who may */
    int64_t waiting;      /* runs in it */
    const char *title, *holder, *lang, *zone;
    enum es_view_phase phase;
    int64_t opens_ms, closes_ms;
    struct es_view_total total;
};
struct es_view_home { /* GET / */
    struct es_view_frame frame;
    const struct es_view_listed *rows;
    size_t n;
};

/* A few sentences of the rules, and where all of them stand. */
struct es_view_rules_short {
    const char *const *says;
    size_t n;
    struct es_url all;
};

/* The event of the programme that runs, or comes next; title NULL: none. */
struct es_view_next {
    struct es_url url;
    const char *title, *lang, *zone;
    int64_t starts_ms;
};

struct es_view_initiative { /* GET /e/{slug} */
    struct es_view_frame frame;
    const char *title, *purpose, *holder, *contact, *lang, *zone;
    enum es_view_phase phase;
    int64_t opens_ms, closes_ms;
    int64_t left_ms; /* until it opens or closes; 0 when it is over */
    struct es_view_total total;
    struct es_view_face face;
    const char *purpose_lang;            /* where it isn't in `lang` */
    const char *purpose_dir, *title_dir; /* "" where it is the reader's */
    struct es_view_way way;
    const struct es_view_arrival *arrivals; /* newest first */
    size_t n_arrivals;
    const struct es_view_standing *top; /* the first few persons */
    size_t n_top;
    struct es_view_rules_short rules;
    struct es_url programme; /* where it has one */
    struct es_view_next next;
    struct es_url live;          /* the event stream */
    struct es_url sign_in;       /* for who isn't */
    struct es_url recorder;      /* records with a phone; none: it can't */
    int64_t runners, runners_mm; /* who run now and chose to be counted */
    struct es_url press;         /* when something is published there */
    struct es_url said;          /* where there are statements to read */
    struct es_url hung; /* the exhibition, when something hangs there */
    struct es_view_share share;
    struct es_view_days days; /* since it opened, or the last 366 */
    const char *embed;        /* for other sites, to copy; "": not offered */
};

struct es_view_embed { /* GET /e/{slug}/embed */
    struct es_view_frame frame;
    enum es_view_phase phase;
    struct es_view_total total;
    const struct es_view_standing *top; /* the first few persons */
    size_t n_top;
};

struct es_view_consent {
    const char *field; /* the form's name: "consent_" and the purpose */
    const char *version;
    const char *label; /* in words */
    struct es_url url; /* the text, when there is one */
    bool required, given;
    bool changed;      /* they agreed to an earlier text */
    const char *error; /* NULL: nothing */
};

struct es_view_link { /* GET /p/{secret} and /setup/{secret} */
    struct es_view_frame frame;
    struct es_url action;
    const char *name; /* whose page it opens; "" for who has no account yet */
    bool organiser;
    bool ask_name; /* the account has none yet */
    struct es_view_field given;
};
struct es_view_enter { /* who isn't signed in is told how to get in */
    struct es_view_frame frame;
    const char *sample; /* what a personal link begins with */
};

/* The two ways to add a run; field names are those of the values. */
/* What of the rules a browser needs to say what they make of a file. */
struct es_view_foresee {
    const char *sports;          /* their names, "running walking"; "": all */
    bool local;                  /* opens and closes are those of walls */
    int64_t opens_ms, closes_ms; /* a run begins from here to before here */
    int64_t last_ms;             /* and is handed in until then */
    int64_t run_mm, day_mm;      /* what counts at most; 0: no such rule */
    int64_t long_mm, pace_ms;    /* from which a person looks; 0: none */
    const char *indoors;         /* what becomes of runs without positions:
                                    "counts", "picture", "person", "never" */
    const char *time;            /* that counts: "elapsed" "timer" "moving" */
};
struct es_view_add {
    struct es_url upload, typed; /* where each form goes */
    struct es_view_rules_short rules;
    const char *zone;
    struct es_view_field files;
    struct es_view_field date, time, distance, duration, sport, note, picture;
    enum es_units units; /* of the distance */
    bool typed_open;     /* the second form is unfolded */
    struct es_view_foresee foresee;
};
struct es_view_me { /* GET /me */
    struct es_view_frame frame;
    const char *name, *team;
    int64_t bib;
    enum es_view_phase phase;
    int64_t opens_ms;
    int64_t dist_mm, time_ms, n_accepted;
    int64_t rank; /* 0: hidden or nothing run yet */
    bool hidden;
    /* Where people of staff took the name down: what stands instead, why, when
     * and whom to answer; taken "" else. */
    const char *taken, *taken_why, *contact;
    int64_t taken_ms;
    const struct es_view_near *near;
    size_t n_near;
    const struct es_view_near *next; /* who is next to be passed; NULL: none */
    struct es_view_days days;
    struct es_view_add add;
    const struct es_view_run *runs; /* newest first */
    size_t n_runs;
    struct es_url older;
    struct es_url sign_out; /* POST */
    struct es_url recorder; /* records with this phone; none: it can't */
};

struct es_view_step; /* views_review.h */

/* What became of one file or of a typed-in run. */
struct es_view_receipt {
    const char *file_name; /* "" when typed in */
    const char *error;     /* NULL: there is a run; else what is wrong */
    int64_t error_at;      /* byte offset, or ES_NO_FIGURE */
    bool repeated;         /* the same bytes were here already */
    struct es_view_run run;
    struct es_url withdraw, appeal,
        answer;                 /* POST; offered where they make sense */
    struct es_view_field words; /* of an appeal or an answer that has a slip */
    const struct es_view_step *steps; /* what has happened */
    size_t n_steps;
    bool appealed;       /* somebody else than who refused it decides */
    bool final;          /* that has been decided, too */
    bool by_staff;       /* a person refused it, so a person decides again */
    struct es_url route; /* POST, with `show` 1 or 0 */
    const char *route_answer; /* why it isn't shown now; NULL: wasn't asked */
    struct es_url picture;    /* the evidence; none of most */
    struct es_url file;       /* as it was handed in; none of what was typed */
    int64_t picture_w, picture_h;
    /* Several activities in one file: which is meant? No run then. */
    const struct es_view_activity *activities;
    size_t n_activities;
    struct es_url choose; /* POST with `activity`, and the file again */
};
struct es_view_activity {
    int64_t index; /* what the form sends */
    const char *member, *sport;
    int64_t started_ms, dist_mm, elapsed_ms;
};
struct es_view_receipts { /* after an upload; GET /me/runs/{run} with n = 1 */
    struct es_view_frame frame;
    const char *zone;
    const struct es_view_receipt *rows;
    size_t n;
    int64_t total_mm;           /* of this person, now */
    struct es_view_share share; /* of the only one, when it counts */
};

/* Where the reader stands, when the page doesn't show it anyway. */
enum es_view_me_place {
    ES_VIEW_ME_ELSE,   /* not a participant, or a row of this page */
    ES_VIEW_ME_STANDS, /* on another page */
    ES_VIEW_ME_WAITS,  /* nothing run yet */
    ES_VIEW_ME_HIDDEN  /* counts and stands nowhere, as they chose */
};
struct es_view_board { /* GET /e/{slug}/leaderboard */
    struct es_view_frame frame;
    const char *by;          /* "person", "team", "country" */
    const char *metric;      /* "distance", "time"; "best": over the category */
    const char *category;    /* the chosen one, or "" */
    bool timed;              /* there are best times to be shown */
    bool final;              /* the results stand: no longer a running order */
    bool over;               /* runs no longer start */
    int64_t version;         /* of the results that were frozen last; 0: none */
    struct es_url results;   /* about them; not for the embed */
    struct es_url by_url[3]; /* person, team, country */
    const struct es_view_choice *categories;
    size_t n_categories; /* 0: no such choice */
    const char *age;     /* the chosen age group in words, or "" */
    const struct es_view_choice *ages;
    size_t n_ages;                       /* 0: no such choice */
    const struct es_view_choice *orders; /* of a page that is kept: all there
                                            are, in the place of the forms */
    size_t n_orders;
    struct es_url self; /* GET form of the search and the categories */
    const char *asked;  /* what was searched, or "" */
    bool mean;          /* there is an order by mean, too */
    int64_t team_min;   /* members that it asks of a team; 0: not said */
    bool searched;      /* what was found stands here, not the order */
    bool more;          /* found more than is shown */
    bool around;        /* the reader's neighbours */
    enum es_view_me_place me_place;
    struct es_view_standing me;
    struct es_url me_around;
    struct es_view_total total;
    const struct es_view_standing *rows;
    size_t n;
    struct es_url first, next;
};

/* Results as they were frozen and signed. */
struct es_view_frozen {
    int64_t version, at_ms;
    const char *why;    /* of a correction, or "" */
    const char *sha256; /* 64 digits */
    struct es_url url;  /* the signed file */
};
struct es_view_results { /* GET /e/{slug}/results */
    struct es_view_frame frame;
    bool final;
    const char *zone;
    const char *check; /* a command line with the instance's public key */
    struct es_url board, csv, json, print;
    const struct es_view_frozen *versions; /* newest first */
    size_t n;
};

/* A list on paper. */
struct es_view_printed {
    const char *title;
    const char *by, *metric; /* as es_view_board has them */
    const struct es_view_standing *rows;
    size_t n;
};
struct es_view_results_print { /* GET /e/{slug}/results/print */
    struct es_view_frame frame;
    bool final;
    int64_t version, at_ms; /* of the results that were frozen last; 0: none */
    const char *zone;
    struct es_url about;
    struct es_view_total total;
    int64_t most; /* rows of a list */
    const struct es_view_printed *lists;
    size_t n;
};

struct es_view_person { /* GET /e/{slug}/people/{bib} */
    struct es_view_frame frame;
    const char *name, *country, *team, *category, *zone;
    struct es_url team_url;
    int64_t bib, rank; /* rank 0: nothing run yet */
    int64_t dist_mm, time_ms, n_accepted;
    const struct es_view_run *runs; /* accepted, newest first */
    size_t n_runs;
    struct es_url older;
    struct es_view_share share;
};

struct es_view_team { /* GET /e/{slug}/teams/{id} */
    struct es_view_frame frame;
    const char *name;
    int64_t rank; /* 0: nothing run yet */
    int64_t dist_mm, time_ms, n_accepted, members;
    int64_t mean_mm; /* of a member, whoever has run or not */
    const struct es_view_standing *rows;
    size_t n;
    struct es_url first, next;
    struct es_view_share share;
};

struct es_view_result { /* GET /r/{code}, /v/{code} */
    struct es_view_frame frame;
    const char *name, *country, *zone;
    int64_t bib;
    struct es_view_run run;
    struct es_url result, vouch; /* each other's pages */
    struct es_url receipt;       /* for the owner */
    struct es_url person;        /* their page; none when hidden */
    struct es_view_share share;  /* of an accepted run */
};

/* 400, 403, 404, 405, 413, 422, 429, 500, 503... */
struct es_view_error {
    struct es_view_frame frame;
    int64_t status;
    const char *title;  /* NULL: that of the status, which says what to do */
    const char *detail; /* what exactly, in the reader's language; or "" */
    const char *said;   /* by a person, in whatever language; or "" */
    const char *request_id;
    int64_t retry_s; /* 0: don't say */
};

struct es_view_contrast {
    enum es_tone on;
    double light, dark; /* the least, over all grounds */
};
struct es_view_look { /* GET /organise/e/{slug}/look */
    struct es_view_frame frame;
    struct es_url self;  /* GET to try a colour, POST to keep it */
    const char *colour;  /* "#0b6b5d", what is shown */
    const char *written; /* what can't be one */
    const char *error;   /* NULL: nothing */
    bool kept, own;      /* it is the one kept; none is */
    const struct es_view_contrast *rows;
    size_t n;
};

struct es_view_review { /* GET /organise */
    struct es_view_frame frame;
    const struct es_view_listed *initiatives;
    size_t n_initiatives;
    struct es_url reports;           /* of all; the operator's */
    struct es_url sessions, operate; /* operate: of who may */
    struct es_url make;              /* a new initiative; of who may */
    const char *name;                /* of the account */
    struct es_url sign_out;          /* POST */
    bool no_passkey;                 /* to come back with */
};

#endif
