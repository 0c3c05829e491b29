/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Renders every page with a sample of everything it can show:
 *
 *     render_pages DIR LANG [nasty]
 *
 * writes DIR/NAME.html for each. With "nasty" every text that comes from
 * people is one that has broken a page somewhere. Assets go to DIR/static. */
#include "components.h"
#include "samples.h"

#include "web/assets.h"
#include "web/charts.h"
#include "web/pages.h"

#include <errno.h>
#include <math.h>
#include <sys/stat.h>

#define X3(s) s s s
#define X4(s) s s s s
#define X5(s) s s s s s

static bool nasty;
static const int64_t NOW = 1787638500000; /* 2026-08-25T06:15:00Z */
static const int64_t HOUR = 3600000;

/* `good`, or the next of the strings that break pages. */
const char *S(const char *good)
{
    static const char *const NASTY[] = {
        "<script>alert(1)</script>",
        "\"><svg onload=alert(1)>",
        "' onmouseover='alert(1)",
        "</title></textarea></style></script><img src=x onerror=alert(1)>",
        "&lt;b&gt; &amp;&#39;",
        "javascript:alert(1)",
        "{{ x }} {% end %} {1} {n} %s %n",
        "\xff\xfe\x80 \xc3 \xed\xa0\x80",
        "\x01\x02\x1b[31m\x7f",
        "\u202eesrever\u202c \u2067x",
        "<!-- --> <![CDATA[ x ]]> <?x ?>",
        "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324",
        "👩‍🚀👨‍👩‍👧‍👦🏴‍☠️",
        "ﷺﷺﷺ الإعلان",
        "Wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
        "Ali 123 (علی ۴۵۶) 7-8 שלום, x",
        X3(X4(X5("👩‍🚀"))),
        "H" X4(X5(X5(X5("\u0351")))) "igh",
    };
    static size_t at;
    return nasty ? NASTY[at++ % N(NASTY)] : good;
}

struct es_url path(const char *p)
{
    return es_url_fixed(p);
}

struct es_view_frame frame(bool signed_in)
{
    return (struct es_view_frame){
        .here = path("/e/lantern?by=person"),
        .title = S("The Lantern Run"),
        .title_lang = "en",
        .initiative = path("/e/lantern"),
        .board = path("/e/lantern/leaderboard"),
        .join = path("/e/lantern/join"),
        .me = signed_in ? path("/me") : NOWHERE,
        .report = path("/e/lantern/report?about=text"),
        .csrf = "c5rf",
        .notice = "",
        .index = true,
    };
}

static struct es_view_frame frame_outside(void)
{
    struct es_view_frame f = frame(false);
    f.title = "";
    f.initiative = f.board = f.join = NOWHERE;
    return f;
}

static struct es_view_total a_total(void)
{
    return (struct es_view_total){ 10384215000, 25000000000, 212, 1534 };
}

struct es_view_standing *standings(size_t *n)
{
    static struct es_view_standing rows[6];
    const char *names[] = { "Ada Lovelace", "عائشہ خان",  "Ülkü Şahin",
                            "李小龍",       "Ngozi A. 🏃", "محمد الأمين" };
    const char *countries[] = { "GB", "PK", "TR", "CN", "NG", "MA" };
    for (size_t i = 0; i < N(rows); i++)
        rows[i] = (struct es_view_standing){
            .rank = (int64_t)i + 1 - (i == 2),
            .name = S(names[i]),
            .country = countries[i],
            .dist_mm = 182340000 - (int64_t)i * 11170000,
            .time_ms = 61 * HOUR - (int64_t)i * 123 * 60000,
            .runs = 21 - (int64_t)i,
            .bib = 17 + (int64_t)i * 31,
            .from = (enum es_view_from)(ES_VIEW_FROM_TYPED - i % 4),
            .from_mm =
                i % 4 == 1 ? 182340000 - (int64_t)i * 11170000 : 12000000,
            .width = 100 - 12 * (int64_t)i,
            .url = path("/e/lantern/people/48"),
            .mine = i == 2,
        };
    *n = N(rows);
    return rows;
}

