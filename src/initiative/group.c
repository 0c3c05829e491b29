/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reading and checking the list of a group. */
#include "initiative/group.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "i18n/i18n.h"
#include "initiative/entry.h"
#include "initiative/group_int.h"
#include "store/people.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { WORDS = 8, LINE_ARENA = 256 << 10 };

/* ---- columns ---- */

static const char *const NAMES[ES_GROUP_COLUMNS] = {
    [ES_GROUP_NAME] = ES_T("Name"),
    [ES_GROUP_FIRST] = ES_T("First name"),
    [ES_GROUP_LAST] = ES_T("Surname"),
    [ES_GROUP_COUNTRY] = ES_T("Country"),
    [ES_GROUP_CATEGORY] = ES_T("Category"),
    [ES_GROUP_BIRTH_YEAR] = ES_T("Year of birth"),
    [ES_GROUP_AGE] = ES_T("Age group"),
    [ES_GROUP_MAIL] = ES_T("Mail address"),
    [ES_GROUP_TEAM_CODE] = ES_T("Team code"),
    [ES_GROUP_GUARDIAN] = ES_T("Parent or guardian"),
};

/* What people write at the head of such columns, too. */
static const struct {
    const char *word;
    enum es_group_column column;
} ALSO[] = {
    { "full_name", ES_GROUP_NAME },
    { "display_name", ES_GROUP_NAME },
    { "pupil", ES_GROUP_NAME },
    { "student", ES_GROUP_NAME },
    { "given_name", ES_GROUP_FIRST },
    { "first_name", ES_GROUP_FIRST },
    { "last_name", ES_GROUP_LAST },
    { "family_name", ES_GROUP_LAST },
    { "born", ES_GROUP_BIRTH_YEAR },
    { "birth_year", ES_GROUP_BIRTH_YEAR },
    { "age_group", ES_GROUP_AGE },
    { "mail", ES_GROUP_MAIL },
    { "e-mail", ES_GROUP_MAIL },
    { "email", ES_GROUP_MAIL },
    { "email_address", ES_GROUP_MAIL },
    { "team", ES_GROUP_TEAM_CODE },
    { "team_code", ES_GROUP_TEAM_CODE },
    { "guardian", ES_GROUP_GUARDIAN },
    { "parent", ES_GROUP_GUARDIAN },
    { "guardian_contact", ES_GROUP_GUARDIAN },
};

const char ES_GROUP_LINE_HEAD[] = ES_T("Line");
const char ES_GROUP_WRONG_HEAD[] = ES_T("What is wrong");

const char *es_group_column_name(enum es_group_column c)
{
    return NAMES[c];
}

/* Words as they are compared, with a space between them. */
static const char *folded(struct es_arena *a, const char *text)
{
    const char *words[WORDS];
    size_t n = 0;
    if (!es_text_words(a, text, words, WORDS, &n))
        return NULL;
    const char *s = "";
    for (size_t i = 0; s && i < n; i++)
        s = es_arena_fmt(a, "%s%s%s", s, i ? " " : "", words[i]);
    return s;
}

static bool means(struct es_arena *a, const char *cell, const char *id)
{
    for (size_t i = 0; i < ES_LANGS; i++) {
        const char *name = folded(a, es_t(es_lang_at(i), id));
        if (name && strcmp(name, cell) == 0)
            return true;
    }
    return false;
}

/* The column that a cell of the first line names; ES_GROUP_COLUMNS: none. */
static enum es_group_column column_of(struct es_arena *a, const char *cell)
{
    const char *word = folded(a, cell);
    if (!word || !*word)
        return ES_GROUP_COLUMNS;
    for (size_t i = 0; i < ES_GROUP_COLUMNS; i++)
        if (means(a, word, NAMES[i]))
            return (enum es_group_column)i;
    for (size_t i = 0; i < sizeof ALSO / sizeof *ALSO; i++) {
        const char *also = folded(a, ALSO[i].word);
        if (also && strcmp(also, word) == 0)
            return ALSO[i].column;
    }
    return ES_GROUP_COLUMNS;
}

/* Where each column stands, from 1; 0: nowhere. */
struct head {
    size_t at[ES_GROUP_COLUMNS];
};

/* The two columns that our own list of wrong lines has besides. */
static bool is_ours(struct es_arena *a, const char *cell)
{
    const char *word = folded(a, cell);
    return word && (means(a, word, ES_GROUP_LINE_HEAD) ||
                    means(a, word, ES_GROUP_WRONG_HEAD));
}

