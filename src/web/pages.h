/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The pages of pages/, which tools/page.py compiles to C: each writes a whole
 * document to o->buf; look at o->buf->bad afterwards. A page that isn't
 * declared here, or otherwise, doesn't compile. */
#ifndef ES_WEB_PAGES_H
#define ES_WEB_PAGES_H

#include "web/views.h"
#include "web/views_edit.h"
#include "web/views_exhibition.h"
#include "web/views_figures.h"
#include "web/views_groups.h"
#include "web/views_letters.h"
#include "web/views_mail.h"
#include "web/views_media.h"
#include "web/views_people.h"
#include "web/views_press.h"
#include "web/views_programme.h"
#include "web/views_record.h"
#include "web/views_report.h"
#include "web/views_review.h"
#include "web/views_rules.h"
#include "web/views_signin.h"
#include "web/views_staff.h"
#include "web/views_statements.h"
#include "web/views_tickets.h"

void es_page_statements(struct es_out *o, const struct es_view_wall *v);
void es_page_statement(struct es_out *o,
                       const struct es_view_statement_page *v);
void es_page_statement_taken(struct es_out *o, const struct es_view_taken *v);
void es_page_statement_embed(struct es_out *o,
                             const struct es_view_statement_embed *v);
void es_page_compare(struct es_out *o, const struct es_view_compare *v);
void es_page_circle(struct es_out *o, const struct es_view_circle *v);
void es_page_parties(struct es_out *o, const struct es_view_parties *v);
void es_page_party(struct es_out *o, const struct es_view_party *v);
void es_page_drafts(struct es_out *o, const struct es_view_drafts *v);
void es_page_write(struct es_out *o, const struct es_view_write *v);
void es_page_home(struct es_out *o, const struct es_view_home *v);
void es_page_record(struct es_out *o, const struct es_view_record *v);
void es_page_embed(struct es_out *o, const struct es_view_embed *v);
void es_page_initiative(struct es_out *o, const struct es_view_initiative *v);
void es_page_join(struct es_out *o, const struct es_view_join *v);
void es_page_joined(struct es_out *o, const struct es_view_joined *v);
void es_page_registration(struct es_out *o,
                          const struct es_view_registration *v);
void es_page_guardian(struct es_out *o, const struct es_view_guardian *v);
void es_page_groups(struct es_out *o, const struct es_view_groups *v);
void es_page_group_preview(struct es_out *o,
                           const struct es_view_group_preview *v);
void es_page_group(struct es_out *o, const struct es_view_group *v);
void es_page_group_links(struct es_out *o, const struct es_view_group_links *v);
void es_page_people(struct es_out *o, const struct es_view_people *v);
void es_page_someone(struct es_out *o, const struct es_view_someone *v);
void es_page_my_team(struct es_out *o, const struct es_view_my_team *v);
void es_page_teams(struct es_out *o, const struct es_view_teams *v);
void es_page_details(struct es_out *o, const struct es_view_details *v);
void es_page_leave(struct es_out *o, const struct es_view_leave *v);
void es_page_in_line(struct es_out *o, const struct es_view_in_line *v);
void es_page_link(struct es_out *o, const struct es_view_link *v);
void es_page_me(struct es_out *o, const struct es_view_me *v);
void es_page_receipts(struct es_out *o, const struct es_view_receipts *v);
void es_page_board(struct es_out *o, const struct es_view_board *v);
void es_page_person(struct es_out *o, const struct es_view_person *v);
void es_page_team(struct es_out *o, const struct es_view_team *v);
void es_page_result(struct es_out *o, const struct es_view_result *v);
void es_page_vouch(struct es_out *o, const struct es_view_result *v);
void es_page_enter(struct es_out *o, const struct es_view_enter *v);
void es_page_texts(struct es_out *o, const struct es_view_texts *v);
void es_page_hosts(struct es_out *o, const struct es_view_hosts *v);
void es_page_goal(struct es_out *o, const struct es_view_goal *v);
void es_part_way(struct es_out *o, const struct es_view_way *w);
void es_page_new(struct es_out *o, const struct es_view_new *v);
void es_page_sessions(struct es_out *o, const struct es_view_sessions *v);
void es_page_messages(struct es_out *o, const struct es_view_messages *v);
void es_page_message(struct es_out *o, const struct es_view_message *v);
void es_page_stop(struct es_out *o, const struct es_view_stop *v);
void es_page_staff(struct es_out *o, const struct es_view_staff *v);
void es_page_invitation(struct es_out *o, const struct es_view_invitation *v);
void es_page_operate(struct es_out *o, const struct es_view_operate *v);
void es_page_imprint(struct es_out *o, const struct es_view_imprint *v);
void es_page_report(struct es_out *o, const struct es_view_report *v);
void es_page_reported(struct es_out *o, const struct es_view_reported *v);
void es_page_reports(struct es_out *o, const struct es_view_complaints *v);
void es_page_log(struct es_out *o, const struct es_view_log *v);
void es_page_back(struct es_out *o, const struct es_view_back *v);
void es_page_back_sent(struct es_out *o, const struct es_view_sent *v);
void es_page_back_link(struct es_out *o, const struct es_view_back_link *v);
void es_part_family(struct es_out *o, const struct es_view_choose *v);
void es_page_error(struct es_out *o, const struct es_view_error *v);
void es_page_figures(struct es_out *o, const struct es_view_figures *v);
void es_part_lands(struct es_out *o, const struct es_view_land *rows, size_t n,
                   int64_t most);
