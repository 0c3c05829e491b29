/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A mail server for a test: tests/mail/server.py. */
#ifndef ES_TESTS_MAIL_KIT_H
#define ES_TESTS_MAIL_KIT_H

#include "base/buf.h"

#include <sys/types.h>

struct mail_kit {
    pid_t pid;
    char dir[64];   /* where it keeps what it took */
    char url[64];   /* "smtp://127.0.0.1:PORT" */
    char cert[128]; /* its own, self-signed, for localhost; "" without TLS */
};

/* Starts one; `be` as the script says. tls: it wants STARTTLS. user: "A:B" or
 * NULL. The test is skipped where aiosmtpd isn't there. */
void mail_kit_start(struct mail_kit *k, const char *be, bool tls,
                    const char *user);
void mail_kit_stop(struct mail_kit *k);
/* How many mails it took. */
size_t mail_kit_count(const struct mail_kit *k);
/* The nth (from 1), or its envelope (sender, recipients..., "tls" or "plain",
 * greeting; a line each). The caller releases it. */
void mail_kit_mail(const struct mail_kit *k, size_t n, struct es_buf *out);
void mail_kit_envelope(const struct mail_kit *k, size_t n, struct es_buf *out);
/* Its text as it was meant: of quoted-printable. */
void mail_kit_text(const struct es_buf *mail, struct es_buf *out);

#endif
