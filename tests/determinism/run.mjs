// SPDX-License-Identifier: Apache-2.0
// run.mjs PROGRAM.wasm [FILE...]: a WASI program in the current folder.
import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";

const [program, ...files] = process.argv.slice(2);
const wasi = new WASI({
    version: "preview1", args: ["bits", ...files], preopens: { ".": "." },
});
const { instance } = await WebAssembly.instantiate(
    await readFile(program), { wasi_snapshot_preview1: wasi.wasiImport });
process.exitCode = wasi.start(instance);
