/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which runs may be recordings of the same run: an index in memory, derived
 * from the sketches that the store keeps, sized for ten million. It only
 * proposes; track/match.h decides, on the tracks themselves. */
#ifndef ES_COPIES_COPIES_H
#define ES_COPIES_COPIES_H

#include "base/limits.h"
#include "base/siphash.h"
#include "track/sketch.h"

/* ---- marks ---- */

enum {
    ES_MARKS_PLACE = ES_SKETCH_PLACES / 2,
    ES_MARKS_BEAT = 2 * ES_SKETCH_BEATS,
    ES_MARKS = ES_MARKS_PLACE + ES_MARKS_BEAT,
    ES_MARKS_BYTES = 13 + 4 * ES_MARKS
};

/* A sketch under a key: two numbers of the way make one mark, so that runs
 * which share half of their ways share eight of the 32, and such that share a
 * tenth hardly one. Without the key a mark says only that it equals another; of
 * two scopes they never do. With the key whoever guesses a way can test the
 * guess: the rows go when the run's bytes go. */
struct es_marks {
    int64_t started_ms; /* or ES_NO_TIME */
    uint32_t lasted_s;
    uint32_t v[ES_MARKS]; /* 0: none; those of the way first */
};
void es_marks_of(const uint8_t key[ES_SIPHASH_KEY], int64_t scope,
                 const struct es_sketch *s, struct es_marks *out);
/* Whether there is anything to find it by. */
bool es_marks_any(const struct es_marks *m);

/* ES_MARKS_BYTES bytes, as the store keeps them. ES_EMALFORMED: *out is
 * untouched. */
void es_marks_put(struct es_buf *b, const struct es_marks *m);
ES_MUST_CHECK enum es_code es_marks_get(struct es_bytes in,
                                        struct es_marks *out, struct es_err *e);

/* ---- the index; any number of threads ---- */

struct es_copies;
ES_MUST_CHECK enum es_code es_copies_new(struct es_copies **out,
                                         struct es_err *e);
void es_copies_free(struct es_copies *c); /* NULL is legal */

/* Marks with nothing in them are no entry. run > 0 must not be in it.
 * ES_ENOMEM, and ES_ETOOLARGE beyond ES_COPIES_MAX; then nothing changed. */
ES_MUST_CHECK enum es_code es_copies_add(struct es_copies *c, int64_t run,
                                         const struct es_marks *m,
                                         struct es_err *e);
/* With the marks that it was added with; not there is fine. */
void es_copies_drop(struct es_copies *c, int64_t run, const struct es_marks *m);
size_t es_copies_count(struct es_copies *c);
/* What it takes of memory. */
size_t es_copies_bytes(struct es_copies *c);

/* A run that shares two marks or more. */
struct es_likeness {
    int64_t run;
    uint8_t places, beats; /* marks in common, of each kind */
    bool same_time;        /* both took place, in part, at once */
};
/* The likeliest first: by marks, and who was there at the same time before
 * others; at most `max`,
 * and ES_LIKENESSES. Of marks that thousands share only the newest
 * ES_COPIES_CHAIN of each million are looked at: what tells runs of one course
 * apart are their rarer ones. ES_ENOMEM. */
ES_MUST_CHECK enum es_code es_copies_find(struct es_copies *c,
                                          const struct es_marks *m,
                                          struct es_likeness *out, size_t max,
                                          size_t *n, struct es_err *e);

#endif
