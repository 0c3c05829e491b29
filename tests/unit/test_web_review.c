/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reviewing over the web: the queue, a run, the decisions, what the participant
 * reads, and the log. */
#include "browser.h"
#include "initiative/review.h"
#include "initiative/sessions.h"
#include "t.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- people of staff ---- */

struct staffing {
    struct es_account a;
    struct es_role_given r;
};
static enum es_code put(struct es_txn *tx, const struct es_blob *blob,
                        void *arg, struct es_err *e)
{
    struct staffing *s = arg;
    (void)blob;
    enum es_code rc = es_txn_account_put(tx, &s->a, e);
    return rc == ES_OK ? es_txn_role_add(tx, &s->r, e) : rc;
}

static int64_t hire(struct browser *b, const char *name, enum es_role role)
{
    struct es_err e = { 0 };
    struct staffing t = { { .id = es_id_new(),
                            .name = name,
                            .name_key = name,
                            .mail = "",
                            .lang = "en" },
                          { .initiative = b->w.ini.id, .role = role } };
    t.r.account = t.a.id;
    world_must(es_store_write(b->w.store,
                              &(struct es_write){ .apply = put, .arg = &t },
                              &e),
               &e);
    return t.a.id;
}

static enum es_code fire_apply(struct es_txn *tx, const struct es_blob *blob,
                               void *arg, struct es_err *e)
{
    const int64_t *id = arg;
    (void)blob;
    return es_txn_roles_drop(tx, *id, e);
}

/* Who sits at this browser now. */
static void be(struct browser *b, int64_t account)
{
    struct es_err e = { 0 };
    char secret[ES_SECRET_TEXT];
    struct es_session_ask ask = { .kind = ES_CRED_ORGANISER,
                                  .subject = account,
                                  .by = ES_BY_LINK };
    world_must(es_session_open(&b->w.app, &ask, secret, &e), &e);
    snprintf(b->cookies, sizeof b->cookies, "__Host-es-organiser=%s", secret);
    CHECK_INT(browser_get(b, "/organise"), 200); /* gets the form's token */
}

static struct es_receipt waiting(struct browser *b,
                                 const struct es_participant *p, double dist_m)
{
    struct es_err e = { 0 };
    struct es_field_errors fe = { 0 };
    struct es_receipt r;
    struct es_typed t = { .started_ms = b->w.now - 90000000,
                          .dist_m = dist_m,
                          .elapsed_s = dist_m / 2.4 };
    world_must(es_runs_type_in(&b->w.app, p, &t, &b->w.a, &r, &fe, &e), &e);
    return r;
}

static int64_t last_step(struct browser *b, const struct es_receipt *r)
{
    struct es_err e = { 0 };
    struct es_receipt now = *r;
    world_must(es_receipt_steps(&b->w.app, &now, &b->w.a, &e), &e);
    return es_steps_state(now.steps, now.n_steps).last;
}

static int act(struct browser *b, const struct es_receipt *r, const char *what,
               int64_t seen, const char *more)
{
    char path[160], form[4096];
    snprintf(path, sizeof path, "/organise/e/lantern/review/%lld/%s",
             (long long)r->run.id, what);
    snprintf(form, sizeof form, "seen=%lld%s", (long long)seen, more);
    return browser_post(b, path, form);
}

static int look(struct browser *b, const struct es_receipt *r)
{
    char path[160];
    snprintf(path, sizeof path, "/organise/e/lantern/review/%lld",
             (long long)r->run.id);
    return browser_get(b, path);
}

static int mine(struct browser *b, const struct es_receipt *r)
{
    char path[160];
    snprintf(path, sizeof path, "/me/runs/%lld", (long long)r->run.id);
    return browser_get(b, path);
}

static bool goes_to(struct browser *b, const char *what)
{
    char where[512] = "";
    return es_reply_header(&b->r, "Location", where, sizeof where) &&
           strstr(where, what);
}

/* ---- the tests ---- */

