/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/words.h"

static const char *age_text(struct es_arena *a, struct es_reader r, int64_t age)
{
    struct es_buf b;
    es_buf_init(&b, 64);
    es_buf_shown(&b, r, es_int(age));
    const char *out = es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return out ? out : "";
}

const char *es_words_ages(struct es_arena *a, struct es_reader r,
                          const struct es_settings *s, int32_t group)
{
    int32_t from = group - 1;
    int32_t to = -1; /* the lower bound of the next */
    const char *out;
    if (group <= 0)
        return "";
    for (size_t i = s->n_ages; i-- > 0 && s->ages[i] > from;)
        to = s->ages[i];
    if (to < 0)
        out = es_t_fill(a, es_t(r.lang, ES_T("{1} and over")),
                        age_text(a, r, from), NULL);
    else if (from == 0)
        out = es_t_fill(a, es_t(r.lang, ES_T("under {1}")), age_text(a, r, to),
                        NULL);
    else
        out = es_t_fill(a, es_t(r.lang, ES_T("{1} to {2}")),
                        age_text(a, r, from), age_text(a, r, to - 1), NULL);
    return out ? out : "";
}
