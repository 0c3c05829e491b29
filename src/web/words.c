/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "web/words.h"

#include <math.h>

#include "base/limits.h"
#include "track/track.h"

struct word {
    const char *code, *id;
};

/* The row of a table that ends with a NULL code; NULL when it isn't there. */
static const struct word *lookup(const struct word *table, const char *code)
{
    for (; table->code; table++)
        if (strcmp(table->code, code) == 0)
            return table;
    return NULL;
}

const char *es_words_phase(const struct es_lang *l, enum es_view_phase p)
{
    static const char *const IDS[] = { ES_T("Opens soon"), ES_T("Open"),
                                       ES_T("Ended") };
    return es_t(l, IDS[p]);
}

const char *es_words_status(const struct es_lang *l, enum es_view_status s)
{
    static const char *const IDS[] = { ES_T("Accepted"), ES_T("In review"),
                                       ES_T("Refused"), ES_T("Taken back") };
    return es_t(l, IDS[s]);
}

const char *es_words_place(const struct es_lang *l, int64_t rank)
{
    static const char *const IDS[] = { ES_T("First place"),
                                       ES_T("Second place"),
                                       ES_T("Third place") };
    return rank >= 1 && rank <= 3 ? es_t(l, IDS[rank - 1]) : "";
}

const char *es_words_role(const struct es_lang *l, enum es_view_role r)
{
    static const char *const IDS[] = { ES_T("Holder"), ES_T("Co-host"),
                                       ES_T("Supporter"), ES_T("Partner") };
    return es_t(l, IDS[r]);
}

const char *es_words_verdict(const struct es_lang *l,
                             const struct es_view_run *r)
{
    static const char *const IDS[] = { ES_T("Your run counts"),
                                       ES_T("Somebody will look at this run"),
                                       ES_T("This run doesn't count"),
                                       ES_T("You took this run back") };
    return es_t(l, IDS[r->status]);
}

const char *es_words_effect(const struct es_lang *l, enum es_view_effect e)
{
    static const char *const IDS[] = { ES_T("Note:"), ES_T("Left out:"),
                                       ES_T("To be looked at:"),
                                       ES_T("Refused:") };
    return es_t(l, IDS[e]);
}

const char *es_words_status_class(enum es_view_status s)
{
    static const char *const NAMES[] = { "accepted", "review", "refused",
                                         "withdrawn" };
    return NAMES[s];
}

const char *es_words_effect_class(enum es_view_effect e)
{
    static const char *const NAMES[] = { "note", "cut", "review", "refuse" };
    return NAMES[e];
}

static enum es_tempo tempo_of(const char *sport)
{
    return es_sport_tempo(es_sport_of(es_bytes_str(sport)));
}

struct es_shown es_words_tempo(const char *sport, int64_t dist_mm,
                               int64_t time_ms)
{
    enum es_tempo how = tempo_of(sport);
    if (how == ES_TEMPO_PER_100M)
        return es_pace_100(dist_mm, time_ms);
    if (how == ES_TEMPO_PACE || dist_mm <= 0 || time_ms <= 0)
        return es_pace(dist_mm, time_ms);
    return es_speed((double)dist_mm / (double)time_ms);
}

const char *es_words_tempo_name(const struct es_lang *l, const char *sport)
{
    return es_t(l, tempo_of(sport) == ES_TEMPO_SPEED ? ES_T("Speed")
                                                     : ES_T("Pace"));
}

const char *es_words_sport(const struct es_lang *l, const char *sport)
{
    static const struct word SPORTS[] = {
        { "running", ES_T("Running") },   { "walking", ES_T("Walking") },
        { "hiking", ES_T("Hiking") },     { "cycling", ES_T("Cycling") },
        { "swimming", ES_T("Swimming") }, { NULL, NULL }
    };
    const struct word *w = lookup(SPORTS, sport);
    return es_t(l, w ? w->id : ES_T("Other sport"));
}

