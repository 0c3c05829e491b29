/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the files of web/site.h share. */
#ifndef ES_WEB_SITE_INT_H
#define ES_WEB_SITE_INT_H

#include "initiative/rules.h"
#include "web/site.h"
#include "web/web_int.h"

/* ---- where things are kept ---- */

enum es_site_kind {
    ES_SITE_PAGE,  /* one that is written for its address alone */
    ES_SITE_BOARD, /* the same, and it may go on */
    ES_SITE_LIST,  /* of a person or a team: written with all the others */
    ES_SITE_RUN,   /* written with its person */
    ES_SITE_COPY   /* no page: a picture, a sheet, a table */
};
enum { ES_SITE_NAME = 128, ES_SITE_PATH = 1024 };
struct es_site_place {
    enum es_site_kind kind;
    char file[ES_SITE_NAME]; /* below the folder */
};

/* Names that addresses are read with. */
struct es_site_names {
    char root[ES_SITE_NAME];                      /* "/e/slug" */
    const char *category[ES_RULE_CATEGORIES_MAX]; /* as addresses have them */
    size_t n_categories;
    struct es_store *store;
    int64_t initiative;
};
/* The list that is being written, and how far it is: its next page is known
 * by a cursor that isn't this one's. */
struct es_site_turn {
    char cursor[ES_SITE_PATH]; /* as in its address; "" on the first page */
    int64_t page;              /* 1.. */
};

/* Where a page in `lang` finds what has this address of ours; *next: it is the
 * page after the one of `turn`. False: it isn't kept. */
bool es_site_place_of(const struct es_site_names *n,
                      const struct es_site_turn *turn, const char *path,
                      const struct es_lang *lang, struct es_site_place *out,
                      bool *next);

/* ---- the folder ---- */

struct es_site_disk {
    const char *dir;
    char part[4096]; /* where it is written */
    int fd;          /* of it; -1: not open */
};
/* Makes the folder beside `dir`, and takes away what was left there by an
 * earlier try. ES_EEXIST: something is in `dir`; ES_EIO. */
ES_MUST_CHECK enum es_code es_site_disk_open(struct es_site_disk *d,
                                             const char *dir, struct es_err *e);
/* Opens a new file below it, with the folders that it needs. */
ES_MUST_CHECK enum es_code es_site_disk_create(struct es_site_disk *d,
                                               const char *file, int *fd,
                                               struct es_err *e);
ES_MUST_CHECK enum es_code es_site_disk_put(struct es_site_disk *d,
                                            const char *file,
                                            struct es_bytes bytes,
                                            struct es_err *e);
/* All of it is durable, and stands where it was to be. */
ES_MUST_CHECK enum es_code es_site_disk_done(struct es_site_disk *d,
                                             struct es_err *e);
void es_site_disk_close(struct es_site_disk *d);

#endif
