/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The leaderboard: the order, a search in it, and where the reader stands. */
#include "initiative/search.h"
#include "store/results.h"
#include "web/pages.h"
#include "web/web_int.h"

#include <string.h>

enum { BOARD_ROWS = 50, KEPT_ROWS = ES_STANDINGS_PAGE_MAX, AROUND = 12 };

static const char *const BY[] = { "person", "team", "country" };
#define BEST "best"
static const char *const METRIC[] = { "distance", "time", "mean" };

/* What was asked for. */
struct board {
    struct es_initiative ini;
    struct es_standings *standings;
    unsigned by, metric;
    const char *category; /* or "" */
    bool best;            /* by best time over the category's distance */
    struct es_category over;
    int32_t group;               /* of age; 0: all */
    struct es_settings settings; /* of `best` */
    const char *cursor;          /* or NULL */
    const char *asked;           /* or NULL */
    bool around;
    size_t rows; /* of a page */
};

static unsigned choice_of(const char *s, const char *const *names, unsigned n)
{
    for (unsigned i = 0; s && i < n; i++)
        if (strcmp(s, names[i]) == 0)
            return i;
    return 0;
}

static enum es_code board_of(const struct es_req *q, struct board *b,
                             struct es_err *e)
{
    const char *category = es_req_query(q, "category");
    const char *around = es_req_query(q, "around");
    const char *asked = es_req_query(q, "q");
    *b = (struct board){
        .by = choice_of(es_req_query(q, "by"), BY, 3),
        .metric = choice_of(es_req_query(q, "metric"), METRIC, 3),
        .category = "",
        .cursor = es_req_query(q, "cursor"),
        .asked = asked && *asked ? asked : NULL,
    };
    if (b->metric == ES_METRIC_MEAN && b->by == ES_BY_PERSON)
        b->metric = ES_METRIC_DISTANCE;
    if (b->asked) /* people are searched by name, and ranked by distance */
        b->by = b->metric = 0;
    else if (category && b->by == ES_BY_PERSON)
        b->category = category;
    b->around = !b->asked && b->by == ES_BY_PERSON && around &&
                strcmp(around, "me") == 0;
    enum es_code rc = es_web_initiative(q, &b->ini, e);
    if (rc != ES_OK)
        return rc;
    b->rows = es_web_of(q)->kept ? KEPT_ROWS : BOARD_ROWS;
    b->standings = es_app_standings(es_web_of(q)->app, b->ini.id);
    const char *metric = es_req_query(q, "metric");
    if (b->asked || b->around || !metric || strcmp(metric, BEST) != 0)
        return ES_OK;
    rc = es_web_timed_category(q, &b->ini, category, &b->over, e);
    b->best = rc == ES_OK;
    if (b->best) {
        b->by = ES_BY_PERSON;
        b->category = b->over.name;
        return es_web_age(q, &b->ini, &b->settings, &b->group, e);
    }
    return rc == ES_ENOENT ? ES_OK : rc;
}

static const char *metric_of(const struct board *b)
{
    return b->best ? BEST : METRIC[b->metric];
}

static struct es_url board_url(const struct es_req *q, const struct board *b,
                               const char *cursor)
{
    struct es_arena *a = es_req_arena(q);
    char age[32] = "";
    if (b->group)
        (void)snprintf(age, sizeof age, "%d", (int)b->group - 1);
    if (*age && cursor)
        return es_url_path(a,
                           "/e/%s/leaderboard?by=%s&metric=%s&category=%s"
                           "&age=%s&cursor=%s",
                           b->ini.slug, BY[b->by], metric_of(b), b->category,
                           age, cursor);
    if (*age)
        return es_url_path(
            a, "/e/%s/leaderboard?by=%s&metric=%s&category=%s&age=%s",
            b->ini.slug, BY[b->by], metric_of(b), b->category, age);
    if (cursor)
        return es_url_path(
            a, "/e/%s/leaderboard?by=%s&metric=%s&category=%s&cursor=%s",
            b->ini.slug, BY[b->by], metric_of(b), b->category, cursor);
    if (*b->category)
        return es_url_path(a, "/e/%s/leaderboard?by=%s&metric=%s&category=%s",
                           b->ini.slug, BY[b->by], metric_of(b), b->category);
    return es_url_path(a, "/e/%s/leaderboard?by=%s&metric=%s", b->ini.slug,
                       BY[b->by], metric_of(b));
}

