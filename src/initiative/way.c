/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/way.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "geo/geo.h"
#include "initiative/edited.h"

#include <jansson.h>
#include <string.h>

/* Of a drawn line: more can't be seen on a screen's width. */
enum { THIN = 200, PLACES = 6 };

static bool position_ok(double lat_deg, double lon_deg)
{
    return lat_deg >= -90 && lat_deg <= 90 && lon_deg >= -180 && lon_deg <= 180;
}

static bool name_ok(const char *s)
{
    return s && es_utf8_count(es_bytes_str(s)) <= ES_FACE_LABEL;
}

/* ---- JSON ---- */

static bool read_point(const json_t *o, struct es_arena *a,
                       struct es_way_point *p)
{
    const json_t *name = json_object_get(o, "name");
    const json_t *lat = json_object_get(o, "lat");
    const json_t *lon = json_object_get(o, "lon");
    if (!json_is_number(lat) || !json_is_number(lon) ||
        (name && !json_is_string(name)))
        return false;
    p->lat_deg = json_number_value(lat);
    p->lon_deg = json_number_value(lon);
    p->name = name ? es_edit_words(a, json_string_value(name), false) : "";
    return position_ok(p->lat_deg, p->lon_deg) && name_ok(p->name);
}

enum es_code es_way_read(const char *json, struct es_arena *a,
                         struct es_way *out, struct es_err *e)
{
    json_error_t je;
    struct es_way *w = es_arena_alloc(a, sizeof *w);
    json_t *root = json_loads(json, JSON_REJECT_DUPLICATES, &je);
    const json_t *list = json_object_get(root, "points");
    size_t n = json_array_size(list);
    bool ok = w && json_is_object(root) && (!list || json_is_array(list)) &&
              n <= ES_WAY_POINTS && n != 1;
    for (size_t i = 0; ok && i < n; i++)
        ok = read_point(json_array_get(list, i), a, &w->v[i]);
    json_decref(root);
    if (!w)
        return es_fail(e, ES_ENOMEM, 0, "way");
    if (!ok)
        return es_fail(e, ES_EMALFORMED, 0, "way: a point has no sense");
    w->n = n;
    *out = *w;
    return ES_OK;
}

static void put_degrees(struct es_buf *b, const char *key, double v)
{
    es_buf_json_key(b, key);
    es_buf_num(b, v, PLACES);
}

void es_way_write(const struct es_way *w, struct es_buf *out)
{
    es_buf_str(out, "{");
    if (w->n > 0) {
        es_buf_json_key(out, "points");
        es_buf_str(out, "[");
    }
    for (size_t i = 0; i < w->n; i++) {
        es_buf_json_comma(out);
        es_buf_str(out, "{");
        if (*w->v[i].name)
            es_buf_json_s(out, "name", w->v[i].name);
        put_degrees(out, "lat", w->v[i].lat_deg);
        put_degrees(out, "lon", w->v[i].lon_deg);
        es_buf_str(out, "}");
    }
    es_buf_str(out, w->n > 0 ? "]}" : "}");
}

/* ---- as people write it ---- */

static bool is_gap(char c)
{
    return c == ' ' || c == '\t' || c == ',' || c == ';';
}

static size_t trimmed(const char *s, size_t n)
{
    while (n > 0 && is_gap(s[n - 1]))
        n--;
    return n;
}

/* Takes an angle from the end of s[0..*n): "49.8671", "49.8671°E",
 * "49.8671° W". `minus` is the letter that makes it negative, `plus` the other.
 */
static bool take_angle(const char *s, size_t *n, char plus, char minus,
                       double *v)
{
    static const char DEGREE[] = "\xc2\xb0";
    size_t end = trimmed(s, *n);
    bool negative = end > 0 && (s[end - 1] & ~32) == minus;
    if (negative || (end > 0 && (s[end - 1] & ~32) == plus))
        end = trimmed(s, end - 1);
    if (end >= 2 && memcmp(s + end - 2, DEGREE, 2) == 0)
        end -= 2;
    size_t at = end;
    while (at > 0 && strchr("0123456789.+-", s[at - 1]))
        at--;
    if (at == end || (at > 0 && !is_gap(s[at - 1])) ||
        !es_num_f64((struct es_bytes){ (const uint8_t *)s + at, end - at }, v))
        return false;
    if (negative)
        *v = -*v;
    *n = trimmed(s, at);
    return true;
}

