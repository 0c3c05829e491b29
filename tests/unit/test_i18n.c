/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "i18n/i18n.h"

#include <math.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/unumberformatter.h>
#include <unicode/unumsys.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#include "i18n/catalogue.h"
#include "t.h"

static const struct es_lang *lang(const char *tag)
{
    const struct es_lang *l = es_lang_of(tag);
    if (!l)
        FAIL("no language %s", tag);
    return l;
}

static const char *show_in(const char *tag, enum es_units units,
                           struct es_shown f)
{
    static struct es_buf b;
    es_buf_release(&b);
    es_buf_init(&b, 256);
    es_buf_shown(&b, (struct es_reader){ lang(tag), units }, f);
    return es_buf_cstr(&b);
}

static const char *show(const char *tag, struct es_shown f)
{
    return show_in(tag, ES_UNITS_KM, f);
}

static void symbol(UNumberFormat *f, UNumberFormatSymbol which, char out[16])
{
    UErrorCode rc = U_ZERO_ERROR;
    UChar wide[8];
    int32_t n = unum_getSymbol(f, which, wide, 8, &rc);
    int32_t len = 0;
    u_strToUTF8(out, 16, &len, wide, n, &rc);
    CHECK(U_SUCCESS(rc));
}

/* Signs, digits and direction are CLDR's. */
TEST(languages_agree_with_icu)
{
    for (size_t i = 0; i < ES_LANGS; i++) {
        const struct es_lang *l = es_lang_at(i);
        UErrorCode rc = U_ZERO_ERROR;
        char text[16];
        UNumberFormat *f = unum_open(UNUM_DECIMAL, NULL, 0, l->tag, NULL, &rc);
        CHECK(U_SUCCESS(rc));
        symbol(f, UNUM_DECIMAL_SEPARATOR_SYMBOL, text);
        CHECK_STR(text, l->decimal);
        symbol(f, UNUM_GROUPING_SEPARATOR_SYMBOL, text);
        CHECK_STR(text, l->group);
        struct es_buf zero;
        es_buf_init(&zero, 16);
        es_buf_shown(&zero, (struct es_reader){ l, ES_UNITS_KM }, es_int(0));
        symbol(f, UNUM_ZERO_DIGIT_SYMBOL, text);
        CHECK(strstr(es_buf_cstr(&zero), text) != NULL);
        es_buf_release(&zero);
        unum_close(f);
        CHECK_INT(uloc_isRightToLeft(l->tag), strcmp(l->dir, "rtl") == 0);
        CHECK_INT(l->index, i);
    }
}

/* Two numbers share a form where, and only where, CLDR says so. */
TEST(plurals_agree_with_icu)
{
    for (size_t i = 0; i < es_catalogues_n; i++) {
        const struct es_catalogue *c = &es_catalogues[i];
        UErrorCode rc = U_ZERO_ERROR;
        UPluralRules *rules = uplrules_open(c->tag, &rc);
        UChar first[ES_PLURALS_MAX][16] = { 0 };
        for (uint64_t n = 0; n < 1000; n++) {
            UChar category[16] = { 0 };
            (void)uplrules_select(rules, (double)n, category, 15, &rc);
            CHECK(U_SUCCESS(rc));
            unsigned form = c->plural(n);
            CHECK(form < ES_PLURALS_MAX);
            if (!first[form][0])
                u_strcpy(first[form], category);
            CHECK(u_strcmp(first[form], category) == 0);
            for (unsigned k = 0; k < ES_PLURALS_MAX; k++)
                CHECK(k == form || u_strcmp(first[k], category) != 0);
        }
        uplrules_close(rules);
    }
}

TEST(language_of_tag)
{
    CHECK_STR(es_lang_of("ur-PK")->tag, "ur");
    CHECK_STR(es_lang_of("TR")->tag, "tr");
    CHECK(es_lang_of("urx") == NULL);
    CHECK(es_lang_of("") == NULL);
    CHECK(es_lang_of(NULL) == NULL);
}