const char *es_words_format(const struct es_lang *l, const char *format)
{
    static const struct word FORMATS[] = { { "fit", ES_T("A FIT file") },
                                           { "gpx", ES_T("A GPX file") },
                                           { "tcx", ES_T("A TCX file") },
                                           { NULL, NULL } };
    const struct word *w = lookup(FORMATS, format);
    return es_t(l, w ? w->id : ES_T("A file"));
}

const char *es_words_from(const struct es_lang *l, enum es_view_from f)
{
    static const char *const IDS[] = { NULL, ES_T("Live"), ES_T("Device file"),
                                       ES_T("Re-exported"), ES_T("Typed in") };
    return f == ES_VIEW_FROM_NOWHERE ? "" : es_t(l, IDS[f]);
}

const char *es_words_from_means(const struct es_lang *l, enum es_view_from f)
{
    static const char *const IDS[] = {
        NULL,
        ES_T("Recorded in our page, and received piece by piece as it "
             "happened."),
        ES_T("The file is as the device or the app that recorded the run wrote "
             "it."),
        ES_T("A website or another program wrote the file anew after the run."),
        ES_T("The run was entered by hand; no recording of it was sent."),
    };
    return f == ES_VIEW_FROM_NOWHERE ? "" : es_t(l, IDS[f]);
}

struct es_shown es_words_share(int64_t part, int64_t whole)
{
    return part > 0 && part < whole / 100 ? es_percent(1, 100)
                                          : es_percent(part, whole);
}

const char *es_words_best(const struct es_lang *l, const char *name)
{
    static const struct word BESTS[] = {
        { "400m", ES_T("400 m") },
        { "1km", ES_T("1 km") },
        { "1mile", ES_T("1 mile") },
        { "5km", ES_T("5 km") },
        { "10km", ES_T("10 km") },
        { "half_marathon", ES_T("Half marathon") },
        { "marathon", ES_T("Marathon") },
        { "50km", ES_T("50 km") },
        { "100km", ES_T("100 km") },
        { NULL, NULL }
    };
    const struct word *w = lookup(BESTS, name);
    return w ? es_t(l, w->id) : name;
}

const char *es_words_measured(const struct es_lang *l, const char *why)
{
    static const struct word WHYS[] = {
        { "agrees", ES_T("The distance is what your device measured; its "
                         "positions agree.") },
        { "trusted", ES_T("The distance is what your device measured; in this "
                          "sport it knows more than positions do.") },
        { "no_positions", ES_T("The distance is what your device measured; "
                               "the file has no positions.") },
        { "few_positions", ES_T("The distance is what your device measured, "
                                "mostly where there were no positions.") },
        { "speed", ES_T("The distance comes from the speed that your device "
                        "measured; its positions agree.") },
        { "no_device", ES_T("The distance comes from the positions, without "
                            "the metres that poor reception adds.") },
        { "falls", ES_T("The distance comes from the positions: what your "
                        "device counted goes back on the way.") },
        { "differs", ES_T("The distance comes from the positions: what your "
                          "device counted doesn't fit them.") },
        { NULL, NULL }
    };
    const struct word *w = lookup(WHYS, why);
    return w ? es_t(l, w->id) : NULL;
}

const char *es_words_consent(const struct es_lang *l, const char *purpose)
{
    static const struct word PURPOSES[] = {
        { "take_part",
          ES_T("I want to take part; what I enter and send here may be kept "
               "and counted for it.") },
        { "news", ES_T("I want to hear of later initiatives by mail.") },
        { "mail", ES_T("Send me reminders and my result by mail.") },
        { "photos", ES_T("Pictures that I send may be shown.") },
        { NULL, NULL }
    };
    const struct word *w = lookup(PURPOSES, purpose);
    return w ? es_t(l, w->id) : purpose;
}

/* ---- forms ---- */

