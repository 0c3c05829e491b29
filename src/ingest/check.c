/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What came back from a process that may be an attacker's by now. */
#include "ingest/ingest_int.h"

#include "ipc/answer.h"
#include "track/wire.h"

#include <string.h>

/* Only what a file can be guilty of; a worker has no say about our own
 * trouble, nor about who may do what. */
static bool about_a_file(enum es_code code)
{
    return code >= ES_EEMPTY && code < ES_CODE_COUNT;
}

static enum es_code check_warnings(const struct es_answer_item *from,
                                   struct es_arena *a,
                                   struct es_ingest_item *to, struct es_err *e)
{
    struct es_warning *w = es_arena_array(a, from->n_warnings, sizeof *w);
    if (!w)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    for (size_t i = 0; i < from->n_warnings; i++) {
        const struct es_answer_warning *f = &from->warnings[i];
        w[i].code = f->code;
        w[i].at = (size_t)f->at;
        if (strlen(f->message) >= sizeof w[i].message)
            return es_fail(e, ES_EMALFORMED, 0, "a warning is too long");
        memcpy(w[i].message, f->message, strlen(f->message) + 1);
    }
    to->warnings = w;
    to->n_warnings = from->n_warnings;
    return ES_OK;
}

static enum es_code check_item(const struct es_answer_item *from,
                               struct es_arena *a, struct es_ingest_item *to,
                               struct es_err *e)
{
    struct es_rd r;
    *to = (struct es_ingest_item){
        .member = from->member,
        .activity = from->activity,
        .activities = from->activities,
        .code = from->code,
    };
    if (from->code != ES_OK) {
        if (!about_a_file(from->code))
            return es_fail(e, ES_EMALFORMED, 0, "code %d", (int)from->code);
        (void)es_fail(&to->err, from->code, (size_t)from->at, "%s",
                      from->message);
        return ES_OK;
    }
    enum es_code rc = check_warnings(from, a, to, e);
    if (rc != ES_OK)
        return rc;
    es_rd_init(&r, from->measure);
    rc = es_measure_get(&r, a, &to->m, e);
    if (rc == ES_OK && es_rd_left(&r) != 0)
        rc = es_fail(e, ES_EMALFORMED, r.at, "bytes after the measure");
    es_rd_init(&r, from->sketch);
    if (rc == ES_OK)
        rc = es_sketch_get(&r, &to->sketch, e);
    if (rc == ES_OK && es_rd_left(&r) != 0)
        rc = es_fail(e, ES_EMALFORMED, r.at, "bytes after the sketch");
    return rc == ES_ENOMEM || rc == ES_OK ? rc : ES_EMALFORMED;
}

enum es_code es_ingest_check(struct es_bytes answer, struct es_arena *a,
                             struct es_ingest_result *out, struct es_err *e)
{
    struct es_answer all;
    enum es_code rc = es_answer_get(answer, a, &all, e);
    if (rc != ES_OK)
        return rc;
    struct es_ingest_item *v = es_arena_array(a, all.n, sizeof *v);
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "no memory");
    for (size_t i = 0; i < all.n; i++) {
        rc = check_item(&all.v[i], a, &v[i], e);
        if (rc != ES_OK)
            return rc;
    }
    *out = (struct es_ingest_result){ v, all.n };
    return ES_OK;
}

enum es_code es_ingest_check_route(struct es_bytes answer, struct es_arena *a,
                                   enum es_code *code, struct es_course *out,
                                   struct es_err *e)
{
    struct es_rd r;
    struct es_course got;
    es_rd_init(&r, answer);
    enum es_code said = (enum es_code)es_rd_u8(&r);
    enum es_code rc = es_course_get(&r, a, &got, e);
    if (rc == ES_OK && said != ES_OK && !about_a_file(said))
        rc = es_fail(e, ES_EMALFORMED, 0, "code %d", (int)said);
    if (rc == ES_OK && es_rd_left(&r) != 0)
        rc = es_fail(e, ES_EMALFORMED, r.at, "bytes after the route");
    if (rc != ES_OK)
        return rc;
    *code = said;
    *out = got;
    return ES_OK;
}

enum es_code es_ingest_check_match(struct es_bytes answer, enum es_code *code,
                                   struct es_match *out, struct es_err *e)
{
    struct es_rd r;
    struct es_match got;
    es_rd_init(&r, answer);
    enum es_code said = (enum es_code)es_rd_u8(&r);
    enum es_code rc = es_match_get(&r, &got, e);
    if (rc == ES_OK && said != ES_OK && !about_a_file(said))
        rc = es_fail(e, ES_EMALFORMED, 0, "code %d", (int)said);
    if (rc == ES_OK && es_rd_left(&r) != 0)
        rc = es_fail(e, ES_EMALFORMED, r.at, "bytes after the match");
    if (rc != ES_OK)
        return rc;
    *code = said;
    *out = got;
    return ES_OK;
}
