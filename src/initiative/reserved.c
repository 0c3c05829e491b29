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

struct looks {
    struct es_arena *a;
    const char *name;
    bool same;
    bool failed;
};

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

static void compare(struct looks *l, const char *text)
{
    const char *look = es_text_look(l->a, text);
    l->failed |= !look;
    l->same |= look && *look && same(look, l->name);
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

static void against_words(struct looks *l)
{
    bool others = *l->name == '\0';
    for (size_t i = 0; i < N_NEVER; i++)
        l->same |= same(never[i], l->name); /* "a d m i n" */
    for (const char *p = l->name; *p;) {
        size_t n = strcspn(p, " ");
        if (among(p, n, never, N_NEVER))
            l->same = true;
        else if (!among(p, n, not_alone, N_NOT_ALONE))
            others = true;
        p += n + (p[n] == ' ');
    }
    l->same |= !others;
}

/* People of staff who are still there. */
static enum es_code against_staff(struct looks *l, struct es_store *store,
                                  int64_t own, struct es_err *e)
{
    struct es_account *v;
    size_t n = 0;
    enum es_code rc = es_store_accounts(store, STAFF_MAX, l->a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        if (!v[i].ended_ms && v[i].id != own)
            compare(l, v[i].name);
    return rc;
}

enum es_code es_name_reserved(struct es_app *app,
                              const struct es_initiative *ini, int64_t own,
                              const char *name, struct es_arena *a, bool *is,
                              struct es_err *e)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct es_team *teams;
    size_t n = 0;
    (void)pthread_once(&once, learn_all);
    struct looks l = { .a = a, .name = es_text_look(a, name) };
    if (!l.name || !known)
        return es_fail(e, ES_ENOMEM, 0, "what a name looks like");
    against_words(&l);
    compare(&l, ini->title);
    compare(&l, ini->holder);
    enum es_code rc = es_store_teams(app->store, ini->id, a, &teams, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        compare(&l, teams[i].name);
    if (rc == ES_OK)
        rc = against_staff(&l, app->store, own, e);
    if (rc == ES_OK && l.failed)
        rc = es_fail(e, ES_ENOMEM, 0, "what names look like");
    if (rc == ES_OK)
        *is = l.same;
    return rc;
}
