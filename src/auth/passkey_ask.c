/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What a browser is asked. */
#include "auth/cose.h"
#include "auth/passkey.h"
#include "base/json.h"
#include "base/limits.h"

#include <sodium.h>
#include <string.h>

static bool is_number(const char *host)
{
    size_t n = strlen(host);
    return host[0] == '[' || (n > 0 && strspn(host, "0123456789.") == n);
}

static bool is_this_machine(const char *host)
{
    return strncmp(host, "127.", 4) == 0 || strcmp(host, "[::1]") == 0;
}

bool es_rp_of(const char *origin, struct es_rp *out)
{
    static const char SECURE[] = "https://", PLAIN[] = "http://";
    bool secure = strncmp(origin, SECURE, sizeof SECURE - 1) == 0;
    if (!secure && strncmp(origin, PLAIN, sizeof PLAIN - 1) != 0)
        return false;
    const char *scheme = secure ? SECURE : PLAIN;
    const char *host = origin + strlen(scheme);
    size_t n = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
    const char *port = host + n;
    char id[sizeof out->id];
    if (n == 0 || n >= sizeof id || strlen(origin) >= sizeof out->origin)
        return false;
    memcpy(id, host, n);
    id[n] = '\0';
    if (is_number(id) && is_this_machine(id))
        memcpy(id, "localhost", sizeof "localhost");
    if (is_number(id) || (!secure && strcmp(id, "localhost") != 0))
        return false;
    (void)snprintf(out->origin, sizeof out->origin, "%s%s%.*s", scheme, id,
                   (int)strcspn(port, "/"), port);
    memcpy(out->id, id, sizeof out->id);
    return true;
}

static void add_base64(struct es_buf *b, struct es_bytes s)
{
    char text[(ES_PASSKEY_ID_MAX + 2) / 3 * 4 + 1];
    if (s.n > ES_PASSKEY_ID_MAX) {
        b->bad = true;
        return;
    }
    sodium_bin2base64(text, sizeof text, s.p, s.n,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    es_buf_json_str(b, es_bytes_str(text));
}

static void add_ids(struct es_buf *b, const char *key,
                    const struct es_passkey_ask *ask)
{
    es_buf_json_key(b, key);
    es_buf_str(b, "[");
    for (size_t i = 0; i < ask->n_ids; i++) {
        es_buf_json_comma(b);
        es_buf_str(b, "{\"type\":\"public-key\",\"id\":");
        add_base64(b, ask->ids[i]);
        es_buf_str(b, "}");
    }
    es_buf_str(b, "]");
}

static void add_common(struct es_buf *b, const struct es_passkey_ask *ask)
{
    es_buf_json_key(b, "challenge");
    add_base64(b, (struct es_bytes){ ask->challenge, ES_CHALLENGE });
    es_buf_json_i(b, "timeout", ES_CHALLENGE_S * 1000);
}

static const char *verification(const struct es_passkey_ask *ask)
{
    return ask->verified ? "required" : "preferred";
}

void es_passkey_ask_new(struct es_buf *b, const struct es_passkey_ask *ask,
                        struct es_passkey_owner owner, const char *site,
                        const char *name)
{
    /* The first that a device can do; all of them do one. */
    static const int ALGORITHMS[] = { ES_COSE_ES256, ES_COSE_EDDSA,
                                      ES_COSE_RS256 };
    uint8_t handle[ES_PASSKEY_HANDLE];
    es_passkey_handle(owner, handle);
    es_buf_str(b, "{");
    add_common(b, ask);
    es_buf_json_key(b, "rp");
    es_buf_str(b, "{");
    es_buf_json_s(b, "id", ask->rp->id);
    es_buf_json_s(b, "name", site);
    es_buf_str(b, "}");
    es_buf_json_key(b, "user");
    es_buf_str(b, "{");
    es_buf_json_key(b, "id");
    add_base64(b, (struct es_bytes){ handle, sizeof handle });
    es_buf_json_s(b, "name", name);
    es_buf_json_s(b, "displayName", name);
    es_buf_str(b, "}");
    es_buf_json_key(b, "pubKeyCredParams");
    es_buf_str(b, "[");
    for (size_t i = 0; i < sizeof ALGORITHMS / sizeof *ALGORITHMS; i++) {
        es_buf_json_comma(b);
        es_buf_fmt(b, "{\"type\":\"public-key\",\"alg\":%d}", ALGORITHMS[i]);
    }
    es_buf_str(b, "]");
    add_ids(b, "excludeCredentials", ask);
    es_buf_json_key(b, "authenticatorSelection");
    es_buf_str(b, "{");
    es_buf_json_s(b, "residentKey", "required");
    es_buf_json_b(b, "requireResidentKey", true);
    es_buf_json_s(b, "userVerification", verification(ask));
    es_buf_str(b, "}");
    es_buf_json_s(b, "attestation", "none");
    es_buf_str(b, "}");
}

void es_passkey_ask_old(struct es_buf *b, const struct es_passkey_ask *ask)
{
    es_buf_str(b, "{");
    add_common(b, ask);
    es_buf_json_s(b, "rpId", ask->rp->id);
    es_buf_json_s(b, "userVerification", verification(ask));
    add_ids(b, "allowCredentials", ask);
    es_buf_str(b, "}");
}
