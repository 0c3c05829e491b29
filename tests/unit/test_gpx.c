/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "t.h"

#include <math.h>

#include "base/limits.h"
#include "decode/decode.h"

static struct es_arena arena;
static struct es_tracks got;
static struct es_err err;

static enum es_code decode(struct es_bytes in)
{
    es_arena_release(&arena);
    es_arena_init(&arena, ES_DECODE_MEM);
    got = (struct es_tracks){ 0 };
    err = (struct es_err){ 0 };
    return es_gpx_decode(in, &arena, &got, &err);
}

static enum es_code decode_str(const char *s)
{
    return decode(es_bytes_str(s));
}

static void done(void)
{
    es_arena_release(&arena);
}

/* A document around what stands in its one segment. */
static enum es_code decode_in(const char *creator, const char *inner)
{
    char doc[8192];
    snprintf(doc, sizeof doc,
             "<gpx creator=\"%s\"><trk><trkseg>%s</trkseg></trk></gpx>",
             creator, inner);
    return decode_str(doc);
}

/* One point with this inside it; NULL when it wasn't taken. */
static const struct es_point *point_with(const char *inner)
{
    char doc[4096];
    snprintf(doc, sizeof doc, "<trkpt lat='1' lon='2'>%s</trkpt>", inner);
    CHECK_INT(decode_in("x", doc), ES_OK);
    return got.v[0].n ? &got.v[0].pts[0] : NULL;
}

static size_t warned(const struct es_track *tr, const char *code)
{
    size_t n = 0;
    for (size_t i = 0; i < tr->n_warnings; i++)
        n += strcmp(tr->warnings[i].code, code) == 0;
    return n;
}

TEST(every_form_of_time)
{
    static const struct {
        const char *text, *utc;
    } T[] = {
        { "2026-08-25T06:05:00Z", "2026-08-25T06:05:00Z" },
        { "2026-08-25T06:05:00", "2026-08-25T06:05:00Z" },
        { "2026-08-25 06:05:00Z", "2026-08-25T06:05:00Z" },
        { "2026-08-25T08:05:00+02:00", "2026-08-25T06:05:00Z" },
        { "2026-08-25T11:50:00+05:45", "2026-08-25T06:05:00Z" },
        { "2026-08-24T23:05:00-0700", "2026-08-25T06:05:00Z" },
        { "2026-08-25T06:05:00.5Z", "2026-08-25T06:05:00.500Z" },
        { "2026-08-25T06:05:00.123456789Z", "2026-08-25T06:05:00.123Z" },
        { "\n 2026-08-25T06:05:00Z\t", "2026-08-25T06:05:00Z" },
    };
    for (size_t i = 0; i < sizeof T / sizeof *T; i++) {
        char inner[128];
        char text[ES_TIME_TEXT];
        snprintf(inner, sizeof inner, "<time>%s</time>", T[i].text);
        const struct es_point *pt = point_with(inner);
        CHECK(pt != NULL);
        CHECK_STR(es_time_text(pt->t_ms, text), T[i].utc);
        CHECK_INT(got.v[0].started_ms, pt->t_ms);
        CHECK_INT(got.v[0].n_warnings, 0);
    }
    done();
}

TEST(times_that_are_none)
{
    const char *bad[] = { "yesterday", "2026-02-30T00:00:00Z",
                          "2026-08-25T25:00:00Z", "1756101900" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char inner[128];
        snprintf(inner, sizeof inner, "<time>%s</time>", bad[i]);
        const struct es_point *pt = point_with(inner);
        CHECK(pt != NULL);
        CHECK(pt->t_ms == ES_NO_TIME);
        CHECK(got.v[0].started_ms == ES_NO_TIME);
        CHECK_INT(warned(&got.v[0], "bad_time"), 1);
    }
    done();
}