/* The reasons of a sample run: one of each effect, one that has no words. */
static const struct es_view_finding *reasons(void)
{
    static struct es_view_finding v[4];
    v[0] = (struct es_view_finding){ "top_speed", "",  13.2,          12.5,
                                     605,         625, ES_VIEW_REVIEW };
    v[1] = (struct es_view_finding){ "jump", "",   412,        NAN,
                                     1201,   1209, ES_VIEW_CUT };
    v[2] = (struct es_view_finding){
        "before_window",
        "",
        (double)(NOW - 2160 * HOUR),
        (double)(NOW - 720 * HOUR),
        NAN,
        NAN,
        ES_VIEW_REFUSE,
    };
    v[3] = (struct es_view_finding){
        "unknown_code", S("Something new, in English"), NAN, NAN, NAN, NAN,
        ES_VIEW_NOTE,
    };
    return v;
}

struct es_view_run run(enum es_view_status status)
{
    static struct es_view_split splits[17];
    static double time_s[240], alt_m[240];
    static struct es_arena a;
    static const struct es_view_best BESTS[] = {
        { "400m", 400000, 121000, 4000 },
        { "1km", 1000000, 318000, 6500 },
        { "5km", 5000000, 1660000, ES_NO_FIGURE },
    };
    for (size_t i = 0; i < N(splits); i++)
        splits[i] = (struct es_view_split){
            .dist_mm = i < 16 ? 1000000 : 340120,
            .time_ms = i < 16 ? 318000 + (int64_t)(i * i % 7) * 7000 : 108000,
        };
    for (size_t i = 0; i < N(time_s); i++) {
        time_s[i] = (double)i * 23 + 20 * sin((double)i / 20);
        alt_m[i] = i > 60 && i < 80 ? NAN : 40 + 30 * sin((double)i / 30);
    }
    if (a.max == 0)
        es_arena_init(&a, 64 << 20);
    struct es_chart_run r = { time_s, alt_m, N(time_s), 16340.12, 1000, 1, &a };
    es_chart_compare(splits, N(splits));
    struct es_view_run v = {
        .code = "7k2m9p4xq1",
        .url = path("/r/7k2m9p4xq1"),
        .receipt = path("/me/runs/123"),
        .status = status,
        .from = ES_VIEW_FROM_DEVICE,
        .file_name = S("morning run.fit"),
        .sport = "running",
        .format = "fit",
        .device = S("Garmin fr945"),
        .note = S("Measured on the old track.\nFive rounds."),
        .started_ms = NOW - 3 * HOUR,
        .received_ms = NOW,
        .dist_mm = 5340120,
        .counted_mm = 5340120,
        .elapsed_ms = 1771000,
        .moving_ms = 1742000,
        .gain_m = 48.7,
        .findings = reasons(),
        .n_findings = status == ES_VIEW_ACCEPTED ? 0 : 4,
        .splits = splits,
        .n_splits = N(splits),
        .pace = es_chart_pace(&r),
        .heights = es_chart_heights(&r),
        .bests = BESTS,
        .n_bests = N(BESTS),
        .measured = { "differs", 5870250, 53.4, 212.7, true },
    };
    static const struct es_view_spot LINE[] = { { 0, 900, true },
                                                { 400, 0, false },
                                                { 700, 300, true },
                                                { 1000, 800, false } };
    v.shape = (struct es_view_shape){ LINE, N(LINE), 1000, 900 };
    v.fives = es_chart_joined(splits, N(splits), 5, &a, &v.n_fives);
    v.stretches = es_chart_stretches(&r, &v.n_stretches);
    return v;
}

static const struct es_view_listed *listed(size_t *n)
{
    static struct es_view_listed rows[2];
    rows[0] = (struct es_view_listed){
        .url = path("/e/lantern"),
        .title = S("The Lantern Run"),
        .holder = S("Friends of Reading"),
        .lang = "en",
        .zone = "UTC",
        .phase = ES_PHASE_OPEN,
        .opens_ms = NOW - 720 * HOUR,
        .closes_ms = NOW + 720 * HOUR,
        .total = a_total(),
        .role = S("Owner"),
    };
    rows[1] = rows[0];
    rows[1].url = path("/e/light");
    rows[1].title = S("روشنی کی دوڑ");
    rows[1].holder = S("کتب خانہ دوست");
    rows[1].lang = "ur";
    rows[1].zone = "Asia/Karachi";
    rows[1].phase = ES_PHASE_SOON;
    rows[1].total = (struct es_view_total){ 0, 0, 0, 0 };
    *n = N(rows);
    return rows;
}

