/* SPDX-License-Identifier: Apache-2.0 */
/* Source: the FIT protocol and profile. What the profile has no field for is
 * kept in developer fields, which the protocol lets everybody define. */
#include <math.h>
#include <string.h>

#include "base/crc.h"
#include "base/limits.h"
#include "write/write.h"

/* 1989-12-31T00:00:00Z, from which FIT counts seconds. */
static const int64_t EPOCH_MS = 631065600000;
static const uint32_t NONE = UINT32_MAX;       /* of all unsigned types */
static const uint32_t NO_DEGREES = 0x7fffffff; /* of sint32 */
static const uint32_t NO_CELSIUS = 0x7f;       /* of sint8 */
enum { HEADER = 14, SIZE_AT = 4, CRC_AT = 12 };
enum { PROTOCOL_2_0 = 0x20, PROFILE = 2132 };
enum {
    ENUM = 0x00,
    S8 = 0x01,
    U8 = 0x02,
    STRING = 0x07,
    BYTE = 0x0d,
    U16 = 0x84,
    S32 = 0x85,
    U32 = 0x86,
    F32 = 0x88
}; /* base types */
enum { ACTIVITY_FILE = 4, MADE_FOR_DEVELOPMENT = 255, NAME_MAX_BYTES = 120 };
enum { EVENT_TIMER = 0, EVENT_SESSION = 8, EVENT_LAP = 9, EVENT_ACTIVITY = 26 };
enum { TYPE_START = 0, TYPE_STOP = 1, TYPE_STOP_ALL = 4 };
enum { LOCAL_ONCE, LOCAL_EVENT, LOCAL_RECORD, LOCAL_LAP, LOCAL_SESSION };
enum { LOCAL_ACTIVITY = 5, LOCAL_LENGTH = 6 };
enum { DEFINITION = 0x40, WITH_DEVELOPER = 0x20 };
enum { FIELDS_MAX = 16, EXTRAS_MAX = ES_EXTRAS_MAX + 1 };

struct field {
    uint8_t num, base;
    uint8_t developer; /* index; of a developer field */
};

/* A message as it stands in the file: its fields, in order, and after them
 * developer fields. */
struct message {
    uint8_t local;
    uint16_t global;
    size_t n, n_own;
    struct field fields[FIELDS_MAX + EXTRAS_MAX];
};

static const struct message EVENT = {
    .local = LOCAL_EVENT,
    .global = 21,
    .n = 3,
    .fields = {
        { 253, U32 }, /* timestamp */
        { 0, ENUM },  /* event */
        { 1, ENUM },  /* event_type */
    },
};
static const struct message LAP = {
    .local = LOCAL_LAP,
    .global = 19,
    .n = 8,
    .fields = {
        { 253, U32 }, /* timestamp: the end */
        { 2, U32 },   /* start_time */
        { 7, U32 },   /* total_elapsed_time, ms */
        { 8, U32 },   /* total_timer_time, ms */
        { 9, U32 },   /* total_distance, cm */
        { 254, U16 }, /* message_index */
        { 0, ENUM },  /* event */
        { 1, ENUM },  /* event_type */
    },
};
static const struct message LENGTH = {
    .local = LOCAL_LENGTH,
    .global = 101,
    .n = 7,
    .fields = {
        { 253, U32 }, /* timestamp: the end */
        { 2, U32 },   /* start_time */
        { 3, U32 },   /* total_elapsed_time, ms */
        { 4, U32 },   /* total_timer_time, ms */
        { 5, U16 },   /* total_strokes */
        { 12, ENUM }, /* length_type: 0 idle, 1 active */
        { 254, U16 }, /* message_index */
    },
};
static const struct message SESSION = {
    .local = LOCAL_SESSION,
    .global = 18,
    .n = 12,
    .fields = {
        { 253, U32 }, /* timestamp: the end */
        { 2, U32 },   /* start_time */
        { 7, U32 },   /* total_elapsed_time, ms */
        { 8, U32 },   /* total_timer_time, ms */
        { 9, U32 },   /* total_distance, cm */
        { 25, U16 },  /* first_lap_index */
        { 26, U16 },  /* num_laps */
        { 44, U16 },  /* pool_length, cm */
        { 5, ENUM },  /* sport */
        { 6, ENUM },  /* sub_sport */
        { 0, ENUM },  /* event */
        { 1, ENUM },  /* event_type */
    },
};
static const struct message ACTIVITY = {
    .local = LOCAL_ACTIVITY,
    .global = 34,
    .n = 7,
    .fields = {
        { 253, U32 }, /* timestamp */
        { 0, U32 },   /* total_timer_time, ms */
        { 1, U16 },   /* num_sessions */
        { 5, U32 },   /* local_timestamp */
        { 2, ENUM },  /* type: 0 manual */
        { 3, ENUM },  /* event */
        { 4, ENUM },  /* event_type */
    },
};

