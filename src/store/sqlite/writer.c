/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One thread writes. It takes all that wait, appends their uploads, syncs the
 * segment once, runs their changes in one transaction, commits (SQLite syncs
 * its log once), and only then tells anyone. What came in the meantime is the
 * next group. */
#include "base/log.h"
#include "store/sqlite/store_int.h"

#include <sysexits.h>
#include <unistd.h>

/* After a failed sync the kernel may have dropped what it could not write and
 * call the next sync a success. The files on the disk are the only truth
 * left, and opening them again is how it is read. So no clean-up, no retry. */
static void __attribute__((noreturn)) leave(const struct es_err *e)
{
    es_log(ES_LOG_ERROR, "store.failed", "%s; leaving to recover", e->msg);
    _exit(EX_IOERR);
}

/* ---- the queue ---- */

static bool queue_full(const struct es_queue *q, size_t bytes)
{
    return q->n >= ES_STORE_WAITING ||
           (q->n > 0 && bytes > ES_STORE_WAITING_BYTES - q->bytes);
}

static enum es_code wait_turn(struct es_queue *q, struct es_waiting *me)
{
    (void)pthread_mutex_lock(&q->lock);
    if (q->closing || queue_full(q, me->sealed.n)) {
        me->rc = es_fail(&me->err, ES_EBUSY, 0, "too many writes are waiting");
    } else {
        *q->tail = me;
        q->tail = &me->next;
        q->n++;
        q->bytes += me->sealed.n;
        (void)pthread_cond_signal(&q->filled);
        while (!me->done)
            (void)pthread_cond_wait(&me->wake, &q->lock);
    }
    (void)pthread_mutex_unlock(&q->lock);
    return me->rc;
}

enum es_code es_store_write(struct es_store *s, const struct es_write *w,
                            struct es_err *e)
{
    struct es_waiting me = { .w = w };

    /* Sealing is most of the work: it is done here, by many threads. */
    if (w->upload.n > 0) {
        enum es_code rc = es_seal(w->upload, &me.sealed, e);
        if (rc != ES_OK)
            return rc;
        memcpy(me.blob.hash, w->upload_hash, sizeof me.blob.hash);
    }
    (void)pthread_cond_init(&me.wake, NULL);
    enum es_code rc = wait_turn(&s->queue, &me);
    (void)pthread_cond_destroy(&me.wake);
    es_sealed_release(&me.sealed);
    if (rc != ES_OK && e != NULL)
        *e = me.err;
    return rc;
}

/* Up to ES_STORE_GROUP that wait, as a list; NULL once closing and empty. */
static struct es_waiting *take_group(struct es_queue *q)
{
    (void)pthread_mutex_lock(&q->lock);
    while (q->head == NULL && !q->closing)
        (void)pthread_cond_wait(&q->filled, &q->lock);
    struct es_waiting *group = q->head, **end = &q->head;
    for (size_t n = 0; n < ES_STORE_GROUP && *end != NULL; n++) {
        q->n--;
        q->bytes -= (*end)->sealed.n;
        end = &(*end)->next;
    }
    q->head = *end;
    if (q->head == NULL)
        q->tail = &q->head;
    *end = NULL;
    (void)pthread_mutex_unlock(&q->lock);
    return group;
}

static void wake_group(struct es_queue *q, struct es_waiting *group)
{
    (void)pthread_mutex_lock(&q->lock);
    for (struct es_waiting *m = group; m != NULL;) {
        struct es_waiting *next = m->next; /* m is gone once it is awake */
        m->done = true;
        (void)pthread_cond_signal(&m->wake);
        m = next;
    }
    (void)pthread_mutex_unlock(&q->lock);
}

/* ---- one group ---- */

static void sync_one(struct es_store *s, struct es_segments *g)
{
    struct es_err e = { 0 };
    if (es_segments_sync(g, &e) != ES_OK)
        leave(&e);
    atomic_fetch_add(&s->syncs, 1);
}

/* Which segment files a group wrote to. */
struct wrote {
    bool runs, apart;
};

/* Appends and syncs the uploads; one that finds no room fails alone. */
static struct wrote store_uploads(struct es_store *s, struct es_waiting *group)
{
    struct wrote any = { 0 };

    for (struct es_waiting *m = group; m != NULL; m = m->next) {
        if (m->sealed.n == 0)
            continue;
        m->rc = es_segments_append(m->w->apart ? &s->apart : &s->segments,
                                   &m->sealed, &m->blob, &m->err);
        if (m->rc == ES_EIO)
            leave(&m->err);
        if (m->rc != ES_OK)
            continue;
        any.apart = any.apart || m->w->apart;
        any.runs = any.runs || !m->w->apart;
        atomic_fetch_add(&s->blob_bytes, m->sealed.n);
    }
    if (any.runs)
        sync_one(s, &s->segments);
    if (any.apart)
        sync_one(s, &s->apart);
    return any;
}

/* Whether SQLite still has our transaction: some errors end it. */
static bool in_transaction(const struct es_db *db)
{
    return sqlite3_get_autocommit(db->h) == 0;
}

/* One change inside its savepoint. Only an error of the transaction itself is
 * returned; the change's own answer is in m->rc. */
