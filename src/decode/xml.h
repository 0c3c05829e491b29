/* SPDX-License-Identifier: Apache-2.0 */
/* XML as the decoders need it: a pull parser that walks a constant table of
 * known elements and checks all the rest for being well-formed. One pass over
 * the bytes; nothing of them is copied but text with references in it.
 * Source: Extensible Markup Language (XML) 1.0, www.w3.org/TR/xml. */
#ifndef ES_DECODE_XML_H
#define ES_DECODE_XML_H

#include "base/arena.h"
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

struct es_xml_table {
    const struct es_xml_row *rows;
    size_t n;
    uint8_t quiet; /* a state without events of its own; 0: there is none */
};

enum es_xml_event {
    ES_XML_FAILED,
    ES_XML_DONE,  /* the document has ended as it should */
    ES_XML_OPEN,  /* a start tag */
    ES_XML_CLOSE, /* its end tag, or the end of an empty one */
    ES_XML_LEAF,  /* both at once: of a state in which no row stands */
};

/* What an event is about: good until the next one. */
struct es_xml_tag {
    uint8_t state;
    /* Of a CLOSE or a LEAF: what stood directly before the end tag and after
     * any other tag, trimmed; empty when it is longer than ES_XML_TOKEN. */
    struct es_bytes text;
};

struct es_xml;

/* Begins to read `in`, which must stay; all memory is `a`'s: 24 KiB, and for
 * what isn't plain UTF-8 a copy of the document that is. Documents with a
 * DOCTYPE will be refused. What real files do wrong is mended and told by
 * es_xml_faults: bytes below space other than white space (NULs that pad) are
 * left out; an '&' that begins none of XML's own references is a plain '&', so
 * that there are no other entities; bytes that aren't UTF-8 are read as
 * Windows' code page 1252, of which Latin-1 is a part. Errors: ES_ENOMEM, *x is
 * NULL then; whatever is wrong with the document is told by es_xml_next. */
ES_MUST_CHECK enum es_code es_xml_open(struct es_xml **x,
                                       const struct es_xml_table *table,
                                       struct es_bytes in, struct es_arena *a,
                                       struct es_err *e);

/* The next event of a known state. After ES_XML_FAILED (*e says why and where
 * in the input: ES_EMALFORMED and ES_ETRUNCATED, after which all that was
 * handed over before is good; ES_EDOCTYPE, ES_ECOMPLEX) or ES_XML_DONE no
 * other call may follow. */
enum es_xml_event es_xml_next(struct es_xml *x, struct es_xml_tag *tag,
                              struct es_err *e);

/* After ES_XML_OPEN: the value of an attribute, trimmed; { NULL, 0 } when
 * absent. Good until the next event. */
struct es_bytes es_xml_attr(struct es_xml *x, const char *name);

/* The offset in the input of the event's tag, of a leaf's end tag; behind it
 * for the end of an empty one. */
size_t es_xml_at(struct es_xml *x);

/* What was mended so far. */
struct es_xml_faults {
    size_t n_mended;  /* bytes that no XML may hold, and how they stand */
    size_t mended_at; /* where the first of them stood */
    bool encoding;    /* not the one that the document declares, or any */
};
struct es_xml_faults es_xml_faults(const struct es_xml *x);

struct es_bytes es_xml_trim(struct es_bytes s);

#endif