/* ---- developer fields ---- */

/* What a track's points have beside the profile's fields: those of apps, and
 * our own, told by its name. */
static const char APPLICATION[17] = "everystep.track1"; /* 16 bytes and a NUL */
static const char MARKS_NAME[] = "everystep_marks";     /* ES_PT_... */

/* ---- messages ---- */

static size_t size_of(uint8_t base)
{
    return base == U16 ? 2 : base == U32 || base == S32 || base == F32 ? 4 : 1;
}

static void define(struct es_buf *b, const struct message *m)
{
    es_buf_u8(b, DEFINITION | (m->n_own ? WITH_DEVELOPER : 0) | m->local);
    es_buf_u8(b, 0);
    es_buf_u8(b, 0); /* little-endian */
    es_buf_u16le(b, m->global);
    es_buf_u8(b, (uint8_t)m->n);
    for (size_t i = 0; i < m->n; i++) {
        es_buf_u8(b, m->fields[i].num);
        es_buf_u8(b, (uint8_t)size_of(m->fields[i].base));
        es_buf_u8(b, m->fields[i].base);
    }
    if (m->n_own)
        es_buf_u8(b, (uint8_t)m->n_own);
    for (size_t i = m->n; i < m->n + m->n_own; i++) {
        es_buf_u8(b, m->fields[i].num);
        es_buf_u8(b, (uint8_t)size_of(m->fields[i].base));
        es_buf_u8(b, m->fields[i].developer);
    }
}

/* One value for each field of m, NONE where there is none. */
static void put(struct es_buf *b, const struct message *m, const uint32_t *v)
{
    es_buf_u8(b, m->local);
    for (size_t i = 0; i < m->n + m->n_own; i++) {
        size_t size = size_of(m->fields[i].base);
        if (size == 4)
            es_buf_u32le(b, v[i]);
        else if (size == 2)
            es_buf_u16le(b, (uint16_t)v[i]);
        else
            es_buf_u8(b, (uint8_t)v[i]);
    }
}

/* ---- values ---- */

/* Rounded, or NONE when it is absent or more than the field can say. */
static uint32_t scaled(double v, double scale, double offset, double max)
{
    double raw = floor((v + offset) * scale + 0.5);
    return raw >= 0 && raw < max ? (uint32_t)raw : NONE;
}

