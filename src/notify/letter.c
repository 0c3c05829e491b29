/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "notify/letter.h"

#include "auth/secret.h"
#include "base/num.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool es_letter_necessary(int32_t kind)
{
    return (kind >= ES_LETTER_JOINED && kind <= ES_LETTER_APPEAL) ||
           kind == ES_LETTER_PLACED;
}

/* It was written by us: a quote within a text stands behind a backslash, so
 * only a key begins like this. */
bool es_letter_agreed(const char *consents)
{
    return strstr(consents, "{\"" ES_LETTER_PURPOSE "\":") ||
           strstr(consents, ",\"" ES_LETTER_PURPOSE "\":");
}

/* ---- stopping ---- */

enum { MAC = 16 }; /* bytes */

static void mac_of(const uint8_t key[ES_HASH], int64_t initiative,
                   int64_t participant, char out[2 * MAC + 1])
{
    const int64_t who[] = { initiative, participant };
    uint8_t hash[ES_HASH];
    es_keyed_hash(key, "stop mail",
                  (struct es_bytes){ (const uint8_t *)who, sizeof who }, hash);
    for (size_t i = 0; i < MAC; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", hash[i]);
}

const char *es_letter_stop(const uint8_t key[ES_HASH], const char *origin,
                           int64_t initiative, int64_t participant,
                           struct es_arena *a)
{
    char mac[2 * MAC + 1];
    mac_of(key, initiative, participant, mac);
    return es_arena_fmt(a, "%s/stop/%" PRIx64 "-%" PRIx64 "-%s", origin,
                        (uint64_t)initiative, (uint64_t)participant, mac);
}

/* Hex up to the next '-' or the end. */
static bool read_hex(const char **p, int64_t *out)
{
    uint64_t v = 0;
    size_t n = 0;
    for (; **p && **p != '-'; (*p)++, n++) {
        static const char DIGITS[] = "0123456789abcdef";
        const char *d = strchr(DIGITS, **p);
        if (!d || n == 16)
            return false;
        v = v << 4 | (uint64_t)(d - DIGITS);
    }
    *out = (int64_t)v;
    return n > 0 && v <= INT64_MAX && *(*p)++ == '-';
}

bool es_letter_stop_of(const uint8_t key[ES_HASH], const char *token,
                       int64_t *initiative, int64_t *participant)
{
    char mac[2 * MAC + 1];
    uint8_t want[ES_HASH] = { 0 };
    uint8_t got[ES_HASH] = { 0 };
    int64_t i;
    int64_t p;
    if (!read_hex(&token, &i) || !read_hex(&token, &p) ||
        strlen(token) != sizeof mac - 1)
        return false;
    mac_of(key, i, p, mac);
    memcpy(want, mac, ES_HASH);
    memcpy(got, token, ES_HASH);
    if (!es_hash_equal(want, got))
        return false;
    *initiative = i;
    *participant = p;
    return true;
}

/* ---- words ---- */

static const char *shown(const struct es_letter_say *s, struct es_arena *a,
                         struct es_shown figure)
{
    struct es_buf b;
    es_buf_init(&b, 256);
    es_buf_shown(&b, (struct es_reader){ s->lang, ES_UNITS_KM }, figure);
    const char *out = es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    return out ? out : "";
}

static void paragraph(struct es_buf *b, const char *text)
{
    es_buf_str(b, text);
    es_buf_str(b, "\n\n");
}

static void link_to(const struct es_letter_say *s, struct es_buf *b,
                    const char *path)
{
    es_buf_fmt(b, "%s%s?lang=%s\n\n", s->origin, path, s->lang->tag);
}

const char *es_letter_subject(const struct es_letter_say *s, struct es_arena *a)
{
    static const char *const SUBJECTS[ES_LETTER_KINDS] = {
        [0] = "",
        [ES_LETTER_JOINED] = ES_T("You take part: {1}"),
        [ES_LETTER_ACCEPTED] = ES_T("Your run counts: {1}"),
        [ES_LETTER_REFUSED] = ES_T("Your run doesn't count: {1}"),
        [ES_LETTER_QUESTION] = ES_T("A question about your run: {1}"),
        [ES_LETTER_APPEAL] = ES_T("The answer to your appeal: {1}"),
        [ES_LETTER_OPENS] = ES_T("It begins soon: {1}"),
        [ES_LETTER_CLOSES] = ES_T("It ends soon: {1}"),
        [ES_LETTER_FINAL] = ES_T("The results are final: {1}"),
        [ES_LETTER_PLACED] = ES_T("You have a place: {1}"),
    };
    if (s->kind == ES_LETTER_JOINED && s->waits)
        return es_t_fill(a,
                         es_t(s->lang, ES_T("You are on the waiting list: "
                                            "{1}")),
                         s->ini->title, NULL);
    return es_t_fill(a, es_t(s->lang, SUBJECTS[s->kind]), s->ini->title, NULL);
}

/* The kinds about one run. */
static const char *about_run(const struct es_letter_say *s)
{
    bool counts = s->run->status == ES_RUN_ACCEPTED;
    switch (s->kind) {
    case ES_LETTER_ACCEPTED:
        return ES_T("Somebody has looked at your run of {1}: it counts, with "
                    "{2}.");
    case ES_LETTER_REFUSED:
        return ES_T("Somebody has looked at your run of {1}: it doesn't count. "
                    "Your receipt says why, and there you can appeal.");
    case ES_LETTER_QUESTION:
        return ES_T("Somebody who looks at your run of {1} has a question. "
                    "Read and answer it on your receipt:");
    default:
        return counts
                   ? ES_T("A second person has looked at your run of {1}: it "
                          "counts now, with {2}.")
                   : ES_T("A second person has looked at your run of {1}: it "
                          "still doesn't count. Your receipt says why.");
    }
}

static void say_run(const struct es_letter_say *s, struct es_arena *a,
                    struct es_buf *b)
{
    int64_t at_ms = s->run->started_ms == ES_NO_TIME ? s->run->received_ms
                                                     : s->run->started_ms;
    char path[64];
    paragraph(b, es_t_fill(a, es_t(s->lang, about_run(s)),
                           shown(s, a, es_day(at_ms, s->ini->zone)),
                           shown(s, a, es_dist(s->run->counted_mm)), NULL));
    (void)snprintf(path, sizeof path, "/me/runs/%" PRId64, s->run->id);
    link_to(s, b, path);
}

static void say_joined(const struct es_letter_say *s, struct es_arena *a,
                       struct es_buf *b)
{
    char path[80];
    if (s->kind == ES_LETTER_PLACED)
        paragraph(b, es_t(s->lang, ES_T("A place has become free, and it is "
                                        "yours.")));
    if (s->waits)
        paragraph(b, es_t_fill(a,
                               es_t(s->lang,
                                    ES_T("All places of {1} are taken. You are "
                                         "on the waiting list; when a place is "
                                         "free, it is yours, and we write to "
                                         "you.")),
                               s->ini->title, NULL));
    else
        paragraph(
            b,
            es_t_fill(
                a,
                es_t(s->lang, ES_T("You take part in {1} with bib {2}. Runs "
                                   "that start from {3} until {4} count.")),
                s->ini->title, shown(s, a, es_plain(s->bib)),
                shown(s, a, es_moment(s->ini->opens_ms, s->ini->zone)),
                shown(s, a, es_moment(s->ini->closes_ms, s->ini->zone)), NULL));
    (void)snprintf(path, sizeof path, "/e/%s", s->ini->slug);
    link_to(s, b, path);
    paragraph(b, es_t(s->lang,
                      ES_T("Your personal link stands in no mail, because it "
                           "opens your page. If you lose it, ask for a way in "
                           "with this address:")));
    link_to(s, b, "/back");
    paragraph(b, es_t(s->lang, ES_T("If it wasn't you, somebody mistyped their "
                                    "address: do nothing.")));
}

static void say_final(const struct es_letter_say *s, struct es_arena *a,
                      struct es_buf *b)
{
    char path[96];
    paragraph(b, es_t_fill(a,
                           es_t(s->lang,
                                ES_T("{1} is over, and its results are final. "
                                     "Thank you for taking part.")),
                           s->ini->title, NULL));
    paragraph(b, es_t_fill(a,
                           es_t(s->lang, ES_T("What counts of you: {1}. Runs "
                                              "that count: {2}. Your bib: "
                                              "{3}.")),
                           shown(s, a, es_dist(s->dist_mm)),
                           shown(s, a, es_int(s->runs)),
                           shown(s, a, es_plain(s->bib)), NULL));
    paragraph(b, es_t(s->lang, ES_T("Your result, with its card to share:")));
    (void)snprintf(path, sizeof path, "/e/%s/people/%" PRId64, s->ini->slug,
                   s->bib);
    link_to(s, b, s->hidden ? "/me" : path);
}

static void say_reminder(const struct es_letter_say *s, struct es_arena *a,
                         struct es_buf *b)
{
    bool opens = s->kind == ES_LETTER_OPENS;
    char path[80];
    paragraph(
        b,
        es_t_fill(
            a,
            es_t(s->lang, opens ? ES_T("{1} begins soon: runs that start from "
                                       "{2} count.")
                                : ES_T("{1} ends soon, and you have no run "
                                       "yet. Runs that start before {2} "
                                       "count.")),
            s->ini->title,
            shown(s, a,
                  es_moment(opens ? s->ini->opens_ms : s->ini->closes_ms,
                            s->ini->zone)),
            NULL));
    (void)snprintf(path, sizeof path, "/e/%s", s->ini->slug);
    link_to(s, b, path);
}

/* The organiser's words, with who says so above and a mark at each line. */
static void say_own(const struct es_letter_say *s, struct es_arena *a,
                    struct es_buf *b)
{
    const char *from = *s->ini->holder ? s->ini->holder : s->ini->title;
    if (!*s->own)
        return;
    es_buf_str(b, es_t_fill(a, es_t(s->lang, ES_T("{1} adds:")), from, NULL));
    es_buf_str(b, "\n> ");
    for (const char *p = s->own; *p; p++) {
        if (*p == '\n')
            es_buf_str(b, "\n> ");
        else if (*p != '\r')
            es_buf_u8(b, (uint8_t)*p);
    }
    es_buf_str(b, "\n\n");
}

static void say_why(const struct es_letter_say *s, struct es_arena *a,
                    struct es_buf *b)
{
    es_buf_str(b, "-- \n");
    es_buf_str(b,
               es_t_fill(a,
                         es_t(s->lang,
                              ES_T("You get this from {1}, because somebody "
                                   "who takes part in {2} gave this address.")),
                         s->origin, s->ini->title, NULL));
    es_buf_str(b, "\n");
    if (*s->ini->holder) {
        es_buf_str(b, es_t_fill(a, es_t(s->lang, ES_T("Held by {1}.")),
                                s->ini->holder, NULL));
        es_buf_str(b, *s->ini->contact ? " " : "\n");
    }
    if (*s->ini->contact) {
        es_buf_str(b, s->ini->contact);
        es_buf_str(b, "\n");
    }
    if (!s->stop)
        return;
    es_buf_str(b, es_t(s->lang, ES_T("To get no more such messages:")));
    es_buf_fmt(b, "\n%s\n", s->stop);
}

void es_letter_text(const struct es_letter_say *s, struct es_arena *a,
                    struct es_buf *b)
{
    if (s->kind == ES_LETTER_JOINED || s->kind == ES_LETTER_PLACED)
        say_joined(s, a, b);
    else if (s->kind == ES_LETTER_FINAL)
        say_final(s, a, b);
    else if (s->kind == ES_LETTER_OPENS || s->kind == ES_LETTER_CLOSES)
        say_reminder(s, a, b);
    else
        say_run(s, a, b);
    say_own(s, a, b);
    say_why(s, a, b);
}
