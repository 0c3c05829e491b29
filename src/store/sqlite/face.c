/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the public sees of an initiative beyond its figures: names that can be
 * searched, pictures and videos, routes that are shown. */
#include "store/sqlite/store_int.h"

/* ---- people by what is known of them ---- */

enum es_code es_store_participant_by_bib(struct es_store *s, int64_t initiative,
                                         int64_t bib, struct es_arena *a,
                                         struct es_participant *out,
                                         struct es_err *e)
{
    return es_read_one(s, ES_Q_PARTICIPANT_BY_BIB,
                       ES_VALS(es_val_i(initiative), es_val_i(bib)),
                       &ES_SHAPE_PARTICIPANT, a, out, e);
}

enum es_code es_store_participants_after(struct es_store *s, int64_t initiative,
                                         int64_t after, size_t max,
                                         struct es_arena *a,
                                         struct es_participant **out, size_t *n,
                                         struct es_err *e)
{
    struct es_list l;
    enum es_code rc = es_read_list(
        s, ES_Q_PARTICIPANTS_AFTER,
        ES_VALS(es_val_i(initiative), es_val_i(after), es_val_limit(max)),
        &ES_SHAPE_PARTICIPANT, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

/* The end of the range that begins with `word`: no name has U+10FFFF in it,
 * which is no character, and nothing sorts behind it. */
static const char *range_end(struct es_arena *a, const char *word)
{
    size_t n = strlen(word);
    char *end = es_arena_alloc(a, n + sizeof "\xf4\x8f\xbf\xbf");
    if (end != NULL) {
        memcpy(end, word, n);
        memcpy(end + n, "\xf4\x8f\xbf\xbf", sizeof "\xf4\x8f\xbf\xbf");
    }
    return end;
}

enum es_code es_store_search(struct es_store *s, int64_t initiative,
                             const char *const *words, size_t n_words,
                             size_t max, struct es_arena *a, int64_t **out,
                             size_t *n, struct es_err *e)
{
    const char *lo[ES_SEARCH_WORDS] = { "", "", "", "" };
    const char *hi[ES_SEARCH_WORDS] = { "", "", "", "" };
    struct es_list l;

    assert(n_words >= 1 && n_words <= ES_SEARCH_WORDS);
    for (size_t i = 0; i < n_words; i++) {
        /* The longest, which fewest people have, to the front. */
        size_t at = i > 0 && strlen(words[i]) > strlen(lo[0]) ? 0 : i;
        lo[i] = lo[at];
        hi[i] = hi[at];
        lo[at] = words[i];
        hi[at] = range_end(a, words[i]);
        if (hi[at] == NULL)
            return es_fail(e, ES_ENOMEM, 0, "search");
    }
    enum es_code rc =
        es_read_list(s, ES_Q_SEARCH,
                     ES_VALS(es_val_i(initiative), es_val_limit(max),
                             es_val_t(lo[0]), es_val_t(hi[0]), es_val_t(lo[1]),
                             es_val_t(hi[1]), es_val_t(lo[2]), es_val_t(hi[2]),
                             es_val_t(lo[3]), es_val_t(hi[3])),
                     &ES_SHAPE_ID, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_word_put(struct es_txn *tx, int64_t initiative,
                             const char *word, int64_t participant,
                             struct es_err *e)
{
    return es_db_run(
        tx->db, ES_Q_WORD_PUT,
        ES_VALS(es_val_i(initiative), es_val_t(word), es_val_i(participant)),
        e);
}

enum es_code es_txn_words_drop(struct es_txn *tx, int64_t initiative,
                               int64_t participant, struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_WORDS_DROP,
                     ES_VALS(es_val_i(initiative), es_val_i(participant)), e);
}

/* ---- media ---- */

enum es_code es_store_media(struct es_store *s, int64_t initiative, int64_t id,
                            struct es_arena *a, struct es_media *out,
                            struct es_err *e)
{
    return es_read_one(s, ES_Q_MEDIA,
                       ES_VALS(es_val_i(initiative), es_val_i(id)),
                       &ES_SHAPE_MEDIA, a, out, e);
}

enum es_code es_store_media_of(struct es_store *s, int64_t initiative,
                               struct es_arena *a, struct es_media **out,
                               size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_read_list(s, ES_Q_MEDIA_OF, ES_VALS(es_val_i(initiative)),
                     &ES_SHAPE_MEDIA, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_media_add(struct es_txn *tx, const struct es_media *m,
                              struct es_err *e)
{
    const struct es_blob *b = &m->blob;
    return es_db_run(
        tx->db, ES_Q_MEDIA_ADD,
        ES_VALS(es_val_i(m->initiative), es_val_i(m->id), es_val_t(m->kind),
                es_val_t(m->type), es_val_t(m->name), es_val_i(m->created_ms),
                es_val_i(m->of), es_val_i(m->width), es_val_i(m->height),
                es_val_i(m->pieces), es_val_i(b->segment), es_val_i(b->offset),
                es_val_i(b->length), es_val_b(b->key, sizeof b->key),
                es_val_b(b->hash, sizeof b->hash)),
        e);
}

enum es_code es_txn_media_drop(struct es_txn *tx, int64_t initiative,
                               int64_t id, struct es_err *e)
{
    enum es_code rc = es_db_run(tx->db, ES_Q_MEDIA_DROP,
                                ES_VALS(es_val_i(initiative), es_val_i(id)), e);
    if (rc == ES_OK && sqlite3_changes(tx->db->h) == 0)
        rc = es_fail(e, ES_ENOENT, 0, "no such media");
    if (rc == ES_OK)
        rc = es_db_run(tx->db, ES_Q_MEDIA_PIECES_DROP,
                       ES_VALS(es_val_i(initiative), es_val_i(id)), e);
    return rc;
}

/* ---- routes ---- */

enum es_code es_store_route(struct es_store *s, int64_t initiative,
                            int64_t participant, int64_t run,
                            struct es_arena *a, struct es_shown_route *out,
                            struct es_err *e)
{
    return es_read_one(
        s, ES_Q_ROUTE,
        ES_VALS(es_val_i(initiative), es_val_i(participant), es_val_i(run)),
        &ES_SHAPE_ROUTE, a, out, e);
}

enum es_code es_txn_routes_of(struct es_txn *tx, int64_t initiative,
                              int64_t participant, struct es_arena *a,
                              struct es_shown_route **out, size_t *n,
                              struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_db_list(tx->db, ES_Q_ROUTES_OF,
                   ES_VALS(es_val_i(initiative), es_val_i(participant)),
                   &ES_SHAPE_ROUTE, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_route_put(struct es_txn *tx, const struct es_shown_route *r,
                              struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_ROUTE_PUT,
                     ES_VALS(es_val_i(r->initiative), es_val_i(r->participant),
                             es_val_i(r->run), es_val_i(r->shown_ms),
                             es_val_b(r->line.p, r->line.n)),
                     e);
}

enum es_code es_txn_route_drop(struct es_txn *tx, int64_t initiative,
                               int64_t participant, int64_t run,
                               struct es_err *e)
{
    enum es_code rc = es_db_run(
        tx->db, ES_Q_ROUTE_DROP,
        ES_VALS(es_val_i(initiative), es_val_i(participant), es_val_i(run)), e);
    if (rc == ES_OK && sqlite3_changes(tx->db->h) == 0)
        rc = es_fail(e, ES_ENOENT, 0, "the route is not shown");
    return rc;
}

enum es_code es_txn_zones_of(struct es_txn *tx, int64_t initiative,
                             int64_t participant, struct es_arena *a,
                             struct es_zone **out, size_t *n, struct es_err *e)
{
    struct es_list l;
    enum es_code rc =
        es_db_list(tx->db, ES_Q_ZONES_OF,
                   ES_VALS(es_val_i(initiative), es_val_i(participant)),
                   &ES_SHAPE_ZONE, a, &l, e);
    if (rc != ES_OK)
        return rc;
    *out = l.v;
    *n = l.n;
    return ES_OK;
}

enum es_code es_txn_zone_add(struct es_txn *tx, const struct es_zone *z,
                             struct es_err *e)
{
    return es_db_run(tx->db, ES_Q_ZONE_ADD,
                     ES_VALS(es_val_i(z->initiative), es_val_i(z->participant),
                             es_val_i(z->id),
                             es_val_b(z->circle.p, z->circle.n)),
                     e);
}
