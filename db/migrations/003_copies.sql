-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What a run is found by when another may be a copy of it: marks made under a
-- key derived from the instance's (copies/copies.h). Goes with the run's bytes.
CREATE TABLE sketch (
    initiative INTEGER NOT NULL,
    run INTEGER NOT NULL,
    marks BLOB NOT NULL,
    PRIMARY KEY (initiative, run)
) STRICT, WITHOUT ROWID;

-- Runs that a run was found to be the same recording as, for who reviews it.
CREATE TABLE alike (
    initiative INTEGER NOT NULL,
    run INTEGER NOT NULL,
    other INTEGER NOT NULL,
    PRIMARY KEY (initiative, run, other)
) STRICT, WITHOUT ROWID;
