/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/fit_profile.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* value = raw / scale - offset, into the double at `to`. scale 0: a field
 * that we don't read. Indexed by the field's number. */
struct field {
    double scale, offset;
    size_t to;
};

#define TO(type, member) offsetof(struct es_fit_##type, member)
#define N_FIELDS 256

static const struct field RECORD[N_FIELDS] = {
    [0] = { 2147483648.0 / 180, 0, TO(record, lat_deg) },
    [1] = { 2147483648.0 / 180, 0, TO(record, lon_deg) },
    [2] = { 5, 500, TO(record, alt_m) },
    [3] = { 1, 0, TO(record, hr_bpm) },
    [4] = { 1, 0, TO(record, cadence) },
    [5] = { 100, 0, TO(record, dist_m) },
    [6] = { 1000, 0, TO(record, speed_mps) },
    [7] = { 1, 0, TO(record, power_w) },
    [13] = { 1, 0, TO(record, temp_c) },
    [31] = { 1, 0, TO(record, acc_m) },
    [53] = { 128, 0, TO(record, part_cadence) },
    [73] = { 1000, 0, TO(record, fine_speed_mps) },
    [78] = { 5, 500, TO(record, fine_alt_m) },
    [253] = { 1, 0, TO(record, time) },
};

static const struct field SESSION[N_FIELDS] = {
    [2] = { 1, 0, TO(session, start) },
    [5] = { 1, 0, TO(session, sport) },
    [6] = { 1, 0, TO(session, sub_sport) },
    [7] = { 1000, 0, TO(session, elapsed_s) },
    [8] = { 1000, 0, TO(session, timer_s) },
    [9] = { 100, 0, TO(session, dist_m) },
    [253] = { 1, 0, TO(session, time) },
};

static const struct field SPORT[N_FIELDS] = {
    [0] = { 1, 0, TO(session, sport) },
    [1] = { 1, 0, TO(session, sub_sport) },
};

static const struct field LAP[N_FIELDS] = {
    [2] = { 1, 0, TO(session, start) },
    [7] = { 1000, 0, TO(session, elapsed_s) },
    [8] = { 1000, 0, TO(session, timer_s) },
    [9] = { 100, 0, TO(session, dist_m) },
    [253] = { 1, 0, TO(session, time) },
};

static const struct field EVENT[N_FIELDS] = {
    [0] = { 1, 0, TO(event, event) },
    [1] = { 1, 0, TO(event, type) },
    [253] = { 1, 0, TO(event, time) },
};

static const struct field FILE_ID[N_FIELDS] = {
    [0] = { 1, 0, TO(device, file_type) },
    [1] = { 1, 0, TO(device, manufacturer) },
    [2] = { 1, 0, TO(device, product) },
};

static const struct field DEVICE_INFO[N_FIELDS] = {
    [0] = { 1, 0, TO(device, index) },
    [2] = { 1, 0, TO(device, manufacturer) },
    [4] = { 1, 0, TO(device, product) },
};

/* Base types, by their lower five bits: some writers lose the upper ones.
 * `none` is the value that means "no data". */
static const struct base {
    uint8_t size; /* 0: not a number that we read */
    bool is_signed;
    uint32_t none;
} BASES[32] = {
    [0] = { 1, false, 0xff },       /* enum */
    [1] = { 1, true, 0x7f },        /* sint8 */
    [2] = { 1, false, 0xff },       /* uint8 */
    [3] = { 2, true, 0x7fff },      /* sint16 */
    [4] = { 2, false, 0xffff },     /* uint16 */
    [5] = { 4, true, 0x7fffffff },  /* sint32 */
    [6] = { 4, false, 0xffffffff }, /* uint32 */
    [10] = { 1, false, 0 },         /* uint8z */
    [11] = { 2, false, 0 },         /* uint16z */
    [12] = { 4, false, 0 },         /* uint32z */
    [13] = { 1, false, 0xff },      /* byte */
};

/* A field's number; NAN when it says "no data", isn't one, or has a size
 * that its type can't have. Of an array the first element counts. */
static double number(const struct es_fit_field *fd, bool big, struct es_rd r)
{
    const struct base *b = &BASES[fd->base & 31];
    uint32_t v = 0;
    if (b->size == 0 || fd->size < b->size || fd->size % b->size != 0)
        return NAN;
    if (b->size == 1)
        v = es_rd_u8(&r);
    else if (b->size == 2)
        v = big ? es_rd_u16be(&r) : es_rd_u16le(&r);
    else
        v = big ? es_rd_u32be(&r) : es_rd_u32le(&r);
    if (r.bad || v == b->none)
        return NAN;
    if (!b->is_signed)
        return v;
    uint32_t sign = 1u << (8 * b->size - 1);
    return (double)v - (v & sign ? 2.0 * sign : 0);
}

static void put(void *out, size_t to, double v)
{
    memcpy((char *)out + to, &v, sizeof v);
}

static void clear(void *out, size_t size)
{
    for (size_t to = 0; to < size; to += sizeof(double))
        put(out, to, NAN);
}

static void read_fields(const struct es_fit_msg *m, const struct field *table,
                        void *out, size_t size)
{
    struct es_rd r = m->body, one;
    clear(out, size);
    for (size_t i = 0; i < m->def->n_fields; i++) {
        const struct es_fit_field *fd = &m->def->fields[i];
        const struct field *f = &table[fd->num];
        if (!es_rd_sub(&r, fd->size, &one))
            return;
        if (f->scale == 0)
            continue;
        double v = number(fd, m->def->big, one);
        if (!isnan(v))
            put(out, f->to, v / f->scale - f->offset);
    }
}

