/* SPDX-License-Identifier: Apache-2.0 */
/* GPX 1.0 and 1.1, with what Garmin (TrackPointExtension v1, v2), Strava,
 * OpenTracks and Cluetrust (gpxdata) put into extensions, told by local name
 * alone. Source: the GPX 1.0 and 1.1 schemas, topografix.com/GPX; for what
 * write/ adds: docs/FILES.md. */
#include <math.h>

#include "decode/decode.h"
#include "decode/gather.h"
#include "decode/own.h"
#include "decode/xml.h"

enum {
    POINT_BYTES = 96, /* of a plain point; a first guess at their number */
    SEGMENTS = 64,    /* before the open one that are looked at for repeats */
};

enum state {
    DOC = ES_XML_DOC,
    GPX,
    TRK,
    TYPE,
    TRK_EXT,
    TOTAL,
    SEG,
    POINT,
    TIME,
    ELE,
    EXT,
    HR,
    CADENCE,
    TEMP,
    POWER,
    SPEED,
    DISTANCE,
    ACCURACY,
    MARKS,
    OWN,       /* what our writer says of a track; its leaves */
    OWN_FIRST, /* in the order of es_own_field */
    OWN_LAP = OWN_FIRST + ES_OWN_FIELDS,
    LAP_FIRST,
    ROUTE_POINT = LAP_FIRST + ES_OWN_FIELDS,
    WAYPOINT,
};

static const struct es_xml_row ROWS[] = {
    { EXT, "hr", HR },
    { EXT, "heartrate", HR },
    { EXT, "cad", CADENCE },
    { EXT, "cadence", CADENCE },
    { EXT, "runcadence", CADENCE },
    { EXT, "atemp", TEMP },
    { EXT, "temp", TEMP },
    { EXT, "temperature", TEMP },
    { EXT, "power", POWER },
    { EXT, "PowerInWatts", POWER },
    { EXT, "watts", POWER },
    { EXT, "speed", SPEED },
    { EXT, "distance", DISTANCE },
    { EXT, "accuracy", ACCURACY },
    { EXT, "accuracy_horizontal", ACCURACY },
    { EXT, "marks", MARKS },
    { EXT, NULL, EXT },
    { POINT, "time", TIME },
    { POINT, "ele", ELE },
    { POINT, NULL, EXT },
    { SEG, "trkpt", POINT },
    { TRK, "trkseg", SEG },
    { TRK, "trkpt", POINT },
    { TRK, "type", TYPE },
    { TRK, "extensions", TRK_EXT },
    { TRK_EXT, "TrackStatsExtension", TRK_EXT },
    { TRK_EXT, "Distance", TOTAL },
    { TRK_EXT, "activity", OWN },
    { OWN, "sport", OWN_FIRST + ES_OWN_SPORT },
    { OWN, "subsport", OWN_FIRST + ES_OWN_SUBSPORT },
    { OWN, "device", OWN_FIRST + ES_OWN_DEVICE },
    { OWN, "start", OWN_FIRST + ES_OWN_START },
    { OWN, "elapsed", OWN_FIRST + ES_OWN_ELAPSED },
    { OWN, "timer", OWN_FIRST + ES_OWN_TIMER },
    { OWN, "distance", OWN_FIRST + ES_OWN_DISTANCE },
    { OWN, "lap", OWN_LAP },
    { OWN_LAP, "start", LAP_FIRST + ES_OWN_START },
    { OWN_LAP, "elapsed", LAP_FIRST + ES_OWN_ELAPSED },
    { OWN_LAP, "timer", LAP_FIRST + ES_OWN_TIMER },
    { OWN_LAP, "distance", LAP_FIRST + ES_OWN_DISTANCE },
    { GPX, "trk", TRK },
    { GPX, "rte", GPX },
    { GPX, "rtept", ROUTE_POINT },
    { GPX, "wpt", WAYPOINT },
    { DOC, "gpx", GPX },
};

/* A segment, by its points in the track. */
struct segment {
    size_t from, n;
};

struct gpx {
    struct es_gather g;
    struct es_xml *x;
    struct es_time_day day;
    const char *device;
    struct es_point pt; /* being read */
    int marks;          /* what it says of its flags, or -1 */
    struct es_own own;  /* of the track */
    struct es_lap lap;  /* of ours, being read */
    bool open;          /* inside a track */
    bool placed;        /* its position is good */
    bool seg_first;     /* the next point opens a segment */
    bool delta;         /* distances are steps, not sums */
    bool times_bad;     /* warned of a time, positions */
    bool places_bad;
    size_t route_points, waypoints;
    double dist_m;                   /* sum of the steps so far */
    struct segment before[SEGMENTS]; /* in a ring */
    size_t n_before;
    size_t seg_from; /* the open segment's first point */
    size_t repeated; /* points left out */
};

/* ---- start tags ---- */

