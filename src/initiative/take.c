/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Taking a file: decode, choose, judge, store, receipt. */
#include "initiative/history.h"
#include "initiative/likeness.h"
#include "initiative/live_runs.h"
#include "initiative/run_write.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* An unmap interrupts every core that runs a thread of ours: up to COPY_MAX
 * a copy costs less. */
enum { TRIES = 3, NAME_TEXT = 120, COPY_MAX = 256 << 10 };

struct taking {
    struct es_app *app;
    const struct es_take *t;
    struct es_arena *a;
    struct es_bytes bytes; /* the upload */
    void *map;             /* NULL: bytes are a copy in the arena */
    uint8_t hash[ES_HASH];
    struct es_initiative ini;
    struct es_rules rules;
    struct es_ingest_result found;
    size_t *chosen; /* indexes into found */
    size_t n_chosen;
};

/* From here on nobody can change it: what is hashed is what is decoded and
 * what is stored. Nobody has it mapped for writing, so that the cheap seal is
 * as good as F_SEAL_WRITE (see ipc/memfd.c). */
bool es_take_seal(int fd)
{
    const int all =
        F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE;
    int now = fcntl(fd, F_GET_SEALS);
    return now >= 0 && ((now & all) == all || fcntl(fd, F_ADD_SEALS, all) == 0);
}

static enum es_code copy_upload(struct taking *k, struct es_err *e)
{
    size_t n = k->t->size;
    size_t at = 0;
    uint8_t *p = es_arena_alloc(k->a, n);
    if (!p)
        return es_fail(e, ES_ENOMEM, 0, "can't copy the upload");
    while (at < n) {
        ssize_t got = pread(k->t->fd, p + at, n - at, (off_t)at);
        if (got <= 0)
            return es_fail(e, ES_EIO, at, "can't read the upload");
        at += (size_t)got;
    }
    k->bytes = (struct es_bytes){ p, n };
    return ES_OK;
}

static enum es_code map_upload(struct taking *k, struct es_err *e)
{
    void *p = mmap(NULL, k->t->size, PROT_READ, MAP_SHARED, k->t->fd, 0);
    if (p == MAP_FAILED)
        return es_fail(e, ES_ENOMEM, 0, "can't map the upload");
    k->map = p;
    k->bytes = (struct es_bytes){ p, k->t->size };
    return ES_OK;
}

static enum es_code open_upload(struct taking *k, struct es_err *e)
{
    if (k->t->size == 0)
        return es_fail(e, ES_EEMPTY, 0, "the file is empty");
    if (!es_take_seal(k->t->fd))
        return es_fail(e, ES_EIO, 0, "can't seal the upload");
    enum es_code rc =
        k->t->size <= COPY_MAX ? copy_upload(k, e) : map_upload(k, e);
    if (rc == ES_OK)
        es_hash(k->bytes, k->hash);
    return rc;
}

static void close_upload(struct taking *k)
{
    if (k->map)
        munmap(k->map, k->bytes.n);
}

static enum es_code list_offers(const struct taking *k, struct es_taken *out,
                                struct es_err *e)
{
    out->n_offers = k->found.n;
    out->offers = es_arena_array(k->a, k->found.n, sizeof *out->offers);
    if (!out->offers)
        return es_fail(e, ES_ENOMEM, 0, "offers");
    for (size_t i = 0; i < k->found.n; i++) {
        const struct es_ingest_item *it = &k->found.v[i];
        out->offers[i] = (struct es_offer){
            .member = it->member,
            .activity = (uint32_t)i,
            .code = it->code,
            .err = it->err,
            .m = it->m,
        };
    }
    return ES_OK;
}

static bool can_choose(const struct taking *k, size_t i)
{
    if (k->found.v[i].code != ES_OK)
        return false;
    if (k->t->activity == ES_TAKE_ALL || k->t->activity == ES_TAKE_ONLY)
        return true;
    return k->t->activity == (int64_t)i;
}

/* Which activities become runs. The first thing that is wrong with the file
 * is the answer when none can. */
static enum es_code choose(struct taking *k, struct es_err *e)
{
    size_t n = k->found.n;
    if (k->t->activity >= 0 && (uint64_t)k->t->activity >= n)
        return es_fail(e, ES_ENOENT, 0, "there are %zu activities", n);
    k->chosen = es_arena_array(k->a, n, sizeof *k->chosen);
    if (!k->chosen)
        return es_fail(e, ES_ENOMEM, 0, "activities");
    for (size_t i = 0; i < n; i++)
        if (can_choose(k, i))
            k->chosen[k->n_chosen++] = i;
    if (k->n_chosen == 0) {
        size_t bad = k->t->activity >= 0 ? (size_t)k->t->activity : 0;
        if (e)
            *e = k->found.v[bad].err;
        return k->found.v[bad].code;
    }
    if (k->t->activity == ES_TAKE_ONLY && k->n_chosen > 1)
        return es_fail(e, ES_ECONFLICT, 0, "%zu activities", k->n_chosen);
    return ES_OK;
}

