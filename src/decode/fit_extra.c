/* SPDX-License-Identifier: Apache-2.0 */
/* Developer fields: what apps on a device add to its samples. */
#include <math.h>
#include <string.h>

#include "decode/fit_record.h"
#include "decode/gather.h"

enum { NO_NATIVE = 255, DESCRIPTIONS_MAX = 1024 };

const char *es_fit_text(struct es_arena *a, struct es_bytes s)
{
    if (s.n == 0)
        return NULL;
    const uint8_t *end = memchr(s.p, 0, s.n);
    if (end)
        s.n = (size_t)(end - s.p);
    return es_gather_name(a, s);
}

/* What may stand in for a field of the profile, and in which units; the first
 * of each is the profile's own. */
static const struct unit {
    uint8_t slot;
    const char *name;
    double factor;
} UNITS[] = {
    { ES_FIT_HEART, "bpm", 1 },
    { ES_FIT_CADENCE, "rpm", 1 },
    { ES_FIT_CADENCE, "spm", 1 },
    { ES_FIT_CADENCE, "strides/min", 1 },
    { ES_FIT_CADENCE, "steps/min", 1 },
    { ES_FIT_POWER, "watts", 1 },
    { ES_FIT_POWER, "watt", 1 },
    { ES_FIT_POWER, "w", 1 },
    { ES_FIT_TEMP, "c", 1 },
    { ES_FIT_TEMP, "degc", 1 },
    { ES_FIT_DIST, "m", 1 },
    { ES_FIT_DIST, "meters", 1 },
    { ES_FIT_DIST, "km", 1000 },
    { ES_FIT_DIST, "mi", 1609.344 },
    { ES_FIT_SPEED, "m/s", 1 },
    { ES_FIT_SPEED, "km/h", 1 / 3.6 },
    { ES_FIT_SPEED, "kph", 1 / 3.6 },
    { ES_FIT_SPEED, "mph", 0.44704 },
    { ES_FIT_ALT, "m", 1 },
    { ES_FIT_ALT, "meters", 1 },
};

/* Power of running, which the profile had no field for when apps began to
 * measure it. Others have "power" in their names and are only parts of it. */
static const char *const POWERS[] = {
    "power", "running power", "run power", "rp_power", "stryd power",
};

/* What our own writer adds. */
static const char MARKS[] = "everystep_marks";

static uint8_t slot_of(uint8_t native, const char *name)
{
    switch (native) {
    case 2:
    case 78:
        return ES_FIT_ALT;
    case 3:
        return ES_FIT_HEART;
    case 4:
        return ES_FIT_CADENCE;
    case 5:
        return ES_FIT_DIST;
    case 6:
    case 73:
        return ES_FIT_SPEED;
    case 7:
        return ES_FIT_POWER;
    case 13:
        return ES_FIT_TEMP;
    case NO_NATIVE:
        break;
    default:
        return ES_FIT_NO_SLOT;
    }
    if (name && strcmp(name, MARKS) == 0)
        return ES_FIT_MARKS;
    for (size_t i = 0; name && i < sizeof POWERS / sizeof *POWERS; i++)
        if (es_bytes_is(es_bytes_str(name), POWERS[i]))
            return ES_FIT_POWER;
    return ES_FIT_NO_SLOT;
}

/* Finds the factor of x's units; x stands for nothing when they are others
 * than its slot can have. Without units they are the profile's own. */
static void settle_units(struct es_fit_extra *x)
{
    bool known = x->slot == ES_FIT_NO_SLOT || !x->e.units;
    x->factor = 1;
    for (size_t i = 0; !known && i < sizeof UNITS / sizeof *UNITS; i++) {
        if (UNITS[i].slot != x->slot ||
            !es_bytes_is(es_bytes_str(x->e.units), UNITS[i].name))
            continue;
        x->factor = UNITS[i].factor;
        known = true;
    }
    if (!known)
        x->slot = ES_FIT_NO_SLOT;
}

/* A byte of a description, `none` when it has none. */
static uint8_t byte_or(double v, uint8_t none)
{
    return v >= 0 && v <= UINT8_MAX ? (uint8_t)v : none;
}

static struct es_fit_extra *place_of(struct es_fit_records *r,
                                     struct es_fit_field fd)
{
    struct es_fit_extra *x = es_fit_extra_of(r, fd);
    if (x || r->n_extras == ES_EXTRAS_MAX)
        return x;
    if (!r->extras)
        r->extras = es_arena_array(r->a, ES_EXTRAS_MAX, sizeof *r->extras);
    return r->extras ? &r->extras[r->n_extras++] : NULL;
}

void es_fit_describe(struct es_fit_records *r, const struct es_fit_msg *m)
{
    struct es_fit_description d;
    es_fit_read_description(m, &d);
    if (isnan(d.num) || isnan(d.base) || r->n_described == DESCRIPTIONS_MAX)
        return;
    r->n_described++;
    struct es_fit_field fd = { byte_or(d.num, 0), 0, byte_or(d.developer, 0) };
    struct es_fit_extra *x = place_of(r, fd);
    if (!x)
        return;
    bool of_record =
        isnan(d.native_message) || d.native_message == (double)ES_FIT_RECORD;
    x->e.developer = fd.base;
    x->e.number = fd.num;
    x->e.native = of_record ? byte_or(d.native_field, NO_NATIVE) : NO_NATIVE;
    x->e.name = es_fit_text(r->a, es_fit_bytes(m, ES_FIT_DESCRIPTION_NAME));
    x->e.units = es_fit_text(r->a, es_fit_bytes(m, ES_FIT_DESCRIPTION_UNITS));
    x->base = byte_or(d.base, 0);
    x->scale = d.scale > 0 ? d.scale : 1;
    x->offset = isnan(d.offset) ? 0 : d.offset;
    x->plain = x->scale == 1 && x->offset == 0;
    x->slot = of_record ? slot_of(x->e.native, x->e.name) : ES_FIT_NO_SLOT;
    settle_units(x);
    for (size_t i = 0; i < ES_FIT_LOCALS; i++)
        r->plans[i].stamp = 0;
}

struct es_fit_extra *es_fit_extra_of(struct es_fit_records *r,
                                     struct es_fit_field fd)
{
    for (size_t i = 0; i < r->n_extras; i++)
        if (r->extras[i].e.developer == fd.base &&
            r->extras[i].e.number == fd.num)
            return &r->extras[i];
    return NULL;
}

bool es_fit_extra_room(struct es_fit_records *r, struct es_fit_extra *x)
{
    if (x->column)
        return true;
    if (x->slot == ES_FIT_MARKS)
        return false;
    if (r->n_columns == ES_EXTRA_COLUMNS)
        return false;
    x->column = es_arena_array(r->a, r->cap, sizeof *x->column);
    for (size_t i = 0; x->column && i < r->cap; i++)
        x->column[i] = NAN;
    r->n_columns += x->column != NULL;
    return x->column != NULL;
}
