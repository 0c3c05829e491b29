/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Large media in pieces, and pictures kept as evidence of a run. store.h says
 * what holds for all calls. */
#ifndef ES_STORE_MEDIA_H
#define ES_STORE_MEDIA_H

#include "store/store.h"

/* ---- sizes of a picture ---- */

/* A picture and its other sizes (es_media.of), the smallest first. */
ES_MUST_CHECK enum es_code es_store_media_sizes(struct es_store *s,
                                                int64_t initiative, int64_t id,
                                                struct es_arena *a,
                                                struct es_media **out,
                                                size_t *n, struct es_err *e);
/* Bytes of all media of an initiative, with what its uploads are to become. */
ES_MUST_CHECK enum es_code es_store_media_bytes(struct es_store *s,
                                                int64_t initiative,
                                                int64_t *bytes,
                                                struct es_err *e);

/* ---- a medium that comes in pieces ---- */

struct es_media_upload {
    int64_t initiative, id; /* the id that the medium will have */
    int64_t account;        /* who brings it */
    const char *kind;
    const char *type; /* "" as long as nothing of it has come */
    const char *name;
    int64_t length, received; /* bytes: all of it, and those that are kept */
    int64_t pieces;
    int64_t created_ms, touched_ms;
};

/* ES_ENOENT: there is none, or it is whole by now. */
ES_MUST_CHECK enum es_code es_store_media_upload(struct es_store *s,
                                                 int64_t initiative, int64_t id,
                                                 struct es_arena *a,
                                                 struct es_media_upload *out,
                                                 struct es_err *e);
/* Of an initiative (0: of all of them), to which nothing was added since
 * `before_ms`; the longest idle first, at most `max`. */
ES_MUST_CHECK enum es_code es_store_media_uploads(struct es_store *s,
                                                  int64_t initiative,
                                                  int64_t before_ms, size_t max,
                                                  struct es_arena *a,
                                                  struct es_media_upload **out,
                                                  size_t *n, struct es_err *e);
/* The piece that holds byte `at` of a medium, and where in it the piece
 * begins; es_store_blob_read reads it. ES_ENOENT. */
ES_MUST_CHECK enum es_code
es_store_media_piece(struct es_store *s, int64_t initiative, int64_t media,
                     int64_t at, int64_t *start, struct es_blob *out,
                     struct es_err *e);

ES_MUST_CHECK enum es_code
es_txn_media_upload_add(struct es_txn *tx, const struct es_media_upload *u,
                        struct es_err *e);
/* The next piece: `blob` is what es_write_fn got. With the last one the medium
 * is whole and takes its place among the media; *whole says so.
 * ES_ECONFLICT: what is kept ends elsewhere than at `start`, or the piece goes
 * beyond the end; ES_ENOENT: there is no such upload. */
struct es_media_piece {
    int64_t initiative, id, start;
    const char *type; /* of the medium, from its first bytes */
    int64_t now_ms;
};
ES_MUST_CHECK enum es_code
es_txn_media_piece_add(struct es_txn *tx, const struct es_media_piece *p,
                       const struct es_blob *blob, bool *whole,
                       struct es_err *e);
/* With its pieces. ES_ENOENT. */
ES_MUST_CHECK enum es_code es_txn_media_upload_drop(struct es_txn *tx,
                                                    int64_t initiative,
                                                    int64_t id,
                                                    struct es_err *e);

/* ---- evidence ---- */

/* A picture (JPEG, made by us) that stands for a typed-in run. */
struct es_evidence {
    int64_t initiative, run;
    int64_t created_ms;
    int32_t width, height;
    struct es_blob blob;
};
/* ES_ENOENT: that run has none. */
ES_MUST_CHECK enum es_code es_store_evidence(struct es_store *s,
                                             int64_t initiative, int64_t run,
                                             struct es_evidence *out,
                                             struct es_err *e);
/* v->blob is what es_write_fn got. ES_EEXIST: it has one. */
ES_MUST_CHECK enum es_code es_txn_evidence_add(struct es_txn *tx,
                                               const struct es_evidence *v,
                                               struct es_err *e);
/* With its key, so with its bytes; none is fine. A run that is withdrawn loses
 * its evidence by itself. */
ES_MUST_CHECK enum es_code es_txn_evidence_drop(struct es_txn *tx,
                                                int64_t initiative, int64_t run,
                                                struct es_err *e);

/* ---- the disk ---- */

/* Bytes that can still be written where the store lies. ES_EIO. */
ES_MUST_CHECK enum es_code es_store_room(struct es_store *s, int64_t *bytes,
                                         struct es_err *e);

#endif
