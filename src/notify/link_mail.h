/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The mail that brings somebody back to their page. */
#ifndef ES_NOTIFY_LINK_MAIL_H
#define ES_NOTIFY_LINK_MAIL_H

#include "base/arena.h"
#include "notify/post.h"
#include "store/mail.h"

struct es_link_mail {
    const char *to; /* in the arena */
};
/* Appends the message for a row of auth/mail_link.h, in the language of who has
 * the address. It holds no name that a participant gave: else anybody could
 * have us mail words of theirs to anybody. ES_ENOENT: nobody has the address.
 * ES_EINVAL: the row is none of ours, or no mail can be made of it. */
ES_MUST_CHECK enum es_code
es_link_mail_write(const struct es_post *p, const struct es_mail_out *row,
                   int64_t now_ms, struct es_arena *a, struct es_link_mail *out,
                   struct es_buf *b, struct es_err *e);

#endif
