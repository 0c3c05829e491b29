-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The programme: ceremonies, meetings, seminars. Other tables name one of its
-- events by (initiative, id).
CREATE TABLE occasion (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    kind INTEGER NOT NULL,      -- store/programme.h
    state INTEGER NOT NULL,     -- store/programme.h
    starts_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL,   -- not before it starts
    zone TEXT NOT NULL,         -- in which its times are told
    lang TEXT NOT NULL,         -- of title and body
    title TEXT NOT NULL,
    body TEXT NOT NULL,         -- JSON: programme/occasion.h
    sequence INTEGER NOT NULL,  -- changes that calendars are to notice
    created_ms INTEGER NOT NULL,
    edition INTEGER NOT NULL DEFAULT 1, -- rises with each change
    edited_by INTEGER NOT NULL, -- account
    edited_ms INTEGER NOT NULL,
    PRIMARY KEY (initiative, id)
) STRICT;
-- A programme that stands alone: its initiative has no run.
ALTER TABLE initiative ADD COLUMN alone INTEGER NOT NULL DEFAULT 0;
CREATE INDEX occasion_when ON occasion (initiative, starts_ms, id);
