/* SPDX-License-Identifier: Apache-2.0 */
/* Tables that people bring: what spreadsheets write, and what nobody should. */
#include "base/arena.h"
#include "base/csv.h"
#include "base/limits.h"
#include "t.h"

#include <stdio.h>
#include <string.h>

struct table {
    struct es_arena a;
    struct es_csv_row v[40];
    size_t n;
};

static void read_all(struct table *t, struct es_bytes s)
{
    struct es_csv c;
    struct es_err e = { 0 };
    bool more = true;
    es_arena_init(&t->a, 4 << 20);
    t->n = 0;
    es_csv_begin(&c, s);
    while (more && t->n < sizeof t->v / sizeof *t->v) {
        CHECK_INT(es_csv_next(&c, &t->a, &t->v[t->n], &more, &e), ES_OK);
        t->n += more;
    }
    CHECK(!more);
}

/* The values of all rows: "a|b\nc|d\n", a fault as "!number". */
static void is(const char *csv, const char *want)
{
    struct table t;
    char got[2000] = "";
    struct es_bytes s =
        t_guarded((const uint8_t *)csv, strlen(csv)); /* no byte too far */
    read_all(&t, s);
    for (size_t i = 0; i < t.n; i++) {
        size_t at = strlen(got);
        if (t.v[i].fault)
            snprintf(got + at, sizeof got - at, "!%d", (int)t.v[i].fault);
        for (size_t k = 0; k < t.v[i].n; k++) {
            at = strlen(got);
            snprintf(got + at, sizeof got - at, "%s%s", k ? "|" : "",
                     t.v[i].v[k]);
        }
        at = strlen(got);
        snprintf(got + at, sizeof got - at, "\n");
    }
    CHECK_STR(got, want);
    es_arena_release(&t.a);
    t_guarded_free(s);
}

TEST(what_spreadsheets_write_is_read)
{
    is("a,b\nc,d\n", "a|b\nc|d\n");
    is("a,b\r\nc,d", "a|b\nc|d\n");
    is("a,b\rc,d\r", "a|b\nc|d\n");
    is("\xef\xbb\xbfName;Born\r\nAda;1815\r\n", "Name|Born\nAda|1815\n");
    is("Name\tBorn\nAda, B;\t1815\n", "Name|Born\nAda, B;|1815\n");
    is("\"a;x\";\"b,y\"\n", "a;x|b,y\n");
    is("\"say \"\"so\"\"\",\"two\r\nlines\"\n", "say \"so\"|two\nlines\n");
    is("a,,\n,b,\n", "a||\n|b|\n");
    is("a\n\n , \n\t\nb\n", "a\nb\n"); /* blank rows are none */
    is("", "");
    is("\n\r\n\r", "");
    is("\xef\xbb\xbf", "");
    is("5 \"inch\",b\n", "5 \"inch\"|b\n"); /* a quote inside is a letter */
    is("\"a\" ,b\n", "a|b\n");
    is("\u0632\u06c1\u0631\u0627,TR\n", "\u0632\u06c1\u0631\u0627|TR\n");
}

TEST(a_row_that_cannot_be_read_costs_no_other)
{
    is("a\n\"open,b\nc\nd\n", "a\n!3\nc\nd\n");
    is("a\n\"b\"x,c\nd\n", "a\n!3\nd\n");
    is("a\n\"", "a\n!3\n");
    is("a\nb\xff"
       "c\nd\n",
       "a\n!4\nd\n");
    is("a\nb\xc3\nd\n", "a\n!4\nd\n");
    is("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,"
       "27,28,29,30,31,32,33\nb\n",
       "!2\nb\n");
}

TEST(a_nul_is_no_letter)
{
    static const char NUL[] = "a\nb\0c\nd\n";
    struct table t;
    read_all(&t, (struct es_bytes){ (const uint8_t *)NUL, sizeof NUL - 1 });
    CHECK_INT(t.n, 3);
    CHECK_INT(t.v[1].fault, ES_CSV_LETTERS);
    CHECK_STR(t.v[2].v[0], "d");
    es_arena_release(&t.a);
}

/* A megabyte in a line, in quotes and not, and many quotes that stay open. */
TEST(a_giant_line_is_told_and_passed)
{
    enum { BIG = 1 << 20 };
    static char s[BIG + 64];
    struct table t;
    for (int quoted = 0; quoted < 2; quoted++) {
        size_t at = (size_t)snprintf(s, sizeof s, "a\n%s", quoted ? "\"" : "");
        memset(s + at, 'x', BIG);
        snprintf(s + at + BIG, 20, "%s\nb\n", quoted ? "\"" : "");
        read_all(&t, es_bytes_str(s));
        CHECK_INT(t.n, 3);
        CHECK_INT(t.v[1].fault, ES_CSV_LONG);
        CHECK_INT(t.v[1].line, 2);
        CHECK_INT(t.v[2].line, 3);
        CHECK_STR(t.v[2].v[0], "b");
        es_arena_release(&t.a);
    }
    for (int i = 0; i < 20; i++)
        memcpy(s + i * 3, "\"x\n", 3);
    s[60] = '\0';
    read_all(&t, es_bytes_str(s));
    CHECK_INT(t.n, 20);
    for (size_t i = 0; i < t.n; i++) {
        CHECK_INT(t.v[i].fault, ES_CSV_QUOTES);
        CHECK_INT(t.v[i].line, (int64_t)i + 1);
    }
    es_arena_release(&t.a);
}

TEST(lines_are_those_that_an_editor_shows)
{
    struct table t;
    read_all(&t, es_bytes_str("name\r\n\r\n\"two\nlines\"\r\nc\rd\n"));
    CHECK_INT(t.n, 4);
    CHECK_INT(t.v[1].line, 3);
    CHECK_INT(t.v[2].line, 5);
    CHECK_INT(t.v[3].line, 6);
    es_arena_release(&t.a);
}

/* What we wrote for a spreadsheet is what came, formulas too. */
TEST(what_was_written_is_read_back)
{
    static const char *const ROW[] = { "=1+1",    "+44 20",  "-x",  "@a",
                                       "\tx",     "a\"b",    "c,d", "e\nf",
                                       "'quoted", "\uff1d1", "",    "z" };
    enum { N = sizeof ROW / sizeof *ROW };
    struct table t;
    struct es_buf b;
    es_buf_init(&b, 4096);
    es_buf_csv(&b, ROW, N);
    read_all(&t, es_buf_bytes(&b));
    CHECK_INT(t.n, 1);
    CHECK_INT(t.v[0].n, N);
    for (size_t i = 0; i < N; i++)
        CHECK_STR(t.v[0].v[i], ROW[i]);
    es_arena_release(&t.a);
    /* and cut anywhere it is read to its end */
    for (size_t n = 0; n < b.n; n++) {
        struct es_bytes cut = t_guarded(b.p, n);
        read_all(&t, cut);
        es_arena_release(&t.a);
        t_guarded_free(cut);
    }
    es_buf_release(&b);
}

TEST(no_memory_is_told)
{
    struct es_csv c;
    struct es_arena a = { 0 };
    struct es_csv_row row;
    struct es_err e = { 0 };
    bool more;
    es_csv_begin(&c, es_bytes_str("a,b\n"));
    CHECK_INT(es_csv_next(&c, &a, &row, &more, &e), ES_ENOMEM);
}
