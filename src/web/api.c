/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The API's public part: initiatives, joining, standings. */
#include "base/json.h"
#include "base/num.h"
#include "initiative/face.h"
#include "initiative/search.h"
#include "initiative/stage.h"
#include "web/rule_sheet.h"
#include "web/web_int.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { LISTED_MAX = 200, SEARCHED_MAX = 50 };

static void consents_json(struct es_buf *b, const struct es_initiative *ini)
{
    json_error_t je;
    json_t *v = json_loads(ini->consents, 0, &je);
    char *text = v ? json_dumps(v, JSON_COMPACT) : NULL;
    es_buf_json_key(b, "consents");
    es_buf_str(b, text && json_is_array(v) ? text : "[]");
    free(text);
    json_decref(v);
}

static const char *state_name(const struct es_initiative *ini)
{
    static const char *const NAMES[] = { "draft", "published", "open", "closed",
                                         "final" };
    return NAMES[es_stage(ini, es_time_now_ms())];
}

static void initiative_json(const struct es_req *q, struct es_buf *b,
                            const struct es_initiative *ini)
{
    struct es_view_total t = es_web_total(q, ini);
    es_buf_json_s(b, "slug", ini->slug);
    es_buf_json_s(b, "title", ini->title);
    es_buf_json_s(b, "holder", ini->holder);
    es_buf_json_s(b, "lang", ini->lang);
    es_buf_json_s(b, "state", state_name(ini));
    es_buf_json_t(b, "opens_at", ini->opens_ms);
    es_buf_json_t(b, "closes_at", ini->closes_ms);
    es_buf_json_s(b, "zone", ini->zone);
    es_buf_json_n(b, "total_m", (double)t.dist_mm / 1000);
    es_buf_json_i(b, "participants", t.participants);
    es_buf_json_i(b, "runs", t.runs);
    if (ini->goal_mm)
        es_buf_json_n(b, "goal_m", (double)ini->goal_mm / 1000);
    else
        es_buf_json_s(b, "goal_m", NULL);
}

