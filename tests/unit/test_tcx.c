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
    return es_tcx_decode(in, &arena, &got, &err);
}

static enum es_code decode_in(const char *activities)
{
    char doc[16384];
    snprintf(doc, sizeof doc,
             "<TrainingCenterDatabase>%s</TrainingCenterDatabase>", activities);
    return decode(es_bytes_str(doc));
}

static void done(void)
{
    es_arena_release(&arena);
}

static const char TWO_LAPS[] =
    "<Activities><Activity Sport='Running'><Id>2026-01-01T00:00:00Z</Id>"
    "<Lap StartTime='2026-01-01T00:00:00Z'>"
    "<TotalTimeSeconds>10.5</TotalTimeSeconds>"
    "<DistanceMeters>30</DistanceMeters><Track>"
    "<Trackpoint><Time>2026-01-01T00:00:03Z</Time></Trackpoint>"
    "<Trackpoint><Time>2026-01-01T00:00:05Z</Time>"
    "<Position><LatitudeDegrees>1</LatitudeDegrees>"
    "<LongitudeDegrees>2</LongitudeDegrees></Position>"
    "<DistanceMeters>10</DistanceMeters></Trackpoint>"
    "</Track><Track>"
    "<Trackpoint><Time>2026-01-01T00:01:00Z</Time>"
    "<Position><LatitudeDegrees>1.1</LatitudeDegrees>"
    "<LongitudeDegrees>2</LongitudeDegrees></Position>"
    "<DistanceMeters>20</DistanceMeters></Trackpoint>"
    "</Track></Lap>"
    "<Lap StartTime='2026-01-01T00:00:00Z'>"
    "<TotalTimeSeconds>5</TotalTimeSeconds>"
    "<DistanceMeters>20.5</DistanceMeters><Track>"
    "<Trackpoint><Time>2026-01-01T00:02:00Z</Time>"
    "<Position><LatitudeDegrees>1.2</LatitudeDegrees>"
    "<LongitudeDegrees>2</LongitudeDegrees></Position>"
    "<AltitudeMeters>7</AltitudeMeters>"
    "<DistanceMeters>50</DistanceMeters>"
    "<HeartRateBpm x:type='t'><Value>140</Value></HeartRateBpm>"
    "<Extensions><n:TPX><n:Speed>3</n:Speed>"
    "<n:RunCadence>80</n:RunCadence>"
    "<n:Watts>200</n:Watts></n:TPX></Extensions></Trackpoint>"
    "</Track></Lap>"
    "<Creator><Name>My  watch</Name></Creator></Activity></Activities>"
    "<Author><Name>Not a watch</Name></Author>";

TEST(an_activity_of_two_laps)
{
    CHECK_INT(decode_in(TWO_LAPS), ES_OK);
    CHECK_INT(got.n, 1);
    const struct es_track *tr = &got.v[0];
    CHECK_STR(tr->device, "My watch");
    CHECK_INT(tr->sport, ES_SPORT_RUNNING);
    CHECK_INT(tr->n_laps, 2);
    CHECK_INT(tr->n, 4);
    CHECK_NEAR(tr->timer_s, 15.5, 0);
    CHECK_NEAR(tr->device_dist_m, 50.5, 0);
    CHECK_INT(tr->started_ms, tr->pts[0].t_ms);
    CHECK(isnan(tr->pts[0].lat_deg));
    CHECK_INT(tr->pts[0].flags, ES_PT_SEGMENT | ES_PT_LAP);
    CHECK_INT(tr->pts[1].flags, 0);
    CHECK_INT(tr->pts[2].flags, ES_PT_SEGMENT | ES_PT_RESUME);
    CHECK_INT(tr->pts[3].flags, ES_PT_SEGMENT | ES_PT_LAP);
    CHECK_INT(tr->pts[3].hr_bpm, 140);
    CHECK_NEAR((double)tr->pts[3].cadence_spm, 80, 0);
    CHECK_INT(tr->pts[3].power_w, 200);
    CHECK_NEAR((double)tr->pts[3].alt_m, 7, 0);
    CHECK_NEAR((double)tr->pts[3].speed_mps, 3, 0);
    done();
}

