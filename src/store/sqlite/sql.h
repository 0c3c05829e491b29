/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The statements, by name. What each binds and gives stands in sql.c. */
#ifndef ES_STORE_SQLITE_SQL_H
#define ES_STORE_SQLITE_SQL_H

enum es_query {
    ES_Q_BEGIN,
    ES_Q_COMMIT,
    ES_Q_ROLLBACK,
    ES_Q_SAVE,
    ES_Q_SAVE_KEEP,
    ES_Q_SAVE_UNDO,
    ES_Q_META,
    ES_Q_META_PUT,
    ES_Q_COUNT_UP,
    ES_Q_SLUG,
    ES_Q_SLUG_TAKE,
    ES_Q_INITIATIVE,
    ES_Q_INITIATIVES,
    ES_Q_INITIATIVE_PUT,
    ES_Q_TEAMS,
    ES_Q_TEAM_BY_CODE,
    ES_Q_TEAM_ADD,
    ES_Q_PARTICIPANT,
    ES_Q_PARTICIPANT_ADD,
    ES_Q_CREDENTIAL,
    ES_Q_CREDENTIAL_ADD,
    ES_Q_CREDENTIAL_DROP,
    ES_Q_RUN,
    ES_Q_RUN_BY_CODE,
    ES_Q_RUN_BY_UPLOAD,
    ES_Q_RUNS_OF,
    ES_Q_RUNS_WITH,
    ES_Q_RUN_ADD,
    ES_Q_RUN_UPDATE,
    ES_Q_RUN_CODE_ADD,
    ES_Q_BLOB_ADD,
    ES_Q_BLOB_DROP,
    ES_Q_UPLOAD_ADD,
    ES_Q_UPLOAD_DROP,
    ES_Q_UPLOAD_OF_OTHER,
    ES_Q_RUN_BETWEEN,
    ES_Q_LEDGER_ADD,
    ES_Q_IDEM,
    ES_Q_IDEM_PUT,
    ES_Q_EACH_SUM,
    ES_Q_SUM_OF,
    ES_Q_OUTBOX_AFTER,
    ES_Q_OUTBOX_LAST,
    ES_Q_OUTBOX_ADD,
    ES_Q_OUTBOX_TRIM,
    ES_Q_SEGMENT,
    ES_Q_SEGMENT_PUT,
    ES_Q_SEGMENT_NAMED,
    ES_Q_BLOBS,
    ES_Q_INTEGRITY,
    ES_Q_COUNT
};

extern const char *const ES_SQL[ES_Q_COUNT];

#endif
