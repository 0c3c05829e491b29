/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* One run's way: bytes -> measure -> verdict -> store -> standings -> receipt.
 */
#ifndef ES_INITIATIVE_RUNS_H
#define ES_INITIATIVE_RUNS_H

#include "i18n/i18n.h"
#include "initiative/registration.h"
#include "initiative/rules.h"
#include "store/steps.h"

/* What a participant gets. Strings and arrays in the arena. */
struct es_receipt {
    struct es_run run;
    struct es_measure measure; /* of a typed-in run: what was typed */
    struct es_finding *findings;
    size_t n_findings;
    int64_t participant_total_mm;
    bool repeated; /* these bytes (or this key) had made this run before */
    struct es_step *steps; /* the oldest first; where es_receipt_steps of
                              review.h was asked for them */
    size_t n_steps;
};

/* One activity in an upload that holds several. */
struct es_offer {
    const char *member; /* NULL but in a zip */
    uint32_t activity;  /* the number to ask for: ?activity=N */
    enum es_code code;  /* != ES_OK: it could not be read */
    struct es_err err;
    struct es_measure m;
};

struct es_take {
    const struct es_participant *who;
    int fd; /* memfd with the bytes; sealed here if it isn't yet */
    size_t size;
    const char *file_name;       /* as cleaned by http, or NULL */
    int64_t activity;            /* >= 0: that one; ES_TAKE_ONLY: the only one;
                                    ES_TAKE_ALL: each one that can be read */
    const char *idempotency_key; /* or NULL; <= 255 bytes */
    const char *recording;       /* what its recorder called it while it told of
                                    it (live_runs.h), or NULL */
    int64_t received_ms; /* when it came in, if that is past (the demo's month);
                            0: now */
};
enum { ES_TAKE_ONLY = -1, ES_TAKE_ALL = -2 };

struct es_taken {
    struct es_receipt *receipts; /* n >= 1 when ES_OK */
    size_t n;
    struct es_offer *offers; /* filled on ES_ECONFLICT (several) and ES_OK */
    size_t n_offers;
};

/* Takes a file. Blocks until durable.
 * ES_OK        receipts (repeated says so)
 * ES_ECONFLICT several activities, and none was asked for: see offers
 * ES_EEXIST    the idempotency key was used with other bytes
 * ES_ENOENT    there is no such activity in it
 * ES_EBUSY, ES_EWORKER, ES_ECOMPLEX, ES_ETOOLARGE  see ingest and store
 * else         the file can't be read: code, offset and why in *e. */
ES_MUST_CHECK enum es_code es_runs_take(struct es_app *app,
                                        const struct es_take *t,
                                        struct es_arena *a,
                                        struct es_taken *out, struct es_err *e);

/* A typed-in run. NAN and ES_NO_TIME: not entered. */
struct es_typed {
    int64_t started_ms;
    double dist_m, elapsed_s;
    const char *sport;                     /* FIT's name; NULL or "": running */
    const char *note;                      /* or NULL */
    const char *idempotency_key;           /* or NULL */
    uint8_t body_hash[ES_HASH];            /* of the request, for the key */
    int64_t received_ms;                   /* as es_take has it */
    const struct es_picture_size *picture; /* evidence (evidence.h), or NULL */
};

/* The same as a person writes it: a date and a time in the initiative's zone,
 * a distance in `units`, a duration; figures as `lang` writes them. What can't
 * be read is an error at its field (date, time, distance, duration). */
struct es_typed_text {
    const char *date, *time, *distance, *duration;
    enum es_units units;
};
void es_typed_read(const struct es_typed_text *t, const char *lang,
                   const char *zone, struct es_typed *out,
                   struct es_field_errors *errors);

/* ES_EINVAL with errors (fields started_at, distance_m, elapsed_s, sport,
 * note; codes required, too_small, too_large, too_long, unknown) when
 * something must be mended. ES_EEXIST: the key was used with another body. */
ES_MUST_CHECK enum es_code
es_runs_type_in(struct es_app *app, const struct es_participant *who,
                const struct es_typed *t, struct es_arena *a,
                struct es_receipt *out, struct es_field_errors *errors,
                struct es_err *e);

/* The receipt now. */
ES_MUST_CHECK enum es_code
es_receipt_of(struct es_app *app, const struct es_run *run, struct es_arena *a,
              struct es_receipt *out, struct es_err *e);

/* The participant takes a run back; the same bytes may then come again.
 * ES_ENOENT unless it is `who`'s. Withdrawing twice is ES_OK. */
ES_MUST_CHECK enum es_code es_runs_withdraw(struct es_app *app,
                                            const struct es_participant *who,
                                            int64_t run, struct es_arena *a,
                                            struct es_receipt *out,
                                            struct es_err *e);

/* A refused run is put before a person, with the participant's words (may be
 * ""). A refusal by a person is decided by another, once.
 * ES_ECONFLICT when it isn't refused, or that has been decided; ES_EINVAL with
 * errors of the field words. */
ES_MUST_CHECK enum es_code
es_runs_appeal(struct es_app *app, const struct es_participant *who,
               int64_t run, const char *words, struct es_arena *a,
               struct es_receipt *out, struct es_field_errors *fe,
               struct es_err *e);

/* The participant answers what staff asked about the run.
 * ES_ECONFLICT when nothing is asked; ES_EINVAL as above. */
ES_MUST_CHECK enum es_code
es_runs_answer(struct es_app *app, const struct es_participant *who,
               int64_t run, const char *words, struct es_arena *a,
               struct es_receipt *out, struct es_field_errors *fe,
               struct es_err *e);

#endif
