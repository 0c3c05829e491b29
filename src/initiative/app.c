/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/app.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "i18n/i18n.h"
#include "initiative/boards.h"
#include "initiative/face.h"
#include "initiative/likeness.h"
#include "initiative/making.h"
#include "initiative/names.h"
#include "initiative/review.h"
#include "initiative/rules.h"
#include "initiative/running.h"
#include "initiative/texts.h"
#include "initiative/way.h"

#include <jansson.h>
#include <string.h>

enum {
    APP_ARENA = 1 << 20,
    INITIATIVES_MAX = 10000,
    FACE_MEM = 4 * ES_FACE_MAX,
    TEXTS_MEM = 8 << 20
};
enum { DAY_MS = 86400000 };

static enum es_code key_put(struct es_txn *tx, const struct es_blob *blob,
                            void *arg, struct es_err *e)
{
    const struct es_app *app = arg;
    (void)blob;
    return es_txn_meta_put(tx, "key",
                           (struct es_bytes){ app->key, sizeof app->key }, e);
}

static enum es_code load_key(struct es_app *app, struct es_arena *a,
                             struct es_err *e)
{
    struct es_bytes key;
    enum es_code rc = es_store_meta(app->store, "key", a, &key, e);
    if (rc == ES_OK && key.n != sizeof app->key)
        return es_fail(e, ES_EIO, 0, "the instance's key is damaged");
    if (rc == ES_OK)
        memcpy(app->key, key.p, key.n);
    if (rc != ES_ENOENT)
        return rc;
    es_random_bytes(app->key, sizeof app->key);
    return es_store_write(
        app->store, &(struct es_write){ .apply = key_put, .arg = app }, e);
}

static enum es_code load_boards(struct es_app *app, struct es_arena *a,
                                struct es_err *e)
{
    struct es_initiative *v;
    size_t n;
    enum es_code rc =
        es_store_initiatives(app->store, INITIATIVES_MAX, a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = es_boards_load(app->boards, app->store, &v[i], e);
    return rc;
}

enum es_code es_app_open(struct es_app *app, struct es_store *store,
                         struct es_ingest *ingest, struct es_err *e)
{
    struct es_arena a;
    *app = (struct es_app){ .store = store, .ingest = ingest };
    es_arena_init(&a, (size_t)INITIATIVES_MAX * 16384);
    app->limits = es_limits_new();
    enum es_code rc = app->limits ? ES_OK : es_fail(e, ES_ENOMEM, 0, "limits");
    if (rc == ES_OK)
        rc = es_boards_new(&app->boards, e);
    if (rc == ES_OK)
        rc = es_desk_new(&app->desk, e);
    if (rc == ES_OK)
        rc = es_running_new(&app->running, e);
    if (rc == ES_OK)
        rc = load_key(app, &a, e);
    if (rc == ES_OK)
        rc = es_names_fill(store, e);
    if (rc == ES_OK)
        rc = load_boards(app, &a, e);
    if (rc == ES_OK)
        rc = es_likeness_load(app, e);
    if (rc == ES_OK)
        rc = es_review_sort(app, e);
    if (rc != ES_OK)
        es_app_close(app);
    es_arena_release(&a);
    return rc;
}

void es_app_close(struct es_app *app)
{
    es_boards_free(app->boards);
    es_limits_free(app->limits);
    es_copies_free(app->copies);
    es_desk_free(app->desk);
    es_running_free(app->running);
    *app = (struct es_app){ 0 };
}

struct es_standings *es_app_standings(struct es_app *app, int64_t initiative)
{
    return es_boards_get(app->boards, initiative);
}

struct es_times *es_app_times(struct es_app *app, int64_t initiative)
{
    struct es_timing *t = es_boards_timing(app->boards, initiative);
    return t ? es_timing_times(t) : NULL;
}

struct es_pulse *es_app_pulse(struct es_app *app, int64_t initiative)
{
    return es_boards_pulse(app->boards, initiative);
}

void es_app_timed_anew(struct es_app *app, int64_t initiative,
                       int64_t participant)
{
    struct es_err e = { 0 };
    struct es_timing *t = es_boards_timing(app->boards, initiative);
    if (t && es_timing_person(t, app->store, participant, &e) != ES_OK)
        es_log(ES_LOG_ERROR, "times.person", "%s", e.msg);
}

enum es_code es_app_days(struct es_app *app, const struct es_initiative *ini,
                         int64_t now_ms, struct es_arena *a,
                         struct es_day **out, size_t *n, struct es_err *e)
{
    struct es_days *days = es_boards_days(app->boards, ini->id);
    struct es_day_sum *sums;
    size_t n_sums;
    int64_t first = es_day_of(ini->zone, ini->opens_ms);
    int64_t end_ms = ini->closes_ms - 1 < now_ms ? ini->closes_ms - 1 : now_ms;
    int64_t last = es_day_of(ini->zone, end_ms);