/* Who holds it and where to read on, as its face says. */
static void face_json(struct es_buf *b, const struct es_face *f)
{
    static const char *const ROLES[] = { "holder", "co_host", "supporter",
                                         "partner" };
    es_buf_json_key(b, "hosts");
    es_buf_str(b, "[");
    for (size_t i = 0; i < f->n_hosts; i++) {
        es_buf_json_comma(b);
        es_buf_str(b, "{");
        es_buf_json_s(b, "name", f->hosts[i].name);
        es_buf_json_s(b, "role", ROLES[f->hosts[i].role]);
        es_buf_json_s(b, "url", *f->hosts[i].url ? f->hosts[i].url : NULL);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
    es_buf_json_key(b, "links");
    es_buf_str(b, "[");
    for (size_t i = 0; i < f->n_links; i++) {
        es_buf_json_comma(b);
        es_buf_str(b, "{");
        es_buf_json_s(b, "label", f->links[i].label);
        es_buf_json_s(b, "url", f->links[i].url);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
}

/* Its texts in further languages, and its way: as they are kept. */
static void texts_json(struct es_buf *b, const struct es_initiative *ini)
{
    bool has_way = ini->way && strlen(ini->way) > 2;
    es_buf_json_key(b, "texts");
    es_buf_str(b, ini->texts ? ini->texts : "{}");
    es_buf_json_key(b, "way");
    es_buf_str(b, has_way ? ini->way : "null");
}

/* GET /api/v1/initiatives: the public ones, newest first. */
static enum es_code api_initiatives(const struct es_req *q, struct es_resp *out,
                                    struct es_err *e)
{
    struct es_initiative *v;
    size_t n;
    enum es_code rc = es_store_initiatives(es_web_of(q)->app->store, LISTED_MAX,
                                           es_req_arena(q), &v, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_buf *b = es_web_json(out, 200);
    es_buf_json_key(b, "initiatives");
    es_buf_str(b, "[");
    for (size_t i = 0; i < n; i++) {
        if (v[i].state == ES_INI_DRAFT || v[i].suspended_ms)
            continue;
        es_buf_json_comma(b);
        es_buf_str(b, "{");
        initiative_json(q, b, &v[i]);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
    es_web_json_end(b);
    return ES_OK;
}

/* GET /api/v1/initiatives/{slug} */
/* What a program reads, and the same as people do. */
static enum es_code rules_json(const struct es_req *q, struct es_buf *b,
                               const struct es_initiative *ini,
                               struct es_err *e)
{
    struct es_rules rules;
    const struct es_view_sheet *s;
    struct es_buf data;
    enum es_code rc = es_rules_read(ini->rules, &rules, e);
    if (rc == ES_OK)
        rc = es_rule_sheet_of(es_web_reader(q), es_req_arena(q), ini, &s, e);
    if (rc != ES_OK)
        return rc;
    es_buf_init(&data, ES_JSON_MAX);
    es_rules_write(&rules, &data);
    es_buf_json_key(b, "rules");
    es_buf_add(b, data.p, data.n ? data.n - 1 : 0); /* the object goes on */
    es_buf_release(&data);
    es_buf_json_key(b, "sheet");
    es_buf_str(b, "[");
    for (size_t i = 0; i < s->n; i++) {
        es_buf_json_comma(b);
        es_buf_str(b, "{");
        es_buf_json_s(b, "name", s->groups[i].name);
        es_buf_json_s(b, "title", s->groups[i].title);
        es_buf_json_key(b, "says");
        es_buf_str(b, "[");
        for (size_t j = 0; j < s->groups[i].n; j++) {
            es_buf_json_comma(b);
            es_buf_json_str(b, es_bytes_str(s->groups[i].says[j]));
        }
        es_buf_str(b, "]}");
    }
    es_buf_str(b, "]}");
    return ES_OK;
}

static enum es_code api_initiative(const struct es_req *q, struct es_resp *out,
                                   struct es_err *e)
{
    struct es_initiative ini;
    struct es_face *face = es_arena_alloc(es_req_arena(q), sizeof *face);
    if (!face)
        return es_fail(e, ES_ENOMEM, 0, "face");
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, NULL);
    if (rc == ES_OK)
        rc = es_face_read(ini.face, es_req_arena(q), face, e);
    if (rc != ES_OK)
        return rc;
    struct es_buf *b = es_web_json(out, 200);
    (void)es_web_speak(q, out, NULL);
    initiative_json(q, b, &ini);
    face_json(b, face);
    texts_json(b, &ini);
    es_buf_json_s(b, "purpose", ini.purpose);
    es_buf_json_s(b, "contact", ini.contact);
    rc = rules_json(q, b, &ini, e);
    if (rc != ES_OK)
        return rc;
    es_buf_json_i(b, "rules_version", ini.rules_version);
    consents_json(b, &ini);
    es_web_json_end(b);
    return ES_OK;
}

/* ---- joining ---- */

static const char *text_of(const struct es_req *q, const json_t *root,
                           const char *key, struct es_field_errors *fe)
{
    const json_t *v = json_object_get(root, key);
    if (!v || json_is_null(v))
        return NULL;
    if (json_is_integer(v))
        return es_arena_fmt(es_req_arena(q), "%lld",
                            (long long)json_integer_value(v));
    if (json_is_string(v) &&
        strlen(json_string_value(v)) == json_string_length(v))
        return json_string_value(v);
    es_field_errors_add(fe, key, "invalid", NAN);
    return NULL;
}

static enum es_code joined_json(const struct es_req *q, struct es_resp *out,
                                const struct es_joined *j)
{
    struct es_buf *b = es_web_json(out, 201);
    es_buf_json_id(b, "participant", j->p.id);
    es_buf_json_i(b, "bib", j->p.bib);
    es_buf_json_b(b, "waiting", j->p.state == ES_PERSON_WAITS);
    es_buf_json_s(b, "token", j->token);
    es_buf_json_key(b, "link");
    es_buf_fmt(b, "\"%s/p/%s\"", es_web_of(q)->origin, j->link);
    es_web_json_end(b);
    return ES_OK;
}

static enum es_code join_from_json(const struct es_req *q, struct es_resp *out,
                                   const struct es_initiative *ini,
                                   const json_t *root, struct es_err *e)
{
    struct es_field_errors fe = { 0 };
    struct es_field_errors more = { 0 };
    struct es_joined joined;
    char *consents = json_dumps(json_object_get(root, "consents"),
                                JSON_ENCODE_ANY | JSON_COMPACT);
    struct es_join in = {
        .display_name = text_of(q, root, "display_name", &fe),
        .country = text_of(q, root, "country", &fe),
        .team = text_of(q, root, "open_team", &fe),
        .team_code = text_of(q, root, "team_code", &fe),
        .category = text_of(q, root, "category", &fe),
        .birth_year = text_of(q, root, "birth_year", &fe),
        .age_group = text_of(q, root, "age_group", &fe),
        .guardian_contact = text_of(q, root, "guardian_contact", &fe),
        .email = text_of(q, root, "email", &fe),
        .lang = text_of(q, root, "lang", &fe),
        .visibility = text_of(q, root, "visibility", &fe),
        .consents = consents,
        .mail = es_web_of(q)->mail,
    };
    enum es_code rc = ES_EINVAL;
    if (fe.n == 0)
        rc = es_register(es_web_of(q)->app, ini, &in, es_req_arena(q), &joined,
                         &more, e);
    free(consents);
    if (rc == ES_OK)
        return joined_json(q, out, &joined);
    if (rc == ES_EINVAL)
        return es_web_problem_fields(q, out, fe.n ? &fe : &more);
    if (rc == ES_EDENIED)
        return es_web_problem(out, 409, "registration_closed",
                              "This initiative takes no participants now.");
    if (rc == ES_ETOOLARGE)
        return es_web_problem(out, 409, "full",
                              "All places of this initiative are taken.");
    return rc;
}

/* POST /api/v1/initiatives/{slug}/participants */
static enum es_code api_join(const struct es_req *q, struct es_resp *out,
                             struct es_err *e)
{
    struct es_initiative ini;
    json_error_t je;
    struct es_bytes body = es_req_body(q);
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, NULL);
    if (rc != ES_OK)
        return rc;
    unsigned wait_s = es_limit_take(es_web_of(q)->app->limits, ES_LIMIT_JOIN,
                                    es_web_peer_number(q), es_time_mono_ms());
    if (wait_s)
        return es_web_too_often(q, out, wait_s);
    json_t *root =
        json_loadb((const char *)body.p, body.n, JSON_REJECT_DUPLICATES, &je);
    if (!json_is_object(root))
        rc = es_web_problem(out, 400, "bad_json",
                            root ? "The body is not a JSON object." : je.text);
    else
        rc = join_from_json(q, out, &ini, root, e);
    json_decref(root);
    return rc;
}

/* ---- standings ---- */

static bool by_of(const char *s, enum es_by *by)
{
    static const char *const NAMES[] = { "person", "team", "country" };
    *by = ES_BY_PERSON;
    for (unsigned i = 0; s && i < 3; i++)
        if (strcmp(s, NAMES[i]) == 0)
            *by = (enum es_by)i;
    return !s || strcmp(s, NAMES[*by]) == 0;
}

static bool metric_of(const char *s, enum es_metric *m)
{
    *m = s && strcmp(s, "time") == 0 ? ES_METRIC_TIME : ES_METRIC_DISTANCE;
    return !s || *m == ES_METRIC_TIME || strcmp(s, "distance") == 0;
}

/* mean=1: for each member. */
static bool mean_of(const char *s, struct es_standings_query *q)
{
    if (!s || strcmp(s, "0") == 0)
        return true;
    if (strcmp(s, "1") != 0 || q->by == ES_BY_PERSON ||
        q->metric != ES_METRIC_DISTANCE)
        return false;
    q->metric = ES_METRIC_MEAN;
    return true;
}

/* The rows that people ask for by name or bib, highest first. */
static enum es_code searched(const struct es_req *q,
                             const struct es_initiative *ini, const char *text,
                             size_t limit, struct es_standing **rows, size_t *n,
                             struct es_err *e)
{
    bool more;
    return es_search(es_web_of(q)->app, ini->id, text,
                     limit < SEARCHED_MAX ? limit : SEARCHED_MAX,
                     es_req_arena(q), rows, n, &more, e);
}

static void standing_json(struct es_buf *b, const struct es_standing *s,
                          enum es_by by)
{
    int64_t from_mm;
    es_buf_json_comma(b);
    es_buf_str(b, "{");
    es_buf_json_i(b, "rank", s->rank);
    es_buf_json_s(b, "name", s->name);
    es_buf_json_n(b, "distance_m", (double)s->dist_mm / 1000);
    es_buf_json_n(b, "time_s", (double)s->time_ms / 1000);
    es_buf_json_i(b, "runs", s->runs);
    es_buf_json_s(b, "provenance",
                  es_provenance_name(es_web_weakest(s, &from_mm)));
    es_buf_json_n(b, "provenance_m", (double)from_mm / 1000);
    if (by == ES_BY_PERSON)
        es_buf_json_i(b, "bib", s->bib);
    else
        es_buf_json_i(b, "members", s->members);
    if (by != ES_BY_PERSON && s->members > 0)
        es_buf_json_n(b, "mean_m", (double)(s->dist_mm / s->members) / 1000);
    if (by == ES_BY_TEAM)
        es_buf_json_id(b, "id", s->id);
    if (by == ES_BY_PERSON && s->country && *s->country)
        es_buf_json_s(b, "country", s->country);
    es_buf_str(b, "}");
}

/* ?metric=best */
static enum es_code api_times(const struct es_req *q,
                              const struct es_initiative *ini,
                              const struct es_standings_query *sq,
                              struct es_resp *out, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_app *app = es_web_of(q)->app;
    struct es_timed_rows r = { .standings = es_app_standings(app, ini->id) };
    struct es_category over;
    struct es_settings settings;
    int32_t group;
    const struct es_view_standing *v;
    const char *next = NULL;
    size_t n;
    enum es_code rc = es_web_timed_category(q, ini, sq->category, &over, e);
    bool named = sq->category && strcmp(over.name, sq->category) == 0;
    if (rc == ES_ENOENT || (rc == ES_OK && !named))
        return es_web_problem(out, 400, "bad_category",
                              "category is one that has a distance.");
    if (rc == ES_OK)
        rc = es_web_age(q, ini, &settings, &group, e);
    if (rc == ES_EINVAL)
        return es_web_problem(out, 400, "bad_age",
                              "age is where an age group begins.");
    if (rc != ES_OK)
        return rc;
    struct es_times_query tq = { over.name, group, sq->cursor, sq->limit };
    if (rc == ES_OK)
        rc = es_times_page(es_app_times(app, ini->id), &tq, a, &r.v, &r.n,
                           &next, e);
    if (rc == ES_EINVAL)
        return es_web_problem(out, 400, "bad_cursor",
                              "The cursor is not one of ours.");
    r.over = &over;
    if (rc == ES_OK)
        rc = es_web_timed_view(q, ini, &r, &v, &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_buf *b = es_web_json(out, 200);
    es_buf_json_s(b, "category", over.name);
    es_buf_json_n(b, "distance_m", (double)over.dist_mm / 1000);
    es_buf_json_key(b, "rows");
    es_buf_str(b, "[");
    for (size_t i = 0; i < n; i++) {
        es_buf_json_comma(b);
        es_buf_str(b, "{");
        es_buf_json_i(b, "rank", v[i].rank);
        es_buf_json_s(b, "name", v[i].name);
        es_buf_json_i(b, "bib", v[i].bib);
        es_buf_json_i(b, "time_s", v[i].time_ms / 1000);
        if (*v[i].country)
            es_buf_json_s(b, "country", v[i].country);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
    es_buf_json_s(b, "next_cursor", next);
    es_web_json_end(b);
    return ES_OK;
}

/* GET /api/v1/initiatives/{slug}/standings */
static enum es_code api_standings(const struct es_req *q, struct es_resp *out,
                                  struct es_err *e)
{
    struct es_initiative ini;
    struct es_standings_query sq = { .category = es_req_query(q, "category"),
                                     .cursor = es_req_query(q, "cursor"),
                                     .limit = 50 };
    struct es_standing *rows;
    const char *next = NULL;
    size_t n;
    int64_t limit;
    const char *text = es_req_query(q, "limit");
    const char *name = es_req_query(q, "q");

    if (!by_of(es_req_query(q, "by"), &sq.by))
        return es_web_problem(out, 400, "bad_by",
                              "by is person, team or country.");
    if (name && sq.by != ES_BY_PERSON)
        return es_web_problem(out, 400, "bad_by", "q finds persons.");
    const char *metric = es_req_query(q, "metric");
    bool best = metric && strcmp(metric, "best") == 0;
    if (best && (name || sq.by != ES_BY_PERSON))
        return es_web_problem(out, 400, "bad_by", "Persons have best times.");
    if (!best && !metric_of(metric, &sq.metric))
        return es_web_problem(out, 400, "bad_metric",
                              "metric is distance, time or best.");
    if (!mean_of(es_req_query(q, "mean"), &sq))
        return es_web_problem(out, 400, "bad_mean",
                              "mean is 0 or 1, of teams or countries by "
                              "distance.");
    if (text && !es_num_i64(es_bytes_str(text), 1, 200, &limit))
        return es_web_problem(out, 400, "bad_limit", "limit is 1 to 200.");
    if (text)
        sq.limit = (size_t)limit;
    enum es_code rc = es_web_initiative(q, &ini, e);
    unsigned wait_s =
        name ? es_limit_take(es_web_of(q)->app->limits, ES_LIMIT_SEARCH,
                             es_web_peer_number(q), es_time_mono_ms())
             : 0;
    if (wait_s)
        return es_web_too_often(q, out, wait_s);
    if (rc == ES_OK && best)
        return api_times(q, &ini, &sq, out, e);
    if (rc == ES_OK && name)
        rc = searched(q, &ini, name, sq.limit, &rows, &n, e);
    else if (rc == ES_OK)
        rc = es_standings_page(es_app_standings(es_web_of(q)->app, ini.id), &sq,
                               es_req_arena(q), &rows, &n, &next, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, NULL);
    if (rc == ES_EINVAL && name)
        return es_web_problem(out, 400, "bad_q", "q has at most 100 letters.");
    if (rc == ES_EINVAL)
        return es_web_problem(out, 400, "bad_cursor",
                              "The cursor is not one of ours.");
    if (rc != ES_OK)
        return rc;
    struct es_buf *b = es_web_json(out, 200);
    es_buf_json_key(b, "rows");
    es_buf_str(b, "[");
    for (size_t i = 0; i < n; i++)
        standing_json(b, &rows[i], sq.by);
    es_buf_str(b, "]");
    es_buf_json_s(b, "next_cursor", next);
    es_web_json_end(b);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/api/v1/initiatives", ES_BODY_NONE, 0, api_initiatives },
    { ES_GET, "/api/v1/initiatives/{slug}", ES_BODY_NONE, 0, api_initiative },
    { ES_POST, "/api/v1/initiatives/{slug}/participants", ES_BODY_JSON, 0,
      api_join },
    { ES_GET, "/api/v1/initiatives/{slug}/standings", ES_BODY_NONE, 0,
      api_standings },
};
const struct es_routes ES_ROUTES_API = { ROUTES,
                                         sizeof ROUTES / sizeof *ROUTES };
