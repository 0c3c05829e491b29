/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "programme/exhibition.h"

#include "base/utf8.h"
#include "i18n/spoken.h"
#include "store/media.h"
#include "store/programme.h"

#include <math.h>
#include <string.h>

/* For a wall and a desktop with fine pixels, for a desktop, for a phone and
 * the gallery. */
static const struct es_picture_ask SIZES = { { 1600, 960, 480 }, 3 };

/* ---- bringing ---- */

static enum es_code add(struct es_txn *tx, int64_t id, void *arg,
                        struct es_err *e)
{
    struct es_picture p = *(const struct es_picture *)arg;
    p.id = id;
    return es_txn_picture_add(tx, &p, e);
}

/* Asked before a worker is: the last word has es_txn_picture_add. */
static enum es_code find_room(struct es_app *app, int64_t initiative,
                              struct es_err *e)
{
    struct es_pictures_sum sum;
    int64_t disk = 0;
    enum es_code rc = es_store_pictures_sum(app->store, initiative, &sum, e);
    if (rc == ES_OK &&
        (sum.n >= ES_PICTURES_MAX || sum.bytes >= ES_PICTURES_QUOTA))
        return es_fail(e, ES_ECONFLICT, 0, "the exhibition is full");
    if (rc == ES_OK)
        rc = es_store_room(app->store, &disk, e);
    if (rc == ES_OK && disk < ES_DISK_RESERVE + ES_FRAME_MAX)
        rc = es_fail(e, ES_EBUSY, 0, "the disk is full");
    return rc;
}

enum es_code es_exhibit_add(struct es_app *app, const struct es_exhibit_new *n,
                            struct es_arena *a, int64_t *id, struct es_err *e)
{
    struct es_picture_made made;
    enum es_code rc = find_room(app, n->initiative, e);
    if (rc == ES_OK)
        rc = es_picture_take(app, n->fd, &SIZES, a, &made, e);
    if (rc != ES_OK)
        return rc;
    struct es_picture p = {
        .initiative = n->initiative,
        .state = ES_PICTURE_DRAFT,
        .width = (int32_t)made.v[0].width,
        .height = (int32_t)made.v[0].height,
        .name = n->name,
        .alt = "",
        .caption = "",
        .credit = "",
        .taken = "",
        .place = "",
        .warning = "",
        .created_ms = es_time_now_ms(),
        .edited_by = n->account,
    };
    p.edited_ms = p.created_ms;
    for (size_t i = 0; i < made.n; i++)
        p.bytes += (int64_t)made.v[i].jpeg.n;
    struct es_picture_keep k = { n->initiative, "exhibit", n->name,
                                 &made,         add,       &p };
    return es_picture_keep(app, &k, id, e);
}

/* ---- words ---- */

static void too_long(const char *s, const char *field, size_t max,
                     struct es_field_errors *fe)
{
    if (es_utf8_count(es_bytes_str(s)) > max)
        es_field_errors_add(fe, field, "too_long", (double)max);
}

void es_exhibit_check(const struct es_picture *p, struct es_field_errors *fe)
{
    if (!*p->alt && p->state == ES_PICTURE_SHOWN)
        es_field_errors_add(fe, "alt", "required", NAN);
    too_long(p->alt, "alt", ES_FACE_ALT, fe);
    too_long(p->caption, "caption", ES_NOTE_MAX, fe);
    too_long(p->credit, "credit", ES_FACE_LABEL, fe);
    too_long(p->taken, "taken", ES_FACE_LABEL, fe);
    too_long(p->place, "place", ES_FACE_LABEL, fe);
    too_long(p->warning, "warning", ES_FACE_LABEL, fe);
    if (p->licence < 0 || p->licence >= ES_LICENCES)
        es_field_errors_add(fe, "licence", "unknown", NAN);
}

static enum es_code put(struct es_txn *tx, const struct es_blob *blob,
                        void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_picture_put(tx, arg, e);
}

enum es_code es_exhibit_save(struct es_app *app, struct es_picture *p,
                             struct es_field_errors *fe, struct es_err *e)
{
    es_exhibit_check(p, fe);
    if (fe->n)
        return es_fail(e, ES_EINVAL, 0, "picture");
    p->edited_ms = es_time_now_ms();
    return es_store_write(app->store,
                          &(struct es_write){ .apply = put, .arg = p }, e);
}

/* ---- order ---- */

struct moving {
    int64_t initiative, id, before;
};

static enum es_code move(struct es_txn *tx, const struct es_blob *blob,
                         void *arg, struct es_err *e)
{
    const struct moving *m = arg;
    (void)blob;
    return es_txn_picture_move(tx, m->initiative, m->id, m->before, e);
}

enum es_code es_exhibit_move(struct es_app *app, int64_t initiative, int64_t id,
                             int64_t before, struct es_err *e)
{
    struct moving m = { initiative, id, before };
    return es_store_write(app->store,
                          &(struct es_write){ .apply = move, .arg = &m }, e);
}

static enum es_code drop(struct es_txn *tx, const struct es_blob *blob,
                         void *arg, struct es_err *e)
{
    const struct moving *m = arg;
    (void)blob;
    return es_txn_picture_drop(tx, m->initiative, m->id, e);
}

enum es_code es_exhibit_drop(struct es_app *app, int64_t initiative, int64_t id,
                             struct es_err *e)
{
    struct moving m = { initiative, id, 0 };
    enum es_code rc = es_store_write(
        app->store, &(struct es_write){ .apply = drop, .arg = &m }, e);
    return rc == ES_ENOENT ? ES_OK : rc;
}

/* ---- what stands above them ---- */

enum es_code es_exhibition(struct es_app *app, const struct es_initiative *ini,
                           struct es_arena *a, struct es_exhibition *out,
                           struct es_err *e)
{
    enum es_code rc = es_store_exhibition(app->store, ini->id, a, out, e);
    if (rc != ES_ENOENT)
        return rc;
    *out = (struct es_exhibition){
        .initiative = ini->id, .lang = ini->lang, .title = "", .about = ""
    };
    return ES_OK;
}

static bool spoken(const char *lang)
{
    for (size_t i = 0; i < es_spoken_n; i++)
        if (strcmp(es_spoken[i].tag, lang) == 0)
            return true;
    return false;
}

static enum es_code put_words(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_exhibition_put(tx, arg, e);
}

enum es_code es_exhibition_save(struct es_app *app, struct es_exhibition *x,
                                struct es_arena *a, struct es_field_errors *fe,
                                struct es_err *e)
{
    struct es_occasion o;
    enum es_code rc = x->occasion ? es_store_occasion(app->store, x->initiative,
                                                      x->occasion, a, &o, e)
                                  : ES_OK;
    if (rc == ES_ENOENT)
        es_field_errors_add(fe, "occasion", "unknown", NAN);
    else if (rc != ES_OK)
        return rc;
    if (!spoken(x->lang))
        es_field_errors_add(fe, "lang", "unknown", NAN);
    too_long(x->title, "title", ES_TITLE_MAX, fe);
    too_long(x->about, "about", ES_FACE_TRANSCRIPT, fe);
    if (fe->n)
        return es_fail(e, ES_EINVAL, 0, "exhibition");
    x->edited_ms = es_time_now_ms();
    return es_store_write(
        app->store, &(struct es_write){ .apply = put_words, .arg = x }, e);
}
