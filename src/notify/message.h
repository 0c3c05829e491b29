/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A mail as its bytes: RFC 5322, plain text, to one person. */
#ifndef ES_NOTIFY_MESSAGE_H
#define ES_NOTIFY_MESSAGE_H

#include "base/buf.h"

/* One address that can stand in SMTP and in a header as it is: a dot-atom, "@"
 * and names of letters, digits and hyphens, up to ES_MAIL_MAX bytes. What has
 * quotes, comments, other letters or a second address is none. */
bool es_mail_address_ok(const char *s);

/* "runs@run.example" or "Name <runs@run.example>", name in any script. */
struct es_mail_sender {
    struct es_bytes name; /* within the text; empty for none */
    char address[256];
};
/* False, with *out untouched, when it is neither, or holds a control. */
bool es_mail_sender_of(const char *text, struct es_mail_sender *out);

struct es_mail {
    const struct es_mail_sender *from;
    const char *to; /* one address */
    const char *subject;
    const char *lang;   /* of subject and text, BCP 47 */
    const char *text;   /* UTF-8; lines end with \n */
    const char *origin; /* "https://run.example": the right of Message-ID */
    int64_t id;         /* its left: the same for each try */
    int64_t at_ms;
    const char *stop; /* address that ends such mails with one POST (RFC 8058);
                         NULL: this one is necessary */
};
/* Appends the message; its lines end with CRLF and have 76 characters at most.
 * b->bad: no room, an address that isn't one, or a control in the subject. */
void es_mail_write(const struct es_mail *m, struct es_buf *b);

#endif
