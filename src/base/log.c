/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include "base/json.h"
#include "base/time.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

/* The one global of base: whoever logs is not to carry it along. */
static atomic_int least_level = ES_LOG_INFO;

void es_log_min(enum es_log_level least)
{
    atomic_store(&least_level, (int)least);
}

void es_log(enum es_log_level level, const char *event, const char *fmt, ...)
{
    static const char *const NAME[] = { "debug", "info", "warn", "error" };
    char msg[1024];
    char when[ES_TIME_TEXT];
    struct es_buf b;
    va_list ap;

    if ((int)level < atomic_load(&least_level))
        return;
    va_start(ap, fmt);
    (void)vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    es_buf_init(&b, 16384);
    es_buf_fmt(&b, "{\"t\":\"%s\",\"level\":\"%s\",\"event\":\"%s\",\"msg\":",
               es_time_text(es_time_now_ms(), when), NAME[level & 3], event);
    es_buf_json_str(&b, es_bytes_str(msg));
    es_buf_str(&b, "}\n");
    if (!b.bad) {
        ssize_t n = write(STDERR_FILENO, b.p, b.n);
        (void)n; /* nowhere left to complain */
    }
    es_buf_release(&b);
}
