/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* WebVTT as far as a player reads it. */
#include "base/utf8.h"
#include "initiative/films.h"

#include <string.h>

struct lines {
    struct es_bytes s;
    size_t at; /* of the next */
};

/* The next line without its end; false at the end. */
static bool next_line(struct lines *l, struct es_bytes *out)
{
    if (l->at >= l->s.n)
        return false;
    size_t from = l->at;
    size_t n = 0;
    while (from + n < l->s.n && l->s.p[from + n] != '\n' &&
           l->s.p[from + n] != '\r')
        n++;
    *out = (struct es_bytes){ l->s.p + from, n };
    l->at = from + n + 1;
    if (l->at < l->s.n && l->s.p[from + n] == '\r' && l->s.p[l->at] == '\n')
        l->at++;
    return true;
}

/* Up to `most` digits and what follows them; -1: none. */
static int64_t digits(struct es_bytes *s, size_t least, size_t most, char end)
{
    int64_t v = 0;
    size_t n = 0;
    while (n < s->n && n < most && s->p[n] >= '0' && s->p[n] <= '9')
        v = v * 10 + (s->p[n++] - '0');
    if (n < least || (end && (n >= s->n || s->p[n] != (uint8_t)end)))
        return -1;
    n += end != 0;
    *s = (struct es_bytes){ s->p + n, s->n - n };
    return v;
}

/* "01:02.500" or "1:01:02.500", in ms; -1: none. */
static int64_t moment(struct es_bytes *s)
{
    int64_t h = 0;
    int64_t m = digits(s, 2, 4, ':');
    struct es_bytes rest = *s;
    if (m < 0)
        return -1;
    int64_t sec = digits(&rest, 2, 2, ':');
    if (sec >= 0) { /* there were hours */
        h = m;
        m = sec;
        *s = rest;
    }
    sec = digits(s, 2, 2, '.');
    int64_t ms = sec < 0 ? -1 : digits(s, 3, 3, '\0');
    if (ms < 0 || m > 59 || sec > 59)
        return -1;
    return ((h * 60 + m) * 60 + sec) * 1000 + ms;
}

static void skip_space(struct es_bytes *s)
{
    while (s->n && (*s->p == ' ' || *s->p == '\t'))
        *s = (struct es_bytes){ s->p + 1, s->n - 1 };
}

/* A cue's times; its settings, which only move it, may follow. */
static bool times(struct es_bytes line, int64_t *from, int64_t *to)
{
    *from = moment(&line);
    skip_space(&line);
    if (*from < 0 || line.n < 3 || memcmp(line.p, "-->", 3) != 0)
        return false;
    line = (struct es_bytes){ line.p + 3, line.n - 3 };
    skip_space(&line);
    *to = moment(&line);
    return *to > *from && (line.n == 0 || *line.p == ' ' || *line.p == '\t');
}

static bool has_arrow(struct es_bytes line)
{
    return memmem(line.p, line.n, "-->", 3) != NULL;
}

enum es_code es_captions_check(struct es_bytes s, struct es_err *e)
{
    struct lines l = { s, 0 };
    struct es_bytes line;
    int64_t from, to, last = 0;
    size_t cues = 0;
    if (s.n > ES_MEDIA_TEXT_MAX)
        return es_fail(e, ES_ETOOLARGE, 0, "%zu bytes of captions", s.n);
    if (s.n >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0)
        l.at = 3;
    if (!next_line(&l, &line) || line.n < 6 ||
        memcmp(line.p, "WEBVTT", 6) != 0 ||
        (line.n > 6 && line.p[6] != ' ' && line.p[6] != '\t'))
        return es_fail(e, ES_EUNKNOWN, 0, "no WebVTT");
    if (!es_utf8_valid(s) || memchr(s.p, 0, s.n))
        return es_fail(e, ES_EMALFORMED, 0, "not UTF-8");
    for (size_t at = l.at; next_line(&l, &line); at = l.at) {
        if (!has_arrow(line))
            continue;
        if (!times(line, &from, &to) || from < last)
            return es_fail(e, ES_EMALFORMED, at, "the times of a cue");
        last = from;
        cues++;
    }
    return cues ? ES_OK : es_fail(e, ES_EEMPTY, 0, "no cue");
}
