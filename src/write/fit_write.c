/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "base/crc.h"
#include "write/write.h"

/* 1989-12-31T00:00:00Z, from which FIT counts seconds. */
static const int64_t EPOCH_MS = 631065600000;
static const uint32_t NONE = UINT32_MAX;       /* of all unsigned types */
static const uint32_t NO_DEGREES = 0x7fffffff; /* of sint32 */
enum { HEADER = 14, SIZE_AT = 4, PROTOCOL_2_0 = 0x20, PROFILE = 2132 };
enum {
    ENUM = 0x00,
    U8 = 0x02,
    STRING = 0x07,
    U16 = 0x84,
    S32 = 0x85,
    U32 = 0x86
}; /* base types */
enum { ACTIVITY_FILE = 4, MADE_FOR_DEVELOPMENT = 255, NAME_MAX_BYTES = 120 };
enum { EVENT_TIMER = 0, EVENT_SESSION = 8, EVENT_LAP = 9, EVENT_ACTIVITY = 26 };
enum { TYPE_START = 0, TYPE_STOP = 1, TYPE_STOP_ALL = 4 };

struct field {
    uint8_t num, base;
};

/* A message as it stands in the file: its number and its fields, in order.
 * Source: FIT profile. */
struct message {
    uint8_t local;
    uint16_t global;
    uint8_t n;
    struct field fields[10];
};

static const struct message EVENT = { 1,
                                      21,
                                      3,
                                      {
                                          { 253, U32 }, /* timestamp */
                                          { 0, ENUM },  /* event */
                                          { 1, ENUM },  /* event_type */
                                      } };
static const struct message RECORD = {
    2,
    20,
    10,
    {
        { 253, U32 }, /* timestamp */
        { 0, S32 },   /* position_lat */
        { 1, S32 },   /* position_long */
        { 5, U32 },   /* distance, cm */
        { 2, U16 },   /* altitude, 0.2 m above -500 m */
        { 6, U16 },   /* speed, mm/s */
        { 7, U16 },   /* power, W */
        { 3, U8 },    /* heart_rate */
        { 4, U8 },    /* cadence */
        { 31, U8 },   /* gps_accuracy, m */
    }
};
static const struct message LAP = { 3,
                                    19,
                                    8,
                                    {
                                        { 253, U32 }, /* timestamp: the end */
                                        { 2, U32 },   /* start_time */
                                        { 7, U32 }, /* total_elapsed_time, ms */
                                        { 8, U32 }, /* total_timer_time, ms */
                                        { 9, U32 }, /* total_distance, cm */
                                        { 254, U16 }, /* message_index */
                                        { 0, ENUM },  /* event */
                                        { 1, ENUM },  /* event_type */
                                    } };
static const struct message SESSION = {
    4,
    18,
    10,
    {
        { 253, U32 }, /* timestamp: the end */
        { 2, U32 },   /* start_time */
        { 7, U32 },   /* total_elapsed_time, ms */
        { 8, U32 },   /* total_timer_time, ms */
        { 9, U32 },   /* total_distance, cm */
        { 26, U16 },  /* num_laps */
        { 5, ENUM },  /* sport */
        { 6, ENUM },  /* sub_sport */
        { 0, ENUM },  /* event */
        { 1, ENUM },  /* event_type */
    }
};
static const struct message ACTIVITY = { 5,
                                         34,
                                         6,
                                         {
                                             { 253, U32 }, /* timestamp */
                                             { 0,
                                               U32 }, /* total_timer_time, ms */
                                             { 1, U16 },  /* num_sessions */
                                             { 2, ENUM }, /* type: 0 manual */
                                             { 3, ENUM }, /* event */
                                             { 4, ENUM }, /* event_type */
                                         } };

static size_t size_of(uint8_t base)
{
    return base == U16 ? 2 : base == U32 || base == S32 ? 4 : 1;
}

static void define(struct es_buf *b, const struct message *m)
{
    es_buf_u8(b, 0x40 | m->local);
    es_buf_u8(b, 0);
    es_buf_u8(b, 0); /* little-endian */
    es_buf_u16le(b, m->global);
    es_buf_u8(b, m->n);
    for (size_t i = 0; i < m->n; i++) {
        es_buf_u8(b, m->fields[i].num);
        es_buf_u8(b, (uint8_t)size_of(m->fields[i].base));
        es_buf_u8(b, m->fields[i].base);
    }
}

/* One value for each field of m, NONE where there is none. */
static void put(struct es_buf *b, const struct message *m, const uint32_t *v)
{
    es_buf_u8(b, m->local);
    for (size_t i = 0; i < m->n; i++) {
        size_t size = size_of(m->fields[i].base);
        if (size == 4)
            es_buf_u32le(b, v[i]);
        else if (size == 2)
            es_buf_u16le(b, (uint16_t)v[i]);
        else
            es_buf_u8(b, (uint8_t)v[i]);
    }
}

