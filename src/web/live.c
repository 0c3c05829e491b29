/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Live events: the total and the arrivals. */
#include "base/json.h"
#include "base/log.h"
#include "initiative/names.h"
#include "initiative/running.h"
#include "web/record.h"
#include "web/web_int.h"

#include <stdlib.h>
#include <string.h>

/* ---- arrivals, for the page ---- */

static struct es_arrival_ring *ring_of(struct es_web *w, int64_t initiative)
{
    for (size_t i = 0; i < w->n_arrivals; i++)
        if (w->arrivals[i].initiative == initiative)
            return &w->arrivals[i];
    if (w->n_arrivals == ES_ARRIVAL_BOARDS)
        return NULL; /* the page then shows none; the total is right */
    struct es_arrival_ring *r = &w->arrivals[w->n_arrivals++];
    *r = (struct es_arrival_ring){ .initiative = initiative };
    return r;
}

/* Where it stands in the ring already (its person's name may have changed),
 * else the next place. */
static size_t place_of(struct es_arrival_ring *r, int64_t run)
{
    for (size_t i = 0; i < ES_ARRIVALS; i++)
        if (r->v[i].run == run)
            return i;
    return r->n++ % ES_ARRIVALS;
}

static void remember(struct es_web *w, const struct es_event *ev)
{
    pthread_mutex_lock(&w->arrivals_lock);
    struct es_arrival_ring *r = ring_of(w, ev->initiative);
    if (r) {
        size_t i = place_of(r, ev->run);
        r->v[i].run = ev->run;
        (void)snprintf(r->v[i].name, sizeof r->v[i].name, "%s", ev->name);
        (void)snprintf(r->v[i].country, sizeof r->v[i].country, "%s",
                       ev->country ? ev->country : "");
        r->v[i].dist_mm = ev->counted_mm;
        r->v[i].from = ev->provenance;
    }
    pthread_mutex_unlock(&w->arrivals_lock);
}

/* A run that was withdrawn is nobody's news any more. */
static void forget(struct es_web *w, const struct es_event *ev)
{
    pthread_mutex_lock(&w->arrivals_lock);
    struct es_arrival_ring *r = ring_of(w, ev->initiative);
    for (size_t i = 0; r && i < ES_ARRIVALS; i++)
        if (r->v[i].run == ev->run)
            r->v[i].run = 0;
    pthread_mutex_unlock(&w->arrivals_lock);
}

/* The newest accepted runs of one initiative, oldest first. */
static enum es_code load_arrivals(struct es_web *w, int64_t initiative,
                                  struct es_arena *a, struct es_err *e)
{
    struct es_run *runs;
    size_t n;
    struct es_participant p;
    enum es_code rc =
        es_store_runs_with(w->app->store, initiative, ES_RUN_ACCEPTED, 0,
                           ES_ARRIVALS, a, &runs, &n, e);
    while (rc == ES_OK && n-- > 0) {
        rc = es_store_participant(w->app->store, initiative,
                                  runs[n].participant, a, &p, e);
        if (rc != ES_OK)
            break;
        struct es_event ev = {
            .initiative = initiative,
            .run = runs[n].id,
            .name = es_public_name(&p, a),
            .country = p.country,
            .counted_mm = runs[n].counted_mm,
            .provenance = runs[n].provenance,
        };
        if (ev.name)
            remember(w, &ev);
    }
    return rc;
}