/* By field and code, else by code alone. */
static const struct word FIELD_ERRORS[] = {
    { "display_name:required", ES_T("Please give a name to show.") },
    { "display_name:too_long",
      ES_T("This name is too long: at most {1} characters.") },
    { "display_name:too_wide",
      ES_T("This name is too wide to be shown. Please shorten it.") },
    { "display_name:reserved",
      ES_T("Others could take this name for the organisers'. Please write it "
           "a little differently.") },
    { "country:unknown", ES_T("Please choose a country from the list.") },
    { "team_code:unknown",
      ES_T("No team here has this code. Check it, or leave it empty.") },
    { "team:unknown", ES_T("Please choose one of the list.") },
    { "age_group:invalid", ES_T("Please choose one of the list.") },
    { "number", ES_T("Please write a whole number that makes sense here.") },
    { "address", ES_T("Please write a whole web address, with https://.") },
    { "ages:invalid",
      ES_T("Please write ages that rise, with commas between.") },
    { "captain:unknown", ES_T("Please choose a member of the team.") },
    { "category:unknown", ES_T("Please choose one of the list.") },
    { "birth_year:invalid",
      ES_T("Please write the year with four digits, for example 1990.") },
    { "guardian_contact:required",
      ES_T("At this age a parent or guardian has to be reachable.") },
    { "guardian_contact:invalid",
      ES_T("This is neither a mail address nor a telephone number.") },
    { "email:invalid", ES_T("This doesn't look like a mail address.") },
    { "mail:invalid", ES_T("This doesn't look like a mail address.") },
    { "code:required", ES_T("Type the code that stands on the ticket.") },
    { "code:mistyped",
      ES_T("There is a slip in this code. Compare it letter by letter.") },
    { "code:unknown", ES_T("No ticket of this event has this code.") },
    { "affiliation:required", ES_T("Please choose what you come as.") },
    { "keep:required", ES_T("Without this no ticket can be made.") },
    { "choices:required", ES_T("Please choose at least one.") },
    { "too_many_choices", ES_T("At most {1} groups.") },
    { "visibility:unknown", ES_T("Please choose one of the three.") },
    { "consents:required", ES_T("Taking part needs your agreement to this.") },
    { "consents:outdated",
      ES_T("This text has changed since. Please read it again.") },
    { "date:required", ES_T("Please give the day.") },
    { "date:invalid", ES_T("This is not a day and time that exist.") },
    { "colour:invalid",
      ES_T("Please write a colour as # and six digits or letters a to f.") },
    { "distance:required", ES_T("Please give the distance.") },
    { "distance:invalid", ES_T("Please write the distance as a number.") },
    { "distance:too_small", ES_T("The distance must be more than nought.") },
    { "distance:too_large", ES_T("At most {1}.") },
    { "distance_m:too_large", ES_T("At most {1}.") },
    { "distance_m:too_small", ES_T("The distance must be more than nought.") },
    { "elapsed_s:too_small", ES_T("The time must be more than nought.") },
    { "duration:required", ES_T("Please give the time taken.") },
    { "duration:invalid",
      ES_T("Please write hours, minutes and seconds, as in 1:12:30.") },
    { "duration:too_small", ES_T("The time must be more than nought.") },
    { "duration:too_large", ES_T("That is longer than a run can be here.") },
    { "note:too_long", ES_T("This note is too long: at most {1} characters.") },
    { "sport:unknown", ES_T("Please choose one of the list.") },
    { "display_name:formula",
      ES_T("This begins like a formula of a spreadsheet, not like a name.") },
    { "csv:required", ES_T("Please choose a file first.") },
    { "csv:too_large", ES_T("This list is too large: at most {1}.") },
    { "empty_list", ES_T("There is nobody on this list.") },
    { "no_names", ES_T("We don't see which column holds the names. Its first "
                       "line says so: write “Name” above it.") },
    { "too_many", ES_T("At most {1} people at a time. Please bring them as "
                       "several lists.") },
    { "files:required", ES_T("Please choose a file first.") },
    { "name:required", ES_T("Please give a name.") },
    { "name:too_long", ES_T("This name is too long: at most {1} characters.") },
    { "name:too_wide",
      ES_T("This name is too wide to be shown. Please shorten it.") },
    { "name:taken",
      ES_T("Somebody here has this name, or one that looks like it.") },
    { "days", ES_T("Please write a whole number of days, from 1 to {1}.") },
    { "address:invalid", ES_T("Please write one mail address.") },
    { "role:unknown", ES_T("Please choose one of the list.") },
    { "people_max:invalid", ES_T("Please write a whole number, or nothing.") },
    { "may_create:invalid", ES_T("Please write a whole number, or nothing.") },
    { "why:required", ES_T("Please say why: it is shown to everybody.") },
    { "title:required", ES_T("Please give it a title.") },
    { "slug:invalid",
      ES_T("Only small letters a to z, digits and hyphens between them. What "
           "stands here now would do.") },
    { "slug:taken",
      ES_T("This address is taken. The one that stands here now is free.") },
    { "lang:unknown", ES_T("Please choose one of the list.") },
    { "zone:unknown", ES_T("Please choose one of the list.") },
    { "goal:zero",
      ES_T("A goal of 0 would be reached before anybody runs. Write a larger "
           "one, or leave it empty for none.") },
    { "goal:invalid", ES_T("Please write the distance as a number.") },
    { "address",
      ES_T("An address begins with https:// or mailto:, and a name has at most "
           "120 characters.") },
    { "way:line",
      ES_T("Line {1} is no place yet: a name, then latitude and longitude.") },
    { "way:ends", ES_T("A way has two places at least, {1} at most, and they "
                       "lie apart.") },
    { "file:no_way", ES_T("There is no way in this file that we could read.") },
    { "file:busy", ES_T("We were too busy to read it. Please send it again in "
                        "a moment.") },
    { "order", ES_T("This lies before the beginning, or on it.") },
    { "past", ES_T("This is over already.") },
    { "skipped",
      ES_T("The clocks are put forward that night and leave this time out. "
           "The next that there is stands here now.") },
    { "twice",
      ES_T("The clocks are put back that night: this time comes twice.") },
    { "video:required", ES_T("Please choose a video first.") },
    { "video:unknown_format",
      ES_T("This is not a video that browsers play: send MP4 or WebM.") },
    { "video:too_large", ES_T("This video is too large: at most 2 GB.") },
    { "video:conflict",
      ES_T("There is no room left here for this. Remove something first.") },
    { "video:busy",
      ES_T("The server has no room left. Tell who runs it; nothing is lost, "
           "and it can go on later.") },
    { "captions:required", ES_T("Please choose a file first.") },
    { "captions:unknown_format",
      ES_T("These are not captions: send a WebVTT file, which begins with the "
           "word WEBVTT.") },
    { "captions:malformed",
      ES_T("The times in these captions can't be read, or go backwards.") },
    { "captions:empty_file", ES_T("There are no captions in this file.") },
    { "captions:conflict", ES_T("There are captions in too many languages.") },
    { "url:full",
      ES_T("There are too many links already: remove some first.") },
    { "picture:again", ES_T("Please choose the picture again.") },
    { "pictures:required", ES_T("Please choose a picture first.") },
    { "alt:required", ES_T("People who can't see it need this: what does it "
                           "show?") },
    { "picture:required", ES_T("Please choose a picture first.") },
    { "picture:unknown_format",
      ES_T(
          "This is not a picture that we can use: send a JPEG, PNG or WebP.") },
    { "picture:malformed", ES_T("This picture is damaged.") },
    { "picture:truncated",
      ES_T("This picture ends too early. Please send it again.") },
    { "picture:empty_file", ES_T("The file is empty.") },
    { "picture:too_large", ES_T("This picture is too large: at most {1}.") },
    { "picture:unpacks_too_large",
      ES_T("This picture has too many pixels: at most 40 million.") },
    { "picture:too_complex",
      ES_T("This picture moves, or is too complex. Please send a still one.") },
    { "picture:conflict",
      ES_T("There is no room left here for this. Remove something first.") },
    { "picture:busy", ES_T("We were too busy to read it. Please send it "
                           "again in a moment.") },
    { "picture:worker_died", ES_T("This picture is damaged.") },
    { "poster:required", ES_T("Please choose a picture first.") },
    { "poster:unknown_format",
      ES_T(
          "This is not a picture that we can use: send a JPEG, PNG or WebP.") },
    { "poster:malformed", ES_T("This picture is damaged.") },
    { "poster:truncated",
      ES_T("This picture ends too early. Please send it again.") },
    { "poster:empty_file", ES_T("The file is empty.") },
    { "poster:too_large", ES_T("This picture is too large: at most {1}.") },
    { "poster:unpacks_too_large",
      ES_T("This picture has too many pixels: at most 40 million.") },
    { "poster:too_complex",
      ES_T("This picture moves, or is too complex. Please send a still one.") },
    { "poster:conflict",
      ES_T("There is no room left here for this. Remove something first.") },
    { "poster:busy", ES_T("We were too busy to read it. Please send it "
                          "again in a moment.") },
    { "poster:worker_died", ES_T("This picture is damaged.") },
    { "sports:required", ES_T("Please choose at least one kind of sport.") },
    { "categories:too_many", ES_T("At most {1} categories.") },
    { "category_twice", ES_T("There is a category of this name already.") },
    { "day_cap:below_run",
      ES_T("A day can't hold less than one run may count.") },
    { "required", ES_T("This is needed.") },
    { "invalid", ES_T("This can't be used as it is.") },
    { "too_long", ES_T("Too long: at most {1} characters.") },
    { "unknown", ES_T("Please choose one of the list.") },
    { "too_small", ES_T("This is too small.") },
    { "too_large", ES_T("This is too large.") },
    { "outdated", ES_T("This text has changed since. Please read it again.") },
    { "date", ES_T("This is no day of the calendar.") },
    { "before_start", ES_T("This is before it began.") },
    { "not_then", ES_T("They did not hold this office on that day.") },
    { "other_speaker", ES_T("A translation is of the same speaker's words.") },
    { "not_published", ES_T("Publish first what this translates.") },
    { "own_words", ES_T("You wrote these words yourself. Confirm that the "
                        "speaker's side approved exactly these, or let a "
                        "colleague note it.") },
    { "figure_line", ES_T("On each line: what it counts, a colon, and the "
                          "figure as they said it.") },
    { "figures:too_many", ES_T("At most {1} lines.") },
    { NULL, NULL }
};

