/* SPDX-License-Identifier: Apache-2.0 */
/* Garmin's TrainingCenterDatabase v1 and v2 with ActivityExtension v2, and
 * what other makers write as such. Source: the schemas
 * TrainingCenterDatabasev2.xsd and ActivityExtensionv2.xsd; for what write/
 * adds: docs/FILES.md. */
#include <math.h>

#include "decode/decode.h"
#include "decode/gather.h"
#include "decode/own.h"
#include "decode/xml.h"

enum {
    POINT_BYTES = 240
}; /* of a plain point; a first guess at their number */

enum state {
    DOC = ES_XML_DOC,
    DATABASE,
    ACTIVITIES,
    SESSION,
    LEG, /* of a multi-sport session */
    COURSES,
    HISTORY, /* v1 keeps runs in a folder for each sport */
    RUNS,
    RIDES,
    OTHERS,
    ACTIVITY,
    CREATOR,
    DEVICE,
    ID,
    LAP,
    LAP_TIME,
    LAP_DISTANCE,
    TRACK,
    POINT,
    TIME,
    POSITION,
    LAT,
    LON,
    ELE,
    DISTANCE,
    HEART,
    HR,
    CADENCE,
    EXT,
    SPEED,
    WATTS,
    ACCURACY,
    TEMP,
    MARKS,
    ACTIVITY_EXT,
    OWN,       /* what our writer says of an activity; its leaves */
    OWN_FIRST, /* in the order of es_own_field */
    LAP_EXT = OWN_FIRST + ES_OWN_FIELDS,
    OWN_LAP, /* and of a lap */
    LAP_FIRST,
    N_STATES = LAP_FIRST + ES_OWN_FIELDS
};

static const struct es_xml_row ROWS[] = {
    { POINT, "Time", TIME },
    { POINT, "Position", POSITION },
    { POINT, "AltitudeMeters", ELE },
    { POINT, "DistanceMeters", DISTANCE },
    { POINT, "HeartRateBpm", HEART },
    { POINT, "Cadence", CADENCE },
    { POINT, "Extensions", EXT },
    { POSITION, "LatitudeDegrees", LAT },
    { POSITION, "LongitudeDegrees", LON },
    { HEART, "Value", HR },
    { EXT, "Speed", SPEED },
    { EXT, "RunCadence", CADENCE },
    { EXT, "Watts", WATTS },
    { EXT, "accuracy", ACCURACY },
    { EXT, "cadence", CADENCE },
    { EXT, "temperature", TEMP },
    { EXT, "marks", MARKS },
    { EXT, NULL, EXT },
    { TRACK, "Trackpoint", POINT },
    { LAP, "Track", TRACK },
    { LAP, "TotalTimeSeconds", LAP_TIME },
    { LAP, "DistanceMeters", LAP_DISTANCE },
    { LAP, "Extensions", LAP_EXT },
    { LAP_EXT, "lap", OWN_LAP },
    { OWN_LAP, "start", LAP_FIRST + ES_OWN_START },
    { OWN_LAP, "elapsed", LAP_FIRST + ES_OWN_ELAPSED },
    { OWN_LAP, "timer", LAP_FIRST + ES_OWN_TIMER },
    { OWN_LAP, "distance", LAP_FIRST + ES_OWN_DISTANCE },
    { ACTIVITY, "Lap", LAP },
    { ACTIVITY, "Track", TRACK },
    { ACTIVITY, "Id", ID },
    { ACTIVITY, "Creator", CREATOR },
    { CREATOR, "Name", DEVICE },
    { ACTIVITY, "Extensions", ACTIVITY_EXT },
    { ACTIVITY_EXT, "activity", OWN },
    { OWN, "sport", OWN_FIRST + ES_OWN_SPORT },
    { OWN, "subsport", OWN_FIRST + ES_OWN_SUBSPORT },
    { OWN, "device", OWN_FIRST + ES_OWN_DEVICE },
    { OWN, "start", OWN_FIRST + ES_OWN_START },
    { OWN, "elapsed", OWN_FIRST + ES_OWN_ELAPSED },
    { OWN, "timer", OWN_FIRST + ES_OWN_TIMER },
    { OWN, "distance", OWN_FIRST + ES_OWN_DISTANCE },
    { ACTIVITIES, "Activity", ACTIVITY },
    { ACTIVITIES, "MultiSportSession", SESSION },
    { SESSION, "FirstSport", LEG },
    { SESSION, "NextSport", LEG },
    { LEG, "Activity", ACTIVITY },
    { COURSES, "Course", ACTIVITY },
    { COURSES, "CourseFolder", COURSES },
    { RUNS, "Folder", RUNS },
    { RUNS, "Run", ACTIVITY },
    { RIDES, "Folder", RIDES },
    { RIDES, "Run", ACTIVITY },
    { OTHERS, "Folder", OTHERS },
    { OTHERS, "Run", ACTIVITY },
    { HISTORY, "Running", RUNS },
    { HISTORY, "Biking", RIDES },
    { HISTORY, "Other", OTHERS },
    { DATABASE, "History", HISTORY },
    { DATABASE, "Activities", ACTIVITIES },
    { DATABASE, "Courses", COURSES },
    { DOC, "TrainingCenterDatabase", DATABASE },
};

