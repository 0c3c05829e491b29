/* SPDX-License-Identifier: Apache-2.0 */
/* Files without a name: how an upload goes from one process to another
 * without being copied. */
#ifndef ES_IPC_MEMFD_H
#define ES_IPC_MEMFD_H

#include "base/bytes.h"
#include "base/err.h"

/* A new empty memfd, closed on exec, that may be sealed. The caller closes
 * it. ES_EIO; then *fd is untouched. */
ES_MUST_CHECK enum es_code es_memfd_new(int *fd, struct es_err *e);

/* From now on nobody can write, grow or shrink it: a reader's mapping can
 * neither change under it nor fault. ES_EIO. */
ES_MUST_CHECK enum es_code es_memfd_seal(int fd, struct es_err *e);

/* A sealed memfd that holds `s`. */
ES_MUST_CHECK enum es_code es_memfd_of(struct es_bytes s, int *fd,
                                       struct es_err *e);

/* Whether fd is sealed as es_memfd_seal does. */
bool es_memfd_is_sealed(int fd);

/* The whole of fd, read only. Its offset does not matter. An empty file is
 * { NULL, 0 }. ES_ETOOLARGE beyond max, ES_EIO. Undo with es_memfd_unmap. */
ES_MUST_CHECK enum es_code es_memfd_map(int fd, size_t max,
                                        struct es_bytes *out, struct es_err *e);
void es_memfd_unmap(struct es_bytes s);

#endif
