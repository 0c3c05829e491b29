/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A picture's way through the sandbox, and what is believed of the answer. */
#include "ipc/memfd.h"
#include "ipc/picture.h"
#include "picture_kit.h"
#include "t.h"
#include "world.h"

#include <string.h>
#include <unistd.h>

static const struct es_picture_ask ASK = { { 1600, 960, 480 }, 3 };

static enum es_code ask(struct world *w, struct es_bytes file,
                        struct es_picture_made *out)
{
    int fd;
    CHECK_INT(es_memfd_of(file, &fd, NULL), ES_OK);
    enum es_code rc = es_ingest_picture(w->ingest, fd, &ASK, &w->a, out, NULL);
    close(fd);
    return rc;
}

TEST(picture_is_made_anew_in_the_sandbox)
{
    struct world w;
    struct es_picture_made m;
    struct es_buf exif = kit_exif(6, false);
    struct kit_jpeg how = { .exif = es_buf_bytes(&exif) };
    struct es_buf file = kit_jpeg(4000, 3000, kit_corners, &how);
    world_begin(&w);
    CHECK_INT(ask(&w, es_buf_bytes(&file), &m), ES_OK);
    CHECK_INT(m.n, 3);
    CHECK_INT(m.v[0].width, 1200);
    CHECK_INT(m.v[0].height, 1600);
    CHECK_INT(m.v[2].height, 480);
    CHECK(m.v[2].jpeg.n < m.v[0].jpeg.n);
    for (size_t i = 0; i < m.n; i++)
        kit_check_bare(m.v[i].jpeg);
    es_buf_release(&file);

    file = kit_png(300, 200, kit_noise, &(struct kit_png){ .depth = 16 });
    CHECK_INT(ask(&w, es_buf_bytes(&file), &m), ES_OK);
    CHECK_INT(m.n, 1);
    struct es_bytes cut = { es_buf_bytes(&file).p, file.n / 2 };
    CHECK_INT(ask(&w, cut, &m), ES_ETRUNCATED);
    es_buf_release(&file);
    CHECK_INT(ask(&w, es_bytes_str("<svg onload=alert(1)>"), &m), ES_EUNKNOWN);
    CHECK_INT(ask(&w, es_bytes_str("GIF89a...."), &m), ES_EUNKNOWN);
    /* The same workers go on decoding runs. */
    struct es_buf run;
    struct es_ingest_result r;
    world_run(&w, 3600, 600, &run);
    CHECK_INT(es_ingest_bytes(w.ingest, es_buf_bytes(&run), &w.a, &r, NULL),
              ES_OK);
    es_buf_release(&run);
    es_buf_release(&exif);
    world_end(&w);
}

TEST(picture_that_is_too_large_is_not_even_sent)
{
    struct world w;
    struct es_picture_made m;
    struct es_buf big = kit_jpeg(8, 8, kit_corners, &(struct kit_jpeg){ 0 });
    struct es_buf all;
    es_buf_init(&all, ES_PICTURE_MAX + 1);
    es_buf_add(&all, es_buf_bytes(&big).p, big.n);
    while (all.n <= ES_PICTURE_MAX)
        es_buf_u8(&all, 0);
    world_begin(&w);
    CHECK_INT(ask(&w, es_buf_bytes(&all), &m), ES_ETOOLARGE);
    world_end(&w);
    es_buf_release(&all);
    es_buf_release(&big);
}

/* ---- an answer of whoever took a worker over ---- */

static enum es_code believe(const struct es_buf *answer,
                            struct es_picture_made *m)
{
    struct es_arena a;
    enum es_code code = ES_OK;
    es_arena_init(&a, 1 << 20);
    enum es_code rc =
        es_picture_answer_get(es_buf_bytes(answer), &ASK, &a, &code, m, NULL);
    es_arena_release(&a);
    return rc == ES_OK ? code : rc;
}

static struct es_buf answer_of(struct es_bytes jpeg, uint32_t w, uint32_t h)
{
    struct es_buf b;
    struct es_picture_made m = { .n = 1 };
    m.v[0] = (struct es_picture_size){ w, h, jpeg };
    es_buf_init(&b, 1 << 20);
    es_picture_answer_put(&b, ES_OK, &m);
    return b;
}

static void check_refused(struct es_bytes jpeg, uint32_t w, uint32_t h)
{
    struct es_picture_made m;
    struct es_buf b = answer_of(jpeg, w, h);
    CHECK_INT(believe(&b, &m), ES_EMALFORMED);
    es_buf_release(&b);
}

TEST(picture_answer_that_smuggles_is_refused)
{
    struct kit_jpeg with = { .exif = es_bytes_str("<script>") };
    struct es_buf bare = kit_jpeg(40, 30, kit_corners, &(struct kit_jpeg){ 0 });
    struct es_buf tells = kit_jpeg(40, 30, kit_corners, &with);
    struct es_buf grey =
        kit_jpeg(40, 30, kit_corners, &(struct kit_jpeg){ .grey = true });
    struct es_buf b = answer_of(es_buf_bytes(&bare), 40, 30);
    struct es_picture_made m;
    CHECK_INT(believe(&b, &m), ES_OK);
    check_refused(es_buf_bytes(&tells), 40, 30);
    check_refused(es_buf_bytes(&grey), 40, 30);
    check_refused(es_buf_bytes(&bare), 41, 30);
    check_refused(es_bytes_str("<html>"), 40, 30);
    es_buf_str(&bare, "<html>");
    check_refused(es_buf_bytes(&bare), 40, 30);
    /* Cut anywhere, and with any byte behind it. */
    for (size_t n = 0; n < b.n; n++) {
        struct es_buf cut;
        es_buf_init(&cut, 1 << 20);
        es_buf_add(&cut, es_buf_bytes(&b).p, n);
        CHECK_INT(believe(&cut, &m), ES_EMALFORMED);
        es_buf_release(&cut);
    }
    es_buf_u8(&b, 0);
    CHECK_INT(believe(&b, &m), ES_EMALFORMED);
    es_buf_release(&b);
    /* Codes that aren't a file's to be guilty of. */
    for (int code = 1; code < 256; code++) {
        es_buf_init(&b, 16);
        es_buf_u8(&b, (uint8_t)code);
        bool ours = code >= ES_EEMPTY && code < ES_CODE_COUNT;
        CHECK_INT(believe(&b, &m), ours ? code : ES_EMALFORMED);
        es_buf_release(&b);
    }
    es_buf_release(&bare);
    es_buf_release(&tells);
    es_buf_release(&grey);
}

TEST(picture_head_is_checked)
{
    struct es_picture_ask got;
    struct es_buf b;
    es_buf_init(&b, 100);
    es_picture_ask_put(&b, &ASK);
    CHECK_INT(b.n, ES_PICTURE_HEAD);
    CHECK_INT(es_picture_ask_get(es_buf_bytes(&b), &got, NULL), ES_OK);
    CHECK_INT(got.n, 3);
    CHECK_INT(got.edge[1], 960);
    b.p[0] = 5;
    CHECK_INT(es_picture_ask_get(es_buf_bytes(&b), &got, NULL), ES_EMALFORMED);
    b.p[0] = 4; /* the fourth edge is 0 */
    CHECK_INT(es_picture_ask_get(es_buf_bytes(&b), &got, NULL), ES_EMALFORMED);
    es_buf_release(&b);
}
