/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_SIPHASH_H
#define ES_BASE_SIPHASH_H

#include "base/bytes.h"

/* SipHash-2-4 (Aumasson and Bernstein 2012, doi:10.1007/978-3-642-34931-7_28):
 * 64 bits that nobody can foretell without the key. Quick for few bytes; what
 * must stand by itself for years takes a longer hash (auth/secret.h). */
enum { ES_SIPHASH_KEY = 16 };
uint64_t es_siphash(const uint8_t key[ES_SIPHASH_KEY], struct es_bytes s);

#endif
