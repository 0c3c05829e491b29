/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Dates with ICU's month names and patterns, read once per language, and
 * ICU's time zones. The patterns hold few letters (d M y H m), so they are
 * filled in here: opening an ICU formatter costs more than a whole page. */
#include "i18n/dates.h"

#include <pthread.h>
#include <unicode/ucal.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/uenum.h>
#include <unicode/ustring.h>

#include "base/utf8.h"

enum { PATTERN = 64, MONTH = 48, ZONE = 64 };

static struct {
    char day[PATTERN];      /* "d MMMM y" */
    char months[12][MONTH]; /* as they stand in a date */
} names[ES_LANGS];
static pthread_once_t names_once = PTHREAD_ONCE_INIT;

static void to_utf8(char *out, int32_t cap, const UChar *s, int32_t n)
{
    UErrorCode rc = U_ZERO_ERROR;
    int32_t len = 0;
    u_strToUTF8(out, cap - 1, &len, s, n, &rc);
    out[U_SUCCESS(rc) && len < cap ? len : 0] = '\0';
}

static void read_language(size_t i)
{
    static const UChar SKELETON[] = u"yMMMMd";
    UErrorCode rc = U_ZERO_ERROR;
    UChar text[PATTERN];
    const char *tag = es_lang_at(i)->tag;

    snprintf(names[i].day, PATTERN, "d MMMM y");
    UDateTimePatternGenerator *g = udatpg_open(tag, &rc);
    int32_t n = udatpg_getBestPattern(g, SKELETON, 6, text, PATTERN, &rc);
    if (U_SUCCESS(rc))
        to_utf8(names[i].day, PATTERN, text, n);
    udatpg_close(g);

    rc = U_ZERO_ERROR;
    UDateFormat *f =
        udat_open(UDAT_LONG, UDAT_LONG, tag, u"UTC", 3, NULL, 0, &rc);
    for (int32_t m = 0; m < 12 && U_SUCCESS(rc); m++) {
        n = udat_getSymbols(f, UDAT_MONTHS, m, text, PATTERN, &rc);
        if (U_SUCCESS(rc))
            to_utf8(names[i].months[m], MONTH, text, n);
    }
    udat_close(f);
}

static void read_names(void)
{
    for (size_t i = 0; i < ES_LANGS; i++)
        read_language(i);
}

static UCalendar *open_zone(const char *zone)
{
    UErrorCode rc = U_ZERO_ERROR;
    UChar id[ZONE];
    if (!zone || !*zone || strlen(zone) >= ZONE)
        zone = "UTC";
    u_uastrcpy(id, zone);
    UCalendar *c = ucal_open(id, -1, "en", UCAL_GREGORIAN, &rc);
    return U_SUCCESS(rc) ? c : NULL;
}

static bool is_utc(const char *zone)
{
    return !zone || !*zone || strcmp(zone, "UTC") == 0;
}

bool es_zone_known(const char *zone)
{
    UErrorCode rc = U_ZERO_ERROR;
    UChar id[ZONE];
    UChar canonical[ZONE];
    UBool system = false;
    if (!zone || !*zone || strlen(zone) >= ZONE)
        return false;
    for (const char *p = zone; *p; p++)
        if ((uint8_t)*p < 0x21 || (uint8_t)*p > 0x7e)
            return false;
    u_uastrcpy(id, zone);
    ucal_getCanonicalTimeZoneID(id, -1, canonical, ZONE, &system, &rc);
    return U_SUCCESS(rc) && system;
}

struct es_date es_zone_date(const char *zone, int64_t t_ms)
{
    if (is_utc(zone) || t_ms == ES_NO_TIME)
        return es_date_of(t_ms);
    UErrorCode rc = U_ZERO_ERROR;
    UCalendar *c = open_zone(zone);
    int32_t offset = 0;
    if (c) {
        ucal_setMillis(c, (UDate)t_ms, &rc);
        offset = ucal_get(c, UCAL_ZONE_OFFSET, &rc) +
                 ucal_get(c, UCAL_DST_OFFSET, &rc);
        ucal_close(c);
    }
    return es_date_of(U_SUCCESS(rc) ? t_ms + offset : t_ms);
}

