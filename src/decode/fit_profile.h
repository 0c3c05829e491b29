/* SPDX-License-Identifier: Apache-2.0 */
/* What the fields of the FIT messages that we read mean. The numbers, scales
 * and units are facts of the FIT profile. Not for other modules.
 *
 * Here are the messages of which a file has few; the samples, of which it has
 * thousands, are read by fit_record.h. */
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
       ES_FIT_DEVICE_INFO = 23,
       ES_FIT_ACTIVITY = 34,
       ES_FIT_LENGTH = 101,
       ES_FIT_HR = 132,
       ES_FIT_FIELD_DESCRIPTION = 206
};

/* Base types, by their lower five bits: some writers lose the upper ones.
 * size 0: not a number. */
struct es_fit_base {
    uint8_t size;
    bool is_signed, is_float;
    uint32_t none; /* "no data"; of wider types and floats: all ones */
};
extern const struct es_fit_base ES_FIT_BASES[32];

/* A field's number, the first of an array; NAN when it says "no data", isn't
 * a number, or has a size that its type can't have. fd.size bytes from `at`
 * lie within the message. */
double es_fit_number(const uint8_t *p, size_t at, struct es_fit_field fd,
                     bool big);

/* In each of these a field that is absent, or says "no data", is NAN. Every
 * member is a double, so that one table can fill any of them; none is wider
 * than 32 bits in the file, so none loses anything. */
struct es_fit_session { /* also sport, lap and length */
    double time, start; /* seconds since 1989-12-31T00:00:00Z */
    double sport, sub_sport;
    double elapsed_s, timer_s, dist_m;
    double pool_m, strokes, length_type;
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

struct es_fit_activity {
    double time, local_time;
    double timer_s;
};

struct es_fit_hr {
    double time, part_s; /* fractional_timestamp */
    double event;        /* event_timestamp, 1/1024 s; of several the first */
};

struct es_fit_description { /* of a developer field */
    double developer, num, base;
    double scale, offset;
    double native_message, native_field;
};

/* A time from a compressed header stands in `time` too. */
void es_fit_read_session(const struct es_fit_msg *m,
                         struct es_fit_session *out);
void es_fit_read_sport(const struct es_fit_msg *m, struct es_fit_session *out);
void es_fit_read_lap(const struct es_fit_msg *m, struct es_fit_session *out);
void es_fit_read_length(const struct es_fit_msg *m, struct es_fit_session *out);
void es_fit_read_event(const struct es_fit_msg *m, struct es_fit_event *out);
void es_fit_read_file_id(const struct es_fit_msg *m, struct es_fit_device *out);
void es_fit_read_device_info(const struct es_fit_msg *m,
                             struct es_fit_device *out);
void es_fit_read_activity(const struct es_fit_msg *m,
                          struct es_fit_activity *out);
void es_fit_read_hr(const struct es_fit_msg *m, struct es_fit_hr *out);
void es_fit_read_description(const struct es_fit_msg *m,
                             struct es_fit_description *out);

/* The bytes of field `num`; { NULL, 0 } when the message has none. */
struct es_bytes es_fit_bytes(const struct es_fit_msg *m, uint8_t num);
enum {                                       /* fields that are read so */
       ES_FIT_FILE_ID_PRODUCT_NAME = 8,      /* of file_id */
       ES_FIT_DEVICE_INFO_PRODUCT_NAME = 27, /* of device_info */
       ES_FIT_HR_BPM = 6,                    /* of hr: filtered_bpm */
       ES_FIT_HR_EVENT = 9,                  /* event_timestamp */
       ES_FIT_HR_EVENT_12 = 10,              /* event_timestamp_12 */
       ES_FIT_DESCRIPTION_NAME = 3,          /* of field_description */
       ES_FIT_DESCRIPTION_UNITS = 8
};

/* "Garmin", "Suunto"...; NULL when unknown. */
const char *es_fit_manufacturer(unsigned number);
/* "fr945"...: products of Garmin; NULL when unknown. */
const char *es_fit_garmin_product(unsigned number);
/* "course", "workout"...; NULL when unknown. */
const char *es_fit_file_type(unsigned number);

#endif
