/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Words, numbers, dates and names of countries in the reader's language. One
 * process serves all languages at once: nothing here reads the locale. */
#ifndef ES_I18N_I18N_H
#define ES_I18N_I18N_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/time.h"

/* ---- languages ---- */

enum { ES_LANGS = 5, ES_PLURALS_MAX = 6 };

/* A language of the interface. Constants: compare by address. */
struct es_lang {
    const char *tag;     /* BCP 47, "ur" */
    const char *name;    /* in itself */
    const char *dir;     /* "ltr" or "rtl" */
    const char *decimal; /* UTF-8; CLDR's, checked by the tests */
    const char *group;
    uint32_t zero;     /* code point of the digit nought */
    size_t index;      /* of the catalogues and caches */
    bool percent_left; /* "%12" */
    bool reviewed;     /* by somebody who speaks it */
};

/* English is the first. i < ES_LANGS. */
const struct es_lang *es_lang_at(size_t i);
/* By tag or its primary part ("ur-PK"), any case; NULL when we don't have it
 * or `tag` is NULL. */
const struct es_lang *es_lang_of(const char *tag);
/* The best of an Accept-Language field (RFC 9110 section 12.5.4), which may be
 * NULL; English when none fits. */
const struct es_lang *es_lang_accept(const char *field);

/* ---- words ---- */

/* Marks a message in C for tools/extract.py; is the message itself. */
#define ES_T(s) (s)

/* The message in that language; `id` itself (English) when the catalogue has
 * none. Constant strings. */
const char *es_t(const struct es_lang *l, const char *id);
/* The form for n; in English `one` for 1, else `many`. */
const char *es_tn(const struct es_lang *l, const char *one, const char *many,
                  int64_t n);
/* A copy of `message` with {1}.. {9} replaced by the arguments that follow,
 * which end with NULL. "" when out of memory. */
const char *es_t_fill(struct es_arena *a, const char *message, ...)
    __attribute__((sentinel));

/* ---- units ---- */

/* Distances are kept in millimetres everywhere; a reader sees kilometres,
 * metres and time per kilometre, or miles, feet and time per mile. */
enum es_units { ES_UNITS_KM, ES_UNITS_MI, ES_UNITS };

/* The international mile and foot (1959), which are exact. */
#define ES_MM_PER_KM INT64_C(1000000)
#define ES_MM_PER_MI INT64_C(1609344)

/* "km" or "mi"; ES_UNITS when `tag` is neither, or NULL. */
enum es_units es_units_of(const char *tag);
const char *es_units_tag(enum es_units u);
/* Millimetres in the unit of long distances. */
int64_t es_units_mm(enum es_units u);

/* Whom figures are shown to. */
struct es_reader {
    const struct es_lang *lang;
    enum es_units units;
};

/* ---- figures ---- */

/* A figure with the way to show it; made by the functions below, written by
 * es_buf_shown. ES_NO_FIGURE and non-finite values show as a dash. */
#define ES_NO_FIGURE INT64_MIN
enum es_figure {
    ES_FIG_INT,
    ES_FIG_PLAIN,
    ES_FIG_SIZE,
    ES_FIG_DIST,
    ES_FIG_DIST_BARE,
    ES_FIG_DIST_WHOLE,
    ES_FIG_HEIGHT,
    ES_FIG_DURATION,
    ES_FIG_PACE,
    ES_FIG_PACE_100,
    ES_FIG_SPEED,
    ES_FIG_PERCENT,
    ES_FIG_DECIMAL,
    ES_FIG_DAY,
    ES_FIG_MOMENT,
    ES_FIG_CLOCK
};
struct es_shown {
    enum es_figure kind;
    int64_t v;
    int64_t over_mm;  /* of a pace: v milliseconds for this distance */
    const char *zone; /* IANA name; only dates. Borrowed */
};

struct es_shown es_int(int64_t n);              /* 12,345 */
struct es_shown es_plain(int64_t n);            /* 12345: names, not counts */
struct es_shown es_size(int64_t bytes);         /* 32 MB, of 2^20, cut */
struct es_shown es_dist(int64_t dist_mm);       /* 12.34 km, cut, not rounded */
struct es_shown es_dist_bare(int64_t dist_mm);  /* 12.34 */
struct es_shown es_dist_whole(int64_t dist_mm); /* 12 km: for goals */
struct es_shown es_metres(double m);            /* 1,234 m; 4,048 ft */
struct es_shown es_speed(double mps);           /* 12.5 km/h */
struct es_shown es_decimal(double v);           /* 1,234.5 */
struct es_shown es_duration(int64_t time_ms);   /* 1:02:03 */
struct es_shown es_pace(int64_t dist_mm, int64_t time_ms);     /* 5:12 /km */
struct es_shown es_pace_100(int64_t dist_mm, int64_t time_ms); /* 1:52 /100 m */
struct es_shown es_percent(int64_t part, int64_t whole);       /* 41%, cut */
struct es_shown es_day(int64_t t_ms, const char *zone); /* 25 August 2026 */
/* 25 August 2026, 14:05 with the zone's name. */
struct es_shown es_moment(int64_t t_ms, const char *zone);
struct es_shown es_clock(int64_t t_ms, const char *zone); /* 14:05 */

