/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What is kept. One face, backends behind it (sqlite/ now). All of it is
 * thread-safe; reads never wait for the writer.
 *
 * Strings read from the store live in the arena given to the call. Ids are
 * made by the caller (es_id_new). Times are UTC milliseconds, distances whole
 * millimetres, durations milliseconds. A row that isn't there is ES_ENOENT. */
#ifndef ES_STORE_STORE_H
#define ES_STORE_STORE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct es_store;
struct es_txn; /* a write in progress; only inside an es_write_fn */

/* ---- opening ---- */

/* `dir` holds everystep.db and the segment files; made when absent (0700).
 * Applies missing migrations (db/migrations, compiled in), recovers segments,
 * starts the writer thread. A newer schema than ours: ES_ECONFLICT. */
ES_MUST_CHECK enum es_code es_store_open(const char *dir, struct es_store **out,
                                         struct es_err *e);
/* Takes the folder, made when absent, for one server: *fd holds it until it and
 * all that were inherited are closed, so that a death gives it back. Commands
 * that work beside a server don't ask. Another has it, still after wait_ms:
 * ES_EBUSY. ES_EIO; then *fd is -1. */
ES_MUST_CHECK enum es_code es_store_lock(const char *dir, int64_t wait_ms,
                                         int *fd, struct es_err *e);
/* Finishes accepted writes, then closes. NULL is legal. Nobody else may be
 * inside the store by then. */
void es_store_close(struct es_store *s);

/* ---- records ---- */

/* Stored numbers: never renumber. */
enum es_initiative_state {
    ES_INI_DRAFT = 0,
    ES_INI_PUBLISHED = 1, /* announced; registration open, runs not yet */
    ES_INI_OPEN = 2,
    ES_INI_CLOSED = 3,
    ES_INI_FINAL = 4
};

struct es_initiative {
    int64_t id;
    const char *slug; /* a-z 0-9 -, <= 60, unique on the instance */
    const char *title;
    const char *purpose; /* Markdown (html/markdown.h) */
    const char *holder;  /* who holds it, as written by the organiser */
    const char *contact; /* mail or address shown, "" when none */
    const char *lang;    /* BCP 47, the texts' language */
    const char *zone;    /* IANA name shown beside times, "UTC" */
    int64_t opens_ms;    /* window of runs: started in [opens, closes) */
    int64_t closes_ms;
    int64_t goal_mm; /* 0 = none */
    int64_t created_ms;
    int32_t state; /* es_initiative_state */
    int32_t rules_version;
    const char *rules;    /* JSON, see initiative/rules.h */
    const char *consents; /* JSON array of {purpose, version, required, url} */
    /* JSON; NULL writes "{}". */
    const char *face;  /* see initiative/face.h */
    const char *texts; /* in further languages: initiative/texts.h */
    const char *way;   /* along which the total moves: initiative/way.h */
    bool alone;        /* its programme is all there is: nobody runs */
    int64_t edition;   /* that was read, 1..; 0 writes over any */
    int64_t edited_by; /* account; 0: the instance */
    int64_t edited_ms;
    /* Read only: the operator's (es_txn_initiative_suspend, ..._quota). */
    int64_t suspended_ms; /* 0: it isn't */
    const char *suspended_why;
    int64_t people_max; /* participants; 0: as many as come */
};

struct es_team {
    int64_t initiative, id;
    const char *name;
    const char *code; /* unique in the initiative, compared without case */
    bool open;        /* who registers may choose it, without the code */
    int64_t captain;  /* a participant; 0: none */
};

/* Stored numbers: never renumber. */
enum es_visibility {
    ES_VIS_NAME = 0,
    ES_VIS_INITIALS = 1,
    ES_VIS_HIDDEN = 2,
    ES_VIS_STAFF = 4 /* added to the others: people of staff took the name
                        down; what its owner chose stays known */
};

