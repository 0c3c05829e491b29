/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/file.h"
#include "web/site_int.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What says that a folder is an unfinished one of ours, which may go. */
#define OURS ".everystep-unfinished"
enum { AT_ONCE = 16 }; /* folders open while one is taken away */

static enum es_code failed(const char *what, const char *name, struct es_err *e)
{
    return es_fail(e, ES_EIO, 0, "%s %s: %s", what, name, strerror(errno));
}

/* Whether nothing is there, or an empty folder. */
static bool free_place(const char *dir)
{
    DIR *d = opendir(dir);
    bool empty = true;
    if (!d)
        return errno == ENOENT;
    for (const struct dirent *f; empty && (f = readdir(d));)
        empty = strcmp(f->d_name, ".") == 0 || strcmp(f->d_name, "..") == 0;
    closedir(d);
    return empty;
}

static int take_away(const char *path, const struct stat *st, int kind,
                     struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

static enum es_code clear(const char *part, struct es_err *e)
{
    char mark[sizeof((struct es_site_disk *)0)->part + sizeof OURS + 1];
    if (free_place(part))
        return ES_OK;
    (void)snprintf(mark, sizeof mark, "%s/" OURS, part);
    if (access(mark, F_OK) != 0)
        return es_fail(e, ES_EEXIST, 0, "%s is in the way", part);
    if (nftw(part, take_away, AT_ONCE, FTW_DEPTH | FTW_PHYS) != 0)
        return failed("can't clear", part, e);
    return ES_OK;
}

enum es_code es_site_disk_open(struct es_site_disk *d, const char *dir,
                               struct es_err *e)
{
    size_t len = strlen(dir);
    while (len > 1 && dir[len - 1] == '/')
        len--;
    *d = (struct es_site_disk){ .dir = dir, .fd = -1 };
    if (!free_place(dir))
        return es_fail(e, ES_EEXIST, 0,
                       "something is in it already; name another folder");
    int n = snprintf(d->part, sizeof d->part, "%.*s.part", (int)len, dir);
    if (n < 0 || (size_t)n >= sizeof d->part)
        return es_fail(e, ES_EINVAL, 0, "too long a name");
    enum es_code rc = clear(d->part, e);
    if (rc != ES_OK)
        return rc;
    if (mkdir(d->part, 0777) != 0 && errno != EEXIST)
        return failed("can't make", d->part, e);
    d->fd = open(d->part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (d->fd < 0)
        return failed("can't open", d->part, e);
    return es_site_disk_put(d, OURS, es_bytes_str(""), e);
}

/* The folders before the last part of a file's name. */
static enum es_code make_folders(const struct es_site_disk *d, const char *file,
                                 struct es_err *e)
{
    char folder[ES_SITE_NAME];
    for (const char *p = strchr(file, '/'); p; p = strchr(p + 1, '/')) {
        (void)snprintf(folder, sizeof folder, "%.*s", (int)(p - file), file);
        if (mkdirat(d->fd, folder, 0777) != 0 && errno != EEXIST)
            return failed("can't make", folder, e);
    }
    return ES_OK;
}

enum es_code es_site_disk_create(struct es_site_disk *d, const char *file,
                                 int *fd, struct es_err *e)
{
    const int how = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    int made = openat(d->fd, file, how, 0666);
    if (made < 0 && errno == ENOENT) {
        enum es_code rc = make_folders(d, file, e);
        if (rc != ES_OK)
            return rc;
        made = openat(d->fd, file, how, 0666);
    }
    if (made < 0)
        return failed("can't make", file, e);
    *fd = made;
    return ES_OK;
}

enum es_code es_site_disk_put(struct es_site_disk *d, const char *file,
                              struct es_bytes bytes, struct es_err *e)
{
    int fd;
    enum es_code rc = es_site_disk_create(d, file, &fd, e);
    if (rc != ES_OK)
        return rc;
    rc = es_fd_write(fd, bytes, e);
    if (close(fd) != 0 && rc == ES_OK)
        rc = failed("can't write", file, e);
    return rc;
}

enum es_code es_site_disk_done(struct es_site_disk *d, struct es_err *e)
{
    if (syncfs(d->fd) != 0)
        return failed("can't write", d->part, e);
    if (rename(d->part, d->dir) != 0) /* over an empty folder, too */
        return failed("can't rename", d->dir, e);
    if (unlinkat(d->fd, OURS, 0) != 0)
        return failed("can't finish", d->dir, e);
    return ES_OK;
}

void es_site_disk_close(struct es_site_disk *d)
{
    if (d->fd >= 0)
        close(d->fd);
    d->fd = -1;
}
