/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The organiser's form of the rules, with what people will read beside it. */
#include "initiative/edited.h"
#include "web/pages.h"
#include "web/rules_int.h"
#include "web/when.h"
#include "web/words.h"

#include "base/num.h"

#include <math.h>
#include <string.h>

enum { MS_PER_DAY = 86400000, SPARE = 2, FIELD_TEXT = 32 };

/* A race or a day beyond these is a slip of the finger. */
static const double CAP_LEAST_KM = 0.1, CAP_MOST_KM = 1000;
static const double PACE_LEAST_S = 60; /* nobody runs a kilometre in less */
enum { GRACE_MOST_DAYS = 90 };

static const struct {
    const char *field;
    uint8_t sport;
} SPORTS[] = {
    { "sport_running", ES_SPORT_RUNNING },
    { "sport_walking", ES_SPORT_WALKING },
    { "sport_hiking", ES_SPORT_HIKING },
    { "sport_cycling", ES_SPORT_CYCLING },
    { "sport_swimming", ES_SPORT_SWIMMING },
};
enum { N_SPORTS = sizeof SPORTS / sizeof *SPORTS };

struct option {
    const char *value, *label;
};
static const struct option WINDOWS[] = {
    { "zone", ES_T("One moment for everybody") },
    { "local", ES_T("The clock where each person runs") },
};
static const struct option COUNTS[] = {
    { "every", ES_T("Every run: all are added up") },
    { "first", ES_T("One: the first that is accepted") },
    { "longest", ES_T("One: the longest that is accepted") },
};
static const struct option TIMES[] = {
    { "elapsed", ES_T("From start to finish, pauses included") },
    { "timer", ES_T("The watch's own, its pauses left out") },
    { "moving", ES_T("Only while moving") },
};
static const struct option EVIDENCE[] = {
    { "none", ES_T("Count") },
    { "picture", ES_T("Count with a picture; without one a person looks") },
    { "person", ES_T("A person looks at each") },
    { "no", ES_T("Don't count") },
};

struct form {
    const struct es_req *q;
    const struct es_initiative *ini;
    struct es_rules was; /* in force */
    struct es_rules_form f;
    struct es_when opens, closes;
    bool posted;
    bool preset; /* what came is written over, but for the dates */
    struct es_field_errors fe;
    const char *error;
    const struct es_view_differs *differs;
    size_t n_differs;
    const char *by;
};

/* ---- reading ---- */

static const char *given(const struct form *k, const char *name)
{
    return es_web_given(k->q, name);
}

static int chosen(const struct form *k, const char *name,
                  const struct option *v, int n, int otherwise)
{
    const char *s = given(k, name);
    for (int i = 0; i < n; i++)
        if (strcmp(s, v[i].value) == 0)
            return i;
    return otherwise;
}

/* A distance in kilometres; "" is 0, none. */
static int64_t read_km(struct form *k, const char *name)
{
    const char *s = given(k, name);
    double v;
    if (!*s)
        return 0;
    if (!es_number_parse(es_web_lang(k->q, NULL), s, &v)) {
        es_field_errors_add(&k->fe, name, "invalid", NAN);
        return 0;
    }
    if (v < CAP_LEAST_KM)
        es_field_errors_add(&k->fe, name, "too_small", NAN);
    else if (v > CAP_MOST_KM)
        es_field_errors_add(&k->fe, name, "too_large", NAN);
    else
        return llround(v * (double)ES_MM_PER_KM);
    return 0;
}

static void read_sports(struct form *k)
{
    struct es_rules *r = &k->f.rules;
    bool any = *given(k, "sport_any") != '\0';
    memset(r->sports, 0, sizeof r->sports);
    r->n_sports = 0;
    for (size_t i = 0; !any && i < N_SPORTS; i++)
        if (*given(k, SPORTS[i].field))
            r->sports[r->n_sports++] = SPORTS[i].sport;
    if (!any && r->n_sports == 0)
        es_field_errors_add(&k->fe, "sports", "required", NAN);
}

static const char *field_of(const struct form *k, const char *what, size_t i)
{
    const char *s =
        es_arena_fmt(es_req_arena(k->q), "category_%s_%zu", what, i);
    return s ? s : "";
}