static const char TREADMILL[] = "<Activities><Activity Sport='Running'>"
                                "<Lap StartTime='2026-01-01T00:00:00Z'>"
                                "<TotalTimeSeconds>600</TotalTimeSeconds>"
                                "<DistanceMeters>2000</DistanceMeters></Lap>"
                                "</Activity></Activities>";

/* A treadmill: no positions, perhaps no points. */
TEST(laps_alone)
{
    CHECK_INT(decode_in(TREADMILL), ES_OK);
    CHECK_INT(got.v[0].n, 0);
    CHECK_NEAR(got.v[0].device_dist_m, 2000, 0);
    char text[ES_TIME_TEXT];
    CHECK_STR(es_time_text(got.v[0].started_ms, text), "2026-01-01T00:00:00Z");
    done();
}

static const char COURSE[] =
    "<Folders><Courses><CourseFolder Name='x'/></Courses></Folders>"
    "<Courses><Course><Name>x</Name>"
    "<Lap StartTime='2026-01-01T00:00:00Z'>"
    "<TotalTimeSeconds>60</TotalTimeSeconds>"
    "<DistanceMeters>90</DistanceMeters></Lap>"
    "<Track>"
    "<Trackpoint><Position><LatitudeDegrees>1</LatitudeDegrees>"
    "<LongitudeDegrees>2</LongitudeDegrees></Position></Trackpoint>"
    "</Track></Course></Courses>";

TEST(a_course_is_read_as_a_track)
{
    CHECK_INT(decode_in(COURSE), ES_OK);
    CHECK_INT(got.n, 1);
    CHECK_INT(got.v[0].n, 1);
    CHECK_INT(got.v[0].n_laps, 1);
    done();
}

static const char MULTISPORT[] =
    "<Activities><MultiSportSession><Id>x</Id>"
    "<FirstSport><Activity Sport='Biking'>"
    "<Lap StartTime='2026-01-01T00:00:00Z'>"
    "<TotalTimeSeconds>9</TotalTimeSeconds>"
    "<DistanceMeters>5000</DistanceMeters><Track>"
    "<Trackpoint><DistanceMeters>10</DistanceMeters></Trackpoint>"
    "<Trackpoint><DistanceMeters>5000</DistanceMeters></Trackpoint>"
    "</Track></Lap>"
    "</Activity></FirstSport><NextSport><Transition>"
    "<Lap StartTime='2026-01-01T00:00:00Z'>"
    "<TotalTimeSeconds>9</TotalTimeSeconds>"
    "<DistanceMeters>1</DistanceMeters></Lap>"
    "</Transition><Activity Sport='Running'>"
    "<Lap StartTime='2026-01-01T00:00:00Z'>"
    "<TotalTimeSeconds>9</TotalTimeSeconds>"
    "<DistanceMeters>1000</DistanceMeters><Track>"
    "<Trackpoint><DistanceMeters>5001</DistanceMeters></Trackpoint>"
    "<Trackpoint><DistanceMeters>6001</DistanceMeters></Trackpoint>"
    "</Track></Lap>"
    "</Activity></NextSport></MultiSportSession></Activities>";

/* Each leg's metres run from about zero, also where the file counts on. */
TEST(a_multisport_session)
{
    CHECK_INT(decode_in(MULTISPORT), ES_OK);
    CHECK_INT(got.n, 2);
    CHECK_INT(got.v[1].sport, ES_SPORT_RUNNING);
    CHECK_NEAR(got.v[0].pts[1].dist_m, 5000, 0);
    CHECK_NEAR(got.v[1].pts[0].dist_m, 0, 0);
    CHECK_NEAR(got.v[1].pts[1].dist_m, 1000, 0);
    CHECK_NEAR(got.v[1].device_dist_m, 1000, 0);
    done();
}

static const char FROM_ZERO[] =
    "<Activities><Activity Sport='Running'>"
    "<Lap StartTime='2026-01-01T00:00:00Z'>"
    "<TotalTimeSeconds>9</TotalTimeSeconds>"
    "<DistanceMeters>1000</DistanceMeters><Track>"
    "<Trackpoint><DistanceMeters>3</DistanceMeters></Trackpoint>"
    "<Trackpoint><DistanceMeters>1000</DistanceMeters></Trackpoint>"
    "</Track></Lap>"
    "<Lap StartTime='2026-01-01T00:00:00Z'>"
    "<TotalTimeSeconds>9</TotalTimeSeconds>"
    "<DistanceMeters>500</DistanceMeters><Track>"
    "<Trackpoint></Trackpoint>"
    "<Trackpoint><DistanceMeters>3</DistanceMeters></Trackpoint>"
    "<Trackpoint><DistanceMeters>500</DistanceMeters></Trackpoint>"
    "</Track></Lap>"
    "</Activity></Activities>";