static void board_tabs(const struct es_req *q, const struct board *b,
                       struct es_view_board *v)
{
    struct board to = *b;
    to.category = "";
    to.best = false;
    to.group = 0;
    if (to.metric == ES_METRIC_MEAN) /* people stand by no mean */
        to.metric = ES_METRIC_DISTANCE;
    for (to.by = 0; to.by < 3; to.by++)
        v->by_url[to.by] = board_url(q, &to, NULL);
}

static const char *age_text(const struct es_req *q, const struct board *b,
                            int32_t group)
{
    return es_words_ages(es_req_arena(q), es_web_reader(q), &b->settings,
                         group);
}

/* The age groups of an order by time. */
static enum es_code board_ages(const struct es_req *q, const struct board *b,
                               struct es_view_board *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const struct es_settings *s = &b->settings;
    if (!b->best || !es_settings_by_age(s))
        return ES_OK;
    struct es_view_choice *c = es_arena_array(a, s->n_ages, sizeof *c);
    if (!c)
        return es_fail(e, ES_ENOMEM, 0, "ages");
    for (size_t i = 0; i < s->n_ages; i++) {
        const char *from = es_arena_fmt(a, "%d", (int)s->ages[i]);
        c[i] = (struct es_view_choice){
            .value = from ? from : "",
            .label = age_text(q, b, s->ages[i] + 1),
            .chosen = b->group == s->ages[i] + 1,
        };
    }
    v->ages = c;
    v->n_ages = s->n_ages;
    v->age = age_text(q, b, b->group);
    return ES_OK;
}

/* One of the orders that a kept page leads to. */
static void add_order(const struct es_req *q, const struct board *to,
                      const struct board *here, struct es_view_choice *out)
{
    static const char *const NAMES[] = { ES_T("People"), ES_T("Teams"),
                                         ES_T("Countries") };
    const struct es_lang *l = es_web_lang(q, NULL);
    static const char *const HOW[] = { ES_T("By distance"), ES_T("By time"),
                                       ES_T("By distance for each member") };
    const char *how =
        to->best ? ES_T("By best time over the distance") : HOW[to->metric];
    const char *who = *to->category ? to->category : es_t(l, NAMES[to->by]);
    if (to->group)
        who = es_t_fill(es_req_arena(q), es_t(l, ES_T("{1}: {2}")), who,
                        age_text(q, to, to->group), NULL);
    *out = (struct es_view_choice){
        .url = board_url(q, to, NULL),
        .label = es_t_fill(es_req_arena(q), es_t(l, ES_T("{1}: {2}")),
                           who ? who : "", es_t(l, how), NULL),
        .chosen = to->by == here->by && to->group == here->group &&
                  to->metric == here->metric && to->best == here->best &&
                  strcmp(to->category, here->category) == 0,
    };
}

