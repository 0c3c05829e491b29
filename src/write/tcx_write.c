/* SPDX-License-Identifier: Apache-2.0 */
/* Source: Garmin's schemas TrainingCenterDatabasev2.xsd and
 * ActivityExtensionv2.xsd, whose order of elements is kept. */
#include <math.h>

#include "base/decimal.h"
#include "write/write.h"
#include "write/xml_write.h"

/* ---- samples ---- */

static bool on_foot(uint8_t sport)
{
    return sport == ES_SPORT_RUNNING || sport == ES_SPORT_WALKING ||
           sport == ES_SPORT_HIKING;
}

static void put_tpx(struct es_buf *b, const struct es_point *pt, bool strides)
{
    if (!strides && isnan(pt->speed_mps) && !pt->power_w)
        return;
    es_buf_str(b, "<ns3:TPX>");
    es_xml_f32(b, "ns3:Speed", pt->speed_mps);
    if (strides)
        es_xml_u64(b, "ns3:RunCadence",
                   (uint64_t)floor((double)pt->cadence_spm + 0.5));
    if (pt->power_w)
        es_xml_u64(b, "ns3:Watts", pt->power_w);
    es_buf_str(b, "</ns3:TPX>");
}

/* `flags`: what the point's place in the file says of it. */
static void put_extensions(struct es_buf *b, const struct es_point *pt,
                           bool strides, uint8_t flags)
{
    bool exact = !isnan(pt->cadence_spm) && !es_xml_is_whole(pt->cadence_spm);
    if (!strides && !exact && isnan(pt->speed_mps) && !pt->power_w &&
        isnan(pt->acc_m) && isnan(pt->temp_c) && pt->flags == flags)
        return;
    es_buf_str(b, "<Extensions>");
    put_tpx(b, pt, strides);
    es_xml_f32(b, "es:accuracy", pt->acc_m);
    if (exact)
        es_xml_f32(b, "es:cadence", pt->cadence_spm);
    es_xml_f32(b, "es:temperature", pt->temp_c);
    if (pt->flags != flags)
        es_xml_u64(b, "es:marks", pt->flags);
    es_buf_str(b, "</Extensions>");
}

static void put_point(struct es_buf *b, const struct es_point *any, bool foot,
                      uint8_t flags)
{
    struct es_point pt = es_xml_sane(any);
    bool cadence = !isnan(pt.cadence_spm);
    es_buf_str(b, "<Trackpoint>");
    es_xml_time(b, "Time", pt.t_ms);
    if (es_point_has_position(&pt)) {
        es_buf_str(b, "<Position>");
        es_xml_f64(b, "LatitudeDegrees", pt.lat_deg);
        es_xml_f64(b, "LongitudeDegrees", pt.lon_deg);
        es_buf_str(b, "</Position>");
    }
    es_xml_f32(b, "AltitudeMeters", pt.alt_m);
    es_xml_f64(b, "DistanceMeters", pt.dist_m);
    if (pt.hr_bpm) {
        es_buf_str(b, "<HeartRateBpm>");
        es_xml_u64(b, "Value", pt.hr_bpm);
        es_buf_str(b, "</HeartRateBpm>");
    }
    if (cadence && !foot)
        es_xml_u64(b, "Cadence", (uint64_t)floor((double)pt.cadence_spm + 0.5));
    put_extensions(b, &pt, cadence && foot, flags);
    es_buf_str(b, "</Trackpoint>\n");
}

/* The samples of a lap: a Track each time that the recording went on. */
static void put_tracks(struct es_buf *b, const struct es_point *v, size_t n,
                       bool foot)
{
    for (size_t i = 0; i < n; i++) {
        bool begins = i == 0 || (v[i].flags & (ES_PT_SEGMENT | ES_PT_RESUME));
        if (begins)
            es_buf_str(b, i ? "</Track>\n<Track>\n" : "<Track>\n");
        put_point(b, &v[i], foot, i == 0 ? ES_PT_SEGMENT | ES_PT_LAP : 0);
    }
    if (n)
        es_buf_str(b, "</Track>\n");
}

/* ---- laps ---- */

/* How the samples are dealt out to the laps. */
struct deal {
    const struct es_track *tr;
    bool by_flags; /* each lap has its flag, else by the laps' times */
    size_t at;     /* of the first sample that no lap has yet */
};

static struct deal deal_begin(const struct es_track *tr)
{
    size_t flags = 0;
    for (size_t i = 0; i < tr->n; i++)
        flags += (tr->pts[i].flags & ES_PT_LAP) != 0;
    return (struct deal){
        .tr = tr,
        .by_flags =
            tr->n && (tr->pts[0].flags & ES_PT_LAP) && flags == tr->n_laps,
    };
}

/* The samples of lap i: up to where the next one begins. */
static size_t deal_lap(struct deal *d, size_t i)
{
    size_t from = d->at;
    const struct es_track *tr = d->tr;
    if (i + 1 >= tr->n_laps) {
        d->at = tr->n;
        return tr->n - from;
    }
    int64_t next_ms = tr->laps[i + 1].start_ms;
    for (; d->at < tr->n; d->at++) {
        const struct es_point *p = &tr->pts[d->at];
        if (d->by_flags ? d->at > from && (p->flags & ES_PT_LAP)
                        : next_ms != ES_NO_TIME && p->t_ms >= next_ms)
            break;
    }
    return d->at - from;
}

