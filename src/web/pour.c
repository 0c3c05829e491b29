/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Answers that are made while they are sent. */
#include "web/pour.h"

#include "base/log.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE_MAX = 4 << 20 }; /* a page of rows has 200 */

struct pour {
    es_web_more *more;
    void *arg;
    struct es_buf b;
    size_t sent; /* of b */
    bool done;
};

/* The last byte stays: what comes may have to begin with a comma behind it. */
static size_t ready(const struct pour *p)
{
    size_t n = p->b.n - p->sent;
    return p->done || n == 0 ? n : n - 1;
}

static enum es_code fill(struct pour *p, struct es_err *e)
{
    size_t left = p->b.n - p->sent;
    if (p->sent > 0 && left > 0)
        memmove(p->b.p, p->b.p + p->sent, left);
    p->b.n = left;
    p->sent = 0;
    enum es_code rc = p->more(p->arg, &p->b, &p->done, e);
    return rc == ES_OK && p->b.bad ? es_fail(e, ES_ENOMEM, 0, "no memory") : rc;
}

/* es_pull_fn */
static ptrdiff_t read_on(void *arg, uint64_t at, uint8_t *out, size_t cap)
{
    struct pour *p = arg;
    struct es_err e = { 0 };
    (void)at;
    while (!p->done && ready(p) == 0)
        if (fill(p, &e) != ES_OK) {
            es_log(ES_LOG_ERROR, "http.poured", "%s", e.msg);
            return -1;
        }
    size_t n = ready(p) < cap ? ready(p) : cap;
    memcpy(out, p->b.p + p->sent, n);
    p->sent += n;
    return (ptrdiff_t)n;
}

static void release(void *arg)
{
    struct pour *p = arg;
    es_buf_release(&p->b);
    free(p->arg);
    free(p);
}

enum es_code es_web_pour(const struct es_req *q, struct es_resp *out,
                         es_web_more *more, void *arg, struct es_err *e)
{
    struct pour *p = malloc(sizeof *p);
    if (!p) {
        free(arg);
        return es_fail(e, ES_ENOMEM, 0, "pour");
    }
    *p = (struct pour){ .more = more, .arg = arg };
    es_buf_init(&p->b, PIECE_MAX);
    struct es_pulled from = { ES_PULL_TO_END, read_on, release, p };
    es_resp_pull(q, out, &from);
    /* cppcheck-suppress memleak ; `release` is called when it was sent */
    return ES_OK;
}