TEST(the_queue_counts_filters_and_opens_the_oldest)
{
    struct browser b;
    char text[64];
    browser_start(&b);
    struct es_participant ada = world_join(&b.w, "Ada");
    struct es_participant bo = world_join(&b.w, "Bruno");
    struct es_receipt one = waiting(&b, &ada, 120000);
    struct es_receipt two = waiting(&b, &bo, 130000);
    be(&b, hire(&b, "Rita", ES_ROLE_REVIEWER));
    CHECK_INT(browser_get(&b, "/organise/e/lantern/review"), 200);
    CHECK(browser_shows(&b, "Ada") && browser_shows(&b, "Bruno"));
    CHECK(browser_shows(&b, "Begin with the oldest"));
    CHECK(browser_shows(&b, "Typed in and long"));
    snprintf(text, sizeof text, "review?bib=%lld", (long long)bo.bib);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/review?bib=2"), 200);
    CHECK(!browser_shows(&b, "Ada") && browser_shows(&b, "Bruno"));
    CHECK_INT(browser_get(&b, "/organise/e/lantern/review?bib=77"), 200);
    CHECK(browser_shows(&b, "Nobody has this number."));
    CHECK_INT(browser_get(&b, "/organise/e/lantern/review?why=2"), 200);
    CHECK(!browser_shows(&b, "Ada"));
    CHECK_INT(browser_get(&b, "/organise/e/lantern/review?for=typed_long"),
              200);
    CHECK(browser_shows(&b, "2 of these wait for this alone"));
    CHECK_INT(browser_get(&b, "/organise/e/lantern/review?after=x"), 400);
    CHECK_INT(look(&b, &one), 200);
    CHECK(browser_shows(&b, "What was found"));
    CHECK(browser_shows(&b, "Typed in: there is no way to draw."));
    /* after the decision the next one opens */
    CHECK_INT(act(&b, &one, "accept", last_step(&b, &one), ""), 303);
    snprintf(text, sizeof text, "/review/%lld?done=accepted",
             (long long)two.run.id);
    CHECK(goes_to(&b, text));
    CHECK_INT(act(&b, &two, "accept", last_step(&b, &two), ""), 303);
    CHECK(goes_to(&b, "/organise/e/lantern/review?done=accepted"));
    CHECK(world_total(&b.w) == 250000000);
    browser_stop(&b);
}

TEST(two_at_once_know_of_each_other_and_the_second_is_told)
{
    struct browser b;
    browser_start(&b);
    struct es_participant ada = world_join(&b.w, "Ada");
    struct es_receipt r = waiting(&b, &ada, 120000);
    int64_t rita = hire(&b, "Rita", ES_ROLE_REVIEWER);
    int64_t omar = hire(&b, "Omar", ES_ROLE_OWNER);
    int64_t seen = last_step(&b, &r);
    be(&b, rita);
    CHECK_INT(look(&b, &r), 200);
    CHECK(!browser_shows(&b, "is looking at this run"));
    be(&b, omar);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/review"), 200);
    CHECK(browser_shows(&b, "is looking at it"));
    CHECK_INT(look(&b, &r), 200);
    CHECK(browser_shows(&b, "is looking at this run, too"));
    CHECK_INT(act(&b, &r, "accept", seen, ""), 303);
    be(&b, rita);
    CHECK_INT(act(&b, &r, "refuse", seen, "&reason=twice&words=As+before"),
              409);
    CHECK(browser_shows(&b, "Omar was there before you"));
    CHECK(browser_shows(&b, "As before")); /* what was written stays */
    CHECK(world_total(&b.w) == 120000000);
    browser_stop(&b);
}

