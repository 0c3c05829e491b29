/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/fit_record.h"

#include <math.h>

/* Smaller times count from when the device was switched on. */
static const uint32_t RELATIVE_BELOW = 0x10000000;
/* Strides of one foot a minute that nobody makes. */
static const double STRIDES_MAX = 120;

/* Source: Garmin FIT profile, message "record": the fields' numbers. */
static const uint8_t SLOT_OF[256] = {
    [0] = ES_FIT_LAT + 1,           [1] = ES_FIT_LON + 1,
    [2] = ES_FIT_ALT + 1,           [3] = ES_FIT_HEART + 1,
    [4] = ES_FIT_CADENCE + 1,       [5] = ES_FIT_DIST + 1,
    [6] = ES_FIT_SPEED + 1,         [7] = ES_FIT_POWER + 1,
    [8] = ES_FIT_PACKED + 1,        [13] = ES_FIT_TEMP + 1,
    [31] = ES_FIT_ACC + 1,          [52] = ES_FIT_CADENCE_256 + 1,
    [53] = ES_FIT_PART_CADENCE + 1, [73] = ES_FIT_FINE_SPEED + 1,
    [78] = ES_FIT_FINE_ALT + 1,     [48] = ES_FIT_TIME_128 + 1,
    [128] = ES_FIT_PART_TIME + 1,   [253] = ES_FIT_TIME + 1,
};

static const struct es_point NOTHING = {
    .t_ms = ES_NO_TIME,
    .lat_deg = NAN,
    .lon_deg = NAN,
    .dist_m = NAN,
    .alt_m = NAN,
    .speed_mps = NAN,
    .acc_m = NAN,
    .cadence_spm = NAN,
    .temp_c = NAN,
};

/* ---- the plan of a definition ---- */

/* The base types that devices write. */
static const uint8_t USUAL[ES_FIT_SLOTS] = {
    [ES_FIT_TIME] = 0x86,         [ES_FIT_TIME_128] = 0x02,
    [ES_FIT_PART_TIME] = 0x84,    [ES_FIT_LAT] = 0x85,
    [ES_FIT_LON] = 0x85,          [ES_FIT_PACKED] = 0x0d,
    [ES_FIT_DIST] = 0x86,         [ES_FIT_ALT] = 0x84,
    [ES_FIT_FINE_ALT] = 0x86,     [ES_FIT_SPEED] = 0x84,
    [ES_FIT_FINE_SPEED] = 0x86,   [ES_FIT_HEART] = 0x02,
    [ES_FIT_CADENCE] = 0x02,      [ES_FIT_CADENCE_256] = 0x84,
    [ES_FIT_PART_CADENCE] = 0x02, [ES_FIT_TEMP] = 0x01,
    [ES_FIT_POWER] = 0x84,        [ES_FIT_ACC] = 0x02,
};

static bool has(const struct es_fit_plan *pl, enum es_fit_slot slot)
{
    return pl->slots >> slot & 1;
}

/* Whether the profile's own field stands against a developer's. It does,
 * against the letter of the protocol: of the files at hand that have both,
 * most have zeros for the developer's, of a pod that was not there. */
static bool stands(const struct es_fit_plan *pl, uint8_t slot)
{
    switch (slot) {
    case ES_FIT_DIST:
        return has(pl, ES_FIT_DIST) || has(pl, ES_FIT_PACKED);
    case ES_FIT_SPEED:
        return has(pl, ES_FIT_SPEED) || has(pl, ES_FIT_FINE_SPEED);
    case ES_FIT_ALT:
        return has(pl, ES_FIT_ALT) || has(pl, ES_FIT_FINE_ALT);
    case ES_FIT_CADENCE:
        return has(pl, ES_FIT_CADENCE) || has(pl, ES_FIT_CADENCE_256);
    default:
        return slot < ES_FIT_SLOTS && has(pl, slot);
    }
}

