/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/addr.h"

#include "base/num.h"
#include "base/random.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t MAPPED[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static bool is_v4(const uint8_t addr[16])
{
    return memcmp(addr, MAPPED, sizeof MAPPED) == 0;
}

static void peer_set(struct es_peer *out, const uint8_t addr[16])
{
    *out = (struct es_peer){ .ip = true };
    memcpy(out->addr, addr, 16);
    /* A provider hands out at least a /64: one host there has 2^64 faces. */
    memcpy(out->key, addr, is_v4(addr) ? 16 : 8);
    if (is_v4(addr))
        inet_ntop(AF_INET, addr + 12, out->text, sizeof out->text);
    else
        inet_ntop(AF_INET6, addr, out->text, sizeof out->text);
}

void es_peer_unix(struct es_peer *out)
{
    *out = (struct es_peer){ .text = "unix" };
}

void es_peer_of(const struct sockaddr *sa, struct es_peer *out)
{
    uint8_t addr[16];

    if (sa->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, sa, sizeof in);
        memcpy(addr, MAPPED, sizeof MAPPED);
        memcpy(addr + 12, &in.sin_addr, 4);
    } else if (sa->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, sa, sizeof in6);
        memcpy(addr, &in6.sin6_addr, 16);
    } else {
        es_peer_unix(out);
        return;
    }
    peer_set(out, addr);
}

static bool addr_parse(const char *text, uint8_t addr[16])
{
    if (inet_pton(AF_INET6, text, addr) == 1)
        return true;
    memcpy(addr, MAPPED, sizeof MAPPED);
    return inet_pton(AF_INET, text, addr + 12) == 1;
}

bool es_peer_parse(struct es_bytes s, struct es_peer *out)
{
    char text[INET6_ADDRSTRLEN + 8];
    uint8_t addr[16];
    const char *start = text;
    char *colon;

    if (s.n == 0 || s.n >= sizeof text)
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = 0;
    if (text[0] == '[') {
        char *end = strchr(text, ']');
        if (!end || (end[1] != 0 && end[1] != ':'))
            return false;
        *end = 0;
        start = text + 1;
    } else if ((colon = strchr(text, ':')) && !strchr(colon + 1, ':')) {
        *colon = 0;
    }
    if (!addr_parse(start, addr))
        return false;
    peer_set(out, addr);
    return true;
}

bool es_peer_is_loopback(const struct es_peer *p)
{
    static const uint8_t ONE[16] = { [15] = 1 };

    return p->ip && (is_v4(p->addr) ? p->addr[12] == 127
                                    : memcmp(p->addr, ONE, 16) == 0);
}

bool es_net_parse(const char *text, struct es_net *out)
{
    char host[INET6_ADDRSTRLEN];
    struct es_net net = { .bits = 128 };
    const char *slash = strchr(text, '/');
    size_t n = slash ? (size_t)(slash - text) : strlen(text);
    int64_t bits;

    if (n >= sizeof host)
        return false;
    memcpy(host, text, n);
    host[n] = 0;
    if (!addr_parse(host, net.addr))
        return false;
    if (slash) {
        int64_t most = strchr(host, ':') ? 128 : 32;
        if (!es_num_i64(es_bytes_str(slash + 1), 0, most, &bits))
            return false;
        net.bits = (unsigned)(128 - most + bits);
    }
    *out = net;
    return true;
}

bool es_net_has(const struct es_net *nets, size_t n, const struct es_peer *p)
{
    if (!p->ip)
        return false;
    for (size_t i = 0; i < n; i++) {
        unsigned whole = nets[i].bits / 8;
        unsigned rest = nets[i].bits % 8;
        if (memcmp(nets[i].addr, p->addr, whole) != 0)
            continue;
        if (rest == 0 ||
            (nets[i].addr[whole] ^ p->addr[whole]) >> (8 - rest) == 0)
            return true;
    }
    return false;
}

/* ---- counts ---- */

enum { BUCKETS = 4096 };

struct entry {
    struct entry *next;
    uint8_t key[ES_PEER_KEY];
    size_t n[ES_COUNT_KINDS];
};

struct es_counts {
    pthread_mutex_t lock;
    uint64_t seed;
    struct entry *bucket[BUCKETS];
};

struct es_counts *es_counts_new(void)
{
    struct es_counts *t = calloc(1, sizeof *t);

    if (!t)
        return NULL;
    pthread_mutex_init(&t->lock, NULL);
    t->seed = es_random_u64() | 1;
    return t;
}

void es_counts_free(struct es_counts *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        while (t->bucket[i]) {
            struct entry *e = t->bucket[i];
            t->bucket[i] = e->next;
            free(e);
        }
    pthread_mutex_destroy(&t->lock);
    free(t);
}

/* Seeded, so that nobody can choose addresses that share a bucket. */
static struct entry **slot(struct es_counts *t, const uint8_t *key)
{
    uint64_t a, b;
    struct entry **at;

    memcpy(&a, key, 8);
    memcpy(&b, key + 8, 8);
    uint64_t h = (a ^ t->seed) * 0x9e3779b97f4a7c15u;
    h = (h ^ (h >> 29) ^ b) * (t->seed ^ 0xbf58476d1ce4e5b8u);
    at = &t->bucket[(h >> 40) % BUCKETS];
    while (*at && memcmp((*at)->key, key, ES_PEER_KEY) != 0)
        at = &(*at)->next;
    return at;
}

/* An address that holds nothing is not remembered. */
static void forget_empty(struct entry **at)
{
    struct entry *e = *at;

    for (size_t i = 0; i < ES_COUNT_KINDS; i++)
        if (e->n[i])
            return;
    *at = e->next;
    free(e);
}

bool es_counts_take(struct es_counts *t, const uint8_t key[ES_PEER_KEY],
                    enum es_count kind, size_t n, size_t max)
{
    bool ok = false;

    pthread_mutex_lock(&t->lock);
    struct entry **at = slot(t, key);
    if (!*at) {
        *at = calloc(1, sizeof **at);
        if (*at)
            memcpy((*at)->key, key, ES_PEER_KEY);
    }
    if (*at) {
        ok = (*at)->n[kind] <= max && n <= max - (*at)->n[kind];
        if (ok)
            (*at)->n[kind] += n;
        forget_empty(at);
    }
    pthread_mutex_unlock(&t->lock);
    return ok;
}

void es_counts_give(struct es_counts *t, const uint8_t key[ES_PEER_KEY],
                    enum es_count kind, size_t n)
{
    pthread_mutex_lock(&t->lock);
    struct entry **at = slot(t, key);
    if (*at) {
        assert((*at)->n[kind] >= n);
        (*at)->n[kind] -= n;
        forget_empty(at);
    }
    pthread_mutex_unlock(&t->lock);
}
