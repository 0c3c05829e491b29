/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A person joins. */
#ifndef ES_INITIATIVE_REGISTRATION_H
#define ES_INITIATIVE_REGISTRATION_H

#include "initiative/app.h"

/* What was entered, as it came; NULL is the same as "". */
struct es_join {
    const char *display_name, *country, *team_code, *category, *birth_year,
        *guardian_contact, *email, *lang, *visibility;
    const char *team;      /* the id of an open one, instead of a code */
    const char *age_group; /* its lower bound */
    const char *consents;  /* JSON object {purpose: version} */
    bool mail;             /* mail can be sent: a guardian is asked by it */
    int64_t account;       /* of staff, who joins too; 0: nobody of them */
    /* By staff, for others: */
    int64_t into; /* the team they are put in; -1: one that is to be made */
    bool school;  /* staff has a guardian's consent for who is young, and for
                     who gave no age */
};

/* One thing to mend. `code` is stable; words.h makes the sentence. */
struct es_field_error {
    const char *field; /* the name of the input */
    const char *code;  /* required too_long too_short invalid unknown ... */
    double limit;      /* where the code has one, else NAN */
};
enum { ES_FIELD_ERRORS_MAX = 16 };
struct es_field_errors {
    struct es_field_error v[ES_FIELD_ERRORS_MAX];
    size_t n;
};
void es_field_errors_add(struct es_field_errors *fe, const char *field,
                         const char *code, double limit);
/* The code of the first error of a field, or NULL. */
const char *es_field_errors_of(const struct es_field_errors *fe,
                               const char *field);

/* Whether it looks like one mail address. */
bool es_mail_ok(const char *s);

struct es_joined {
    struct es_participant p;    /* strings in the arena */
    char token[ES_SECRET_TEXT]; /* for programs */
    char link[ES_SECRET_TEXT];  /* the personal link's secret */
};

/* ES_EINVAL with `errors` filled when something must be mended; ES_EDENIED
 * when the initiative takes nobody now, ES_ETOOLARGE when it is full and has no
 * list of those who wait, or that is full. Else they have a place or wait for
 * one (es_participant.state). Durable when it returns ES_OK. */
ES_MUST_CHECK enum es_code
es_register(struct es_app *app, const struct es_initiative *ini,
            const struct es_join *in, struct es_arena *a, struct es_joined *out,
            struct es_field_errors *errors, struct es_err *e);

/* A browser session (or another credential) for a subject: its secret. */
ES_MUST_CHECK enum es_code
es_credential_issue(struct es_app *app, enum es_cred_kind kind,
                    int64_t initiative, int64_t subject, int64_t lifetime_ms,
                    char secret[ES_SECRET_TEXT], struct es_err *e);
/* Takes a secret that works once, and is gone when this returns ES_OK. */
ES_MUST_CHECK enum es_code es_credential_use(struct es_app *app,
                                             const char *secret,
                                             enum es_cred_kind kind,
                                             struct es_err *e);
ES_MUST_CHECK enum es_code
es_credential_revoke(struct es_app *app, const char *secret, struct es_err *e);
/* Who presents this secret; ES_ENOENT when nobody. */
ES_MUST_CHECK enum es_code es_credential_who(struct es_app *app,
                                             const char *secret,
                                             enum es_cred_kind kind,
                                             struct es_credential *out,
                                             struct es_err *e);

#endif
