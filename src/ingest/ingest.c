/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "ingest/ingest_int.h"

#include "base/limits.h"
#include "ipc/answer.h"
#include "ipc/memfd.h"
#include "ipc/picture.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- open and close ---- */

enum es_code es_ingest_open(const struct es_ingest_config *c,
                            struct es_ingest **out, struct es_err *e)
{
    char exe[4096] = "";
    struct es_crew_config crew = {
        .name = "ingest",
        .zygote_fd = c->zygote_fd,
        .exe = c->exe ? c->exe : exe,
        .workers = c->workers,
        .wait_ms = ES_INGEST_WAIT_S * 1000,
        .wall_ms = c->wall_ms ? c->wall_ms : ES_WORKER_WALL_S * 1000,
    };
    enum es_code rc = ES_OK;
    *out = NULL;
    if (c->zygote_fd < 0 && !c->exe)
        rc = es_crew_exe(ES_INGEST_EXE, exe, sizeof exe, e);
    if (rc != ES_OK)
        return rc;
    struct es_ingest *in = calloc(1, sizeof *in);
    if (!in)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    rc = es_crew_open(&crew, &in->crew, e);
    if (rc != ES_OK) {
        free(in);
        return rc;
    }
    *out = in;
    return ES_OK;
}

void es_ingest_close(struct es_ingest *in)
{
    if (!in)
        return;
    es_crew_close(in->crew);
    free(in);
}

/* ---- one upload ---- */

static enum es_code check_file(int fd, size_t max, struct es_err *e)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return es_fail(e, ES_EINVAL, 0, "fstat: %s", strerror(errno));
    if (!es_memfd_is_sealed(fd))
        return es_fail(e, ES_EINVAL, 0, "the upload is not sealed");
    if (st.st_size > (off_t)max)
        return es_fail(e, ES_ETOOLARGE, max, "larger than %zu bytes", max);
    return ES_OK;
}

struct reading {
    struct es_arena *a;
    struct es_ingest_result *out;
};

static enum es_code read_answer(void *arg, struct es_bytes answer,
                                struct es_err *e)
{
    struct reading *r = arg;
    return es_ingest_check(answer, r->a, r->out, e);
}

enum es_code es_ingest_run(struct es_ingest *in, int fd, struct es_arena *a,
                           struct es_ingest_result *out, struct es_err *e)
{
    struct reading r = { a, out };
    struct es_crew_job job = { .fd = fd, .check = read_answer, .arg = &r };
    enum es_code rc = check_file(fd, ES_UPLOAD_MAX, e);
    return rc == ES_OK ? es_crew_ask(in->crew, &job, e) : rc;
}

enum es_code es_ingest_bytes(struct es_ingest *in, struct es_bytes file,
                             struct es_arena *a, struct es_ingest_result *out,
                             struct es_err *e)
{
    int fd;
    if (file.n > ES_UPLOAD_MAX)
        return es_fail(e, ES_ETOOLARGE, ES_UPLOAD_MAX, "larger than %u bytes",
                       ES_UPLOAD_MAX);
    enum es_code rc = es_memfd_of(file, &fd, e);
    if (rc != ES_OK)
        return rc;
    rc = es_ingest_run(in, fd, a, out, e);
    close(fd);
    return rc;
}

/* ---- one route ---- */

struct route_reading {
    struct es_arena *a;
    enum es_code code;
    struct es_course route;
};

static enum es_code read_route(void *arg, struct es_bytes answer,
                               struct es_err *e)
{
    struct route_reading *r = arg;
    return es_ingest_check_route(answer, r->a, &r->code, &r->route, e);
}

