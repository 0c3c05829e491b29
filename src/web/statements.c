/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What was said in public: the wall, one statement, several side by side, the
 * one in a frame of another site, and the groups. */
#include "web/statements.h"
#include "base/num.h"
#include "web/pages.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 20, BEGINNING = 420, GROUP = 500 };

/* ---- several, by their numbers ---- */

/* "12,15": at most ES_BESIDE_MAX different ones; false when it isn't that. */
static bool numbers(const char *s, int64_t out[ES_BESIDE_MAX], size_t *n)
{
    *n = 0;
    while (s && *s) {
        size_t len = strcspn(s, ",");
        int64_t id;
        if (*n == ES_BESIDE_MAX ||
            !es_num_i64((struct es_bytes){ (const uint8_t *)s, len }, 1,
                        INT64_MAX, &id))
            return false;
        for (size_t i = 0; i < *n; i++)
            if (out[i] == id)
                return false;
        out[(*n)++] = id;
        s += len + (s[len] == ',');
    }
    return true;
}

static const char *listed(const struct es_req *q, const int64_t *v, size_t n,
                          int64_t more)
{
    const char *s = "";
    for (size_t i = 0; s && i < n; i++)
        s = es_arena_fmt(es_req_arena(q), "%s%s%" PRId64, s, i ? "," : "",
                         v[i]);
    if (s && more)
        s = es_arena_fmt(es_req_arena(q), "%s%s%" PRId64, s, n ? "," : "",
                         more);
    return s ? s : "";
}

static struct es_url wall_url(const struct es_req *q, const char *slug)
{
    return es_url_path(es_req_arena(q), "/e/%s/statements", slug);
}

/* ---- the wall ---- */

/* As it is asked for. */
struct asked {
    struct es_initiative ini;
    struct es_wall w;
    const char *speaker;           /* of the query; NULL */
    int64_t beside[ES_BESIDE_MAX]; /* that another is to stand beside */
    size_t n_beside;
};

/* "2026-03-01.12": where the page before ended. */
static bool read_cursor(const struct es_req *q, struct es_wall *w)
{
    const char *s = es_req_query(q, "after");
    const char *dot = s ? strchr(s, '.') : NULL;
    if (!s)
        return true;
    w->day = dot ? es_arena_strn(es_req_arena(q), s, (size_t)(dot - s)) : NULL;
    return w->day && es_day_ok(w->day) &&
           es_num_i64(es_bytes_str(dot + 1), 1, INT64_MAX, &w->id);
}

static bool read_asked(const struct es_req *q, struct asked *k)
{
    k->w = (struct es_wall){ .initiative = k->ini.id, .max = ROWS };
    k->speaker = es_req_query(q, "speaker");
    const char *event = es_req_query(q, "event");
    return read_cursor(q, &k->w) &&
           (!k->speaker || es_num_i64(es_bytes_str(k->speaker), 1, INT64_MAX,
                                      &k->w.speaker)) &&
           (!event ||
            es_num_i64(es_bytes_str(event), 1, INT64_MAX, &k->w.event)) &&
           numbers(es_req_query(q, "beside"), k->beside, &k->n_beside);
}

/* A statement in the reader's language, where it was translated into it. */
static enum es_code for_reader(const struct es_req *q, struct es_said *s,
                               struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const char *lang = es_web_lang(q, NULL)->tag;
    struct es_said *v;
    size_t n = 0;
    enum es_code rc =
        es_store_translations(es_web_of(q)->app->store, s->s.initiative,
                              s->s.id, ES_MANY_MAX, a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        struct es_statement_text *t = es_arena_alloc(a, sizeof *t);
        if (!t)
            return es_fail(e, ES_ENOMEM, 0, "translation");
        rc = es_statement_read(v[i].v.content, a, t, e);
        if (rc == ES_OK && strcmp(t->lang, lang) == 0) {
            *s = v[i];
            return ES_OK;
        }
    }
    return rc;
}

static struct es_url beside_url(const struct es_req *q, const struct asked *k,
                                int64_t id)
{
    struct es_arena *a = es_req_arena(q);
    for (size_t i = 0; i < k->n_beside; i++)
        if (k->beside[i] == id)
            return (struct es_url){ NULL };
    if (k->n_beside == ES_BESIDE_MAX)
        return (struct es_url){ NULL };
    const char *all = listed(q, k->beside, k->n_beside, id);
    return k->n_beside
               ? es_url_path(a, "/e/%s/statements/compare?with=%s", k->ini.slug,
                             all)
               : es_url_path(a, "/e/%s/statements?beside=%s", k->ini.slug, all);
}

