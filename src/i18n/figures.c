/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "i18n/i18n.h"

#include <inttypes.h>
#include <math.h>

#include "base/utf8.h"
#include "i18n/dates.h"

#define FSI "\u2068" /* keeps a figure and its unit together and in order */
#define PDI "\u2069" /* where the text around runs from right to left */
#define DASH "\u2013"
#define ALM "\u061c" /* an Arabic letter mark: CLDR has it after percents */

static const double PACE_MAX_MS = 36e6; /* 10 h for a kilometre is no pace */

enum es_units es_units_of(const char *tag)
{
    for (unsigned u = 0; tag && u < ES_UNITS; u++)
        if (strcmp(tag, es_units_tag((enum es_units)u)) == 0)
            return (enum es_units)u;
    return ES_UNITS;
}

const char *es_units_tag(enum es_units u)
{
    return u == ES_UNITS_MI ? "mi" : "km";
}

int64_t es_units_mm(enum es_units u)
{
    return u == ES_UNITS_MI ? ES_MM_PER_MI : ES_MM_PER_KM;
}

static struct es_shown shown(enum es_figure kind, int64_t v, const char *zone)
{
    return (struct es_shown){ kind, v, 0, zone };
}

struct es_shown es_int(int64_t n)
{
    return shown(ES_FIG_INT, n, NULL);
}

struct es_shown es_plain(int64_t n)
{
    return shown(ES_FIG_PLAIN, n, NULL);
}

struct es_shown es_size(int64_t bytes)
{
    return shown(ES_FIG_SIZE, bytes, NULL);
}

struct es_shown es_dist(int64_t dist_mm)
{
    return shown(ES_FIG_DIST, dist_mm, NULL);
}

struct es_shown es_dist_bare(int64_t dist_mm)
{
    return shown(ES_FIG_DIST_BARE, dist_mm, NULL);
}

struct es_shown es_dist_whole(int64_t dist_mm)
{
    return shown(ES_FIG_DIST_WHOLE, dist_mm, NULL);
}

struct es_shown es_metres(double m)
{
    return shown(ES_FIG_HEIGHT, es_milli(m), NULL);
}

struct es_shown es_speed(double mps)
{
    return shown(ES_FIG_SPEED, es_milli(mps * 3600), NULL);
}

struct es_shown es_decimal(double v)
{
    return shown(ES_FIG_DECIMAL, es_milli(v), NULL);
}

struct es_shown es_duration(int64_t time_ms)
{
    return shown(ES_FIG_DURATION, time_ms, NULL);
}

struct es_shown es_pace(int64_t dist_mm, int64_t time_ms)
{
    if (dist_mm <= 0 || time_ms <= 0)
        return shown(ES_FIG_PACE, ES_NO_FIGURE, NULL);
    double ms = (double)time_ms / ((double)dist_mm / (double)ES_MM_PER_KM);
    struct es_shown f = shown(ES_FIG_PACE, time_ms, NULL);
    f.over_mm = dist_mm;
    return ms < PACE_MAX_MS ? f : shown(ES_FIG_PACE, ES_NO_FIGURE, NULL);
}

struct es_shown es_pace_100(int64_t dist_mm, int64_t time_ms)
{
    struct es_shown f = es_pace(dist_mm, time_ms);
    f.kind = ES_FIG_PACE_100;
    return f;
}

struct es_shown es_percent(int64_t part, int64_t whole)
{
    static const double MOST = 1e15; /* of a goal of a millimetre */
    if (whole <= 0 || part < 0)
        return shown(ES_FIG_PERCENT, ES_NO_FIGURE, NULL);
    double percent = (double)part / (double)whole * 100 + 1e-9;
    return shown(ES_FIG_PERCENT, (int64_t)(percent < MOST ? percent : MOST),
                 NULL);
}

struct es_shown es_day(int64_t t_ms, const char *zone)
{
    return shown(ES_FIG_DAY, t_ms, zone);
}

struct es_shown es_moment(int64_t t_ms, const char *zone)
{
    return shown(ES_FIG_MOMENT, t_ms, zone);
}

