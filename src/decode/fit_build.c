/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/fit_build.h"

#include <math.h>

#include "base/limits.h"
#include "decode/gather.h"

/* 1989-12-31T00:00:00Z, from which FIT counts seconds. */
static const int64_t EPOCH_S = 631065600;
/* Smaller times count from when the device was switched on. */
static const double RELATIVE_BELOW = 0x10000000;
enum { EVENT_TIMER = 0, TIMER_START = 0 };

static int64_t time_ms(struct es_fit_build *b, double t)
{
    if (isnan(t))
        return ES_NO_TIME;
    b->relative = b->relative || t < RELATIVE_BELOW;
    return (EPOCH_S + (int64_t)t) * 1000;
}

/* Twelve bits of speed in cm/s, twelve of distance in 1/16 m; the distance
 * rolls over every 256 m. Source: FIT profile, compressed_speed_distance. */
static void take_compressed(struct es_fit_build *b, const struct es_fit_msg *m,
                            struct es_point *p)
{
    struct es_bytes s = es_fit_bytes(m, ES_FIT_COMPRESSED_SPEED_DISTANCE);
    if (s.n != 3 || (s.p[0] & s.p[1] & s.p[2]) == 0xff)
        return;
    uint32_t speed = s.p[0] | (s.p[1] & 0x0fu) << 8;
    uint32_t dist = (uint32_t)s.p[1] >> 4 | (uint32_t)s.p[2] << 4;
    if (b->has_16th_m)
        b->rolled_16th_m += (dist - b->last_16th_m) & 0xfff;
    else
        b->rolled_16th_m = dist;
    b->last_16th_m = dist;
    b->has_16th_m = true;
    if (isnan(p->speed_mps))
        p->speed_mps = (float)speed / 100;
    if (isnan(p->dist_m))
        p->dist_m = (double)b->rolled_16th_m / 16;
}

static void on_record(struct es_fit_build *b, const struct es_fit_msg *m)
{
    struct es_fit_record r;
    if (b->n_pts == b->cap_pts)
        return;
    struct es_point *p = &b->pts[b->n_pts++];
    es_fit_read_record(m, &r);
    *p = es_point_none();
    p->t_ms = time_ms(b, r.time);
    if (fabs(r.lat_deg) <= 90 && fabs(r.lon_deg) <= 180) {
        p->lat_deg = r.lat_deg;
        p->lon_deg = r.lon_deg;
    }
    p->dist_m = r.dist_m;
    p->alt_m = (float)(isnan(r.fine_alt_m) ? r.alt_m : r.fine_alt_m);
    p->speed_mps =
        (float)(isnan(r.fine_speed_mps) ? r.speed_mps : r.fine_speed_mps);
    p->acc_m = (float)r.acc_m;
    p->power_w = r.power_w >= 0 ? (uint16_t)fmin(r.power_w, 65535) : 0;
    p->hr_bpm = r.hr_bpm >= 0 ? (uint8_t)fmin(r.hr_bpm, 255) : 0;
    p->cadence_spm =
        (float)(r.cadence + (isnan(r.part_cadence) ? 0 : r.part_cadence));
    p->temp_c = (float)r.temp_c;
    if (isnan(r.dist_m))
        take_compressed(b, m, p);
}

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
        time_ms(b, isnan(s.start) ? s.time : s.start),
        s.elapsed_s,
        s.timer_s,
        s.dist_m,
    };
}

static void on_event(struct es_fit_build *b, const struct es_fit_msg *m)
{
    struct es_fit_event ev;
    es_fit_read_event(m, &ev);
    if (ev.event != EVENT_TIMER || isnan(ev.type))
        return;
    if (ev.type != TIMER_START) { /* all others stop it, in their ways */
        b->stopped = true;
        return;
    }
    int64_t t = time_ms(b, ev.time);
    if (b->stopped && t != ES_NO_TIME && b->n_resumes < b->cap_resumes)
        b->resumes[b->n_resumes++] = t;
    b->stopped = false;
}

static void on_sport(struct es_fit_build *b, const struct es_fit_msg *m)
{
    es_fit_read_sport(m, &b->sport);
    b->has_sport = true;
}

/* The string in a field of a fixed size; NULL when there is none. */
static const char *text_of(struct es_fit_build *b, struct es_bytes s)
{
    const uint8_t *end = s.n ? memchr(s.p, 0, s.n) : NULL;
    if (end)
        s.n = (size_t)(end - s.p);
    return es_gather_name(b->a, s);
}

