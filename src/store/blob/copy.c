/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/blob/seg_int.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* To the end of `from`, by the kernel, in as many steps as it takes. */
static bool copy_all(int from, int to)
{
    for (;;) {
        ssize_t n = copy_file_range(from, NULL, to, NULL, 1 << 30, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
    }
}

static enum es_code copy_one(int from_dir, int to_dir, const char *name,
                             struct es_err *e)
{
    int from = openat(from_dir, name, O_RDONLY | O_CLOEXEC);
    if (from < 0) /* swept meanwhile: no row named it */
        return errno == ENOENT ? ES_OK : es_seg_fail(e, name);
    enum es_code rc = ES_OK;
    int to =
        openat(to_dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (to < 0 || !copy_all(from, to) || fsync(to) != 0)
        rc = es_seg_fail(e, name);
    if (to >= 0)
        close(to);
    close(from);
    return rc;
}

static enum es_code open_target(const char *dir, int *out, struct es_err *e)
{
    int top = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (top < 0)
        return es_seg_fail(e, dir);
    enum es_code rc = ES_OK;
    if (mkdirat(top, "segments", 0700) != 0 || fsync(top) != 0 ||
        (*out = openat(top, "segments", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) <
            0)
        rc = es_seg_fail(e, dir);
    close(top);
    return rc;
}

enum es_code es_segments_copy(const struct es_segments *g, const char *dir,
                              struct es_err *e)
{
    int64_t number;
    int to = -1;
    enum es_code rc = open_target(dir, &to, e);
    if (rc != ES_OK)
        return rc;
    DIR *d = es_seg_list(g);
    if (d == NULL)
        rc = es_seg_fail(e, "segments");
    for (struct dirent *de; rc == ES_OK && (de = readdir(d)) != NULL;)
        if (es_seg_number(de->d_name, &number))
            rc = copy_one(g->dir, to, de->d_name, e);
    if (d != NULL)
        closedir(d);
    if (rc == ES_OK && fsync(to) != 0)
        rc = es_seg_fail(e, dir);
    close(to);
    return rc;
}