void es_part_plot(struct es_out *o, const struct es_view_plot *p,
                  const char *id, const char *zone);
void es_page_console(struct es_out *o, const struct es_view_console *v);
void es_page_exhibition(struct es_out *o, const struct es_view_exhibition *v);
void es_page_exhibition_picture(struct es_out *o,
                                const struct es_view_picture *v);
void es_page_hanging(struct es_out *o, const struct es_view_hanging *v);
void es_page_hung_edit(struct es_out *o, const struct es_view_hung_edit *v);
void es_part_above(struct es_out *o, const struct es_view_above *a);
void es_part_shown(struct es_out *o, const struct es_view_shot *s,
                   const char *sizes);
void es_part_about_shot(struct es_out *o, const struct es_view_shot *s);
void es_page_media(struct es_out *o, const struct es_view_media *v);
void es_page_look(struct es_out *o, const struct es_view_look *v);
void es_page_sign_in(struct es_out *o, const struct es_view_sign_in *v);
void es_page_sign_in_me(struct es_out *o, const struct es_view_sign_in_me *v);
void es_page_confirm(struct es_out *o, const struct es_view_confirm *v);
void es_page_passkeys(struct es_out *o, const struct es_view_passkeys_page *v);
void es_page_codes(struct es_out *o, const struct es_view_codes *v);
void es_page_rules(struct es_out *o, const struct es_view_rules *v);
void es_page_rules_form(struct es_out *o, const struct es_view_rules_form *v);
void es_page_rules_change(struct es_out *o, const struct es_view_change *v);
void es_page_rules_history(struct es_out *o, const struct es_view_rules *v);
void es_page_review(struct es_out *o, const struct es_view_review *v);
void es_page_queue(struct es_out *o, const struct es_view_queue *v);
void es_page_weigh(struct es_out *o, const struct es_view_reviewing *v);
void es_page_bulk(struct es_out *o, const struct es_view_bulk *v);
void es_page_steps(struct es_out *o, const struct es_view_steps *v);

void es_page_press(struct es_out *o, const struct es_view_press *v);
void es_page_release(struct es_out *o, const struct es_view_release *v);
void es_page_press_edit(struct es_out *o, const struct es_view_press_edit *v);
void es_page_release_edit(struct es_out *o,
                          const struct es_view_release_edit *v);
void es_page_release_text(struct es_out *o,
                          const struct es_view_release_text *v);

void es_page_programme(struct es_out *o, const struct es_view_programme *v);
void es_page_programme_event(struct es_out *o, const struct es_view_event *v);
void es_page_events(struct es_out *o, const struct es_view_programme_list *v);
void es_page_event_edit(struct es_out *o, const struct es_view_event_edit *v);
void es_page_event_people(struct es_out *o,
                          const struct es_view_event_people *v);
void es_page_event_recording(struct es_out *o,
                             const struct es_view_event_recording *v);

void es_page_check_in(struct es_out *o, const struct es_view_check_in *v);
void es_page_check_ins(struct es_out *o, const struct es_view_check_ins *v);
void es_page_register(struct es_out *o, const struct es_view_register *v);
void es_page_ticket(struct es_out *o, const struct es_view_ticket *v);
void es_page_event_registration(struct es_out *o,
                                const struct es_view_ticketing *v);
void es_page_tickets(struct es_out *o, const struct es_view_tickets *v);
void es_page_tickets_print(struct es_out *o, const struct es_view_tickets *v);

/* Parts, for pages. */
/* What others wrote; `staff` NULL: without a way to remove it. */
void es_part_covered(struct es_out *o, const struct es_view_covered *rows,
                     size_t n, const struct es_view_frame *staff);
/* Of a statement: who speaks and when, with a heading of that level; the words;
 * the figures; where it is documented; its languages. */
void es_part_speaker(struct es_out *o, const struct es_view_statement *s,
                     int level);
void es_part_said(struct es_out *o, const struct es_view_statement *s);
void es_part_quoted(struct es_out *o, const struct es_view_statement *s);
void es_part_documented(struct es_out *o, const struct es_view_statement *s,
                        const char *zone);
void es_part_tongues(struct es_out *o, const struct es_view_statement *s);
void es_part_member(struct es_out *o, const struct es_view_sitting *m);
void es_part_event_when(struct es_out *o, const struct es_view_event_row *r);
void es_part_events(struct es_out *o, const struct es_view_event_rows *e);
void es_part_event_head(struct es_out *o, const struct es_view_frame *f,
                        const struct es_view_event_head *h);
