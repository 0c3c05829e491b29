/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A server of one small page, nginx before it, and who asks them: what the
 * benches of the HTTP layer share. Whatever fails ends the program. */
#ifndef ES_BENCH_SERVED_H
#define ES_BENCH_SERVED_H

#include "http/http.h"

#include <sys/types.h>

/* Listens as `listen` says, with /page behind it; the caller stops it. */
struct es_http *served_start(const char *listen);
/* As many descriptors as this process may have. */
void served_descriptors(void);
/* In `folder`: port -> the Unix socket `folder`/http, other -> the TCP port
 * `behind`. in_turn: of one address 1,000 requests a second
 * go on, the others wait. 0 where nginx isn't installed. */
pid_t served_nginx(const char *folder, int port, int other, int behind,
                   bool in_turn);
void served_nginx_stop(pid_t pid);
int served_free_port(void);

struct place {
    const char *path; /* of a Unix socket, or NULL */
    int port;
    bool keep; /* one connection for all requests */
};

extern const char SERVED_ASK[]; /* one request for /page */

double served_now_s(void);
/* A connection that comes from the address `from`. */
int served_dial(const struct place *at, const char *from);
void served_say(int fd);
/* All of one answer; false when it isn't a whole 200. */
bool served_hear(int fd);

#endif
