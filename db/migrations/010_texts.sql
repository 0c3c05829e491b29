-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Which state of an initiative somebody looked at who now writes it back:
-- counted up by each write, so that nobody's work is written over unseen.
ALTER TABLE initiative ADD COLUMN edition INTEGER NOT NULL DEFAULT 1;
ALTER TABLE initiative ADD COLUMN edited_by INTEGER NOT NULL DEFAULT 0;
ALTER TABLE initiative ADD COLUMN edited_ms INTEGER NOT NULL DEFAULT 0;
-- Its texts in further languages (initiative/texts.h), and the way along which
-- its total moves (initiative/way.h).
ALTER TABLE initiative ADD COLUMN texts TEXT NOT NULL DEFAULT '{}';
ALTER TABLE initiative ADD COLUMN way TEXT NOT NULL DEFAULT '{}';
