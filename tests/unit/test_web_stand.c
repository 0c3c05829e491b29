/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The standings as people see them: search, pages of persons and teams. */
#include "t.h"

#include "browser.h"

#include <string.h>

/* How many rows the API finds; the first one's rank and name. */
static size_t found(struct browser *b, const char *q, int64_t *rank,
                    const char **name)
{
    char path[200];
    (void)snprintf(path, sizeof path,
                   "/api/v1/initiatives/lantern/standings?q=%s", q);
    CHECK_INT(browser_get(b, path), 200);
    json_t *v = browser_answer(b);
    json_t *rows = json_object_get(v, "rows");
    const json_t *row = json_array_get(rows, 0);
    size_t n = json_array_size(rows);
    CHECK(json_is_null(json_object_get(v, "next_cursor")));
    *rank = json_integer_value(json_object_get(row, "rank"));
    *name = n > 0 ? es_arena_str(&b->w.a, browser_text(row, "name")) : "";
    json_decref(v);
    return n;
}

TEST(the_api_finds_people_by_name_and_bib)
{
    struct browser b;
    int64_t rank;
    const char *name;
    browser_start(&b);
    struct es_participant ada = world_join(&b.w, "Ada Lovelace");
    world_join(&b.w, "Adam");
    browser_type_in(&b, &ada, 7200);
    CHECK_INT(found(&b, "ada", &rank, &name), 2);
    CHECK_INT(rank, 1);
    CHECK_STR(name, "Ada Lovelace");
    CHECK_INT(found(&b, "love%20ADA", &rank, &name), 1);
    CHECK_INT(found(&b, "2", &rank, &name), 1);
    CHECK_STR(name, "Adam");
    CHECK_INT(rank, 0);
    CHECK_INT(found(&b, "", &rank, &name), 0);
    CHECK_INT(found(&b, "%25", &rank, &name), 0);
    CHECK_INT(browser_get(&b, "/api/v1/initiatives/lantern/standings"
                              "?by=team&q=ada"),
              400);
    CHECK_INT(
        browser_get(&b, "/api/v1/initiatives/lantern/standings?q="
                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        400);
    browser_stop(&b);
}
