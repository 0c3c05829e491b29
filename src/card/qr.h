/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A QR code as a line of SVG, for pages: what it says never leaves the process
 * that knows it. libqrencode only writes; it reads nothing of strangers'. */
#ifndef ES_CARD_QR_H
#define ES_CARD_QR_H

#include "base/arena.h"
#include "base/err.h"

struct es_qr {
    int side;         /* modules, with the quiet zone around (ISO/IEC 18004) */
    const char *path; /* of the dark modules, each 1 x 1; in the arena */
};
/* ES_ETOOLARGE: more than a code holds. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_qr_path(const char *text, struct es_arena *a,
                                      struct es_qr *out, struct es_err *e);

#endif
