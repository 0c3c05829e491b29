/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/words_review.h"

#include <string.h>

enum { STATUSES = 4 };

static const struct {
    const char *name;
    const char *says[STATUSES]; /* by what the run is then; the first for all
                                   where the others are NULL */
    enum es_view_mood mood[STATUSES];
} STEPS[] = {
    { "", { "" }, { ES_MOOD_QUIET } },
    { "received",
      { ES_T("It came in, and counts by the rules."),
        ES_T("It came in. A person looks at it."),
        ES_T("It came in, and doesn't count by the rules."), "" },
      { ES_MOOD_GOOD, ES_MOOD_WAIT, ES_MOOD_BAD, ES_MOOD_QUIET } },
    { "judged",
      { ES_T("The rules have changed: it counts."),
        ES_T("The rules have changed: a person looks at it."),
        ES_T("The rules have changed: it doesn't count."), "" },
      { ES_MOOD_GOOD, ES_MOOD_WAIT, ES_MOOD_BAD, ES_MOOD_QUIET } },
    { "accepted", { ES_T("Accepted: it counts.") }, { ES_MOOD_GOOD } },
    { "refused",
      { "", "", ES_T("Refused: it doesn't count."), "" },
      { ES_MOOD_BAD, ES_MOOD_BAD, ES_MOOD_BAD, ES_MOOD_BAD } },
    { "asked",
      { "", ES_T("A question to who ran it."), "", "" },
      { ES_MOOD_WAIT, ES_MOOD_WAIT, ES_MOOD_WAIT, ES_MOOD_WAIT } },
    { "answered", { "", ES_T("The answer."), "", "" }, { ES_MOOD_QUIET } },
    { "appealed",
      { "", ES_T("Another look was asked for."), "", "" },
      { ES_MOOD_WAIT, ES_MOOD_WAIT, ES_MOOD_WAIT, ES_MOOD_WAIT } },
    { "granted", { ES_T("After another look: it counts.") }, { ES_MOOD_GOOD } },
    { "upheld",
      { "", "", ES_T("After another look: it stays refused."), "" },
      { ES_MOOD_BAD, ES_MOOD_BAD, ES_MOOD_BAD, ES_MOOD_BAD } },
    { "withdrawn",
      { "", "", "", ES_T("Taken back by who ran it.") },
      { ES_MOOD_QUIET } },
    { "seen",
      { ES_T("Who reviews was shown where the run went.") },
      { ES_MOOD_QUIET } },
};

static bool known(int32_t what)
{
    return what > 0 && (size_t)what < sizeof STEPS / sizeof *STEPS;
}

const char *es_words_step(const struct es_lang *l, int32_t what, int32_t status)
{
    const char *says = "";
    if (!known(what))
        return "";
    for (int32_t i = 0; i < STATUSES; i++)
        if (STEPS[what].says[i] && *STEPS[what].says[i] &&
            (i == status || !*says))
            says = STEPS[what].says[i];
    return *says ? es_t(l, says) : "";
}

enum es_view_mood es_words_step_mood(int32_t what, int32_t status)
{
    return known(what) && status >= 0 && status < STATUSES
               ? STEPS[what].mood[status]
               : ES_MOOD_QUIET;
}

const char *es_words_mood_class(enum es_view_mood m)
{
    static const char *const CLASSES[] = { "quietly", "accepted", "review",
                                           "refused" };
    return CLASSES[m];
}

const char *es_words_step_name(int32_t what)
{
    return known(what) ? STEPS[what].name : "";
}

const char *es_words_refusal(const struct es_lang *l, const char *reason)
{
    static const struct {
        const char *word, *id;
    } ALL[] = {
        { "not_on_foot", ES_T("It wasn't run or walked") },
        { "not_theirs", ES_T("Somebody else ran it") },
        { "twice", ES_T("It was handed in already") },
        { "cannot_be", ES_T("The distance or the time can't be right") },
        { "not_shown", ES_T("Nothing shows that it took place") },
        { "other", ES_T("Another reason") },
    };
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
        if (strcmp(ALL[i].word, reason) == 0)
            return es_t(l, ALL[i].id);
    return "";
}

const char *es_words_waits(const struct es_lang *l, int32_t why)
{
    static const char *const WHYS[] = { ES_T("All that wait for you"),
                                        ES_T("To be looked at"), ES_T("Appeal"),
                                        ES_T("Answered"),
                                        ES_T("Waiting for an answer") };
    return why >= 0 && (size_t)why < sizeof WHYS / sizeof *WHYS
               ? es_t(l, WHYS[why])
               : "";
}

const char *es_words_finding_short(const struct es_lang *l, const char *code)
{
    static const struct {
        const char *code, *id;
    } ALL[] = {
        { "copy", ES_T("Copy of another's run") },
        { "copy_beats", ES_T("Copy of another's run, changed") },
        { "copy_own", ES_T("The same run twice") },
        { "same_file", ES_T("The same file as somebody's") },
        { "overlaps", ES_T("Two runs at one time") },
        { "many_signs", ES_T("Several small signs") },
        { "too_even", ES_T("Too even") },
        { "too_fast", ES_T("Too fast") },
        { "too_fast_typed", ES_T("Too fast, typed in") },
        { "top_speed", ES_T("Too fast for a while") },
        { "typed_in", ES_T("Typed in") },
        { "typed_long", ES_T("Typed in and long") },
        { "no_samples", ES_T("Summary without a recording") },
        { "no_start_time", ES_T("Start not known") },
        { "time_backwards", ES_T("Times go backwards") },
        { "sport_unknown", ES_T("Sport not known") },
        { "before_window", ES_T("Before the opening") },
        { "after_window", ES_T("After the close") },
        { "too_late", ES_T("Came too late") },
        { "in_future", ES_T("In the future") },
        { "sport_not_allowed", ES_T("Another sport") },
        { "typed_not_allowed", ES_T("Typed in, not allowed") },
    };
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
        if (strcmp(ALL[i].code, code) == 0)
            return es_t(l, ALL[i].id);
    return es_t(l, ES_T("Something else"));
}
