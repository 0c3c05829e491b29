// SPDX-License-Identifier: AGPL-3.0-or-later
// wasm.mjs MODULE LIST: the module in Node, on the files of the list.
import { readFileSync } from "node:fs";

import { listed, loaded, said } from "./wasm_use.mjs";

const [module, list] = process.argv.slice(2);

for (const [kind, paths] of listed(readFileSync(list, "utf8"))) {
    const set = await loaded(readFileSync(module),
        paths.map((p) => readFileSync(p)));
    for (const what of ["decode", "measure"])
        await said(kind, what, "node", (times) => {
            // The processor's time, as in bench.c: others may be at work.
            const start = process.cpuUsage();
            for (let i = 0; i < times; i++)
                set.use(what === "measure");
            const { user, system } = process.cpuUsage(start);
            return (user + system) / 1e6;
        });
    set.release();
}
