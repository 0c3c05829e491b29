/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Forms into which several people write at once: nobody's work is lost.
 *
 * A form carries a stamp of what was kept when it was opened. When it comes
 * back, a field that only its sender changed is taken, one that only others
 * changed stays theirs, and one that both changed to different things is shown
 * to the sender, both ways, for them to choose. Between reading what is kept
 * and writing it, es_initiative.edition sees to it that nothing slips in. */
#ifndef ES_INITIATIVE_EDITED_H
#define ES_INITIATIVE_EDITED_H

#include "base/arena.h"
#include "base/buf.h"

struct es_edit {
    const char *name; /* of the input */
    const char *now;  /* what is kept, as the input would show it */
    const char *mine; /* what came, cleaned as what is kept was */
    bool theirs;      /* the sender has seen both and chose `now` */
    /* From es_edit_merge: */
    const char *keep; /* to be kept: mine or now */
    bool clash;       /* both changed it; keep is mine */
};

/* What the form carries: of `now` of each field. In `a`; "" when out of
 * memory, which makes every change a clash. */
const char *es_edit_stamp(struct es_arena *a, const struct es_edit *v,
                          size_t n);
/* Fills `keep` and `clash` of each; the number of clashes. A stamp that isn't
 * of these fields, or NULL, vouches for nothing: what differs clashes. */
size_t es_edit_merge(struct es_edit *v, size_t n, const char *stamp);

/* A person's words as they are kept: NFC, cleaned (base/utf8.h), "" when
 * nothing of them is seen; `lines` keeps line feeds. In `a`; NULL when out of
 * memory. */
const char *es_edit_words(struct es_arena *a, const char *s, bool lines);

#endif
