/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_FILE_H
#define ES_BASE_FILE_H

#include "base/buf.h"
#include "base/err.h"

/* The whole file into *out (initialised here with `max`; the caller releases
 * it). ES_ENOENT, ES_EIO, ES_ENOMEM or ES_ETOOLARGE; then *out is empty. */
ES_MUST_CHECK enum es_code es_file_load(const char *path, size_t max,
                                        struct es_buf *out, struct es_err *e);
/* Everything that fd still holds, the same way. */
ES_MUST_CHECK enum es_code es_fd_load(int fd, size_t max, struct es_buf *out,
                                      struct es_err *e);
/* All of s, in as many writes as it takes. ES_EIO. */
ES_MUST_CHECK enum es_code es_fd_write(int fd, struct es_bytes s,
                                       struct es_err *e);

#endif
