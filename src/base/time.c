/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"

#include <string.h>

#include "base/format.h"

enum { DAY_S = 86400 };

static const int64_t YEAR_1 = -62135596800000;
static const int64_t YEAR_9999_END = 253402300799999;

/* Days since 1970-01-01, counting years from March so that the leap day is
 * the last of its year. */
static int64_t days_of(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

static int month_days(int year, int month)
{
    static const int8_t N[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : N[month - 1];
}

struct es_date es_date_of(int64_t t_ms)
{
    if (t_ms < YEAR_1)
        t_ms = YEAR_1;
    if (t_ms > YEAR_9999_END)
        t_ms = YEAR_9999_END;
    int64_t ms = ((t_ms % 1000) + 1000) % 1000;
    int64_t s = (t_ms - ms) / 1000;
    int64_t rest = ((s % DAY_S) + DAY_S) % DAY_S;
    int64_t days = (s - rest) / DAY_S;
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct es_date){
        .year = (int)(yoe + era * 400 + (month <= 2)),
        .month = month,
        .day = (int)(doy - (153 * mp + 2) / 5 + 1),
        .hour = (int)(rest / 3600),
        .minute = (int)(rest / 60 % 60),
        .second = (int)(rest % 60),
        .ms = (int)ms,
        .weekday = (int)(((days + 3) % 7 + 7) % 7),
    };
}

int64_t es_time_of(const struct es_date *d)
{
    if (d->year < 1 || d->year > 9999 || d->month < 1 || d->month > 12 ||
        d->day < 1 || d->day > month_days(d->year, d->month) || d->hour < 0 ||
        d->hour > 23 || d->minute < 0 || d->minute > 59 || d->second < 0 ||
        d->second > 60 || d->ms < 0 || d->ms > 999)
        return ES_NO_TIME;
    int64_t s = days_of(d->year, d->month, d->day) * DAY_S + d->hour * 3600 +
                d->minute * 60 + d->second;
    if (d->second == 60)
        return s * 1000 - 1;
    return s * 1000 + d->ms;
}

/* Exactly `n` digits. */
static bool digits(struct es_rd *r, int n, int *out)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        uint8_t c = es_rd_u8(r);
        if (c < '0' || c > '9')
            return false;
        v = v * 10 + (c - '0');
    }
    *out = v;
    return true;
}

static bool lit(struct es_rd *r, char c)
{
    return es_rd_u8(r) == (uint8_t)c;
}

static bool fraction(struct es_rd *r, int *ms)
{
    int n = 0;
    *ms = 0;
    while (r->at < r->n && r->p[r->at] >= '0' && r->p[r->at] <= '9') {
        if (n < 3)
            *ms = *ms * 10 + (r->p[r->at] - '0');
        n++;
        r->at++;
    }
    for (int i = n; i < 3; i++)
        *ms *= 10;
    return n > 0;
}

