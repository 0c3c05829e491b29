/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The console's page of figures: how it goes, day by day and by country; where
 * people stop; what waits, what takes room. */
#include "base/csv.h"
#include "base/limits.h"
#include "base/sort.h"
#include "initiative/boards.h"
#include "initiative/media.h"
#include "initiative/review.h"
#include "initiative/stage.h"
#include "store/letters.h"
#include "store/media.h"
#include "store/pulse.h"
#include "web/access.h"
#include "web/charts.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <string.h>

#define ROOT "/organise/e/{slug}"

/* As many as columns of four weeks can show. */
enum { DAYS_SHOWN = 62 * 28, WEEK = 7 };

struct es_figures_ask {
    const struct es_req *q;
    const struct es_initiative *ini;
    struct es_pulse *pulse;
    struct es_arena *a;
    int64_t today, first, last; /* civil days there */
    const char *country;        /* NULL: all */
    struct es_pulse_day *days;  /* of all */
    size_t n;
};

/* ---- which days ---- */

/* From the first on which something happened up to today, or its end. */
static enum es_code ask_of(const struct es_req *q, struct es_figures_ask *k,
                           struct es_err *e)
{
    const struct es_initiative *ini = &es_web_who(q)->here;
    *k = (struct es_figures_ask){
        .q = q,
        .ini = ini,
        .pulse = es_app_pulse(es_web_of(q)->app, ini->id),
        .a = es_req_arena(q),
        .today = es_day_of(ini->zone, es_time_now_ms()),
    };
    if (!k->pulse)
        return es_fail(e, ES_ENOENT, 0, "no such initiative");
    enum es_code rc = es_pulse_days(k->pulse, NULL, INT64_MIN, INT64_MAX, k->a,
                                    &k->days, &k->n, e);
    if (rc != ES_OK)
        return rc;
    int64_t end = es_day_of(ini->zone, ini->closes_ms - 1);
    k->last = k->today < end ? k->today : end;
    k->first = k->last + 1;
    if (k->n > 0) {
        k->first = k->days[0].day;
        if (k->days[k->n - 1].day > k->last)
            k->last = k->days[k->n - 1].day;
    }
    if (k->last - k->first >= DAYS_SHOWN)
        k->first = k->last - DAYS_SHOWN + 1;
    return ES_OK;
}

static struct es_url here(const struct es_figures_ask *k, const char *page)
{
    return es_url_path(k->a, "/organise/e/%s/%s", k->ini->slug, page);
}

static struct es_url where_they_may(const struct es_figures_ask *k,
                                    enum es_may may, const char *page)
{
    return es_web_may(k->q, may, k->ini->id) ? here(k, page)
                                             : (struct es_url){ NULL };
}

/* ---- plots ---- */

struct figures_of {
    const struct es_figures_ask *k;
    const struct es_pulse_day *v;
    size_t n;
};

static struct es_view_plot plot(const struct figures_of *f,
                                enum es_view_plotted what)
{
    const struct es_figures_ask *k = f->k;
    struct es_chart_count *v = es_arena_array(k->a, f->n, sizeof *v);
    struct es_chart_counts c = {
        .v = v,
        .n = v ? f->n : 0,
        .first = k->first,
        .last = k->last,
        .zone = k->ini->zone,
        .unit_mm = es_units_mm(es_web_reader(k->q).units),
    };
    for (size_t i = 0; i < c.n; i++) {
        v[i].day = f->v[i].day;
        v[i].v[0] = what == ES_PLOT_PEOPLE ? f->v[i].people
                    : what == ES_PLOT_RUNS ? f->v[i].runs
                                           : f->v[i].dist_mm;
    }
    return es_chart_plot(&c, what, k->a);
}

/* The plots' columns in figures. One that has nothing to draw has none. */
static enum es_code rows(const struct es_figures_ask *k,
                         struct es_view_figures *v, struct es_err *e)
{
    const struct es_view_plot *all[] = { &v->people, &v->runs, &v->distance };
    size_t n = 0;
    for (size_t i = 0; i < 3; i++)
        n = all[i]->n > n ? all[i]->n : n;
    struct es_view_figures_row *out = es_arena_array(k->a, n, sizeof *out);
    if (!out)
        return es_fail(e, ES_ENOMEM, 0, "figures");
    for (size_t i = n; i-- > 0;) {
        int64_t *to[] = { &out[v->n_rows].people, &out[v->n_rows].runs,
                          &out[v->n_rows].dist_mm };
        bool any = false;
        for (size_t p = 0; p < 3; p++) {
            *to[p] = all[p]->n ? all[p]->v[i].v[0] : 0;
            any = any || *to[p] != 0;
            if (all[p]->n)
                out[v->n_rows].from_ms = all[p]->v[i].from_ms;
        }
        v->n_rows += any;
    }
    v->rows = out;
    return ES_OK;
}

