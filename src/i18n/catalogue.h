/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The shape of what tools/catalogue.py makes of po/. */
#ifndef ES_I18N_CATALOGUE_H
#define ES_I18N_CATALOGUE_H

#include "i18n/i18n.h"

struct es_catalogue_entry {
    const char *id;
    const char *forms[ES_PLURALS_MAX]; /* one, or as many as plural() tells */
};

struct es_catalogue {
    const char *tag;
    const struct es_catalogue_entry *v; /* in the order of strcmp */
    size_t n;
    unsigned (*plural)(uint64_t n); /* which of the forms */
};

extern const struct es_catalogue es_catalogues[]; /* any order */
extern const size_t es_catalogues_n;

#endif
