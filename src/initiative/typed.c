/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Typed-in runs. */
#include "base/num.h"
#include "base/utf8.h"
#include "i18n/i18n.h"
#include "initiative/history.h"

#include <math.h>
#include <string.h>

/* Beyond these nobody has run in one go; a slip of the finger has. */
static const double DIST_MAX_M = 1000000;
static const double ELAPSED_MAX_S = 10 * 86400;
/* Millimetres and milliseconds are stored: less is nought. */
static const double LEAST = 0.001;

static bool given(const char *s)
{
    return s && *s;
}

/* "2026-11-20" and "07:30", in the zone. */
static void read_start(const struct es_typed_text *t, const char *zone,
                       struct es_typed *out, struct es_field_errors *errors)
{
    char text[ES_TIME_TEXT];
    int64_t as_utc;
    if (!given(t->date)) {
        es_field_errors_add(errors, "date", "required", NAN);
        return;
    }
    if (strlen(t->date) != 10 || (given(t->time) && strlen(t->time) > 8)) {
        es_field_errors_add(errors, "date", "invalid", NAN);
        return;
    }
    (void)snprintf(text, sizeof text, "%sT%s", t->date,
                   given(t->time) ? t->time : "12:00");
    if (!es_time_parse(es_bytes_str(text), &as_utc)) {
        es_field_errors_add(errors, "date", "invalid", NAN);
        return;
    }
    struct es_date d = es_date_of(as_utc);
    out->started_ms = es_zone_time(zone, &d);
}

void es_typed_read(const struct es_typed_text *t, const char *lang,
                   const char *zone, struct es_typed *out,
                   struct es_field_errors *errors)
{
    const struct es_lang *l = es_lang_of(lang);
    double dist;
    int64_t ms;
    *out = (struct es_typed){ .started_ms = ES_NO_TIME,
                              .dist_m = NAN,
                              .elapsed_s = NAN };
    read_start(t, zone, out, errors);
    if (!given(t->distance))
        es_field_errors_add(errors, "distance", "required", NAN);
    else if (es_number_parse(l ? l : es_lang_at(0), t->distance, &dist))
        out->dist_m = dist * (double)es_units_mm(t->units) / 1000;
    else
        es_field_errors_add(errors, "distance", "invalid", NAN);
    if (!given(t->duration))
        es_field_errors_add(errors, "duration", "required", NAN);
    else if (es_duration_parse(t->duration, &ms))
        out->elapsed_s = (double)ms / 1000;
    else
        es_field_errors_add(errors, "duration", "invalid", NAN);
}

static void check_amount(struct es_field_errors *errors, const char *field,
                         double v, double max)
{
    if (isnan(v))
        es_field_errors_add(errors, field, "required", NAN);
    else if (!(v >= LEAST))
        es_field_errors_add(errors, field, "too_small", 0);
    else if (!(v <= max))
        es_field_errors_add(errors, field, "too_large", max);
}

static const char *check_note(const struct es_typed *t, struct es_arena *a,
                              struct es_field_errors *errors)
{
    struct es_buf b;
    const char *out = "";
    es_buf_init(&b, ES_FORM_MAX * 3);
    es_text_clean(&b, es_bytes_str(t->note ? t->note : ""), true);
    if (b.bad || es_utf8_count(es_buf_bytes(&b)) > ES_NOTE_MAX)
        es_field_errors_add(errors, "note", "too_long", ES_NOTE_MAX);
    else
        out = es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return out;
}

static uint8_t check_sport(const struct es_typed *t,
                           struct es_field_errors *errors)
{
    if (!given(t->sport))
        return ES_SPORT_RUNNING;
    uint8_t sport = es_sport_of(es_bytes_str(t->sport));
    if (strcmp(es_sport_name(sport), t->sport) != 0)
        es_field_errors_add(errors, "sport", "unknown", NAN);
    return sport;
}

static enum es_code
store_typed(struct es_app *app, const struct es_participant *who,
            const struct es_typed *t, const struct es_initiative *ini,
            const struct es_rules *rules, struct es_new_run *n,
            struct es_arena *a, struct es_receipt *out, struct es_err *e)
{
    struct es_new_runs g = {
        .app = app,
        .who = who,
        .ini = ini,
        .rules = rules,
        .v = n,
        .n = 1,
        .first = &n->run,
        .idempotency_key = t->idempotency_key,
        .picture = t->picture,
        .a = a,
    };
    memcpy(g.body_hash, t->body_hash, ES_HASH);
    struct es_bytes bytes = { NULL, 0 };
    if (t->picture)
        bytes = t->picture->jpeg;
    enum es_code rc = es_new_runs_store(&g, bytes, e);
    bool repeated = rc == ES_EEXIST && g.idem_run;
    if (rc == ES_ECONFLICT)
        return es_fail(e, ES_EEXIST, 0, "Idempotency-Key, other body");
    if (repeated)
        rc = es_store_run(app->store, who->initiative, g.idem_run, a, &n->run,
                          e);
    if (rc == ES_OK)
        rc = es_receipt_of(app, &n->run, a, out, e);
    if (rc == ES_OK)
        out->repeated = repeated;
    return rc;
}

enum es_code es_runs_type_in(struct es_app *app,
                             const struct es_participant *who,
                             const struct es_typed *t, struct es_arena *a,
                             struct es_receipt *out,
                             struct es_field_errors *errors, struct es_err *e)
{
    struct es_initiative ini;
    struct es_rules rules;
    struct es_new_run n = { .m = es_measure_unknown() };

    if (t->started_ms == ES_NO_TIME)
        es_field_errors_add(errors, "started_at", "required", NAN);
    check_amount(errors, "distance_m", t->dist_m, DIST_MAX_M);
    check_amount(errors, "elapsed_s", t->elapsed_s, ELAPSED_MAX_S);
    n.m.sport = check_sport(t, errors);
    n.run.note = check_note(t, a, errors);
    if (errors->n > 0)
        return es_fail(e, ES_EINVAL, 0, "%s: %s", errors->v[0].field,
                       errors->v[0].code);
    if (!n.run.note)
        return es_fail(e, ES_ENOMEM, 0, "note");
    n.m.started_ms = t->started_ms;
    n.m.dist_m = t->dist_m;
    n.m.elapsed_s = n.m.counted_s = t->elapsed_s;
    n.run.file_name = n.run.member = "";
    n.run.received_ms = t->received_ms;
    n.pictured = t->picture != NULL;
    enum es_code rc = es_rules_of(app, who->initiative, a, &ini, &rules, e);
    if (rc == ES_OK)
        rc = es_new_run_judge(&n, who, &ini, &rules, ES_KIND_TYPED, a, e);
    if (rc == ES_OK)
        rc = es_history_judge(app, who, &n, a, e);
    return rc == ES_OK ? store_typed(app, who, t, &ini, &rules, &n, a, out, e)
                       : rc;
}