static uint32_t u32_of(double v, double scale)
{
    return scaled(v, scale, 0, 4294967295.0);
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

static uint32_t celsius(float v)
{
    double whole = floor((double)v + 0.5);
    return whole >= -128 && whole < 127 ? (uint32_t)(int32_t)whole : NO_CELSIUS;
}

static bool time_fits(int64_t t_ms)
{
    return t_ms >= EPOCH_MS && t_ms < EPOCH_MS + 4294967294000;
}

static uint32_t seconds(int64_t t_ms)
{
    return time_fits(t_ms) ? (uint32_t)((t_ms - EPOCH_MS) / 1000) : NONE;
}

/* Of a time that fits. */
static uint32_t ms_past(int64_t t_ms)
{
    return (uint32_t)((t_ms - EPOCH_MS) % 1000);
}

/* Of a stride a minute, 1/128; both parts of it from one rounding. */
static uint32_t cadence_128(const struct es_point *p)
{
    return scaled((double)p->cadence_spm, 128, 0, 255 * 128);
}

/* ---- records ---- */

enum column {
    TIME,
    LAT,
    LON,
    DISTANCE,
    ALTITUDE,
    FINE_ALTITUDE,
    SPEED,
    FINE_SPEED,
    POWER,
    HEART_RATE,
    CADENCE,
    CADENCE_PART,
    TEMPERATURE,
    ACCURACY,
    PART_TIME,
    N_COLUMNS,
    MARKS = N_COLUMNS,
    N_ALL
};
static const struct field COLUMNS[N_COLUMNS] = {
    [TIME] = { 253, U32 },
    [LAT] = { 0, S32 },
    [LON] = { 1, S32 },
    [DISTANCE] = { 5, U32 },       /* cm */
    [ALTITUDE] = { 2, U16 },       /* 0.2 m above -500 m */
    [FINE_ALTITUDE] = { 78, U32 }, /* the same, further */
    [SPEED] = { 6, U16 },          /* mm/s */
    [FINE_SPEED] = { 73, U32 },    /* the same, faster */
    [POWER] = { 7, U16 },          /* W */
    [HEART_RATE] = { 3, U8 },
    [CADENCE] = { 4, U8 },
    [CADENCE_PART] = { 53, U8 }, /* 1/128 */
    [TEMPERATURE] = { 13, S8 },  /* degrees Celsius */
    [PART_TIME] = { 128, U16 },  /* fractional_timestamp, 1/32768 s */
    [ACCURACY] = { 31, U8 },     /* m */
};

/* What a point has in a column, or what says that it has nothing. */
static uint32_t value(const struct es_point *p, enum column c)
{
    bool here = es_point_has_position(p);
    switch (c) {
    case TIME:
        return seconds(p->t_ms);
    case LAT:
        return here ? semicircles(p->lat_deg) : NO_DEGREES;
    case LON:
        return here ? semicircles(p->lon_deg) : NO_DEGREES;
    case DISTANCE:
        return u32_of(p->dist_m, 100);
    case ALTITUDE:
    case FINE_ALTITUDE:
        return scaled((double)p->alt_m, 5, 500, 4294967295.0);
    case SPEED:
    case FINE_SPEED:
        return u32_of((double)p->speed_mps, 1000);
    case POWER:
        return p->power_w ? p->power_w : NONE;
    case HEART_RATE:
        return p->hr_bpm ? p->hr_bpm : NONE;
    case CADENCE:
        return cadence_128(p) == NONE ? NONE : cadence_128(p) / 128;
    case CADENCE_PART:
        return cadence_128(p) == NONE ? NONE : cadence_128(p) % 128;
    case TEMPERATURE:
        return celsius(p->temp_c);
    case ACCURACY:
        return scaled((double)p->acc_m, 1, 0, 255);
    case PART_TIME:
        return time_fits(p->t_ms) ? (ms_past(p->t_ms) * 32768 + 500) / 1000
                                  : NONE;
    case MARKS:
    default:
        return p->flags;
    }
}

/* A pause ends at this point. In GPX a segment begins where one does; in TCX
 * also with each lap. */
static bool resumes(const struct es_track *tr, size_t i)
{
    uint8_t f = tr->pts[i].flags;
    return i > 0 &&
           ((f & ES_PT_RESUME) || ((f & ES_PT_SEGMENT) && !(f & ES_PT_LAP)));
}

static int64_t whole_s(int64_t t_ms)
{
    return time_fits(t_ms) ? t_ms - ms_past(t_ms) : t_ms;
}

/* Whether events and laps alone, whose times are whole seconds, would have a
 * reader set the same flags: on the first record at or after each. */
static bool flags_follow(const struct es_track *tr, int64_t start_ms)
{
    size_t lap = 0;
    size_t resume = 0;
    size_t laps = tr->n_laps ? tr->n_laps : 1;
    for (size_t i = 0; i < tr->n; i++) {
        int64_t t_ms = tr->pts[i].t_ms;
        uint8_t flags = 0;
        if (t_ms == ES_NO_TIME && tr->pts[i].flags)
            return false;
        for (; resume < tr->n; resume++) {
            if (!resumes(tr, resume))
                continue;
            if (whole_s(tr->pts[resume].t_ms) > t_ms)
                break;
            flags |= ES_PT_RESUME;
        }
        for (; lap < laps; lap++) {
            int64_t at = tr->n_laps ? tr->laps[lap].start_ms : start_ms;
            if (whole_s(at) > t_ms)
                break;
            flags |= ES_PT_LAP;
        }
        if (flags != tr->pts[i].flags)
            return false;
    }
    return true;
}

/* Whether the point needs this column. */
static bool needs(const struct es_point *p, enum column c)
{
    uint32_t v = value(p, c);
    switch (c) {
    case LAT:
    case LON:
        return es_point_has_position(p);
    case ALTITUDE:
    case SPEED:
        return v < UINT16_MAX;
    case FINE_ALTITUDE:
    case FINE_SPEED:
        return v != NONE && v >= UINT16_MAX;
    case CADENCE_PART:
    case PART_TIME:
        return v != NONE && v != 0;
    case TEMPERATURE:
        return v != NO_CELSIUS;
    case MARKS:
        return false;
    default:
        return v != NONE;
    }
}

/* The columns that this track fills, as bits. */
static uint32_t columns_of(const struct es_track *tr, int64_t start_ms)
{
    uint32_t used = 1u << TIME;
    for (size_t i = 0; i < tr->n; i++)
        for (enum column c = TIME; c < N_ALL; c++)
            if (!(used & 1u << c) && needs(&tr->pts[i], c))
                used |= 1u << c;
    if (used & 1u << FINE_ALTITUDE) /* holds all of the other */
        used &= ~(1u << ALTITUDE);
    if (used & 1u << FINE_SPEED)
        used &= ~(1u << SPEED);
    if (!flags_follow(tr, start_ms))
        used |= 1u << MARKS;
    return used;
}

static size_t extras_of(const struct es_track *tr)
{
    return tr->n_extras < ES_EXTRAS_MAX ? tr->n_extras : ES_EXTRAS_MAX;
}

static bool is_taken(const struct es_track *tr, uint8_t developer)
{
    for (size_t i = 0; i < extras_of(tr); i++)
        if (tr->extras[i].developer == developer)
            return true;
    return false;
}

/* A developer's number that no app of this track has. */
static uint8_t own_index(const struct es_track *tr)
{
    uint8_t own = 0;
    while (is_taken(tr, own))
        own++;
    return own;
}

static struct message record_of(const struct es_track *tr, uint32_t columns)
{
    struct message m = { .local = LOCAL_RECORD, .global = 20 };
    for (enum column c = TIME; c < N_COLUMNS; c++)
        if (columns & 1u << c)
            m.fields[m.n++] = COLUMNS[c];
    size_t n = m.n;
    if (columns & 1u << MARKS)
        m.fields[n++] = (struct field){ 0, U8, own_index(tr) };
    for (size_t i = 0; i < extras_of(tr); i++)
        if (tr->extras[i].v)
            m.fields[n++] = (struct field){ tr->extras[i].number, F32,
                                            tr->extras[i].developer };
    m.n_own = n - m.n;
    return m;
}

static uint32_t float_bits(float v)
{
    uint32_t raw;
    if (isnan(v))
        return NONE;
    memcpy(&raw, &v, sizeof raw);
    return raw;
}

static void put_record(struct es_buf *b, const struct message *record,
                       const struct es_track *tr, uint32_t columns, size_t i)
{
    uint32_t v[FIELDS_MAX + EXTRAS_MAX];
    size_t n = 0;
    for (enum column c = TIME; c < N_ALL; c++)
        if (columns & 1u << c)
            v[n++] = value(&tr->pts[i], c);
    for (size_t k = 0; k < extras_of(tr); k++)
        if (tr->extras[k].v)
            v[n++] = float_bits(tr->extras[k].v[i]);
    put(b, record, v);
}

static void put_event(struct es_buf *b, int64_t t_ms, uint32_t type)
{
    put(b, &EVENT, (uint32_t[]){ seconds(t_ms), EVENT_TIMER, type });
}

/* The samples, with the timer stopped and started around each pause. Returns
 * the length of all pauses. */
static double put_records(struct es_buf *b, const struct es_track *tr,
                          uint32_t columns)
{
    struct message record = record_of(tr, columns);
    double paused_s = 0;
    define(b, &record);
    if (tr->n == 0)
        return 0;
    put_event(b, tr->pts[0].t_ms, TYPE_START);
    for (size_t i = 0; i < tr->n; i++) {
        const struct es_point *p = &tr->pts[i];
        if (resumes(tr, i)) {
            put_event(b, p[-1].t_ms, TYPE_STOP_ALL);
            put_event(b, p->t_ms, TYPE_START);
            if (time_fits(p[-1].t_ms) && p->t_ms > p[-1].t_ms)
                paused_s += (double)(p->t_ms - p[-1].t_ms) / 1000;
        }
        put_record(b, &record, tr, columns, i);
    }
    put_event(b, tr->pts[tr->n - 1].t_ms, TYPE_STOP_ALL);
    return paused_s;
}

/* ---- the summary ---- */

static int64_t end_of(const struct es_lap *lap)
{
    bool known = time_fits(lap->start_ms) && lap->elapsed_s >= 0 &&
                 lap->elapsed_s < 4294967;
    return known ? lap->start_ms + (int64_t)(lap->elapsed_s * 1000)
                 : lap->start_ms;
}

static void put_lap(struct es_buf *b, const struct es_lap *lap, size_t i)
{
    put(b, &LAP,
        (uint32_t[]){ seconds(end_of(lap)), seconds(lap->start_ms),
                      u32_of(lap->elapsed_s, 1000), u32_of(lap->timer_s, 1000),
                      u32_of(lap->dist_m, 100), (uint32_t)i, EVENT_LAP,
                      TYPE_STOP });
}

static void put_length(struct es_buf *b, const struct es_length *x, size_t i)
{
    struct es_lap as = { x->start_ms, (double)x->elapsed_s, (double)x->timer_s,
                         NAN };
    put(b, &LENGTH,
        (uint32_t[]){ seconds(end_of(&as)), seconds(x->start_ms),
                      u32_of(as.elapsed_s, 1000), u32_of(as.timer_s, 1000),
                      x->strokes ? x->strokes : NONE, !x->is_rest,
                      (uint32_t)i });
}

/* What a session must tell, from the samples where the track doesn't. */
static struct es_lap whole_of(const struct es_track *tr, double paused_s)
{
    struct es_lap whole = { tr->started_ms, tr->elapsed_s, tr->timer_s,
                            tr->device_dist_m };
    int64_t end_ms = ES_NO_TIME;
    for (size_t i = 0; i < tr->n; i++) {
        int64_t t_ms = tr->pts[i].t_ms;
        if (whole.start_ms == ES_NO_TIME)
            whole.start_ms = t_ms;
        if (t_ms > end_ms)
            end_ms = t_ms;
    }
    if (isnan(whole.elapsed_s) && whole.start_ms != ES_NO_TIME)
        whole.elapsed_s = end_ms > whole.start_ms
                              ? (double)(end_ms - whole.start_ms) / 1000
                              : 0;
    if (isnan(whole.timer_s))
        whole.timer_s = fmax(whole.elapsed_s - paused_s, 0);
    for (size_t i = tr->n; i > 0 && isnan(whole.dist_m); i--)
        whole.dist_m = tr->pts[i - 1].dist_m;
    return whole;
}

/* On the wall, where it is known how that clock stood. */
static uint32_t local_seconds(const struct es_track *tr, int64_t t_ms)
{
    bool known = t_ms != ES_NO_TIME && fabs(tr->utc_offset_s) <= 86400;
    return known ? seconds(t_ms + (int64_t)(tr->utc_offset_s * 1000)) : NONE;
}

/* Laps, session and activity, which every activity file has. */
static void put_summary(struct es_buf *b, const struct es_track *tr,
                        const struct es_lap *whole)
{
    size_t laps = tr->n_laps ? tr->n_laps : 1;
    int64_t end_ms = end_of(whole);
    define(b, &LAP);
    for (size_t i = 0; i < laps; i++)
        put_lap(b, tr->n_laps ? &tr->laps[i] : whole, i);
    if (tr->n_lengths)
        define(b, &LENGTH);
    for (size_t i = 0; i < tr->n_lengths; i++)
        put_length(b, &tr->lengths[i], i);
    define(b, &SESSION);
    put(b, &SESSION,
        (uint32_t[]){ seconds(end_ms), seconds(whole->start_ms),
                      u32_of(whole->elapsed_s, 1000),
                      u32_of(whole->timer_s, 1000), u32_of(whole->dist_m, 100),
                      0, (uint32_t)laps, scaled(tr->pool_m, 100, 0, 65535),
                      tr->sport, tr->sub_sport, EVENT_SESSION, TYPE_STOP });
    define(b, &ACTIVITY);
    put(b, &ACTIVITY,
        (uint32_t[]){ seconds(end_ms), u32_of(whole->timer_s, 1000), 1,
                      local_seconds(tr, end_ms), 0, EVENT_ACTIVITY,
                      TYPE_STOP });
}

/* ---- the file ---- */

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
    es_buf_u8(b, LOCAL_ONCE);
    es_buf_u8(b, ACTIVITY_FILE);
    es_buf_u16le(b, MADE_FOR_DEVELOPMENT);
    es_buf_u16le(b, 0);
    es_buf_u32le(b, made);
    es_buf_add(b, device, n);
    es_buf_u8(b, 0);
}

