/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Who takes part in the demo: names made up, in the scripts that the pages
 * must be able to show. */
#ifndef ES_CLI_DEMO_PEOPLE_H
#define ES_CLI_DEMO_PEOPLE_H

#include <stddef.h>

enum { ES_DEMO_GROUPS = 20, ES_DEMO_GROUP = 10, ES_DEMO_COUNTRIES = 4 };

struct es_demo_group {
    const char *lang; /* of the pages: one that they are in */
    const char *countries[ES_DEMO_COUNTRIES];
    const char *names[ES_DEMO_GROUP];
};

extern const struct es_demo_group es_demo_groups[ES_DEMO_GROUPS];

#endif
