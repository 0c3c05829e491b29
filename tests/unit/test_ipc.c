/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "base/limits.h"
#include "base/time.h"
#include "ipc/answer.h"
#include "ipc/frame.h"
#include "ipc/job.h"
#include "ipc/memfd.h"
#include "ipc/sandbox.h"
#include "ipc/zygote.h"
#include "t.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 120000 }; /* the machine may be busy */

/* ---- frames ---- */

TEST(frame_carries_bytes_and_a_descriptor)
{
    int pair[2], fd = -1, came = -1;
    struct es_buf got, file;
    es_buf_init(&got, 100);
    CHECK_INT(es_frame_pair(pair, NULL), ES_OK);
    CHECK_INT(es_memfd_of(es_bytes_str("a run"), &fd, NULL), ES_OK);
    CHECK_INT(es_frame_send(pair[0], es_bytes_str("head"), fd, NULL), ES_OK);
    CHECK_INT(es_frame_send(pair[0], es_bytes_str(""), -1, NULL), ES_OK);
    close(fd);
    CHECK_INT(es_frame_recv(pair[1], 100, 0, &got, &came, NULL), ES_OK);
    CHECK_STR(es_buf_cstr(&got), "head");
    CHECK(came >= 0);
    CHECK(es_memfd_is_sealed(came));
    lseek(came, 0, SEEK_SET);
    CHECK_INT(es_fd_load(came, 100, &file, NULL), ES_OK);
    CHECK_STR(es_buf_cstr(&file), "a run");
    close(came);
    CHECK_INT(es_frame_recv(pair[1], 100, 0, &got, &came, NULL), ES_OK);
    CHECK_INT(got.n, 0);
    CHECK_INT(came, -1);
    close(pair[0]);
    CHECK_INT(es_frame_recv(pair[1], 100, 0, &got, &came, NULL), ES_EWORKER);
    close(pair[1]);
    es_buf_release(&got);
    es_buf_release(&file);
}

static void *send_large(void *arg)
{
    struct es_buf b;
    es_buf_init(&b, ES_FRAME_MAX);
    while (b.n < ES_FRAME_MAX - 8)
        es_buf_u64le(&b, b.n);
    CHECK(!b.bad);
    (void)!es_frame_send(*(int *)arg, es_buf_bytes(&b), -1, NULL);
    es_buf_release(&b);
    return NULL;
}

TEST(frame_of_the_largest_size_goes_through_in_pieces)
{
    int pair[2];
    pthread_t t;
    struct es_buf got;
    struct es_rd r;
    es_buf_init(&got, ES_FRAME_MAX);
    CHECK_INT(es_frame_pair(pair, NULL), ES_OK);
    CHECK_INT(pthread_create(&t, NULL, send_large, &pair[0]), 0);
    CHECK_INT(es_frame_recv(pair[1], ES_FRAME_MAX, 0, &got, NULL, NULL), ES_OK);
    es_rd_init(&r, es_buf_bytes(&got));
    while (es_rd_left(&r) > 0) {
        uint64_t at = r.at;
        CHECK(es_rd_u64le(&r) == at);
    }
    pthread_join(t, NULL);
    close(pair[0]);
    close(pair[1]);
    es_buf_release(&got);
}

static enum es_code recv_raw(const void *p, size_t n, int64_t wait_ms)
{
    int pair[2];
    struct es_buf got;
    es_buf_init(&got, 64);
    CHECK_INT(es_frame_pair(pair, NULL), ES_OK);
    CHECK_INT(write(pair[0], p, n), (ssize_t)n);
    if (!wait_ms)
        close(pair[0]);
    enum es_code rc =
        es_frame_recv(pair[1], 64, wait_ms ? es_time_mono_ms() + wait_ms : 0,
                      &got, NULL, NULL);
    if (rc != ES_OK)
        CHECK_INT(got.n, 0);
    if (wait_ms)
        close(pair[0]);
    close(pair[1]);
    es_buf_release(&got);
    return rc;
}

