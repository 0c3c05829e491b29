/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The least HTTP client that a test needs: one request a connection, over TCP
 * to this machine. */
#ifndef ES_TESTS_CRASH_CLIENT_H
#define ES_TESTS_CRASH_CLIENT_H

#include "base/buf.h"

struct answer {
    int status; /* 0: the connection broke before a whole answer came */
    int64_t retry_after_s; /* 0: the answer does not say */
    struct es_buf body;
};

struct ask {
    int port;
    const char *method, *path;
    const char *token; /* bearer; NULL for none */
    const char *type;  /* of the body; NULL for none */
    struct es_bytes body;
};

/* Initialises *out; the caller releases its body. */
void client_ask(const struct ask *a, struct answer *out);

/* A port on 127.0.0.1 that nobody listens on now. */
int client_free_port(void);

#endif
