/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A store with an initiative, decode workers and standings, for tests of what
 * stands on them. */
#ifndef ES_TESTS_WORLD_H
#define ES_TESTS_WORLD_H

#include "initiative/runs.h"

struct world {
    struct es_store *store;
    struct es_ingest *ingest;
    struct es_app app;
    struct es_initiative ini;
    struct es_arena a;
    int64_t now;
    const char *dir;
};

/* A new world with the initiative "lantern", open now; or one on a folder
 * that an earlier world left. */
void world_begin(struct world *w);
void world_open(struct world *w, const char *dir);
void world_end(struct world *w);

/* Fails the test unless rc is ES_OK. */
void world_must(enum es_code rc, const struct es_err *e);
struct es_participant world_join(struct world *w, const char *name);
int64_t world_total(struct world *w);

/* A GPX file: n seconds northwards at 3 m/s on open ocean, begun `ago_s`
 * before now. The caller releases *out. */
void world_run(struct world *w, int64_t ago_s, size_t n, struct es_buf *out);
/* The same as a sealed memfd; the caller closes it. */
int world_run_fd(struct world *w, int64_t ago_s, size_t n, size_t *size);

#endif
