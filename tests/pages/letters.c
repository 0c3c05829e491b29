/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Samples of the pages about messages by mail. */
#include "samples.h"

#include "web/pages.h"

static void stop(struct es_out *o, bool stopped)
{
    struct es_view_stop v = { .frame = frame(false),
                              .action = path("/stop/1"),
                              .title = S("Lantern Run"),
                              .stopped = stopped };
    es_page_stop(o, &v);
}

void sample_stop(struct es_out *o)
{
    stop(o, false);
}

void sample_stopped(struct es_out *o)
{
    stop(o, true);
}

void sample_messages(struct es_out *o)
{
    const struct es_view_letter rows[] = {
        { .value = "1",
          .label = S("Confirmation of joining"),
          .who = S("To everybody who registers, at once."),
          .text = path("/organise/e/lantern/messages/1"),
          .on = true,
          .own = true,
          .days_id = "days_1",
          .sent = 41230,
          .waiting = 3,
          .failed = 12 },
        { .value = "7",
          .label = S("Reminder before it ends"),
          .who = S("To those who agreed and have no run yet."),
          .text = path("/organise/e/lantern/messages/7"),
          .with_days = true,
          .days_id = "days_7",
          .days = { S("99"), S("From 1 to 30.") } },
    };
    const struct es_view_failed failed[] = {
        { "11", S("Confirmation of joining"), S("There is no such address."),
          412, 550, false, 0 },
        { "12", S("The final result"), S("It broke off."), 7, 0, true,
          1787638500000 },
    };
    struct es_view_messages v = {
        .frame = frame_console(1),
        .self = path("/organise/e/lantern/messages"),
        .registration = path("/organise/e/lantern/registration"),
        .again = path("/organise/e/lantern/messages/again"),
        .test = path("/organise/e/lantern/messages/test"),
        .was = "1.3 ",
        .rows = rows,
        .n = N(rows),
        .failed = failed,
        .n_failed = N(failed),
        .mail = true,
        .zone = "UTC",
        .address = { S("me@example.org"), NULL },
        .tested = S("The mail server refused the address."),
        .said = S("5.1.1 nobody here"),
        .tested_ms = 1787638500000,
        .code = 550,
    };
    es_page_messages(o, &v);
}

void sample_messages_without(struct es_out *o)
{
    struct es_view_messages v = {
        .frame = frame_console(1),
        .self = path("/organise/e/lantern/messages"),
        .was = "",
        .asked = true,
        .zone = "UTC",
        .address = { "", NULL },
        .tested = "",
        .said = "",
    };
    es_page_messages(o, &v);
}

void sample_message(struct es_out *o)
{
    const struct es_view_letter_text rows[] = {
        { es_lang_at(0),
          "words_en",
          { S("See you at the start."), S("Too long."), S("Theirs.") },
          S("You take part: Lantern Run"),
          S("You take part.\n\n-- \nHeld.") },
        { es_lang_of("ur"),
          "words_ur",
          { "", NULL, NULL },
          S("لالٹین"),
          S("آپ شریک ہیں") },
    };
    struct es_view_message v = {
        .frame = frame_console(1),
        .self = path("/organise/e/lantern/messages/1"),
        .back = path("/organise/e/lantern/messages"),
        .label = S("Confirmation of joining"),
        .who = S("To everybody who registers, at once."),
        .was = "",
        .max = 1000,
        .rows = rows,
        .n = N(rows),
    };
    es_page_message(o, &v);
}
