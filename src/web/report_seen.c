/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What can be reported: exactly what a stranger can see. */
#include "base/num.h"
#include "initiative/face.h"
#include "initiative/names.h"
#include "store/letters.h"
#include "web/report.h"
#include "web/statements.h"

#include <string.h>

enum { SHOWN = 2000 }; /* code points of a statement */

static enum es_code nothing(struct es_err *e)
{
    return es_fail(e, ES_ENOENT, 0, "not to be seen");
}

static enum es_code seen_person(const struct es_req *q,
                                const struct es_initiative *ini,
                                const struct es_participant *p,
                                struct es_seen *out, struct es_err *e)
{
    const char *name = es_public_name(p, es_req_arena(q));
    if (!name)
        return nothing(e);
    *out = (struct es_seen){ ES_REPORT_PERSON, p->id, name,
                             es_web_person_url(q, ini->slug, p->bib) };
    return ES_OK;
}

static enum es_code seen_run(const struct es_req *q,
                             const struct es_initiative *ini,
                             const struct es_run *run, struct es_seen *out,
                             struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_participant p;
    if (run->initiative != ini->id || run->status == ES_RUN_WITHDRAWN)
        return nothing(e);
    enum es_code rc = es_store_participant(es_web_of(q)->app->store, ini->id,
                                           run->participant, a, &p, e);
    const char *name = rc == ES_OK ? es_public_name(&p, a) : NULL;
    if (rc != ES_OK)
        return rc;
    if (!name)
        return nothing(e);
    const char *shown =
        es_arena_fmt(a, "%s, %lld m", name, (long long)(run->dist_mm / 1000));
    *out = (struct es_seen){ ES_REPORT_RUN, run->id, shown ? shown : name,
                             es_url_path(a, "/r/%s", run->code) };
    return ES_OK;
}

static enum es_code seen_team(const struct es_req *q,
                              const struct es_initiative *ini, int64_t id,
                              struct es_seen *out, struct es_err *e)
{
    struct es_standing team;
    struct es_standing *rows;
    const char *next;
    size_t n;
    enum es_code rc =
        es_standings_crew(es_app_standings(es_web_of(q)->app, ini->id), id,
                          NULL, 1, es_req_arena(q), &team, &rows, &n, &next, e);
    if (rc == ES_OK)
        *out = (struct es_seen){ ES_REPORT_TEAM, id, team.name,
                                 es_web_team_url(q, ini->slug, id) };
    return rc;
}

/* The initiative's own: its words, its picture, its launch message. */
static enum es_code seen_own(const struct es_req *q,
                             const struct es_initiative *ini, int32_t what,
                             int64_t which, struct es_seen *out,
                             struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_face *f = es_arena_alloc(a, sizeof *f);
    const char *shown = es_arena_fmt(a, "%s\n%s", ini->title, ini->purpose);
    if (!f || !shown)
        return es_fail(e, ES_ENOMEM, 0, "face");
    enum es_code rc = es_face_read(ini->face ? ini->face : "{}", a, f, e);
    if (rc != ES_OK)
        return rc;
    if (what == ES_REPORT_PICTURE) {
        if (!which || f->picture.media != which)
            return nothing(e);
        shown = *f->picture.alt ? f->picture.alt : ini->title;
    } else if (what == ES_REPORT_STATEMENT) {
        if (!f->video.media && !*f->video.transcript)
            return nothing(e);
        shown =
            es_arena_fmt(a, "%s\n%s", f->video.speaker, f->video.transcript);
    }
    *out = (struct es_seen){ what, which, shown ? shown : "",
                             es_url_path(a, "/e/%s", ini->slug) };
    return ES_OK;
}

/* What somebody said in public, as it stands now. */
static enum es_code seen_said(const struct es_req *q,
                              const struct es_initiative *ini, int64_t id,
                              struct es_seen *out, struct es_err *e)
{
    struct es_arena *a = es_req_arena(q);
    struct es_view_statement *v = es_arena_alloc(a, sizeof *v);
    struct es_said s;
    if (!v)
        return es_fail(e, ES_ENOMEM, 0, "statement");
    enum es_code rc =
        es_store_said(es_web_of(q)->app->store, ini->id, id, a, &s, e);
    if (rc == ES_OK)
        rc = es_web_statement(q, ini, &s, SHOWN, v, e);
    if (rc != ES_OK)
        return rc;
    const char *shown = es_arena_fmt(a, "%s\n%s", v->by.name.text, v->words);
    *out =
        (struct es_seen){ ES_REPORT_STATEMENT, id, shown ? shown : "", v->url };
    return ES_OK;
}

/* The rest of `about` after this word and "-". */
static const char *after(const char *about, const char *word)
{
    size_t n = strlen(word);
    return strncmp(about, word, n) == 0 && about[n] == '-' ? about + n + 1
                                                           : NULL;
}

static bool number_after(const char *about, const char *word, int64_t *out)
{
    const char *s = after(about, word);
    return s && es_num_i64(es_bytes_str(s), 1, INT64_MAX, out);
}

