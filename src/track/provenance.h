/* SPDX-License-Identifier: Apache-2.0 */
/* How near a run's figures are to the body that ran: whether they came as it
 * happened, from the device's own file, through other hands, or from memory.
 * What a file says of itself: a label for who reads, never a proof. */
#ifndef ES_TRACK_PROVENANCE_H
#define ES_TRACK_PROVENANCE_H

#include "track/track.h"

/* From the strongest to the weakest. Numbers are stored: new ones go to the
 * end. */
enum es_provenance {
    ES_FROM_NOWHERE,  /* not known */
    ES_FROM_LIVE,     /* recorded here, received as it happened */
    ES_FROM_DEVICE,   /* a file as that which recorded it wrote it */
    ES_FROM_REEXPORT, /* a file that something else wrote anew */
    ES_FROM_TYPED,    /* entered by hand */
};
/* "live", "device", "reexported", "typed"; NULL for nowhere. */
ES_API const char *es_provenance_name(enum es_provenance p);

/* Of a file of that format whose device or creator calls itself so (NULL or
 * "": not at all). by_program: the file says that no device wrote it. */
enum es_provenance es_provenance_of(enum es_format format, const char *device,
                                    bool by_program);

/* Whether that is the name of a program that draws or changes tracks. */
bool es_is_editor(const char *device);

#endif
