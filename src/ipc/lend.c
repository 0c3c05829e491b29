/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/lend.h"

#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

/* Where a system call's arguments and its answer stand. Source: syscall(2),
 * "Architecture calling conventions". */
#if defined(__x86_64__)
#define HAVE_REGISTERS 1
static const int ARGS[] = { REG_RDI, REG_RSI, REG_RDX, REG_R10 };

static long arg(const ucontext_t *u, size_t i)
{
    return (long)u->uc_mcontext.gregs[ARGS[i]];
}

static void answer(ucontext_t *u, long value)
{
    u->uc_mcontext.gregs[REG_RAX] = value;
}
#elif defined(__aarch64__)
#define HAVE_REGISTERS 1
static long arg(const ucontext_t *u, size_t i)
{
    return (long)u->uc_mcontext.regs[i];
}

static void answer(ucontext_t *u, long value)
{
    u->uc_mcontext.regs[0] = (unsigned long)value;
}
#else
#define HAVE_REGISTERS 0
static long arg(const ucontext_t *u, size_t i)
{
    (void)u;
    (void)i;
    return 0;
}

static void answer(ucontext_t *u, long value)
{
    (void)u;
    (void)value;
}
#endif

static const int CALLS[] = {
    SYS_openat, SYS_newfstatat, SYS_faccessat, SYS_faccessat2, SYS_readlinkat,
#ifdef SYS_open
    SYS_open,   SYS_stat,       SYS_access,    SYS_readlink,
#endif
};

/* A signal handler knows nothing but what is the process's own. */
static struct {
    struct {
        const char *name;
        int fd;
    } v[ES_LEND_MAX];
    size_t n;
} lent;

static int find(const char *name)
{
    for (size_t i = 0; i < lent.n; i++)
        if (strcmp(lent.v[i].name, name) == 0)
            return lent.v[i].fd;
    return -1;
}

static long open_lent(const char *name, long flags)
{
    int from = find(name);
    if (from < 0 || (flags & O_ACCMODE) != O_RDONLY)
        return -EACCES;
    int fd = fcntl(from, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    (void)lseek(fd, 0, SEEK_SET); /* a duplicate shares its place */
    return fd;
}

/* glibc's fstat(fd) comes here as well, as newfstatat(fd, ""). */
static long stat_lent(long dir, const char *name, void *st, long flags)
{
    int fd = name[0] == '\0' && (flags & AT_EMPTY_PATH) ? (int)dir : find(name);
    if (fd < 0)
        return -EACCES;
    return syscall(SYS_fstat, fd, st) == 0 ? 0 : -errno;
}

/* What a register holds is a pointer of the caller's own. */
static void *ptr(const ucontext_t *u, size_t i)
{
    long value = arg(u, i);
    void *p;
    memcpy(&p, &value, sizeof p);
    return p;
}

static long answer_call(int call, const ucontext_t *u)
{
    switch (call) {
    case SYS_openat:
        return open_lent(ptr(u, 1), arg(u, 2));
    case SYS_newfstatat:
        return stat_lent(arg(u, 0), ptr(u, 1), ptr(u, 2), arg(u, 3));
    case SYS_faccessat:
    case SYS_faccessat2:
        return find(ptr(u, 1)) >= 0 ? 0 : -EACCES;
#ifdef SYS_open
    case SYS_open:
        return open_lent(ptr(u, 0), arg(u, 1));
    case SYS_stat:
        return stat_lent(-1, ptr(u, 0), ptr(u, 1), 0);
    case SYS_access:
        return find(ptr(u, 0)) >= 0 ? 0 : -EACCES;
#endif
    default:
        return -EACCES;
    }
}

static void on_sigsys(int sig, siginfo_t *info, void *context)
{
    int saved = errno;
    (void)sig;
    answer(context, answer_call(info->si_syscall, context));
    errno = saved;
}

static enum es_code open_all(const char *const *files, size_t n,
                             struct es_err *e)
{
    for (size_t i = 0; i < n; i++) {
        if (files[i][0] != '/')
            return es_fail(e, ES_EINVAL, i, "%s is relative", files[i]);
        int fd = open(files[i], O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            continue;
        lent.v[lent.n].name = strdup(files[i]);
        lent.v[lent.n].fd = fd;
        if (!lent.v[lent.n].name) {
            close(fd);
            return es_fail(e, ES_ENOMEM, 0, "no memory");
        }
        lent.n++;
    }
    return ES_OK;
}

enum es_code es_lend(const char *const *files, size_t n, struct es_err *e)
{
    struct sigaction act = { .sa_sigaction = on_sigsys,
                             .sa_flags = SA_SIGINFO | SA_NODEFER };
    if (!HAVE_REGISTERS)
        return es_fail(e, ES_EINTERNAL, 0, "not on this kind of processor");
    if (lent.n != 0 || n > ES_LEND_MAX)
        return es_fail(e, ES_EINVAL, n, "more than %d files", ES_LEND_MAX);
    enum es_code rc = open_all(files, n, e);
    if (rc == ES_OK && sigaction(SIGSYS, &act, NULL) != 0)
        rc = es_fail(e, ES_EINTERNAL, 0, "sigaction: %s", strerror(errno));
    return rc;
}

size_t es_lend_calls(const int **out)
{
    *out = CALLS;
    return sizeof CALLS / sizeof CALLS[0];
}
