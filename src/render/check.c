/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What came back from a process that may be an attacker's by now. A picture
 * goes to browsers, so it is held against the format's frame; what its pixels
 * show nobody can check. Source: W3C PNG Specification, section 5. */
#include "render/render_int.h"

#include "base/bytes.h"

#include <string.h>

static const uint8_t SIGNATURE[] = {
    0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'
};

struct chunk {
    char type[5];
    struct es_bytes data;
};

static enum es_code read_chunk(struct es_rd *r, struct chunk *c,
                               struct es_err *e)
{
    const uint8_t *type, *data;
    size_t at = r->at;
    uint32_t n = es_rd_u32be(r);
    if (!es_rd_take(r, 4, &type) || !es_rd_take(r, n, &data))
        return es_fail(e, ES_EMALFORMED, at, "a chunk is cut");
    if (!es_rd_skip(r, 4)) /* its checksum, which a liar could make as well */
        return es_fail(e, ES_EMALFORMED, at, "a chunk is cut");
    memcpy(c->type, type, 4);
    c->type[4] = '\0';
    c->data = (struct es_bytes){ data, n };
    return ES_OK;
}

/* Eight bits of red, green and blue, not interlaced. */
static enum es_code check_header(const struct chunk *c, enum es_card_size size,
                                 struct es_err *e)
{
    static const uint8_t KIND[] = { 8, 2, 0, 0, 0 };
    struct es_rd r;
    es_rd_init(&r, c->data);
    uint32_t width = es_rd_u32be(&r), height = es_rd_u32be(&r);
    if (strcmp(c->type, "IHDR") != 0 || c->data.n != 13 ||
        memcmp(c->data.p + 8, KIND, sizeof KIND) != 0 ||
        width != (uint32_t)es_card_width(size) ||
        height != (uint32_t)es_card_height(size))
        return es_fail(e, ES_EMALFORMED, 0, "not of the size asked for");
    return ES_OK;
}

static enum es_code check_png(struct es_bytes png, enum es_card_size size,
                              struct es_err *e)
{
    struct es_rd r;
    struct chunk c;
    bool pixels = false;
    const uint8_t *signature;
    es_rd_init(&r, png);
    if (!es_rd_take(&r, sizeof SIGNATURE, &signature) ||
        memcmp(signature, SIGNATURE, sizeof SIGNATURE) != 0)
        return es_fail(e, ES_EMALFORMED, 0, "no PNG");
    enum es_code rc = read_chunk(&r, &c, e);
    if (rc == ES_OK)
        rc = check_header(&c, size, e);
    while (rc == ES_OK && es_rd_left(&r) > 0) {
        rc = read_chunk(&r, &c, e);
        if (rc == ES_OK && strcmp(c.type, "IEND") == 0)
            return pixels && es_rd_left(&r) == 0 && c.data.n == 0
                       ? ES_OK
                       : es_fail(e, ES_EMALFORMED, r.at, "its end");
        pixels = pixels || strcmp(c.type, "IDAT") == 0;
    }
    return rc == ES_OK ? es_fail(e, ES_EMALFORMED, r.at, "no end") : rc;
}

/* What follows the byte that says ES_OK. */
static enum es_code check_said(struct es_bytes answer, struct es_bytes *body,
                               struct es_err *e)
{
    if (answer.n == 0 || answer.p[0] >= ES_CODE_COUNT)
        return es_fail(e, ES_EMALFORMED, 0, "no answer");
    if (answer.p[0] != ES_OK)
        return es_fail(e, ES_EINTERNAL, 0, "%s",
                       es_code_name((enum es_code)answer.p[0]));
    *body = (struct es_bytes){ answer.p + 1, answer.n - 1 };
    return ES_OK;
}

enum es_code es_render_check(struct es_bytes answer, enum es_card_size size,
                             struct es_bytes *png, struct es_err *e)
{
    struct es_bytes body;
    enum es_code rc = check_said(answer, &body, e);
    if (rc == ES_OK)
        rc = check_png(body, size, e);
    if (rc == ES_OK)
        *png = body;
    return rc;
}

enum es_code es_render_check_pdf(struct es_bytes answer, struct es_bytes *pdf,
                                 struct es_err *e)
{
    static const char HEAD[] = "%PDF-1.", TAIL[] = "%%EOF\n";
    const size_t head = sizeof HEAD - 1, tail = sizeof TAIL - 1;
    struct es_bytes body;
    if (answer.n == 1 && answer.p[0] == ES_ETOOLARGE)
        return es_fail(e, ES_ETOOLARGE, 0, "it doesn't fit");
    enum es_code rc = check_said(answer, &body, e);
    if (rc != ES_OK)
        return rc;
    if (body.n < head + tail || memcmp(body.p, HEAD, head) != 0 ||
        memcmp(body.p + body.n - tail, TAIL, tail) != 0)
        return es_fail(e, ES_EMALFORMED, 0, "no PDF");
    *pdf = body;
    return ES_OK;
}