TEST(accept_language)
{
    static const struct {
        const char *field, *tag;
    } CASES[] = {
        { NULL, "en" },
        { "", "en" },
        { "*", "en" },
        { "de-CH, fr", "en" },
        { "ur", "ur" },
        { "de, tr;q=0.8, ur;q=0.9", "ur" },
        { "en;q=0, ar", "ar" },
        { "en;q=0.1,az-Latn-AZ;q=0.15", "az" },
        { "tr;q=nonsense, ar;q=0.1", "ar" },
        { "tr;q=7,ur;q=1.0", "ur" },
        { ",,, ;q=1, ,ur", "ur" },
        { "ur;q=1.000,tr", "ur" },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        CHECK_STR(es_lang_accept(CASES[i].field)->tag, CASES[i].tag);
}

TEST(figures)
{
    CHECK_STR(show("en", es_int(1234567)), "1,234,567");
    CHECK_STR(show("tr", es_int(1234567)), "1.234.567");
    CHECK_STR(show("en", es_int(-1234)), "\u22121,234");
    CHECK_STR(show("en", es_int(INT64_MAX)), "9,223,372,036,854,775,807");
    CHECK_STR(show("en", es_dist(9999999)), "9.99 km"); /* cut, not rounded */
    CHECK_STR(show("en", es_dist(10000000)), "10.00 km");
    CHECK_STR(show("en", es_dist(0)), "0.00 km");
    CHECK_STR(show("en", es_dist(1234567890)), "1,234.5 km");
    CHECK_STR(show("en", es_dist(12345678900000)), "12,345,678 km");
    CHECK_STR(show("en", es_dist(ES_NO_FIGURE)), "\u2013");
    CHECK_STR(show("en", es_duration(3723000)), "1:02:03");
    CHECK_STR(show("en", es_duration(62999)), "1:02");
    CHECK_STR(show("en", es_pace(10000000, 3120000)), "5:12 /km");
    CHECK_STR(show("en", es_pace(0, 3120000)), "\u2013");
    CHECK_STR(show("en", es_pace_100(1500000, 1680000)), "1:52 /100 m");
    CHECK_STR(show("en", es_pace_100(0, 1680000)), "\u2013");
    CHECK_STR(show("en", es_percent(999, 1000)), "99%");
    CHECK_STR(show("tr", es_percent(41, 100)), "%41");
    CHECK_STR(show("en", es_percent(1, 0)), "\u2013");
    CHECK_STR(show("en", es_percent(INT64_MAX, 1)), "1,000,000,000,000,000%");
    CHECK_STR(show("en", es_decimal(12.5)), "12.5");
    CHECK_STR(show("tr", es_decimal(12.5)), "12,5");
    CHECK_STR(show("en", es_decimal(-0.25)), "\u22120.25");
    CHECK_STR(show("en", es_decimal(3)), "3");
    CHECK_STR(show("en", es_metres(1234.6)), "1,234 m");
    CHECK_STR(show("en", es_speed(12.5)), "45 km/h");
    CHECK_STR(show("en", es_plain(12345)), "12345");
    CHECK_STR(show("ar", es_plain(12345)), "\u2068١٢٣٤٥\u2069");
    CHECK_STR(show("en", es_size((32 << 20) + 1)), "32 MB");
    CHECK_STR(show("en", es_speed(NAN)), "\u2013");
}

TEST(figures_in_miles)
{
    static const struct {
        struct es_shown (*of)(int64_t);
        int64_t mm;
        const char *want;
    } CASES[] = {
        { es_dist, 1609344, "1.00 mi" },
        { es_dist, 1609343, "0.99 mi" }, /* cut, not rounded */
        { es_dist, 42195000, "26.21 mi" },
        { es_dist, 999 * ES_MM_PER_MI, "999.00 mi" },
        { es_dist, 1000 * ES_MM_PER_MI, "1,000.0 mi" },
        { es_dist, 100000 * ES_MM_PER_MI, "100,000 mi" },
        { es_dist, INT64_MAX, "5,731,137,678,988 mi" },
        { es_dist, ES_NO_FIGURE, "\u2013" },
        { es_dist_bare, 5000000, "3.10" },
        { es_dist_whole, 25000000000, "15,534 mi" },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        CHECK_STR(show_in("en", ES_UNITS_MI, CASES[i].of(CASES[i].mm)),
                  CASES[i].want);
    CHECK_STR(show_in("en", ES_UNITS_MI, es_metres(0.3048)), "1 ft");
    CHECK_STR(show_in("en", ES_UNITS_MI, es_metres(8848.86)), "29,031 ft");
    CHECK_STR(show_in("en", ES_UNITS_MI, es_pace(1609344, 480000)), "8:00 /mi");
    CHECK_STR(show_in("en", ES_UNITS_MI, es_pace(16093440, 4799999)),
              "7:59 /mi");
    CHECK_STR(show_in("en", ES_UNITS_MI, es_speed(4.4704)), "10 mph");
    CHECK_INT(es_units_of("mi"), ES_UNITS_MI);
    CHECK_INT(es_units_of("km"), ES_UNITS_KM);
    CHECK_INT(es_units_of("MI"), ES_UNITS);
    CHECK_INT(es_units_of(""), ES_UNITS);
    CHECK_INT(es_units_of(NULL), ES_UNITS);
}

/* What ICU writes for 12 of a unit, without the number; "" when it has none.
 * Twelve has the plural form that a unit shows with almost any figure. */
static void unit_of_icu(const struct es_lang *l, const char *unit,
                        const char *width, char out[64])
{
    UErrorCode rc = U_ZERO_ERROR;
    UChar wide[64];
    char skeleton[80];
    char text[128];
    (void)snprintf(skeleton, sizeof skeleton, "unit/%s unit-width-%s latin",
                   unit, width);
    u_uastrcpy(wide, skeleton);
    UNumberFormatter *f = unumf_openForSkeletonAndLocale(wide, -1, l->tag, &rc);
    UFormattedNumber *r = unumf_openResult(&rc);
    unumf_formatInt(f, 12, r, &rc);
    int32_t n = unumf_resultToString(r, wide, 64, &rc);
    int32_t len = 0;
    u_strToUTF8(text, sizeof text, &len, wide, n, &rc);
    CHECK(U_SUCCESS(rc));
    CHECK(strncmp(text, "12", 2) == 0 && strlen(text) < 66);
    memcpy(out, text + 2, strlen(text + 2) + 1);
    unumf_closeResult(r);
    unumf_close(f);
}

/* CLDR's names of units, in its short or its narrow width. Of speeds it has
 * none in Urdu but "kph". */
TEST(units_agree_with_icu)
{
    static const struct {
        const char *unit;
        const char *message;
    } UNITS[] = { { "kilometer", "{1} km" },
                  { "mile", "{1} mi" },
                  { "meter", "{1} m" },
                  { "foot", "{1} ft" },
                  { "kilometer-per-hour", "{1} km/h" },
                  { "mile-per-hour", "{1} mph" },
                  { "megabyte", "{1} MB" } };
    for (size_t i = 0; i < ES_LANGS; i++)
        for (size_t u = 0; u < sizeof UNITS / sizeof *UNITS; u++) {
            const struct es_lang *l = es_lang_at(i);
            const char *ours = es_t(l, UNITS[u].message) + strlen("{1}");
            char brief[64];
            char narrow[64];
            if (strcmp(l->tag, "ur") == 0 && strstr(UNITS[u].unit, "-per-"))
                continue;
            unit_of_icu(l, UNITS[u].unit, "short", brief);
            unit_of_icu(l, UNITS[u].unit, "narrow", narrow);
            if (strcmp(ours, brief) != 0 && strcmp(ours, narrow) != 0)
                FAIL("%s %s: \"%s\", not \"%s\" or \"%s\"", l->tag,
                     UNITS[u].unit, ours, brief, narrow);
        }
}

/* Sign, side and marks of a percentage. */
TEST(percent_agrees_with_icu)
{
    for (size_t i = 0; i < ES_LANGS; i++) {
        const struct es_lang *l = es_lang_at(i);
        UErrorCode rc = U_ZERO_ERROR;
        UChar wide[32];
        char text[64];
        int32_t len = 0;
        UNumberFormat *f = unum_open(UNUM_PERCENT, NULL, 0, l->tag, NULL, &rc);
        int32_t n = unum_formatDouble(f, 0.41, wide, 32, NULL, &rc);
        u_strToUTF8(text, sizeof text, &len, wide, n, &rc);
        CHECK(U_SUCCESS(rc));
        CHECK(strstr(show(l->tag, es_percent(41, 100)), text) != NULL);
        unum_close(f);
    }
}

/* A figure keeps its order inside text that runs from right to left. */
TEST(figures_are_isolated)
{
    const char *s = show("ur", es_duration(3723000));
    CHECK_STR(s, "\u20681:02:03\u2069");
    CHECK(strstr(show("ar", es_int(1234)), "١٬٢٣٤") != NULL);
}

TEST(dates)
{
    int64_t t = 1787638500000; /* 2026-08-25T06:15:00Z */
    CHECK_STR(show("en", es_day(t, "UTC")), "August 25, 2026");
    CHECK_STR(show("tr", es_day(t, "UTC")), "25 Ağustos 2026");
    CHECK_STR(show("az", es_day(t, "UTC")), "25 avqust 2026");
    CHECK(strstr(show("ur", es_day(t, "UTC")), "اگست") != NULL);
    CHECK(strstr(show("ar", es_day(t, "UTC")), "٢٥") != NULL);
    CHECK_STR(show("tr", es_clock(t, "Asia/Karachi")), "11:15");
    CHECK_STR(show("tr", es_moment(t, "")), "25 Ağustos 2026 06:15 UTC");
    CHECK(strstr(show("tr", es_moment(t, "Asia/Baku")), "10:15 Asia/Baku"));
}

TEST(zones)
{
    CHECK(es_zone_known("Europe/Berlin"));
    CHECK(es_zone_known("UTC"));
    CHECK(!es_zone_known("Mars/Olympus"));
    CHECK(!es_zone_known(""));
    CHECK(!es_zone_known("Europe/Berl\xff"));
    /* 2026-03-29: 02:30 does not exist in Berlin; 2026-10-25: it comes twice */
    struct es_date d = { 2026, 3, 29, 2, 30, 0, 0, 0 };
    struct es_date back =
        es_zone_date("Europe/Berlin", es_zone_time("Europe/Berlin", &d));
    CHECK(back.hour == 1 || back.hour == 3);
    CHECK_INT(back.minute, 30);
    d = (struct es_date){ 2026, 10, 25, 2, 30, 0, 0, 0 };
    CHECK_INT(es_zone_time("Europe/Berlin", &d), 1792888200000);
    for (int64_t t = 0; t < 4000000000000; t += 86413000 * 11) {
        struct es_date local = es_zone_date("Asia/Karachi", t);
        CHECK_INT(es_zone_time("Asia/Karachi", &local), t);
    }
}

/* Every minute of the days on which clocks are changed is read as it is meant:
 * held against the instants themselves. */
TEST(local_times_where_clocks_are_changed)
{
    static const struct {
        const char *zone;
        struct es_date d;
        enum es_local how;
        int hour; /* of *first, there */
        int64_t apart_ms;
    } CASES[] = {
        { "Europe/Berlin",
          { 2026, 3, 29, 1, 59, 0, 0, 0 },
          ES_LOCAL_ONCE,
          1,
          0 },
        { "Europe/Berlin",
          { 2026, 3, 29, 2, 0, 0, 0, 0 },
          ES_LOCAL_SKIPPED,
          3,
          0 },
        { "Europe/Berlin",
          { 2026, 3, 29, 2, 59, 0, 0, 0 },
          ES_LOCAL_SKIPPED,
          3,
          0 },
        { "Europe/Berlin",
          { 2026, 3, 29, 3, 0, 0, 0, 0 },
          ES_LOCAL_ONCE,
          3,
          0 },
        { "Europe/Berlin",
          { 2026, 10, 25, 1, 59, 0, 0, 0 },
          ES_LOCAL_ONCE,
          1,
          0 },
        { "Europe/Berlin",
          { 2026, 10, 25, 2, 30, 0, 0, 0 },
          ES_LOCAL_TWICE,
          2,
          3600000 },
        { "Europe/Berlin",
          { 2026, 10, 25, 3, 0, 0, 0, 0 },
          ES_LOCAL_ONCE,
          3,
          0 },
        /* by half an hour, and at midnight */
        { "Australia/Lord_Howe",
          { 2026, 10, 4, 2, 10, 0, 0, 0 },
          ES_LOCAL_SKIPPED,
          2,
          0 },
        { "Australia/Lord_Howe",
          { 2026, 4, 5, 1, 40, 0, 0, 0 },
          ES_LOCAL_TWICE,
          1,
          1800000 },
        { "Asia/Beirut",
          { 2026, 3, 29, 0, 0, 0, 0, 0 },
          ES_LOCAL_SKIPPED,
          1,
          0 },
        { "UTC", { 2026, 3, 29, 2, 30, 0, 0, 0 }, ES_LOCAL_ONCE, 2, 0 },
        { "Asia/Karachi",
          { 2026, 3, 29, 2, 30, 0, 0, 0 },
          ES_LOCAL_ONCE,
          2,
          0 },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        int64_t first;
        int64_t last;
        CHECK_INT(es_zone_local(CASES[i].zone, &CASES[i].d, &first, &last),
                  CASES[i].how);
        CHECK_INT(last - first, CASES[i].apart_ms);
        CHECK_INT(es_zone_date(CASES[i].zone, first).hour, CASES[i].hour);
        if (CASES[i].how == ES_LOCAL_SKIPPED) /* later, never earlier */
            CHECK(es_zone_date(CASES[i].zone, first - 3600000).hour !=
                  CASES[i].d.hour);
    }
    CHECK_INT(es_zone_ahead("Asia/Kathmandu", 0), 19800000);
    CHECK_INT(es_zone_ahead("Europe/Berlin", 1792888200000), 7200000);
    CHECK_INT(es_zone_ahead("Europe/Berlin", 1792888200000 + 3600000), 3600000);
}

TEST(the_zones_that_a_form_offers)
{
    size_t n;
    const char *const *v = es_zones(&n);
    bool berlin = false;
    CHECK(n > 300);
    for (size_t i = 0; i < n; i++) {
        CHECK(es_zone_known(v[i]));
        CHECK(strncmp(v[i], "Etc/", 4) != 0);
        berlin = berlin || strcmp(v[i], "Europe/Berlin") == 0;
    }
    CHECK(berlin);
    CHECK_STR(v[n - 1], "UTC");
}

TEST(titles_as_ends_of_addresses)
{
    static const struct {
        const char *title, *slug;
        size_t max;
    } CASES[] = {
        { "A Run for Clean Water", "a-run-for-clean-water", 60 },
        { "  --Straße & Café!!  2026 ", "strasse-cafe-2026", 60 },
        { "Ziyafət üçün qaçış", "ziyafet-ucun-qacis", 60 },
        { "Işık Koşusu", "isik-kosusu", 60 },
        { "Ωδή", "ode", 60 },
        { "Забег мира", "zabeg-mira", 60 },
        { "和平跑", "he-ping-pao", 60 },
        { "O’Brien's", "obriens", 60 },
        { "Clean water everywhere", "clean-water", 14 },
        { "Internationalisation", "internati", 9 },
        { "!!!", "", 60 },
        { "", "", 60 },
        { "\xf0\x9f\x8f\x83", "", 60 },
    };
    struct es_arena a;
    es_arena_init(&a, 1 << 16);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        CHECK_STR(es_text_slug(&a, CASES[i].title, CASES[i].max),
                  CASES[i].slug);
    /* whatever the script: letters, digits and single hyphens within */
    static const char *const ALL[] = { "چراغ کی دوڑ", "جري الفوانيس", "दौड़",
                                       "ランニング",  "달리기",       "วิ่ง",
                                       "გარბენი",     "վազք" };
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++) {
        const char *s = es_text_slug(&a, ALL[i], 60);
        CHECK(*s &&
              strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(s));
        CHECK(s[0] != '-' && s[strlen(s) - 1] != '-' && !strstr(s, "--"));
    }
    es_arena_release(&a);
}

TEST(numbers_of_people)
{
    static const struct {
        const char *tag, *text;
        double v; /* < 0: refused */
    } CASES[] = {
        { "en", "12.5", 12.5 },
        { "en", "12,5", -1 },
        { "tr", "12,5", 12.5 },
        { "tr", "12.5", 12.5 },
        { "az", "12,5", 12.5 },
        { "tr", "1.234", -1 },
        { "tr", "1.234,5", 1234.5 },
        { "en", "1,234.5", 1234.5 },
        { "en", "1,234", 1234 },
        { "en", "1,23", -1 },
        { "en", "1.234", 1.234 },
        { "tr", "1,234", 1.234 },
        { "tr", "1.234.567", 1234567 },
        { "en", "1.234.567", -1 },
        { "tr", "0.500", 0.5 },
        { "en", "1,234,567", 1234567 },
        { "en", "1.234,5", 1234.5 },
        { "tr", "1,234.5", 1234.5 },
        { "en", " 5 ", 5 },
        { "en", "1 234.5", 1234.5 },
        { "en", "1 23", -1 },
        { "ar", "١٢٫٥", 12.5 },
        { "ar", "١٬٢٣٤٫٥", 1234.5 },
        { "ar", "12.5", 12.5 },
        { "ar", "12,5", 12.5 },
        { "ur", "۱۲.۵", 12.5 },
        { "en", ".5", 0.5 },
        { "en", "5.", -1 },
        { "en", "", -1 },
        { "en", " ", -1 },
        { "en", "-1", -1 },
        { "en", "+1", -1 },
        { "en", "NaN", -1 },
        { "en", "inf", -1 },
        { "en", "1e9", -1 },
        { "en", "0x10", -1 },
        { "en", "12.5.5", -1 },
        { "en", "1,234,56", -1 },
        { "en", "..", -1 },
        { "en", ",", -1 },
        { "en", "12km", -1 },
        { "en", "1.2,3.4", -1 },
        { "en", "\xff", -1 },
        { "tr", "12,5,5", -1 },
        { "en", "1000000000", 1e9 },
        { "en", "99999999999999999999999999999999999999999999999999", -1 },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        double v = -7;
        bool ok = es_number_parse(lang(CASES[i].tag), CASES[i].text, &v);
        if (ok != (CASES[i].v >= 0))
            FAIL("%s \"%s\": %s %g", CASES[i].tag, CASES[i].text,
                 ok ? "taken as" : "refused, not", ok ? v : CASES[i].v);
        CHECK_NEAR(v, ok ? CASES[i].v : -7, 1e-12);
    }
}

/* What we write, we read back, in each language. */
TEST(numbers_round_trip)
{
    for (size_t i = 0; i < ES_LANGS; i++)
        for (int64_t v = 1; v < 4000000; v = v * 3 + 7) {
            const char *tag = es_lang_at(i)->tag;
            double want = (double)v / 100;
            const char *s = show(tag, es_decimal(want));
            double got = -1;
            struct es_buf bare; /* without the isolates around it */
            es_buf_init(&bare, 64);
            for (; *s; s++)
                if (strncmp(s, "\u2068", 3) == 0 ||
                    strncmp(s, "\u2069", 3) == 0)
                    s += 2;
                else
                    es_buf_u8(&bare, (uint8_t)*s);
            CHECK(es_number_parse(es_lang_at(i), es_buf_cstr(&bare), &got));
            CHECK_NEAR(got, want, 1e-9);
            es_buf_release(&bare);
        }
}

TEST(durations_of_people)
{
    static const struct {
        const char *text;
        int64_t s; /* < 0: refused */
    } CASES[] = {
        { "1:02:03", 3723 },
        { "62:03", 3723 },
        { "0:45:00", 2700 },
        { "45", 2700 },
        { "1 h 2 min 3 s", 3723 },
        { "1h02", 3720 },
        { "1H 2M", 3720 },
        { "90 min", 5400 },
        { "30s", 30 },
        { "۱:۰۲:۰۳", 3723 },
        { "٤٥", 2700 },
        { " 45 ", 2700 },
        { "1:30", -1 },
        { "1:60:00", -1 },
        { "1:02:60", -1 },
        { "45:60", -1 },
        { "", -1 },
        { "abc", -1 },
        { "1:02:03:04", -1 },
        { "-5", -1 },
        { "1h 70min", -1 },
        { "5min 1h", -1 },
        { "1:2 3", -1 },
        { "1000:00:00", -1 },
        { "4 5", -1 },
        { "99999h", -1 },
        { ":30", -1 },
        { "1::2", -1 },
        { "12:", -1 },
        { "1.5", -1 },
        { "1h2", 3720 },
        { "1 h30s", 3630 },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        int64_t ms = -7000;
        bool ok = es_duration_parse(CASES[i].text, &ms);
        if (ok != (CASES[i].s >= 0) || (ok && ms != CASES[i].s * 1000))
            FAIL("\"%s\": %d %lld", CASES[i].text, ok, (long long)ms);
    }
}

TEST(countries)
{
    CHECK_STR(es_country_name(lang("en"), "az"), "Azerbaijan");
    CHECK_STR(es_country_name(lang("tr"), "AZ"), "Azerbaycan");
    CHECK_STR(es_country_name(lang("az"), "TR"), "Türkiyə");
    CHECK_STR(es_country_name(lang("ur"), "PK"), "پاکستان");
    CHECK_STR(es_country_name(lang("ar"), "EG"), "مصر");
    CHECK_STR(es_country_name(lang("en"), ""), "");
    CHECK_STR(es_country_name(lang("en"), "XX"), "");
    CHECK(!es_country_known("EUR"));
    CHECK(!es_country_known("A"));
    CHECK(!es_country_known("\xc1\xda")); /* would be "AZ" by bits alone */
    for (size_t i = 0; i < ES_LANGS; i++) {
        size_t n;
        const struct es_country *v = es_countries(es_lang_at(i), &n);
        CHECK_INT(n, 249);
        for (size_t c = 0; c < n; c++) {
            CHECK(strcmp(v[c].name, v[c].code) != 0); /* a name, no fallback */
            CHECK(es_country_known(v[c].code));
        }
    }
}

static const char *nfc(const char *s)
{
    static struct es_buf b;
    es_buf_release(&b);
    es_buf_init(&b, 4096);
    CHECK(es_text_nfc(&b, es_bytes_str(s)));
    return es_buf_cstr(&b);
}

TEST(normal_form)
{
    CHECK_STR(nfc(""), "");
    CHECK_STR(nfc("plain"), "plain");
    CHECK_STR(nfc("g\u0306"), "ğ");
    CHECK_STR(nfc("آ"), "آ");
    CHECK_STR(nfc("\u0627\u0653"), "آ");
    CHECK_STR(nfc("a\xff"
                  "b"),
              "a\ufffd"
              "b");
    CHECK_STR(nfc("\U0001d160"), "\U0001d158\U0001d165\U0001d16e"); /* grows */
}

TEST(initials)
{
    struct es_arena a;
    es_arena_init(&a, 1 << 16);
    CHECK_STR(es_initials(&a, "Ada Lovelace"), "A. L.");
    CHECK_STR(es_initials(&a, "  Élodie  "), "É.");
    CHECK_STR(es_initials(&a, "عائشہ خان"), "ع. خ.");
    CHECK_STR(es_initials(&a, "👩‍🚀 Kim"), "👩‍🚀. K.");
    CHECK_STR(es_initials(&a, ""), "");
    es_arena_release(&a);
}

/* The folded words with a bar behind each. */
static const char *words(const char *text)
{
    static char out[400];
    const char *v[6];
    struct es_arena a;
    size_t n, at = 0;

    es_arena_init(&a, 1 << 16);
    CHECK(es_text_words(&a, text, v, 6, &n));
    out[0] = 0;
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(out + at, sizeof out - at, "%s|", v[i]);
    es_arena_release(&a);
    return out;
}

TEST(words_are_folded_for_searching)
{
    static const struct {
        const char *text, *want;
    } SAME[] = {
        { "Ada Lovelace", "ada|lovelace|" },
        { "  \u00c9LODIE--marie ", "elodie|marie|" },
        { "O\u2019Brien O'Brien", "obrien|obrien|" },
        { "I\u015f\u0131k \u0130pek", "isik|ipek|" },
        { "\u018fliyev \u01dfL", "eliyev|al|" },
        { "\u0639\u0627\u0626\u0634\u06c1", "\u0639\u0627\u064a\u0634\u0647|" },
        { "\u0643\u064a \u06a9\u06cc", "\u0643\u064a|\u0643\u064a|" },
        { "\u0645\u064f\u062d\u0640\u0640\u0645\u0651\u062f",
          "\u0645\u062d\u0645\u062f|" },
        { "\u0623\u062d\u0645\u062f", "\u0627\u062d\u0645\u062f|" },
        { "\u06f1\u06f2 \u0663\u0664 56", "12|34|56|" },
        { "\u0930\u093e\u092e\u0942", "\u0930\u093e\u092e\u0942|" },
        { "\u738b\u5c0f\u660e", "\u738b\u5c0f\u660e|" },
        { "\U0001f3c3\u200d\u2640\ufe0f", "" },
        { "", "" },
        { "%_*\"", "" },
    };
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++)
        CHECK_STR(words(SAME[i].text), SAME[i].want);
}