/* The developer fields, which stand from `at` on in the message. */
static void plan_extras(struct es_fit_records *r, struct es_fit_plan *pl,
                        const struct es_fit_def *d, uint32_t at)
{
    for (size_t i = 0; i < d->n_extras && pl->n_extras < ES_EXTRAS_MAX; i++) {
        struct es_fit_field fd = es_fit_extra(d, i);
        struct es_fit_extra *x = es_fit_extra_of(r, fd);
        if (x) {
            struct es_fit_op *op = &pl->extras[pl->n_extras];
            fd.base = x->base;
            op->at = at;
            op->field = fd;
            op->type = fd.size == ES_FIT_BASES[fd.base & 31].size
                           ? fd.base
                           : ES_FIT_ANY_TYPE;
            op->extra = (uint8_t)(x - r->extras);
            op->slot = stands(pl, x->slot) ? ES_FIT_NO_SLOT : x->slot;
            pl->n_extras +=
                es_fit_extra_room(r, x) || op->slot != ES_FIT_NO_SLOT;
        }
        at += fd.size;
    }
}

/* Of a field that a definition has twice the last one counts. */
static void make_plan(struct es_fit_records *r, struct es_fit_plan *pl,
                      const struct es_fit_def *d)
{
    uint32_t at = 0;
    pl->stamp = d->stamp;
    pl->slots = 0;
    pl->n_extras = 0;
    pl->usual = true;
    for (size_t i = 0; i < d->n_fields; i++) {
        struct es_fit_field fd = es_fit_field(d, i);
        uint8_t slot = (uint8_t)(SLOT_OF[fd.num] - 1);
        bool known = SLOT_OF[fd.num] &&
                     (slot != ES_FIT_PACKED || fd.size == 3) &&
                     (slot != ES_FIT_PART_TIME || r->by_program);
        if (known) {
            pl->slots |= 1u << slot;
            pl->at[slot] = at;
            pl->field[slot] = fd;
            pl->usual = pl->usual && fd.base == USUAL[slot] &&
                        (slot == ES_FIT_PACKED ||
                         fd.size == ES_FIT_BASES[fd.base & 31].size);
        }
        at += fd.size;
    }
    plan_extras(r, pl, d, at);
}

/* ---- one sample ---- */

/* What samples show of the device. */
struct habits {
    bool relative, fast_feet;
};

static inline int64_t time_ms(bool *relative, uint32_t t)
{
    *relative |= t < RELATIVE_BELOW;
    return (ES_FIT_EPOCH_S + (int64_t)t) * 1000;
}

int64_t es_fit_time_ms(struct es_fit_records *r, double t)
{
    if (!(t >= 0 && t < UINT32_MAX))
        return ES_NO_TIME;
    return time_ms(&r->relative, (uint32_t)t);
}

/* Scales and offsets. Source: Garmin FIT profile, message "record". */
static inline double degrees(double v)
{
    return v * (180 / 2147483648.0); /* exact */
}

static inline double dist_m(double v)
{
    return v / 100;
}

static inline float alt_m(double v)
{
    return (float)(v * 0.2 - 500);
}

static inline float speed_mps(double v)
{
    return (float)(v * 0.001);
}

static inline void put_cadence(bool *fast_feet, struct es_point *pt, double v)
{
    pt->cadence_spm = (float)v;
    *fast_feet |= v > STRIDES_MAX;
}

/* Twelve bits of speed in cm/s, twelve of distance in 1/16 m; the distance
 * rolls over every 256 m. Source: FIT profile, compressed_speed_distance. */
static void take_packed(struct es_fit_records *r, const uint8_t *p, size_t at,
                        struct es_point *pt)
{
    if ((p[at] & p[at + 1] & p[at + 2]) == 0xff)
        return;
    uint32_t speed = p[at] | (p[at + 1] & 0x0fu) << 8;
    uint32_t dist = (uint32_t)p[at + 1] >> 4 | (uint32_t)p[at + 2] << 4;
    if (r->has_16th_m)
        r->rolled_16th_m += (dist - r->last_16th_m) & 0xfff;
    else
        r->rolled_16th_m = dist;
    r->last_16th_m = dist;
    r->has_16th_m = true;
    pt->speed_mps = (float)speed / 100;
    pt->dist_m = (double)r->rolled_16th_m / 16;
}

/* Whole watts or beats from any number: 0, "none", when it can't be one. */
static uint16_t whole(double v, double max)
{
    return v >= 0 ? (uint16_t)(fmin(v, max) + 0.5) : 0;
}

/* Adds v parts of a second, rounded as our writer rounds. */
static void put_part(struct es_point *pt, double v, int64_t parts)
{
    if (pt->t_ms != ES_NO_TIME && v >= 0 && v < (double)parts)
        pt->t_ms += ((int64_t)v * 1000 + parts / 2) / parts;
}

