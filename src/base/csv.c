/* SPDX-License-Identifier: Apache-2.0 */
#include "base/csv.h"

#include <string.h>

static bool is_formula(const char *s)
{
    static const char *const SIGNS[] = { "=",      "+",      "-",     "@",
                                         "\t",     "\r",     "\n",    "\uff1d",
                                         "\uff0b", "\uff0d", "\uff20" };
    for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++)
        if (strncmp(s, SIGNS[i], strlen(SIGNS[i])) == 0)
            return true;
    return false;
}

static void value(struct es_buf *b, const char *s)
{
    es_buf_str(b, is_formula(s) ? "\"'" : "\"");
    for (size_t n; *s; s += n) {
        n = strcspn(s, "\"");
        es_buf_add(b, s, n);
        if (s[n]) {
            es_buf_str(b, "\"\"");
            n++;
        }
    }
    es_buf_str(b, "\"");
}

void es_buf_csv(struct es_buf *b, const char *const *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i)
            es_buf_str(b, ",");
        value(b, values[i] ? values[i] : "");
    }
    es_buf_str(b, "\r\n");
}
