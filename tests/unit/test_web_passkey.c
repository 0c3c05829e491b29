/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Signing in by passkey and by recovery code, on the pages, with a device that
 * really signs (rows 41, 42 and 45 of the attacks). */
#include "auth/cose.h"
#include "base/limits.h"
#include "browser.h"
#include "device.h"
#include "initiative/passkeys.h"
#include "initiative/sessions.h"
#include "store/accounts.h"
#include "t.h"

#include <string.h>

enum { CLARA = 501, BEN = 502 };

struct scene {
    struct browser b;
    struct device d;
    char fields[3072];
};

static enum es_code put_account(struct es_txn *tx, const struct es_blob *blob,
                                void *arg, struct es_err *e)
{
    int64_t id = *(int64_t *)arg;
    struct es_account c = { .id = id,
                            .name = id == CLARA ? "Clara" : "Ben",
                            .name_key = id == CLARA ? "clara" : "ben",
                            .mail = "",
                            .lang = "en",
                            .created_ms = 1 };
    struct es_role_given r = { 0, c.id, ES_ROLE_OPERATOR, 0, 1 };
    (void)blob;
    enum es_code rc = es_txn_account_put(tx, &c, e);
    return rc == ES_OK ? es_txn_role_add(tx, &r, e) : rc;
}

/* Signed in by a link: fresh, and with nothing else. */
static void come_as(struct scene *s, int64_t who)
{
    struct es_err e = { 0 };
    char secret[ES_SECRET_TEXT];
    struct es_session_ask ask = { .kind = ES_CRED_ORGANISER,
                                  .subject = who,
                                  .by = ES_BY_LINK };
    world_must(es_session_open(&s->b.w.app, &ask, secret, &e), &e);
    snprintf(s->b.cookies, sizeof s->b.cookies, "__Host-es-organiser=%s",
             secret);
}

static void come_by_link(struct scene *s)
{
    come_as(s, CLARA);
}

static void hire(struct scene *s, int64_t id)
{
    struct es_err e = { 0 };
    world_must(es_store_write(
                   s->b.w.store,
                   &(struct es_write){ .apply = put_account, .arg = &id }, &e),
               &e);
}

static void scene_init(struct scene *s)
{
    browser_start(&s->b);
    s->b.host = "localhost:8080";
    hire(s, CLARA);
    s->d = device_new(ES_COSE_ES256, (struct es_passkey_owner){ 0, CLARA });
    s->d.rp_id = "localhost";
    s->d.origin = "http://localhost:8080";
}

static void scene_release(struct scene *s)
{
    device_free(&s->d);
    browser_stop(&s->b);
}

/* Another browser: nothing of this one. */
static void leave(struct scene *s)
{
    s->b.cookies[0] = '\0';
    s->b.csrf[0] = '\0';
}

/* What the page's script does first. */
static const char *ask(struct scene *s, const char *path)
{
    CHECK_INT(browser_post(&s->b, path, ""), 200);
    json_t *v = browser_answer(&s->b);
    const char *challenge =
        es_arena_str(&s->b.w.a, browser_text(v, "challenge"));
    json_decref(v);
    return challenge;
}

static void fill(struct scene *s, const struct es_passkey_text *t,
                 const char *more)
{
    if (t->attestation)
        snprintf(s->fields, sizeof s->fields,
                 "id=%s&client_data=%s&attestation=%s%s", t->id, t->client_data,
                 t->attestation, more);
    else
        snprintf(s->fields, sizeof s->fields,
                 "id=%s&client_data=%s&auth_data=%s&signature=%s"
                 "&user_handle=%s%s",
                 t->id, t->client_data, t->auth_data, t->signature,
                 t->handle ? t->handle : "", more);
}

static int make(struct scene *s, const char *page)
{
    char path[80];
    CHECK_INT(browser_get(&s->b, page), 200);
    snprintf(path, sizeof path, "%s/ask", page);
    struct es_passkey_text t = device_make(&s->d, ask(s, path), &s->b.w.a);
    fill(s, &t, "&name=Kitchen+tablet");
    return browser_post(&s->b, page, s->fields);
}

static int sign_in(struct scene *s, const char *page, const char *more)
{
    char path[80];
    CHECK_INT(browser_get(&s->b, page), 200);
    snprintf(path, sizeof path, "%s/ask", page);
    s->d.count++;
    struct es_passkey_text t = device_sign(&s->d, ask(s, path), &s->b.w.a);
    fill(s, &t, more);
    return browser_post(&s->b, page, s->fields);
}

