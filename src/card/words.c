/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "card/card_int.h"

#include "base/utf8.h"

enum { FIGURE = 128 };
#define MIDDOT " \u00b7 "

static struct es_reader reader(const struct es_card *c)
{
    return (struct es_reader){ c->lang, c->miles ? ES_UNITS_MI : ES_UNITS_KM };
}

/* The figure as text; "" when it is absent. NULL: out of memory. */
static const char *shown(const struct es_card *c, struct es_arena *a,
                         struct es_shown f)
{
    struct es_buf b;
    if (f.v == ES_NO_FIGURE)
        return "";
    es_buf_init(&b, FIGURE);
    es_buf_shown(&b, reader(c), f);
    const char *out = b.bad ? NULL : es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return out;
}

/* The unit alone, without the hole for its figure. */
static const char *unit(const struct es_card *c, struct es_arena *a)
{
    const char *u = es_t_fill(a, es_dist_pattern(reader(c)), "", NULL);
    return u + strspn(u, " ");
}

/* "everystep.example/r/7KQ2" of an absolute address; of a long one, which the
 * QR code holds in full, only whose it is. NULL: out of memory. */
static const char *short_address(struct es_arena *a, const char *url)
{
    enum { LONG = 40 };
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    if (strncmp(host, "www.", 4) == 0)
        host += 4;
    return strlen(host) > LONG ? es_arena_strn(a, host, strcspn(host, "/?#"))
                               : host;
}

static const char *joined(struct es_arena *a, const char *x, const char *y)
{
    if (!x || !y)
        return NULL;
    return *x && *y ? es_arena_fmt(a, "%s" MIDDOT "%s", x, y) : *x ? x : y;
}

struct stats {
    struct es_card_words *w;
    size_t n;
    bool bad;
};

static void add_stat(struct stats *s, const char *value, const char *label)
{
    s->bad |= !value;
    if (!value || !*value || s->n == ES_CARD_STATS)
        return;
    s->w->stat[s->n].value = value;
    s->w->stat[s->n++].label = label;
}

static void add_count(struct stats *s, const struct es_card *c,
                      struct es_arena *a, int64_t n, const char *label)
{
    if (n > 0)
        add_stat(s, shown(c, a, es_int(n)), label);
}

static bool fill_stats(const struct es_card *c, struct es_arena *a,
                       struct es_card_words *w)
{
    struct stats s = { w, 0, false };
    for (size_t i = 0; i < ES_CARD_STATS; i++)
        w->stat[i].value = w->stat[i].label = "";
    if (c->kind == ES_CARD_EVENT)
        return true;
    const char *time =
        c->time_ms > 0 ? shown(c, a, es_duration(c->time_ms)) : "";
    if (c->kind == ES_CARD_INITIATIVE || c->kind == ES_CARD_TEAM)
        add_count(&s, c, a, c->members, es_t(c->lang, ES_T("People")));
    if (c->kind != ES_CARD_RUN)
        add_count(&s, c, a, c->runs, es_t(c->lang, ES_T("Runs")));
    add_stat(&s, time, es_t(c->lang, ES_T("Time")));
    if (c->kind != ES_CARD_INITIATIVE)
        add_stat(&s, shown(c, a, es_pace(c->dist_mm, c->time_ms)),
                 es_t(c->lang, ES_T("Pace")));
    return !s.bad;
}

static bool fill_total(const struct es_card *c, struct es_arena *a,
                       struct es_card_words *w)
{
    const char *percent = shown(c, a, es_percent(c->total_mm, c->goal_mm));
    const char *goal = shown(c, a, es_dist_whole(c->goal_mm));
    const char *total = shown(c, a, es_dist_whole(c->total_mm));
    if (!percent || !goal || !total)
        return false;
    w->total = w->total_label = "";
    w->done = -1;
    if (c->kind == ES_CARD_EVENT)
        return true;
    w->done = c->goal_mm > 0 ? (double)c->total_mm / (double)c->goal_mm : -1;
    if (c->kind == ES_CARD_INITIATIVE) {
        w->total = percent;
        w->total_label =
            *percent ? es_t_fill(a, es_t(c->lang, ES_T("of {1}")), goal, NULL)
                     : "";
        return true;
    }
    w->total = total;
    w->total_label =
        *percent ? es_t_fill(a, es_t(c->lang, ES_T("together: {1} of {2}")),
                             percent, goal, NULL)
                 : es_t(c->lang, ES_T("together"));
    return true;
}

/* The large figure: how far; of an event on which day, and at what time. */
static void fill_figure(const struct es_card *c, struct es_arena *a,
                        struct es_card_words *w)
{
    w->figure = shown(c, a,
                      c->kind == ES_CARD_EVENT ? es_day(c->day_ms, c->zone)
                      : c->kind == ES_CARD_INITIATIVE
                          ? es_int(c->dist_mm / es_units_mm(reader(c).units))
                          : es_dist_bare(c->dist_mm));
    w->unit = c->kind == ES_CARD_EVENT
                  ? shown(c, a, es_clock(c->day_ms, c->zone))
                  : unit(c, a);
}

