/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/hub.h"

#include "base/limits.h"
#include "base/num.h"
#include "base/time.h"
#include "http/call.h"
#include "http/pool.h"

#include <stdlib.h>
#include <string.h>

enum { TICK_MS = 1000, TOPIC_BUCKETS = 256 };

struct event {
    int64_t id;
    uint8_t *p;
    size_t n;
};

/* The events [head - ES_HUB_RING, head) of a topic, by number modulo. */
struct topic {
    struct topic *next; /* in its bucket */
    struct topic *next_dirty;
    bool dirty; /* has news that its watchers don't know of */
    int64_t key;
    uint64_t head; /* number of the next event */
    struct event ring[ES_HUB_RING];
    struct es_watch *watchers;
};

struct es_watch {
    struct es_hub *hub;
    struct topic *topic;
    struct es_watch *next, *prev; /* of the topic */
    struct es_watch_ops ops;
    void *arg;
    struct es_buf hello;
    uint64_t pos;
    size_t at; /* bytes already read of hello, event or comment */
    bool paused;
    bool closed;
    bool comment;
    int64_t comment_ms; /* when the next comment is due */
};

struct es_hub {
    pthread_mutex_t lock;
    pthread_cond_t news;
    pthread_t thread;
    bool stop;
    struct topic *bucket[TOPIC_BUCKETS];
    struct topic *dirty;
    size_t n_topics;
    size_t n_watchers;
};

/* A CR would end the line as well. */
static void add_line(struct es_buf *b, const uint8_t *p, size_t n)
{
    while (n) {
        const uint8_t *cr = memchr(p, '\r', n);
        size_t run = cr ? (size_t)(cr - p) : n;
        es_buf_add(b, p, run);
        if (cr)
            es_buf_u8(b, ' ');
        run += cr != NULL;
        p += run;
        n -= run;
    }
    es_buf_str(b, "\n");
}

void es_sse_event(struct es_buf *b, const char *event, int64_t id,
                  struct es_bytes data)
{
    size_t at = 0;

    es_buf_fmt(b, "event: %s\n", event);
    if (id >= 0)
        es_buf_fmt(b, "id: %lld\n", (long long)id);
    do {
        const uint8_t *start = data.p ? data.p + at : (const uint8_t *)"";
        const uint8_t *end = memchr(start, '\n', data.n - at);
        size_t n = end ? (size_t)(end - start) : data.n - at;
        es_buf_str(b, "data: ");
        add_line(b, start, n);
        at += n + 1;
    } while (at < data.n);
    es_buf_str(b, "\n");
}

static void wake(struct es_watch *w)
{
    if (!w->paused)
        return;
    w->paused = false;
    w->ops.resume(w->arg);
}

static void wake_dirty(struct es_hub *h)
{
    while (h->dirty) {
        struct topic *t = h->dirty;
        h->dirty = t->next_dirty;
        t->dirty = false;
        for (struct es_watch *w = t->watchers; w; w = w->next)
            wake(w);
    }
}

static void send_comments(struct es_hub *h, int64_t now_ms)
{
    for (size_t i = 0; i < TOPIC_BUCKETS; i++)
        for (struct topic *t = h->bucket[i]; t; t = t->next)
            for (struct es_watch *w = t->watchers; w; w = w->next)
                if (w->paused && now_ms >= w->comment_ms) {
                    w->comment = true;
                    wake(w);
                }
}