TEST(places_that_are_none)
{
    const char *bad[] = { "",     "NaN", "Inf",    "-inf",  "1e400", "0x10",
                          "12,5", "91",  "-90.01", "1.2.3", "--1",   "1 2" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char inner[256];
        snprintf(inner, sizeof inner,
                 "<trkpt lat='%s' lon='2'/><trkpt lat='1' lon='2'/>"
                 "<trkpt lat='1'/>",
                 bad[i]);
        CHECK_INT(decode_in("x", inner), ES_OK);
        CHECK_INT(got.v[0].n, 1);
        CHECK_INT(got.v[0].pts[0].flags, ES_PT_SEGMENT);
        CHECK_INT(warned(&got.v[0], "bad_position"), 1); /* once a track */
    }
    CHECK_INT(decode_in("x", "<trkpt lat='-0' lon='180'/>"
                             "<trkpt lat='90' lon='-180'/>"
                             "<trkpt lat='0' lon='180.001'/>"),
              ES_OK);
    CHECK_INT(got.v[0].n, 2);
    done();
}

TEST(long_decimals)
{
    char inner[1024];
    char zeros[401];
    memset(zeros, '3', 400);
    zeros[400] = '\0';
    snprintf(inner, sizeof inner, "<trkpt lat='1.%s' lon='2'/>", zeros);
    CHECK_INT(decode_in("x", inner), ES_OK);
    CHECK_NEAR(got.v[0].pts[0].lat_deg, 4.0 / 3, 1e-12);
    done();
}

TEST(values_that_are_none_are_absent)
{
    const struct es_point *pt =
        point_with("<ele>1e9</ele><extensions><hr>null</hr><cad>-4</cad>"
                   "<power>NaN</power><speed>1e400</speed>"
                   "<distance>12,5</distance></extensions>");
    CHECK(pt && isnan(pt->alt_m) && isnan(pt->speed_mps) && isnan(pt->dist_m));
    CHECK_INT(pt->hr_bpm + pt->power_w, 0);
    CHECK(isnan(pt->cadence_spm));
    done();
}

TEST(extensions_of_every_maker)
{
    const char *makers[] = {
        /* Garmin v1, v2 */
        "<extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>150</gpxtpx:hr>"
        "<gpxtpx:cad>85</gpxtpx:cad><gpxtpx:speed>3.5</gpxtpx:speed>"
        "</gpxtpx:TrackPointExtension><power>240</power></extensions>",
        /* as the default namespace */
        "<extensions><TrackPointExtension xmlns='urn:g'><hr>150</hr>"
        "<cad>85</cad><speed>3.5</speed></TrackPointExtension>"
        "<pwr:PowerInWatts>240</pwr:PowerInWatts></extensions>",
        /* Cluetrust, undeclared */
        "<speed>3.5</speed><extensions><gpxdata:hr>149.6</gpxdata:hr>"
        "<gpxdata:cadence>85</gpxdata:cadence><power>240.4</power>"
        "<gpxdata:temp>21.5</gpxdata:temp></extensions>",
        /* Garmin's, as activities write it */
        "<extensions><ns3:TPX><ns3:HR> 150 </ns3:HR><ns3:RunCadence>85"
        "</ns3:RunCadence><ns3:Watts>240</ns3:Watts><ns3:Speed>3.5</ns3:Speed>"
        "<ns3:atemp>21.5</ns3:atemp></ns3:TPX></extensions>",
    };
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        const struct es_point *pt = point_with(makers[i]);
        CHECK(pt != NULL);
        CHECK_INT(pt->hr_bpm, 150);
        CHECK_NEAR((double)pt->cadence_spm, 85, 0);
        CHECK_INT(pt->power_w, 240);
        CHECK_NEAR((double)pt->speed_mps, 3.5, 1e-6);
        CHECK(i < 2 || pt->temp_c == 21.5F);
    }
    done();
}

TEST(distances_are_sums_but_for_opentracks)
{
    const char *inner =
        "<trkpt lat='1' lon='2'><extensions><o:distance>5</o:distance>"
        "</extensions></trkpt><trkpt lat='1' lon='2'/>"
        "<trkpt lat='1' lon='2'><extensions><o:distance>6</o:distance>"
        "</extensions></trkpt>";
    CHECK_INT(decode_in("Movescount", inner), ES_OK);
    CHECK_NEAR(got.v[0].device_dist_m, 6, 0);
    CHECK_INT(decode_in("OpenTracks", inner), ES_OK);
    CHECK_NEAR(got.v[0].device_dist_m, 11, 0);
    CHECK(isnan(got.v[0].pts[1].dist_m));
    done();
}