void es_fit_read_record(const struct es_fit_msg *m, struct es_fit_record *out)
{
    read_fields(m, RECORD, out, sizeof *out);
    if (m->time != ES_FIT_NO_TIME)
        out->time = m->time;
}

void es_fit_read_session(const struct es_fit_msg *m, struct es_fit_session *out)
{
    read_fields(m, SESSION, out, sizeof *out);
}

void es_fit_read_sport(const struct es_fit_msg *m, struct es_fit_session *out)
{
    read_fields(m, SPORT, out, sizeof *out);
}

void es_fit_read_lap(const struct es_fit_msg *m, struct es_fit_session *out)
{
    read_fields(m, LAP, out, sizeof *out);
}

void es_fit_read_event(const struct es_fit_msg *m, struct es_fit_event *out)
{
    read_fields(m, EVENT, out, sizeof *out);
    if (m->time != ES_FIT_NO_TIME)
        out->time = m->time;
}

void es_fit_read_file_id(const struct es_fit_msg *m, struct es_fit_device *out)
{
    read_fields(m, FILE_ID, out, sizeof *out);
}

void es_fit_read_device_info(const struct es_fit_msg *m,
                             struct es_fit_device *out)
{
    read_fields(m, DEVICE_INFO, out, sizeof *out);
}

struct es_bytes es_fit_bytes(const struct es_fit_msg *m, uint8_t num)
{
    struct es_rd r = m->body, one;
    for (size_t i = 0; i < m->def->n_fields; i++) {
        if (!es_rd_sub(&r, m->def->fields[i].size, &one))
            break;
        if (m->def->fields[i].num == num)
            return (struct es_bytes){ one.p, one.n };
    }
    return (struct es_bytes){ NULL, 0 };
}

struct name {
    uint16_t number;
    const char *name;
};

/* Source: the FIT profile, type "manufacturer": those whose files people
 * bring. */
static const struct name MANUFACTURERS[] = {
    { 1, "Garmin" },
    { 15, "Garmin" },
    { 23, "Suunto" },
    { 32, "Wahoo" },
    { 38, "o_synce" },
    { 54, "IpBike" },
    { 63, "Specialized" },
    { 69, "Stages" },
    { 70, "Sigma" },
    { 71, "TomTom" },
    { 86, "Elite" },
    { 87, "Nielsen-Kellerman" },
    { 89, "Tacx" },
    { 95, "Stryd" },
    { 101, "SRAM" },
    { 122, "Peripedal" },
    { 123, "Polar" },
    { 258, "Lezyne" },
    { 260, "Zwift" },
    { 263, "Favero" },
    { 265, "Strava" },
    { 267, "Bryton" },
    { 282, "The Sufferfest" },
    { 289, "Hammerhead" },
    { 294, "COROS" },
    { 307, "OneLap" },
    { 331, "MyWhoosh" },
};

/* Type "garmin_product". */
static const struct name GARMIN[] = {
    { 717, "fr405" },        { 782, "fr50" },
    { 988, "fr60" },         { 1018, "fr310xt" },
    { 1036, "edge500" },     { 1124, "fr110" },
    { 1169, "edge800" },     { 1325, "edge200" },
    { 1328, "fr910xt" },     { 1345, "fr610" },
    { 1360, "fr210" },       { 1436, "fr70" },
    { 1482, "fr10" },        { 1499, "swim" },
    { 1551, "fenix" },       { 1561, "edge510" },
    { 1567, "edge810" },     { 1623, "fr620" },
    { 1632, "fr220" },       { 1765, "fr920xt" },
    { 1836, "edge1000" },    { 1903, "fr15" },
    { 1907, "vivoactive" },  { 1967, "fenix2" },
    { 2050, "fenix3" },      { 2067, "edge520" },
    { 2148, "fr25" },        { 2153, "fr225" },
    { 2156, "fr630" },       { 2157, "fr230" },
    { 2158, "fr735xt" },     { 2337, "vivoactive_hr" },
    { 2413, "fenix3_hr" },   { 2431, "fr235" },
    { 2503, "fr35" },        { 2512, "oregon7xx" },
    { 2530, "edge820" },     { 2544, "fenix5s" },
    { 2604, "fenix5x" },     { 2691, "fr935" },
    { 2697, "fenix5" },      { 2700, "vivoactive3" },
    { 2713, "edge1030" },    { 2886, "fr645" },
    { 2888, "fr645m" },      { 2900, "fenix5s_plus" },
    { 3076, "fr245" },       { 3077, "fr245m" },
    { 3110, "fenix5_plus" }, { 3111, "fenix5x_plus" },
    { 3113, "fr945" },       { 3121, "edge530" },
    { 3122, "edge830" },     { 3225, "vivoactive4" },
    { 3226, "venu" },        { 3282, "fr45" },
    { 3288, "fenix6s" },     { 3290, "fenix6" },
    { 3291, "fenix6x" },     { 3589, "fr745" },
    { 3600, "venusq" },      { 3905, "fenix7s" },
    { 3906, "fenix7" },      { 3907, "fenix7x" },
    { 3992, "fr255" },       { 4024, "fr955" },
    { 4315, "fr965" },
};

static const char *find(const struct name *v, size_t n, unsigned number)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].number == number)
            return v[i].name;
    return NULL;
}

const char *es_fit_manufacturer(unsigned number)
{
    return find(MANUFACTURERS, sizeof MANUFACTURERS / sizeof *MANUFACTURERS,
                number);
}

const char *es_fit_garmin_product(unsigned number)
{
    return find(GARMIN, sizeof GARMIN / sizeof *GARMIN, number);
}
