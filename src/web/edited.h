/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A form into which several of staff may write at once (initiative/edited.h):
 *
 *     struct es_web_edit w = { .q = q };
 *     es_web_edit_add(&w, "title", ini.title, ES_EDIT_LINE);
 *     ...
 *     if (es_web_edit_merge(&w))   (a POST) clashes: show it again, with 409
 *     ini.title = es_web_edit_kept(&w, "title");
 *     es_initiative_save(...)      ES_ECONFLICT: read anew, begin again
 *
 * The page has `was` (es_web_edit_stamp) as a hidden field, and after each
 * input calls es_part_theirs. The route takes the fields "was" and
 * "theirs_*" besides its own. */
#ifndef ES_WEB_EDITED_H
#define ES_WEB_EDITED_H

#include "initiative/edited.h"
#include "web/web_int.h"

enum { ES_EDITS_MAX = 96 };
enum es_edit_how { ES_EDIT_LINE, ES_EDIT_LINES, ES_EDIT_AS_IT_IS };

struct es_web_edit {
    const struct es_req *q;
    struct es_edit v[ES_EDITS_MAX];
    size_t n;
    size_t clashes; /* of the merge */
};

/* One field, with what is kept now. At most ES_EDITS_MAX. */
void es_web_edit_add(struct es_web_edit *w, const char *name, const char *now,
                     enum es_edit_how how);
/* The same where the handler composes both of several inputs. */
void es_web_edit_put(struct es_web_edit *w, const char *name, const char *now,
                     const char *mine);
/* Takes in what the form brought; the number of clashes. */
size_t es_web_edit_merge(struct es_web_edit *w);
/* What is to be kept; before es_web_edit_merge what is. */
const char *es_web_edit_kept(const struct es_web_edit *w, const char *name);
/* The field as it is shown: the sender's words, and others' beside them. */
struct es_view_edited es_web_edit_field(const struct es_web_edit *w,
                                        const char *name,
                                        const struct es_field_errors *fe);
const char *es_web_edit_stamp(const struct es_web_edit *w);
/* The sentence above such a form: who else wrote. */
const char *es_web_edit_notice(const struct es_web_edit *w,
                               const struct es_initiative *now);

#endif
