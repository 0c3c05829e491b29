/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/web.h"

#include "auth/challenge.h"
#include "base/limits.h"
#include "base/log.h"
#include "initiative/own_text.h"
#include "web/drafts.h"
#include "web/exhibition_int.h"
#include "web/media.h"
#include "web/paper.h"
#include "web/press.h"
#include "web/programme_int.h"
#include "web/record.h"
#include "web/statements.h"
#include "web/tickets.h"
#include "web/web_int.h"

#include <stdlib.h>
#include <string.h>

const char ES_WEB_CSP[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; media-src 'self'; manifest-src 'self'; "
    "connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/* Referrer-Policy: no path of ours leaves in a Referer, a personal link least
 * of all; but "no-referrer" would make browsers send "Origin: null" with our
 * own forms, which are then refused. */
static const struct es_header HEADERS[] = {
    { "Content-Security-Policy", ES_WEB_CSP },
    { "X-Content-Type-Options", "nosniff" },
    { "Referrer-Policy", "strict-origin" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
    { "Cross-Origin-Resource-Policy", "same-origin" },
    { "Permissions-Policy", "camera=(), microphone=(), payment=()" },
};
static const struct es_header HSTS = { "Strict-Transport-Security",
                                       "max-age=31536000; includeSubDomains" };

static bool starts(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

/* A Host that is accepted, and the origin that a form may then come from. */
static void add_host(struct es_web *w, const char *scheme, const char *host)
{
    size_t i = w->n_hosts++;
    (void)snprintf(w->host_text[i], sizeof w->host_text[i], "%s", host);
    (void)snprintf(w->origin_text[i], sizeof w->origin_text[i], "%s://%s",
                   scheme, host);
    w->hosts[i] = w->host_text[i];
}

/* "127.0.0.1:8080" is also reached as localhost:8080. */
static void set_origin(struct es_web *w, const struct es_web_config *c)
{
    char own[64];
    const char *given = c->origin && *c->origin ? c->origin : NULL;
    const char *colon = strrchr(c->listen, ':');
    int own_port = 0;
    if (colon && !starts(c->listen, "unix:"))
        own_port = (int)strtol(colon + 1, NULL, 10);
    if (given) {
        (void)snprintf(w->origin, sizeof w->origin, "%s", given);
        add_host(w, starts(given, "https:") ? "https" : "http",
                 strstr(given, "://") ? strstr(given, "://") + 3 : given);
    } else {
        (void)snprintf(w->origin, sizeof w->origin, "http://127.0.0.1:%d",
                       own_port);
    }
    if (starts(c->listen, "unix:") || own_port == 0)
        return; /* port 0: known only once it listens, so any Host will do */
    (void)snprintf(own, sizeof own, "127.0.0.1:%d", own_port);
    add_host(w, "http", own);
    (void)snprintf(own, sizeof own, "localhost:%d", own_port);
    add_host(w, "http", own);
}

static void set_tables(struct es_web *w)
{
    static const struct es_routes *const ALL[] = {
        &ES_ROUTES_MAKING,
        &ES_ROUTES_OPS,
        &ES_ROUTES_PAGES,
        &ES_ROUTES_JOIN,
        &ES_ROUTES_ME,
        &ES_ROUTES_API,
        &ES_ROUTES_API_RUNS,
        &ES_ROUTES_LIVE,
        &ES_ROUTES_ORGANISE,
        &ES_ROUTES_LOOK,
        &ES_ROUTES_MEDIA,
        &ES_ROUTES_BOARD,
        &ES_ROUTES_PEOPLE,
        &ES_ROUTES_CARD,
        &ES_ROUTES_EMBED,
        &ES_ROUTES_PASSKEYS,
        &ES_ROUTES_CONFIRM,
        &ES_ROUTES_LOG,
        &ES_ROUTES_SIGNIN,
        &ES_ROUTES_SESSIONS,
        &ES_ROUTES_STAFF,
        &ES_ROUTES_OPERATE,
        &ES_ROUTES_REPORT,
        &ES_ROUTES_REPORTS,
        &ES_ROUTES_BACK,
        &ES_ROUTES_CONSOLE,
        &ES_ROUTES_REVIEW,
        &ES_ROUTES_REVIEW_RUN,
        &ES_ROUTES_REVIEW_LOG,
        &ES_ROUTES_STOP,
        &ES_ROUTES_MESSAGES,
        &ES_ROUTES_MEDIA_EDIT,
        &ES_ROUTES_FILMS,
        &ES_ROUTES_RULES,
        &ES_ROUTES_RULES_CHANGE,
        &ES_ROUTES_TEXTS,
        &ES_ROUTES_HOSTS,
        &ES_ROUTES_GOAL,
        &ES_ROUTES_RESULTS,
        &ES_ROUTES_FINISH,
        &ES_ROUTES_MINE,
        &ES_ROUTES_REGISTRATION,
        &ES_ROUTES_FOLK,
        &ES_ROUTES_TEAMS,
        &ES_ROUTES_FIGURES,
        &ES_ROUTES_TABLES,
        &ES_ROUTES_PRINT,
        &ES_ROUTES_GROUPS,
        &ES_ROUTES_GROUP_LINKS,
        &ES_ROUTES_RECORD,
        &ES_ROUTES_GUARDIAN,
        &ES_ROUTES_PRESS,
        &ES_ROUTES_PRESS_EDIT,
        &ES_ROUTES_PRESS_FEED,
        &ES_ROUTES_PRESS_KIT,
        &ES_ROUTES_PRESS_TEXT,
        &ES_ROUTES_SAID,
        &ES_ROUTES_SAID_EDIT,
        &ES_ROUTES_SAID_ACTS,
        &ES_ROUTES_PARTIES,
        &ES_ROUTES_SEATS,
        &ES_ROUTES_CERTIFICATE,
        &ES_ROUTES_SAID_PAPER,
        &ES_ROUTES_PROGRAMME,
        &ES_ROUTES_PROGRAMME_ICS,
        &ES_ROUTES_PROGRAMME_CONSOLE,
        &ES_ROUTES_PROGRAMME_EDIT,
        &ES_ROUTES_PROGRAMME_PEOPLE,
        &ES_ROUTES_TICKETS,
        &ES_ROUTES_TICKETING,
        &ES_ROUTES_TICKET_LIST,
        &ES_ROUTES_CHECK_IN,
        &ES_ROUTES_EXHIBITION,
        &ES_ROUTES_HANGING,
    };
    w->n_tables = sizeof ALL / sizeof *ALL;
    static_assert(sizeof ALL / sizeof *ALL <= ES_WEB_TABLES, "tables");
    for (size_t i = 0; i < w->n_tables; i++)
        w->tables[i] = *ALL[i];
}

static void set_headers(struct es_web *w)
{
    w->n_headers = sizeof HEADERS / sizeof *HEADERS;
    memcpy(w->headers, HEADERS, sizeof HEADERS);
    if (w->https)
        w->headers[w->n_headers++] = HSTS;
}

static enum es_code load_imprint(struct es_web *w, struct es_err *e)
{
    struct es_arena a;
    const char *text = "";
    es_arena_init(&a, ES_FORM_MAX);
    enum es_code rc = es_own_text(w->app, ES_TEXT_IMPRINT, &a, &text, e);
    w->has_imprint = *text != '\0';
    es_arena_release(&a);
    return rc;
}

enum es_code es_web_new(const struct es_web_config *c, struct es_web **out,
                        struct es_err *e)
{
    struct es_web *w = calloc(1, sizeof *w);
    if (!w)
        return es_fail(e, ES_ENOMEM, 0, "web");
    w->app = c->app;
    w->insecure = c->insecure;
    w->mail = c->mail;
    w->https = c->origin && starts(c->origin, "https://");
    w->started_ms = es_time_mono_ms();
    (void)snprintf(w->metrics_token, sizeof w->metrics_token, "%s",
                   c->metrics_token ? c->metrics_token : "");
    w->arrivals = calloc(ES_ARRIVAL_BOARDS, sizeof *w->arrivals);
    pthread_mutex_init(&w->arrivals_lock, NULL);
    pthread_mutex_init(&w->totals_lock, NULL);
    w->media = es_media_cache_new(ES_MEDIA_CACHE);
    w->challenges = es_challenges_new();
    w->drafts = es_drafts_new();
    enum es_code rc = w->arrivals && w->media && w->challenges && w->drafts
                          ? es_hub_new(&w->hub, e)
                          : es_fail(e, ES_ENOMEM, 0, "web");
    if (rc == ES_OK)
        rc = es_web_arrivals_load(w, e);
    if (rc == ES_OK)
        rc = load_imprint(w, e);
    if (rc != ES_OK) {
        es_web_stop(w, 0);
        return rc;
    }
    set_origin(w, c);
    set_tables(w);
    set_headers(w);
    w->http_config = (struct es_http_config){
        .listen = c->listen,
        .listener = c->listener,
        .hosts = w->hosts,
        .n_hosts = w->n_hosts,
        .trusted = c->trusted,
        .n_trusted = c->n_trusted,
        .tables = w->tables,
        .n_tables = w->n_tables,
        .headers = w->headers,
        .n_headers = w->n_headers,
        .guard = es_web_guard,
        .error_page = es_web_error_page,
        .app = w,
    };
    c->app->on_event = es_web_on_event;
    c->app->on_event_arg = w;
    *out = w;
    return ES_OK;
}

enum es_code es_web_start(const struct es_web_config *c, struct es_web **out,
                          struct es_err *e)
{
    struct es_web *w;
    enum es_code rc = es_web_new(c, &w, e);
    if (rc != ES_OK)
        return rc;
    rc = es_http_start(&w->http_config, &w->http, e);
    if (rc != ES_OK) {
        es_web_stop(w, 0);
        return rc;
    }
    if (w->n_hosts == 0)
        (void)snprintf(w->origin, sizeof w->origin, "http://127.0.0.1:%d",
                       es_http_port(w->http));
    *out = w;
    es_log(ES_LOG_INFO, "web.start", "listening on %s, origin %s", c->listen,
           w->origin);
    return ES_OK;
}

bool es_web_stop(struct es_web *w, int64_t wait_ms)
{
    if (!w)
        return true;
    /* A handler that is still at work keeps its world until the end. */
    if (w->http && es_http_stop(w->http, wait_ms) == ES_ETIMEOUT)
        return false;
    w->app->on_event = NULL;
    es_hub_free(w->hub);
    pthread_mutex_destroy(&w->arrivals_lock);
    pthread_mutex_destroy(&w->totals_lock);
    es_challenges_free(w->challenges);
    es_drafts_free(w->drafts);
    es_media_cache_free(w->media);
    free(w->arrivals);
    free(w);
    return true;
}

int es_web_port(const struct es_web *w)
{
    return w->http ? es_http_port(w->http) : 0;
}

const char *es_web_origin(const struct es_web *w)
{
    return w->origin;
}

enum es_code es_web_call(struct es_web *w, struct es_bytes request,
                         const char *peer, struct es_reply *out,
                         struct es_err *e)
{
    return es_http_call(&w->http_config, request, peer, out, e);
}