/* Wakes watchers, so that whoever publishes doesn't wait for 5,000. */
static void *hub_main(void *arg)
{
    struct es_hub *h = arg;
    int64_t tick_ms = es_time_mono_ms() + TICK_MS;

    pthread_mutex_lock(&h->lock);
    while (!h->stop) {
        int64_t now_ms = es_time_mono_ms();
        wake_dirty(h);
        if (now_ms >= tick_ms) {
            send_comments(h, now_ms);
            tick_ms = now_ms + TICK_MS;
        }
        struct timespec ts = { .tv_sec = (time_t)(tick_ms / 1000),
                               .tv_nsec = (long)(tick_ms % 1000) * 1000000 };
        pthread_cond_timedwait(&h->news, &h->lock, &ts);
    }
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

enum es_code es_hub_new(struct es_hub **out, struct es_err *e)
{
    struct es_hub *h = calloc(1, sizeof *h);
    pthread_condattr_t attr;

    if (!h)
        return es_fail(e, ES_ENOMEM, 0, "no memory for a hub");
    pthread_mutex_init(&h->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&h->news, &attr);
    pthread_condattr_destroy(&attr);
    if (!es_thread_start(&h->thread, hub_main, h)) {
        pthread_cond_destroy(&h->news);
        pthread_mutex_destroy(&h->lock);
        free(h);
        return es_fail(e, ES_ENOMEM, 0, "no thread for a hub");
    }
    *out = h;
    return ES_OK;
}

void es_hub_free(struct es_hub *h)
{
    if (!h)
        return;
    pthread_mutex_lock(&h->lock);
    h->stop = true;
    pthread_cond_signal(&h->news);
    pthread_mutex_unlock(&h->lock);
    pthread_join(h->thread, NULL);
    for (size_t i = 0; i < TOPIC_BUCKETS; i++)
        while (h->bucket[i]) {
            struct topic *t = h->bucket[i];
            h->bucket[i] = t->next;
            for (size_t k = 0; k < ES_HUB_RING; k++)
                free(t->ring[k].p);
            free(t);
        }
    pthread_cond_destroy(&h->news);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

/* The topic, made if need be; NULL without memory or past ES_HUB_TOPICS. */
static struct topic *topic_get(struct es_hub *h, int64_t key)
{
    uint64_t hash = (uint64_t)key * 0x9e3779b97f4a7c15u;
    struct topic **at = &h->bucket[hash >> 56];

    while (*at && (*at)->key != key)
        at = &(*at)->next;
    if (*at || h->n_topics == ES_HUB_TOPICS)
        return *at;
    *at = calloc(1, sizeof **at);
    if (*at) {
        (*at)->key = key;
        h->n_topics++;
    }
    return *at;
}

enum es_code es_hub_publish(struct es_hub *h, int64_t topic, int64_t id,
                            const char *event, struct es_bytes data)
{
    struct es_buf b;

    es_buf_init(&b, ES_HUB_EVENT);
    es_sse_event(&b, event, id, data);
    if (b.bad) {
        es_buf_release(&b);
        return ES_ETOOLARGE;
    }
    pthread_mutex_lock(&h->lock);
    struct topic *t = topic_get(h, topic);
    if (!t) {
        pthread_mutex_unlock(&h->lock);
        es_buf_release(&b);
        return ES_ENOMEM;
    }
    struct event *slot = &t->ring[t->head++ % ES_HUB_RING];
    free(slot->p);
    *slot = (struct event){ id, b.p, b.n };
    if (!t->dirty) {
        t->dirty = true;
        t->next_dirty = h->dirty;
        h->dirty = t;
        pthread_cond_signal(&h->news);
    }
    pthread_mutex_unlock(&h->lock);
    return ES_OK;
}

size_t es_hub_watchers(struct es_hub *h)
{
    pthread_mutex_lock(&h->lock);
    size_t n = h->n_watchers;
    pthread_mutex_unlock(&h->lock);
    return n;
}

static uint64_t oldest(const struct topic *t)
{
    return t->head > ES_HUB_RING ? t->head - ES_HUB_RING : 0;
}

bool es_hub_join(struct es_hub *h, const struct es_req *q, int64_t topic,
                 uint64_t *pos)
{
    const char *last = es_req_header(q, "Last-Event-ID");
    bool found = false;
    int64_t id;

    *pos = 0;
    pthread_mutex_lock(&h->lock);
    struct topic *t = topic_get(h, topic);
    if (t) {
        *pos = t->head;
        if (last && es_num_i64(es_bytes_str(last), 0, INT64_MAX, &id))
            for (uint64_t i = oldest(t); i < t->head && !found; i++)
                if (t->ring[i % ES_HUB_RING].id == id) {
                    *pos = i + 1;
                    found = true;
                }
    }
    pthread_mutex_unlock(&h->lock);
    return found;
}

enum es_code es_resp_stream(struct es_resp *r, struct es_hub *h, int64_t topic,
                            uint64_t pos, struct es_bytes hello)
{
    es_resp_type(r, "text/event-stream; charset=utf-8");
    es_resp_header(r, "X-Accel-Buffering", "no"); /* nginx would collect it */
    es_buf_clear(&r->hello);
    es_buf_add(&r->hello, hello.p, hello.n);
    if (r->hello.bad)
        r->bad = "a hello over its maximum";
    r->hub = h;
    r->topic = topic;
    r->pos = pos;
    r->decided = true;
    return ES_OK;
}

struct es_watch *es_watch_new(struct es_hub *h, int64_t topic, uint64_t pos,
                              struct es_bytes hello,
                              const struct es_watch_ops *ops, void *arg)
{
    struct es_watch *w = calloc(1, sizeof *w);

    if (!w)
        return NULL;
    *w = (struct es_watch){ .hub = h, .ops = *ops, .arg = arg, .pos = pos };
    w->comment_ms = es_time_mono_ms() + ES_HUB_COMMENT_S * 1000;
    es_buf_init(&w->hello, hello.n);
    es_buf_add(&w->hello, hello.p, hello.n);
    pthread_mutex_lock(&h->lock);
    w->topic = w->hello.bad ? NULL : topic_get(h, topic);
    if (w->topic) {
        w->next = w->topic->watchers;
        if (w->next)
            w->next->prev = w;
        w->topic->watchers = w;
        h->n_watchers++;
    }
    pthread_mutex_unlock(&h->lock);
    if (w->topic)
        return w;
    es_buf_release(&w->hello);
    free(w);
    return NULL;
}

static ssize_t take(struct es_watch *w, const void *p, size_t n, char *out,
                    size_t max, bool *done)
{
    size_t left = n - w->at;
    size_t now = left < max ? left : max;

    memcpy(out, (const char *)p + w->at, now);
    w->at += now;
    *done = w->at == n;
    if (*done)
        w->at = 0;
    return (ssize_t)now;
}

static ssize_t read_locked(struct es_watch *w, char *out, size_t max)
{
    const struct topic *t = w->topic;
    bool done;
    ssize_t n;

    if (w->hello.n) {
        n = take(w, w->hello.p, w->hello.n, out, max, &done);
        if (done)
            es_buf_release(&w->hello);
        return n;
    }
    if (w->closed || w->pos < oldest(t) || w->pos > t->head)
        return -1;
    if (w->comment) {
        n = take(w, ":\n\n", 3, out, max, &done);
        w->comment = !done;
        return n;
    }
    if (w->pos < t->head) {
        const struct event *e = &t->ring[w->pos % ES_HUB_RING];
        n = take(w, e->p, e->n, out, max, &done);
        if (done)
            w->pos++;
        return n;
    }
    w->paused = true;
    w->ops.pause(w->arg);
    return 0;
}

ssize_t es_watch_read(struct es_watch *w, char *out, size_t max)
{
    pthread_mutex_lock(&w->hub->lock);
    ssize_t n = read_locked(w, out, max);
    if (n > 0)
        w->comment_ms = es_time_mono_ms() + ES_HUB_COMMENT_S * 1000;
    pthread_mutex_unlock(&w->hub->lock);
    return n;
}

void es_watch_close(struct es_watch *w)
{
    pthread_mutex_lock(&w->hub->lock);
    w->closed = true;
    wake(w);
    pthread_mutex_unlock(&w->hub->lock);
}

void es_watch_free(struct es_watch *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->hub->lock);
    if (w->prev)
        w->prev->next = w->next;
    else
        w->topic->watchers = w->next;
    if (w->next)
        w->next->prev = w->prev;
    w->hub->n_watchers--;
    pthread_mutex_unlock(&w->hub->lock);
    es_buf_release(&w->hello);
    free(w);
}
