/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/render_int.h"

#include "base/limits.h"
#include "base/time.h"
#include "ipc/memfd.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- open and close ---- */

static unsigned default_workers(void)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    return cpus < 1 ? 1 : cpus > 64 ? 64 : (unsigned)cpus;
}

enum es_code es_render_open(const struct es_render_config *c,
                            struct es_render **out, struct es_err *e)
{
    char exe[4096] = "";
    struct es_crew_config crew = {
        .name = "render",
        .zygote_fd = c->zygote_fd,
        .exe = c->exe ? c->exe : exe,
        .workers = c->workers ? c->workers : default_workers(),
        .wait_ms = ES_RENDER_WAIT_S * 1000,
        .wall_ms = c->wall_ms ? c->wall_ms : ES_RENDER_WALL_S * 1000,
        .lazy = true,
    };
    enum es_code rc = ES_OK;
    *out = NULL;
    if (c->zygote_fd < 0 && !c->exe)
        rc = es_crew_exe(ES_RENDER_EXE, exe, sizeof exe, e);
    if (rc != ES_OK)
        return rc;
    struct es_render *r = calloc(1, sizeof *r);
    if (!r)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    r->wall_ms = crew.wall_ms;
    es_album_init(&r->album, c->cache_max ? c->cache_max : ES_RENDER_CACHE,
                  c->drawings ? c->drawings : ES_RENDER_DRAWINGS);
    rc = es_crew_open(&crew, &r->crew, e);
    if (rc != ES_OK) {
        es_render_close(r);
        return rc;
    }
    *out = r;
    return ES_OK;
}

void es_render_close(struct es_render *r)
{
    if (!r)
        return;
    es_crew_close(r->crew);
    es_album_release(&r->album);
    free(r);
}

/* ---- one card ---- */

static void name_of(struct es_bytes card, struct es_render_name *out)
{
    static const char VERSION[] = ES_VERSION;
    crypto_generichash_state h;
    (void)crypto_generichash_init(&h, NULL, 0, sizeof out->key);
    (void)crypto_generichash_update(&h, (const uint8_t *)VERSION,
                                    sizeof VERSION);
    (void)crypto_generichash_update(&h, card.p, card.n);
    (void)crypto_generichash_final(&h, out->key, sizeof out->key);
    (void)sodium_bin2hex(out->tag, sizeof out->tag, out->key, sizeof out->key);
}

void es_render_name(const struct es_card *c, struct es_render_name *out)
{
    struct es_buf card;
    es_buf_init(&card, ES_JOB_HEAD_MAX);
    es_card_put(&card, c);
    name_of(es_buf_bytes(&card), out);
    es_buf_release(&card);
}

bool es_render_has(struct es_render *r, const struct es_render_name *name)
{
    return es_album_has(&r->album, name->key);
}

/* What is asked of a worker, and what became of it. */
struct drawing {
    struct es_bytes head; /* what names it, and what the worker is told */
    struct es_bytes file; /* the same, where it isn't all in the head */
    bool paper;
    enum es_card_size size;
    enum es_code refused; /* the worker is well, but says that it can't */
    struct es_arena *a;
    struct es_bytes made;
};

static enum es_code take_answer(void *arg, struct es_bytes answer,
                                struct es_err *e)
{
    struct drawing *d = arg;
    struct es_bytes made;
    enum es_code rc = d->paper ? es_render_check_pdf(answer, &made, e)
                               : es_render_check(answer, d->size, &made, e);
    if (rc == ES_EINTERNAL || rc == ES_ETOOLARGE) {
        d->refused = rc;
        return ES_OK;
    }
    if (rc != ES_OK)
        return rc;
    uint8_t *copy = es_arena_alloc(d->a, made.n);
    if (!copy)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    memcpy(copy, made.p, made.n);
    d->made = (struct es_bytes){ copy, made.n };
    return ES_OK;
}

static enum es_code draw(struct es_render *r, struct drawing *d,
                         struct es_err *e)
{
    struct es_crew_job job = {
        .head = d->head, .fd = -1, .check = take_answer, .arg = d
    };
    enum es_code rc = d->paper ? es_memfd_of(d->file, &job.fd, e) : ES_OK;
    if (rc == ES_OK)
        rc = es_crew_ask(r->crew, &job, e);
    if (job.fd >= 0)
        close(job.fd);
    if (rc == ES_OK && d->refused == ES_ETOOLARGE)
        rc = es_fail(e, ES_ETOOLARGE, 0, "it doesn't fit");
    else if (rc == ES_OK && d->refused)
        rc = es_fail(e, ES_EINTERNAL, 0, "it can't be drawn");
    return rc;
}

/* From the album, or drawn and put there. */
static enum es_code have(struct es_render *r, struct drawing *d,
                         struct es_bytes *out, struct es_err *e)
{
    struct es_render_name name;
    struct es_bytes kept;
    int64_t until = es_time_mono_ms() + ES_RENDER_WAIT_S * 1000 + r->wall_ms;

    name_of(d->paper ? d->file : d->head, &name);
    enum es_code rc =
        es_album_begin(&r->album, name.key, until, d->a, &kept, e);
    if (rc == ES_OK && kept.n == 0) {
        rc = draw(r, d, e);
        es_album_end(&r->album, name.key,
                     rc == ES_OK ? d->made : (struct es_bytes){ 0 });
        kept = d->made;
    }
    if (rc == ES_OK)
        *out = kept;
    return rc;
}

enum es_code es_render_card(struct es_render *r, const struct es_card *c,
                            struct es_arena *a, struct es_bytes *png,
                            struct es_err *e)
{
    struct drawing d = { .size = c->size, .a = a };
    struct es_buf card;

    es_buf_init(&card, ES_JOB_HEAD_MAX);
    es_card_put(&card, c);
    d.head = es_buf_bytes(&card);
    enum es_code rc = card.bad ? es_fail(e, ES_ENOMEM, 0, "the card's bytes")
                               : have(r, &d, png, e);
    es_buf_release(&card);
    return rc;
}

/* ---- one document ---- */

void es_render_paper_name(const struct es_paper *p, struct es_render_name *out)
{
    struct es_buf paper;
    es_buf_init(&paper, ES_PAPER_BYTES);
    es_paper_put(&paper, p);
    name_of(es_buf_bytes(&paper), out);
    es_buf_release(&paper);
}

enum es_code es_render_paper(struct es_render *r, const struct es_paper *p,
                             struct es_arena *a, struct es_bytes *pdf,
                             struct es_err *e)
{
    struct drawing d = { .head = ES_PAPER_HEAD, .paper = true, .a = a };
    struct es_buf paper;

    es_buf_init(&paper, ES_PAPER_BYTES);
    es_paper_put(&paper, p);
    d.file = es_buf_bytes(&paper);
    enum es_code rc = paper.bad
                          ? es_fail(e, ES_ETOOLARGE, 0, "the document's bytes")
                          : have(r, &d, pdf, e);
    es_buf_release(&paper);
    return rc;
}

/* ---- for tests and metrics ---- */

void es_render_stats(struct es_render *r, struct es_render_stats *out)
{
    struct es_album *al = &r->album;
    es_crew_stats(r->crew, &out->crew);
    pthread_mutex_lock(&al->lock);
    out->kept = al->kept;
    out->joined = al->joined;
    out->pictures = al->pictures;
    out->bytes = al->bytes;
    pthread_mutex_unlock(&al->lock);
}

size_t es_render_pids(struct es_render *r, pid_t *out, size_t cap)
{
    return es_crew_pids(r->crew, out, cap);
}
