/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_TIME_H
#define ES_BASE_TIME_H

#include "base/bytes.h"

/* Times are UTC milliseconds since 1970-01-01 (leap seconds not counted). */
#define ES_NO_TIME INT64_MIN

struct es_date { /* proleptic Gregorian, UTC */
    int year;    /* 1..9999 */
    int month;   /* 1..12 */
    int day;     /* 1..31 */
    int hour, minute, second, ms;
    int weekday; /* 0 = Monday; filled by es_date_of, ignored by es_time_of */
};

int64_t es_time_now_ms(void);  /* wall clock */
int64_t es_time_mono_ms(void); /* monotonic; for deadlines only */

struct es_date es_date_of(int64_t t_ms); /* clamped to years 1..9999 */
/* ES_NO_TIME when a field is out of range (day 31 in June, hour 24...);
 * second 60 is taken as 59.999. */
int64_t es_time_of(const struct es_date *d);

/* RFC 3339 and the xsd:dateTime that GPX and TCX use: date, T or t or space,
 * time, optional fraction (1..n digits, cut to ms), optional Z or +hh:mm
 * (absent: UTC). Surrounding white space allowed. False leaves *t_ms. */
bool es_time_parse(struct es_bytes s, int64_t *t_ms);

/* The day of the last time that was parsed. All zero: none yet. */
struct es_time_day {
    uint8_t text[10]; /* "2026-08-25" */
    int64_t start_ms;
};
/* The same as es_time_parse, and quick where times of one day come one after
 * the other in the form that nearly all files have: with T and Z, in whole
 * seconds or thousandths. */
bool es_time_parse_near(struct es_time_day *day, struct es_bytes s,
                        int64_t *t_ms);

/* "2026-08-25T06:05:00Z", with ".123" only when ms != 0. out holds >= 32. */
#define ES_TIME_TEXT 32
const char *es_time_text(int64_t t_ms, char out[ES_TIME_TEXT]);

#endif