/* Stored numbers: never renumber. */
enum es_person_state {
    ES_PERSON_IN = 0,
    ES_PERSON_WAITS = 1, /* for a place; has a bib, but takes no part yet */
    ES_PERSON_GONE = 2   /* left or was removed: a row without a person */
};
/* How a parent or guardian agreed. Stored numbers: never renumber. */
enum es_guardian {
    ES_GUARDIAN_NONE = 0,     /* none is needed, or nobody said so */
    ES_GUARDIAN_DECLARED = 1, /* who registered says so */
    ES_GUARDIAN_ASKED = 2,    /* a mail went out; no name is shown before */
    ES_GUARDIAN_AGREED = 3,   /* by the link in it */
    ES_GUARDIAN_SCHOOL = 4    /* the school has it on paper */
};

struct es_participant {
    int64_t initiative, id;
    int64_t bib; /* 1.., given by es_txn_participant_add */
    const char *display_name;
    const char *country;  /* ISO 3166-1 alpha-2, "" when not given */
    int64_t team;         /* 0 = none */
    const char *category; /* "" when none */
    int32_t birth_year;   /* 0 = not given */
    int32_t visibility;   /* es_visibility, perhaps with ES_VIS_STAFF */
    const char *guardian_contact, *email; /* "" when not given */
    const char *lang;
    const char *consents; /* JSON object {purpose: version} */
    int64_t created_ms;
    int32_t state;     /* es_person_state */
    int32_t guardian;  /* es_guardian */
    int32_t age_group; /* 1 + its lower bound in years; 0: not given */
};

/* Stored numbers: never renumber. */
enum es_run_status {
    ES_RUN_ACCEPTED = 0,
    ES_RUN_IN_REVIEW = 1,
    ES_RUN_REFUSED = 2,
    ES_RUN_WITHDRAWN = 3
};
/* Stored numbers: never renumber. */
enum es_run_kind { ES_KIND_FILE = 0, ES_KIND_TYPED = 1, ES_KIND_LIVE = 2 };

/* Where the original bytes are; segment 0 = none (typed in). The key is the
 * blob's own: who deletes the row has deleted the bytes. */
struct es_blob {
    int64_t segment, offset, length; /* length of the plain bytes */
    uint8_t key[32];
    uint8_t hash[32]; /* BLAKE2b-256 of the plain bytes */
};

struct es_run {
    int64_t initiative, id, participant;
    const char *code; /* public, /r/{code} */
    int32_t kind, status;
    int32_t provenance; /* enum es_provenance of track/provenance.h */
    int64_t received_ms, started_ms; /* started: ES_NO_TIME when unknown */
    int64_t dist_mm;                 /* measured or typed */
    int64_t counted_mm, time_ms; /* what counts; kept when not accepted, too */
    int32_t rules_version;
    uint32_t activity; /* which of the file's activities */
    const char *file_name, *member, *note;
    struct es_bytes measure;  /* track/wire.h; empty for typed */
    struct es_bytes findings; /* track/wire.h, track's and rules' together */
    struct es_blob blob;
};

/* A picture, a video or its captions, shown with an initiative. The bytes lie
 * where uploads lie, and are read with es_store_blob_read; of a medium in
 * pieces `blob` has only the length and a hash (store/media.h reads it). */
struct es_media {
    int64_t initiative, id;
    const char *kind; /* "picture", "video", "captions": stable words */
    const char *type; /* media type, "image/webp" */
    const char *name; /* as it is called by who brought it */
    int64_t created_ms;
    int64_t of;            /* the picture that this is another size of; 0 */
    int32_t width, height; /* pixels of a picture; 0: not known */
    int32_t pieces;        /* in which its bytes lie; 0: in one blob */
    struct es_blob blob;
};

/* The shape of a run that its owner shows, and a circle in which nothing of
 * that person is shown; both sealed by who writes them. */
struct es_shown_route {
    int64_t initiative, participant, run;
    int64_t shown_ms;
    struct es_bytes line;
};
struct es_zone {
    int64_t initiative, participant, id;
    struct es_bytes circle;
};

