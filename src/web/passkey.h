/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* How a page and a device talk about passkeys: what the pages of web/signin.c
 * and web/passkeys.c share. Inside web/ only. */
#ifndef ES_WEB_PASSKEY_H
#define ES_WEB_PASSKEY_H

#include "initiative/passkeys.h"
#include "web/views_signin.h"
#include "web/web_int.h"

/* One asking: what for, of whom (owner: NULL where nobody knows yet), and
 * whether the device must make sure who holds it. */
struct es_web_ask {
    enum es_challenge_for what;
    const struct es_passkey_owner *owner;
    bool verified;
};

/* The button, on the page that stands under the path to which its answer
 * goes. */
struct es_view_ask es_web_ask_view(const struct es_req *q, struct es_url action,
                                   struct es_url ask);
/* Answers with what the device is to be asked, as JSON; `name` is what the
 * device calls a new passkey's owner. 503 where there can be no passkeys. */
ES_MUST_CHECK enum es_code es_web_ask_json(const struct es_req *q,
                                           struct es_resp *out,
                                           const struct es_web_ask *ask,
                                           const char *name, struct es_err *e);
/* What must be true of the form that came; owned by the request. False where
 * there can be no passkeys. */
bool es_web_ask_check(const struct es_req *q, const struct es_web_ask *ask,
                      struct es_passkey_check *out);
/* The form's fields. */
struct es_passkey_text es_web_ask_text(const struct es_req *q);
/* The passkey that signed, of staff or of participants. ES_EDENIED for all that
 * isn't one; the log has the reason. */
ES_MUST_CHECK enum es_code es_web_ask_answer(const struct es_req *q,
                                             const struct es_web_ask *ask,
                                             bool staff, struct es_passkey *out,
                                             struct es_err *e);
/* One sentence for every reason, so that it tells nobody what is known here. */
const char *es_web_passkey_refused(const struct es_req *q);
const char *es_web_code_refused(const struct es_req *q);

/* `text` when it is a path of the organiser's pages and nothing else, else
 * `other`: what came from a form or an address goes into a redirect. */
const char *es_web_then(const char *text, const char *other);

#endif
