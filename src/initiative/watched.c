/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/watched.h"

#include "base/limits.h"
#include "base/random.h"
#include "base/time.h"
#include "base/utf8.h"
#include "i18n/i18n.h"

#include <string.h>

static const char KEY[] = "watched";

enum { SHORT = 3 }; /* letters that stand in many honest names */

struct watching {
    int64_t by;
    const char *lines;
};

static enum es_code put_apply(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    const struct watching *w = arg;
    struct es_decision d = {
        .id = es_id_new(),
        .account = w->by,
        .what = "watched",
        .about = "",
        .why = "",
        .at_ms = es_time_now_ms(),
    };
    (void)blob;
    enum es_code rc = es_txn_meta_put(tx, KEY, es_bytes_str(w->lines), e);
    return rc == ES_OK ? es_txn_decision_add(tx, &d, e) : rc;
}

enum es_code es_watched_put(struct es_app *app, int64_t by, const char *lines,
                            struct es_err *e)
{
    struct es_buf b;
    enum es_code rc;
    es_buf_init(&b, ES_FORM_MAX);
    es_text_clean(&b, es_bytes_str(lines), true);
    if (b.bad || es_utf8_count(es_buf_bytes(&b)) > ES_WATCHED_MAX) {
        rc = es_fail(e, ES_EINVAL, 0, "too long");
    } else {
        struct watching w = { by, es_buf_cstr(&b) };
        rc = es_store_write(
            app->store, &(struct es_write){ .apply = put_apply, .arg = &w }, e);
    }
    es_buf_release(&b);
    return rc;
}

enum es_code es_watched(struct es_app *app, struct es_arena *a,
                        const char **lines, struct es_err *e)
{
    struct es_bytes s = { NULL, 0 };
    enum es_code rc = es_store_meta(app->store, KEY, a, &s, e);
    if (rc != ES_OK && rc != ES_ENOENT)
        return rc;
    const char *text = es_arena_strn(a, s.p, s.n);
    if (!text)
        return es_fail(e, ES_ENOMEM, 0, "watched");
    *lines = text;
    return ES_OK;
}

/* Both as es_text_look makes them, where one letter may be two. */
static bool holds(const char *name, const char *word, bool alone)
{
    size_t n = strlen(word);
    for (const char *p = name; (p = strstr(p, word)); p++)
        if (!alone || ((p == name || p[-1] == ' ') && (!p[n] || p[n] == ' ')))
            return true;
    return false;
}

const char *es_watched_in(const char *lines, const char *name,
                          struct es_arena *a)
{
    const char *look = es_text_look(a, name);
    while (look && *lines) {
        size_t n = strcspn(lines, "\n");
        const char *line = es_arena_strn(a, lines, n);
        const char *word = line ? es_text_look(a, line) : NULL;
        bool is_short = es_utf8_count((struct es_bytes){ (const uint8_t *)lines,
                                                         n }) <= SHORT;
        if (word && *word && holds(look, word, is_short))
            return line;
        lines += n + (lines[n] == '\n');
    }
    return NULL;
}

enum es_code es_watched_report(struct es_app *app,
                               const struct es_participant *p,
                               struct es_arena *a, struct es_report *out,
                               struct es_err *e)
{
    const char *lines;
    enum es_code rc = es_watched(app, a, &lines, e);
    if (rc != ES_OK)
        return rc;
    *out = (struct es_report){ 0 };
    const char *word = es_watched_in(lines, p->display_name, a);
    if (!word)
        return ES_OK;
    *out = (struct es_report){
        .initiative = p->initiative,
        .id = es_id_new(),
        .what = ES_REPORT_PERSON,
        .which = p->id,
        .shown = p->display_name,
        .words = es_arena_fmt(a, "watched\n%s", word),
        .mail = "",
        .lang = p->lang,
        .at_ms = p->created_ms,
        .state = ES_REPORT_OPEN,
    };
    return out->words ? ES_OK : es_fail(e, ES_ENOMEM, 0, "watched");
}
