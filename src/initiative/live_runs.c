/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/live_runs.h"

#include "base/log.h"

#include <math.h>
#include <string.h>

/* A report of each half minute for 16 hours. */
enum { REPORTS_MAX = 2000 };
static const int64_t KEPT_MS = 2 * 86400000LL;

/* For how long one may be without a report, and how late one may come (a slow
 * network, a clock that drifts). */
static const int64_t APART_MS = 180000, LATE_MS = 60000;
/* What is shown while running and what the whole file gives differ by this. */
static const double SLACK_M = 50, SLACK_SHARE = 0.1;
/* Of the time in which the recorder was not paused. */
static const double MOST = 0.8;
static const double DIST_MAX_M = 1e6;

bool es_recording_name(const char *s)
{
    size_t n = s ? strspn(s, "0123456789abcdef") : 0;
    return n >= ES_RECORDING_MIN && n <= ES_RECORDING_MAX && s[n] == 0;
}

struct telling {
    const struct es_participant *who;
    const char *recording;
    struct es_live_report r;
    bool done;
};

static enum es_code put(struct es_txn *tx, const struct es_blob *blob,
                        void *arg, struct es_err *e)
{
    struct telling *t = arg;
    const struct es_participant *p = t->who;
    (void)blob;
    if (t->done)
        return es_txn_live_forget(tx, p->initiative, p->id, t->recording,
                                  INT64_MAX, e);
    enum es_code rc = es_txn_live_forget(tx, p->initiative, p->id, NULL,
                                         t->r.at_ms - KEPT_MS, e);
    return rc == ES_OK ? es_txn_live_add(tx, p->initiative, p->id, t->recording,
                                         &t->r, e)
                       : rc;
}

enum es_code es_live_report(struct es_app *app,
                            const struct es_participant *who,
                            const char *recording, int64_t t_ms, double dist_m,
                            struct es_err *e)
{
    if (!es_recording_name(recording) || t_ms <= 0 ||
        !(dist_m >= 0 && dist_m <= DIST_MAX_M))
        return es_fail(e, ES_EINVAL, 0, "no report of a run");
    struct telling t = {
        .who = who,
        .recording = recording,
        .r = { es_time_now_ms(), t_ms, (int64_t)(dist_m * 1000) },
    };
    struct es_write w = { .apply = put, .arg = &t };
    return es_store_write(app->store, &w, e);
}

/* ---- does the file agree ---- */

/* Metres of the run at a time of the phone's clock; NAN outside of it. */
static double metres_at(const struct es_measure *m, int64_t t_ms)
{
    const struct es_series *s = &m->series;
    double t_s = (double)(t_ms - m->started_ms) / 1000;
    size_t k = 0;
    if (s->n < 2 || t_s < 0 || t_s > s->time_s[s->n - 1] + 1)
        return NAN;
    while (k + 2 < s->n && s->time_s[k + 1] <= t_s)
        k++;
    double step_s = s->time_s[k + 1] - s->time_s[k];
    double part = step_s > 0 ? (t_s - s->time_s[k]) / step_s : 1;
    return m->dist_m * ((double)k + fmin(fmax(part, 0), 1)) /
           (double)(s->n - 1);
}

/* How far our clock was ahead of the phone's when the quickest came in: what
 * another is later than that it came late. */
static int64_t quickest(const struct es_live_report *v, size_t n)
{
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < n; i++)
        if (v[i].at_ms - v[i].t_ms < least)
            least = v[i].at_ms - v[i].t_ms;
    return least;
}

bool es_live_agrees(const struct es_live_report *v, size_t n,
                    const struct es_measure *m)
{
    double told_s = 0;
    size_t last = 0;
    int64_t ahead = quickest(v, n);
    if (m->started_ms == ES_NO_TIME || !(m->dist_m > 0) || !(m->timer_s > 0))
        return false;
    for (size_t i = 1; i < n; i++) {
        if (v[i].t_ms == v[last].t_ms)
            continue; /* a pause: nothing new */
        double from_m = metres_at(m, v[last].t_ms);
        double to_m = metres_at(m, v[i].t_ms);
        double said_m = (double)(v[i].dist_mm - v[last].dist_mm) / 1000;
        /* NAN: a part that the runner left out */
        double off_m = fabs(to_m - from_m - said_m);
        int64_t apart_ms = v[i].t_ms - v[last].t_ms;
        if (apart_ms > 0 && apart_ms <= APART_MS &&
            v[last].at_ms - v[last].t_ms - ahead <= LATE_MS &&
            v[i].at_ms - v[i].t_ms - ahead <= LATE_MS &&
            off_m <= SLACK_M + SLACK_SHARE * said_m)
            told_s += (double)apart_ms / 1000;
        last = i;
    }
    return told_s >= MOST * m->timer_s;
}

enum es_code es_live_told(struct es_app *app, const struct es_participant *who,
                          const char *recording, const struct es_measure *m,
                          struct es_arena *a, bool *out, struct es_err *e)
{
    struct es_live_report *v;
    size_t n;
    *out = false;
    if (!es_recording_name(recording))
        return ES_OK;
    enum es_code rc =
        es_store_live_reports(app->store, who->initiative, who->id, recording,
                              REPORTS_MAX, a, &v, &n, e);
    if (rc == ES_OK)
        *out = es_live_agrees(v, n, m);
    return rc;
}

void es_live_done(struct es_app *app, const struct es_participant *who,
                  const char *recording)
{
    struct es_err e = { 0 };
    struct telling t = { .who = who, .recording = recording, .done = true };
    struct es_write w = { .apply = put, .arg = &t };
    if (es_recording_name(recording) &&
        es_store_write(app->store, &w, &e) != ES_OK)
        es_log(ES_LOG_WARN, "live.done", "%s", e.msg);
}
