/* SPDX-License-Identifier: Apache-2.0 */
#include "write/xml_write.h"

#include <math.h>
#include <string.h>

#include "base/decimal.h"
#include "base/utf8.h"

static const int64_t YEAR_1_MS = -62135596800000;
static const int64_t YEAR_10000_MS = 253402300800000;

void es_xml_text(struct es_buf *b, const char *s)
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

static void open_tag(struct es_buf *b, const char *tag)
{
    es_buf_u8(b, '<');
    es_buf_str(b, tag);
    es_buf_u8(b, '>');
}

static void close_tag(struct es_buf *b, const char *tag)
{
    es_buf_str(b, "</");
    es_buf_str(b, tag);
    es_buf_u8(b, '>');
}

void es_xml_f64(struct es_buf *b, const char *tag, double v)
{
    if (!(fabs(v) < 0x1p63))
        return;
    open_tag(b, tag);
    es_buf_f64(b, v);
    close_tag(b, tag);
}

void es_xml_f32(struct es_buf *b, const char *tag, float v)
{
    if (!(fabs((double)v) < 0x1p63))
        return;
    open_tag(b, tag);
    es_buf_f32(b, v);
    close_tag(b, tag);
}

void es_xml_u64(struct es_buf *b, const char *tag, uint64_t v)
{
    open_tag(b, tag);
    es_buf_u64(b, v);
    close_tag(b, tag);
}

bool es_xml_has_time(int64_t t_ms)
{
    return t_ms >= YEAR_1_MS && t_ms < YEAR_10000_MS;
}

void es_xml_time(struct es_buf *b, const char *tag, int64_t t_ms)
{
    char text[ES_TIME_TEXT];
    if (!es_xml_has_time(t_ms))
        return;
    open_tag(b, tag);
    es_buf_str(b, es_time_text(t_ms, text));
    close_tag(b, tag);
}

static float within(float v, float min, float max)
{
    return v >= min && v <= max ? v : NAN;
}

struct es_point es_xml_sane(const struct es_point *pt)
{
    struct es_point p = *pt;
    if (!es_xml_has_time(p.t_ms))
        p.t_ms = ES_NO_TIME;
    if (!es_point_has_position(&p))
        p.lat_deg = p.lon_deg = NAN;
    if (!(p.dist_m >= 0 && p.dist_m <= 1e9))
        p.dist_m = NAN;
    p.alt_m = within(p.alt_m, -20000, 20000);
    p.speed_mps = within(p.speed_mps, 0, 1000);
    p.acc_m = within(p.acc_m, 0, 1e6F);
    p.cadence_spm = within(p.cadence_spm, 0, 254);
    p.temp_c = within(p.temp_c, -100, 100);
    if (p.power_w == UINT16_MAX)
        p.power_w = 0;
    if (p.hr_bpm == UINT8_MAX)
        p.hr_bpm = 0;
    return p;
}

bool es_xml_is_whole(float v)
{
    return (double)v == floor((double)v);
}

void es_xml_lap(struct es_buf *b, const struct es_lap *lap)
{
    es_buf_str(b, "<es:lap>");
    es_xml_time(b, "es:start", lap->start_ms);
    es_xml_f64(b, "es:elapsed", lap->elapsed_s);
    es_xml_f64(b, "es:timer", lap->timer_s);
    es_xml_f64(b, "es:distance", lap->dist_m);
    es_buf_str(b, "</es:lap>\n");
}

static int64_t first_time(const struct es_track *tr)
{
    for (size_t i = 0; i < tr->n; i++)
        if (es_xml_has_time(tr->pts[i].t_ms))
            return tr->pts[i].t_ms;
    return ES_NO_TIME;
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool has(double v)
{
    return fabs(v) < 0x1p63;
}

void es_xml_activity(struct es_buf *b, const char *parent,
                     const struct es_track *tr, const struct es_xml_told *told)
{
    bool device = !same(tr->device, told->device);
    bool start =
        es_xml_has_time(tr->started_ms) && tr->started_ms != first_time(tr);
    bool laps = !told->laps && tr->n_laps > 0;
    if (told->sport && !tr->sub_sport && !device && !start && !laps &&
        !has(tr->elapsed_s) && !has(tr->timer_s) && !has(tr->device_dist_m))
        return;
    open_tag(b, parent);
    es_buf_str(b, "<es:activity>");
    if (!told->sport)
        es_xml_u64(b, "es:sport", tr->sport);
    if (tr->sub_sport)
        es_xml_u64(b, "es:subsport", tr->sub_sport);
    if (device) {
        es_buf_str(b, "<es:device>");
        es_xml_text(b, tr->device ? tr->device : "");
        es_buf_str(b, "</es:device>");
    }
    if (start)
        es_xml_time(b, "es:start", tr->started_ms);
    es_xml_f64(b, "es:elapsed", tr->elapsed_s);
    es_xml_f64(b, "es:timer", tr->timer_s);
    es_xml_f64(b, "es:distance", tr->device_dist_m);
    for (size_t i = 0; laps && i < tr->n_laps; i++)
        es_xml_lap(b, &tr->laps[i]);
    es_buf_str(b, "</es:activity>");
    close_tag(b, parent);
}

enum es_code es_xml_done(const struct es_buf *b, const char *format,
                         struct es_err *e)
{
    if (!b->bad)
        return ES_OK;
    return es_fail(e, ES_ETOOLARGE, 0,
                   "the %s file grows past its limit, or past the memory",
                   format);
}
