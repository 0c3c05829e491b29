// SPDX-License-Identifier: Apache-2.0
// libeverystep-track in a page, a worker or Node: FIT, GPX and TCX files,
// plain, gzipped or zipped, read and measured without a server.
//
//     import { load } from "./everystep-track.mjs";
//     const track = await load(fetch("everystep-track.wasm"));
//     const file = await track.read(bytes);
//     for (const a of file.activities)
//         console.log(a.measure().distance_m);
//     file.close();
//
// The figures are those of the server, to the last bit: it is the same C.

/** What the engine takes at most, unpacked; as ES_UNPACKED_MAX. */
const UNPACKED_MAX = 64 << 20;
const FORMATS = ["", "fit", "gpx", "tcx"];
const NO_TIME = BigInt("-9223372036854775808");
// In the order of es_module_layout.
const NAMES = ["code", "at", "msg", "err_size", "member", "format", "track",
    "err", "pts", "n", "point_size", "t_ms", "lat_deg", "lon_deg", "dist_m",
    "alt_m", "speed_mps", "acc_m", "cadence_spm", "temp_c", "power_w",
    "hr_bpm", "flags"];

/** Why a file or a member of it can't be used: `code` is stable ("truncated"),
 * `at` a byte of the unpacked file. */
export class TrackError extends Error {
    constructor(code, message, at) {
        super(message);
        this.name = "TrackError";
        this.code = code;
        this.at = at;
    }
}

// ---- archives ----

