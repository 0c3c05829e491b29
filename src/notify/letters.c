/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "notify/letters.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/num.h"
#include "base/random.h"
#include "base/time.h"
#include "notify/guardian_letter.h"
#include "notify/letter.h"
#include "notify/report_letter.h"
#include "store/mail.h"
#include "store/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char SEEN[] = "letters seen"; /* up to which entry we read */

enum {
    ROUND_MEM = 8 << 20,
    LETTER_MEM = 256 << 10,
    SENT_AT_ONCE = 8, /* then who waits for a way in is looked at */
    TESTS_AT_ONCE = 4,
    LOOK_MS = 20000,
    PAUSED_MS = 3600000,
};
#define DAY_MS INT64_C(86400000)
#define TEST_MS INT64_C(600000) /* nobody waits longer for a test */

/* Before the next try; the last holds for all that follow. */
static const int64_t BACK_OFF_MS[] = { 60000,   300000,   900000,
                                       3600000, 10800000, 21600000 };

static enum es_code write_with(struct es_store *s, es_write_fn *fn, void *arg,
                               struct es_err *e)
{
    return es_store_write(s, &(struct es_write){ .apply = fn, .arg = arg }, e);
}

/* ---- writing them down ---- */

struct batch {
    struct es_letter v[ES_LETTER_BATCH];
    size_t n;
    /* How far it has got: of the outbox, or of an initiative's people. */
    char seen[24];
    int64_t initiative;
    int32_t kind;
    struct es_letter_round round;
};

static enum es_code put_batch(struct es_txn *tx, const struct es_blob *blob,
                              void *arg, struct es_err *e)
{
    const struct batch *b = arg;
    enum es_code rc = ES_OK;
    (void)blob;
    for (size_t i = 0; rc == ES_OK && i < b->n; i++)
        rc = es_txn_letter_add(tx, &b->v[i], e);
    if (rc != ES_OK)
        return rc;
    return *b->seen ? es_txn_meta_put(tx, SEEN, es_bytes_str(b->seen), e)
                    : es_txn_letter_round_put(tx, b->initiative, b->kind,
                                              &b->round, e);
}

static struct es_letter letter_of(int64_t initiative, int64_t participant,
                                  int32_t kind, int64_t now_ms)
{
    return (struct es_letter){ .id = es_id_new(),
                               .initiative = initiative,
                               .participant = participant,
                               .kind = kind,
                               .next_ms = now_ms,
                               .created_ms = now_ms,
                               .expires_ms = now_ms + ES_LETTER_DAYS * DAY_MS };
}

/* ---- what happened ---- */

/* Which event is told by which message. `what` is a number of enum es_step_what
 * that the event's payload holds. */
static const struct {
    const char *event;
    int64_t what;
    int32_t kind;
} EVENTS[] = {
    { "joined", 0, ES_LETTER_JOINED },
    { "placed", 0, ES_LETTER_PLACED },
    { "step", ES_STEP_ACCEPTED, ES_LETTER_ACCEPTED },
    { "step", ES_STEP_REFUSED, ES_LETTER_REFUSED },
    { "step", ES_STEP_ASKED, ES_LETTER_QUESTION },
    { "step", ES_STEP_GRANTED, ES_LETTER_APPEAL },
    { "step", ES_STEP_UPHELD, ES_LETTER_APPEAL },
    { "decided", 0, ES_LETTER_REPORT },
    { "guardian", 0, ES_LETTER_GUARDIAN },
};

/* Up to three whole numbers with a space between them; false: others. */
static bool numbers(struct es_bytes s, int64_t v[3], size_t *n)
{
    size_t at = 0;
    for (*n = 0; *n < 3 && at < s.n; (*n)++) {
        const uint8_t *end = memchr(s.p + at, ' ', s.n - at);
        size_t len = end ? (size_t)(end - s.p) - at : s.n - at;
        if (!es_num_i64((struct es_bytes){ s.p + at, len }, 0, INT64_MAX,
                        &v[*n]))
            return false;
        at += len + 1;
    }
    return at >= s.n;
}

