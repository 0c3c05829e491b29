/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/edited.h"

#include <string.h>

void es_web_edit_put(struct es_web_edit *w, const char *name, const char *now,
                     const char *mine)
{
    const char *box = es_arena_fmt(es_req_arena(w->q), "theirs_%s", name);
    assert(w->n < ES_EDITS_MAX);
    w->v[w->n++] = (struct es_edit){
        .name = name,
        .now = now,
        .mine = mine,
        .theirs = box && es_req_form(w->q, box),
        .keep = now,
    };
}

void es_web_edit_add(struct es_web_edit *w, const char *name, const char *now,
                     enum es_edit_how how)
{
    const char *mine = es_web_given(w->q, name);
    if (how != ES_EDIT_AS_IT_IS)
        mine = es_edit_words(es_req_arena(w->q), mine, how == ES_EDIT_LINES);
    es_web_edit_put(w, name, now, mine ? mine : now);
}

size_t es_web_edit_merge(struct es_web_edit *w)
{
    w->clashes = es_edit_merge(w->v, w->n, es_req_form(w->q, "was"));
    return w->clashes;
}

static const struct es_edit *find(const struct es_web_edit *w, const char *name)
{
    for (size_t i = 0; i < w->n; i++)
        if (strcmp(w->v[i].name, name) == 0)
            return &w->v[i];
    assert(!"a field that was added");
    return &w->v[0];
}

const char *es_web_edit_kept(const struct es_web_edit *w, const char *name)
{
    return find(w, name)->keep;
}

struct es_view_edited es_web_edit_field(const struct es_web_edit *w,
                                        const char *name,
                                        const struct es_field_errors *fe)
{
    const struct es_edit *f = find(w, name);
    return (struct es_view_edited){
        .value = f->keep,
        .error =
            es_say_of_field(es_web_reader(w->q), es_req_arena(w->q), fe, name),
        .theirs = f->clash ? f->now : NULL,
    };
}

const char *es_web_edit_stamp(const struct es_web_edit *w)
{
    return es_edit_stamp(es_req_arena(w->q), w->v, w->n);
}

const char *es_web_edit_notice(const struct es_web_edit *w,
                               const struct es_initiative *now)
{
    const struct es_lang *l = es_web_lang(w->q, NULL);
    const char *who = es_web_account_name(w->q, now->edited_by);
    if (!*who)
        return es_t(l, ES_T("Somebody else changed this while you wrote. "
                            "Nothing is lost: choose below where both of you "
                            "wrote."));
    return es_t_fill(es_req_arena(w->q),
                     es_t(l, ES_T("{1} changed this while you wrote. Nothing "
                                  "is lost: choose below where both of you "
                                  "wrote.")),
                     who, NULL);
}