/* Stored numbers: never renumber. */
enum es_cred_kind {
    ES_CRED_TOKEN = 0,    /* API bearer token of a participant */
    ES_CRED_LINK = 1,     /* personal link of a participant */
    ES_CRED_SESSION = 2,  /* browser session of a participant */
    ES_CRED_SETUP = 3,    /* one-time link to sign in as an account */
    ES_CRED_ORGANISER = 4 /* browser session of an account */
};
/* How somebody showed who they are. Stored numbers: never renumber. */
enum es_signed_by {
    ES_BY_UNKNOWN = 0, /* before this was noted */
    ES_BY_LINK = 1,    /* personal or set-up link, invitation */
    ES_BY_PASSKEY = 2,
    ES_BY_RECOVERY = 3,
    ES_BY_MAIL = 4,
    ES_BY_JOINING = 5
};
enum { ES_BROWSER_TEXT = 48 };
struct es_credential {
    uint8_t hash[32]; /* of the secret; the secret itself is nowhere */
    int32_t kind;
    int32_t fresh_by;            /* es_signed_by */
    int64_t initiative, subject; /* participant; or 0 and an account, or 0 for
                                    who has no account yet */
    int64_t created_ms, expires_ms; /* expires 0 = never */
    /* Of sessions; 0 and "" is fine for all others. */
    int64_t id;       /* names it where it is listed; no secret */
    int64_t seen_ms;  /* last; at most minutes late */
    int64_t idle_ms;  /* ends so long after it was seen; 0 = doesn't */
    int64_t fresh_ms; /* when they last showed who they are */
    char browser[ES_BROWSER_TEXT]; /* "Firefox, Android" */
};

struct es_ledger_entry {
    int64_t initiative, id, run, participant;
    int64_t delta_mm, delta_ms; /* ms of counted running time */
    int32_t delta_runs;         /* +1, -1 or 0 */
    int64_t at_ms;
    const char *actor;  /* "system", "participant", "organiser", "recount" */
    const char *reason; /* "accepted", "withdrawn", ... stable words */
};

/* ---- reading ---- */

ES_MUST_CHECK enum es_code
es_store_initiative(struct es_store *s, const char *slug, struct es_arena *a,
                    struct es_initiative *out, struct es_err *e);
ES_MUST_CHECK enum es_code
es_store_initiative_by_id(struct es_store *s, int64_t id, struct es_arena *a,
                          struct es_initiative *out, struct es_err *e);
/* All, newest first; at most `max`. */
ES_MUST_CHECK enum es_code es_store_initiatives(struct es_store *s, size_t max,
                                                struct es_arena *a,
                                                struct es_initiative **out,
                                                size_t *n, struct es_err *e);
ES_MUST_CHECK enum es_code
es_store_teams(struct es_store *s, int64_t initiative, struct es_arena *a,
               struct es_team **out, size_t *n, struct es_err *e);
ES_MUST_CHECK enum es_code
es_store_team_by_code(struct es_store *s, int64_t initiative, const char *code,
                      struct es_arena *a, struct es_team *out,
                      struct es_err *e);
ES_MUST_CHECK enum es_code es_store_participant(struct es_store *s,
                                                int64_t initiative, int64_t id,
                                                struct es_arena *a,
                                                struct es_participant *out,
                                                struct es_err *e);
/* Live, unexpired at now_ms and of that kind; else ES_ENOENT. */
ES_MUST_CHECK enum es_code es_store_credential(struct es_store *s,
                                               const uint8_t hash[32],
                                               int32_t kind, int64_t now_ms,
                                               struct es_credential *out,
                                               struct es_err *e);
ES_MUST_CHECK enum es_code es_store_run(struct es_store *s, int64_t initiative,
                                        int64_t id, struct es_arena *a,
                                        struct es_run *out, struct es_err *e);
/* By public code, across initiatives. */
ES_MUST_CHECK enum es_code
es_store_run_by_code(struct es_store *s, const char *code, struct es_arena *a,
                     struct es_run *out, struct es_err *e);
/* The live (not withdrawn) run that this person's same bytes made. */
ES_MUST_CHECK enum es_code
es_store_run_by_upload(struct es_store *s, int64_t initiative,
                       int64_t participant, const uint8_t hash[32],
                       uint32_t activity, struct es_arena *a,
                       struct es_run *out, struct es_err *e);