struct tcx {
    struct es_gather g;
    struct es_xml *x;
    struct es_time_day day;
    struct es_point pt;      /* being read */
    int marks;               /* what it says of its flags, or -1 */
    struct es_own own;       /* of the activity */
    double lat_deg, lon_deg; /* of the open Position */
    int64_t id_ms;           /* the activity's Id, when it is a time */
    struct es_lap lap;
    uint8_t sport;   /* of the folder that activities stand in */
    bool open;       /* inside an activity */
    bool in_leg;     /* of a multi-sport session */
    size_t legs;     /* activities of the session before this one */
    uint8_t flags;   /* of the next point */
    bool times_bad;  /* warned of a time */
    bool places_bad; /* warned of a position */
    bool lap_tracks; /* the lap already had a Track */
};

/* ---- start tags ---- */

static enum es_code activity_begin(struct tcx *s, struct es_err *e)
{
    enum es_code rc = es_gather_track(&s->g, es_xml_at(s->x), e);
    if (rc != ES_OK)
        return rc;
    struct es_bytes sport = es_xml_attr(s->x, "Sport");
    es_gather_open(&s->g)->sport = sport.p ? es_sport_of(sport) : s->sport;
    s->open = true;
    s->id_ms = ES_NO_TIME;
    s->times_bad = s->places_bad = false;
    s->lap_tracks = false;
    s->flags = 0;
    s->own = es_own_none();
    return ES_OK;
}

static void lap_begin(struct tcx *s)
{
    s->lap = es_own_lap();
    (void)es_time_parse(es_xml_attr(s->x, "StartTime"), &s->lap.start_ms);
    s->lap_tracks = false;
    s->flags |= ES_PT_LAP;
}

static enum es_code on_open(struct tcx *s, uint8_t state, struct es_err *e)
{
    switch (state) {
    case DATABASE:
        s->g.exact = es_own_file(es_xml_attr(s->x, "es"));
        break;
    case SESSION:
        s->legs = 0;
        break;
    case LEG:
        s->in_leg = true;
        break;
    case RUNS:
        s->sport = ES_SPORT_RUNNING;
        break;
    case RIDES:
        s->sport = ES_SPORT_CYCLING;
        break;
    case COURSES:
    case OTHERS:
        s->sport = ES_SPORT_GENERIC;
        break;
    case ACTIVITY:
        return activity_begin(s, e);
    case LAP:
        lap_begin(s);
        break;
    case TRACK: /* a second one in a lap: the timer was stopped between */
        s->flags |=
            s->lap_tracks ? ES_PT_SEGMENT | ES_PT_RESUME : ES_PT_SEGMENT;
        s->lap_tracks = true;
        break;
    case POINT:
        s->pt = es_point_none();
        s->marks = -1;
        break;
    case OWN_LAP: /* tells the whole of it */
        s->lap = es_own_lap();
        break;
    case POSITION:
        s->lat_deg = s->lon_deg = NAN;
        break;
    default:
        break;
    }
    return ES_OK;
}

/* ---- end tags ---- */

static void set_time(struct tcx *s, struct es_bytes text)
{
    if (es_time_parse_near(&s->day, text, &s->pt.t_ms) || s->times_bad)
        return;
    s->times_bad = true;
    es_track_warn(es_gather_open(&s->g), s->g.a, "bad_time", es_xml_at(s->x),
                  "a time that can't be read was left out");
}

