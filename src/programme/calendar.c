/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "programme/calendar.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <string.h>

enum { FOLD = 75, STAMP = 24 }; /* octets of a line: section 3.1 */
static const int64_t YEAR_MS = 366LL * 86400000;

/* ---- lines ---- */

/* A content line, which is folded at a character. */
static void content(struct es_buf *b, const struct es_buf *line)
{
    struct es_bytes s = es_buf_bytes(line);
    size_t at = 0, room = FOLD;
    if (line->bad)
        b->bad = true;
    while (at < s.n) {
        size_t from = at, next = at;
        while (next < s.n) {
            (void)es_utf8_next(s, &next);
            if (next - from > room)
                break;
            at = next;
        }
        if (from > 0)
            es_buf_str(b, "\r\n ");
        es_buf_add(b, s.p + from, at - from);
        room = FOLD - 1;
    }
    es_buf_str(b, "\r\n");
}

/* Section 3.3.11. */
static void escape(struct es_buf *line, const char *s)
{
    for (; *s; s++) {
        if (*s == '\n')
            es_buf_str(line, "\\n");
        else if (strchr("\\;,", *s))
            es_buf_fmt(line, "\\%c", *s);
        else if ((uint8_t)*s >= 0x20)
            es_buf_u8(line, (uint8_t)*s);
    }
}

/* `name` with its parameters; nothing when there is nothing to say. */
static void text(struct es_buf *b, const char *name, const char *value)
{
    struct es_buf line;
    if (!*value)
        return;
    es_buf_init(&line, b->max);
    es_buf_fmt(&line, "%s:", name);
    escape(&line, value);
    content(b, &line);
    es_buf_release(&line);
}

/* What is no text isn't escaped; a line feed can't be in it. */
static void plain(struct es_buf *b, const char *name, const char *value)
{
    struct es_buf line;
    if (!*value || strpbrk(value, "\r\n"))
        return;
    es_buf_init(&line, b->max);
    es_buf_fmt(&line, "%s:%s", name, value);
    content(b, &line);
    es_buf_release(&line);
}

static void number(struct es_buf *b, const char *name, int64_t v)
{
    es_buf_fmt(b, "%s:%" PRId64 "\r\n", name, v);
}

/* ---- times ---- */

static const char *stamp(const struct es_date *d, const char *end,
                         char out[STAMP])
{
    (void)snprintf(out, STAMP, "%04d%02d%02dT%02d%02d%02d%s", d->year % 10000,
                   d->month % 100, d->day % 100, d->hour % 100, d->minute % 100,
                   d->second % 100, end);
    return out;
}

static void utc(struct es_buf *b, const char *name, int64_t t_ms)
{
    char out[STAMP];
    struct es_date d = es_date_of(t_ms);
    plain(b, name, stamp(&d, "Z", out));
}

static bool is_utc(const char *zone)
{
    return strcmp(zone, "UTC") == 0 || !es_zone_known(zone);
}

/* In its zone; but of a local time that comes twice, a calendar takes the first
 * (section 3.3.5), so the second is told in UTC. */
static void local(struct es_buf *b, const char *name, const char *zone,
                  int64_t t_ms)
{
    char out[STAMP];
    char with[128];
    struct es_date d = es_zone_date(zone, t_ms);
    d.ms = 0;
    if (is_utc(zone) || es_zone_time(zone, &d) != t_ms - t_ms % 1000) {
        utc(b, name, t_ms);
        return;
    }
    (void)snprintf(with, sizeof with, "%s;TZID=%s", name, zone);
    plain(b, with, stamp(&d, "", out));
}

/* "+0430", with seconds where a zone has them. */
static void offset(struct es_buf *b, const char *name, int64_t ahead_ms)
{
    int64_t s = (ahead_ms < 0 ? -ahead_ms : ahead_ms) / 1000;
    es_buf_fmt(b, "%s:%c%02d%02d", name, ahead_ms < 0 ? '-' : '+',
               (int)(s / 3600), (int)(s / 60 % 60));
    if (s % 60)
        es_buf_fmt(b, "%02d", (int)(s % 60));
    es_buf_str(b, "\r\n");
}

/* The clocks from a change on; its start is told by the clock of before
 * (section 3.6.5). What was summer's may be a zone's usual time by now. */
