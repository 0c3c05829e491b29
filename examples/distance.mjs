// SPDX-License-Identifier: Apache-2.0
// distance.mjs MODULE FILE...: how far and how long each activity was, by the
// WebAssembly module.
//
//     node distance.mjs everystep-track.wasm run.fit
import { readFile } from "node:fs/promises";

import { load } from "../src/lib/wasm/everystep-track.mjs";

const [module, ...paths] = process.argv.slice(2);
const track = await load(readFile(module));
for (const path of paths) {
    console.log(path);
    try {
        const file = await track.read(await readFile(path));
        for (const a of file.activities) {
            const m = a.measure();
            console.log(`  ${m.sport}, ${a.format}: `
                + `${Math.round(m.distance_m)} m in ${m.elapsed_s} s, `
                + `${a.points().lat_deg.length} points`);
            for (const f of m.findings)
                console.log(`    ${f.message}`);
        }
        for (const { member, error } of file.failed)
            console.log(`  ${member}: ${error.message} (byte ${error.at})`);
        file.close();
    } catch (e) {
        console.log(`  ${e.code}: ${e.message} (byte ${e.at})`);
        process.exitCode = 1;
    }
}
