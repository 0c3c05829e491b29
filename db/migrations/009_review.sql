-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What became of each run, and which runs wait for a person.

-- Append-only. The steps of an initiative count up without a gap, and each
-- holds a hash over itself and the one before it (store/steps.h), so that one
-- that is changed or missing is noticed. Runs of before have no steps.
CREATE TABLE step (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    run INTEGER NOT NULL,
    participant INTEGER NOT NULL,
    what INTEGER NOT NULL,
    status INTEGER NOT NULL, -- of the run from then on
    account INTEGER NOT NULL, -- of staff; 0: the machine or the participant
    role INTEGER NOT NULL,
    reason TEXT NOT NULL, -- a stable word, or ''
    said BLOB NOT NULL, -- hash of salt and words; empty without words
    rules_version INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    chain BLOB NOT NULL,
    PRIMARY KEY (initiative, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX step_of ON step (initiative, run, id);
CREATE INDEX step_what ON step (initiative, what, id);
CREATE INDEX step_by ON step (initiative, account, id) WHERE account > 0;

-- What somebody wrote with a step. It can be erased with the person whose
-- words they are, and the hashes still hold.
CREATE TABLE said (
    initiative INTEGER NOT NULL,
    step INTEGER NOT NULL,
    salt BLOB NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (initiative, step)
) STRICT, WITHOUT ROWID;

-- Runs in review. Whose turn it is: 0 a reviewer's, 1 the participant's.
CREATE TABLE queue (
    initiative INTEGER NOT NULL,
    run INTEGER NOT NULL,
    participant INTEGER NOT NULL,
    why INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    since_ms INTEGER NOT NULL,
    PRIMARY KEY (initiative, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX queue_turn ON queue (initiative, turn, since_ms, run);
CREATE INDEX queue_why ON queue (initiative, why, since_ms, run);
CREATE INDEX queue_of ON queue (initiative, participant, since_ms, run);

-- Which findings bring a run there, while it is a reviewer's turn.
CREATE TABLE queue_for (
    initiative INTEGER NOT NULL,
    code TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    run INTEGER NOT NULL,
    alone INTEGER NOT NULL, -- 1: no other does
    PRIMARY KEY (initiative, code, since_ms, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX queue_for_run ON queue_for (initiative, run);

-- Those that wait already; what for is read off their findings at the start.
INSERT INTO queue (initiative, run, participant, why, turn, since_ms)
    SELECT initiative, id, participant, 1, 0, received_ms FROM run
    WHERE status = 1;