/* Rounded, or NONE when it is absent or more than the field can say. */
static uint32_t scaled(double v, double scale, double offset, double max)
{
    double raw = floor((v + offset) * scale + 0.5);
    return raw >= 0 && raw < max ? (uint32_t)raw : NONE;
}

static uint32_t semicircles(double deg)
{
    double raw = floor(deg * (2147483648.0 / 180) + 0.5);
    if (raw >= 2147483648.0) /* 180 degrees east are 180 west */
        raw -= 4294967296.0;
    if (raw == 2147483647.0) /* would say "none" */
        raw--;
    return (uint32_t)(int32_t)raw;
}

static bool time_fits(int64_t t_ms)
{
    return t_ms >= EPOCH_MS && t_ms < EPOCH_MS + 4294967294000;
}

static uint32_t seconds(int64_t t_ms)
{
    return time_fits(t_ms) ? (uint32_t)((t_ms - EPOCH_MS + 500) / 1000) : NONE;
}

static uint32_t u32_of(double v, double scale)
{
    return scaled(v, scale, 0, 4294967295.0);
}

static enum es_code check(const struct es_track *tr, struct es_err *e)
{
    if (tr->n == 0 && !time_fits(tr->started_ms))
        return es_fail(e, ES_EINVAL, 0, "a track without samples and start");
    if (tr->started_ms != ES_NO_TIME && !time_fits(tr->started_ms))
        return es_fail(e, ES_EINVAL, 0, "FIT can't tell such a start");
    for (size_t i = 0; i < tr->n; i++)
        if (!time_fits(tr->pts[i].t_ms))
            return es_fail(e, ES_EINVAL, i, "FIT can't tell the time of %zu",
                           i);
    for (size_t i = 0; i < tr->n_laps; i++)
        if (tr->laps[i].start_ms != ES_NO_TIME &&
            !time_fits(tr->laps[i].start_ms))
            return es_fail(e, ES_EINVAL, i,
                           "FIT can't tell the start of lap "
                           "%zu",
                           i);
    return ES_OK;
}

/* file_id, whose last field is as long as the device's name. */
static void put_file_id(struct es_buf *b, const char *device, uint32_t made)
{
    size_t n = device ? strnlen(device, NAME_MAX_BYTES) : 0;
    es_buf_add(b, "\x40\0\0\0\0\5", 6); /* local 0, message 0, 5 fields */
    es_buf_add(b, "\0\1\0", 3);         /* type */
    es_buf_add(b, "\1\2\x84", 3);       /* manufacturer */
    es_buf_add(b, "\2\2\x84", 3);       /* product */
    es_buf_add(b, "\4\4\x86", 3);       /* time_created */
    es_buf_u8(b, 8);                    /* product_name */
    es_buf_u8(b, (uint8_t)(n + 1));
    es_buf_u8(b, STRING);
    es_buf_u8(b, 0);
    es_buf_u8(b, ACTIVITY_FILE);
    es_buf_u16le(b, MADE_FOR_DEVELOPMENT);
    es_buf_u16le(b, 0);
    es_buf_u32le(b, made);
    es_buf_add(b, device, n);
    es_buf_u8(b, 0);
}

static void put_event(struct es_buf *b, int64_t t_ms, uint32_t type)
{
    put(b, &EVENT, (uint32_t[]){ seconds(t_ms), EVENT_TIMER, type });
}

static void put_record(struct es_buf *b, const struct es_point *p)
{
    bool here = es_point_has_position(p);
    put(b, &RECORD,
        (uint32_t[]){
            seconds(p->t_ms),
            here ? semicircles(p->lat_deg) : NO_DEGREES,
            here ? semicircles(p->lon_deg) : NO_DEGREES,
            u32_of(p->dist_m, 100),
            scaled((double)p->alt_m, 5, 500, 65535),
            scaled((double)p->speed_mps, 1000, 0, 65535),
            p->power_w ? p->power_w : NONE,
            p->hr_bpm ? p->hr_bpm : NONE,
            isfinite(p->cadence_spm) ? (uint32_t)p->cadence_spm : NONE,
            scaled((double)p->acc_m, 1, 0, 255),
        });
}

/* The samples, with the timer stopped and started around each pause. Returns
 * the length of all pauses. */