static void root(struct gpx *s)
{
    struct es_bytes creator = es_xml_attr(s->x, "creator");
    s->device = es_gather_name(s->g.a, creator);
    s->g.exact = es_own_file(es_xml_attr(s->x, "es"));
    /* OpenTracks writes the sensor's metres since the point before. */
    s->delta = !s->g.exact && creator.n >= 10 &&
               memcmp(creator.p, "OpenTracks", 10) == 0;
}

static enum es_code track_begin(struct gpx *s, struct es_err *e)
{
    enum es_code rc = es_gather_track(&s->g, es_xml_at(s->x), e);
    if (rc != ES_OK)
        return rc;
    es_gather_open(&s->g)->device = s->device;
    es_gather_open(&s->g)->sport = ES_SPORT_GENERIC;
    s->open = true;
    s->times_bad = s->places_bad = false;
    s->seg_first = true;
    s->dist_m = 0;
    s->n_before = s->seg_from = s->repeated = 0;
    s->own = es_own_none();
    return ES_OK;
}

static void segment_begin(struct gpx *s)
{
    s->seg_first = true;
    (void)es_gather_points(&s->g, &s->seg_from);
}

static void point_begin(struct gpx *s)
{
    s->pt = es_point_none();
    s->marks = -1;
    s->placed = es_gather_position(es_xml_attr(s->x, "lat"),
                                   es_xml_attr(s->x, "lon"), &s->pt);
}

static enum es_code on_open(struct gpx *s, uint8_t state, struct es_err *e)
{
    switch (state) {
    case GPX:
        if (!s->device)
            root(s);
        break;
    case TRK:
        return track_begin(s, e);
    case SEG:
        segment_begin(s);
        break;
    case POINT:
        point_begin(s);
        break;
    case OWN_LAP:
        s->lap = es_own_lap();
        break;
    default:
        break;
    }
    return ES_OK;
}

/* ---- end tags ---- */

static void set_time(struct gpx *s, struct es_bytes text)
{
    if (es_time_parse_near(&s->day, text, &s->pt.t_ms) || s->times_bad)
        return;
    s->times_bad = true;
    es_track_warn(es_gather_open(&s->g), s->g.a, "bad_time", es_xml_at(s->x),
                  "a time that can't be read was left out");
}

static void set_field(struct es_point *pt, uint8_t state, struct es_bytes text)
{
    switch (state) {
    case ELE:
        pt->alt_m = (float)es_gather_num(text, -20000, 20000);
        break;
    case HR:
        pt->hr_bpm = es_gather_bpm(text);
        break;
    case CADENCE:
        pt->cadence_spm = (float)es_gather_num(text, 0, 254);
        break;
    case TEMP:
        pt->temp_c = (float)es_gather_num(text, -100, 100);
        break;
    case POWER:
        pt->power_w = (uint16_t)fmax(0, es_gather_num(text, 0, 65534));
        break;
    case SPEED:
        pt->speed_mps = (float)es_gather_num(text, 0, 1000);
        break;
    case DISTANCE:
        pt->dist_m = es_gather_num(text, 0, 1e9);
        break;
    case ACCURACY:
        pt->acc_m = (float)es_gather_num(text, 0, 1e6);
        break;
    default:
        break;
    }
}

static enum es_code point_end(struct gpx *s, struct es_err *e)
{
    struct es_track *tr = es_gather_open(&s->g);
    if (!s->placed) {
        if (!s->places_bad)
            es_track_warn(tr, s->g.a, "bad_position", es_xml_at(s->x),
                          "a point without a usable position was left out");
        s->places_bad = true;
        return ES_OK;
    }
    if (s->delta && !isnan(s->pt.dist_m))
        s->pt.dist_m = s->dist_m += s->pt.dist_m;
    if (s->seg_first)
        s->pt.flags = ES_PT_SEGMENT;
    s->seg_first = false;
    if (s->marks >= 0)
        s->pt.flags = (uint8_t)s->marks;
    enum es_code rc = es_gather_point(&s->g, &s->pt, 0, e);
    if (rc != ES_OK)
        e->at = es_xml_at(s->x);
    return rc;
}

static bool same_point(const struct es_point *p, const struct es_point *q)
{
    return p->t_ms != ES_NO_TIME && p->t_ms == q->t_ms &&
           p->lat_deg == q->lat_deg && p->lon_deg == q->lon_deg;
}

/* Whether the points from `from` on begin with all those of an earlier
 * segment, time by time and place by place. Returns how many these are. */
static size_t repeats(const struct gpx *s, const struct es_point *pts,
                      size_t from, size_t n)
{
    size_t look = s->n_before < SEGMENTS ? s->n_before : SEGMENTS;
    for (size_t i = 0; i < look; i++) {
        const struct segment *b = &s->before[i];
        size_t k = 0;
        while (k < b->n && from + k < n &&
               same_point(&pts[b->from + k], &pts[from + k]))
            k++;
        if (k == b->n)
            return k;
    }
    return 0;
}

/* Some apps write what they recorded before a pause once more after it: that
 * was run only once. */
