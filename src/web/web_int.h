/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the handlers share. Inside web/ only. */
#ifndef ES_WEB_WEB_INT_H
#define ES_WEB_WEB_INT_H

#include "http/http.h"
#include "initiative/accounts.h"
#include "initiative/routes.h"
#include "initiative/runs.h"
#include "initiative/sessions.h"
#include "web/access.h"
#include "web/views.h"
#include "web/views_people.h"
#include "web/views_staff.h"
#include "web/web.h"
#include "web/words.h"

#include <pthread.h>

struct es_drafts;

/* ---- the process ---- */

enum { ES_ARRIVALS = 10, ES_ARRIVAL_BOARDS = 64, ES_WEB_TABLES = 96 };

/* The newest arrivals of an initiative, for the page; from the live events. */
struct es_arrival_ring {
    int64_t initiative;
    size_t n;           /* ever added */
    int64_t running_ms; /* when it was last told how many run; monotonic */
    struct {
        char name[ES_NAME_MAX * 4 + 1];
        char country[3];
        int64_t run, dist_mm; /* run 0: counts no more */
        int32_t from;
    } v[ES_ARRIVALS];
};

/* An initiative's total as pictures show it; from web/card.c. */
enum { ES_KEPT_TOTALS = 64 };
struct es_kept_total {
    int64_t initiative;
    struct es_view_total total;
    int64_t until_ms; /* monotonic */
};

/* Pages that are written as files, not sent: by web/site.c. */
struct es_kept {
    struct es_out_moved moved;
    unsigned not_in; /* languages without such pages */
};

struct es_web {
    struct es_app *app;
    const struct es_kept *kept; /* NULL: we serve */
    struct es_hub *hub;
    struct es_http *http;
    struct es_http_config http_config;
    char origin[300];
    const char *hosts[4];
    char host_text[4][280];
    char origin_text[4][300]; /* origins that a form may come from */
    size_t n_hosts;
    struct es_header headers[8];
    size_t n_headers;
    struct es_routes tables[ES_WEB_TABLES];
    size_t n_tables;
    bool insecure, https;
    bool mail; /* links can be sent */
    char metrics_token[128];
    int64_t started_ms;
    struct es_challenges *challenges; /* that devices are asked */
    struct es_drafts *drafts;         /* lists before their registration */
    _Atomic bool has_imprint;         /* there is one to lead to */
    struct es_media_cache *media;
    pthread_mutex_t arrivals_lock;
    struct es_arrival_ring *arrivals;
    size_t n_arrivals;
    pthread_mutex_t totals_lock;
    struct es_kept_total totals[ES_KEPT_TOTALS];
};

struct es_web *es_web_of(const struct es_req *q);

/* ---- who asks ---- */

enum {                                 /* flags of our routes: how, not who; who
                                          may stands in access.c */
       ES_WEB_PAGE = ES_ROUTE_APP(0),  /* reads the session cookies */
       ES_WEB_FORM = ES_ROUTE_APP(1),  /* a POST from a page: origin, token */
       ES_WEB_TOKEN = ES_ROUTE_APP(4), /* reads a bearer token */
       ES_WEB_WHOLE = ES_ROUTE_APP(5), /* strangers land here: the sheet stands
                                          in the page */
};

/* What the guard found out; es_req_user of the request. */
struct es_who {
    bool person; /* p, ini and session are filled */
    struct es_participant p;
    struct es_initiative ini;
    struct es_credential session; /* theirs; or the token's */
    bool staff;                   /* account, roles, staff_session */
    struct es_account account;
    struct es_role_given *roles;
    size_t n_roles;
    struct es_credential staff_session;
    const char *staff_secret; /* its new one, when this request renewed it */
    bool has_here;            /* the initiative of {slug}, in any state */
    struct es_initiative here;
    const char *csrf;   /* token for this browser's forms */
    const char *policy; /* of a page with sheets in it; NULL: the usual one */
};
enum es_code es_web_guard(const struct es_req *q, struct es_resp *out,
                          struct es_err *e);
