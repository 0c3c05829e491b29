-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Who speaks in public, for which body, and what they said.

-- A person who speaks, a body, or a group of these.
CREATE TABLE party (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    what INTEGER NOT NULL,     -- 1 a person, 2 a body, 3 a group
    kind INTEGER NOT NULL,     -- of a body: a ministry, a university; 0
    names TEXT NOT NULL,       -- JSON, in several languages
    sort_key TEXT NOT NULL,    -- the first of them, folded
    portrait INTEGER NOT NULL, -- media; 0: none
    edition INTEGER NOT NULL,  -- rises with each change
    PRIMARY KEY (initiative, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX party_list ON party (initiative, what, sort_key, id);
CREATE INDEX party_portrait ON party (initiative, portrait) WHERE portrait > 0;

-- An office that a person held in a body, or a membership in a group, with the
-- days from which and until which; '' is open.
CREATE TABLE seat (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    party INTEGER NOT NULL,
    of INTEGER NOT NULL,    -- the body or group; 0: an office in none
    title TEXT NOT NULL,    -- JSON, in several languages
    country TEXT NOT NULL,  -- alpha-2 or ''
    from_day TEXT NOT NULL, -- 2026-08-25
    to_day TEXT NOT NULL,   -- the last one
    PRIMARY KEY (initiative, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX seat_party ON seat (initiative, party, from_day);
CREATE INDEX seat_of ON seat (initiative, of, from_day);

-- A statement as it is being written. What the public reads is a version.
CREATE TABLE statement (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,       -- 1, 2, 3 of its initiative
    content TEXT NOT NULL,     -- JSON, see programme/statement.h
    state INTEGER NOT NULL,
    version INTEGER NOT NULL,  -- published last; 0: none
    writer INTEGER NOT NULL,   -- account that wrote last
    written_ms INTEGER NOT NULL,
    approval INTEGER NOT NULL, -- the step by which it was approved; 0
    edition INTEGER NOT NULL,
    speaker INTEGER NOT NULL,  -- of what is being written
    -- As the public sees it; '' and 0 while it doesn't.
    shown_day TEXT NOT NULL,
    shown_speaker INTEGER NOT NULL,
    shown_event INTEGER NOT NULL,
    shown_of INTEGER NOT NULL, -- the statement that it translates; 0
    PRIMARY KEY (initiative, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX statement_wall ON statement (initiative, shown_of, shown_day, id)
    WHERE shown_day <> '';
CREATE INDEX statement_speaker
    ON statement (initiative, shown_speaker, shown_of, shown_day, id)
    WHERE shown_day <> '';
CREATE INDEX statement_event
    ON statement (initiative, shown_event, shown_of, shown_day, id)
    WHERE shown_day <> '' AND shown_event > 0;
CREATE INDEX statement_by ON statement (initiative, speaker);
CREATE INDEX statement_state ON statement (initiative, state, id);

-- Each version that was published, never changed.
CREATE TABLE statement_version (
    initiative INTEGER NOT NULL,
    statement INTEGER NOT NULL,
    version INTEGER NOT NULL,
    content TEXT NOT NULL,
    note TEXT NOT NULL,        -- what was corrected; '' of the first
    at_ms INTEGER NOT NULL,
    approval INTEGER NOT NULL, -- step
    PRIMARY KEY (initiative, statement, version)
) STRICT, WITHOUT ROWID;

-- What became of a statement, and by whom. Append-only.
CREATE TABLE statement_step (
    initiative INTEGER NOT NULL,
    statement INTEGER NOT NULL,
    id INTEGER NOT NULL,
    what INTEGER NOT NULL,
    account INTEGER NOT NULL,
    version INTEGER NOT NULL,
    -- Of an approval: who of the speaker's side gave it, how, on which day,
    -- and whether who noted it had written the words.
    name TEXT NOT NULL,
    how INTEGER NOT NULL,
    day TEXT NOT NULL,
    own INTEGER NOT NULL,
    words TEXT NOT NULL, -- a correction's note, why it was taken back
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (initiative, statement, id)
) STRICT, WITHOUT ROWID;
