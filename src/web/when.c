/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/when.h"

#include "base/num.h"

#include <math.h>
#include <string.h>

enum { MINUTE_MS = 60000 };

static const char *given(const struct es_req *q, const char *name,
                         const char *part)
{
    const char *field = es_arena_fmt(es_req_arena(q), "%s_%s", name, part);
    const char *s = field ? es_req_form(q, field) : NULL;
    return s ? s : "";
}

static bool number(const char *s, size_t n, int max, int *out)
{
    int64_t v;
    if (!es_num_i64((struct es_bytes){ (const uint8_t *)s, n }, 0, max, &v))
        return false;
    *out = (int)v;
    return true;
}

/* What browsers send (HTML, sections 2.3.5.2 and 2.3.5.4), seconds left out. */
static bool read_date(const char *s, struct es_date *d)
{
    return strlen(s) == 10 && s[4] == '-' && s[7] == '-' &&
           number(s, 4, 9999, &d->year) && number(s + 5, 2, 12, &d->month) &&
           number(s + 8, 2, 31, &d->day);
}

static bool read_time(const char *s, struct es_date *d)
{
    return strlen(s) >= 5 && s[2] == ':' && number(s, 2, 23, &d->hour) &&
           number(s + 3, 2, 59, &d->minute);
}

struct es_when es_web_when(const struct es_req *q, const char *name,
                           const char *zone, struct es_field_errors *fe)
{
    struct es_when w = { .t_ms = ES_NO_TIME,
                         .first_ms = ES_NO_TIME,
                         .last_ms = ES_NO_TIME };
    struct es_date d = { 0 };
    const char *date = given(q, name, "date");
    const char *fold = given(q, name, "fold");
    if (!*date) {
        es_field_errors_add(fe, name, "required", NAN);
        return w;
    }
    if (!read_date(date, &d) || !read_time(given(q, name, "time"), &d) ||
        es_time_of(&d) == ES_NO_TIME) {
        es_field_errors_add(fe, name, "invalid", NAN);
        return w;
    }
    w.how = es_zone_local(zone, &d, &w.first_ms, &w.last_ms);
    if (w.how == ES_LOCAL_SKIPPED)
        es_field_errors_add(fe, name, "skipped", NAN);
    else if (w.how == ES_LOCAL_TWICE && !*fold)
        es_field_errors_add(fe, name, "twice", NAN);
    else
        w.t_ms = strcmp(fold, "last") == 0 ? w.last_ms : w.first_ms;
    return w;
}

struct es_when es_web_when_of(const char *zone, int64_t t_ms)
{
    struct es_date d = es_zone_date(zone, t_ms);
    struct es_when w = { .t_ms = t_ms };
    w.how = es_zone_local(zone, &d, &w.first_ms, &w.last_ms);
    return w;
}

static const char *text(const char *s)
{
    return s ? s : "";
}

/* "02:30 (UTC+2)" */
static const char *reading(const struct es_req *q, const char *zone,
                           int64_t t_ms)
{
    struct es_date d = es_zone_date(zone, t_ms);
    int64_t ahead = es_zone_ahead(zone, t_ms) / MINUTE_MS;
    int64_t all = ahead < 0 ? -ahead : ahead;
    return text(es_arena_fmt(es_req_arena(q), "%02d:%02d (UTC%s%lld:%02lld)",
                             d.hour, d.minute, ahead < 0 ? "\u2212" : "+",
                             (long long)(all / 60), (long long)(all % 60)));
}

struct es_view_when es_web_when_view(const struct es_req *q, const char *name,
                                     const char *zone, const struct es_when *w,
                                     const struct es_field_errors *fe)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_when v = {
        .name = name,
        .date = given(q, name, "date"),
        .time = given(q, name, "time"),
        .error = es_say_of_field(es_web_reader(q), a, fe, name),
        .first = "",
        .last = "",
    };
    bool moved = w->how == ES_LOCAL_SKIPPED;
    if (w->first_ms != ES_NO_TIME && (moved || !*v.date)) {
        struct es_date d =
            es_zone_date(zone, w->t_ms == ES_NO_TIME ? w->first_ms : w->t_ms);
        v.date =
            text(es_arena_fmt(a, "%04d-%02d-%02d", d.year, d.month, d.day));
        v.time = text(es_arena_fmt(a, "%02d:%02d", d.hour, d.minute));
    }
    if (w->how == ES_LOCAL_TWICE) {
        v.twice = true;
        v.later = w->t_ms == w->last_ms;
        v.first = reading(q, zone, w->first_ms);
        v.last = reading(q, zone, w->last_ms);
    }
    return v;
}
