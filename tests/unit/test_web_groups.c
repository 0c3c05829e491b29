/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A class from a list, as who organises sees it: nothing is kept by looking,
 * each wrong line is told and can be mended, and nobody comes in twice. */
#include "base/limits.h"
#include "base/random.h"
#include "browser.h"
#include "initiative/sessions.h"
#include "store/accounts.h"
#include "store/people.h"
#include "t.h"

#include <stdio.h>
#include <string.h>

#define GROUPS "/organise/e/lantern/groups"

static const char *head(const struct browser *b, const char *name)
{
    static char v[256];
    const char *got = es_reply_header(&b->r, name, v, sizeof v);
    return got ? got : "";
}

/* The form with a file; fields as "name=value" lines. */
static int bring(struct browser *b, const char *name, struct es_bytes csv,
                 const char *more)
{
    struct es_buf body;
    es_buf_init(&body, 64 << 20);
    const char *fields[][2] = { { "csrf", b->csrf },
                                { "name", name },
                                { "who", more },
                                { "visibility", "name" } };
    for (size_t i = 0; i < 4; i++)
        es_buf_fmt(&body,
                   "--x\r\nContent-Disposition: form-data; name=\"%s\""
                   "\r\n\r\n%s\r\n",
                   fields[i][0], fields[i][1]);
    es_buf_str(&body,
               "--x\r\nContent-Disposition: form-data; name=\"csv\"; "
               "filename=\"list.csv\"\r\nContent-Type: text/csv\r\n\r\n");
    es_buf_add(&body, csv.p, csv.n);
    es_buf_str(&body, "\r\n--x--\r\n");
    int status = browser_send(
        b, "POST", GROUPS, "Content-Type: multipart/form-data; boundary=x\r\n",
        es_buf_bytes(&body));
    es_buf_release(&body);
    return status;
}

static int64_t placed(struct browser *b)
{
    struct es_err e = { 0 };
    int64_t n = -1;
    world_must(es_store_count(b->w.store, b->w.ini.id, "placed", &n, &e), &e);
    return n;
}

/* The whole of it: what is wrong is told, the rest comes in once. */
TEST(a_list_is_looked_at_then_registered_and_mended)
{
    static const char CSV[] = "Name;Country\r\n"
                              "Ada;GB\r\n"
                              "<script>alert(1)</script>;TR\r\n"
                              "Cem;Wonderland\r\n"
                              "=cmd|' /C calc'!A0;TR\r\n";
    struct browser b;
    char preview[200];
    char wrong[260];
    char group[200];
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, GROUPS), 200);
    CHECK_INT(bring(&b, "Class 7b", es_bytes_str(CSV), "adults"), 303);
    snprintf(preview, sizeof preview, "%s", head(&b, "Location"));
    CHECK_INT(browser_get(&b, preview), 200);
    CHECK(browser_shows(&b, "Please choose a country from the list."));
    CHECK(browser_shows(&b, "begins like a formula"));
    CHECK(!browser_shows(&b, "<script>alert"));
    CHECK_INT(placed(&b), 0);

    /* the lines to mend, as a table that runs nothing */
    snprintf(wrong, sizeof wrong, "%s/wrong.csv", preview);
    CHECK_INT(browser_get(&b, wrong), 200);
    CHECK(browser_shows(&b, "\"Cem\",\"Wonderland\",\"4\",\"Please choose a"));
    CHECK(browser_shows(&b, "\"'=cmd|' /C calc'!A0\",\"TR\",\"5\""));
    CHECK(!browser_shows(&b, "Ada"));

    /* registered, and by the same form again */
    CHECK_INT(browser_post(&b, preview, ""), 303);
    snprintf(group, sizeof group, "%s", head(&b, "Location"));
    CHECK_INT(placed(&b), 2);
    CHECK_INT(browser_post(&b, preview, ""), 303);
    CHECK_INT(placed(&b), 2);
    CHECK_INT(browser_get(&b, group), 200);
    CHECK(browser_shows(&b, "Class 7b"));
    CHECK(browser_shows(&b, "Registered already"));

    /* mended, with all the others, as the table that was downloaded */
    CHECK_INT(bring(&b, "class 7B",
                    es_bytes_str("Line,Name,What is wrong,Country\n"
                                 "2,Ada,,GB\n4,Cem,No such country.,Turkey\n"),
                    "adults"),
              303);
    snprintf(preview, sizeof preview, "%s", head(&b, "Location"));
    CHECK_INT(browser_get(&b, preview), 200);
    CHECK(!browser_shows(&b, "These columns are not used"));
    CHECK_INT(browser_post(&b, preview, ""), 303);
    CHECK_INT(placed(&b), 3);
    browser_stop(&b);
}

