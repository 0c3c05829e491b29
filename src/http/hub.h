/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_HTTP_HUB_H
#define ES_HTTP_HUB_H

#include "http/http.h"

/* One stream. Its owner reads it on an event thread; `pause` and `resume`
 * stop and start that reading and are called under the hub's lock, so that no
 * wake-up is lost between "nothing there" and "asleep". */
struct es_watch;

struct es_watch_ops {
    void (*pause)(void *arg);
    void (*resume)(void *arg);
};

/* Follows `topic` from pos on, after `hello` (copied). NULL: no memory. */
struct es_watch *es_watch_new(struct es_hub *h, int64_t topic, uint64_t pos,
                              struct es_bytes hello,
                              const struct es_watch_ops *ops, void *arg);
/* Up to `max` bytes into out. 0: nothing now, and it has been paused. -1: the
 * stream is over (closed, or it fell out of the ring). */
ssize_t es_watch_read(struct es_watch *w, char *out, size_t max);
void es_watch_close(struct es_watch *w); /* the next read says -1 */
void es_watch_free(struct es_watch *w);

#endif