int64_t es_zone_time(const char *zone, const struct es_date *d)
{
    int64_t as_utc = es_time_of(d);
    UCalendar *c;
    if (as_utc == ES_NO_TIME || is_utc(zone) || !(c = open_zone(zone)))
        return as_utc;
    UErrorCode rc = U_ZERO_ERROR;
    ucal_setAttribute(c, UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_FIRST);
    ucal_setAttribute(c, UCAL_SKIPPED_WALL_TIME, UCAL_WALLTIME_FIRST);
    ucal_clear(c);
    ucal_setDateTime(c, d->year, d->month - 1, d->day, d->hour, d->minute,
                     d->second, &rc);
    int64_t t_ms = (int64_t)ucal_getMillis(c, &rc) + d->ms;
    ucal_close(c);
    return U_SUCCESS(rc) ? t_ms : as_utc;
}

static int64_t read_local(UCalendar *c, const struct es_date *d,
                          UCalendarWallTimeOption repeated)
{
    UErrorCode rc = U_ZERO_ERROR;
    ucal_setAttribute(c, UCAL_REPEATED_WALL_TIME, (int32_t)repeated);
    ucal_setAttribute(c, UCAL_SKIPPED_WALL_TIME, UCAL_WALLTIME_LAST);
    ucal_clear(c);
    ucal_setDateTime(c, d->year, d->month - 1, d->day, d->hour, d->minute,
                     d->second, &rc);
    int64_t t_ms = (int64_t)ucal_getMillis(c, &rc) + d->ms;
    return U_SUCCESS(rc) ? t_ms : es_time_of(d);
}

enum es_local es_zone_local(const char *zone, const struct es_date *d,
                            int64_t *first, int64_t *last)
{
    UCalendar *c = is_utc(zone) ? NULL : open_zone(zone);
    *first = *last = es_time_of(d);
    if (!c)
        return ES_LOCAL_ONCE;
    *first = read_local(c, d, UCAL_WALLTIME_FIRST);
    *last = read_local(c, d, UCAL_WALLTIME_LAST);
    ucal_close(c);
    struct es_date back = es_zone_date(zone, *first);
    if (es_time_of(&back) != es_time_of(d))
        return ES_LOCAL_SKIPPED;
    return *first == *last ? ES_LOCAL_ONCE : ES_LOCAL_TWICE;
}

int64_t es_zone_ahead(const char *zone, int64_t t_ms)
{
    struct es_date d = es_zone_date(zone, t_ms);
    return es_time_of(&d) - t_ms;
}

/* ICU tells also of changes in how a zone's distance is made up, of which no
 * clock knows. */
static bool change(const char *zone, int64_t t_ms, UTimeZoneTransitionType type,
                   int64_t *at_ms)
{
    UErrorCode rc = U_ZERO_ERROR;
    UDate at = (UDate)t_ms;
    UCalendar *c = is_utc(zone) ? NULL : open_zone(zone);
    bool found = c != NULL;
    while (found) {
        ucal_setMillis(c, at, &rc);
        found =
            ucal_getTimeZoneTransitionDate(c, type, &at, &rc) && U_SUCCESS(rc);
        if (found && es_zone_ahead(zone, (int64_t)at) !=
                         es_zone_ahead(zone, (int64_t)at - 1))
            break;
        if (type == UCAL_TZ_TRANSITION_PREVIOUS_INCLUSIVE)
            type = UCAL_TZ_TRANSITION_PREVIOUS;
    }
    if (c)
        ucal_close(c);
    if (found)
        *at_ms = (int64_t)at;
    return found;
}

bool es_zone_changed(const char *zone, int64_t t_ms, int64_t *at_ms)
{
    return change(zone, t_ms, UCAL_TZ_TRANSITION_PREVIOUS_INCLUSIVE, at_ms);
}

bool es_zone_changes(const char *zone, int64_t t_ms, int64_t *at_ms)
{
    return change(zone, t_ms, UCAL_TZ_TRANSITION_NEXT, at_ms);
}