enum es_code es_web_arrivals_load(struct es_web *w, struct es_err *e)
{
    struct es_initiative *inis;
    struct es_arena a;
    size_t n;
    es_arena_init(&a, 64u << 20);
    enum es_code rc = es_store_initiatives(w->app->store, ES_ARRIVAL_BOARDS, &a,
                                           &inis, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = load_arrivals(w, inis[i].id, &a, e);
    es_arena_release(&a);
    return rc;
}

size_t es_web_arrivals(const struct es_req *q, int64_t initiative,
                       struct es_view_arrival **out)
{
    struct es_web *w = es_web_of(q);
    struct es_arena *a = es_req_arena(q);
    size_t n = 0;
    *out = es_arena_array(a, ES_ARRIVALS, sizeof **out);
    pthread_mutex_lock(&w->arrivals_lock);
    struct es_arrival_ring *r = *out ? ring_of(w, initiative) : NULL;
    for (size_t k = 0; r && k < ES_ARRIVALS && k < r->n; k++) {
        size_t i = (r->n - 1 - k) % ES_ARRIVALS;
        if (!r->v[i].run)
            continue;
        const char *name = es_arena_str(a, r->v[i].name);
        const char *country = es_arena_str(a, r->v[i].country);
        if (!name || !country)
            break;
        (*out)[n++] =
            (struct es_view_arrival){ name, country, r->v[i].dist_mm,
                                      (enum es_view_from)r->v[i].from };
    }
    pthread_mutex_unlock(&w->arrivals_lock);
    return n;
}

/* ---- events ---- */

static void total_json(struct es_buf *b, const struct es_totals *t)
{
    es_buf_str(b, "{");
    es_buf_json_n(b, "total_m", (double)t->dist_mm / 1000);
    es_buf_json_i(b, "participants", t->participants);
    es_buf_json_i(b, "runs", t->runs);
    es_buf_str(b, "}");
}

static void publish(struct es_web *w, int64_t topic, const char *event,
                    struct es_buf *b)
{
    enum es_code rc = ES_ENOMEM;
    if (!b->bad)
        rc = es_hub_publish(w->hub, topic, es_id_new(), event, es_buf_bytes(b));
    if (rc != ES_OK)
        es_log(ES_LOG_WARN, "live.publish", "%s", es_code_name(rc));
    es_buf_clear(b);
}

void es_web_on_event(void *web, const struct es_event *ev)
{
    struct es_web *w = web;
    struct es_buf b;
    es_buf_init(&b, 4096);
    if (ev->arrival && ev->name) {
        remember(w, ev);
        es_buf_str(&b, "{");
        es_buf_json_s(&b, "name", ev->name);
        es_buf_json_n(&b, "distance_m", (double)ev->counted_mm / 1000);
        es_buf_json_s(&b, "country",
                      ev->country && *ev->country ? ev->country : NULL);
        es_buf_json_s(&b, "provenance",
                      es_provenance_name((enum es_provenance)ev->provenance));
        es_buf_str(&b, "}");
        publish(w, ev->initiative, "arrival", &b);
    }
    if (!ev->arrival)
        forget(w, ev);
    total_json(&b, &ev->totals);
    publish(w, ev->initiative, "total", &b);
    es_buf_release(&b);
}

/* ---- who runs now ---- */

/* However many recorders tell, the page changes so often. */
static const int64_t RUNNING_EACH_MS = 2000;

static void running_json(struct es_buf *b, struct es_running_now now)
{
    es_buf_str(b, "{");
    es_buf_json_i(b, "people", now.people);
    es_buf_json_n(b, "distance_m", (double)now.dist_mm / 1000);
    es_buf_str(b, "}");
}

static bool running_is_due(struct es_web *w, int64_t initiative, int64_t now_ms)
{
    pthread_mutex_lock(&w->arrivals_lock);
    struct es_arrival_ring *r = ring_of(w, initiative);
    bool due = r && now_ms - r->running_ms >= RUNNING_EACH_MS;
    if (due)
        r->running_ms = now_ms;
    pthread_mutex_unlock(&w->arrivals_lock);
    return due;
}

void es_web_runs(const struct es_req *q, bool counted, double dist_m)
{
    struct es_web *w = es_web_of(q);
    const struct es_who *who = es_web_who(q);
    const struct es_participant *p = &who->p;
    struct es_running *running = w->app->running;
    int64_t now_ms = es_time_mono_ms();
    bool gone = false;
    if (counted && es_running_may(p) &&
        es_web_phase(&who->ini) == ES_PHASE_OPEN)
        es_running_tell(running, p, (int64_t)(dist_m * 1000), now_ms);
    else if (!(gone = es_running_end(running, p)))
        return;
    if (!running_is_due(w, p->initiative, now_ms) && !gone)
        return;
    struct es_buf b;
    es_buf_init(&b, 4096);
    running_json(&b, es_running_count(running, p->initiative, now_ms));
    publish(w, p->initiative, "running", &b);
    es_buf_release(&b);
}

/* GET /api/v1/initiatives/{slug}/live */
static enum es_code live(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_web *w = es_web_of(q);
    struct es_initiative ini;
    struct es_totals t;
    struct es_buf data;
    struct es_buf hello;
    uint64_t pos;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, NULL);
    if (rc != ES_OK)
        return rc;
    es_buf_init(&data, 4096);
    es_buf_init(&hello, 4096);
    if (!es_hub_join(w->hub, q, ini.id, &pos)) {
        es_standings_totals(es_app_standings(w->app, ini.id), &t);
        total_json(&data, &t);
        es_sse_event(&hello, "total", -1, es_buf_bytes(&data));
        es_buf_clear(&data);
        running_json(&data, es_running_count(w->app->running, ini.id,
                                             es_time_mono_ms()));
        es_sse_event(&hello, "running", -1, es_buf_bytes(&data));
    }
    rc = es_resp_stream(out, w->hub, ini.id, pos, es_buf_bytes(&hello));
    es_buf_release(&data);
    es_buf_release(&hello);
    return rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/api/v1/initiatives/{slug}/live", ES_BODY_NONE, 0, live },
};
const struct es_routes ES_ROUTES_LIVE = { ROUTES,
                                          sizeof ROUTES / sizeof *ROUTES };
