/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A small application on a real server, and a client of raw bytes. */
#ifndef ES_TESTS_HTTP_RIG_H
#define ES_TESTS_HTTP_RIG_H

#include "t.h"

#include "http/http.h"

#include <stdatomic.h>

/* Routes: GET /hello, /inline (the same on the event thread), /slow (300 ms),
 * /big (2 MB), /huge (24 MB), /events; POST /raw (size and sum), /form (files).
 */
extern atomic_int rig_hits;        /* of /hello and /inline */
extern atomic_int rig_inside;      /* of /slow, now */
extern atomic_int rig_most_inside; /* and at most */
extern struct es_hub *rig_hub;     /* what /events watches, topic 1 */

struct es_http_config rig_config(void);
struct es_http *rig_start(const struct es_http_config *c);
void rig_stop(struct es_http *s);
void rig_nap_ms(int ms);

#define HOST "Host: localhost\r\n"

int rig_dial(const struct es_http *s);
/* From one of loopback's many addresses. */
int rig_dial_from(const struct es_http *s, const char *from);
bool rig_put(int fd, const char *text);
/* Everything until the other side closes, or ms pass without a byte. True when
 * it closed. A reset counts as closed and sets *reset. */
bool rig_get(int fd, struct es_buf *b, int ms, bool *reset);
/* Sends `text`, reads to the end, and gives the answer back. */
struct es_buf rig_talk(const struct es_http *s, const char *text);
int rig_status_of(const struct es_buf *b);
const char *rig_body_of(const struct es_buf *b);
bool rig_has(const struct es_buf *b, const char *text);
void rig_check_hello(const struct es_http *s);

#endif
