/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <stdarg.h>

#include "base/format.h"

static const char *const NAMES[] = {
#define X(code, name) name,
    ES_CODES(X)
#undef X
};

const char *es_code_name(enum es_code code)
{
    return (unsigned)code < ES_CODE_COUNT ? NAMES[code] : "internal";
}

enum es_code es_fail(struct es_err *e, enum es_code code, size_t at,
                     const char *fmt, ...)
{
    if (e) {
        va_list ap;
        e->code = code;
        e->at = at;
        va_start(ap, fmt);
        (void)es_vformat(e->msg, sizeof e->msg, fmt, ap);
        va_end(ap);
    }
    return code;
}