/* A person's runs, newest first, ids below `before` (0 = from the newest). */
ES_MUST_CHECK enum es_code
es_store_runs_of(struct es_store *s, int64_t initiative, int64_t participant,
                 int64_t before, size_t max, struct es_arena *a,
                 struct es_run **out, size_t *n, struct es_err *e);
/* What of a person's runs counts, and when: without the runs' measures. The
 * newest first; at most `max`. */
struct es_counted {
    int64_t started_ms, counted_mm;
};
ES_MUST_CHECK enum es_code
es_store_counted_of(struct es_store *s, int64_t initiative, int64_t participant,
                    size_t max, struct es_arena *a, struct es_counted **out,
                    size_t *n, struct es_err *e);
/* An initiative's runs of one status, newest first, likewise. */
ES_MUST_CHECK enum es_code
es_store_runs_with(struct es_store *s, int64_t initiative, int32_t status,
                   int64_t before, size_t max, struct es_arena *a,
                   struct es_run **out, size_t *n, struct es_err *e);
/* ES_ENOENT when nobody has this bib. */
ES_MUST_CHECK enum es_code
es_store_participant_by_bib(struct es_store *s, int64_t initiative, int64_t bib,
                            struct es_arena *a, struct es_participant *out,
                            struct es_err *e);
/* People with ids above `after`, in id order; at most `max`. */
ES_MUST_CHECK enum es_code
es_store_participants_after(struct es_store *s, int64_t initiative,
                            int64_t after, size_t max, struct es_arena *a,
                            struct es_participant **out, size_t *n,
                            struct es_err *e);
/* Ids of the people who have, for each of the n words (1 ..
 * ES_SEARCH_WORDS), a word that begins so; at most `max`, in the order of the
 * longest word's continuations. The words are folded (i18n.h), not empty. */
ES_MUST_CHECK enum es_code
es_store_search(struct es_store *s, int64_t initiative,
                const char *const *words, size_t n_words, size_t max,
                struct es_arena *a, int64_t **out, size_t *n, struct es_err *e);
ES_MUST_CHECK enum es_code
es_store_media(struct es_store *s, int64_t initiative, int64_t id,
               struct es_arena *a, struct es_media *out, struct es_err *e);
/* All of an initiative, oldest first. */
ES_MUST_CHECK enum es_code
es_store_media_of(struct es_store *s, int64_t initiative, struct es_arena *a,
                  struct es_media **out, size_t *n, struct es_err *e);
ES_MUST_CHECK enum es_code
es_store_route(struct es_store *s, int64_t initiative, int64_t participant,
               int64_t run, struct es_arena *a, struct es_shown_route *out,
               struct es_err *e);
/* The original bytes, decrypted and checked against their hash; *out is
 * initialised here. ES_EIO when they are damaged. */
ES_MUST_CHECK enum es_code es_store_blob_read(struct es_store *s,
                                              const struct es_blob *b,
                                              struct es_buf *out,
                                              struct es_err *e);
/* A value of the instance (server key, flags). ES_ENOENT. */
ES_MUST_CHECK enum es_code es_store_meta(struct es_store *s, const char *key,
                                         struct es_arena *a,
                                         struct es_bytes *out,
                                         struct es_err *e);

/* Each participant with the sums of their accepted runs, in id order, for the
 * standings at start and for `recount`. The callback returns ES_OK to go on. */
struct es_participant_sum {
    struct es_participant p;
    int64_t dist_mm, time_ms, runs;            /* of accepted runs */
    int64_t live_mm, reexported_mm, typed_mm;  /* of dist_mm */
    int64_t ledger_mm, ledger_ms, ledger_runs; /* of the ledger */
    int64_t sent;    /* runs, whatever became of them */
    int64_t waiting; /* in review */
};
typedef enum es_code es_sum_fn(const struct es_participant_sum *row, void *arg,
                               struct es_err *e);
ES_MUST_CHECK enum es_code es_store_each_sum(struct es_store *s,
                                             int64_t initiative, es_sum_fn *fn,
                                             void *arg, struct es_err *e);