struct es_shown es_clock(int64_t t_ms, const char *zone)
{
    return shown(ES_FIG_CLOCK, t_ms, zone);
}

int64_t es_milli(double v)
{
    if (!isfinite(v) || fabs(v) >= 1e15)
        return ES_NO_FIGURE;
    return (int64_t)llround(v * 1000);
}

/* ASCII digits as the language's own; the rest as it is. */
static void localised(struct es_buf *b, const struct es_lang *l, const char *s)
{
    for (; *s; s++)
        if (*s >= '0' && *s <= '9')
            es_buf_utf8(b, l->zero + (uint32_t)(*s - '0'));
        else
            es_buf_u8(b, (uint8_t)*s);
}

static void plain(struct es_buf *b, const struct es_lang *l, int64_t v)
{
    char digits[24];
    (void)snprintf(digits, sizeof digits, "%" PRId64, v);
    localised(b, l, digits);
}

static void whole(struct es_buf *b, const struct es_lang *l, int64_t v)
{
    char digits[24];
    uint64_t size = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    int n = snprintf(digits, sizeof digits, "%" PRIu64, size);
    if (v < 0)
        es_buf_str(b, "\u2212");
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            es_buf_str(b, l->group);
        es_buf_utf8(b, l->zero + (uint32_t)(digits[i] - '0'));
    }
}

/* v thousandths with `places` (0..3) decimals, cut; `trim` drops noughts. */
static void decimals(struct es_buf *b, const struct es_lang *l, int64_t v,
                     int places, bool trim)
{
    static const int UNIT[] = { 1000, 100, 10, 1 };
    int64_t frac = (v < 0 ? -(v % 1000) : v % 1000) / UNIT[places];
    while (trim && places > 0 && frac % 10 == 0) {
        frac /= 10;
        places--;
    }
    if (v < 0 && v > -1000 && frac > 0)
        es_buf_str(b, "\u2212");
    whole(b, l, v / 1000);
    if (places == 0)
        return;
    char digits[24];
    snprintf(digits, sizeof digits, "%0*" PRId64, places, frac);
    es_buf_str(b, l->decimal);
    localised(b, l, digits);
}

/* Thousandths of a unit of `unit_mm`, cut: nobody is told a metre that they
 * didn't run. */
static int64_t thousandths(int64_t mm, int64_t unit_mm)
{
    return mm / unit_mm * 1000 + mm % unit_mm * 1000 / unit_mm;
}

static void distance(struct es_buf *b, struct es_reader r, int64_t mm)
{
    int64_t v = thousandths(mm, es_units_mm(r.units));
    int places = v < 1000000 ? 2 : v < 100000000 ? 1 : 0;
    decimals(b, r.lang, v, places, false);
}

/* Whole metres, or feet of 304.8 mm. */
static int64_t height(struct es_reader r, int64_t mm)
{
    return r.units == ES_UNITS_MI ? mm / 1524 * 5 + mm % 1524 * 5 / 1524
                                  : mm / 1000;
}

static int64_t pace_ms(struct es_reader r, struct es_shown f)
{
    double units = (double)f.over_mm / (double)es_units_mm(r.units);
    return (int64_t)((double)f.v / units + 1e-6); /* 1e-6: 300 s stay 300 s */
}

static void clock_text(struct es_buf *b, const struct es_lang *l, int64_t ms)
{
    char text[48];
    int64_t s = ms / 1000;
    if (s >= 3600)
        snprintf(text, sizeof text, "%" PRId64 ":%02d:%02d", s / 3600,
                 (int)(s / 60 % 60), (int)(s % 60));
    else
        snprintf(text, sizeof text, "%d:%02d", (int)(s / 60), (int)(s % 60));
    localised(b, l, text);
}

/* `message` with {1} replaced by what `inner` holds. */
static void unit(struct es_buf *b, const struct es_lang *l, const char *message,
                 const struct es_buf *inner)
{
    const char *text = es_t(l, message);
    const char *hole = strstr(text, "{1}");
    if (!hole) {
        es_buf_str(b, text);
        return;
    }
    es_buf_add(b, text, (size_t)(hole - text));
    es_buf_str(b, es_buf_cstr(inner));
    es_buf_str(b, hole + 3);
}

