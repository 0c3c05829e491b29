/* SPDX-License-Identifier: Apache-2.0 */
/* Files for a process that may open none: a library that wants to open a font
 * by its name, deep inside of drawing, gets a descriptor that was opened
 * before the sandbox closed. The filter of system calls traps what asks for a
 * path (SECCOMP_RET_TRAP); a handler of SIGSYS answers from the list. */
#ifndef ES_IPC_LEND_H
#define ES_IPC_LEND_H

#include <stddef.h>

#include "base/err.h"

/* Opens the files for reading and answers for them from now on; one that is
 * gone is skipped, as if it were not on the list. The whole process has one
 * list; the names are copied. To be called once, before the filter holds.
 * ES_EINVAL: more than ES_LEND_MAX, or relative; ES_ENOMEM; ES_EINTERNAL: not
 * on this kind of processor. */
ES_MUST_CHECK enum es_code es_lend(const char *const *files, size_t n,
                                   struct es_err *e);

/* The system calls that are to be trapped; returns how many. */
size_t es_lend_calls(const int **out);

#endif
