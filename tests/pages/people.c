/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the pages on which people come, change what they gave, and
 * leave. */
#include "samples.h"
#include "web/pages.h"

static const struct es_view_choice *teams(void)
{
    static struct es_view_choice v[2];
    v[0] = (struct es_view_choice){ .value = "7", .label = S("Reading Owls") };
    v[1] = (struct es_view_choice){ .value = "8",
                                    .label = S("\u0641\u0631\u06cc\u0642"),
                                    .chosen = true };
    return v;
}

static struct es_view_about about(bool bad)
{
    static struct es_view_consent consents[2];
    consents[0] = (struct es_view_consent){
        .field = "consent_rules",
        .version = "2",
        .label = S("I have read the rules and agree to them."),
        .url = path("/e/lantern"),
        .required = true,
        .changed = bad,
        .error = bad ? "Taking part needs your agreement to this." : NULL,
    };
    consents[1] = (struct es_view_consent){
        .field = "consent_news",
        .version = "1",
        .label = S("You may write to me about later runs."),
    };
    return (struct es_view_about){
        .display_name = { bad ? S("Ada") : "", bad ? "Too long." : NULL },
        .country = { "TR", NULL },
        .team = { "8", bad ? S("No such team.") : NULL },
        .team_code = { bad ? S("lamp") : "", bad ? S("No such team.") : NULL },
        .category = { "veteran", NULL },
        .birth_year = { bad ? S("20") : "", NULL },
        .age_group = { "", NULL },
        .guardian_contact = { bad ? S("x") : "", NULL },
        .email = { bad ? S("a@b") : "", NULL },
        .visibility = { bad ? "initials" : "", NULL },
        .asked = { .ask = { ES_ASK_OPTIONAL, ES_ASK_OPTIONAL, ES_ASK_OPTIONAL,
                            ES_ASK_OPTIONAL, ES_ASK_OPTIONAL },
                   .consent_age = 16 },
        .categories = categories(),
        .n_categories = 2,
        .teams = teams(),
        .n_teams = 2,
        .team_name = S("Reading Owls"),
        .codes = true,
        .young = bad,
        .mail = bad,
        .consents = consents,
        .n_consents = N(consents),
    };
}

static void join_with(struct es_out *o, bool bad, bool waits)
{
    struct es_view_join v = {
        .frame = frame(false),
        .action = path("/e/lantern/join"),
        .n_errors = bad ? 3 : 0,
        .about = about(bad),
        .waits = waits,
        .left = waits ? 0 : 12,
        .closes_ms = 1767225600000,
        .zone = "UTC",
    };
    if (waits) {
        static struct es_view_choice ages[2];
        ages[0] = (struct es_view_choice){ "0", "under 18", false, NOWHERE };
        ages[1] = (struct es_view_choice){ "18", "18 to 39", true, NOWHERE };
        v.about.asked.age_group = true;
        for (size_t i = 0; i < ES_ASKINGS; i++)
            v.about.asked.ask[i] = ES_ASK_REQUIRED;
        v.about.ages = ages;
        v.about.n_ages = N(ages);
    }
    es_page_join(o, &v);
}

void sample_join(struct es_out *o)
{
    join_with(o, false, false);
}

void sample_join_errors(struct es_out *o)
{
    join_with(o, true, false);
}

void sample_join_waits(struct es_out *o)
{
    join_with(o, false, true);
}

static void joined_with(struct es_out *o, int64_t waits)
{
    struct es_view_joined v = {
        .frame = frame(true),
        .name = S("\u00dclk\u00fc \u015eahin"),
        .bib = 212,
        .link = "https://run.example/p/0123456789abcdefghjkmnpqrstvwxyz",
        .link_url = path("/p/0123456789abcdefghjkmnpqrstvwxyz"),
        .token = "0123456789abcdefghjkmnpqrstvwxyz",
        .qr = { 29, "M4 4h7v1h-7zM12 4h2v1h-2zM18 4h7v1h-7z" },
        .waits = waits,
        .guardian_asked = waits > 0,
    };
    if (waits == 0)
        v.recorder = path("/e/lantern/record");
    es_page_joined(o, &v);
}

void sample_joined(struct es_out *o)
{
    joined_with(o, 0);
}

void sample_joined_waits(struct es_out *o)
{
    joined_with(o, 12);
}

void sample_details(struct es_out *o)
{
    struct es_view_details v = {
        .frame = frame(true),
        .action = path("/me/details"),
        .leave = path("/me/leave"),
        .data = path("/me/data.json"),
        .me = path("/me"),
        .n_errors = 1,
        .about = about(true),
    };
    es_page_details(o, &v);
}

void sample_leave(struct es_out *o)
{
    struct es_view_leave v = {
        .frame = frame(true),
        .action = path("/me/leave"),
        .data = path("/me/data.json"),
        .me = path("/me"),
        .dist_mm = 42195000,
        .runs = 7,
        .unsure = true,
    };
    es_page_leave(o, &v);
}

void sample_waiting(struct es_out *o)
{
    struct es_view_in_line v = {
        .frame = frame(true),
        .name = S("\u00dclk\u00fc \u015eahin"),
        .bib = 212,
        .place = 12,
        .details = path("/me/details"),
        .leave = path("/me/leave"),
        .sign_out = path("/me/sign-out"),
    };
    es_page_in_line(o, &v);
}
