/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* everystep doctor: whether this machine and this folder can do what serving
 * needs, a line a thing. */
#include "cli/cli.h"
#include "cli/data.h"
#include "cli/mail.h"

#include "base/limits.h"
#include "base/time.h"
#include "ingest/ingest.h"
#include "ipc/sandbox.h"
#include "render/render.h"
#include "store/steps.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

enum state { GOOD, NOTE, BAD };
enum { INITIATIVES_MEM = 64 << 20 };

/* Each fills `say` with what it found. */
typedef enum state check_fn(const struct es_cli *c, struct es_buf *say);

static enum state check_origin(const struct es_cli *c, struct es_buf *say)
{
    struct es_err e = { 0 };
    if (es_settings_check(c->set, &e) != ES_OK) {
        es_buf_str(say, e.msg);
        return BAD;
    }
    es_buf_str(say, c->set->origin);
    return GOOD;
}

/* A file without a name: nothing is left behind whatever happens. */
static int try_write(int dir)
{
    int fd = openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno;
    int why = write(fd, "x", 1) == 1 && fsync(fd) == 0 ? 0 : errno;
    close(fd);
    return why;
}

static enum state check_data(const struct es_cli *c, struct es_buf *say)
{
    const char *path = c->set->data;
    struct statvfs fs;
    struct stat st;
    int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int why = dir < 0 ? errno : try_write(dir);
    if (dir < 0 && why == ENOENT) {
        es_buf_fmt(say, "%s is not there yet; `serve` makes it", path);
        return NOTE;
    }
    if (why == 0 && (fstatvfs(dir, &fs) != 0 || fstat(dir, &st) != 0))
        why = errno;
    if (why != 0) {
        es_buf_fmt(say, "%s: %s", path, strerror(why));
        if (dir >= 0)
            close(dir);
        return BAD;
    }
    close(dir);
    uint64_t mib = (uint64_t)fs.f_bavail * fs.f_frsize >> 20;
    es_buf_fmt(say, "%s, writable, %llu MiB free", path,
               (unsigned long long)mib);
    if ((st.st_mode & 0077) == 0)
        return mib < 1024 ? NOTE : GOOD;
    es_buf_str(say, "; others on this machine may look into it");
    return NOTE;
}

static enum state check_store(const struct es_cli *c, struct es_buf *say)
{
    (void)c;
    es_store_engine(say);
    return GOOD;
}

static enum state check_sandbox(const struct es_cli *c, struct es_buf *say)
{
    struct es_sandbox got = { 0 };
    struct es_err e = { 0 };
    (void)c;
    if (es_sandbox_probe(&got, &e) != ES_OK) {
        es_buf_str(say, e.msg);
        return BAD;
    }
    if (got.landlock_abi == 0) {
        es_buf_str(say, "seccomp; this kernel has no Landlock");
        return NOTE;
    }
    es_buf_fmt(say, "seccomp, and Landlock (version %d)", got.landlock_abi);
    return GOOD;
}

static enum state check_decode(const struct es_cli *c, struct es_buf *say)
{
    static const char GPX[] =
        "<gpx version=\"1.1\"><trk><trkseg><trkpt lat=\"1\" lon=\"2\"/>"
        "<trkpt lat=\"1.001\" lon=\"2\"/></trkseg></trk></gpx>";
    struct es_ingest_config conf = { .zygote_fd = -1, .workers = 1 };
    struct es_ingest *in = NULL;
    struct es_ingest_result r = { 0 };
    struct es_arena a;
    struct es_err e = { 0 };

    (void)c;
    es_arena_init(&a, 1 << 20);
    enum es_code rc = es_ingest_open(&conf, &in, &e);
    if (rc == ES_OK)
        rc = es_ingest_bytes(in, es_bytes_str(GPX), &a, &r, &e);
    if (rc == ES_OK && r.v[0].code != ES_OK)
        rc = es_fail(&e, r.v[0].code, 0, "%s", r.v[0].err.msg);
    es_buf_str(say, rc == ES_OK ? "reads a track in its sandbox" : e.msg);
    es_ingest_close(in);
    es_arena_release(&a);
    return rc == ES_OK ? GOOD : BAD;
}

/* Without pictures everything else goes on. */
static enum state check_render(const struct es_cli *c, struct es_buf *say)
{
    const struct es_render_config conf = { .zygote_fd = -1, .workers = 1 };
    const struct es_card card = { .size = ES_CARD_WIDE,
                                  .lang = es_lang_at(0),
                                  .name = "Ada",
                                  .country = "",
                                  .initiative = "Everystep",
                                  .initiative_lang = "en",
                                  .holder = "",
                                  .dist_mm = 5000000,
                                  .time_ms = ES_NO_FIGURE,
                                  .day_ms = ES_NO_FIGURE,
                                  .zone = "UTC",
                                  .url = "https://example.org/" };
    struct es_render *r = NULL;
    struct es_arena a;
    struct es_bytes png;
    struct es_err e = { 0 };

    (void)c;
    es_arena_init(&a, ES_FRAME_MAX);
    enum es_code rc = es_render_open(&conf, &r, &e);
    if (rc == ES_OK)
        rc = es_render_card(r, &card, &a, &png, &e);
    if (rc == ES_OK)
        es_buf_str(say, "draws a card in its sandbox");
    else
        es_buf_fmt(say, "no pictures to share: %s", e.msg);
    es_render_close(r);
    es_arena_release(&a);
    return rc == ES_OK ? GOOD : NOTE;
}