/* The sketches of all initiatives. The callback returns ES_OK to go on. */
typedef enum es_code es_sketch_fn(int64_t run, struct es_bytes marks, void *arg,
                                  struct es_err *e);
ES_MUST_CHECK enum es_code es_store_each_sketch(struct es_store *s,
                                                es_sketch_fn *fn, void *arg,
                                                struct es_err *e);
/* The runs that a run was found to be the same recording as. */
ES_MUST_CHECK enum es_code es_store_alike(struct es_store *s,
                                          int64_t initiative, int64_t run,
                                          struct es_arena *a, int64_t **out,
                                          size_t *n, struct es_err *e);
/* es_store_each_sum's row of one participant; strings in `a`. */
ES_MUST_CHECK enum es_code
es_store_sum_of(struct es_store *s, int64_t initiative, int64_t participant,
                struct es_arena *a, struct es_participant_sum *out,
                struct es_err *e);

/* What changed, for those who keep derived things (standings, jobs). Ids rise
 * in the order of commits, whatever process wrote, so who remembers the last
 * id seen misses nothing. */
struct es_outbox_entry {
    int64_t initiative, id;
    int64_t at_ms;
    bool own; /* written through this es_store, not by another process */
    const char *kind; /* "initiative", "participant", ... stable words */
    struct es_bytes payload;
};
/* Entries with ids above `after`, in order; at most `max`. */
ES_MUST_CHECK enum es_code es_store_outbox_after(struct es_store *s,
                                                 int64_t after, size_t max,
                                                 struct es_arena *a,
                                                 struct es_outbox_entry **out,
                                                 size_t *n, struct es_err *e);
/* The newest id; 0 when there is none. */
ES_MUST_CHECK enum es_code es_store_outbox_last(struct es_store *s, int64_t *id,
                                                struct es_err *e);

/* ---- writing ---- */

/* One change, whole or not at all. `apply` runs on the writer thread inside a
 * savepoint of a group's transaction; it may be run again (a busy database),
 * so it must depend only on `arg` and what it reads through tx. When it
 * returns anything but ES_OK its changes are undone and that code is the
 * answer. `committed` (may be NULL) runs on the writer thread after the
 * group's commit is durable, in commit order, before the caller is woken:
 * the place where the standings learn of it. `blob` says where the upload is;
 * NULL without one. */
typedef enum es_code es_write_fn(struct es_txn *tx, const struct es_blob *blob,
                                 void *arg, struct es_err *e);
struct es_write {
    es_write_fn *apply;
    void (*committed)(void *arg);
    void *arg;
    struct es_bytes upload; /* when n > 0: encrypted, appended to a segment and
                               synced before `apply` sees its es_blob */
    uint8_t upload_hash[32];
    bool apart; /* it goes to a segment where no run lies, so that a film that
                   is dropped gives its disk back (es_store_sweep) */
};
/* Blocks until the change is durable or has failed. ES_EBUSY: too many are
 * waiting, or the disk is full (nothing was written: try again later). After a
 * failed sync the process exits (DESIGN.md: exit and recover). */
ES_MUST_CHECK enum es_code
es_store_write(struct es_store *s, const struct es_write *w, struct es_err *e);

/* Inside apply. Adding what is there already: ES_EEXIST. */
ES_MUST_CHECK enum es_code
es_txn_initiative_put(struct es_txn *tx, const struct es_initiative *i,
                      struct es_err *e); /* inserts or updates by id; when it
                                            has another edition by now:
                                            ES_ECONFLICT */
ES_MUST_CHECK enum es_code
es_txn_team_add(struct es_txn *tx, const struct es_team *t, struct es_err *e);
/* Gives the next bib of the initiative, into *bib. Of one who gave a mail
 * address the outbox gets a "joined" with their id in decimal. */
ES_MUST_CHECK enum es_code
es_txn_participant_add(struct es_txn *tx, const struct es_participant *p,
                       int64_t *bib, struct es_err *e);
