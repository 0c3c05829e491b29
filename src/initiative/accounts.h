/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* People of staff: how they come, what they may do, how that ends. Whoever
 * calls has seen to it that the one who asks may; each change is noted in the
 * log of decisions under their name. */
#ifndef ES_INITIATIVE_ACCOUNTS_H
#define ES_INITIATIVE_ACCOUNTS_H

#include "initiative/registration.h"
#include "store/accounts.h"
#include "store/reports.h"

/* ---- coming ---- */

/* A set-up link that works once: for the account of that name, or with NULL
 * for the oldest operator; when there is none, for who then becomes it.
 * ES_ENOENT: no such account. */
ES_MUST_CHECK enum es_code es_setup_link(struct es_app *app, const char *name,
                                         int64_t lifetime_ms,
                                         char secret[ES_SECRET_TEXT],
                                         struct es_err *e);
/* Whose link it is: out->id 0 for who has no account yet. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_setup_who(struct es_app *app, const char *secret,
                                        struct es_arena *a,
                                        struct es_account *out,
                                        struct es_err *e);
/* Takes the link. Who has no account yet gets one of this name, becomes the
 * operator, and owner of each initiative that has none. ES_EINVAL with `fe`
 * (field "name"); the link then still works. */
struct es_newcomer {
    const char *name, *lang;
};
ES_MUST_CHECK enum es_code es_setup_take(struct es_app *app, const char *secret,
                                         const struct es_newcomer *in,
                                         struct es_arena *a,
                                         struct es_account *out,
                                         struct es_field_errors *fe,
                                         struct es_err *e);

/* A link that gives a role to who opens it; `name` says to whom it goes.
 * ES_EINVAL with `fe`; ES_ETOOLARGE: the initiative has too many already. */
struct es_inviting {
    int64_t by; /* account */
    int64_t initiative;
    int32_t role; /* es_role */
    const char *name;
};
ES_MUST_CHECK enum es_code
es_invite(struct es_app *app, const struct es_inviting *in, struct es_arena *a,
          char secret[ES_SECRET_TEXT], struct es_field_errors *fe,
          struct es_err *e);
ES_MUST_CHECK enum es_code es_uninvite(struct es_app *app, int64_t by,
                                       int64_t initiative, int64_t id,
                                       struct es_err *e);
ES_MUST_CHECK enum es_code
es_invitation_who(struct es_app *app, const char *secret, struct es_arena *a,
                  struct es_invitation *out, struct es_err *e);
/* Takes it for the account `as`, or with 0 for a new one of that name. Having
 * the role already is fine. ES_ENOENT, ES_EINVAL with `fe`. */
ES_MUST_CHECK enum es_code
es_invitation_take(struct es_app *app, const char *secret, int64_t as,
                   const struct es_newcomer *in, struct es_arena *a,
                   struct es_account *out, struct es_field_errors *fe,
                   struct es_err *e);

/* ---- going ---- */

/* Ends one role; that account's sessions end, for it to sign in anew.
 * ES_ECONFLICT: the last owner, or the last operator. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_role_end(struct es_app *app, int64_t by,
                                       int64_t initiative, int64_t account,
                                       int32_t role, struct es_err *e);
/* Ends an account with all its roles, sessions, passkeys and codes.
 * ES_ECONFLICT: the last operator, or the last owner somewhere. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_account_end(struct es_app *app, int64_t by,
                                          int64_t account, struct es_err *e);

/* ---- the operator ---- */

/* How many initiatives it may create. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_account_allow(struct es_app *app, int64_t by,
                                            int64_t account, int64_t may_create,
                                            struct es_err *e);
/* Makes `by` the owner of an initiative that has none. ES_ECONFLICT: it has. */
ES_MUST_CHECK enum es_code es_initiative_adopt(struct es_app *app, int64_t by,
                                               int64_t initiative,
                                               struct es_err *e);
/* why NULL: it goes on. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_initiative_suspend(struct es_app *app, int64_t by,
                                                 int64_t initiative,
                                                 const char *why,
                                                 struct es_err *e);
/* people_max 0: as many as come. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_initiative_quota(struct es_app *app, int64_t by,
                                               int64_t initiative,
                                               int64_t people_max,
                                               struct es_err *e);

#endif
