/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signing in by a mail: a link that works once, for ten minutes, in the browser
 * that asked for it.
 *
 * Mail is often read elsewhere than where one asked. So a link comes with two
 * codes: one stands in the mail and signs in the browser that asked; the other
 * is shown by the browser that asked and signs in the one that opens the link.
 * Both, and the link itself, die with five wrong ones.
 *
 * Whoever asks, for whatever address, the same is done and kept: whether
 * somebody has that address is looked up when the mail is sent, and when a code
 * was right. */
#ifndef ES_AUTH_MAIL_LINK_H
#define ES_AUTH_MAIL_LINK_H

#include "auth/secret.h"
#include "store/mail.h"

enum { ES_MAIL_CODE_TEXT = 9 }; /* eight digits, which any keyboard has */

/* What waits to be mailed; strings in the arena. */
struct es_mail_ask {
    const char *address;
    const char *lang; /* of who asked */
    const char *secret, *code;
};

/* `browser` is the cookie of who asks. Durable when it returns ES_OK. */
struct es_link_asking {
    const char *address, *lang, *browser;
    int64_t now_ms;
};
ES_MUST_CHECK enum es_code es_mail_link_ask(struct es_store *s,
                                            const uint8_t key[ES_HASH],
                                            const struct es_link_asking *ask,
                                            struct es_err *e);
/* What is in a row that es_mail_link_ask wrote. False: not ours. */
bool es_mail_ask_open(const uint8_t key[ES_HASH], const struct es_mail_out *row,
                      struct es_arena *a, struct es_mail_ask *out);

/* The link of a secret, also one that has no tries left; *here: this is the
 * browser that asked. `browser` may be NULL. ES_ENOENT: unknown, used, late. */
ES_MUST_CHECK enum es_code
es_mail_link_find(struct es_store *s, const char *secret, const char *browser,
                  int64_t now_ms, struct es_arena *a, struct es_mail_link *out,
                  bool *here, struct es_err *e);
/* The last one that this browser asked for. ES_ENOENT. */
ES_MUST_CHECK enum es_code
es_mail_link_asked(struct es_store *s, const char *browser, int64_t now_ms,
                   struct es_arena *a, struct es_mail_link *out,
                   struct es_err *e);
/* The code that the browser which asked shows. */
void es_mail_link_shown(const uint8_t key[ES_HASH],
                        const struct es_mail_link *link,
                        char code[ES_MAIL_CODE_TEXT]);

/* What somebody has, to be signed in with a link. */
enum es_mail_proof {
    ES_PROOF_BROWSER, /* the link, in the browser that asked: no code */
    ES_PROOF_SHOWN,   /* the link elsewhere, and the code that is shown */
    ES_PROOF_MAILED   /* the browser that asked, and the code in the mail */
};
enum es_mail_answer {
    ES_MAIL_RIGHT,
    ES_MAIL_WRONG, /* one try less; at once none when it was the last */
    ES_MAIL_GONE   /* used, late, or tried too often */
};
/* Judges a code (digits of any of our languages, with spaces or without; NULL
 * where the proof needs none), and with `take` uses the link up when it is
 * right: of many at once one gets ES_MAIL_RIGHT. That it is the right browser
 * the caller has seen. */
struct es_mail_given {
    const struct es_mail_link *link;
    enum es_mail_proof proof;
    const char *code;
    bool take;
    int64_t now_ms;
};
ES_MUST_CHECK enum es_code es_mail_link_prove(struct es_store *s,
                                              const uint8_t key[ES_HASH],
                                              const struct es_mail_given *g,
                                              enum es_mail_answer *out,
                                              struct es_err *e);

#endif
