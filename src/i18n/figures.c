/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "i18n/i18n.h"

#include <inttypes.h>
#include <math.h>

#include "base/utf8.h"
#include "i18n/dates.h"

#define FSI "\u2068" /* keeps a figure and its unit together and in order */
#define PDI "\u2069" /* where the text around runs from right to left */
#define DASH "\u2013"

static struct es_shown shown(enum es_figure kind, int64_t v, const char *zone)
{
    return (struct es_shown){ kind, v, zone };
}

struct es_shown es_int(int64_t n)
{
    return shown(ES_FIG_INT, n, NULL);
}

struct es_shown es_km(int64_t dist_mm)
{
    return shown(ES_FIG_KM, dist_mm, NULL);
}

struct es_shown es_km_bare(int64_t dist_mm)
{
    return shown(ES_FIG_KM_BARE, dist_mm, NULL);
}

struct es_shown es_km_whole(int64_t dist_mm)
{
    return shown(ES_FIG_KM_WHOLE, dist_mm, NULL);
}

struct es_shown es_metres(double m)
{
    int64_t mm = es_milli(m);
    return shown(ES_FIG_M, mm == ES_NO_FIGURE ? mm : mm / 1000, NULL);
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
    double ms = (double)time_ms / ((double)dist_mm / 1e6);
    return shown(ES_FIG_PACE, ms < 36e6 ? (int64_t)ms : ES_NO_FIGURE, NULL);
}

struct es_shown es_percent(int64_t part, int64_t whole)
{
    if (whole <= 0 || part < 0)
        return shown(ES_FIG_PERCENT, ES_NO_FIGURE, NULL);
    return shown(ES_FIG_PERCENT,
                 (int64_t)((double)part / (double)whole * 100 + 1e-9), NULL);
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

static void kilometres(struct es_buf *b, const struct es_lang *l, int64_t mm)
{
    int64_t m = mm / 1000; /* cut: nobody is told a metre they didn't run */
    int places = m < 1000000 ? 2 : m < 100000000 ? 1 : 0;
    decimals(b, l, m, places, false);
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

static void with_unit(struct es_buf *b, const struct es_lang *l,
                      struct es_shown f)
{
    struct es_buf inner;
    es_buf_init(&inner, 128);
    switch (f.kind) {
    case ES_FIG_KM:
        kilometres(&inner, l, f.v);
        unit(b, l, ES_T("{1} km"), &inner);
        break;
    case ES_FIG_KM_WHOLE:
        whole(&inner, l, f.v / 1000000);
        unit(b, l, ES_T("{1} km"), &inner);
        break;
    case ES_FIG_M:
        whole(&inner, l, f.v);
        unit(b, l, ES_T("{1} m"), &inner);
        break;
    case ES_FIG_PACE:
        clock_text(&inner, l, f.v);
        unit(b, l, ES_T("{1} /km"), &inner);
        break;
    default:
        whole(&inner, l, f.v);
        es_buf_str(b, l->percent_left ? "%" : "");
        es_buf_str(b, es_buf_cstr(&inner));
        es_buf_str(b, l->percent_left ? "" : l->zero == '0' ? "%" : "٪");
        break;
    }
    es_buf_release(&inner);
}

static void figure(struct es_buf *b, const struct es_lang *l, struct es_shown f)
{
    switch (f.kind) {
    case ES_FIG_INT:
        whole(b, l, f.v);
        break;
    case ES_FIG_KM_BARE:
        kilometres(b, l, f.v);
        break;
    case ES_FIG_DECIMAL:
        decimals(b, l, f.v, 2, true);
        break;
    case ES_FIG_DURATION:
        clock_text(b, l, f.v);
        break;
    case ES_FIG_DAY:
    case ES_FIG_MOMENT:
    case ES_FIG_CLOCK:
        es_date_shown(b, l, f);
        break;
    case ES_FIG_KM:
    case ES_FIG_KM_WHOLE:
    case ES_FIG_M:
    case ES_FIG_PACE:
    case ES_FIG_PERCENT:
        with_unit(b, l, f);
        break;
    }
}

void es_buf_shown(struct es_buf *b, const struct es_lang *l, struct es_shown f)
{
    if (f.v == ES_NO_FIGURE) {
        es_buf_str(b, DASH);
        return;
    }
    bool isolate = strcmp(l->dir, "rtl") == 0;
    if (isolate)
        es_buf_str(b, FSI);
    figure(b, l, f);
    if (isolate)
        es_buf_str(b, PDI);
}
