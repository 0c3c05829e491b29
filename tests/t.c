/* SPDX-License-Identifier: Apache-2.0 */
#include "t.h"

#include <fnmatch.h>
#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TESTS_MAX = 512, DIRS_MAX = 64 };

static struct CMUnitTest tests[TESTS_MAX];
static size_t n_tests;
static char dirs[DIRS_MAX][64];
static size_t n_dirs;
static pid_t owner;

void t_register(const char *name, CMUnitTestFunction fn)
{
    if (n_tests == TESTS_MAX)
        abort();
    tests[n_tests++] = (struct CMUnitTest){ .name = name, .test_func = fn };
}

void t_near(double a, double b, double tol, const char *what, const char *file,
            int line)
{
    if (!(fabs(a - b) <= tol)) {
        print_error("%s is %.9g, not %.9g +- %.9g\n", what, a, b, tol);
        _fail(file, line);
    }
}

void t_skip(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fputs("skipped: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputs("\n", stderr);
    va_end(ap);
    skip();
    abort(); /* skip() does not return */
}

struct es_bytes t_guarded(const uint8_t *p, size_t n)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t room = (n + page - 1) / page * page;
    uint8_t *m = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (m == MAP_FAILED || mprotect(m + room, page, PROT_NONE) != 0)
        abort();
    if (n)
        memcpy(m + room - n, p, n);
    return (struct es_bytes){ m + room - n, n };
}

void t_guarded_free(struct es_bytes s)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t room = (s.n + page - 1) / page * page;
    munmap((void *)(uintptr_t)(s.p + s.n - room), room + page);
}

static int remove_one(const char *path, const struct stat *sb, int flag,
                      struct FTW *ftw)
{
    (void)sb;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static void remove_dirs(void)
{
    if (getpid() != owner) /* a forked child leaves its parent's folders */
        return;
    for (size_t i = 0; i < n_dirs; i++)
        nftw(dirs[i], remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *t_tmpdir(void)
{
    if (n_dirs == DIRS_MAX)
        abort();
    char *d = dirs[n_dirs];
    const char *base = getenv("TMPDIR");
    snprintf(d, sizeof dirs[0], "%.40s/everystep-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(d))
        abort();
    if (n_dirs++ == 0) {
        owner = getpid();
        atexit(remove_dirs);
    }
    return d;
}

const char *t_tracks(void)
{
    static char path[4096];
    const char *root = getenv("ES_SOURCE_ROOT");
    snprintf(path, sizeof path, "%s/../shared/tracks", root ? root : ".");
    return access(path, R_OK) == 0 ? path : NULL;
}

int main(int argc, char **argv)
{
    struct CMUnitTest chosen[TESTS_MAX];
    size_t n = 0;
    const char *pattern =
        argc == 3 && strcmp(argv[1], "-f") == 0 ? argv[2] : NULL;
    for (size_t i = 0; i < n_tests; i++)
        if (!pattern || fnmatch(pattern, tests[i].name, 0) == 0)
            chosen[n++] = tests[i];
    if (n == 0) {
        fprintf(stderr, "no test matches\n");
        return 1;
    }
    return _cmocka_run_group_tests(argv[0], chosen, n, NULL, NULL) != 0;
}