static void read_head(const struct es_csv_row *row, struct es_arena *a,
                      struct head *h, struct es_group_list *out)
{
    struct es_arena scratch;
    *h = (struct head){ .at = { 0 } };
    for (size_t i = 0; i < row->n; i++) {
        es_arena_init(&scratch, LINE_ARENA);
        enum es_group_column c = column_of(&scratch, row->v[i]);
        bool ours = is_ours(&scratch, row->v[i]);
        es_arena_release(&scratch);
        if (c < ES_GROUP_COLUMNS && !h->at[c])
            h->at[c] = i + 1;
        else if (!ours && *row->v[i])
            out->unused[out->n_unused++] = es_arena_str(a, row->v[i]);
    }
    for (size_t i = 0; i < ES_GROUP_COLUMNS; i++)
        out->has[i] = h->at[i] != 0;
}

static bool names_people(const struct head *h)
{
    return h->at[ES_GROUP_NAME] ||
           (h->at[ES_GROUP_FIRST] && h->at[ES_GROUP_LAST]);
}

/* ---- letters ---- */

/* What spreadsheets call "Unicode text", as UTF-8; others as they are. */
static enum es_code as_utf8(struct es_bytes csv, struct es_arena *a,
                            struct es_bytes *out, struct es_err *e)
{
    bool little = csv.n >= 2 && csv.p[0] == 0xff && csv.p[1] == 0xfe;
    bool big = csv.n >= 2 && csv.p[0] == 0xfe && csv.p[1] == 0xff;
    struct es_buf b;
    *out = csv;
    if (!little && !big)
        return ES_OK;
    es_buf_init(&b, 2 * ES_GROUP_MAX);
    for (size_t i = 2; i + 1 < csv.n; i += 2) {
        uint32_t c =
            (uint32_t)csv.p[i + (big ? 0 : 1)] << 8 | csv.p[i + (big ? 1 : 0)];
        if (c >= 0xd800 && c < 0xdc00 && i + 3 < csv.n) {
            uint32_t low = (uint32_t)csv.p[i + (big ? 2 : 3)] << 8 |
                           csv.p[i + (big ? 3 : 2)];
            c = low >= 0xdc00 && low < 0xe000
                    ? 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00)
                    : 0xfffd;
            i += c == 0xfffd ? 0 : 2;
        } else if (c >= 0xd800 && c < 0xe000) {
            c = 0xfffd;
        }
        es_buf_utf8(&b, c);
    }
    const char *text = es_arena_strn(a, b.p, b.n);
    *out = (struct es_bytes){ (const uint8_t *)text, b.n };
    bool bad = b.bad || !text;
    es_buf_release(&b);
    return bad ? es_fail(e, ES_ENOMEM, 0, "a list") : ES_OK;
}

/* ---- countries ---- */

struct country {
    const char *word; /* its name, folded */
    const char *code;
};
struct countries {
    struct country *v;
    size_t n;
};

static enum es_code load_countries(struct countries *out, struct es_arena *a,
                                   struct es_err *e)
{
    size_t all = 0;
    for (size_t i = 0; i < ES_LANGS; i++) {
        size_t n;
        (void)es_countries(es_lang_at(i), &n);
        all += n;
    }
    struct countries c = { .v = es_arena_array(a, all, sizeof *c.v) };
    for (size_t i = 0; c.v && i < ES_LANGS; i++) {
        size_t n;
        const struct es_country *v = es_countries(es_lang_at(i), &n);
        for (size_t k = 0; k < n; k++) {
            const char *word = folded(a, v[k].name);
            if (word)
                c.v[c.n++] = (struct country){ word, v[k].code };
        }
    }
    *out = c;
    return c.n == all ? ES_OK : es_fail(e, ES_ENOMEM, 0, "countries");
}

/* A country by its code, or its name in any of our languages; what is neither
 * is no code, either. */
static const char *country_of(const struct countries *all, const char *given,
                              struct es_arena *a)
{
    if (strlen(given) <= 2)
        return given;
    const char *word = folded(a, given);
    for (size_t i = 0; word && *word && i < all->n; i++)
        if (strcmp(all->v[i].word, word) == 0)
            return all->v[i].code;
    return "??";
}

/* ---- what holds for all ---- */

/* The consents without which nobody takes part: who brings the list says that
 * they are given. No other is. */
