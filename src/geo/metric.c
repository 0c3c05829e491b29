/* SPDX-License-Identifier: Apache-2.0 */
#include "geo/metric.h"

#include <math.h>

#include "geo/geo.h"
#include "geo/math.h"

static const double RAD = 3.14159265358979323846 / 180;
static const double A_M = 6378137.0; /* WGS84, semi-major axis */
static const double E2 = (2 - 1 / 298.257223563) / 298.257223563;

/* Bands of a 64th of a degree: from the middle of one, what is left out (the
 * second order northward, the third eastward) is below 3e-9 up to 89 degrees.
 */
enum { BANDS_A_DEG = 64 };
static const double LOCAL_MAX_M = 1000, LOCAL_MAX_LAT_DEG = 89;

/* The radii M and N of the ellipsoid, and how they change with the latitude:
 * d(N cos)/d(lat) = -M sin, dM/d(lat) = 3 M e2 sin cos / w2. */
static void make(struct es_geo_metric *g, int band)
{
    double s, c;
    g->band = band;
    g->lat_deg = (band - 0.5) / BANDS_A_DEG - 90;
    es_sincos(g->lat_deg * RAD, &s, &c);
    double w2 = 1 - E2 * s * s, w = sqrt(w2);
    double prime = A_M / w, meridian = prime * (1 - E2) / w2;
    double change = 3 * meridian * E2 * s * c / w2;
    g->north = meridian * RAD;
    g->north1 = change * RAD * RAD;
    g->east = prime * c * RAD;
    g->east1 = -meridian * s * RAD * RAD;
    g->east2 = -(meridian * c + change * s) / 2 * RAD * RAD * RAD;
}

static struct es_geo_step far_step(double lat1_deg, double lon1_deg,
                                   double lat2_deg, double lon2_deg)
{
    double s, c, mid_deg = (lat1_deg + lat2_deg) / 2;
    double m = es_geo_distance_m(lat1_deg, lon1_deg, lat2_deg, lon2_deg);
    es_sincos(mid_deg * RAD, &s, &c);
    double east = remainder(lon2_deg - lon1_deg, 360) * c;
    double north = lat2_deg - lat1_deg, h = es_hypot(east, north);
    if (!(h > 0))
        return (struct es_geo_step){ m, 0, m };
    return (struct es_geo_step){ east / h * m, north / h * m, m };
}

struct es_geo_step es_geo_step_of(struct es_geo_metric *g, double lat1_deg,
                                  double lon1_deg, double lat2_deg,
                                  double lon2_deg)
{
    double mid = (lat1_deg + lat2_deg) / 2, turn = lon2_deg - lon1_deg;
    if (fabs(turn) > 180)
        turn = remainder(turn, 360);
    if (!(fabs(mid) <= LOCAL_MAX_LAT_DEG) ||
        !(fabs(lat2_deg - lat1_deg) < 0.01))
        return far_step(lat1_deg, lon1_deg, lat2_deg, lon2_deg);
    int band = (int)((mid + 90) * BANDS_A_DEG) + 1;
    if (band != g->band)
        make(g, band);
    double up = mid - g->lat_deg;
    double east = turn * (g->east + up * (g->east1 + up * g->east2));
    double north = (lat2_deg - lat1_deg) * (g->north + up * g->north1);
    double m = sqrt(east * east + north * north);
    if (!(m <= LOCAL_MAX_M))
        return far_step(lat1_deg, lon1_deg, lat2_deg, lon2_deg);
    return (struct es_geo_step){ east, north, m };
}