static void set_position(struct tcx *s)
{
    if (!isnan(s->lat_deg) && !isnan(s->lon_deg)) {
        s->pt.lat_deg = s->lat_deg;
        s->pt.lon_deg = s->lon_deg;
    } else if (!s->places_bad) {
        s->places_bad = true;
        es_track_warn(es_gather_open(&s->g), s->g.a, "bad_position",
                      es_xml_at(s->x), "an unusable position was left out");
    }
}

static void set_field(struct tcx *s, uint8_t state, struct es_bytes text)
{
    switch (state) {
    case LAT:
        s->lat_deg = es_gather_num(text, -90, 90);
        break;
    case LON:
        s->lon_deg = es_gather_num(text, -180, 180);
        break;
    case ELE:
        s->pt.alt_m = (float)es_gather_num(text, -20000, 20000);
        break;
    case DISTANCE:
        s->pt.dist_m = es_gather_num(text, 0, 1e9);
        break;
    case HR:
        s->pt.hr_bpm = es_gather_bpm(text);
        break;
    case CADENCE:
        s->pt.cadence_spm = (float)es_gather_num(text, 0, 254);
        break;
    case SPEED:
        s->pt.speed_mps = (float)es_gather_num(text, 0, 1000);
        break;
    case WATTS:
        s->pt.power_w = (uint16_t)fmax(0, es_gather_num(text, 0, 65534));
        break;
    case ACCURACY:
        s->pt.acc_m = (float)es_gather_num(text, 0, 1e6);
        break;
    case TEMP:
        s->pt.temp_c = (float)es_gather_num(text, -100, 100);
        break;
    case LAP_TIME:
        s->lap.timer_s = es_gather_num(text, 0, 1e8);
        break;
    case LAP_DISTANCE:
        s->lap.dist_m = es_gather_num(text, 0, 1e9);
        break;
    case ID:
        (void)es_time_parse(text, &s->id_ms);
        break;
    default:
        break;
    }
}

static enum es_code point_end(struct tcx *s, struct es_err *e)
{
    s->pt.flags = s->marks >= 0 ? (uint8_t)s->marks : s->flags;
    s->flags = 0;
    enum es_code rc = es_gather_point(&s->g, &s->pt, 0, e);
    if (rc != ES_OK)
        e->at = es_xml_at(s->x);
    return rc;
}

static enum es_code lap_end(struct tcx *s, struct es_err *e)
{
    enum es_code rc = es_gather_lap(&s->g, &s->lap, 0, e);
    if (rc != ES_OK)
        e->at = es_xml_at(s->x);
    return rc;
}

/* Some makers count each lap's metres from zero; a leg of a multi-sport
 * session may go on from the one before. Here a stream always runs through
 * its own activity, from about zero. */
static void straighten(struct tcx *s, double laps_m)
{
    size_t n;
    struct es_point *pts = es_gather_points(&s->g, &n);
    double base = 0;
    double last = 0;
    bool begun = false;
    bool lap = false;
    for (size_t i = 0; i < n; i++) {
        lap |= !s->g.exact && (pts[i].flags & ES_PT_LAP);
        if (isnan(pts[i].dist_m))
            continue;
        if (!begun && s->in_leg && s->legs && pts[i].dist_m > 100)
            base = -pts[i].dist_m;
        else if (begun && lap && last > 100 && pts[i].dist_m + base < last / 2)
            base = last;
        begun = true;
        lap = false;
        last = pts[i].dist_m += base;
    }
    struct es_track *tr = es_gather_open(&s->g);
    tr->device_dist_m = isnan(laps_m) && begun ? last : laps_m;
}

/* The points' own times come first: a lap's StartTime and the Id are often
 * the moment the button was pressed, before there was a fix. */
static void set_start(struct tcx *s)
{
    struct es_track *tr = es_gather_open(&s->g);
    size_t n;
    const struct es_point *pts = es_gather_points(&s->g, &n);
    for (size_t i = 0; i < n; i++)
        if (pts[i].t_ms != ES_NO_TIME)
            return;
    const struct es_lap *laps = es_gather_laps(&s->g, &n);
    tr->started_ms = n ? laps[0].start_ms : ES_NO_TIME;
    if (tr->started_ms == ES_NO_TIME)
        tr->started_ms = s->id_ms;
}

