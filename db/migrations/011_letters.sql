-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Messages to participants by mail.

-- Which an initiative sends. No row: as it comes (store/letters.h).
CREATE TABLE letter_kind (
    initiative INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    is_on INTEGER NOT NULL,
    days INTEGER NOT NULL, -- of a reminder: how long before
    PRIMARY KEY (initiative, kind)
) STRICT, WITHOUT ROWID;

-- What the organiser adds to one, by language.
CREATE TABLE letter_words (
    initiative INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    lang TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (initiative, kind, lang)
) STRICT, WITHOUT ROWID;

-- One row for each event and person, kept: so none is written twice. It holds
-- no address and no text: both are looked up when it is sent.
CREATE TABLE letter (
    id INTEGER NOT NULL PRIMARY KEY,
    initiative INTEGER NOT NULL,
    participant INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    about INTEGER NOT NULL, -- which event of that kind; 0: there is one only
    run INTEGER NOT NULL,   -- 0: none
    state INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    next_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    fault INTEGER NOT NULL, -- of the last try; 0: none
    code INTEGER NOT NULL,  -- what the server answered; 0: nothing
    UNIQUE (initiative, participant, kind, about)
) STRICT;
CREATE INDEX letter_next ON letter (next_ms) WHERE state = 0;
CREATE INDEX letter_failed ON letter (initiative, id)
    WHERE state IN (2, 3) OR (state = 0 AND fault > 0);

-- How many there are of each kind and state.
CREATE TABLE letter_count (
    initiative INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    state INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (initiative, kind, state)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER letter_added AFTER INSERT ON letter BEGIN
    INSERT INTO letter_count VALUES (new.initiative, new.kind, new.state, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER letter_moved AFTER UPDATE OF state ON letter
WHEN new.state <> old.state BEGIN
    UPDATE letter_count SET n = n - 1 WHERE initiative = old.initiative
        AND kind = old.kind AND state = old.state;
    INSERT INTO letter_count VALUES (new.initiative, new.kind, new.state, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER letter_gone AFTER DELETE ON letter BEGIN
    UPDATE letter_count SET n = n - 1 WHERE initiative = old.initiative
        AND kind = old.kind AND state = old.state;
END;

-- A message to everybody is written for some at a time: up to whom it is.
CREATE TABLE letter_round (
    initiative INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    after INTEGER NOT NULL, -- a participant
    done INTEGER NOT NULL,
    PRIMARY KEY (initiative, kind)
) STRICT, WITHOUT ROWID;

-- What came of writing to somebody.
CREATE TABLE mail_state (
    initiative INTEGER NOT NULL,
    participant INTEGER NOT NULL,
    stopped_ms INTEGER NOT NULL, -- they want only what is necessary; 0: no
    refused_ms INTEGER NOT NULL, -- their address takes no mail; 0: it does
    refused BLOB NOT NULL,       -- hash of that address
    code INTEGER NOT NULL,
    PRIMARY KEY (initiative, participant)
) STRICT, WITHOUT ROWID;
-- With the address goes what is known of it; that they want no more stays.
CREATE TRIGGER mail_state_gone AFTER DELETE ON mail BEGIN
    UPDATE mail_state SET refused_ms = 0, refused = x'', code = 0
        WHERE initiative = old.initiative AND participant = old.participant;
END;

-- "Send me a test", the last of an account.
CREATE TABLE mail_test (
    account INTEGER NOT NULL PRIMARY KEY,
    address TEXT NOT NULL,
    lang TEXT NOT NULL,
    asked_ms INTEGER NOT NULL,
    done_ms INTEGER NOT NULL, -- 0: not yet
    fault INTEGER NOT NULL,
    code INTEGER NOT NULL,
    said TEXT NOT NULL -- the server's own words
) STRICT;

-- What happened before there were messages is not written about.
INSERT OR IGNORE INTO meta (key, value)
    SELECT 'letters seen', CAST(coalesce(max(id), 0) AS BLOB) FROM outbox;
INSERT INTO letter_round (initiative, kind, after, done)
    SELECT id, 8, 0, 1 FROM initiative WHERE state = 4;