TEST(who_refused_does_not_decide_the_appeal)
{
    struct browser b;
    browser_start(&b);
    struct es_participant ada = world_join(&b.w, "Ada");
    struct es_receipt r = waiting(&b, &ada, 120000);
    int64_t rita = hire(&b, "Rita", ES_ROLE_REVIEWER);
    be(&b, rita);
    CHECK_INT(act(&b, &r, "refuse", last_step(&b, &r), ""), 422);
    CHECK(browser_shows(&b, "reason-error"));
    CHECK_INT(act(&b, &r, "refuse", last_step(&b, &r), "&reason=other"), 422);
    CHECK(browser_shows(&b, "refuse-words-error"));
    CHECK_INT(act(&b, &r, "refuse", last_step(&b, &r),
                  "&reason=cannot_be&words=So+far+in+a+day%3F"),
              303);
    browser_sign_in(&b, &ada);
    CHECK_INT(mine(&b, &r), 200);
    CHECK(browser_shows(&b, "The distance or the time can&#39;t be right"));
    CHECK(browser_shows(&b, "So far in a day?"));
    CHECK(browser_shows(&b, "Reviewer") && !browser_shows(&b, "Rita"));
    char path[128];
    snprintf(path, sizeof path, "/me/runs/%lld/appeal", (long long)r.run.id);
    CHECK_INT(browser_post(&b, path, "words=I+did."), 303);
    CHECK_INT(mine(&b, &r), 200);
    CHECK(browser_shows(&b, "Somebody else than who refused it decides"));
    /* alone, she is told how it goes on, and can't decide it by force */
    be(&b, rita);
    CHECK_INT(look(&b, &r), 200);
    CHECK(browser_shows(&b, "nobody else reviews here yet"));
    CHECK(browser_shows(&b, "Ask an owner of this initiative"));
    CHECK(!browser_shows(&b, "/accept\""));
    CHECK_INT(act(&b, &r, "accept", last_step(&b, &r), ""), 409);
    CHECK(world_total(&b.w) == 0);
    /* an owner who is the only one is led to where another is invited */
    int64_t omar = hire(&b, "Omar", ES_ROLE_OWNER);
    CHECK_INT(look(&b, &r), 200);
    CHECK(browser_shows(&b, "somebody else of those who review decides"));
    be(&b, omar);
    CHECK_INT(look(&b, &r), 200);
    CHECK(browser_shows(&b, "I did."));
    CHECK_INT(act(&b, &r, "accept", last_step(&b, &r), ""), 303);
    CHECK(world_total(&b.w) == 120000000);
    browser_sign_in(&b, &ada);
    CHECK_INT(mine(&b, &r), 200);
    CHECK(browser_shows(&b, "After another look: it counts."));
    CHECK(browser_shows(&b, "Owner"));
    browser_stop(&b);
}

TEST(a_question_goes_to_the_receipt_and_its_answer_to_the_queue)
{
    struct browser b;
    char path[128];
    char form[8192] = "words=";
    browser_start(&b);
    struct es_participant ada = world_join(&b.w, "Ada");
    struct es_receipt r = waiting(&b, &ada, 120000);
    int64_t rita = hire(&b, "Rita", ES_ROLE_REVIEWER);
    be(&b, rita);
    CHECK_INT(act(&b, &r, "ask", last_step(&b, &r), "&words="), 422);
    CHECK(browser_shows(&b, "ask-words-error"));
    CHECK_INT(act(&b, &r, "ask", last_step(&b, &r), "&words=Which+day%3F"),
              303);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/review"), 200);
    CHECK(!browser_shows(&b, "Ada"));
    CHECK(browser_shows(&b, "Waiting for an answer"));
    browser_sign_in(&b, &ada);
    CHECK_INT(mine(&b, &r), 200);
    CHECK(browser_shows(&b, "Which day?"));
    CHECK(browser_shows(&b, "It waits for your answer"));
    snprintf(path, sizeof path, "/me/runs/%lld/answer", (long long)r.run.id);
    CHECK_INT(browser_post(&b, path, "words=+"), 422);
    memset(form + 6, 'y', ES_SAID_MAX + 1);
    form[6 + ES_SAID_MAX + 1] = '\0';
    CHECK_INT(browser_post(&b, path, form), 422);
    CHECK(browser_shows(&b, form + 6)); /* nothing entered is lost */
    CHECK_INT(browser_post(&b, path, "words=On+Sunday."), 303);
    CHECK_INT(browser_post(&b, path, "words=Again"), 303); /* once is enough */
    be(&b, rita);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/review?why=3"), 200);
    CHECK(browser_shows(&b, "Ada"));
    CHECK_INT(look(&b, &r), 200);
    CHECK(browser_shows(&b, "On Sunday.") && !browser_shows(&b, "Again"));
    browser_stop(&b);
}

TEST(a_run_taken_back_and_a_role_that_ended_each_have_their_answer)
{
    struct browser b;
    struct es_err e = { 0 };
    browser_start(&b);
    struct es_participant ada = world_join(&b.w, "Ada");
    struct es_receipt r = waiting(&b, &ada, 120000);
    struct es_receipt other = waiting(&b, &ada, 110000);
    int64_t rita = hire(&b, "Rita", ES_ROLE_REVIEWER);
    int64_t seen = last_step(&b, &r);
    be(&b, rita);
    CHECK_INT(look(&b, &r), 200);
    world_must(es_runs_withdraw(&b.w.app, &ada, r.run.id, &b.w.a, &r, &e), &e);
    CHECK_INT(act(&b, &r, "accept", seen, ""), 409);
    CHECK(browser_shows(&b, "Taken back by who ran it."));
    CHECK(browser_shows(&b, "There is nothing to decide."));
    CHECK(!browser_shows(&b, "/accept\""));
    world_must(es_store_write(
                   b.w.store,
                   &(struct es_write){ .apply = fire_apply, .arg = &rita }, &e),
               &e);
    CHECK_INT(look(&b, &other), 404);
    CHECK(browser_shows(&b, "If you had a role here, it has ended."));
    CHECK_INT(act(&b, &other, "accept", last_step(&b, &other), ""), 404);
    CHECK(browser_shows(&b, "If you had a role here, it has ended."));
    CHECK(world_total(&b.w) == 0);
    browser_stop(&b);
}

