/* SPDX-License-Identifier: Apache-2.0 */
/* The beats that a strap stored by itself, in messages of their own and often
 * in files of their own, chained behind the watch's; their times count from an
 * anchor, in 1/1024 s. Source: FIT profile, message "hr". */
#include <math.h>

#include "decode/fit_build.h"

/* A beat stands for the time until the next, in steps that weigh as much as
 * beats do, up to five seconds: so do the maker's own kits. */
enum { HZ = 1024, STEP = HZ / 4, STEPS_MAX = 20 };
enum { NO_RATE = 255 };

struct merger {
    struct es_track *v;
    size_t n;
    size_t track, point; /* the next sample to get a rate, */
    int64_t from, to;    /* and the span of time that it stands for, 1/1024 s */
    bool any;            /* there is such a sample */
    double sum, weight;  /* of the rates in it */
    int64_t anchor;      /* the time at which the strap's clock was at... */
    uint32_t anchor_event;
    bool anchored;
    uint32_t event; /* the strap's clock at the latest beat */
    int64_t last;   /* time of the latest beat, and its rate; 0: none */
    uint8_t rate;
};

/* Goes on to the next sample with a time, if there is one. */
static void seek(struct merger *g)
{
    for (; g->track < g->n; g->track++, g->point = 0) {
        const struct es_track *t = &g->v[g->track];
        for (; g->point < t->n; g->point++) {
            if (t->pts[g->point].t_ms == ES_NO_TIME)
                continue;
            g->to = t->pts[g->point].t_ms * HZ / 1000;
            return;
        }
    }
    g->any = false;
}

/* The sample gets its rate, and so do those that follow with its time or an
 * earlier one. */
static void finish(struct merger *g)
{
    int64_t to = g->to;
    while (g->any && g->to <= to) {
        if (g->weight > 0)
            g->v[g->track].pts[g->point].hr_bpm =
                (uint8_t)(g->sum / g->weight + 0.5);
        g->point++;
        seek(g);
    }
    g->from = to;
    g->sum = g->weight = 0;
}

static void weigh(struct merger *g, int64_t t, uint8_t rate)
{
    while (g->any && t > g->to)
        finish(g);
    if (g->any && t > g->from) {
        g->sum += rate;
        g->weight++;
    }
}

static void on_beat(struct merger *g, uint32_t event, uint8_t rate)
{
    g->event = event;
    if (rate == NO_RATE || rate == 0)
        return;
    int64_t t = g->anchor + (int32_t)(event - g->anchor_event);
    for (int i = 1; g->rate && i <= STEPS_MAX; i++) {
        if (t - g->last <= i * STEP)
            break;
        weigh(g, g->last + i * STEP, g->rate);
    }
    weigh(g, t, rate);
    g->last = t;
    g->rate = rate;
}

/* Whole times of the strap's clock. */
static void on_events(struct merger *g, struct es_bytes events,
                      struct es_bytes rates, bool big)
{
    for (size_t i = 0; i < rates.n && 4 * i + 4 <= events.n; i++)
        on_beat(g, es_fit_u32(events.p, 4 * i, big), rates.p[i]);
}

/* The lower twelve bits of each, two in three bytes. */
static void on_events_12(struct merger *g, struct es_bytes events,
                         struct es_bytes rates)
{
    for (size_t i = 0; i < rates.n && (3 * i + 4) / 2 <= events.n; i++) {
        const uint8_t *p = events.p;
        size_t at = i / 2 * 3;
        uint32_t low = i % 2 == 0 ? p[at] | (p[at + 1] & 0x0fu) << 8
                                  : p[at + 1] >> 4 | (uint32_t)p[at + 2] << 4;
        on_beat(g, g->event + ((low - g->event) & 0xfff), rates.p[i]);
    }
}

/* Fields may be of any type: a float's number need not fit. */
static bool is_u32(double v)
{
    return v >= 0 && v <= UINT32_MAX;
}

static void on_hr(struct merger *g, const struct es_fit_msg *m)
{
    struct es_fit_hr hr = { NAN, NAN, NAN };
    struct es_bytes rates = es_fit_bytes(m, ES_FIT_HR_BPM);
    struct es_bytes events = es_fit_bytes(m, ES_FIT_HR_EVENT);
    if (m->def->timed || m->time != ES_FIT_NO_TIME)
        es_fit_read_hr(m, &hr);
    if (is_u32(hr.time) && is_u32(hr.event)) {
        double part = hr.part_s >= 0 && hr.part_s < 2 ? hr.part_s : 0;
        g->anchor = ((int64_t)ES_FIT_EPOCH_S + (int64_t)hr.time) * HZ +
                    (int64_t)(part * HZ);
        g->anchor_event = (uint32_t)hr.event;
        g->event = g->anchor_event;
        g->anchored = true;
        g->rate = 0;
    }
    if (!g->anchored)
        return;
    if (events.n > 0)
        on_events(g, events, rates, m->def->big);
    else
        on_events_12(g, es_fit_bytes(m, ES_FIT_HR_EVENT_12), rates);
}

void es_fit_merge_hr(struct es_bytes in, size_t at, struct es_fit_file *f,
                     struct es_track *v, size_t n)
{
    struct merger g = { .v = v, .n = n, .any = true };
    struct es_fit_msg m;
    seek(&g);
    g.from = g.to - HZ;
    for (int i = 0; i < ES_FIT_CHAIN_MAX && es_fit_open(in, at, f); i++) {
        while (es_fit_next(f, &m))
            if (m.def->global == ES_FIT_HR)
                on_hr(&g, &m);
        at = f->end;
    }
    if (g.any && g.weight > 0)
        finish(&g);
}
