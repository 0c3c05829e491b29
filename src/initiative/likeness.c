/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/likeness.h"

#include "base/log.h"

#include <math.h>
#include <string.h>

/* Of runs at other times it takes more than a street in common: a quarter of
 * the marks stands for half of the way. */
enum { PLACES_ELSEWHEN = 6, BEATS_ELSEWHEN = 2 };

static void key_of(const struct es_app *app, uint8_t out[ES_SIPHASH_KEY])
{
    static const struct es_bytes NOTHING = { 0 };
    uint8_t hash[ES_HASH];
    es_keyed_hash(app->key, "marks", NOTHING, hash);
    memcpy(out, hash, ES_SIPHASH_KEY);
}

static enum es_code load_one(int64_t run, struct es_bytes bytes, void *arg,
                             struct es_err *e)
{
    struct es_marks m;
    enum es_code rc = es_marks_get(bytes, &m, e);
    return rc == ES_OK ? es_copies_add(arg, run, &m, e) : rc;
}

enum es_code es_likeness_load(struct es_app *app, struct es_err *e)
{
    enum es_code rc = es_copies_new(&app->copies, e);
    if (rc == ES_OK)
        rc = es_store_each_sketch(app->store, load_one, app->copies, e);
    return rc;
}

void es_likeness_mark(struct es_app *app, const struct es_sketch *sketch,
                      struct es_new_run *n)
{
    uint8_t key[ES_SIPHASH_KEY];
    key_of(app, key);
    es_marks_of(key, n->run.initiative, sketch, &n->marks);
}

/* Those that are worth a comparison, the likeliest first. */
static enum es_code candidates(struct es_app *app, const struct es_marks *m,
                               struct es_likeness out[ES_LIKENESSES], size_t *n,
                               struct es_err *e)
{
    size_t all = 0, kept = 0;
    enum es_code rc =
        es_copies_find(app->copies, m, out, ES_LIKENESSES, &all, e);
    for (size_t i = 0; rc == ES_OK && i < all; i++)
        if (out[i].same_time || out[i].places >= PLACES_ELSEWHEN ||
            out[i].beats >= BEATS_ELSEWHEN)
            out[kept++] = out[i];
    *n = kept;
    return rc;
}

/* ---- judging ---- */

struct judging {
    struct es_app *app;
    struct es_bytes upload;
    const uint8_t *hash;
    struct es_new_run *n;
    struct es_arena *a;
};

/* Whether there is anything to compare with. One person's two devices on one
 * run are `overlaps`, and two people's one file is `same_file`. */
static bool comparable(const struct judging *j, const struct es_likeness *like,
                       const struct es_run *other)
{
    bool own = other->participant == j->n->run.participant;
    return other->status != ES_RUN_WITHDRAWN && other->blob.segment != 0 &&
           !(own && like->same_time) &&
           !es_hash_equal(other->blob.hash, j->hash);
}

static void find_copy(struct judging *j, const struct es_run *other,
                      const struct es_match *m)
{
    enum es_copy by = es_match_copy(m);
    bool own = other->participant == j->n->run.participant;
    struct es_finding f;
    if (by == ES_COPY_NONE)
        return;
    if (own)
        f = es_finding_make("copy_own", ES_REVIEW, NAN, NAN,
                            "the same recording as another run of this "
                            "participant");
    else if (by == ES_COPY_BEATS)
        f = es_finding_make("copy_beats", ES_REVIEW,
                            fmax(m->pulse_share, m->step_share), NAN,
                            "heart rates or times are those of another "
                            "participant's run");
    else
        f = es_finding_make("copy", ES_REVIEW, m->beside_half_m,
                            ES_MATCH_HALF_M,
                            "half of the way is within %.2f m of another "
                            "participant's run, four fifths within %.2f m",
                            m->beside_half_m, m->beside_most_m);
    if (j->n->n_alike < ES_LIKENESSES)
        j->n->alike[j->n->n_alike++] = other->id;
    for (size_t i = 0; i < j->n->verdict.n_findings; i++)
        if (strcmp(j->n->verdict.findings[i].code, f.code) == 0)
            return; /* said already */
    es_verdict_add(&j->n->verdict, &f);
}