TEST(steps_of_both_feet_become_strides)
{
    CHECK_INT(decode_str("<gpx><trk><type>running</type><trkseg>"
                         "<trkpt lat='1' lon='2'><cad>170</cad></trkpt>"
                         "<trkpt lat='1' lon='2'><cad>0</cad></trkpt>"
                         "</trkseg></trk><trk><type>cycling</type><trkseg>"
                         "<trkpt lat='1' lon='2'><cad>170</cad></trkpt>"
                         "</trkseg></trk></gpx>"),
              ES_OK);
    CHECK_NEAR((double)got.v[0].pts[0].cadence_spm, 85, 0);
    CHECK_NEAR((double)got.v[0].pts[1].cadence_spm, 0, 0);
    CHECK_NEAR((double)got.v[1].pts[0].cadence_spm, 170, 0);
    done();
}

TEST(tracks_segments_and_what_lies_between)
{
    const char *doc =
        "<gpx creator=' A  watch&#x202e; '><wpt lat='1' lon='1'/>"
        "<rte><rtept lat='1' lon='1'/></rte><trk/>"
        "<trk><type>Run</type><trkseg>"
        "<trkpt lat='1' lon='1'><time>2026-01-01T00:00:00Z</time></trkpt>"
        "<trkpt lat='1' lon='1'><time>2026-01-01T00:00:10Z</time></trkpt>"
        "</trkseg><trkseg/><trkseg>"
        "<trkpt lat='1' lon='1'><time>2026-01-01T00:01:00Z</time></trkpt>"
        "<trkpt lat='1' lon='1'><time>2026-01-01T00:01:05Z</time></trkpt>"
        "</trkseg></trk></gpx>";
    CHECK_INT(decode_str(doc), ES_OK);
    CHECK_INT(got.n, 2);
    CHECK_INT(got.v[0].n, 0);
    CHECK_INT(got.v[1].n, 4);
    CHECK_STR(got.v[1].device, "A watch");
    CHECK_INT(got.v[1].sport, ES_SPORT_RUNNING);
    CHECK_NEAR(got.v[1].timer_s, 15, 0);
    for (size_t i = 0; i < 4; i++)
        CHECK_INT(got.v[1].pts[i].flags, i % 2 ? 0 : ES_PT_SEGMENT);
    done();
}

/* A segment that begins with all of an earlier one, or is one again. */
TEST(segments_that_repeat_earlier_ones)
{
#define AT(s, lat)                                                             \
    "<trkpt lat='" lat "' lon='1'><time>2026-01-01T00:00:" s "Z</time></"      \
    "trkpt>"
#define ONE AT("00", "1") AT("01", "1.1")
#define TWO AT("05", "1.2") AT("06", "1.3")
#define SEG(x) "<trkseg>" x "</trkseg>"
    static const struct {
        const char *segments;
        size_t n, warned;
        unsigned begins; /* a bit for each point that begins a segment */
    } T[] = {
        { SEG(ONE) SEG(TWO), 4, 0, 0x5 },
        { SEG(ONE) SEG(ONE), 2, 1, 0x1 },
        { SEG(ONE) SEG(ONE) SEG(TWO), 4, 1, 0x5 },
        { SEG(ONE) SEG(ONE TWO), 4, 1, 0x5 },
        { SEG(ONE) SEG(TWO) SEG(ONE TWO AT("09", "1.5")), 5, 1, 0x15 },
        { SEG(ONE) SEG(TWO ONE), 6, 0, 0x5 },
        { SEG(ONE) SEG(AT("00", "1")), 3, 0, 0x5 },
    };
    for (size_t i = 0; i < sizeof T / sizeof *T; i++) {
        char doc[4096];
        snprintf(doc, sizeof doc, "<gpx><trk>%s</trk></gpx>", T[i].segments);
        CHECK_INT(decode_str(doc), ES_OK);
        CHECK_INT(got.v[0].n, T[i].n);
        CHECK_INT(warned(&got.v[0], "repeated"), T[i].warned);
        for (size_t k = 0; k < got.v[0].n; k++)
            CHECK_INT(got.v[0].pts[k].flags, T[i].begins >> k & 1);
    }
    /* without times a loop may well be drawn twice */
    CHECK_INT(decode_str("<gpx><trk><trkseg><trkpt lat='1' lon='1'/>"
                         "<trkpt lat='1' lon='2'/></trkseg><trkseg>"
                         "<trkpt lat='1' lon='1'/><trkpt lat='1' lon='2'/>"
                         "</trkseg></trk></gpx>"),
              ES_OK);
    CHECK_INT(got.v[0].n, 4);
    done();
}