/* A limit as its field counts: of a distance it is metres. */
static struct es_shown limit_shown(const char *field, const char *code,
                                   double limit)
{
    if (strcmp(field, "picture") == 0 || strcmp(field, "poster") == 0 ||
        (strcmp(field, "csv") == 0 && strcmp(code, "too_large") == 0))
        return es_size(isnan(limit) ? 0 : (int64_t)limit);
    return strncmp(field, "distance", 8) == 0 ? es_dist_whole(es_milli(limit))
                                              : es_decimal(limit);
}

const char *es_words_field_error(struct es_arena *a, struct es_reader r,
                                 const char *field, const char *code,
                                 double limit)
{
    if (strcmp(field, "logo") == 0) /* a picture as well */
        field = "poster";
    const char *key = es_arena_fmt(a, "%s:%s", field, code);
    const struct word *w = key ? lookup(FIELD_ERRORS, key) : NULL;
    if (!w)
        w = lookup(FIELD_ERRORS, code);
    if (!w)
        w = lookup(FIELD_ERRORS, "invalid");
    struct es_buf b;
    es_buf_init(&b, 64);
    es_buf_shown(&b, r, limit_shown(field, code, limit));
    const char *out = es_t_fill(a, es_t(r.lang, w->id), es_buf_cstr(&b), NULL);
    es_buf_release(&b);
    return out;
}