static int32_t kind_of(const struct es_outbox_entry *o, int64_t v[3], size_t *n)
{
    if (!numbers(o->payload, v, n))
        return 0;
    int64_t what = *n == 3 ? v[2] : 0;
    for (size_t i = 0; i < sizeof EVENTS / sizeof *EVENTS; i++)
        if (strcmp(EVENTS[i].event, o->kind) == 0 && EVENTS[i].what == what)
            return EVENTS[i].kind;
    return 0;
}

/* Adds what an entry is told by, if by anything. */
static enum es_code tell(const struct es_letters *l,
                         const struct es_outbox_entry *o, int64_t now_ms,
                         struct es_arena *a, struct batch *b, struct es_err *e)
{
    int64_t v[3];
    size_t n;
    struct es_run run = { 0 };
    int32_t kind = kind_of(o, v, &n);
    if (!kind || o->at_ms < now_ms - ES_LETTER_LATE_MS)
        return ES_OK;
    struct es_letter in = letter_of(o->initiative, v[0], kind, now_ms);
    if (kind == ES_LETTER_REPORT)
        in.about = v[1];
    if (kind == ES_LETTER_GUARDIAN) /* each contact that is given */
        in.about = o->id;
    if (n == 3) {
        enum es_code rc =
            es_store_run(l->post->store, o->initiative, v[1], a, &run, e);
        if (rc != ES_OK)
            return rc == ES_ENOENT ? ES_OK : rc;
        in.about = v[0];
        in.run = run.id;
        in.participant = run.participant;
    }
    b->v[b->n++] = in;
    return ES_OK;
}

static enum es_code follow(const struct es_letters *l, int64_t now_ms,
                           struct es_arena *a, struct es_err *e)
{
    struct es_bytes seen;
    struct es_outbox_entry *v;
    struct batch b = { 0 };
    int64_t after = 0;
    size_t n;
    enum es_code rc = es_store_meta(l->post->store, SEEN, a, &seen, e);
    if (rc == ES_OK && !es_num_i64(seen, 0, INT64_MAX, &after))
        return es_fail(e, ES_EIO, 0, "where the outbox was read to");
    if (rc == ES_OK || rc == ES_ENOENT)
        rc = es_store_outbox_after(l->post->store, after, ES_LETTER_BATCH, a,
                                   &v, &n, e);
    if (rc != ES_OK || n == 0)
        return rc;
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = tell(l, &v[i], now_ms, a, &b, e);
    if (rc != ES_OK)
        return rc;
    (void)snprintf(b.seen, sizeof b.seen, "%" PRId64, v[n - 1].id);
    return write_with(l->post->store, put_batch, &b, e);
}

/* ---- what is to be said to everybody ---- */

static const int32_t TO_ALL[] = { ES_LETTER_OPENS, ES_LETTER_CLOSES,
                                  ES_LETTER_FINAL };

/* Until when a message to everybody is of use; 0: it isn't time for it. */
static int64_t of_use_ms(const struct es_initiative *ini, int32_t kind,
                         int32_t days, int64_t now_ms)
{
    int64_t end_ms = kind == ES_LETTER_OPENS ? ini->opens_ms : ini->closes_ms;
    if (kind == ES_LETTER_FINAL) /* some 50,000 go out slowly */
        return ini->state == ES_INI_FINAL &&
                       now_ms < end_ms + ES_LETTER_FINAL_DAYS * DAY_MS
                   ? now_ms + 2 * ES_LETTER_DAYS * DAY_MS
                   : 0;
    bool soon = now_ms >= end_ms - days * DAY_MS && now_ms < end_ms;
    return soon && (ini->state == ES_INI_PUBLISHED || ini->state == ES_INI_OPEN)
               ? end_ms
               : 0;
}

static enum es_code has_run(const struct es_letters *l,
                            const struct es_participant *p, bool *out,
                            struct es_err *e)
{
    struct es_arena a;
    struct es_run *v;
    size_t n = 0;
    es_arena_init(&a, LETTER_MEM);
    enum es_code rc = es_store_runs_of(l->post->store, p->initiative, p->id, 0,
                                       1, &a, &v, &n, e);
    es_arena_release(&a);
    *out = n > 0;
    return rc;
}