/* A row of which both fields are empty is no category. */
static void read_category(struct form *k, size_t i)
{
    struct es_rules *r = &k->f.rules;
    struct es_category *c = &r->categories[r->n_categories];
    const char *name_field = field_of(k, "name", i);
    const char *dist_field = field_of(k, "km", i);
    const char *name =
        es_edit_words(es_req_arena(k->q), given(k, name_field), false);
    size_t n = name ? strlen(name) : 0;
    *c = (struct es_category){ .dist_mm = read_km(k, dist_field) };
    if (n == 0 && !*given(k, dist_field))
        return;
    if (n == 0)
        es_field_errors_add(&k->fe, name_field, "required", NAN);
    else if (n >= sizeof c->name)
        es_field_errors_add(&k->fe, name_field, "too_long",
                            (double)sizeof c->name - 1);
    else if (memcpy(c->name, name, n), es_category_of(r, c->name))
        es_field_errors_add(&k->fe, name_field, "category_twice", NAN);
    r->n_categories++;
}

static void read_categories(struct form *k)
{
    k->f.rules.n_categories = 0;
    for (size_t i = 0; i < ES_RULE_CATEGORIES_MAX; i++)
        read_category(k, i);
    /* No form of ours has more rows; who sends them is told. */
    if (*given(k, field_of(k, "name", ES_RULE_CATEGORIES_MAX)))
        es_field_errors_add(&k->fe, "categories", "too_many",
                            ES_RULE_CATEGORIES_MAX);
}

static void read_tolerance(struct form *k)
{
    const char *s = given(k, "tolerance");
    double v = 0;
    if (*s && !es_number_parse(es_web_lang(k->q, NULL), s, &v))
        es_field_errors_add(&k->fe, "tolerance", "invalid", NAN);
    else if (v * 100 > ES_RULE_TOLERANCE_MAX_BP)
        es_field_errors_add(&k->fe, "tolerance", "too_large", NAN);
    else
        k->f.rules.tolerance_bp = (int32_t)llround(v * 100);
}

static void read_grace(struct form *k)
{
    const char *s = given(k, "grace_days");
    int64_t days = 0;
    double v;
    /* In any of our digits, but whole. */
    if (*s &&
        (!es_number_parse(es_web_lang(k->q, NULL), s, &v) || v != floor(v)))
        es_field_errors_add(&k->fe, "grace_days", "invalid", NAN);
    else if (*s && v > GRACE_MOST_DAYS)
        es_field_errors_add(&k->fe, "grace_days", "too_large", NAN);
    else
        days = *s ? (int64_t)v : 0;
    k->f.rules.grace_ms = days * MS_PER_DAY;
}

/* Minutes and seconds: "3:00" alone could be hours. */
static void read_pace(struct form *k)
{
    const char *s = given(k, "review_pace");
    const char *whole = es_arena_fmt(es_req_arena(k->q), "0:%s", s);
    int64_t ms = 0;
    if (*s && !es_duration_parse(whole ? whole : s, &ms))
        es_field_errors_add(&k->fe, "review_pace", "invalid", NAN);
    else if (*s && ms < (int64_t)(PACE_LEAST_S * 1000))
        es_field_errors_add(&k->fe, "review_pace", "too_small", NAN);
    else if (ms > ES_RULE_PACE_MAX_MS)
        es_field_errors_add(&k->fe, "review_pace", "too_large", NAN);
    else
        k->f.rules.review_pace_ms = ms;
}

static void read_window(struct form *k)
{
    struct es_rules_form *f = &k->f;
    f->zone = given(k, "zone");
    if (!es_zone_known(f->zone)) {
        es_field_errors_add(&k->fe, "zone", "unknown", NAN);
        f->zone = k->ini->zone;
    }
    k->opens = es_web_when(k->q, "opens", f->zone, &k->fe);
    k->closes = es_web_when(k->q, "closes", f->zone, &k->fe);
    f->opens_ms = k->opens.t_ms;
    f->closes_ms = k->closes.t_ms;
    if (f->opens_ms != ES_NO_TIME && f->closes_ms != ES_NO_TIME &&
        f->closes_ms <= f->opens_ms)
        es_field_errors_add(&k->fe, "closes", "order", NAN);
    f->rules.window =
        (enum es_window)chosen(k, "window", WINDOWS, 2, ES_WINDOW_ZONE);
}

static void read_evidence(struct form *k)
{
    struct es_rules *r = &k->f.rules;
    int typed = chosen(k, "typed", EVIDENCE, 4, ES_PROOF_NONE);
    int treadmill = chosen(k, "treadmill", EVIDENCE, 4, ES_PROOF_NONE);
    r->typed = typed < 3;
    r->treadmill = treadmill < 3;
    r->typed_proof = r->typed ? (enum es_proof)typed : ES_PROOF_NONE;
    r->treadmill_proof =
        r->treadmill ? (enum es_proof)treadmill : ES_PROOF_NONE;
}

