/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/fit_profile.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

const struct es_fit_base ES_FIT_BASES[32] = {
    [0] = { 1, false, false, 0xff },       /* enum */
    [1] = { 1, true, false, 0x7f },        /* sint8 */
    [2] = { 1, false, false, 0xff },       /* uint8 */
    [3] = { 2, true, false, 0x7fff },      /* sint16 */
    [4] = { 2, false, false, 0xffff },     /* uint16 */
    [5] = { 4, true, false, 0x7fffffff },  /* sint32 */
    [6] = { 4, false, false, UINT32_MAX }, /* uint32 */
    [8] = { 4, true, true, UINT32_MAX },   /* float32 */
    [9] = { 8, true, true, UINT32_MAX },   /* float64 */
    [10] = { 1, false, false, 0 },         /* uint8z */
    [11] = { 2, false, false, 0 },         /* uint16z */
    [12] = { 4, false, false, 0 },         /* uint32z */
    [13] = { 1, false, false, 0xff },      /* byte */
    [14] = { 8, true, false, UINT32_MAX }, /* sint64 */
    [15] = { 8, false, false, UINT32_MAX } /* uint64 */
};

/* A float as it stands in the file; NAN when it isn't finite. */
static double real32(uint32_t bits)
{
    float v;
    memcpy(&v, &bits, sizeof v);
    return isfinite(v) ? (double)v : NAN;
}

static double wide(uint64_t bits, const struct es_fit_base *b)
{
    double v;
    memcpy(&v, &bits, sizeof v);
    if (b->is_float)
        return isfinite(v) ? v : NAN;
    if (b->is_signed)
        return bits == INT64_MAX ? NAN : (double)(int64_t)bits;
    return bits == UINT64_MAX ? NAN : (double)bits;
}

double es_fit_number(const uint8_t *p, size_t at, struct es_fit_field fd,
                     bool big)
{
    const struct es_fit_base *b = &ES_FIT_BASES[fd.base & 31];
    uint32_t v;
    if (b->size == 0 || fd.size < b->size || fd.size & (b->size - 1))
        return NAN;
    switch (b->size) {
    case 1:
        v = p[at];
        return v == b->none ? NAN : b->is_signed ? (int8_t)v : (double)v;
    case 2:
        v = es_fit_u16(p, at, big);
        return v == b->none ? NAN : b->is_signed ? (int16_t)v : (double)v;
    case 4:
        v = es_fit_u32(p, at, big);
        if (b->is_float)
            return real32(v);
        return v == b->none ? NAN : b->is_signed ? (int32_t)v : (double)v;
    default:
        break;
    }
    uint64_t low = es_fit_u32(p, big ? at + 4 : at, big);
    uint64_t high = es_fit_u32(p, big ? at : at + 4, big);
    return wide(high << 32 | low, b);
}

/* value = raw / scale - offset, into the double at `to`. */
struct field {
    uint8_t num;
    double scale, offset;
    size_t to;
};

struct table {
    const struct field *v;
    size_t n;
    size_t size; /* of what is filled */
};

#define TO(type, member) offsetof(struct es_fit_##type, member)
#define TABLE(fields, type)                                                    \
    &(const struct table)                                                      \
    {                                                                          \
        fields, sizeof fields / sizeof *fields, sizeof(struct es_fit_##type)   \
    }

static const struct field SESSION[] = {
    { 2, 1, 0, TO(session, start) },
    { 5, 1, 0, TO(session, sport) },
    { 6, 1, 0, TO(session, sub_sport) },
    { 7, 1000, 0, TO(session, elapsed_s) },
    { 8, 1000, 0, TO(session, timer_s) },
    { 9, 100, 0, TO(session, dist_m) },
    { 44, 100, 0, TO(session, pool_m) },
    { 253, 1, 0, TO(session, time) },
};

static const struct field SPORT[] = {
    { 0, 1, 0, TO(session, sport) },
    { 1, 1, 0, TO(session, sub_sport) },
};

static const struct field LAP[] = {
    { 2, 1, 0, TO(session, start) },
    { 7, 1000, 0, TO(session, elapsed_s) },
    { 8, 1000, 0, TO(session, timer_s) },
    { 9, 100, 0, TO(session, dist_m) },
    { 253, 1, 0, TO(session, time) },
};

static const struct field LENGTH[] = {
    { 2, 1, 0, TO(session, start) },
    { 3, 1000, 0, TO(session, elapsed_s) },
    { 4, 1000, 0, TO(session, timer_s) },
    { 5, 1, 0, TO(session, strokes) },
    { 12, 1, 0, TO(session, length_type) },
    { 253, 1, 0, TO(session, time) },
};

static const struct field EVENT[] = {
    { 0, 1, 0, TO(event, event) },
    { 1, 1, 0, TO(event, type) },
    { 253, 1, 0, TO(event, time) },
};

static const struct field ACTIVITY[] = {
    { 0, 1000, 0, TO(activity, timer_s) },
    { 5, 1, 0, TO(activity, local_time) },
    { 253, 1, 0, TO(activity, time) },
};

static const struct field HR[] = {
    { 0, 32768, 0, TO(hr, part_s) },
    { 1, 256, 0, TO(hr, part_s) },
    { 9, 1, 0, TO(hr, event) },
    { 253, 1, 0, TO(hr, time) },
};

static const struct field FILE_ID[] = {
    { 0, 1, 0, TO(device, file_type) },
    { 1, 1, 0, TO(device, manufacturer) },
    { 2, 1, 0, TO(device, product) },
};

static const struct field DEVICE_INFO[] = {
    { 0, 1, 0, TO(device, index) },
    { 2, 1, 0, TO(device, manufacturer) },
    { 4, 1, 0, TO(device, product) },
};

static const struct field DESCRIPTION[] = {
    { 0, 1, 0, TO(description, developer) },
    { 1, 1, 0, TO(description, num) },
    { 2, 1, 0, TO(description, base) },
    { 6, 1, 0, TO(description, scale) },
    { 7, 1, 0, TO(description, offset) },
    { 14, 1, 0, TO(description, native_message) },
    { 15, 1, 0, TO(description, native_field) },
};

static void put(void *out, size_t to, double v)
{
    memcpy((char *)out + to, &v, sizeof v);
}

static const struct field *find(const struct table *t, uint8_t num)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->v[i].num == num)
            return &t->v[i];
    return NULL;
}

