/* SPDX-License-Identifier: Apache-2.0 */
/* What the fields of the FIT messages that we read mean. The numbers, scales
 * and units are facts of the FIT profile. Not for other modules. */
#ifndef ES_DECODE_FIT_PROFILE_H
#define ES_DECODE_FIT_PROFILE_H

#include "base/bytes.h"
#include "decode/fit_frame.h"

enum { /* global message numbers */
       ES_FIT_FILE_ID = 0,
       ES_FIT_SPORT = 12,
       ES_FIT_SESSION = 18,
       ES_FIT_LAP = 19,
       ES_FIT_RECORD = 20,
       ES_FIT_EVENT = 21,
       ES_FIT_DEVICE_INFO = 23
};

/* In each of these a field that is absent, or says "no data", is NAN. Every
 * member is a double, so that one table can fill any of them; none is wider
 * than 32 bits in the file, so none loses anything. */
struct es_fit_record {
    double time; /* seconds since 1989-12-31T00:00:00Z */
    double lat_deg, lon_deg;
    double alt_m, fine_alt_m; /* altitude, enhanced_altitude */
    double hr_bpm, cadence, part_cadence, dist_m; /* fractional_cadence */
    double temp_c;
    double speed_mps, fine_speed_mps;
    double power_w, acc_m;
};

struct es_fit_session { /* also sport and lap */
    double time, start;
    double sport, sub_sport;
    double elapsed_s, timer_s, dist_m;
};

struct es_fit_event {
    double time;
    double event, type;
};

struct es_fit_device { /* file_id and device_info */
    double index;      /* 0 is the creator */
    double file_type;
    double manufacturer, product;
};

/* Which is the message's time is filled from a compressed header too. */
void es_fit_read_record(const struct es_fit_msg *m, struct es_fit_record *out);
void es_fit_read_session(const struct es_fit_msg *m,
                         struct es_fit_session *out);
void es_fit_read_sport(const struct es_fit_msg *m, struct es_fit_session *out);
void es_fit_read_lap(const struct es_fit_msg *m, struct es_fit_session *out);
void es_fit_read_event(const struct es_fit_msg *m, struct es_fit_event *out);
void es_fit_read_file_id(const struct es_fit_msg *m, struct es_fit_device *out);
void es_fit_read_device_info(const struct es_fit_msg *m,
                             struct es_fit_device *out);

/* The bytes of field `num`; { NULL, 0 } when the message has none. */
struct es_bytes es_fit_bytes(const struct es_fit_msg *m, uint8_t num);
enum {                                       /* fields that are read so */
       ES_FIT_COMPRESSED_SPEED_DISTANCE = 8, /* of record */
       ES_FIT_FILE_ID_PRODUCT_NAME = 8,      /* of file_id */
       ES_FIT_DEVICE_INFO_PRODUCT_NAME = 27  /* of device_info */
};

/* "Garmin", "Suunto"...; NULL when unknown. */
const char *es_fit_manufacturer(unsigned number);
/* "fr945"...: products of Garmin; NULL when unknown. */
const char *es_fit_garmin_product(unsigned number);

#endif