TEST(frame_refuses_what_is_none)
{
    static const uint8_t good[] = "EVSF\x02\0\0\0ok";
    static const uint8_t longer[] = "EVSF\x41\0\0\0ok";
    static const uint8_t huge[] = "EVSF\xff\xff\xff\xffok";
    CHECK_INT(recv_raw(good, 10, 0), ES_OK);
    for (size_t n = 0; n < 10; n++) {
        CHECK_INT(recv_raw(good, n, 0), ES_EWORKER);
        CHECK_INT(recv_raw(good, n, 5), ES_ETIMEOUT);
    }
    CHECK_INT(recv_raw(longer, 10, 0), ES_EMALFORMED);
    CHECK_INT(recv_raw(huge, 10, 0), ES_EMALFORMED);
    CHECK_INT(recv_raw("HTTP/1.1 200 OK\r\n", 17, 0), ES_EMALFORMED);
}

TEST(frame_to_a_closed_socket_is_an_error_and_no_signal)
{
    int pair[2];
    CHECK_INT(es_frame_pair(pair, NULL), ES_OK);
    close(pair[1]);
    CHECK_INT(es_frame_send(pair[0], es_bytes_str("x"), -1, NULL), ES_EWORKER);
    close(pair[0]);
}

/* A taken-over worker may not fill our table of descriptors. */
TEST(frame_drops_a_descriptor_that_nobody_asked_for)
{
    int pair[2], before = dup(0), after;
    struct es_buf got;
    es_buf_init(&got, 64);
    close(before);
    CHECK_INT(es_frame_pair(pair, NULL), ES_OK);
    CHECK_INT(es_frame_send(pair[0], es_bytes_str("x"), pair[0], NULL), ES_OK);
    CHECK_INT(es_frame_recv(pair[1], 64, 0, &got, NULL, NULL), ES_OK);
    close(pair[0]);
    close(pair[1]);
    after = dup(0);
    CHECK_INT(after, before);
    close(after);
    es_buf_release(&got);
}

/* ---- memory files ---- */

TEST(memfd_sealed_can_not_change)
{
    int fd;
    struct es_bytes map;
    CHECK_INT(es_memfd_of(es_bytes_str("12345"), &fd, NULL), ES_OK);
    CHECK(write(fd, "x", 1) < 0);
    CHECK(ftruncate(fd, 2) != 0);
    CHECK(ftruncate(fd, 9) != 0);
    CHECK(mmap(NULL, 5, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) ==
          MAP_FAILED);
    void *p = mmap(NULL, 5, PROT_READ, MAP_SHARED, fd, 0);
    CHECK(p != MAP_FAILED && mprotect(p, 5, PROT_READ | PROT_WRITE) != 0);
    CHECK(munmap(p, 5) == 0);
    CHECK_INT(es_memfd_map(fd, 4, &map, NULL), ES_ETOOLARGE);
    CHECK_INT(es_memfd_map(fd, 5, &map, NULL), ES_OK);
    CHECK(es_bytes_eq(map, es_bytes_str("12345")));
    es_memfd_unmap(map);
    close(fd);
    CHECK_INT(es_memfd_new(&fd, NULL), ES_OK);
    CHECK(!es_memfd_is_sealed(fd));
    CHECK_INT(es_memfd_map(fd, 5, &map, NULL), ES_OK);
    CHECK_INT(map.n, 0);
    close(fd);
}

/* ---- answers ---- */

static void put_two(struct es_buf *b)
{
    struct es_answer_warning w[] = { { "bad_checksum", "differs", 7 },
                                     { "damaged", "ends early", 1u << 31 } };
    struct es_answer_item run = {
        .member = "läuf/1.gpx",
        .activity = 1,
        .activities = 2,
        .message = "",
        .warnings = w,
        .n_warnings = 2,
        .measure = es_bytes_str("opaque"),
        .sketch = es_bytes_str("a sketch"),
    };
    struct es_answer_item bad = { .code = ES_ETRUNCATED,
                                  .at = 12,
                                  .message = "ends in a header" };
    es_buf_init(b, 4096);
    es_answer_begin(b);
    es_answer_put(b, &run);
    es_answer_put(b, &bad);
    CHECK(!b->bad);
}

