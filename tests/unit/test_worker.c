/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a worker answers, without the sandbox around it. */
#include "base/limits.h"
#include "ingest/ingest_int.h"
#include "ipc/answer.h"
#include "t.h"
#include "worker/decode_job.h"

#include <zlib.h>

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

/* `tracks` tracks of two points each. */
static void gpx(struct es_buf *b, unsigned tracks)
{
    es_buf_init(b, ES_UPLOAD_MAX);
    es_buf_str(b, "<gpx version=\"1.1\" creator=\"test\">");
    for (unsigned i = 0; i < tracks; i++)
        es_buf_fmt(b,
                   "<trk><trkseg><trkpt lat=\"1\" lon=\"2\"/>"
                   "<trkpt lat=\"1.%03u\" lon=\"2\"/></trkseg></trk>",
                   i + 1);
    es_buf_str(b, "</gpx>");
}

/* A zip of stored members; APPNOTE.TXT sections 4.3.7, 4.3.12, 4.3.16. */
struct zip {
    struct es_buf body, dir;
    uint16_t n;
};

static void zip_sizes(struct es_buf *b, const char *name, struct es_bytes s)
{
    es_buf_u16le(b, 0); /* flags */
    es_buf_u16le(b, 0); /* stored */
    es_buf_u32le(b, 0); /* time */
    es_buf_u32le(b, (uint32_t)crc32(0, s.p, (uInt)s.n));
    es_buf_u32le(b, (uint32_t)s.n);
    es_buf_u32le(b, (uint32_t)s.n);
    es_buf_u16le(b, (uint16_t)strlen(name));
    es_buf_u16le(b, 0); /* extra */
}

static void zip_add(struct zip *z, const char *name, struct es_bytes s)
{
    uint32_t at = (uint32_t)z->body.n;
    es_buf_u32le(&z->body, 0x04034b50);
    es_buf_u16le(&z->body, 20);
    zip_sizes(&z->body, name, s);
    es_buf_str(&z->body, name);
    es_buf_add(&z->body, s.p, s.n);
    es_buf_u32le(&z->dir, 0x02014b50);
    es_buf_u16le(&z->dir, 20);
    es_buf_u16le(&z->dir, 20);
    zip_sizes(&z->dir, name, s);
    es_buf_u16le(&z->dir, 0); /* comment */
    es_buf_u32le(&z->dir, 0); /* disk, attributes */
    es_buf_u32le(&z->dir, 0);
    es_buf_u32le(&z->dir, at);
    es_buf_str(&z->dir, name);
    z->n++;
}

static struct es_bytes zip_end(struct zip *z)
{
    uint32_t at = (uint32_t)z->body.n;
    es_buf_add(&z->body, z->dir.p, z->dir.n);
    es_buf_u32le(&z->body, 0x06054b50);
    es_buf_u32le(&z->body, 0); /* disks */
    es_buf_u16le(&z->body, z->n);
    es_buf_u16le(&z->body, z->n);
    es_buf_u32le(&z->body, (uint32_t)z->dir.n);
    es_buf_u32le(&z->body, at);
    es_buf_u16le(&z->body, 0);
    CHECK(!z->body.bad && !z->dir.bad);
    return es_buf_bytes(&z->body);
}

static struct zip zip_begin(void)
{
    struct zip z = { 0 };
    es_buf_init(&z.body, ES_UPLOAD_MAX);
    es_buf_init(&z.dir, ES_UPLOAD_MAX);
    return z;
}

static void zip_free(struct zip *z)
{
    es_buf_release(&z->body);
    es_buf_release(&z->dir);
}

TEST(worker_answers_one_item_for_each_activity)
{
    struct es_buf file;
    gpx(&file, 3);
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
    gpx(&good, 1);
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
    gpx(&file, 2);
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
    gpx(&full, ES_ACTIVITIES_MAX);
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
