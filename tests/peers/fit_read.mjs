// SPDX-License-Identifier: AGPL-3.0-or-later
// A FIT file as Garmin's kit reads it, as JSON: fit_read.mjs KIT FILE.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const kit = pathToFileURL(`${process.argv[2]}/node_modules/@garmin/fitsdk/src/index.js`);
const { Decoder, Stream } = await import(kit);
const stream = Stream.fromByteArray(readFileSync(process.argv[3]));
const files = [];
while (stream.position < stream.length) {
    const decoder = new Decoder(stream);
    const isFit = decoder.isFIT();
    const whole = files.length ? true : decoder.checkIntegrity();
    const { messages, errors } = decoder.read();
    files.push({ isFit, whole, errors: errors.map(String), messages });
    if (errors.length)
        break;
}
process.stdout.write(JSON.stringify(files));