TEST(laps_that_count_from_zero)
{
    CHECK_INT(decode_in(FROM_ZERO), ES_OK);
    CHECK_NEAR(got.v[0].pts[3].dist_m, 1003, 0);
    CHECK_NEAR(got.v[0].pts[4].dist_m, 1500, 0);
    CHECK_NEAR(got.v[0].device_dist_m, 1500, 0);
    done();
}

static const char NO_NUMBERS[] =
    "<Activities><Activity><Lap StartTime='+052870-03-11'>"
    "<TotalTimeSeconds>NaN</TotalTimeSeconds>"
    "<DistanceMeters>1e400</DistanceMeters><Track>"
    "<Trackpoint><Position><LatitudeDegrees>91</LatitudeDegrees>"
    "<LongitudeDegrees>2</LongitudeDegrees></Position>"
    "<DistanceMeters>12,5</DistanceMeters>"
    "<HeartRateBpm>undefined</HeartRateBpm></Trackpoint>"
    "<Trackpoint><Position/><Time>2026-01-01T00:00:00Z</Time>"
    "</Trackpoint>"
    "<Trackpoint><Time>-</Time>"
    "<Position><LatitudeDegrees>1</LatitudeDegrees>"
    "<LongitudeDegrees>0x10</LongitudeDegrees></Position></Trackpoint>"
    "</Track></Lap></Activity></Activities>";

TEST(what_is_no_number_is_absent)
{
    CHECK_INT(decode_in(NO_NUMBERS), ES_OK);
    const struct es_track *tr = &got.v[0];
    CHECK_INT(tr->n, 3);
    for (size_t i = 0; i < tr->n; i++)
        CHECK(!es_point_has_position(&tr->pts[i]) && isnan(tr->pts[i].dist_m));
    CHECK_INT(tr->pts[0].hr_bpm, 0);
    CHECK(isnan(tr->timer_s) && isnan(tr->device_dist_m));
    CHECK_INT(tr->n_warnings, 2);
    CHECK_STR(tr->warnings[0].code, "bad_position");
    CHECK_STR(tr->warnings[1].code, "bad_time");
    done();
}

static const char VERSION_1[] =
    "<History><Running><Folder Name='2005'><Week/><Run><Id>x</Id>"
    "<Lap StartTime='2005-01-01T00:00:00Z'>"
    "<TotalTimeSeconds>9</TotalTimeSeconds>"
    "<DistanceMeters>30</DistanceMeters><Track><Trackpoint>"
    "<Time>2005-01-01T00:00:00Z</Time>"
    "<Position><LatitudeDegrees>1</LatitudeDegrees>"
    "<LongitudeDegrees>2</LongitudeDegrees></Position>"
    "<HeartRateBpm>120</HeartRateBpm></Trackpoint></Track></Lap></Run>"
    "</Folder></Running><Biking><Run><Lap/></Run></Biking>"
    "<Other><Run><Lap/></Run></Other></History>";

TEST(the_first_version_of_the_schema)
{
    CHECK_INT(decode_in(VERSION_1), ES_OK);
    CHECK_INT(got.n, 3);
    CHECK_INT(got.v[0].sport, ES_SPORT_RUNNING);
    CHECK_INT(got.v[1].sport, ES_SPORT_CYCLING);
    CHECK_INT(got.v[2].sport, ES_SPORT_GENERIC);
    CHECK_INT(got.v[0].n, 1);
    CHECK_INT(got.v[0].pts[0].hr_bpm, 120);
    CHECK_NEAR(got.v[0].device_dist_m, 30, 0);
    done();
}

TEST(nothing_recorded)
{
    CHECK_INT(decode_in(""), ES_ENOACTIVITY);
    CHECK_INT(decode_in("<Activities/>"), ES_ENOACTIVITY);
    CHECK_INT(decode_in("<Workouts><Workout/></Workouts>"), ES_ENOACTIVITY);
    CHECK_INT(decode(es_bytes_str("<gpx/>")), ES_ENOACTIVITY);
    done();
}

