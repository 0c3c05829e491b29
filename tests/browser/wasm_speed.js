// SPDX-License-Identifier: AGPL-3.0-or-later
// run.py --do wasm_speed MODULE LIST: the track engine's module in Chromium,
// on the files of the list; what `./dev bench wasm` sets beside native code.
import { readFileSync } from "node:fs";

import { listed, said } from "../../bench/wasm_use.mjs";
import { closeBrowser, launched } from "./visitor.js";

const [module, list] = process.argv.slice(2);
const ORIGIN = "http://bench.test"; // answered here; nothing leaves the machine
const USE = new URL("../../bench/wasm_use.mjs", import.meta.url);
const PAGE = { contentType: "text/html", body: "<!doctype html>" };

// The time that the page's thread had a core, in seconds.
async function clockOf(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await cdp.send("Performance.getMetrics");
    return metrics.find((m) => m.name === "ThreadTime").value;
  };
}

// A page that holds the files of one kind as `set`.
async function opened(paths) {
  const page = await (await launched()).newPage();
  await page.route("**/*", (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/") return route.fulfill(PAGE);
    const path = pathname === "/module" ? module
      : pathname === "/use.mjs" ? USE : paths[Number(pathname.slice(1))];
    return route.fulfill({ body: readFileSync(path),
      contentType: path === USE ? "text/javascript" : "application/wasm" });
  });
  await page.goto(ORIGIN);
  await page.evaluate(async (count) => {
    const bytes = async (path) =>
      new Uint8Array(await (await fetch(path)).arrayBuffer());
    const files = [];
    for (let i = 0; i < count; i++) files.push(await bytes(`/${i}`));
    const { loaded } = await import("/use.mjs");
    globalThis.set = await loaded(await bytes("/module"), files);
  }, paths.length);
  return page;
}

for (const [kind, paths] of listed(readFileSync(list, "utf8"))) {
  const page = await opened(paths);
  const clock = await clockOf(page);
  for (const what of ["decode", "measure"])
    await said(kind, what, "chromium", async (times) => {
      const start = await clock();
      await page.evaluate(([n, measure]) => {
        for (let i = 0; i < n; i++) globalThis.set.use(measure);
      }, [times, what === "measure"]);
      return await clock() - start;
    });
  await page.close();
}
await closeBrowser();
