// SPDX-License-Identifier: AGPL-3.0-or-later
// The track engine as others put it into a page: examples/distance.html under
// a policy as strict as ours, and what it says beside `everystep inspect`, to
// the last bit, of a made-up run and of the real files where they are.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { basename, extname, join } from "node:path";
import { ROOT, built, temporary } from "./everystep.js";
import { run } from "./gpx.js";
import { visit } from "./visitor.js";

const MODULE = "src/lib/wasm/everystep-track.wasm";
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; " +
  "style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";
const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css",
  ".mjs": "text/javascript", ".wasm": "application/wasm" };
const TRACKS = join(ROOT, "../shared/tracks");
const SHOWN = 12; // of the real files, chosen by hand as it were

const real = ["fit", "gpx", "tcx"].flatMap((kind) => {
  const dir = join(TRACKS, kind);
  return existsSync(dir) ? readdirSync(dir)
    .filter((f) => f.endsWith(`.${kind}`)).map((f) => join(dir, f)) : [];
});

function module() {
  try {
    return built(MODULE);
  } catch {
    return null; // where its compiler isn't
  }
}

// What the folder of the page has to hold, and the files as /0, /1, ...
async function serve(files) {
  const places = {
    "/everystep-track.mjs": join(ROOT, "src/lib/wasm/everystep-track.mjs"),
    "/everystep-track.wasm": module(),
    ...Object.fromEntries(files.map((f, i) => [`/${i}`, f])),
  };
  const server = createServer((request, answer) => {
    const path = places[request.url] ?? join(ROOT, "examples", request.url);
    if (!existsSync(path)) return answer.writeHead(404).end();
    answer.writeHead(200, {
      "Content-Type": TYPES[extname(path)] ?? "application/octet-stream",
      "Content-Security-Policy": POLICY,
      "X-Content-Type-Options": "nosniff",
    });
    return answer.end(readFileSync(path));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What the program says of each file: [[a measure or an error]]. */
function inspected(files) {
  const done = spawnSync(built("everystep"), ["inspect", "--json", ...files],
    { encoding: "utf8", maxBuffer: 1 << 28 });
  const rows = done.stdout.trim().split("\n").map((l) => JSON.parse(l));
  return files.map((f) => rows.filter((r) => r.file === f).map((r) => {
    const { file, member, activity, activities, ...said } = r;
    return said;
  }));
}

/** The same, by the module in the page. */
function measured(page, count) {
  return page.evaluate(async (n) => {
    const { load } = await import("/everystep-track.mjs");
    const track = await load(fetch("/everystep-track.wasm"));
    const all = [];
    for (let i = 0; i < n; i++) {
      const bytes = await (await fetch(`/${i}`)).arrayBuffer();
      try {
        const file = await track.read(bytes);
        all.push(file.activities.map((a) => a.measure()));
        file.close();
      } catch ({ code, message, at }) {
        all.push([{ error: { code, message, at } }]);
      }
    }
    return all;
  }, count);
}

const far = (said) => said.distance_m === null ? "no distance"
  : `${(said.distance_m / 1000).toFixed(3)} km`;

describe("the example of the engine in a page", {
  skip: module() ? false : "no module: its compiler isn't installed",
}, () => {
  const made = join(temporary(), "made.gpx");
  const files = [made, ...real];
  let server;
  let said;
  before(async () => {
    writeFileSync(made, run({ metres: 4000 }).buffer);
    said = inspected(files);
    server = await serve(files);
  });
  after(() => server?.stop());

  for (const dark of [false, true])
    for (const width of [320, 1280])
      test(`shows the distance of what is chosen, ${width} px, ` +
        `${dark ? "dark" : "light"}`, () =>
        visit(server, { dark, width }, async (page) => {
          await page.goto("/distance.html");
          const shown = files.filter((_, i) => said[i][0].distance_m != null)
            .slice(0, SHOWN);
          await page.setInputFiles("input", shown);
          const want = shown.flatMap((f) => said[files.indexOf(f)]);
          await page.locator("li").nth(want.length - 1).waitFor();
          assert.deepEqual(await page.locator(".far").allInnerTexts(),
            want.map(far));
          assert.equal(await page.locator("h2").first().innerText(),
            basename(made));
          assert(await page.locator("li").first().locator("polyline")
            .isVisible());
          assert(await page.evaluate(() =>
            document.documentElement.scrollWidth <= innerWidth));
        }));

  test("says what is wrong with a file, and takes the next", () =>
    visit(server, {}, async (page) => {
      await page.goto("/distance.html");
      await page.setInputFiles("input",
        { name: "a.gpx", mimeType: "", buffer: Buffer.from("no run") });
      await page.locator("li .wrong").waitFor();
      await page.setInputFiles("input", made);
      await page.locator("li .far").waitFor();
      assert.equal(await page.locator("li .far").innerText(), far(said[0][0]));
    }));

  test("the module says in Chromium what the program says", (t) =>
    visit(server, {}, async (page) => {
      await page.goto("/distance.html");
      const got = await measured(page, files.length);
      files.forEach((f, i) => assert.deepEqual(got[i], said[i], basename(f)));
      t.diagnostic(`${files.length} files`);
    }));
});
