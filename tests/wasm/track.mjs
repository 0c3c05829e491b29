// SPDX-License-Identifier: Apache-2.0
// The WebAssembly module through its own wrapper: track.mjs MODULE FILE GPX
// prints, one JSON value a line, what test_wasm.py asks about.
import { readFile } from "node:fs/promises";
import { deflateRawSync, gzipSync } from "node:zlib";

import { load, TrackError } from "../../src/lib/wasm/everystep-track.mjs";

const [path, file] = process.argv.slice(2);
const module = await WebAssembly.compile(await readFile(path));
const gpx = await readFile(file);
const track = await load(module);

function say(what, value) {
    console.log(JSON.stringify([what, value]));
}

async function measures(bytes) {
    try {
        const f = await track.read(bytes);
        const out = f.activities.map((a) => a.measure());
        f.close();
        return out;
    } catch (e) {
        if (!(e instanceof TrackError))
            throw e;
        return { code: e.code, at: e.at, message: e.message };
    }
}

// A zip of [name, bytes, deflated]: directory and local headers, no checksums.
function zip(members) {
    const parts = [], directory = [];
    let at = 0;
    for (const [name, raw, deflated] of members) {
        const data = deflated ? deflateRawSync(raw) : raw;
        const head = Buffer.alloc(30 + name.length);
        head.writeUInt32LE(0x04034b50, 0);
        head.writeUInt16LE(deflated ? 8 : 0, 8);
        head.writeUInt32LE(data.length, 18);
        head.writeUInt16LE(name.length, 26);
        head.write(name, 30);
        const entry = Buffer.alloc(46 + name.length);
        entry.writeUInt32LE(0x02014b50, 0);
        entry.writeUInt16LE(deflated ? 8 : 0, 10);
        entry.writeUInt32LE(data.length, 20);
        entry.writeUInt16LE(name.length, 28);
        entry.writeUInt32LE(at, 42);
        entry.write(name, 46);
        at += head.length + data.length;
        parts.push(head, data);
        directory.push(entry);
    }
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(members.length, 10);
    end.writeUInt32LE(at, 16);
    return Buffer.concat([...parts, ...directory, end]);
}

say("imports", WebAssembly.Module.imports(module));
say("version", track.version);
say("plain", await measures(gpx));
say("gzip", await measures(gzipSync(gpx)));
say("broken gzip", await measures(gzipSync(gpx).subarray(0, 100)));
say("bomb", await measures(gzipSync(Buffer.alloc(65 << 20))));
say("stored", await measures(zip([["__MACOSX/._a.gpx", gpx, false],
    ["a.gpx", gpx, false], ["b.gpx.gz", gzipSync(gpx), false]])));
let raw = true;
try {
    new DecompressionStream("deflate-raw");
} catch {
    raw = false; // Node before 20.12
}
say("deflated", raw ? await measures(zip([["a.gpx", gpx, true],
    ["bad.fit", Buffer.from("no"), true]])) : null);
say("cut zip", await measures(zip([["a.gpx", gpx, false]]).subarray(0, 500)));
say("nothing", await measures(Buffer.alloc(0)));
say("no activity", await measures(Buffer.from("hello, this is no file")));
say("cut", await measures(gpx.subarray(0, 150)));

// The columns.
const f = await track.read(gpx);
const [a] = f.activities;
const p = a.points();
say("columns", [p.t_ms.length, p.t_ms[0], p.lat_deg[300], p.lon_deg[0],
    p.hr_bpm[0], p.power_w[0], p.flags[0]]);
f.close();

// Files one after the other need no more memory than one.
const before = track.x.memory.buffer.byteLength;
for (let i = 0; i < 300; i++)
    await measures(gpx);
say("grown", track.x.memory.buffer.byteLength - before);
