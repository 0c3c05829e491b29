/* SPDX-License-Identifier: Apache-2.0 */
/* A process that may compute, and talk over one socket: nothing else. */
#ifndef ES_IPC_SANDBOX_H
#define ES_IPC_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { ES_SANDBOX_SOCK = 3 }; /* where the one socket stands afterwards */

/* What this kernel gave. */
struct es_sandbox {
    int landlock_abi; /* 0: the kernel has none */
};

/* What a kind of job needs beyond computing; nothing by default. */
struct es_sandbox_needs {
    size_t memory;            /* bytes of address space; 0: ES_WORKER_AS */
    const char *const *files; /* absolute; may be opened for reading by just
                                 these names. Any other path, and any other
                                 way to use one of these, gives EACCES. */
    size_t n_files;           /* <= ES_LEND_MAX */
};

/* For the whole process, for good. `sock` becomes ES_SANDBOX_SOCK, all other
 * descriptors are closed or lead to /dev/null, memory is bounded, and the
 * allow-list of system calls (seccomp) holds: any other call kills the
 * process. Landlock, where the kernel has it, denies every file and port
 * besides. `needs` may be NULL. Call it with one thread and before any foreign
 * byte is read. In a sanitizer build the memory bound is left out (its shadow
 * is larger), stderr stays, and what its reports need fails with EPERM instead
 * of killing. ES_EINTERNAL: the process must then exit. */
ES_MUST_CHECK enum es_code
es_sandbox_enter(int sock, const struct es_sandbox_needs *needs,
                 struct es_sandbox *got, struct es_err *e);

/* From now on the process may use ES_WORKER_CPU_S more of CPU time, rounded up
 * to a second; then SIGXCPU kills it. Works inside the sandbox, per job. */
ES_MUST_CHECK enum es_code es_sandbox_arm_cpu(struct es_err *e);

/* Tries the sandbox in a child: that it can be entered, and that open(2) ends
 * that child. ES_EINTERNAL says what this machine can't do. */
ES_MUST_CHECK enum es_code es_sandbox_probe(struct es_sandbox *got,
                                            struct es_err *e);

#endif
