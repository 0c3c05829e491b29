/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "card/qr.h"

#include "base/buf.h"

#include <qrencode.h>

enum { QUIET = 4, PATH_MAX_BYTES = 128 << 10 };

/* A row's dark modules as boxes one high; neighbours are one box. */
static void row_path(const QRcode *code, int row, struct es_buf *b)
{
    const unsigned char *m = code->data + row * code->width;
    for (int col = 0; col < code->width;) {
        int from = col;
        while (col < code->width && (m[col] & 1))
            col++;
        if (col > from)
            es_buf_fmt(b, "M%d %dh%dv1h-%dz", from + QUIET, row + QUIET,
                       col - from, col - from);
        else
            col++;
    }
}

enum es_code es_qr_path(const char *text, struct es_arena *a, struct es_qr *out,
                        struct es_err *e)
{
    struct es_buf b;
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code)
        return es_fail(e, ES_ETOOLARGE, 0, "no QR code for this");
    es_buf_init(&b, PATH_MAX_BYTES);
    for (int row = 0; row < code->width; row++)
        row_path(code, row, &b);
    int side = code->width + 2 * QUIET;
    const char *path = b.bad ? NULL : es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    QRcode_free(code);
    if (!path)
        return es_fail(e, ES_ENOMEM, 0, "a QR code");
    *out = (struct es_qr){ side, path };
    return ES_OK;
}