static enum es_code rows(const struct es_req *q, struct asked *k,
                         struct es_view_wall *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_said *s = NULL;
    size_t n = 0;
    enum es_code rc =
        es_store_wall(es_web_of(q)->app->store, &k->w, a, &s, &n, e);
    struct es_view_statement *all =
        rc == ES_OK ? es_arena_array(a, n, sizeof *all) : NULL;
    if (rc == ES_OK && !all)
        rc = es_fail(e, ES_ENOMEM, 0, "statements");
    if (rc == ES_OK && n == ROWS) {
        const char *after =
            es_arena_fmt(a, "%s.%" PRId64, s[n - 1].s.shown_day, s[n - 1].s.id);
        after = after ? after : "";
        if (k->w.speaker)
            v->next = es_url_path(a, "/e/%s/statements?speaker=%s&after=%s",
                                  k->ini.slug, k->speaker, after);
        else if (k->w.event)
            v->next = es_url_path(a, "/e/%s/statements?event=%lld&after=%s",
                                  k->ini.slug, (long long)k->w.event, after);
        else
            v->next = es_url_path(a, "/e/%s/statements?beside=%s&after=%s",
                                  k->ini.slug,
                                  listed(q, k->beside, k->n_beside, 0), after);
    }
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        rc = for_reader(q, &s[i], e);
        if (rc == ES_OK)
            rc = es_web_statement(q, &k->ini, &s[i], BEGINNING, &all[i], e);
        if (rc == ES_OK && (k->n_beside || !k->w.speaker))
            all[i].beside = beside_url(q, k, s[i].s.id);
    }
    v->rows = all;
    v->n = rc == ES_OK ? n : 0;
    return rc;
}