const char *es_words_file_error(const struct es_lang *l, enum es_code code)
{
    switch (code) {
    case ES_EDENIED:
        return es_t(l, ES_T("The results are final: nothing more is taken."));
    case ES_EEMPTY:
        return es_t(l, ES_T("The file is empty."));
    case ES_EUNKNOWN:
        return es_t(l, ES_T("This is not a FIT, GPX or TCX file."));
    case ES_EMALFORMED:
    case ES_EDOCTYPE:
        return es_t(l, ES_T("The file is damaged, or not what its kind of "
                            "file should be."));
    case ES_ETRUNCATED:
        return es_t(l, ES_T("The file ends too early, before any of a run "
                            "could be read."));
    case ES_ETOOLARGE:
    case ES_EBOMB:
        return es_t(l, ES_T("The file is too large."));
    case ES_ECOMPLEX:
    case ES_EMANYPOINTS:
        return es_t(l, ES_T("The file is too complex to be read."));
    case ES_EUNPACK:
        return es_t(l, ES_T("The file could not be unpacked."));
    case ES_ENOACTIVITY:
        return es_t(l, ES_T("There is no activity in this file."));
    case ES_EWORKER:
    case ES_EBUSY:
    case ES_ETIMEOUT:
        return es_t(l, ES_T("We were too busy to read it. Please send it "
                            "again in a moment."));
    default:
        return es_t(l, ES_T("The file could not be read."));
    }
}

