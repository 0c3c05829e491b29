/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Segment files: what a crash may leave at their end, who may append, what is
 * swept. */
#include "base/file.h"
#include "base/limits.h"
#include "store/blob/segments.h"
#include "store_kit.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum es_code synced_is(void *arg, int64_t number, int64_t *synced,
                              struct es_err *e)
{
    (void)number;
    (void)e;
    *synced = *(int64_t *)arg;
    return ES_OK;
}

static void open_in(struct es_segments *g, const char *dir, int64_t *synced)
{
    CHECK(sodium_init() >= 0);
    CHECK_INT(es_segments_open(g, dir, synced_is, synced, NULL), ES_OK);
}

static struct es_blob append(struct es_segments *g, uint64_t seed, size_t n)
{
    struct es_buf plain = kit_bytes(seed, n);
    struct es_sealed sealed;
    struct es_blob b = { 0 };
    struct es_err e = { 0 };

    CHECK_INT(es_seal(es_buf_bytes(&plain), &sealed, NULL), ES_OK);
    if (es_segments_append(g, &sealed, &b, &e) != ES_OK)
        FAIL("%s", e.msg);
    es_store_hash(es_buf_bytes(&plain), b.hash);
    es_sealed_release(&sealed);
    es_buf_release(&plain);
    return b;
}

static void check_reads(struct es_segments *g, const struct es_blob *b,
                        uint64_t seed)
{
    struct es_buf plain = kit_bytes(seed, (size_t)b->length), got;
    CHECK_INT(es_segments_read(g, b, &got, NULL), ES_OK);
    CHECK(es_bytes_eq(es_buf_bytes(&got), es_buf_bytes(&plain)));
    es_buf_release(&got);
    es_buf_release(&plain);
}

static void seg_path(char *out, size_t n, const char *dir, int number)
{
    (void)snprintf(out, n, "%s/segments/%08d.seg", dir, number);
}

static struct es_buf load(const char *dir, int number)
{
    char path[256];
    struct es_buf b;
    seg_path(path, sizeof path, dir, number);
    CHECK_INT(es_file_load(path, 1 << 20, &b, NULL), ES_OK);
    return b;
}

static void save(const char *dir, int number, struct es_bytes s)
{
    char path[256];
    seg_path(path, sizeof path, dir, number);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(fd >= 0);
    CHECK_INT(es_fd_write(fd, s, NULL), ES_OK);
    close(fd);
}

/* A folder with three records in one segment; the third is what a crash may
 * have torn: rows know the file up to its start. */
struct three {
    const char *dir;
    struct es_blob b[3];
    struct es_buf file;
    int64_t synced;
};

static void three_init(struct three *t)
{
    struct es_segments g;
    t->dir = t_tmpdir();
    t->synced = 0;
    open_in(&g, t->dir, &t->synced);
    for (uint64_t i = 0; i < 3; i++)
        t->b[i] = append(&g, i, 100 + 50 * i);
    CHECK_INT(es_segments_sync(&g, NULL), ES_OK);
    es_segments_release(&g);
    t->file = load(t->dir, 1);
    CHECK_INT(t->b[2].offset + 200 + ES_SEG_HEADER + ES_SEG_TAG, t->file.n);
}

/* After a crash that left `end`: the next record goes where want says, and
 * what was synced reads as before, now and when opened again. */
static void check_goes_on(struct three *t, struct es_bytes end, int64_t synced,
                          int64_t want)
{
    struct es_segments g;
    save(t->dir, 1, end);
    for (int again = 0; again < 2; again++) {
        t->synced = synced;
        open_in(&g, t->dir, &t->synced);
        struct es_blob b = append(&g, 9, 77);
        CHECK_INT(b.segment, 1);
        CHECK_INT(b.offset, want);
        check_reads(&g, &t->b[0], 0);
        check_reads(&g, &t->b[1], 1);
        check_reads(&g, &b, 9);
        es_segments_release(&g);
        want += 77 + ES_SEG_HEADER + ES_SEG_TAG;
    }
}

TEST(torn_at_every_byte)
{
    struct three t;
    three_init(&t);
    int64_t second = t.b[2].offset;
    for (size_t n = (size_t)second; n < t.file.n; n++)
        for (int known = 0; known < 2; known++)
            check_goes_on(&t, (struct es_bytes){ t.file.p, n },
                          known ? second : 0, second);
    check_goes_on(&t, es_buf_bytes(&t.file), second, (int64_t)t.file.n);
    es_buf_release(&t.file);
}

TEST(changed_at_every_byte)
{
    struct three t;
    three_init(&t);
    for (size_t at = (size_t)t.b[2].offset; at < t.file.n; at++) {
        t.file.p[at] ^= 0x10;
        check_goes_on(&t, es_buf_bytes(&t.file), t.b[2].offset, t.b[2].offset);
        t.file.p[at] ^= 0x10;
    }
    es_buf_release(&t.file);
}

TEST(zeros_and_old_records_at_the_end)
{
    struct three t;
    struct es_buf b;
    three_init(&t);
    es_buf_init(&b, 1 << 20);
    /* Lengthened by the file system, never filled. */
    es_buf_add(&b, t.file.p, t.file.n);
    for (int i = 0; i < 5000; i++)
        es_buf_u8(&b, 0);
    check_goes_on(&t, es_buf_bytes(&b), t.b[2].offset, (int64_t)t.file.n);
    /* A torn record with a whole one after it: both go. */
    es_buf_clear(&b);
    es_buf_add(&b, t.file.p, t.file.n - 1);
    es_buf_u8(&b, (uint8_t)~t.file.p[t.file.n - 1]);
    es_buf_add(&b, t.file.p, (size_t)t.b[1].offset);
    check_goes_on(&t, es_buf_bytes(&b), t.b[2].offset, t.b[2].offset);
    /* A length that would reach past everything. */
    es_buf_clear(&b);
    es_buf_add(&b, t.file.p, t.file.n);
    memset(b.p + t.b[2].offset + 8, 0xff, 8);
    check_goes_on(&t, es_buf_bytes(&b), t.b[2].offset, t.b[2].offset);
    es_buf_release(&b);
    es_buf_release(&t.file);
}