bool es_zone_summer(const char *zone, int64_t t_ms)
{
    UErrorCode rc = U_ZERO_ERROR;
    int32_t ahead = 0;
    UCalendar *c = is_utc(zone) ? NULL : open_zone(zone);
    if (c) {
        ucal_setMillis(c, (UDate)t_ms, &rc);
        ahead = ucal_get(c, UCAL_DST_OFFSET, &rc);
        ucal_close(c);
    }
    return U_SUCCESS(rc) && ahead != 0;
}

/* ---- the list of zones ---- */

enum { ZONES_MAX = 640 };
static char zone_names[ZONES_MAX][ZONE];
static const char *zone_list[ZONES_MAX];
static size_t n_zones;
static pthread_once_t zones_once = PTHREAD_ONCE_INIT;

static void read_zones(void)
{
    UErrorCode rc = U_ZERO_ERROR;
    UEnumeration *all = ucal_openTimeZoneIDEnumeration(
        UCAL_ZONE_TYPE_CANONICAL_LOCATION, NULL, NULL, &rc);
    const char *name;
    int32_t len;
    while (U_SUCCESS(rc) && n_zones < ZONES_MAX - 1 &&
           (name = uenum_next(all, &len, &rc)) != NULL)
        if (len < ZONE) {
            memcpy(zone_names[n_zones], name, (size_t)len + 1);
            zone_list[n_zones] = zone_names[n_zones];
            n_zones++;
        }
    uenum_close(all);
    zone_list[n_zones++] = "UTC";
}

const char *const *es_zones(size_t *n)
{
    pthread_once(&zones_once, read_zones);
    *n = n_zones;
    return zone_list;
}

static void number(struct es_buf *b, const struct es_lang *l, int v, int width)
{
    char text[16];
    snprintf(text, sizeof text, "%0*d", width, v);
    for (const char *p = text; *p; p++)
        es_buf_utf8(b, l->zero + (uint32_t)(*p - '0'));
}

/* One run of the same pattern letter. */
static void pattern_letter(struct es_buf *b, const struct es_lang *l, char c,
                           int n, const struct es_date *d)
{
    switch (c) {
    case 'd':
        number(b, l, d->day, n);
        break;
    case 'M':
    case 'L':
        if (n >= 3)
            es_buf_str(b, names[l->index].months[d->month - 1]);
        else
            number(b, l, d->month, n);
        break;
    case 'y':
        number(b, l, d->year, 1);
        break;
    default:
        break; /* no other letter is in the skeleton */
    }
}

static void date_by_pattern(struct es_buf *b, const struct es_lang *l,
                            const struct es_date *d)
{
    bool quoted = false;
    for (const char *p = names[l->index].day; *p; p++) {
        bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');
        if (*p == '\'') {
            quoted = !quoted;
        } else if (quoted || !letter) {
            es_buf_u8(b, (uint8_t)*p);
        } else {
            int n = 1;
            while (p[1] == *p) {
                n++;
                p++;
            }
            pattern_letter(b, l, *p, n, d);
        }
    }
}

static void clock_of(struct es_buf *b, const struct es_lang *l,
                     const struct es_date *d)
{
    number(b, l, d->hour, 2);
    es_buf_str(b, ":");
    number(b, l, d->minute, 2);
}

/* A day, a time and its zone, joined as the language does. */
static void moment(struct es_buf *b, const struct es_lang *l,
                   const struct es_date *d, const char *zone)
{
    const char *p = es_t(l, ES_T("{1}, {2}"));
    while (*p) {
        if (strncmp(p, "{1}", 3) == 0) {
            date_by_pattern(b, l, d);
            p += 3;
        } else if (strncmp(p, "{2}", 3) == 0) {
            clock_of(b, l, d);
            p += 3;
        } else {
            es_buf_u8(b, (uint8_t)*p++);
        }
    }
    es_buf_fmt(b, " %s", is_utc(zone) ? "UTC" : zone);
}

void es_date_shown(struct es_buf *b, const struct es_lang *l, struct es_shown f)
{
    struct es_date d = es_zone_date(f.zone, f.v);
    pthread_once(&names_once, read_names);
    if (f.kind == ES_FIG_CLOCK)
        clock_of(b, l, &d);
    else if (f.kind == ES_FIG_DAY)
        date_by_pattern(b, l, &d);
    else
        moment(b, l, &d, f.zone);
}
