/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the samples of pages share. */
#ifndef ES_TESTS_SAMPLES_H
#define ES_TESTS_SAMPLES_H

#include "web/views.h"

#define N(a) (sizeof(a) / sizeof *(a))
#define NOWHERE ((struct es_url){ NULL })

/* `good`, or the next of the strings that break pages. */
const char *S(const char *good);
struct es_url path(const char *p);
struct es_view_frame frame(bool signed_in);
struct es_view_standing *standings(size_t *n);
struct es_view_run run(enum es_view_status status);
const struct es_view_choice *categories(void);
struct es_view_share share(const char *at, const char *card);

void sample_exhibition(struct es_out *o);
void sample_exhibition_strip(struct es_out *o);
void sample_exhibition_none(struct es_out *o);
void sample_exhibition_picture(struct es_out *o);
void sample_exhibition_playing(struct es_out *o);
void sample_hanging(struct es_out *o);
void sample_hanging_errors(struct es_out *o);
void sample_hung_edit(struct es_out *o);
void sample_board(struct es_out *o);
void sample_me(struct es_out *o);
void sample_me_new(struct es_out *o);
void sample_receipt(struct es_out *o);
void sample_receipts(struct es_out *o);
void sample_groups(struct es_out *o);
void sample_guardian(struct es_out *o);
void sample_guardian_agreed(struct es_out *o);
void sample_guardian_refused(struct es_out *o);
void sample_group(struct es_out *o);
void sample_group_preview(struct es_out *o);
void sample_group_links(struct es_out *o);
void sample_board_countries(struct es_out *o);
void sample_board_empty(struct es_out *o);
void sample_board_me(struct es_out *o);
void sample_board_found(struct es_out *o);
void sample_board_best(struct es_out *o);
void sample_results(struct es_out *o);
void sample_results_print(struct es_out *o);
void sample_board_kept(struct es_out *o);
void sample_finish(struct es_out *o);
void sample_finished(struct es_out *o);
void sample_board_not_found(struct es_out *o);
void sample_report(struct es_out *o);
void sample_report_errors(struct es_out *o);
void sample_reported(struct es_out *o);
void sample_reported_decided(struct es_out *o);
void sample_reports(struct es_out *o);
void sample_reports_none(struct es_out *o);
void sample_log(struct es_out *o);
void sample_back(struct es_out *o);
void sample_back_errors(struct es_out *o);
void sample_back_sent(struct es_out *o);
void sample_back_family(struct es_out *o);
void sample_back_link(struct es_out *o);
void sample_back_elsewhere(struct es_out *o);
void sample_sign_in(struct es_out *o);
void sample_sign_in_errors(struct es_out *o);
void sample_sign_in_me(struct es_out *o);
void sample_sign_in_nowhere(struct es_out *o);
void sample_confirm(struct es_out *o);
void sample_confirm_without(struct es_out *o);
void sample_passkeys(struct es_out *o);
void sample_passkeys_none(struct es_out *o);
void sample_passkeys_me(struct es_out *o);
void sample_codes(struct es_out *o);
void sample_join(struct es_out *o);
void sample_join_errors(struct es_out *o);
void sample_join_waits(struct es_out *o);
void sample_joined(struct es_out *o);
void sample_joined_waits(struct es_out *o);
void sample_details(struct es_out *o);
void sample_leave(struct es_out *o);
void sample_waiting(struct es_out *o);
void sample_person(struct es_out *o);
void sample_sessions(struct es_out *o);
/* Of an initiative with its console around, at that entry of it. */
struct es_view_frame frame_console(size_t here);
void sample_console(struct es_out *o);
void sample_media(struct es_out *o);
void sample_media_none(struct es_out *o);
void sample_console_draft(struct es_out *o);
void sample_staff(struct es_out *o);
void sample_messages(struct es_out *o);
void sample_messages_without(struct es_out *o);
void sample_message(struct es_out *o);
void sample_stop(struct es_out *o);
void sample_stopped(struct es_out *o);
void sample_invitation(struct es_out *o);
void sample_operate(struct es_out *o);
void sample_new(struct es_out *o);
void sample_texts(struct es_out *o);
void sample_texts_both(struct es_out *o);
void sample_register(struct es_out *o);
void sample_register_errors(struct es_out *o);
void sample_ticket(struct es_out *o);
void sample_ticket_came(struct es_out *o);
void sample_ticket_waits(struct es_out *o);
void sample_ticket_back(struct es_out *o);
void sample_event_registration(struct es_out *o);
void sample_event_registration_both(struct es_out *o);
void sample_check_in(struct es_out *o);
void sample_check_in_welcome(struct es_out *o);
void sample_check_in_again(struct es_out *o);
void sample_check_in_waits(struct es_out *o);
void sample_check_in_back(struct es_out *o);
void sample_check_ins(struct es_out *o);
void sample_check_ins_none(struct es_out *o);
void sample_tickets(struct es_out *o);
void sample_tickets_none(struct es_out *o);
void sample_tickets_not_ready(struct es_out *o);
void sample_tickets_print(struct es_out *o);
void sample_programme(struct es_out *o);
void sample_programme_event(struct es_out *o);
void sample_programme_event_hidden(struct es_out *o);
void sample_events(struct es_out *o);
void sample_event_edit(struct es_out *o);
void sample_event_edit_both(struct es_out *o);
void sample_event_people(struct es_out *o);
void sample_event_recording(struct es_out *o);
void sample_hosts(struct es_out *o);
void sample_hosts_both(struct es_out *o);
void sample_figures(struct es_out *o);
void sample_figures_country(struct es_out *o);
void sample_figures_none(struct es_out *o);
void sample_goal(struct es_out *o);
void sample_goal_errors(struct es_out *o);
struct es_view_way sample_way(void);
void sample_new_fresh(struct es_out *o);
void sample_new_errors(struct es_out *o);
void sample_new_no_more(struct es_out *o);
void sample_press(struct es_out *o);
void sample_press_none(struct es_out *o);
void sample_release(struct es_out *o);
void sample_press_edit(struct es_out *o);
void sample_release_edit(struct es_out *o);
void sample_release_text(struct es_out *o);
void sample_release_alone(struct es_out *o);
void sample_release_approved(struct es_out *o);
void sample_imprint(struct es_out *o);
void sample_queue(struct es_out *o);
void sample_queue_empty(struct es_out *o);
void sample_weigh(struct es_out *o);
void sample_weigh_alone(struct es_out *o);
void sample_bulk(struct es_out *o);
void sample_step_log(struct es_out *o);
void sample_receipt_refused(struct es_out *o);
void sample_receipt_asked(struct es_out *o);
void sample_rules(struct es_out *o);
void sample_rules_history(struct es_out *o);
void sample_rules_form(struct es_out *o);
void sample_rules_form_errors(struct es_out *o);
void sample_rules_change(struct es_out *o);
void sample_rules_judging(struct es_out *o);
void sample_team(struct es_out *o);
void sample_team_empty(struct es_out *o);
void sample_statements(struct es_out *o);
void sample_statements_speaker(struct es_out *o);
void sample_statement(struct es_out *o);
void sample_statement_taken(struct es_out *o);
void sample_statement_embed(struct es_out *o);
void sample_compare(struct es_out *o);
void sample_circle(struct es_out *o);
void sample_parties(struct es_out *o);
void sample_party(struct es_out *o);
void sample_party_group(struct es_out *o);
void sample_drafts(struct es_out *o);
void sample_write(struct es_out *o);
void sample_write_published(struct es_out *o);
void sample_write_new(struct es_out *o);

/* Those of registration for an event, in the table of render.c. */
#define TICKET_PAGES                                                           \
    { "register", sample_register },                                           \
        { "register_errors", sample_register_errors },                         \
        { "ticket", sample_ticket }, { "ticket_came", sample_ticket_came },    \
        { "ticket_waits", sample_ticket_waits },                               \
        { "ticket_back", sample_ticket_back },                                 \
        { "event_registration", sample_event_registration },                   \
        { "event_registration_both", sample_event_registration_both },         \
        { "check_in", sample_check_in },                                       \
        { "check_in_welcome", sample_check_in_welcome },                       \
        { "check_in_again", sample_check_in_again },                           \
        { "check_in_waits", sample_check_in_waits },                           \
        { "check_in_back", sample_check_in_back },                             \
        { "check_ins", sample_check_ins },                                     \
        { "check_ins_none", sample_check_ins_none },                           \
        { "tickets", sample_tickets },                                         \
        { "tickets_none", sample_tickets_none },                               \
        { "tickets_not_ready", sample_tickets_not_ready },                     \
    {                                                                          \
        "tickets_print", sample_tickets_print                                  \
    }

#endif
