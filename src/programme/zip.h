/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A zip file of what doesn't shrink (pictures, short texts): its frame, for
 * bytes that are sent from elsewhere. All sizes are known before, so no part
 * of it is in memory that need not be. Source: PKWARE APPNOTE 6.3.3. */
#ifndef ES_PROGRAMME_ZIP_H
#define ES_PROGRAMME_ZIP_H

#include "base/buf.h"

struct es_zip_file {
    const char *name; /* UTF-8, without a leading slash */
    uint32_t size;    /* bytes */
    uint32_t crc;     /* es_zip_crc of all of them */
    int64_t at_ms;    /* when it was made */
};

/* `crc`: 0 for a start. */
uint32_t es_zip_crc(uint32_t crc, struct es_bytes s);

/* What stands before a file's bytes. */
void es_zip_head(struct es_buf *b, const struct es_zip_file *f);
/* What stands behind the last one: for these files, in this order. Together
 * they stay below 4 GiB and number 65,534 at most. */
void es_zip_end(struct es_buf *b, const struct es_zip_file *v, size_t n);

#endif