static void segment_end(struct gpx *s)
{
    size_t n;
    if (s->g.exact)
        return;
    struct es_point *pts = es_gather_points(&s->g, &n);
    size_t from = s->seg_from;
    size_t again = repeats(s, pts, from, n);
    for (; again > 0; again = repeats(s, pts, from, n)) {
        es_gather_cut(&s->g, from, again);
        n -= again;
        s->repeated += again;
        if (from < n)
            pts[from].flags |= ES_PT_SEGMENT;
    }
    if (n - from > 1)
        s->before[s->n_before++ % SEGMENTS] =
            (struct segment){ from, n - from };
}

/* The metres of some apps are counted from the point before, which shows: they
 * fall as often as they rise. */
static void add_up(struct es_point *pts, size_t n)
{
    size_t some = 0;
    size_t falls = 0;
    double last_m = NAN;
    double sum_m = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(pts[i].dist_m))
            continue;
        falls += pts[i].dist_m < last_m;
        some++;
        last_m = pts[i].dist_m;
    }
    if (some < 16 || falls < some / 4)
        return;
    for (size_t i = 0; i < n; i++)
        if (!isnan(pts[i].dist_m))
            pts[i].dist_m = sum_m += pts[i].dist_m;
}

/* What the points say of the whole: the last of the device's metres, and the
 * time inside segments, as what lies between them wasn't recorded. */
static void track_end(struct gpx *s)
{
    s->open = false;
    struct es_track *tr = es_gather_open(&s->g);
    size_t n;
    struct es_point *pts = es_gather_points(&s->g, &n);
    int64_t from = ES_NO_TIME;
    int64_t to = ES_NO_TIME;
    double inside_s = 0;
    if (s->repeated)
        es_track_warn(tr, s->g.a, "repeated", es_xml_at(s->x),
                      "%zu points that repeat earlier ones were left out",
                      s->repeated);
    if (!s->delta && !s->g.exact)
        add_up(pts, n);
    double last_m = NAN;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(pts[i].dist_m))
            last_m = pts[i].dist_m;
        if (pts[i].flags & ES_PT_SEGMENT && from != ES_NO_TIME) {
            inside_s += (double)(to - from) / 1000;
            from = ES_NO_TIME;
        }
        if (pts[i].t_ms == ES_NO_TIME)
            continue;
        if (from == ES_NO_TIME)
            from = pts[i].t_ms;
        to = pts[i].t_ms;
    }
    if (from != ES_NO_TIME)
        tr->timer_s = inside_s + (double)(to - from) / 1000;
    if (isnan(tr->device_dist_m))
        tr->device_dist_m = last_m;
    es_own_apply(&s->own, tr);
}

static void on_leaf(struct gpx *s, uint8_t state, struct es_bytes text)
{
    switch (state) {
    case TIME:
        set_time(s, text);
        break;
    case TYPE:
        es_gather_open(&s->g)->sport = es_sport_of(text);
        break;
    case TOTAL:
        es_gather_open(&s->g)->device_dist_m = es_gather_num(text, 0, 1e9);
        break;
    case ROUTE_POINT:
        s->route_points++;
        break;
    case WAYPOINT:
        s->waypoints++;
        break;
    case MARKS:
        s->marks = es_own_marks(text);
        break;
    default:
        if (state >= LAP_FIRST && state < ROUTE_POINT)
            es_own_take_lap(&s->lap, state - LAP_FIRST, text);
        else if (state >= OWN_FIRST && state < OWN_LAP)
            es_own_take(&s->own, state - OWN_FIRST, text, s->g.a);
        else
            set_field(&s->pt, state, text);
        break;
    }
}

static enum es_code on_close(struct gpx *s, uint8_t state, struct es_err *e)
{
    switch (state) {
    case POINT:
        return point_end(s, e);
    case SEG:
        segment_end(s);
        break;
    case TRK:
        track_end(s);
        break;
    case OWN_LAP:
        return es_gather_lap(&s->g, &s->lap, es_xml_at(s->x), e);
    default:
        break;
    }
    return ES_OK;
}

static enum es_code read_all(struct gpx *s, struct es_err *e)
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
            rc = on_close(s, tag.state, e);
            break;
        case ES_XML_DONE:
            return ES_OK;
        default:
            return e->code;
        }
    }
    return e->code;
}

/* Why a document that was read to its end has no activity. */
static enum es_code nothing(const struct gpx *s, struct es_err *e)
{
    if (s->route_points)
        return es_fail(e, ES_ENOACTIVITY, 0,
                       "a route of %zu points and no recorded track",
                       s->route_points);
    if (s->waypoints)
        return es_fail(e, ES_ENOACTIVITY, 0,
                       "waypoints (%zu) and no recorded track", s->waypoints);
    return es_fail(e, ES_ENOACTIVITY, 0, "no activity in the file");
}

enum es_code es_gpx_decode(struct es_bytes in, struct es_arena *a,
                           struct es_tracks *out, struct es_err *e)
{
    struct gpx s = {
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
        track_end(&s);
    if (rc == ES_OK && s.g.n_tracks == 0)
        return nothing(&s, e);
    return es_gather_xml(&s.g, ES_FORMAT_GPX, s.x, rc, &why, out, e);
}
