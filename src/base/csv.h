/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_CSV_H
#define ES_BASE_CSV_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* One row of a table as RFC 4180 writes it: each value in quotes, CR LF at the
 * end. What a spreadsheet would run as a formula (it begins with = + - @, a
 * tab or CR, or the wide forms of the first four) gets an apostrophe before
 * it, which they show as text. A NULL is empty. */
void es_buf_csv(struct es_buf *b, const char *const *values, size_t n);

/* A table that somebody brings: RFC 4180 and what spreadsheets make of it.
 * Values are parted by comma, semicolon or tab, whichever the first row has
 * most of; lines end with CR LF, LF or CR; a byte order mark is skipped; a
 * value in quotes may hold all of these. An apostrophe that es_buf_csv put
 * before a formula is taken away. Hostile bytes: each row is bounded, and one
 * that can't be read costs no other. */
struct es_csv {
    struct es_bytes s;
    size_t at;
    int64_t line; /* of the file, from 1, in which the next row begins */
    char sep;
};

enum es_csv_fault {
    ES_CSV_GOOD,
    ES_CSV_LONG,   /* over ES_CSV_ROW bytes */
    ES_CSV_WIDE,   /* over ES_CSV_VALUES values */
    ES_CSV_QUOTES, /* a quotation mark that isn't closed, or words after it */
    ES_CSV_LETTERS /* not UTF-8, or with a NUL */
};
enum { ES_CSV_VALUES = 32 };
struct es_csv_row {
    int64_t line;
    enum es_csv_fault fault; /* with one there are no values */
    const char *v[ES_CSV_VALUES];
    size_t n;
};

void es_csv_begin(struct es_csv *c, struct es_bytes s);
/* The next row that isn't blank, its values in `a`; *more is false at the end.
 * A row in which quotes aren't closed ends with its line, so that those after
 * it are read. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_csv_next(struct es_csv *c, struct es_arena *a,
                                       struct es_csv_row *row, bool *more,
                                       struct es_err *e);

#endif
