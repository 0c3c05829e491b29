/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "initiative/names.h"

#include "base/limits.h"
#include "i18n/i18n.h"

/* People of one write while filling: a few milliseconds. Bytes of their rows,
 * and of all initiatives' in a listing. */
enum { STEP = 500, STEP_ARENA = 8 << 20, INITIATIVES_ARENA = 160 << 20 };

/* In the store's meta once all names can be found. */
static const char FILLED[] = "words2";

const char *es_public_name(const struct es_participant *p, struct es_arena *a)
{
    if (p->visibility == ES_VIS_HIDDEN)
        return NULL;
    if ((p->visibility & ES_VIS_STAFF) || p->guardian == ES_GUARDIAN_ASKED)
        return es_arena_fmt(a, "#%lld", (long long)p->bib);
    if (p->visibility == ES_VIS_INITIALS)
        return es_initials(a, p->display_name);
    return p->display_name;
}

static enum es_code put_words(struct es_txn *tx, const struct es_participant *p,
                              const char *name, const char *prefix,
                              struct es_arena *a, struct es_err *e)
{
    const char *words[ES_NAME_WORDS];
    size_t n = 0;
    if (!es_text_words(a, name, words, ES_NAME_WORDS, &n))
        return es_fail(e, ES_ENOMEM, 0, "words of a name");
    enum es_code rc = ES_OK;
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        const char *word = es_arena_fmt(a, "%s%s", prefix, words[i]);
        rc = word ? es_txn_word_put(tx, p->initiative, word, p->id, e)
                  : es_fail(e, ES_ENOMEM, 0, "words of a name");
    }
    return rc;
}

enum es_code es_names_put(struct es_txn *tx, const struct es_participant *p,
                          struct es_err *e)
{
    struct es_arena a;
    es_arena_init(&a, 64 << 10);
    const char *name = es_public_name(p, &a);
    enum es_code rc = name ? put_words(tx, p, name, "", &a, e) : ES_OK;
    if (rc == ES_OK && *p->display_name)
        rc = put_words(tx, p, p->display_name, ES_STAFF_WORD, &a, e);
    es_arena_release(&a);
    return rc;
}

struct step {
    const struct es_participant *v;
    size_t n;
};

static enum es_code step_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const struct step *s = arg;
    enum es_code rc = ES_OK;
    (void)blob;
    for (size_t i = 0; rc == ES_OK && i < s->n; i++)
        rc = es_names_put(tx, &s->v[i], e);
    return rc;
}

static enum es_code fill_one(struct es_store *store, int64_t initiative,
                             struct es_err *e)
{
    struct es_participant *v;
    struct es_arena a;
    int64_t after = 0;
    size_t n = 1;
    enum es_code rc = ES_OK;

    while (rc == ES_OK && n > 0) {
        es_arena_init(&a, STEP_ARENA);
        rc = es_store_participants_after(store, initiative, after, STEP, &a, &v,
                                         &n, e);
        if (rc == ES_OK && n > 0) {
            struct step step = { v, n };
            after = v[n - 1].id;
            rc = es_store_write(
                store, &(struct es_write){ .apply = step_apply, .arg = &step },
                e);
        }
        es_arena_release(&a);
    }
    return rc;
}

static enum es_code mark_filled(struct es_txn *tx, const struct es_blob *blob,
                                void *arg, struct es_err *e)
{
    (void)blob;
    (void)arg;
    return es_txn_meta_put(tx, FILLED, es_bytes_str("1"), e);
}

enum es_code es_names_fill(struct es_store *store, struct es_err *e)
{
    struct es_initiative *v;
    struct es_arena a;
    struct es_bytes mark;
    size_t n = 0;

    es_arena_init(&a, INITIATIVES_ARENA);
    enum es_code rc = es_store_meta(store, FILLED, &a, &mark, e);
    if (rc != ES_ENOENT)
        goto out;
    rc = es_store_initiatives(store, ES_STORE_LIST_MAX, &a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = fill_one(store, v[i].id, e);
    if (rc == ES_OK)
        rc = es_store_write(store, &(struct es_write){ .apply = mark_filled },
                            e);
out:
    es_arena_release(&a);
    return rc;
}
