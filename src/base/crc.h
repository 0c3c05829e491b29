/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_CRC_H
#define ES_BASE_CRC_H

#include "base/bytes.h"

/* CRC-16/ARC (polynomial 0x8005, reflected, nothing inverted), going on from
 * `crc`: 0 for a start. It is what FIT files end with. */
uint16_t es_crc16(uint16_t crc, struct es_bytes s);

#endif