/* All orders there are: no form leads to them where nobody serves. */
static enum es_code board_orders(const struct es_req *q, const struct board *b,
                                 struct es_view_board *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_rules *rules = es_arena_alloc(a, sizeof *rules);
    enum es_code rc = rules ? es_rules_read(b->ini.rules, rules, e)
                            : es_fail(e, ES_ENOMEM, 0, "rules");
    if (rc != ES_OK)
        return rc;
    struct es_view_choice *c = es_arena_array(
        a, 8 + (3 + ES_AGES_MAX) * rules->n_categories, sizeof *c);
    struct board to = { .ini = b->ini, .category = "" };
    size_t n = 0;
    rc = es_settings_of(es_web_of(q)->app->store, b->ini.id, &to.settings, NULL,
                        e);
    if (rc != ES_OK)
        return rc;
    size_t ages = es_settings_by_age(&to.settings) ? to.settings.n_ages : 0;
    if (!c)
        return es_fail(e, ES_ENOMEM, 0, "orders");
    for (to.by = 0; to.by < 3; to.by++)
        for (to.metric = 0; to.metric < (to.by ? 3 : 2); to.metric++)
            add_order(q, &to, b, &c[n++]);
    to.by = 0;
    for (size_t i = 0; i < rules->n_categories; i++) {
        to.category = rules->categories[i].name;
        for (to.metric = 0; to.metric < 2; to.metric++)
            add_order(q, &to, b, &c[n++]);
        to.metric = 0;
        to.best = rules->categories[i].dist_mm > 0;
        if (to.best)
            add_order(q, &to, b, &c[n++]);
        for (size_t k = 0; to.best && k < ages; k++) {
            to.group = to.settings.ages[k] + 1;
            add_order(q, &to, b, &c[n++]);
        }
        to.group = 0;
        to.best = false;
    }
    v->orders = c;
    v->n_orders = n;
    return ES_OK;
}

static enum es_code board_categories(const struct es_req *q,
                                     const struct board *b,
                                     struct es_view_board *v, struct es_err *e)
{
    struct es_rules *rules = es_arena_alloc(es_req_arena(q), sizeof *rules);
    if (!rules)
        return es_fail(e, ES_ENOMEM, 0, "rules");
    enum es_code rc = es_rules_read(b->ini.rules, rules, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_choice *c =
        es_arena_array(es_req_arena(q), rules->n_categories, sizeof *c);
    if (!c)
        return es_fail(e, ES_ENOMEM, 0, "categories");
    for (size_t i = 0; i < rules->n_categories; i++)
        c[i] =
            (struct es_view_choice){ .value = rules->categories[i].name,
                                     .label = rules->categories[i].name,
                                     .chosen = strcmp(rules->categories[i].name,
                                                      b->category) == 0 };
    for (size_t i = 0; i < rules->n_categories; i++)
        v->timed = v->timed || rules->categories[i].dist_mm > 0;
    v->categories = c;
    v->n_categories = rules->n_categories;
    return ES_OK;
}

/* The rows that were asked for. ES_EINVAL for a cursor or a question that
 * can't be. */
static enum es_code board_find(const struct es_req *q, const struct board *b,
                               struct es_view_board *v,
                               struct es_standing **rows, const char **next,
                               struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_standing self;
    struct es_standings_query sq = { (enum es_by)b->by,
                                     (enum es_metric)b->metric, b->category,
                                     b->cursor, b->rows };
    if (b->asked)
        return es_search(es_web_of(q)->app, b->ini.id, b->asked, BOARD_ROWS, a,
                         rows, &v->n, &v->more, e);
    if (b->around) {
        enum es_code rc = es_standings_of(b->standings, es_web_who(q)->p.id,
                                          AROUND, a, &self, rows, &v->n, e);
        v->around = rc == ES_OK && v->n > 0;
        if (v->around || (rc != ES_OK && rc != ES_ENOENT))
            return rc;
    }
    return es_standings_page(b->standings, &sq, a, rows, &v->n, next, e);
}

/* The highest figure of the order, to which the bars are drawn. */
static enum es_code leader_of(const struct es_req *q, const struct board *b,
                              int64_t *out, struct es_err *e)
{
    struct es_standings_query sq = { (enum es_by)b->by,
                                     (enum es_metric)b->metric, b->category,
                                     NULL, 1 };
    struct es_standing *row;
    const char *next;
    size_t n;
    enum es_code rc = es_standings_page(b->standings, &sq, es_req_arena(q),
                                        &row, &n, &next, e);
    *out = 0;
    if (rc == ES_OK && n > 0)
        *out = es_web_metric(row, (enum es_metric)b->metric);
    return rc;
}

static bool shows_me(const struct es_view_board *v)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->rows[i].mine)
            return true;
    return false;
}