/* Never NULL: nobody, where the guard has not run. */
const struct es_who *es_web_who(const struct es_req *q);
/* Whether the account that asks may do this on an initiative (0: on the
 * instance): for what a page offers. What a route does the guard has judged. */
bool es_web_may(const struct es_req *q, enum es_may may, int64_t initiative);

/* Its roles there, in the reader's language: "Owner, Editor"; "" for none. */
const char *es_web_roles(const struct es_req *q, int64_t initiative);

/* Signs somebody in here: a new secret, and the one of before is dead.
 * initiative 0: an account. */
struct es_web_signing {
    int64_t initiative, subject;
    enum es_signed_by by;
};
ES_MUST_CHECK enum es_code es_web_sign_in(const struct es_req *q,
                                          struct es_resp *out,
                                          const struct es_web_signing *in,
                                          struct es_err *e);
/* The account that is signed in here may do more or less from now on: under
 * another secret, though no fresher than it was. */
ES_MUST_CHECK enum es_code es_web_renew(const struct es_req *q,
                                        struct es_resp *out, struct es_err *e);
/* The secrets of a participant, once, on a page that bears a reload. Returns
 * ES_OK. */
enum es_code es_web_show_secrets(const struct es_req *q, struct es_resp *out,
                                 const char *link, const char *token);
/* The name of an account, also of one that has ended; "" for none. */
const char *es_web_account_name(const struct es_req *q, int64_t id);
/* Whom a decision is about and as what, or how many; "" for neither. */
const char *es_web_decided_about(const struct es_req *q,
                                 const struct es_decision *d);
/* The whole address of an invitation; "" for a secret that is NULL. */
const char *es_web_invite_url(const struct es_req *q, const char *secret);
/* The invitations of an initiative (0: the instance) that still work. */
ES_MUST_CHECK enum es_code es_web_invited(const struct es_req *q,
                                          int64_t initiative,
                                          const struct es_view_invited **out,
                                          size_t *n, struct es_err *e);
/* What this browser is called in its owner's list: "Firefox, Android". In the
 * arena; "" when it doesn't say. */
const char *es_web_browser(const struct es_req *q);
/* Whether this person of staff has shown who they are within ES_FRESH_MS. */
bool es_web_fresh(const struct es_req *q);
/* The same, or they show it with this very form (es_access_shows). Else, with
 * *answered, they get the page that asks: it brings back all that this form
 * brought, with their answer, so nothing has to be entered twice. */
ES_MUST_CHECK enum es_code es_web_is_it_you(const struct es_req *q,
                                            struct es_resp *out, bool *answered,
                                            struct es_err *e);
/* Who isn't signed in here is told how to get in: 403. Returns ES_OK. */
enum es_code es_web_enter(const struct es_req *q, struct es_resp *out);
/* That the operator paused this initiative, in words, with the reason where
 * `ini` isn't NULL: 403. Returns ES_OK. */
enum es_code es_web_suspended(const struct es_req *q, struct es_resp *out,
                              const struct es_initiative *ini);

/* That the results are final and nothing changes any more: 409. Returns ES_OK.
 */
enum es_code es_web_final(const struct es_req *q, struct es_resp *out);

/* The run of {run}, when it is theirs who ask; ES_ENOENT for anybody else's, so
 * ids don't leak. */
ES_MUST_CHECK enum es_code es_web_own_run(const struct es_req *q,
                                          struct es_run *run, struct es_err *e);

/* A video becomes that of the initiative of {slug}; the one before goes. */
ES_MUST_CHECK enum es_code es_web_film_put(const struct es_req *q, int64_t film,
                                           struct es_err *e);
/* Answers with a medium in pieces. */
ES_MUST_CHECK enum es_code es_web_film_send(const struct es_req *q,
                                            struct es_resp *out,
                                            const struct es_media *m,
                                            struct es_err *e);
