/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/own.h"

#include <math.h>

#include "base/num.h"
#include "decode/gather.h"

static const double SECONDS_MAX = 1e9;
static const double METRES_MAX = 1e9;

bool es_own_file(struct es_bytes ns)
{
    return es_bytes_eq(ns, es_bytes_str("urn:everystep:track:1"));
}

struct es_own es_own_none(void)
{
    return (struct es_own){ .track = es_track_none() };
}

static bool take_u8(struct es_bytes text, uint8_t *out)
{
    int64_t v;
    if (!es_num_i64(text, 0, UINT8_MAX, &v))
        return false;
    *out = (uint8_t)v;
    return true;
}

static bool take_f64(struct es_bytes text, double max, double *out)
{
    double v = es_gather_num(text, -max, max);
    if (isnan(v))
        return false;
    *out = v;
    return true;
}

void es_own_take(struct es_own *o, enum es_own_field f, struct es_bytes text,
                 struct es_arena *a)
{
    bool told = false;
    struct es_track *tr = &o->track;
    switch (f) {
    case ES_OWN_SPORT:
        told = take_u8(text, &tr->sport);
        break;
    case ES_OWN_SUBSPORT:
        told = take_u8(text, &tr->sub_sport);
        break;
    case ES_OWN_DEVICE:           /* an empty one is told too: unknown */
        if (!(o->told & 1u << f)) /* once: names take memory */
            tr->device = es_gather_name(a, text);
        told = true;
        break;
    case ES_OWN_START:
        told = es_time_parse(text, &tr->started_ms);
        break;
    case ES_OWN_ELAPSED:
        told = take_f64(text, SECONDS_MAX, &tr->elapsed_s);
        break;
    case ES_OWN_TIMER:
        told = take_f64(text, SECONDS_MAX, &tr->timer_s);
        break;
    case ES_OWN_DISTANCE:
        told = take_f64(text, METRES_MAX, &tr->device_dist_m);
        break;
    case ES_OWN_FIELDS:
        break;
    }
    if (told)
        o->told |= 1u << f;
}

static bool told(const struct es_own *o, enum es_own_field f)
{
    return o->told & 1u << f;
}

void es_own_apply(const struct es_own *o, struct es_track *tr)
{
    if (told(o, ES_OWN_SPORT))
        tr->sport = o->track.sport;
    if (told(o, ES_OWN_SUBSPORT))
        tr->sub_sport = o->track.sub_sport;
    if (told(o, ES_OWN_DEVICE))
        tr->device = o->track.device;
    if (told(o, ES_OWN_START))
        tr->started_ms = o->track.started_ms;
    if (told(o, ES_OWN_ELAPSED))
        tr->elapsed_s = o->track.elapsed_s;
    if (told(o, ES_OWN_TIMER))
        tr->timer_s = o->track.timer_s;
    if (told(o, ES_OWN_DISTANCE))
        tr->device_dist_m = o->track.device_dist_m;
}

struct es_lap es_own_lap(void)
{
    return (struct es_lap){ ES_NO_TIME, NAN, NAN, NAN };
}

void es_own_take_lap(struct es_lap *lap, enum es_own_field f,
                     struct es_bytes text)
{
    if (f == ES_OWN_START)
        (void)es_time_parse(text, &lap->start_ms);
    else if (f == ES_OWN_ELAPSED)
        (void)take_f64(text, SECONDS_MAX, &lap->elapsed_s);
    else if (f == ES_OWN_TIMER)
        (void)take_f64(text, SECONDS_MAX, &lap->timer_s);
    else if (f == ES_OWN_DISTANCE)
        (void)take_f64(text, METRES_MAX, &lap->dist_m);
}

int es_own_marks(struct es_bytes text)
{
    int64_t v;
    return es_num_i64(text, 0, ES_PT_MARKS, &v) ? (int)v : -1;
}
