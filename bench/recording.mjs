// SPDX-License-Identifier: AGPL-3.0-or-later
// recording.mjs MODULE: the recorder's engine in Node over a run of six hours:
// the time of one fix (added, and the distance so far), of the whole measured
// again, of its file; and the memory that it all takes.
import { readFileSync } from "node:fs";

const HOURS = 6, AT = 20_000, AROUND = 500;
const { instance } = await WebAssembly.instantiate(
    readFileSync(process.argv[2]), {});
const x = instance.exports;
x._initialize();
const run = x.es_recording_new(1);
const out = x.calloc(1, 1024);
let seed = 7;
const chance = () => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5;
const ms = (act) => {
    const t = process.hrtime.bigint();
    act();
    return Number(process.hrtime.bigint() - t) / 1e6;
};
const times = [], settles = [];
let lat = 47, lon = 8, heading = 0;
for (let s = 0; s < HOURS * 3600; s++) {
    heading += 0.04 * chance();
    lat += (3 * Math.cos(heading)) / 111_195 + 4e-6 * chance();
    lon += (3 * Math.sin(heading)) / 75_800 + 6e-6 * chance();
    const took = ms(() => {
        if (x.es_recording_add(run, 1.78e12 + s * 1000, lat, lon, 400, NaN, 8,
            0) !== 0) throw new Error(`fix ${s} is refused`);
        x.es_recording_now(run);
    });
    if (Math.abs(s - AT) <= AROUND) times.push(took);
    if (s % Math.max(15, Math.floor(s / 500)) === 0) {
        const whole = ms(() => {
            if (x.es_recording_measure(run, 0, s + 1, out, out + 16) !== 0)
                throw new Error(`${s} fixes can't be measured`);
        });
        if (Math.abs(s - AT) <= AROUND) settles.push(whole);
    }
}
const sorted = (v) => v.sort((a, b) => a - b);
const told = (name, v) => console.log(`${name}\t`
    + `${sorted(v)[v.length >> 1].toFixed(3)} ms, 99 of 100 within `
    + `${v[Math.ceil(v.length * 0.99) - 1].toFixed(3)} ms`);
told("a fix among 20,000", times);
told("all of 20,000 measured again", settles);
for (const [name, format] of [["FIT", 1], ["GPX", 2]])
    told(`six hours as ${name}`, [ms(() => {
        if (x.es_recording_write(run, 0, HOURS * 3600, format, out, out + 16))
            throw new Error(name);
    })]);
console.log(`memory after six hours\t`
    + `${(x.memory.buffer.byteLength / 2 ** 20).toFixed(1)} MiB`);
