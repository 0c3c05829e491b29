-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What a recorder told of a run while it lasted: time and metres, no place.
-- They go once the run has been handed in, or after two days.
CREATE TABLE live_report (
    initiative INTEGER NOT NULL,
    participant INTEGER NOT NULL,
    recording TEXT NOT NULL,  -- the phone's own name for it
    at_ms INTEGER NOT NULL,   -- when it came in
    t_ms INTEGER NOT NULL,    -- the phone's clock
    dist_mm INTEGER NOT NULL, -- so far
    PRIMARY KEY (initiative, participant, recording, at_ms)
) STRICT;