enum es_code es_report_seen(const struct es_req *q,
                            const struct es_initiative *ini, const char *about,
                            struct es_seen *out, struct es_err *e)
{
    struct es_store *store = es_web_of(q)->app->store;
    struct es_arena *a = es_req_arena(q);
    struct es_participant p;
    struct es_run run;
    const char *code = after(about, "run");
    int64_t id;
    enum es_code rc;
    if (number_after(about, "person", &id)) {
        rc = es_store_participant_by_bib(store, ini->id, id, a, &p, e);
        return rc == ES_OK ? seen_person(q, ini, &p, out, e) : rc;
    }
    if (code) {
        rc = es_store_run_by_code(store, code, a, &run, e);
        return rc == ES_OK ? seen_run(q, ini, &run, out, e) : rc;
    }
    if (number_after(about, "team", &id))
        return seen_team(q, ini, id, out, e);
    if (number_after(about, "picture", &id))
        return seen_own(q, ini, ES_REPORT_PICTURE, id, out, e);
    if (number_after(about, "statement", &id))
        return seen_said(q, ini, id, out, e);
    if (strcmp(about, "statement") == 0)
        return seen_own(q, ini, ES_REPORT_STATEMENT, 0, out, e);
    if (strcmp(about, "text") == 0)
        return seen_own(q, ini, ES_REPORT_TEXT, 0, out, e);
    return nothing(e);
}

enum es_code es_report_seen_of(const struct es_req *q,
                               const struct es_initiative *ini,
                               const struct es_report *r, struct es_seen *out,
                               struct es_err *e)
{
    struct es_store *store = es_web_of(q)->app->store;
    struct es_arena *a = es_req_arena(q);
    struct es_participant p;
    struct es_run run;
    enum es_code rc;
    switch (r->what) {
    case ES_REPORT_PERSON:
        rc = es_store_participant(store, ini->id, r->which, a, &p, e);
        return rc == ES_OK ? seen_person(q, ini, &p, out, e) : rc;
    case ES_REPORT_RUN:
        rc = es_store_run(store, ini->id, r->which, a, &run, e);
        return rc == ES_OK ? seen_run(q, ini, &run, out, e) : rc;
    case ES_REPORT_TEAM:
        return seen_team(q, ini, r->which, out, e);
    case ES_REPORT_STATEMENT:
        return r->which ? seen_said(q, ini, r->which, out, e)
                        : seen_own(q, ini, r->what, 0, out, e);
    default:
        return seen_own(q, ini, r->what, r->which, out, e);
    }
}

/* ---- words ---- */

const char *es_report_thing(const struct es_lang *l, int32_t what)
{
    static const char *const THINGS[] = {
        [ES_REPORT_PERSON] = ES_T("A person's name"),
        [ES_REPORT_RUN] = ES_T("A run"),
        [ES_REPORT_PICTURE] = ES_T("The picture"),
        [ES_REPORT_TEXT] = ES_T("What the initiative says"),
        [ES_REPORT_STATEMENT] = ES_T("The launch message"),
        [ES_REPORT_TEAM] = ES_T("A team's name"),
    };
    return what > 0 && what < (int32_t)(sizeof THINGS / sizeof *THINGS)
               ? es_t(l, THINGS[what])
               : "";
}

struct said {
    const char *word, *id;
};

static const char *say(const struct es_lang *l, const struct said *v, size_t n,
                       const char *word)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].word, word) == 0)
            return es_t(l, v[i].id);
    return word;
}

const char *es_report_wrong_words(const struct es_lang *l, const char *wrong)
{
    static const struct said WRONG[] = {
        { "identity", ES_T("This isn't who they say they are") },
        { "insulting", ES_T("It insults or threatens somebody") },
        { "watched", ES_T("A word to look at stands in it") },
        { "private", ES_T("It tells something private") },
        { "child", ES_T("It is about a child") },
        { "other", ES_T("Something else") },
    };
    return say(l, WRONG, sizeof WRONG / sizeof *WRONG, wrong);
}

enum es_code es_report_mailed(const struct es_req *q, const struct es_report *r,
                              const char **out, struct es_err *e)
{
    static const char *const STATES[ES_LETTER_STATES] = {
        [ES_LETTER_WAITS] = ES_T("The mail to them waits to go out."),
        [ES_LETTER_SENT] = ES_T("They were told by mail."),
        [ES_LETTER_GIVEN_UP] = ES_T("The mail to them did not arrive."),
        [ES_LETTER_REFUSED_FOR_GOOD] = ES_T("The mail to them did not arrive."),
        [ES_LETTER_NEEDLESS] = "",
    };
    struct es_letter l;
    *out = "";
    enum es_code rc =
        es_store_letter_to(es_web_of(q)->app->store, r->initiative, r->id,
                           ES_LETTER_REPORT, &l, e);
    if (rc == ES_OK && l.state >= 0 && l.state < ES_LETTER_STATES &&
        *STATES[l.state])
        *out = es_t(es_web_lang(q, NULL), STATES[l.state]);
    return rc == ES_ENOENT ? ES_OK : rc;
}
