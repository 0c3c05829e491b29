/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The supervisor, with a small web process (supervised.c) and the real
 * everystep-decode and everystep-render. */
#include "base/file.h"
#include "base/time.h"
#include "t.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000, MANY = 64 };

static const char GPX[] =
    "<gpx version=\"1.1\"><trk><trkseg><trkpt lat=\"1\" lon=\"2\"/>"
    "<trkpt lat=\"1.001\" lon=\"2\"/></trkseg></trk></gpx>";

/* ---- a folder with the two programs, and one of data ---- */

static void copy_program(const char *from, const char *to)
{
    char path[4096];
    struct es_buf b;
    (void)snprintf(path, sizeof path, "%s/%s", getenv("ES_BUILD_ROOT"), from);
    CHECK_INT(es_file_load(path, 256u << 20, &b, NULL), ES_OK);
    int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    CHECK(fd >= 0);
    CHECK_INT(es_fd_write(fd, es_buf_bytes(&b), NULL), ES_OK);
    close(fd);
    es_buf_release(&b);
}

static void lay_out(const char *flag)
{
    static bool done;
    if (!done) {
        CHECK_INT(chdir(t_tmpdir()), 0);
        copy_program("everystep-decode", "everystep-decode");
        copy_program("everystep-render", "everystep-render");
        copy_program("tests/supervised", "supervised");
        /* what loses its parent comes to us, and can be seen to die */
        CHECK_INT(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
        CHECK_INT(mkdir("data", 0700), 0);
        done = true;
    }
    (void)unlink("data/refuse");
    (void)unlink("data/stubborn");
    (void)unlink("data/sock");
    if (flag) {
        int fd = open(flag, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        CHECK(fd >= 0);
        close(fd);
    }
}

static pid_t start(void)
{
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* where a test fails, it goes */
        execl("./supervised", "supervised", "serve", "--data", "data", NULL);
        _exit(99);
    }
    return pid;
}

/* ---- looking at processes ---- */

struct proc {
    pid_t pid, parent;
    char name[32], state;
};

static bool proc_read(pid_t pid, struct proc *out)
{
    char path[64], line[512] = "";
    int parent = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "re");
    if (!f)
        return false;
    bool ok = fgets(line, sizeof line, f) != NULL;
    fclose(f);
    const char *open_ = strchr(line, '('), *close_ = strrchr(line, ')');
    if (!ok || !open_ || !close_ ||
        sscanf(close_, ") %c %d", &out->state, &parent) != 2)
        return false;
    (void)snprintf(out->name, sizeof out->name, "%.*s",
                   (int)(close_ - open_ - 1), open_ + 1);
    out->pid = pid;
    out->parent = parent;
    return true;
}

/* The living children of `parent`. */
static size_t children(pid_t parent, struct proc *out, size_t cap)
{
    size_t n = 0;
    DIR *d = opendir("/proc");
    CHECK(d != NULL);
    for (struct dirent *at; n < cap && (at = readdir(d)) != NULL;) {
        int pid = 0;
        if (sscanf(at->d_name, "%d", &pid) == 1 && proc_read(pid, &out[n]) &&
            out[n].parent == parent && out[n].state != 'Z')
            n++;
    }
    closedir(d);
    return n;
}

static pid_t child_named(pid_t parent, const char *name)
{
    struct proc v[MANY];
    size_t n = children(parent, v, MANY);
    for (size_t i = 0; i < n; i++)
        if (strncmp(v[i].name, name, 15) == 0) /* the kernel cuts it there */
            return v[i].pid;
    return 0;
}

static bool lives(pid_t pid)
{
    struct proc p;
    (void)waitpid(pid, NULL, WNOHANG); /* if it has come to us */
    return proc_read(pid, &p) && p.state != 'Z';
}

/* Everything below the supervisor; returns how many. */
static size_t family(pid_t top, pid_t *out, size_t cap)
{
    size_t n = 0;
    struct proc first[MANY], second[MANY];
    size_t a = children(top, first, MANY);
    for (size_t i = 0; i < a && n < cap; i++) {
        out[n++] = first[i].pid;
        size_t b = children(first[i].pid, second, MANY);
        for (size_t k = 0; k < b && n < cap; k++)
            out[n++] = second[k].pid;
    }
    return n;
}

static void all_gone(const pid_t *v, size_t n)
{
    int64_t until = es_time_mono_ms() + PATIENCE_MS;
    for (size_t i = 0; i < n; i++)
        while (lives(v[i])) {
            if (es_time_mono_ms() > until)
                FAIL("process %d was left behind", (int)v[i]);
            usleep(5000);
        }
}

/* ---- talking to it ---- */

/* The code that an upload gets, or "" while nobody listens. */
static const char *upload(const char *file)
{
    static char got[64];
    struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = "data/sock" };
    size_t n = 0;
    ssize_t r = 0;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
        write(fd, file, strlen(file)) == (ssize_t)strlen(file) &&
        shutdown(fd, SHUT_WR) == 0)
        while ((r = read(fd, got + n, sizeof got - 1 - n)) > 0)
            n += (size_t)r;
    close(fd);
    got[n] = '\0';
    return got;
}

