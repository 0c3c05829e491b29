/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The words of the programme. */
#include "web/words_programme.h"

#include "store/programme.h"
#include "web/words.h"

#include <string.h>

const char *es_words_occasion(const struct es_lang *l, int32_t kind)
{
    static const char *const KINDS[ES_OCCASION_KINDS] = {
        [ES_OCCASION_CEREMONY] = ES_T("Ceremony"),
        [ES_OCCASION_MEETING] = ES_T("Meeting"),
        [ES_OCCASION_COMMEMORATION] = ES_T("Commemoration"),
        [ES_OCCASION_SEMINAR] = ES_T("Seminar"),
        [ES_OCCASION_EXHIBITION] = ES_T("Exhibition"),
        [ES_OCCASION_PRESS] = ES_T("Press conference"),
        [ES_OCCASION_OTHER] = ES_T("Event"),
    };
    return kind >= 0 && kind < ES_OCCASION_KINDS ? es_t(l, KINDS[kind]) : "";
}

const char *es_words_occasion_state(const struct es_lang *l, int32_t state)
{
    static const char *const STATES[ES_OCCASION_STATES] = {
        [ES_OCCASION_DRAFT] =
            ES_T("A draft: only those who organise it see it."),
        [ES_OCCASION_PUBLISHED] = ES_T("Published: everybody sees it."),
        [ES_OCCASION_OFF] = ES_T("Called off: its page and all calendars say "
                                 "so."),
    };
    return state >= 0 && state < ES_OCCASION_STATES ? es_t(l, STATES[state])
                                                    : "";
}

const char *es_words_occasion_done(const struct es_lang *l, const char *done)
{
    static const char *const DONE[][2] = {
        { "event_new", ES_T("Here it is, as a draft. Say who speaks, then "
                            "publish it.") },
        { "event_gone", ES_T("The draft is gone.") },
        { "event_publish", ES_T("It is published: everybody can see it.") },
        { "event_withdraw", ES_T("It is a draft again.") },
        { "event_call_off",
          ES_T("It is called off. Its page and all calendars say so.") },
        { "event_take_place", ES_T("It takes place after all.") },
    };
    for (size_t i = 0; done && i < sizeof DONE / sizeof *DONE; i++)
        if (strcmp(DONE[i][0], done) == 0)
            return es_t(l, DONE[i][1]);
    return es_words_done(l, done);
}
