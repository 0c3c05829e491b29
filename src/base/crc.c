/* SPDX-License-Identifier: Apache-2.0 */
#include "base/crc.h"

/* Two steps of four bits: the table is sixteen numbers that anyone can check
 * against the polynomial. */
uint16_t es_crc16(uint16_t crc, struct es_bytes s)
{
    static const uint16_t NIBBLE[16] = {
        0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401,
        0xa001, 0x6c00, 0x7800, 0xb401, 0x5000, 0x9c01, 0x8801, 0x4400,
    };
    for (size_t i = 0; i < s.n; i++) {
        crc = (uint16_t)(crc ^ s.p[i]);
        crc = (uint16_t)(crc >> 4 ^ NIBBLE[crc & 15]);
        crc = (uint16_t)(crc >> 4 ^ NIBBLE[crc & 15]);
    }
    return crc;
}
