/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ES_BASE_CRC_H
#define ES_BASE_CRC_H

#include "base/bytes.h"

/* CRC-16/ARC (polynomial 0x8005, reflected, nothing inverted), going on from
 * `crc`: 0 for a start. It is what FIT files end with. Sixty-four bytes at a
 * time where the processor multiplies without carries, else eight. */
uint16_t es_crc16(uint16_t crc, struct es_bytes s);

/* The same on any processor; here for the test that they agree. */
uint16_t es_crc16_tables(uint16_t crc, struct es_bytes s);

#endif
