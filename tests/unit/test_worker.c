/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a worker answers, without the sandbox around it. */
#include "base/limits.h"
#include "ingest/ingest_int.h"
#include "ipc/answer.h"
#include "t.h"
#include "worker/decode_job.h"
#include "zip_kit.h"

struct answer {
    struct es_buf bytes;
    struct es_arena a;
    struct es_ingest_result r;
};

/* Decodes and reads the answer as the server does. */
static struct answer work(struct es_bytes file)
{
    struct answer w = { 0 };
    struct es_err e = { 0 };
    es_buf_init(&w.bytes, ES_FRAME_MAX);
    es_arena_init(&w.a, 64 << 20);
    es_decode_job((struct es_bytes){ 0 }, file, &w.bytes);
    CHECK(!w.bytes.bad);
    if (es_ingest_check(es_buf_bytes(&w.bytes), &w.a, &w.r, &e) != ES_OK)
        FAIL("at %zu: %s", e.at, e.msg);
    return w;
}

static void done(struct answer *w)
{
    es_arena_release(&w->a);
    es_buf_release(&w->bytes);
}

TEST(worker_answers_one_item_for_each_activity)
{
    struct es_buf file;
    kit_gpx(&file, 3);
    struct answer w = work(es_buf_bytes(&file));
    CHECK_INT(w.r.n, 3);
    for (uint32_t i = 0; i < 3; i++) {
        CHECK_INT(w.r.v[i].code, ES_OK);
        CHECK_INT(w.r.v[i].activity, i);
        CHECK_INT(w.r.v[i].activities, 3);
        CHECK(w.r.v[i].member == NULL);
        CHECK_NEAR(w.r.v[i].m.raw_dist_m, 110.574 * (i + 1), 0.1);
    }
    done(&w);
    es_buf_release(&file);
}

/* One member that is broken is said, and costs the others nothing. */
TEST(worker_tells_the_members_of_a_zip_apart)
{
    struct es_buf good;
    struct zip z = zip_begin();
    kit_gpx(&good, 1);
    zip_add(&z, "a.gpx", es_buf_bytes(&good));
    zip_add(&z, "läufe/b.gpx", es_bytes_str("<gpx version=\"1.1\"><trk>"));
    zip_add(&z, "c.gpx", es_buf_bytes(&good));
    struct answer w = work(zip_end(&z));
    CHECK_INT(w.r.n, 3);
    CHECK_STR(w.r.v[0].member, "a.gpx");
    CHECK_INT(w.r.v[0].code, ES_OK);
    CHECK_STR(w.r.v[1].member, "läufe/b.gpx");
    CHECK(w.r.v[1].code >= ES_EEMPTY);
    CHECK_INT(w.r.v[1].err.code, w.r.v[1].code);
    CHECK(w.r.v[1].err.msg[0] != '\0');
    CHECK_STR(w.r.v[2].member, "c.gpx");
    CHECK_INT(w.r.v[2].code, ES_OK);
    done(&w);
    zip_free(&z);
    es_buf_release(&good);
}

static struct es_course route_of(struct es_bytes file, uint32_t item,
                                 struct es_arena *a, enum es_code *code)
{
    struct es_err e = { 0 };
    struct es_buf head, answer;
    struct es_course r = { 0 };
    es_buf_init(&head, 4);
    es_buf_u32le(&head, item);
    es_buf_init(&answer, ES_FRAME_MAX);
    es_decode_job(es_buf_bytes(&head), file, &answer);
    CHECK(!answer.bad);
    if (es_ingest_check_route(es_buf_bytes(&answer), a, code, &r, &e) != ES_OK)
        FAIL("at %zu: %s", e.at, e.msg);
    es_buf_release(&head);
    es_buf_release(&answer);
    return r;
}

/* By the number that the activity has in the answer without a head. */
TEST(worker_gives_the_route_of_one_activity)
{
    struct es_buf good;
    struct es_arena a;
    enum es_code code;
    struct zip z = zip_begin();
    es_arena_init(&a, 1 << 20);
    kit_gpx(&good, 2);
    zip_add(&z, "broken.gpx", es_bytes_str("<gpx version=\"1.1\"><trk>"));
    zip_add(&z, "b.gpx", es_buf_bytes(&good));
    struct es_bytes file = zip_end(&z);
    (void)route_of(file, 0, &a, &code);
    CHECK(code >= ES_EEMPTY);
    struct es_course r = route_of(file, 2, &a, &code);
    CHECK_INT(code, ES_OK);
    CHECK_INT(r.n, 2);
    CHECK_NEAR(r.v[0].lat_deg, 1, 1e-7);
    CHECK_NEAR(r.v[1].lat_deg, 1.002, 1e-7);
    CHECK(r.v[0].piece && !r.v[1].piece);
    (void)route_of(file, 3, &a, &code);
    CHECK_INT(code, ES_ENOACTIVITY);
    (void)route_of(es_bytes_str("no activity"), 0, &a, &code);
    CHECK(code >= ES_EEMPTY);
    es_arena_release(&a);
    zip_free(&z);
    es_buf_release(&good);
}

