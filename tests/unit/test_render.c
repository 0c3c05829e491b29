/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The server's side of drawing, against the real everystep-render and against
 * workers that have been taken over. */
#include "base/limits.h"
#include "base/time.h"
#include "ipc/frame.h"
#include "ipc/zygote.h"
#include "render/render_int.h"
#include "t.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- what the tests share ---- */

static struct es_render *open_with(const struct es_render_config *given)
{
    static char exe[4096];
    struct es_render_config c = *given;
    struct es_render *r = NULL;
    struct es_err e = { 0 };
    (void)snprintf(exe, sizeof exe, "%s/everystep-render",
                   getenv("ES_BUILD_ROOT"));
    c.exe = exe;
    if (es_render_open(&c, &r, &e) != ES_OK)
        FAIL("%s", e.msg);
    return r;
}

static struct es_render *open_own(void)
{
    return open_with(
        &(struct es_render_config){ .zygote_fd = -1, .workers = 1 });
}

static struct es_card card_of(const char *name, enum es_card_size size)
{
    return (struct es_card){
        .kind = ES_CARD_RUN,
        .size = size,
        .lang = es_lang_at(0),
        .colour = 0x0b6b5d,
        .name = name,
        .country = "TR",
        .initiative = "Every step",
        .initiative_lang = "en",
        .holder = "A school",
        .dist_mm = 12345678,
        .time_ms = 3600000,
        .day_ms = 1750000000000,
        .zone = "UTC",
        .total_mm = 1000000000,
        .goal_mm = 5000000000,
        .url = "https://example.org/r/abc",
    };
}

static enum es_code draw(struct es_render *r, const char *name,
                         enum es_card_size size, struct es_arena *a,
                         struct es_bytes *png)
{
    struct es_card c = card_of(name, size);
    struct es_err e = { 0 };
    *png = (struct es_bytes){ 0 };
    es_arena_init(a, 16 << 20);
    return es_render_card(r, &c, a, png, &e);
}

static enum es_code draws(struct es_render *r, const char *name)
{
    struct es_arena a;
    struct es_bytes png;
    enum es_code rc = draw(r, name, ES_CARD_WIDE, &a, &png);
    CHECK((rc == ES_OK) == (png.n > 0));
    es_arena_release(&a);
    return rc;
}

static uint64_t jobs(struct es_render *r)
{
    struct es_render_stats s;
    es_render_stats(r, &s);
    return s.crew.jobs;
}

static pid_t only_pid(struct es_render *r)
{
    pid_t pid = 0;
    CHECK_INT(es_render_pids(r, &pid, 1), 1);
    return pid;
}

static uint32_t u32be(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

/* ---- the real worker ---- */

TEST(render_draws_each_size)
{
    static const struct {
        enum es_card_size size;
        uint32_t width, height;
    } SIZES[] = { { ES_CARD_WIDE, 1200, 630 },
                  { ES_CARD_SQUARE, 1080, 1080 },
                  { ES_CARD_STORY, 1080, 1920 } };
    struct es_render *r = open_own();
    CHECK_INT(es_render_pids(r, &(pid_t){ 0 }, 1), 0); /* nobody to feed yet */
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++) {
        struct es_arena a;
        struct es_bytes png;
        CHECK_INT(draw(r, "Ada", SIZES[i].size, &a, &png), ES_OK);
        CHECK(png.n > 1000 && memcmp(png.p, "\x89PNG\r\n\x1a\n", 8) == 0);
        CHECK_INT(u32be(png.p + 16), SIZES[i].width);
        CHECK_INT(u32be(png.p + 20), SIZES[i].height);
        es_arena_release(&a);
    }
    es_render_close(r);
}

/* What shapes and draws these opens fonts that nobody had opened before, and
 * needs no system call that the sandbox forbids. */
TEST(render_draws_every_script_in_its_sandbox)
{
    static const char *const NAMES[] = {
        "Ada Lovelace",
        "Şule Çağrı",
        "Aygün Əliyeva",
        "آمنہ خان",
        "ليلى الأحمد",
        "प्रिया शर्मा",
        "王小明",
        "さくら",
        "김하늘",
        "Ελένη",
        "Наталья",
        "ተስፋዬ",
        "ספיר",
        "ธิดา",
        "🏃🏽‍♀️👩‍👩‍👧‍👦🇹🇷",
        "𝕬𝖉𝖆 \u0361",
        "Z̷̡̢͓̻͉̝a̸̢l̶͚g̴o̵ ",
    };
    struct es_render *r = open_own();
    struct es_render_stats s;
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (draws(r, NAMES[i]) != ES_OK)
            FAIL("%s", NAMES[i]);
    es_render_stats(r, &s);
    CHECK_INT(s.crew.died + s.crew.complex_, 0);
    es_render_close(r);
}

