// SPDX-License-Identifier: AGPL-3.0-or-later
// wasm.mjs MODULE FOLDER: times what bench_wasm.c times, on its files; a line
// each, "fit decode 0.00123", in seconds: medians of 21 samples of 20 ms.
import { readFileSync } from "node:fs";

const [path, folder] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(path), {});
const x = instance.exports;
x._initialize();

const out = x.calloc(1, 1024);

function use(p, n, measure) {
    if (x.es_activities_read(p, n, 0, out, out + 16) !== 0)
        throw new Error("decode");
    const all = new DataView(x.memory.buffer).getUint32(out, true);
    if (measure && x.es_activities_json(all, 0, out, out + 16) !== 0)
        throw new Error("measure");
    x.es_activities_free(all);
}

// The processor's time, as in bench.c: others may be at work beside.
function sample(times, fn) {
    const start = process.cpuUsage();
    for (let i = 0; i < times; i++)
        fn();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6 / times;
}

for (const kind of ["fit", "gpx", "tcx"]) {
    const file = readFileSync(`${folder}/${kind}`);
    const p = x.malloc(file.length);
    new Uint8Array(x.memory.buffer, p, file.length).set(file);
    for (const what of ["decode", "measure"]) {
        const fn = () => use(p, file.length, what === "measure");
        sample(200, fn); // until the optimising compiler is done
        const times = Math.ceil(0.02 / sample(20, fn));
        const all = Array.from({ length: 21 }, () => sample(times, fn))
            .sort((a, b) => a - b);
        console.log(`${kind} ${what} ${all[10]}`);
    }
    x.free(p);
}