static double seconds_of(const struct es_lap *lap, const struct es_point *v,
                         size_t n)
{
    if (lap->timer_s >= 0)
        return lap->timer_s;
    if (lap->elapsed_s >= 0)
        return lap->elapsed_s;
    if (n == 0 || v[0].t_ms == ES_NO_TIME || v[n - 1].t_ms < v[0].t_ms)
        return 0;
    return (double)(v[n - 1].t_ms - v[0].t_ms) / 1000;
}

static double metres_of(const struct es_lap *lap, const struct es_point *v,
                        size_t n)
{
    if (lap->dist_m >= 0)
        return lap->dist_m;
    double way_m = n ? v[n - 1].dist_m - v[0].dist_m : 0;
    return way_m >= 0 ? way_m : 0;
}

/* `made`: the track has no laps, and this stands for the whole. */
static void put_lap(struct es_buf *b, const struct es_lap *lap, bool made,
                    const struct es_point *v, size_t n, bool foot)
{
    int64_t start_ms = lap->start_ms;
    bool plain = made || (es_xml_has_time(start_ms) && lap->timer_s >= 0 &&
                          lap->dist_m >= 0 && isnan(lap->elapsed_s));
    char text[ES_TIME_TEXT];
    if (!es_xml_has_time(start_ms) && n)
        start_ms = v[0].t_ms;
    es_buf_str(b, "<Lap");
    if (es_xml_has_time(start_ms)) {
        es_buf_str(b, " StartTime=\"");
        es_buf_str(b, es_time_text(start_ms, text));
        es_buf_u8(b, '"');
    }
    es_buf_str(b, ">\n");
    es_xml_f64(b, "TotalTimeSeconds", seconds_of(lap, v, n));
    es_xml_f64(b, "DistanceMeters", metres_of(lap, v, n));
    es_buf_str(b, "<Calories>0</Calories><Intensity>Active</Intensity>"
                  "<TriggerMethod>Manual</TriggerMethod>\n");
    put_tracks(b, v, n, foot);
    if (!plain) {
        es_buf_str(b, "<Extensions>");
        es_xml_lap(b, lap);
        es_buf_str(b, "</Extensions>\n");
    }
    es_buf_str(b, "</Lap>\n");
}

static void put_laps(struct es_buf *b, const struct es_track *tr)
{
    struct es_lap whole = {
        .start_ms = tr->started_ms,
        .elapsed_s = tr->elapsed_s,
        .timer_s = tr->timer_s,
        .dist_m = tr->device_dist_m,
    };
    struct deal d = deal_begin(tr);
    size_t laps = tr->n_laps ? tr->n_laps : 1;
    for (size_t i = 0; i < laps; i++) {
        size_t from = d.at;
        size_t n = deal_lap(&d, i);
        put_lap(b, tr->n_laps ? &tr->laps[i] : &whole, tr->n_laps == 0,
                n ? tr->pts + from : NULL, n, on_foot(tr->sport));
    }
}

/* ---- activities ---- */

static const char *sport_word(uint8_t sport)
{
    return sport == ES_SPORT_RUNNING   ? "Running"
           : sport == ES_SPORT_CYCLING ? "Biking"
                                       : "Other";
}

static void put_creator(struct es_buf *b, const char *device)
{
    if (!device || !*device)
        return;
    es_buf_str(b, "<Creator xsi:type=\"Device_t\"><Name>");
    es_xml_text(b, device);
    es_buf_str(b, "</Name><UnitId>0</UnitId><ProductID>0</ProductID><Version>"
                  "<VersionMajor>0</VersionMajor><VersionMinor>0"
                  "</VersionMinor></Version></Creator>\n");
}

static void put_activity(struct es_buf *b, const struct es_track *tr)
{
    const char *word = sport_word(tr->sport);
    struct es_xml_told told = {
        .sport = es_sport_of(es_bytes_str(word)) == tr->sport,
        .laps = true,
        .device = tr->device,
    };
    int64_t id_ms = tr->started_ms;
    for (size_t i = 0; i < tr->n && !es_xml_has_time(id_ms); i++)
        id_ms = tr->pts[i].t_ms;
    es_buf_str(b, "<Activity Sport=\"");
    es_buf_str(b, word);
    es_buf_str(b, "\">\n");
    es_xml_time(b, "Id", id_ms);
    es_buf_str(b, "\n");
    put_laps(b, tr);
    put_creator(b, tr->device);
    es_xml_activity(b, "Extensions", tr, &told);
    es_buf_str(b, "</Activity>\n");
}

enum es_code es_tcx_write_all(const struct es_track *v, size_t n,
                              struct es_buf *out, struct es_err *e)
{
    es_buf_str(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<TrainingCenterDatabase xmlns=\"http://www.garmin.com/"
        "xmlschemas/TrainingCenterDatabase/v2\""
        " xmlns:ns3=\"http://www.garmin.com/xmlschemas/"
        "ActivityExtension/v2\""
        " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" " ES_XMLNS
        ">\n<Activities>\n");
    for (size_t i = 0; i < n; i++)
        put_activity(out, &v[i]);
    es_buf_str(out, "</Activities>\n</TrainingCenterDatabase>\n");
    return es_xml_done(out, "TCX", e);
}

enum es_code es_tcx_write(const struct es_track *tr, struct es_buf *out,
                          struct es_err *e)
{
    return es_tcx_write_all(tr, 1, out, e);
}