/* What the units of each system are called; by enum es_units. */
static const char *const LONG[] = { ES_T("{1} km"), ES_T("{1} mi") };
static const char *const SHORT[] = { ES_T("{1} m"), ES_T("{1} ft") };
static const char *const PER[] = { ES_T("{1} /km"), ES_T("{1} /mi") };
static const char *const SPEED[] = { ES_T("{1} km/h"), ES_T("{1} mph") };

const char *es_dist_pattern(struct es_reader r)
{
    return es_t(r.lang, LONG[r.units]);
}

static void percent(struct es_buf *b, const struct es_lang *l, int64_t v)
{
    es_buf_str(b, l->percent_left ? "%" : "");
    whole(b, l, v);
    es_buf_str(b, l->percent_left ? "" : l->zero == '0' ? "%" : "٪" ALM);
}

static void with_unit(struct es_buf *b, struct es_reader r, struct es_shown f)
{
    const char *message = LONG[r.units];
    struct es_buf inner;
    es_buf_init(&inner, 128);
    switch (f.kind) {
    case ES_FIG_DIST_WHOLE:
        whole(&inner, r.lang, f.v / es_units_mm(r.units));
        break;
    case ES_FIG_HEIGHT:
        whole(&inner, r.lang, height(r, f.v));
        message = SHORT[r.units];
        break;
    case ES_FIG_PACE:
        clock_text(&inner, r.lang, pace_ms(r, f));
        message = PER[r.units];
        break;
    case ES_FIG_PACE_100: /* pools have metres everywhere but in few lands */
        clock_text(&inner, r.lang,
                   (int64_t)((double)f.v * 1e5 / (double)f.over_mm + 1e-6));
        message = ES_T("{1} /100 m");
        break;
    case ES_FIG_SPEED: /* v is millimetres an hour */
        decimals(&inner, r.lang, thousandths(f.v, es_units_mm(r.units)), 2,
                 true);
        message = SPEED[r.units];
        break;
    case ES_FIG_SIZE:
        whole(&inner, r.lang, f.v >> 20);
        message = ES_T("{1} MB");
        break;
    default:
        distance(&inner, r, f.v);
        break;
    }
    unit(b, r.lang, message, &inner);
    es_buf_release(&inner);
}

static void figure(struct es_buf *b, struct es_reader r, struct es_shown f)
{
    switch (f.kind) {
    case ES_FIG_INT:
        whole(b, r.lang, f.v);
        break;
    case ES_FIG_PLAIN:
        plain(b, r.lang, f.v);
        break;
    case ES_FIG_DIST_BARE:
        distance(b, r, f.v);
        break;
    case ES_FIG_DECIMAL:
        decimals(b, r.lang, f.v, 2, true);
        break;
    case ES_FIG_DURATION:
        clock_text(b, r.lang, f.v);
        break;
    case ES_FIG_PERCENT:
        percent(b, r.lang, f.v);
        break;
    case ES_FIG_DAY:
    case ES_FIG_MOMENT:
    case ES_FIG_CLOCK:
        es_date_shown(b, r.lang, f);
        break;
    case ES_FIG_DIST:
    case ES_FIG_DIST_WHOLE:
    case ES_FIG_SIZE:
    case ES_FIG_HEIGHT:
    case ES_FIG_PACE:
    case ES_FIG_PACE_100:
    case ES_FIG_SPEED:
        with_unit(b, r, f);
        break;
    }
}

void es_buf_shown(struct es_buf *b, struct es_reader r, struct es_shown f)
{
    if (f.v == ES_NO_FIGURE) {
        es_buf_str(b, DASH);
        return;
    }
    bool isolate = strcmp(r.lang->dir, "rtl") == 0;
    if (isolate)
        es_buf_str(b, FSI);
    figure(b, r, f);
    if (isolate)
        es_buf_str(b, PDI);
}
