/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/access.h"

#include <string.h>

#define JOIN                                                                   \
    "display_name country team team_code category birth_year age_group "       \
    "guardian_contact email visibility"
/* What a device answers: a new passkey, and one that signs. */
#define PASSKEY_NEW "id client_data attestation name"
#define PASSKEY_OLD "id client_data auth_data signature user_handle then"

/* A statement as it is written. */
#define STATED                                                                 \
    "was theirs_* speaker office event of exact lang day words source "        \
    "source_url figures figures_from"

/* What comes with a form whose sender shows once more who they are. */
#define SHOWN                                                                  \
    "fresh_id fresh_client_data fresh_auth_data fresh_signature "              \
    "fresh_user_handle fresh_code fresh_who fresh_look"

/* In the order of paths. */
static const struct es_access ACCESS[] = {
    { ES_GET, "/", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/healthz", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/readyz", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/metrics", ES_MAY_MACHINE, 0, NULL },
    { ES_GET, "/static/{name}", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/imprint", ES_MAY_ANYBODY, 0, NULL },

    { ES_GET, "/api/v1/openapi.json", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/api/v1/results-key", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/api/v1/initiatives", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/api/v1/initiatives/{slug}", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/api/v1/initiatives/{slug}/standings", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/api/v1/initiatives/{slug}/live", ES_MAY_ANYBODY, 0, NULL },
    { ES_POST, "/api/v1/initiatives/{slug}/participants", ES_MAY_ANYBODY,
      ES_ACCESS_ADDS, JOIN " open_team lang consents" },
    { ES_POST, "/api/v1/runs", ES_MAY_TOKEN, ES_ACCESS_ADDS | ES_ACCESS_COUNTS,
      "started_at distance_m elapsed_s sport note" },
    { ES_GET, "/api/v1/runs/{run}", ES_MAY_TOKEN, 0, NULL },
    { ES_DELETE, "/api/v1/runs/{run}", ES_MAY_TOKEN, ES_ACCESS_COUNTS, NULL },
    { ES_POST, "/api/v1/runs/{run}/appeal", ES_MAY_TOKEN, ES_ACCESS_COUNTS,
      "words" },
    { ES_POST, "/api/v1/runs/{run}/answer", ES_MAY_TOKEN, ES_ACCESS_COUNTS,
      "words" },

    { ES_GET, "/e/{slug}", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/results", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/results.csv", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/results.json", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/results/print", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/results/{version}", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/card.png", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/join", ES_MAY_ANYBODY, ES_ACCESS_ADDS, NULL },
    { ES_POST, "/e/{slug}/join", ES_MAY_ANYBODY, ES_ACCESS_ADDS,
      JOIN " consent_*" },
    { ES_GET, "/e/{slug}/embed", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/leaderboard", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/media/{id}", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/press", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/press.atom", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/press.json", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/press-kit.zip", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/press/{release}", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/press/{release}/{lang}", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/press/{release}/{lang}/paper.pdf", ES_MAY_ANYBODY, 0,
      NULL },
    { ES_GET, "/e/{slug}/people/{bib}", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/people/{bib}/card.png", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/people/{bib}/certificate.pdf", ES_MAY_ANYBODY, 0,
      NULL },
    { ES_GET, "/e/{slug}/record", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/record.webmanifest", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/record-worker.js", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/report", ES_MAY_ANYBODY, 0, NULL },
    { ES_POST, "/e/{slug}/report", ES_MAY_ANYBODY, 0,
      "about wrong words mail" },
    { ES_GET, "/e/{slug}/rules", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/groups/{group}", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/statements", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/statements/compare", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/statements/{statement}", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/statements/{statement}/paper.pdf", ES_MAY_ANYBODY, 0,
      NULL },
    { ES_GET, "/e/{slug}/statements/{statement}/embed", ES_MAY_ANYBODY, 0,
      NULL },
    { ES_GET, "/e/{slug}/teams/{team}", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/teams/{team}/card.png", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/e/{slug}/sign-in", ES_MAY_ANYBODY, 0, NULL },
    { ES_POST, "/e/{slug}/sign-in", ES_MAY_ANYBODY, 0, PASSKEY_OLD },
    { ES_POST, "/e/{slug}/sign-in/ask", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/r/{code}", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/r/{code}/card.png", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/r/{code}/certificate.pdf", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/v/{code}", ES_MAY_ANYBODY, 0, NULL },

    { ES_GET, "/report/{report}", ES_MAY_ANYBODY, 0, NULL },

    { ES_GET, "/back", ES_MAY_ANYBODY, 0, NULL },
    { ES_POST, "/back", ES_MAY_ANYBODY, 0, "address" },
    { ES_GET, "/back/sent", ES_MAY_ANYBODY, 0, NULL },
    { ES_POST, "/back/sent", ES_MAY_ANYBODY, 0, "code who" },
    { ES_GET, "/back/{secret}", ES_MAY_ANYBODY, 0, NULL },
    { ES_POST, "/back/{secret}", ES_MAY_ANYBODY, 0, "code who" },
    { ES_GET, "/guardian/{token}", ES_MAY_ANYBODY, 0, NULL },
    { ES_POST, "/guardian/{token}", ES_MAY_ANYBODY, 0, "do" },
    { ES_GET, "/stop/{token}", ES_MAY_ANYBODY, 0, NULL },
    { ES_POST, "/stop/{token}", ES_MAY_ANYBODY, 0, "List-Unsubscribe again" },
    { ES_GET, "/p/{secret}", ES_MAY_ANYBODY, 0, NULL },
    { ES_POST, "/p/{secret}", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/joined", ES_MAY_PERSON, 0, NULL },
    { ES_GET, "/me", ES_MAY_PERSON, 0, NULL },
    { ES_GET, "/me/recording", ES_MAY_PERSON, 0, NULL },
    { ES_POST, "/me/recording", ES_MAY_PERSON,
      ES_ACCESS_ADDS | ES_ACCESS_COUNTS, NULL },
    { ES_POST, "/me/recording/so-far", ES_MAY_PERSON,
      ES_ACCESS_ADDS | ES_ACCESS_COUNTS, "recording at_ms distance_m running" },
    { ES_POST, "/me/runs", ES_MAY_PERSON, ES_ACCESS_ADDS | ES_ACCESS_COUNTS,
      "files activity" },
    { ES_POST, "/me/typed", ES_MAY_PERSON, ES_ACCESS_ADDS | ES_ACCESS_COUNTS,
      "date time distance duration units sport note picture" },
    { ES_GET, "/me/runs/{run}", ES_MAY_PERSON, 0, NULL },
    { ES_GET, "/me/runs/{run}/picture", ES_MAY_PERSON, 0, NULL },
    { ES_GET, "/me/runs/{run}/file", ES_MAY_PERSON, 0, NULL },
    { ES_POST, "/me/runs/{run}/withdraw", ES_MAY_PERSON, ES_ACCESS_COUNTS,
      NULL },
    { ES_POST, "/me/runs/{run}/appeal", ES_MAY_PERSON, ES_ACCESS_COUNTS,
      "words" },
    { ES_POST, "/me/runs/{run}/answer", ES_MAY_PERSON, ES_ACCESS_COUNTS,
      "words" },
    { ES_POST, "/me/runs/{run}/route", ES_MAY_PERSON, 0, "show" },
    { ES_GET, "/me/details", ES_MAY_PERSON, 0, NULL },
    { ES_POST, "/me/details", ES_MAY_PERSON, 0, JOIN " consent_*" },
    { ES_GET, "/me/data.json", ES_MAY_PERSON, 0, NULL },
    { ES_GET, "/me/leave", ES_MAY_PERSON, 0, NULL },
    { ES_POST, "/me/leave", ES_MAY_PERSON, 0, "runs sure" },
    { ES_GET, "/me/team", ES_MAY_PERSON, 0, NULL },
    { ES_POST, "/me/team", ES_MAY_PERSON, 0, "name open new_code" },
    { ES_POST, "/me/team/make", ES_MAY_PERSON, ES_ACCESS_ADDS, "name open" },
    { ES_POST, "/me/team/member", ES_MAY_PERSON, 0, "member what" },
    { ES_POST, "/me/team/leave", ES_MAY_PERSON, 0, NULL },
    { ES_POST, "/me/sign-out", ES_MAY_PERSON, 0, NULL },
    { ES_GET, "/me/sessions", ES_MAY_PERSON, 0, NULL },
    { ES_POST, "/me/sessions/end", ES_MAY_PERSON, 0, "session" },
    { ES_POST, "/me/sessions/secrets", ES_MAY_PERSON, 0, NULL },
    { ES_GET, "/me/sign-in", ES_MAY_ANYBODY, 0, NULL },
    { ES_POST, "/me/sign-in", ES_MAY_ANYBODY, 0, PASSKEY_OLD },
    { ES_POST, "/me/sign-in/ask", ES_MAY_ANYBODY, 0, NULL },
    { ES_GET, "/me/passkeys", ES_MAY_PERSON, 0, NULL },
    { ES_POST, "/me/passkeys", ES_MAY_PERSON, 0, PASSKEY_NEW },
    { ES_POST, "/me/passkeys/ask", ES_MAY_PERSON, 0, NULL },
    { ES_POST, "/me/passkeys/remove", ES_MAY_PERSON, 0, "id" },
    { ES_POST, "/me/passkeys/rename", ES_MAY_PERSON, 0, "id name" },

    { ES_GET, "/organise/sign-in", ES_MAY_ANYBODY, 0, NULL },
    { ES_POST, "/organise/sign-in", ES_MAY_ANYBODY, 0, PASSKEY_OLD },
    { ES_POST, "/organise/sign-in/ask", ES_MAY_ANYBODY, 0, NULL },
    { ES_POST, "/organise/recover", ES_MAY_ANYBODY, 0, "code" },
    { ES_POST, "/organise/confirm/ask", ES_MAY_STAFF, 0, NULL },
    { ES_GET, "/organise/passkeys", ES_MAY_STAFF, 0, NULL },
    { ES_POST, "/organise/passkeys", ES_MAY_STAFF, ES_ACCESS_ASKS,
      PASSKEY_NEW },
    { ES_POST, "/organise/passkeys/ask", ES_MAY_STAFF, 0, NULL },
    { ES_POST, "/organise/passkeys/remove", ES_MAY_STAFF, ES_ACCESS_ASKS,
      "id" },
    { ES_POST, "/organise/passkeys/rename", ES_MAY_STAFF, 0, "id name" },
    { ES_POST, "/organise/codes", ES_MAY_STAFF, ES_ACCESS_ASKS, NULL },
    { ES_GET, "/setup/{secret}", ES_MAY_ANYBODY, 0, NULL },
    { ES_POST, "/setup/{secret}", ES_MAY_ANYBODY, 0, "name" },
    { ES_GET, "/invitation/{secret}", ES_MAY_ANYBODY, 0, NULL },
    { ES_POST, "/invitation/{secret}", ES_MAY_ANYBODY, 0, "name" },
    { ES_GET, "/organise", ES_MAY_STAFF, 0, NULL },
    { ES_POST, "/organise/sign-out", ES_MAY_STAFF, 0, NULL },
    { ES_GET, "/organise/new", ES_MAY_STAFF, 0, NULL },
    { ES_POST, "/organise/new", ES_MAY_STAFF, 0,
      "title slug holder text_lang zone opens_date opens_time opens_fold "
      "closes_date closes_time closes_fold goal do" },
    { ES_GET, "/organise/sessions", ES_MAY_STAFF, 0, NULL },
    { ES_POST, "/organise/sessions/end", ES_MAY_STAFF, 0, "session" },
    { ES_GET, "/organise/e/{slug}", ES_MAY_SEE, 0, NULL },
    { ES_GET, "/organise/e/{slug}/figures", ES_MAY_SEE, 0, NULL },
    { ES_GET, "/organise/e/{slug}/figures.csv", ES_MAY_SEE, 0, NULL },
    { ES_GET, "/organise/e/{slug}/review", ES_MAY_REVIEW, 0, NULL },
    { ES_GET, "/organise/e/{slug}/review/{run}", ES_MAY_REVIEW, 0, NULL },
    { ES_POST, "/organise/e/{slug}/review/{run}/accept", ES_MAY_REVIEW,
      ES_ACCESS_COUNTS, "seen" },
    { ES_POST, "/organise/e/{slug}/review/{run}/refuse", ES_MAY_REVIEW,
      ES_ACCESS_COUNTS, "seen reason words" },
    { ES_POST, "/organise/e/{slug}/review/{run}/ask", ES_MAY_REVIEW,
      ES_ACCESS_COUNTS, "seen words" },
    { ES_GET, "/organise/e/{slug}/review/all/{finding}", ES_MAY_REVIEW, 0,
      NULL },
    { ES_POST, "/organise/e/{slug}/review/all/{finding}", ES_MAY_REVIEW,
      ES_ACCESS_COUNTS, "until" },
    { ES_GET, "/organise/e/{slug}/log", ES_MAY_REVIEW, 0, NULL },
    { ES_GET, "/organise/e/{slug}/log.csv", ES_MAY_REVIEW, 0, NULL },
    { ES_GET, "/organise/e/{slug}/log.jsonl", ES_MAY_REVIEW, 0, NULL },
    { ES_GET, "/organise/e/{slug}/messages", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/messages", ES_MAY_EDIT, 0,
      "was on_* days_*" },
    { ES_POST, "/organise/e/{slug}/messages/again", ES_MAY_EDIT, 0, "letter" },
    { ES_POST, "/organise/e/{slug}/messages/test", ES_MAY_EDIT, 0, "address" },
    { ES_GET, "/organise/e/{slug}/messages/{kind}", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/messages/{kind}", ES_MAY_EDIT, 0,
      "was see words_* theirs_*" },
    { ES_POST, "/organise/e/{slug}/stage", ES_MAY_OWN, 0, "do" },
    { ES_GET, "/organise/e/{slug}/page", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/page", ES_MAY_EDIT, 0,
      "was theirs_* title slug holder contact purpose title_* holder_* "
      "purpose_*" },
    { ES_GET, "/organise/e/{slug}/hosts", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/hosts", ES_MAY_EDIT, 0,
      "was theirs_* host_* link_* do" },
    { ES_GET, "/organise/e/{slug}/goal", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/goal", ES_MAY_EDIT, 0,
      "was theirs_* goal way file" },
    { ES_GET, "/organise/e/{slug}/results", ES_MAY_OWN, 0, NULL },
    { ES_GET, "/organise/e/{slug}/results.csv", ES_MAY_OWN, 0, NULL },
    { ES_POST, "/organise/e/{slug}/results/finish", ES_MAY_OWN, ES_ACCESS_FRESH,
      "why anyway" },
    { ES_POST, "/organise/e/{slug}/results/correct", ES_MAY_OWN,
      ES_ACCESS_FRESH, NULL },
    { ES_GET, "/organise/e/{slug}/look", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/look", ES_MAY_EDIT, 0, "colour" },
    { ES_GET, "/organise/e/{slug}/media", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/media/picture", ES_MAY_EDIT, 0,
      "picture alt credit" },
    { ES_POST, "/organise/e/{slug}/media/picture/remove", ES_MAY_EDIT, 0,
      NULL },
    { ES_POST, "/organise/e/{slug}/media/logo", ES_MAY_EDIT, 0, "logo" },
    { ES_POST, "/organise/e/{slug}/media/logo/remove", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/media/poster", ES_MAY_EDIT, 0, "poster" },
    { ES_POST, "/organise/e/{slug}/media/poster/remove", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/media/words", ES_MAY_EDIT, 0,
      "speaker office transcript" },
    { ES_POST, "/organise/e/{slug}/media/video", ES_MAY_EDIT, 0, "video" },
    { ES_POST, "/organise/e/{slug}/media/video/remove", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/media/captions", ES_MAY_EDIT, 0,
      "captions lang" },
    { ES_POST, "/organise/e/{slug}/media/captions/remove", ES_MAY_EDIT, 0,
      "lang" },
    { ES_POST, "/organise/e/{slug}/media/films", ES_MAY_EDIT, 0, NULL },
    { ES_GET, "/organise/e/{slug}/media/films/{film}", ES_MAY_EDIT, 0, NULL },
    { ES_PATCH, "/organise/e/{slug}/media/films/{film}", ES_MAY_EDIT, 0, NULL },
    { ES_DELETE, "/organise/e/{slug}/media/films/{film}", ES_MAY_EDIT, 0,
      NULL },
    { ES_POST, "/organise/e/{slug}/media/films/{film}/drop", ES_MAY_EDIT, 0,
      NULL },
    { ES_GET, "/organise/e/{slug}/registration", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/registration", ES_MAY_EDIT, 0,
      "ask_* age_as ages consent_age capacity waiting closes_date closes_time "
      "teams_by_all team_min purpose_* text_* url_* required_* by_mail "
      "version" },
    { ES_GET, "/organise/e/{slug}/teams", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/teams", ES_MAY_EDIT, 0, "name open" },
    { ES_POST, "/organise/e/{slug}/teams/{team}", ES_MAY_EDIT, 0,
      "name open new_code captain" },
    { ES_GET, "/organise/e/{slug}/groups", ES_MAY_OWN, 0, NULL },
    { ES_POST, "/organise/e/{slug}/groups", ES_MAY_OWN, 0,
      "name csv pasted who as_team visibility lang" },
    { ES_GET, "/organise/e/{slug}/groups/list.csv", ES_MAY_OWN, 0, NULL },
    { ES_GET, "/organise/e/{slug}/groups/preview/{draft}", ES_MAY_OWN, 0,
      NULL },
    { ES_POST, "/organise/e/{slug}/groups/preview/{draft}", ES_MAY_OWN,
      ES_ACCESS_ADDS, NULL },
    { ES_GET, "/organise/e/{slug}/groups/preview/{draft}/wrong.csv", ES_MAY_OWN,
      0, NULL },
    { ES_GET, "/organise/e/{slug}/groups/{group}", ES_MAY_OWN, 0, NULL },
    { ES_POST, "/organise/e/{slug}/groups/{group}/links", ES_MAY_OWN, 0,
      "after" },
    { ES_POST, "/organise/e/{slug}/groups/{group}/links.csv", ES_MAY_OWN, 0,
      NULL },
    { ES_GET, "/organise/e/{slug}/people", ES_MAY_OWN, 0, NULL },
    { ES_GET, "/organise/e/{slug}/people/{bib}", ES_MAY_OWN, 0, NULL },
    { ES_POST, "/organise/e/{slug}/people/{bib}/link", ES_MAY_OWN, 0, NULL },
    { ES_POST, "/organise/e/{slug}/people/{bib}/hide", ES_MAY_OWN, 0,
      "why hide" },
    { ES_POST, "/organise/e/{slug}/people/{bib}/team", ES_MAY_OWN, 0, "team" },
    { ES_POST, "/organise/e/{slug}/people/{bib}/remove", ES_MAY_OWN,
      ES_ACCESS_FRESH, "why" },
    { ES_GET, "/organise/e/{slug}/press", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/press", ES_MAY_EDIT, 0, "title lang" },
    { ES_POST, "/organise/e/{slug}/press/coverage", ES_MAY_EDIT, 0,
      "publisher headline url day said_in" },
    { ES_POST, "/organise/e/{slug}/press/coverage/{id}/remove", ES_MAY_EDIT, 0,
      NULL },
    { ES_GET, "/organise/e/{slug}/press/{release}", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/press/{release}/time", ES_MAY_EDIT, 0,
      "do at_date at_time at_fold" },
    { ES_GET, "/organise/e/{slug}/press/{release}/{lang}", ES_MAY_EDIT, 0,
      NULL },
    { ES_POST, "/organise/e/{slug}/press/{release}/{lang}", ES_MAY_EDIT, 0,
      "title place body notes contact was theirs_* see" },
    { ES_POST, "/organise/e/{slug}/press/{release}/{lang}/approve", ES_MAY_EDIT,
      0, "edition" },
    { ES_POST, "/organise/e/{slug}/press/{release}/{lang}/reopen", ES_MAY_EDIT,
      0, "edition" },
    { ES_POST, "/organise/e/{slug}/press/{release}/{lang}/remove", ES_MAY_EDIT,
      0, "edition" },
    { ES_GET, "/organise/e/{slug}/people-and-bodies", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/people-and-bodies", ES_MAY_EDIT, 0,
      "what name lang body_kind" },
    { ES_GET, "/organise/e/{slug}/people-and-bodies/{party}", ES_MAY_EDIT, 0,
      NULL },
    { ES_POST, "/organise/e/{slug}/people-and-bodies/{party}", ES_MAY_EDIT, 0,
      "was theirs_* name_* own_lang own_name body_kind portrait no_portrait" },
    { ES_POST, "/organise/e/{slug}/people-and-bodies/{party}/remove",
      ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/people-and-bodies/{party}/seats",
      ES_MAY_EDIT, 0, "seat party of title_* country from to" },
    { ES_POST,
      "/organise/e/{slug}/people-and-bodies/{party}/seats/{seat}/remove",
      ES_MAY_EDIT, 0, NULL },
    { ES_GET, "/organise/e/{slug}/statements", ES_MAY_EDIT, 0, NULL },
    { ES_GET, "/organise/e/{slug}/statements/new", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/statements/new", ES_MAY_EDIT, 0, STATED },
    { ES_GET, "/organise/e/{slug}/statements/{statement}", ES_MAY_EDIT, 0,
      NULL },
    { ES_POST, "/organise/e/{slug}/statements/{statement}", ES_MAY_EDIT, 0,
      STATED },
    { ES_POST, "/organise/e/{slug}/statements/{statement}/approve", ES_MAY_EDIT,
      0, "edition name how approved_day own" },
    { ES_POST, "/organise/e/{slug}/statements/{statement}/publish", ES_MAY_EDIT,
      0, "edition note" },
    { ES_POST, "/organise/e/{slug}/statements/{statement}/take", ES_MAY_EDIT, 0,
      "edition why" },
    { ES_POST, "/organise/e/{slug}/statements/{statement}/remove", ES_MAY_EDIT,
      0, NULL },
    { ES_GET, "/organise/e/{slug}/reports", ES_MAY_OWN, 0, NULL },
    { ES_POST, "/organise/e/{slug}/reports/{report}/decide", ES_MAY_OWN,
      ES_ACCESS_ASKS, "act why" },
    { ES_GET, "/organise/e/{slug}/rules", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/rules", ES_MAY_EDIT, 0,
      "do version opens_date opens_time opens_fold closes_date closes_time "
      "closes_fold window zone grace_days sport_* count time category_* "
      "tolerance run_cap day_cap typed treadmill typed_max review_over "
      "review_pace" },
    { ES_GET, "/organise/e/{slug}/rules/change", ES_MAY_EDIT, 0, NULL },
    { ES_POST, "/organise/e/{slug}/rules/change", ES_MAY_EDIT,
      ES_ACCESS_FRESH | ES_ACCESS_COUNTS, "version drafted why" },
    { ES_POST, "/organise/e/{slug}/rules/drop", ES_MAY_EDIT, 0, "version" },
    { ES_GET, "/organise/e/{slug}/rules/history", ES_MAY_EDIT, 0, NULL },
    { ES_GET, "/organise/e/{slug}/rules/progress", ES_MAY_EDIT, 0, NULL },
    { ES_GET, "/organise/e/{slug}/runs/{run}/picture", ES_MAY_REVIEW, 0, NULL },
    { ES_GET, "/organise/e/{slug}/staff", ES_MAY_OWN, 0, NULL },
    { ES_POST, "/organise/e/{slug}/staff/invite", ES_MAY_OWN, ES_ACCESS_FRESH,
      "name role" },
    { ES_POST, "/organise/e/{slug}/staff/uninvite", ES_MAY_OWN, 0,
      "invitation" },
    { ES_POST, "/organise/e/{slug}/staff/end", ES_MAY_OWN, ES_ACCESS_FRESH,
      "account role" },

    { ES_GET, "/operate", ES_MAY_OPERATE, 0, NULL },
    { ES_GET, "/operate/reports", ES_MAY_OPERATE, 0, NULL },
    { ES_GET, "/operate/decisions", ES_MAY_OPERATE, 0, NULL },
    { ES_GET, "/operate/decisions.csv", ES_MAY_OPERATE, 0, NULL },
    { ES_GET, "/operate/decisions.json", ES_MAY_OPERATE, 0, NULL },
    { ES_POST, "/operate/imprint", ES_MAY_OPERATE, 0, "imprint" },
    { ES_POST, "/operate/watched", ES_MAY_OPERATE, 0, "watched" },
    { ES_POST, "/operate/invite", ES_MAY_OPERATE, ES_ACCESS_FRESH, "name" },
    { ES_POST, "/operate/uninvite", ES_MAY_OPERATE, 0, "invitation" },
    { ES_POST, "/operate/e/{slug}/suspend", ES_MAY_OPERATE, ES_ACCESS_FRESH,
      "why" },
    { ES_POST, "/operate/e/{slug}/resume", ES_MAY_OPERATE, 0, NULL },
    { ES_POST, "/operate/e/{slug}/quota", ES_MAY_OPERATE, 0, "people_max" },
    { ES_POST, "/operate/e/{slug}/adopt", ES_MAY_OPERATE, ES_ACCESS_FRESH,
      NULL },
    { ES_POST, "/operate/accounts/{account}/allow", ES_MAY_OPERATE, 0,
      "may_create" },
    { ES_POST, "/operate/accounts/{account}/end", ES_MAY_OPERATE,
      ES_ACCESS_FRESH, NULL },
};

/* Rows: roles; columns: what they may do where they have them. */
static const bool ROLES[ES_ROLES][ES_MAY_COUNT] = {
    [ES_ROLE_OPERATOR] = { [ES_MAY_OPERATE] = true,
                           [ES_MAY_SEE] = true,
                           [ES_MAY_OWN] = true },
    [ES_ROLE_OWNER] = { [ES_MAY_SEE] = true,
                        [ES_MAY_CHECK_IN] = true,
                        [ES_MAY_REVIEW] = true,
                        [ES_MAY_EDIT] = true,
                        [ES_MAY_OWN] = true },
    [ES_ROLE_EDITOR] = { [ES_MAY_SEE] = true, [ES_MAY_EDIT] = true },
    [ES_ROLE_REVIEWER] = { [ES_MAY_SEE] = true, [ES_MAY_REVIEW] = true },
    [ES_ROLE_CHECK_IN] = { [ES_MAY_SEE] = true, [ES_MAY_CHECK_IN] = true },
};

const struct es_access *es_access_at(size_t i)
{
    return i < sizeof ACCESS / sizeof *ACCESS ? &ACCESS[i] : NULL;
}

const struct es_access *es_access_of(enum es_method m, const char *pattern)
{
    for (size_t i = 0; i < sizeof ACCESS / sizeof *ACCESS; i++)
        if (ACCESS[i].method == m && strcmp(ACCESS[i].pattern, pattern) == 0)
            return &ACCESS[i];
    return NULL;
}

bool es_access_role(enum es_role role, enum es_may may)
{
    return (int)role > ES_ROLE_NONE && (int)role < ES_ROLES &&
           may < ES_MAY_COUNT && ROLES[role][may];
}

static bool listed(const char *p, const char *name)
{
    while (*p) {
        size_t n = strcspn(p, " ");
        bool begins = p[n - 1] == '*';
        if (begins ? strncmp(name, p, n - 1) == 0 && name[n - 1]
                   : strlen(name) == n && memcmp(name, p, n) == 0)
            return true;
        p += n + strspn(p + n, " ");
    }
    return false;
}

bool es_access_shows(const char *name)
{
    return listed(SHOWN, name);
}

bool es_access_field(const struct es_access *a, const char *name)
{
    return listed(a->fields ? a->fields : "", name) ||
           ((a->flags & (ES_ACCESS_FRESH | ES_ACCESS_ASKS)) &&
            es_access_shows(name));
}