/* Message 207, developer_data_id: whose fields are told. Others' 16 bytes of
 * name aren't known here, and left out. */
static void put_developer(struct es_buf *b, uint8_t index,
                          const char *application)
{
    es_buf_add(b, "\x40\0\0\xcf\0", 5);
    es_buf_u8(b, application ? 2 : 1);
    es_buf_add(b, "\3\1\2", 3); /* developer_data_index */
    if (application)
        es_buf_add(b, "\1\x10\x0d", 3); /* application_id */
    es_buf_u8(b, LOCAL_ONCE);
    es_buf_u8(b, index);
    if (application)
        es_buf_add(b, application, 16);
}

/* Message 206, field_description. */
static void put_description(struct es_buf *b, const struct es_extra *x,
                            uint8_t base)
{
    size_t name_n = x->name ? strnlen(x->name, NAME_MAX_BYTES) : 0;
    size_t units_n = x->units ? strnlen(x->units, NAME_MAX_BYTES) : 0;
    es_buf_add(b, "\x40\0\0\xce\0\7", 6);
    es_buf_add(b, "\0\1\2", 3);     /* developer_data_index */
    es_buf_add(b, "\1\1\2", 3);     /* field_definition_number */
    es_buf_add(b, "\2\1\2", 3);     /* fit_base_type_id */
    es_buf_add(b, "\x0e\2\x84", 3); /* native_mesg_num: record */
    es_buf_add(b, "\x0f\1\2", 3);   /* native_field_num */
    es_buf_add(b, (uint8_t[]){ 3, (uint8_t)(name_n + 1), STRING }, 3);
    es_buf_add(b, (uint8_t[]){ 8, (uint8_t)(units_n + 1), STRING }, 3);
    es_buf_u8(b, LOCAL_ONCE);
    es_buf_u8(b, x->developer);
    es_buf_u8(b, x->number);
    es_buf_u8(b, base);
    es_buf_u16le(b, 20);
    es_buf_u8(b, x->native);
    es_buf_add(b, x->name, name_n);
    es_buf_u8(b, 0);
    es_buf_add(b, x->units, units_n);
    es_buf_u8(b, 0);
}