static bool goes_to(const struct scene *s, const char *path)
{
    char line[200];
    snprintf(line, sizeof line, "Location: %s\n", path);
    return strstr(es_buf_cstr(&s->b.r.head), line) != NULL;
}

/* Staff with a passkey, elsewhere. */
static void with_passkey(struct scene *s)
{
    scene_init(s);
    come_by_link(s);
    CHECK_INT(make(s, "/organise/passkeys"), 303);
    leave(s);
}

/* ---- staff ---- */

TEST(staff_make_a_passkey_and_come_back_with_it)
{
    struct scene s;
    scene_init(&s);
    come_by_link(&s);
    CHECK_INT(browser_get(&s.b, "/organise/passkeys"), 200);
    CHECK(browser_shows(&s.b, "Make a passkey now"));
    CHECK_INT(browser_get(&s.b, "/organise"), 200);
    CHECK(browser_shows(&s.b, "You have no passkey yet"));
    CHECK_INT(make(&s, "/organise/passkeys"), 303);
    CHECK(goes_to(&s, "/organise/passkeys"));
    CHECK_INT(browser_get(&s.b, "/organise"), 200);
    CHECK(!browser_shows(&s.b, "You have no passkey yet"));
    CHECK_INT(browser_get(&s.b, "/organise/passkeys"), 200);
    CHECK(browser_shows(&s.b, "Kitchen tablet"));
    CHECK(browser_shows(&s.b, "not used yet"));
    leave(&s);
    CHECK_INT(sign_in(&s, "/organise/sign-in", ""), 303);
    CHECK(goes_to(&s, "/organise"));
    CHECK(strstr(s.b.cookies, "__Host-es-organiser=") != NULL);
    CHECK_INT(browser_get(&s.b, "/organise/passkeys"), 200);
    CHECK(browser_shows(&s.b, "last used on"));
    scene_release(&s);
}

TEST(a_replayed_answer_opens_nothing)
{
    struct scene s;
    with_passkey(&s);
    CHECK_INT(sign_in(&s, "/organise/sign-in", ""), 303);
    /* the same browser, and one that has overheard all of it */
    CHECK_INT(browser_post(&s.b, "/organise/sign-in", s.fields), 403);
    CHECK(browser_shows(&s.b, "opens nothing here"));
    leave(&s);
    CHECK_INT(browser_get(&s.b, "/organise/sign-in"), 200);
    CHECK_INT(browser_post(&s.b, "/organise/sign-in", s.fields), 403);
    CHECK(strstr(s.b.cookies, "organiser") == NULL);
    scene_release(&s);
}

TEST(an_answer_to_another_browser_opens_nothing)
{
    struct scene s;
    with_passkey(&s);
    CHECK_INT(browser_get(&s.b, "/organise/sign-in"), 200);
    const char *challenge = ask(&s, "/organise/sign-in/ask");
    struct es_passkey_text t = device_sign(&s.d, challenge, &s.b.w.a);
    fill(&s, &t, "");
    leave(&s);
    CHECK_INT(browser_get(&s.b, "/organise/sign-in"), 200);
    CHECK_INT(browser_post(&s.b, "/organise/sign-in", s.fields), 403);
    scene_release(&s);
}

/* Every refusal reads alike: an unknown passkey, a wrong signature, another
 * origin, nobody verified, nothing at all. */
TEST(refusals_are_alike)
{
    struct scene s;
    struct es_buf first;
    with_passkey(&s);
    es_buf_init(&first, 1u << 20);
    for (int i = 0; i < 6; i++) {
        struct device was = s.d;
        leave(&s);
        if (i == 0)
            es_random_bytes(s.d.id, s.d.id_n);
        s.d.bad_signature = i == 1;
        if (i == 2)
            s.d.origin = "https://evil.example";
        if (i == 3)
            s.d.flags = UP;
        s.d.no_handle = i == 4;
        if (i == 5) {
            CHECK_INT(browser_get(&s.b, "/organise/sign-in"), 200);
            CHECK_INT(browser_post(&s.b, "/organise/sign-in", "id=AAAA"), 403);
        } else {
            CHECK_INT(sign_in(&s, "/organise/sign-in", ""), 403);
        }
        CHECK(strstr(s.b.cookies, "organiser") == NULL);
        char *token = strstr((char *)s.b.r.body.p, s.b.csrf);
        while (token) { /* which differs in every browser */
            memset(token, '-', strlen(s.b.csrf));
            token = strstr(token, s.b.csrf);
        }
        if (i == 0)
            es_buf_str(&first, browser_body(&s.b));
        CHECK_STR(browser_body(&s.b), es_buf_cstr(&first));
        s.d = was;
    }
    es_buf_release(&first);
    scene_release(&s);
}

