/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/search.h"

#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "i18n/i18n.h"
#include "initiative/names.h"

#include <string.h>

struct asked {
    const char *words[ES_SEARCH_WORDS];
    size_t n;
    int64_t people[ES_SEARCH_PEOPLE + 1];
    size_t n_people;
};

/* Somebody's bib, when that is all that was asked for. */
static enum es_code ask_bib(struct es_app *app, int64_t initiative,
                            struct es_arena *a, struct asked *q,
                            struct es_err *e)
{
    struct es_participant p;
    int64_t bib;
    if (q->n != 1 || !es_num_i64(es_bytes_str(q->words[0]), 1, INT64_MAX, &bib))
        return ES_OK;
    enum es_code rc =
        es_store_participant_by_bib(app->store, initiative, bib, a, &p, e);
    if (rc == ES_OK)
        q->people[q->n_people++] = p.id;
    return rc == ES_ENOENT ? ES_OK : rc;
}

static enum es_code ask_names(struct es_app *app, int64_t initiative,
                              size_t max, struct es_arena *a, struct asked *q,
                              struct es_err *e)
{
    int64_t *found;
    size_t n;
    enum es_code rc = es_store_search(app->store, initiative, q->words, q->n,
                                      max, a, &found, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        if (q->n_people == 0 || found[i] != q->people[0]) /* the bib's */
            q->people[q->n_people++] = found[i];
    return rc;
}

enum es_code es_search(struct es_app *app, int64_t initiative, const char *text,
                       size_t max, struct es_arena *a,
                       struct es_standing **rows, size_t *n, bool *more,
                       struct es_err *e)
{
    struct es_standings *s = es_app_standings(app, initiative);
    struct asked q = { .n = 0 };

    if (!s)
        return es_fail(e, ES_ENOENT, 0, "no such initiative");
    if (es_utf8_count(es_bytes_str(text)) > ES_QUERY_MAX)
        return es_fail(e, ES_EINVAL, 0, "the search is too long");
    if (!es_text_words(a, text, q.words, ES_SEARCH_WORDS, &q.n))
        return es_fail(e, ES_ENOMEM, 0, "search");
    enum es_code rc = ES_OK;
    if (q.n > 0)
        rc = ask_bib(app, initiative, a, &q, e);
    if (rc == ES_OK && q.n > 0)
        rc = ask_names(app, initiative, ES_SEARCH_PEOPLE, a, &q, e);
    if (rc == ES_OK)
        rc = es_standings_pick(s, q.people, q.n_people, max, a, rows, n, e);
    if (rc == ES_OK)
        *more =
            q.n_people >= ES_SEARCH_PEOPLE || (*n == max && q.n_people > max);
    return rc;
}

/* The words as they stand in the store for people of staff. */
static bool staff_words(struct es_arena *a, struct asked *q)
{
    for (size_t i = 0; i < q->n; i++) {
        q->words[i] = es_arena_fmt(a, "%s%s", ES_STAFF_WORD, q->words[i]);
        if (!q->words[i])
            return false;
    }
    return true;
}

enum es_code es_search_people(struct es_app *app, int64_t initiative,
                              const char *text, size_t max, struct es_arena *a,
                              struct es_participant **rows, size_t *n,
                              bool *more, struct es_err *e)
{
    struct asked q = { .n = 0 };
    if (es_utf8_count(es_bytes_str(text)) > ES_QUERY_MAX)
        return es_fail(e, ES_EINVAL, 0, "the search is too long");
    struct es_participant *v = es_arena_array(a, max, sizeof *v);
    if (!v || !es_text_words(a, text, q.words, ES_SEARCH_WORDS, &q.n))
        return es_fail(e, ES_ENOMEM, 0, "search");
    enum es_code rc = ES_OK;
    if (q.n > 0)
        rc = ask_bib(app, initiative, a, &q, e);
    if (rc == ES_OK && !staff_words(a, &q))
        rc = es_fail(e, ES_ENOMEM, 0, "search");
    if (rc == ES_OK && q.n > 0)
        rc = ask_names(app, initiative, max + 1, a, &q, e);
    size_t found = q.n_people < max ? q.n_people : max;
    for (size_t i = 0; rc == ES_OK && i < found; i++)
        rc = es_store_participant(app->store, initiative, q.people[i], a, &v[i],
                                  e);
    if (rc != ES_OK)
        return rc;
    *rows = v;
    *n = found;
    *more = q.n_people > max;
    return ES_OK;
}
