/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_LOG_H
#define ES_BASE_LOG_H

enum es_log_level { ES_LOG_DEBUG, ES_LOG_INFO, ES_LOG_WARN, ES_LOG_ERROR };

/* One JSON line to standard error in one write(2):
 * {"t":"2026-08-25T06:05:00.123Z","level":"info","event":"run.accepted",
 *  "msg":"..."}; control characters and quotes in the message are escaped, so
 * that what a stranger sent can't forge a line. Never log tokens, bodies or
 * positions. `event` is a constant of ours. Thread-safe. */
void es_log(enum es_log_level level, const char *event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Lines below `least` are dropped from now on; info at first. */
void es_log_min(enum es_log_level least);

#endif
