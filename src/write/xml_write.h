/* SPDX-License-Identifier: Apache-2.0 */
/* What the GPX and the TCX writer share: elements, and the words of our own
 * namespace for what the two formats have no words for. docs/FILES.md
 * explains these to others. Not for other modules. */
#ifndef ES_WRITE_XML_WRITE_H
#define ES_WRITE_XML_WRITE_H

#include "base/buf.h"
#include "track/track.h"

#define ES_XMLNS "xmlns:es=\"urn:everystep:track:1\""

/* Text, or a quoted attribute's value: markup escaped, what no XML may hold
 * as U+FFFD. */
void es_xml_text(struct es_buf *b, const char *s);

/* <tag>value</tag>. Each writes nothing when the value is absent (not finite,
 * ES_NO_TIME) or more than a decimal of ours or a year of four digits tells. */
void es_xml_f64(struct es_buf *b, const char *tag, double v);
void es_xml_f32(struct es_buf *b, const char *tag, float v);
void es_xml_u64(struct es_buf *b, const char *tag, uint64_t v);
void es_xml_time(struct es_buf *b, const char *tag, int64_t t_ms);

/* False for ES_NO_TIME and outside of the years 1 to 9999. */
bool es_xml_has_time(int64_t t_ms);

/* The point with everything made absent that is outside of what decoders
 * take: it would be lost on reading anyhow. */
struct es_point es_xml_sane(const struct es_point *pt);

/* A cadence or temperature that an element for whole numbers can hold. */
bool es_xml_is_whole(float v);

/* <es:lap>: all of a lap; what it doesn't say is absent. */
void es_xml_lap(struct es_buf *b, const struct es_lap *lap);

/* What stands in <es:activity> beside what the format itself tells. */
struct es_xml_told {
    bool sport; /* the format's own word reads back as the same number */
    bool laps;
    const char *device; /* what the file names already, or NULL */
};
/* <parent><es:activity>: the summary. Nothing when there is nothing to add. */
void es_xml_activity(struct es_buf *b, const char *parent,
                     const struct es_track *tr, const struct es_xml_told *told);

/* The end of a writer: ES_OK, or what became of the buffer. */
ES_MUST_CHECK enum es_code es_xml_done(const struct es_buf *b,
                                       const char *format, struct es_err *e);

#endif
