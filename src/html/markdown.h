/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An organiser's prose: CommonMark 0.30, read by libcmark, written by an
 * allow-list of our own. es_out_prose (html/out.h) makes the page of it. */
#ifndef ES_HTML_MARKDOWN_H
#define ES_HTML_MARKDOWN_H

#include "base/buf.h"

/* Appends what `prose` says without its marks: a line for each paragraph and
 * code block, headings left out, for descriptions, cards and feeds. Marks of
 * direction are dropped. NULL appends nothing; a text longer than
 * ES_PROSE_MAX is appended as it is. */
void es_markdown_text(struct es_buf *out, const char *prose);

#endif
