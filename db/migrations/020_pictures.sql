-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The exhibition of an initiative: what stands above its pictures.
CREATE TABLE exhibition (
    initiative INTEGER PRIMARY KEY,
    occasion INTEGER NOT NULL,  -- the event at which it is shown; 0: none
    lang TEXT NOT NULL,         -- of all its words, its pictures' too
    title TEXT NOT NULL,
    about TEXT NOT NULL,
    edition INTEGER NOT NULL DEFAULT 1, -- rises with each change
    edited_by INTEGER NOT NULL, -- account
    edited_ms INTEGER NOT NULL
) STRICT;

-- Its pictures; `id` is that of the medium that is the largest size.
CREATE TABLE picture (
    initiative INTEGER NOT NULL,
    id INTEGER NOT NULL,
    state INTEGER NOT NULL,     -- store/pictures.h
    rank INTEGER NOT NULL,      -- its place in the order, > 0
    bytes INTEGER NOT NULL,     -- of all its sizes
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    licence INTEGER NOT NULL,   -- store/pictures.h
    name TEXT NOT NULL,         -- of the file, for who brought it
    alt TEXT NOT NULL,          -- what it shows
    caption TEXT NOT NULL,
    credit TEXT NOT NULL,
    taken TEXT NOT NULL,        -- when: "spring of 1921", "12 May 2019"
    place TEXT NOT NULL,
    warning TEXT NOT NULL,      -- told before it is seen; '': none
    created_ms INTEGER NOT NULL,
    edition INTEGER NOT NULL DEFAULT 1, -- rises with each change
    edited_by INTEGER NOT NULL, -- account
    edited_ms INTEGER NOT NULL,
    PRIMARY KEY (initiative, id)
) STRICT;
CREATE UNIQUE INDEX picture_order ON picture (initiative, rank);
CREATE INDEX picture_shown ON picture (initiative, state, rank);
CREATE INDEX picture_room ON picture (initiative, state, bytes);
