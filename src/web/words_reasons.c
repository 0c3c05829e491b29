/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Why a run stands where it stands: findings as sentences with figures. */
#include "web/words.h"

#include <math.h>

enum unit { NONE, METRES, SECONDS, SPEED, MOMENT, PERCENT };

static const struct reason {
    const char *code, *id;
    enum unit value, limit; /* how {1} and {2} are shown */
} REASONS[] = {
    { "too_fast",
      ES_T("One stretch took {1}; nobody has ever run it in less than {2}."),
      SECONDS, SECONDS },
    { "top_speed", ES_T("For a while the speed was {1}; nobody runs {2}."),
      SPEED, SPEED },
    { "left_out",
      ES_T("{1} of it went faster than anybody runs, and are left out."),
      METRES, NONE },
    { "long_steps",
      ES_T("For a minute or more the steps were longer than anybody's."), NONE,
      NONE },
    { "fast_steps",
      ES_T("{1} steps a minute for a minute or more; nobody takes {2}."), NONE,
      NONE },
    { "too_even",
      ES_T("The pace hardly wavers over half a kilometre, as if a program had "
           "drawn it."),
      NONE, NONE },
    { "many_signs", ES_T("Several small signs together call for a look."), NONE,
      NONE },
    { "no_steps",
      ES_T("The device counted no steps for {1}, while it moved fast."),
      SECONDS, NONE },
    { "low_heart", ES_T("The heart was at rest for {1}, at a fast pace."),
      SECONDS, NONE },
    { "like_a_vehicle",
      ES_T("For {1} it went as fast as wheels do, without counted steps."),
      SECONDS, NONE },
    { "sudden", ES_T("It once sped up as quickly as a car."), NONE, NONE },
    { "coasting", ES_T("It was {1} downhill, and slow uphill, as on wheels."),
      SPEED, NONE },
    { "total_differs", ES_T("The file's summary says {1}, its recording {2}."),
      METRES, METRES },
    { "speed_differs", ES_T("The device's own speeds make {1} of these {2}."),
      METRES, METRES },
    { "edited",
      ES_T("The file comes from a program that draws or changes "
           "tracks."),
      NONE, NONE },
    { "faster_than_before",
      ES_T("Much faster than before: {1}, where the earlier runs had {2} at "
           "most."),
      SPEED, SPEED },
    { "far_in_a_day",
      ES_T("{1} within 24 hours; until now it was never more than {2}."),
      METRES, METRES },
    { "far_in_a_week",
      ES_T("{1} within seven days; until now it was never more than {2}."),
      METRES, METRES },
    { "too_fast_typed",
      ES_T("That makes {1}; nobody runs so far faster than {2}."), SPEED,
      SPEED },
    { "jump", ES_T("The position jumps by {1}."), METRES, NONE },
    { "no_times", ES_T("The file has no times."), NONE, NONE },
    { "time_backwards", ES_T("{1} of the times go backwards."), PERCENT, NONE },
    { "no_distance", ES_T("There is no distance in it."), NONE, NONE },
    { "device_distance_off",
      ES_T("The device counted {1}, its positions make {2}."), METRES, METRES },
    { "bad_checksum",
      ES_T("The file's checksum is wrong: something in it was changed."), NONE,
      NONE },
    { "not_an_activity",
      ES_T("The file says that it is a route or a plan, not an activity."),
      NONE, NONE },
    { "damaged",
      ES_T("The file is damaged: only its first part could be read."), NONE,
      NONE },
    { "repeated",
      ES_T("Parts of the file that repeat earlier ones were left out."), NONE,
      NONE },
    { "clock_not_set",
      ES_T("The device's clock wasn't set, so the day and the hour are wrong."),
      NONE, NONE },
    { "few_positions",
      ES_T("The positions show {1} of the {2} that the device counted."),
      METRES, METRES },
    { "no_samples",
      ES_T("The file only says that it was {1}; it holds no recording."),
      METRES, NONE },
    { "no_start_time", ES_T("It isn't known when the run started."), NONE,
      NONE },
    { "in_future", ES_T("It starts in the future, on {1}."), MOMENT, NONE },
    { "before_window", ES_T("It started on {1}, before the opening on {2}."),
      MOMENT, MOMENT },
    { "after_window", ES_T("It started on {1}, after the close on {2}."),
      MOMENT, MOMENT },
    { "too_late", ES_T("It came on {1}; runs were taken until {2}."), MOMENT,
      MOMENT },
    { "sport_unknown", ES_T("The file doesn't say what kind of sport it was."),
      NONE, NONE },
    { "sport_not_allowed", ES_T("This kind of sport doesn't count here."), NONE,
      NONE },
    { "over_cap", ES_T("Of {1}, at most {2} of one run count."), METRES,
      METRES },
    { "typed_not_allowed", ES_T("Typed-in runs don't count here."), NONE,
      NONE },
    { "typed_in", ES_T("A typed-in run is looked at by a person."), NONE,
      NONE },
    { "typed_long",
      ES_T("Typed-in runs of more than {2} are looked at by a person."), METRES,
      METRES },
    { "zone_assumed",
      ES_T("The file doesn't name its time zone; the initiative's, or where "
           "the run was, was taken."),
      NONE, NONE },
    { "zone_unknown",
      ES_T("It isn't sure what the clock showed where the run was: a person "
           "looks at whether it was in time."),
      NONE, NONE },
    { "treadmill", ES_T("A run without positions is looked at by a person."),
      NONE, NONE },
    { "treadmill_not_allowed",
      ES_T("Runs without positions, as from a treadmill, don't count here."),
      NONE, NONE },
    { "picture_missing",
      ES_T("It needs a picture as evidence; without one a person looks at "
           "it."),
      NONE, NONE },
    { "long_run", ES_T("Runs of more than {2} are looked at by a person."),
      METRES, METRES },
    { "fast_run",
      ES_T("{1} is faster than the {2} from which a person looks at it."),
      SPEED, SPEED },
    { "over_day_cap",
      ES_T("All runs of one day together count up to {2}; {1} of this one "
           "were left."),
      METRES, METRES },
    { "another_counts",
      ES_T("Only one run of each person counts, and it is another one."), NONE,
      NONE },
    { "same_file", ES_T("Somebody else has sent the same file."), NONE, NONE },
    { "copy",
      ES_T("It keeps closer to another participant's run than two receivers "
           "ever do."),
      NONE, NONE },
    { "copy_beats",
      ES_T("Its heart rates or its times are those of another participant's "
           "run."),
      NONE, NONE },
    { "copy_own",
      ES_T("It is the same recording as another run by the same person."), NONE,
      NONE },
    { "overlaps",
      ES_T("Another run by the same person took place at the same time."), NONE,
      NONE },
    { "appealed", ES_T("A person was asked to look at it."), NONE, NONE },
    { "withdrawn", ES_T("It was taken back."), NONE, NONE },
    { "accepted_by_organiser", ES_T("A person looked at it and accepted it."),
      NONE, NONE },
    { "refused_by_organiser", ES_T("A person looked at it and refused it."),
      NONE, NONE },
};

