/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/sandbox.h"

#include "base/limits.h"
#include "ipc/lend.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { NOFILE = 8, CPU_FACTOR = SANITIZED ? 3 : 1 };

static enum es_code no(struct es_err *e, const char *what)
{
    return es_fail(e, ES_EINTERNAL, 0, "%s: %s", what, strerror(errno));
}

/* Source: landlock(7). Declared here because a kernel newer than the build
 * machine's headers knows more kinds of access, and those must go too. */
struct ruleset {
    uint64_t fs, net, scoped;
};

static enum es_code enter_landlock(int *abi, struct es_err *e)
{
    struct ruleset r = { 0 };
    long v = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
                     LANDLOCK_CREATE_RULESET_VERSION);
    *abi = v > 0 ? (int)v : 0;
    if (*abi == 0)
        return ES_OK;           /* an older kernel: seccomp alone has to do */
    r.fs = *abi >= 5   ? 0xffff /* + ioctl of devices */
           : *abi >= 3 ? 0x7fff /* + truncate */
           : *abi == 2 ? 0x3fff /* + refer */
                       : 0x1fff;
    r.net = *abi >= 4 ? 0x3 : 0;    /* bind and connect TCP */
    r.scoped = *abi >= 6 ? 0x3 : 0; /* abstract sockets, signals */
    size_t size = *abi >= 6 ? 24 : *abi >= 4 ? 16 : 8;
    long fd = syscall(SYS_landlock_create_ruleset, &r, size, 0);
    if (fd < 0)
        return no(e, "landlock_create_ruleset");
    long rc = syscall(SYS_landlock_restrict_self, fd, 0);
    close((int)fd);
    return rc == 0 ? ES_OK : no(e, "landlock_restrict_self");
}

static enum es_code enter_limits(const struct es_sandbox_needs *needs,
                                 struct es_err *e)
{
    const struct {
        __rlimit_resource_t what;
        rlim_t max;
    } LIMITS[] = {
#if !SANITIZED
        { RLIMIT_AS, needs->memory ? needs->memory : ES_WORKER_AS },
#endif
        { RLIMIT_CORE, 0 },
        { RLIMIT_FSIZE, 0 },
        { RLIMIT_NPROC, 0 },
        { RLIMIT_NOFILE, NOFILE + needs->n_files },
        { RLIMIT_MEMLOCK, 0 },
        { RLIMIT_MSGQUEUE, 0 },
    };
    for (size_t i = 0; i < sizeof LIMITS / sizeof LIMITS[0]; i++) {
        struct rlimit l = { LIMITS[i].max, LIMITS[i].max };
        if (setrlimit(LIMITS[i].what, &l) != 0)
            return no(e, "setrlimit");
    }
    return ES_OK;
}

static enum es_code enter_files(int sock, const struct es_sandbox_needs *needs,
                                struct es_err *e)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0)
        return no(e, "/dev/null");
    if (sock != ES_SANDBOX_SOCK && dup2(sock, ES_SANDBOX_SOCK) < 0)
        return no(e, "dup2");
    if (dup2(null, 0) < 0 || dup2(null, 1) < 0)
        return no(e, "dup2");
    if (close_range(ES_SANDBOX_SOCK + 1, ~0u, 0) != 0)
        return no(e, "close_range");
    return needs->n_files ? es_lend(needs->files, needs->n_files, e) : ES_OK;
}

static const int ALLOWED[] = {
    SCMP_SYS(read),          SCMP_SYS(write),
    SCMP_SYS(recvmsg),       SCMP_SYS(sendmsg),
    SCMP_SYS(poll),          SCMP_SYS(close),
    SCMP_SYS(lseek),         SCMP_SYS(munmap),
    SCMP_SYS(mremap),        SCMP_SYS(brk),
    SCMP_SYS(madvise),       SCMP_SYS(futex),
    SCMP_SYS(clock_gettime), SCMP_SYS(restart_syscall),
    SCMP_SYS(rt_sigaction),  SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),  SCMP_SYS(exit),
    SCMP_SYS(exit_group),
#if SANITIZED
    SCMP_SYS(getpid),        SCMP_SYS(gettid),
    SCMP_SYS(sigaltstack),   SCMP_SYS(sched_yield),
    SCMP_SYS(mprotect),
#endif
};

#if SANITIZED
/* What a sanitizer's report tries in order to name functions. */
static const int REFUSED[] = { SCMP_SYS(open),     SCMP_SYS(openat),
                               SCMP_SYS(readlink), SCMP_SYS(stat),
                               SCMP_SYS(fstat),    SCMP_SYS(newfstatat),
                               SCMP_SYS(getrlimit) };
#endif