enum es_code es_ingest_route(struct es_ingest *in, struct es_bytes file,
                             uint32_t item, struct es_arena *a,
                             struct es_course *out, struct es_err *e)
{
    struct route_reading r = { .a = a };
    struct es_buf head;
    struct es_crew_job job = { .fd = -1, .check = read_route, .arg = &r };
    enum es_code rc = es_memfd_of(file, &job.fd, e);
    if (rc != ES_OK)
        return rc;
    es_buf_init(&head, sizeof item);
    es_buf_u32le(&head, item);
    job.head = es_buf_bytes(&head);
    rc = head.bad ? es_fail(e, ES_ENOMEM, 0, "no memory")
                  : es_crew_ask(in->crew, &job, e);
    es_buf_release(&head);
    close(job.fd);
    if (rc == ES_OK && r.code != ES_OK)
        rc = es_fail(e, r.code, 0, "the file has no such route");
    if (rc == ES_OK)
        *out = r.route;
    return rc;
}

/* ---- two compared ---- */

struct match_reading {
    enum es_code code;
    struct es_match match;
};

static enum es_code read_match(void *arg, struct es_bytes answer,
                               struct es_err *e)
{
    struct match_reading *r = arg;
    return es_ingest_check_match(answer, &r->code, &r->match, e);
}

enum es_code es_ingest_compare(struct es_ingest *in,
                               const struct es_ingest_original *first,
                               const struct es_ingest_original *second,
                               struct es_match *out, struct es_err *e)
{
    struct match_reading r = { .code = ES_OK };
    struct es_buf head, files;
    struct es_crew_job job = { .fd = -1, .check = read_match, .arg = &r };
    es_buf_init(&head, ES_MATCH_HEAD);
    es_buf_init(&files, ES_JOB_FILE_MAX);
    es_buf_u32le(&head, first->item);
    es_buf_u32le(&head, second->item);
    es_buf_u32le(&head, (uint32_t)first->file.n);
    es_buf_add(&files, first->file.p, first->file.n);
    es_buf_add(&files, second->file.p, second->file.n);
    job.head = es_buf_bytes(&head);
    enum es_code rc = head.bad || files.bad
                          ? es_fail(e, ES_ENOMEM, 0, "no memory")
                          : es_memfd_of(es_buf_bytes(&files), &job.fd, e);
    es_buf_release(&files);
    if (rc == ES_OK) {
        rc = es_crew_ask(in->crew, &job, e);
        close(job.fd);
    }
    es_buf_release(&head);
    if (rc == ES_OK && r.code != ES_OK)
        rc = es_fail(e, r.code, 0, "a file can't be compared");
    if (rc == ES_OK)
        *out = r.match;
    return rc;
}

/* ---- a picture ---- */

struct picture_reading {
    const struct es_picture_ask *ask;
    struct es_arena *a;
    enum es_code code;
    struct es_picture_made made;
};

static enum es_code read_picture(void *arg, struct es_bytes answer,
                                 struct es_err *e)
{
    struct picture_reading *r = arg;
    return es_picture_answer_get(answer, r->ask, r->a, &r->code, &r->made, e);
}

enum es_code es_ingest_picture(struct es_ingest *in, int fd,
                               const struct es_picture_ask *ask,
                               struct es_arena *a, struct es_picture_made *out,
                               struct es_err *e)
{
    struct picture_reading r = { .ask = ask, .a = a };
    struct es_buf head;
    struct es_crew_job job = { .fd = fd, .check = read_picture, .arg = &r };
    enum es_code rc = check_file(fd, ES_PICTURE_MAX, e);
    if (rc != ES_OK)
        return rc;
    es_buf_init(&head, ES_PICTURE_HEAD);
    es_picture_ask_put(&head, ask);
    job.head = es_buf_bytes(&head);
    rc = head.bad ? es_fail(e, ES_ENOMEM, 0, "no memory")
                  : es_crew_ask(in->crew, &job, e);
    es_buf_release(&head);
    if (rc == ES_OK && r.code != ES_OK)
        rc = es_fail(e, r.code, 0, "no picture that can be used");
    if (rc == ES_OK)
        *out = r.made;
    return rc;
}

/* ---- for tests and metrics ---- */

size_t es_ingest_pids(struct es_ingest *in, pid_t *out, size_t cap)
{
    return es_crew_pids(in->crew, out, cap);
}

void es_ingest_stats(struct es_ingest *in, struct es_crew_stats *out)
{
    es_crew_stats(in->crew, out);
}
