-- SPDX-License-Identifier: AGPL-3.0-or-later
-- How an initiative looks (initiative/face.h), and what is shown with it.
ALTER TABLE initiative ADD COLUMN face TEXT NOT NULL DEFAULT '{}';

-- Pictures, videos and captions: where their bytes are, as in `blob`.
CREATE TABLE media (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    at INTEGER NOT NULL,
    length INTEGER NOT NULL,
    key BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (initiative, id)
) STRICT, WITHOUT ROWID;

-- Words of the names that the public sees, folded, for searching by their
-- beginnings. Filled when the server first opens the store (meta "words"); a
-- migration that changes how words are folded empties both.
CREATE TABLE name_word (
    initiative INTEGER NOT NULL,
    word TEXT NOT NULL,
    participant INTEGER NOT NULL,
    PRIMARY KEY (initiative, word, participant)
) STRICT, WITHOUT ROWID;
CREATE INDEX name_word_of ON name_word (initiative, participant, word);

-- A run's route that its owner chose to show: trimmed by the zones, its
-- positions sealed with a key derived from the instance's.
CREATE TABLE route (
    initiative INTEGER NOT NULL,
    participant INTEGER NOT NULL,
    run INTEGER NOT NULL,
    shown_ms INTEGER NOT NULL,
    line BLOB NOT NULL,
    PRIMARY KEY (initiative, participant, run)
) STRICT, WITHOUT ROWID;

-- What of a person's routes nobody sees, for ever; sealed likewise.
CREATE TABLE zone (
    initiative INTEGER NOT NULL,
    participant INTEGER NOT NULL,
    id INTEGER NOT NULL,
    circle BLOB NOT NULL,
    PRIMARY KEY (initiative, participant, id)
) STRICT, WITHOUT ROWID;