enum es_code es_card_words(const struct es_card *c, struct es_arena *a,
                           struct es_card_words *out, struct es_err *e)
{
    bool whose = c->kind == ES_CARD_INITIATIVE;
    struct es_card_words w = {
        .title = whose ? c->holder : c->initiative,
        .holder = whose ? "" : c->holder,
        .name = whose ? c->initiative : c->name,
        .address = short_address(a, c->url),
    };
    const char *day = c->kind == ES_CARD_RUN && c->day_ms != ES_NO_FIGURE
                          ? shown(c, a, es_day(c->day_ms, c->zone))
                          : "";
    const char *country =
        *c->country ? es_country_name(c->lang, c->country) : "";
    w.eyebrow = joined(a, day, country);
    fill_figure(c, a, &w);
    if (!w.figure || !w.unit || !w.eyebrow || !w.address ||
        !fill_stats(c, a, &w) || !fill_total(c, a, &w))
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    *out = w;
    return ES_OK;
}

/* ---- which letters ---- */

static bool in(uint32_t c, uint32_t from, uint32_t to)
{
    return c >= from && c <= to;
}

static bool is_arabic(uint32_t c)
{
    return in(c, 0x600, 0x6ff) || in(c, 0x750, 0x77f) || in(c, 0x8a0, 0x8ff) ||
           in(c, 0xfb50, 0xfdff) || in(c, 0xfe70, 0xfefc);
}

/* Letters of Urdu that Arabic and Persian don't have: tteh, ddal, rreh, noon
 * ghunna, heh goal, yeh barree. */
static bool is_urdu(uint32_t c)
{
    return c == 0x679 || c == 0x688 || c == 0x691 || c == 0x6ba || c == 0x6be ||
           in(c, 0x6c1, 0x6c3) || c == 0x6d2 || c == 0x6d3;
}

static bool is_han(uint32_t c)
{
    return in(c, 0x2e80, 0x2fdf) || in(c, 0x3400, 0x9fff) ||
           in(c, 0xf900, 0xfaff) || in(c, 0x20000, 0x3ffff);
}

static bool is_kana(uint32_t c)
{
    return in(c, 0x3040, 0x30ff) || in(c, 0x31f0, 0x31ff);
}

static bool is_hangul(uint32_t c)
{
    return in(c, 0x1100, 0x11ff) || in(c, 0x3130, 0x318f) ||
           in(c, 0xac00, 0xd7ff);
}

/* Scripts whose signs stand above and below each other. */
static bool is_tall(uint32_t c)
{
    return in(c, 0x900, 0x109f) || in(c, 0x1780, 0x17ff);
}

struct letters {
    bool arabic, urdu, han, kana, hangul, tall;
};

static struct letters letters_of(const char *text)
{
    struct letters has = { 0 };
    struct es_bytes s = es_bytes_str(text);
    for (size_t at = 0; at < s.n;) {
        uint32_t c = es_utf8_next(s, &at);
        has.arabic |= is_arabic(c);
        has.urdu |= is_urdu(c);
        has.han |= is_han(c);
        has.kana |= is_kana(c);
        has.hangul |= is_hangul(c);
        has.tall |= is_tall(c);
    }
    return has;
}

static bool one_of(const char *tag, const char *const *list)
{
    size_t n = strcspn(tag, "-_");
    for (; *list; list++)
        if (strlen(*list) == n && strncasecmp(*list, tag, n) == 0)
            return true;
    return false;
}

const char *es_card_text_lang(const char *text, const char *declared)
{
    static const char *const ARABIC[] = { "ar", "fa", "ps",  "sd", "ug", "ckb",
                                          "ku", "ks", "prs", "ur", "pa", NULL };
    static const char *const CJK[] = { "zh", "ja", "ko", "yue", NULL };
    struct letters has = letters_of(text);
    if (has.urdu)
        return "ur";
    if (has.arabic)
        return one_of(declared, ARABIC) ? declared : "ar";
    if (has.kana)
        return "ja";
    if (has.hangul)
        return "ko";
    if (has.han)
        return one_of(declared, CJK) ? declared : "zh-cn";
    return *declared ? declared : "en";
}

double es_card_text_lead(const char *text, const char *lang)
{
    static const char *const NASTALIQ[] = { "ur", "ks", NULL };
    struct letters has = letters_of(text);
    if (has.arabic)
        return one_of(lang, NASTALIQ) ? 2.0 : 1.42;
    return has.tall ? 1.45 : has.han || has.kana || has.hangul ? 1.35 : 1.22;
}
