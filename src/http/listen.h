/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_HTTP_LISTEN_H
#define ES_HTTP_LISTEN_H

#include "http/http.h"

/* Listens, not blocking, on "192.0.2.1:80", "[::]:80" or "localhost:0"; *port
 * is the one it got. ES_EINVAL, ES_EIO; then *fd is -1. */
ES_MUST_CHECK enum es_code es_listen_tcp(const char *where, int *fd, int *port,
                                         struct es_err *e);
/* The same on a path; a socket left behind there is replaced, a file or a
 * socket that still answers isn't. Group members may connect. */
ES_MUST_CHECK enum es_code es_listen_unix(const char *path, int *fd,
                                          struct es_err *e);

/* A copy of a socket that listens already, not blocking; *port is 0 for a Unix
 * socket. ES_EINVAL: it doesn't. */
ES_MUST_CHECK enum es_code es_listen_copy(int listener, int *fd, int *port,
                                          struct es_err *e);
bool es_listen_is_unix(int listener);

#endif