/* The same value as millimetres or milliseconds: what a double holds, or
 * ES_NO_FIGURE when it isn't finite. */
int64_t es_milli(double v);

void es_buf_shown(struct es_buf *b, struct es_reader r, struct es_shown f);
/* The pattern of the reader's unit of long distances, "{1} km", for scripts
 * that write such figures themselves. Constant. */
const char *es_dist_pattern(struct es_reader r);

/* A number as a person writes it in that language: its own digits or Latin
 * ones; the language's decimal sign, and a point wherever no other reading is
 * possible; grouping accepted only where it can't be mistaken ("1.234,5" yes,
 * "1.234" is refused where both readings are possible). Signs, exponents, nan
 * and inf are not numbers of this kind. False leaves *v. */
bool es_number_parse(const struct es_lang *l, const char *text, double *v);
/* "1:02:03"; "62:03", minutes and seconds; "62", minutes; "1 h 2 min 3 s",
 * "1h02": into milliseconds, below 1,000 hours. Digits of any of our
 * languages. "1:30", which may be hours or minutes, is refused, as is a part
 * of 60 or more after another. False leaves *time_ms. */
bool es_duration_parse(const char *text, int64_t *time_ms);

/* The local civil time of an instant, and the other way round (a skipped or
 * doubled hour gives the earlier reading). An unknown zone counts as UTC;
 * es_zone_known says so. */
struct es_date es_zone_date(const char *zone, int64_t t_ms);
int64_t es_zone_time(const char *zone, const struct es_date *d);
bool es_zone_known(const char *zone);
/* A local civil time where clocks may just be changed. */
enum es_local {
    ES_LOCAL_ONCE,
    ES_LOCAL_SKIPPED, /* it is left out: *first = *last = so much later as the
                         clocks are put forward */
    ES_LOCAL_TWICE    /* it comes twice, at *first and at *last */
};
/* d is in range (es_time_of isn't ES_NO_TIME). */
enum es_local es_zone_local(const char *zone, const struct es_date *d,
                            int64_t *first, int64_t *last);
/* How far a zone is ahead of UTC at an instant, ms. */
int64_t es_zone_ahead(const char *zone, int64_t t_ms);
/* When a zone's clocks are changed: the last change at or before t_ms, or the
 * first one after it. False when it has none there; then *at_ms stays. */
bool es_zone_changed(const char *zone, int64_t t_ms, int64_t *at_ms);
bool es_zone_changes(const char *zone, int64_t t_ms, int64_t *at_ms);
/* Whether a zone's clocks are put forward for the summer then. */
bool es_zone_summer(const char *zone, int64_t t_ms);
/* The zones that a form offers: IANA names, one of each place, in the order of
 * their names; lives as long as the process. */
const char *const *es_zones(size_t *n);

/* ---- countries ---- */

struct es_country {
    char code[3];     /* ISO 3166-1 alpha-2, upper case */
    const char *name; /* in the language asked for */
};
/* All of them in the language's order; lives as long as the process. */
const struct es_country *es_countries(const struct es_lang *l, size_t *n);
/* Of a code in any case; "" for "" and what isn't a country. */
const char *es_country_name(const struct es_lang *l, const char *code);
bool es_country_known(const char *code);

/* ---- text ---- */

/* Appends `s` in Unicode's form NFC; invalid UTF-8 becomes U+FFFD. False, with
 * nothing appended, when out of memory. */
bool es_text_nfc(struct es_buf *out, struct es_bytes s);
/* Appends a name as it is kept: NFC, cleaned as es_text_clean does, without
 * what shows nothing and private letters; joiners only where they change what
 * is seen, at most 3 marks on a letter in any script (6 in Tibetan). False when
 * out of memory. */
bool es_text_name(struct es_buf *out, struct es_bytes s);
/* Roughly how much room a text takes, in Latin letters. */
size_t es_text_columns(const char *s);
/* What a name looks like, to be compared: two that people may take for one
 * another have the same. Lower-case words of letters and digits with a space
 * between them; the look-alikes of Unicode's report 39 (Cyrillic and Latin a,
 * m and rn), accents, and l, I and 1 are one. Not to be shown. In `a`; NULL
 * when out of memory. */
const char *es_text_look(struct es_arena *a, const char *text);
/* The words of a text as they are searched, in its order, at most `max`: case
 * folded, without accents and short vowels, one form for letters that people
 * type for one another (dotted and dotless i; the yehs, kafs and hehs of
 * Arabic and Urdu), digits as 0 to 9. Changing how needs a migration that
 * empties name_word. Strings in `a`; false when out of memory. */
bool es_text_words(struct es_arena *a, const char *text, const char **words,
                   size_t max, size_t *n);
/* A title in any script as the end of an address: a-z, 0-9 and single "-"
 * between them, at most `max` of them, cut between words. "" when nothing of it
 * can be written so, or out of memory. In `a`. */
const char *es_text_slug(struct es_arena *a, const char *text, size_t max);
/* The initials of a name, for those who chose to show no more: "A. M.". */
const char *es_initials(struct es_arena *a, const char *name);

#endif