TEST(render_keeps_what_it_drew)
{
    struct es_render *r = open_own();
    struct es_render_stats s;
    struct es_render_name ada, bea;
    struct es_card c = card_of("Ada", ES_CARD_WIDE);
    es_render_name(&c, &ada);
    c.total_mm++; /* another figure is another picture */
    es_render_name(&c, &bea);
    CHECK(strcmp(ada.tag, bea.tag) != 0);
    CHECK(!es_render_has(r, &ada));
    CHECK_INT(draws(r, "Ada"), ES_OK);
    CHECK(es_render_has(r, &ada) && !es_render_has(r, &bea));
    CHECK_INT(draws(r, "Ada"), ES_OK);
    es_render_stats(r, &s);
    CHECK_INT(s.kept, 1);
    CHECK_INT(s.crew.jobs, 1);
    CHECK_INT(s.pictures, 1);
    CHECK(s.bytes > 1000);
    es_render_close(r);
}

struct asker {
    struct es_render *r;
    const char *name;
    enum es_code rc;
    pthread_t thread;
};

static void *ask(void *arg)
{
    struct asker *k = arg;
    k->rc = draws(k->r, k->name);
    return NULL;
}

TEST(render_draws_once_for_many_who_ask_at_once)
{
    enum { N = 8 };
    struct es_render *r = open_own();
    struct es_render_stats s;
    struct asker k[N];
    CHECK_INT(draws(r, "Bea"), ES_OK); /* the fonts are read by then */
    for (size_t i = 0; i < N; i++) {
        k[i] = (struct asker){ .r = r, .name = "Ada" };
        CHECK_INT(pthread_create(&k[i].thread, NULL, ask, &k[i]), 0);
    }
    for (size_t i = 0; i < N; i++) {
        pthread_join(k[i].thread, NULL);
        CHECK_INT(k[i].rc, ES_OK);
    }
    es_render_stats(r, &s);
    CHECK_INT(s.crew.jobs, 2);
    CHECK_INT(s.kept + s.joined, N - 1);
    es_render_close(r);
}

/* Its parent; 0 when it is dead. */
static pid_t parent_of(pid_t pid)
{
    char path[64], line[512] = "", state = 'Z';
    int parent = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "re");
    if (f && fgets(line, sizeof line, f))
        CHECK(sscanf(strrchr(line, ')'), ") %c %d", &state, &parent) == 2);
    if (f)
        fclose(f);
    return state == 'Z' ? 0 : parent;
}

static void kill_and_see_dead(pid_t pid)
{
    CHECK_INT(kill(pid, SIGKILL), 0);
    while (parent_of(pid) != 0)
        usleep(1000);
}

TEST(render_replaces_who_died)
{
    struct es_render *r = open_own();
    CHECK_INT(draws(r, "Ada"), ES_OK);
    kill_and_see_dead(only_pid(r));
    CHECK_INT(draws(r, "Bea"), ES_OK);
    pid_t worker = only_pid(r), zygote = parent_of(worker);
    CHECK(zygote > 1 && zygote != getpid());
    kill_and_see_dead(zygote);
    while (parent_of(worker) != 0) /* it goes along */
        usleep(1000);
    CHECK_INT(draws(r, "Cem"), ES_OK);
    CHECK_INT(draws(r, "Ada"), ES_OK); /* was kept through all of it */
    es_render_close(r);
}

/* ---- workers that were taken over ---- */

static const char *lie; /* what they answer, after the frame's magic */
static size_t lie_n;

static void liar(int sock)
{
    struct es_buf head;
    es_buf_init(&head, ES_JOB_HEAD_MAX);
    while (es_frame_recv(sock, ES_JOB_HEAD_MAX, 0, &head, NULL, NULL) == ES_OK)
        (void)!es_frame_send(
            sock, (struct es_bytes){ (const uint8_t *)lie, lie_n }, -1, NULL);
    es_buf_release(&head);
}