TEST(the_old_session_dies_when_one_signs_in)
{
    struct scene s;
    char old[2048];
    with_passkey(&s);
    CHECK_INT(sign_in(&s, "/organise/sign-in", ""), 303);
    memcpy(old, s.b.cookies, sizeof old);
    CHECK_INT(sign_in(&s, "/organise/sign-in", ""), 303);
    CHECK(strcmp(old, s.b.cookies) != 0);
    CHECK_INT(browser_get(&s.b, "/organise/passkeys"), 200);
    memcpy(s.b.cookies, old, sizeof old);
    CHECK(browser_get(&s.b, "/organise/passkeys") != 200);
    scene_release(&s);
}

TEST(a_session_that_was_set_before_is_not_taken_over)
{
    struct scene s;
    with_passkey(&s);
    snprintf(s.b.cookies, sizeof s.b.cookies,
             "__Host-es-organiser=00000000000000000000000000000000");
    CHECK_INT(sign_in(&s, "/organise/sign-in", ""), 303);
    CHECK(!strstr(s.b.cookies, "=00000000000000000000000000000000"));
    scene_release(&s);
}

TEST(it_goes_on_where_one_wanted_to_go_and_nowhere_else)
{
    static const struct {
        const char *then, *to;
    } CASES[] = {
        { "/organise/passkeys", "/organise/passkeys" },
        { "//evil.example", "/organise" },
        { "https:evil.example", "/organise" },
        { "/%5Cevil.example", "/organise" },
        { "/organise%0d%0aX-Evil:+1", "/organise" },
        { "/organise//evil.example", "/organise" },
        { "/organiser", "/organise" },
        { "/organise/../me", "/organise" },
    };
    struct scene s;
    with_passkey(&s);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char more[200];
        snprintf(more, sizeof more, "&then=%s", CASES[i].then);
        leave(&s);
        CHECK_INT(sign_in(&s, "/organise/sign-in", more), 303);
        CHECK(goes_to(&s, CASES[i].to));
    }
    scene_release(&s);
}

TEST(a_removed_passkey_opens_nothing)
{
    struct scene s;
    char fields[400];
    struct es_err e = { 0 };
    char codes[ES_RECOVERY_CODES][ES_RECOVERY_TEXT];
    scene_init(&s);
    come_by_link(&s);
    CHECK_INT(make(&s, "/organise/passkeys"), 303);
    snprintf(fields, sizeof fields, "id=%s",
             device_base64((struct es_bytes){ s.d.id, s.d.id_n }, &s.b.w.a));
    CHECK_INT(browser_post(&s.b, "/organise/passkeys/remove", fields), 422);
    CHECK(browser_shows(&s.b, "your only way in"));
    world_must(es_recovery_make(&s.b.w.app, CLARA, codes, &e), &e);
    CHECK_INT(browser_post(&s.b, "/organise/passkeys/remove", fields), 303);
    CHECK_INT(browser_post(&s.b, "/organise/passkeys/remove", fields), 404);
    leave(&s);
    CHECK_INT(sign_in(&s, "/organise/sign-in", ""), 403);
    scene_release(&s);
}

TEST(a_participant_s_passkey_is_no_organiser_s)
{
    struct scene s;
    scene_init(&s);
    struct es_participant p = world_join(&s.b.w, "Bo");
    browser_sign_in(&s.b, &p);
    s.d.owner = (struct es_passkey_owner){ p.initiative, p.id };
    CHECK_INT(make(&s, "/me/passkeys"), 303);
    leave(&s);
    CHECK_INT(sign_in(&s, "/organise/sign-in", ""), 403);
    CHECK(strstr(s.b.cookies, "organiser") == NULL);
    scene_release(&s);
}

/* ---- once more ---- */

/* The session as it is when its owner has been busy for a while. */
static enum es_code age_apply(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    uint8_t hash[ES_HASH];
    (void)blob;
    CHECK(es_secret_hash(es_bytes_str(arg), hash));
    return es_txn_credential_renew(tx, hash, hash, 1, ES_BY_LINK, e);
}

static void grow_stale(struct scene *s)
{
    struct es_err e = { 0 };
    char secret[ES_SECRET_TEXT];
    const char *at = strstr(s->b.cookies, "__Host-es-organiser=");
    CHECK(at != NULL);
    snprintf(secret, sizeof secret, "%s", at + 20);
    world_must(es_store_write(
                   s->b.w.store,
                   &(struct es_write){ .apply = age_apply, .arg = secret }, &e),
               &e);
}