extern const struct es_routes ES_ROUTES_MEDIA_EDIT, ES_ROUTES_FILMS;
/* Answers with the picture that is the evidence of a run; who asks has been
 * judged. ES_ENOENT: it has none. */
ES_MUST_CHECK enum es_code es_web_evidence(const struct es_req *q,
                                           struct es_resp *out,
                                           const struct es_run *run,
                                           struct es_err *e);

enum es_web_cookie {
    ES_COOKIE_CSRF,
    ES_COOKIE_PERSON,
    ES_COOKIE_ORGANISER,
    ES_COOKIE_JOINED,
    ES_COOKIE_UNITS,
    ES_COOKIE_BACK /* which browser asked for a link by mail */
};
const char *es_web_cookie(const struct es_req *q, enum es_web_cookie which);
/* value NULL: delete it. */
void es_web_set_cookie(const struct es_req *q, struct es_resp *out,
                       enum es_web_cookie which, const char *value,
                       int64_t max_age_s);

/* The reader's language: ?lang=, else Accept-Language. */
const struct es_lang *es_web_lang(const struct es_req *q, bool *chosen);

/* It and the reader's units: ?units=, else what this browser chose before,
 * else kilometres. */
struct es_reader es_web_reader(const struct es_req *q);

/* The language, and the answer's header says so. */
const struct es_lang *es_web_speak(const struct es_req *q, struct es_resp *out,
                                   bool *chosen);

/* ---- answers ---- */

/* Starts a page: type, language headers, and where to write it. */
struct es_out es_web_page(const struct es_req *q, struct es_resp *out);
/* A page may load what we serve and nothing else, run no inline script, be
 * framed by nobody. */
extern const char ES_WEB_CSP[];
/* The sheet's own accent: of initiatives that chose no colour. */
#define ES_WEB_OWN_COLOUR "#0b6b5d"
/* The colour that `ini` chose; false when it chose none (or no memory). */
bool es_web_colour(const struct es_req *q, const struct es_initiative *ini,
                   struct es_rgb *out);
/* Gives a page its sheet, in it or linked, and the colour of `ini` (NULL:
 * none); es_web_page then sends the policy that allows exactly that. */
void es_web_style(const struct es_req *q, const struct es_initiative *ini,
                  struct es_view_frame *f);
/* The same with rules of our own making; NULL: none. */
void es_web_dress(const struct es_req *q, const char *colours,
                  struct es_view_frame *f);
/* This answer may be framed by any site; called after es_web_style. */
void es_web_framed(const struct es_req *q);
/* What to write into another site so that the embed stands there. */
const char *es_web_embed_code(const struct es_req *q,
                              const struct es_initiative *ini);
/* What stands around every page, its style too. `ini` may be NULL. */
struct es_view_frame es_web_frame(const struct es_req *q,
                                  const struct es_initiative *ini);
/* What was run day by day, for its console. */
struct es_view_plot;
ES_MUST_CHECK enum es_code es_web_days_plot(const struct es_req *q,
                                            struct es_view_plot *out,
                                            struct es_err *e);
/* On a page below /organise/e/{slug}: what of the console they may see. */
void es_web_console(const struct es_req *q, struct es_view_frame *f);
/* The initiative of {slug}. ES_ENOENT when there is none to be seen. */
ES_MUST_CHECK enum es_code es_web_initiative(const struct es_req *q,
                                             struct es_initiative *out,
                                             struct es_err *e);
enum es_view_phase es_web_phase(const struct es_initiative *ini);
struct es_view_total es_web_total(const struct es_req *q,
                                  const struct es_initiative *ini);
/* A page or a problem that says what happened; `detail` "" or a sentence.
 * Returns ES_OK. */
enum es_code es_web_fail(const struct es_req *q, struct es_resp *out,
                         int status, const char *detail);
void es_web_error_page(const struct es_req *q, int status, struct es_resp *out);