/* ---- error pages ---- */

static const struct {
    int status;
    const char *title, *next;
} ERRORS[] = {
    { 400, ES_T("That request made no sense to us"),
      ES_T("Go back, load the page again and try once more.") },
    { 401, ES_T("You are not signed in here"),
      ES_T("Open your personal link in this browser.") },
    { 403, ES_T("That is not allowed"),
      ES_T("Perhaps the page stood open for long: go back, load it again and "
           "try once more.") },
    { 404, ES_T("There is nothing here"),
      ES_T("Check the address, or begin at the start.") },
    { 405, ES_T("That can't be done here"),
      ES_T("Go back and use the page's own buttons.") },
    { 409, ES_T("That doesn't fit any more"),
      ES_T("Something changed meanwhile. Load the page again.") },
    { 410, ES_T("This link has been used or has ended"),
      ES_T("Ask for a new one.") },
    { 413, ES_T("That is too large"),
      ES_T("Send fewer files at a time, or zip them.") },
    { 422, ES_T("That could not be used"),
      ES_T("Go back, mend what is named and send it again.") },
    { 429, ES_T("Too much at once"), ES_T("Wait a little, then try again.") },
    { 503, ES_T("We are too busy at the moment"),
      ES_T("Nothing you sent was kept. Please try again shortly.") },
    { 500, ES_T("Something went wrong on our side"),
      ES_T("It has been written down. Please try again later.") },
};
enum { N_ERRORS = sizeof ERRORS / sizeof *ERRORS };

/* Its row; the last, for 500, when there is none. */
static size_t error_row(int64_t status)
{
    size_t i = 0;
    while (i < N_ERRORS - 1 && ERRORS[i].status != status)
        i++;
    return i == N_ERRORS - 1 && status >= 400 && status < 500 ? 0 : i;
}

const char *es_words_error_title(const struct es_lang *l, int64_t status)
{
    return es_t(l, ERRORS[error_row(status)].title);
}

const char *es_words_error_next(const struct es_lang *l, int64_t status)
{
    return es_t(l, ERRORS[error_row(status)].next);
}

/* ---- staff ---- */

