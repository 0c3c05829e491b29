-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Classes and clubs that were registered from a list.

CREATE TABLE group_list (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL, -- as names are compared: one list of each
    account INTEGER NOT NULL, -- who registered it first
    team INTEGER NOT NULL,    -- they run for; 0: none
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (initiative, id),
    UNIQUE (initiative, name_key)
) STRICT, WITHOUT ROWID;

-- Who came from it. `line` tells a line that comes again: a keyed hash, from
-- which nothing can be read. Erasing a person erases their row.
CREATE TABLE group_person (
    initiative INTEGER NOT NULL,
    list INTEGER NOT NULL,
    participant INTEGER NOT NULL,
    line BLOB NOT NULL,
    PRIMARY KEY (initiative, list, participant),
    UNIQUE (initiative, list, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_person_who ON group_person (initiative, participant);