/* A field's raw number. */
static void put(struct es_fit_records *r, struct es_point *pt, uint8_t slot,
                double v)
{
    switch (slot) {
    case ES_FIT_TIME:
        pt->t_ms = es_fit_time_ms(r, v);
        break;
    case ES_FIT_TIME_128:
        put_part(pt, v, 128);
        break;
    case ES_FIT_PART_TIME:
        put_part(pt, v, 32768);
        break;
    case ES_FIT_LAT:
        pt->lat_deg = degrees(v);
        break;
    case ES_FIT_LON:
        pt->lon_deg = degrees(v);
        break;
    case ES_FIT_DIST:
        pt->dist_m = dist_m(v);
        break;
    case ES_FIT_ALT:
    case ES_FIT_FINE_ALT:
        pt->alt_m = alt_m(v);
        break;
    case ES_FIT_SPEED:
    case ES_FIT_FINE_SPEED:
        pt->speed_mps = speed_mps(v);
        break;
    case ES_FIT_HEART:
        pt->hr_bpm = (uint8_t)whole(v, UINT8_MAX);
        break;
    case ES_FIT_CADENCE:
        put_cadence(&r->fast_feet, pt, v);
        break;
    case ES_FIT_CADENCE_256:
        put_cadence(&r->fast_feet, pt, v / 256);
        break;
    case ES_FIT_PART_CADENCE:
        pt->cadence_spm += (float)(v / 128);
        break;
    case ES_FIT_TEMP:
        pt->temp_c = (float)v;
        break;
    case ES_FIT_POWER:
        pt->power_w = whole(v, UINT16_MAX);
        break;
    case ES_FIT_ACC:
        pt->acc_m = (float)v;
        break;
    case ES_FIT_MARKS:
        pt->flags = whole(v, ES_PT_MARKS) & ES_PT_MARKS;
        r->marked = true;
        break;
    default:
        break;
    }
}

/* Raw numbers of the profile's field, from units of it. */
static double raw_of(uint8_t slot, double v)
{
    switch (slot) {
    case ES_FIT_DIST:
        return v * 100;
    case ES_FIT_ALT:
        return (v + 500) * 5;
    case ES_FIT_SPEED:
        return v * 1000;
    default:
        return v;
    }
}

/* The types that apps use, before the way for any. */
static double extra_number(const struct es_fit_op *op,
                           const struct es_fit_msg *m)
{
    uint32_t v;
    switch (op->type) {
    case 0x02:
        v = m->body.p[op->at];
        return v == UINT8_MAX ? NAN : (double)v;
    case 0x84:
        v = es_fit_u16(m->body.p, op->at, m->def->big);
        return v == UINT16_MAX ? NAN : (double)v;
    default:
        return es_fit_number(m->body.p, op->at, op->field, m->def->big);
    }
}

/* Measurements of bodies and of ways. */
static const double EXTRA_MAX = 1e9;

__attribute__((noinline)) static void take_extra(struct es_fit_records *r,
                                                 const struct es_fit_op *op,
                                                 const struct es_fit_msg *m,
                                                 struct es_point *pt)
{
    const struct es_fit_extra *x = &r->extras[op->extra];
    double v = extra_number(op, m);
    if (!(fabs(v) <= EXTRA_MAX))
        return;
    if (!x->plain)
        v = v / x->scale - x->offset;
    if (!(fabs(v) <= EXTRA_MAX)) /* a scale may be of any size */
        return;
    if (x->column)
        x->column[pt - r->pts] = (float)v;
    if (op->slot != ES_FIT_NO_SLOT && v >= 0)
        put(r, pt, op->slot, raw_of(op->slot, v * x->factor));
}

/* Any types, in the order of the slots. */
__attribute__((noinline)) static void take_any(struct es_fit_records *r,
                                               const struct es_fit_plan *pl,
                                               const struct es_fit_msg *m,
                                               struct es_point *pt)
{
    for (uint8_t k = 0; k < ES_FIT_SLOTS; k++) {
        if (!has(pl, k))
            continue;
        if (k == ES_FIT_PACKED) {
            take_packed(r, m->body.p, pl->at[k], pt);
            continue;
        }
        double v =
            es_fit_number(m->body.p, pl->at[k], pl->field[k], m->def->big);
        if (fabs(v) <= UINT32_MAX)
            put(r, pt, k, v);
    }
    if (!(fabs(pt->lat_deg) <= 90) || !(fabs(pt->lon_deg) <= 180))
        pt->lat_deg = pt->lon_deg = NAN;
}