TEST(distances_that_fall_are_steps)
{
    for (int steps = 0; steps < 2; steps++) {
        struct es_buf b = { 0 };
        es_buf_init(&b, 1u << 16);
        es_buf_str(&b, "<gpx><trk><trkseg>");
        for (int i = 1; i <= 40; i++)
            es_buf_fmt(&b,
                       "<trkpt lat='1' lon='1'><extensions><distance>%d"
                       "</distance></extensions></trkpt>",
                       steps ? 2 + i % 2 : 3 * i);
        es_buf_str(&b, "</trkseg></trk></gpx>");
        CHECK_INT(decode(es_buf_bytes(&b)), ES_OK);
        CHECK_NEAR(got.v[0].device_dist_m, steps ? 100 : 120, 0);
        es_buf_release(&b);
    }
    done();
}

TEST(nothing_recorded)
{
    CHECK_INT(decode_str("<gpx><wpt lat='1' lon='1'/></gpx>"), ES_ENOACTIVITY);
    CHECK_INT(decode_str("<gpx><rte><rtept lat='1' lon='1'/></rte></gpx>"),
              ES_ENOACTIVITY);
    CHECK(strstr(err.msg, "route") != NULL);
    CHECK_INT(decode_str("<gpx><wpt lat='1' lon='1'/></gpx>"), ES_ENOACTIVITY);
    CHECK(strstr(err.msg, "waypoint") != NULL);
    CHECK_INT(decode_str("<html><trk/></html>"), ES_ENOACTIVITY);
    CHECK_INT(decode_str("<gpx><trk>"), ES_ETRUNCATED);
    CHECK_INT(decode_str("<!DOCTYPE gpx><gpx><trk/></gpx>"), ES_EDOCTYPE);
    CHECK(got.v == NULL);
    done();
}

TEST(a_broken_tail_keeps_what_stands_before)
{
    const char *doc = "<gpx><trk><trkseg><trkpt lat='1' lon='1'/>"
                      "<trkpt lat='2' lon='2'/><trkpt lat='3' lon='3'><ele";
    CHECK_INT(decode_str(doc), ES_OK);
    CHECK_INT(got.v[0].n, 2);
    CHECK_INT(warned(&got.v[0], "damaged"), 1);
    CHECK_INT(got.v[0].warnings[0].at, strlen(doc) - 4);
    CHECK_INT(decode_str("<gpx><trk><trkseg><trkpt lat='1' lon='1'/>"
                         "</trk></gpx>"),
              ES_OK);
    CHECK_INT(warned(&got.v[0], "damaged"), 1);
    done();
}

static const char SMALL[] =
    "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<gpx creator=\"caf\xc3\xa9\" xmlns:g=\"u\"><!-- c --><trk>"
    "<name><![CDATA[x]]></name><type>9</type><trkseg>"
    "<trkpt lat=\"1.5\" lon=\"2\"><ele>1</ele>"
    "<time>2026-01-01T00:00:00Z</time><extensions><g:hr>99</g:hr>"
    "</extensions></trkpt><trkpt lat=\"1.6\" lon=\"2\"/></trkseg></trk>"
    "<trk><trkseg><trkpt lat=\"-1\" lon=\"&#50;\"/></trkseg></trk></gpx>";

