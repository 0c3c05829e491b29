/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The server's side of drawing cards: hands each to a sandboxed worker, checks
 * what comes back, and keeps it for whoever asks next. */
#ifndef ES_RENDER_RENDER_H
#define ES_RENDER_RENDER_H

#include "base/arena.h"
#include "card/card.h"
#include "card/paper.h"
#include "ipc/crew.h"

#define ES_RENDER_EXE "everystep-render" /* it stands beside our program */

struct es_render;

struct es_render_config {
    int zygote_fd;     /* control socket of a zygote, which need not be there
                          yet (borrowed), or -1: starts one of its own */
    const char *exe;   /* path of everystep-render; NULL: beside our program */
    unsigned workers;  /* 1..ES_WORKERS_MAX; 0: one a processor */
    size_t cache_max;  /* bytes of pictures; 0: ES_RENDER_CACHE */
    unsigned drawings; /* asked for at once; 0: ES_RENDER_DRAWINGS */
    int64_t wall_ms;   /* per card; 0: ES_RENDER_WALL_S */
};

/* Forks no worker before the first card. ES_EIO, ES_ENOENT: the program can't
 * be started; ES_ENOMEM, ES_EINVAL. Then *out is NULL. */
ES_MUST_CHECK enum es_code es_render_open(const struct es_render_config *c,
                                          struct es_render **out,
                                          struct es_err *e);
/* NULL is legal. No es_render_card may be under way. */
void es_render_close(struct es_render *r);

/* What names a card's picture: the same card has the same name, whoever draws
 * it and when, until a new version draws otherwise. */
#define ES_RENDER_TAG 33
struct es_render_name {
    uint8_t key[16];
    char tag[ES_RENDER_TAG]; /* the same in hexadecimal, for an ETag */
};
void es_render_name(const struct es_card *c, struct es_render_name *out);

/* Whether the picture is here already and costs nothing. */
bool es_render_has(struct es_render *r, const struct es_render_name *name);

/* The card as a PNG of its size, in `a`. Blocks while it is drawn; any number
 * of threads may call it, and a card that many ask for is drawn once.
 * Errors (*png is then untouched): ES_EBUSY: too many cards at once, or nobody
 * draws here for the moment; ES_EWORKER: the worker died over it, and was
 * replaced; ES_ECOMPLEX: it took too long, and would again; ES_EINTERNAL: it
 * can't be drawn; ES_ENOMEM. */
ES_MUST_CHECK enum es_code
es_render_card(struct es_render *r, const struct es_card *c, struct es_arena *a,
               struct es_bytes *png, struct es_err *e);

/* The same for a document, as a PDF. ES_ETOOLARGE: it doesn't fit on its
 * pages, or has more bytes than a worker is given. */
void es_render_paper_name(const struct es_paper *p, struct es_render_name *out);
ES_MUST_CHECK enum es_code
es_render_paper(struct es_render *r, const struct es_paper *p,
                struct es_arena *a, struct es_bytes *pdf, struct es_err *e);

struct es_render_stats {
    struct es_crew_stats crew;
    uint64_t kept;          /* answered from memory */
    uint64_t joined;        /* waited for a drawing that somebody else began */
    size_t pictures, bytes; /* in memory now */
};
void es_render_stats(struct es_render *r, struct es_render_stats *out);

/* The workers' pids, for tests and metrics; returns how many stand in out. */
size_t es_render_pids(struct es_render *r, pid_t *out, size_t cap);

#endif
