-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The rules of an initiative, version by version: the drafted ones, those that
-- its runs are being judged by again, and those of before. `after` is how far
-- that has come: the last person whose runs were looked at.
CREATE TABLE rule_change (
    initiative INTEGER NOT NULL,
    version INTEGER NOT NULL,
    state INTEGER NOT NULL,
    account INTEGER NOT NULL, -- whose it is; 0: nobody's of staff
    who TEXT NOT NULL, -- the same, as they were called
    why TEXT NOT NULL,
    at_ms INTEGER NOT NULL, -- drafted, then in force
    ended_ms INTEGER NOT NULL, -- all runs were looked at; 0: not yet
    opens_ms INTEGER NOT NULL,
    closes_ms INTEGER NOT NULL,
    zone TEXT NOT NULL,
    rules TEXT NOT NULL,
    after INTEGER NOT NULL,
    tally TEXT NOT NULL,
    PRIMARY KEY (initiative, version)
) STRICT, WITHOUT ROWID;

-- Where what a run counts depends on the person's other runs: what it would
-- count alone, and on which day of its runner it started.
CREATE TABLE share (
    initiative INTEGER NOT NULL,
    participant INTEGER NOT NULL,
    run INTEGER NOT NULL,
    started_ms INTEGER NOT NULL,
    day INTEGER NOT NULL,
    alone_mm INTEGER NOT NULL,
    PRIMARY KEY (initiative, participant, run)
) STRICT, WITHOUT ROWID;
