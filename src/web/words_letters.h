/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Messages by mail, in the words of who organises. */
#ifndef ES_WEB_WORDS_LETTERS_H
#define ES_WEB_WORDS_LETTERS_H

#include "web/words.h"

/* A message, by the numbers of es_letter_kind; "" for others. */
const char *es_words_letter(const struct es_lang *l, int32_t kind);
/* When it goes out, and to whom. */
const char *es_words_letter_who(const struct es_lang *l, int32_t kind);
/* What stood in the way, by the numbers of es_mail_fault; "" for others. */
const char *es_words_fault(const struct es_lang *l, int32_t fault);

#endif
