-- SPDX-License-Identifier: AGPL-3.0-or-later
-- How a run reached us (track/provenance.h): 1 live, 2 the device's own file,
-- 3 re-exported, 4 typed in. Of files that were there before, it is read off
-- their measure (track/wire.c): the format at byte 2, the maker's name from
-- byte 90 on.
ALTER TABLE run ADD COLUMN provenance INTEGER NOT NULL DEFAULT 0;
UPDATE run SET provenance = CASE
    WHEN kind = 1 THEN 4
    WHEN kind = 2 THEN 1
    WHEN substr(measure, 2, 1) = x'01' THEN 2
    ELSE 3 END;
UPDATE run SET provenance = 2 WHERE provenance = 3 AND EXISTS (
    SELECT 1 FROM (
        SELECT 'opentracks' AS maker UNION ALL SELECT 'fitotrack'
        UNION ALL SELECT 'runnerup' UNION ALL SELECT 'osmand'
        UNION ALL SELECT 'gpslogger' UNION ALL SELECT 'open gpx tracker'
        UNION ALL SELECT 'oruxmaps' UNION ALL SELECT 'locus map'
        UNION ALL SELECT 'geo tracker' UNION ALL SELECT 'organic maps'
        UNION ALL SELECT 'etrex' UNION ALL SELECT 'gpsmap'
        UNION ALL SELECT 'edge705' UNION ALL SELECT 'edge605')
    WHERE lower(CAST(substr(measure, 90, length(maker)) AS TEXT)) = maker);

-- The sums of a person by provenance come from the index alone, as before.
DROP INDEX run_of;
CREATE INDEX run_of ON run (initiative, participant, id, status, counted_mm,
    time_ms, started_ms, provenance);