const struct es_view_choice *categories(void)
{
    static struct es_view_choice v[2];
    v[0] = (struct es_view_choice){ "youth", S("Youth"), false, NOWHERE };
    v[1] = (struct es_view_choice){ "veteran", S("Veteran"), true, NOWHERE };
    return v;
}

/* ---- the pages ---- */

static void home(struct es_out *o)
{
    struct es_view_home v = { .frame = frame_outside() };
    v.rows = listed(&v.n);
    es_page_home(o, &v);
}

static void home_empty(struct es_out *o)
{
    struct es_view_home v = { .frame = frame_outside() };
    es_page_home(o, &v);
}

static struct es_url away(const char *text)
{
    return (struct es_url){ text };
}

/* Nothing of it, or all. */
static struct es_view_face a_face(bool full)
{
    static struct es_view_caption captions[2];
    static struct es_view_host hosts[3];
    static struct es_view_more links[2];
    if (!full)
        return (struct es_view_face){ .colour = "",
                                      .picture_alt = "",
                                      .picture_set = "",
                                      .speaker = "",
                                      .office = "",
                                      .transcript = "" };
    struct es_url m = path("/e/lantern/media/1");
    captions[0] = (struct es_view_caption){ "en", "English", m, true };
    captions[1] = (struct es_view_caption){ "ur", S("اردو"), m, false };
    hosts[0] =
        (struct es_view_host){ S("The Lantern Library Fund"), ES_VIEW_HOLDER,
                               away("https://lantern.example/") };
    hosts[1] = (struct es_view_host){ S("Kitap Evi"), ES_VIEW_CO_HOST, { 0 } };
    hosts[2] = (struct es_view_host){ S("مكتبة الفجر"), ES_VIEW_SUPPORTER,
                                      away("https://fajr.example/") };
    links[0] = (struct es_view_more){ S("Why a lamp?"),
                                      away("https://lantern.example/why") };
    links[1] = (struct es_view_more){ S("Write to us"),
                                      away("mailto:hello@lantern.example") };
    return (struct es_view_face){
        .colour = "#c2571a",
        .picture = m,
        .picture_alt = S("Lanterns along a path to a small library"),
        .picture_set = "",
        .picture_w = 1200,
        .picture_h = 675,
        .video = m,
        .poster = m,
        .speaker = S("Meriel Dawes"),
        .office = S("Chair of The Lantern Library Fund"),
        .transcript = S("One lamp is enough to read by.\n\nCome and run."),
        .captions = captions,
        .n_captions = N(captions),
        .hosts = hosts,
        .n_hosts = N(hosts),
        .links = links,
        .n_links = N(links),
    };
}

static const char *const RULES_SAY[] = {
    "A run counts when it starts from 1 August 2026 to 31 August 2026, both "
    "days included.",
    "What counts is the clock where you run, wherever that is.",
    "Every run counts: all of them are added up.",
    "There is no upper limit: every step counts.",
};