static enum es_code first_was_longer(void *arg, int64_t number, int64_t *synced,
                                     struct es_err *e)
{
    (void)e;
    *synced = number == 1 ? *(int64_t *)arg : 0;
    return ES_OK;
}

/* Somebody has put back an older copy of the file: what is left of it is read,
 * nothing is added to it. */
TEST(file_shorter_than_promised_is_left_alone)
{
    struct three t;
    struct es_segments g;
    struct es_buf got;
    three_init(&t);
    t.synced = (int64_t)t.file.n;
    save(t.dir, 1, (struct es_bytes){ t.file.p, t.file.n - 1 });
    open_in(&g, t.dir, &t.synced);
    g.synced = first_was_longer;
    CHECK_INT(append(&g, 7, 30).segment, 2);
    CHECK_INT(es_segments_read(&g, &t.b[2], &got, NULL), ES_EIO);
    check_reads(&g, &t.b[1], 1);
    es_segments_release(&g);
    struct es_buf after = load(t.dir, 1);
    CHECK_INT(after.n, t.file.n - 1);
    es_buf_release(&after);
    es_buf_release(&t.file);
}

TEST(each_process_has_a_file_of_its_own)
{
    const char *dir = t_tmpdir();
    struct es_segments a, b;
    int64_t none = 0;

    open_in(&a, dir, &none);
    open_in(&b, dir, &none);
    struct es_blob a1 = append(&a, 1, 10), b1 = append(&b, 2, 10);
    struct es_blob a2 = append(&a, 3, 10);
    CHECK_INT(a1.segment, 1);
    CHECK_INT(b1.segment, 2);
    CHECK_INT(a2.segment, 1);
    check_reads(&b, &a2, 3);
    es_segments_release(&a);
    es_segments_release(&b);
    open_in(&a, dir, &none); /* goes on with the newest */
    CHECK_INT(append(&a, 4, 10).segment, 2);
    es_segments_release(&a);
}

TEST(full_file_gives_way_to_the_next)
{
    const char *dir = t_tmpdir();
    struct es_segments g;
    struct es_blob b[6];
    int64_t none = 0;

    open_in(&g, dir, &none);
    g.max = 1000;
    for (uint64_t i = 0; i < 6; i++)
        b[i] = append(&g, i, 450);
    CHECK_INT(b[1].segment, 1);
    CHECK_INT(b[2].segment, 2);
    CHECK_INT(b[5].segment, 3);
    for (uint64_t i = 0; i < 6; i++)
        check_reads(&g, &b[i], i);
    es_segments_release(&g);
}

static enum es_code only_two_named(void *arg, int64_t number, bool *named,
                                   struct es_err *e)
{
    (void)arg;
    (void)e;
    *named = number == 2;
    return ES_OK;
}

TEST(sweep_takes_what_nobody_names_or_holds)
{
    const char *dir = t_tmpdir();
    struct es_segments g[5], look;
    int64_t none = 0;
    uint64_t freed = 0;
    struct es_blob b[5];

    for (uint64_t i = 0; i < 5; i++) {
        open_in(&g[i], dir, &none);
        b[i] = append(&g[i], i, 100); /* each in a file of its own */
    }
    for (int i = 0; i < 5; i++)
        if (i != 2)
            es_segments_release(&g[i]); /* 3 is being appended to */
    open_in(&look, dir, &none);
    CHECK_INT(es_segments_sweep(&look, only_two_named, NULL, &freed, NULL),
              ES_OK);
    CHECK_INT(freed, 2 * (100 + ES_SEG_HEADER + ES_SEG_TAG)); /* 1 and 4 */
    check_reads(&look, &b[1], 1);
    check_reads(&look, &b[2], 2);
    check_reads(&look, &b[4], 4); /* the newest: its number stays taken */
    struct es_buf got;
    CHECK_INT(es_segments_read(&look, &b[0], &got, NULL), ES_ENOENT);
    es_segments_release(&look);
    es_segments_release(&g[2]);
}

TEST(sealed_at_the_limits)
{
    struct es_sealed s;
    uint8_t *p = calloc(1, ES_UPLOAD_MAX + 1);
    CHECK(p != NULL);
    CHECK(sodium_init() >= 0);
    CHECK_INT(es_seal((struct es_bytes){ p, ES_UPLOAD_MAX + 1 }, &s, NULL),
              ES_ETOOLARGE);
    CHECK(s.p == NULL);
    CHECK_INT(es_seal((struct es_bytes){ p, ES_UPLOAD_MAX }, &s, NULL), ES_OK);
    CHECK(es_record_whole((struct es_bytes){ s.p, s.n }));
    CHECK(!es_record_open((struct es_bytes){ s.p, s.n }, p, p));
    es_sealed_release(&s);
    es_sealed_release(&s); /* legal twice */
    CHECK_INT(es_seal((struct es_bytes){ NULL, 0 }, &s, NULL), ES_OK);
    CHECK(es_record_whole((struct es_bytes){ s.p, s.n }));
    es_sealed_release(&s);
    free(p);
}