/* The schema wants a lap to tell metres: who counted none writes 0. */
static bool nobody_counted(struct tcx *s, double laps_m)
{
    size_t n;
    const struct es_point *pts = es_gather_points(&s->g, &n);
    bool placed = false;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(pts[i].dist_m))
            return false;
        placed |= es_point_has_position(&pts[i]);
    }
    return placed && laps_m <= 0;
}

static void activity_end(struct tcx *s, bool whole)
{
    struct es_track *tr = es_gather_open(&s->g);
    double dist_m = NAN;
    double timer_s = NAN;
    size_t n;
    const struct es_lap *laps = es_gather_laps(&s->g, &n);
    for (size_t i = 0; whole && i < n; i++) {
        if (!isnan(laps[i].dist_m))
            dist_m = laps[i].dist_m + (isnan(dist_m) ? 0 : dist_m);
        if (!isnan(laps[i].timer_s))
            timer_s = laps[i].timer_s + (isnan(timer_s) ? 0 : timer_s);
    }
    tr->timer_s = timer_s;
    straighten(s, nobody_counted(s, dist_m) ? NAN : dist_m);
    set_start(s);
    es_own_apply(&s->own, tr);
    s->legs++;
    s->open = false;
}

static void on_leaf(struct tcx *s, uint8_t state, struct es_bytes text)
{
    switch (state) {
    case TIME:
        set_time(s, text);
        break;
    case DEVICE:
        if (!es_gather_open(&s->g)->device) /* once: names take memory */
            es_gather_open(&s->g)->device = es_gather_name(s->g.a, text);
        break;
    case MARKS:
        s->marks = es_own_marks(text);
        break;
    default:
        if (state >= LAP_FIRST && state < N_STATES)
            es_own_take_lap(&s->lap, state - LAP_FIRST, text);
        else if (state >= OWN_FIRST && state < LAP_EXT)
            es_own_take(&s->own, state - OWN_FIRST, text, s->g.a);
        else
            set_field(s, state, text);
        break;
    }
}

static enum es_code on_close(struct tcx *s, const struct es_xml_tag *tag,
                             struct es_err *e)
{
    switch (tag->state) {
    case POINT:
        return point_end(s, e);
    case POSITION:
        set_position(s);
        break;
    case HEART: /* v1 has no Value inside; after one, the text is empty */
        if (tag->text.n)
            set_field(s, HR, tag->text);
        break;
    case LAP:
        return lap_end(s, e);
    case ACTIVITY:
        activity_end(s, true);
        break;
    case LEG:
        s->in_leg = false;
        break;
    default:
        break;
    }
    return ES_OK;
}

static enum es_code read_all(struct tcx *s, struct es_err *e)
{
    struct es_xml_tag tag;
    for (enum es_code rc = ES_OK; rc == ES_OK;) {
        switch (es_xml_next(s->x, &tag, e)) {
        case ES_XML_LEAF:
            on_leaf(s, tag.state, tag.text);
            break;
        case ES_XML_OPEN:
            rc = on_open(s, tag.state, e);
            break;
        case ES_XML_CLOSE:
            rc = on_close(s, &tag, e);
            break;
        case ES_XML_DONE:
            return ES_OK;
        default:
            return e->code;
        }
    }
    return e->code;
}

enum es_code es_tcx_decode(struct es_bytes in, struct es_arena *a,
                           struct es_tracks *out, struct es_err *e)
{
    struct tcx s = {
        .g = { .a = a, .expect = in.n / POINT_BYTES + 64 },
    };
    static const struct es_xml_table TABLE = {
        ROWS,
        sizeof ROWS / sizeof *ROWS,
        EXT,
    };
    struct es_err why = { 0 };
    enum es_code rc = es_xml_open(&s.x, &TABLE, in, a, &why);
    if (rc == ES_OK)
        rc = read_all(&s, &why);
    if (rc != ES_OK && s.open)
        activity_end(&s, false);
    return es_gather_xml(&s.g, ES_FORMAT_TCX, s.x, rc, &why, out, e);
}