/* Our own first, as a reader may have room for some only. */
static void put_developers(struct es_buf *b, const struct es_track *tr,
                           bool marks)
{
    uint8_t own = own_index(tr);
    struct es_extra mark = { .name = MARKS_NAME,
                             .developer = own,
                             .native = 255 };
    if (marks) {
        put_developer(b, own, APPLICATION);
        put_description(b, &mark, U8);
    }
    for (size_t i = 0; i < extras_of(tr); i++) {
        bool known = false;
        for (size_t k = 0; k < i; k++)
            known |= tr->extras[k].developer == tr->extras[i].developer;
        if (!known)
            put_developer(b, tr->extras[i].developer, NULL);
        put_description(b, &tr->extras[i], F32);
    }
}

static void put_header(struct es_buf *b)
{
    es_buf_u8(b, HEADER);
    es_buf_u8(b, PROTOCOL_2_0);
    es_buf_u16le(b, PROFILE);
    es_buf_u32le(b, 0); /* the size, once it is known */
    es_buf_str(b, ".FIT");
    es_buf_u16le(b, 0); /* and its checksum */
}

/* The size and its checksum into the header, the file's checksum to the
 * end. */
static void close_file(struct es_buf *b, size_t from)
{
    if (b->bad)
        return;
    uint8_t *p = b->p + from;
    size_t size = b->n - from - HEADER;
    for (size_t i = 0; i < 4; i++)
        p[SIZE_AT + i] = (uint8_t)(size >> (8 * i));
    uint16_t crc = es_crc16(0, (struct es_bytes){ p, CRC_AT });
    p[CRC_AT] = (uint8_t)crc;
    p[CRC_AT + 1] = (uint8_t)(crc >> 8);
    es_buf_u16le(b, es_crc16(0, (struct es_bytes){ p, b->n - from }));
}

