/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What an initiative asks of who registers, how many may, and how teams are
 * made. Kept as JSON of its own (store/people.h). */
#ifndef ES_INITIATIVE_SETTINGS_H
#define ES_INITIATIVE_SETTINGS_H

#include "base/buf.h"
#include "initiative/app.h"

enum es_asked { ES_ASK_OFF, ES_ASK_OPTIONAL, ES_ASK_REQUIRED };
enum es_asking {
    ES_ASKING_COUNTRY,
    ES_ASKING_TEAM,
    ES_ASKING_CATEGORY,
    ES_ASKING_MAIL,
    ES_ASKING_AGE,
    ES_ASKINGS
};
enum { ES_AGES_MAX = 12 };

struct es_settings {
    enum es_asked ask[ES_ASKINGS];
    bool age_group;      /* the age is asked as a group, else as a year of
                            birth */
    int32_t consent_age; /* who is younger needs a guardian's consent; 0: nobody
                            does */
    int64_t capacity;    /* people with a place; 0: as many as come */
    bool waiting;        /* who comes later waits for a place */
    int64_t closes_ms; /* nobody registers from then on; 0: while it is open */
    int32_t ages[ES_AGES_MAX]; /* lower bounds in years, rising from 0 */
    size_t n_ages;
    bool teams_by_all; /* participants make teams, too */
    int32_t team_min;  /* members of a team that stands by mean */
};

/* Everything optional, age as year of birth; 16 years; no capacity; groups from
 * 0, 18, 40 and 60; teams by organisers; three members. */
struct es_settings es_settings_default(void);

/* From and to the JSON that the store keeps. Unknown members are kept out;
 * absent ones are the default's. ES_EMALFORMED on anything else; *out is
 * untouched then. */
ES_MUST_CHECK enum es_code
es_settings_read(const char *json, struct es_settings *out, struct es_err *e);
void es_settings_write(const struct es_settings *s, struct es_buf *out);

/* Those of an initiative; *version (may be NULL) is 0 while they are the
 * default's. */
ES_MUST_CHECK enum es_code es_settings_of(struct es_store *store,
                                          int64_t initiative,
                                          struct es_settings *out,
                                          int64_t *version, struct es_err *e);

/* How many may have a place: the least of what the operator and the organiser
 * allow; 0: as many as come. */
int64_t es_settings_places(const struct es_settings *s,
                           const struct es_initiative *ini);
/* Whether somebody may register now; a waiting list is not looked at. */
bool es_settings_open(const struct es_settings *s,
                      const struct es_initiative *ini, int64_t now_ms);

/* Whether people stand by age group, too: where they choose it themselves. */
bool es_settings_by_age(const struct es_settings *s);

/* The stored age group (es_participant.age_group) of so many years, at the
 * most. */
int32_t es_age_group(const struct es_settings *s, int64_t years);
/* That of somebody who registered: by the year of birth that they gave, in the
 * year in which they came; else the group that holds the beginning of the one
 * they chose. */
int32_t es_age_group_of(const struct es_settings *s,
                        const struct es_participant *p);

/* ---- changing them ---- */

enum { ES_CONSENTS_MAX = 8 };
/* A purpose as the organiser edits it. */
struct es_consent_edit {
    const char *purpose; /* "" for a new one of the organiser's */
    const char *text;    /* "": this purpose is asked no more */
    const char *builtin; /* the text that stands where there is no own one, in
                            the initiative's language; "" for none */
    const char *url;     /* or "" */
    bool required;
    bool first; /* a purpose that we know is asked from now on */
};
struct es_settings_change {
    int64_t initiative;
    int64_t from; /* the version that was edited */
    struct es_settings settings;
    struct es_consent_edit consents[ES_CONSENTS_MAX];
    size_t n_consents;
};
/* A purpose whose text is another one has a new version from then on; the old
 * text is kept, and so is who agreed to it. With other age groups everybody is
 * put into theirs, in short writes. ES_ECONFLICT: somebody else changed the
 * settings meanwhile. */
ES_MUST_CHECK enum es_code es_settings_save(struct es_app *app,
                                            const struct es_settings_change *c,
                                            struct es_arena *a,
                                            struct es_err *e);

#endif
