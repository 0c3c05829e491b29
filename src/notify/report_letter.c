/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "notify/report_letter.h"

#include <inttypes.h>
#include <string.h>

const char *es_report_done_words(const struct es_lang *l, const char *what)
{
    static const struct {
        const char *word, *id;
    } DONE[] = {
        { "report.kept", ES_T("It stays as it is.") },
        { "name.hidden", ES_T("The name is hidden.") },
        { "name.shown", ES_T("The name is shown again.") },
        { "taken.down", ES_T("It was taken down.") },
        { "suspended", ES_T("The initiative is paused.") },
    };
    for (size_t i = 0; i < sizeof DONE / sizeof *DONE; i++)
        if (strcmp(DONE[i].word, what) == 0)
            return es_t(l, DONE[i].id);
    return what;
}

const char *es_report_letter_subject(const struct es_report_letter *s,
                                     struct es_arena *a)
{
    return es_t_fill(a,
                     es_t(s->lang, ES_T("Your report has been decided: {1}")),
                     s->ini->title, NULL);
}

static void paragraph(struct es_buf *b, const char *text)
{
    es_buf_str(b, text);
    es_buf_str(b, "\n\n");
}

static const char *day(const struct es_report_letter *s, struct es_arena *a)
{
    struct es_buf b;
    es_buf_init(&b, 256);
    es_buf_shown(&b, (struct es_reader){ s->lang, ES_UNITS_KM },
                 es_day(s->report->at_ms, "UTC"));
    const char *out = es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return out ? out : "";
}

/* Staff's words, with a mark at each line. */
static void quote(struct es_buf *b, const char *words)
{
    es_buf_str(b, "> ");
    for (const char *p = words; *p; p++) {
        if (*p == '\n')
            es_buf_str(b, "\n> ");
        else if (*p != '\r')
            es_buf_u8(b, (uint8_t)*p);
    }
    es_buf_str(b, "\n\n");
}

void es_report_letter_text(const struct es_report_letter *s, struct es_arena *a,
                           struct es_buf *b)
{
    const struct es_lang *l = s->lang;
    paragraph(b, es_t_fill(a,
                           es_t(l, ES_T("On {1} you reported something in {2}. "
                                        "It has been looked at and decided:")),
                           day(s, a), s->ini->title, NULL));
    paragraph(b, es_report_done_words(l, s->decision->what));
    paragraph(b, es_t(l, ES_T("The reason:")));
    quote(b, s->decision->why);
    paragraph(b, es_t(l, ES_T("Your report, and what becomes of it:")));
    es_buf_fmt(b, "%s/report/%" PRId64 "?lang=%s\n\n", s->origin, s->report->id,
               l->tag);
    es_buf_str(b, "-- \n");
    paragraph(b, es_t_fill(a,
                           es_t(l, ES_T("You get this from {1}, because this "
                                        "address was given with a report.")),
                           s->origin, NULL));
    es_buf_str(b, es_t(l, ES_T("If it wasn't you, somebody mistyped their "
                               "address: do nothing.")));
    es_buf_str(b, "\n");
}
