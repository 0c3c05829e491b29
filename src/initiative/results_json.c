/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Results as a file: their JSON, and the envelope with hash and signature. */
#include "base/json.h"
#include "base/time.h"
#include "initiative/results.h"
#include "initiative/settings.h"

#include <stdio.h>
#include <string.h>

#define PURPOSE "results"
enum { PAGE_MEM = 4 << 20 };

/* ---- the lists ---- */

static void put_row(struct es_buf *b, const struct es_standing *s,
                    enum es_by by)
{
    es_buf_json_comma(b);
    es_buf_str(b, "{");
    es_buf_json_i(b, "place", s->rank);
    if (by == ES_BY_PERSON)
        es_buf_json_i(b, "bib", s->bib);
    es_buf_json_s(b, "name", s->name);
    if (by == ES_BY_PERSON)
        es_buf_json_s(b, "country", s->country);
    else
        es_buf_json_i(b, "members", s->members);
    es_buf_json_i(b, "distance_mm", s->dist_mm);
    es_buf_json_i(b, "time_ms", s->time_ms);
    es_buf_json_i(b, "runs", s->runs);
    es_buf_str(b, "}");
}

/* Where a page ended, from which the next one goes on; "" at the end. */
static void turn(char cursor[ES_RESULTS_CURSOR], const char *next)
{
    (void)snprintf(cursor, ES_RESULTS_CURSOR, "%s", next ? next : "");
}

static const char *begun(const char *cursor)
{
    return *cursor ? cursor : NULL;
}

