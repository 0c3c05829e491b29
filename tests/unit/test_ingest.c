/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The server's side of decoding, against the real everystep-decode and against
 * workers that have been taken over. */
#include "t.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/time.h"
#include "ingest/ingest_int.h"
#include "ipc/answer.h"
#include "ipc/crew_int.h"
#include "ipc/frame.h"
#include "ipc/job.h"
#include "ipc/memfd.h"
#include "ipc/zygote.h"

#include <dirent.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

/* ---- what the tests share ---- */

/* Each thread's heap reserves 64 MB of address space, and our fake zygotes are
 * forks of this program: what eight threads reserved is more than a worker's
 * bound. */
__attribute__((constructor)) static void one_heap(void)
{
    (void)mallopt(M_ARENA_MAX, 1);
}

static const char *decode_exe(void)
{
    static char path[4096];
    const char *root = getenv("ES_BUILD_ROOT");
    CHECK(root != NULL);
    (void)snprintf(path, sizeof path, "%s/everystep-decode", root);
    return path;
}

static struct es_ingest *open_with(unsigned workers, int zygote, int64_t wall)
{
    struct es_ingest_config c = { .zygote_fd = zygote,
                                  .workers = workers,
                                  .exe = decode_exe(),
                                  .wall_ms = wall };
    struct es_ingest *in = NULL;
    struct es_err e = { 0 };
    if (es_ingest_open(&c, &in, &e) != ES_OK)
        FAIL("%s", e.msg);
    return in;
}

/* A track of n points, a second and about 3 m apart. */
static void gpx(struct es_buf *b, unsigned n)
{
    char when[ES_TIME_TEXT];
    es_buf_init(b, ES_UPLOAD_MAX);
    es_buf_str(b, "<?xml version=\"1.0\"?><gpx version=\"1.1\" creator=\"test\""
                  " xmlns=\"http://www.topografix.com/GPX/1/1\"><trk><trkseg>");
    for (unsigned i = 0; i < n; i++)
        es_buf_fmt(b,
                   "<trkpt lat=\"%u.%06u\" lon=\"10\"><time>%s</time></trkpt>",
                   50 + i * 27 / 1000000, i * 27 % 1000000,
                   es_time_text(1750000000000 + (int64_t)i * 1000, when));
    es_buf_str(b, "</trkseg></trk></gpx>");
    CHECK(!b->bad);
}

static enum es_code run_bytes(struct es_ingest *in, struct es_bytes file,
                              struct es_arena *a, struct es_ingest_result *r)
{
    es_arena_init(a, 16 << 20);
    return es_ingest_bytes(in, file, a, r, NULL);
}

/* The code of an upload that gives one item, or of the failure. */
static enum es_code verdict(struct es_ingest *in, struct es_bytes file)
{
    struct es_arena a;
    struct es_ingest_result r = { 0 };
    enum es_code rc = run_bytes(in, file, &a, &r);
    if (rc == ES_OK)
        CHECK_INT(r.n, 1);
    enum es_code item = rc == ES_OK ? r.v[0].code : rc;
    es_arena_release(&a);
    return item;
}

static bool reads_gpx(struct es_ingest *in, unsigned n)
{
    struct es_arena a;
    struct es_buf file;
    struct es_ingest_result r = { 0 };
    gpx(&file, n);
    enum es_code rc = run_bytes(in, es_buf_bytes(&file), &a, &r);
    bool ok =
        rc == ES_OK && r.n == 1 && r.v[0].code == ES_OK && r.v[0].m.points == n;
    es_arena_release(&a);
    es_buf_release(&file);
    return ok;
}

static bool reads_file(struct es_ingest *in, const char *dir, const char *name)
{
    char path[8192];
    struct es_buf file;
    struct es_arena a;
    struct es_ingest_result r = { 0 };
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    CHECK_INT(es_file_load(path, ES_UPLOAD_MAX, &file, NULL), ES_OK);
    enum es_code rc = run_bytes(in, es_buf_bytes(&file), &a, &r);
    if (rc != ES_OK)
        FAIL("%s: %s", name, es_code_name(rc));
    bool ok = r.v[0].code == ES_OK;
    es_arena_release(&a);
    es_buf_release(&file);
    return ok;
}