/* What others see of their name (es_visibility). ES_ENOENT. */
ES_MUST_CHECK enum es_code es_txn_participant_shown(struct es_txn *tx,
                                                    int64_t initiative,
                                                    int64_t id, int32_t how,
                                                    struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_credential_add(struct es_txn *tx,
                                                 const struct es_credential *c,
                                                 struct es_err *e);
/* ES_ENOENT when it was not there: so a one-time secret works once. */
ES_MUST_CHECK enum es_code es_txn_credential_drop(struct es_txn *tx,
                                                  const uint8_t hash[32],
                                                  struct es_err *e);
/* A word of a person's public name, folded; there already is fine. */
ES_MUST_CHECK enum es_code es_txn_word_put(struct es_txn *tx,
                                           int64_t initiative, const char *word,
                                           int64_t participant,
                                           struct es_err *e);
/* All of a person's words, before others take their place or none. */
ES_MUST_CHECK enum es_code es_txn_words_drop(struct es_txn *tx,
                                             int64_t initiative,
                                             int64_t participant,
                                             struct es_err *e);
/* m->blob is what es_write_fn got. ES_EEXIST. */
ES_MUST_CHECK enum es_code
es_txn_media_add(struct es_txn *tx, const struct es_media *m, struct es_err *e);
/* With its other sizes, pieces and all keys, so with its bytes. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_txn_media_drop(struct es_txn *tx,
                                             int64_t initiative, int64_t id,
                                             struct es_err *e);
/* Puts a run's route, or another in its place. */
ES_MUST_CHECK enum es_code es_txn_route_put(struct es_txn *tx,
                                            const struct es_shown_route *r,
                                            struct es_err *e);
/* ES_ENOENT when it was not shown. */
ES_MUST_CHECK enum es_code es_txn_route_drop(struct es_txn *tx,
                                             int64_t initiative,
                                             int64_t participant, int64_t run,
                                             struct es_err *e);
/* A person's, in the order of their ids. */
ES_MUST_CHECK enum es_code
es_txn_routes_of(struct es_txn *tx, int64_t initiative, int64_t participant,
                 struct es_arena *a, struct es_shown_route **out, size_t *n,
                 struct es_err *e);
ES_MUST_CHECK enum es_code
es_txn_zones_of(struct es_txn *tx, int64_t initiative, int64_t participant,
                struct es_arena *a, struct es_zone **out, size_t *n,
                struct es_err *e);
/* A zone never goes and never moves. ES_EEXIST. */
ES_MUST_CHECK enum es_code
es_txn_zone_add(struct es_txn *tx, const struct es_zone *z, struct es_err *e);
/* What copies of a run are found by (copies/copies.h); there already: in its
 * place. Not there is fine to drop, and ES_ENOENT to read; with it goes which
 * runs it was found to be alike to, and they to it. */
ES_MUST_CHECK enum es_code es_txn_sketch_put(struct es_txn *tx,
                                             int64_t initiative, int64_t run,
                                             struct es_bytes marks,
                                             struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_sketch_drop(struct es_txn *tx,
                                              int64_t initiative, int64_t run,
                                              struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_sketch(struct es_txn *tx, int64_t initiative,
                                         int64_t run, struct es_arena *a,
                                         struct es_bytes *out,
                                         struct es_err *e);
/* That a run was found to be the same recording as another. */
ES_MUST_CHECK enum es_code es_txn_alike_put(struct es_txn *tx,
                                            int64_t initiative, int64_t run,
                                            int64_t other, struct es_err *e);
/* Also takes (initiative, participant, blob.hash, activity) for file runs, so
 * the same bytes again are ES_EEXIST until the run is withdrawn. */
ES_MUST_CHECK enum es_code
es_txn_run_add(struct es_txn *tx, const struct es_run *r, struct es_err *e);
/* Another person's live run made of the same bytes; ES_ENOENT. */
ES_MUST_CHECK enum es_code
es_txn_upload_of_other(struct es_txn *tx, int64_t initiative,
                       int64_t participant, const uint8_t hash[32],
                       int64_t *run, struct es_err *e);
/* This person's accepted or waiting run that takes place, at least in part,
 * between the two moments; ES_ENOENT. */
ES_MUST_CHECK enum es_code es_txn_run_between(struct es_txn *tx,
                                              int64_t initiative,
                                              int64_t participant,
                                              int64_t from_ms, int64_t to_ms,
                                              int64_t *run, struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_run(struct es_txn *tx, int64_t initiative,
                                      int64_t id, struct es_arena *a,
                                      struct es_run *out, struct es_err *e);
/* Status, counted_mm, time_ms, findings, note and rules_version of a run;
 * withdrawing frees its bytes' place in the upload index. */
ES_MUST_CHECK enum es_code
es_txn_run_update(struct es_txn *tx, const struct es_run *r, struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_ledger_add(struct es_txn *tx,
                                             const struct es_ledger_entry *l,
                                             struct es_err *e);
/* Idempotency-Key of a participant: put is ES_EEXIST when the key is there. */
ES_MUST_CHECK enum es_code es_txn_idem_get(struct es_txn *tx,
                                           int64_t initiative,
                                           int64_t participant, const char *key,
                                           uint8_t body_hash[32], int64_t *run,
                                           struct es_err *e);
ES_MUST_CHECK enum es_code
es_txn_idem_put(struct es_txn *tx, int64_t initiative, int64_t participant,
                const char *key, const uint8_t body_hash[32], int64_t run,
                int64_t now_ms, struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_meta_put(struct es_txn *tx, const char *key,
                                           struct es_bytes value,
                                           struct es_err *e);
ES_MUST_CHECK enum es_code es_txn_sum_of(struct es_txn *tx, int64_t initiative,
                                         int64_t participant,
                                         struct es_arena *a,
                                         struct es_participant_sum *out,
                                         struct es_err *e);
/* For those who follow es_store_outbox_after. */
ES_MUST_CHECK enum es_code
es_txn_outbox_add(struct es_txn *tx, int64_t initiative, const char *kind,
                  struct es_bytes payload, struct es_err *e);
/* Forgets entries with ids up to `last`. */
ES_MUST_CHECK enum es_code es_txn_outbox_trim(struct es_txn *tx, int64_t last,
                                              struct es_err *e);
/* Deletes the key of a run's bytes, and its sketch: nobody can read them from
 * then on, and the run's blob has segment 0. ES_ENOENT when it has none. */
ES_MUST_CHECK enum es_code es_txn_blob_erase(struct es_txn *tx,
                                             int64_t initiative, int64_t run,
                                             struct es_err *e);

/* ---- bytes ---- */

/* BLAKE2b-256, what upload_hash and es_blob.hash hold. */
void es_store_hash(struct es_bytes s, uint8_t out[32]);

/* Removes segment files that no row names and that nobody appends to; *freed
 * (may be NULL) gets the bytes they held. */
ES_MUST_CHECK enum es_code es_store_sweep(struct es_store *s, uint64_t *freed,
                                          struct es_err *e);

/* ---- copies ---- */

/* A consistent copy into `dir`, which is made and must have no store in it;
 * the store goes on meanwhile. The copy is a store like any other: it holds
 * all keys, and wants the same care. ES_EEXIST, ES_EBUSY (no room), ES_EIO;
 * then what was copied is left for who looks into it. */
ES_MUST_CHECK enum es_code es_store_backup(struct es_store *s, const char *dir,
                                           struct es_err *e);

/* Opens every blob with its key and holds it against its hash, and lets the
 * database check itself: ES_EIO when that finds something. */
struct es_verified {
    int64_t blobs, bytes;
    int64_t damaged;
    /* Of the first damaged: whose it is; the other of run and media is 0. */
    int64_t first_initiative, first_run, first_media;
};
ES_MUST_CHECK enum es_code
es_store_verify(struct es_store *s, struct es_verified *out, struct es_err *e);

/* ---- figures for /metrics and the bench ---- */
struct es_store_stats {
    uint64_t commits, writes, syncs, blob_bytes;
};
void es_store_stats(struct es_store *s, struct es_store_stats *out);

/* Appends "SQLite 3.40.1": what is linked, for `everystep doctor`. */
void es_store_engine(struct es_buf *b);

#endif