static const char *required_consents(const char *asked, struct es_arena *a)
{
    struct es_buf b;
    json_error_t je;
    size_t i;
    json_t *c;
    json_t *list = json_loads(asked, 0, &je);
    es_buf_init(&b, ES_FORM_MAX);
    es_buf_str(&b, "{");
    json_array_foreach(list, i, c)
    {
        const char *purpose = json_string_value(json_object_get(c, "purpose"));
        if (!purpose || !json_is_true(json_object_get(c, "required")))
            continue;
        char *v = json_dumps(json_object_get(c, "version"), JSON_ENCODE_ANY);
        es_buf_json_key(&b, purpose);
        es_buf_str(&b, v ? v : "null");
        free(v);
    }
    es_buf_str(&b, "}");
    const char *out = b.bad ? NULL : es_arena_str(a, es_buf_cstr(&b));
    es_buf_release(&b);
    json_decref(list);
    return out;
}

static enum es_code take_name(struct es_group_check *c, struct es_arena *a,
                              struct es_field_errors *errors, struct es_err *e)
{
    struct es_buf b;
    bool taken = false;
    enum es_code rc = ES_OK;
    es_buf_init(&b, ES_FORM_MAX * 3);
    bool ok = es_text_name(&b, es_bytes_str(c->ask->name));
    c->name = ok ? es_arena_str(a, es_buf_cstr(&b)) : NULL;
    es_buf_release(&b);
    c->key = c->name ? folded(a, c->name) : NULL;
    if (!c->name || !c->key)
        return es_fail(e, ES_ENOMEM, 0, "a group's name");
    if (!*c->key) /* not a letter: it is its own key */
        c->key = c->name;
    if (es_utf8_count(es_bytes_str(c->name)) > ES_NAME_MAX)
        es_field_errors_add(errors, "name", "too_long", ES_NAME_MAX);
    else if (!es_text_visible(es_bytes_str(c->name)))
        es_field_errors_add(errors, "name", "required", NAN);
    if (errors->n)
        return ES_OK;
    rc = es_store_group_by_key(c->app->store, c->ini->id, c->key, a, &c->group,
                               e);
    if (rc == ES_ENOENT) {
        c->group = (struct es_group){ .id = 0 };
        rc = ES_OK;
    }
    if (rc == ES_OK && c->ask->as_team && !c->group.team)
        rc = es_reserved_is(&c->reserved, c->name, a, &taken, e);
    if (taken)
        es_field_errors_add(errors, "name", "taken", NAN);
    return rc;
}

enum es_code es_group_begin(struct es_group_check *c, struct es_arena *a,
                            struct es_field_errors *errors, struct es_err *e)
{
    c->now_ms = es_time_now_ms();
    c->consents = required_consents(c->ini->consents, a);
    enum es_code rc = c->consents ? ES_OK : ES_ENOMEM;
    if (rc == ES_OK)
        rc = es_settings_of(c->app->store, c->ini->id, &c->settings, NULL, e);
    if (rc == ES_OK)
        rc = es_rules_read(c->ini->rules, &c->rules, e);
    if (rc == ES_OK)
        rc = es_reserved_load(c->app, c->ini, c->ask->account, a, &c->reserved,
                              e);
    if (rc == ES_OK)
        rc = take_name(c, a, errors, e);
    return rc == ES_OK && errors->n
               ? es_fail(e, ES_EINVAL, 0, "name: %s", errors->v[0].code)
               : rc;
}

/* ---- a line ---- */

enum es_code es_group_entry(const struct es_group_check *c,
                            const struct es_group_line *l, struct es_arena *a,
                            struct es_participant *p,
                            struct es_field_errors *errors, struct es_err *e)
{
    const struct es_join in = {
        .display_name = l->name,
        .country = l->country,
        .team_code = l->v[ES_GROUP_TEAM_CODE],
        .category = l->v[ES_GROUP_CATEGORY],
        .birth_year = l->v[ES_GROUP_BIRTH_YEAR],
        .age_group = l->v[ES_GROUP_AGE],
        .guardian_contact = l->v[ES_GROUP_GUARDIAN],
        .email = l->v[ES_GROUP_MAIL],
        .lang = c->ask->lang,
        .visibility = c->ask->visibility,
        .consents = c->consents,
        .account = c->ask->account,
        .into = c->group.team     ? c->group.team
                : c->ask->as_team ? -1
                                  : 0,
        .school = c->ask->school,
    };
    struct es_entry n = {
        .app = c->app,
        .ini = c->ini,
        .rules = &c->rules,
        .asked = &c->settings,
        .in = &in,
        .reserved = &c->reserved,
        .now_ms = c->now_ms,
        .a = a,
        .errors = errors,
        .p = p,
    };
    errors->n = 0;
    p->initiative = c->ini->id;
    p->created_ms = c->now_ms;
    /* A formula may be meant for whoever opens a table of names. */
    if (strchr("=+-@", *l->name) && *l->name)
        es_field_errors_add(errors, "display_name", "formula", NAN);
    return es_entry_check(&n, e);
}

