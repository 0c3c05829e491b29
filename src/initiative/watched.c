/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/watched.h"

#include "base/random.h"
#include "base/utf8.h"
#include "i18n/i18n.h"
#include "initiative/own_text.h"

#include <string.h>

enum { SHORT = 3 }; /* letters that stand in many honest names */

/* Both as es_text_look makes them, where one letter may be two. */
static bool holds(const char *name, const char *word, bool alone)
{
    size_t n = strlen(word);
    for (const char *p = name; (p = strstr(p, word)); p++)
        if (!alone || ((p == name || p[-1] == ' ') && (!p[n] || p[n] == ' ')))
            return true;
    return false;
}

const char *es_watched_in(const char *lines, const char *name,
                          struct es_arena *a)
{
    const char *look = es_text_look(a, name);
    while (look && *lines) {
        size_t n = strcspn(lines, "\n");
        const char *line = es_arena_strn(a, lines, n);
        const char *word = line ? es_text_look(a, line) : NULL;
        bool is_short = es_utf8_count((struct es_bytes){ (const uint8_t *)lines,
                                                         n }) <= SHORT;
        if (word && *word && holds(look, word, is_short))
            return line;
        lines += n + (lines[n] == '\n');
    }
    return NULL;
}

enum es_code es_watched_report(struct es_app *app,
                               const struct es_participant *p,
                               struct es_arena *a, struct es_report *out,
                               struct es_err *e)
{
    const char *lines;
    enum es_code rc = es_own_text(app, ES_TEXT_WATCHED, a, &lines, e);
    if (rc != ES_OK)
        return rc;
    *out = (struct es_report){ 0 };
    const char *word = es_watched_in(lines, p->display_name, a);
    if (!word)
        return ES_OK;
    *out = (struct es_report){
        .initiative = p->initiative,
        .id = es_id_new(),
        .what = ES_REPORT_PERSON,
        .which = p->id,
        .shown = p->display_name,
        .words = es_arena_fmt(a, "watched\n%s", word),
        .mail = "",
        .lang = p->lang,
        .at_ms = p->created_ms,
        .state = ES_REPORT_OPEN,
    };
    return out->words ? ES_OK : es_fail(e, ES_ENOMEM, 0, "watched");
}
