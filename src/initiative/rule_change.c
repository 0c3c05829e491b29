/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Drafts of rules, and how one comes into force. */
#include "base/limits.h"
#include "base/log.h"
#include "i18n/i18n.h"
#include "initiative/boards.h"
#include "initiative/rejudge.h"

#include <string.h>

enum { RULES_TEXT_MAX = 16384, CHANGE_MEM = 1 << 20 };

static const char *sheet_text(const struct es_rules *r, struct es_arena *a)
{
    struct es_buf b;
    es_buf_init(&b, RULES_TEXT_MAX);
    es_rules_write(r, &b);
    const char *out = b.bad ? NULL : es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return out;
}

bool es_rules_same(const struct es_rules *a, const struct es_rules *b)
{
    struct es_buf x, y;
    es_buf_init(&x, RULES_TEXT_MAX);
    es_buf_init(&y, RULES_TEXT_MAX);
    es_rules_write(a, &x);
    es_rules_write(b, &y);
    bool same = strcmp(es_buf_cstr(&x), es_buf_cstr(&y)) == 0;
    es_buf_release(&x);
    es_buf_release(&y);
    return same;
}

struct drafting {
    const struct es_draft *d;
    int64_t at_ms;
};

/* ES_ECONFLICT unless the version is the initiative's and at rest. */
static enum es_code at_rest(struct es_txn *tx, const struct es_initiative *ini,
                            int32_t version, struct es_arena *a,
                            struct es_err *e)
{
    struct es_rule_change now;
    if (ini->rules_version != version)
        return es_fail(e, ES_ECONFLICT, 0, "the rules are other ones now");
    enum es_code rc = es_txn_rule_change(tx, ini->id, version, a, &now, e);
    if (rc == ES_ENOENT)
        return ES_OK;
    if (rc == ES_OK && now.state == ES_CHANGE_JUDGING)
        return es_fail(e, ES_ECONFLICT, 0, "runs are being judged");
    return rc;
}

static enum es_code draft_apply(struct es_txn *tx, const struct es_blob *blob,
                                void *arg, struct es_err *e)
{
    const struct drafting *g = arg;
    const struct es_draft *d = g->d;
    struct es_initiative ini;
    struct es_arena a;
    (void)blob;
    es_arena_init(&a, CHANGE_MEM);
    enum es_code rc = es_txn_initiative(tx, d->initiative, &a, &ini, e);
    if (rc == ES_OK)
        rc = at_rest(tx, &ini, d->from_version, &a, e);
    struct es_rule_change c = {
        .initiative = d->initiative,
        .version = d->from_version + 1,
        .state = ES_CHANGE_DRAFT,
        .account = d->account,
        .who = d->who,
        .why = "",
        .at_ms = g->at_ms,
        .opens_ms = d->opens_ms,
        .closes_ms = d->closes_ms,
        .zone = d->zone,
        .rules = sheet_text(&d->rules, &a),
        .tally = "",
    };
    if (rc == ES_OK && !c.rules)
        rc = es_fail(e, ES_ENOMEM, 0, "rules");
    if (rc == ES_OK)
        rc = es_txn_rule_change_put(tx, &c, e);
    es_arena_release(&a);
    return rc;
}

enum es_code es_rules_draft(struct es_app *app, const struct es_draft *d,
                            struct es_err *e)
{
    struct drafting g = { d, es_time_now_ms() };
    enum es_code rc = es_store_write(
        app->store, &(struct es_write){ .apply = draft_apply, .arg = &g }, e);
    if (rc == ES_OK)
        es_rejudge_wake(app->rejudge);
    return rc;
}

struct dropping {
    int64_t initiative;
    int32_t version;
};

static enum es_code drop_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct dropping *d = arg;
    (void)blob;
    return es_txn_rule_change_drop(tx, d->initiative, d->version, e);
}

enum es_code es_rules_drop(struct es_app *app, int64_t initiative,
                           int32_t version, struct es_err *e)
{
    struct dropping d = { initiative, version };
    return es_store_write(
        app->store, &(struct es_write){ .apply = drop_apply, .arg = &d }, e);
}

/* ---- in force ---- */

struct committing {
    struct es_app *app;
    int64_t initiative, drafted_ms, account;
    int32_t version;
    const char *who, *why;
    int64_t at_ms;
    struct es_initiative ini; /* as it is after it */
    struct es_arena a;
};