static enum es_code plots(const struct es_figures_ask *k,
                          struct es_view_figures *v, struct es_err *e)
{
    struct figures_of f = { k, k->days, k->n };
    if (k->country) {
        struct es_pulse_day *days;
        enum es_code rc = es_pulse_days(k->pulse, k->country, k->first, k->last,
                                        k->a, &days, &f.n, e);
        if (rc != ES_OK)
            return rc;
        f.v = days;
    }
    v->people = plot(&f, ES_PLOT_PEOPLE);
    v->runs = plot(&f, ES_PLOT_RUNS);
    v->distance = plot(&f, ES_PLOT_DISTANCE);
    for (size_t i = 0; i < k->n; i++)
        if (k->days[i].day == k->today)
            v->today =
                (struct es_view_total){ .participants = k->days[i].people,
                                        .runs = k->days[i].runs,
                                        .dist_mm = k->days[i].dist_mm };
    return rows(k, v, e);
}

enum es_code es_web_days_plot(const struct es_req *q, struct es_view_plot *out,
                              struct es_err *e)
{
    struct es_figures_ask k;
    enum es_code rc = ask_of(q, &k, e);
    struct figures_of f = { &k, k.days, k.n };
    if (rc == ES_OK)
        *out = plot(&f, ES_PLOT_DISTANCE);
    return rc;
}

/* ---- countries ---- */

static int by_people(const void *a, const void *b)
{
    const struct es_pulse_land *x = a, *y = b;
    if (x->people != y->people)
        return x->people < y->people ? 1 : -1;
    if (x->dist_mm != y->dist_mm)
        return x->dist_mm < y->dist_mm ? 1 : -1;
    return strcmp(x->country, y->country);
}

static const char *land_name(const struct es_req *q, const char *country)
{
    const struct es_lang *l = es_web_lang(q, NULL);
    return *country ? es_country_name(l, country) : es_t(l, ES_T("None given"));
}

/* "-" stands for those without; anything that isn't there, for all. */
static const char *chosen_of(const struct es_req *q,
                             const struct es_pulse_land *lands, size_t n)
{
    const char *asked = es_req_query(q, "country");
    for (size_t i = 0; asked && *asked && i < n; i++)
        if (strcmp(*lands[i].country ? lands[i].country : "-", asked) == 0)
            return lands[i].country;
    return NULL;
}