static pid_t only_pid(struct es_ingest *in)
{
    pid_t pid = 0;
    CHECK_INT(es_ingest_pids(in, &pid, 1), 1);
    return pid;
}

/* Fields 3 and 4 of /proc/PID/stat, proc(5). */
static pid_t proc_stat(pid_t pid, char *state)
{
    char path[64], line[512] = "";
    int parent = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "re");
    if (!f)
        return 0;
    if (fgets(line, sizeof line, f)) {
        const char *p = strrchr(line, ')');
        CHECK(p && sscanf(p, ") %c %d", state, &parent) == 2);
    }
    fclose(f);
    return parent;
}

static void kill_and_see_dead(pid_t pid)
{
    char state = 0;
    CHECK_INT(kill(pid, SIGKILL), 0);
    while (proc_stat(pid, &state) != 0 && state != 'Z')
        usleep(1000);
}

static size_t open_fds(void)
{
    size_t n = 0;
    DIR *d = opendir("/proc/self/fd");
    CHECK(d != NULL);
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

/* ---- the real worker ---- */

TEST(ingest_reads_a_gpx)
{
    struct es_ingest *in = open_with(1, -1, 0);
    struct es_arena a;
    struct es_buf file;
    struct es_ingest_result r = { 0 };
    gpx(&file, 1001);
    CHECK_INT(run_bytes(in, es_buf_bytes(&file), &a, &r), ES_OK);
    CHECK_INT(r.n, 1);
    CHECK_INT(r.v[0].code, ES_OK);
    CHECK(r.v[0].member == NULL);
    CHECK_INT(r.v[0].activities, 1);
    CHECK_INT(r.v[0].m.format, ES_FORMAT_GPX);
    CHECK_INT(r.v[0].m.points, 1001);
    CHECK_INT(r.v[0].m.started_ms, 1750000000000);
    CHECK_NEAR(r.v[0].m.elapsed_s, 1000, 1e-9);
    CHECK_NEAR(r.v[0].m.raw_dist_m, 3003.5, 3);
    es_arena_release(&a);
    es_buf_release(&file);
    es_ingest_close(in);
}

TEST(ingest_says_why_a_file_is_no_use)
{
    struct es_ingest *in = open_with(1, -1, 0);
    pid_t first = only_pid(in);
    CHECK_INT(verdict(in, es_bytes_str("")), ES_EEMPTY);
    CHECK_INT(verdict(in, es_bytes_str("hello")), ES_EUNKNOWN);
    CHECK_INT(verdict(in, es_bytes_str("<!DOCTYPE gpx [<!ENTITY a \"b\">]>"
                                       "<gpx version=\"1.1\"/>")),
              ES_EDOCTYPE);
    CHECK_INT(verdict(in, es_bytes_str("<gpx version=\"1.1\"></gpx>")),
              ES_ENOACTIVITY);
    CHECK_INT(only_pid(in), first); /* none of them cost a worker */
    CHECK(reads_gpx(in, 10));
    es_ingest_close(in);
}

TEST(ingest_stops_a_bomb)
{
    struct es_ingest *in = open_with(1, -1, 0);
    static uint8_t zeros[1 << 20];
    static uint8_t out[4 << 20];
    z_stream z = { .next_out = out, .avail_out = sizeof out };
    CHECK_INT(deflateInit2(&z, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY), Z_OK);
    for (int i = 0; i < 200; i++) {
        z.next_in = zeros;
        z.avail_in = sizeof zeros;
        CHECK_INT(deflate(&z, i == 199 ? Z_FINISH : Z_NO_FLUSH),
                  i == 199 ? Z_STREAM_END : Z_OK);
    }
    CHECK_INT(verdict(in, (struct es_bytes){ out, z.total_out }), ES_EBOMB);
    deflateEnd(&z);
    CHECK(reads_gpx(in, 10));
    es_ingest_close(in);
}

TEST(ingest_takes_only_sealed_files_of_the_right_size)
{
    struct es_ingest *in = open_with(1, -1, 0);
    struct es_arena a;
    struct es_ingest_result r = { 0 };
    int fd;
    es_arena_init(&a, 1 << 20);
    CHECK_INT(es_memfd_new(&fd, NULL), ES_OK);
    CHECK_INT(es_ingest_run(in, fd, &a, &r, NULL), ES_EINVAL);
    CHECK_INT(ftruncate(fd, (off_t)ES_UPLOAD_MAX + 1), 0);
    CHECK_INT(es_memfd_seal(fd, NULL), ES_OK);
    CHECK_INT(es_ingest_run(in, fd, &a, &r, NULL), ES_ETOOLARGE);
    close(fd);
    CHECK(r.v == NULL);
    es_arena_release(&a);
    es_ingest_close(in);
}

/* What real devices write needs no system call that the sandbox forbids and no
 * more memory or time than it gives, gzip's and zip's included. */
TEST(ingest_reads_real_files_without_losing_a_worker)
{
    static const char *const FOLDERS[] = { "fit", "gpx", "tcx" };
    const char *tracks = t_tracks();
    if (!tracks)
        SKIP("no folder of real tracks beside the checkout");
    struct es_ingest *in = open_with(1, -1, 0);
    struct es_crew_stats stats;
    size_t read = 0;
    for (size_t i = 0; i < 3; i++) {
        char path[4096];
        (void)snprintf(path, sizeof path, "%s/%s", tracks, FOLDERS[i]);
        DIR *d = opendir(path);
        CHECK(d != NULL);
        for (struct dirent *at; (at = readdir(d)) != NULL;)
            if (at->d_name[0] != '.' && !strstr(at->d_name, ".json"))
                read += reads_file(in, path, at->d_name);
        closedir(d);
    }
    es_ingest_stats(in, &stats);
    CHECK_INT(stats.died + stats.complex_, 0);
    CHECK(read > 100);
    es_ingest_close(in);
}

TEST(ingest_replaces_a_worker_after_its_share_of_jobs)
{
    struct es_ingest *in = open_with(1, -1, 0);
    pid_t first = only_pid(in);
    size_t fds = open_fds();
    for (int i = 1; i < ES_WORKER_JOBS; i++)
        CHECK(reads_gpx(in, 3));
    CHECK_INT(only_pid(in), first);
    CHECK(reads_gpx(in, 3));
    CHECK(only_pid(in) != first);
    CHECK(reads_gpx(in, 3));
    CHECK_INT(open_fds(), fds);
    es_ingest_close(in);
}

/* ---- deaths ---- */

struct upload {
    struct es_ingest *in;
    enum es_code code;
};

static void *upload_thread(void *arg)
{
    struct upload *u = arg;
    struct es_buf file;
    gpx(&file, 50);
    u->code = verdict(u->in, es_buf_bytes(&file));
    es_buf_release(&file);
    return NULL;
}

/* Stopped first, so that it surely dies with the upload in its hands. */
TEST(ingest_survives_a_worker_killed_in_the_middle)
{
    struct es_ingest *in = open_with(1, -1, 0);
    size_t fds = open_fds();
    for (int round = 0; round < 3; round++) {
        struct upload u = { .in = in };
        struct es_crew_stats before, now;
        pthread_t t;
        pid_t pid = only_pid(in);
        es_ingest_stats(in, &before);
        CHECK_INT(kill(pid, SIGSTOP), 0);
        CHECK_INT(pthread_create(&t, NULL, upload_thread, &u), 0);
        do {
            usleep(1000);
            es_ingest_stats(in, &now);
        } while (now.jobs == before.jobs);
        CHECK_INT(kill(pid, SIGKILL), 0);
        pthread_join(t, NULL);
        CHECK_INT(u.code, ES_EWORKER);
        CHECK(only_pid(in) != pid);
        CHECK(reads_gpx(in, 20));
    }
    CHECK_INT(open_fds(), fds);
    es_ingest_close(in);
}

TEST(ingest_replaces_a_worker_that_died_between_uploads)
{
    struct es_ingest *in = open_with(2, -1, 0);
    struct es_crew_stats stats;
    for (int round = 0; round < 3; round++) {
        pid_t pids[2];
        CHECK_INT(es_ingest_pids(in, pids, 2), 2);
        kill_and_see_dead(pids[0]);
        kill_and_see_dead(pids[1]);
        for (int i = 0; i < 4; i++)
            CHECK(reads_gpx(in, 20));
    }
    es_ingest_stats(in, &stats);
    CHECK_INT(stats.died, 0);
    es_ingest_close(in);
}

TEST(ingest_starts_another_zygote_when_its_own_dies)
{
    struct es_ingest *in = open_with(2, -1, 0);
    pid_t pids[2];
    char how;
    CHECK_INT(es_ingest_pids(in, pids, 2), 2);
    pid_t zygote = proc_stat(pids[0], &how);
    CHECK(zygote > 1 && zygote != getpid());
    kill_and_see_dead(zygote);
    for (int i = 0; i < 2; i++) /* they go with it */
        while (kill(pids[i], 0) == 0 && proc_stat(pids[i], &how) != 0 &&
               how != 'Z')
            usleep(1000);
    for (int i = 0; i < 4; i++)
        CHECK(reads_gpx(in, 20));
    es_ingest_close(in);
}

TEST(ingest_leaves_no_process_behind)
{
    struct es_ingest *in = open_with(3, -1, 0);
    pid_t pids[3];
    char how;
    CHECK_INT(es_ingest_pids(in, pids, 3), 3);
    es_ingest_close(in);
    for (int i = 0; i < 3; i++)
        while (proc_stat(pids[i], &how) != 0)
            usleep(1000);
    CHECK_INT(waitpid(-1, NULL, WNOHANG), -1);
    CHECK_INT(errno, ECHILD);
}

TEST(ingest_without_its_program_is_an_error)
{
    struct es_ingest_config c = { .zygote_fd = -1, .exe = "/nonexistent" };
    struct es_ingest *in = NULL;
    CHECK_INT(es_ingest_open(&c, &in, NULL), ES_EIO);
    CHECK(in == NULL);
}

/* ---- many at once ---- */

struct crowd {
    struct es_ingest *in;
    unsigned seed;
    unsigned right, died;
};

static void *crowd_thread(void *arg)
{
    struct crowd *c = arg;
    for (unsigned i = 0; i < 50; i++) {
        struct es_arena a;
        struct es_buf file;
        struct es_ingest_result r = { 0 };
        unsigned n = 5 + c->seed * 50 + i; /* each file has its own length */
        gpx(&file, n);
        enum es_code rc = run_bytes(c->in, es_buf_bytes(&file), &a, &r);
        if (rc == ES_OK && r.n == 1 && r.v[0].m.points == n)
            c->right++;
        else if (rc == ES_EWORKER)
            c->died++;
        es_arena_release(&a);
        es_buf_release(&file);
    }
    return NULL;
}

static void crowd_start(struct es_ingest *in, struct crowd *c, pthread_t *t)
{
    for (unsigned i = 0; i < 8; i++) {
        c[i] = (struct crowd){ .in = in, .seed = i };
        CHECK_INT(pthread_create(&t[i], NULL, crowd_thread, &c[i]), 0);
    }
}

TEST(ingest_never_mixes_up_eight_threads)
{
    struct es_ingest *in = open_with(4, -1, 0);
    struct crowd c[8];
    pthread_t t[8];
    crowd_start(in, c, t);
    for (unsigned i = 0; i < 8; i++) {
        pthread_join(t[i], NULL);
        CHECK_INT(c[i].right, 50);
    }
    es_ingest_close(in);
}

TEST(ingest_under_fire_fails_only_what_was_hit)
{
    struct es_ingest *in = open_with(4, -1, 0);
    struct crowd c[8];
    struct es_crew_stats stats;
    pthread_t t[8];
    unsigned died = 0;
    crowd_start(in, c, t);
    for (unsigned i = 0; i < 30; i++) {
        pid_t pids[4];
        size_t n = es_ingest_pids(in, pids, 4);
        if (n > 0)
            (void)kill(pids[i % n], SIGKILL);
        usleep(5000);
    }
    for (unsigned i = 0; i < 8; i++) {
        pthread_join(t[i], NULL);
        CHECK_INT(c[i].right + c[i].died, 50);
        died += c[i].died;
    }
    es_ingest_stats(in, &stats);
    CHECK_INT(stats.died, died);
    CHECK(died <= 30);
    CHECK(reads_gpx(in, 20));
    es_ingest_close(in);
}

/* ---- workers that were taken over ---- */

static void say(int sock, const void *p, size_t n)
{
    struct es_buf head;
    es_buf_init(&head, 4096);
    int fd = -1;
    if (es_frame_recv(sock, 4096, 0, &head, &fd, NULL) == ES_OK)
        (void)!write(sock, p, n);
    es_buf_release(&head);
}

static void lie_noise(int sock)
{
    static const char NOISE[] = "\xde\xad\xbe\xef rubbish, and no frame";
    say(sock, NOISE, sizeof NOISE);
}

static void lie_empty_frame(int sock)
{
    say(sock, "EVSF\0\0\0\0", 8);
}

static void lie_huge_frame(int sock)
{
    say(sock, "EVSF\xff\xff\xff\x7f", 8);
}

static void lie_cut_frame(int sock)
{
    say(sock, "EVSF\x40\0\0\0\1", 9);
}

static void lie_zeros(int sock)
{
    struct es_buf b;
    es_buf_init(&b, ES_FRAME_MAX + 8);
    es_buf_str(&b, "EVSF");
    es_buf_u32le(&b, ES_FRAME_MAX);
    while (b.n < ES_FRAME_MAX + 8)
        es_buf_u64le(&b, 0);
    say(sock, b.p, b.n);
}

static void say_item(int sock, const struct es_answer_item *item)
{
    struct es_buf b, frame;
    es_buf_init(&b, 4096);
    es_buf_init(&frame, 4096);
    es_answer_begin(&b);
    es_answer_put(&b, item);
    es_buf_str(&frame, "EVSF");
    es_buf_u32le(&frame, (uint32_t)b.n);
    es_buf_add(&frame, b.p, b.n);
    say(sock, frame.p, frame.n);
}

static void lie_false_measure(int sock)
{
    say_item(sock, &(struct es_answer_item){
                       .activities = 1,
                       .message = "",
                       .measure = es_bytes_str("\1\2\3 not a measure") });
}

/* A worker has no say about rights or about our own state. */
static void lie_denied(int sock)
{
    say_item(sock, &(struct es_answer_item){ .code = ES_EDENIED,
                                             .message = "go away" });
}

static struct es_ingest *open_fake(es_zygote_worker *worker, int64_t wall_ms,
                                   pid_t *pid, int *control)
{
    int pair[2];
    CHECK_INT(es_zygote_pair(pair, NULL), ES_OK);
    *pid = fork();
    CHECK(*pid >= 0);
    if (*pid == 0) {
        close(pair[0]);
        _exit(es_zygote_serve(pair[1], worker));
    }
    close(pair[1]);
    *control = pair[0];
    return open_with(1, pair[0], wall_ms);
}

static void close_fake(struct es_ingest *in, pid_t pid, int control)
{
    int status = -1;
    es_ingest_close(in);
    close(control);
    CHECK_INT(waitpid(pid, &status, 0), pid);
    CHECK_INT(status, 0);
}

TEST(ingest_believes_no_liar)
{
    static es_zygote_worker *const LIARS[] = {
        lie_noise, lie_empty_frame, lie_huge_frame,    lie_cut_frame,
        lie_zeros, lie_denied,      lie_false_measure,
    };
    for (size_t i = 0; i < sizeof LIARS / sizeof LIARS[0]; i++) {
        pid_t zygote, first;
        int control;
        struct es_ingest *in = open_fake(LIARS[i], 120000, &zygote, &control);
        first = only_pid(in);
        enum es_code rc = verdict(in, es_bytes_str("x"));
        if (rc != ES_EWORKER)
            FAIL("liar %zu: %s", i, es_code_name(rc));
        CHECK(only_pid(in) != first);
        close_fake(in, zygote, control);
    }
}

static void sleeper(int sock)
{
    say(sock, "", 0);
    pause();
}

TEST(ingest_waits_no_longer_than_the_deadline)
{
    pid_t zygote;
    int control;
    struct es_ingest *in = open_fake(sleeper, 100, &zygote, &control);
    pid_t first = only_pid(in);
    CHECK_INT(verdict(in, es_bytes_str("x")), ES_ECOMPLEX);
    CHECK(only_pid(in) != first);
    close_fake(in, zygote, control);
}

static void spin(struct es_bytes head, struct es_bytes file,
                 struct es_buf *answer)
{
    (void)head;
    (void)file;
    for (volatile unsigned long n = 0;; n++)
        answer->bad = false;
}

static void spinner(int sock)
{
    es_job_serve(sock, spin, NULL);
}

/* The limit is the kernel's, not the deadline's: that is far away here. */
TEST(ingest_calls_a_cpu_hog_too_complex)
{
    pid_t zygote;
    int control;
    struct es_crew_stats stats;
    struct es_ingest *in = open_fake(spinner, 600000, &zygote, &control);
    CHECK_INT(verdict(in, es_bytes_str("x")), ES_ECOMPLEX);
    es_ingest_stats(in, &stats);
    CHECK_INT(stats.complex_, 1);
    CHECK_INT(stats.died, 0);
    close_fake(in, zygote, control);
}

/* The supervisor owns the zygote: until it has started another, uploads are
 * told to come again. */
/* ---- the line for a worker ---- */

struct queuer {
    struct es_ingest *in;
    struct es_slot *slot;
    enum es_code rc;
    pthread_t thread;
};

static void *queue_up(void *arg)
{
    struct queuer *q = arg;
    q->rc = es_places_take(q->in->crew, &q->slot, NULL);
    return NULL;
}

static size_t in_line(struct es_ingest *in)
{
    size_t n = 0;
    struct es_crew *c = in->crew;
    pthread_mutex_lock(&c->lock);
    for (const struct es_in_line *l = c->line; l; l = l->next)
        n++;
    pthread_mutex_unlock(&c->lock);
    return n;
}

static void wait_for_line(struct es_ingest *in, size_t n)
{
    while (in_line(in) != n)
        usleep(1000);
}

/* Under load some uploads waited until they were told to try again, because
 * whoever came at the right moment took the worker. */
TEST(ingest_serves_those_in_line_in_their_order)
{
    enum { N = 6 };
    struct es_ingest *in = open_with(1, -1, 0);
    struct queuer q[N];
    struct es_slot *s;

    CHECK(es_places_take(in->crew, &s, NULL) == ES_OK);
    for (size_t i = 0; i < N; i++) {
        q[i] = (struct queuer){ .in = in };
        CHECK(pthread_create(&q[i].thread, NULL, queue_up, &q[i]) == 0);
        wait_for_line(in, i + 1);
    }
    for (size_t i = 0; i < N; i++) {
        es_places_give(in->crew, s);
        /* Handed over at once: nobody can come between. */
        CHECK(s->busy);
        pthread_join(q[i].thread, NULL);
        CHECK(q[i].rc == ES_OK && q[i].slot == s);
        CHECK(in_line(in) == N - 1 - i);
    }
    es_places_give(in->crew, s);
    CHECK(!s->busy);
    es_ingest_close(in);
}

/* Who gave up leaves no hole: those behind still get their turn. */
TEST(ingest_line_closes_behind_those_who_give_up)
{
    struct es_ingest *in = open_with(1, -1, 0);
    struct queuer q[2];
    struct es_slot *s;
    struct es_crew_stats st;

    CHECK(es_places_take(in->crew, &s, NULL) == ES_OK);
    for (size_t i = 0; i < 2; i++) {
        q[i] = (struct queuer){ .in = in };
        CHECK(pthread_create(&q[i].thread, NULL, queue_up, &q[i]) == 0);
        wait_for_line(in, i + 1);
    }
    for (size_t i = 0; i < 2; i++) {
        pthread_join(q[i].thread, NULL);
        CHECK(q[i].rc == ES_EBUSY);
    }
    es_ingest_stats(in, &st);
    CHECK(st.busy == 2);
    q[0] = (struct queuer){ .in = in };
    CHECK(pthread_create(&q[0].thread, NULL, queue_up, &q[0]) == 0);
    wait_for_line(in, 1);
    es_places_give(in->crew, s);
    pthread_join(q[0].thread, NULL);
    CHECK(q[0].rc == ES_OK && q[0].slot == s);
    es_places_give(in->crew, s);
    es_ingest_close(in);
}

TEST(ingest_is_busy_while_a_zygote_of_another_is_gone)
{
    pid_t zygote;
    int control, status;
    struct es_ingest *in = open_fake(sleeper, 1000, &zygote, &control);
    kill_and_see_dead(only_pid(in));
    kill(zygote, SIGKILL);
    CHECK_INT(waitpid(zygote, &status, 0), zygote);
    CHECK_INT(verdict(in, es_bytes_str("x")), ES_EBUSY);
    es_ingest_close(in);
    close(control);
}