/* Where the reader stands, when no row says it. */
static enum es_code board_me(const struct es_req *q, const struct board *b,
                             int64_t leader, struct es_view_board *v,
                             struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_standing self, *rows;
    const struct es_view_standing *me;
    size_t n;

    if (!who->person || who->ini.id != b->ini.id || b->by != ES_BY_PERSON ||
        b->asked || shows_me(v))
        return ES_OK;
    if (*b->category && strcmp(b->category, who->p.category) != 0)
        return ES_OK;
    enum es_code rc = es_standings_of(b->standings, who->p.id, 0,
                                      es_req_arena(q), &self, &rows, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_standing_rows r = { .v = &self,
                                  .n = 1,
                                  .metric = (enum es_metric)b->metric,
                                  .leader = leader,
                                  .mine = who->p.id };
    rc = es_web_rows_view(q, &b->ini, &r, &me, e);
    if (rc != ES_OK)
        return rc;
    v->me = *me;
    v->me_place = who->p.visibility == ES_VIS_HIDDEN ? ES_VIEW_ME_HIDDEN
                  : self.rank == 0                   ? ES_VIEW_ME_WAITS
                                                     : ES_VIEW_ME_STANDS;
    v->me_around = es_url_path(es_req_arena(q), "/e/%s/leaderboard?around=me",
                               b->ini.slug);
    return ES_OK;
}

/* To whom the bars are drawn, wherever the page begins. */
static enum es_code best_of_all(struct es_times *times,
                                const struct es_times_query *page,
                                struct es_arena *a, int64_t *out,
                                struct es_err *e)
{
    struct es_times_query q = { page->category, page->group, NULL, 1 };
    struct es_time_row *row;
    const char *next;
    size_t n;
    enum es_code rc = es_times_page(times, &q, a, &row, &n, &next, e);
    *out = rc == ES_OK && n > 0 ? row->time_ms : 0;
    return rc;
}

/* The fastest over the distance of a category, and where the reader is. */
static enum es_code board_best(const struct es_req *q, const struct board *b,
                               struct es_view_board *v, struct es_err *e)
{
    const struct es_who *who = es_web_who(q);
    struct es_time_row own;
    struct es_timed_rows r = { .standings = b->standings,
                               .over = &b->over,
                               .mine = who->p.id };
    struct es_times_query tq = { b->over.name, b->group, b->cursor, b->rows };
    struct es_times *times = es_app_times(es_web_of(q)->app, b->ini.id);
    const char *next;
    enum es_code rc =
        es_times_page(times, &tq, es_req_arena(q), &r.v, &r.n, &next, e);
    if (rc == ES_OK)
        rc = best_of_all(times, &tq, es_req_arena(q), &r.best_ms, e);
    if (rc == ES_OK)
        rc = es_web_timed_view(q, &b->ini, &r, &v->rows, &v->n, e);
    if (rc != ES_OK)
        return rc;
    if (next)
        v->next = board_url(q, b, next);
    if (b->cursor)
        v->first = board_url(q, b, NULL);
    if (who->person && who->ini.id == b->ini.id && !shows_me(v) && !b->group &&
        strcmp(who->p.category, b->over.name) == 0 &&
        es_times_of(times, who->p.id, &own, e) == ES_OK) {
        v->me_place = ES_VIEW_ME_STANDS;
        v->me.rank = own.rank;
        v->me.time_ms = own.time_ms;
    }
    return ES_OK;
}

static enum es_code board_rows(const struct es_req *q, const struct board *b,
                               struct es_view_board *v, struct es_err *e)
{
    struct es_standing *rows;
    const char *next = NULL;
    int64_t leader;
    const struct es_who *who = es_web_who(q);
    enum es_code rc = board_find(q, b, v, &rows, &next, e);
    if (rc == ES_OK)
        rc = leader_of(q, b, &leader, e);
    if (rc != ES_OK)
        return rc;
    struct es_standing_rows r = {
        .v = rows,
        .n = v->n,
        .by = (enum es_by)b->by,
        .metric = (enum es_metric)b->metric,
        .leader = leader,
        .mine = b->by == ES_BY_TEAM ? who->p.team : who->p.id,
    };
    rc = es_web_rows_view(q, &b->ini, &r, &v->rows, e);
    if (rc == ES_OK)
        rc = board_me(q, b, leader, v, e);
    if (next)
        v->next = board_url(q, b, next);
    if (b->cursor || b->asked || v->around)
        v->first = board_url(q, b, NULL);
    return rc;
}

static enum es_code team_min(const struct es_req *q, const struct board *b,
                             struct es_view_board *v, struct es_err *e)
{
    struct es_settings s;
    enum es_code rc =
        es_settings_of(es_web_of(q)->app->store, b->ini.id, &s, NULL, e);
    if (rc == ES_OK)
        v->team_min = s.team_min;
    return rc;
}

/* Of the results that were frozen last; 0: none were. */
static enum es_code last_version(const struct es_req *q, const struct board *b,
                                 int64_t *out, struct es_err *e)
{
    struct es_result *last;
    size_t n = 0;
    enum es_code rc = es_store_results(es_web_of(q)->app->store, b->ini.id, 1,
                                       es_req_arena(q), &last, &n, e);
    *out = rc == ES_OK && n > 0 ? last->version : 0;
    return rc;
}

/* GET /e/{slug}/leaderboard */
static enum es_code board(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct board b;
    enum es_code rc = board_of(q, &b, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc == ES_EINVAL)
        return es_web_fail(q, out, 400, "");
    if (rc != ES_OK)
        return rc;
    struct es_view_board v = {
        .frame = es_web_frame(q, &b.ini),
        .by = BY[b.by],
        .metric = metric_of(&b),
        .category = b.category,
        .age = "",
        .asked = b.asked ? b.asked : "",
        .searched = b.asked != NULL,
        .mean = b.by != ES_BY_PERSON,
        .final = b.ini.state == ES_INI_FINAL,
        .over = es_web_phase(&b.ini) == ES_PHASE_OVER,
        .self = es_url_path(es_req_arena(q), "/e/%s/leaderboard", b.ini.slug),
        .total = es_web_total(q, &b.ini),
        .results = es_url_path(es_req_arena(q), "/e/%s/results", b.ini.slug),
    };
    rc = last_version(q, &b, &v.version, e);
    if (rc != ES_OK)
        return rc;
    unsigned wait_s =
        b.asked ? es_limit_take(es_web_of(q)->app->limits, ES_LIMIT_SEARCH,
                                es_web_peer_number(q), es_time_mono_ms())
                : 0;
    if (wait_s) { /* what was asked stays in its field, above the list */
        v.frame.notice = es_web_later(q, out, wait_s);
        v.searched = false;
        b.asked = NULL;
    }
    board_tabs(q, &b, &v);
    rc = b.best ? board_best(q, &b, &v, e) : board_rows(q, &b, &v, e);
    if (rc == ES_EINVAL)
        return es_web_fail(q, out, 400, "");
    if (rc == ES_OK && b.by == ES_BY_TEAM && b.metric == ES_METRIC_MEAN)
        rc = team_min(q, &b, &v, e);
    if (rc == ES_OK && b.by == ES_BY_PERSON)
        rc = board_categories(q, &b, &v, e);
    if (rc == ES_OK)
        rc = board_ages(q, &b, &v, e);
    if (rc == ES_OK && v.frame.kept)
        rc = board_orders(q, &b, &v, e);
    if (rc != ES_OK)
        return rc;
    v.frame.index = !b.asked && !v.around;
    struct es_out o = es_web_page(q, out);
    es_page_board(&o, &v);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/leaderboard", ES_BODY_NONE, ES_WEB_PAGE, board },
};
const struct es_routes ES_ROUTES_BOARD = { ROUTES,
                                           sizeof ROUTES / sizeof *ROUTES };