static struct es_shown amount(enum unit u, double v, const char *zone)
{
    switch (u) {
    case METRES:
        return v < 1000 ? es_metres(v) : es_dist(es_milli(v));
    case SECONDS:
        return es_duration(es_milli(v));
    case SPEED:
        return es_speed(v);
    case MOMENT:
        return es_moment(
            isfinite(v) && fabs(v) < 1e15 ? (int64_t)v : ES_NO_TIME, zone);
    case PERCENT:
        return es_percent(es_milli(v), 100000);
    case NONE:
        break;
    }
    return es_decimal(v);
}

void es_words_finding(struct es_out *o, const struct es_view_finding *f,
                      const char *zone)
{
    const struct reason *r = NULL;
    for (size_t i = 0; i < sizeof REASONS / sizeof *REASONS; i++)
        if (strcmp(REASONS[i].code, f->code) == 0)
            r = &REASONS[i];
    if (!r) {
        es_out_str(o, f->message);
        return;
    }
    for (struct es_message m = es_message_of(es_t(o->lang, r->id), 0);
         es_message_next(o, &m);)
        es_out_shown(o, m.arg == 1 ? amount(r->value, f->value, zone)
                                   : amount(r->limit, f->limit, zone));
}

const char *es_words_said(const struct es_view_finding *f)
{
    static const char *const CODES[] = { "appealed", "accepted_by_organiser",
                                         "refused_by_organiser" };
    for (size_t i = 0; i < sizeof CODES / sizeof *CODES; i++)
        if (strcmp(CODES[i], f->code) == 0)
            return f->message;
    return "";
}

bool es_words_has_span(const struct es_view_finding *f)
{
    return isfinite(f->from_s) && isfinite(f->to_s);
}