/* Minutes east of UTC; the reader stands at Z, a sign or the end. */
static bool offset(struct es_rd *r, int *minutes)
{
    *minutes = 0;
    if (es_rd_left(r) == 0)
        return true;
    uint8_t c = es_rd_u8(r);
    if (c == 'Z' || c == 'z')
        return es_rd_left(r) == 0;
    if (c != '+' && c != '-')
        return false;
    int h;
    int m = 0;
    if (!digits(r, 2, &h))
        return false;
    if (es_rd_left(r) > 0 && r->p[r->at] == ':')
        r->at++;
    if (es_rd_left(r) > 0 && !digits(r, 2, &m))
        return false;
    if (h > 15 || m > 59 || es_rd_left(r) != 0)
        return false;
    *minutes = (c == '-' ? -1 : 1) * (h * 60 + m);
    return true;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool es_time_parse(struct es_bytes s, int64_t *t_ms)
{
    struct es_rd r;
    struct es_date d = { 0 };
    int off;
    while (s.n > 0 && is_space(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && is_space(s.p[s.n - 1]))
        s.n--;
    es_rd_init(&r, s);
    if (!digits(&r, 4, &d.year) || !lit(&r, '-') || !digits(&r, 2, &d.month) ||
        !lit(&r, '-') || !digits(&r, 2, &d.day))
        return false;
    uint8_t sep = es_rd_u8(&r);
    if (sep != 'T' && sep != 't' && sep != ' ')
        return false;
    if (!digits(&r, 2, &d.hour) || !lit(&r, ':') || !digits(&r, 2, &d.minute))
        return false;
    if (es_rd_left(&r) > 0 && r.p[r.at] == ':') {
        r.at++;
        if (!digits(&r, 2, &d.second))
            return false;
        if (es_rd_left(&r) > 0 && (r.p[r.at] == '.' || r.p[r.at] == ',')) {
            r.at++;
            if (!fraction(&r, &d.ms))
                return false;
        }
    }
    if (r.bad || !offset(&r, &off))
        return false;
    int64_t t = es_time_of(&d);
    if (t == ES_NO_TIME)
        return false;
    t -= (int64_t)off * 60000;
    if (t < YEAR_1 || t > YEAR_9999_END)
        return false;
    *t_ms = t;
    return true;
}

/* "hh:mm:ss" in milliseconds; -1 when it isn't that, or a leap second. */
static int32_t clock_of(const uint8_t *p)
{
    static const uint8_t FORM[] = "00:00:00";
    uint8_t d[8];
    uint8_t odd = 0;
    for (size_t i = 0; i < sizeof d; i++) {
        d[i] = p[i] ^ FORM[i];
        odd |= FORM[i] == ':' ? d[i] : (uint8_t)((d[i] + 6) & 0xf0);
    }
    int32_t h = d[0] * 10 + d[1];
    int32_t m = d[3] * 10 + d[4];
    int32_t s = d[6] * 10 + d[7];
    if (odd || h > 23 || m > 59 || s > 59)
        return -1;
    return ((h * 60 + m) * 60 + s) * 1000;
}

/* ".123" in milliseconds; -1 when it isn't that. */
static int32_t thousandths(const uint8_t *p)
{
    uint32_t a = p[1] - (uint32_t)'0';
    uint32_t b = p[2] - (uint32_t)'0';
    uint32_t c = p[3] - (uint32_t)'0';
    if (p[0] != '.' || a > 9 || b > 9 || c > 9)
        return -1;
    return (int32_t)(a * 100 + b * 10 + c);
}

bool es_time_parse_near(struct es_time_day *day, struct es_bytes s,
                        int64_t *t_ms)
{
    enum { DATE = 10, WHOLE = 20, PARTS = 24 };
    bool form = (s.n == WHOLE || s.n == PARTS) && s.p[DATE] == 'T' &&
                s.p[s.n - 1] == 'Z';
    if (!form)
        return es_time_parse(s, t_ms);
    uint8_t other = 0;
    for (size_t i = 0; i < DATE; i++)
        other |= s.p[i] ^ day->text[i];
    if (!other) {
        int32_t ms = clock_of(s.p + DATE + 1);
        int32_t part = s.n == PARTS ? thousandths(s.p + WHOLE - 1) : 0;
        if (ms >= 0 && part >= 0) {
            *t_ms = day->start_ms + ms + part;
            return true;
        }
    }
    int64_t t;
    if (!es_time_parse(s, &t))
        return false;
    int32_t ms = clock_of(s.p + DATE + 1);
    int32_t part = s.n == PARTS ? thousandths(s.p + WHOLE - 1) : 0;
    if (ms >= 0 && part >= 0) {
        memcpy(day->text, s.p, DATE);
        day->start_ms = t - ms - part;
    }
    *t_ms = t;
    return true;
}

const char *es_time_text(int64_t t_ms, char out[ES_TIME_TEXT])
{
    struct es_date d = es_date_of(t_ms);
    int n = es_format(out, ES_TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d",
                      d.year, d.month, d.day, d.hour, d.minute, d.second);
    if (n < 0)
        n = 0;
    if (d.ms)
        es_format(out + n, ES_TIME_TEXT - (size_t)n, ".%03dZ", d.ms);
    else
        es_format(out + n, ES_TIME_TEXT - (size_t)n, "Z");
    return out;
}
