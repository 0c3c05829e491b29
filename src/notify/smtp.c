/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "notify/smtp.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- where it goes ---- */

static bool loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (strncmp(host, "127.", 4) == 0 &&
            host[strspn(host, "0123456789.")] == '\0');
}

enum es_code es_smtp_url(const char *url, bool *here, struct es_err *e)
{
    CURLU *u = curl_url();
    char *scheme = NULL, *host = NULL, *user = NULL, *path = NULL;
    enum es_code rc = ES_OK;
    if (!u)
        return es_fail(e, ES_ENOMEM, 0, "an address");
    bool ok =
        curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == 0 &&
        curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == 0 &&
        curl_url_get(u, CURLUPART_HOST, &host, 0) == 0 &&
        (strcmp(scheme, "smtp") == 0 || strcmp(scheme, "smtps") == 0);
    if (!ok)
        rc = es_fail(e, ES_EINVAL, 0,
                     "smtp_url: smtps://HOST or smtp://HOST:PORT");
    else if (curl_url_get(u, CURLUPART_USER, &user, 0) == 0)
        rc = es_fail(e, ES_EINVAL, 0,
                     "smtp_url: names a user; say it with smtp_user and "
                     "smtp_password_file");
    else if (curl_url_get(u, CURLUPART_PATH, &path, 0) == 0 &&
             strcmp(path, "/") != 0)
        rc = es_fail(e, ES_EINVAL, 0, "smtp_url: has a path");
    else
        *here = loopback(host);
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_free(path);
    curl_url_cleanup(u);
    return rc;
}

/* ---- one connection ---- */

struct sending {
    CURL *h;
    struct curl_slist *to;
    struct es_bytes left;
    struct es_smtp_said *said; /* of es_smtp_hand */
    char url[ES_URL_MAX];
    char why[CURL_ERROR_SIZE];
};

static size_t read_message(char *out, size_t size, size_t n, void *arg)
{
    struct sending *s = arg;
    size_t take = size * n < s->left.n ? size * n : s->left.n;
    if (take)
        memcpy(out, s->left.p, take);
    s->left.p += take;
    s->left.n -= take;
    return take;
}

/* Keeps the server's last line that isn't of consent, without its code. */
static size_t read_said(char *line, size_t size, size_t n, void *arg)
{
    struct es_smtp_said *said = ((struct sending *)arg)->said;
    struct es_bytes s = { (const uint8_t *)line, size * n };
    struct es_buf b;
    if (s.n < 4 || (*s.p != '4' && *s.p != '5'))
        return s.n;
    es_buf_init(&b, 4096);
    es_text_clean(&b, (struct es_bytes){ s.p + 4, s.n - 4 }, false);
    size_t keep = b.bad ? 0 : b.n;
    if (keep >= ES_SMTP_SAID_MAX)
        for (keep = ES_SMTP_SAID_MAX - 1;
             keep > 0 && (b.p[keep] & 0xc0) == 0x80;)
            keep--;
    if (keep)
        memcpy(said->words, b.p, keep);
    said->words[keep] = '\0';
    es_buf_release(&b);
    return s.n;
}

static bool set_up(struct sending *s, const struct es_smtp *c)
{
    /* The path is what we greet with: else it would be this machine's name. */
    int n = snprintf(s->url, sizeof s->url, "%s%s%s", c->url,
                     c->url[strlen(c->url) - 1] == '/' ? "" : "/", c->hello);
    long send_s = c->send_s ? (long)c->send_s : ES_MAIL_SEND_S;
    long tls = c->here ? CURLUSESSL_TRY : CURLUSESSL_ALL;
    s->h = n > 0 && (size_t)n < sizeof s->url ? curl_easy_init() : NULL;
    bool ok =
        s->h && !curl_easy_setopt(s->h, CURLOPT_URL, s->url) &&
        !curl_easy_setopt(s->h, CURLOPT_PROTOCOLS_STR, "smtp,smtps") &&
        !curl_easy_setopt(s->h, CURLOPT_PROXY, "") &&
        !curl_easy_setopt(s->h, CURLOPT_NOSIGNAL, 1L) &&
        !curl_easy_setopt(s->h, CURLOPT_ERRORBUFFER, s->why) &&
        !curl_easy_setopt(s->h, CURLOPT_CONNECTTIMEOUT,
                          (long)ES_MAIL_CONNECT_S) &&
        !curl_easy_setopt(s->h, CURLOPT_TIMEOUT, send_s) &&
        !curl_easy_setopt(s->h, CURLOPT_USE_SSL, tls) &&
        !curl_easy_setopt(s->h, CURLOPT_SSLVERSION,
                          (long)CURL_SSLVERSION_TLSv1_2) &&
        !curl_easy_setopt(s->h, CURLOPT_SSL_VERIFYPEER, c->here ? 0L : 1L) &&
        !curl_easy_setopt(s->h, CURLOPT_SSL_VERIFYHOST, c->here ? 0L : 2L);
    if (ok && c->ca_file)
        ok = !curl_easy_setopt(s->h, CURLOPT_CAINFO, c->ca_file);
    if (ok && *c->user)
        ok = !curl_easy_setopt(s->h, CURLOPT_USERNAME, c->user) &&
             !curl_easy_setopt(s->h, CURLOPT_PASSWORD, c->password);
    return ok;
}

/* What libcurl and the server said, without a word of the server's own: it may
 * repeat the address. */
