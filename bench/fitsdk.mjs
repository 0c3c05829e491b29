// SPDX-License-Identifier: AGPL-3.0-or-later
// Garmin's FIT kit over files in memory: fitsdk.mjs KIT SECONDS PASSES FILE...
// Prints {"files": those it read without an error, "bytes", "seconds": each pass, of the processor}.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , kit, seconds, passes, ...paths] = process.argv;
const home = pathToFileURL(`${kit}/node_modules/@garmin/fitsdk/src/index.js`);
const { Decoder, Stream } = await import(home);

function read(bytes) {
    const stream = Stream.fromByteArray(bytes);
    do {
        const { errors } = new Decoder(stream).read();
        if (errors.length)
            return false;
    } while (stream.position < stream.length);
    return true;
}

const files = paths.map(path => readFileSync(path)).filter(bytes => {
    try {
        return read(bytes);
    } catch {
        return false;
    }
});
const times = [];
const begun = performance.now();
while (files.length && times.length < passes &&
       (times.length < 3 || performance.now() - begun < seconds * 1000)) {
    const from = process.cpuUsage();
    files.forEach(read);
    const { user, system } = process.cpuUsage(from);
    times.push((user + system) / 1e6);
}
console.log(JSON.stringify({
    files: files.length,
    bytes: files.reduce((sum, bytes) => sum + bytes.length, 0),
    seconds: times,
}));
