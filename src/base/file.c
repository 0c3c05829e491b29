/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum es_code es_fd_load(int fd, size_t max, struct es_buf *out,
                        struct es_err *e)
{
    uint8_t chunk[65536];
    es_buf_init(out, max);
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            int why = errno;
            es_buf_release(out);
            return es_fail(e, ES_EIO, 0, "read: %s", strerror(why));
        }
        if (n == 0)
            return ES_OK;
        bool over = (size_t)n > max - out->n;
        es_buf_add(out, chunk, (size_t)n);
        if (out->bad) {
            es_buf_release(out);
            return over ? es_fail(e, ES_ETOOLARGE, max, "larger than %zu bytes",
                                  max)
                        : es_fail(e, ES_ENOMEM, 0, "no memory");
        }
    }
}

enum es_code es_file_load(const char *path, size_t max, struct es_buf *out,
                          struct es_err *e)
{
    es_buf_init(out, max);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return es_fail(e, errno == ENOENT ? ES_ENOENT : ES_EIO, 0, "%s",
                       strerror(errno));
    enum es_code rc = es_fd_load(fd, max, out, e);
    close(fd);
    return rc;
}

enum es_code es_fd_write(int fd, struct es_bytes s, struct es_err *e)
{
    while (s.n > 0) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return es_fail(e, ES_EIO, 0, "write: %s", strerror(errno));
        s.p += n;
        s.n -= (size_t)n;
    }
    return ES_OK;
}