static void observance(struct es_buf *b, const char *zone, int64_t at_ms,
                       int64_t before_ms, int64_t seen_ms)
{
    char out[STAMP];
    const char *kind = es_zone_summer(zone, seen_ms) ? "DAYLIGHT" : "STANDARD";
    struct es_date d = es_date_of(at_ms + before_ms);
    plain(b, "BEGIN", kind);
    plain(b, "DTSTART", stamp(&d, "", out));
    offset(b, "TZOFFSETFROM", before_ms);
    offset(b, "TZOFFSETTO", es_zone_ahead(zone, at_ms));
    plain(b, "END", kind);
}

static void zone_of(struct es_buf *b, const char *zone, int64_t from_ms,
                    int64_t to_ms)
{
    int64_t at = 0;
    plain(b, "BEGIN", "VTIMEZONE");
    plain(b, "TZID", zone);
    if (es_zone_changed(zone, from_ms, &at)) {
        observance(b, zone, at, es_zone_ahead(zone, at - 1), from_ms);
    } else { /* it never changed before */
        at = from_ms - YEAR_MS;
        observance(b, zone, at, es_zone_ahead(zone, at), at);
    }
    while (es_zone_changes(zone, at, &at) && at <= to_ms)
        observance(b, zone, at, es_zone_ahead(zone, at - 1), at);
    plain(b, "END", "VTIMEZONE");
}

void es_calendar_zones(struct es_buf *b, const struct es_occasion *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t from_ms = v[i].starts_ms, to_ms = v[i].ends_ms;
        bool told = is_utc(v[i].zone);
        for (size_t k = 0; k < i && !told; k++)
            told = strcmp(v[k].zone, v[i].zone) == 0;
        if (told)
            continue;
        for (size_t k = i + 1; k < n; k++)
            if (strcmp(v[k].zone, v[i].zone) == 0) {
                if (v[k].starts_ms < from_ms)
                    from_ms = v[k].starts_ms;
                if (v[k].ends_ms > to_ms)
                    to_ms = v[k].ends_ms;
            }
        zone_of(b, v[i].zone, from_ms, to_ms);
    }
}

/* ---- the file ---- */

void es_calendar_begin(struct es_buf *b, const char *name)
{
    plain(b, "BEGIN", "VCALENDAR");
    plain(b, "VERSION", "2.0");
    plain(b, "PRODID", "-//Everystep//Programme//EN");
    plain(b, "CALSCALE", "GREGORIAN");
    text(b, "NAME", name); /* RFC 7986; and what is read in its place */
    text(b, "X-WR-CALNAME", name);
    if (*name) {
        plain(b, "REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
        plain(b, "X-PUBLISHED-TTL", "PT1H");
    }
}

void es_calendar_event(struct es_buf *b, const struct es_calendar_entry *c)
{
    const struct es_occasion *o = c->occasion;
    char named[64];
    plain(b, "BEGIN", "VEVENT");
    es_buf_fmt(b, "UID:%" PRId64 "-%" PRId64 "@everystep\r\n", o->initiative,
               o->id);
    utc(b, "DTSTAMP", o->edited_ms);
    utc(b, "LAST-MODIFIED", o->edited_ms);
    number(b, "SEQUENCE", o->sequence);
    local(b, "DTSTART", o->zone, o->starts_ms);
    local(b, "DTEND", o->zone, o->ends_ms);
    (void)snprintf(named, sizeof named, "SUMMARY;LANGUAGE=%.35s", c->lang);
    text(b, named, c->title);
    (void)snprintf(named, sizeof named, "DESCRIPTION;LANGUAGE=%.35s", c->lang);
    text(b, named, c->description);
    text(b, "LOCATION", c->place);
    text(b, "CATEGORIES", c->kind);
    plain(b, "URL", c->url);
    plain(b, "CONFERENCE;VALUE=URI;FEATURE=VIDEO", c->conference);
    plain(b, "STATUS", o->state == ES_OCCASION_OFF ? "CANCELLED" : "CONFIRMED");
    plain(b, "END", "VEVENT");
}

void es_calendar_end(struct es_buf *b)
{
    plain(b, "END", "VCALENDAR");
}
