/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/words_statements.h"

#include "store/parties.h"
#include "store/statements.h"

static const char *at(const struct es_lang *l, const char *const *v, size_t n,
                      int64_t i)
{
    return i >= 0 && (size_t)i < n && v[i] ? es_t(l, v[i]) : "";
}

const char *es_words_body(const struct es_lang *l, int64_t kind)
{
    static const char *const KINDS[ES_PARTY_KINDS] = {
        [ES_PARTY_IS_OTHER] = ES_T("Something else"),
        [ES_PARTY_IS_STATE] = ES_T("Government, ministry, head of state"),
        [ES_PARTY_IS_MISSION] = ES_T("Embassy, permanent mission, consulate"),
        [ES_PARTY_IS_PARLIAMENT] = ES_T("Parliament, council"),
        [ES_PARTY_IS_BETWEEN] = ES_T("Organisation of states"),
        [ES_PARTY_IS_CIVIL] = ES_T("Association, foundation, network"),
        [ES_PARTY_IS_SCHOOL] = ES_T("University, school, institute"),
        [ES_PARTY_IS_MEDIA] = ES_T("Media"),
        [ES_PARTY_IS_COMPANY] = ES_T("Company"),
    };
    return at(l, KINDS, ES_PARTY_KINDS, kind);
}

const char *es_words_statement_state(const struct es_lang *l, int64_t state)
{
    static const char *const STATES[ES_STATEMENT_STATES] = {
        [ES_STATEMENT_DRAFT] = ES_T("Draft"),
        [ES_STATEMENT_APPROVED] = ES_T("Approved by the speaker's side"),
        [ES_STATEMENT_PUBLISHED] = ES_T("Published"),
        [ES_STATEMENT_TAKEN] = ES_T("Taken back"),
    };
    return at(l, STATES, ES_STATEMENT_STATES, state);
}

const char *es_words_approved(const struct es_lang *l, int64_t how)
{
    static const char *const HOWS[ES_APPROVED_HOWS] = {
        [ES_APPROVED_LETTER] = ES_T("by letter"),
        [ES_APPROVED_MAIL] = ES_T("by mail"),
        [ES_APPROVED_CALL] = ES_T("on the telephone"),
        [ES_APPROVED_MET] = ES_T("face to face"),
        [ES_APPROVED_SOURCE] = ES_T("by publishing these words themselves"),
    };
    return at(l, HOWS, ES_APPROVED_HOWS, how);
}

const char *es_words_statement_did(const struct es_lang *l, int64_t did)
{
    static const char *const DID[] = {
        [ES_STATEMENT_WROTE] = ES_T("Written"),
        [ES_STATEMENT_APPROVES] = ES_T("Approved by the speaker's side"),
        [ES_STATEMENT_PUBLISHES] = ES_T("Published"),
        [ES_STATEMENT_CORRECTS] = ES_T("Corrected"),
        [ES_STATEMENT_TAKES] = ES_T("Taken back"),
    };
    return at(l, DID, sizeof DID / sizeof *DID, did);
}

/* The message in two languages' orders: {1} and {2} are days. */
static void filled(struct es_out *o, const char *text, int64_t first,
                   int64_t second)
{
    for (struct es_message m = es_message_of(text, 0); es_message_next(o, &m);)
        es_out_shown(o, es_day(m.arg == 2 ? second : first, "UTC"));
}

void es_words_period(struct es_out *o, int64_t from_ms, int64_t to_ms)
{
    bool from = from_ms != ES_NO_TIME;
    bool to = to_ms != ES_NO_TIME;
    if (from && to)
        filled(o, es_t(o->lang, ES_T("{1} to {2}")), from_ms, to_ms);
    else if (from)
        filled(o, es_t(o->lang, ES_T("since {1}")), from_ms, 0);
    else if (to)
        filled(o, es_t(o->lang, ES_T("until {1}")), to_ms, 0);
}
