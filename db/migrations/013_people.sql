-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Who takes part, how they come, and how they leave.

-- What is asked of who registers, how many may, and how teams are made
-- (initiative/settings.h). `version` rises with each change.
CREATE TABLE registration (
    initiative INTEGER NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    settings TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Append-only: each text that people were asked to agree to.
CREATE TABLE consent_text (
    initiative INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    version TEXT NOT NULL, -- as it stands in a participant's consents
    text TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (initiative, purpose, version)
) STRICT, WITHOUT ROWID;

ALTER TABLE participant ADD COLUMN state INTEGER NOT NULL DEFAULT 0;
ALTER TABLE participant ADD COLUMN guardian INTEGER NOT NULL DEFAULT 0;
ALTER TABLE participant ADD COLUMN age_group INTEGER NOT NULL DEFAULT 0;
-- Who waits for a place, in the order of their bibs.
CREATE INDEX participant_waits ON participant (initiative, bib)
    WHERE state = 1;
CREATE INDEX participant_team ON participant (initiative, team, bib)
    WHERE team <> 0;

-- How many have a place: so that the last one goes to one person.
INSERT INTO counter (initiative, name, value)
    SELECT initiative, 'placed', count(*) FROM participant GROUP BY initiative;

ALTER TABLE team ADD COLUMN open INTEGER NOT NULL DEFAULT 0;
ALTER TABLE team ADD COLUMN captain INTEGER NOT NULL DEFAULT 0;