static void read_form(struct form *k)
{
    struct es_rules *r = &k->f.rules;
    k->posted = true;
    *r = es_rules_default();
    read_window(k);
    read_grace(k);
    read_sports(k);
    r->count = (enum es_runs_count)chosen(k, "count", COUNTS, 3, 0);
    r->time_basis = (enum es_time_basis)chosen(k, "time", TIMES, 3, 0);
    read_categories(k);
    read_tolerance(k);
    r->run_cap_mm = read_km(k, "run_cap");
    r->day_cap_mm = read_km(k, "day_cap");
    if (r->run_cap_mm > 0 && r->day_cap_mm > 0 && r->day_cap_mm < r->run_cap_mm)
        es_field_errors_add(&k->fe, "day_cap", "below_run", NAN);
    read_evidence(k);
    r->typed_max_mm = read_km(k, "typed_max");
    r->review_over_mm = read_km(k, "review_over");
    read_pace(k);
}

/* ---- presets ---- */

static void add_category(struct es_rules *r, const char *name, int64_t dist_mm)
{
    struct es_category *c = &r->categories[r->n_categories++];
    *c = (struct es_category){ .dist_mm = dist_mm };
    (void)snprintf(c->name, sizeof c->name, "%s", name);
}

static void preset_every(struct es_rules *r)
{
    r->window = ES_WINDOW_LOCAL;
}

static void preset_race(struct es_rules *r)
{
    r->window = ES_WINDOW_LOCAL;
    r->n_sports = 1;
    memset(r->sports, 0, sizeof r->sports);
    r->sports[0] = ES_SPORT_RUNNING;
    r->typed_proof = ES_PROOF_PICTURE;
    r->treadmill_proof = ES_PROOF_PICTURE;
    r->review_pace_ms = 165000;
    add_category(r, "10 km", 10 * ES_MM_PER_KM);
}

static void preset_month(struct es_rules *r)
{
    r->window = ES_WINDOW_LOCAL;
    r->run_cap_mm = 50 * ES_MM_PER_KM;
    r->day_cap_mm = 50 * ES_MM_PER_KM;
    r->typed_proof = ES_PROOF_PICTURE;
    r->grace_ms = 3 * (int64_t)MS_PER_DAY;
}

static const struct {
    const char *name;
    void (*fill)(struct es_rules *r);
} PRESETS[] = {
    { "every", preset_every },
    { "race", preset_race },
    { "month", preset_month },
};

/* Whether a preset was asked for. */
static bool take_preset(struct form *k)
{
    const char *what = given(k, "do");
    for (size_t i = 0; i < sizeof PRESETS / sizeof *PRESETS; i++) {
        if (strcmp(what, PRESETS[i].name) != 0)
            continue;
        k->f.rules = es_rules_default();
        PRESETS[i].fill(&k->f.rules);
        k->preset = true;
        return true;
    }
    return false;
}

/* ---- showing ---- */

static const char *text(const struct form *k, const char *s)
{
    (void)k;
    return s ? s : "";
}

/* Kilometres for an input: "21.0975" as the language writes it. */
static const char *km_text(const struct form *k, int64_t mm)
{
    struct es_buf b;
    if (mm == 0)
        return "";
    es_buf_init(&b, 64);
    es_buf_num(&b, (double)mm / (double)ES_MM_PER_KM, 4);
    const char *out = es_arena_str(es_req_arena(k->q), es_buf_cstr(&b));
    es_buf_release(&b);
    const char *decimal = es_web_lang(k->q, NULL)->decimal;
    char *dot = out ? strchr(out, '.') : NULL;
    /* Languages whose sign is longer than a byte read the point as well. */
    if (dot && strlen(decimal) == 1)
        *dot = decimal[0];
    return text(k, out);
}

/* A field as it came; before anything came, or after a preset, as it stands. */
static struct es_view_field field(const struct form *k, const char *name,
                                  const char *stands)
{
    return (struct es_view_field){
        .value = k->posted && !k->preset ? given(k, name) : stands,
        .error = es_say_of_field(es_web_reader(k->q), es_req_arena(k->q),
                                 &k->fe, name),
    };
}