async function inflated(bytes, how, room) {
    const stream = new Blob([bytes]).stream()
        .pipeThrough(new DecompressionStream(how));
    const parts = [];
    let n = 0;
    try {
        for (const reader = stream.getReader();;) {
            const { done, value } = await reader.read();
            if (done)
                break;
            n += value.length;
            if (n > room) {
                await reader.cancel();
                throw new TrackError("unpacks_too_large",
                    "unpacks to more than 64 MiB", 0);
            }
            parts.push(value);
        }
    } catch (e) {
        if (e instanceof TrackError)
            throw e;
        throw new TrackError("unpack_failed", "a broken archive", 0);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
}

const isGzip = (b) => b[0] === 0x1f && b[1] === 0x8b;
const isZip = (b) => b[0] === 0x50 && b[1] === 0x4b;

// The entries of a zip, by its directory. Source: PKWARE's APPNOTE 4.3.
function entries(zip) {
    const v = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
    let end = zip.length - 22;
    while (end >= 0 && v.getUint32(end, true) !== 0x06054b50)
        end--;
    if (end < 0)
        throw new TrackError("unpack_failed", "not a whole zip", zip.length);
    const found = [];
    let at = v.getUint32(end + 16, true);
    for (let i = v.getUint16(end + 10, true); i > 0; i--) {
        const name = v.getUint16(at + 28, true);
        const local = v.getUint32(at + 42, true);
        const data = local + 30 + v.getUint16(local + 26, true)
            + v.getUint16(local + 28, true);
        found.push({
            name: new TextDecoder().decode(
                zip.subarray(at + 46, at + 46 + name)),
            method: v.getUint16(at + 10, true),
            bytes: zip.subarray(data, data + v.getUint32(at + 20, true)),
        });
        at += 46 + name + v.getUint16(at + 30, true)
            + v.getUint16(at + 32, true);
    }
    return found;
}

function directory(zip) {
    try {
        return entries(zip);
    } catch (e) {
        if (e instanceof RangeError)
            throw new TrackError("unpack_failed", "a broken zip", 0);
        throw e;
    }
}

// The files in `bytes`: [{ member, bytes }], member null for a plain one.
async function unpacked(bytes) {
    let room = UNPACKED_MAX;
    const open = async (b, how) => {
        const out = how ? await inflated(b, how, room) : b;
        room -= out.length;
        return isGzip(out) ? open(out, "gzip") : out;
    };
    if (!isZip(bytes))
        return [{ member: null, bytes: await open(bytes, "") }];
    const members = [];
    for (const e of directory(bytes)) {
        const base = e.name.slice(e.name.lastIndexOf("/") + 1);
        if (base === "" || base.startsWith("._")
            || !/\.(fit|gpx|tcx)(\.gz)?$/i.test(base))
            continue;
        members.push({ member: e.name,
            bytes: await open(e.bytes, e.method === 8 ? "deflate-raw" : "") });
    }
    if (members.length === 0)
        throw new TrackError("no_activity",
            "no FIT, GPX or TCX file in the archive", 0);
    return members;
}

// ---- the module ----

/** One activity; good until its file is closed. */
class Activity {
    #lib;
    #all;
    #i;

    constructor(lib, all, i, member, format, track) {
        this.#lib = lib;
        this.#all = all;
        this.#i = i;
        /** Its name in a zip, or null. */
        this.member = member;
        /** "fit", "gpx" or "tcx" */
        this.format = format;
        this.track = track;
    }

    /** The measure, in the words of `everystep inspect --json`. */
    measure() {
        return JSON.parse(this.#lib.call("es_activities_json", this.#all,
            this.#i, (at) => this.#lib.text(at)));
    }

    /** The samples as columns: { t_ms, lat_deg, lon_deg, ... }, each a
     * Float64Array; what the file doesn't say is NaN. */
    points() {
        return this.#lib.points(this.track);
    }
}

class Library {
    constructor(instance) {
        this.x = instance.exports;
        const table = new Uint16Array(this.x.memory.buffer,
            this.x.es_module_layout(), NAMES.length);
        this.at = Object.fromEntries(NAMES.map((n, i) => [n, table[i]]));
        /** "0.1.0" */
        this.version = this.text(this.x.es_library_version());
    }

    view() { // anew each time: memory that grows is another buffer
        return new DataView(this.x.memory.buffer);
    }

    text(p) {
        const all = new Uint8Array(this.x.memory.buffer);
        return new TextDecoder().decode(all.subarray(p, all.indexOf(0, p)));
    }

    error(p) {
        const v = this.view();
        return new TrackError(
            this.text(this.x.es_code_name(v.getUint32(p + this.at.code, true))),
            this.text(p + this.at.msg), v.getUint32(p + this.at.at, true));
    }

    // fn(...args, out, err): what `take` makes of *out, or throws err.
    call(fn, ...args) {
        const take = args.pop();
        const room = this.x.calloc(1, this.at.err_size + 16);
        if (room === 0)
            throw new TrackError("out_of_memory", "no memory", 0);
        try {
            if (this.x[fn](...args, room, room + 16) !== 0)
                throw this.error(room + 16);
            return take(this.view().getUint32(room, true),
                this.view().getUint32(room + 4, true));
        } finally {
            this.x.free(room);
        }
    }

    points(track) {
        const v = this.view(), at = this.at;
        const n = v.getUint32(track + at.n, true);
        const p = v.getUint32(track + at.pts, true);
        const column = (read) => {
            const out = new Float64Array(n);
            for (let i = 0; i < n; i++)
                out[i] = read(p + i * at.point_size);
            return out;
        };
        const f64 = (k) => column((q) => v.getFloat64(q + at[k], true));
        const f32 = (k) => column((q) => v.getFloat32(q + at[k], true));
        return {
            t_ms: column((q) => {
                const t = v.getBigInt64(q + at.t_ms, true);
                return t === NO_TIME ? NaN : Number(t);
            }),
            lat_deg: f64("lat_deg"), lon_deg: f64("lon_deg"),
            dist_m: f64("dist_m"), alt_m: f32("alt_m"),
            speed_mps: f32("speed_mps"), acc_m: f32("acc_m"),
            cadence_spm: f32("cadence_spm"), temp_c: f32("temp_c"),
            power_w: column((q) => v.getUint16(q + at.power_w, true) || NaN),
            hr_bpm: column((q) => v.getUint8(q + at.hr_bpm) || NaN),
            flags: column((q) => v.getUint8(q + at.flags)),
        };
    }

    // The activities of one unpacked file, and how to let them go.
    open(bytes, member) {
        const p = this.x.malloc(bytes.length || 1);
        if (p === 0)
            throw new TrackError("out_of_memory", "no memory", 0);
        let all;
        try {
            new Uint8Array(this.x.memory.buffer, p, bytes.length).set(bytes);
            all = this.call("es_activities_read", p, bytes.length, 0, (q) => q);
        } finally {
            this.x.free(p);
        }
        const v = this.view(), activities = [];
        for (let i = 0; i < this.x.es_activities_count(all); i++) {
            const one = this.x.es_activities_at(all, i);
            activities.push(new Activity(this, all, i, member,
                FORMATS[v.getUint32(one + this.at.format, true)],
                v.getUint32(one + this.at.track, true)));
        }
        return { activities, close: () => this.x.es_activities_free(all) };
    }

    /** Reads a file (an ArrayBuffer or Uint8Array). Of an archive, members
     * that can't be used stand in `failed`: [{ member, error }]. Throws a
     * TrackError when nothing can. To be closed. */
    async read(file) {
        const opened = [], failed = [];
        const bytes = file instanceof Uint8Array ? file : new Uint8Array(file);
        for (const one of await unpacked(bytes)) {
            try {
                opened.push(this.open(one.bytes, one.member));
            } catch (error) {
                failed.push({ member: one.member, error });
            }
        }
        if (opened.length === 0)
            throw failed[0].error;
        return {
            activities: opened.flatMap((o) => o.activities),
            failed,
            close() {
                opened.splice(0).forEach((o) => o.close());
            },
        };
    }
}

/** The library from its module: a Response or the promise of one, bytes, or a
 * WebAssembly.Module. */
export async function load(source) {
    const given = await source;
    const bytes = typeof Response !== "undefined" && given instanceof Response
        ? await given.arrayBuffer() : given;
    const module = bytes instanceof WebAssembly.Module ? bytes
        : await WebAssembly.compile(bytes);
    const instance = await WebAssembly.instantiate(module, {});
    instance.exports._initialize();
    return new Library(instance);
}