static enum es_code judge_chosen(struct taking *k, size_t which,
                                 struct es_new_run *n, struct es_err *e)
{
    const struct es_ingest_item *it = &k->found.v[which];
    *n = (struct es_new_run){ .m = it->m };
    n->run.activity = (uint32_t)which;
    n->run.file_name = k->t->file_name ? k->t->file_name : "";
    n->run.member = it->member ? it->member : "";
    n->run.note = "";
    n->run.received_ms = k->t->received_ms;
    bool live;
    enum es_code rc = es_live_told(k->app, k->t->who, k->t->recording, &it->m,
                                   k->a, &live, e);
    if (rc == ES_OK)
        rc = es_new_run_judge(n, k->t->who, &k->ini, &k->rules,
                              live ? ES_KIND_LIVE : ES_KIND_FILE, k->a, e);
    if (rc == ES_OK)
        rc = es_history_judge(k->app, k->t->who, n, k->a, e);
    if (rc != ES_OK)
        return rc;
    es_likeness_mark(k->app, &it->sketch, n);
    return es_likeness_judge(k->app, k->bytes, k->hash, n, k->a, e);
}

/* Those of the chosen that these bytes have made before get their receipt at
 * once; the others are judged into g. */
static enum es_code sort_out(struct taking *k, struct es_new_runs *g,
                             struct es_taken *out, struct es_err *e)
{
    enum es_code rc = ES_OK;
    out->n = 0;
    g->n = 0;
    for (size_t i = 0; rc == ES_OK && i < k->n_chosen; i++) {
        struct es_run run;
        uint32_t which = (uint32_t)k->chosen[i];
        rc = es_store_run_by_upload(k->app->store, k->ini.id, k->t->who->id,
                                    k->hash, which, k->a, &run, e);
        if (rc == ES_OK) {
            struct es_receipt *r = &out->receipts[out->n++];
            rc = es_receipt_of(k->app, &run, k->a, r, e);
            r->repeated = true;
        } else if (rc == ES_ENOENT) {
            rc = judge_chosen(k, which, &g->v[g->n++], e);
        }
    }
    return rc;
}

static enum es_code receipt_of_key(struct taking *k, int64_t run_id,
                                   struct es_taken *out, struct es_err *e)
{
    struct es_run run;
    enum es_code rc =
        es_store_run(k->app->store, k->ini.id, run_id, k->a, &run, e);
    if (rc == ES_OK)
        rc = es_receipt_of(k->app, &run, k->a, &out->receipts[0], e);
    if (rc == ES_OK) {
        out->receipts[0].repeated = true;
        out->n = 1;
    }
    return rc;
}

static enum es_code store_chosen(struct taking *k, struct es_taken *out,
                                 struct es_err *e)
{
    struct es_new_runs g = {
        .app = k->app,
        .who = k->t->who,
        .ini = &k->ini,
        .rules = &k->rules,
        .idempotency_key = k->t->idempotency_key,
        .a = k->a,
    };
    memcpy(g.body_hash, k->hash, ES_HASH);
    g.v = es_arena_array(k->a, k->n_chosen, sizeof *g.v);
    out->receipts = es_arena_array(k->a, k->n_chosen, sizeof *out->receipts);
    if (!g.v || !out->receipts)
        return es_fail(e, ES_ENOMEM, 0, "receipts");

    /* The same bytes may come twice at once, or a run alike: who is second
     * looks again. */
    for (int i = 0; i < TRIES; i++) {
        enum es_code rc = sort_out(k, &g, out, e);
        if (rc != ES_OK || (g.n == 0 && !g.idempotency_key))
            return rc;
        g.last = i + 1 == TRIES;
        g.first = g.n ? &g.v[0].run : &out->receipts[0].run;
        rc = es_new_runs_store(
            &g, g.n ? k->bytes : (struct es_bytes){ NULL, 0 }, e);
        if (rc == ES_EEXIST && g.idem_run)
            return receipt_of_key(k, g.idem_run, out, e);
        if (rc == ES_ECONFLICT)
            return es_fail(e, ES_EEXIST, 0, "Idempotency-Key, other body");
        if (rc == ES_EEXIST)
            continue;
        for (size_t j = 0; rc == ES_OK && j < g.n; j++)
            rc = es_receipt_of(k->app, &g.v[j].run, k->a,
                               &out->receipts[out->n++], e);
        return rc;
    }
    return es_fail(e, ES_EBUSY, 0,
                   "the same file is coming in again and again");
}

enum es_code es_runs_take(struct es_app *app, const struct es_take *t,
                          struct es_arena *a, struct es_taken *out,
                          struct es_err *e)
{
    struct taking k = { .app = app, .t = t, .a = a };
    struct es_taken got = { 0 };
    enum es_code rc =
        es_rules_of(app, t->who->initiative, a, &k.ini, &k.rules, e);
    if (rc == ES_OK)
        rc = open_upload(&k, e);
    if (rc == ES_OK)
        rc = es_ingest_run(app->ingest, t->fd, a, &k.found, e);
    if (rc == ES_OK)
        rc = list_offers(&k, &got, e);
    if (rc == ES_OK)
        rc = choose(&k, e);
    if (rc == ES_OK)
        rc = store_chosen(&k, &got, e);
    if (rc == ES_OK && t->recording)
        es_live_done(app, t->who, t->recording);
    if (rc == ES_OK || rc == ES_ECONFLICT)
        *out = got;
    close_upload(&k);
    return rc;
}
