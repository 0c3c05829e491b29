/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A multipart form gives the same parts however the network cuts it. */
#include "base/buf.h"
#include "http/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static int begin(void *cx, const struct es_part *part)
{
    assert(*part->name && !strpbrk(part->name, "\r\n"));
    es_buf_fmt(cx, "<%s|%s|", part->name, part->file ? part->filename : "-");
    return 0;
}

static int data(void *cx, struct es_bytes b)
{
    es_buf_add(cx, b.p, b.n);
    return 0;
}

static int end(void *cx)
{
    es_buf_str(cx, ">");
    return 0;
}

static int parse(const uint8_t *p, size_t n, size_t step, struct es_buf *out)
{
    const struct es_part_sink sink = { out, begin, data, end };
    struct es_multipart m;

    es_buf_init(out, 1 << 24);
    es_multipart_init(&m, "XX", &sink);
    for (size_t i = 0; i < n; i += step)
        (void)es_multipart_feed(
            &m, (struct es_bytes){ p + i, n - i < step ? n - i : step });
    return es_multipart_end(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct es_buf whole, pieces;

    if (n == 0)
        return 0;
    size_t step = 1 + p[n - 1] % 16;
    int a = parse(p, n, n, &whole);
    int b = parse(p, n, step, &pieces);
    assert(a == b);
    assert(whole.n == pieces.n);
    assert(whole.n == 0 || memcmp(whole.p, pieces.p, whole.n) == 0);
    es_buf_release(&whole);
    es_buf_release(&pieces);
    return 0;
}
