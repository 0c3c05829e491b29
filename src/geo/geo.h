/* SPDX-License-Identifier: Apache-2.0 */
/* WGS84. Angles in degrees, lengths in metres. */
#ifndef ES_GEO_GEO_H
#define ES_GEO_GEO_H

#include <stddef.h>

/* Length of the geodesic between two points, any two on the ellipsoid, to
 * better than 1 mm for pairs up to 1 km and 0.5 m beyond (nearly antipodal
 * pairs included). Longitudes may differ by more than 180 degrees. NAN in,
 * NAN out. Source: Vincenty 1975, doi:10.1179/sre.1975.23.176.88; up to 1 km
 * away from the poles the metric at the middle latitude (2e-7). */
double es_geo_distance_m(double lat1_deg, double lon1_deg, double lat2_deg,
                         double lon2_deg);

/* Radii of curvature at a latitude: meridian M and prime vertical N. */
void es_geo_radii_m(double lat_deg, double *meridian_m, double *prime_m);

#endif
