/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* An initiative's public pages as files: each link leads to a file, nothing in
 * them asks a server, nobody is in them who isn't public. */
#include "base/file.h"
#include "browser.h"
#include "initiative/results.h"
#include "initiative/settings.h"
#include "programme/programme.h"
#include "t.h"
#include "web/site.h"

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PEOPLE = 203, FILE_MAX = 8 << 20 };

/* ---- an initiative with something of everything ---- */

static struct es_participant joins(struct browser *b, const char *name,
                                   const char *team, const char *visibility)
{
    struct es_err e = { 0 };
    struct es_joined j;
    struct es_field_errors fe = { .n = 0 };
    struct es_join in = { .display_name = name,
                          .category = "5 km",
                          .country = "NO",
                          .team_code = team,
                          .visibility = visibility,
                          .email = "somebody@example.org",
                          .guardian_contact = "Guardian Gudrun",
                          .age_group = "0",
                          .consents = "{\"rules\": 2}" };
    world_must(es_register(&b->w.app, &b->w.ini, &in, &b->w.a, &j, &fe, &e),
               &e);
    CHECK_INT(fe.n, 0);
    return j.p;
}

static void ran(struct browser *b, const struct es_participant *p, double km)
{
    struct es_err e = { 0 };
    struct es_receipt r;
    struct es_field_errors fe = { .n = 0 };
    struct es_typed t = { .started_ms = b->w.now - 86400000,
                          .dist_m = km * 1000,
                          .elapsed_s = km * 300,
                          .note = "a note of my own" };
    world_must(es_runs_type_in(&b->w.app, p, &t, &b->w.a, &r, &fe, &e), &e);
}

/* Who registers chooses an age group, by which people stand, too. */
static void ask_for_age(struct browser *b)
{
    struct es_err e = { 0 };
    struct es_settings was;
    struct es_settings_change c = { .initiative = b->w.ini.id,
                                    .settings = es_settings_default(),
                                    .n_consents = 1 };
    const struct es_consent_edit rules = {
        "rules", "By the rules.", "By the rules.", "", true, false
    };
    c.settings.age_group = true;
    c.consents[0] = rules;
    world_must(es_settings_of(b->w.store, c.initiative, &was, &c.from, &e), &e);
    world_must(es_settings_save(&b->w.app, &c, &b->w.a, &e), &e);
    world_must(es_store_initiative_by_id(b->w.store, c.initiative, &b->w.a,
                                         &b->w.ini, &e),
               &e);
}

static void fill(struct browser *b, int people)
{
    struct es_err e = { 0 };
    int64_t team;
    char name[32];
    b->w.ini.rules = "{\"categories\": [{\"name\": \"5 km\", \"dist_mm\": "
                     "5000000}, \"Every step & more\"]}";
    b->w.ini.texts = "{\"ur\": {\"title\": \"\u0686\u0631\u0627\u063a\"}}";
    b->w.ini.contact = "ask@example.net";
    world_must(es_initiative_save(&b->w.app, &b->w.ini, &e), &e);
    ask_for_age(b);
    world_must(es_team_create(&b->w.app, b->w.ini.id, "The \"Reds\"", "RED",
                              &team, &e),
               &e);
    for (int i = 0; i < people; i++) {
        (void)snprintf(name, sizeof name, "Runner%d <i>", i);
        struct es_participant p = joins(b, name, "RED", "name");
        ran(b, &p, 5 + i % 7);
    }
    struct es_participant unseen = joins(b, "Unseen Ulla", "RED", "hidden");
    ran(b, &unseen, 6);
    struct es_participant short_name =
        joins(b, "Short Shirin", "RED", "initials");
    ran(b, &short_name, 6);
}

/* Nothing of a link for those who take part, or of a draft, is for everybody.
 */
static int64_t adds_event(struct browser *b, const char *title, int32_t state)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { .n = 0 };
    struct es_occasion_body body = es_occasion_body_none();
    struct es_occasion o = { .initiative = b->w.ini.id,
                             .state = state,
                             .starts_ms = b->w.now + 86400000,
                             .ends_ms = b->w.now + 90000000,
                             .zone = "Asia/Karachi",
                             .lang = "en",
                             .title = title };
    body.about = "Come **all**.";
    body.place.address = "1 Pier Road";
    body.online.url = "https://meet.example/Unseen";
    body.online.registered = true;
    world_must(es_occasion_add(&b->w.app, &o, &body, &b->w.a, &fe, &e), &e);
    return o.id;
}