/* A form of theirs with what was entered, and the device's answer beside it. */
static int show_again(struct scene *s, const char *path, const char *entered)
{
    s->d.count++;
    struct es_passkey_text t =
        device_sign(&s->d, ask(s, "/organise/confirm/ask"), &s->b.w.a);
    snprintf(s->fields, sizeof s->fields,
             "%s&fresh_who=%d&fresh_id=%s&fresh_client_data=%s"
             "&fresh_auth_data=%s&fresh_signature=%s&fresh_user_handle=%s",
             entered, CLARA, t.id, t.client_data, t.auth_data, t.signature,
             t.handle ? t.handle : "");
    return browser_post(&s->b, path, s->fields);
}

static struct es_initiative lantern(struct scene *s)
{
    struct es_err e = { 0 };
    struct es_initiative ini;
    world_must(
        es_store_initiative(s->b.w.store, "lantern", &s->b.w.a, &ini, &e), &e);
    return ini;
}

/* Clara with a passkey, busy for a while. */
static void busy(struct scene *s)
{
    scene_init(s);
    come_by_link(s);
    CHECK_INT(make(s, "/organise/passkeys"), 303);
    grow_stale(s);
    CHECK_INT(browser_get(&s->b, "/operate"), 200);
}

static const char PAUSE[] = "/operate/e/lantern/suspend";

TEST(what_was_entered_comes_back_and_is_done_with_the_answer)
{
    struct scene s;
    char before[2048];
    busy(&s);
    memcpy(before, s.b.cookies, sizeof before);
    CHECK_INT(
        browser_post(&s.b, PAUSE,
                     "why=It+says+%22soon%22.%0D%0A%D8%B3%D9%84%D8%A7%D9%85"
                     "+%3Cb%3E%26amp;"),
        403);
    CHECK(browser_shows(&s.b, "Is it you?"));
    CHECK(browser_shows(&s.b, "action=\"/operate/e/lantern/suspend\""));
    CHECK(browser_shows(&s.b,
                        "name=\"why\" value=\"It says &quot;soon&quot;."
                        "\n\u0633\u0644\u0627\u0645 &lt;b&gt;&amp;amp;\""));
    CHECK(browser_shows(&s.b, "name=\"fresh_who\" value=\"501\""));
    CHECK_INT(lantern(&s).suspended_ms, 0);
    CHECK_INT(show_again(&s, PAUSE, "why=It+says+%22soon%22.%0A%3Cb%3E"), 303);
    CHECK(goes_to(&s, "/operate?done=suspended"));
    CHECK(strcmp(before, s.b.cookies) != 0);
    CHECK_STR(lantern(&s).suspended_why, "It says \"soon\".\n<b>");
    /* fresh from now on, under the new secret alone */
    CHECK_INT(browser_post(&s.b, "/organise/codes", ""), 200);
    CHECK(browser_shows(&s.b, "Your recovery codes"));
    memcpy(s.b.cookies, before, sizeof before);
    CHECK_INT(browser_get(&s.b, "/organise"), 303);
    scene_release(&s);
}

TEST(an_answer_does_one_thing_once)
{
    struct scene s;
    busy(&s);
    CHECK_INT(show_again(&s, PAUSE, "why=no"), 303);
    CHECK_INT(browser_post(&s.b, "/operate/e/lantern/resume", ""), 303);
    grow_stale(&s);
    CHECK_INT(browser_post(&s.b, PAUSE, s.fields), 403);
    CHECK(browser_shows(&s.b, "opens nothing here"));
    CHECK(browser_shows(&s.b, "name=\"why\" value=\"no\""));
    CHECK(!browser_shows(&s.b, "name=\"fresh_signature\" value=\"M"));
    CHECK_INT(lantern(&s).suspended_ms, 0);
    /* nor is it worth anything where nobody is asked */
    CHECK_INT(browser_post(&s.b, "/operate/e/lantern/resume", s.fields), 400);
    /* what a form may not bring isn't brought again */
    CHECK_INT(browser_post(&s.b, PAUSE, "why=no&more=1"), 400);
    CHECK(!browser_shows(&s.b, "Is it you?"));
    scene_release(&s);
}