static bool parse_line(const char *s, size_t n, struct es_arena *a,
                       struct es_way_point *p)
{
    if (!take_angle(s, &n, 'E', 'W', &p->lon_deg) ||
        !take_angle(s, &n, 'N', 'S', &p->lat_deg) ||
        !position_ok(p->lat_deg, p->lon_deg))
        return false;
    const char *name = es_arena_strn(a, s, n);
    p->name = name ? es_edit_words(a, name, false) : NULL;
    return name_ok(p->name);
}

enum es_code es_way_parse(const char *text, struct es_arena *a,
                          struct es_way *out, struct es_err *e)
{
    struct es_way *w = es_arena_alloc(a, sizeof *w);
    size_t line = 0;
    if (!w)
        return es_fail(e, ES_ENOMEM, 0, "way");
    w->n = 0;
    for (const char *p = text; *p; p += *p == '\n') {
        size_t len = strcspn(p, "\n");
        size_t n = len && p[len - 1] == '\r' ? len - 1 : len;
        line++;
        n = trimmed(p, n);
        if (n > 0 && w->n == ES_WAY_POINTS)
            return es_fail(e, ES_EINVAL, 0, "too many places");
        if (n > 0 && !parse_line(p, n, a, &w->v[w->n++]))
            return es_fail(e, ES_EINVAL, line, "no place in this line");
        p += len;
    }
    if (w->n == 1)
        return es_fail(e, ES_EINVAL, 0, "a way has two ends");
    *out = *w;
    return ES_OK;
}

void es_way_text(const struct es_way *w, struct es_buf *out)
{
    for (size_t i = 0; i < w->n; i++) {
        if (*w->v[i].name)
            es_buf_fmt(out, "%s ", w->v[i].name);
        es_buf_num(out, w->v[i].lat_deg, PLACES);
        es_buf_str(out, " ");
        es_buf_num(out, w->v[i].lon_deg, PLACES);
        es_buf_str(out, "\n");
    }
}

enum es_code es_way_of_line(const struct es_geo_point *v, size_t n,
                            const char *from, const char *to,
                            struct es_arena *a, struct es_way *out,
                            struct es_err *e)
{
    struct es_geo_point *line = es_arena_array(a, n, sizeof *line);
    if (n < 2)
        return es_fail(e, ES_EINVAL, 0, "a way has two ends");
    if (!line)
        return es_fail(e, ES_ENOMEM, 0, "way");
    memcpy(line, v, n * sizeof *line);
    for (size_t i = 0; i < n; i++)
        line[i].piece = false; /* where the signal was lost it goes on */
    enum es_code rc = n > THIN ? es_geo_thin(line, &n, THIN, a, e) : ES_OK;
    if (rc != ES_OK)
        return rc;
    out->n = n;
    for (size_t i = 0; i < n; i++)
        out->v[i] = (struct es_way_point){
            .name = i == 0       ? from
                    : i + 1 == n ? to
                                 : "",
            .lat_deg = line[i].lat_deg,
            .lon_deg = line[i].lon_deg,
        };
    return ES_OK;
}

/* ---- along it ---- */

static int64_t leg_mm(const struct es_way *w, size_t i)
{
    const struct es_way_point *a = &w->v[i];
    const struct es_way_point *b = &w->v[i + 1];
    return (int64_t)(es_geo_distance_m(a->lat_deg, a->lon_deg, b->lat_deg,
                                       b->lon_deg) *
                         1000 +
                     0.5);
}

int64_t es_way_length_mm(const struct es_way *w)
{
    int64_t sum = 0;
    for (size_t i = 0; i + 1 < w->n; i++)
        sum += leg_mm(w, i);
    return sum;
}

static bool is_stop(const struct es_way *w, size_t i)
{
    return i == 0 || i + 1 == w->n || *w->v[i].name;
}

struct es_way_at es_way_at(const struct es_way *w, int64_t dist_mm)
{
    struct es_way_at at = { .leg = 0 };
    int64_t left = dist_mm > 0 ? dist_mm : 0;
    if (w->n < 2)
        return at;
    size_t i = 0;
    int64_t len = leg_mm(w, 0);
    while (i + 2 < w->n && left >= len) {
        left -= len;
        i++;
        if (is_stop(w, i))
            at.from = i;
        len = leg_mm(w, i);
    }
    at.leg = i;
    at.there = left >= len;
    at.part = at.there || len == 0 ? 1 : (double)left / (double)len;
    at.to = i + 1;
    at.to_go_mm = at.there ? 0 : len - left;
    while (!is_stop(w, at.to)) {
        at.to_go_mm += leg_mm(w, at.to);
        at.to++;
    }
    return at;
}