static enum es_code plan_some(const struct es_letters *l,
                              const struct es_initiative *ini, int32_t kind,
                              int64_t expires_ms, int64_t now_ms,
                              struct es_letter_round *round, struct es_err *e)
{
    struct batch b = { .initiative = ini->id, .kind = kind, .round = *round };
    struct es_participant *v;
    struct es_arena a;
    size_t n = 0;
    es_arena_init(&a, ROUND_MEM);
    enum es_code rc = es_store_participants_after(
        l->post->store, ini->id, round->after, ES_LETTER_BATCH, &a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++) {
        bool ran = false;
        b.round.after = v[i].id;
        if (v[i].state != ES_PERSON_IN || !*v[i].email ||
            !es_letter_agreed(v[i].consents))
            continue;
        if (kind == ES_LETTER_CLOSES)
            rc = has_run(l, &v[i], &ran, e);
        if (ran)
            continue;
        b.v[b.n] = letter_of(ini->id, v[i].id, kind, now_ms);
        b.v[b.n++].expires_ms = expires_ms;
    }
    es_arena_release(&a);
    b.round.done = n < ES_LETTER_BATCH;
    if (rc == ES_OK)
        rc = write_with(l->post->store, put_batch, &b, e);
    if (rc == ES_OK)
        *round = b.round;
    return rc;
}

/* Writes one batch where one is due; *more: it may not be the last. */
static enum es_code plan_of(const struct es_letters *l, int64_t id,
                            int64_t now_ms, bool *more, struct es_err *e)
{
    struct es_letter_set sets[ES_LETTER_KINDS];
    struct es_initiative ini;
    struct es_arena a;
    es_arena_init(&a, ROUND_MEM);
    enum es_code rc =
        es_store_initiative_by_id(l->post->store, id, &a, &ini, e);
    if (rc == ES_OK)
        rc = es_store_letter_sets(l->post->store, id, sets, e);
    for (size_t i = 0; rc == ES_OK && i < sizeof TO_ALL / sizeof *TO_ALL; i++) {
        struct es_letter_round round;
        const struct es_letter_set *set = &sets[TO_ALL[i]];
        int64_t until_ms =
            set->on ? of_use_ms(&ini, TO_ALL[i], set->days, now_ms) : 0;
        if (!until_ms || ini.suspended_ms)
            continue;
        rc = es_store_letter_round(l->post->store, id, TO_ALL[i], &round, e);
        if (rc == ES_OK && !round.done) {
            rc = plan_some(l, &ini, TO_ALL[i], until_ms, now_ms, &round, e);
            *more = *more || !round.done;
        }
    }
    es_arena_release(&a);
    return rc == ES_ENOENT ? ES_OK : rc;
}