static enum es_code judge(const struct sending *s, CURLcode said,
                          struct es_err *e)
{
    long code = 0;
    if (said == CURLE_OK)
        return ES_OK;
    (void)curl_easy_getinfo(s->h, CURLINFO_RESPONSE_CODE, &code);
    /* 530 and 535 are about us, not about this mail. */
    bool never = code >= 550 && code <= 559 && said != CURLE_LOGIN_DENIED;
    return es_fail(e, never ? ES_EDENIED : ES_EBUSY, 0, "%s (%ld)",
                   curl_easy_strerror(said), code);
}

/* RFC 3463: the mailbox is not there, has moved or is closed; by servers that
 * don't say, what RFC 5321 has for it. What is full, or not to a policy's
 * liking, may be there. */
static bool no_mailbox(int32_t code, const char *words)
{
    bool extended = words[0] == '5' && words[1] == '.';
    if (extended)
        return strncmp(words, "5.1.", 4) == 0 ||
               strncmp(words, "5.2.1", 5) == 0;
    return code == 550 || code == 551 || code == 553;
}

static enum es_mail_fault fault_of(const struct sending *s, CURLcode got,
                                   int32_t code)
{
    long os = 0;
    switch (got) {
    case CURLE_OK:
        return ES_FAULT_NONE;
    case CURLE_COULDNT_RESOLVE_HOST:
        return ES_FAULT_NAME;
    case CURLE_COULDNT_CONNECT:
        (void)curl_easy_getinfo(s->h, CURLINFO_OS_ERRNO, &os);
        return os == ETIMEDOUT ? ES_FAULT_SILENT : ES_FAULT_CONNECT;
    case CURLE_OPERATION_TIMEDOUT:
        return ES_FAULT_SILENT;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        return ES_FAULT_CERT;
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CIPHER:
        return ES_FAULT_TLS;
    case CURLE_LOGIN_DENIED:
        return ES_FAULT_LOGIN;
    default:
        break;
    }
    /* libcurl has no other word for which command it was. */
    if (code == 530 || strncmp(s->why, "Command failed", 14) == 0)
        return code == 530 ? ES_FAULT_LOGIN : ES_FAULT_OTHER;
    if (code >= 400 && code < 500)
        return ES_FAULT_LATER;
    if (strncmp(s->why, "MAIL failed", 11) == 0)
        return ES_FAULT_SENDER;
    if (strncmp(s->why, "RCPT failed", 11) == 0)
        return no_mailbox(code, s->said->words) ? ES_FAULT_ADDRESS
                                                : ES_FAULT_RECIPIENT;
    return code >= 500 ? ES_FAULT_CONTENT : ES_FAULT_OTHER;
}

bool es_fault_of_server(enum es_mail_fault f)
{
    return (f >= ES_FAULT_NAME && f <= ES_FAULT_SENDER) || f == ES_FAULT_OTHER;
}

static void end(struct sending *s)
{
    curl_easy_cleanup(s->h);
    curl_slist_free_all(s->to);
}

enum es_code es_smtp_send(const struct es_smtp *c, const char *to,
                          struct es_bytes message, struct es_err *e)
{
    struct es_smtp_said said;
    return es_smtp_hand(c, to, message, &said, e);
}

enum es_code es_smtp_hand(const struct es_smtp *c, const char *to,
                          struct es_bytes message, struct es_smtp_said *said,
                          struct es_err *e)
{
    long code = 0;
    *said = (struct es_smtp_said){ .fault = ES_FAULT_OTHER };
    struct sending s = { .left = message, .said = said };
    bool ok = set_up(&s, c);
    s.to = ok ? curl_slist_append(NULL, to) : NULL;
    ok = s.to && !curl_easy_setopt(s.h, CURLOPT_MAIL_FROM, c->sender) &&
         !curl_easy_setopt(s.h, CURLOPT_MAIL_RCPT, s.to) &&
         !curl_easy_setopt(s.h, CURLOPT_READFUNCTION, read_message) &&
         !curl_easy_setopt(s.h, CURLOPT_READDATA, &s) &&
         !curl_easy_setopt(s.h, CURLOPT_HEADERFUNCTION, read_said) &&
         !curl_easy_setopt(s.h, CURLOPT_HEADERDATA, &s) &&
         !curl_easy_setopt(s.h, CURLOPT_UPLOAD, 1L);
    CURLcode got = ok ? curl_easy_perform(s.h) : CURLE_OUT_OF_MEMORY;
    enum es_code rc =
        ok ? judge(&s, got, e) : es_fail(e, ES_ENOMEM, 0, "sending a mail");
    if (ok)
        (void)curl_easy_getinfo(s.h, CURLINFO_RESPONSE_CODE, &code);
    said->code = (int32_t)(code >= 400 && code < 600 ? code : 0);
    said->fault = fault_of(&s, got, said->code);
    if (said->fault == ES_FAULT_NONE)
        said->words[0] = '\0';
    end(&s);
    return rc;
}

enum es_code es_smtp_try(const struct es_smtp *c, struct es_err *e)
{
    struct sending s = { 0 };
    bool ok = set_up(&s, c) && !curl_easy_setopt(s.h, CURLOPT_CONNECT_ONLY, 1L);
    enum es_code rc = ok ? judge(&s, curl_easy_perform(s.h), e)
                         : es_fail(e, ES_ENOMEM, 0, "trying a mail server");
    if (rc != ES_OK && rc != ES_ENOMEM && *s.why)
        rc = es_fail(e, ES_EBUSY, 0, "%.150s", s.why);
    end(&s);
    return rc;
}