const char *es_words_staff(const struct es_lang *l, int64_t role)
{
    static const char *const ROLES[] = { "",
                                         ES_T("Operator"),
                                         ES_T("Owner"),
                                         ES_T("Editor"),
                                         ES_T("Reviewer"),
                                         ES_T("Check-in") };
    const int64_t n = sizeof ROLES / sizeof *ROLES;
    return role > 0 && role < n ? es_t(l, ROLES[role]) : "";
}

const char *es_words_decision(const struct es_lang *l, const char *what)
{
    static const struct word WHAT[] = {
        { "role.taken", ES_T("took on a role") },
        { "role.ended", ES_T("ended a role") },
        { "invited", ES_T("invited somebody") },
        { "uninvited", ES_T("took an invitation back") },
        { "account.ended", ES_T("ended an account") },
        { "created", ES_T("made an initiative") },
        { "publish", ES_T("published an initiative") },
        { "withdraw", ES_T("made an initiative a draft again") },
        { "close", ES_T("closed an initiative") },
        { "finish", ES_T("declared the results final") },
        { "may_create", ES_T("set how many initiatives somebody may hold") },
        { "suspended", ES_T("paused an initiative") },
        { "resumed", ES_T("let an initiative go on") },
        { "people_max", ES_T("set how many people may join") },
        { "imprint", ES_T("changed who runs this server") },
        { "watched", ES_T("changed the words to look at") },
        { "report.kept", ES_T("left what was reported as it is") },
        { "name.hidden", ES_T("hid a name that was reported") },
        { "name.shown", ES_T("showed a name again") },
        { "taken.down", ES_T("took down what was reported") },
        { "person.removed", ES_T("removed a person") },
        { "press.approved", ES_T("approved a press release") },
        { "press.reopened", ES_T("took a press release back") },
        { "press.removed", ES_T("removed a press release") },
        { "press.timed", ES_T("set when a press release is published") },
        { NULL, NULL }
    };
    const struct word *w = lookup(WHAT, what);
    return w ? es_t(l, w->id) : what;
}

const char *es_words_done(const struct es_lang *l, const char *done)
{
    static const struct word DONE[] = {
        { "accepted", ES_T("The run is accepted. It counts from now on.") },
        { "refused", ES_T("The run is refused. Its owner reads your reason.") },
        { "asked", ES_T("Asked. The run waits for the answer.") },
        { "bulk", ES_T("Accepted. They count from now on.") },
        { "joined", ES_T("Welcome. This is what you may do here.") },
        { "role_ended", ES_T("The role has ended. Nothing they did is lost.") },
        { "uninvited", ES_T("The invitation works no more.") },
        { "session_ended", ES_T("Signed out there.") },
        { "sessions_ended", ES_T("Signed out everywhere else.") },
        { "passkey_removed",
          ES_T("The passkey is removed, and you are signed out everywhere "
               "else.") },
        { "suspended",
          ES_T(
              "The initiative is paused; its pages say so, with your words.") },
        { "resumed", ES_T("The initiative goes on.") },
        { "account_ended", ES_T("The account has ended.") },
        { "publish", ES_T("It is published: everybody can see it and join.") },
        { "withdraw", ES_T("It is a draft again.") },
        { "close", ES_T("It is closed. Runs that began before are still taken "
                        "for a while.") },
        { "created", ES_T("Here it is. Nobody sees it before you publish "
                          "it.") },
        { "kept", ES_T("Kept.") },
        { "gone", ES_T("Removed.") },
        { "approved", ES_T("Noted. It can be published now.") },
        { "said", ES_T("Published.") },
        { "taken_back", ES_T("Taken back. Its page says why.") },
        { "brought", ES_T("The pictures are here. Nobody sees one before you "
                          "show it.") },
        { "hung", ES_T("It hangs. This is the next one that waits.") },
        { "letter_again", ES_T("It is tried again now.") },
        { "release_approved",
          ES_T("Approved. It is public from the time that is set.") },
        { "release_reopened", ES_T("It is a draft again.") },
        { "person_removed", ES_T("Removed. All they gave is erased.") },
        { "guardian_agreed",
          ES_T("Thank you. They take part with your consent.") },
        { NULL, NULL }
    };
    const struct word *w = done ? lookup(DONE, done) : NULL;
    return w ? es_t(l, w->id) : "";
}

