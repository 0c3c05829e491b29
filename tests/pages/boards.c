/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the leaderboard and of the pages of people and teams. */
#include "samples.h"

#include "web/pages.h"

static struct es_view_board a_board(const char *by)
{
    struct es_view_board v = {
        .frame = frame(false),
        .by = by,
        .metric = "distance",
        .category = "",
        .age = "",
        .asked = "",
        .by_url = { path("/e/lantern/leaderboard"),
                    path("/e/lantern/leaderboard?by=team"),
                    path("/e/lantern/leaderboard?by=country") },
        .categories = categories(),
        .n_categories = strcmp(by, "person") == 0 ? 2 : 0,
        .self = path("/e/lantern/leaderboard"),
        .total = { 5675800000, 12000000000, 200, 592 },
        .next = path("/e/lantern/leaderboard?cursor=x"),
    };
    v.rows = standings(&v.n);
    return v;
}

static void board_by(struct es_out *o, const char *by, bool full)
{
    struct es_view_board v = a_board(by);
    v.n = full ? v.n : 0;
    v.next = full ? v.next : NOWHERE;
    es_page_board(o, &v);
}

void sample_board_me(struct es_out *o)
{
    struct es_view_board v = a_board("person");
    v.frame = frame(true);
    v.final = true;
    v.me_place = ES_VIEW_ME_STANDS;
    v.me = (struct es_view_standing){ .rank = 1061, .dist_mm = 5012345 };
    v.me_around = path("/e/lantern/leaderboard?around=me");
    es_page_board(o, &v);
}

void sample_board_best(struct es_out *o)
{
    struct es_view_board v = a_board("person");
    v.metric = "best";
    v.timed = true;
    v.category = S("نیم میراتھن");
    es_page_board(o, &v);
}

void sample_board_found(struct es_out *o)
{
    struct es_view_board v = a_board("person");
    v.searched = v.more = true;
    v.asked = S("عائشہ <b>");
    v.first = v.self;
    v.next = NOWHERE;
    es_page_board(o, &v);
}

void sample_board_not_found(struct es_out *o)
{
    struct es_view_board v = a_board("person");
    v.searched = true;
    v.asked = S("عائشہ <b>");
    v.n = 0;
    v.first = v.self;
    v.next = NOWHERE;
    es_page_board(o, &v);
}

void sample_board(struct es_out *o)
{
    board_by(o, "person", true);
}

void sample_board_countries(struct es_out *o)
{
    board_by(o, "country", true);
}

void sample_board_empty(struct es_out *o)
{
    board_by(o, "team", false);
}

void sample_person(struct es_out *o)
{
    struct es_view_run runs[] = { run(ES_VIEW_ACCEPTED),
                                  run(ES_VIEW_ACCEPTED) };
    struct es_view_person v = {
        .frame = frame(false),
        .name = S("عائشہ خان"),
        .country = "PK",
        .team = S("Night Owls & Friends"),
        .category = "",
        .zone = "UTC",
        .team_url = path("/e/lantern/teams/7"),
        .bib = 48,
        .rank = 3,
        .dist_mm = 165340120,
        .time_ms = 61771000,
        .n_accepted = 12,
        .runs = runs,
        .n_runs = N(runs),
        .older = path("/e/lantern/people/48?before=9"),
        .share = share("/e/lantern/people/48", "/e/lantern/people/48/card.png"),
    };
    es_page_person(o, &v);
}

void sample_team(struct es_out *o)
{
    struct es_view_team v = {
        .frame = frame(false),
        .name = S("Night Owls & Friends"),
        .rank = 2,
        .dist_mm = 1653401200,
        .time_ms = 617710000,
        .n_accepted = 120,
        .members = 31,
        .mean_mm = 53335522,
        .next = path("/e/lantern/teams/7?cursor=x"),
        .share = share("/e/lantern/teams/7", "/e/lantern/teams/7/card.png"),
    };
    v.rows = standings(&v.n);
    es_page_team(o, &v);
}

void sample_team_empty(struct es_out *o)
{
    struct es_view_team v = { .frame = frame(false),
                              .name = S("Nobody yet"),
                              .members = 1 };
    es_page_team(o, &v);
}

static const struct es_view_frozen *versions(void)
{
    static struct es_view_frozen v[2];
    v[0] = (struct es_view_frozen){
        2, 1787667900000, S("ایک دوڑ <b> رہ گئی تھی"),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        path("/e/lantern/results/2")
    };
    v[1] = (struct es_view_frozen){
        1, 1787567900000, "",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        path("/e/lantern/results/1")
    };
    return v;
}

void sample_results(struct es_out *o)
{
    struct es_view_results v = {
        .frame = frame(false),
        .final = true,
        .zone = "UTC",
        .check = "everystep verify --key e3b0c44298fc1c149afbf4c8996fb92427ae41"
                 "e4649b934ca495991b7852b855 FILE",
        .board = path("/e/lantern/leaderboard"),
        .csv = path("/e/lantern/results.csv"),
        .json = path("/e/lantern/results.json"),
        .print = path("/e/lantern/results/print"),
        .versions = versions(),
        .n = 2,
    };
    es_page_results(o, &v);
}

void sample_results_print(struct es_out *o)
{
    size_t n;
    const struct es_view_standing *rows = standings(&n);
    struct es_view_printed lists[] = {
        { S("10 km & more"), "person", "best", rows, n },
        { S("People"), "person", "distance", rows, n },
        { S("Teams"), "team", "distance", rows, n },
    };
    struct es_view_results_print v = {
        .frame = frame(false),
        .final = true,
        .version = 2,
        .at_ms = 1787667900000,
        .zone = "UTC",
        .about = path("/e/lantern/results"),
        .total = { 165340120, 0, 48, 120 },
        .most = 200,
        .lists = lists,
        .n = N(lists),
    };
    es_page_results_print(o, &v);
}

/* A board as a file: links in the place of the forms. */
void sample_board_kept(struct es_out *o)
{
    struct es_view_choice orders[] = {
        { "", S("People: By distance"), true, path("/e/lantern/leaderboard") },
        { "", S("10 km: By time"), false, path("/e/lantern/leaderboard?by=x") },
    };
    struct es_view_board v = a_board("person");
    v.frame.kept = true;
    v.frame.not_in = 6;
    v.orders = orders;
    v.n_orders = N(orders);
    v.version = 2;
    v.over = true;
    es_page_board(o, &v);
}

static struct es_view_finish a_finish(void)
{
    return (struct es_view_finish){
        .frame = frame_console(2),
        .last_ms = 1787667900000,
        .zone = "UTC",
        .review = path("/organise/e/lantern/review"),
        .finish = path("/organise/e/lantern/results/finish"),
        .correct = path("/organise/e/lantern/results/correct"),
        .results = path("/e/lantern/results"),
        .csv = path("/e/lantern/results.csv"),
        .own = path("/organise/e/lantern/results.csv"),
        .print = path("/e/lantern/results/print"),
        .why = { "", NULL },
        .anyway = { "", NULL },
    };
}

void sample_finish(struct es_out *o)
{
    struct es_view_finish v = a_finish();
    v.running = true;
    v.waiting = 12;
    v.appeals = 1;
    v.anyway.error = "Please say so.";
    es_page_finish(o, &v);
}

void sample_finished(struct es_out *o)
{
    struct es_view_finish v = a_finish();
    v.final = v.drawn = true;
    v.versions = versions();
    v.n_versions = 2;
    es_page_finish(o, &v);
}
