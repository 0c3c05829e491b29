/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "notify/message.h"

#include "base/limits.h"
#include "base/time.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    LINE = 76,      /* RFC 2045 section 6.7, RFC 2047 section 2 */
    WORD_FRAME = 12 /* "=?UTF-8?Q?" and "?=" */
};

/* ---- addresses ---- */

static bool alnum(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

/* RFC 5322 section 3.2.3. */
static bool atext(uint8_t c)
{
    return alnum(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool host_char(uint8_t c)
{
    return alnum(c) || c == '-';
}

/* Parts of `ok` characters with single dots between them. */
static bool dotted(struct es_bytes s, size_t part_max, bool (*ok)(uint8_t))
{
    size_t part = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '.' ? part == 0 : !ok(s.p[i]) || part == part_max)
            return false;
        part = s.p[i] == '.' ? 0 : part + 1;
    }
    return part > 0;
}

bool es_mail_address_ok(const char *s)
{
    enum { LOCAL_MAX = 64, LABEL_MAX = 63 }; /* RFC 5321, RFC 1035 */
    const char *at = strchr(s, '@');
    size_t n = strlen(s);
    if (!at || n > ES_MAIL_MAX || at - s > LOCAL_MAX)
        return false;
    return dotted((struct es_bytes){ (const uint8_t *)s, (size_t)(at - s) },
                  LOCAL_MAX, atext) &&
           dotted(es_bytes_str(at + 1), LABEL_MAX, host_char);
}

bool es_mail_sender_of(const char *text, struct es_mail_sender *out)
{
    struct es_mail_sender s = { 0 };
    const char *open = strchr(text, '<');
    size_t n = strlen(text);
    const char *from = open ? open + 1 : text;
    size_t len = open ? (size_t)(text + n - from) : n;
    if (open && (len == 0 || from[--len] != '>'))
        return false;
    if (len >= sizeof s.address || !es_utf8_valid(es_bytes_str(text)))
        return false;
    memcpy(s.address, from, len);
    for (size_t i = 0; i < n; i++)
        if ((uint8_t)text[i] < ' ' || text[i] == 0x7f)
            return false;
    size_t name = open ? (size_t)(open - text) : 0;
    while (name > 0 && text[name - 1] == ' ')
        name--;
    s.name = (struct es_bytes){ (const uint8_t *)text, name };
    if (!es_mail_address_ok(s.address))
        return false;
    *out = s;
    return true;
}

/* ---- headers ---- */

static void hex(struct es_buf *b, uint8_t c)
{
    es_buf_fmt(b, "=%02X", c);
}

/* Whether words may stand as they are, in a phrase as in a subject. */
static bool plain(struct es_bytes s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!alnum(s.p[i]) && (s.p[i] != ' ' || i == 0 || i + 1 == s.n))
            return false;
    return s.n < LINE / 2;
}

/* One letter of an encoded word; a letter never stands in two of them. */
static void letter(struct es_buf *b, struct es_bytes s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (alnum(s.p[i]))
            es_buf_u8(b, s.p[i]);
        else if (s.p[i] == ' ')
            es_buf_u8(b, '_');
        else
            hex(b, s.p[i]);
    }
}

/* As encoded words (RFC 2047, "Q"), folded; `used`: of the line so far. */
static void words(struct es_buf *b, struct es_bytes s, size_t used)
{
    if (plain(s)) {
        es_buf_add(b, s.p, s.n);
        return;
    }
    es_buf_str(b, "=?UTF-8?Q?");
    used += WORD_FRAME;
    for (size_t at = 0; at < s.n;) {
        size_t from = at;
        (void)es_utf8_next(s, &at);
        size_t before = b->n;
        struct es_bytes one = { s.p + from, at - from };
        size_t takes =
            one.n == 1 && (alnum(*one.p) || *one.p == ' ') ? 1 : 3 * one.n;
        if (used + takes > LINE) {
            es_buf_str(b, "?=\r\n =?UTF-8?Q?");
            before = b->n;
            used = 1 + WORD_FRAME;
        }
        letter(b, one);
        used += b->n - before;
    }
    es_buf_str(b, "?=");
}

static bool no_controls(const char *s)
{
    for (; *s; s++)
        if ((uint8_t)*s < ' ' || *s == 0x7f)
            return false;
    return true;
}

/* RFC 5322 section 3.3. */
static void date(struct es_buf *b, int64_t at_ms)
{
    static const char DAYS[][4] = { "Mon", "Tue", "Wed", "Thu",
                                    "Fri", "Sat", "Sun" };
    static const char MONTHS[][4] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun",
        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    struct es_date d = es_date_of(at_ms);
    es_buf_fmt(b, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
               DAYS[d.weekday], d.day, MONTHS[d.month - 1], d.year, d.hour,
               d.minute, d.second);
}

/* The host of an origin, without its port: what mail may be named after. */
static struct es_bytes host_of(const char *origin)
{
    const char *s = strstr(origin, "://");
    s = s ? s + 3 : origin;
    return (struct es_bytes){ (const uint8_t *)s, strcspn(s, ":/") };
}

/* ---- the text ---- */

/* Quoted-printable (RFC 2045 section 6.7): whatever the script, only lines of
 * ASCII that no server needs to change. */
static void quoted(struct es_buf *b, const char *text)
{
    size_t column = 0;
    for (const char *p = text; *p; p++) {
        uint8_t c = (uint8_t)*p;
        if (c == '\n') {
            es_buf_str(b, "\r\n");
            column = 0;
            continue;
        }
        bool last = p[1] == '\n' || p[1] == '\0';
        bool raw = (c > ' ' && c < 0x7f && c != '=') || (c == ' ' && !last);
        size_t takes = raw ? 1 : 3;
        if (column + takes > LINE - (last ? 0 : 1)) {
            es_buf_str(b, "=\r\n");
            column = 0;
        }
        if (raw)
            es_buf_u8(b, c);
        else
            hex(b, c);
        column += takes;
    }
}

void es_mail_write(const struct es_mail *m, struct es_buf *b)
{
    struct es_bytes host = host_of(m->origin);
    if (!es_mail_address_ok(m->to) || !no_controls(m->subject) ||
        !no_controls(m->lang) || (m->stop && !no_controls(m->stop)) ||
        !dotted(host, LINE, host_char)) {
        b->bad = true;
        return;
    }
    date(b, m->at_ms);
    es_buf_str(b, "From: ");
    if (m->from->name.n) {
        words(b, m->from->name, 6);
        es_buf_str(b, "\r\n ");
    }
    es_buf_fmt(b, "<%s>\r\nTo:\r\n <%s>\r\nSubject: ", m->from->address, m->to);
    words(b, es_bytes_str(m->subject), 9);
    if (m->stop)
        es_buf_fmt(b,
                   "\r\nList-Unsubscribe:\r\n <%s>\r\n"
                   "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
                   m->stop);
    es_buf_fmt(b,
               "\r\nMessage-ID:\r\n <%" PRId64 "@%.*s>\r\n"
               "Auto-Submitted: auto-generated\r\n"
               "Content-Language: %s\r\nMIME-Version: 1.0\r\n"
               "Content-Type: text/plain; charset=utf-8\r\n"
               "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
               m->id, (int)host.n, (const char *)host.p, m->lang);
    quoted(b, m->text);
}