TEST(the_way_is_drawn_for_who_reviews_and_its_runner_sees_who_looked)
{
    struct browser b;
    struct es_err e = { 0 };
    struct es_taken got = { 0 };
    size_t size;
    browser_start(&b);
    struct es_participant ada = world_join(&b.w, "Ada");
    struct es_participant bo = world_join(&b.w, "Bruno");
    int fd = world_run_fd(&b.w, 7200, 601, &size);
    struct es_take t = {
        .who = &ada, .fd = fd, .size = size, .activity = ES_TAKE_ONLY
    };
    world_must(es_runs_take(&b.w.app, &t, &b.w.a, &got, &e), &e);
    t.who = &bo;
    world_must(es_runs_take(&b.w.app, &t, &b.w.a, &got, &e), &e);
    struct es_receipt r = got.receipts[0];
    CHECK_INT(r.run.status, ES_RUN_IN_REVIEW);
    be(&b, hire(&b, "Rita", ES_ROLE_REVIEWER));
    CHECK_INT(look(&b, &r), 200);
    CHECK(browser_shows(&b, "class=\"ground\""));
    CHECK(browser_shows(&b, "from edge to edge"));
    CHECK(browser_shows(&b, "Who reviews was shown where the run went."));
    browser_sign_in(&b, &bo);
    CHECK_INT(mine(&b, &r), 200);
    CHECK(browser_shows(&b, "Who reviews was shown where the run went."));
    CHECK(!browser_shows(&b, "Rita"));
    close(fd);
    browser_stop(&b);
}

TEST(the_api_tells_the_steps_and_takes_an_answer)
{
    struct browser b;
    char token[64], path[128];
    browser_start(&b);
    browser_join_by_api(&b, token);
    static const char LONG[] = "{\"started_at\":\"%s\",\"distance_m\":120000,"
                               "\"elapsed_s\":50000}";
    char body[256], when[32];
    struct es_date d = es_date_of(b.w.now - 86400000);
    snprintf(when, sizeof when, "%04d-%02d-%02dT06:00:00Z", d.year, d.month,
             d.day);
    snprintf(body, sizeof body, LONG, when);
    CHECK_INT(browser_api(&b, "POST", "/api/v1/runs", token, "application/json",
                          es_bytes_str(body)),
              201);
    json_t *v = browser_answer(&b);
    struct es_receipt r = { .run = { .initiative = b.w.ini.id } };
    r.run.id = strtoll(browser_text(v, "run"), NULL, 10);
    json_decref(v);
    snprintf(path, sizeof path, "/api/v1/runs/%lld/answer",
             (long long)r.run.id);
    CHECK_INT(browser_api(&b, "POST", path, token, "application/json",
                          es_bytes_str("{\"words\":\"x\"}")),
              409);
    CHECK(browser_shows(&b, "not_asked"));
    be(&b, hire(&b, "Rita", ES_ROLE_REVIEWER));
    CHECK_INT(act(&b, &r, "ask", last_step(&b, &r), "&words=Why%3F"), 303);
    path[strlen(path) - strlen("/answer")] = '\0';
    CHECK_INT(browser_api(&b, "GET", path, token, NULL, (struct es_bytes){ 0 }),
              200);
    v = browser_answer(&b);
    const json_t *steps = json_object_get(v, "steps");
    CHECK_INT(json_array_size(steps), 2);
    const json_t *asked = json_array_get(steps, 1);
    CHECK_STR(browser_text(asked, "what"), "asked");
    CHECK_STR(browser_text(asked, "by"), "staff");
    CHECK_STR(browser_text(asked, "role"), "reviewer");
    CHECK_STR(browser_text(asked, "words"), "Why?");
    CHECK(json_is_true(json_object_get(v, "asked")));
    CHECK(!browser_shows(&b, "Rita"));
    json_decref(v);
    snprintf(path, sizeof path, "/api/v1/runs/%lld/answer",
             (long long)r.run.id);
    CHECK_INT(browser_api(&b, "POST", path, token, "application/json",
                          es_bytes_str("{}")),
              422);
    CHECK_INT(browser_api(&b, "POST", path, token, "application/json",
                          es_bytes_str("{\"words\":\"For fun\"}")),
              200);
    CHECK(browser_shows(&b, "\"answered\""));
    browser_stop(&b);
}

