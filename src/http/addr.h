/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who is at the other end, whom we believe, and how much each may hold. */
#ifndef ES_HTTP_ADDR_H
#define ES_HTTP_ADDR_H

#include "http/http.h"

#include <netinet/in.h>
#include <sys/socket.h>

/* An address, IPv4 as ::ffff:a.b.c.d. The zero state is a Unix socket. */
struct es_peer {
    bool ip;
    uint8_t addr[16];
    uint8_t key[ES_PEER_KEY];
    char text[INET6_ADDRSTRLEN];
};

void es_peer_unix(struct es_peer *out);
void es_peer_of(const struct sockaddr *sa, struct es_peer *out);
/* "192.0.2.1", "2001:db8::1", "[2001:db8::1]:80", "192.0.2.1:80". */
bool es_peer_parse(struct es_bytes text, struct es_peer *out);
bool es_peer_is_loopback(const struct es_peer *p);

struct es_net {
    uint8_t addr[16];
    unsigned bits;
};

/* "10.0.0.0/8", "::1"; a host without a length is that host alone. */
bool es_net_parse(const char *text, struct es_net *out);
bool es_net_has(const struct es_net *nets, size_t n, const struct es_peer *p);

/* What each address holds. Thread-safe. */
enum es_count {
    ES_COUNT_INCOMPLETE, /* connections without a whole header block */
    ES_COUNT_OPEN,       /* connections, or a proxy's requests */
    ES_COUNT_RUNNING,    /* requests without a body, not yet answered */
    ES_COUNT_BODY,       /* bytes of bodies in memory */
    ES_COUNT_KINDS
};
struct es_counts;
struct es_counts *es_counts_new(void); /* NULL: no memory */
void es_counts_free(struct es_counts *t);
/* False, and nothing taken, when the address would hold more than `max`, or
 * without memory. */
bool es_counts_take(struct es_counts *t, const uint8_t key[ES_PEER_KEY],
                    enum es_count kind, size_t n, size_t max);
void es_counts_give(struct es_counts *t, const uint8_t key[ES_PEER_KEY],
                    enum es_count kind, size_t n);

#endif