static enum es_code lands(struct es_figures_ask *k, struct es_view_figures *v,
                          struct es_err *e)
{
    struct es_pulse_land *all;
    size_t n = 0;
    enum es_code rc = es_pulse_lands(k->pulse, k->a, &all, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_land *rows = es_arena_array(k->a, n, sizeof *rows);
    struct es_view_choice *choices = es_arena_array(k->a, n, sizeof *choices);
    if (!rows || !choices)
        return es_fail(e, ES_ENOMEM, 0, "countries");
    const char *chosen = chosen_of(k->q, all, n);
    k->country = chosen ? es_arena_str(k->a, chosen) : NULL;
    v->country = k->country ? land_name(k->q, k->country) : "";
    es_sort(all, n, sizeof *all, by_people);
    for (size_t i = 0; i < n; i++) {
        const char *code = *all[i].country ? all[i].country : "-";
        rows[i] = (struct es_view_land){
            .name = land_name(k->q, all[i].country),
            .url = es_url_path(k->a, "/organise/e/%s/figures?country=%s",
                               k->ini->slug, code),
            .people = all[i].people,
            .runs = all[i].runs,
            .dist_mm = all[i].dist_mm,
        };
        choices[i] = (struct es_view_choice){
            .value = *all[i].country ? all[i].country : "-",
            .label = rows[i].name,
            .chosen = k->country && strcmp(k->country, all[i].country) == 0,
        };
    }
    v->lands = rows;
    v->n_lands = n;
    v->countries = choices;
    v->n_countries = n;
    return ES_OK;
}

/* ---- how far people come ---- */

static void stages(const struct es_figures_ask *k, struct es_view_figures *v)
{
    struct es_pulse_stages s;
    enum es_initiative_state state = es_stage(k->ini, es_time_now_ms());
    es_pulse_stages(k->pulse, &s);
    v->stages = (struct es_view_stages){ s.people, s.sent, s.counted, s.again,
                                         s.waiting };
    if (v->mail && s.sent < s.people &&
        (state == ES_INI_PUBLISHED || state == ES_INI_OPEN))
        v->remind = where_they_may(k, ES_MAY_EDIT, "messages");
}

/* ---- review ---- */

static enum es_code review_plot(const struct es_figures_ask *k,
                                struct es_view_figures *v, struct es_err *e)
{
    struct es_pulse_look *looks;
    size_t n = 0;
    int64_t last = k->today > k->last ? k->today : k->last;
    enum es_code rc =
        es_pulse_looks(k->pulse, k->first, last, k->a, &looks, &n, e);
    struct es_chart_count *c =
        rc == ES_OK ? es_arena_array(k->a, n, sizeof *c) : NULL;
    if (rc == ES_OK && !c)
        rc = es_fail(e, ES_ENOMEM, 0, "reviews");
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; i < n; i++) {
        c[i] = (struct es_chart_count){ looks[i].day,
                                        { looks[i].came, looks[i].decided } };
        if (looks[i].day > k->today - WEEK && looks[i].day <= k->today)
            v->decided += looks[i].decided;
    }
    /* People go on deciding when it is over. */
    struct es_chart_counts in = { .v = c,
                                  .n = n,
                                  .first = k->first,
                                  .last = n && looks[n - 1].day > k->last
                                              ? looks[n - 1].day
                                              : k->last,
                                  .zone = k->ini->zone };
    v->review = es_chart_plot(&in, ES_PLOT_REVIEW, k->a);
    return ES_OK;
}

static enum es_code review(const struct es_figures_ask *k,
                           struct es_view_figures *v, struct es_err *e)
{
    struct es_app *app = es_web_of(k->q)->app;
    struct es_queue_ask ask = { .initiative = k->ini->id, .max = 1 };
    struct es_queue_count *counts;
    struct es_queued *oldest;
    size_t n = 0, n_oldest = 0;
    enum es_code rc = es_review_counts(app, k->ini->id, k->a, &counts, &n, e);
    if (rc == ES_OK)
        rc = es_store_queue(app->store, &ask, k->a, &oldest, &n_oldest, e);
    if (rc != ES_OK)
        return rc;
    for (size_t i = 0; i < n; i++) {
        if (counts[i].why == ES_QUEUE_WAITING)
            v->asked += counts[i].n;
        else if (counts[i].why > 0)
            v->waiting += counts[i].n;
    }
    v->oldest_ms = n_oldest ? oldest[0].since_ms : ES_NO_FIGURE;
    v->queue = where_they_may(k, ES_MAY_REVIEW, "review");
    return review_plot(k, v, e);
}

/* ---- messages and room ---- */

static enum es_code mail(const struct es_figures_ask *k,
                         struct es_view_figures *v, struct es_err *e)
{
    struct es_letter_counts c;
    enum es_code rc =
        es_store_letter_counts(es_web_of(k->q)->app->store, k->ini->id, &c, e);
    for (size_t i = 0; rc == ES_OK && i < ES_LETTER_KINDS; i++) {
        v->sent += c.n[i][ES_LETTER_SENT];
        v->unsent += c.n[i][ES_LETTER_WAITS];
        v->late += c.n[i][ES_LETTER_GIVEN_UP];
        v->refused += c.n[i][ES_LETTER_REFUSED_FOR_GOOD];
    }
    v->messages = where_they_may(k, ES_MAY_EDIT, "messages");
    return rc;
}

static enum es_code held(const struct es_figures_ask *k,
                         struct es_view_figures *v, struct es_err *e)
{
    struct es_app *app = es_web_of(k->q)->app;
    const struct es_lang *l = es_web_lang(k->q, NULL);
    struct es_pulse_stages s;
    struct es_media_room room;
    struct es_store_sizes sizes;
    es_pulse_stages(k->pulse, &s);
    enum es_code rc = es_media_room(app, k->ini->id, &room, e);
    if (rc == ES_OK)
        rc = es_store_sizes(app->store, &sizes, e);
    if (rc == ES_OK)
        rc = es_store_room(app->store, &v->room, e);
    if (rc != ES_OK)
        return rc;
    const struct es_view_held rows[] = {
        { es_t(l, ES_T("Recordings, as they came")), s.files, 0 },
        { es_t(l, ES_T("Pictures that are evidence")), s.pictures, 0 },
        { es_t(l, ES_T("Pictures and video of its page")), room.used,
          room.quota },
        { es_t(l, ES_T("The whole server: database")), sizes.database, 0 },
        { es_t(l, ES_T("The whole server: files")), sizes.segments, 0 },
    };
    v->n_held = sizeof rows / sizeof *rows;
    static_assert(sizeof rows <= sizeof v->held, "all have room");
    memcpy(v->held, rows, sizeof rows);
    return ES_OK;
}

