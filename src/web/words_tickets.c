/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The words of registration for an event. */
#include "web/tickets.h"

const char *es_words_affiliation(const struct es_lang *l,
                                 const struct es_ticket_choices *c, int32_t id)
{
    static const char *const BUILT_IN[] = {
        [ES_AFFILIATION_STUDENT] = ES_T("Student"),
        [ES_AFFILIATION_SCIENTIST] = ES_T("Scientist"),
        [ES_AFFILIATION_EXPERT] = ES_T("Expert"),
        [ES_AFFILIATION_GUEST] = ES_T("Guest"),
        [ES_AFFILIATION_PRESS] = ES_T("Press"),
    };
    if (id >= ES_AFFILIATION_STUDENT && id <= ES_AFFILIATION_PRESS)
        return es_t(l, BUILT_IN[id]);
    for (size_t i = 0; i < c->n; i++)
        if (c->v[i].id == id)
            return c->v[i].name;
    return "";
}

const char *es_words_ticket_state(const struct es_lang *l, int32_t state)
{
    static const char *const STATES[ES_TICKET_STATES] = {
        [ES_TICKET_PLACED] = "",
        [ES_TICKET_WAITS] = ES_T("waits for a place"),
        [ES_TICKET_BACK] = ES_T("given back"),
    };
    return state > 0 && state < ES_TICKET_STATES ? es_t(l, STATES[state]) : "";
}
