/* SPDX-License-Identifier: Apache-2.0 */
/* Source: topografix.com/GPX/1/1/gpx.xsd; Garmin's TrackPointExtensionv1.xsd.
 */
#include <math.h>

#include "base/num.h"
#include "base/utf8.h"
#include "write/write.h"

/* Text and quoted attributes: markup escaped, what no XML may hold as
 * U+FFFD. */
static void put_text(struct es_buf *b, const char *s)
{
    struct es_bytes in = es_bytes_str(s);
    for (size_t at = 0; at < in.n;) {
        uint32_t c = es_utf8_next(in, &at);
        if (c == ES_UTF8_BAD || c == 0xfffe || c == 0xffff ||
            (c < 0x20 && c != '\t' && c != '\n' && c != '\r'))
            c = 0xfffd;
        if (c == '&')
            es_buf_str(b, "&amp;");
        else if (c == '<')
            es_buf_str(b, "&lt;");
        else if (c == '>')
            es_buf_str(b, "&gt;");
        else if (c == '"')
            es_buf_str(b, "&quot;");
        else
            es_buf_utf8(b, c);
    }
}

static void put_num(struct es_buf *b, const char *tag, double v, int places)
{
    es_buf_fmt(b, "<%s>", tag);
    es_buf_num(b, v, places);
    es_buf_fmt(b, "</%s>", tag);
}

static void put_extensions(struct es_buf *b, const struct es_point *pt)
{
    bool body = pt->hr_bpm || isfinite(pt->cadence_spm) || isfinite(pt->temp_c);
    if (!body && !pt->power_w && isnan(pt->speed_mps) && isnan(pt->dist_m))
        return;
    es_buf_str(b, "<extensions>");
    if (pt->power_w)
        es_buf_fmt(b, "<es:power>%u</es:power>", pt->power_w);
    if (isfinite(pt->speed_mps))
        put_num(b, "es:speed", (double)pt->speed_mps, 3);
    if (isfinite(pt->dist_m))
        put_num(b, "es:distance", pt->dist_m, 3);
    if (body) {
        es_buf_str(b, "<gpxtpx:TrackPointExtension>");
        if (isfinite(pt->temp_c))
            put_num(b, "gpxtpx:atemp", (double)pt->temp_c, 2);
        if (pt->hr_bpm)
            es_buf_fmt(b, "<gpxtpx:hr>%u</gpxtpx:hr>", pt->hr_bpm);
        if (isfinite(pt->cadence_spm))
            put_num(b, "gpxtpx:cad", (double)pt->cadence_spm, 3);
        es_buf_str(b, "</gpxtpx:TrackPointExtension>");
    }
    es_buf_str(b, "</extensions>");
}

static void put_point(struct es_buf *b, const struct es_point *pt)
{
    char text[ES_TIME_TEXT];
    es_buf_str(b, "<trkpt lat=\"");
    es_buf_num(b, pt->lat_deg, 7); /* 1 cm */
    es_buf_str(b, "\" lon=\"");
    es_buf_num(b, pt->lon_deg, 7);
    es_buf_str(b, "\">");
    if (isfinite(pt->alt_m))
        put_num(b, "ele", (double)pt->alt_m, 2);
    if (pt->t_ms != ES_NO_TIME)
        es_buf_fmt(b, "<time>%s</time>", es_time_text(pt->t_ms, text));
    put_extensions(b, pt);
    es_buf_str(b, "</trkpt>\n");
}

static void put_head(struct es_buf *b, const struct es_track *tr)
{
    es_buf_str(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<gpx version=\"1.1\" creator=\"");
    put_text(b, tr->device ? tr->device : "Everystep");
    es_buf_str(b, "\" xmlns=\"http://www.topografix.com/GPX/1/1\""
                  " xmlns:gpxtpx=\"http://www.garmin.com/xmlschemas/"
                  "TrackPointExtension/v1\" xmlns:es=\"urn:everystep:gpx:1\">\n"
                  "<trk>");
    if (tr->sport != ES_SPORT_INVALID && tr->sport != ES_SPORT_GENERIC) {
        es_buf_str(b, "<type>");
        put_text(b, es_sport_name(tr->sport));
        es_buf_str(b, "</type>");
    }
    es_buf_str(b, "\n");
}

enum es_code es_gpx_write(const struct es_track *tr, struct es_buf *out,
                          struct es_err *e)
{
    bool open = false;
    bool cut = false; /* a segment begins, perhaps at a point left out */
    put_head(out, tr);
    for (size_t i = 0; i < tr->n; i++) {
        const struct es_point *pt = &tr->pts[i];
        cut |= (pt->flags & (ES_PT_SEGMENT | ES_PT_RESUME)) != 0;
        if (!es_point_has_position(pt))
            continue;
        if (!open || cut)
            es_buf_str(out, open ? "</trkseg>\n<trkseg>\n" : "<trkseg>\n");
        open = true;
        cut = false;
        put_point(out, pt);
    }
    es_buf_str(out, open ? "</trkseg>\n</trk>\n</gpx>\n" : "</trk>\n</gpx>\n");
    if (out->bad)
        return es_fail(e, ES_ETOOLARGE, 0, "the GPX file grows past its limit");
    return ES_OK;
}
