/* SPDX-License-Identifier: Apache-2.0 */
/* Signs: findings that an honest run may show, too. What each weighs, so that
 * those of the track and those of what others know of the runner add up. */
#ifndef ES_TRACK_SIGNS_H
#define ES_TRACK_SIGNS_H

/* From this sum on a person looks. */
#define ES_SIGNS_ENOUGH 4.0

/* Of a finding's code; 0 for what is no sign. */
double es_sign_weight(const char *code);

#endif
