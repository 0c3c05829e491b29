/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/stage.h"

#include "initiative/face.h"
#include "initiative/own_text.h"
#include "store/reports.h"

#include <string.h>

enum es_initiative_state es_stage(const struct es_initiative *ini,
                                  int64_t now_ms)
{
    switch (ini->state) {
    case ES_INI_PUBLISHED:
    case ES_INI_OPEN:
        if (ini->alone) /* a programme has no window */
            return ES_INI_PUBLISHED;
        return now_ms >= ini->closes_ms  ? ES_INI_CLOSED
               : now_ms >= ini->opens_ms ? ES_INI_OPEN
                                         : ES_INI_PUBLISHED;
    case ES_INI_CLOSED:
    case ES_INI_FINAL:
        return (enum es_initiative_state)ini->state;
    default:
        return ES_INI_DRAFT;
    }
}

bool es_stage_registers(const struct es_initiative *ini, int64_t now_ms)
{
    enum es_initiative_state s = es_stage(ini, now_ms);
    return !ini->alone && (s == ES_INI_PUBLISHED || s == ES_INI_OPEN);
}

static const char *const ACTS[ES_STAGE_ACTS] = {
    [ES_STAGE_PUBLISH] = "publish",
    [ES_STAGE_WITHDRAW] = "withdraw",
    [ES_STAGE_CLOSE] = "close",
    [ES_STAGE_FINISH] = "finish",
};

const char *es_stage_act_name(enum es_stage_act act)
{
    return ACTS[act];
}

bool es_stage_act_of(const char *name, enum es_stage_act *out)
{
    for (size_t i = 0; i < ES_STAGE_ACTS; i++)
        if (strcmp(name, ACTS[i]) == 0) {
            *out = (enum es_stage_act)i;
            return true;
        }
    return false;
}

bool es_stage_may(enum es_initiative_state stage, enum es_stage_act act,
                  int64_t people)
{
    switch (act) {
    case ES_STAGE_PUBLISH:
        return stage == ES_INI_DRAFT;
    case ES_STAGE_WITHDRAW:
        return stage == ES_INI_PUBLISHED && people == 0;
    case ES_STAGE_CLOSE:
        return stage == ES_INI_OPEN;
    case ES_STAGE_FINISH:
        return stage == ES_INI_CLOSED;
    case ES_STAGE_ACTS:
        break;
    }
    return false;
}

struct doing {
    struct es_initiative row;
    struct es_decision note;
};

static enum es_code do_apply(struct es_txn *tx, const struct es_blob *blob,
                             void *arg, struct es_err *e)
{
    const struct doing *d = arg;
    (void)blob;
    enum es_code rc = es_txn_initiative_put(tx, &d->row, e);
    return rc == ES_OK ? es_txn_decision_add(tx, &d->note, e) : rc;
}

enum es_code es_stage_do(struct es_app *app, int64_t by,
                         const struct es_initiative *ini, enum es_stage_act act,
                         struct es_err *e)
{
    static const int32_t THEN[ES_STAGE_ACTS] = {
        [ES_STAGE_PUBLISH] = ES_INI_PUBLISHED,
        [ES_STAGE_WITHDRAW] = ES_INI_DRAFT,
        [ES_STAGE_CLOSE] = ES_INI_CLOSED,
        [ES_STAGE_FINISH] = ES_INI_FINAL,
    };
    int64_t now = es_time_now_ms();
    struct es_totals t = { 0 };
    struct es_standings *s = es_app_standings(app, ini->id);
    if (s)
        es_standings_totals(s, &t);
    if (!es_stage_may(es_stage(ini, now), act, t.participants))
        return es_fail(e, ES_ECONFLICT, 0, "not in this state");
    struct doing d = {
        .row = *ini,
        .note = { .initiative = ini->id,
                  .id = es_id_new(),
                  .account = by,
                  .what = ACTS[act],
                  .about = "",
                  .why = "",
                  .at_ms = now },
    };
    d.row.state = THEN[act];
    d.row.edited_by = by;
    d.row.edited_ms = now;
    if (act == ES_STAGE_CLOSE) /* what starts from now on is outside of it */
        d.row.closes_ms = now;
    return es_store_write(
        app->store, &(struct es_write){ .apply = do_apply, .arg = &d }, e);
}

/* ---- what it lacks ---- */

unsigned es_lack_needed(void)
{
    return ES_LACK_BIT(ES_LACK_PURPOSE) | ES_LACK_BIT(ES_LACK_HOLDER) |
           ES_LACK_BIT(ES_LACK_DATES);
}

static unsigned when(bool lacks, enum es_lack l)
{
    return lacks ? ES_LACK_BIT(l) : 0;
}

enum es_code es_lacks(struct es_app *app, const struct es_initiative *ini,
                      int64_t now_ms, struct es_arena *a, unsigned *out,
                      struct es_err *e)
{
    const char *imprint = "";
    struct es_face *f = es_arena_alloc(a, sizeof *f);
    if (!f)
        return es_fail(e, ES_ENOMEM, 0, "face");
    enum es_code rc = es_face_read(ini->face, a, f, e);
    if (rc == ES_OK)
        rc = es_own_text(app, ES_TEXT_IMPRINT, a, &imprint, e);
    if (rc == ES_ENOENT)
        rc = ES_OK;
    if (rc != ES_OK)
        return rc;
    *out =
        when(!*ini->purpose, ES_LACK_PURPOSE) |
        when(!*ini->holder && f->n_hosts == 0, ES_LACK_HOLDER) |
        when(!*ini->contact, ES_LACK_CONTACT) |
        when(ini->closes_ms <= now_ms, ES_LACK_DATES) |
        when(ini->rules_version <= 1, ES_LACK_RULES) |
        when(ini->goal_mm == 0, ES_LACK_GOAL) |
        when(!f->picture.media && !f->video.media, ES_LACK_PICTURE) |
        when(!ini->texts || strcmp(ini->texts, "{}") == 0, ES_LACK_LANGUAGE) |
        when(!*imprint, ES_LACK_IMPRINT);
    if (ini->alone)
        *out &= ~(ES_LACK_BIT(ES_LACK_DATES) | ES_LACK_BIT(ES_LACK_RULES) |
                  ES_LACK_BIT(ES_LACK_GOAL));
    return ES_OK;
}