TEST(the_log_is_read_filtered_and_taken_away)
{
    struct browser b;
    browser_start(&b);
    struct es_participant ada = world_join(&b.w, "Ada");
    struct es_participant bo = world_join(&b.w, "Bruno");
    struct es_receipt one = waiting(&b, &ada, 120000);
    struct es_receipt two = waiting(&b, &bo, 130000);
    int64_t rita = hire(&b, "=HYPERLINK(1)", ES_ROLE_REVIEWER);
    be(&b, rita);
    CHECK_INT(act(&b, &one, "refuse", last_step(&b, &one),
                  "&reason=other&words=%3D1%2B1+%22so%22"),
              303);
    CHECK_INT(act(&b, &two, "accept", last_step(&b, &two), ""), 303);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/log"), 200);
    CHECK(browser_shows(&b, "Ada") && browser_shows(&b, "Bruno"));
    CHECK(browser_shows(&b, "Steps so far: 4"));
    CHECK_INT(browser_get(&b, "/organise/e/lantern/log?what=4"), 200);
    CHECK(browser_shows(&b, "Ada") && !browser_shows(&b, "Bruno"));
    CHECK_INT(browser_get(&b, "/organise/e/lantern/log?bib=2"), 200);
    CHECK(!browser_shows(&b, "Ada") && browser_shows(&b, "Bruno"));
    CHECK_INT(browser_get(&b, "/organise/e/lantern/log?who=1"), 200);
    CHECK(!browser_shows(&b, "Ada") && !browser_shows(&b, "Bruno"));
    CHECK_INT(browser_get(&b, "/organise/e/lantern/log?what=99"), 400);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/log.csv"), 200);
    CHECK(browser_shows(&b, "step,at,what,run,bib"));
    CHECK(browser_shows(&b, "\"'=HYPERLINK(1)\""));
    CHECK(browser_shows(&b, "\"'=1+1 \"\"so\"\"\""));
    CHECK_INT(browser_get(&b, "/organise/e/lantern/log.jsonl"), 200);
    const char *line = browser_body(&b);
    for (int i = 1; i <= 4; i++) {
        json_t *v = json_loads(line, JSON_DISABLE_EOF_CHECK, NULL);
        CHECK_INT(json_integer_value(json_object_get(v, "step")), i);
        CHECK_INT(json_string_length(json_object_get(v, "chain")), 64);
        json_decref(v);
        line = strchr(line, '\n') + 1;
    }
    CHECK_STR(line, "");
    browser_stop(&b);
}

TEST(harmless_ones_are_accepted_together_after_a_look)
{
    struct browser b;
    char until[64] = "until=";
    browser_start(&b);
    struct es_participant ada = world_join(&b.w, "Ada");
    struct es_participant bo = world_join(&b.w, "Bruno");
    (void)waiting(&b, &ada, 120000);
    (void)waiting(&b, &bo, 130000);
    be(&b, hire(&b, "Rita", ES_ROLE_REVIEWER));
    CHECK_INT(browser_get(&b, "/organise/e/lantern/review/all/copy"), 404);
    CHECK_INT(browser_get(&b, "/organise/e/lantern/review/all/typed_long"),
              200);
    CHECK(browser_shows(&b, "2 runs"));
    const char *at = strstr(browser_body(&b), "name=\"until\" value=\"");
    CHECK(at != NULL);
    strncat(until, at + 20, strcspn(at + 20, "\""));
    struct es_participant eve = world_join(&b.w, "Eve");
    usleep(2000);
    (void)waiting(&b, &eve, 140000); /* came while they read */
    CHECK_INT(browser_post(&b, "/organise/e/lantern/review/all/copy", until),
              404);
    CHECK_INT(browser_post(&b, "/organise/e/lantern/review/all/typed_long",
                           "until=x"),
              400);
    CHECK_INT(
        browser_post(&b, "/organise/e/lantern/review/all/typed_long", until),
        303);
    CHECK(world_total(&b.w) == 250000000);
    browser_stop(&b);
}