TEST(a_stranger_s_form_gets_no_page_that_asks)
{
    struct scene s;
    busy(&s);
    CHECK_INT(browser_send(&s.b, "POST", PAUSE,
                           "Sec-Fetch-Site: cross-site\r\n"
                           "Origin: https://stranger.example\r\n"
                           "Content-Type: application/x-www-form-urlencoded"
                           "\r\n",
                           es_bytes_str("why=theirs")),
              403);
    CHECK(!browser_shows(&s.b, "Is it you?") && !browser_shows(&s.b, "theirs"));
    s.b.csrf[0] = '\0';
    CHECK_INT(browser_post(&s.b, PAUSE, "why=theirs"), 403);
    CHECK(!browser_shows(&s.b, "Is it you?") && !browser_shows(&s.b, "theirs"));
    CHECK_INT(lantern(&s).suspended_ms, 0);
    scene_release(&s);
}

TEST(nothing_is_done_for_who_signed_in_meanwhile)
{
    struct scene s;
    busy(&s);
    hire(&s, BEN);
    CHECK_INT(browser_post(&s.b, PAUSE, "why=hers"), 403);
    come_as(&s, BEN); /* who may do it, and is fresh */
    CHECK_INT(browser_get(&s.b, "/operate"), 200);
    CHECK_INT(browser_post(&s.b, PAUSE, "why=hers&fresh_who=501"), 409);
    CHECK(browser_shows(&s.b, "Somebody else has signed in here"));
    CHECK_INT(browser_post(&s.b, PAUSE, "why=hers&fresh_who=x"), 409);
    CHECK_INT(lantern(&s).suspended_ms, 0);
    /* nor does another's device show who he is */
    grow_stale(&s);
    CHECK_INT(browser_get(&s.b, "/operate"), 200);
    CHECK_INT(show_again(&s, PAUSE, "why=his"), 409);
    const char *mine = strstr(s.fields, "&fresh_id=");
    char fields[3072];
    snprintf(fields, sizeof fields, "why=his%s", mine);
    CHECK_INT(browser_post(&s.b, PAUSE, fields), 403);
    CHECK_INT(lantern(&s).suspended_ms, 0);
    scene_release(&s);
}

/* Made on the device already: it would lie there and open nothing. */
TEST(a_passkey_just_made_outlasts_the_question)
{
    struct scene s;
    struct es_err e = { 0 };
    struct es_passkey *all;
    size_t n;
    busy(&s);
    struct device second = device_new(ES_COSE_ES256, s.d.owner);
    second.rp_id = s.d.rp_id;
    second.origin = s.d.origin;
    memset(second.id, 'z', second.id_n);
    struct es_passkey_text t =
        device_make(&second, ask(&s, "/organise/passkeys/ask"), &s.b.w.a);
    char entered[2048];
    snprintf(entered, sizeof entered,
             "id=%s&client_data=%s&attestation=%s&name=Drawer", t.id,
             t.client_data, t.attestation);
    CHECK_INT(browser_post(&s.b, "/organise/passkeys", entered), 403);
    CHECK(browser_shows(&s.b, "name=\"name\" value=\"Drawer\""));
    CHECK(browser_shows(&s.b, t.attestation));
    CHECK_INT(show_again(&s, "/organise/passkeys", entered), 303);
    world_must(
        es_store_passkeys_of(s.b.w.store, 0, CLARA, &s.b.w.a, &all, &n, &e),
        &e);
    CHECK_INT((long long)n, 2);
    device_free(&second);
    scene_release(&s);
}

TEST(far_too_much_is_not_carried)
{
    static char fields[ES_FORM_MAX];
    struct scene s;
    busy(&s);
    memset(fields, 'a', sizeof fields);
    memcpy(fields, "why=", 4);
    fields[18u << 10] = '\0'; /* each could come back as %XX */
    CHECK_INT(browser_post(&s.b, PAUSE, fields), 403);
    fields[18u << 10] = 'a';
    fields[20u << 10] = '\0';
    CHECK_INT(browser_post(&s.b, PAUSE, fields), 413);
    scene_release(&s);
}

TEST(who_has_nothing_to_show_yet_may_still_make_a_passkey)
{
    struct scene s;
    scene_init(&s);
    come_by_link(&s);
    grow_stale(&s);
    CHECK_INT(make(&s, "/organise/passkeys"), 303);
    CHECK(goes_to(&s, "/organise/passkeys"));
    scene_release(&s);
}

/* ---- recovery codes ---- */

/* The first code of the page that shows them. */
static void first_code(const struct scene *s, char out[ES_RECOVERY_TEXT])
{
    static const char MARK[] = "<code class=\"secret\">";
    const char *at = strstr(browser_body(&s->b), MARK);
    CHECK(at != NULL);
    snprintf(out, ES_RECOVERY_TEXT, "%s", at + sizeof MARK - 1);
}

