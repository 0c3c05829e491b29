-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Press releases, each in one language or several, and what others wrote.

CREATE TABLE press_release (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,         -- 1.., of each initiative; in its address
    publish_ms INTEGER NOT NULL, -- 0: no time is set
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (initiative, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX press_release_at ON press_release (initiative, publish_ms, id);

CREATE TABLE press_text (
    initiative INTEGER NOT NULL,
    release INTEGER NOT NULL,
    lang TEXT NOT NULL,
    title TEXT NOT NULL,
    place TEXT NOT NULL,
    body TEXT NOT NULL,    -- Markdown
    notes TEXT NOT NULL,   -- Markdown, for who writes about it
    contact TEXT NOT NULL,
    state INTEGER NOT NULL,
    edition INTEGER NOT NULL,    -- 1.., each change
    written_by INTEGER NOT NULL, -- an account: who changed it last
    written_ms INTEGER NOT NULL,
    approved_by INTEGER NOT NULL, -- 0: nobody
    approved_ms INTEGER NOT NULL,
    PRIMARY KEY (initiative, release, lang)
) STRICT, WITHOUT ROWID;

CREATE TABLE press_coverage (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    day_ms INTEGER NOT NULL, -- midnight, UTC, of the day it came out
    publisher TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT NOT NULL,
    lang TEXT NOT NULL,
    PRIMARY KEY (initiative, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX press_coverage_at ON press_coverage (initiative, day_ms, id);
