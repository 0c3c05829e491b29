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

enum { CLARA = 501 };

struct scene {
    struct browser b;
    struct device d;
    char fields[3072];
};

static enum es_code put_account(struct es_txn *tx, const struct es_blob *blob,
                                void *arg, struct es_err *e)
{
    struct es_account c = { .id = *(int64_t *)arg,
                            .name = "Clara",
                            .name_key = "clara",
                            .mail = "",
                            .lang = "en",
                            .created_ms = 1 };
    struct es_role_given r = { 0, c.id, ES_ROLE_OPERATOR, 0, 1 };
    (void)blob;
    enum es_code rc = es_txn_account_put(tx, &c, e);
    return rc == ES_OK ? es_txn_role_add(tx, &r, e) : rc;
}

/* Clara, signed in by a link: fresh, and with nothing else. */
static void come_by_link(struct scene *s)
{
    struct es_err e = { 0 };
    char secret[ES_SECRET_TEXT];
    struct es_session_ask ask = { .kind = ES_CRED_ORGANISER,
                                  .subject = CLARA,
                                  .by = ES_BY_LINK };
    world_must(es_session_open(&s->b.w.app, &ask, secret, &e), &e);
    snprintf(s->b.cookies, sizeof s->b.cookies, "__Host-es-organiser=%s",
             secret);
}

static void scene_init(struct scene *s)
{
    int64_t id = CLARA;
    struct es_err e = { 0 };
    browser_start(&s->b);
    s->b.host = "localhost:8080";
    world_must(es_store_write(
                   s->b.w.store,
                   &(struct es_write){ .apply = put_account, .arg = &id }, &e),
               &e);
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

TEST(what_lasts_is_done_by_who_has_just_shown_who_they_are)
{
    struct scene s;
    scene_init(&s);
    come_by_link(&s);
    CHECK_INT(make(&s, "/organise/passkeys"), 303);
    grow_stale(&s);
    CHECK_INT(browser_get(&s.b, "/organise/passkeys"), 200);
    CHECK_INT(browser_post(&s.b, "/organise/codes", ""), 303);
    CHECK(goes_to(&s, "/organise/confirm?then=/organise/passkeys"));
    CHECK_INT(browser_post(&s.b, "/organise/passkeys/remove", "id=AAAA"), 303);
    CHECK_INT(browser_get(&s.b, "/organise/confirm?then=/organise/passkeys"),
              200);
    CHECK(browser_shows(&s.b, "Is it you?"));
    char before[2048];
    memcpy(before, s.b.cookies, sizeof before);
    CHECK_INT(sign_in(&s, "/organise/confirm", "&then=/organise/passkeys"),
              303);
    CHECK(goes_to(&s, "/organise/passkeys"));
    CHECK(strcmp(before, s.b.cookies) != 0);
    CHECK_INT(browser_post(&s.b, "/organise/codes", ""), 200);
    CHECK(browser_shows(&s.b, "Your recovery codes"));
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
