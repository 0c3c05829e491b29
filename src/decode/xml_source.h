/* SPDX-License-Identifier: Apache-2.0 */
/* From a file's bytes to what the parser reads: UTF-8 in which every character
 * is one that XML may hold. */
#ifndef ES_DECODE_XML_SOURCE_H
#define ES_DECODE_XML_SOURCE_H

#include "base/arena.h"
#include "base/err.h"

enum es_xml_encoding {
    ES_XML_UTF8,
    ES_XML_LATIN1,
    ES_XML_MIXED, /* UTF-8, and what isn't is Windows' code page 1252 */
    ES_XML_UTF16LE,
    ES_XML_UTF16BE,
};

struct es_xml_source {
    struct es_bytes in;   /* the file */
    struct es_bytes text; /* part of it, or a copy in the arena */
    /* Why `text` ends: ES_OK with the file, ES_ETRUNCATED where the file ends
     * in mid-character, ES_EMALFORMED before what is no character. */
    enum es_code end;
    enum es_xml_encoding encoding;
    bool ascii; /* every byte of the file */
    bool copied;
    size_t n_dropped;
    size_t dropped_at;           /* in the file */
    size_t from;                 /* where the text begins in the file */
    size_t known_in, known_text; /* an offset in both, for es_xml_source_at */
};

/* White space and byte-order marks before the first tag are left out, and so
 * are control characters everywhere.
 * Errors: ES_ENOMEM; ES_ECOMPLEX for a file that grows by more than
 * ES_XML_GROWN when it is written in UTF-8. */
ES_MUST_CHECK enum es_code es_xml_source_open(struct es_xml_source *s,
                                              struct es_bytes in,
                                              struct es_arena *a,
                                              struct es_err *e);

/* The place in the file of an offset in the text. */
size_t es_xml_source_at(struct es_xml_source *s, size_t at);

/* A character as UTF-8: how many bytes it has. */
size_t es_xml_put(uint8_t to[4], uint32_t c);

/* Whether what the document declares as its encoding (empty: nothing) can't
 * be true of it. */
bool es_xml_source_denies(const struct es_xml_source *s,
                          struct es_bytes declared);

#endif
