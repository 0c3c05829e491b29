/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/making.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "i18n/i18n.h"
#include "initiative/boards.h"
#include "initiative/edited.h"
#include "initiative/rules.h"

#include <math.h>
#include <string.h>

enum { SUGGESTIONS = 50, RULES_MAX = 8192, TXN_MEM = 4 << 20 };

/* What everybody is asked who joins, until the organisers ask for more. */
static const char CONSENTS[] =
    "[{\"purpose\":\"take_part\",\"version\":1,\"required\":true},"
    "{\"purpose\":\"mail\",\"version\":1,\"required\":false}]";

/* ---- slugs ---- */

bool es_slug_ok(const char *s)
{
    size_t n = strlen(s);
    for (size_t i = 0; i < n; i++)
        if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9') ||
              (s[i] == '-' && i > 0 && i + 1 < n)))
            return false;
    return n >= 1 && n <= ES_NAME_MAX;
}

enum es_code es_slug_free(struct es_app *app, const char *slug,
                          int64_t initiative, bool *is_free, struct es_err *e)
{
    struct es_initiative ini;
    struct es_arena a;
    es_arena_init(&a, TXN_MEM);
    enum es_code rc = es_store_initiative(app->store, slug, &a, &ini, e);
    bool nobodys = rc == ES_ENOENT;
    if (rc == ES_OK || nobodys)
        *is_free = nobodys || ini.id == initiative;
    es_arena_release(&a);
    return nobodys ? ES_OK : rc;
}

/* `wish` with an ending, cut so that it fits. */
static const char *with_end(struct es_arena *a, const char *wish, int number)
{
    char end[16];
    int n = snprintf(end, sizeof end, "-%d", number);
    size_t room = ES_NAME_MAX - (size_t)n;
    size_t len = strlen(wish) < room ? strlen(wish) : room;
    while (len > 0 && wish[len - 1] == '-')
        len--;
    return es_arena_fmt(a, "%.*s%s", (int)len, wish, end);
}

enum es_code es_slug_suggest(struct es_app *app, const char *wish, int year,
                             struct es_arena *a, const char **out,
                             struct es_err *e)
{
    const char *from = *wish ? wish : "run";
    const char *slug = es_slug_ok(from) ? from : with_end(a, "run", year);
    bool is_free = false;
    for (int i = 0; i < SUGGESTIONS; i++) {
        enum es_code rc = slug ? es_slug_free(app, slug, 0, &is_free, e)
                               : es_fail(e, ES_ENOMEM, 0, "slug");
        if (rc != ES_OK)
            return rc;
        if (is_free) {
            *out = slug;
            return ES_OK;
        }
        slug = with_end(a, from, i == 0 ? year : i + 1);
    }
    slug = with_end(a, from, (int)(es_id_new() & 0xffffff));
    *out = slug ? slug : "";
    return ES_OK;
}

/* ---- the form ---- */

static const char *text(const char *given, const char *field, size_t max,
                        struct es_arena *a, struct es_field_errors *fe)
{
    const char *s = es_edit_words(a, given ? given : "", false);
    if (s && es_utf8_count(es_bytes_str(s)) > max)
        es_field_errors_add(fe, field, "too_long", (double)max);
    return s ? s : "";
}

static enum es_code check_slug(struct es_app *app, struct es_making *m,
                               struct es_arena *a, const char **suggested,
                               struct es_field_errors *fe, struct es_err *e)
{
    bool is_free = false;
    bool chosen = m->slug && *m->slug;
    int64_t at = m->opens_ms == ES_NO_TIME ? es_time_now_ms() : m->opens_ms;
    int year = es_zone_date(m->zone, at).year;
    *suggested = "";
    if (!chosen) /* one that nobody chose needn't be told about */
        return es_slug_suggest(app, es_text_slug(a, m->title, ES_NAME_MAX),
                               year, a, &m->slug, e);
    if (!es_slug_ok(m->slug)) {
        es_field_errors_add(fe, "slug", "invalid", NAN);
        return es_slug_suggest(app, es_text_slug(a, m->slug, ES_NAME_MAX), year,
                               a, suggested, e);
    }
    enum es_code rc = es_slug_free(app, m->slug, 0, &is_free, e);
    if (rc != ES_OK || is_free)
        return rc;
    es_field_errors_add(fe, "slug", "taken", NAN);
    return es_slug_suggest(app, m->slug, year, a, suggested, e);
}

enum es_code es_making_check(struct es_app *app, struct es_making *m,
                             struct es_arena *a, const char **suggested,
                             struct es_field_errors *fe, struct es_err *e)
{
    const struct es_lang *lang = es_lang_of(m->lang);
    m->title = text(m->title, "title", ES_TITLE_MAX, a, fe);
    m->holder = text(m->holder, "holder", ES_FACE_LABEL, a, fe);
    if (!*m->title)
        es_field_errors_add(fe, "title", "required", NAN);
    if (!lang)
        es_field_errors_add(fe, "lang", "unknown", NAN);
    m->lang = lang ? lang->tag : es_lang_at(0)->tag;
    if (!es_zone_known(m->zone)) {
        es_field_errors_add(fe, "zone", "unknown", NAN);
        m->zone = "UTC";
    }
    if (m->opens_ms != ES_NO_TIME && m->closes_ms != ES_NO_TIME) {
        if (m->closes_ms <= m->opens_ms)
            es_field_errors_add(fe, "closes", "order", NAN);
        else if (m->closes_ms <= es_time_now_ms())
            es_field_errors_add(fe, "closes", "past", NAN);
    }
    return check_slug(app, m, a, suggested, fe, e);
}