static enum es_code export(struct browser *b, const char *dir,
                           struct es_site_told *told, struct es_err *e) {
    struct es_site_ask ask = { .slug = "lantern", .dir = dir };
    return es_web_site(b->web, &ask, told, e);
}

/* ---- all its files ---- */

static struct seen {
    int files, pages, links;
    uint64_t sum; /* of all names and bytes, in any order */
    const char *root;
} seen; /* nftw has no argument to hand it on */

static uint64_t sum_of(uint64_t h, const void *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ ((const uint8_t *)p)[i]) * 0x100000001b3u;
    return h;
}

static void check_link(const char *file, const char *at, size_t n)
{
    char path[4096];
    struct stat st;
    size_t keep = 0;
    if (n == 0 || *at == '#' || strncmp(at, "https:", 6) == 0 ||
        strncmp(at, "mailto:", 7) == 0 || strncmp(at, "data:", 5) == 0)
        return;
    for (; keep < n && at[keep] != '#'; keep++)
        if (at[keep] == '?' || at[keep] == ':')
            FAIL("%s leads to %.*s", file, (int)n, at);
    (void)snprintf(path, sizeof path, "%.*s/%.*s",
                   (int)(strrchr(file, '/') - file), file, (int)keep, at);
    if (*at == '/' || stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        FAIL("%s leads to %.*s, which isn't there", file, (int)n, at);
    seen.links++;
}

static void check_page(const char *file, const char *s)
{
    static const char *const LEADS[] = { " href=\"", " src=\"", " poster=\"",
                                         " srcset=\"", " action=\"" };
    static const char *const NEVER[] = { "<form",     "<script",   "<input",
                                         "<button",   "\"csrf\"",  "data-live",
                                         "Unseen",    "Shirin",    "Gudrun",
                                         "somebody@", "a note of", "http:" };
    for (size_t i = 0; i < sizeof LEADS / sizeof *LEADS; i++)
        for (const char *p = s; (p = strstr(p, LEADS[i]));) {
            p += strlen(LEADS[i]);
            check_link(file, p, strcspn(p, "\""));
        }
    for (size_t i = 0; i < sizeof NEVER / sizeof *NEVER; i++)
        if (strstr(s, NEVER[i]))
            FAIL("%s has %s", file, NEVER[i]);
    seen.pages++;
}

static int look(const char *path, const struct stat *st, int kind,
                struct FTW *at)
{
    struct es_buf b;
    struct es_err e = { 0 };
    (void)st;
    (void)at;
    if (kind != FTW_F)
        return 0;
    world_must(es_file_load(path, FILE_MAX, &b, &e), &e);
    const char *name = path + strlen(seen.root);
    uint64_t h = sum_of(0xcbf29ce484222325u, name, strlen(name));
    seen.sum += sum_of(h, b.p, b.n);
    seen.files++;
    const char *dot = strrchr(path, '.');
    if (dot && strcmp(dot, ".html") == 0)
        check_page(path, es_buf_cstr(&b));
    else if (dot && (strcmp(dot, ".csv") == 0 || strcmp(dot, ".json") == 0))
        CHECK(!strstr(es_buf_cstr(&b), "Unseen") &&
              !strstr(es_buf_cstr(&b), "somebody@"));
    es_buf_release(&b);
    return 0;
}

static void look_at(const char *dir)
{
    seen = (struct seen){ .root = dir };
    CHECK_INT(nftw(dir, look, 16, FTW_PHYS), 0);
}

static bool has(const char *dir, const char *file)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", dir, file);
    return access(path, F_OK) == 0;
}

static const char *below(struct browser *b, const char *name)
{
    return es_arena_fmt(&b->w.a, "%s/%s", b->w.dir, name);
}