static enum es_code check(const struct es_track *tr, struct es_err *e)
{
    if (tr->started_ms != ES_NO_TIME && !time_fits(tr->started_ms))
        return es_fail(e, ES_EINVAL, 0, "FIT can't tell such a start");
    for (size_t i = 0; i < tr->n; i++)
        if (tr->pts[i].t_ms != ES_NO_TIME && !time_fits(tr->pts[i].t_ms))
            return es_fail(e, ES_EINVAL, i, "FIT can't tell the time of %zu",
                           i);
    for (size_t i = 0; i < tr->n_laps; i++)
        if (tr->laps[i].start_ms != ES_NO_TIME &&
            !time_fits(tr->laps[i].start_ms))
            return es_fail(e, ES_EINVAL, i,
                           "FIT can't tell the start of lap %zu", i);
    return ES_OK;
}

static void put_file(struct es_buf *out, const struct es_track *tr)
{
    size_t from = out->n;
    int64_t start_ms = whole_of(tr, 0).start_ms;
    uint32_t columns = columns_of(tr, start_ms);
    put_header(out);
    put_file_id(out, tr->device, seconds(start_ms));
    put_developers(out, tr, columns & 1u << MARKS);
    define(out, &EVENT);
    double paused_s = put_records(out, tr, columns);
    struct es_lap whole = whole_of(tr, paused_s);
    put_summary(out, tr, &whole);
    close_file(out, from);
}

enum es_code es_fit_write_all(const struct es_track *v, size_t n,
                              struct es_buf *out, struct es_err *e)
{
    for (size_t i = 0; i < n; i++) {
        enum es_code rc = check(&v[i], e);
        if (rc != ES_OK)
            return rc;
    }
    for (size_t i = 0; i < n; i++)
        put_file(out, &v[i]);
    if (out->bad)
        return es_fail(e, ES_ETOOLARGE, 0,
                       "the FIT file grows past its limit, "
                       "or past the memory");
    return ES_OK;
}

enum es_code es_fit_write(const struct es_track *tr, struct es_buf *out,
                          struct es_err *e)
{
    return es_fit_write_all(tr, 1, out, e);
}
