/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of a FIT file: headers, definitions, messages, checksums, without
 * knowing what a message means. Source: FIT protocol 2.0. Not for other
 * modules. */
#ifndef ES_DECODE_FIT_FRAME_H
#define ES_DECODE_FIT_FRAME_H

#include "base/bytes.h"

enum { ES_FIT_FIELDS_MAX = 255, ES_FIT_LOCALS = 16, ES_FIT_TIMESTAMP = 253 };
#define ES_FIT_NO_TIME UINT32_MAX

struct es_fit_field {
    uint8_t num;
    uint8_t size; /* bytes; 0 occurs */
    uint8_t base; /* base type, as the file has it */
};

struct es_fit_def {
    bool set;
    bool big; /* big-endian */
    uint16_t global;
    uint8_t n_fields;
    struct es_fit_field fields[ES_FIT_FIELDS_MAX];
    uint32_t size;    /* of a message's body, developer fields included */
    bool timed;       /* it has a timestamp, */
    uint32_t time_at; /* so many bytes into the body */
};

struct es_fit_msg {
    const struct es_fit_def *def;
    struct es_rd body; /* def->size bytes */
    size_t at;         /* of its header byte */
    uint32_t time;     /* from a compressed header, else ES_FIT_NO_TIME */
};

/* What is wrong with the bytes around the messages. */
enum {
    ES_FIT_BAD_HEADER_CRC = 1,
    ES_FIT_BAD_CRC = 2,
    ES_FIT_NO_CRC = 4,   /* ends before it */
    ES_FIT_NO_SIZE = 8,  /* data size 0: the recording never ended */
    ES_FIT_SHORT = 16,   /* less data than the header says */
    ES_FIT_BAD_SIZE = 32 /* more data than it says, as the checksum shows */
};

/* One of the files that may be chained in an upload. About 13 kB. */
struct es_fit_file {
    size_t at;        /* of its header */
    size_t end;       /* past its checksum: the next one's header */
    size_t base;      /* of the first message */
    unsigned flags;   /* ES_FIT_... above */
    struct es_rd rd;  /* over the messages; borrows the input */
    uint32_t clock;   /* what compressed times count from */
    const char *stop; /* why reading ended early, or NULL */
    size_t stop_at;
    struct es_fit_def defs[ES_FIT_LOCALS];
};

/* True when a FIT header stands at `at`. */
bool es_fit_header_at(struct es_bytes in, size_t at);

/* Opens the file whose header stands at `at`; false when none does. */
bool es_fit_open(struct es_bytes in, size_t at, struct es_fit_file *f);

/* The next message. False at the end of the file, or where it can't be read
 * on; then f->stop says why. */
bool es_fit_next(struct es_fit_file *f, struct es_fit_msg *m);

#endif