/* A definition of hundreds of empty fields, and then millions of messages of
 * a byte or two that each want them looked through, is no device's: some write
 * a few fields of size 0. */
enum { EMPTY_MAX = 4 };

static bool is_hollow(const struct es_fit_def *d)
{
    return d->size == 0 || d->n_fields > d->size + EMPTY_MAX;
}

static void read_fields(const struct es_fit_msg *m, const struct table *t,
                        void *out)
{
    size_t at = 0;
    for (size_t to = 0; to < t->size; to += sizeof(double))
        put(out, to, NAN);
    if (is_hollow(m->def))
        return;
    for (size_t i = 0; i < m->def->n_fields; i++) {
        struct es_fit_field fd = es_fit_field(m->def, i);
        const struct field *f = find(t, fd.num);
        if (f) {
            double v = es_fit_number(m->body.p, at, fd, m->def->big);
            if (fabs(v) <= UINT32_MAX) /* so that all can be converted */
                put(out, f->to, v / f->scale - f->offset);
        }
        at += fd.size;
    }
}

/* The time of a message that has it in its header. */
static void header_time(const struct es_fit_msg *m, double *time)
{
    if (m->time != ES_FIT_NO_TIME)
        *time = m->time;
}

void es_fit_read_session(const struct es_fit_msg *m, struct es_fit_session *out)
{
    read_fields(m, TABLE(SESSION, session), out);
    header_time(m, &out->time);
}

void es_fit_read_sport(const struct es_fit_msg *m, struct es_fit_session *out)
{
    read_fields(m, TABLE(SPORT, session), out);
}

void es_fit_read_lap(const struct es_fit_msg *m, struct es_fit_session *out)
{
    read_fields(m, TABLE(LAP, session), out);
    header_time(m, &out->time);
}

void es_fit_read_length(const struct es_fit_msg *m, struct es_fit_session *out)
{
    read_fields(m, TABLE(LENGTH, session), out);
    header_time(m, &out->time);
}

void es_fit_read_event(const struct es_fit_msg *m, struct es_fit_event *out)
{
    read_fields(m, TABLE(EVENT, event), out);
    header_time(m, &out->time);
}

void es_fit_read_activity(const struct es_fit_msg *m,
                          struct es_fit_activity *out)
{
    read_fields(m, TABLE(ACTIVITY, activity), out);
    header_time(m, &out->time);
}

void es_fit_read_hr(const struct es_fit_msg *m, struct es_fit_hr *out)
{
    read_fields(m, TABLE(HR, hr), out);
    header_time(m, &out->time);
}

void es_fit_read_file_id(const struct es_fit_msg *m, struct es_fit_device *out)
{
    read_fields(m, TABLE(FILE_ID, device), out);
}

void es_fit_read_device_info(const struct es_fit_msg *m,
                             struct es_fit_device *out)
{
    read_fields(m, TABLE(DEVICE_INFO, device), out);
}

void es_fit_read_description(const struct es_fit_msg *m,
                             struct es_fit_description *out)
{
    read_fields(m, TABLE(DESCRIPTION, description), out);
}

struct es_bytes es_fit_bytes(const struct es_fit_msg *m, uint8_t num)
{
    struct es_rd r, one;
    es_rd_init(&r, m->body);
    for (size_t i = 0; !is_hollow(m->def) && i < m->def->n_fields; i++) {
        struct es_fit_field fd = es_fit_field(m->def, i);
        if (!es_rd_sub(&r, fd.size, &one))
            break;
        if (fd.num == num)
            return (struct es_bytes){ one.p, one.n };
    }
    return (struct es_bytes){ NULL, 0 };
}
