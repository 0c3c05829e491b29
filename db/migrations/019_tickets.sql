-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Registration for an event of the programme, and who came.
CREATE TABLE ticketing (
    initiative INTEGER NOT NULL,
    occasion INTEGER NOT NULL,
    open INTEGER NOT NULL,      -- whether people may register
    places INTEGER NOT NULL,    -- 0: as many as come
    waiting INTEGER NOT NULL,   -- whether there is a list for who comes later
    closes_ms INTEGER NOT NULL, -- 0: when it ends
    keep_days INTEGER NOT NULL, -- after its end, until names are erased
    choices TEXT NOT NULL,      -- JSON: programme/ticket.h
    placed INTEGER NOT NULL DEFAULT 0, -- tickets with a place
    waits INTEGER NOT NULL DEFAULT 0,  -- tickets that wait for one
    edition INTEGER NOT NULL DEFAULT 1,
    edited_by INTEGER NOT NULL, -- account
    edited_ms INTEGER NOT NULL,
    PRIMARY KEY (initiative, occasion)
) STRICT;
CREATE TABLE ticket (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    occasion INTEGER NOT NULL,
    state INTEGER NOT NULL,     -- store/tickets.h
    affiliation INTEGER NOT NULL, -- which of the event's choices
    name TEXT NOT NULL,         -- '' once it is erased
    words TEXT NOT NULL,        -- of the name, as they are searched
    mail TEXT NOT NULL,
    lang TEXT NOT NULL,
    code BLOB NOT NULL,         -- hash of what is shown at the door
    once BLOB NOT NULL,         -- of the form that it came with
    created_ms INTEGER NOT NULL,
    placed_ms INTEGER NOT NULL, -- 0: no place yet
    ended_ms INTEGER NOT NULL,  -- given back; 0: no
    keep_until_ms INTEGER NOT NULL, -- as was agreed to
    came_ms INTEGER NOT NULL DEFAULT 0, -- first shown at a door; 0: not yet
    came_door INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (initiative, id)
) STRICT;
CREATE UNIQUE INDEX ticket_code ON ticket (initiative, occasion, code);
CREATE UNIQUE INDEX ticket_once ON ticket (initiative, occasion, once);
CREATE INDEX ticket_counts ON ticket
    (initiative, occasion, affiliation, state, came_ms);
CREATE INDEX ticket_all ON ticket (initiative, occasion, id);
CREATE INDEX ticket_waits ON ticket (initiative, occasion, id)
    WHERE state = 1;
CREATE INDEX ticket_kept ON ticket (keep_until_ms) WHERE name != '';
-- Each time that a ticket was shown at a door, by that door's clock. The first
-- of all doors is when its holder came; the others say that it was shown again.
CREATE TABLE ticket_shown (
    initiative INTEGER NOT NULL,
    occasion INTEGER NOT NULL,
    ticket INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    door INTEGER NOT NULL,
    got_ms INTEGER NOT NULL,    -- when we heard of it
    PRIMARY KEY (initiative, occasion, ticket, at_ms, door)
) STRICT;
CREATE INDEX ticket_shown_door ON ticket_shown (initiative, occasion, door);
-- A device that checks tickets.
CREATE TABLE ticket_door (
    initiative INTEGER NOT NULL,
    occasion INTEGER NOT NULL,
    id INTEGER NOT NULL,
    name TEXT NOT NULL,         -- "Main entrance"
    account INTEGER NOT NULL,   -- who holds it
    seen_ms INTEGER NOT NULL,   -- when it last told us anything
    PRIMARY KEY (initiative, occasion, id)
) STRICT;
