/* SPDX-License-Identifier: Apache-2.0 */
/* The library's own face: handles, what they own, and what they refuse. */
#include "t.h"

#include <stdlib.h>
#include <zlib.h>

#include "lib/activities.h"

#define POINT(s, lon)                                                          \
    "<trkpt lat='0' lon='" lon "'><time>2026-05-01T08:00:" s "Z</time></"      \
    "trkpt>"
static const char TWO[] =
    "<gpx><trk><type>running</type><trkseg>" POINT("00", "0")
        POINT("30", "0.001") "</trkseg></trk><trk><trkseg>" POINT(
            "40", "1") "</trkseg></trk></gpx>";

/* A zip of stored members, without its directory: read by local headers. */
static void stored(struct es_buf *b, const char *name, const char *content)
{
    uLong crc = crc32(0, (const Bytef *)content, (uInt)strlen(content));
    es_buf_add(b, "PK\3\4\12\0\0\0\0\0\0\0\0\0", 14);
    es_buf_u32le(b, (uint32_t)crc);
    es_buf_u32le(b, (uint32_t)strlen(content));
    es_buf_u32le(b, (uint32_t)strlen(content));
    es_buf_u16le(b, (uint16_t)strlen(name));
    es_buf_u16le(b, 0);
    es_buf_str(b, name);
    es_buf_str(b, content);
}

static enum es_code read_text(const char *text, struct es_activities **out)
{
    /* the file goes before anything is asked of what was read */
    size_t n = strlen(text);
    char *copy = malloc(n);
    CHECK(copy);
    memcpy(copy, text, n);
    enum es_code rc = es_activities_read(copy, n, 0, out, NULL);
    memset(copy, 'x', n);
    free(copy);
    return rc;
}

TEST(each_activity_is_measured_once_and_told)
{
    struct es_activities *all;
    const struct es_measure *m, *again;
    const char *json;
    CHECK_INT(read_text(TWO, &all), ES_OK);
    CHECK_INT(es_activities_count(all), 2);
    CHECK(es_activities_at(all, 0)->format == ES_FORMAT_GPX);
    CHECK(es_activities_at(all, 0)->track->n == 2);
    CHECK(!es_activities_at(all, 0)->member);
    CHECK(!es_activities_at(all, 2));
    CHECK_INT(es_activities_measure(all, 0, &m, NULL), ES_OK);
    CHECK_NEAR(m->raw_dist_m, 111.319, 0.01);
    CHECK_INT(es_activities_measure(all, 0, &again, NULL), ES_OK);
    CHECK(m == again);
    CHECK_INT(es_activities_json(all, 1, &json, NULL), ES_OK);
    CHECK(strstr(json, "\"started_at\":\"2026-05-01T08:00:40Z\""));
    CHECK(json[0] == '{' && json[strlen(json) - 1] == '}');
    es_activities_free(all);
}

TEST(what_is_not_there_is_said_and_nothing_is_touched)
{
    struct es_activities *all;
    struct es_err e = { 0 };
    const struct es_measure *m = (const struct es_measure *)&e;
    struct es_bytes file = { NULL, 7 };
    CHECK_INT(read_text(TWO, &all), ES_OK);
    CHECK_INT(es_activities_measure(all, 2, &m, &e), ES_EINVAL);
    CHECK((const void *)m == (const void *)&e);
    CHECK_STR(e.msg, "there is no activity 2");
    CHECK_INT(es_activities_write(all, 0, ES_FORMAT_NONE, &file, &e),
              ES_EINVAL);
    CHECK_INT(file.n, 7);
    es_activities_free(all);
    es_activities_free(NULL);
    CHECK_INT(read_text("", &all), ES_EEMPTY);
    CHECK(!all);
    CHECK_INT(read_text("no file", &all), ES_EUNKNOWN);
    CHECK(!all);
}

/* One member that breaks costs itself alone. */
TEST(a_zip_keeps_the_members_that_can_be_read)
{
    struct es_buf zip;
    struct es_activities *all;
    struct es_err e = { 0 };
    const struct es_measure *m;
    es_buf_init(&zip, 1 << 20);
    stored(&zip, "bad.gpx", "<gpx><trk");
    stored(&zip, "two.gpx", TWO);
    CHECK_INT(es_activities_read(zip.p, zip.n, 0, &all, &e), ES_OK);
    es_buf_release(&zip);
    CHECK_INT(es_activities_count(all), 3);
    const struct es_activity *bad = es_activities_at(all, 0);
    CHECK_STR(bad->member, "bad.gpx");
    CHECK(!bad->track && bad->err.code == ES_ETRUNCATED && bad->err.msg[0]);
    CHECK_INT(es_activities_measure(all, 0, &m, &e), ES_EINVAL);
    CHECK_STR(es_activities_at(all, 2)->member, "two.gpx");
    CHECK_INT(es_activities_measure(all, 2, &m, &e), ES_OK);
    es_activities_free(all);
}

TEST(a_track_of_ones_own_is_measured_and_written)
{
    struct es_point pts[2] = { es_point_none(), es_point_none() };
    struct es_track tr = es_track_none();
    struct es_activities *all, *back;
    struct es_bytes file;
    for (int i = 0; i < 2; i++) {
        pts[i].t_ms = 1777622400000 + i * 60000;
        pts[i].lat_deg = 0.001 * i;
        pts[i].lon_deg = 10;
    }
    tr.pts = pts;
    tr.n = 2;
    for (int f = ES_FORMAT_FIT; f <= ES_FORMAT_TCX; f++) {
        CHECK_INT(es_activities_of(&tr, 0, &all, NULL), ES_OK);
        CHECK_INT(es_activities_write(all, 0, (enum es_format)f, &file, NULL),
                  ES_OK);
        CHECK_INT(es_activities_read(file.p, file.n, 0, &back, NULL), ES_OK);
        const struct es_track *got = es_activities_at(back, 0)->track;
        CHECK_INT(got->n, 2);
        CHECK_NEAR(got->pts[1].lat_deg, 0.001, 1e-7);
        CHECK(got->pts[1].t_ms == pts[1].t_ms);
        es_activities_free(back);
        es_activities_free(all);
    }
}

/* However little memory is allowed: an answer, and never more than allowed. */
TEST(every_bound_on_memory_ends_in_an_answer)
{
    size_t enough = 0;
    for (size_t max = 16; max < 1 << 20 && !enough; max += max / 8 + 16) {
        struct es_activities *all = NULL;
        const struct es_measure *m;
        enum es_code rc =
            es_activities_read(TWO, sizeof TWO - 1, max, &all, NULL);
        CHECK((rc == ES_OK) == (all != NULL));
        CHECK(rc == ES_OK || rc == ES_ENOMEM);
        if (rc == ES_OK && es_activities_measure(all, 0, &m, NULL) == ES_OK)
            enough = max;
        es_activities_free(all);
    }
    CHECK(enough > 0);
}
