/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "notify/link_mail.h"

#include "auth/mail_link.h"
#include "base/limits.h"
#include "i18n/i18n.h"

#include <string.h>

/* Whose page it is, as it may be said in a subject: the initiative, when it is
 * one; else where it runs. */
static enum es_code about(const struct es_post *p,
                          const struct es_participant *who, size_t n,
                          struct es_arena *a, const char **out,
                          struct es_err *e)
{
    struct es_initiative ini;
    const char *host = strstr(p->origin, "://");
    *out = host ? host + 3 : p->origin;
    for (size_t i = 1; i < n; i++)
        if (who[i].initiative != who[0].initiative)
            return ES_OK;
    enum es_code rc =
        es_store_initiative_by_id(p->store, who[0].initiative, a, &ini, e);
    if (rc == ES_OK)
        *out = ini.title;
    return rc == ES_ENOENT ? ES_OK : rc;
}

static void paragraph(struct es_buf *b, const char *text)
{
    es_buf_str(b, text);
    es_buf_str(b, "\n\n");
}

static void compose(const struct es_post *p, const struct es_mail_ask *ask,
                    const struct es_lang *l, struct es_arena *a,
                    struct es_buf *b)
{
    paragraph(b, es_t_fill(a,
                           es_t(l, ES_T("Somebody asked at {1} for a link to "
                                        "the page that belongs to this mail "
                                        "address. If it was you, open this "
                                        "link and go on:")),
                           p->origin, NULL));
    es_buf_fmt(b, "%s/back/%s?lang=%s\n\n", p->origin, ask->secret, l->tag);
    paragraph(b, es_t(l, ES_T("It works once, for ten minutes, in the browser "
                              "in which you asked.")));
    paragraph(b, es_t(l, ES_T("Do you read this on another device? Then type "
                              "this code where you asked:")));
    es_buf_fmt(b, "%.4s %.4s\n\n", ask->code, ask->code + 4);
    paragraph(b, es_t(l, ES_T("Type it nowhere else and tell it to nobody: "
                              "who has it gets to your page.")));
    es_buf_str(b, es_t(l, ES_T("If it wasn't you, do nothing. Without this "
                               "mail nobody gets in.")));
    es_buf_str(b, "\n");
}

enum es_code es_link_mail_write(const struct es_post *p,
                                const struct es_mail_out *row, int64_t now_ms,
                                struct es_arena *a, struct es_link_mail *out,
                                struct es_buf *b, struct es_err *e)
{
    struct es_mail_ask ask;
    struct es_participant *who;
    struct es_buf text;
    size_t n;
    const char *what;
    if (!es_mail_ask_open(p->key, row, a, &ask))
        return es_fail(e, ES_EINVAL, 0, "a mail that isn't ours");
    enum es_code rc = es_store_mail_who(p->store, ask.address, ES_MAIL_FAMILY,
                                        a, &who, &n, e);
    if (rc == ES_OK && n == 0)
        rc = es_fail(e, ES_ENOENT, 0, "nobody has this address");
    if (rc == ES_OK)
        rc = about(p, who, n, a, &what, e);
    if (rc != ES_OK)
        return rc;
    const struct es_lang *l = es_lang_of(who[0].lang);
    l = l ? l : es_lang_at(0);
    es_buf_init(&text, ES_MAIL_BYTES);
    compose(p, &ask, l, a, &text);
    struct es_mail m = {
        .from = p->from,
        .to = ask.address,
        .subject = es_t_fill(a, es_t(l, ES_T("Your link: {1}")), what, NULL),
        .lang = l->tag,
        .text = es_buf_cstr(&text),
        .origin = p->origin,
        .id = row->id,
        .at_ms = now_ms,
    };
    es_mail_write(&m, b);
    bool bad = b->bad || text.bad;
    es_buf_release(&text);
    if (bad)
        return es_fail(e, ES_EINVAL, 0, "no mail can be made of it");
    out->to = ask.address;
    return ES_OK;
}
