// SPDX-License-Identifier: AGPL-3.0-or-later
// What wasm.mjs and the browser tests' wasm_speed.js time: the calls that
// bench_wasm.c times natively, on the same files.

/** The module and its files in memory. `files` are Uint8Arrays; use(measure)
 *  reads them all, and with `measure` tells each activity as JSON besides. */
export async function loaded(module, files) {
    const { instance } = await WebAssembly.instantiate(module, {});
    const x = instance.exports;
    x._initialize();
    const out = x.calloc(1, 1024);
    const held = files.map((bytes) => {
        const p = x.malloc(bytes.length);
        new Uint8Array(x.memory.buffer, p, bytes.length).set(bytes);
        return [p, bytes.length];
    });

    function readOne(p, n, measure) {
        if (x.es_activities_read(p, n, 0, out, out + 16) !== 0)
            throw new Error("decode");
        const all = new DataView(x.memory.buffer).getUint32(out, true);
        const count = measure ? x.es_activities_count(all) : 0;
        for (let i = 0; i < count; i++)
            if (x.es_activities_json(all, i, out, out + 16) !== 0)
                throw new Error("measure");
        x.es_activities_free(all);
    }

    return {
        use(measure) {
            for (const [p, n] of held)
                readOne(p, n, measure);
        },
        release() {
            for (const [p] of held)
                x.free(p);
        },
    };
}

/** Times use() and says it, "fit decode 0.00123 node", in seconds: medians
 *  of samples of 20 ms or more. `cost(times)` is the processor's time of so
 *  many passes. */
export async function said(kind, what, where, cost) {
    for (let i = 0; i < 8; i++) // until the optimising compiler is done
        await cost(5);
    const times = Math.ceil(0.1 / await cost(5));
    const all = [];
    for (let i = 0; i < 21; i++)
        all.push(await cost(Math.ceil(times / 5)) / Math.ceil(times / 5));
    all.sort((a, b) => a - b);
    console.log(`${kind} ${what} ${all[10]} ${where}`);
}

/** What bench_wasm.c wrote: lines of "fit PATH". */
export function listed(text) {
    const kinds = {};
    for (const line of text.trim().split("\n")) {
        const [kind, ...path] = line.split(" ");
        (kinds[kind] ??= []).push(path.join(" "));
    }
    return Object.entries(kinds);
}
