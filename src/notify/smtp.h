/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Hands a mail to the next server. libcurl lives here only. */
#ifndef ES_NOTIFY_SMTP_H
#define ES_NOTIFY_SMTP_H

#include "base/bytes.h"
#include "base/err.h"

#include <stdbool.h>

/* Where mail goes. Off this machine it goes encrypted, to a server whose
 * certificate is good, or not at all. */
struct es_smtp {
    const char *url; /* "smtps://mail.example", "smtp://mail.example:587" */
    const char *user, *password; /* "": it asks for none */
    const char *sender;          /* an address */
    const char *hello;           /* what we call ourselves: a host */
    const char *ca_file;         /* NULL: whom the system trusts */
    unsigned send_s;             /* 0: ES_MAIL_SEND_S */
    bool here; /* the server is this machine: encrypted if it can be */
};

/* Whether url is one, and whether it leads to this machine. ES_EINVAL also for
 * one with a password in it, which everybody on the machine could see. */
ES_MUST_CHECK enum es_code es_smtp_url(const char *url, bool *here,
                                       struct es_err *e);

/* `message` whole, in lines that end with CRLF. ES_OK: the server has taken
 * it. ES_EDENIED: it will never take this one. ES_EBUSY: it may later (it is
 * not there, is slow, is full, wants to be asked again, isn't who it should
 * be). Takes ES_MAIL_SEND_S at most. e->msg names nobody. */
ES_MUST_CHECK enum es_code es_smtp_send(const struct es_smtp *s, const char *to,
                                        struct es_bytes message,
                                        struct es_err *e);
/* All of it but a mail: reaches the server, encrypts, signs in. ES_EBUSY. */
ES_MUST_CHECK enum es_code es_smtp_try(const struct es_smtp *s,
                                       struct es_err *e);

#endif