static void sleeper(int sock)
{
    (void)sock;
    for (;;)
        pause();
}

struct fake {
    pid_t pid;
    int control;
    struct es_render *r;
};

static struct fake open_fake(es_zygote_worker *worker, unsigned drawings)
{
    struct fake f;
    int pair[2];
    CHECK_INT(es_zygote_pair(pair, NULL), ES_OK);
    f.pid = fork();
    CHECK(f.pid >= 0);
    if (f.pid == 0) {
        close(pair[0]);
        _exit(es_zygote_serve(pair[1], worker));
    }
    close(pair[1]);
    f.control = pair[0];
    f.r = open_with(&(struct es_render_config){ .zygote_fd = pair[0],
                                                .workers = 1,
                                                .drawings = drawings,
                                                .wall_ms = 5000 });
    return f;
}

static void close_fake(struct fake *f)
{
    int status = -1;
    es_render_close(f->r);
    close(f->control);
    CHECK_INT(waitpid(f->pid, &status, 0), f->pid);
    CHECK_INT(status, 0);
}

static enum es_code answer_to(const char *text, size_t n)
{
    lie = text;
    lie_n = n;
    struct fake f = open_fake(liar, 0);
    enum es_code rc = draws(f.r, "Ada");
    close_fake(&f);
    return rc;
}

#define PNG "\x89PNG\r\n\x1a\n"
#define IHDR(w, h) "\0\0\0\15IHDR" w h "\10\2\0\0\0\0\0\0\0"
#define IDAT "\0\0\0\1IDATx\0\0\0\0"
#define IEND "\0\0\0\0IEND\0\0\0\0"

TEST(render_believes_no_liar)
{
#define L(text)                                                                \
    {                                                                          \
        text, sizeof(text) - 1                                                 \
    }
    static const struct {
        const char *text;
        size_t n;
    } LIES[] = {
        L(""),
        L("\xff"),
        L("\0"),
        L("\0<svg onload=alert(1)>"),
        L("\0" PNG),
        L("\0" PNG IHDR("\0\0\4\xb1", "\0\0\2\x76") IDAT IEND),
        L("\0" PNG IHDR("\0\0\4\xb0", "\x7f\xff\xff\xff") IDAT IEND),
        L("\0" PNG IHDR("\0\0\4\xb0", "\0\0\2\x76") IEND),
        L("\0" PNG IHDR("\0\0\4\xb0", "\0\0\2\x76") IDAT),
        L("\0" PNG IDAT IHDR("\0\0\4\xb0", "\0\0\2\x76") IEND),
        L("\0" PNG IHDR("\0\0\4\xb0", "\0\0\2\x76") IDAT IEND "<script>"),
        L("\0" PNG IHDR("\0\0\4\xb0", "\0\0\2\x76") "\xff\xff\xff\xffIDAT"),
    };
    static const char GOOD[] =
        "\0" PNG IHDR("\0\0\4\xb0", "\0\0\2\x76") IDAT IEND;
    for (size_t i = 0; i < sizeof LIES / sizeof LIES[0]; i++) {
        enum es_code rc = answer_to(LIES[i].text, LIES[i].n);
        if (rc != ES_EWORKER)
            FAIL("lie %zu: %s", i, es_code_name(rc));
    }
    CHECK_INT(answer_to(GOOD, sizeof GOOD - 1), ES_OK);
}

/* It may say that it can't: that is no crime, and nobody has to go. */
TEST(render_takes_no_for_an_answer)
{
    static const char NO[] = { ES_ENOMEM };
    lie = NO;
    lie_n = 1;
    struct fake f = open_fake(liar, 0);
    CHECK_INT(draws(f.r, "Ada"), ES_EINTERNAL);
    pid_t first = only_pid(f.r);
    CHECK_INT(draws(f.r, "Ada"), ES_EINTERNAL); /* and it was not kept */
    CHECK_INT(only_pid(f.r), first);
    CHECK_INT(jobs(f.r), 2);
    close_fake(&f);
}

