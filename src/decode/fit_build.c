/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/fit_build.h"

#include <math.h>

#include "decode/gather.h"

/* Source: FIT profile, types "event", "event_type", "length_type" and
 * "manufacturer". */
enum { EVENT_TIMER = 0 };
enum { TYPE_START = 0, LENGTH_IDLE = 0 };
enum { DEVELOPMENT = 255 };
/* Clocks on walls are at most 14 h ahead of UTC, 12 behind. */
static const double OFFSET_MAX_S = 15 * 3600;

static void on_session(struct es_fit_build *b, const struct es_fit_msg *m)
{
    if (b->n_sessions < b->cap_sessions)
        es_fit_read_session(m, &b->sessions[b->n_sessions++]);
}

static void on_lap(struct es_fit_build *b, const struct es_fit_msg *m)
{
    struct es_fit_session s;
    if (b->n_laps == b->cap_laps)
        return;
    es_fit_read_lap(m, &s);
    b->laps[b->n_laps++] = (struct es_lap){
        es_fit_time_ms(&b->r, isnan(s.start) ? s.time : s.start),
        s.elapsed_s,
        s.timer_s,
        s.dist_m,
    };
}

static void on_length(struct es_fit_build *b, const struct es_fit_msg *m)
{
    struct es_fit_session s;
    if (b->n_lengths == b->cap_lengths)
        return;
    es_fit_read_length(m, &s);
    b->lengths[b->n_lengths++] = (struct es_length){
        .start_ms = es_fit_time_ms(&b->r, isnan(s.start) ? s.time : s.start),
        .elapsed_s = (float)s.elapsed_s,
        .timer_s = (float)s.timer_s,
        .strokes = s.strokes >= 0 ? (uint16_t)fmin(s.strokes, UINT16_MAX) : 0,
        .is_rest = s.length_type == LENGTH_IDLE,
    };
}

/* Of the timer: whether it stopped, in one of its ways (Source: FIT profile,
 * type "event_type": stop, stop_all, end, end_all, stop_disable and
 * stop_disable_all). */
static bool is_stop(double type)
{
    return type == 1 || type == 4 || type == 6 || type == 7 || type == 8 ||
           type == 9;
}

static void on_event(struct es_fit_build *b, const struct es_fit_msg *m)
{
    struct es_fit_event ev;
    es_fit_read_event(m, &ev);
    if (ev.event != EVENT_TIMER)
        return;
    if (is_stop(ev.type)) {
        b->stopped = true;
    } else if (ev.type == TYPE_START) {
        int64_t t = es_fit_time_ms(&b->r, ev.time);
        if (b->stopped && t != ES_NO_TIME && b->n_resumes < b->cap_resumes)
            b->resumes[b->n_resumes++] = t;
        b->stopped = false;
    }
}

static void on_sport(struct es_fit_build *b, const struct es_fit_msg *m)
{
    es_fit_read_sport(m, &b->sport);
    b->has_sport = true;
}

static void on_activity(struct es_fit_build *b, const struct es_fit_msg *m)
{
    struct es_fit_activity x;
    es_fit_read_activity(m, &x);
    b->timer_s = x.timer_s;
    double offset_s = x.local_time - x.time;
    if (fabs(offset_s) <= OFFSET_MAX_S)
        b->utc_offset_s = offset_s;
}

/* "COROS PACE 2", not "COROS COROS PACE 2". */
static void name_device(struct es_fit_build *b, const struct es_fit_device *d,
                        struct es_bytes product_name)
{
    double max = UINT16_MAX;
    unsigned number = d->product >= 0 ? (unsigned)fmin(d->product, max) : 0;
    unsigned by =
        d->manufacturer >= 0 ? (unsigned)fmin(d->manufacturer, max) : 0;
    const char *maker = es_fit_manufacturer(by);
    const char *product = es_fit_text(b->a, product_name);

    if (!product && (by == 1 || by == 13 || by == 15)) /* two makers for it */
        product = es_fit_garmin_product(number);
    if (maker && product && es_bytes_begins(es_bytes_str(product), maker))
        maker = NULL;
    if (maker && product) {
        const char *both = es_arena_fmt(b->a, "%s %s", maker, product);
        b->device = both ? es_gather_name(b->a, es_bytes_str(both)) : NULL;
    } else if (maker || product) {
        b->device = es_arena_str(b->a, maker ? maker : product);
    }
}

