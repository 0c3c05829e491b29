/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is told to who reported something and left an address. Nothing of what
 * they or those they reported wrote stands in it: anybody can enter anybody's
 * address. */
#ifndef ES_NOTIFY_REPORT_LETTER_H
#define ES_NOTIFY_REPORT_LETTER_H

#include "base/buf.h"
#include "i18n/i18n.h"
#include "store/reports.h"

/* All borrowed. */
struct es_report_letter {
    const struct es_lang *lang;
    const struct es_initiative *ini;
    const char *origin;
    const struct es_report *report;
    const struct es_decision *decision;
};
/* "" where memory ran out. */
const char *es_report_letter_subject(const struct es_report_letter *s,
                                     struct es_arena *a);
void es_report_letter_text(const struct es_report_letter *s, struct es_arena *a,
                           struct es_buf *b);

/* What a decision about a report came to: "It was taken down."; a word that is
 * none of them as it is. */
const char *es_report_done_words(const struct es_lang *l, const char *what);

#endif