/* Who it is about: their names in other scripts, and what they held. */
static enum es_code speaker(const struct es_req *q, const struct asked *k,
                            struct es_view_wall *v, struct es_err *e)
{
    struct es_app *app = es_web_of(q)->app;
    struct es_arena *a = es_req_arena(q);
    struct es_party p;
    struct es_many m;
    struct es_office_told *o = NULL;
    size_t n = 0;
    enum es_code rc =
        es_store_party(app->store, k->ini.id, k->w.speaker, a, &p, e);
    if (rc == ES_OK && p.what != ES_PARTY_PERSON)
        rc = es_fail(e, ES_ENOENT, 0, "no person");
    if (rc == ES_OK)
        rc = es_many_read(p.names, a, &m, e);
    if (rc == ES_OK)
        rc = es_web_speaker(q, &k->ini, &p, &v->speaker, e);
    if (rc == ES_OK)
        rc = es_offices(app, k->ini.id, p.id, es_web_lang(q, NULL)->tag, a, &o,
                        &n, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_named *names = es_arena_array(a, m.n, sizeof *names);
    struct es_view_office *offices = es_arena_array(a, n, sizeof *offices);
    if (!names || !offices)
        return es_fail(e, ES_ENOMEM, 0, "speaker");
    for (size_t i = 0; i < m.n; i++)
        if (strcmp(m.v[i].text, v->speaker.name.text) != 0)
            names[v->n_other_names++] =
                (struct es_view_named){ m.v[i].text, m.v[i].lang };
    for (size_t i = 0; i < n; i++)
        offices[i] = es_web_office(q, &o[i]);
    v->other_names = names;
    v->offices = offices;
    v->n_offices = n;
    return ES_OK;
}

/* Those that another one is to stand beside. */
static enum es_code chosen(const struct es_req *q, const struct asked *k,
                           struct es_view_wall *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_statement *all =
        es_arena_array(a, ES_BESIDE_MAX, sizeof *all);
    enum es_code rc =
        all ? ES_OK : es_fail(e, ES_ENOMEM, 0, "those that are chosen");
    for (size_t i = 0; rc == ES_OK && i < k->n_beside; i++) {
        struct es_said s;
        rc = es_store_said(es_web_of(q)->app->store, k->ini.id, k->beside[i], a,
                           &s, e);
        if (rc == ES_OK)
            rc = es_web_statement(q, &k->ini, &s, BEGINNING, &all[i], e);
    }
    v->chosen = all;
    v->n_chosen = k->n_beside;
    if (rc == ES_OK && k->n_beside > 1)
        v->compare =
            es_url_path(a, "/e/%s/statements/compare?with=%s", k->ini.slug,
                        listed(q, k->beside, k->n_beside, 0));
    return rc;
}

/* GET /e/{slug}/statements?speaker=&event=&beside=&after= */
static enum es_code wall(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct asked *k = es_arena_alloc(es_req_arena(q), sizeof *k);
    if (!k)
        return es_fail(e, ES_ENOMEM, 0, "statements");
    *k = (struct asked){ .n_beside = 0 };
    enum es_code rc = es_web_initiative(q, &k->ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    if (!read_asked(q, k))
        return es_web_fail(q, out, 400, "");
    struct es_view_wall v = {
        .frame = es_web_frame(q, &k->ini),
        .speaker = { .name = { "", "" } },
        .event = { "", "" },
        .all = wall_url(q, k->ini.slug),
    };
    if (k->w.speaker)
        rc = speaker(q, k, &v, e);
    else if (k->w.event)
        rc = es_web_said_at(q, &k->ini, k->w.event, &v.event, &v.event_url, e);
    if (rc == ES_OK && k->n_beside)
        rc = chosen(q, k, &v, e);
    if (rc == ES_OK)
        rc = rows(q, k, &v, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    if (k->w.day && k->w.event && !k->w.speaker)
        v.first = es_url_path(es_req_arena(q), "/e/%s/statements?event=%lld",
                              k->ini.slug, (long long)k->w.event);
    else if (k->w.day)
        v.first = k->w.speaker ? v.speaker.url : v.all;
    v.frame.index = k->ini.state != ES_INI_DRAFT && !k->n_beside;
    struct es_out o = es_web_page(q, out);
    es_page_statements(&o, &v);
    return ES_OK;
}

/* ---- one ---- */

static enum es_code earlier(const struct es_req *q,
                            const struct es_initiative *ini, int64_t id,
                            struct es_view_statement_page *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_statement_version *all = NULL;
    size_t n = 0;
    enum es_code rc =
        es_store_statement_versions(es_web_of(q)->app->store, ini->id, id,
                                    ES_STATEMENT_VERSIONS, a, &all, &n, e);
    struct es_view_wording *rows =
        rc == ES_OK ? es_arena_array(a, n, sizeof *rows) : NULL;
    if (rc == ES_OK && !rows)
        rc = es_fail(e, ES_ENOMEM, 0, "versions");
    for (size_t i = 1; rc == ES_OK && i < n; i++) {
        struct es_statement_text *t = es_arena_alloc(a, sizeof *t);
        rc = t ? es_statement_read(all[i].content, a, t, e)
               : es_fail(e, ES_ENOMEM, 0, "versions");
        if (rc == ES_OK)
            rows[v->n_earlier++] = (struct es_view_wording){
                .version = all[i].version,
                .at_ms = all[i].at_ms,
                .words = t->words,
                .note = all[i].note,
            };
    }
    v->earlier = rows;
    return rc;
}

/* The statement of {statement}; ES_ENOENT while nobody may read it. */
static enum es_code find(const struct es_req *q, struct es_initiative *ini,
                         int64_t *id, struct es_said *s, struct es_err *e)
{
    enum es_code rc = es_web_initiative(q, ini, e);
    if (rc == ES_OK && !es_req_i64(q, "statement", 1, INT64_MAX, id))
        rc = es_fail(e, ES_ENOENT, 0, "no number");
    return rc == ES_OK ? es_store_said(es_web_of(q)->app->store, ini->id, *id,
                                       es_req_arena(q), s, e)
                       : rc;
}

/* Who follows a link to one that was taken back reads why. */
static enum es_code taken(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    struct es_statement s;
    struct es_statement_step *v;
    int64_t id;
    size_t n = 0;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_OK && !es_req_i64(q, "statement", 1, INT64_MAX, &id))
        rc = es_fail(e, ES_ENOENT, 0, "no number");
    if (rc == ES_OK)
        rc = es_store_statement(es_web_of(q)->app->store, ini.id, id, a, &s, e);
    if (rc == ES_OK && s.version > 0)
        rc = es_store_statement_steps(es_web_of(q)->app->store, ini.id, id,
                                      ES_STATEMENT_VERSIONS, a, &v, &n, e);
    if (rc != ES_OK)
        return rc == ES_ENOENT ? es_web_fail(q, out, 404, "") : rc;
    for (size_t i = 0; i < n; i++)
        if (v[i].what == ES_STATEMENT_TAKES) {
            struct es_view_taken view = { .frame = es_web_frame(q, &ini),
                                          .why = v[i].words,
                                          .at_ms = v[i].at_ms,
                                          .zone = ini.zone,
                                          .wall = wall_url(q, ini.slug) };
            es_resp_status(out, 410);
            struct es_out o = es_web_page(q, out);
            es_page_statement_taken(&o, &view);
            return ES_OK;
        }
    return es_web_fail(q, out, 404, "");
}

static const char *embed_code(const struct es_req *q, const char *slug,
                              const struct es_view_statement *s)
{
    struct es_arena *a = es_req_arena(q);
    struct es_buf b;
    es_buf_init(&b, 4096);
    struct es_out o = es_out_of(&b, es_lang_at(0));
    es_buf_fmt(
        &b, "<iframe src=\"%s%s\" title=\"", es_web_of(q)->origin,
        es_url_path(a, "/e/%s/statements/%s/embed", slug, s->number).checked);
    es_out_str(&o, s->by.name.text);
    es_buf_str(&b, "\" width=\"100%\" height=\"480\" loading=\"lazy\" "
                   "referrerpolicy=\"no-referrer\"></iframe>");
    const char *code = b.bad ? NULL : es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return code ? code : "";
}

/* GET /e/{slug}/statements/{statement} */
static enum es_code page(const struct es_req *q, struct es_resp *out,
                         struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    struct es_said s;
    int64_t id = 0;
    enum es_code rc = find(q, &ini, &id, &s, e);
    if (rc == ES_ENOENT)
        return taken(q, out, e);
    if (rc != ES_OK)
        return rc;
    struct es_view_statement_page v = {
        .frame = es_web_frame(q, &ini),
        .wall = wall_url(q, ini.slug),
        .zone = ini.zone,
    };
    rc = es_web_statement(q, &ini, &s, 0, &v.s, e);
    if (rc == ES_OK)
        rc = earlier(q, &ini, id, &v, e);
    if (rc != ES_OK)
        return rc;
    int64_t one[ES_BESIDE_MAX] = { id };
    v.s.beside = es_url_path(a, "/e/%s/statements?beside=%s", ini.slug,
                             listed(q, one, 1, 0));
    v.embed = embed_code(q, ini.slug, &v.s);
    if (!v.frame.kept && es_web_of(q)->app->render)
        v.paper = es_url_path(a, "/e/%s/statements/%s/paper.pdf", ini.slug,
                              v.s.number);
    v.frame.report =
        es_url_path(a, "/e/%s/report?about=statement-%s", ini.slug, v.s.number);
    v.frame.index = ini.state != ES_INI_DRAFT;
    struct es_out o = es_web_page(q, out);
    es_page_statement(&o, &v);
    return ES_OK;
}

/* GET /e/{slug}/statements/{statement}/embed: reads and sets no cookie and has
 * no form, so that nobody can be led to do anything in it. */
static enum es_code embed(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_initiative ini;
    struct es_said s;
    int64_t id;
    enum es_code rc = find(q, &ini, &id, &s, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_view_statement_embed v = { .frame = es_web_frame(q, &ini) };
    rc = es_web_statement(q, &ini, &s, 0, &v.s, e);
    if (rc != ES_OK)
        return rc;
    es_web_framed(q);
    es_resp_header(out, "Cross-Origin-Resource-Policy", "cross-origin");
    es_resp_cache(out, "public, max-age=60");
    struct es_out o = es_web_page(q, out);
    es_page_statement_embed(&o, &v);
    return ES_OK;
}

/* ---- side by side ---- */

/* GET /e/{slug}/statements/compare?with=12,15 */
static enum es_code compare(const struct es_req *q, struct es_resp *out,
                            struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_compare *v = es_arena_alloc(a, sizeof *v);
    struct es_initiative ini;
    int64_t id[ES_BESIDE_MAX];
    size_t n;
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "side by side");
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    if (!numbers(es_req_query(q, "with"), id, &n) || n < 2)
        return es_web_fail(q, out, 400,
                           es_t(es_web_lang(q, NULL),
                                ES_T("Choose at least two statements.")));
    *v = (struct es_view_compare){ .frame = es_web_frame(q, &ini),
                                   .wall = wall_url(q, ini.slug) };
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        struct es_said s;
        rc = es_store_said(es_web_of(q)->app->store, ini.id, id[i], a, &s, e);
        if (rc == ES_OK)
            rc = es_web_statement(q, &ini, &s, 0, &v->v[i], e);
        v->figures |= rc == ES_OK && v->v[i].n_figures > 0;
    }
    if (rc == ES_ENOENT)
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    v->n = n;
    if (n < ES_BESIDE_MAX)
        v->more = es_url_path(a, "/e/%s/statements?beside=%s", ini.slug,
                              listed(q, id, n, 0));
    v->frame.index = false;
    struct es_out o = es_web_page(q, out);
    es_page_compare(&o, v);
    return ES_OK;
}

/* ---- a group ---- */

static enum es_code member(const struct es_req *q,
                           const struct es_initiative *ini,
                           const struct es_seat *t, const char *today,
                           struct es_view_sitting *out, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const char *lang = es_web_lang(q, NULL)->tag;
    struct es_party p;
    enum es_code rc =
        es_store_party(es_web_of(q)->app->store, ini->id, t->party, a, &p, e);
    if (rc != ES_OK)
        return rc;
    *out = (struct es_view_sitting){
        .name = es_web_named(q, es_many_tell_json(p.names, lang, a)),
        .title = es_web_named(q, es_many_tell_json(t->title, lang, a)),
        .from_ms = es_day_ms(t->from),
        .to_ms = es_day_ms(t->to),
        .now = (!*t->from || strcmp(t->from, today) <= 0) &&
               (!*t->to || strcmp(today, t->to) <= 0),
    };
    if (p.what == ES_PARTY_PERSON)
        out->url = es_url_path(a, "/e/%s/statements?speaker=%lld", ini->slug,
                               (long long)p.id);
    return ES_OK;
}

static const char *today_of(const struct es_req *q,
                            const struct es_initiative *ini)
{
    struct es_date d = es_zone_date(ini->zone, es_time_now_ms());
    const char *s =
        es_arena_fmt(es_req_arena(q), "%04d-%02d-%02d", d.year, d.month, d.day);
    return s ? s : "";
}

static enum es_code members(const struct es_req *q,
                            const struct es_initiative *ini, int64_t group,
                            struct es_view_circle *v, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    const char *today = today_of(q, ini);
    struct es_seat *seats = NULL;
    size_t n = 0;
    enum es_code rc = es_store_seats_in(es_web_of(q)->app->store, ini->id,
                                        group, GROUP, a, &seats, &n, e);
    struct es_view_sitting *rows =
        rc == ES_OK ? es_arena_array(a, n, sizeof *rows) : NULL;
    if (rc == ES_OK && !rows)
        rc = es_fail(e, ES_ENOMEM, 0, "members");
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        struct es_view_sitting m;
        rc = member(q, ini, &seats[i], today, &m, e);
        if (rc != ES_OK)
            break;
        if (m.now) { /* before those of the past */
            memmove(rows + v->n_now + 1, rows + v->n_now,
                    (v->n - v->n_now) * sizeof *rows);
            rows[v->n_now++] = m;
        } else {
            rows[v->n] = m;
        }
        v->n++;
    }
    v->rows = rows;
    return rc;
}