void es_part_film(struct es_out *o, const struct es_view_face *f,
                  const char *label);
/* Data that machines read of a page: JSON whose strings HTML may hold. */
void es_part_ld(struct es_out *o, struct es_bytes json);
void es_part_sheet_rules(struct es_out *o, const struct es_view_sheet *s);
void es_part_differs(struct es_out *o, const struct es_view_differs *v,
                     size_t n);
void es_part_versions(struct es_out *o, const struct es_view_rules *v);
void es_part_hidden(struct es_out *o, const struct es_view_frame *f);
void es_part_kept(struct es_out *o, const struct es_view_kept *k);
/* The sheet, or the link to it, and what the initiative's colour changes. */
void es_part_sheet(struct es_out *o, const struct es_view_frame *f);
void es_part_sample(struct es_out *o, const char *as, const char *name);
void es_part_from(struct es_out *o, enum es_view_from from);
/* The fields about oneself. */
void es_part_about(struct es_out *o, const struct es_view_about *v);
void es_part_qr(struct es_out *o, struct es_view_qr qr, const char *label);
void es_part_lang(struct es_out *o);
void es_part_error(struct es_out *o, const char *id, const char *error);
void es_part_when(struct es_out *o, const struct es_view_when *w,
                  const char *label, const char *clock);
void es_part_preview(struct es_out *o, const struct es_view_preview *p);
void es_part_theirs(struct es_out *o, const char *name,
                    const struct es_view_edited *f);
void es_part_left(struct es_out *o, int64_t left_ms);
void es_part_progress(struct es_out *o, const struct es_view_total *t);
void es_part_standings(struct es_out *o, const struct es_view_standing *rows,
                       size_t n, const char *by, const char *metric);
void es_part_times(struct es_out *o, const struct es_view_standing *rows,
                   size_t n);
void es_part_frozen(struct es_out *o, const struct es_view_frozen *v, size_t n,
                    const char *zone);
void es_page_results_print(struct es_out *o,
                           const struct es_view_results_print *v);
void es_page_results(struct es_out *o, const struct es_view_results *v);
void es_page_finish(struct es_out *o, const struct es_view_finish *v);
void es_part_og(struct es_out *o, const struct es_view_frame *f);
void es_part_pictures(struct es_out *o, const struct es_view_share *s);
void es_part_share(struct es_out *o, const struct es_view_share *s);
void es_part_findings(struct es_out *o, const struct es_view_run *r,
                      const char *zone);
void es_part_figures(struct es_out *o, const struct es_view_run *r,
                     const char *zone);
/* What has happened to a run, the oldest first. */
void es_part_steps(struct es_out *o, const struct es_view_step *steps, size_t n,
                   const char *zone);
/* What single keys do, and the switch for them. */
void es_part_keys(struct es_out *o);
void es_part_splits(struct es_out *o, const struct es_view_run *r);
void es_part_measured(struct es_out *o, const struct es_view_measured *m);
/* A small drawing for where there is nothing to show yet. */
void es_part_blank(struct es_out *o, enum es_view_blank spot);
void es_part_split_rows(struct es_out *o, const struct es_view_split *v,
                        size_t n, const char *sport);
/* Pace and heights over the distance. */
void es_part_course(struct es_out *o, const struct es_view_run *r);
/* The line of its route; nothing where it isn't shown. */
void es_part_shape(struct es_out *o, const struct es_view_run *r);
/* A button that copies what stands beside it. */
void es_part_copy(struct es_out *o);
/* How one signs in with a device, in words of `said`. */
void es_part_device(struct es_out *o, const struct es_view_frame *f,
                    const struct es_view_ask *v, const char *said,
                    const char *label);
/* An invitation that was just made; nothing without a link. */
void es_part_invited(struct es_out *o, const char *link, const char *name);
/* A button that asks the device, and what there is to say when it can't. */
void es_part_passkey(struct es_out *o, const struct es_view_frame *f,
                     const struct es_view_ask *v, const char *label);
void es_part_route(struct es_out *o, const struct es_view_frame *f,
                   const struct es_view_receipt *r);
void es_part_days(struct es_out *o, const struct es_view_days *d,
                  const char *zone);
void es_part_near(struct es_out *o, const struct es_view_near *v, size_t n);
void es_part_foresee(struct es_out *o, const struct es_view_foresee *v);
void es_part_add(struct es_out *o, const struct es_view_frame *f,
                 const struct es_view_add *v);
void es_part_receipt(struct es_out *o, const struct es_view_frame *f,
                     const struct es_view_receipt *r, const char *zone);

/* The layout's pieces, around its slots title, head and body. */
void es_layout_0(struct es_out *o, const struct es_view_frame *f);
void es_layout_1(struct es_out *o, const struct es_view_frame *f);
void es_layout_2(struct es_out *o, const struct es_view_frame *f);
void es_layout_3(struct es_out *o, const struct es_view_frame *f);

#endif