/* Which person it tells of: their name and age within this group. */
static enum es_code identify(const struct es_group_check *c,
                             struct es_group_line *l, struct es_arena *a,
                             struct es_err *e)
{
    uint8_t hash[ES_HASH];
    const char *who = folded(a, l->name);
    const char *text =
        who ? es_arena_fmt(a, "%lld\x1f%s\x1f%s\x1f%s\x1f%s",
                           (long long)c->ini->id, c->key, *who ? who : l->name,
                           l->v[ES_GROUP_BIRTH_YEAR], l->v[ES_GROUP_AGE])
            : NULL;
    if (!text)
        return es_fail(e, ES_ENOMEM, 0, "a list");
    es_keyed_hash(c->app->key, "group-line", es_bytes_str(text), hash);
    memcpy(l->hash, hash, sizeof l->hash);
    return ES_OK;
}

/* The one sentence a line has for each cell that is wrong. */
static void keep_errors(struct es_group_line *l,
                        const struct es_field_errors *fe)
{
    for (size_t i = 0; i < fe->n && l->n_errors < ES_LINE_ERRORS; i++)
        l->errors[l->n_errors++] = fe->v[i];
    if (fe->n)
        l->state = ES_LINE_WRONG;
}

struct reading {
    struct es_group_check c;
    struct countries countries;
    struct head head;
    struct es_arena *a;
    struct es_group_list *out;
    uint32_t *seen; /* lines by hash, from 1; open addressing */
    size_t n_seen;
};

/* The line that told of the same person before. */
static int64_t seen_before(struct reading *r, size_t line)
{
    const struct es_group_line *l = &r->out->v[line];
    uint64_t h;
    memcpy(&h, l->hash, sizeof h);
    for (size_t i = (size_t)h & (r->n_seen - 1);;
         i = (i + 1) & (r->n_seen - 1)) {
        if (!r->seen[i]) {
            r->seen[i] = (uint32_t)line + 1;
            return 0;
        }
        const struct es_group_line *other = &r->out->v[r->seen[i] - 1];
        if (memcmp(other->hash, l->hash, sizeof l->hash) == 0)
            return other->line;
    }
}

static enum es_code fill(struct reading *r, const struct es_csv_row *row,
                         struct es_group_line *l, struct es_err *e)
{
    for (size_t i = 0; i < ES_GROUP_COLUMNS; i++) {
        size_t at = r->head.at[i];
        l->v[i] = at && at <= row->n ? row->v[at - 1] : "";
    }
    l->name = l->v[ES_GROUP_NAME];
    if (!*l->name)
        l->name =
            es_arena_fmt(r->a, "%s%s%s", l->v[ES_GROUP_FIRST],
                         *l->v[ES_GROUP_FIRST] ? " " : "", l->v[ES_GROUP_LAST]);
    return l->name ? ES_OK : es_fail(e, ES_ENOMEM, 0, "a list");
}

static enum es_code judge(struct reading *r, size_t at, struct es_arena *a,
                          struct es_err *e)
{
    struct es_group_line *l = &r->out->v[at];
    struct es_participant p = { 0 };
    struct es_field_errors fe;
    int64_t who;
    l->country = country_of(&r->countries, l->v[ES_GROUP_COUNTRY], a);
    enum es_code rc = es_group_entry(&r->c, l, a, &p, &fe, e);
    if (rc == ES_OK)
        rc = identify(&r->c, l, a, e);
    if (rc != ES_OK)
        return rc;
    /* It is a code, which lives on, or the cell. */
    if (l->country != l->v[ES_GROUP_COUNTRY])
        l->country = es_arena_str(r->a, l->country);
    if (!l->country)
        return es_fail(e, ES_ENOMEM, 0, "a list");
    keep_errors(l, &fe);
    if (*l->name)
        l->like = seen_before(r, at);
    if (l->like)
        l->state = ES_LINE_WRONG;
    if (l->state != ES_LINE_GOOD || !r->c.group.id)
        return ES_OK;
    rc = es_store_group_line(r->c.app->store, r->c.ini->id, r->c.group.id,
                             l->hash, &who, e);
    if (rc == ES_OK)
        l->state = ES_LINE_THERE;
    return rc == ES_ENOENT ? ES_OK : rc;
}

