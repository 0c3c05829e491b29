/* SPDX-License-Identifier: Apache-2.0 */
#include "track/provenance.h"

/* Programs that draw or change tracks; in small letters. */
static const char *const EDITORS[] = {
    "gpx.studio",       "plotaroute", "gpsvisualizer",  "gps visualizer",
    "mapstogpx",        "onthegomap", "routeconverter", "gpxeditor",
    "gpx editor",       "fakemyrun",  "fake my run",    "gotoes",
    "fitfiletools",     "josm",       "qgis",           "graphhopper",
    "openrouteservice", "brouter",
};

/* What records by itself and writes GPX or TCX: apps that keep their runs on
 * the phone, and handhelds. How their creators begin; in small letters. All
 * others are websites, stores of a maker, and converters: a watch's own name
 * in a TCX file says whose run it was, not who wrote the file. */
static const char *const RECORDERS[] = {
    "everystep recorder",
    "opentracks",
    "fitotrack",
    "runnerup",
    "osmand",
    "gpslogger",
    "open gpx tracker",
    "oruxmaps",
    "locus map",
    "geo tracker",
    "maemo-mapper",
    "trekarta",
    "organic maps",
    "etrex",
    "gpsmap",
    "oregon",
    "montana",
    "dakota",
    "colorado",
    "rino",
    "edge705",
    "edge605",
};

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool begins(const char *text, const char *small_letters)
{
    while (*small_letters && small(*text) == *small_letters) {
        text++;
        small_letters++;
    }
    return !*small_letters;
}

const char *es_provenance_name(enum es_provenance p)
{
    static const char *const NAMES[] = { NULL, "live", "device", "reexported",
                                         "typed" };
    return (size_t)p < sizeof NAMES / sizeof *NAMES ? NAMES[p] : NULL;
}

bool es_is_editor(const char *device)
{
    for (; device && *device; device++)
        for (size_t i = 0; i < sizeof EDITORS / sizeof *EDITORS; i++)
            if (begins(device, EDITORS[i]))
                return true;
    return false;
}

enum es_provenance es_provenance_of(enum es_format format, const char *device,
                                    bool by_program)
{
    if (format == ES_FORMAT_NONE)
        return ES_FROM_NOWHERE;
    if (format == ES_FORMAT_FIT)
        return by_program || es_is_editor(device) ? ES_FROM_REEXPORT
                                                  : ES_FROM_DEVICE;
    for (size_t i = 0; device && i < sizeof RECORDERS / sizeof *RECORDERS; i++)
        if (begins(device, RECORDERS[i]))
            return ES_FROM_DEVICE;
    return ES_FROM_REEXPORT;
}
