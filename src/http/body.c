/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/call.h"

#include "base/file.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FILENAME_MAX_CHARS = 120, PARTS_OVERHEAD = ES_PARTS_MAX * 4096 };

uint64_t es_body_max(const struct es_route *route, bool json)
{
    if (!route)
        return ES_FORM_MAX; /* read and dropped, so that the 404 arrives */
    switch (route->body) {
    case ES_BODY_NONE:
        return 0;
    case ES_BODY_FORM:
        return route->flags & ES_ROUTE_FILES
                   ? ES_UPLOAD_MAX + ES_FORM_MAX + PARTS_OVERHEAD
                   : ES_FORM_MAX;
    case ES_BODY_JSON:
        return ES_JSON_MAX;
    case ES_BODY_RAW:
        return json ? ES_JSON_MAX : ES_UPLOAD_MAX;
    }
    return 0;
}

/* The media type without its parameters. */
bool es_type_is(const char *type, const char *what)
{
    size_t n = type ? strcspn(type, "; \t") : 0;

    return n == strlen(what) && n && strncasecmp(type, what, n) == 0;
}

/* Sealing later lets it pass to a worker without a copy. */
static int memfd_new(int *fd)
{
    *fd = memfd_create("body", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    return *fd < 0 ? 503 : 0;
}

/* All requests together hold at most bodies_max, one address half of it. */
static int memfd_add(struct es_req *q, int fd, struct es_bytes in)
{
    struct es_core *core = q->core;

    if (core->counts && q->peer.ip) {
        if (!es_counts_take(core->counts, q->peer.key, ES_COUNT_BODY, in.n,
                            core->bodies_max / 2))
            return 429;
        q->body.counted += in.n;
    }
    size_t before = atomic_fetch_add(&core->body_bytes, in.n);
    q->body.held += in.n;
    if (before + in.n > core->bodies_max)
        return 503;
    return es_fd_write(fd, in, NULL) == ES_OK ? 0 : 503;
}

/* ---- the parts of a form ---- */

/* What a person may read of a file name: no folders, no controls, not long. */
static const char *clean_filename(struct es_arena *a, const char *raw)
{
    const char *base = raw;
    struct es_buf b;
    size_t at = 0;
    char *out;

    for (const char *c = raw; *c; c++)
        if (*c == '/' || *c == '\\')
            base = c + 1;
    es_buf_init(&b, 8192);
    es_text_clean(&b, es_bytes_str(base), false);
    struct es_bytes s = es_buf_bytes(&b);
    for (size_t n = 0; at < s.n && n < FILENAME_MAX_CHARS; n++)
        (void)es_utf8_next(s, &at);
    out = es_arena_strn(a, s.p ? (const void *)s.p : "", at);
    es_buf_release(&b);
    return out;
}

static int part_begin(void *cx, const struct es_part *part)
{
    struct es_req *q = cx;
    struct es_body *b = &q->body;

    if (!es_utf8_valid(es_bytes_str(part->name)))
        return 400;
    b->in_file = part->file;
    b->field = es_arena_str(q->arena, part->name);
    if (!b->field)
        return 500;
    if (!part->file) {
        es_buf_clear(&b->mem);
        return 0;
    }
    if (!(q->route->flags & ES_ROUTE_FILES))
        return 400;
    if (!b->files)
        b->files = es_arena_array(q->arena, ES_PARTS_MAX, sizeof *b->files);
    const char *name = clean_filename(q->arena, part->filename);
    if (!b->files || !name)
        return 500;
    struct es_req_file *f = &b->files[b->n_files];
    *f = (struct es_req_file){ .field = b->field, .filename = name, .fd = -1 };
    int status = memfd_new(&f->fd);
    if (status == 0)
        b->n_files++;
    return status;
}

static int part_data(void *cx, struct es_bytes in)
{
    struct es_req *q = cx;
    struct es_body *b = &q->body;

    if (b->in_file) {
        struct es_req_file *f = &b->files[b->n_files - 1];
        if (in.n > ES_UPLOAD_MAX - f->size)
            return 413;
        f->size += in.n;
        return memfd_add(q, f->fd, in);
    }
    if (in.n > ES_FORM_MAX - b->form)
        return 413;
    b->form += in.n;
    es_buf_add(&b->mem, in.p, in.n);
    return b->mem.bad ? 500 : 0;
}

static int part_end(void *cx)
{
    struct es_req *q = cx;
    struct es_body *b = &q->body;

    if (b->in_file) {
        struct es_req_file *f = &b->files[b->n_files - 1];
        if (f->size == 0 && !*f->filename) { /* no file was chosen */
            close(f->fd);
            b->n_files--;
            return 0;
        }
        return lseek(f->fd, 0, SEEK_SET) == 0 ? 0 : 500;
    }
    struct es_bytes s = es_buf_bytes(&b->mem);
    if ((s.n && memchr(s.p, 0, s.n)) || !es_utf8_valid(s))
        return 400;
    const char *value = es_arena_str(q->arena, es_buf_cstr(&b->mem));
    if (!value)
        return 500;
    return es_pairs_add(&q->form, q->arena, b->field, value);
}

/* ---- any body ---- */

static int begin_form(struct es_req *q, const char *type, uint64_t length)
{
    struct es_body *b = &q->body;
    char boundary[ES_BOUNDARY_MAX + 1];

    es_buf_init(&b->mem, ES_FORM_MAX + 1);
    b->sink = ES_SINK_FORM;
    if (es_type_is(type, "application/x-www-form-urlencoded") ||
        (!type && length == 0))
        return length > ES_FORM_MAX ? 413 : 0;
    if (!es_type_is(type, "multipart/form-data"))
        return 415;
    if (!es_boundary_of(es_bytes_str(type), boundary))
        return 400;
    const struct es_part_sink sink = { q, part_begin, part_data, part_end };
    b->parts = es_arena_alloc(q->arena, sizeof *b->parts);
    if (!b->parts)
        return 500;
    es_multipart_init(b->parts, boundary, &sink);
    b->sink = ES_SINK_MULTIPART;
    return 0;
}

int es_body_begin(struct es_req *q, uint64_t length)
{
    struct es_body *b = &q->body;
    const char *type = es_req_header(q, "Content-Type");
    bool json = es_type_is(type, "application/json");

    b->fd = -1;
    b->sink = ES_SINK_DISCARD;
    if (length > es_body_max(q->route, json))
        return 413;
    if (!q->route || q->route->body == ES_BODY_NONE)
        return 0;
    if (q->route->body == ES_BODY_FORM)
        return begin_form(q, type, length);
    if (q->route->body == ES_BODY_JSON && !json)
        return length || type ? 415 : 0;
    if (json) {
        es_buf_init(&b->mem, ES_JSON_MAX + 1);
        b->sink = ES_SINK_JSON;
        return 0;
    }
    if (length == 0)
        return 0;
    b->sink = ES_SINK_FD;
    return memfd_new(&b->fd);
}

int es_body_feed(struct es_req *q, struct es_bytes in)
{
    struct es_body *b = &q->body;

    b->got += in.n;
    switch (b->sink) {
    case ES_SINK_NONE:
    case ES_SINK_DISCARD:
        return 0;
    case ES_SINK_JSON:
    case ES_SINK_FORM:
        es_buf_add(&b->mem, in.p, in.n);
        return b->mem.bad ? 413 : 0;
    case ES_SINK_MULTIPART:
        return es_multipart_feed(b->parts, in);
    case ES_SINK_FD:
        if (in.n > ES_UPLOAD_MAX - b->size)
            return 413;
        b->size += in.n;
        return memfd_add(q, b->fd, in);
    }
    return 500;
}

/* A name twice, or in query and form both, has two meanings: refused. */
static int check_names(const struct es_req *q)
{
    for (size_t i = 0; i < q->form.n; i++) {
        const char *name = q->form.p[i].name;
        size_t n = strlen(name);
        if (es_pairs_get(&q->query, name, 0))
            return 400;
        if (n > 2 && strcmp(name + n - 2, "[]") == 0)
            continue;
        for (size_t k = 0; k < i; k++)
            if (strcmp(q->form.p[k].name, name) == 0)
                return 400;
    }
    return 0;
}

int es_body_end(struct es_req *q)
{
    struct es_body *b = &q->body;
    int status = 0;

    if (b->sink == ES_SINK_FD && lseek(b->fd, 0, SEEK_SET) != 0)
        status = 500;
    if (b->sink == ES_SINK_FORM)
        status = es_pairs_parse(&q->form, q->arena, es_buf_bytes(&b->mem));
    if (b->sink == ES_SINK_MULTIPART)
        status = es_multipart_end(b->parts);
    return status ? status : check_names(q);
}

void es_body_release(struct es_req *q)
{
    struct es_body *b = &q->body;

    es_buf_release(&b->mem);
    if (b->fd >= 0)
        close(b->fd);
    for (size_t i = 0; i < b->n_files; i++)
        close(b->files[i].fd);
    atomic_fetch_sub(&q->core->body_bytes, b->held);
    if (b->counted)
        es_counts_give(q->core->counts, q->peer.key, ES_COUNT_BODY, b->counted);
    *b = (struct es_body){ .sink = ES_SINK_DISCARD, .fd = -1, .got = b->got };
}
