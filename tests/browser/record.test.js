// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs recorded in the page, and what can go wrong with one: in each case the
// receipt is the run's, nothing is lost and nothing comes twice.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { join, newName } from "./deeds.js";
import { SLUG, onServer, temporary } from "./everystep.js";
import { arrive, disk, equip, feed, handIn, hold, open, press, screen, setOut,
  until, way } from "./runner.js";
import { run as gpx } from "./gpx.js";
import { launched } from "./visitor.js";
import { plain, words } from "./words.js";

const NEAR = 0.01; // of the true distance

/** A phone of one's own, signed in; its faults fail the test. */
async function phone(server, options, act) {
  const { lang = "en", dark = false, width = 390, real = false,
    permissions = [], geolocation } = options;
  const context = await (await launched()).newContext({
    baseURL: server.origin, locale: lang, timezoneId: "UTC",
    colorScheme: dark ? "dark" : "light", viewport: { width, height: 780 },
    permissions, geolocation, hasTouch: true,
  });
  context.setDefaultTimeout(60_000);
  if (!real) await equip(context);
  const faults = [];
  const page = await context.newPage();
  page.on("pageerror", (e) => faults.push(`script: ${e.message}`));
  page.on("request", (r) => {
    if (!/^(data|blob):/.test(r.url()) && !r.url().startsWith(`${server.origin}/`))
      faults.push(`foreign request: ${r.url()}`);
  });
  try {
    await join(page, lang, newName(lang));
    await act(page, context);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

const near = (got, want) => assert(Math.abs(got - want) <= NEAR * want,
  `${got} m, not within 1 % of ${want} m`);

/** The runs of who is signed in, as the own page lists them. */
async function myRuns(page) {
  const other = await page.context().newPage();
  await other.goto("/me");
  const n = await other.locator("ul.myruns > li").count();
  await other.close();
  return n;
}

const noted = (page) => page.locator("[data-note]").innerText().then(plain);

onServer("the recorder", (server) => {
  for (const lang of ["en", "ur"])
    test(`a run from start to receipt, ${lang}`, () =>
      phone(server, { lang, width: 320 }, async (page) => {
        const run = way({ seconds: 900, seed: 7, lost: [[300, 312]] });
        await open(page);
        await setOut(page, run.fixes[0]);
        await feed(page, run.fixes.slice(1));
        await page.waitForTimeout(700); // the page writes twice a second
        const shown = await arrive(page);
        near(shown, run.total);
        const receipt = await handIn(page);
        assert.equal(receipt.measure.distance_m, shown);
        assert.equal(receipt.provenance, "device");
        await page.waitForSelector("[data-kept] [data-state=received]");
        const kept = await disk(page);
        assert.deepEqual([kept.fixes, kept.files, kept.runs[0].state],
          [0, 0, "received"]);
        assert.equal(kept.runs[0].receipt.sha256, kept.runs[0].sha256);
        assert.equal(await myRuns(page), 1);
      }));

  test("a pause, a lap, and both ends cut", () =>
    phone(server, {}, async (page) => {
      const run = way({ seconds: 800, seed: 3 });
      await open(page);
      await setOut(page, run.fixes[0]);
      await feed(page, run.fixes.slice(1, 300));
      await press(page, "lap");
      await feed(page, run.fixes.slice(300, 400));
      await press(page, "pause");
      await page.waitForSelector("[data-state-words][data-state=paused]");
      // During the pause nothing is taken, though the receiver goes on.
      await feed(page, run.fixes.slice(400, 460), { wait: false });
      await press(page, "pause");
      await page.waitForSelector("[data-state-words][data-state=running]");
      await feed(page, run.fixes.slice(460));
      const all = await arrive(page);
      near(all, run.total - (run.metres[460] - run.metres[399]));
      await page.locator("[data-trim] summary").click();
      for (const [id, to] of [["from", "100"], ["to", "600"]])
        await page.locator(`#${id}`).fill(to);
      await until(async () => Number(await page.locator("[data-end-far]")
        .getAttribute("data-metres")) < all - 500);
      const cut = Number(await page.locator("[data-end-far]")
        .getAttribute("data-metres"));
      const receipt = await handIn(page);
      assert.equal(receipt.measure.distance_m, cut);
      assert.equal(receipt.measure.points, 501);
      assert.equal(receipt.measure.laps, 2);
    }));

  test("offline for all of it, opened anew without a network", () =>
    phone(server, {}, async (page, context) => {
      const run = way({ seconds: 400, seed: 11 });
      await open(page);
      await page.waitForSelector("[data-offline]:not([hidden])");
      await context.setOffline(true);
      await page.reload();
      await screen(page, "ready");
      await setOut(page, run.fixes[0]);
      await feed(page, run.fixes.slice(1));
      const shown = await arrive(page);
      await press(page, "send");
      await page.waitForSelector("[data-kept] [data-problem=offline]");
      assert.equal((await disk(page)).files, 1);
      await page.reload();
      await page.waitForSelector("[data-kept] [data-problem=offline]");
      const [answer] = await Promise.all([
        page.waitForResponse((r) => r.url().endsWith("/me/recording") &&
          r.request().method() === "POST"),
        context.setOffline(false)]);
      assert.equal((await answer.json()).measure.distance_m, shown);
      await page.waitForSelector("[data-kept] [data-state=received]");
      assert.equal(await myRuns(page), 1);
    }));

  test("nothing was recorded while the page was hidden", () =>
    phone(server, {}, async (page) => {
      const run = way({ seconds: 500, seed: 5, lost: [[200, 290]] });
      await open(page);
      await setOut(page, run.fixes[0]);
      await feed(page, run.fixes.slice(1, 200));
      const turn = (hidden) => page.evaluate((h) => {
        Object.defineProperty(document, "hidden",
          { value: h, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
      await turn(true);
      await page.waitForTimeout(100);
      await turn(false);
      await feed(page, run.fixes.slice(200));
      assert.match(await noted(page), /1:31.*not in front/);
      const shown = await arrive(page);
      near(shown, run.total);
      assert.equal((await handIn(page)).measure.distance_m, shown);
    }));

  test("the phone's clock is set in mid-run, there and back", () =>
    phone(server, {}, async (page) => {
      const run = way({ seconds: 600, seed: 13 });
      await open(page);
      await setOut(page, run.fixes[0]);
      await feed(page, run.fixes.slice(1, 200));
      await page.evaluate(() => { globalThis.sim.ahead += 3_600_000; });
      await feed(page, run.fixes.slice(200, 400));
      await page.evaluate(() => { globalThis.sim.ahead -= 5_400_000; });
      await feed(page, run.fixes.slice(400));
      const shown = await arrive(page);
      near(shown, run.total);
      const { measure } = await handIn(page);
      assert.equal(measure.distance_m, shown);
      assert(Math.abs(measure.elapsed_s - 600) < 30, `${measure.elapsed_s} s`);
    }));

  test("positions that leap, repeat and go back in time", () =>
    phone(server, {}, async (page) => {
      const run = way({ seconds: 600, seed: 17 });
      const bad = run.fixes.slice(1).flatMap((f, i) => {
        if (i % 97 === 50) return [f, { ...f, dt: 0, stamp: 0 }];
        if (i % 97 === 60) return [{ ...f, acc: null, alt: null }];
        if (i % 97 === 70) return [{ ...f, lat: f.lat + 0.002 }];
        if (i % 97 === 80) return [f, { ...f, dt: 0, lat: NaN }];
        if (i % 97 === 90) return [f, { ...f, dt: 0, acc: 500 }];
        return [f];
      });
      await open(page);
      await setOut(page, run.fixes[0]);
      await feed(page, bad, { wait: false });
      await until(async () => (await disk(page)).fixes >= run.fixes.length);
      const shown = await arrive(page);
      near(shown, run.total);
      assert.equal((await handIn(page)).measure.distance_m, shown);
    }));

  test("two tabs: one records, the other waits and takes over", () =>
    phone(server, {}, async (page, context) => {
      await open(page);
      const second = await context.newPage();
      await second.goto(`/e/${SLUG}/record`);
      await screen(second, "other");
      await page.close();
      await screen(second, "ready");
    }));

  test("the session ends during the run", () =>
    phone(server, {}, async (page, context) => {
      const run = way({ seconds: 300, seed: 19 });
      const state = await context.cookies();
      await open(page);
      await setOut(page, run.fixes[0]);
      await feed(page, run.fixes.slice(1, 100));
      await context.clearCookies();
      await feed(page, run.fixes.slice(100));
      const shown = await arrive(page);
      await press(page, "send");
      await page.waitForSelector("[data-kept] [data-problem=signed-out]");
      await page.waitForSelector("[data-row-enter]:not([hidden])");
      assert.equal((await disk(page)).files, 1);
      await context.addCookies(state);
      const [answer] = await Promise.all([
        page.waitForResponse((r) => r.url().endsWith("/me/recording") &&
          r.request().method() === "POST"),
        page.locator("[data-row-again]").click()]);
      assert.equal((await answer.json()).measure.distance_m, shown);
      assert.equal(await myRuns(page), 1);
    }));

  for (const [how, problem, answer] of [
    ["500", "server", (r) => r.fulfill({ status: 500, body: "" })],
    ["413", "too-large", (r) => r.fulfill({ status: 413, body: "{}" })],
    ["429 for 2 s", "busy", (r) => r.fulfill({ status: 429, body: "{}",
      headers: { "Retry-After": "2" } })],
    ["nothing", "offline", (r) => r.abort()],
    ["what is lost on its way back", "offline",
      async (r) => { await r.fetch(); await r.abort(); }],
  ])
    test(`the server answers ${how}`, () =>
      phone(server, {}, async (page) => {
        const run = way({ seconds: 120, seed: 23 });
        await open(page);
        await setOut(page, run.fixes[0]);
        await feed(page, run.fixes.slice(1));
        const shown = await arrive(page);
        let asked = 0;
        await page.route("**/me/recording", (route) =>
          route.request().method() === "POST" && ++asked === 1
            ? answer(route) : route.continue());
        const got = page.waitForResponse((r) => r.status() < 300 &&
          r.request().method() === "POST" &&
          r.url().endsWith("/me/recording"));
        await press(page, "send");
        await page.waitForSelector(`[data-kept] [data-problem=${problem}]`);
        assert.equal((await disk(page)).files, 1);
        if (problem === "too-large")
          await page.locator("[data-row-again]").click();
        // it comes again by itself; the phone's clock needn't be waited for
        await page.evaluate(() => { globalThis.sim.passed += 1000; });
        assert.equal((await (await got).json()).measure.distance_m, shown);
        await page.waitForSelector("[data-kept] [data-state=received]");
        assert.equal(await myRuns(page), 1);
      }));

  test("the disk is full: it says so, and saves once there is room", () =>
    phone(server, {}, async (page) => {
      const run = way({ seconds: 300, seed: 29 });
      // Chromium's own quota doesn't hold for windows that keep nothing.
      const full = (is) => page.evaluate((on) => {
        const real = globalThis.realPut ??= IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = on ? () => {
          throw new DOMException("full", "QuotaExceededError");
        } : real;
      }, is);
      await open(page);
      await setOut(page, run.fixes[0]);
      await feed(page, run.fixes.slice(1, 100));
      await full(true);
      await feed(page, run.fixes.slice(100, 200), { wait: false });
      await page.waitForSelector("[data-state-words][data-state=full]");
      assert.equal((await disk(page)).fixes, 100);
      await full(false);
      await feed(page, run.fixes.slice(200), { wait: false });
      await until(async () =>
        (await disk(page)).fixes >= run.fixes.length);
      const shown = await arrive(page);
      near(shown, run.total);
      assert.equal((await handIn(page)).measure.distance_m, shown);
    }));

  test("it may not know where one is", () =>
    phone(server, { real: true }, async (page) => {
      await open(page);
      await page.waitForSelector("[data-cannot]:not([hidden])");
      assert.match(await page.locator("[data-cannot]").innerText(), /Allow it/);
    }));

  test("there is no position", () =>
    phone(server, { real: true, permissions: ["geolocation"] },
      async (page, context) => {
        const client = await context.newCDPSession(page);
        await client.send("Emulation.setGeolocationOverride", {});
        await open(page);
        await page.waitForSelector("[data-cannot]:not([hidden])");
        assert.match(await page.locator("[data-cannot]").innerText(),
          /No position at the moment/);
      }));

  test("positions of the browser itself, too coarse, then good", () =>
    phone(server, { real: true, permissions: ["geolocation"],
      geolocation: { latitude: 48, longitude: 11, accuracy: 500 } },
    async (page, context) => {
      await open(page);
      await page.waitForSelector("[data-signal][data-level=coarse]");
      await press(page, "start");
      await screen(page, "run");
      await page.waitForTimeout(1000);
      assert.equal((await disk(page)).fixes, 0);
      for (let s = 0; s < 8; s++) {
        await context.setGeolocation({ latitude: 48 + s * 3 / 111_195,
          longitude: 11, accuracy: 6 });
        await page.waitForTimeout(1000);
      }
      const shown = await arrive(page);
      near(shown, 21);
      assert.equal((await handIn(page)).measure.distance_m, shown);
    }));

  test("thrown away: nothing is left", () =>
    phone(server, {}, async (page) => {
      const run = way({ seconds: 60 });
      await open(page);
      await setOut(page, run.fixes[0]);
      await feed(page, run.fixes.slice(1));
      await arrive(page);
      await press(page, "throw");
      await page.locator("[data-yes]").click();
      await screen(page, "ready");
      assert.deepEqual(await disk(page), { runs: [], fixes: 0, files: 0 });
    }));

  test("its own file, and the black screen", () =>
    phone(server, {}, async (page, context) => {
      const run = way({ seconds: 200, seed: 31 });
      await open(page);
      await setOut(page, run.fixes[0]);
      await press(page, "pocket");
      await screen(page, "pocket");
      await feed(page, run.fixes.slice(1));
      await page.mouse.click(100, 300); // a touch in the pocket does nothing
      await screen(page, "pocket");
      await hold(page, "wake");
      await screen(page, "run");
      await arrive(page);
      await context.setOffline(true);
      for (const [name, begins] of [["gpx", "<?xml"], ["fit", "\x0e"]]) {
        const [got] = await Promise.all([page.waitForEvent("download"),
          press(page, name)]);
        const file = readFileSync(await got.path(), "latin1");
        assert(got.suggestedFilename().endsWith(`.${name}`));
        assert(file.startsWith(begins), file.slice(0, 20));
      }
    }));

  test("told of as it happens, it is live", () =>
    phone(server, {}, async (page) => {
      const run = way({ seconds: 64, seed: 41 });
      const heard = [];
      page.on("response", (r) => {
        if (r.url().endsWith("/so-far")) heard.push(r);
      });
      await open(page);
      await setOut(page, run.fixes[0]);
      for (const f of run.fixes.slice(1)) { // a second each, as it is
        await feed(page, [{ ...f, dt: 0 }], { wait: false });
        await page.waitForTimeout(990);
      }
      const shown = await arrive(page);
      const receipt = await handIn(page);
      assert(heard.length >= 3, `${heard.length} reports`);
      for (const r of heard) {
        assert.equal(r.status(), 204);
        assert.deepEqual(Object.keys(r.request().postDataJSON()).sort(),
          ["at_ms", "distance_m", "recording"]); // and no place
      }
      assert.equal(receipt.measure.distance_m, shown);
      assert.deepEqual([receipt.kind, receipt.provenance], ["live", "live"]);
    }));

  test("files that are shared to it stand in the upload list, looked at", () =>
    phone(server, { real: true }, async (page) => {
      await open(page);
      await page.waitForSelector("[data-offline]:not([hidden])");
      await page.reload(); // now the service worker looks after it
      await screen(page, "ready");
      const file = gpx({ metres: 4000 });
      await page.evaluate(([name, text, slug]) => {
        const form = document.createElement("form");
        const input = document.createElement("input");
        const data = new DataTransfer();
        Object.assign(form, { method: "post", enctype: "multipart/form-data",
          action: `/e/${slug}/record/share` });
        Object.assign(input, { type: "file", name: "files" });
        data.items.add(new File([text], name));
        input.files = data.files;
        form.append(input);
        document.body.append(form);
        form.submit();
      }, [file.name, file.buffer.toString(), SLUG]);
      await page.waitForURL("**/me?shared=1#add");
      const row = page.locator("[data-files] li");
      await row.locator(".seen").waitFor();
      assert.equal(await row.locator("[data-name]").innerText(), file.name);
      assert.match(plain(await row.locator(".seen .num").innerText()),
        /^(3\.9\d|4\.0\d) km · 22:1\d/);
      assert.equal(await row.locator(".seen svg polyline").count(), 1);
      assert.equal(await page.evaluate(() => caches.has("shared files")), false);
    }));

  test("the browser is killed in mid-run", async () => {
    const profile = temporary();
    const start = async () => {
      const context = await chromium.launchPersistentContext(profile, {
        executablePath: process.env.ES_CHROMIUM ?? "/usr/bin/chromium",
        baseURL: server.origin, locale: "en",
        args: ["--no-sandbox", "--disable-gpu"],
      });
      await equip(context);
      return [context, await context.newPage()];
    };
    const run = way({ seconds: 500, seed: 37 });
    let [context, page] = await start();
    await join(page, "en", newName("en"));
    await open(page);
    await setOut(page, run.fixes[0]);
    await feed(page, run.fixes.slice(1, 250));
    // Cookies are on the disk half a minute later; this isn't about them.
    const cookies = await context.cookies();
    kill(profile);
    await context.close().catch(() => undefined);

    [context, page] = await start();
    await context.addCookies(cookies);
    await page.goto(`/e/${SLUG}/record`);
    await screen(page, "found");
    assert.match(plain(await page.locator("[data-found]").innerText()),
      /Continue the run of .*, 0\.7\d km\?/);
    // the clock goes on from where it was killed
    await page.evaluate((last) => {
      globalThis.sim.passed += last - Date.now();
    }, await last(page));
    await press(page, "continue");
    await feed(page, run.fixes.slice(250));
    assert.equal((await disk(page)).fixes, run.fixes.length);
    const shown = await arrive(page);
    near(shown, run.total);
    // Here the browser itself may send it, by its background sync.
    await press(page, "send");
    await page.waitForSelector("[data-kept] [data-state=received]");
    const { receipt } = (await disk(page)).runs[0];
    assert.equal(receipt.measure.distance_m, shown);
    assert.equal(await myRuns(page), 1);
    await context.close();
  });
});

/** When the last fix on the disk was. */
function last(page) {
  return page.evaluate(() => new Promise((resolve) => {
    const ask = indexedDB.open("everystep-recorder");
    ask.onsuccess = () => {
      const all = ask.result.transaction("fixes").objectStore("fixes")
        .getAll();
      all.onsuccess = () => {
        ask.result.close();
        resolve(Math.max(...all.result.map((row) => row[0])));
      };
    };
  }));
}

/** kill -9 for every process of that profile: no browser gets to tidy up. */
function kill(profile) {
  for (const pid of readdirSync("/proc").filter((n) => /^\d+$/.test(n))) {
    const at = `/proc/${pid}/cmdline`;
    if (!existsSync(at)) continue;
    let line = "";
    try {
      line = readFileSync(at, "latin1");
    } catch {
      continue; // it has just gone
    }
    if (line.includes(`--user-data-dir=${profile}`))
      process.kill(Number(pid), "SIGKILL");
  }
}