TEST(answer_round_trip)
{
    struct es_buf b;
    struct es_arena a;
    struct es_answer got;
    put_two(&b);
    es_arena_init(&a, 65536);
    CHECK_INT(es_answer_get(es_buf_bytes(&b), &a, &got, NULL), ES_OK);
    CHECK_INT(got.n, 2);
    CHECK_STR(got.v[0].member, "läuf/1.gpx");
    CHECK_INT(got.v[0].activity, 1);
    CHECK_INT(got.v[0].activities, 2);
    CHECK_INT(got.v[0].n_warnings, 2);
    CHECK_STR(got.v[0].warnings[1].code, "damaged");
    CHECK_STR(got.v[0].warnings[0].message, "differs");
    CHECK_INT(got.v[0].warnings[1].at, 1u << 31);
    CHECK(es_bytes_eq(got.v[0].measure, es_bytes_str("opaque")));
    CHECK(es_bytes_eq(got.v[0].sketch, es_bytes_str("a sketch")));
    CHECK(got.v[1].member == NULL);
    CHECK_INT(got.v[1].code, ES_ETRUNCATED);
    CHECK_INT(got.v[1].at, 12);
    CHECK_STR(got.v[1].message, "ends in a header");
    es_arena_release(&a);
    es_buf_release(&b);
}

/* The only shorter answer that is whole is the one that ends after an item. */
TEST(answer_every_truncation)
{
    struct es_buf b;
    size_t whole = 0;
    put_two(&b);
    for (size_t n = 0; n < b.n; n++) {
        struct es_arena a;
        struct es_answer got = { NULL, 99 };
        struct es_bytes cut = t_guarded(b.p, n);
        es_arena_init(&a, 65536);
        enum es_code rc = es_answer_get(cut, &a, &got, NULL);
        whole += rc == ES_OK;
        CHECK(rc == ES_OK ? got.n == 1 : got.n == 99 && rc == ES_EMALFORMED);
        es_arena_release(&a);
        t_guarded_free(cut);
    }
    CHECK_INT(whole, 1);
    es_buf_release(&b);
}

/* Whatever a worker writes, what comes out keeps the header's promises. */
TEST(answer_every_byte_changed)
{
    static const uint8_t VALUES[] = { 0, 1, 9, 0x1b, 0x7f, 0x80, 0xc0, 0xff };
    struct es_buf b;
    put_two(&b);
    for (size_t i = 0; i < b.n * sizeof VALUES; i++) {
        struct es_arena a;
        struct es_answer got = { NULL, 0 };
        uint8_t was = b.p[i / sizeof VALUES];
        b.p[i / sizeof VALUES] = VALUES[i % sizeof VALUES];
        es_arena_init(&a, 1 << 20);
        struct es_bytes in = t_guarded(b.p, b.n);
        if (es_answer_get(in, &a, &got, NULL) == ES_OK)
            CHECK(got.n >= 1);
        for (size_t k = 0; k < got.n; k++) {
            const struct es_answer_item *it = &got.v[k];
            CHECK((unsigned)it->code < ES_CODE_COUNT);
            CHECK((it->code == ES_OK) == (it->measure.n > 0));
            CHECK((it->code == ES_OK) == (it->sketch.n > 0));
            CHECK(it->code != ES_OK || it->activity < it->activities);
            CHECK(it->n_warnings <= ES_WARNINGS_MAX);
            CHECK(strpbrk(it->message, "\x1b\n\x7f") == NULL);
        }
        b.p[i / sizeof VALUES] = was;
        es_arena_release(&a);
        t_guarded_free(in);
    }
    es_buf_release(&b);
}

/* ---- the sandbox ---- */

static void try_open(void)
{
    if (open("/etc/passwd", O_RDONLY) >= 0)
        _exit(99);
}
static void try_socket(void)
{
    if (socket(AF_INET, SOCK_STREAM, 0) >= 0)
        _exit(99);
}
static void try_execve(void)
{
    char name[] = "true";
    char *argv[] = { name, NULL };
    execve("/bin/true", argv, argv + 1);
}
static void try_ptrace(void)
{
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
        _exit(99);
}
static void try_fork(void)
{
    if (fork() >= 0)
        _exit(99);
}
static void try_kill(void)
{
    if (kill(getppid(), 0) == 0)
        _exit(99);
}
static void try_exec_memory(void)
{
    if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
             0) != MAP_FAILED)
        _exit(99);
}
static void try_raise_memory_limit(void)
{
    struct rlimit l = { RLIM_INFINITY, RLIM_INFINITY };
    if (setrlimit(RLIMIT_AS, &l) == 0)
        _exit(99);
}
static void try_unlink(void)
{
    if (unlink("/nonexistent") == 0 || errno == ENOENT)
        _exit(99);
}
static void spend_memory(void)
{
    size_t n = 0;
    for (void *p = NULL; (p = malloc(1 << 20)) != NULL; n++)
        memset(p, 1, 1 << 20);
    _exit(n < (ES_WORKER_AS >> 20) ? 7 : 99);
}
static void see_descriptors(void)
{
    char c;
    if (read(4, &c, 1) >= 0 || errno != EBADF || read(0, &c, 1) != 0)
        _exit(99);
    _exit(7);
}
static void *thread(void *arg)
{
    return arg;
}
static void try_thread(void)
{
    pthread_t t;
    if (pthread_create(&t, NULL, thread, NULL) == 0)
        _exit(99);
}
static void do_nothing(void)
{
}