const char *es_words_signed_by(const struct es_lang *l, int64_t by)
{
    static const char *const WAYS[] = { "",
                                        ES_T("by a link"),
                                        ES_T("with a passkey"),
                                        ES_T("with a recovery code"),
                                        ES_T("by mail"),
                                        ES_T("by joining") };
    const int64_t n = sizeof WAYS / sizeof *WAYS;
    return by > 0 && by < n ? es_t(l, WAYS[by]) : "";
}

/* ---- small things ---- */

const char *es_words_distance_column(struct es_reader r)
{
    static const char *const IDS[] = { ES_T("Distance, km"),
                                       ES_T("Distance, mi") };
    return es_t(r.lang, IDS[r.units]);
}

const char *es_words_each_unit(struct es_reader r)
{
    static const char *const IDS[] = { ES_T("Kilometre by kilometre"),
                                       ES_T("Mile by mile") };
    return es_t(r.lang, IDS[r.units]);
}

const char *es_words_bar(const struct es_lang *l, int64_t days)
{
    return es_t(l, days == 1   ? ES_T("Distance, day by day")
                   : days == 7 ? ES_T("Distance, week by week")
                               : ES_T("Distance, four weeks at a time"));
}

const char *es_words_tone(const struct es_lang *l, enum es_tone t)
{
    static const char *const IDS[ES_TONES] = {
        [ES_TONE_INK] = ES_T("Text"),
        [ES_TONE_SOFT] = ES_T("Quiet text"),
        [ES_TONE_ACCENT] = ES_T("Links"),
        [ES_TONE_ACCENT_INK] = ES_T("Words on buttons"),
        [ES_TONE_HERO_INK] = ES_T("Words on the band"),
        [ES_TONE_EDGE] = ES_T("Edges of fields"),
    };
    return es_t(l, IDS[t] ? IDS[t] : es_tone_name(t));
}

const char *es_words_distance_field(const struct es_lang *l, enum es_units u)
{
    static const char *const IDS[] = { ES_T("Distance in kilometres"),
                                       ES_T("Distance in miles") };
    return es_t(l, IDS[u]);
}

int64_t es_words_permille(int64_t part, int64_t whole)
{
    if (part <= 0 || whole <= 0)
        return 0;
    return part >= whole ? 1000
                         : (int64_t)((double)part / (double)whole * 1000);
}

struct es_shown es_words_gap(int64_t gap_mm)
{
    return gap_mm < 1000000 ? es_metres((double)gap_mm / 1000)
                            : es_dist(gap_mm);
}

int64_t es_words_hours(int64_t left_ms)
{
    static const int64_t HOUR_MS = 3600000;
    return (left_ms + HOUR_MS - 1) / HOUR_MS;
}

int64_t es_words_way_y(int64_t permille)
{
    enum { MIDDLE = 42, SWING = 20, HALF_WAVE = 200 };
    static const double PI = 3.14159265358979323846;
    return lround(MIDDLE - SWING * sin(PI * (double)permille / HALF_WAVE));
}

const char *es_words_percent(const struct es_lang *l)
{
    return l->percent_left ? "%{1}" : l->zero == '0' ? "{1}%" : "{1}٪";
}

const char *es_words_digits(const struct es_lang *l)
{
    return l->zero == 0x660 ? "arab" : "latn";
}

const struct es_country *es_words_countries(const struct es_lang *l)
{
    size_t n;
    const struct es_country *v = es_countries(l, &n);
    assert(n == ES_WORDS_COUNTRIES);
    return v;
}