TEST(every_link_leads_to_a_file_and_nobody_hidden_is_in_one)
{
    struct browser b;
    struct es_site_told told;
    struct es_err e = { 0 };
    int32_t version;
    browser_start(&b);
    fill(&b, PEOPLE);
    int64_t launch = adds_event(&b, "The launch", ES_OCCASION_PUBLISHED);
    (void)adds_event(&b, "Unseen evening", ES_OCCASION_DRAFT);
    world_must(es_results_finish(&b.w.app, b.w.ini.id, 1, "", &version, &e),
               &e);
    const char *dir = below(&b, "site");
    world_must(export(&b, dir, &told, &e), &e);
    look_at(dir);
    CHECK_INT(seen.pages, told.pages);
    CHECK_INT(told.people, PEOPLE + 1);
    CHECK(seen.links > 10 * PEOPLE);
    /* both languages; the order goes on to a second page; a page each */
    const char *const FILES[] = { "index.html",
                                  "en/index.html",
                                  "ur/index.html",
                                  "en/leaderboard/person-distance-2.html",
                                  "en/people/1.html",
                                  "ur/leaderboard/person-best-c1-2.html",
                                  "ur/people/203.html",
                                  "en/leaderboard/team-distance.html",
                                  "en/rules.html",
                                  "ur/results.html",
                                  "results-1.json",
                                  "results.csv",
                                  "everystep.json",
                                  "en/leaderboard/person-distance-c2.html",
                                  "ur/leaderboard/person-best-c1-a0-2.html",
                                  "en/leaderboard/person-best-c1-a18.html",
                                  "en/programme.html",
                                  es_arena_fmt(&b.w.a, "ur/programme/%lld.html",
                                               (long long)launch) };
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++)
        if (!has(dir, FILES[i]))
            FAIL("%s isn't there", FILES[i]);
    CHECK(!has(dir, "tr/index.html") && !has(dir, "en/people/204.html"));
    CHECK(!has(dir, ".everystep-unfinished"));

    /* the same again is the same, byte by byte */
    struct seen first = seen;
    const char *again = below(&b, "again");
    world_must(export(&b, again, &told, &e), &e);
    look_at(again);
    CHECK_INT(seen.files, first.files);
    CHECK(seen.sum == first.sum);
    browser_stop(&b);
}

TEST(what_is_there_stays_and_an_unfinished_try_goes)
{
    struct browser b;
    struct es_site_told told;
    struct es_err e = { 0 };
    browser_start(&b);
    fill(&b, 2);
    const char *dir = below(&b, "site"), *part = below(&b, "site.part");
    char old[4096];

    /* somebody else's folder in the way */
    CHECK_INT(mkdir(part, 0700), 0);
    (void)snprintf(old, sizeof old, "%s/precious", part);
    CHECK_INT(mkdir(old, 0700), 0);
    CHECK_INT(export(&b, dir, &told, &e), ES_EEXIST);
    CHECK(has(part, "precious") && access(dir, F_OK) != 0);

    /* what a killed export left */
    (void)snprintf(old, sizeof old, "%s/.everystep-unfinished", part);
    FILE *f = fopen(old, "w");
    CHECK(f && fclose(f) == 0);
    world_must(export(&b, dir, &told, &e), &e);
    CHECK(!has(dir, "precious") && access(part, F_OK) != 0);
    CHECK_INT(export(&b, dir, &told, &e), ES_EEXIST);
    look_at(dir);
    CHECK_INT(seen.pages, told.pages);
    browser_stop(&b);
}

/* Without a run its first page is the one of the whole site all the same. */
TEST(a_programme_that_stands_alone_is_written)
{
    struct browser b;
    struct es_site_told told;
    struct es_err e = { 0 };
    browser_start(&b);
    b.w.ini.alone = true;
    world_must(es_initiative_save(&b.w.app, &b.w.ini, &e), &e);
    (void)adds_event(&b, "The launch", ES_OCCASION_PUBLISHED);
    const char *dir = below(&b, "site");
    world_must(export(&b, dir, &told, &e), &e);
    look_at(dir);
    CHECK_INT(seen.pages, told.pages);
    CHECK(has(dir, "index.html") && has(dir, "en/programme.html"));
    browser_stop(&b);
}

TEST(drafts_and_what_is_paused_are_not_written)
{
    struct browser b;
    struct es_site_told told;
    struct es_err e = { 0 };
    browser_start(&b);
    const char *dir = below(&b, "site");
    b.w.ini.state = ES_INI_DRAFT;
    world_must(es_initiative_save(&b.w.app, &b.w.ini, &e), &e);
    CHECK_INT(export(&b, dir, &told, &e), ES_ENOENT);
    CHECK(access(dir, F_OK) != 0);
    struct es_site_ask ask = { .slug = "nowhere", .dir = dir };
    CHECK_INT(es_web_site(b.web, &ask, &told, &e), ES_ENOENT);
    /* and pages are sent as ever */
    b.w.ini.state = ES_INI_OPEN;
    world_must(es_initiative_save(&b.w.app, &b.w.ini, &e), &e);
    CHECK_INT(browser_get(&b, "/e/lantern"), 200);
    CHECK(browser_shows(&b, "/e/lantern/join"));
    browser_stop(&b);
}
