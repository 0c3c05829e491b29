// SPDX-License-Identifier: AGPL-3.0-or-later
// trace.mjs: the time that the recorder's line takes in a browser: the next fix
// of a run of 30,000, a frame of the whole in which both ends are cut, and all
// of it anew, for a way through a town and for laps of a stadium.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const TRACE = join(dirname(fileURLToPath(import.meta.url)),
    "../js/record/trace.ts");
const PAGE = `
import { Trace } from ${JSON.stringify(TRACE)};
const N = 30_000, TIMES = 50;
let seed = 7;
const chance = () => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5;
const ways = {
  town: () => {
    let [lat, lon, turn] = [47, 8, 0];
    return () => {
      turn += 0.3 * chance();
      lat += (3 * Math.cos(turn)) / 111195 + 4e-6 * chance();
      lon += (3 * Math.sin(turn)) / 75800 + 6e-6 * chance();
      return [lat, lon];
    };
  },
  stadium: () => {
    let s = 0;
    return () => {
      s += 3 / 63.7;
      return [47 + 63.7 * Math.cos(s) / 111195 + 2e-5 * chance(),
        8 + 63.7 * Math.sin(s) / 75800 + 3e-5 * chance()];
    };
  },
};
const frame = [];
globalThis.requestAnimationFrame = (act) => frame.push(act);
const out = [];
for (const [name, way] of Object.entries(ways)) {
  const canvas = document.createElement("canvas");
  canvas.style.cssText = "display:block;width:358px;height:320px;color:#064";
  document.body.append(canvas);
  const trace = new Trace(canvas);
  const flush = () => { // what is drawn is only asked for until it is read
    for (const act of frame.splice(0)) act();
    canvas.getContext("2d").getImageData(0, 0, 1, 1);
  };
  const ms = (act) => {
    const t = [];
    for (let i = 0; i < TIMES; i++) {
      const from = performance.now();
      act(i);
      flush();
      t.push(performance.now() - from);
    }
    t.sort((a, b) => a - b);
    return t[TIMES >> 1].toFixed(2) + " ms, the longest of " + TIMES + " "
      + t[TIMES - 1].toFixed(2) + " ms";
  };
  const next = way();
  const step = () => trace.add(...next(), false);
  for (let i = 0; i < N; i++) step();
  flush();
  out.push(["the line of 30,000 fixes, " + name + ": the next", ms(step)]);
  out.push(["the same, both ends cut", ms((i) => trace.keep(100 + i, N - i))]);
  out.push(["the same, another width", ms((i) => {
    canvas.style.width = 300 + i + "px";
    trace.draw();
  })]);
}
document.body.textContent = out.map((l) => l.join("\\t")).join("\\n");
`;

const folder = mkdtempSync(join(tmpdir(), "everystep-trace-"));
const run = (program, args, input) => {
    const done = spawnSync(program, args, { input, encoding: "utf8",
        maxBuffer: 1 << 24 });
    if (done.error?.code === "ENOENT") {
        console.log(`the recorder's line\tnot tried: no ${program} here`);
        process.exit(0);
    }
    if (done.status !== 0) throw new Error(done.stderr);
    return done.stdout;
};
try {
    const script = run("esbuild", ["--bundle", "--format=iife",
        "--loader=ts"], PAGE);
    const page = join(folder, "page.html");
    writeFileSync(page, `<!doctype html><body></body><script>${script}</script>`);
    const dom = run("chromium", ["--headless", "--no-sandbox", "--disable-gpu",
        "--disable-background-networking", `--user-data-dir=${folder}`,
        "--window-size=400,800", "--force-device-scale-factor=2", "--dump-dom",
        `file://${page}`]);
    console.log(/<body>([^<]*)/.exec(dom)[1].trim());
} finally {
    rmSync(folder, { recursive: true, force: true });
}
