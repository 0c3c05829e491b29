/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/own_text.h"

#include "base/limits.h"
#include "base/random.h"
#include "base/time.h"
#include "base/utf8.h"
#include "store/reports.h"

static const struct {
    const char *name;
    size_t max;
} TEXTS[ES_OWN_TEXTS] = {
    [ES_TEXT_IMPRINT] = { "imprint", ES_IMPRINT_MAX },
    [ES_TEXT_WATCHED] = { "watched", ES_WATCHED_MAX },
};

struct putting {
    const char *name, *text;
    int64_t by;
};

const char *es_own_text_name(enum es_own_text which)
{
    return TEXTS[which].name;
}

size_t es_own_text_max(enum es_own_text which)
{
    return TEXTS[which].max;
}

static enum es_code put_apply(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    const struct putting *p = arg;
    struct es_decision d = {
        .id = es_id_new(),
        .account = p->by,
        .what = p->name,
        .about = "",
        .why = "",
        .at_ms = es_time_now_ms(),
    };
    (void)blob;
    enum es_code rc = es_txn_meta_put(tx, p->name, es_bytes_str(p->text), e);
    return rc == ES_OK ? es_txn_decision_add(tx, &d, e) : rc;
}

enum es_code es_own_text_put(struct es_app *app, int64_t by,
                             enum es_own_text which, const char *text,
                             struct es_err *e)
{
    struct es_buf b;
    enum es_code rc;
    es_buf_init(&b, ES_FORM_MAX);
    es_text_clean(&b, es_bytes_str(text), true);
    if (b.bad || es_utf8_count(es_buf_bytes(&b)) > TEXTS[which].max) {
        rc = es_fail(e, ES_EINVAL, 0, "too long");
    } else {
        struct putting p = { TEXTS[which].name, es_buf_cstr(&b), by };
        rc = es_store_write(
            app->store, &(struct es_write){ .apply = put_apply, .arg = &p }, e);
    }
    es_buf_release(&b);
    return rc;
}

enum es_code es_own_text(struct es_app *app, enum es_own_text which,
                         struct es_arena *a, const char **out, struct es_err *e)
{
    struct es_bytes s = { NULL, 0 };
    enum es_code rc = es_store_meta(app->store, TEXTS[which].name, a, &s, e);
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    const char *text = es_arena_strn(a, s.p, s.n);
    if (!text)
        return es_fail(e, ES_ENOMEM, 0, "%s", TEXTS[which].name);
    *out = text;
    return ES_OK;
}
