// SPDX-License-Identifier: AGPL-3.0-or-later
// The samples of FIT files as Garmin's kit reads them, one line of JSON a
// file, as fit_points.c writes them: fit_records.mjs KIT FILE…
import { readFileSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

const kit = pathToFileURL(`${process.argv[2]}/node_modules/@garmin/fitsdk/src/index.js`);
const { Decoder, Stream } = await import(kit);

const one = (v) => (Array.isArray(v) ? v[v.length - 1] : v) ?? null;
const degrees = (v) => (v === null ? null : (v * 180) / 2 ** 31);

function row(r) {
    let lat = degrees(one(r.positionLat));
    let lon = degrees(one(r.positionLong));
    if (lat === null || lon === null || Math.abs(lat) > 90)
        lat = lon = null;
    let cadence = one(r.cadence256) ?? one(r.cadence);
    if (cadence !== null)
        cadence += one(r.fractionalCadence) ?? 0;
    const t = r.timestamp ? r.timestamp.getTime() : null;
    const part = Math.round((one(r.time128) ?? 0) * 1000);
    return [t === null ? null : t + part, lat, lon, one(r.distance),
            one(r.enhancedAltitude) ?? one(r.altitude),
            one(r.enhancedSpeed) ?? one(r.speed), one(r.heartRate) || null,
            cadence, one(r.temperature), one(r.power) || null];
}

for (const file of process.argv.slice(3)) {
    const stream = Stream.fromByteArray(readFileSync(file));
    let line = null;
    try {
        const { messages, errors } = new Decoder(stream).read();
        line = { errors: errors.map(String),
                 beats: (messages.hrMesgs ?? []).length,
                 records: (messages.recordMesgs ?? []).map(row) };
    } catch (e) {
        line = { errors: [String(e)], records: [] };
    }
    let text = Buffer.from(`${JSON.stringify(line)}\n`);
    while (text.length) {
        try {
            text = text.subarray(writeSync(1, text));
        } catch (e) {
            if (e.code !== "EAGAIN")
                throw e;
        }
    }
}
