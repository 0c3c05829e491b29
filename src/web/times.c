/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Best times over the distance of a category, for the leaderboard and the
 * API. */
#include "base/num.h"
#include "initiative/settings.h"
#include "web/web_int.h"

#include <string.h>

static const struct es_category *with_distance(const struct es_rules *r,
                                               const char *name)
{
    const struct es_category *c = name ? es_category_of(r, name) : NULL;
    return c && c->dist_mm > 0 ? c : NULL;
}

enum es_code es_web_timed_category(const struct es_req *q,
                                   const struct es_initiative *ini,
                                   const char *name, struct es_category *out,
                                   struct es_err *e)
{
    struct es_rules rules;
    const struct es_who *who = es_web_who(q);
    enum es_code rc = es_rules_read(ini->rules, &rules, e);
    if (rc != ES_OK)
        return rc;
    const struct es_category *c = with_distance(&rules, name);
    if (!c && who->person && who->ini.id == ini->id)
        c = with_distance(&rules, who->p.category);
    for (size_t i = 0; !c && i < rules.n_categories; i++)
        c = with_distance(&rules, rules.categories[i].name);
    if (!c)
        return es_fail(e, ES_ENOENT, 0, "no category has a distance");
    *out = *c;
    return ES_OK;
}

/* Who is quicker has the longer bar. */
static int64_t bar_of(int64_t time_ms, int64_t best_ms)
{
    return time_ms <= best_ms ? 100 : 1 + best_ms * 98 / time_ms;
}

enum es_code es_web_timed_view(const struct es_req *q,
                               const struct es_initiative *ini,
                               const struct es_timed_rows *r,
                               const struct es_view_standing **out, size_t *n,
                               struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_standing *v = es_arena_array(a, r->n, sizeof *v);
    size_t kept = 0;
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "rows");
    for (size_t i = 0; i < r->n; i++) {
        struct es_standing s, *near;
        size_t n_near;
        enum es_code rc = es_standings_of(r->standings, r->v[i].id, 0, a, &s,
                                          &near, &n_near, e);
        if (rc == ES_ENOENT)
            continue;
        if (rc != ES_OK)
            return rc;
        s.rank = r->v[i].rank;
        s.time_ms = r->v[i].time_ms;
        s.dist_mm = r->over->dist_mm;
        v[kept] = es_web_standing_view(&s, r->mine);
        v[kept].from = ES_VIEW_FROM_NOWHERE;
        v[kept].url = es_web_person_url(q, ini->slug, s.bib);
        v[kept++].width = bar_of(s.time_ms, r->best_ms);
    }
    *out = v;
    *n = kept;
    return ES_OK;
}

enum es_code es_web_age(const struct es_req *q, const struct es_initiative *ini,
                        struct es_settings *out, int32_t *group,
                        struct es_err *e)
{
    const char *text = es_req_query(q, "age");
    int64_t from;
    enum es_code rc =
        es_settings_of(es_web_of(q)->app->store, ini->id, out, NULL, e);
    *group = 0;
    if (rc != ES_OK || !text || !*text)
        return rc;
    if (es_settings_by_age(out) &&
        es_num_i64(es_bytes_str(text), 0, INT32_MAX - 1, &from))
        for (size_t i = 0; i < out->n_ages; i++)
            if (out->ages[i] == from)
                *group = (int32_t)from + 1;
    return *group ? ES_OK : es_fail(e, ES_EINVAL, 0, "no such age group");
}