/* GET /e/{slug}/groups/{group} */
static enum es_code group(const struct es_req *q, struct es_resp *out,
                          struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_initiative ini;
    struct es_party p;
    int64_t id;
    enum es_code rc = es_web_initiative(q, &ini, e);
    if (rc == ES_OK && !es_req_i64(q, "group", 1, INT64_MAX, &id))
        rc = es_fail(e, ES_ENOENT, 0, "no number");
    if (rc == ES_OK)
        rc = es_store_party(es_web_of(q)->app->store, ini.id, id, a, &p, e);
    if (rc == ES_ENOENT || (rc == ES_OK && p.what != ES_PARTY_GROUP))
        return es_web_fail(q, out, 404, "");
    if (rc != ES_OK)
        return rc;
    struct es_view_circle v = {
        .frame = es_web_frame(q, &ini),
        .name = es_web_named(
            q, es_many_tell_json(p.names, es_web_lang(q, NULL)->tag, a)),
    };
    rc = members(q, &ini, id, &v, e);
    if (rc == ES_OK)
        rc = es_web_wall_url(q, &ini, &v.wall, e);
    if (rc != ES_OK)
        return rc;
    v.frame.index = ini.state != ES_INI_DRAFT;
    struct es_out o = es_web_page(q, out);
    es_page_circle(&o, &v);
    return ES_OK;
}

static const struct es_route ROUTES[] = {
    { ES_GET, "/e/{slug}/statements", ES_BODY_NONE, ES_WEB_PAGE, wall },
    { ES_GET, "/e/{slug}/statements/compare", ES_BODY_NONE, ES_WEB_PAGE,
      compare },
    { ES_GET, "/e/{slug}/statements/{statement}", ES_BODY_NONE, ES_WEB_PAGE,
      page },
    { ES_GET, "/e/{slug}/statements/{statement}/embed", ES_BODY_NONE,
      ES_WEB_WHOLE, embed },
    { ES_GET, "/e/{slug}/groups/{group}", ES_BODY_NONE, ES_WEB_PAGE, group },
};
const struct es_routes ES_ROUTES_SAID = { ROUTES,
                                          sizeof ROUTES / sizeof *ROUTES };
