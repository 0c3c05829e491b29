/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Passkeys and recovery codes as they are kept: who has which, who comes in
 * by one, and that nobody of staff shuts themselves out. */
#ifndef ES_INITIATIVE_PASSKEYS_H
#define ES_INITIATIVE_PASSKEYS_H

#include "auth/passkey.h"
#include "auth/recovery.h"
#include "initiative/app.h"
#include "store/signin.h"

/* An answer, and what must be true of it. */
struct es_passkey_answer {
    const struct es_passkey_check *check;
    const struct es_passkey_text *text;
};

/* Keeps a new passkey of `owner` under a name; *fault says why not, for the
 * log. ES_EDENIED: the answer isn't believed; ES_EEXIST: somebody has it;
 * ES_ETOOLARGE: they have ES_PASSKEYS_MAX. */
ES_MUST_CHECK enum es_code
es_passkey_enrol(struct es_app *app, const struct es_passkey_answer *in,
                 struct es_passkey_owner owner, const char *name,
                 struct es_arena *a, enum es_passkey_fault *fault,
                 struct es_err *e);

/* Whose passkey has signed: its row as it was before. ES_EDENIED alike for one
 * that isn't known and one that isn't believed. */
ES_MUST_CHECK enum es_code
es_passkey_enter(struct es_app *app, const struct es_passkey_answer *in,
                 struct es_arena *a, struct es_passkey *out,
                 enum es_passkey_fault *fault, struct es_err *e);

/* Takes one of the owner's away. ES_ENOENT: it isn't theirs. ES_ECONFLICT: it
 * is an account's last, and it has no code left. */
ES_MUST_CHECK enum es_code es_passkey_remove(struct es_app *app,
                                             struct es_passkey_owner owner,
                                             struct es_bytes id,
                                             struct es_err *e);

/* Calls one of the owner's so. ES_ENOENT: it isn't theirs. */
ES_MUST_CHECK enum es_code
es_passkey_rename(struct es_app *app, struct es_passkey_owner owner,
                  struct es_bytes id, const char *name, struct es_err *e);

/* New recovery codes of an account; the old ones end. They are nowhere else. */
ES_MUST_CHECK enum es_code
es_recovery_make(struct es_app *app, int64_t account,
                 char codes[ES_RECOVERY_CODES][ES_RECOVERY_TEXT],
                 struct es_err *e);

/* Whose code this is: it is used up. ES_EDENIED alike for one that was used,
 * one that never was and what can't be one. */
ES_MUST_CHECK enum es_code es_recovery_enter(struct es_app *app,
                                             const char *text, int64_t *account,
                                             struct es_err *e);

/* The same of one account: ES_EDENIED also for another's, which stays. */
ES_MUST_CHECK enum es_code es_recovery_show(struct es_app *app, int64_t account,
                                            const char *text, struct es_err *e);

/* How an account stands. */
struct es_recovery_state {
    size_t left;
    int64_t used_ms; /* last; 0: never */
};
ES_MUST_CHECK enum es_code
es_recovery_state_of(struct es_app *app, int64_t account, struct es_arena *a,
                     struct es_recovery_state *out, struct es_err *e);

#endif
