/* SPDX-License-Identifier: Apache-2.0 */
#include "base/csv.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <string.h>

static bool ends_line(uint8_t c)
{
    return c == '\n' || c == '\r';
}

/* Past one end of a line: CR LF is one. */
static size_t past_end(struct es_bytes s, size_t at)
{
    return at +
           (s.p[at] == '\r' && at + 1 < s.n && s.p[at + 1] == '\n' ? 2 : 1);
}

/* Of several values in quotes the first row may hold any sign. */
static char separator(struct es_bytes s)
{
    static const char SIGNS[] = { ',', ';', '\t' };
    size_t n[sizeof SIGNS] = { 0 };
    size_t most = 0;
    bool quoted = false;
    for (size_t at = 0; at < s.n && at < ES_CSV_ROW; at++) {
        if (s.p[at] == '"')
            quoted = !quoted;
        else if (ends_line(s.p[at]) && !quoted)
            break;
        for (size_t i = 0; !quoted && i < sizeof SIGNS; i++)
            n[i] += s.p[at] == (uint8_t)SIGNS[i];
    }
    for (size_t i = 1; i < sizeof SIGNS; i++)
        if (n[i] > n[most])
            most = i;
    return SIGNS[most];
}

void es_csv_begin(struct es_csv *c, struct es_bytes s)
{
    static const uint8_t MARK[] = { 0xef, 0xbb, 0xbf };
    *c = (struct es_csv){ .s = s, .line = 1 };
    if (s.n >= sizeof MARK && memcmp(s.p, MARK, sizeof MARK) == 0)
        c->at = sizeof MARK;
    c->sep = separator((struct es_bytes){ s.p + c->at, s.n - c->at });
}

/* A row as it is read; `out` holds its values, each with a NUL behind it. */
struct reading {
    struct es_csv *c;
    size_t at;
    int64_t line;
    struct es_buf *out;
    size_t begins[ES_CSV_VALUES];
    size_t n;
    enum es_csv_fault fault;
};

/* A value in quotes, behind the first of them. */
static void quoted(struct reading *r)
{
    struct es_bytes s = r->c->s;
    for (; r->at < s.n; r->at++) {
        uint8_t b = s.p[r->at];
        if (b == '"') {
            if (r->at + 1 == s.n || s.p[r->at + 1] != '"')
                break;
            r->at++;
        } else if (ends_line(b)) {
            r->at = past_end(s, r->at) - 1;
            r->line++;
            b = '\n';
        }
        es_buf_u8(r->out, b);
        if (r->out->bad)
            return;
    }
    if (r->at == s.n) {
        r->fault = ES_CSV_QUOTES;
        return;
    }
    r->at++;
    while (r->at < s.n && s.p[r->at] == ' ')
        r->at++;
    if (r->at < s.n && s.p[r->at] != (uint8_t)r->c->sep &&
        !ends_line(s.p[r->at]))
        r->fault = ES_CSV_QUOTES;
}

static void plain(struct reading *r)
{
    struct es_bytes s = r->c->s;
    size_t from = r->at;
    while (r->at < s.n && s.p[r->at] != (uint8_t)r->c->sep &&
           !ends_line(s.p[r->at]))
        r->at++;
    es_buf_add(r->out, s.p + from, r->at - from);
}

/* One row from where it begins to the end of its line. */
static void read_row(struct reading *r)
{
    struct es_bytes s = r->c->s;
    for (;;) {
        if (r->n == ES_CSV_VALUES) {
            r->fault = ES_CSV_WIDE;
            return;
        }
        r->begins[r->n++] = r->out->n;
        if (r->at < s.n && s.p[r->at] == '"') {
            r->at++;
            quoted(r);
        } else {
            plain(r);
        }
        es_buf_u8(r->out, 0);
        if (r->out->bad) /* over many lines: a quote that is never closed */
            r->fault = r->line > r->c->line ? ES_CSV_QUOTES : ES_CSV_LONG;
        if (r->fault != ES_CSV_GOOD || r->at == s.n)
            return;
        if (ends_line(s.p[r->at])) {
            r->at = past_end(s, r->at);
            r->line++;
            return;
        }
        r->at++;
    }
}

/* Where the line behind the first end of one begins. */
static void skip_line(struct es_csv *c)
{
    while (c->at < c->s.n && !ends_line(c->s.p[c->at]))
        c->at++;
    if (c->at < c->s.n)
        c->at = past_end(c->s, c->at);
    c->line++;
}

/* What es_buf_csv put before a formula goes again. */
static const char *bare(const char *v)
{
    static const char SIGNS[] = "=+-@\t\r\n";
    static const char *const WIDE[] = { "\uff1d", "\uff0b", "\uff0d",
                                        "\uff20" };
    if (*v != '\'' || !v[1])
        return v;
    if (strchr(SIGNS, v[1]))
        return v + 1;
    for (size_t i = 0; i < sizeof WIDE / sizeof *WIDE; i++)
        if (strncmp(v + 1, WIDE[i], strlen(WIDE[i])) == 0)
            return v + 1;
    return v;
}

static bool all_empty(const struct es_csv_row *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (row->v[i][strspn(row->v[i], " \t\n")])
            return false;
    return row->fault == ES_CSV_GOOD;
}

/* Copies the values into the arena, when they are letters. */
static enum es_code keep(struct reading *r, struct es_arena *a,
                         struct es_csv_row *row, struct es_err *e)
{
    for (size_t i = 0; i < r->n; i++) {
        const char *v = (const char *)r->out->p + r->begins[i];
        size_t end = i + 1 < r->n ? r->begins[i + 1] : r->out->n;
        size_t n = end - r->begins[i] - 1;
        if (memchr(v, 0, n) ||
            !es_utf8_valid((struct es_bytes){ (const uint8_t *)v, n })) {
            row->fault = ES_CSV_LETTERS;
            row->n = 0;
            return ES_OK;
        }
        row->v[i] = es_arena_str(a, bare(v));
        if (!row->v[i])
            return es_fail(e, ES_ENOMEM, 0, "a table");
    }
    row->n = r->n;
    return ES_OK;
}

static enum es_code next_row(struct es_csv *c, struct es_buf *mem,
                             struct es_arena *a, struct es_csv_row *row,
                             struct es_err *e)
{
    struct reading r = { .c = c, .at = c->at, .line = c->line, .out = mem };
    es_buf_clear(mem);
    read_row(&r);
    *row = (struct es_csv_row){ .line = c->line, .fault = r.fault };
    if (r.fault != ES_CSV_GOOD) {
        skip_line(c);
        return ES_OK;
    }
    c->at = r.at;
    c->line = r.line;
    return keep(&r, a, row, e);
}

enum es_code es_csv_next(struct es_csv *c, struct es_arena *a,
                         struct es_csv_row *row, bool *more, struct es_err *e)
{
    struct es_buf mem;
    enum es_code rc = ES_OK;
    *more = false;
    es_buf_init(&mem, ES_CSV_ROW);
    while (rc == ES_OK && !*more && c->at < c->s.n) {
        rc = next_row(c, &mem, a, row, e);
        *more = rc == ES_OK && !all_empty(row);
    }
    es_buf_release(&mem);
    return rc;
}
