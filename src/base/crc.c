/* SPDX-License-Identifier: Apache-2.0 */
#include "base/crc.h"

/* From here on the tables for eight bytes at a time pay for themselves. */
enum { LONG = 4096, LANES = 8 };

/* Two steps of four bits: the table is sixteen numbers that anyone can check
 * against the polynomial. */
static uint16_t one_byte(uint16_t crc, uint8_t byte)
{
    static const uint16_t NIBBLE[16] = {
        0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401,
        0xa001, 0x6c00, 0x7800, 0xb401, 0x5000, 0x9c01, 0x8801, 0x4400,
    };
    crc = (uint16_t)(crc ^ byte);
    crc = (uint16_t)(crc >> 4 ^ NIBBLE[crc & 15]);
    return (uint16_t)(crc >> 4 ^ NIBBLE[crc & 15]);
}

/* Slicing: T[k][b] is what byte b does to the sum k bytes later. Returns how
 * many bytes it has summed, a multiple of eight. */
static size_t long_crc(uint16_t *crc, struct es_bytes s)
{
    uint16_t t[LANES][256];
    size_t i = 0;
    for (unsigned b = 0; b < 256; b++) {
        t[0][b] = one_byte(0, (uint8_t)b);
        for (int k = 1; k < LANES; k++)
            t[k][b] = one_byte(t[k - 1][b], 0);
    }
    for (; s.n - i >= LANES; i += LANES) {
        unsigned lo = s.p[i] ^ (*crc & 0xff), hi = s.p[i + 1] ^ *crc >> 8;
        *crc = t[7][lo] ^ t[6][hi] ^ t[5][s.p[i + 2]] ^ t[4][s.p[i + 3]] ^
               t[3][s.p[i + 4]] ^ t[2][s.p[i + 5]] ^ t[1][s.p[i + 6]] ^
               t[0][s.p[i + 7]];
    }
    return i;
}

uint16_t es_crc16(uint16_t crc, struct es_bytes s)
{
    size_t i = s.n >= LONG ? long_crc(&crc, s) : 0;
    for (; i < s.n; i++)
        crc = one_byte(crc, s.p[i]);
    return crc;
}