/* Who draws for ever holds only so many others up. */
TEST(render_is_busy_when_too_many_ask)
{
    struct fake f = open_fake(sleeper, 2);
    struct asker k[2] = { { .r = f.r, .name = "Ada" },
                          { .r = f.r, .name = "Ada" } };
    struct es_album *al = &f.r->album;
    for (size_t i = 0; i < 2; i++)
        CHECK_INT(pthread_create(&k[i].thread, NULL, ask, &k[i]), 0);
    for (unsigned n = 0; n < 2; usleep(1000)) {
        pthread_mutex_lock(&al->lock);
        n = al->drawings;
        pthread_mutex_unlock(&al->lock);
    }
    CHECK_INT(draws(f.r, "Ada"), ES_EBUSY);
    CHECK_INT(draws(f.r, "Bea"), ES_EBUSY);
    for (size_t i = 0; i < 2; i++)
        pthread_join(k[i].thread, NULL);
    /* one was drawing; the other waited for it, or tried in its place */
    CHECK(k[0].rc == ES_ECOMPLEX || k[1].rc == ES_ECOMPLEX);
    CHECK(k[0].rc != ES_OK && k[1].rc != ES_OK);
    CHECK_INT(al->drawings, 0);
    close_fake(&f);
}

TEST(render_is_busy_while_nobody_draws_here)
{
    int pair[2];
    CHECK_INT(es_zygote_pair(pair, NULL), ES_OK);
    close(pair[1]);
    struct es_render *r = open_with(
        &(struct es_render_config){ .zygote_fd = pair[0], .workers = 1 });
    CHECK_INT(draws(r, "Ada"), ES_EBUSY);
    CHECK_INT(draws(r, "Ada"), ES_EBUSY);
    es_render_close(r);
    close(pair[0]);
}

TEST(render_without_its_program_is_an_error)
{
    struct es_render_config c = { .zygote_fd = -1, .exe = "/nonexistent" };
    struct es_render *r = NULL;
    CHECK_INT(es_render_open(&c, &r, NULL), ES_EIO);
    CHECK(r == NULL);
}

/* ---- the album ---- */

static const uint8_t *key(unsigned i)
{
    static uint8_t k[16];
    memcpy(k, &i, sizeof i);
    return k;
}

/* Whether it was there; drawn with n bytes where it was not. */
static bool fetch(struct es_album *al, unsigned i, size_t n)
{
    static const uint8_t PIXELS[1000];
    struct es_arena a;
    struct es_bytes png;
    es_arena_init(&a, 1 << 16);
    CHECK_INT(es_album_begin(al, key(i), 0, &a, &png, NULL), ES_OK);
    bool there = png.n != 0;
    if (!there)
        es_album_end(al, key(i), (struct es_bytes){ PIXELS, n });
    es_arena_release(&a);
    return there;
}

TEST(album_keeps_the_last_used_within_its_bound)
{
    struct es_album al;
    es_album_init(&al, 1000, 4);
    for (unsigned i = 0; i < 10; i++)
        CHECK(!fetch(&al, i, 100));
    CHECK_INT(al.bytes, 1000);
    CHECK(fetch(&al, 0, 0));    /* now the youngest */
    CHECK(!fetch(&al, 10, 50)); /* pushes out 1 alone */
    CHECK(es_album_has(&al, key(0)) && !es_album_has(&al, key(1)));
    CHECK(es_album_has(&al, key(2)));
    CHECK_INT(al.bytes, 950);
    CHECK_INT(al.pictures, 10);
    CHECK(!fetch(&al, 11, 1000)); /* as large as all of it */
    CHECK_INT(al.pictures, 1);
    CHECK(!fetch(&al, 12, 0)); /* failed: no trace */
    CHECK_INT(al.pictures, 1);
    CHECK_INT(al.bytes, 1000);
    es_album_release(&al);
}

/* One that is too large for the album is given out all the same. */
TEST(album_keeps_nothing_larger_than_itself)
{
    struct es_album al;
    es_album_init(&al, 100, 4);
    CHECK(!fetch(&al, 1, 101));
    CHECK_INT(al.bytes, 0);
    CHECK(al.newest == NULL && al.oldest == NULL);
    es_album_release(&al);
}

TEST(render_checks_every_truncation)
{
    static const uint8_t GOOD[] =
        "\0" PNG IHDR("\0\0\4\xb0", "\0\0\2\x76") IDAT IEND;
    size_t whole = sizeof GOOD - 1;
    for (size_t n = 0; n <= whole; n++) {
        struct es_bytes cut = t_guarded(GOOD, n), png;
        CHECK((es_render_check(cut, ES_CARD_WIDE, &png, NULL) == ES_OK) ==
              (n == whole));
        t_guarded_free(cut);
    }
}