/* That a file can't be compared costs no run. */
static enum es_code compare(struct judging *j, const struct es_run *other,
                            struct es_err *e)
{
    struct es_match m;
    struct es_err why = { 0 };
    struct es_buf file = { 0 };
    struct es_ingest_original mine = { j->upload, j->n->run.activity }, theirs;
    enum es_code rc =
        es_store_blob_read(j->app->store, &other->blob, &file, &why);
    theirs =
        (struct es_ingest_original){ es_buf_bytes(&file), other->activity };
    if (rc == ES_OK)
        rc = es_ingest_compare(j->app->ingest, &theirs, &mine, &m, &why);
    es_buf_release(&file);
    if (rc == ES_EBUSY || rc == ES_ENOMEM)
        return es_fail(e, rc, 0, "%s", why.msg);
    if (rc == ES_OK)
        find_copy(j, other, &m);
    else
        es_log(ES_LOG_WARN, "copies.compare", "%s", why.msg);
    return ES_OK;
}

enum es_code es_likeness_judge(struct es_app *app, struct es_bytes upload,
                               const uint8_t hash[ES_HASH],
                               struct es_new_run *n, struct es_arena *a,
                               struct es_err *e)
{
    struct es_likeness like[ES_LIKENESSES];
    struct judging j = { app, upload, hash, n, a };
    size_t all, compared = 0;
    n->n_seen = n->n_alike = 0;
    enum es_code rc = candidates(app, &n->marks, like, &all, e);
    for (size_t i = 0; rc == ES_OK && i < all; i++) {
        struct es_run other;
        struct es_err why = { 0 };
        n->seen[n->n_seen++] = like[i].run;
        if (compared == ES_LIKENESSES_COMPARED)
            continue;
        rc = es_store_run(app->store, n->run.initiative, like[i].run, a, &other,
                          &why);
        if (rc == ES_OK && comparable(&j, &like[i], &other)) {
            rc = compare(&j, &other, e);
            compared++;
        } else if (rc == ES_ENOENT) {
            n->n_seen--; /* its own write is under way: look again */
            rc = ES_OK;
        } else if (rc != ES_OK) {
            rc = es_fail(e, rc, why.at, "%s", why.msg);
        }
    }
    return rc;
}

/* ---- storing ---- */

static bool was_seen(const struct es_new_run *n, int64_t run)
{
    for (size_t i = 0; i < n->n_seen; i++)
        if (n->seen[i] == run)
            return true;
    return run == n->run.id;
}

static enum es_code keep(struct es_txn *tx, const struct es_new_run *n,
                         struct es_err *e)
{
    struct es_buf b;
    es_buf_init(&b, ES_MARKS_BYTES);
    es_marks_put(&b, &n->marks);
    enum es_code rc = b.bad ? es_fail(e, ES_ENOMEM, 0, "marks")
                            : es_txn_sketch_put(tx, n->run.initiative,
                                                n->run.id, es_buf_bytes(&b), e);
    for (size_t i = 0; rc == ES_OK && i < n->n_alike; i++)
        rc = es_txn_alike_put(tx, n->run.initiative, n->run.id, n->alike[i], e);
    es_buf_release(&b);
    return rc;
}

enum es_code es_likeness_settle(struct es_app *app, struct es_txn *tx,
                                struct es_new_run *n, bool last,
                                struct es_err *e)
{
    struct es_likeness like[ES_LIKENESSES];
    size_t all;
    if (!es_marks_any(&n->marks))
        return ES_OK;
    enum es_code rc = candidates(app, &n->marks, like, &all, e);
    for (size_t i = 0; rc == ES_OK && !last && i < all; i++)
        if (!was_seen(n, like[i].run))
            rc = es_fail(e, ES_EEXIST, 0, "a run alike came meanwhile");
    if (rc == ES_OK)
        rc = keep(tx, n, e);
    if (rc == ES_OK && !n->indexed)
        rc = es_copies_add(app->copies, n->run.id, &n->marks, e);
    n->indexed = n->indexed || rc == ES_OK;
    return rc;
}

void es_likeness_undo(struct es_app *app, struct es_new_run *n)
{
    if (n->indexed)
        es_copies_drop(app->copies, n->run.id, &n->marks);
    n->indexed = false;
}

enum es_code es_likeness_forget(struct es_txn *tx, const struct es_run *run,
                                struct es_arena *a, struct es_marks *out,
                                struct es_err *e)
{
    struct es_bytes bytes;
    struct es_err why = { 0 };
    *out = (struct es_marks){ .started_ms = ES_NO_TIME };
    enum es_code rc =
        es_txn_sketch(tx, run->initiative, run->id, a, &bytes, &why);
    if (rc == ES_ENOENT)
        return ES_OK; /* typed in */
    if (rc == ES_OK)
        rc = es_marks_get(bytes, out, &why);
    if (rc == ES_OK)
        rc = es_txn_sketch_drop(tx, run->initiative, run->id, &why);
    return rc == ES_OK ? ES_OK : es_fail(e, rc, why.at, "%s", why.msg);
}
