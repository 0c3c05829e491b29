/* SPDX-License-Identifier: Apache-2.0 */
/* Source: the schemas topografix.com/GPX/1/1/gpx.xsd, Garmin's
 * TrackPointExtensionv2.xsd and PowerExtensionv1.xsd, whose order of elements
 * is kept. */
#include <math.h>

#include "base/decimal.h"
#include "write/write.h"
#include "write/xml_write.h"

static const char NAMELESS[] = "Everystep"; /* a creator there must be */

static void put_body(struct es_buf *b, const struct es_point *pt)
{
    bool cadence = !isnan(pt->cadence_spm);
    if (!pt->hr_bpm && !cadence && isnan(pt->temp_c) && isnan(pt->speed_mps))
        return;
    es_buf_str(b, "<gpxtpx:TrackPointExtension>");
    es_xml_f32(b, "gpxtpx:atemp", pt->temp_c);
    if (pt->hr_bpm)
        es_xml_u64(b, "gpxtpx:hr", pt->hr_bpm);
    if (cadence)
        es_xml_u64(b, "gpxtpx:cad", (uint64_t)floorf(pt->cadence_spm + 0.5F));
    es_xml_f32(b, "gpxtpx:speed", pt->speed_mps);
    es_buf_str(b, "</gpxtpx:TrackPointExtension>");
}

/* `flags`: what the point's place in the file says of it. */
static void put_extensions(struct es_buf *b, const struct es_point *pt,
                           uint8_t flags)
{
    bool exact = !isnan(pt->cadence_spm) && !es_xml_is_whole(pt->cadence_spm);
    bool any = pt->hr_bpm || pt->power_w || pt->flags != flags ||
               !isnan(pt->cadence_spm) || !isnan(pt->temp_c) ||
               !isnan(pt->speed_mps) || !isnan(pt->dist_m) || !isnan(pt->acc_m);
    if (!any)
        return;
    es_buf_str(b, "<extensions>");
    put_body(b, pt);
    if (pt->power_w)
        es_xml_u64(b, "pwr:PowerInWatts", pt->power_w);
    es_xml_f64(b, "es:distance", pt->dist_m);
    es_xml_f32(b, "es:accuracy", pt->acc_m);
    if (exact)
        es_xml_f32(b, "es:cadence", pt->cadence_spm);
    if (pt->flags != flags)
        es_xml_u64(b, "es:marks", pt->flags);
    es_buf_str(b, "</extensions>");
}

static void put_point(struct es_buf *b, const struct es_point *pt,
                      uint8_t flags)
{
    es_buf_str(b, "<trkpt lat=\"");
    es_buf_f64(b, pt->lat_deg);
    es_buf_str(b, "\" lon=\"");
    es_buf_f64(b, pt->lon_deg);
    es_buf_str(b, "\">");
    es_xml_f32(b, "ele", pt->alt_m);
    es_xml_time(b, "time", pt->t_ms);
    put_extensions(b, pt, flags);
    es_buf_str(b, "</trkpt>\n");
}

/* The points that have a place. Flags of one that has none pass to the next
 * that does. */
static void put_points(struct es_buf *b, const struct es_track *tr)
{
    bool open = false;
    uint8_t flags = 0;
    for (size_t i = 0; i < tr->n; i++) {
        struct es_point pt = es_xml_sane(&tr->pts[i]);
        flags |= pt.flags;
        if (!es_point_has_position(&pt))
            continue;
        bool begins = !open || (flags & (ES_PT_SEGMENT | ES_PT_RESUME));
        if (begins)
            es_buf_str(b, open ? "</trkseg>\n<trkseg>\n" : "<trkseg>\n");
        open = true;
        pt.flags = flags;
        put_point(b, &pt, begins ? ES_PT_SEGMENT : 0);
        flags = 0;
    }
    if (open)
        es_buf_str(b, "</trkseg>\n");
}

static void put_track(struct es_buf *b, const struct es_track *tr,
                      const char *creator)
{
    const char *type = es_sport_name(tr->sport);
    struct es_xml_told told = {
        .sport = es_sport_of(es_bytes_str(type)) == tr->sport,
        .device = !tr->device && creator == NAMELESS ? NULL : creator,
    };
    es_buf_str(b, "<trk>");
    if (told.sport && tr->sport != ES_SPORT_GENERIC) {
        es_buf_str(b, "<type>");
        es_xml_text(b, type);
        es_buf_str(b, "</type>");
    }
    es_xml_activity(b, "extensions", tr, &told);
    es_buf_str(b, "\n");
    put_points(b, tr);
    es_buf_str(b, "</trk>\n");
}

enum es_code es_gpx_write_all(const struct es_track *v, size_t n,
                              struct es_buf *out, struct es_err *e)
{
    const char *creator = n && v[0].device ? v[0].device : NAMELESS;
    es_buf_str(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<gpx version=\"1.1\" creator=\"");
    es_xml_text(out, creator);
    es_buf_str(out, "\" xmlns=\"http://www.topografix.com/GPX/1/1\""
                    " xmlns:gpxtpx=\"http://www.garmin.com/xmlschemas/"
                    "TrackPointExtension/v2\""
                    " xmlns:pwr=\"http://www.garmin.com/xmlschemas/"
                    "PowerExtension/v1\" " ES_XMLNS ">\n");
    for (size_t i = 0; i < n; i++)
        put_track(out, &v[i], creator);
    es_buf_str(out, "</gpx>\n");
    return es_xml_done(out, "GPX", e);
}

enum es_code es_gpx_write(const struct es_track *tr, struct es_buf *out,
                          struct es_err *e)
{
    return es_gpx_write_all(tr, 1, out, e);
}