/* Source: the IANA database; the half hour of Lord Howe, a zone that gave its
 * summer time up, one that never had a change in our time, and none at all. */
TEST(changes_of_the_clocks_are_known)
{
    int64_t at = 7;
    CHECK(es_zone_changes("Europe/Berlin", 1767225600000, &at));
    CHECK_INT(at, 1774746000000); /* 2026-03-29T01:00Z */
    CHECK(es_zone_summer("Europe/Berlin", at));
    CHECK(!es_zone_summer("Europe/Berlin", at - 1));
    CHECK(es_zone_changes("Europe/Berlin", at, &at));
    CHECK_INT(at, 1792890000000); /* 2026-10-25T01:00Z */
    CHECK(es_zone_changed("Europe/Berlin", at, &at));
    CHECK_INT(at, 1792890000000);
    CHECK(es_zone_changed("Europe/Berlin", at - 1, &at));
    CHECK_INT(at, 1774746000000);
    CHECK(es_zone_changes("Australia/Lord_Howe", 1767225600000, &at));
    CHECK_INT(es_zone_ahead("Australia/Lord_Howe", at - 1) -
                  es_zone_ahead("Australia/Lord_Howe", at),
              1800000);
    at = 7;
    CHECK(!es_zone_changes("Europe/Istanbul", 1767225600000, &at));
    CHECK_INT(at, 7);
    CHECK(es_zone_changed("Europe/Istanbul", 1767225600000, &at));
    CHECK_INT(at, 1459040400000); /* 2016-03-27T01:00Z: to summer for good */
    CHECK(!es_zone_summer("Europe/Istanbul", 1767225600000));
    CHECK(!es_zone_changes("UTC", 0, &at));
    CHECK(!es_zone_changed("UTC", 0, &at));
}

