/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Where mail goes, from the settings. */
#ifndef ES_CLI_MAIL_H
#define ES_CLI_MAIL_H

#include "cli/settings.h"
#include "notify/message.h"
#include "notify/smtp.h"

struct es_mail_route {
    bool set; /* else nothing below is, and no mail is sent */
    struct es_smtp smtp;
    struct es_mail_sender from;
    char hello[256];
};
/* The route lies at its place for good: it points into itself. The settings
 * have been checked. ES_EINVAL: a setting that can't be, or is missing. */
ES_MUST_CHECK enum es_code es_mail_route_of(const struct es_settings *s,
                                            struct es_mail_route *out,
                                            struct es_err *e);

#endif
