/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Languages that captions come in: those that are spoken most, and those of
 * this program, each by its own name. */
#ifndef ES_I18N_SPOKEN_H
#define ES_I18N_SPOKEN_H

#include <stddef.h>

struct es_spoken {
    const char *tag, *name; /* BCP 47; in itself */
};
extern const struct es_spoken es_spoken[];
extern const size_t es_spoken_n;

#endif