static void comes_to_work(void)
{
    int64_t until = es_time_mono_ms() + PATIENCE_MS;
    while (strcmp(upload(GPX), "ok") != 0) {
        if (es_time_mono_ms() > until)
            FAIL("no upload is taken");
        usleep(10000);
    }
    CHECK_STR(upload("no track"), "unknown_format");
}

static int status_of(pid_t pid)
{
    int status = -1;
    CHECK_INT(waitpid(pid, &status, 0), pid);
    return status;
}

/* ---- tests ---- */

TEST(serve_works_and_stops_in_order)
{
    static const int SIGNALS[] = { SIGTERM, SIGINT };
    for (size_t i = 0; i < 2; i++) {
        pid_t all[MANY];
        lay_out(NULL);
        pid_t top = start();
        comes_to_work();
        size_t n = family(top, all, MANY);
        CHECK_INT(n, 5); /* web, two zygotes, two workers */
        CHECK_INT(kill(top, SIGNALS[i]), 0);
        CHECK_INT(status_of(top), 0);
        all_gone(all, n);
    }
}

/* Two would both believe that the ends of the segments are theirs. */
TEST(serve_refuses_a_second_in_the_same_folder)
{
    pid_t all[MANY];
    lay_out(NULL);
    pid_t first = start();
    comes_to_work();
    pid_t second = start();
    int status = status_of(second);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    comes_to_work();
    /* What a killed one leaves is free as soon as all of it has died. */
    size_t n = family(first, all, MANY);
    CHECK_INT(kill(first, SIGKILL), 0);
    pid_t third = start();
    (void)status_of(first);
    all_gone(all, n);
    comes_to_work();
    n = family(third, all, MANY);
    CHECK_INT(kill(third, SIGTERM), 0);
    CHECK_INT(status_of(third), 0);
    all_gone(all, n);
}

TEST(serve_works_without_who_draws)
{
    pid_t all[MANY];
    lay_out(NULL);
    CHECK_INT(rename("everystep-render", "away"), 0);
    pid_t top = start();
    comes_to_work();
    size_t n = family(top, all, MANY);
    CHECK_INT(rename("away", "everystep-render"), 0);
    CHECK_INT(n, 4); /* web, one zygote, two workers */
    CHECK_INT(kill(top, SIGTERM), 0);
    CHECK_INT(status_of(top), 0);
    all_gone(all, n);
}

/* Uploads may go on before who draws is there again. */
static void comes_back(pid_t top, const char *name, pid_t was)
{
    int64_t until = es_time_mono_ms() + PATIENCE_MS;
    pid_t now = 0;
    while ((now = child_named(top, name)) == 0 || now == was) {
        if (es_time_mono_ms() > until)
            FAIL("%s does not come back", name);
        usleep(5000);
    }
}

TEST(serve_starts_what_died_again)
{
    static const char *const VICTIMS[] = { "everystep-web", "everystep-decode",
                                           "everystep-render", "everystep-web",
                                           "everystep-decode" };
    lay_out(NULL);
    pid_t top = start();
    comes_to_work();
    for (size_t i = 0; i < sizeof VICTIMS / sizeof VICTIMS[0]; i++) {
        pid_t was = child_named(top, VICTIMS[i]);
        CHECK(was > 0);
        CHECK_INT(kill(was, SIGKILL), 0);
        while (lives(was))
            usleep(1000);
        comes_to_work();
        comes_back(top, VICTIMS[i], was);
    }
    CHECK_INT(kill(top, SIGTERM), 0);
    CHECK_INT(status_of(top), 0);
}

/* As with Ctrl-C, pressed again by who won't wait. */
TEST(serve_told_twice_kills_who_does_not_listen)
{
    pid_t all[MANY];
    lay_out("data/stubborn");
    pid_t top = start();
    comes_to_work();
    size_t n = family(top, all, MANY);
    CHECK_INT(kill(top, SIGTERM), 0);
    usleep(100000);
    CHECK(lives(child_named(top, "everystep-web")));
    CHECK_INT(kill(top, SIGTERM), 0);
    CHECK_INT(status_of(top), 0);
    all_gone(all, n);
}

TEST(serve_killed_leaves_no_orphan)
{
    pid_t all[MANY];
    lay_out(NULL);
    pid_t top = start();
    comes_to_work();
    size_t n = family(top, all, MANY);
    CHECK_INT(n, 5);
    CHECK_INT(kill(top, SIGKILL), 0);
    CHECK(WIFSIGNALED(status_of(top)));
    all_gone(all, n);
}

/* A port in use or a bad folder is said once and not for ever. */
TEST(serve_gives_up_on_a_web_process_that_never_ran)
{
    lay_out("data/refuse");
    int status = status_of(start());
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 7);
}

TEST(serve_refuses_an_open_http_origin)
{
    lay_out(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        execl("./supervised", "supervised", "serve", "--origin",
              "http://run.example", NULL);
        _exit(99);
    }
    int status = status_of(pid);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 64);
}