/* "COROS PACE 2", not "COROS COROS PACE 2". */
static void name_device(struct es_fit_build *b, const struct es_fit_device *d,
                        struct es_bytes product_name)
{
    unsigned number = d->product >= 0 ? (unsigned)d->product : 0;
    const char *maker = d->manufacturer >= 0
                            ? es_fit_manufacturer((unsigned)d->manufacturer)
                            : NULL;
    const char *product = text_of(b, product_name);

    if (!product && (d->manufacturer == 1 || d->manufacturer == 15))
        product = es_fit_garmin_product(number);
    if (maker && product && strncasecmp(product, maker, strlen(maker)) == 0)
        maker = NULL;
    if (maker && product)
        b->device = es_arena_fmt(b->a, "%s %.100s", maker, product);
    else if (maker || product)
        b->device = es_arena_str(b->a, maker ? maker : product);
}

static void on_file_id(struct es_fit_build *b, const struct es_fit_msg *m)
{
    struct es_fit_device d;
    es_fit_read_file_id(m, &d);
    if (!isnan(d.file_type))
        b->file_type = d.file_type;
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

static const struct handler {
    uint16_t global;
    void (*take)(struct es_fit_build *, const struct es_fit_msg *);
} HANDLERS[] = {
    { ES_FIT_RECORD, on_record },   { ES_FIT_EVENT, on_event },
    { ES_FIT_LAP, on_lap },         { ES_FIT_SESSION, on_session },
    { ES_FIT_FILE_ID, on_file_id }, { ES_FIT_DEVICE_INFO, on_device_info },
    { ES_FIT_SPORT, on_sport },
};

/* Walks through a copy of f, so that everything is allocated once and at its
 * size. */
static enum es_code make_room(const struct es_fit_file *f, size_t points_max,
                              struct es_fit_build *b, struct es_err *e)
{
    struct es_fit_file *walk = es_arena_alloc(b->a, sizeof *walk);
    struct es_fit_msg m;
    if (!walk)
        return es_fail(e, ES_ENOMEM, f->at, "no memory to read the file");
    *walk = *f;
    while (es_fit_next(walk, &m)) {
        b->cap_pts += m.def->global == ES_FIT_RECORD;
        b->cap_laps += m.def->global == ES_FIT_LAP;
        b->cap_sessions += m.def->global == ES_FIT_SESSION;
        b->cap_resumes += m.def->global == ES_FIT_EVENT;
        if (b->cap_pts > points_max)
            return es_fail(e, ES_EMANYPOINTS, m.at, "more than %u records",
                           ES_POINTS_MAX);
    }
    b->cap_laps = b->cap_laps < ES_LAPS_MAX ? b->cap_laps : ES_LAPS_MAX;
    if (b->cap_sessions > ES_ACTIVITIES_MAX)
        b->cap_sessions = ES_ACTIVITIES_MAX;
    if (b->cap_resumes > ES_LAPS_MAX)
        b->cap_resumes = ES_LAPS_MAX;
    b->pts = es_arena_array(b->a, b->cap_pts, sizeof *b->pts);
    b->laps = es_arena_array(b->a, b->cap_laps, sizeof *b->laps);
    b->sessions = es_arena_array(b->a, b->cap_sessions, sizeof *b->sessions);
    b->resumes = es_arena_array(b->a, b->cap_resumes, sizeof *b->resumes);
    if (!b->pts || !b->laps || !b->sessions || !b->resumes)
        return es_fail(e, ES_ENOMEM, f->at, "no memory for %zu records",
                       b->cap_pts);
    return ES_OK;
}

enum es_code es_fit_gather(struct es_fit_file *f, size_t points_max,
                           struct es_arena *a, struct es_fit_build *b,
                           struct es_err *e)
{
    struct es_fit_msg m;
    *b = (struct es_fit_build){ .a = a };
    enum es_code rc = make_room(f, points_max, b, e);
    if (rc != ES_OK)
        return rc;
    while (es_fit_next(f, &m))
        for (size_t i = 0; i < sizeof HANDLERS / sizeof *HANDLERS; i++)
            if (HANDLERS[i].global == m.def->global)
                HANDLERS[i].take(b, &m);
    return ES_OK;
}