/* A message whose fields all have their usual types. take_usual is inlined
 * where `big` is known, so that each order has code of its own. */
#define BIT(slot) (UINT32_C(1) << (slot))
#define RARE (BIT(ES_FIT_TIME_128) | BIT(ES_FIT_PART_TIME) | BIT(ES_FIT_PACKED))

/* 90 degrees. */
static const uint32_t POLE = UINT32_C(1) << 30;

struct cursor {
    const uint8_t *p;
    const uint32_t *at;
    uint32_t slots;
    bool big;
};

static inline bool u8(struct cursor c, enum es_fit_slot slot, uint32_t *v)
{
    if (!(c.slots >> slot & 1))
        return false;
    *v = c.p[c.at[slot]];
    return *v != UINT8_MAX;
}

static inline bool u16(struct cursor c, enum es_fit_slot slot, uint32_t *v)
{
    if (!(c.slots >> slot & 1))
        return false;
    *v = es_fit_u16(c.p, c.at[slot], c.big);
    return *v != UINT16_MAX;
}

static inline bool u32(struct cursor c, enum es_fit_slot slot, uint32_t none,
                       uint32_t *v)
{
    if (!(c.slots >> slot & 1))
        return false;
    *v = es_fit_u32(c.p, c.at[slot], c.big);
    return *v != none;
}

__attribute__((always_inline)) static inline void
take_usual(struct es_fit_records *r, struct habits *h, struct cursor c,
           struct es_point *pt)
{
    uint32_t v, lat, lon;
    if (u32(c, ES_FIT_TIME, UINT32_MAX, &v))
        pt->t_ms = time_ms(&h->relative, v);
    if (u32(c, ES_FIT_LAT, INT32_MAX, &lat) &&
        u32(c, ES_FIT_LON, INT32_MAX, &lon) && lat + POLE <= 2 * POLE) {
        pt->lat_deg = degrees((int32_t)lat);
        pt->lon_deg = degrees((int32_t)lon);
    }
    if (c.slots & RARE) {
        if (u8(c, ES_FIT_TIME_128, &v))
            put_part(pt, v, 128);
        if (u16(c, ES_FIT_PART_TIME, &v))
            put_part(pt, v, 32768);
        if (c.slots & BIT(ES_FIT_PACKED))
            take_packed(r, c.p, c.at[ES_FIT_PACKED], pt);
    }
    if (u32(c, ES_FIT_DIST, UINT32_MAX, &v))
        pt->dist_m = dist_m(v);
    if (u16(c, ES_FIT_ALT, &v))
        pt->alt_m = alt_m(v);
    if (u32(c, ES_FIT_FINE_ALT, UINT32_MAX, &v))
        pt->alt_m = alt_m(v);
    if (u16(c, ES_FIT_SPEED, &v))
        pt->speed_mps = speed_mps(v);
    if (u32(c, ES_FIT_FINE_SPEED, UINT32_MAX, &v))
        pt->speed_mps = speed_mps(v);
    if (u8(c, ES_FIT_HEART, &v))
        pt->hr_bpm = (uint8_t)v;
    if (u8(c, ES_FIT_CADENCE, &v))
        put_cadence(&h->fast_feet, pt, v);
    if (u16(c, ES_FIT_CADENCE_256, &v))
        put_cadence(&h->fast_feet, pt, v / 256.0);
    if (u8(c, ES_FIT_PART_CADENCE, &v))
        pt->cadence_spm += (float)(v / 128.0);
    if (c.slots & BIT(ES_FIT_TEMP) && c.p[c.at[ES_FIT_TEMP]] != INT8_MAX)
        pt->temp_c = (int8_t)c.p[c.at[ES_FIT_TEMP]];
    if (u16(c, ES_FIT_POWER, &v))
        pt->power_w = (uint16_t)v;
    if (u8(c, ES_FIT_ACC, &v))
        pt->acc_m = (float)v;
}

/* ---- samples that are parts of one ---- */