static enum es_code take_row(struct reading *r, const struct es_csv_row *row,
                             struct es_err *e)
{
    struct es_arena a;
    struct es_group_list *out = r->out;
    size_t at = out->n++;
    struct es_group_line *l = &out->v[at];
    *l = (struct es_group_line){ .line = row->line, .fault = row->fault };
    enum es_code rc = fill(r, row, l, e);
    l->country = "";
    if (row->fault) {
        l->state = ES_LINE_WRONG;
    } else if (rc == ES_OK) {
        es_arena_init(&a, LINE_ARENA);
        rc = judge(r, at, &a, e);
        es_arena_release(&a);
    }
    out->n_good += l->state == ES_LINE_GOOD;
    out->n_there += l->state == ES_LINE_THERE;
    out->n_wrong += l->state == ES_LINE_WRONG;
    return rc;
}

/* ---- all of it ---- */

static size_t lines_of(struct es_bytes s)
{
    size_t n = 1;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '\n' || s.p[i] == '\r';
    return n < ES_GROUP_LINES ? n : ES_GROUP_LINES;
}

static enum es_code make_room(struct reading *r, struct es_bytes s,
                              struct es_err *e)
{
    size_t n = lines_of(s);
    r->n_seen = 16;
    while (r->n_seen < 2 * n)
        r->n_seen *= 2;
    r->out->v = es_arena_array(r->a, n, sizeof *r->out->v);
    r->seen = es_arena_array(r->a, r->n_seen, sizeof *r->seen);
    return r->out->v && r->seen ? ES_OK : es_fail(e, ES_ENOMEM, 0, "a list");
}

/* The first line, which names the columns; or the first person of a list that
 * has nothing but names. */
static enum es_code first_row(struct reading *r, struct es_csv *csv,
                              struct es_err *e)
{
    struct es_csv_row row;
    struct es_csv again = *csv;
    bool more;
    enum es_code rc = es_csv_next(csv, r->a, &row, &more, e);
    if (rc != ES_OK)
        return rc;
    if (!more) {
        r->out->fault = ES_LIST_EMPTY;
        return ES_OK;
    }
    read_head(&row, r->a, &r->head, r->out);
    if (names_people(&r->head))
        return ES_OK;
    if (row.n == 1 || (row.n == 0 && row.fault)) {
        *csv = again;
        r->out->n_unused = 0;
        r->head.at[ES_GROUP_NAME] = 1;
        r->out->has[ES_GROUP_NAME] = true;
        return ES_OK;
    }
    r->out->fault = ES_LIST_NO_NAMES;
    return ES_OK;
}

static enum es_code read_rows(struct reading *r, struct es_csv *csv,
                              struct es_err *e)
{
    enum es_code rc = ES_OK;
    bool more = true;
    while (rc == ES_OK && more && r->out->fault == ES_LIST_GOOD) {
        struct es_csv_row row;
        rc = es_csv_next(csv, r->a, &row, &more, e);
        if (rc != ES_OK || !more)
            break;
        if (r->out->n == ES_GROUP_LINES)
            r->out->fault = ES_LIST_LONG;
        else
            rc = take_row(r, &row, e);
    }
    if (rc == ES_OK && r->out->fault == ES_LIST_GOOD && r->out->n == 0)
        r->out->fault = ES_LIST_EMPTY;
    return rc;
}

static enum es_code places_left(struct reading *r, struct es_err *e)
{
    int64_t all = es_settings_places(&r->c.settings, r->c.ini);
    int64_t placed = 0;
    r->out->left = -1;
    r->out->waiting = r->c.settings.waiting;
    if (!all)
        return ES_OK;
    enum es_code rc =
        es_store_count(r->c.app->store, r->c.ini->id, "placed", &placed, e);
    r->out->left = placed < all ? all - placed : 0;
    return rc;
}

enum es_code es_group_read(struct es_app *app, const struct es_initiative *ini,
                           const struct es_group_ask *ask, struct es_bytes csv,
                           struct es_arena *a, struct es_group_list *out,
                           struct es_field_errors *errors, struct es_err *e)
{
    struct es_csv c;
    struct reading r = { .c = { .app = app, .ini = ini, .ask = ask },
                         .a = a,
                         .out = out };
    *out = (struct es_group_list){ .fault = ES_LIST_GOOD };
    errors->n = 0;
    enum es_code rc = es_group_begin(&r.c, a, errors, e);
    if (rc == ES_OK)
        rc = load_countries(&r.countries, a, e);
    if (rc == ES_OK)
        rc = as_utf8(csv, a, &csv, e);
    if (rc == ES_OK)
        rc = make_room(&r, csv, e);
    es_csv_begin(&c, csv);
    if (rc == ES_OK)
        rc = first_row(&r, &c, e);
    if (rc == ES_OK)
        rc = read_rows(&r, &c, e);
    return rc == ES_OK ? places_left(&r, e) : rc;
}
