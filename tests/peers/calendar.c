/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Writes a calendar for others to read, and says what is in it:
 *
 *     calendar FILE
 *
 * prints a JSON object a line: uid, starts and ends (Unix ms), title,
 * description, place, sequence, off. */
#include "programme/calendar.h"
#include "base/json.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const ZONES[] = { "Europe/Berlin",     "Europe/Istanbul",
                                     "Europe/Dublin",     "Asia/Karachi",
                                     "Asia/Baku",         "Asia/Kathmandu",
                                     "America/New_York",  "Australia/Lord_Howe",
                                     "Africa/Casablanca", "America/St_Johns",
                                     "Pacific/Apia",      "UTC" };
static const char *const TITLES[] = {
    "The launch",
    "Semicolons; commas, back\\slashes: \"quotes\"",
    "\u0627\u0641\u062a\u062a\u0627\u062d\u06cc \u062a\u0642\u0631\u06cc\u0628 "
    "\u0627\u0648\u0631 \u0635\u0627\u0641 \u067e\u0627\u0646\u06cc "
    "\u06a9\u06d2 \u0644\u06cc\u06d2 \u062f\u0648\u0691 "
    "\u2014 \u06cc\u06a9\u0645",
    "A\u00e7\u0131l\u0131\u015f \U0001f3c3\U0001f3fd\u200d\u2640\ufe0f "
    "\U0001f3c3\U0001f3fd\u200d\u2640\ufe0f \U0001f3c3\U0001f3fd\u200d\u2640"
    "\ufe0f \U0001f3c3\U0001f3fd\u200d\u2640\ufe0f",
};
static const char ABOUT[] =
    "One line, with a comma; then a long one that has to be folded more than "
    "once, as no line of a calendar is longer than seventy-five octets, "
    "whatever letters \u2014 \u00e4\u00f6\u00fc\u00df\u011f\u0131\u015f \u2014 "
    "it is of.\n\nAnother paragraph.";

enum { MOST = 4000, N_TITLES = sizeof TITLES / sizeof *TITLES };
static const int64_t HOUR_MS = 3600000, DAY_MS = 86400000;

static struct es_occasion made[MOST];
static size_t n_made;

static void make(const char *zone, int64_t starts_ms)
{
    if (n_made == MOST)
        return;
    made[n_made] = (struct es_occasion){
        .initiative = 9007199254740993,
        .id = (int64_t)n_made + 1,
        .state = n_made % 7 == 3 ? ES_OCCASION_OFF : ES_OCCASION_PUBLISHED,
        .starts_ms = starts_ms,
        .ends_ms = starts_ms + 90 * HOUR_MS / 60,
        .zone = zone,
        .title = TITLES[n_made % N_TITLES],
        .sequence = (int64_t)n_made % 5,
        .edited_ms = 1788000000000,
    };
    n_made++;
}

/* Each month of six years, and around each change of the clocks. */
static void make_all(const char *zone)
{
    const int64_t from = 1735689600000; /* 2025-01-01 */
    const int64_t to = from + 6 * 366 * DAY_MS;
    for (int64_t t = from; t < to; t += 31 * DAY_MS + 5 * HOUR_MS)
        make(zone, t);
    for (int64_t at = from; es_zone_changes(zone, at, &at) && at < to;)
        for (int64_t h = -3; h <= 3; h++) {
            make(zone, at + h * HOUR_MS / 2);
            make(zone, at + h * HOUR_MS / 2 - 1000);
        }
}

static void say(const struct es_calendar_entry *c)
{
    const struct es_occasion *o = c->occasion;
    struct es_buf b;
    es_buf_init(&b, 1 << 16);
    es_buf_fmt(&b, "{\"uid\":\"%" PRId64 "-%" PRId64 "@everystep\"",
               o->initiative, o->id);
    es_buf_json_i(&b, "starts", o->starts_ms);
    es_buf_json_i(&b, "ends", o->ends_ms);
    es_buf_json_i(&b, "sequence", o->sequence);
    es_buf_json_b(&b, "off", o->state == ES_OCCASION_OFF);
    es_buf_json_s(&b, "zone", o->zone);
    es_buf_json_s(&b, "title", c->title);
    es_buf_json_s(&b, "description", c->description);
    es_buf_json_s(&b, "place", c->place);
    es_buf_str(&b, "}");
    puts(es_buf_cstr(&b));
    es_buf_release(&b);
}

int main(int argc, char **argv)
{
    struct es_buf file;
    if (argc != 2)
        return 64;
    for (size_t i = 0; i < sizeof ZONES / sizeof *ZONES; i++)
        make_all(ZONES[i]);
    es_buf_init(&file, ES_CALENDAR_MAX);
    es_calendar_begin(&file, "Lantern Run; \u067e\u0631\u0648\u06af\u0631\u0627"
                             "\u0645, all of it");
    es_calendar_zones(&file, made, n_made);
    for (size_t i = 0; i < n_made; i++) {
        struct es_calendar_entry c = {
            .occasion = &made[i],
            .title = made[i].title,
            .lang = i % 2 ? "ur" : "en",
            .description = i % 3 ? ABOUT : "",
            .place = i % 2 ? "Great Hall\n1 Pier Road, Harbour" : "",
            .kind = "Ceremony",
            .url = "https://run.example/e/lantern/programme/1",
            .conference = i % 2 ? "https://meet.example/a,b;c" : "",
        };
        say(&c);
        es_calendar_event(&file, &c);
    }
    es_calendar_end(&file);
    FILE *f = file.bad ? NULL : fopen(argv[1], "wb");
    bool ok = f && fwrite(file.p, 1, file.n, f) == file.n;
    ok = f && fclose(f) == 0 && ok;
    es_buf_release(&file);
    return ok ? 0 : 1;
}