static const struct es_view_choice *
choices(const struct form *k, const struct option *v, int n, int now)
{
    struct es_view_choice *c =
        es_arena_array(es_req_arena(k->q), (size_t)n, sizeof *c);
    for (int i = 0; c && i < n; i++)
        c[i] = (struct es_view_choice){
            .value = v[i].value,
            .label = es_t(es_web_lang(k->q, NULL), v[i].label),
            .chosen = i == now,
        };
    return c;
}

static bool has_sport(const struct es_rules *r, uint8_t sport)
{
    for (size_t i = 0; i < r->n_sports; i++)
        if (r->sports[i] == sport)
            return true;
    return false;
}

static bool show_sports(const struct form *k, struct es_view_rules_form *v)
{
    const struct es_rules *r = &k->f.rules;
    const struct es_lang *l = es_web_lang(k->q, NULL);
    bool none = k->posted && !k->preset && !*given(k, "sport_any");
    struct es_view_sport *t =
        es_arena_array(es_req_arena(k->q), N_SPORTS + 1, sizeof *t);
    if (!t)
        return false;
    for (size_t i = 0; i < N_SPORTS; i++)
        t[i] = (struct es_view_sport){
            SPORTS[i].field, es_words_sport(l, es_sport_name(SPORTS[i].sport)),
            has_sport(r, SPORTS[i].sport)
        };
    t[N_SPORTS] =
        (struct es_view_sport){ "sport_any", es_t(l, ES_T("Any sport")),
                                r->n_sports == 0 && !none };
    v->sports = t;
    v->n_sports = N_SPORTS + 1;
    return true;
}

/* The rows there are, and some that are empty. */
static bool show_categories(const struct form *k, struct es_view_rules_form *v)
{
    const struct es_rules *r = &k->f.rules;
    size_t n = r->n_categories + SPARE;
    if (k->posted && !k->preset) /* as they came, with gaps */
        for (size_t i = 0; i < ES_RULE_CATEGORIES_MAX; i++)
            if (*given(k, field_of(k, "name", i)) && n < i + 1 + SPARE)
                n = i + 1 + SPARE;
    if (n > ES_RULE_CATEGORIES_MAX)
        n = ES_RULE_CATEGORIES_MAX;
    struct es_view_category *c =
        es_arena_array(es_req_arena(k->q), n, sizeof *c);
    if (!c)
        return false;
    for (size_t i = 0; i < n; i++) {
        bool there = i < r->n_categories;
        c[i].name_field = field_of(k, "name", i);
        c[i].dist_field = field_of(k, "km", i);
        c[i].name =
            field(k, c[i].name_field, there ? r->categories[i].name : "");
        c[i].dist = field(k, c[i].dist_field,
                          km_text(k, there ? r->categories[i].dist_mm : 0));
    }
    v->categories = c;
    v->n_categories = n;
    return true;
}

static void show_window(const struct form *k, struct es_view_rules_form *v)
{
    v->opens = es_web_when_view(k->q, "opens", k->f.zone, &k->opens, &k->fe);
    v->closes = es_web_when_view(k->q, "closes", k->f.zone, &k->closes, &k->fe);
    v->zone = field(k, "zone", k->f.zone);
    if (k->preset)
        v->zone.value = k->f.zone;
    v->zones = es_zones(&v->n_zones);
    for (size_t i = 0; i < v->n_zones; i++)
        if (strcmp(v->zones[i], v->zone.value) == 0)
            v->zone_listed = true;
    v->windows = choices(k, WINDOWS, 2, (int)k->f.rules.window);
}

static void show_amounts(const struct form *k, struct es_view_rules_form *v)
{
    const struct es_rules *r = &k->f.rules;
    struct es_arena *a = es_req_arena(k->q);
    int64_t s = r->review_pace_ms / 1000;
    const char *pace = "";
    if (s > 0)
        pace = es_arena_fmt(a, "%lld:%02lld", (long long)(s / 60),
                            (long long)(s % 60));
    v->grace_days =
        field(k, "grace_days",
              text(k, es_arena_fmt(a, "%lld",
                                   (long long)(r->grace_ms / MS_PER_DAY))));
    v->tolerance =
        field(k, "tolerance",
              km_text(k, (int64_t)r->tolerance_bp * (ES_MM_PER_KM / 100)));
    v->run_cap = field(k, "run_cap", km_text(k, r->run_cap_mm));
    v->day_cap = field(k, "day_cap", km_text(k, r->day_cap_mm));
    v->typed_max = field(k, "typed_max", km_text(k, r->typed_max_mm));
    v->review_over = field(k, "review_over", km_text(k, r->review_over_mm));
    v->review_pace = field(k, "review_pace", text(k, pace));
}