static void initiative_in(struct es_out *o, enum es_view_phase phase,
                          struct es_view_total total, bool full)
{
    struct es_view_arrival arrivals[5];
    const char *names[] = { "Ada L.", "عائشہ خان", "李小龍", "Şule", "🏃 Kim" };
    for (size_t i = 0; i < N(arrivals); i++)
        arrivals[i] = (struct es_view_arrival){
            .name = S(names[i]),
            .country = i == 3 ? "" : "PK",
            .dist_mm = 5340000 + (int64_t)i * 1710000,
            .from = (enum es_view_from)(ES_VIEW_FROM_LIVE + i % 4),
        };
    struct es_view_initiative v = {
        .frame = frame(false),
        .title = S("The Lantern Run"),
        .purpose = S("Everywhere people read by lamp light.\n\nEach kilometre "
                     "stands for an hour of it.\nRun, walk, roll: it counts."),
        .embed = full ? "<iframe src=\"/e/lantern/embed\"></iframe>" : "",
        .holder = S("Friends of Reading"),
        .contact = S("hello@example.org"),
        .lang = "en",
        .purpose_lang = "en",
        .purpose_dir = "",
        .title_dir = "",
        .zone = "UTC",
        .phase = phase,
        .opens_ms = NOW - 720 * HOUR,
        .closes_ms = NOW + 720 * HOUR,
        .left_ms = full ? 720 * HOUR : 7 * HOUR + 1,
        .total = total,
        .face = a_face(full),
        .arrivals = arrivals,
        .n_arrivals = full ? N(arrivals) : 0,
        .live = path("/api/v1/initiatives/lantern/live"),
        .press = path("/e/lantern/press"),
        .recorder = path("/e/lantern/record"),
        .runners = full ? 12 : 0,
        .runners_mm = full ? 48200000 : 0,
        .rules = { RULES_SAY, N(RULES_SAY), path("/e/lantern/rules") },
    };
    struct es_chart_day_run days[30];
    struct es_arena a;
    es_arena_init(&a, 1 << 20);
    for (size_t i = 0; i < N(days); i++)
        days[i] = (struct es_chart_day_run){
            v.opens_ms + (int64_t)i * 24 * HOUR,
            (int64_t)(i * 7919 % 23) * 17000000,
        };
    if (full)
        v.days =
            es_chart_days(days, N(days), v.opens_ms, NOW, "UTC", 1000000, &a);
    v.top = standings(&v.n_top);
    v.n_top = full ? v.n_top : 0;
    es_page_initiative(o, &v);
    es_arena_release(&a);
}

static void initiative(struct es_out *o)
{
    initiative_in(o, ES_PHASE_OPEN, a_total(), true);
}

static void initiative_empty(struct es_out *o)
{
    initiative_in(o, ES_PHASE_SOON, (struct es_view_total){ 0 }, false);
}

static void initiative_over(struct es_out *o)
{
    initiative_in(o, ES_PHASE_OVER, a_total(), true);
}

static void record(struct es_out *o)
{
    struct es_view_record v = {
        .frame = frame(false),
        .slug = "lantern",
        .manifest = es_url_fixed("/e/lantern/record.webmanifest"),
    };
    es_page_record(o, &v);
}

static void embed(struct es_out *o)
{
    struct es_view_embed v = { .frame = frame(false),
                               .phase = ES_PHASE_OPEN,
                               .total = a_total() };
    v.top = standings(&v.n_top);
    es_page_embed(o, &v);
}

/* Open, with a goal, and nobody has run yet. */
static void initiative_new(struct es_out *o)
{
    struct es_view_total total = { .goal_mm = 25000000000 };
    initiative_in(o, ES_PHASE_OPEN, total, false);
}

/* 12,345,678.9 km: beyond its goal, and wider than any before it. */
static void initiative_huge(struct es_out *o)
{
    struct es_view_total total = { 12345678900000, 10000000000000, 1234567,
                                   98765432 };
    initiative_in(o, ES_PHASE_OPEN, total, true);
}

static void personal_link(struct es_out *o)
{
    struct es_view_link v = { .frame = frame(false),
                              .action = path("/p/0"),
                              .name = S("عائشہ خان") };
    es_page_link(o, &v);
}

static void setup_link(struct es_out *o)
{
    struct es_view_link v = { .frame = frame_outside(),
                              .action = path("/setup/0"),
                              .name = "",
                              .organiser = true,
                              .ask_name = true,
                              .given = { "", NULL } };
    es_page_link(o, &v);
}

static void enter(struct es_out *o)
{
    struct es_view_enter v = { .frame = frame_outside(),
                               .sample = "https://example.org/p/…" };
    es_page_enter(o, &v);
}

struct es_view_share share(const char *at, const char *card)
{
    return (struct es_view_share){ .card = path(card),
                                   .wide = path(card),
                                   .square = path(card),
                                   .story = path(card),
                                   .link = path(at),
                                   .title = S("عائشہ خان: 16.5 km") };
}

static struct es_view_result a_result(void)
{
    return (struct es_view_result){
        .frame = frame(false),
        .name = S("عائشہ خان"),
        .country = "PK",
        .zone = "UTC",
        .bib = 48,
        .run = run(ES_VIEW_ACCEPTED),
        .result = path("/r/7k2m9p4xq1"),
        .vouch = path("/v/7k2m9p4xq1"),
    };
}