/* A page of an order by distance. */
static enum es_code put_order(struct es_buf *b, struct es_standings *s,
                              enum es_by by, const char *category,
                              char cursor[ES_RESULTS_CURSOR], struct es_err *e)
{
    struct es_standings_query q = { by, ES_METRIC_DISTANCE, category,
                                    begun(cursor), ES_STANDINGS_PAGE_MAX };
    struct es_arena a;
    struct es_standing *rows;
    const char *next = NULL;
    size_t n = 0;
    es_arena_init(&a, PAGE_MEM);
    enum es_code rc = es_standings_page(s, &q, &a, &rows, &n, &next, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        put_row(b, &rows[i], by);
    turn(cursor, next);
    es_arena_release(&a);
    return rc;
}

static enum es_code put_time(struct es_buf *b, struct es_standings *s,
                             const struct es_time_row *t, struct es_arena *a,
                             struct es_err *e)
{
    struct es_standing who, *near;
    size_t n;
    enum es_code rc = es_standings_of(s, t->id, 0, a, &who, &near, &n, e);
    if (rc != ES_OK)
        return rc == ES_ENOENT ? ES_OK : rc;
    es_buf_json_comma(b);
    es_buf_str(b, "{");
    es_buf_json_i(b, "place", t->rank);
    es_buf_json_i(b, "bib", who.bib);
    es_buf_json_s(b, "name", who.name);
    es_buf_json_s(b, "country", who.country);
    es_buf_json_i(b, "time_s", t->time_ms / 1000);
    es_buf_str(b, "}");
    return ES_OK;
}

/* A page of the best times over a category's distance. */
static enum es_code put_times(struct es_buf *b, struct es_app *app,
                              int64_t initiative, const char *category,
                              int32_t group, char cursor[ES_RESULTS_CURSOR],
                              struct es_err *e)
{
    struct es_times_query q = { category, group, begun(cursor),
                                ES_STANDINGS_PAGE_MAX };
    struct es_standings *s = es_app_standings(app, initiative);
    struct es_arena a;
    struct es_time_row *rows;
    const char *next = NULL;
    size_t n = 0;
    es_arena_init(&a, PAGE_MEM);
    enum es_code rc = es_times_page(es_app_times(app, initiative), &q, &a,
                                    &rows, &n, &next, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = put_time(b, s, &rows[i], &a, e);
    turn(cursor, next);
    es_arena_release(&a);
    return rc;
}

/* ---- one after the other ---- */

static const struct {
    const char *key;
    enum es_by by;
} ORDERS[] = { { "people", ES_BY_PERSON },
               { "teams", ES_BY_TEAM },
               { "countries", ES_BY_COUNTRY } };
enum { ORDERS_N = sizeof ORDERS / sizeof *ORDERS };

static void put_head(struct es_app *app, const struct es_initiative *ini,
                     const struct es_results_pen *pen, struct es_buf *b)
{
    char at[ES_TIME_TEXT];
    struct es_totals t;
    es_standings_totals(es_app_standings(app, ini->id), &t);
    es_buf_str(b, "{");
    es_buf_json_s(b, "format", "everystep-results-1");
    es_buf_json_s(b, "slug", ini->slug);
    es_buf_json_s(b, "title", ini->title);
    es_buf_json_i(b, "version", pen->version);
    es_buf_json_s(b, "at", pen->version ? es_time_text(pen->at_ms, at) : NULL);
    es_buf_json_s(b, "reason", pen->why);
    es_buf_json_s(b, "ties", "1,1,3");
    es_buf_json_i(b, "rules_version", ini->rules_version);
    es_buf_json_i(b, "participants", t.participants);
    es_buf_json_i(b, "runs", t.runs);
    es_buf_json_i(b, "distance_mm", t.dist_mm);
}

/* NULL while it is the turn of an order. */
static const struct es_category *category_of(const struct es_results_pen *pen)
{
    return pen->list < ORDERS_N ? NULL
                                : &pen->rules.categories[pen->list - ORDERS_N];
}

/* What stands before the rows of the list whose turn it is. */
static void open_list(const struct es_results_pen *pen, struct es_buf *b)
{
    const struct es_category *c = category_of(pen);
    if (!c) {
        es_buf_json_key(b, ORDERS[pen->list].key);
    } else if (pen->age == 0) {
        es_buf_json_comma(b);
        es_buf_str(b, "{");
        es_buf_json_s(b, "name", c->name);
        es_buf_json_i(b, "distance_mm", c->dist_mm);
        es_buf_json_key(b, c->dist_mm > 0 ? "by_time" : "by_distance");
    } else {
        if (pen->age == 1)
            es_buf_str(b, ",\"by_age\":[");
        es_buf_json_comma(b);
        es_buf_str(b, "{");
        es_buf_json_i(b, "from", pen->ages[pen->age - 1]);
        es_buf_json_key(b, "by_time");
    }
    es_buf_str(b, "[");
}

/* What stands behind them; the next list has its turn. */
static void close_list(struct es_results_pen *pen, struct es_buf *b)
{
    const struct es_category *c = category_of(pen);
    bool aged = c && c->dist_mm > 0 && pen->n_ages > 0;
    es_buf_str(b, pen->age > 0 ? "]}" : "]");
    if (aged && pen->age < pen->n_ages) {
        pen->age++;
        return;
    }
    if (c)
        es_buf_str(b, aged ? "]}" : "}");
    pen->age = 0;
    if (++pen->list == ORDERS_N) {
        es_buf_json_key(b, "categories");
        es_buf_str(b, "[");
    }
}

static enum es_code put_page(struct es_app *app,
                             const struct es_initiative *ini,
                             struct es_results_pen *pen, struct es_buf *b,
                             struct es_err *e)
{
    struct es_standings *s = es_app_standings(app, ini->id);
    const struct es_category *c = category_of(pen);
    int32_t group = pen->age ? pen->ages[pen->age - 1] + 1 : 0;
    if (!c)
        return put_order(b, s, ORDERS[pen->list].by, NULL, pen->cursor, e);
    return c->dist_mm > 0
               ? put_times(b, app, ini->id, c->name, group, pen->cursor, e)
               : put_order(b, s, ES_BY_PERSON, c->name, pen->cursor, e);
}

static enum es_code begin(struct es_app *app, const struct es_initiative *ini,
                          struct es_results_pen *pen, struct es_buf *b,
                          struct es_err *e)
{
    struct es_settings s;
    static_assert(ES_AGES_MAX <= (int)ES_RESULTS_AGES, "each has its place");
    enum es_code rc = es_rules_read(ini->rules, &pen->rules, e);
    if (rc == ES_OK)
        rc = es_settings_of(app->store, ini->id, &s, NULL, e);
    if (rc == ES_OK && es_settings_by_age(&s)) {
        pen->n_ages = s.n_ages;
        memcpy(pen->ages, s.ages, sizeof s.ages);
    }
    if (rc == ES_OK)
        put_head(app, ini, pen, b);
    pen->begun = rc == ES_OK;
    return rc;
}

enum es_code es_results_some(struct es_app *app,
                             const struct es_initiative *ini,
                             struct es_results_pen *pen, struct es_buf *b,
                             struct es_err *e)
{
    if (!es_app_standings(app, ini->id))
        return es_fail(e, ES_ENOENT, 0, "no such initiative");
    if (!pen->begun)
        return begin(app, ini, pen, b, e);
    if (pen->list == ORDERS_N + pen->rules.n_categories) {
        es_buf_str(b, "]}");
        pen->done = true;
        return ES_OK;
    }
    if (!*pen->cursor)
        open_list(pen, b);
    enum es_code rc = put_page(app, ini, pen, b, e);
    if (rc == ES_OK && !*pen->cursor)
        close_list(pen, b);
    return rc;
}

enum es_code es_results_json(struct es_app *app,
                             const struct es_initiative *ini, int32_t version,
                             const char *why, int64_t at_ms, struct es_buf *out,
                             struct es_err *e)
{
    struct es_results_pen pen = { .version = version,
                                  .why = why,
                                  .at_ms = at_ms };
    enum es_code rc = ES_OK;
    while (rc == ES_OK && !pen.done && !out->bad)
        rc = es_results_some(app, ini, &pen, out, e);
    return rc;
}

/* ---- the envelope ---- */

/* The results stand in it byte by byte between a head and a tail of fixed
 * lengths: who checks them needs no JSON of one kind or the other. */
static const char HEAD[] = "{\"results\":";
static const char SHA[] = ",\"sha256\":\"";
static const char SIGNATURE[] = "\",\"signature\":\"";
static const char KEY[] = "\",\"public_key\":\"";
static const char END[] = "\"}\n";
enum {
    HEAD_N = sizeof HEAD - 1,
    SHA_N = sizeof SHA - 1,
    SIGNATURE_N = sizeof SIGNATURE - 1,
    KEY_N = sizeof KEY - 1,
    END_N = sizeof END - 1,
    TAIL_N = SHA_N + 2 * ES_SHA256 + SIGNATURE_N + 2 * ES_SIGNATURE + KEY_N +
             2 * ES_SIGN_PUBLIC + END_N
};

void es_results_key(const struct es_app *app, uint8_t out[ES_SIGN_PUBLIC])
{
    es_sign_public(app->key, PURPOSE, out);
}

void es_results_seal(const struct es_app *app, struct es_bytes results,
                     uint8_t sha256[ES_SHA256], struct es_buf *out)
{
    uint8_t signature[ES_SIGNATURE];
    uint8_t key[ES_SIGN_PUBLIC];
    es_sha256(results, sha256);
    es_sign(app->key, PURPOSE, results, signature);
    es_results_key(app, key);
    es_buf_str(out, HEAD);
    es_buf_add(out, results.p, results.n);
    es_buf_str(out, SHA);
    es_hex_put(out, sha256, ES_SHA256);
    es_buf_str(out, SIGNATURE);
    es_hex_put(out, signature, ES_SIGNATURE);
    es_buf_str(out, KEY);
    es_hex_put(out, key, ES_SIGN_PUBLIC);
    es_buf_str(out, END);
}

/* A fixed text at *at, which moves behind it. */
static bool fixed(struct es_bytes s, size_t *at, const char *text, size_t n)
{
    if (n > s.n - *at || memcmp(s.p + *at, text, n) != 0)
        return false;
    *at += n;
    return true;
}

static bool digits(struct es_bytes s, size_t *at, uint8_t *out, size_t n)
{
    if (2 * n > s.n - *at ||
        !es_hex_read((struct es_bytes){ s.p + *at, 2 * n }, out, n))
        return false;
    *at += 2 * n;
    return true;
}

enum es_code es_results_unseal(struct es_bytes file, struct es_bytes *results,
                               uint8_t key[ES_SIGN_PUBLIC], struct es_err *e)
{
    uint8_t says[ES_SHA256], is[ES_SHA256], public_key[ES_SIGN_PUBLIC];
    uint8_t signature[ES_SIGNATURE];
    size_t at = 0;
    if (file.n < HEAD_N + TAIL_N || !fixed(file, &at, HEAD, HEAD_N))
        return es_fail(e, ES_EMALFORMED, 0, "not a file of results");
    struct es_bytes r = { file.p + HEAD_N, file.n - HEAD_N - TAIL_N };
    at = file.n - TAIL_N;
    if (!fixed(file, &at, SHA, SHA_N) || !digits(file, &at, says, ES_SHA256) ||
        !fixed(file, &at, SIGNATURE, SIGNATURE_N) ||
        !digits(file, &at, signature, ES_SIGNATURE) ||
        !fixed(file, &at, KEY, KEY_N) ||
        !digits(file, &at, public_key, ES_SIGN_PUBLIC) ||
        !fixed(file, &at, END, END_N))
        return es_fail(e, ES_EMALFORMED, at, "not a file of results");
    es_sha256(r, is);
    if (memcmp(is, says, ES_SHA256) != 0)
        return es_fail(e, ES_EDENIED, 0, "the results were changed");
    if (!es_sign_check(public_key, r, signature))
        return es_fail(e, ES_EDENIED, 0, "the signature is not of this key");
    *results = r;
    memcpy(key, public_key, ES_SIGN_PUBLIC);
    return ES_OK;
}