enum es_code es_making_draft(const struct es_making *m, struct es_arena *a,
                             struct es_initiative *out, struct es_err *e)
{
    struct es_rules r = es_rules_default();
    struct es_buf b;
    es_buf_init(&b, RULES_MAX);
    es_rules_write(&r, &b);
    const char *rules = b.bad ? NULL : es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    if (!rules)
        return es_fail(e, ES_ENOMEM, 0, "rules");
    *out = (struct es_initiative){
        .id = es_id_new(),
        .slug = m->slug,
        .title = m->title,
        .purpose = "",
        .holder = m->holder,
        .contact = "",
        .lang = m->lang,
        .zone = m->zone,
        .opens_ms = m->opens_ms,
        .closes_ms = m->closes_ms,
        .goal_mm = m->goal_mm,
        .created_ms = es_time_now_ms(),
        .state = ES_INI_DRAFT,
        .rules_version = 1,
        .rules = rules,
        .consents = CONSENTS,
        .face = "{}",
        .texts = "{}",
        .way = "{}",
        .edited_by = m->by,
        .edited_ms = es_time_now_ms(),
        .suspended_why = "",
    };
    return ES_OK;
}

struct owning {
    const struct es_initiative *ini;
    int64_t by;
    struct es_arena *a;
};

static int64_t owned(const struct es_role_given *v, size_t n)
{
    int64_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += v[i].role == ES_ROLE_OWNER;
    return count;
}

enum es_code es_making_left(struct es_app *app, int64_t account,
                            struct es_arena *a, int64_t *left, struct es_err *e)
{
    struct es_account who;
    struct es_role_given *v;
    size_t n;
    enum es_code rc = es_store_account(app->store, account, a, &who, e);
    if (rc == ES_OK)
        rc = es_store_roles_of(app->store, account, a, &v, &n, e);
    if (rc != ES_OK)
        return rc;
    int64_t more = who.may_create - owned(v, n);
    *left = more > 0 ? more : 0;
    return ES_OK;
}

static enum es_code may_one_more(struct es_txn *tx, const struct owning *o,
                                 struct es_err *e)
{
    struct es_account who;
    struct es_role_given *v;
    size_t n;
    enum es_code rc = es_txn_account(tx, o->by, o->a, &who, e);
    if (rc == ES_OK)
        rc = es_txn_roles_of(tx, o->by, o->a, &v, &n, e);
    if (rc == ES_OK && (who.ended_ms || owned(v, n) >= who.may_create))
        rc = es_fail(e, ES_EDENIED, 0, "no more initiatives");
    return rc;
}

static enum es_code make_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct owning *o = arg;
    struct es_role_given role = { .initiative = o->ini->id,
                                  .account = o->by,
                                  .role = ES_ROLE_OWNER,
                                  .given_by = o->by,
                                  .given_ms = o->ini->created_ms };
    struct es_decision d = { .initiative = o->ini->id,
                             .id = es_id_new(),
                             .account = o->by,
                             .what = "created",
                             .about = o->ini->title,
                             .why = "",
                             .at_ms = o->ini->created_ms };
    (void)blob;
    enum es_code rc = may_one_more(tx, o, e);
    if (rc == ES_OK)
        rc = es_txn_initiative_put(tx, o->ini, e);
    if (rc == ES_OK)
        rc = es_txn_role_add(tx, &role, e);
    return rc == ES_OK ? es_txn_decision_add(tx, &d, e) : rc;
}

enum es_code es_make(struct es_app *app, struct es_making *m,
                     struct es_arena *a, struct es_initiative *out,
                     struct es_field_errors *fe, struct es_err *e)
{
    const char *suggested;
    struct es_initiative ini;
    struct owning o = { .ini = &ini, .by = m->by, .a = a };
    enum es_code rc = es_making_check(app, m, a, &suggested, fe, e);
    if (rc == ES_OK && fe->n)
        rc = es_fail(e, ES_EINVAL, 0, "%s", fe->v[0].field);
    if (rc == ES_OK)
        rc = es_making_draft(m, a, &ini, e);
    if (rc == ES_OK)
        rc = es_initiative_check(&ini, e);
    if (rc == ES_OK) /* before it can be seen, as es_initiative_save does */
        rc = es_boards_load(app->boards, app->store, &ini, e);
    if (rc == ES_OK)
        rc = es_store_write(
            app->store, &(struct es_write){ .apply = make_apply, .arg = &o },
            e);
    if (rc == ES_OK)
        *out = ini;
    return rc;
}