static void result(struct es_out *o)
{
    struct es_view_result v = a_result();
    es_page_result(o, &v);
}

static void vouch(struct es_out *o)
{
    struct es_view_result v = a_result();
    es_page_vouch(o, &v);
}

static void error(struct es_out *o)
{
    struct es_view_error v = { .frame = frame(false),
                               .status = 429,
                               .detail = S("Too many files in an hour."),
                               .said = S("Come back tomorrow."),
                               .request_id = S("01hx"),
                               .retry_s = 30 };
    v.frame.index = false;
    es_page_error(o, &v);
}

static void look_with(struct es_out *o, bool ok)
{
    static const enum es_tone TONES[] = { ES_TONE_INK,        ES_TONE_ACCENT,
                                          ES_TONE_ACCENT_INK, ES_TONE_HERO_INK,
                                          ES_TONE_SOFT,       ES_TONE_EDGE };
    struct es_view_contrast rows[N(TONES)];
    struct es_palette p[ES_MODES];
    struct es_buf rules;
    const struct es_rgb colour = { 0xff, 0xee, 0x00 };
    for (enum es_mode mode = 0; mode < ES_MODES; mode++)
        es_palette_of(colour, mode, &p[mode]);
    for (size_t i = 0; i < N(TONES); i++)
        rows[i] = (struct es_view_contrast){
            TONES[i], es_palette_contrast(&p[ES_MODE_LIGHT], TONES[i]),
            es_palette_contrast(&p[ES_MODE_DARK], TONES[i])
        };
    es_buf_init(&rules, 1 << 14);
    es_palette_css(&rules, colour);
    es_palette_rule(&rules, ".as-light", &p[ES_MODE_LIGHT]);
    es_palette_rule(&rules, ".as-dark", &p[ES_MODE_DARK]);
    struct es_view_look v = {
        .frame = frame_console(1),
        .self = path("/organise/e/lantern/look"),
        .colour = "#ffee00",
        .written = ok ? "" : S("yellow"),
        .error = ok ? NULL : "Please write a colour.",
        .kept = ok,
        .own = !ok,
        .rows = rows,
        .n = N(rows),
    };
    v.frame.colours = es_buf_cstr(&rules);
    es_page_look(o, &v);
    es_buf_release(&rules);
}

static void look(struct es_out *o)
{
    look_with(o, true);
}

static void look_errors(struct es_out *o)
{
    look_with(o, false);
}

static void review(struct es_out *o)
{
    struct es_view_review v = { .frame = frame_outside(),
                                .name = S("Olga"),
                                .operate = path("/operate"),
                                .make = path("/organise/new"),
                                .sessions = path("/organise/sessions"),
                                .sign_out = path("/sign-out") };
    v.frame.review = path("/organise");
    v.reports = path("/operate/reports");
    v.initiatives = listed(&v.n_initiatives);
    es_page_review(o, &v);
}

static void components(struct es_out *o)
{
    const struct es_view_total ways[] = { { 0, 25000000000, 0, 0 },
                                          a_total(),
                                          { 31000000000, 25000000000, 9, 9 } };
    const struct es_view_run runs[] = { run(ES_VIEW_ACCEPTED),
                                        run(ES_VIEW_IN_REVIEW),
                                        run(ES_VIEW_REFUSED),
                                        run(ES_VIEW_WITHDRAWN) };
    struct es_view_receipt receipt = { .file_name = S("morning run.fit"),
                                       .error_at = ES_NO_FIGURE,
                                       .run = runs[0],
                                       .withdraw = path("/") };
    struct es_view_near near[6];
    struct es_chart_day_run days[30];
    struct es_arena a;
    es_arena_init(&a, 1 << 20);
    struct view_components v = {
        .frame = frame(false),
        .ways = ways,
        .n_ways = N(ways),
        .runs = runs,
        .n_runs = N(runs),
        .near = near,
        .n_near = N(near),
        .receipt = &receipt,
        .prose = S("آئیے، ایک چراغ کے لیے دوڑیں۔\n\nہر کلومیٹر گنا جاتا ہے۔"),
        .prose_lang = "ur",
    };
    v.rows = standings(&v.n_rows);
    v.listed = listed(&v.n_listed);
    for (size_t i = 0; i < N(near); i++)
        near[i].s = v.rows[i];
    es_chart_gaps(near, N(near), 2);
    for (size_t i = 0; i < N(days); i++)
        days[i] =
            (struct es_chart_day_run){ NOW - (int64_t)i * 24 * HOUR,
                                       (int64_t)(i * 7919 % 23) * 17000000 };
    v.days =
        es_chart_days(days, N(days), NOW - 720 * HOUR, NOW, "UTC", 1000000, &a);
    es_page_components(o, &v);
    es_arena_release(&a);
}