static const char SMALL[] =
    "\n<?xml version='1.0' encoding='UTF-8'?>\n"
    "<TrainingCenterDatabase><Activities>"
    "<Activity Sport='Running'><Id>2026-01-01T00:00:00Z</Id>"
    "<Lap StartTime='2026-01-01T00:00:00Z'>"
    "<TotalTimeSeconds>10</TotalTimeSeconds>"
    "<DistanceMeters>30</DistanceMeters><Track>"
    "<Trackpoint><Time>2026-01-01T00:00:03Z</Time></Trackpoint>"
    "<Trackpoint><Time>2026-01-01T00:00:05Z</Time>"
    "<Position><LatitudeDegrees>1</LatitudeDegrees>"
    "<LongitudeDegrees>2</LongitudeDegrees></Position>"
    "<DistanceMeters>10</DistanceMeters></Trackpoint>"
    "</Track></Lap>"
    "<Lap StartTime='2026-01-01T00:00:00Z'>"
    "<TotalTimeSeconds>10</TotalTimeSeconds>"
    "<DistanceMeters>30</DistanceMeters><Track>"
    "<Trackpoint><Time>2026-01-01T00:01:03Z</Time>"
    "<Position><LatitudeDegrees>1</LatitudeDegrees>"
    "<LongitudeDegrees>2</LongitudeDegrees></Position>"
    "<DistanceMeters>20</DistanceMeters>"
    "<HeartRateBpm><Value>99</Value></HeartRateBpm></Trackpoint>"
    "</Track></Lap>"
    "<Creator><Name>caf\xc3\xa9</Name></Creator>"
    "</Activity></Activities></TrainingCenterDatabase>";

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
        for (size_t k = 0; k < tr->n; k++) {
            CHECK(isnan(tr->pts[k].lat_deg) == isnan(tr->pts[k].lon_deg));
            CHECK(!isinf(tr->pts[k].dist_m));
        }
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
        for (int k = 0; k < 16; k++) {
            memcpy(copy, SMALL, sizeof copy);
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            copy[i] = (uint8_t)(k < 8 ? copy[i] ^ 1 << k : (int)(x >> 40));
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
            es_tcx_decode(es_bytes_str(SMALL), &arena, &got, &err);
        CHECK(rc == ES_OK || rc == ES_ENOMEM);
        ok = rc == ES_OK;
        CHECK(max < 1u << 20);
    }
    done();
}

TEST(laps_are_bounded)
{
    struct es_buf b = { 0 };
    es_buf_init(&b, 1u << 20);
    es_buf_str(&b, "<TrainingCenterDatabase><Activities><Activity>");
    for (uint32_t i = 0; i <= ES_LAPS_MAX; i++)
        es_buf_str(&b, "<Lap/>");
    CHECK_INT(decode(es_buf_bytes(&b)), ES_ECOMPLEX);
    es_buf_release(&b);
    done();
}

/* The schema wants a lap's metres; 0 beside positions is no device's count. */
TEST(nought_metres_are_no_count)
{
    static const char LAP[] =
        "<Activities><Activity Sport='Running'><Lap>"
        "<DistanceMeters>0</DistanceMeters><Track><Trackpoint>"
        "<Time>2026-01-01T00:00:03Z</Time>%s</Trackpoint></Track>"
        "</Lap></Activity></Activities>";
    static const char PLACE[] =
        "<Position><LatitudeDegrees>1</LatitudeDegrees>"
        "<LongitudeDegrees>2</LongitudeDegrees></Position>";
    char doc[512];
    snprintf(doc, sizeof doc, LAP, PLACE);
    CHECK_INT(decode_in(doc), ES_OK);
    CHECK(isnan(got.v[0].device_dist_m));
    snprintf(doc, sizeof doc, LAP, ""); /* a treadmill that stood still */
    CHECK_INT(decode_in(doc), ES_OK);
    CHECK(got.v[0].device_dist_m == 0);
    snprintf(doc, sizeof doc, LAP, "<DistanceMeters>0</DistanceMeters>");
    CHECK_INT(decode_in(doc), ES_OK);
    CHECK(got.v[0].device_dist_m == 0);
    done();
}
