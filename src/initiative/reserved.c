/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/reserved.h"

#include "i18n/i18n.h"
#include "store/accounts.h"

#include <pthread.h>
#include <string.h>

/* Nobody's name: not even beside another word. */
static const char *const NEVER[] = {
    "admin",      "administrator", "sysadmin",  "webmaster", "moderator",
    "organiser",  "organizer",     "everystep", "yönetici",  "organizatör",
    "təşkilatçı", "inzibatçı",     "ایڈمن",     "أدمن",
};

/* Some people's name, or part of it; not alone or with another of them. */
static const char *const NOT_ALONE[] = {
    "operator", "reviewer", "editor", "owner",  "staff",      "support",
    "help",     "official", "system", "root",   "security",   "team",
    "host",     "holder",   "the",    "check",  "in",         "service",
    "yönetim",  "görevli",  "destek", "resmi",  "düzenleyen", "idarəçi",
    "dəstək",   "rəsmi",    "rəhbər", "منتظم",  "انتظامیہ",   "معاون",
    "مشرف",     "المشرف",   "منظم",   "المنظم", "إدارة",      "الإدارة",
    "الدعم",
};

enum {
    N_NEVER = sizeof NEVER / sizeof *NEVER,
    N_NOT_ALONE = sizeof NOT_ALONE / sizeof *NOT_ALONE,
    LOOK_TEXT = 64,  /* the longest of them needs 30 */
    STAFF_MAX = 500, /* of an instance; each costs some microseconds */
};

/* What they look like, found out once. */
static char never[N_NEVER][LOOK_TEXT];
static char not_alone[N_NOT_ALONE][LOOK_TEXT];
static bool known;

static bool learn(struct es_arena *a, const char *const *words, size_t n,
                  char (*looks)[LOOK_TEXT])
{
    for (size_t i = 0; i < n; i++) {
        const char *look = es_text_look(a, words[i]);
        if (!look || !*look || strlen(look) >= LOOK_TEXT)
            return false;
        memcpy(looks[i], look, strlen(look) + 1);
    }
    return true;
}

static void learn_all(void)
{
    struct es_arena a;
    es_arena_init(&a, 64 << 10);
    known = learn(&a, NEVER, N_NEVER, never) &&
            learn(&a, NOT_ALONE, N_NOT_ALONE, not_alone);
    es_arena_release(&a);
}

/* Equal but for spaces. */
static bool same(const char *x, const char *y)
{
    for (;;) {
        x += *x == ' ';
        y += *y == ' ';
        if (*x != *y)
            return false;
        if (!*x)
            return true;
        x++;
        y++;
    }
}

/* Whether the word is one of the list. */
static bool among(const char *word, size_t n, const char (*list)[LOOK_TEXT],
                  size_t n_list)
{
    for (size_t i = 0; i < n_list; i++)
        if (strlen(list[i]) == n && memcmp(list[i], word, n) == 0)
            return true;
    return false;
}

static bool against_words(const char *look)
{
    bool others = *look == '\0';
    bool never_this = false;
    for (size_t i = 0; i < N_NEVER; i++)
        never_this |= same(never[i], look); /* "a d m i n" */
    for (const char *p = look; *p;) {
        size_t n = strcspn(p, " ");
        if (among(p, n, never, N_NEVER))
            never_this = true;
        else if (!among(p, n, not_alone, N_NOT_ALONE))
            others = true;
        p += n + (p[n] == ' ');
    }
    return never_this || !others;
}

static bool hold(struct es_reserved *r, const char *text, struct es_arena *a)
{
    const char *look = es_text_look(a, text);
    if (look && *look)
        r->looks[r->n++] = look;
    return look != NULL;
}

enum es_code es_reserved_load(struct es_app *app,
                              const struct es_initiative *ini, int64_t own,
                              struct es_arena *a, struct es_reserved *out,
                              struct es_err *e)
{
    struct es_team *teams;
    struct es_account *staff;
    size_t n_teams = 0;
    size_t n_staff = 0;
    enum es_code rc =
        es_store_teams(app->store, ini->id, a, &teams, &n_teams, e);
    if (rc == ES_OK)
        rc = es_store_accounts(app->store, STAFF_MAX, a, &staff, &n_staff, e);
    if (rc != ES_OK)
        return rc;
    struct es_reserved r = {
        .looks = es_arena_array(a, n_teams + n_staff + 2, sizeof *r.looks),
    };
    bool ok = r.looks && hold(&r, ini->title, a) && hold(&r, ini->holder, a);
    for (size_t i = 0; ok && i < n_teams; i++)
        ok = hold(&r, teams[i].name, a);
    for (size_t i = 0; ok && i < n_staff; i++) /* who is still there */
        if (!staff[i].ended_ms && staff[i].id != own)
            ok = hold(&r, staff[i].name, a);
    if (!ok)
        return es_fail(e, ES_ENOMEM, 0, "what names look like");
    *out = r;
    return ES_OK;
}

enum es_code es_reserved_is(const struct es_reserved *r, const char *name,
                            struct es_arena *a, bool *is, struct es_err *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, learn_all);
    const char *look = es_text_look(a, name);
    if (!look || !known)
        return es_fail(e, ES_ENOMEM, 0, "what a name looks like");
    *is = against_words(look);
    for (size_t i = 0; !*is && i < r->n; i++)
        *is = same(r->looks[i], look);
    return ES_OK;
}

enum es_code es_name_reserved(struct es_app *app,
                              const struct es_initiative *ini, int64_t own,
                              const char *name, struct es_arena *a, bool *is,
                              struct es_err *e)
{
    struct es_reserved r;
    enum es_code rc = es_reserved_load(app, ini, own, a, &r, e);
    return rc == ES_OK ? es_reserved_is(&r, name, a, is, e) : rc;
}