/* The status of a child that enters the sandbox and calls fn. */
static int sandboxed_with(const struct es_sandbox_needs *needs,
                          void (*fn)(void))
{
    int pair[2], status = 0;
    CHECK_INT(es_frame_pair(pair, NULL), ES_OK);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        struct es_sandbox got;
        struct es_err e = { 0 };
        if (es_sandbox_enter(pair[1], needs, &got, &e) != ES_OK) {
            (void)!write(2, e.msg, strlen(e.msg));
            _exit(97);
        }
        fn();
        _exit(0);
    }
    close(pair[0]);
    close(pair[1]);
    CHECK_INT(waitpid(pid, &status, 0), pid);
    return status;
}

static int sandboxed(void (*fn)(void))
{
    return sandboxed_with(NULL, fn);
}

static bool sanitized(void)
{
#ifdef __SANITIZE_ADDRESS__
    return true;
#else
    return false;
#endif
}

TEST(sandbox_lets_nothing_out)
{
    static const struct {
        const char *name;
        void (*fn)(void);
        bool errno_under_asan; /* a sanitizer's own reports try it too */
    } TRIES[] = {
        { "open", try_open, true },
        { "socket", try_socket, false },
        { "execve", try_execve, false },
        { "ptrace", try_ptrace, false },
        { "fork", try_fork, false },
        { "kill", try_kill, false },
        { "executable memory", try_exec_memory, false },
        { "raise a limit", try_raise_memory_limit, false },
        { "unlink", try_unlink, false },
        { "thread", try_thread, false },
    };
    int status = sandboxed(do_nothing);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    for (size_t i = 0; i < sizeof TRIES / sizeof TRIES[0]; i++) {
        status = sandboxed(TRIES[i].fn);
        bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
        bool refused = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (!killed && !(refused && sanitized() && TRIES[i].errno_under_asan))
            FAIL("%s: status %#x", TRIES[i].name, (unsigned)status);
    }
}

TEST(sandbox_leaves_only_the_socket)
{
    int status = sandboxed(see_descriptors);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 7);
}

TEST(sandbox_bounds_memory)
{
    if (sanitized())
        SKIP("a sanitizer's shadow is larger than any such bound");
    int status = sandboxed(spend_memory);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 7);
}

/* ---- files lent to the sandbox ---- */

static const char LENT[] = "/etc/passwd", GONE[] = "/nonexistent/font.ttf";

static void use_lent(void)
{
    char first[16], again[16];
    struct stat st;
    for (int i = 0; i < 100; i++) { /* closed again: no place runs out */
        int fd = open(LENT, O_RDONLY | O_CLOEXEC);
        if (fd < 0 || read(fd, first, sizeof first) != sizeof first)
            _exit(90);
        if (i > 0 && memcmp(first, again, sizeof first) != 0)
            _exit(91);
        memcpy(again, first, sizeof first);
        if (fstat(fd, &st) != 0 || st.st_size < 16)
            _exit(92);
        void *map = mmap(NULL, 16, PROT_READ, MAP_PRIVATE, fd, 0);
        if (map == MAP_FAILED || memcmp(map, first, 16) != 0)
            _exit(93);
        munmap(map, 16);
        close(fd);
    }
    FILE *f = fopen(LENT, "r");
    if (!f || fgetc(f) != first[0] || fclose(f) != 0)
        _exit(94);
    if (stat(LENT, &st) != 0 || access(LENT, R_OK) != 0)
        _exit(95);
    _exit(7);
}