/* Runs that are there stand by the rules in force. */
static bool running(const struct form *k)
{
    struct es_standings *s = es_app_standings(es_web_of(k->q)->app, k->ini->id);
    struct es_totals t = { 0 };
    if (s)
        es_standings_totals(s, &t);
    return t.runs > 0 || k->ini->state >= ES_INI_OPEN;
}

static struct es_initiative as_entered(const struct form *k)
{
    struct es_initiative ini = *k->ini;
    ini.zone = k->f.zone;
    if (k->f.opens_ms != ES_NO_TIME)
        ini.opens_ms = k->f.opens_ms;
    if (k->f.closes_ms != ES_NO_TIME)
        ini.closes_ms = k->f.closes_ms;
    return ini;
}

static enum es_code show(struct form *k, struct es_resp *out, struct es_err *e)
{
    struct es_arena *a = es_req_arena(k->q);
    struct es_reader reader = es_web_reader(k->q);
    struct es_initiative ini = as_entered(k);
    const struct es_rules *r = &k->f.rules;
    struct es_view_rules_form *v = es_arena_alloc(a, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "form");
    *v = (struct es_view_rules_form){
        .frame = es_web_frame(k->q, k->ini),
        .self = es_rules_url(k->q, ""),
        .history = es_rules_url(k->q, "history"),
        .sheet = es_rule_sheet(reader, a, &ini, r),
        .running = running(k),
        .version = k->ini->rules_version,
        .by = k->by ? k->by : "",
        .differs = k->differs,
        .n_differs = k->n_differs,
        .error = k->error ? k->error : "",
        .sports_error = es_say_of_field(reader, a, &k->fe, "sports"),
        .categories_error = es_say_of_field(reader, a, &k->fe, "categories"),
        .counts = choices(k, COUNTS, 3, (int)r->count),
        .times = choices(k, TIMES, 3, (int)r->time_basis),
        .typed = choices(k, EVIDENCE, 4, r->typed ? (int)r->typed_proof : 3),
        .treadmill =
            choices(k, EVIDENCE, 4, r->treadmill ? (int)r->treadmill_proof : 3),
    };
    show_window(k, v);
    show_amounts(k, v);
    if (!v->sheet || !v->counts || !v->times || !v->typed || !v->treadmill ||
        !v->windows || !show_sports(k, v) || !show_categories(k, v))
        return es_fail(e, ES_ENOMEM, 0, "form");
    if (k->fe.n)
        es_resp_status(out, 422);
    else if (k->n_differs)
        es_resp_status(out, 409);
    struct es_out o = es_web_page(k->q, out);
    es_page_rules_form(&o, v);
    return ES_OK;
}

/* ---- routes ---- */

static enum es_code begin(const struct es_req *q, struct form **out,
                          struct es_err *e)
{
    struct form *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "form");
    k->q = q;
    k->ini = &es_web_who(q)->here;
    k->f = (struct es_rules_form){ .opens_ms = k->ini->opens_ms,
                                   .closes_ms = k->ini->closes_ms,
                                   .zone = k->ini->zone };
    enum es_code rc = es_rules_read(k->ini->rules, &k->was, e);
    k->f.rules = k->was;
    k->opens = es_web_when_of(k->f.zone, k->f.opens_ms);
    k->closes = es_web_when_of(k->f.zone, k->f.closes_ms);
    *out = k;
    return rc;
}

/* A draft that waits for a decision is what the form goes on with. */
static enum es_code take_draft(struct form *k, struct es_err *e)
{
    struct es_rule_change c;
    enum es_code rc = es_store_rule_change(
        es_web_of(k->q)->app->store, k->ini->id, k->ini->rules_version + 1,
        es_req_arena(k->q), &c, e);
    if (rc == ES_ENOENT)
        return ES_OK;
    if (rc != ES_OK || c.account != es_web_who(k->q)->account.id)
        return rc;
    rc = es_rules_read(c.rules, &k->f.rules, e);
    if (rc != ES_OK)
        return rc;
    k->f.opens_ms = c.opens_ms;
    k->f.closes_ms = c.closes_ms;
    k->f.zone = c.zone;
    k->opens = es_web_when_of(c.zone, c.opens_ms);
    k->closes = es_web_when_of(c.zone, c.closes_ms);
    return ES_OK;
}

/* GET /organise/e/{slug}/rules */
static enum es_code rules(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct form *k;
    enum es_code rc = begin(q, &k, e);
    if (rc == ES_OK)
        rc = take_draft(k, e);
    return rc == ES_OK ? show(k, out, e) : rc;
}