/* Starts a JSON answer with "{"; es_web_json_end closes it. */
struct es_buf *es_web_json(struct es_resp *out, int status);
void es_web_json_end(struct es_buf *b);
/* Starts application/problem+json (RFC 9457); es_web_json_end closes it. */
struct es_buf *es_web_problem_begin(struct es_resp *out, int status,
                                    const char *code, const char *title,
                                    const char *detail);
/* The whole of it. Returns ES_OK. */
enum es_code es_web_problem(struct es_resp *out, int status, const char *code,
                            const char *detail);
/* The same with `errors` of fields. */
enum es_code es_web_problem_fields(const struct es_req *q, struct es_resp *out,
                                   const struct es_field_errors *fe);
/* Too often: 429 with Retry-After. Returns ES_OK. */
enum es_code es_web_too_often(const struct es_req *q, struct es_resp *out,
                              unsigned wait_s);
/* The same for a page that keeps what was entered: sets status and Retry-After;
 * the sentence to show above it. */
const char *es_web_later(const struct es_req *q, struct es_resp *out,
                         unsigned wait_s);
/* The same for files, which no page can keep. */
const char *es_web_later_files(const struct es_req *q, struct es_resp *out,
                               unsigned wait_s);
/* The path again, with ?lang= when the reader chose one. */
const char *es_web_keep_lang(const struct es_req *q, const char *path);
const char *es_web_run_path(const struct es_req *q, int64_t run);
/* A secret that is used up or never was. Returns ES_OK. */
enum es_code es_web_gone(const struct es_req *q, struct es_resp *out);
/* A number for a peer, for limits. */
uint64_t es_web_peer_number(const struct es_req *q);

/* ---- words ---- */

/* What is wrong at a field, in the reader's language; NULL: nothing. */
const char *es_say_of_field(struct es_reader r, struct es_arena *a,
                            const struct es_field_errors *fe,
                            const char *field);
/* A form's field as it came; "" when it didn't. */
const char *es_web_given(const struct es_req *q, const char *name);
/* It, and what is wrong with it. */
struct es_view_field es_web_field(const struct es_req *q, const char *name,
                                  const struct es_field_errors *fe);
/* The HTTP status of a failed upload. */
int es_web_take_status(enum es_code rc);

/* The fields about oneself of who joins `ini`, or of `p`, who is in it: as they
 * were posted, else as they stand. */
ES_MUST_CHECK enum es_code
es_web_about(const struct es_req *q, const struct es_initiative *ini,
             const struct es_participant *p, const struct es_field_errors *fe,
             struct es_view_about *out, struct es_err *e);
/* What was posted in them. */
struct es_join es_web_entered(const struct es_req *q);
/* A code for a camera; nothing where none can be made. */
struct es_view_qr es_web_qr(const struct es_req *q, const char *text);
/* A person in a list of staff's. */
struct es_view_found es_web_found_view(const struct es_req *q,
                                       const struct es_participant *p);
/* Free places go to those who wait, who are told. */
void es_web_move_up(const struct es_req *q, int64_t initiative);

/* ---- views of records ---- */

/* A run with its measure and findings, for pages. Arrays in the arena. */
struct es_view_run es_web_run_view(const struct es_req *q,
                                   const struct es_receipt *r);
/* Its charts and splits, in the reader's units; the heights only for their
 * owner: they can give away where somebody ran. */
void es_web_run_charts(const struct es_req *q, const struct es_measure *m,
                       bool heights, struct es_view_run *v);
/* The shape of its route, when it is shown. */
ES_MUST_CHECK enum es_code es_web_run_shape(const struct es_req *q,
                                            const struct es_run *run,
                                            struct es_view_run *v,
                                            struct es_err *e);
/* The weakest provenance in a row of the standings, and how much of its
 * distance that is. */
enum es_provenance es_web_weakest(const struct es_standing *s, int64_t *mm);
struct es_view_standing es_web_standing_view(const struct es_standing *s,
                                             int64_t mine);
