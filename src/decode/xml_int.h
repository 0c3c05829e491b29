/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files of the XML parser, and by no one else. */
#ifndef ES_DECODE_XML_INT_H
#define ES_DECODE_XML_INT_H

#include "decode/xml.h"
#include "decode/xml_source.h"

enum {                   /* classes of bytes */
       ES_XML_FIRST = 1, /* may begin a name */
       ES_XML_NAME = 2,  /* may stand in one */
       ES_XML_SPACE = 4,
       ES_XML_AFTER = 8, /* with white space: may follow a tag's name */
};
extern const uint8_t ES_XML_CLASS[256];

/* Whether a letter that isn't ASCII may stand in a name. */
bool es_xml_name_char(uint32_t c, bool first);
/* The length of the name that p begins with, and where the part after its
 * last ':' begins. */
size_t es_xml_name(const uint8_t *p, const uint8_t *end, const uint8_t **local);

enum {
    ES_XML_WORDS = 4,                /* of a name that is remembered... */
    ES_XML_NEAR = 8 * ES_XML_WORDS,  /* ...which has so many bytes at most */
    ES_XML_KNOWN = 64,               /* names remembered; real files have 30 */
    ES_XML_VALUES = 2 * ES_XML_TOKEN /* bytes of values with references */
};

/* An element as it was seen in a place: documents repeat themselves, so the
 * name that stood next the last time most often stands there again, and a
 * glance at some words tells. The first is nothing: its words match none. */
struct es_xml_known {
    uint64_t w[ES_XML_WORDS]; /* the name as it was written */
    uint64_t m[ES_XML_WORDS]; /* which of their bits are the name's */
    uint8_t n;                /* bytes */
    uint8_t parent, state;
    uint8_t mute;    /* no events are told of it */
    uint8_t leaf;    /* nothing inside it is in the table */
    uint8_t simple;  /* it may well hold text alone */
    uint8_t first;   /* which element came first in it the last time... */
    uint8_t follows; /* ...and which after it; 0: none so far */
};

struct es_xml_level {
    const uint8_t *name;
    size_t n;
    const struct es_xml_known *known; /* NULL: not among those remembered */
    uint8_t state;
    uint8_t mute, leaf;
    uint8_t self;  /* among x->known; 0: not there */
    uint8_t last;  /* the element inside that came last */
    uint8_t guess; /* the one that will come next */
};

struct es_xml_attribute {
    const uint8_t *name;
    size_t n;
    struct es_bytes value;
    bool references; /* in the value, still as they were written */
};

struct es_xml {
    const uint8_t *p, *end; /* what is still to be read */
    const uint8_t *tag;     /* the last tag that was begun */
    size_t depth;
    bool empty; /* the tag on top was an empty one: its end is due */
    bool rooted;
    bool stray;           /* an '&' was mended */
    bool text_long;       /* what is in buf isn't all of it */
    struct es_bytes text; /* since the last tag */
    size_t n_buf, n_values, n_attrs, n_known;
    struct es_err *e;
    const struct es_xml_table *table;
    struct es_xml_source source;
    struct es_xml_faults faults; /* but those of the source */
    struct es_bytes declared;    /* encoding */
    struct es_xml_level levels[ES_XML_DEPTH + 1];
    struct es_xml_known known[ES_XML_KNOWN];
    struct es_xml_attribute attrs[ES_XML_ATTRS];
    uint8_t inner[256]; /* of a state: some row stands in it */
    uint8_t buf[ES_XML_TOKEN];
    uint8_t values[ES_XML_VALUES];
};

/* Both return false, having told x->e. */
bool es_xml_fail(struct es_xml *x, enum es_code rc, const uint8_t *at,
                 const char *what);
/* The text ends inside what began at `from`. */
bool es_xml_cut(struct es_xml *x, const uint8_t *from);

/* xml_text.c: x->p moves past it, and what was read is in x. False after
 * es_xml_fail. */

/* The declaration, comments and instructions around the root element, up to
 * its tag; *done at the end of the document. */
bool es_xml_outside(struct es_xml *x, bool *done);
/* Text up to the next tag when it isn't simply text: it is up to q. */
bool es_xml_mixed(struct es_xml *x, const uint8_t *q);
/* From behind a tag's name past its end. */
bool es_xml_attributes(struct es_xml *x, bool *empty);

#endif