static double put_records(struct es_buf *b, const struct es_track *tr)
{
    double paused_s = 0;
    if (tr->n == 0)
        return 0;
    put_event(b, tr->pts[0].t_ms, TYPE_START);
    for (size_t i = 0; i < tr->n; i++) {
        const struct es_point *p = &tr->pts[i];
        if (i > 0 && (p->flags & ES_PT_RESUME)) {
            put_event(b, p[-1].t_ms, TYPE_STOP_ALL);
            put_event(b, p->t_ms, TYPE_START);
            paused_s += fmax((double)(p->t_ms - p[-1].t_ms) / 1000, 0);
        }
        put_record(b, p);
    }
    put_event(b, tr->pts[tr->n - 1].t_ms, TYPE_STOP_ALL);
    return paused_s;
}

static void put_lap(struct es_buf *b, const struct es_lap *lap, size_t i)
{
    int64_t end_ms = lap->start_ms;
    if (end_ms != ES_NO_TIME && lap->elapsed_s >= 0 && lap->elapsed_s < 1e6)
        end_ms += (int64_t)(lap->elapsed_s * 1000);
    put(b, &LAP,
        (uint32_t[]){ seconds(end_ms), seconds(lap->start_ms),
                      u32_of(lap->elapsed_s, 1000), u32_of(lap->timer_s, 1000),
                      u32_of(lap->dist_m, 100), (uint32_t)i, EVENT_LAP,
                      TYPE_STOP });
}

/* Laps, session and activity, which every activity file has. */
static void put_summary(struct es_buf *b, const struct es_track *tr,
                        double paused_s)
{
    const struct es_point *end = tr->n ? &tr->pts[tr->n - 1] : NULL;
    int64_t start_ms = tr->started_ms;
    if (start_ms == ES_NO_TIME)
        start_ms = tr->pts[0].t_ms;
    int64_t end_ms = end && end->t_ms > start_ms ? end->t_ms : start_ms;
    double elapsed_s = tr->elapsed_s, timer_s = tr->timer_s;
    if (isnan(elapsed_s))
        elapsed_s = (double)(end_ms - start_ms) / 1000;
    if (isnan(timer_s))
        timer_s = elapsed_s - paused_s;
    double dist_m = tr->device_dist_m;
    if (isnan(dist_m) && end)
        dist_m = end->dist_m;
    struct es_lap whole = { start_ms, elapsed_s, timer_s, dist_m };
    size_t laps = tr->n_laps ? tr->n_laps : 1;

    for (size_t i = 0; i < laps; i++)
        put_lap(b, tr->n_laps ? &tr->laps[i] : &whole, i);
    put(b, &SESSION,
        (uint32_t[]){ seconds(end_ms), seconds(start_ms),
                      u32_of(elapsed_s, 1000), u32_of(timer_s, 1000),
                      u32_of(dist_m, 100), (uint32_t)laps, tr->sport,
                      tr->sub_sport, EVENT_SESSION, TYPE_STOP });
    put(b, &ACTIVITY,
        (uint32_t[]){ seconds(end_ms), u32_of(timer_s, 1000), 1, 0,
                      EVENT_ACTIVITY, TYPE_STOP });
}

static void put_header(struct es_buf *b)
{
    es_buf_u8(b, HEADER);
    es_buf_u8(b, PROTOCOL_2_0);
    es_buf_u16le(b, PROFILE);
    es_buf_u32le(b, 0); /* the size, once it is known */
    es_buf_str(b, ".FIT");
    es_buf_u16le(b, 0); /* no checksum of its own: the file's covers it */
}

/* The size into the header, the checksum to the end. */
static void close_file(struct es_buf *b, size_t from)
{
    if (b->bad)
        return;
    size_t size = b->n - from - HEADER;
    for (size_t i = 0; i < 4; i++)
        b->p[from + SIZE_AT + i] = (uint8_t)(size >> (8 * i));
    struct es_bytes all = es_buf_bytes(b);
    es_buf_u16le(b,
                 es_crc16(0, (struct es_bytes){ all.p + from, all.n - from }));
}

enum es_code es_fit_write(const struct es_track *tr, struct es_buf *out,
                          struct es_err *e)
{
    size_t from = out->n;
    enum es_code rc = check(tr, e);
    if (rc != ES_OK)
        return rc;
    put_header(out);
    put_file_id(out, tr->device,
                seconds(tr->n ? tr->pts[0].t_ms : tr->started_ms));
    define(out, &EVENT);
    define(out, &RECORD);
    define(out, &LAP);
    define(out, &SESSION);
    define(out, &ACTIVITY);
    double paused_s = put_records(out, tr);
    put_summary(out, tr, paused_s);
    close_file(out, from);
    if (out->bad)
        return es_fail(e, ES_ETOOLARGE, 0, "the FIT file is too large");
    return ES_OK;
}
