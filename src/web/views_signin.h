/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the pages show on which people sign in, and see how they do. views.h
 * says what holds for all. */
#ifndef ES_WEB_VIEWS_SIGNIN_H
#define ES_WEB_VIEWS_SIGNIN_H

#include "web/views.h"

/* Where passkeys can be used: under a name, and over HTTPS or on this very
 * machine. */
enum es_view_passkeys {
    ES_VIEW_PASSKEYS_HERE,
    ES_VIEW_PASSKEYS_THERE, /* the same page under another address */
    ES_VIEW_PASSKEYS_NONE
};

/* What a form brought, to bring it again. */
struct es_view_kept_field {
    const char *name, *value;
};
struct es_view_kept {
    struct es_url action;
    const char *who; /* the account that entered it */
    const struct es_view_kept_field *rows;
    size_t n;
};

/* A button that asks the device. */
struct es_view_ask {
    const char *then;     /* a path of ours, to go on with; "" none */
    struct es_url action; /* where its answer goes */
    struct es_url ask;    /* which says what the device is asked */
    const char *error;    /* of the answer before; NULL: none */
    enum es_view_passkeys where;
    struct es_url there;    /* ES_VIEW_PASSKEYS_THERE: that address... */
    const char *there_text; /* ...in letters */
    bool make;              /* a new one */
    bool named;             /* new: its owner gives it a name */
    const char *name;       /* proposed */
    const struct es_view_kept *kept; /* goes with it; NULL: nothing */
};

struct es_view_sign_in { /* GET /organise/sign-in */
    struct es_view_frame frame;
    struct es_view_ask ask;
    struct es_url recover;
    struct es_view_field code;
};

struct es_view_sign_in_me { /* GET /e/{slug}/sign-in */
    struct es_view_frame frame;
    struct es_view_ask ask;
};

struct es_view_confirm { /* POST of what can't be undone */
    struct es_view_frame frame;
    struct es_view_kept kept;
    struct es_view_ask ask;
    bool has, has_codes; /* a passkey, a recovery code to show */
    struct es_view_field code;
    struct es_url back; /* without doing it */
};

struct es_view_passkey {
    const char *id; /* for the form */
    const char *name;
    int64_t created_ms, used_ms; /* used ES_NO_TIME: never */
    bool shared;                 /* kept beyond the device that made it */
    const char *field;           /* id of the field for another name */
    struct es_view_field other;  /* that name */
};
struct es_view_passkeys_page { /* GET /organise/passkeys, /me/passkeys */
    struct es_view_frame frame;
    bool staff;
    const char *zone;
    struct es_view_ask ask;
    struct es_url remove, rename;
    const char *remove_error; /* NULL: none */
    const struct es_view_passkey *rows;
    size_t n;
    bool full;           /* no more than these */
    struct es_url codes; /* staff: makes new recovery codes */
    int64_t codes_left;
    int64_t code_used_ms; /* ES_NO_TIME: never */
    struct es_url back;
};

struct es_view_codes { /* POST /organise/codes */
    struct es_view_frame frame;
    const char *const *codes;
    size_t n;
    const char *text; /* the same as a file */
    struct es_url back;
};

#endif
