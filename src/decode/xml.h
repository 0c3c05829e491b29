/* SPDX-License-Identifier: Apache-2.0 */
/* XML as the decoders need it: a tree walked by a constant table, the text of
 * leaves, attributes by local name. expat stands behind it and is seen
 * nowhere else. */
#ifndef ES_DECODE_XML_H
#define ES_DECODE_XML_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/limits.h"

enum { ES_XML_DOC = 0, ES_XML_OTHER = 255 };

/* Inside the state `parent`, the element with this local name (any prefix,
 * ASCII case ignored) is the state `state`. A row without a name stands for
 * all other elements and means: look further as though inside `state`, and be
 * `state` when nothing is found there either. What no row names is
 * ES_XML_OTHER, with all that it holds. */
struct es_xml_row {
    uint8_t parent;
    const char *name;
    uint8_t state;
};

struct es_xml; /* the reading itself, for the calls below */

/* What to do, and what was seen. Handlers are called for named states only;
 * what they return other than ES_OK ends the reading. */
struct es_xml_reader {
    const struct es_xml_row *rows;
    size_t n_rows;
    void *ctx;
    enum es_code (*start)(void *ctx, struct es_xml *x, uint8_t state,
                          struct es_err *e);
    /* `text`: what stood directly before the end tag and after any other tag,
     * trimmed; empty when it is longer than ES_XML_TOKEN. */
    enum es_code (*end)(void *ctx, struct es_xml *x, uint8_t state,
                        struct es_bytes text, struct es_err *e);
    size_t mem_max; /* bytes the parser may hold; 0: ES_XML_MEM */

    bool root_known;  /* out: the root element was in the table */
    size_t n_mended;  /* out: bytes that no XML may hold, and how they stand */
    size_t mended_at; /* out: where the first of them stood */
};

/* Reads `in` to its end. Documents with a DOCTYPE are refused. What real files
 * do wrong in names is mended: bytes below space other than white space (NULs
 * that pad) are left out; an '&' that begins none of XML's own references is
 * a plain '&', so that there are no other entities; text that isn't UTF-8 is
 * read as Latin-1, whatever the document says of itself. (UTF-16 is read as it
 * stands.)
 * Errors: ES_EMALFORMED and ES_ETRUNCATED, after which all that was handed
 *         over before is good; ES_EDOCTYPE, ES_ECOMPLEX (depth, attributes,
 *         token or memory), ES_ENOMEM, or a handler's own.
 *         e->at is an offset into `in`. */
ES_MUST_CHECK enum es_code es_xml_read(struct es_xml_reader *r,
                                       struct es_bytes in, struct es_err *e);

/* In a start handler: the value of an attribute, { NULL, 0 } when absent. */
struct es_bytes es_xml_attr(const struct es_xml *x, const char *name);

/* In a handler: the offset of the tag in the input. */
size_t es_xml_at(const struct es_xml *x);

/* ASCII case ignored. */
bool es_xml_name_eq(struct es_bytes name, const char *want);

struct es_bytes es_xml_trim(struct es_bytes s);

#endif