TEST(a_code_lets_in_once_and_is_told_at_the_next_sign_in)
{
    struct scene s;
    char code[ES_RECOVERY_TEXT], fields[80];
    with_passkey(&s);
    CHECK_INT(sign_in(&s, "/organise/sign-in", ""), 303);
    CHECK_INT(browser_post(&s.b, "/organise/codes", ""), 200);
    first_code(&s, code);
    CHECK(strstr(es_buf_cstr(&s.b.r.head), "Cache-Control: no-store"));
    CHECK_INT(browser_get(&s.b, "/organise/passkeys"), 200);
    CHECK(!browser_shows(&s.b, code));
    CHECK(browser_shows(&s.b, "10 codes are left"));
    leave(&s);
    snprintf(fields, sizeof fields, "code=%s", code);
    CHECK_INT(browser_get(&s.b, "/organise/sign-in"), 200);
    CHECK_INT(browser_post(&s.b, "/organise/recover", fields), 303);
    CHECK(goes_to(&s, "/organise/passkeys"));
    CHECK_INT(browser_get(&s.b, "/organise/passkeys"), 200);
    CHECK(browser_shows(&s.b, "9 codes are left"));
    leave(&s);
    CHECK_INT(browser_get(&s.b, "/organise/sign-in"), 200);
    CHECK_INT(browser_post(&s.b, "/organise/recover", fields), 403);
    CHECK(browser_shows(&s.b, "aria-invalid=\"true\""));
    CHECK(browser_shows(&s.b, code)); /* nothing that was entered is lost */
    leave(&s);
    CHECK_INT(sign_in(&s, "/organise/sign-in", ""), 303);
    CHECK(goes_to(&s, "/organise/passkeys"));
    leave(&s);
    CHECK_INT(sign_in(&s, "/organise/sign-in", ""), 303);
    CHECK(goes_to(&s, "/organise"));
    scene_release(&s);
}

TEST(a_code_shows_who_one_is_where_one_stands)
{
    struct scene s;
    char code[ES_RECOVERY_TEXT], fields[120];
    with_passkey(&s);
    CHECK_INT(sign_in(&s, "/organise/sign-in", ""), 303);
    CHECK_INT(browser_post(&s.b, "/organise/codes", ""), 200);
    first_code(&s, code);
    grow_stale(&s);
    CHECK_INT(browser_post(&s.b, PAUSE, "why=hers&fresh_code=abcd-efgh"), 403);
    CHECK(browser_shows(&s.b, "isn&#39;t right") ||
          browser_shows(&s.b, "isn't right"));
    CHECK(browser_shows(&s.b, "name=\"fresh_code\" dir=\"ltr\" "
                              "value=\"abcd-efgh\""));
    CHECK(browser_shows(&s.b, "name=\"why\" value=\"hers\""));

    /* another's is no use here, and isn't used up */
    struct jar {
        char cookies[2048], csrf[80];
    } clara;
    memcpy(clara.cookies, s.b.cookies, sizeof clara.cookies);
    memcpy(clara.csrf, s.b.csrf, sizeof clara.csrf);
    snprintf(fields, sizeof fields, "why=his&fresh_code=%s", code);
    hire(&s, BEN);
    come_as(&s, BEN);
    CHECK_INT(browser_get(&s.b, "/operate"), 200);
    grow_stale(&s);
    CHECK_INT(browser_post(&s.b, PAUSE, fields), 403);
    CHECK_INT(lantern(&s).suspended_ms, 0);

    memcpy(s.b.cookies, clara.cookies, sizeof clara.cookies);
    memcpy(s.b.csrf, clara.csrf, sizeof clara.csrf);
    snprintf(fields, sizeof fields, "why=hers&fresh_who=501&fresh_code=%s",
             code);
    CHECK_INT(browser_post(&s.b, PAUSE, fields), 303);
    CHECK_STR(lantern(&s).suspended_why, "hers");
    CHECK_INT(browser_post(&s.b, "/operate/e/lantern/resume", ""), 303);
    grow_stale(&s);
    CHECK_INT(browser_post(&s.b, PAUSE, fields), 403); /* once */
    CHECK_INT(lantern(&s).suspended_ms, 0);
    scene_release(&s);
}

