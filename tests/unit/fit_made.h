/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* FIT files made byte by byte, right and wrong, and what is read of them. */
#ifndef ES_TESTS_FIT_MADE_H
#define ES_TESTS_FIT_MADE_H

#include "base/buf.h"
#include "decode/decode.h"

#define EPOCH_MS ((int64_t)631065600000) /* FIT's zero */
#define START_MS ((int64_t)1756101900000)
enum { T0 = 1125036300 }; /* START_MS in FIT's seconds */

struct made {
    struct es_buf b;
    bool big; /* byte order of what is added next */
};

/* A header of so many bytes; es_buf_release(&f.b) when done. */
struct made made_begin(uint8_t header);
void made_u16(struct made *f, unsigned v);
void made_u32(struct made *f, uint32_t v);
/* The data size of the file that begins at `from`, as it says. */
void made_set_size(struct made *f, size_t from, uint32_t size);
/* Its data size as it is, and its checksum. */
void made_close(struct made *f, size_t from);

/* A definition; fields are triples of number, size, base type. */
void made_define(struct made *f, unsigned local, unsigned global,
                 const char *fields, size_t n);
#define DEFINE(f, local, global, fields)                                       \
    made_define(f, local, global, fields, sizeof(fields) - 1)
void made_head(struct made *f, unsigned local);
/* Local 0: n records of timestamp and distance, 3 m/s. */
void made_records(struct made *f, uint32_t t, size_t n);

struct read {
    struct es_arena a;
    struct es_tracks t;
    struct es_err e;
    enum es_code rc;
};

/* Decodes into an arena of its own; read_done gives it and the file back. */
struct read read_bytes(struct es_bytes in);
struct read read_made(struct made *f);
void read_done(struct read *r, struct made *f);
bool read_warned(const struct read *r, const char *code);

#endif