/* Rows of an initiative's standings, with the pages of those who stand in them
 * and bars that compare them with the leader. */
struct es_standing_rows {
    const struct es_standing *v;
    size_t n;
    enum es_by by;
    enum es_metric metric;
    int64_t leader; /* the highest of the metric, wherever it stands */
    int64_t mine;   /* id of the reader or the reader's team; 0: nobody's */
};
/* What a row has of the metric by which it stands. */
int64_t es_web_metric(const struct es_standing *s, enum es_metric m);
ES_MUST_CHECK enum es_code es_web_rows_view(const struct es_req *q,
                                            const struct es_initiative *ini,
                                            const struct es_standing_rows *r,
                                            const struct es_view_standing **out,
                                            struct es_err *e);
/* Rows of best times over a category's distance, with names and pages. */
struct es_timed_rows {
    struct es_standings *standings;
    const struct es_category *over;
    struct es_time_row *v;
    size_t n;
    int64_t best_ms; /* the leader's, wherever it stands */
    int64_t mine;
};
ES_MUST_CHECK enum es_code
es_web_timed_view(const struct es_req *q, const struct es_initiative *ini,
                  const struct es_timed_rows *r,
                  const struct es_view_standing **out, size_t *n,
                  struct es_err *e);
/* The category of that name, or (NULL, unknown, without a distance) the
 * reader's, or the first that has a distance; ES_ENOENT when none has. */
ES_MUST_CHECK enum es_code
es_web_timed_category(const struct es_req *q, const struct es_initiative *ini,
                      const char *name, struct es_category *out,
                      struct es_err *e);
/* What is asked of people, and with it the age groups; *group is the one of
 * ?age= (its lower bound), 0 when none is asked for. ES_EINVAL: people don't
 * stand by it. */
struct es_settings;
ES_MUST_CHECK enum es_code es_web_age(const struct es_req *q,
                                      const struct es_initiative *ini,
                                      struct es_settings *out, int32_t *group,
                                      struct es_err *e);
/* The frozen versions, newest first; *n 0 while there is none. */
ES_MUST_CHECK enum es_code es_web_versions(const struct es_req *q,
                                           const struct es_initiative *ini,
                                           const struct es_view_frozen **out,
                                           size_t *n, struct es_err *e);
/* Whom a picture or a certificate may be of. An accepted run of {code}, of a
 * published initiative, and who ran it; somebody of {slug} and {bib} who has
 * run and isn't hidden. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_web_card_run(const struct es_req *q,
                                           struct es_run *run,
                                           struct es_initiative *ini,
                                           struct es_participant *p,
                                           struct es_err *e);
ES_MUST_CHECK enum es_code es_web_card_person(const struct es_req *q,
                                              struct es_initiative *ini,
                                              struct es_participant *p,
                                              struct es_standing *self,
                                              struct es_err *e);
/* A file to keep, called by the initiative and this. */
void es_web_attach(const struct es_req *q, struct es_resp *out,
                   const char *slug, const char *tail);
struct es_url es_web_person_url(const struct es_req *q, const char *slug,
                                int64_t bib);
struct es_url es_web_team_url(const struct es_req *q, const char *slug,
                              int64_t team);
/* The rules in a few sentences (web/rule_sheet.h). */
ES_MUST_CHECK enum es_code es_web_rules_short(const struct es_req *q,
                                              const struct es_initiative *ini,
                                              struct es_view_rules_short *out,
                                              struct es_err *e);
/* The face of an initiative, from its JSON (NULL: none). */
ES_MUST_CHECK enum es_code
es_web_face_view(const struct es_req *q, const struct es_initiative *ini,
                 const char *json, struct es_view_face *out, struct es_err *e);
/* The way of its total, drawn; n 0 where it has none. */
ES_MUST_CHECK enum es_code es_web_way(const struct es_req *q,
                                      const struct es_initiative *ini,
                                      int64_t dist_mm, struct es_view_way *out,
                                      struct es_err *e);