static void denied(bool worked, int status)
{
    if (worked || errno != EACCES)
        _exit(status);
}

/* No other file, no other way in to these, and no word about what there is. */
static void use_others(void)
{
    struct stat st;
    char link[64];
    denied(open(LENT, O_RDWR) >= 0, 90);
    denied(open(LENT, O_WRONLY | O_TRUNC) >= 0, 91);
    denied(open("/etc/hostname", O_RDONLY) >= 0, 92);
    denied(open("/etc/../etc/passwd", O_RDONLY) >= 0, 93);
    denied(open(GONE, O_RDONLY) >= 0, 94);
    denied(open("", O_RDONLY) >= 0, 95);
    denied(openat(ES_SANDBOX_SOCK, "passwd", O_RDONLY) >= 0, 96);
    denied(stat("/etc/hostname", &st) == 0, 97);
    denied(access("/etc/hostname", F_OK) == 0, 98);
    denied(readlink("/proc/self/exe", link, sizeof link) >= 0, 99);
    _exit(7);
}

static const char *const TO_LEND[] = { GONE, LENT };
static const struct es_sandbox_needs LIBRARY = { .files = TO_LEND,
                                                 .n_files = 2 };

TEST(sandbox_lends_files_by_name)
{
    int status = sandboxed_with(&LIBRARY, use_lent);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 7);
    status = sandboxed_with(&LIBRARY, use_others);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 7);
}

/* What is lent opens no other door. */
TEST(sandbox_with_files_lets_nothing_else_out)
{
    static void (*const TRIES[])(void) = {
        try_socket,
        try_execve,
        try_ptrace,
        try_fork,
        try_kill,
        try_exec_memory,
        try_raise_memory_limit,
        try_unlink,
    };
    for (size_t i = 0; i < sizeof TRIES / sizeof TRIES[0]; i++) {
        int status = sandboxed_with(&LIBRARY, TRIES[i]);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
            FAIL("try %zu: status %#x", i, (unsigned)status);
    }
}

TEST(sandbox_lends_only_what_has_a_whole_path)
{
    static const char *const RELATIVE[] = { "etc/passwd" };
    struct es_sandbox_needs needs = { .files = RELATIVE, .n_files = 1 };
    int status = sandboxed_with(&needs, do_nothing);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 97);
}

TEST(sandbox_probe_says_what_holds)
{
    struct es_sandbox got = { -1 };
    struct es_err e = { 0 };
    if (es_sandbox_probe(&got, &e) != ES_OK)
        FAIL("%s", e.msg);
    CHECK(got.landlock_abi >= 0);
}

/* ---- zygote and jobs ---- */

static void upper(struct es_bytes head, struct es_bytes file,
                  struct es_buf *answer)
{
    es_buf_add(answer, head.p, head.n);
    for (size_t i = 0; i < file.n; i++)
        es_buf_u8(answer, (uint8_t)(file.p[i] & ~0x20));
    if (file.n == 5 && memcmp(file.p, "crash", 5) == 0)
        (void)open("/etc/passwd", O_RDONLY);
    if (file.n == 4 && memcmp(file.p, "spin", 4) == 0)
        for (volatile unsigned long n = 0;; n++)
            ;
}

static void worker(int sock)
{
    es_job_serve(sock, upper, NULL);
}

struct nest {
    int control;
    pid_t pid;
};

static struct nest nest_open(void)
{
    int pair[2];
    CHECK_INT(es_zygote_pair(pair, NULL), ES_OK);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        close(pair[0]);
        _exit(es_zygote_serve(pair[1], worker));
    }
    close(pair[1]);
    return (struct nest){ pair[0], pid };
}

static void nest_close(struct nest n)
{
    int status;
    close(n.control);
    CHECK_INT(waitpid(n.pid, &status, 0), n.pid);
    CHECK_INT(status, 0);
}

static enum es_code ask(int sock, const char *file, struct es_buf *got)
{
    int fd;
    CHECK_INT(es_memfd_of(es_bytes_str(file), &fd, NULL), ES_OK);
    CHECK_INT(es_frame_send(sock, es_bytes_str("> "), fd, NULL), ES_OK);
    close(fd);
    return es_frame_recv(sock, 100, es_time_mono_ms() + PATIENCE_MS, got, NULL,
                         NULL);
}

