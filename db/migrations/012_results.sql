-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The results of an initiative as they were frozen and signed, version by
-- version: added, never changed. `file` is what anybody downloads and checks.
CREATE TABLE result (
    initiative INTEGER NOT NULL,
    version INTEGER NOT NULL,
    account INTEGER NOT NULL, -- who froze them; 0: nobody of staff
    why TEXT NOT NULL,        -- of a correction; '' of the first
    at_ms INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    file BLOB NOT NULL,
    PRIMARY KEY (initiative, version)
) STRICT;