static enum es_code plan(struct es_letters *l, int64_t now_ms,
                         struct es_arena *a, struct es_err *e)
{
    int64_t *ids;
    size_t n = 0;
    bool more = false;
    if (now_ms < l->look_ms && l->look_ms <= now_ms + LOOK_MS)
        return ES_OK;
    enum es_code rc = es_store_letters_where(
        l->post->store, now_ms - ES_LETTER_FINAL_DAYS * DAY_MS, a, &ids, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = plan_of(l, ids[i], now_ms, &more, e);
    if (rc == ES_OK)
        l->look_ms = more ? now_ms : now_ms + LOOK_MS;
    return rc;
}

/* ---- sending one ---- */

struct sending {
    const struct es_letters *l;
    const struct es_letter *in;
    int64_t now_ms;
    struct es_arena a;
    struct es_initiative ini;
    struct es_participant p;
    struct es_run run;
    struct es_report report; /* these two instead of a participant's */
    struct es_decision decision;
    struct es_mail_state state;
    struct es_letter_set sets[ES_LETTER_KINDS];
    /* what is noted */
    int64_t next_ms;
    int32_t end; /* es_letter_state */
    struct es_smtp_said said;
};

static enum es_code begin(struct es_txn *tx, const struct es_blob *blob,
                          void *arg, struct es_err *e)
{
    const struct sending *s = arg;
    (void)blob;
    return es_txn_letter_try(tx, s->in->id, s->in->tries, s->next_ms, e);
}

static enum es_code end(struct es_txn *tx, const struct es_blob *blob,
                        void *arg, struct es_err *e)
{
    const struct sending *s = arg;
    (void)blob;
    enum es_code rc = es_txn_letter_end(tx, s->in->id, s->end, s->said.fault,
                                        s->said.code, e);
    if (rc == ES_OK && s->said.fault == ES_FAULT_ADDRESS && s->p.email &&
        s->in->kind < ES_LETTER_KINDS)
        rc = es_txn_mail_refuse(tx, s->in->initiative, s->in->participant,
                                s->p.email, s->said.code, s->now_ms, e);
    return rc;
}

/* A report and the decision about it; who reported stands for a participant. */
static enum es_code load_report(struct sending *s, struct es_err *e)
{
    struct es_store *store = s->l->post->store;
    const struct es_letter *in = s->in;
    struct es_decision *d;
    size_t n = 0;
    enum es_code rc = es_store_report(store, in->initiative, in->participant,
                                      &s->a, &s->report, e);
    if (rc == ES_OK)
        rc = es_store_decisions(store, false, in->initiative, in->about + 1, 1,
                                &s->a, &d, &n, e);
    if (rc != ES_OK)
        return rc;
    if (n == 0 || d->id != in->about)
        return es_fail(e, ES_ENOENT, 0, "no such decision");
    s->decision = *d;
    s->p.email = s->report.mail;
    s->p.lang = s->report.lang;
    return ES_OK;
}

static enum es_code load(struct sending *s, struct es_err *e)
{
    struct es_store *store = s->l->post->store;
    const struct es_letter *in = s->in;
    enum es_code rc =
        es_store_initiative_by_id(store, in->initiative, &s->a, &s->ini, e);
    if (rc == ES_OK && in->kind == ES_LETTER_REPORT)
        return load_report(s, e);
    if (rc == ES_OK)
        rc = es_store_participant(store, in->initiative, in->participant, &s->a,
                                  &s->p, e);
    if (rc == ES_OK)
        rc = es_store_mail_state(store, in->initiative, in->participant, &s->a,
                                 &s->state, e);
    if (rc == ES_OK)
        rc = es_store_letter_sets(store, in->initiative, s->sets, e);
    if (rc == ES_OK && in->run)
        rc = es_store_run(store, in->initiative, in->run, &s->a, &s->run, e);
    if (rc == ES_OK && in->kind == ES_LETTER_GUARDIAN)
        s->p.email = s->p.guardian_contact;
    return rc;
}

/* Whether the run is still as the message says. */
static bool still_so(const struct sending *s)
{
    switch (s->in->kind) {
    case ES_LETTER_ACCEPTED:
        return s->run.status == ES_RUN_ACCEPTED;
    case ES_LETTER_REFUSED:
        return s->run.status == ES_RUN_REFUSED;
    case ES_LETTER_QUESTION:
        return s->run.status == ES_RUN_IN_REVIEW;
    case ES_LETTER_APPEAL:
        return s->run.status == ES_RUN_ACCEPTED ||
               s->run.status == ES_RUN_REFUSED;
    default:
        return true;
    }
}

/* Who waits for a place is told only that they do. */
static bool concerned(const struct sending *s)
{
    return s->p.state == ES_PERSON_IN ||
           (s->p.state == ES_PERSON_WAITS && s->in->kind == ES_LETTER_JOINED);
}

/* Whether anybody is to get it as things are now. */
static enum es_code wanted(struct sending *s, bool *out, struct es_err *e)
{
    int32_t kind = s->in->kind;
    struct es_participant *same;
    size_t n;
    bool ran = false;
    if (kind == ES_LETTER_REPORT) {
        *out = *s->p.email != 0;
        return ES_OK;
    }
    if (kind == ES_LETTER_GUARDIAN) {
        *out = s->p.guardian == ES_GUARDIAN_ASKED;
        return ES_OK;
    }
    *out = *s->p.email && concerned(s) && s->sets[kind].on && still_so(s) &&
           (es_letter_necessary(kind) ||
            (es_letter_agreed(s->p.consents) && !s->state.stopped_ms));
    enum es_code rc = ES_OK;
    if (*out && (kind == ES_LETTER_JOINED || kind == ES_LETTER_PLACED)) {
        rc = es_store_mail_who(s->l->post->store, s->p.email,
                               ES_LETTER_SAME + 1, &s->a, &same, &n, e);
        *out = rc == ES_OK && n <= ES_LETTER_SAME;
    }
    if (*out && kind == ES_LETTER_CLOSES) {
        rc = has_run(s->l, &s->p, &ran, e);
        *out = !ran;
    }
    return rc;
}

static enum es_code write_mail(const struct sending *s, const struct es_mail *m,
                               const struct es_buf *text, struct es_buf *mail,
                               struct es_err *e)
{
    struct es_mail all = *m;
    all.from = s->l->post->from;
    all.to = s->p.email;
    all.text = es_buf_cstr(text);
    all.origin = s->l->post->origin;
    all.id = s->in->id;
    all.at_ms = s->now_ms;
    es_mail_write(&all, mail);
    return text->bad || mail->bad
               ? es_fail(e, ES_EINVAL, 0, "no mail can be made of it")
               : ES_OK;
}

static const struct es_lang *lang_of(const struct sending *s)
{
    const struct es_lang *lang = es_lang_of(s->p.lang);
    return lang ? lang : es_lang_at(0);
}

static enum es_code compose_report(struct sending *s, struct es_buf *mail,
                                   struct es_err *e)
{
    struct es_report_letter say = { lang_of(s), &s->ini, s->l->post->origin,
                                    &s->report, &s->decision };
    struct es_buf text;
    es_buf_init(&text, ES_MAIL_BYTES);
    es_report_letter_text(&say, &s->a, &text);
    struct es_mail m = { .subject = es_report_letter_subject(&say, &s->a),
                         .lang = say.lang->tag };
    enum es_code rc = write_mail(s, &m, &text, mail, e);
    es_buf_release(&text);
    return rc;
}

static enum es_code compose_guardian(struct sending *s, struct es_buf *mail,
                                     struct es_err *e)
{
    struct es_guardian_letter say = { lang_of(s), &s->ini, &s->p,
                                      s->l->post->origin, s->l->post->key };
    struct es_buf text;
    es_buf_init(&text, ES_MAIL_BYTES);
    es_guardian_letter_text(&say, &s->a, &text);
    struct es_mail m = { .subject = es_guardian_letter_subject(&say, &s->a),
                         .lang = say.lang->tag };
    enum es_code rc = write_mail(s, &m, &text, mail, e);
    es_buf_release(&text);
    return rc;
}

static enum es_code compose(struct sending *s, struct es_buf *mail,
                            struct es_err *e)
{
    const struct es_post *p = s->l->post;
    struct es_participant_sum sum = { 0 };
    struct es_buf text;
    struct es_letter_say say = {
        .kind = s->in->kind,
        .lang = lang_of(s),
        .ini = &s->ini,
        .origin = p->origin,
        .bib = s->p.bib,
        .hidden = s->p.visibility != ES_VIS_NAME,
        .waits = s->p.state == ES_PERSON_WAITS,
        .run = s->in->run ? &s->run : NULL,
    };
    enum es_code rc = ES_OK;
    if (say.kind == ES_LETTER_FINAL)
        rc = es_store_sum_of(p->store, s->ini.id, s->p.id, &s->a, &sum, e);
    if (rc == ES_OK)
        rc = es_store_letter_words(p->store, s->ini.id, say.kind, say.lang->tag,
                                   &s->a, &say.own, e);
    if (rc != ES_OK)
        return rc;
    say.dist_mm = sum.dist_mm;
    say.runs = sum.runs;
    if (!es_letter_necessary(say.kind))
        say.stop = es_letter_stop(p->key, p->origin, s->ini.id, s->p.id, &s->a);
    es_buf_init(&text, ES_MAIL_BYTES);
    es_letter_text(&say, &s->a, &text);
    struct es_mail m = { .subject = es_letter_subject(&say, &s->a),
                         .lang = say.lang->tag,
                         .stop = say.stop };
    rc = write_mail(s, &m, &text, mail, e);
    es_buf_release(&text);
    return rc;
}

static enum es_code hand_over(struct sending *s, struct es_err *e)
{
    size_t last = sizeof BACK_OFF_MS / sizeof *BACK_OFF_MS - 1;
    size_t t = s->in->tries < 0 ? 0 : (size_t)s->in->tries;
    struct es_buf mail;
    es_buf_init(&mail, ES_MAIL_BYTES);
    s->next_ms = s->now_ms + BACK_OFF_MS[t < last ? t : last];
    if (s->next_ms > s->in->expires_ms)
        s->next_ms = s->in->expires_ms;
    enum es_code rc =
        s->in->kind == ES_LETTER_REPORT     ? compose_report(s, &mail, e)
        : s->in->kind == ES_LETTER_GUARDIAN ? compose_guardian(s, &mail, e)
                                            : compose(s, &mail, e);
    if (rc == ES_EINVAL) { /* such as an address that can be none */
        s->end = ES_LETTER_REFUSED_FOR_GOOD;
        s->said.fault = ES_FAULT_ADDRESS;
        rc = write_with(s->l->post->store, end, s, e);
    } else if (rc == ES_OK) {
        rc = write_with(s->l->post->store, begin, s, e);
        if (rc == ES_OK) {
            (void)es_smtp_hand(s->l->post->smtp, s->p.email,
                               es_buf_bytes(&mail), &s->said, e);
            enum es_mail_fault f = s->said.fault;
            s->end = f == ES_FAULT_NONE ? ES_LETTER_SENT
                     : es_fault_of_server(f) || f == ES_FAULT_LATER
                         ? ES_LETTER_WAITS
                         : ES_LETTER_REFUSED_FOR_GOOD;
            es_log(f == ES_FAULT_NONE ? ES_LOG_INFO : ES_LOG_WARN,
                   f == ES_FAULT_NONE ? "letter.sent" : "letter.not",
                   "kind %d, try %d, fault %d, code %d", (int)s->in->kind,
                   (int)s->in->tries + 1, (int)f, (int)s->said.code);
            rc = write_with(s->l->post->store, end, s, e);
        } else if (rc == ES_ENOENT) { /* somebody else began it */
            rc = ES_OK;
        }
    }
    es_buf_release(&mail);
    return rc;
}

/* One whose turn it is; *fault: what stood in the way. */
static enum es_code send_one(const struct es_letters *l,
                             const struct es_letter *in, int64_t now_ms,
                             enum es_mail_fault *fault, struct es_err *e)
{
    struct sending s = { .l = l, .in = in, .now_ms = now_ms };
    bool want = false;
    es_arena_init(&s.a, ROUND_MEM);
    enum es_code rc = load(&s, e);
    if (rc == ES_OK)
        rc = wanted(&s, &want, e);
    if (rc == ES_ENOENT)
        rc = ES_OK; /* its person, or its run, is gone */
    s.end = ES_LETTER_NEEDLESS;
    if (rc == ES_OK && want && now_ms >= in->expires_ms) {
        s.end = ES_LETTER_GIVEN_UP;
        s.said = (struct es_smtp_said){ .fault = (enum es_mail_fault)in->fault,
                                        .code = in->code };
        want = false;
    } else if (rc == ES_OK && want && es_mail_refused(&s.state, s.p.email)) {
        s.end = ES_LETTER_REFUSED_FOR_GOOD;
        s.said = (struct es_smtp_said){ .fault = ES_FAULT_ADDRESS,
                                        .code = s.state.code };
        want = false;
    }
    /* a decision is told even if it was to pause the initiative */
    if (rc == ES_OK && want && s.ini.suspended_ms &&
        in->kind != ES_LETTER_REPORT) {
        s.next_ms = now_ms + PAUSED_MS;
        rc = write_with(l->post->store, begin, &s, e);
    } else if (rc == ES_OK) {
        rc = want ? hand_over(&s, e) : write_with(l->post->store, end, &s, e);
    }
    *fault = want ? s.said.fault : ES_FAULT_NONE;
    es_arena_release(&s.a);
    return rc;
}

static enum es_code send_due(struct es_letters *l, int64_t now_ms,
                             struct es_arena *a, size_t *sent, struct es_err *e)
{
    int64_t each_ms =
        60000 / (l->per_minute > 0 ? l->per_minute : ES_LETTER_PACE);
    struct es_letter *due;
    size_t n = 0;
    if (l->hold_ms > now_ms && l->hold_ms <= now_ms + ES_LETTER_HOLD_MS)
        return ES_OK;
    if (l->next_ms < now_ms - 1000 || l->next_ms > now_ms + 60000)
        l->next_ms = now_ms - 1000; /* unused turns are kept for a second */
    enum es_code rc = es_store_letters_due(l->post->store, now_ms, SENT_AT_ONCE,
                                           a, &due, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n && l->next_ms <= now_ms; i++) {
        enum es_mail_fault fault = ES_FAULT_NONE;
        rc = send_one(l, &due[i], now_ms, &fault, e);
        l->next_ms += each_ms;
        *sent += 1;
        if (es_fault_of_server(fault)) {
            l->hold_ms = now_ms + ES_LETTER_HOLD_MS;
            break;
        }
    }
    return rc;
}

/* ---- a test ---- */

static enum es_code put_test(struct es_txn *tx, const struct es_blob *blob,
                             void *arg, struct es_err *e)
{
    (void)blob;
    return es_txn_mail_test_put(tx, arg, e);
}

static enum es_code test_one(const struct es_letters *l, struct es_mail_test *t,
                             int64_t now_ms, struct es_arena *a,
                             struct es_err *e)
{
    const struct es_lang *lang = es_lang_of(t->lang);
    struct es_smtp_said said = { .fault = ES_FAULT_ADDRESS };
    struct es_buf mail;
    lang = lang ? lang : es_lang_at(0);
    struct es_mail m = {
        .from = l->post->from,
        .to = t->address,
        .subject = es_t(lang, ES_T("A test of mail")),
        .lang = lang->tag,
        .text = es_t_fill(a,
                          es_t(lang, ES_T("This is the test that you asked for "
                                          "at {1}. Mail arrives.")),
                          l->post->origin, NULL),
        .origin = l->post->origin,
        .id = es_id_new(),
        .at_ms = now_ms,
    };
    es_buf_init(&mail, ES_MAIL_BYTES);
    es_mail_write(&m, &mail);
    if (!mail.bad)
        (void)es_smtp_hand(l->post->smtp, t->address, es_buf_bytes(&mail),
                           &said, e);
    es_buf_release(&mail);
    t->done_ms = now_ms;
    t->fault = said.fault;
    t->code = said.code;
    t->said = said.words;
    return write_with(l->post->store, put_test, t, e);
}

static enum es_code tests(const struct es_letters *l, int64_t now_ms,
                          struct es_arena *a, struct es_err *e)
{
    struct es_mail_test *v;
    size_t n = 0;
    enum es_code rc = es_store_mail_tests(l->post->store, now_ms - TEST_MS,
                                          TESTS_AT_ONCE, a, &v, &n, e);
    for (size_t i = 0; rc == ES_OK && i < n; i++)
        rc = test_one(l, &v[i], now_ms, a, e);
    return rc;
}

enum es_code es_letters_round(struct es_letters *l, int64_t now_ms, size_t *n,
                              struct es_err *e)
{
    struct es_arena a;
    size_t sent = 0;
    es_arena_init(&a, ROUND_MEM);
    enum es_code rc = tests(l, now_ms, &a, e);
    if (rc == ES_OK)
        rc = follow(l, now_ms, &a, e);
    if (rc == ES_OK)
        rc = plan(l, now_ms, &a, e);
    if (rc == ES_OK)
        rc = send_due(l, now_ms, &a, &sent, e);
    es_arena_release(&a);
    if (rc == ES_OK)
        *n = sent;
    return rc;
}
