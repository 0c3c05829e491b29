/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Rate limits that protect without hurting: a token bucket for each pair of
 * (what is done, who does it), in a table of fixed size. */
#ifndef ES_AUTH_LIMIT_H
#define ES_AUTH_LIMIT_H

#include <stdint.h>

struct es_limits;

enum es_limited { /* rows of the table of allowances in limit.c */
                  ES_LIMIT_JOIN, /* per address: a school of 120 behind one gets
                                    through */
                  ES_LIMIT_UPLOAD,  /* per participant */
                  ES_LIMIT_GUESS,   /* wrong secrets, per address */
                  ES_LIMIT_DRAW,    /* pictures that have to be drawn first, per
                                       address */
                  ES_LIMIT_RECOVER, /* recovery codes tried, per address */
                  ES_LIMIT_REPORT,  /* things reported, per address */
                  ES_LIMIT_SEARCH,  /* people looked for, per address */
                  ES_LIMIT_MAIL_MINUTE, /* links by mail, per mail address... */
                  ES_LIMIT_MAIL_HOUR,
                  ES_LIMIT_MAIL_PEER, /* ...per address of who asks... */
                  ES_LIMIT_MAIL_TEST, /* tests of mail, per account */
                  ES_LIMIT_MAIL_ALL,  /* ...and of everybody together */
                  ES_LIMIT_LIVE, /* a recorder's reports, per participant */
                  ES_LIMIT_KINDS
};

/* NULL when out of memory. */
struct es_limits *es_limits_new(void);
void es_limits_free(struct es_limits *l);

/* Takes one token. 0: go on; else the seconds after which one is there again.
 * `who` is any number that names the person or address. When the table is
 * full the longest idle row of its neighbourhood is reused, so a flood of
 * addresses costs memory nothing and can only make limits kinder.
 * Thread-safe. now_ms: monotonic. */
unsigned es_limit_take(struct es_limits *l, enum es_limited what, uint64_t who,
                       int64_t now_ms);

#endif
