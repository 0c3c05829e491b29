/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_ERR_H
#define ES_BASE_ERR_H

#include <stddef.h>

/* One table for the code, its stable name (in JSON and logs) and nothing
 * else: sentences for people are made where the language is known. */
#define ES_CODES(X)                                                            \
    X(ES_OK, "ok")                                                             \
    X(ES_ENOMEM, "out_of_memory")                                              \
    X(ES_EIO, "io_error")                                                      \
    X(ES_EINVAL, "invalid")                                                    \
    X(ES_ENOENT, "not_found")                                                  \
    X(ES_EEXIST, "exists")                                                     \
    X(ES_EBUSY, "busy")                                                        \
    X(ES_ECONFLICT, "conflict")                                                \
    X(ES_EDENIED, "denied")                                                    \
    X(ES_EINTERNAL, "internal")                                                \
    X(ES_ETOOLARGE, "too_large")                                               \
    X(ES_ETIMEOUT, "timeout")                                                  \
    X(ES_EWORKER, "worker_died")                                               \
    X(ES_EEMPTY, "empty_file")                                                 \
    X(ES_EUNKNOWN, "unknown_format")                                           \
    X(ES_EMALFORMED, "malformed")                                              \
    X(ES_ETRUNCATED, "truncated")                                              \
    X(ES_EDOCTYPE, "doctype_refused")                                          \
    X(ES_ECOMPLEX, "too_complex")                                              \
    X(ES_EMANYPOINTS, "too_many_points")                                       \
    X(ES_EUNPACK, "unpack_failed")                                             \
    X(ES_EBOMB, "unpacks_too_large")                                           \
    X(ES_ENOACTIVITY, "no_activity")

enum es_code {
#define X(code, name) code,
    ES_CODES(X)
#undef X
        ES_CODE_COUNT
};

#define ES_MUST_CHECK __attribute__((warn_unused_result))
/* What libeverystep-track lets programs outside this project see; its public
 * header is made of these (tools/public_header.py). */
#define ES_API __attribute__((visibility("default")))

/* The stable name of a code, for example "truncated". Never NULL. */
ES_API const char *es_code_name(enum es_code code);

/* Where and why something failed. `at` is a byte offset into the input that
 * was being read (0 where there is none). `msg` is one English sentence
 * fragment without a full stop, for logs and developers. The zero state means
 * "no error". */
struct es_err {
    enum es_code code;
    size_t at;
    char msg[160];
};

/* Fills *e (which may be NULL) and returns `code`, so that a failure reads
 * `return es_fail(e, ES_EMALFORMED, at, "...")`. */
enum es_code es_fail(struct es_err *e, enum es_code code, size_t at,
                     const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
