/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "auth/recovery.h"

enum { BITS = 80, LETTERS = 16, GROUP = 4 };
static_assert(LETTERS * 5 == BITS, "five bits a letter");
static_assert(ES_RECOVERY_TEXT == LETTERS + LETTERS / GROUP, "with hyphens");

void es_recovery_new(char text[ES_RECOVERY_TEXT])
{
    char plain[LETTERS + 1];
    size_t n = 0;
    es_random_code(plain, sizeof plain, BITS);
    for (size_t i = 0; i < LETTERS; i++) {
        if (i > 0 && i % GROUP == 0)
            text[n++] = '-';
        text[n++] = plain[i];
    }
    text[n] = '\0';
}

bool es_recovery_hash(const uint8_t key[ES_HASH], const char *text,
                      uint8_t hash[ES_HASH])
{
    uint8_t plain[LETTERS];
    size_t n = 0;
    for (const char *s = text ? text : ""; *s; s++) {
        if (*s == '-' || *s == ' ')
            continue;
        char c = es_secret_letter((uint8_t)*s);
        if (!c || n == LETTERS)
            return false;
        plain[n++] = (uint8_t)c;
    }
    if (n != LETTERS)
        return false;
    es_keyed_hash(key, "recovery", (struct es_bytes){ plain, n }, hash);
    return true;
}
