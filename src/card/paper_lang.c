/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What Cairo 1.16 can't say of a document. */
#include "card/paper_int.h"

#include "base/num.h"

#include <inttypes.h>

/* The last place of `word` in the last `most` bytes; NULL: none. */
static const char *last(const struct es_buf *b, const char *word, size_t most)
{
    size_t n = strlen(word);
    for (size_t back = n; back <= b->n && back <= most; back++)
        if (memcmp(b->p + b->n - back, word, n) == 0)
            return (const char *)b->p + b->n - back;
    return NULL;
}

/* The number behind `key` in the trailer; false: none. */
static bool number(const char *trailer, const char *key, int64_t *out)
{
    const char *at = trailer ? strstr(trailer, key) : NULL;
    if (!at)
        return false;
    at += strlen(key);
    at += strspn(at, " \n");
    size_t n = strspn(at, "0123456789");
    return es_num_i64((struct es_bytes){ (const uint8_t *)at, n }, 1, INT32_MAX,
                      out);
}

/* Where the object begins and what stands between its outermost brackets. */
static bool object(const struct es_buf *b, int64_t id, size_t *from, size_t *to)
{
    char head[32];
    int n = snprintf(head, sizeof head, "\n%" PRId64 " 0 obj\n<<", id);
    for (size_t at = 0; at + (size_t)n < b->n; at++) {
        if (memcmp(b->p + at, head, (size_t)n) != 0)
            continue;
        for (size_t end = at; end + 8 < b->n; end++)
            if (memcmp(b->p + end, ">>\nendobj", 9) == 0) {
                *from = at + (size_t)n;
                *to = end;
                return true;
            }
    }
    return false;
}

enum es_code es_paper_say_lang(struct es_buf *pdf, const char *tag, bool rtl,
                               struct es_err *e)
{
    enum { TAIL = 400 };
    static const char TAG[] = "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    const char *trailer = last(pdf, "trailer", TAIL);
    int64_t root, info, size, before;
    size_t from, to;
    if (!number(trailer, "/Root", &root) || !number(trailer, "/Info", &info) ||
        !number(trailer, "/Size", &size) ||
        !number(trailer, "startxref", &before) ||
        !object(pdf, root, &from, &to))
        return es_fail(e, ES_EINTERNAL, 0, "Cairo writes PDF in another way");
    struct es_buf more;
    size_t at = pdf->n;
    es_buf_init(&more, to - from + 1024);
    es_buf_fmt(&more, "%" PRId64 " 0 obj\n<<", root);
    es_buf_add(&more, pdf->p + from, to - from);
    es_buf_fmt(
        &more,
        "   /Lang (%.*s)\n   /ViewerPreferences << /DisplayDocTitle true "
        "/Direction /%s >>\n>>\nendobj\n",
        (int)strspn(tag, TAG), tag, rtl ? "R2L" : "L2R");
    size_t xref = at + more.n;
    es_buf_fmt(&more,
               "xref\n%" PRId64 " 1\n%010zu 00000 n \n"
               "trailer\n<< /Size %" PRId64 "\n   /Root %" PRId64
               " 0 R\n   /Info %" PRId64 " 0 R\n   /Prev %" PRId64
               "\n>>\nstartxref\n%zu\n%%%%EOF\n",
               root, at, size, root, info, before, xref);
    if (more.bad)
        es_buf_release(pdf);
    es_buf_add(pdf, more.p, more.n);
    es_buf_release(&more);
    return pdf->bad ? es_fail(e, ES_ENOMEM, 0, "no memory") : ES_OK;
}
