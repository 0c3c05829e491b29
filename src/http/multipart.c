/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/multipart.h"

#include "base/limits.h"
#include "http/head.h"

#include <string.h>
#include <strings.h>

static bool boundary_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || (c && strchr("'()+_,-./:=? ", c));
}

/* A parameter `name=token` or `name="..."` of a header value that begins with
 * ';' or white space. In quotes a backslash escapes only " and itself, because
 * browsers send C:\name as it is. 1 found, 0 absent, -1 malformed. */
static int param(const char *s, const char *name, char *out, size_t cap)
{
    bool found = false;

    while (*(s += strspn(s, " \t"))) {
        if (*s++ != ';')
            return -1;
        s += strspn(s, " \t");
        size_t n = strcspn(s, "=; \t\"");
        if (n == 0 && !*s)
            break;
        bool ours = n == strlen(name) && strncasecmp(s, name, n) == 0;
        s += n;
        if (n == 0 || *s++ != '=' || (ours && found))
            return -1;
        bool quoted = *s == '"';
        size_t len = 0;
        if (quoted)
            s++;
        while (quoted ? *s && *s != '"' : *s && !strchr("; \t\"", *s)) {
            if (quoted && *s == '\\' && (s[1] == '"' || s[1] == '\\'))
                s++;
            if (ours && len < cap - 1)
                out[len] = *s;
            s++;
            len++;
        }
        if (quoted && *s++ != '"')
            return -1;
        if (!ours)
            continue;
        if (len >= cap)
            len = cap - 1;
        out[len] = 0;
        found = true;
    }
    return found;
}

bool es_boundary_of(struct es_bytes type, char *out)
{
    char s[512];
    char value[ES_BOUNDARY_MAX + 2];

    if (type.n >= sizeof s)
        return false;
    memcpy(s, type.p, type.n);
    s[type.n] = 0;
    char *semi = strchr(s, ';');
    if (!semi || param(semi, "boundary", value, sizeof value) != 1)
        return false;
    size_t n = strlen(value);
    if (n == 0 || n > ES_BOUNDARY_MAX || value[n - 1] == ' ')
        return false;
    for (size_t i = 0; i < n; i++)
        if (!boundary_char(value[i]))
            return false;
    memcpy(out, value, n + 1);
    return true;
}

void es_multipart_init(struct es_multipart *m, const char *boundary,
                       const struct es_part_sink *sink)
{
    size_t n = strnlen(boundary, ES_BOUNDARY_MAX);

    *m = (struct es_multipart){ .sink = *sink };
    memcpy(m->delim, "\r\n--", 4);
    memcpy(m->delim + 4, boundary, n);
    m->n_delim = n + 4;
    m->matched = 2; /* the first boundary needs no CRLF before it */
    m->borrowed = 2;
}

/* One line of a part's header, NUL-terminated. */
static int part_line(struct es_multipart *m, char *line, bool *named)
{
    char *colon = strchr(line, ':');
    char type[16];

    for (const char *c = line; *c; c++)
        if (((uint8_t)*c < ' ' && *c != '\t') || *c == 0x7f)
            return 400;
    if (!colon || !es_is_token((struct es_bytes){ (const uint8_t *)line,
                                                  (size_t)(colon - line) }))
        return 400;
    *colon = 0;
    char *value = colon + 1 + strspn(colon + 1, " \t");
    if (strcasecmp(line, "Content-Type") == 0)
        return strncasecmp(value, "multipart/", 10) == 0 ? 400 : 0;
    if (strcasecmp(line, "Content-Disposition") != 0)
        return 0;
    size_t n = strcspn(value, "; \t");
    if (*named || n >= sizeof type || n != 9 ||
        strncasecmp(value, "form-data", 9) != 0)
        return 400;
    char name[ES_PART_NAME_MAX + 2];
    if (param(value + n, "name", name, sizeof name) != 1 || !*name ||
        strlen(name) > ES_PART_NAME_MAX)
        return 400;
    memcpy(m->part.name, name, strlen(name) + 1);
    int has =
        param(value + n, "filename", m->part.filename, sizeof m->part.filename);
    m->part.file = has == 1;
    *named = true;
    return has < 0 ? 400 : 0;
}