static const struct {
    const char *name;
    void (*write)(struct es_out *o);
} PAGES[] = {
    { "components", components },
    { "home", home },
    { "home_empty", home_empty },
    { "initiative", initiative },
    { "initiative_empty", initiative_empty },
    { "initiative_new", initiative_new },
    { "initiative_huge", initiative_huge },
    { "initiative_over", initiative_over },
    { "embed", embed },
    { "record", record },
    { "join", sample_join },
    { "join_errors", sample_join_errors },
    { "join_waits", sample_join_waits },
    { "joined", sample_joined },
    { "joined_waits", sample_joined_waits },
    { "details", sample_details },
    { "leave", sample_leave },
    { "waiting", sample_waiting },
    { "groups", sample_groups },
    { "statements", sample_statements },
    { "statements_speaker", sample_statements_speaker },
    { "statement", sample_statement },
    { "statement_taken", sample_statement_taken },
    { "statement_embed", sample_statement_embed },
    { "compare", sample_compare },
    { "circle", sample_circle },
    { "parties", sample_parties },
    { "party", sample_party },
    { "party_group", sample_party_group },
    { "drafts", sample_drafts },
    { "write", sample_write },
    { "write_published", sample_write_published },
    { "write_new", sample_write_new },
    { "guardian", sample_guardian },
    { "guardian_agreed", sample_guardian_agreed },
    { "guardian_refused", sample_guardian_refused },
    { "group", sample_group },
    { "group_preview", sample_group_preview },
    { "group_links", sample_group_links },
    { "personal_link", personal_link },
    { "setup_link", setup_link },
    { "enter", enter },
    { "sessions", sample_sessions },
    { "console", sample_console },
    { "exhibition", sample_exhibition },
    { "exhibition_strip", sample_exhibition_strip },
    { "exhibition_none", sample_exhibition_none },
    { "exhibition_picture", sample_exhibition_picture },
    { "exhibition_playing", sample_exhibition_playing },
    { "hanging", sample_hanging },
    { "hanging_errors", sample_hanging_errors },
    { "hung_edit", sample_hung_edit },
    { "media", sample_media },
    { "media_errors", sample_media_none },
    { "console_draft", sample_console_draft },
    { "staff", sample_staff },
    { "messages", sample_messages },
    { "messages_without", sample_messages_without },
    { "message", sample_message },
    { "stop", sample_stop },
    { "stopped", sample_stopped },
    { "new", sample_new },
    { "texts", sample_texts },
    { "texts_both", sample_texts_both },
    TICKET_PAGES,
    { "programme", sample_programme },
    { "programme_event", sample_programme_event },
    { "programme_event_hidden", sample_programme_event_hidden },
    { "events", sample_events },
    { "event_edit", sample_event_edit },
    { "event_edit_both", sample_event_edit_both },
    { "event_people", sample_event_people },
    { "event_recording", sample_event_recording },
    { "hosts", sample_hosts },
    { "hosts_both", sample_hosts_both },
    { "figures", sample_figures },
    { "figures_country", sample_figures_country },
    { "figures_none", sample_figures_none },
    { "goal", sample_goal },
    { "goal_errors", sample_goal_errors },
    { "new_fresh", sample_new_fresh },
    { "new_errors", sample_new_errors },
    { "new_no_more", sample_new_no_more },
    { "invitation", sample_invitation },
    { "operate", sample_operate },
    { "press", sample_press },
    { "press_none", sample_press_none },
    { "release", sample_release },
    { "press_edit", sample_press_edit },
    { "release_edit", sample_release_edit },
    { "release_text", sample_release_text },
    { "release_alone", sample_release_alone },
    { "release_approved", sample_release_approved },
    { "imprint", sample_imprint },
    { "me", sample_me },
    { "me_new", sample_me_new },
    { "receipt", sample_receipt },
    { "receipts", sample_receipts },
    { "board", sample_board },
    { "board_countries", sample_board_countries },
    { "board_empty", sample_board_empty },
    { "board_me", sample_board_me },
    { "board_found", sample_board_found },
    { "board_best", sample_board_best },
    { "results", sample_results },
    { "results_print", sample_results_print },
    { "board_kept", sample_board_kept },
    { "finish", sample_finish },
    { "finished", sample_finished },
    { "board_not_found", sample_board_not_found },
    { "back", sample_back },
    { "back_errors", sample_back_errors },
    { "back_sent", sample_back_sent },
    { "back_family", sample_back_family },
    { "back_link", sample_back_link },
    { "back_elsewhere", sample_back_elsewhere },
    { "sign_in", sample_sign_in },
    { "sign_in_errors", sample_sign_in_errors },
    { "sign_in_me", sample_sign_in_me },
    { "sign_in_nowhere", sample_sign_in_nowhere },
    { "confirm", sample_confirm },
    { "confirm_without", sample_confirm_without },
    { "report", sample_report },
    { "report_errors", sample_report_errors },
    { "reported", sample_reported },
    { "reported_decided", sample_reported_decided },
    { "reports", sample_reports },
    { "reports_none", sample_reports_none },
    { "log", sample_log },
    { "passkeys", sample_passkeys },
    { "passkeys_none", sample_passkeys_none },
    { "passkeys_me", sample_passkeys_me },
    { "codes", sample_codes },
    { "person", sample_person },
    { "team", sample_team },
    { "team_empty", sample_team_empty },
    { "result", result },
    { "vouch", vouch },
    { "error", error },
    { "rules", sample_rules },
    { "rules_form", sample_rules_form },
    { "rules_form_errors", sample_rules_form_errors },
    { "rules_change", sample_rules_change },
    { "rules_judging", sample_rules_judging },
    { "rules_history", sample_rules_history },
    { "look", look },
    { "look_errors", look_errors },
    { "review", review },
    { "queue", sample_queue },
    { "queue_empty", sample_queue_empty },
    { "weigh", sample_weigh },
    { "weigh_alone", sample_weigh_alone },
    { "bulk", sample_bulk },
    { "step_log", sample_step_log },
    { "receipt_refused", sample_receipt_refused },
    { "receipt_asked", sample_receipt_asked },
};