static bool same(const struct form *k)
{
    return es_rules_same(&k->was, &k->f.rules) &&
           k->f.opens_ms == k->ini->opens_ms &&
           k->f.closes_ms == k->ini->closes_ms &&
           strcmp(k->f.zone, k->ini->zone) == 0;
}

/* The rules are other ones than when the form was opened: its sender sees what
 * differs, with their own entries in the form. */
static enum es_code show_clash(struct form *k, struct es_resp *out,
                               struct es_err *e)
{
    struct es_arena *a = es_req_arena(k->q);
    struct es_reader r = es_web_reader(k->q);
    struct es_initiative ini = as_entered(k);
    struct es_rule_change c;
    const struct es_view_sheet *now = es_rule_sheet(r, a, k->ini, &k->was);
    const struct es_view_sheet *mine = es_rule_sheet(r, a, &ini, &k->f.rules);
    if (!now || !mine ||
        !es_rule_differs(a, now, mine, &k->differs, &k->n_differs))
        return es_fail(e, ES_ENOMEM, 0, "rules");
    enum es_code rc =
        es_store_rule_change(es_web_of(k->q)->app->store, k->ini->id,
                             k->ini->rules_version, a, &c, e);
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    k->by = rc == ES_OK ? c.who : "";
    return show(k, out, e);
}

/* Kept at once, where nobody has run by the ones of before. */
static enum es_code keep(struct form *k, const struct es_draft *d,
                         struct es_resp *out, struct es_err *e)
{
    struct es_app *app = es_web_of(k->q)->app;
    struct es_rule_change c = { 0 };
    enum es_code rc = es_rules_draft(app, d, e);
    if (rc == ES_OK)
        rc =
            es_store_rule_change(app->store, d->initiative, d->from_version + 1,
                                 es_req_arena(k->q), &c, e);
    if (rc == ES_OK && !running(k))
        rc = es_rules_commit(app, d->initiative, c.version, c.at_ms, d->account,
                             d->who, "", e);
    if (rc == ES_ECONFLICT) {
        k->error = es_t(es_web_lang(k->q, NULL),
                        ES_T("Runs are still being judged by the rules in "
                             "force. Please try again when that is done."));
        es_resp_status(out, 409);
        return show(k, out, e);
    }
    if (rc != ES_OK)
        return rc;
    return es_resp_redirect(out, running(k)
                                     ? es_rules_path(k->q, "change")
                                     : es_rules_path(k->q, "?done=kept"));
}

/* POST /organise/e/{slug}/rules: `do` is a preset, "preview" or "save". */
static enum es_code rules_post(const struct es_req *q, struct es_resp *out,
                               struct es_err *e)
{
    struct form *k;
    int64_t version = 0;
    enum es_code rc = begin(q, &k, e);
    if (rc != ES_OK)
        return rc;
    read_form(k);
    if (take_preset(k)) {
        k->fe.n = 0;
        if (k->f.opens_ms == ES_NO_TIME || k->f.closes_ms == ES_NO_TIME) {
            k->opens = es_web_when_of(k->f.zone, k->ini->opens_ms);
            k->closes = es_web_when_of(k->f.zone, k->ini->closes_ms);
        }
        return show(k, out, e);
    }
    if (k->fe.n || strcmp(given(k, "do"), "save") != 0)
        return show(k, out, e);
    bool seen =
        es_num_i64(es_bytes_str(given(k, "version")), 0, INT32_MAX, &version);
    if (same(k))
        return es_resp_redirect(out, es_rules_path(q, "?done=kept"));
    if (!seen || version != k->ini->rules_version)
        return show_clash(k, out, e);
    const struct es_who *who = es_web_who(q);
    struct es_draft d = { .initiative = k->ini->id,
                          .from_version = k->ini->rules_version,
                          .rules = k->f.rules,
                          .opens_ms = k->f.opens_ms,
                          .closes_ms = k->f.closes_ms,
                          .zone = k->f.zone,
                          .account = who->account.id,
                          .who = who->account.name };
    return keep(k, &d, out, e);
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/organise/e/{slug}/rules", ES_BODY_NONE, ES_WEB_PAGE, rules },
    { ES_POST, "/organise/e/{slug}/rules", ES_BODY_FORM, ES_WEB_FORM,
      rules_post },
};
const struct es_routes ES_ROUTES_RULES = { ROUTES,
                                           sizeof ROUTES / sizeof *ROUTES };
