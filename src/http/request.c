/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/server.h"

#include "base/log.h"
#include "base/time.h"

#include <stdlib.h>
#include <string.h>

void *es_job_new(void *cls, const char *uri, struct MHD_Connection *mhd)
{
    struct es_job *j = calloc(1, sizeof *j);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    if (!j || !info || !info->socket_context) {
        free(j);
        return NULL;
    }
    j->s = cls;
    j->mhd = mhd;
    j->conn = info->socket_context;
    j->target = strdup(uri);
    atomic_fetch_add(&j->s->in_flight, 1);
    return j;
}

static enum MHD_Result add_field(void *cls, enum MHD_ValueKind kind,
                                 const char *name, size_t n_name,
                                 const char *value, size_t n_value)
{
    struct es_head *h = cls;
    (void)kind;

    if (h->n_fields == ES_HTTP_FIELDS)
        return MHD_NO;
    h->field[h->n_fields++] = (struct es_field){
        { (const uint8_t *)name, n_name },
        { (const uint8_t *)(value ? value : ""), n_value },
    };
    return MHD_YES;
}

/* What the library read, held against the same rules as at the gate: on a Unix
 * socket nobody has looked at it yet. 0 or a status. */
static int read_head(struct es_job *j, const char *method, const char *version,
                     struct es_head *h)
{
    int total;
    int status;

    *h = (struct es_head){ .method = ES_GET,
                           .target = es_bytes_str("/"),
                           .minor = strcmp(version, "HTTP/1.0") != 0 };
    total = MHD_get_connection_values_n(j->mhd, MHD_HEADER_KIND, add_field, h);
    status = es_method_of(es_bytes_str(method), &h->method);
    if (status == 0)
        status = es_target_check(es_bytes_str(j->target));
    if (status != 0)
        return status;
    h->target = es_bytes_str(j->target);
    if (total < 0 || (size_t)total > ES_HTTP_FIELDS)
        return 431;
    for (size_t i = 0; i < h->n_fields; i++) {
        struct es_bytes v = h->field[i].value;
        if (!es_is_token(h->field[i].name))
            return 400;
        for (size_t k = 0; k < v.n; k++)
            if ((v.p[k] < ' ' && v.p[k] != '\t') || v.p[k] == 0x7f)
                return 400;
    }
    return es_head_check(h);
}

/* On the event thread: runs the call at once, or hands it to the pool. */
static enum MHD_Result dispatch(struct es_job *j)
{
    struct es_http *s = j->s;

    if (!es_call_is_inline(j->call)) {
        if (es_pool_reserve(s->pool)) {
            j->running = true;
            MHD_suspend_connection(j->mhd);
            es_pool_put(s->pool, j->call->q.peer.key, j);
            return MHD_YES;
        }
        atomic_fetch_add(&s->queue_full, 1);
        j->call->refused = 503;
    }
    es_call_run(j->call);
    return es_job_answer(j);
}

void es_job_run(void *job)
{
    struct es_job *j = job;

    if (j->pull) {
        es_pull_load(j->pull);
        return;
    }
    es_call_run(j->call);
    MHD_resume_connection(j->mhd);
}

/* A proxy speaks for many; each of them has the cap of a direct client. */
static void count_peer(struct es_job *j)
{
    const struct es_peer *p = &j->call->q.peer;

    if (j->conn->counted || !p->ip)
        return;
    memcpy(j->key, p->key, sizeof j->key);
    j->counted = es_counts_take(j->s->counts, p->key, ES_COUNT_OPEN, 1,
                                j->s->config.conn_per_addr);
    if (!j->counted && !j->call->refused)
        j->call->refused = 429;
}

static enum MHD_Result begin(struct es_job *j, const char *method,
                             const char *version)
{
    struct es_head h;

    if (!j->target)
        return MHD_NO;
    int status = read_head(j, method, version, &h);
    j->call = es_call_new(&j->s->core, &h, &j->conn->peer);
    if (!j->call)
        return MHD_NO;
    if (status != 0)
        j->call->refused = status;
    count_peer(j);
    /* Too much to read and drop: answered before the body, and closed. */
    if (j->call->refused && h.length > ES_FORM_MAX) {
        es_call_run(j->call);
        return es_job_answer(j);
    }
    atomic_store(&j->conn->got, 0);
    if (h.length) {
        MHD_set_connection_option(j->mhd, MHD_CONNECTION_OPTION_TIMEOUT,
                                  (unsigned)ES_BODY_DEADLINE_S);
        atomic_store(&j->conn->body_ms, es_time_mono_ms());
    }
    return MHD_YES;
}

enum MHD_Result es_job_step(void *cls, struct MHD_Connection *mhd,
                            const char *url, const char *method,
                            const char *version, const char *data,
                            size_t *n_data, void **slot)
{
    struct es_job *j = *slot;
    (void)cls, (void)mhd, (void)url;

    if (!j)
        return MHD_NO;
    if (!j->call)
        return begin(j, method, version);
    if (*n_data) {
        atomic_fetch_add(&j->conn->got, *n_data);
        es_call_feed(j->call,
                     (struct es_bytes){ (const uint8_t *)data, *n_data });
        *n_data = 0;
        return MHD_YES;
    }
    if (j->running)
        return es_job_answer(j);
    if (atomic_exchange(&j->conn->body_ms, 0))
        MHD_set_connection_option(mhd, MHD_CONNECTION_OPTION_TIMEOUT,
                                  (unsigned)ES_KEEPALIVE_S);
    return dispatch(j);
}

void es_job_done(void *cls, struct MHD_Connection *mhd, void **slot,
                 enum MHD_RequestTerminationCode why)
{
    struct es_job *j = *slot;
    (void)cls, (void)mhd, (void)why;

    if (!j)
        return;
    *slot = NULL;
    atomic_store(&j->conn->body_ms, 0);
    atomic_store(&j->conn->send_ms, 0);
    if (j->counted)
        es_counts_give(j->s->counts, j->key, ES_COUNT_OPEN, 1);
    if (j->running && !j->answered && !j->s->config.no_access_log)
        es_log(ES_LOG_INFO, "http.gone", "%s %s %s",
               es_method_name(j->call->q.method), j->call->q.route->pattern,
               j->call->q.id);
    es_call_free(j->call);
    free(j->target);
    atomic_fetch_sub(&j->s->in_flight, 1);
    free(j);
}