/* Whatever the bytes: a result with sane points or an error that lies in the
 * file. Returns the number of points. */
static size_t check_total(struct es_bytes in)
{
    enum es_code rc = decode(in);
    size_t points = 0;
    if (rc != ES_OK) {
        CHECK(got.v == NULL && err.code == rc && err.at <= in.n);
        return 0;
    }
    CHECK(got.n >= 1);
    for (size_t i = 0; i < got.n; i++) {
        const struct es_track *tr = &got.v[i];
        points += tr->n;
        for (size_t k = 0; k < tr->n; k++)
            CHECK(es_point_has_position(&tr->pts[k]));
        for (size_t k = 0; k < tr->n_warnings; k++)
            CHECK(tr->warnings[k].at <= in.n);
    }
    return points;
}

TEST(every_truncation)
{
    size_t before = 0;
    for (size_t n = 0; n < sizeof SMALL; n++) {
        struct es_bytes cut = t_guarded((const uint8_t *)SMALL, n);
        size_t points = check_total(cut);
        CHECK(points >= before);
        before = points;
        t_guarded_free(cut);
    }
    CHECK_INT(before, 3);
    done();
}

TEST(every_byte_changed)
{
    uint8_t copy[sizeof SMALL - 1];
    uint64_t x = 88172645463325252u; /* xorshift64 */
    for (size_t i = 0; i < sizeof copy; i++)
        for (int k = 0; k < 24; k++) {
            memcpy(copy, SMALL, sizeof copy);
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            copy[i] = (uint8_t)(k < 8 ? copy[i] ^ 1 << k : (int)(x >> 40));
            if (k >= 16)
                copy[(x >> 8) % sizeof copy] = (uint8_t)(x >> 48);
            (void)check_total((struct es_bytes){ copy, sizeof copy });
        }
    done();
}

TEST(every_arena)
{
    bool ok = false;
    for (size_t max = 0; !ok; max += 64) {
        es_arena_release(&arena);
        es_arena_init(&arena, max);
        enum es_code rc =
            es_gpx_decode(es_bytes_str(SMALL), &arena, &got, &err);
        CHECK(rc == ES_OK || rc == ES_ENOMEM);
        ok = rc == ES_OK;
        CHECK(max < 1u << 20);
    }
    done();
}

TEST(points_are_bounded)
{
    struct es_buf b = { 0 };
    es_buf_init(&b, 64u << 20);
    es_buf_str(&b, "<gpx><trk><trkseg>");
    for (uint32_t i = 0; i < ES_POINTS_MAX; i++)
        es_buf_str(&b, "<trkpt lat='1' lon='1'/>");
    size_t head = b.n;
    es_buf_str(&b, "</trkseg></trk></gpx>");
    CHECK_INT(decode(es_buf_bytes(&b)), ES_OK);
    CHECK_INT(got.v[0].n, ES_POINTS_MAX);
    b.n = head;
    es_buf_str(&b, "<trkpt lat='1' lon='1'/></trkseg></trk></gpx>");
    CHECK_INT(decode(es_buf_bytes(&b)), ES_EMANYPOINTS);
    CHECK_INT(err.at, head + 24); /* an empty tag ends where it ends */
    es_buf_release(&b);
    done();
}

TEST(tracks_are_bounded)
{
    struct es_buf b = { 0 };
    es_buf_init(&b, 1u << 20);
    es_buf_str(&b, "<gpx>");
    for (uint32_t i = 0; i < ES_ACTIVITIES_MAX; i++)
        es_buf_str(&b, "<trk/>");
    size_t head = b.n;
    es_buf_str(&b, "</gpx>");
    CHECK_INT(decode(es_buf_bytes(&b)), ES_OK);
    CHECK_INT(got.n, ES_ACTIVITIES_MAX);
    b.n = head;
    es_buf_str(&b, "<trk/></gpx>");
    CHECK_INT(decode(es_buf_bytes(&b)), ES_ECOMPLEX);
    es_buf_release(&b);
    done();
}