static enum es_code apply_one(struct es_store *s, struct es_waiting *m,
                              struct es_err *e)
{
    struct es_txn tx = { s, &s->writer };
    enum es_code rc = es_db_run(&s->writer, ES_Q_SAVE, NULL, 0, e);
    if (rc != ES_OK)
        return rc;
    m->err = (struct es_err){ 0 };
    m->rc =
        m->w->apply(&tx, m->sealed.n > 0 ? &m->blob : NULL, m->w->arg, &m->err);
    if (!in_transaction(&s->writer))
        return es_fail(e, m->rc == ES_OK ? ES_EINTERNAL : m->rc, 0, "%s",
                       m->err.msg);
    if (m->rc != ES_OK)
        rc = es_db_run(&s->writer, ES_Q_SAVE_UNDO, NULL, 0, e);
    if (rc == ES_OK)
        rc = es_db_run(&s->writer, ES_Q_SAVE_KEEP, NULL, 0, e);
    return rc;
}

static enum es_code note_synced(struct es_store *s, const struct es_segments *g,
                                struct es_err *e)
{
    return es_db_run(&s->writer, ES_Q_SEGMENT_PUT,
                     ES_VALS(es_val_i(g->number), es_val_i(g->end)), e);
}

static enum es_code commit_group(struct es_store *s, struct es_waiting *group,
                                 struct wrote uploads, struct es_err *e)
{
    enum es_code rc = es_db_run(&s->writer, ES_Q_BEGIN, NULL, 0, e);
    if (rc != ES_OK)
        return rc;
    for (struct es_waiting *m = group; m != NULL && rc == ES_OK; m = m->next)
        if (m->rc == ES_OK)
            rc = apply_one(s, m, e);
    if (rc == ES_OK && uploads.runs)
        rc = note_synced(s, &s->segments, e);
    if (rc == ES_OK && uploads.apart)
        rc = note_synced(s, &s->apart, e);
    if (rc == ES_OK)
        rc = es_db_run(&s->writer, ES_Q_COMMIT, NULL, 0, e);
    if (in_transaction(&s->writer)) {
        struct es_err undo = { 0 };
        if (es_db_run(&s->writer, ES_Q_ROLLBACK, NULL, 0, &undo) != ES_OK)
            leave(&undo);
    }
    return rc;
}

/* Moves the log into the database, when it has grown. Readers go on. */
static void checkpoint(struct es_store *s)
{
    int rc = sqlite3_wal_checkpoint_v2(s->writer.h, NULL,
                                       SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    struct es_err e = { 0 };
    if (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_FULL)
        return; /* the log keeps what could not be moved */
    (void)es_db_fail(&s->writer, rc, "checkpoint", &e);
    if (s->writer.io_failed)
        leave(&e);
    es_log(ES_LOG_WARN, "store.checkpoint", "%s", e.msg);
}

static void do_group(struct es_store *s, struct es_waiting *group)
{
    struct es_err e = { 0 };

    struct wrote uploads = store_uploads(s, group);
    enum es_code rc = commit_group(s, group, uploads, &e);
    if (s->writer.io_failed)
        leave(&e);
    if (rc == ES_OK) {
        atomic_fetch_add(&s->commits, 1);
        atomic_fetch_add(&s->syncs, 1);
    } else {
        es_log(ES_LOG_WARN, "store.group", "not written: %s", e.msg);
    }
    for (struct es_waiting *m = group; m != NULL; m = m->next) {
        if (rc != ES_OK) {
            /* Nothing of the group is there, whatever was answered in it. */
            m->rc = rc;
            m->err = e;
        } else if (m->rc == ES_OK) {
            atomic_fetch_add(&s->writes, 1);
            if (m->w->committed != NULL)
                m->w->committed(m->w->arg);
        }
    }
    wake_group(&s->queue, group);
}

static int note_log_size(void *arg, sqlite3 *h, const char *name, int pages)
{
    struct es_store *s = arg;
    (void)h;
    (void)name;
    s->log_pages = pages;
    return SQLITE_OK;
}

static void *writer_main(void *arg)
{
    struct es_store *s = arg;
    struct es_waiting *group;

    while ((group = take_group(&s->queue)) != NULL) {
        do_group(s, group);
        if (s->log_pages >= ES_STORE_WAL_PAGES) {
            s->log_pages = 0;
            checkpoint(s);
        }
    }
    return NULL;
}

enum es_code es_writer_start(struct es_store *s, struct es_err *e)
{
    static const enum es_query READY[] = { ES_Q_BEGIN,     ES_Q_COMMIT,
                                           ES_Q_ROLLBACK,  ES_Q_SAVE,
                                           ES_Q_SAVE_KEEP, ES_Q_SAVE_UNDO };
    enum es_code rc = ES_OK;
    for (size_t i = 0; i < sizeof READY / sizeof *READY && rc == ES_OK; i++)
        rc = es_db_prepare(&s->writer, READY[i], e);
    if (rc != ES_OK)
        return rc;
    (void)sqlite3_wal_hook(s->writer.h, note_log_size, s);
    if (pthread_create(&s->thread, NULL, writer_main, s) != 0)
        return es_fail(e, ES_ENOMEM, 0, "starting the writer thread");
    s->running = true;
    return ES_OK;
}

void es_writer_stop(struct es_store *s)
{
    if (!s->running)
        return;
    (void)pthread_mutex_lock(&s->queue.lock);
    s->queue.closing = true;
    (void)pthread_cond_signal(&s->queue.filled);
    (void)pthread_mutex_unlock(&s->queue.lock);
    (void)pthread_join(s->thread, NULL);
    s->running = false;
}
