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

/* What stood in the way. Stored numbers: never renumber. */
enum es_mail_fault {
    ES_FAULT_NONE = 0,
    ES_FAULT_NAME = 1,      /* the server's name leads nowhere (DNS) */
    ES_FAULT_CONNECT = 2,   /* nobody answers there: refused */
    ES_FAULT_SILENT = 3,    /* it took too long */
    ES_FAULT_CERT = 4,      /* its certificate isn't good */
    ES_FAULT_TLS = 5,       /* it doesn't encrypt, or not as we do */
    ES_FAULT_LOGIN = 6,     /* user or password are not its */
    ES_FAULT_SENDER = 7,    /* it won't have our address as sender */
    ES_FAULT_RECIPIENT = 8, /* it won't have the address as recipient */
    ES_FAULT_CONTENT = 9,   /* it won't have what is in it */
    ES_FAULT_LATER = 10,    /* it wants to be asked again later */
    ES_FAULT_OTHER = 11,
    ES_FAULT_ADDRESS = 12, /* there is no such mailbox: one of RECIPIENT */
    ES_FAULTS = 13
};
/* Whether it is about the server, so the next mail would fare no better. */
bool es_fault_of_server(enum es_mail_fault f);

enum { ES_SMTP_SAID_MAX = 240 };
struct es_smtp_said {
    enum es_mail_fault fault;
    int32_t code;                 /* 550; 0: it answered nothing */
    char words[ES_SMTP_SAID_MAX]; /* its own, UTF-8 without controls; may repeat
                                the address; "" for none */
};

/* es_smtp_send, and what was said: all there is to know of how it went. */
enum es_code es_smtp_hand(const struct es_smtp *s, const char *to,
                          struct es_bytes message, struct es_smtp_said *said,
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