TEST(zygote_workers_work_until_their_socket_closes)
{
    struct nest n = nest_open();
    struct es_zygote z = { .control = n.control };
    struct es_buf got;
    int sock = -1, status = -1;
    pid_t pid = -1;
    es_buf_init(&got, 100);
    CHECK_INT(es_zygote_spawn(&z, &sock, &pid, NULL), ES_OK);
    for (int i = 0; i < 20; i++) {
        CHECK_INT(ask(sock, "abc", &got), ES_OK);
        CHECK_STR(es_buf_cstr(&got), "> ABC");
    }
    CHECK_INT(ask(sock, "", &got), ES_OK);
    CHECK_STR(es_buf_cstr(&got), "> ");
    shutdown(sock, SHUT_WR);
    CHECK_INT(es_frame_recv(sock, 9, 0, &got, NULL, NULL), ES_EWORKER);
    close(sock);
    CHECK_INT(es_zygote_reap(&z, pid, &status, NULL), ES_OK);
    CHECK(WIFEXITED(status));
    CHECK_INT(es_zygote_reap(&z, pid, &status, NULL), ES_ENOENT);
    es_buf_release(&got);
    nest_close(n);
}

TEST(zygote_tells_how_a_worker_died)
{
    static const struct {
        const char *file;
        int sig;
    } DEATHS[] = { { "crash", SIGSYS }, { "spin", SIGXCPU } };
    struct nest n = nest_open();
    struct es_zygote z = { .control = n.control };
    struct es_buf got;
    es_buf_init(&got, 100);
    for (size_t i = sanitized() ? 1 : 0; i < 2; i++) {
        int sock, status = 0;
        pid_t pid;
        CHECK_INT(es_zygote_spawn(&z, &sock, &pid, NULL), ES_OK);
        CHECK_INT(ask(sock, DEATHS[i].file, &got), ES_EWORKER);
        CHECK_INT(es_zygote_reap(&z, pid, &status, NULL), ES_OK);
        CHECK(WIFSIGNALED(status));
        CHECK_INT(WTERMSIG(status), DEATHS[i].sig);
        close(sock);
    }
    es_buf_release(&got);
    nest_close(n);
}

TEST(zygote_reset_ends_workers_and_keeps_serving)
{
    struct nest n = nest_open();
    struct es_zygote z = { .control = n.control },
                     next = { .control = n.control, .seq = 1000 };
    int sock[8], again, status;
    pid_t pid[8], one;
    struct es_buf got;
    es_buf_init(&got, 100);
    for (size_t i = 0; i < 8; i++)
        CHECK_INT(es_zygote_spawn(&z, &sock[i], &pid[i], NULL), ES_OK);
    CHECK_INT(es_zygote_reset(&next, NULL), ES_OK);
    for (size_t i = 0; i < 8; i++) {
        CHECK_INT(kill(pid[i], 0), -1);
        CHECK_INT(errno, ESRCH);
        CHECK_INT(es_zygote_reap(&next, pid[i], &status, NULL), ES_ENOENT);
        close(sock[i]);
    }
    CHECK_INT(es_zygote_spawn(&next, &again, &one, NULL), ES_OK);
    CHECK_INT(ask(again, "abc", &got), ES_OK);
    close(again);
    es_buf_release(&got);
    nest_close(n);
}

TEST(zygote_gone_is_busy_and_takes_its_workers_along)
{
    struct nest n = nest_open();
    struct es_zygote z = { .control = n.control };
    struct es_buf got;
    int sock, status;
    pid_t pid;
    es_buf_init(&got, 100);
    CHECK_INT(es_zygote_spawn(&z, &sock, &pid, NULL), ES_OK);
    kill(n.pid, SIGKILL);
    CHECK_INT(waitpid(n.pid, &status, 0), n.pid);
    CHECK_INT(es_frame_recv(sock, 9, es_time_mono_ms() + PATIENCE_MS, &got,
                            NULL, NULL),
              ES_EWORKER);
    close(sock);
    CHECK_INT(es_zygote_spawn(&z, &sock, &pid, NULL), ES_EBUSY);
    close(n.control);
    es_buf_release(&got);
}