/* What stood before the first change is kept, too. */
static enum es_code keep_first(struct es_txn *tx, struct committing *g,
                               const struct es_initiative *ini,
                               struct es_err *e)
{
    struct es_rule_change was;
    enum es_code rc =
        es_txn_rule_change(tx, ini->id, ini->rules_version, &g->a, &was, e);
    if (rc != ES_ENOENT)
        return rc;
    was = (struct es_rule_change){
        .initiative = ini->id,
        .version = ini->rules_version,
        .state = ES_CHANGE_DONE,
        .who = "",
        .why = "",
        .at_ms = ini->created_ms,
        .ended_ms = ini->created_ms ? ini->created_ms : 1,
        .opens_ms = ini->opens_ms,
        .closes_ms = ini->closes_ms,
        .zone = ini->zone,
        .rules = ini->rules,
        .tally = "",
    };
    return es_txn_rule_change_put(tx, &was, e);
}

/* Of what the trial counted only how many runs there are. */
static enum es_code begin_tally(struct committing *g, struct es_rule_change *c,
                                struct es_err *e)
{
    struct es_tally t;
    enum es_code rc = es_tally_read(c->tally, &t, e);
    if (rc != ES_OK)
        return rc;
    c->tally =
        t.all ? es_arena_fmt(&g->a, "{\"all\":%lld}", (long long)t.all) : "";
    return c->tally ? ES_OK : es_fail(e, ES_ENOMEM, 0, "tally");
}

static enum es_code commit_change(struct es_txn *tx, struct committing *g,
                                  struct es_err *e)
{
    struct es_rule_change c;
    enum es_code rc = es_txn_initiative(tx, g->initiative, &g->a, &g->ini, e);
    if (rc == ES_OK)
        rc = es_txn_rule_change(tx, g->initiative, g->version, &g->a, &c, e);
    if (rc != ES_OK)
        return rc;
    if (c.state != ES_CHANGE_DRAFT || c.at_ms != g->drafted_ms)
        return es_fail(e, ES_ECONFLICT, 0, "the draft is another one now");
    rc = at_rest(tx, &g->ini, g->version - 1, &g->a, e);
    if (rc == ES_OK && g->ini.state == ES_INI_FINAL)
        rc = es_fail(e, ES_ECONFLICT, 0, "the results are final");
    if (rc == ES_OK)
        rc = keep_first(tx, g, &g->ini, e);
    if (rc != ES_OK)
        return rc;
    c.state = ES_CHANGE_JUDGING;
    c.account = g->account;
    c.who = g->who;
    c.why = g->why;
    c.at_ms = g->at_ms;
    c.ended_ms = 0;
    c.after = 0;
    rc = begin_tally(g, &c, e);
    if (rc != ES_OK)
        return rc;
    g->ini.rules = c.rules;
    g->ini.rules_version = c.version;
    g->ini.opens_ms = c.opens_ms;
    g->ini.closes_ms = c.closes_ms;
    g->ini.zone = c.zone;
    rc = es_txn_rule_change_put(tx, &c, e);
    return rc == ES_OK ? es_txn_initiative_put(tx, &g->ini, e) : rc;
}

static enum es_code commit_apply(struct es_txn *tx, const struct es_blob *blob,
                                 void *arg, struct es_err *e)
{
    struct committing *g = arg;
    (void)blob;
    es_arena_release(&g->a);
    es_arena_init(&g->a, CHANGE_MEM);
    return commit_change(tx, g, e);
}

static void commit_done(void *arg)
{
    struct committing *g = arg;
    struct es_err e = { 0 };
    if (es_boards_zone(g->app->boards, g->app->store, &g->ini, &e) != ES_OK)
        es_log(ES_LOG_ERROR, "days.zone", "%s", e.msg);
    es_app_rules_anew(g->app, &g->ini);
}

enum es_code es_rules_commit(struct es_app *app, int64_t initiative,
                             int32_t version, int64_t drafted_ms,
                             int64_t account, const char *who, const char *why,
                             struct es_err *e)
{
    struct committing g = {
        .app = app,
        .initiative = initiative,
        .drafted_ms = drafted_ms,
        .account = account,
        .version = version,
        .who = who,
        .why = why,
        .at_ms = es_time_now_ms(),
    };
    enum es_code rc = es_store_write(app->store,
                                     &(struct es_write){
                                         .apply = commit_apply,
                                         .committed = commit_done,
                                         .arg = &g,
                                     },
                                     e);
    es_arena_release(&g.a);
    if (rc == ES_OK)
        es_rejudge_wake(app->rejudge);
    return rc;
}
