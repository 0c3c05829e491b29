/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* A class or a club registered from a list: read and checked first, line by
 * line, with nothing stored; then all good lines at once. A line that was
 * registered is known again by the group's name and the person's, so a list
 * that is brought twice, or mended and brought again, adds only who is new. */
#ifndef ES_INITIATIVE_GROUP_H
#define ES_INITIATIVE_GROUP_H

#include "base/csv.h"
#include "initiative/registration.h"
#include "store/groups.h"

enum es_group_column {
    ES_GROUP_NAME,
    ES_GROUP_FIRST, /* first name and surname stand for the name */
    ES_GROUP_LAST,
    ES_GROUP_COUNTRY, /* its code, or its name in any of our languages */
    ES_GROUP_CATEGORY,
    ES_GROUP_BIRTH_YEAR,
    ES_GROUP_AGE,
    ES_GROUP_MAIL,
    ES_GROUP_TEAM_CODE,
    ES_GROUP_GUARDIAN,
    ES_GROUP_COLUMNS
};
/* What a column is called; to be translated. */
const char *es_group_column_name(enum es_group_column c);
/* Two columns that our list of wrong lines has besides; to be translated. */
extern const char ES_GROUP_LINE_HEAD[], ES_GROUP_WRONG_HEAD[];

/* What holds for all of them. Borrowed. */
struct es_group_ask {
    const char *name;              /* of the class or club */
    bool as_team;                  /* they run for a team of that name */
    bool school;                   /* es_join.school */
    const char *visibility, *lang; /* as in es_join */
    int64_t account;               /* of staff, who registers them */
};

enum es_line_state {
    ES_LINE_GOOD,
    ES_LINE_THERE, /* registered already */
    ES_LINE_WRONG
};
enum { ES_LINE_ERRORS = 3 };
struct es_group_line {
    int64_t line; /* of the file, from 1 */
    enum es_line_state state;
    enum es_csv_fault fault; /* then there are no values */
    int64_t like;            /* the line that tells of the same person; 0 */
    const char *v[ES_GROUP_COLUMNS]; /* as they came; "" */
    const char *name;                /* whole */
    const char *country;             /* its code, or as it came */
    struct es_field_error errors[ES_LINE_ERRORS];
    size_t n_errors;
    uint8_t hash[ES_GROUP_LINE];
};

enum es_list_fault {
    ES_LIST_GOOD,
    ES_LIST_EMPTY,
    ES_LIST_NO_NAMES, /* the first line names no column of names */
    ES_LIST_LONG      /* more than ES_GROUP_LINES */
};
struct es_group_list {
    enum es_list_fault fault;
    bool has[ES_GROUP_COLUMNS];
    const char *unused[ES_CSV_VALUES]; /* columns that nothing is made of */
    size_t n_unused;
    struct es_group_line *v;
    size_t n, n_good, n_there, n_wrong;
    int64_t left; /* places; -1: as many as come */
    bool waiting; /* whoever finds none waits for one */
};

/* Reads and checks a list: `csv` as spreadsheets write it (base/csv.h), also in
 * UTF-16; without a first line of names where it has one column. All of *out is
 * in the arena, which needs some 6 times the size of the list and 3 MiB. ES_OK
 * also with faults; ES_EINVAL with `errors` at `name` and `csv`, when the group
 * can't be called so or the list is no table. */
ES_MUST_CHECK enum es_code
es_group_read(struct es_app *app, const struct es_initiative *ini,
              const struct es_group_ask *ask, struct es_bytes csv,
              struct es_arena *a, struct es_group_list *out,
              struct es_field_errors *errors, struct es_err *e);

struct es_group_done {
    int64_t group;
    int64_t in, waits, there;
    int64_t full;  /* found no place */
    int64_t wrong; /* lines that were good when they were read */
};
/* Registers the good lines, in short writes; cut short or called twice, nobody
 * comes in twice. ES_EDENIED: nobody can register now; ES_EINVAL with errors
 * at `name`. */
ES_MUST_CHECK enum es_code
es_group_register(struct es_app *app, const struct es_initiative *ini,
                  const struct es_group_ask *ask,
                  const struct es_group_list *list, struct es_group_done *out,
                  struct es_field_errors *errors, struct es_err *e);

/* New personal links for those who have signed in nowhere yet, in place of
 * the ones before: "" for the others. */
struct es_group_link {
    char secret[ES_SECRET_TEXT];
};
ES_MUST_CHECK enum es_code es_group_links(struct es_app *app,
                                          const struct es_participant *v,
                                          size_t n, struct es_group_link *out,
                                          struct es_err *e);

#endif