TEST(words_of_any_text_are_few_and_short)
{
    struct es_buf b;
    es_buf_init(&b, 1 << 16);
    for (size_t i = 0; i < 500; i++)
        es_buf_str(&b, "\ufdfa"); /* one character, eighteen letters */
    CHECK(strlen(words(es_buf_cstr(&b))) < 400);
    es_buf_clear(&b);
    es_buf_str(&b, "a");
    for (size_t i = 0; i < 500; i++)
        es_buf_str(&b, "\u0301");
    CHECK_STR(words(es_buf_cstr(&b)), "a|");
    es_buf_release(&b);
    CHECK_STR(words("a b c d e f g h"), "a|b|c|d|e|f|");
    CHECK_STR(words("\xff\xfe ok \xc3"), "ok|");
}

TEST(messages)
{
    struct es_arena a;
    es_arena_init(&a, 1 << 16);
    CHECK_STR(es_t(lang("en"), "no such message"), "no such message");
    CHECK_STR(es_t(lang("tr"), "no such message"), "no such message");
    CHECK_STR(es_tn(lang("en"), "one", "many", 1), "one");
    CHECK_STR(es_tn(lang("en"), "one", "many", 0), "many");
    CHECK_STR(es_t_fill(&a, "{2} {1} {3} {x}", "a", "b", NULL), "b a  {x}");
    es_arena_release(&a);
}
