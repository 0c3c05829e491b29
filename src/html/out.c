/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "html/out.h"

#include <inttypes.h>

#include "base/utf8.h"

#define FSI "\u2068" /* first strong isolate */
#define PDI "\u2069" /* and its end */

struct es_out es_out_of(struct es_buf *buf, const struct es_lang *lang)
{
    return (struct es_out){ .buf = buf, .lang = lang };
}

struct es_reader es_out_reader(const struct es_out *o)
{
    return (struct es_reader){ o->lang, o->units };
}

struct es_name es_name(const char *s)
{
    return (struct es_name){ s };
}

struct es_isolated es_isolated(const char *s)
{
    return (struct es_isolated){ s };
}

struct es_paras es_paras(const char *s)
{
    return (struct es_paras){ s };
}

void es_out_lit(struct es_out *o, size_t n, const char *s)
{
    es_buf_add(o->buf, s, n);
}

/* What an ASCII byte becomes; NULL: stays. */
static const char *escaped(uint32_t c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
        return NULL;
    default:
        return c < 0x20 || c == 0x7f || c == ES_UTF8_BAD ? "\ufffd" : NULL;
    }
}

/* Browsers send the lines of a form with CR LF (HTML, "constructing the entry
 * list"), and read LF. */
static const char *line_end(struct es_bytes s, size_t at)
{
    return at < s.n && s.p[at] == '\n' ? "" : "\n";
}

void es_out_bytes(struct es_out *o, struct es_bytes s)
{
    size_t at = 0;
    size_t kept = 0; /* s.p[kept..at) needs no change */
    while (at < s.n) {
        size_t before = at;
        uint32_t c = es_utf8_next(s, &at);
        const char *other = c == '\r' ? line_end(s, at) : escaped(c);
        if (!other)
            continue;
        es_buf_add(o->buf, s.p + kept, before - kept);
        es_buf_str(o->buf, other);
        kept = at;
    }
    if (s.n > kept)
        es_buf_add(o->buf, s.p + kept, s.n - kept);
}

void es_out_str(struct es_out *o, const char *s)
{
    if (s)
        es_out_bytes(o, es_bytes_str(s));
}

void es_out_i64(struct es_out *o, int64_t v)
{
    es_buf_fmt(o->buf, "%" PRId64, v);
}

void es_out_u64(struct es_out *o, uint64_t v)
{
    es_buf_fmt(o->buf, "%" PRIu64, v);
}

void es_out_shown(struct es_out *o, struct es_shown f)
{
    struct es_buf text;
    es_buf_init(&text, 256);
    es_buf_shown(&text, es_out_reader(o), f);
    o->buf->bad |= text.bad;
    es_out_bytes(o, es_buf_bytes(&text));
    es_buf_release(&text);
}

void es_out_html(struct es_out *o, struct es_html h)
{
    es_buf_add(o->buf, h.s.p, h.s.n);
}

void es_out_bdi(struct es_out *o, struct es_name n)
{
    es_buf_str(o->buf, "<bdi>");
    es_out_str(o, n.s);
    es_buf_str(o->buf, "</bdi>");
}

void es_out_isolated(struct es_out *o, struct es_name n)
{
    es_buf_str(o->buf, FSI);
    es_out_str(o, n.s);
    es_buf_str(o->buf, PDI);
}

void es_out_title(struct es_out *o, struct es_isolated n)
{
    es_out_isolated(o, es_name(n.s));
}

void es_out_paras(struct es_out *o, struct es_paras p)
{
    struct es_bytes s = es_bytes_str(p.s ? p.s : "");
    size_t at = 0;
    while (at < s.n) {
        size_t end = at;
        while (end < s.n && s.p[end] != '\n')
            end++;
        size_t feeds = 0;
        size_t next = end;
        for (; next < s.n && (s.p[next] == '\n' || s.p[next] == '\r'); next++)
            feeds += s.p[next] == '\n';
        if (at == 0)
            es_buf_str(o->buf, "<p dir=\"auto\">");
        es_out_bytes(o, (struct es_bytes){ s.p + at, end - at });
        if (next < s.n)
            es_buf_str(o->buf, feeds > 1 ? "</p><p dir=\"auto\">" : "<br>");
        at = next;
    }
    if (s.n)
        es_buf_str(o->buf, "</p>");
}

void es_out_url_text(struct es_out *o, struct es_url u)
{
    es_out_str(o, u.checked);
}

/* Links of ours repeat the language that the reader chose, so that it stays
 * chosen without a cookie. */
static bool takes_lang(const struct es_out *o, const char *path)
{
    return o->keep_lang && path[0] == '/' &&
           strncmp(path, "/static/", 8) != 0 &&
           strncmp(path, "/api/", 5) != 0 && !strstr(path, "?lang=") &&
           !strstr(path, "&lang=");
}

/* `units` of the reader's choice for the address, or NULL. */
static void href(struct es_out *o, const char *path, const char *units)
{
    if (o->moved && path[0] == '/') {
        es_out_str(o, o->moved->to(o->moved->arg, path, o->lang));
        return;
    }
    size_t n = strcspn(path, "#");
    const char *sep = memchr(path, '?', n) ? "&amp;" : "?";
    es_out_bytes(o, (struct es_bytes){ (const uint8_t *)path, n });
    if (takes_lang(o, path)) {
        es_buf_fmt(o->buf, "%slang=%s", sep, o->lang->tag);
        sep = "&amp;";
    }
    if (units)
        es_buf_fmt(o->buf, "%sunits=%s", sep, units);
    es_out_str(o, path + n);
}

void es_out_href(struct es_out *o, struct es_url u)
{
    href(o, u.checked ? u.checked : "#", NULL);
}

struct es_url_in es_url_in(struct es_url url, const struct es_lang *lang)
{
    return (struct es_url_in){ url, lang };
}

void es_out_href_in(struct es_out *o, struct es_url_in u)
{
    struct es_out there = *o;
    there.lang = u.lang;
    there.keep_lang = true;
    es_out_href(&there, u.url);
}

struct es_url_units es_url_units(struct es_url url, enum es_units units)
{
    return (struct es_url_units){ url, units };
}

void es_out_href_units(struct es_out *o, struct es_url_units u)
{
    href(o, u.url.checked ? u.url.checked : "#", es_units_tag(u.units));
}

void es_out_path(struct es_out *o, const char *path)
{
    href(o, path, NULL);
}

struct es_message es_message_of(const char *text, int64_t n)
{
    return (struct es_message){ .rest = text, .n = n };
}

bool es_message_next(struct es_out *o, struct es_message *m)
{
    for (;;) {
        const char *open = strchr(m->rest, '{');
        bool hole = open && open[1] && open[2] == '}' &&
                    (open[1] == 'n' || (open[1] >= '1' && open[1] <= '9'));
        size_t n = open ? (size_t)(open - m->rest) : strlen(m->rest);
        es_out_bytes(o, (struct es_bytes){ (const uint8_t *)m->rest, n });
        if (!open)
            return false;
        m->rest = open + (hole ? 3 : 1);
        if (!hole) {
            es_out_str(o, "{");
            continue;
        }
        if (open[1] == 'n') {
            es_out_shown(o, es_int(m->n));
            continue;
        }
        m->arg = open[1] - '0';
        return true;
    }
}