TEST(five_wrong_codes_and_the_passkey_still_works)
{
    struct scene s;
    with_passkey(&s);
    CHECK_INT(browser_get(&s.b, "/organise/sign-in"), 200);
    for (int i = 0; i < 5; i++)
        CHECK_INT(
            browser_post(&s.b, "/organise/recover", "code=aaaa-bbbb-cccc-dddd"),
            403);
    CHECK_INT(
        browser_post(&s.b, "/organise/recover", "code=aaaa-bbbb-cccc-dddd"),
        429);
    CHECK(strstr(es_buf_cstr(&s.b.r.head), "Retry-After: "));
    CHECK(browser_shows(&s.b, "aaaa-bbbb-cccc-dddd")); /* nothing is lost */
    CHECK_INT(sign_in(&s, "/organise/sign-in", ""), 303);
    scene_release(&s);
}

/* ---- participants ---- */

TEST(a_participant_comes_back_without_the_link)
{
    struct scene s;
    scene_init(&s);
    struct es_participant p = world_join(&s.b.w, "Bo");
    browser_sign_in(&s.b, &p);
    s.d.owner = (struct es_passkey_owner){ p.initiative, p.id };
    s.d.flags = UP; /* a phone without a lock */
    CHECK_INT(make(&s, "/me/passkeys"), 303);
    CHECK_INT(browser_get(&s.b, "/me/passkeys"), 200);
    CHECK(browser_shows(&s.b, "Kitchen tablet"));
    CHECK(!browser_shows(&s.b, "Recovery codes"));
    leave(&s);
    CHECK_INT(browser_get(&s.b, "/me"), 403);
    CHECK_INT(sign_in(&s, "/e/lantern/sign-in", ""), 303);
    CHECK(goes_to(&s, "/me"));
    CHECK_INT(browser_get(&s.b, "/me"), 200);
    CHECK(browser_shows(&s.b, "Bo"));
    scene_release(&s);
}

/* Two at one computer: the link shown once to who joined isn't shown again to
 * who comes next. */
TEST(who_signs_in_after_somebody_joined_does_not_see_their_link)
{
    struct scene s;
    scene_init(&s);
    struct es_participant p = world_join(&s.b.w, "Bo");
    browser_sign_in(&s.b, &p);
    s.d.owner = (struct es_passkey_owner){ p.initiative, p.id };
    CHECK_INT(make(&s, "/me/passkeys"), 303);
    leave(&s);
    CHECK_INT(browser_get(&s.b, "/e/lantern/join"), 200);
    CHECK_INT(browser_post(&s.b, "/e/lantern/join",
                           "display_name=Ann&consent_rules=2"),
              303);
    CHECK_INT(browser_get(&s.b, "/joined"), 200);
    CHECK_INT(sign_in(&s, "/e/lantern/sign-in", ""), 303);
    CHECK_INT(browser_get(&s.b, "/joined"), 303);
    CHECK(goes_to(&s, "/me"));
    scene_release(&s);
}

TEST(who_removes_one_is_signed_out_elsewhere_and_told)
{
    struct scene s;
    char fields[200];
    char lost[2048];
    scene_init(&s);
    struct es_participant p = world_join(&s.b.w, "Bo");
    browser_sign_in(&s.b, &p);
    s.d.owner = (struct es_passkey_owner){ p.initiative, p.id };
    CHECK_INT(make(&s, "/me/passkeys"), 303);
    leave(&s);
    CHECK_INT(sign_in(&s, "/me/sign-in", ""), 303); /* on what is lost later */
    memcpy(lost, s.b.cookies, sizeof lost);
    leave(&s);
    browser_sign_in(&s.b, &p);
    CHECK_INT(browser_get(&s.b, "/me/passkeys"), 200);
    CHECK(browser_shows(&s.b, "it is signed out too"));
    const char *at = strstr(browser_body(&s.b), "name=\"id\" value=\"");
    CHECK(at != NULL);
    snprintf(fields, sizeof fields, "id=%.*s", (int)strcspn(at + 17, "\""),
             at + 17);
    CHECK_INT(browser_post(&s.b, "/me/passkeys/remove", fields), 303);
    CHECK(goes_to(&s, "/me/passkeys?done=passkey_removed"));
    CHECK_INT(browser_get(&s.b, "/me/passkeys?done=passkey_removed"), 200);
    CHECK(browser_shows(&s.b, "signed out everywhere else"));
    memcpy(s.b.cookies, lost, sizeof lost);
    CHECK_INT(browser_get(&s.b, "/me"), 403);
    scene_release(&s);
}