static void on_file_id(struct es_fit_build *b, const struct es_fit_msg *m)
{
    struct es_fit_device d;
    es_fit_read_file_id(m, &d);
    if (d.file_type >= 0 && d.file_type <= UINT8_MAX)
        b->file_type = d.file_type;
    /* a program's samples are as it wants them */
    b->r.by_program = d.manufacturer == DEVELOPMENT;
    if (!b->device)
        name_device(b, &d, es_fit_bytes(m, ES_FIT_FILE_ID_PRODUCT_NAME));
}

/* Of use where file_id says nothing. */
static void on_device_info(struct es_fit_build *b, const struct es_fit_msg *m)
{
    struct es_fit_device d;
    if (b->device)
        return;
    es_fit_read_device_info(m, &d);
    if (d.index == 0)
        name_device(b, &d, es_fit_bytes(m, ES_FIT_DEVICE_INFO_PRODUCT_NAME));
}

static void take(struct es_fit_build *b, const struct es_fit_msg *m)
{
    switch (m->def->global) {
    case ES_FIT_EVENT:
        return on_event(b, m);
    case ES_FIT_LAP:
        return on_lap(b, m);
    case ES_FIT_LENGTH:
        return on_length(b, m);
    case ES_FIT_SESSION:
        return on_session(b, m);
    case ES_FIT_ACTIVITY:
        return on_activity(b, m);
    case ES_FIT_FILE_ID:
        return on_file_id(b, m);
    case ES_FIT_DEVICE_INFO:
        return on_device_info(b, m);
    case ES_FIT_SPORT:
        return on_sport(b, m);
    case ES_FIT_FIELD_DESCRIPTION:
        return es_fit_describe(&b->r, m);
    case ES_FIT_HR:
        b->has_hr = true;
        return;
    default:
        return;
    }
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Counts before it reads, so that everything is allocated once and at its
 * size. */
static enum es_code make_room(const struct es_fit_file *f,
                              const struct es_fit_room *room,
                              struct es_fit_build *b, struct es_err *e)
{
    enum { RECORDS, LAPS, LENGTHS, SESSIONS, EVENTS, KINDS };
    static const uint16_t GLOBALS[KINDS] = {
        ES_FIT_RECORD, ES_FIT_LAP, ES_FIT_LENGTH, ES_FIT_SESSION, ES_FIT_EVENT,
    };
    size_t n[KINDS] = { 0 };
    es_fit_count(f, GLOBALS, n, KINDS);
    if (n[RECORDS] > room->points)
        return es_fail(e, ES_EMANYPOINTS, f->at, "more than %u records",
                       ES_POINTS_MAX);
    b->r.cap = n[RECORDS];
    b->cap_laps = least(n[LAPS], room->laps);
    b->cap_lengths = least(n[LENGTHS], room->lengths);
    b->cap_sessions = least(n[SESSIONS], room->sessions);
    b->cap_resumes = least(n[EVENTS], room->resumes);
    b->r.pts = es_arena_bare(b->a, b->r.cap, sizeof *b->r.pts);
    b->laps = es_arena_array(b->a, b->cap_laps, sizeof *b->laps);
    b->lengths = es_arena_array(b->a, b->cap_lengths, sizeof *b->lengths);
    b->sessions = es_arena_array(b->a, b->cap_sessions, sizeof *b->sessions);
    b->resumes = es_arena_array(b->a, b->cap_resumes, sizeof *b->resumes);
    if (!b->r.pts || !b->laps || !b->lengths || !b->sessions || !b->resumes)
        return es_fail(e, ES_ENOMEM, f->at, "no memory for %zu records",
                       b->r.cap);
    return ES_OK;
}

enum es_code es_fit_gather(struct es_fit_file *f, struct es_fit_room *room,
                           struct es_arena *a, struct es_fit_build *b,
                           struct es_err *e)
{
    struct es_fit_msg m;
    *b = (struct es_fit_build){
        .a = a, .r.a = a, .timer_s = NAN, .utc_offset_s = NAN
    };
    enum es_code rc = make_room(f, room, b, e);
    if (rc != ES_OK)
        return rc;
    while (es_fit_next(f, &m)) {
        if (m.def->global == ES_FIT_RECORD)
            es_fit_record(&b->r, f, &m);
        else
            take(b, &m);
    }
    room->points -= b->r.cap;
    room->laps -= b->cap_laps;
    room->lengths -= b->cap_lengths;
    room->sessions -= b->cap_sessions;
    room->resumes -= b->cap_resumes;
    return ES_OK;
}
