/* SPDX-License-Identifier: Apache-2.0 */
/* Steps between fixes, many of them, one after another: the metric of a narrow
 * band of latitude is made once and kept. */
#ifndef ES_GEO_METRIC_H
#define ES_GEO_METRIC_H

/* The band that was made last; the zero state is none. */
struct es_geo_metric {
    int band;                  /* 1-based */
    double lat_deg;            /* its middle */
    double north, north1;      /* metres a degree, and their change */
    double east, east1, east2; /* with a degree of latitude */
};

struct es_geo_step {
    double east_m, north_m, length_m;
};

/* From one position to another, both valid. length_m is the geodesic's: up to
 * 1 km by WGS84's radii at the middle latitude (2e-7), beyond by Vincenty; the
 * two components have that length together. Each answer depends on the two
 * positions alone, whatever the metric was used for before. */
struct es_geo_step es_geo_step_of(struct es_geo_metric *g, double lat1_deg,
                                  double lon1_deg, double lat2_deg,
                                  double lon2_deg);

#endif
