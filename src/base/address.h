/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_ADDRESS_H
#define ES_BASE_ADDRESS_H

#include <stdbool.h>

/* Whether `text` is an address that a person may have others follow: https://
 * with a host, or mailto: with an address, of RFC 3986's unreserved and
 * reserved characters only, without user:password@, up to 2048 bytes. */
bool es_address_ok(const char *text);

#endif