struct es_way;
void es_web_way_of(const struct es_req *q, const struct es_way *w,
                   int64_t dist_mm, struct es_view_way *out);
/* A receipt as the API gives it, into an open object. */
void es_web_receipt_json(const struct es_req *q, struct es_buf *b,
                         const struct es_receipt *r);

/* A page that people post: what it is of. */
enum es_posted_kind {
    ES_POSTED_INITIATIVE,
    ES_POSTED_RUN,
    ES_POSTED_SUM,
    ES_POSTED_EVENT
};
struct es_web_posted {
    enum es_posted_kind kind;
    const char *name; /* of the person, team or initiative; a title */
    int64_t dist_mm, time_ms;
    int64_t at_ms; /* of an event: when, where clocks say what, and of what */
    const char *zone, *about;
    struct es_url path; /* of the page, without a query */
    struct es_url card; /* of its picture (web/card.c), without a query */
};
/* Fills frame->og and what the page offers to pass on. */
void es_web_post(const struct es_req *q, const struct es_initiative *ini,
                 const struct es_web_posted *p, struct es_view_frame *frame,
                 struct es_view_share *share);

/* Initiatives as the home page lists them, newest first; `organised`: those on
 * which the account that asks has a role, drafts too. */
ES_MUST_CHECK enum es_code es_web_listed(const struct es_req *q, bool organised,
                                         struct es_view_listed **out, size_t *n,
                                         struct es_err *e);

/* ---- routes, by file ---- */

extern const struct es_routes ES_ROUTES_GROUPS, ES_ROUTES_GROUP_LINKS,
    ES_ROUTES_GUARDIAN;
extern const struct es_routes ES_ROUTES_MAKING, ES_ROUTES_TEXTS,
    ES_ROUTES_HOSTS, ES_ROUTES_GOAL;

extern const struct es_routes ES_ROUTES_API, ES_ROUTES_API_RUNS, ES_ROUTES_BACK,
    ES_ROUTES_PAGES, ES_ROUTES_LOOK, ES_ROUTES_ME, ES_ROUTES_MINE,
    ES_ROUTES_REGISTRATION, ES_ROUTES_FOLK, ES_ROUTES_TEAMS, ES_ROUTES_JOIN,
    ES_ROUTES_LIVE, ES_ROUTES_MEDIA, ES_ROUTES_OPS, ES_ROUTES_ORGANISE,
    ES_ROUTES_BOARD, ES_ROUTES_CARD, ES_ROUTES_CONFIRM, ES_ROUTES_LOG,
    ES_ROUTES_CONSOLE, ES_ROUTES_FIGURES, ES_ROUTES_EMBED, ES_ROUTES_PASSKEYS,
    ES_ROUTES_PEOPLE, ES_ROUTES_SIGNIN, ES_ROUTES_SESSIONS, ES_ROUTES_STAFF,
    ES_ROUTES_OPERATE, ES_ROUTES_REPORT, ES_ROUTES_REPORTS, ES_ROUTES_REVIEW,
    ES_ROUTES_REVIEW_RUN, ES_ROUTES_REVIEW_LOG, ES_ROUTES_STOP,
    ES_ROUTES_MESSAGES, ES_ROUTES_RULES, ES_ROUTES_RULES_CHANGE,
    ES_ROUTES_RESULTS, ES_ROUTES_FINISH, ES_ROUTES_TABLES, ES_ROUTES_PRINT;

/* The event sink of the app: hub and arrivals. */
void es_web_on_event(void *web, const struct es_event *ev);
/* Fills the arrivals from the store, at the start. */
ES_MUST_CHECK enum es_code es_web_arrivals_load(struct es_web *w,
                                                struct es_err *e);
/* Arrivals newest first, in the arena. */
size_t es_web_arrivals(const struct es_req *q, int64_t initiative,
                       struct es_view_arrival **out);

#endif