    if (!days)
        return es_fail(e, ES_ENOENT, 0, "no such initiative");
    if (last - first >= ES_DAYS_SHOWN)
        first = last - ES_DAYS_SHOWN + 1;
    enum es_code rc = es_days_read(days, first, last, a, &sums, &n_sums, e);
    if (rc != ES_OK)
        return rc;
    size_t count = last >= first ? (size_t)(last - first + 1) : 0;
    struct es_day *v = es_arena_array(a, count, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "days");
    for (size_t i = 0; i < count; i++) {
        struct es_date d = es_date_of((first + (int64_t)i) * DAY_MS);
        v[i] = (struct es_day){ .day_ms = es_zone_time(ini->zone, &d) };
    }
    for (size_t i = 0; i < n_sums; i++) {
        v[sums[i].day - first].dist_mm = sums[i].dist_mm;
        v[sums[i].day - first].runs = sums[i].runs;
    }
    *out = v;
    *n = count;
    return ES_OK;
}

/* A list that can't be read would ask nobody for anything. */
static bool consents_ok(const char *json)
{
    json_error_t je;
    size_t i;
    const json_t *c;
    json_t *list = json_loads(json, JSON_REJECT_DUPLICATES, &je);
    bool ok = json_is_array(list);
    json_array_foreach(list, i, c)
    {
        const json_t *purpose = json_object_get(c, "purpose");
        const json_t *version = json_object_get(c, "version");
        ok = ok && json_string_length(purpose) > 0 &&
             (json_is_integer(version) || json_is_string(version));
    }
    json_decref(list);
    return ok;
}

/* What can't be read back would take the page away. */
static enum es_code check_texts(const struct es_initiative *i, struct es_err *e)
{
    struct es_arena a;
    es_arena_init(&a, TEXTS_MEM);
    struct es_texts *t = es_arena_alloc(&a, sizeof *t);
    struct es_way *w = es_arena_alloc(&a, sizeof *w);
    enum es_code rc =
        t && w ? ES_OK : es_fail(e, ES_ENOMEM, 0, "no memory for the texts");
    if (rc == ES_OK)
        rc = es_texts_read(i->texts ? i->texts : "{}", &a, t, e);
    if (rc == ES_OK)
        rc = es_way_read(i->way ? i->way : "{}", &a, w, e);
    es_arena_release(&a);
    return rc;
}

enum es_code es_initiative_check(const struct es_initiative *i,
                                 struct es_err *e)
{
    struct es_rules r;
    size_t title = es_utf8_count(es_bytes_str(i->title));
    if (!es_slug_ok(i->slug))
        return es_fail(e, ES_EINVAL, 0, "slug");
    if (title < 1 || title > ES_TITLE_MAX)
        return es_fail(e, ES_EINVAL, 0, "title");
    if (i->closes_ms <= i->opens_ms)
        return es_fail(e, ES_EINVAL, 0, "closes");
    if (i->goal_mm < 0)
        return es_fail(e, ES_EINVAL, 0, "goal");
    if (!es_zone_known(i->zone))
        return es_fail(e, ES_EINVAL, 0, "zone");
    if (!consents_ok(i->consents))
        return es_fail(e, ES_EINVAL, 0, "consents");
    enum es_code rc = es_rules_read(i->rules, &r, e);
    return rc == ES_OK ? check_texts(i, e) : rc;
}

struct saving {
    struct es_app *app;
    const struct es_initiative *row;
};

void es_app_rules_anew(struct es_app *app, const struct es_initiative *ini)
{
    struct es_err e = { 0 };
    struct es_timing *t = es_boards_timing(app->boards, ini->id);
    if (t && es_timing_rules(t, ini, &e) != ES_OK)
        es_log(ES_LOG_ERROR, "times.rules", "%s", e.msg);
}

static enum es_code initiative_put(struct es_txn *tx,
                                   const struct es_blob *blob, void *arg,
                                   struct es_err *e)
{
    const struct saving *s = arg;
    (void)blob;
    return es_txn_initiative_put(tx, s->row, e);
}

static void initiative_done(void *arg)
{
    const struct saving *s = arg;
    struct es_err e = { 0 };
    if (es_boards_zone(s->app->boards, s->app->store, s->row, &e) != ES_OK)
        es_log(ES_LOG_ERROR, "days.zone", "%s", e.msg);
    es_app_rules_anew(s->app, s->row);
}

/* The face as it is kept: read and written back, so that what is stored is
 * clean whoever wrote it. */
static enum es_code clean_face(const char *json, struct es_buf *out,
                               struct es_err *e)
{
    struct es_face f;
    struct es_arena a;
    es_arena_init(&a, FACE_MEM);
    enum es_code rc = es_face_read(json ? json : "{}", &a, &f, e);
    if (rc == ES_OK)
        es_face_write(&f, out);
    es_arena_release(&a);
    if (rc == ES_OK && out->bad)
        rc = es_fail(e, ES_EINVAL, 0, "face: too long");
    return rc;
}

enum es_code es_initiative_save(struct es_app *app,
                                const struct es_initiative *i, struct es_err *e)
{
    struct es_initiative row = *i;
    struct saving saving = { app, &row };
    struct es_buf face;
    es_buf_init(&face, ES_FACE_MAX);
    enum es_code rc = es_initiative_check(i, e);
    if (rc == ES_OK)
        rc = clean_face(i->face, &face, e);
    row.face = es_buf_cstr(&face);
    /* Before it can be seen: whoever joins at once finds the standings. */
    if (rc == ES_OK && !es_app_standings(app, i->id))
        rc = es_boards_load(app->boards, app->store, i, e);
    if (rc == ES_OK)
        rc = es_store_write(app->store,
                            &(struct es_write){ .apply = initiative_put,
                                                .committed = initiative_done,
                                                .arg = &saving },
                            e);
    es_buf_release(&face);
    return rc;
}

struct team_making {
    struct es_standings *standings;
    struct es_team t;
    enum es_code rc; /* of the standings */
    struct es_err err;
};

static enum es_code team_put(struct es_txn *tx, const struct es_blob *blob,
                             void *arg, struct es_err *e)
{
    const struct team_making *m = arg;
    (void)blob;
    return es_txn_team_add(tx, &m->t, e);
}

/* On the writer thread: nobody can have joined the team before this. */
static void team_done(void *arg)
{
    struct team_making *m = arg;
    m->rc = es_standings_team(m->standings, m->t.id, m->t.name, &m->err);
}

enum es_code es_team_create(struct es_app *app, int64_t initiative,
                            const char *name, const char *code, int64_t *id,
                            struct es_err *e)
{
    struct team_making m = {
        .standings = es_app_standings(app, initiative),
        .t = { .initiative = initiative,
               .id = es_id_new(),
               .name = name,
               .code = code },
    };
    if (!m.standings)
        return es_fail(e, ES_ENOENT, 0, "no such initiative");
    enum es_code rc = es_store_write(app->store,
                                     &(struct es_write){ .apply = team_put,
                                                         .committed = team_done,
                                                         .arg = &m },
                                     e);
    if (rc == ES_OK && m.rc != ES_OK)
        rc = es_fail(e, m.rc, 0, "%s", m.err.msg);
    if (rc == ES_OK)
        *id = m.t.id;
    return rc;
}
