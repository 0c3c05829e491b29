-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Integers, text and bytes only; times are UTC milliseconds, distances whole
-- millimetres. Every table is keyed first by its initiative; what is unique
-- on the whole instance stands in a table keyed by that value. A migration
-- that has been released never changes: the next one adds.

-- What the instance knows of itself: server key, flags.
CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Numbers that count up: bibs of an initiative; the outbox under 0.
CREATE TABLE counter (
    initiative INTEGER NOT NULL,
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (initiative, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE initiative (
    id INTEGER NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    purpose TEXT NOT NULL,
    holder TEXT NOT NULL,
    contact TEXT NOT NULL,
    lang TEXT NOT NULL,
    zone TEXT NOT NULL,
    opens_ms INTEGER NOT NULL,
    closes_ms INTEGER NOT NULL,
    goal_mm INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    state INTEGER NOT NULL,
    rules_version INTEGER NOT NULL,
    rules TEXT NOT NULL,
    consents TEXT NOT NULL
) STRICT;

-- A slug once given stays with its initiative: links in the world go on.
CREATE TABLE slug (
    slug TEXT NOT NULL PRIMARY KEY,
    initiative INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE team (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    code TEXT NOT NULL,
    code_key TEXT NOT NULL, -- the code in lower case
    PRIMARY KEY (initiative, id),
    UNIQUE (initiative, code_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE participant (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    bib INTEGER NOT NULL,
    display_name TEXT NOT NULL,
    country TEXT NOT NULL,
    team INTEGER NOT NULL,
    category TEXT NOT NULL,
    birth_year INTEGER NOT NULL,
    visibility INTEGER NOT NULL,
    guardian_contact TEXT NOT NULL,
    email TEXT NOT NULL,
    lang TEXT NOT NULL,
    consents TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (initiative, id),
    UNIQUE (initiative, bib)
) STRICT, WITHOUT ROWID;

-- Only the hash of a secret is anywhere.
CREATE TABLE credential (
    hash BLOB NOT NULL PRIMARY KEY,
    kind INTEGER NOT NULL,
    initiative INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The measure makes rows of several kilobytes, so they lie beside their key,
-- and the wide columns stand last: a sum reads none of their pages.
CREATE TABLE run (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    participant INTEGER NOT NULL,
    code TEXT NOT NULL,
    kind INTEGER NOT NULL,
    status INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    started_ms INTEGER NOT NULL,
    dist_mm INTEGER NOT NULL,
    counted_mm INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    rules_version INTEGER NOT NULL,
    activity INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    member TEXT NOT NULL,
    note TEXT NOT NULL,
    findings BLOB NOT NULL,
    measure BLOB NOT NULL,
    PRIMARY KEY (initiative, id)
) STRICT;
CREATE INDEX run_of ON run
    (initiative, participant, id, status, counted_mm, time_ms, started_ms);
CREATE INDEX run_with ON run (initiative, status, id);

CREATE TABLE run_code (
    code TEXT NOT NULL PRIMARY KEY,
    initiative INTEGER NOT NULL,
    run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where a run's original bytes are, and the only key to them.
CREATE TABLE blob (
    initiative INTEGER NOT NULL,
    run INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    at INTEGER NOT NULL,
    length INTEGER NOT NULL,
    key BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (initiative, run)
) STRICT, WITHOUT ROWID;

-- The live run that somebody's bytes made.
CREATE TABLE upload (
    initiative INTEGER NOT NULL,
    hash BLOB NOT NULL,
    participant INTEGER NOT NULL,
    activity INTEGER NOT NULL,
    run INTEGER NOT NULL,
    PRIMARY KEY (initiative, hash, participant, activity)
) STRICT, WITHOUT ROWID;

-- Append-only.
CREATE TABLE ledger (
    initiative INTEGER NOT NULL,
    participant INTEGER NOT NULL,
    id INTEGER NOT NULL,
    run INTEGER NOT NULL,
    delta_mm INTEGER NOT NULL,
    delta_ms INTEGER NOT NULL,
    delta_runs INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (initiative, participant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
    initiative INTEGER NOT NULL,
    participant INTEGER NOT NULL,
    key TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    run INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (initiative, participant, key)
) STRICT, WITHOUT ROWID;

-- What changed, for those who follow. Ids rise in the order of commits.
CREATE TABLE outbox (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    origin INTEGER NOT NULL, -- which opening of the store wrote it
    kind TEXT NOT NULL,
    payload BLOB NOT NULL,
    PRIMARY KEY (initiative, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_order ON outbox (id);

-- Up to where a segment file is known to be on the disk.
CREATE TABLE segment (
    number INTEGER NOT NULL PRIMARY KEY,
    synced INTEGER NOT NULL
) STRICT;