TEST(a_passkey_is_called_as_its_owner_likes_and_by_nobody_else)
{
    struct scene s;
    char id[120];
    char fields[400];
    scene_init(&s);
    struct es_participant p = world_join(&s.b.w, "Bo");
    struct es_participant other = world_join(&s.b.w, "Cy");
    browser_sign_in(&s.b, &p);
    s.d.owner = (struct es_passkey_owner){ p.initiative, p.id };
    CHECK_INT(make(&s, "/me/passkeys"), 303);
    CHECK_INT(browser_get(&s.b, "/me/passkeys"), 200);
    const char *at = strstr(browser_body(&s.b), "name=\"id\" value=\"");
    CHECK(at != NULL);
    snprintf(id, sizeof id, "%.*s", (int)strcspn(at + 17, "\""), at + 17);
    snprintf(fields, sizeof fields, "id=%s&name=%%D9%%85%%D9%%88+%%3Cb%%3E",
             id);
    CHECK_INT(browser_post(&s.b, "/me/passkeys/rename", fields), 303);
    CHECK_INT(browser_get(&s.b, "/me/passkeys?done=kept"), 200);
    CHECK(browser_shows(&s.b, "\u0645\u0648 &lt;b&gt;"));
    CHECK(!browser_shows(&s.b, "Kitchen tablet"));
    snprintf(fields, sizeof fields, "id=%s&name=+", id);
    CHECK_INT(browser_post(&s.b, "/me/passkeys/rename", fields), 422);
    CHECK(browser_shows(&s.b, "Please give it a name") &&
          browser_shows(&s.b, "<details open"));
    snprintf(fields, sizeof fields, "id=%s&name=Mine", id);
    CHECK_INT(browser_post(&s.b, "/organise/passkeys/rename", fields), 404);
    leave(&s);
    browser_sign_in(&s.b, &other);
    CHECK_INT(browser_get(&s.b, "/me/passkeys"), 200);
    CHECK_INT(browser_post(&s.b, "/me/passkeys/rename", fields), 404);
    CHECK_INT(browser_post(&s.b, "/me/passkeys/rename", "id=&name=x"), 404);
    scene_release(&s);
}

TEST(staff_s_passkey_is_no_participant_s)
{
    struct scene s;
    with_passkey(&s);
    CHECK_INT(sign_in(&s, "/e/lantern/sign-in", ""), 403);
    CHECK(strstr(s.b.cookies, "__Host-es=") == NULL);
    scene_release(&s);
}

TEST(a_passkey_of_one_is_not_removed_by_another)
{
    struct scene s;
    char fields[400];
    scene_init(&s);
    struct es_participant p = world_join(&s.b.w, "Bo");
    struct es_participant other = world_join(&s.b.w, "Cy");
    browser_sign_in(&s.b, &p);
    s.d.owner = (struct es_passkey_owner){ p.initiative, p.id };
    CHECK_INT(make(&s, "/me/passkeys"), 303);
    snprintf(fields, sizeof fields, "id=%s",
             device_base64((struct es_bytes){ s.d.id, s.d.id_n }, &s.b.w.a));
    browser_sign_in(&s.b, &other);
    CHECK_INT(browser_get(&s.b, "/me/passkeys"), 200);
    CHECK_INT(browser_post(&s.b, "/me/passkeys/remove", fields), 404);
    CHECK_INT(make(&s, "/me/passkeys"), 422); /* the id is taken */
    scene_release(&s);
}

/* ---- where ---- */

TEST(by_a_number_the_page_says_where_to_go)
{
    struct scene s;
    scene_init(&s);
    s.b.host = "127.0.0.1:8080";
    CHECK_INT(browser_get(&s.b, "/organise/sign-in?lang=en"), 200);
    CHECK(
        browser_shows(&s.b, "http://localhost:8080/organise/sign-in?lang=en"));
    CHECK(!browser_shows(&s.b, "data-passkey"));
    s.b.host = "localhost:8080";
    CHECK_INT(browser_get(&s.b, "/organise/sign-in"), 200);
    CHECK(browser_shows(&s.b, "data-passkey=\"old\""));
    scene_release(&s);
}

TEST(without_a_token_nothing_is_asked)
{
    static const char *const PATHS[] = {
        "/organise/sign-in/ask", "/organise/sign-in", "/organise/recover",
        "/e/lantern/sign-in/ask", "/e/lantern/sign-in"
    };
    struct scene s;
    scene_init(&s);
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
        leave(&s);
        CHECK_INT(browser_post(&s.b, PATHS[i], ""), 403);
    }
    CHECK_INT(browser_get(&s.b, "/e/nowhere/sign-in"), 404);
    scene_release(&s);
}
