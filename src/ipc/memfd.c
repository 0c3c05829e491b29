/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/memfd.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Not F_SEAL_WRITE: that one waits until no core has the pages in a list of
 * its own, milliseconds on a busy machine. It differs only for writable
 * mappings made before, and nobody here makes one. */
enum {
    SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE
};

enum es_code es_memfd_new(int *fd, struct es_err *e)
{
    int f = memfd_create("everystep", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (f < 0)
        return es_fail(e, ES_EIO, 0, "memfd_create: %s", strerror(errno));
    *fd = f;
    return ES_OK;
}

enum es_code es_memfd_seal(int fd, struct es_err *e)
{
    if (fcntl(fd, F_ADD_SEALS, SEALS) != 0)
        return es_fail(e, ES_EIO, 0, "F_ADD_SEALS: %s", strerror(errno));
    return ES_OK;
}

bool es_memfd_is_sealed(int fd)
{
    int seals = fcntl(fd, F_GET_SEALS);
    return seals >= 0 && (seals & SEALS) == SEALS;
}

enum es_code es_memfd_of(struct es_bytes s, int *fd, struct es_err *e)
{
    int f;
    enum es_code rc = es_memfd_new(&f, e);
    if (rc != ES_OK)
        return rc;
    rc = es_fd_write(f, s, e);
    if (rc == ES_OK)
        rc = es_memfd_seal(f, e);
    if (rc != ES_OK) {
        close(f);
        return rc;
    }
    *fd = f;
    return ES_OK;
}

enum es_code es_memfd_map(int fd, size_t max, struct es_bytes *out,
                          struct es_err *e)
{
    off_t n = lseek(fd, 0, SEEK_END);
    if (n < 0)
        return es_fail(e, ES_EIO, 0, "lseek: %s", strerror(errno));
    if ((uintmax_t)n > max)
        return es_fail(e, ES_ETOOLARGE, max, "larger than %zu bytes", max);
    if (n == 0) {
        *out = (struct es_bytes){ 0 };
        return ES_OK;
    }
    void *p = mmap(NULL, (size_t)n, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED)
        return es_fail(e, ES_EIO, 0, "mmap: %s", strerror(errno));
    *out = (struct es_bytes){ p, (size_t)n };
    return ES_OK;
}

void es_memfd_unmap(struct es_bytes s)
{
    void *p;
    memcpy(&p, &s.p, sizeof p); /* munmap wants it without const */
    if (p)
        munmap(p, s.n);
}
