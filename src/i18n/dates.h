/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef ES_I18N_DATES_H
#define ES_I18N_DATES_H

#include "i18n/i18n.h"

/* Writes a figure of kind day, moment or clock. */
void es_date_shown(struct es_buf *b, const struct es_lang *l,
                   struct es_shown f);

#endif