static int save(const char *dir, const char *name, struct es_bytes s)
{
    char file[4096];
    (void)snprintf(file, sizeof file, "%s/%s", dir, name);
    FILE *f = fopen(file, "wb");
    if (!f || fwrite(s.p, 1, s.n, f) != s.n) {
        fprintf(stderr, "render_pages: %s: %s\n", file, strerror(errno));
        return 1;
    }
    return fclose(f) != 0;
}

int main(int argc, char **argv)
{
    int bad = 0;
    char name[4096];
    const struct es_lang *lang = argc > 2 ? es_lang_of(argv[2]) : NULL;
    if (!lang) {
        fprintf(stderr, "render_pages DIR LANG [nasty]\n");
        return 64;
    }
    nasty = argc > 3;
    for (size_t i = 0; i < N(PAGES); i++) {
        struct es_buf b;
        es_buf_init(&b, 1 << 20);
        struct es_out o = es_out_of(&b, lang);
        o.keep_lang = nasty;
        PAGES[i].write(&o);
        (void)snprintf(name, sizeof name, "%s.html", PAGES[i].name);
        bad |= b.bad || save(argv[1], name, es_buf_bytes(&b));
        es_buf_release(&b);
    }
    (void)snprintf(name, sizeof name, "%s/static", argv[1]);
    (void)mkdir(name, 0700);
    for (size_t i = 0; i < es_assets_n; i++)
        bad |= save(argv[1], es_assets[i].path + 1, es_assets[i].bytes);
    return bad;
}