TEST(what_can_not_be_read_is_told_at_its_field_and_nothing_is_lost)
{
    struct browser b;
    struct es_buf big;
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, GROUPS), 200);
    CHECK_INT(bring(&b, "", es_bytes_str("Ada\n"), "school"), 422);
    CHECK(browser_shows(&b, "Please give a name."));
    CHECK(browser_shows(&b, "value=\"school\" checked"));
    CHECK_INT(bring(&b, "Club", es_bytes_str("a,b\nc,d\n"), "adults"), 422);
    CHECK(browser_shows(&b, "which column holds the names"));
    CHECK(browser_shows(&b, "value=\"Club\""));
    CHECK_INT(bring(&b, "Club", es_bytes_str("Name\n\n"), "adults"), 422);
    CHECK(browser_shows(&b, "There is nobody on this list."));
    CHECK_INT(bring(&b, "Club", es_bytes_str(""), "adults"), 422);
    CHECK(browser_shows(&b, "Please choose a file first."));
    es_buf_init(&big, 8 << 20);
    while (big.n <= ES_GROUP_MAX)
        es_buf_str(&big, "Ada,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n");
    CHECK_INT(bring(&b, "Club", es_buf_bytes(&big), "adults"), 422);
    CHECK(browser_shows(&b, "This list is too large"));
    es_buf_release(&big);
    CHECK_INT(browser_post(&b, GROUPS, "name=Club&pasted=Ada%0ABen"), 303);
    CHECK_INT(browser_get(&b, GROUPS "/list.csv"), 200);
    CHECK(browser_shows(&b, "\"Name\""));
    browser_stop(&b);
}

struct hired {
    struct es_account a;
    struct es_role_given r;
};

static enum es_code put(struct es_txn *tx, const struct es_blob *blob,
                        void *arg, struct es_err *e)
{
    struct hired *h = arg;
    (void)blob;
    enum es_code rc = es_txn_account_put(tx, &h->a, e);
    return rc == ES_OK ? es_txn_role_add(tx, &h->r, e) : rc;
}

/* From here on another owner of the same initiative sits there. */
static void another_owner(struct browser *b)
{
    struct es_err e = { 0 };
    char secret[ES_SECRET_TEXT];
    struct hired h = { { .id = es_id_new(),
                         .name = "Omar",
                         .name_key = "omar",
                         .mail = "",
                         .lang = "en" },
                       { .initiative = b->w.ini.id, .role = ES_ROLE_OWNER } };
    h.r.account = h.a.id;
    world_must(es_store_write(b->w.store,
                              &(struct es_write){ .apply = put, .arg = &h },
                              &e),
               &e);
    struct es_session_ask ask = { .kind = ES_CRED_ORGANISER,
                                  .subject = h.a.id,
                                  .by = ES_BY_LINK };
    world_must(es_session_open(&b->w.app, &ask, secret, &e), &e);
    snprintf(b->cookies, sizeof b->cookies, "__Host-es-organiser=%s", secret);
}

TEST(a_list_is_seen_by_who_brought_it_alone)
{
    struct browser b;
    char preview[200];
    char path[260];
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, GROUPS), 200);
    CHECK_INT(browser_post(&b, GROUPS, "name=Club&pasted=Ada"), 303);
    snprintf(preview, sizeof preview, "%s", head(&b, "Location"));
    CHECK_INT(browser_get(&b, preview), 200);
    CHECK_INT(browser_get(&b, GROUPS "/preview/1"), 410);
    CHECK(browser_shows(&b, "isn&#39;t here any more"));
    another_owner(&b);
    CHECK_INT(browser_get(&b, GROUPS), 200);
    CHECK_INT(browser_get(&b, preview), 410);
    snprintf(path, sizeof path, "%s/wrong.csv", preview);
    CHECK_INT(browser_get(&b, path), 410);
    CHECK_INT(browser_post(&b, preview, ""), 410);
    CHECK_INT(placed(&b), 0);
    browser_stop(&b);
}

/* The first link on the page, from "/p/" on. */
static void link_of(const struct browser *b, char out[80])
{
    const char *p = strstr(browser_body(b), "/p/");
    CHECK(p != NULL);
    snprintf(out, 80, "%.*s", (int)(3 + strcspn(p + 3, "<\"\r\n ")), p);
}

TEST(links_are_printed_and_open_the_page_of_whom_they_belong_to)
{
    struct browser b;
    char group[200];
    char path[260];
    char link[80];
    char other[80];
    browser_start(&b);
    browser_sign_in_organiser(&b);
    CHECK_INT(browser_get(&b, GROUPS), 200);
    CHECK_INT(browser_post(&b, GROUPS, "name=Club&pasted=Ada%0ABen"), 303);
    snprintf(path, sizeof path, "%s", head(&b, "Location"));
    CHECK_INT(browser_post(&b, path, ""), 303);
    snprintf(group, sizeof group, "%.*s",
             (int)strcspn(head(&b, "Location"), "?"), head(&b, "Location"));
    CHECK_INT(browser_get(&b, group), 200);
    snprintf(path, sizeof path, "%s/links", group);
    CHECK_INT(browser_post(&b, path, ""), 200);
    CHECK(browser_shows(&b, "<svg class=\"qr\""));
    CHECK_STR(head(&b, "Cache-Control"), "no-store");
    link_of(&b, link);
    CHECK_INT(browser_get(&b, link), 200);
    CHECK(browser_shows(&b, "Ada"));
    /* the table makes others */
    snprintf(path, sizeof path, "%s/links.csv", group);
    CHECK_INT(browser_post(&b, path, ""), 200);
    CHECK(browser_shows(&b, "\"Ada\",\"1\",\"http"));
    link_of(&b, other);
    CHECK(strcmp(link, other) != 0);
    CHECK_INT(browser_get(&b, link), 404);
    CHECK_INT(browser_get(&b, other), 200);
    browser_stop(&b);
}
