/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Words of the exhibition. */
#ifndef ES_WEB_WORDS_EXHIBITION_H
#define ES_WEB_WORDS_EXHIBITION_H

#include "store/pictures.h"
#include "web/words.h"

/* What others may do with a picture. */
const char *es_words_licence(const struct es_lang *l, enum es_licence licence);
/* Where it stands at length; NULL where it does nowhere. */
const char *es_licence_address(enum es_licence licence);

#endif
