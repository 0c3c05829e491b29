-- SPDX-License-Identifier: AGPL-3.0-or-later
-- A picture is kept in several sizes: the largest is the picture, the others
-- are `of` it. What is too large for one blob lies in pieces, and its own
-- segment is 0 then.
ALTER TABLE media ADD COLUMN of INTEGER NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN width INTEGER NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN height INTEGER NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN pieces INTEGER NOT NULL DEFAULT 0;
CREATE INDEX media_sizes ON media (initiative, of);

-- `start`: where in the medium a piece begins. Each has a key of its own, so
-- that a part of a film is opened without the rest.
CREATE TABLE media_piece (
    initiative INTEGER NOT NULL,
    media INTEGER NOT NULL,
    start INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    at INTEGER NOT NULL,
    length INTEGER NOT NULL,
    key BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (initiative, media, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_piece_in ON media_piece (segment);

-- A medium that isn't whole yet, by the id that it will have. `type` is '' as
-- long as nothing of it has come.
CREATE TABLE media_upload (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    account INTEGER NOT NULL,
    kind TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    length INTEGER NOT NULL,
    received INTEGER NOT NULL,
    pieces INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    touched_ms INTEGER NOT NULL,
    PRIMARY KEY (initiative, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_upload_idle ON media_upload (touched_ms);

-- The picture that a person brought as evidence of a typed-in run.
CREATE TABLE evidence (
    initiative INTEGER NOT NULL,
    run INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    at INTEGER NOT NULL,
    length INTEGER NOT NULL,
    key BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (initiative, run)
) STRICT, WITHOUT ROWID;