static enum state check_clock(const struct es_cli *c, struct es_buf *say)
{
    char when[ES_TIME_TEXT];
    struct timex tx = { 0 };
    int64_t now = es_time_now_ms();
    (void)c;
    es_buf_str(say, es_time_text(now / 1000 * 1000, when));
    if (es_date_of(now).year < 2026) {
        es_buf_str(say, " can't be right");
        return BAD;
    }
    if (adjtimex(&tx) < 0 || (tx.status & STA_UNSYNC)) {
        es_buf_str(say, "; nothing keeps it right (NTP)");
        return NOTE;
    }
    return GOOD;
}

static enum state check_files(const struct es_cli *c, struct es_buf *say)
{
    struct rlimit l = { 0 };
    (void)c;
    if (getrlimit(RLIMIT_NOFILE, &l) != 0)
        return NOTE;
    es_buf_fmt(say, "up to %llu may be open", (unsigned long long)l.rlim_max);
    return l.rlim_max < 2 * ES_CONN_MAX ? NOTE : GOOD;
}

/* Nobody gets a mail by this: it says hello, signs in and leaves. */
static enum state check_mail(const struct es_cli *c, struct es_buf *say)
{
    struct es_mail_route route;
    struct es_err e = { 0 };
    enum es_code rc = es_mail_route_of(c->set, &route, &e);
    if (rc == ES_OK && !route.set) {
        es_buf_str(say, "no server is set (smtp_url): nobody gets a link by "
                        "mail, and no page offers it");
        return NOTE;
    }
    if (rc == ES_OK)
        rc = es_smtp_try(&route.smtp, &e);
    if (rc == ES_OK)
        es_buf_fmt(say, "%s takes mail from <%s>%s", c->set->smtp_url,
                   route.from.address, *c->set->smtp_user ? ", signed in" : "");
    else
        es_buf_str(say, e.msg);
    return rc == ES_OK ? GOOD : BAD;
}

/* The chain of one initiative's steps; false: it is broken. */
static bool check_chain(struct es_store *s, const struct es_initiative *i,
                        int64_t *steps, struct es_buf *say, struct es_err *e,
                        enum es_code *rc)
{
    struct es_steps_checked c = { 0 };
    *rc = es_store_steps_check(s, i->id, &c, e);
    if (*rc != ES_OK)
        return true;
    *steps += c.steps;
    if (c.broken_at)
        es_buf_fmt(say,
                   "%s: step %" PRId64 " of %" PRId64
                   " is missing or was changed; ",
                   i->slug, c.broken_at, c.counted_to);
    if (c.differs)
        es_buf_fmt(say, "%s: run %" PRId64 " is not what its last step says; ",
                   i->slug, c.differs);
    return !c.broken_at && !c.differs;
}

/* What became of runs: each step binds those before it. Nothing mends it. */
static enum state check_log(const struct es_cli *c, struct es_buf *say)
{
    struct es_err e = { 0 };
    struct es_store *s = NULL;
    struct es_initiative *v = NULL;
    struct es_arena a;
    size_t n = 0;
    int64_t steps = 0;
    bool whole = true;

    enum es_code rc = es_data_open(c->set->data, &s, &e);
    if (rc == ES_ENOENT) {
        es_buf_str(say, "nothing is there yet");
        return NOTE;
    }
    es_arena_init(&a, INITIATIVES_MEM);
    if (rc == ES_OK)
        rc = es_store_initiatives(s, SIZE_MAX, &a, &v, &n, &e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        whole = check_chain(s, &v[i], &steps, say, &e, &rc) && whole;
    es_arena_release(&a);
    es_store_close(s);
    if (rc != ES_OK)
        es_buf_str(say, e.msg);
    else
        es_buf_fmt(say, "%" PRId64 " steps of runs%s", steps,
                   whole ? ", each as it was written" : "");
    return rc == ES_OK && whole ? GOOD : BAD;
}

static const struct {
    const char *name;
    check_fn *fn;
} CHECKS[] = {
    { "origin", check_origin }, { "data", check_data },
    { "store", check_store },   { "sandbox", check_sandbox },
    { "decode", check_decode }, { "render", check_render },
    { "clock", check_clock },   { "files", check_files },
    { "mail", check_mail },     { "log", check_log },
};

int es_cmd_doctor(const struct es_cli *c, int argc, char **argv)
{
    static const char *const WORDS[] = { "ok", "note", "BAD" };
    int status = ES_EXIT_OK;
    (void)argv;
    if (argc != 1)
        return es_cli_usage(c);
    for (size_t i = 0; i < sizeof CHECKS / sizeof CHECKS[0]; i++) {
        struct es_buf say;
        es_buf_init(&say, 4096);
        enum state got = CHECKS[i].fn(c, &say);
        printf("%-5s %-8s %s\n", WORDS[got], CHECKS[i].name, es_buf_cstr(&say));
        if (got == BAD)
            status = ES_EXIT_FAILED;
        es_buf_release(&say);
    }
    return fflush(stdout) == 0 ? status : ES_EXIT_FAILED;
}