/* 440 m in a second, and in two minutes. */
TEST(a_leap_of_no_human_breaks_a_route)
{
    static const char *const AT[] = { "01", "02", "03" };
    for (int i = 0; i < 2; i++) {
        struct es_buf b;
        struct es_arena a;
        enum es_code code;
        es_arena_init(&a, 1 << 20);
        es_buf_init(&b, 4096);
        es_buf_str(&b,
                   "<gpx version=\"1.1\"><trk><type>running</type><trkseg>");
        for (int k = 0; k < 3; k++)
            es_buf_fmt(&b,
                       "<trkpt lat=\"1.00%s\" lon=\"2\"><time>2026-05-01T10:"
                       "%s:%sZ</time></trkpt>",
                       k == 0   ? "00"
                       : k == 1 ? "40"
                                : "41",
                       i ? AT[k] : "00", AT[k]);
        es_buf_str(&b, "</trkseg></trk></gpx>");
        struct es_course r = route_of(es_buf_bytes(&b), 0, &a, &code);
        CHECK_INT(code, ES_OK);
        CHECK(r.n >= 2 && r.v[1].piece == (i == 0));
        es_arena_release(&a);
        es_buf_release(&b);
    }
}

/* Whatever is flipped, what is believed of it is a route on the earth. */
TEST(a_route_of_lies_is_refused)
{
    struct es_buf b;
    struct es_geo_point v[] = { { 89.5, -179.5, true }, { -1, 2, false } };
    struct es_course r = { v, 2 };
    size_t refused = 0;
    es_buf_init(&b, 256);
    es_buf_u8(&b, ES_OK);
    es_course_put(&b, &r);
    for (size_t bit = 0; bit < b.n * 8; bit++) {
        struct es_arena a;
        struct es_course back = { 0 };
        enum es_code code = ES_OK;
        es_arena_init(&a, 1 << 16);
        b.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
        enum es_code rc =
            es_ingest_check_route(es_buf_bytes(&b), &a, &code, &back, NULL);
        refused += rc != ES_OK;
        for (size_t i = 0; rc == ES_OK && i < back.n; i++)
            CHECK(back.v[i].lat_deg >= -90 && back.v[i].lat_deg <= 90 &&
                  back.v[i].lon_deg >= -180 && back.v[i].lon_deg <= 180);
        b.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
        es_arena_release(&a);
    }
    CHECK(refused > 30);
    es_buf_release(&b);
}

TEST(worker_passes_warnings_on)
{
    static const char CUT[] =
        "<gpx version=\"1.1\"><trk><trkseg><trkpt lat=\"1\" lon=\"2\"/>"
        "<trkpt lat=\"1.001\" lon=\"2\"/><trkpt la\x1b";
    struct answer w = work(es_bytes_str(CUT));
    CHECK_INT(w.r.n, 1);
    CHECK_INT(w.r.v[0].code, ES_OK);
    CHECK(w.r.v[0].n_warnings >= 1);
    CHECK(w.r.v[0].warnings[0].code[0] != '\0');
    CHECK(w.r.v[0].warnings[0].at <= sizeof CUT);
    done(&w);
}

/* Each truncation has an answer that the server takes. */
TEST(worker_answers_every_truncation)
{
    struct es_buf file;
    kit_gpx(&file, 2);
    for (size_t n = 0; n < file.n; n++) {
        struct es_bytes cut = t_guarded(file.p, n);
        struct answer w = work(cut);
        CHECK(w.r.n >= 1);
        done(&w);
        t_guarded_free(cut);
    }
    es_buf_release(&file);
}

/* 64 files of 256 activities, with the longest names there can be, make more
 * than one frame holds: one error says so in place of all. */
TEST(worker_says_when_its_answer_is_too_long)
{
    struct es_buf full;
    struct zip z = zip_begin();
    kit_gpx(&full, ES_ACTIVITIES_MAX);
    for (unsigned i = 0; i < ES_MEMBERS_MAX; i++) {
        char name[512];
        int n = snprintf(name, sizeof name, "%02u", i);
        for (unsigned k = 0; k < 118; k++)
            n += snprintf(name + n, sizeof name - (size_t)n, "\u8dd1");
        zip_add(&z, name, es_buf_bytes(&full));
    }
    struct answer w = work(zip_end(&z));
    CHECK_INT(w.r.n, 1);
    CHECK_INT(w.r.v[0].code, ES_ECOMPLEX);
    CHECK_STR(w.r.v[0].err.msg, "too many activities");
    done(&w);
    zip_free(&z);
    es_buf_release(&full);
}