static int add_files(scmp_filter_ctx f)
{
    static const int COMMANDS[] = { F_DUPFD_CLOEXEC, F_GETFD, F_SETFD,
                                    F_GETFL };
    const int *calls;
    size_t n = es_lend_calls(&calls);
    int bad = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(fstat), 0);
    for (size_t i = 0; i < n; i++)
        bad |= seccomp_rule_add(f, SCMP_ACT_TRAP, calls[i], 0);
    for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++)
        bad |= seccomp_rule_add(
            f, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
            SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)COMMANDS[i], 0));
    /* qsort asks how much memory there is; it can do without */
    bad |= seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(sysinfo), 0);
    return bad;
}

static int add_rules(scmp_filter_ctx f, const struct es_sandbox_needs *needs)
{
    int bad = 0;
    if (needs->n_files)
        bad |= add_files(f);
    for (size_t i = 0; i < sizeof ALLOWED / sizeof ALLOWED[0]; i++)
        bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, ALLOWED[i], 0);
#if SANITIZED
    for (size_t i = 0;
         !needs->n_files && i < sizeof REFUSED / sizeof REFUSED[0]; i++)
        bad |= seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), REFUSED[i], 0);
#endif
    /* no new code, no limit raised but the one that is armed for each job */
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    /* malloc tries a second heap before it gives up and returns NULL */
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    bad |= seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 2,
                            SCMP_A0(SCMP_CMP_EQ, 0, 0),
                            SCMP_A1(SCMP_CMP_EQ, RLIMIT_CPU, 0));
    return bad;
}

static enum es_code enter_seccomp(const struct es_sandbox_needs *needs,
                                  struct es_err *e)
{
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
    if (!f)
        return es_fail(e, ES_EINTERNAL, 0, "seccomp_init");
    /* stderr goes last, for what could fail until here, and it does go: a
     * taken-over worker could forge lines of our log */
    if (!SANITIZED && dup2(0, 2) < 0) {
        seccomp_release(f);
        return no(e, "dup2");
    }
    int rc = add_rules(f, needs);
    if (rc == 0)
        rc = seccomp_load(f);
    seccomp_release(f);
    return rc == 0 ? ES_OK
                   : es_fail(e, ES_EINTERNAL, 0, "seccomp: %s", strerror(-rc));
}

enum es_code es_sandbox_enter(int sock, const struct es_sandbox_needs *needs,
                              struct es_sandbox *got, struct es_err *e)
{
    static const struct es_sandbox_needs NOTHING = { 0 };
    int abi = 0;
    if (!needs)
        needs = &NOTHING;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return no(e, "no_new_privs");
    enum es_code rc = enter_files(sock, needs, e);
    if (rc == ES_OK)
        rc = enter_landlock(&abi, e);
    if (rc == ES_OK)
        rc = enter_limits(needs, e);
    if (rc == ES_OK)
        rc = enter_seccomp(needs, e);
    if (rc == ES_OK && got)
        got->landlock_abi = abi;
    return rc;
}

enum es_code es_sandbox_arm_cpu(struct es_err *e)
{
    struct timespec used;
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0)
        return no(e, "clock_gettime");
    struct rlimit l = {
        .rlim_cur = (rlim_t)used.tv_sec + 1 + ES_WORKER_CPU_S * CPU_FACTOR,
        .rlim_max = RLIM_INFINITY,
    };
    if (setrlimit(RLIMIT_CPU, &l) != 0)
        return no(e, "RLIMIT_CPU");
    return ES_OK;
}

__attribute__((noreturn)) static void probe_child(int sock)
{
    struct es_sandbox got;
    struct es_err e;
    if (es_sandbox_enter(sock, NULL, &got, &e) != ES_OK) {
        (void)!write(sock, e.msg, sizeof e.msg);
        _exit(1);
    }
    (void)!write(ES_SANDBOX_SOCK, &got, sizeof got);
    int fd = open("/", O_RDONLY);
    _exit(fd >= 0 ? 2 : 0);
}

enum es_code es_sandbox_probe(struct es_sandbox *got, struct es_err *e)
{
    int pair[2];
    char said[sizeof e->msg] = "";
    int status = 0;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return no(e, "socketpair");
    pid_t pid = fork();
    if (pid == 0)
        probe_child(pair[1]);
    close(pair[1]);
    ssize_t n = pid < 0 ? -1 : recv(pair[0], said, sizeof said, MSG_WAITALL);
    close(pair[0]);
    if (pid < 0)
        return no(e, "fork");
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (n != (ssize_t)sizeof *got)
        return es_fail(e, ES_EINTERNAL, 0, "%.*s", (int)sizeof said - 1, said);
    bool held = (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) ||
                (SANITIZED && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    if (!held)
        return es_fail(e, ES_EINTERNAL, 0, "a file could be opened inside");
    memcpy(got, said, sizeof *got);
    return ES_OK;
}