/* Whether no field is in both: then they may be parts of one. */
static bool is_disjoint(const struct es_point *a, const struct es_point *b)
{
    return (isnan(a->lat_deg) || isnan(b->lat_deg)) &&
           (isnan(a->dist_m) || isnan(b->dist_m)) &&
           (isnan(a->alt_m) || isnan(b->alt_m)) &&
           (isnan(a->speed_mps) || isnan(b->speed_mps)) &&
           (isnan(a->acc_m) || isnan(b->acc_m)) &&
           (isnan(a->cadence_spm) || isnan(b->cadence_spm)) &&
           (isnan(a->temp_c) || isnan(b->temp_c)) &&
           (!a->power_w || !b->power_w) && (!a->hr_bpm || !b->hr_bpm);
}

static void fill(struct es_point *a, const struct es_point *b)
{
    if (isnan(a->lat_deg)) {
        a->lat_deg = b->lat_deg;
        a->lon_deg = b->lon_deg;
    }
    a->dist_m = isnan(a->dist_m) ? b->dist_m : a->dist_m;
    a->alt_m = isnan(a->alt_m) ? b->alt_m : a->alt_m;
    a->speed_mps = isnan(a->speed_mps) ? b->speed_mps : a->speed_mps;
    a->acc_m = isnan(a->acc_m) ? b->acc_m : a->acc_m;
    a->cadence_spm = isnan(a->cadence_spm) ? b->cadence_spm : a->cadence_spm;
    a->temp_c = isnan(a->temp_c) ? b->temp_c : a->temp_c;
    a->power_w = a->power_w ? a->power_w : b->power_w;
    a->hr_bpm = a->hr_bpm ? a->hr_bpm : b->hr_bpm;
}

/* Some watches give the position of a second in a record of its own. */
__attribute__((noinline)) static bool merge(struct es_fit_records *r,
                                            struct es_point *last,
                                            const struct es_point *pt)
{
    size_t i = (size_t)(pt - r->pts);
    if (r->by_program || !is_disjoint(last, pt))
        return false;
    fill(last, pt);
    for (size_t k = 0; k < r->n_extras; k++) {
        float *v = r->extras[k].column;
        if (!v)
            continue;
        v[i - 1] = isnan(v[i - 1]) ? v[i] : v[i - 1];
        v[i] = NAN;
    }
    r->n_merged++;
    return true;
}

/* Message m and those like it that follow at once. Inlined for each way in
 * which they stand, so that none is asked for what is the same for all. */
enum way { LITTLE, BIG, ANY };

__attribute__((always_inline)) static inline void
take_run(struct es_fit_records *r, const struct es_fit_plan *pl,
         struct es_fit_file *f, struct es_fit_msg *m, enum way way)
{
    struct habits h = { false, false };
    const uint8_t *p = f->rd.p;
    const size_t step = m->def->size + 1, end = f->rd.n;
    const uint8_t head = m->def->local;
    size_t at = f->rd.at, n = r->n;
    struct es_point *pt = r->pts + n;
    do {
        if (n == r->cap)
            continue;
        *pt = NOTHING;
        if (m->time != ES_FIT_NO_TIME)
            pt->t_ms = time_ms(&h.relative, m->time);
        struct cursor c = { m->body.p, pl->at, pl->slots, way == BIG };
        if (way == ANY)
            take_any(r, pl, m, pt);
        else
            take_usual(r, &h, c, pt);
        for (size_t i = 0; i < pl->n_extras; i++)
            take_extra(r, &pl->extras[i], m, pt);
        if (n > 0 && pt->t_ms == pt[-1].t_ms && pt->t_ms != ES_NO_TIME &&
            merge(r, pt - 1, pt))
            continue;
        n++;
        pt++;
    } while (es_fit_go_on(p, head, step, end, &at, m));
    r->n = n;
    r->relative |= h.relative;
    r->fast_feet |= h.fast_feet;
    es_fit_went(f, m, at);
}

void es_fit_record(struct es_fit_records *r, struct es_fit_file *f,
                   struct es_fit_msg *m)
{
    struct es_fit_plan *pl = &r->plans[m->def->local];
    if (pl->stamp != m->def->stamp)
        make_plan(r, pl, m->def);
    if (!pl->usual)
        take_run(r, pl, f, m, ANY);
    else if (m->def->big)
        take_run(r, pl, f, m, BIG);
    else
        take_run(r, pl, f, m, LITTLE);
}