/* ---- pages ---- */

/* GET /organise/e/{slug}/figures */
static enum es_code figures(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_figures_ask k;
    enum es_code rc = ask_of(q, &k, e);
    struct es_view_figures *v = es_arena_alloc(es_req_arena(q), sizeof *v);
    if (rc == ES_OK && !v)
        rc = es_fail(e, ES_ENOMEM, 0, "figures");
    if (rc != ES_OK)
        return rc;
    v->frame = es_web_frame(q, k.ini);
    v->self = here(&k, "figures");
    v->csv = here(&k, "figures.csv");
    v->zone = k.ini->zone;
    v->total = es_web_total(q, k.ini);
    v->mail = es_web_of(q)->mail;
    rc = lands(&k, v, e);
    if (rc == ES_OK)
        rc = plots(&k, v, e);
    if (rc == ES_OK)
        rc = review(&k, v, e);
    if (rc == ES_OK)
        rc = mail(&k, v, e);
    if (rc == ES_OK)
        rc = held(&k, v, e);
    if (rc != ES_OK)
        return rc;
    stages(&k, v);
    struct es_out o = es_web_page(q, out);
    es_page_figures(&o, v);
    return ES_OK;
}

/* ---- as a table ---- */

enum { COLUMNS = 5 };

static void csv_day(struct es_buf *b, const char *country,
                    const struct es_pulse_day *d)
{
    char text[COLUMNS][48];
    const struct es_date at = es_date_of(d->day * 86400000);
    (void)snprintf(text[0], sizeof text[0], "%04d-%02d-%02d", at.year, at.month,
                   at.day);
    (void)snprintf(text[2], sizeof text[2], "%lld", (long long)d->people);
    (void)snprintf(text[3], sizeof text[3], "%lld", (long long)d->runs);
    (void)snprintf(text[4], sizeof text[4], "%lld.%03lld",
                   (long long)(d->dist_mm / 1000),
                   (long long)(d->dist_mm % 1000));
    const char *v[COLUMNS] = { text[0], country, text[2], text[3], text[4] };
    es_buf_csv(b, v, COLUMNS);
}

/* GET /organise/e/{slug}/figures.csv: a row for each day and country on which
 * something happened. */
static enum es_code figures_csv(const struct es_req *q, struct es_resp *out,
                                struct es_err *e)
{
    static const char *const HEAD[COLUMNS] = { "day", "country",
                                               "registrations", "runs",
                                               "distance_m" };
    struct es_figures_ask k;
    struct es_pulse_land *all;
    size_t n = 0;
    enum es_code rc = ask_of(q, &k, e);
    if (rc == ES_OK)
        rc = es_pulse_lands(k.pulse, k.a, &all, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_buf *b = es_resp_body(out);
    es_resp_type(out, "text/csv; charset=utf-8; header=present");
    es_resp_cache(out, "no-store");
    es_resp_header(out, "Content-Disposition",
                   "attachment; filename=\"figures.csv\"");
    es_buf_str(b, "\ufeff"); /* or spreadsheets take it for something else */
    es_buf_csv(b, HEAD, COLUMNS);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        struct es_pulse_day *days;
        size_t n_days = 0;
        rc = es_pulse_days(k.pulse, all[i].country, INT64_MIN, INT64_MAX, k.a,
                           &days, &n_days, e);
        for (size_t j = 0; rc == ES_OK && j < n_days; j++)
            csv_day(b, all[i].country, &days[j]);
    }
    return rc;
}

static const struct es_route ROUTES[] = {
    { ES_GET, ROOT "/figures", ES_BODY_NONE, ES_WEB_PAGE, figures },
    { ES_GET, ROOT "/figures.csv", ES_BODY_NONE, ES_WEB_PAGE, figures_csv },
};
const struct es_routes ES_ROUTES_FIGURES = { ROUTES,
                                             sizeof ROUTES / sizeof *ROUTES };