/* The whole header of a part is in buf[0..n), its empty line included. */
static int part_begin(struct es_multipart *m)
{
    char *at = m->buf;
    char *end = m->buf + m->n - 2;
    bool named = false;

    m->part = (struct es_part){ 0 };
    if (++m->parts > ES_PARTS_MAX)
        return 413;
    if (memchr(m->buf, 0, m->n))
        return 400;
    while (at < end) {
        char *cr = memchr(at, '\r', (size_t)(end - at));
        if (!cr || cr[1] != '\n')
            return 400;
        *cr = 0;
        int status = part_line(m, at, &named);
        if (status != 0)
            return status;
        at = cr + 2;
    }
    return named ? m->sink.begin(m->sink.cx, &m->part) : 400;
}

/* Header bytes up to the empty line. Returns how many were used. */
static size_t feed_header(struct es_multipart *m, struct es_bytes in)
{
    for (size_t i = 0; i < in.n; i++) {
        if (m->n == sizeof m->buf) {
            m->status = 413;
            return i;
        }
        m->buf[m->n++] = (char)in.p[i];
        if (in.p[i] != '\n')
            continue;
        if (m->n == 2 && m->buf[0] == '\r') { /* no header at all: no name */
            m->status = 400;
            return i + 1;
        }
        if (m->n >= 4 && memcmp(m->buf + m->n - 4, "\r\n\r\n", 4) == 0) {
            m->state = ES_PART_DATA;
            /* An empty part's boundary may follow the empty line directly:
             * its CRLF is the one that ended the header. */
            m->matched = 2;
            m->borrowed = 2;
            m->status = part_begin(m);
            return i + 1;
        }
    }
    return in.n;
}

static void emit(struct es_multipart *m, const void *p, size_t n)
{
    if (n && m->status == 0)
        m->status = m->sink.data(m->sink.cx, (struct es_bytes){ p, n });
}

/* Data up to a boundary. The delimiter's only CR is its first byte, so that a
 * mismatch can begin anew only there. */
static size_t feed_data(struct es_multipart *m, struct es_bytes in)
{
    size_t i = 0;

    while (i < in.n && m->status == 0) {
        if (m->matched == 0) {
            const uint8_t *cr = memchr(in.p + i, '\r', in.n - i);
            size_t n = cr ? (size_t)(cr - in.p) - i : in.n - i;
            emit(m, in.p + i, n);
            i += n;
            if (!cr)
                break;
            m->matched = 1;
            i++;
            continue;
        }
        if (in.p[i] == (uint8_t)m->delim[m->matched]) {
            i++;
            if (++m->matched < m->n_delim)
                continue;
            if (m->state == ES_PART_DATA)
                m->status = m->sink.end(m->sink.cx);
            m->state = ES_PART_AFTER;
            m->n = 0;
            return i;
        }
        if (m->state == ES_PART_START) {
            m->status = 400;
            return i;
        }
        emit(m, m->delim + m->borrowed, m->matched - m->borrowed);
        m->matched = 0;
        m->borrowed = 0;
    }
    return i;
}

/* The two bytes behind a boundary. */
static size_t feed_after(struct es_multipart *m, struct es_bytes in)
{
    size_t i = 0;

    while (i < in.n && m->n < 2)
        m->buf[m->n++] = (char)in.p[i++];
    if (m->n < 2)
        return i;
    if (memcmp(m->buf, "--", 2) == 0)
        m->state = ES_PART_DONE;
    else if (memcmp(m->buf, "\r\n", 2) == 0)
        m->state = ES_PART_HEADER;
    else
        m->status = 400;
    m->n = 0;
    return i;
}

int es_multipart_feed(struct es_multipart *m, struct es_bytes in)
{
    while (in.n && m->status == 0) {
        size_t used = in.n; /* an epilogue is not looked at */
        switch (m->state) {
        case ES_PART_START:
        case ES_PART_DATA:
            used = feed_data(m, in);
            break;
        case ES_PART_HEADER:
            used = feed_header(m, in);
            break;
        case ES_PART_AFTER:
            used = feed_after(m, in);
            break;
        case ES_PART_DONE:
            break;
        }
        in.p += used;
        in.n -= used;
    }
    return m->status;
}

int es_multipart_end(struct es_multipart *m)
{
    if (m->status == 0 && m->state != ES_PART_DONE)
        m->status = 400;
    return m->status;
}
