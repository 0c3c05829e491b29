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
import { axe, layout } from "./seen.js";
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

const noted = (page) => page.locator("[data-run-note]:visible").innerText().then(plain);

onServer("the recorder", (server) => {
  for (const lang of ["en", "ur"])
    test(`a run from start to receipt, each screen looked at, ${lang}`, () =>
      phone(server, { lang, width: 320 }, async (page, context) => {
        const found = [];
        const look = async (name) => {
          const faults = [...await layout(page), ...await axe(page)];
          await page.emulateMedia({ colorScheme: "dark" });
          faults.push(...await axe(page, ["color-contrast"]));
          await page.emulateMedia({ colorScheme: "light" });
          found.push(...faults.map((f) => `${name}: ${f}`));
        };
        const run = way({ seconds: 600, seed: 7, lost: [[300, 312]] });
        await open(page);
        await look("ready");
        const second = await context.newPage();
        await second.goto(`/e/${SLUG}/record`);
        await screen(second, "other");
        found.push(...await layout(second), ...await axe(second));
        await second.close();
        await page.locator("[data-at=ready] summary").click();
        await page.evaluate((f) => globalThis.sim.tell({ ...f, acc: 500 }),
          run.fixes[0]);
        await look("a coarse position, all wishes");
        await setOut(page, run.fixes[0]);
        await feed(page, run.fixes.slice(1));
        await page.waitForSelector("[data-splits] li");
        await look("run");
        await press(page, "pause");
        await page.waitForSelector("[data-state-words][data-state=paused]");
        await look("paused");
        await press(page, "pocket");
        await look("pocket");
        await page.reload();
        await screen(page, "found");
        await look("found");
        await press(page, "finish");
        const far = await page.waitForSelector("[data-end-far][data-metres]");
        const shown = Number(await far.getAttribute("data-metres"));
        near(shown, run.total);
        for (const s of await page.locator("[data-at=end] summary").all())
          await s.click();
        await look("end");
        await press(page, "throw");
        await look("sure");
        await page.locator("[data-no]").click();
        await page.route("**/me/recording", (r) => r.abort());
        await press(page, "send");
        await page.waitForSelector("[data-kept] [data-problem=offline]");
        await look("waiting");
        await page.unroute("**/me/recording");
        const [answer] = await Promise.all([
          page.waitForResponse((r) => r.url().endsWith("/me/recording") &&
            r.request().method() === "POST"),
          page.locator("[data-row-again]").click()]);
        const receipt = await answer.json();
        assert.equal(receipt.measure.distance_m, shown);
        assert.equal(receipt.provenance, "device");
        await page.waitForSelector("[data-kept] [data-state=received]");
        await look("received");
        const kept = await disk(page);
        assert.deepEqual([kept.fixes, kept.files, kept.runs[0].state],
          [0, 0, "received"]);
        assert.equal(kept.runs[0].receipt.sha256, kept.runs[0].sha256);
        assert.equal(await myRuns(page), 1);
        assert.deepEqual(found, []);
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

  test("told of as it happens, it is live; who chose so is counted", () =>
    phone(server, {}, async (page, context) => {
      const run = way({ seconds: 34, seed: 41 });
      const heard = [];
      const shown = await context.newPage();
      await shown.goto(`/e/${SLUG}`);
      const runners = shown.locator("[data-running]");
      assert.equal(await runners.isVisible(), false);
      await page.bringToFront();
      page.on("response", (r) => {
        if (r.url().endsWith("/so-far")) heard.push(r);
      });
      await open(page);
      const share = page.locator("[name=share]");
      assert.equal(await share.isChecked(), false);
      await share.check();
      await setOut(page, run.fixes[0]);
      await runners.waitFor({ state: "visible" });
      assert.match(plain(await runners.innerText()), /1 · 0\.0\d km/);
      for (const f of run.fixes.slice(1)) { // a second each, as it is
        await feed(page, [{ ...f, dt: 0 }], { wait: false });
        await page.waitForTimeout(990);
      }
      const far = await arrive(page);
      await runners.waitFor({ state: "hidden" });
      const receipt = await handIn(page);
      assert(heard.length >= 3, `${heard.length} reports`);
      for (const r of heard) {
        assert.equal(r.status(), 204);
        assert.deepEqual(Object.keys(r.request().postDataJSON()).sort(),
          ["at_ms", "distance_m", "recording", "running"]); // and no place
      }
      assert.equal(receipt.measure.distance_m, far);
      assert.deepEqual([receipt.kind, receipt.provenance], ["live", "live"]);
      // remembered, for this person alone
      await open(page);
      assert(await share.isChecked());
      const asked = page.waitForRequest("**/me/recording/so-far");
      await share.uncheck();
      await setOut(page, run.fixes[0]);
      assert.deepEqual(Object.keys((await asked).postDataJSON()).sort(),
        ["at_ms", "distance_m", "recording"]);
      assert.equal(await runners.isVisible(), false);
    }));

  test("the screen, the voice, the motor, and the pause by itself", () =>
    phone(server, { permissions: ["screen-wake-lock"] }, async (page, context) => {
      await context.addInitScript(spy);
      const run = way({ seconds: 760, seed: 43, stands: [[400, 450]] });
      await open(page);
      await page.locator("[data-at=ready] summary").click();
      await page.locator("[name=auto]").check();
      await setOut(page, run.fixes[0]);
      const seen = (name) => page.evaluate((n) => globalThis.seen[n], name);
      const held = () => page.evaluate(() =>
        globalThis.seen.locks.filter((l) => !l.released).length);
      await until(async () => await held() === 1);
      assert.equal(await page.locator("[data-state-words]").innerText(),
        "Recording");
      assert.deepEqual(await seen("shaken"), [[200]]);
      // The browser takes it whenever the page is hidden.
      await page.evaluate(() => globalThis.seen.locks[0].release());
      await until(async () => (await seen("locks")).length === 2);
      assert.equal(await held(), 1);
      await feed(page, run.fixes.slice(1, 360));
      await until(async () => (await seen("said")).length === 1);
      const [said] = await seen("said");
      assert.equal(said.lang, "en-GB");
      assert.match(plain(said.text), /^1\.00 km\. Time 5:\d\d\. This one in 5:/);
      assert.deepEqual((await seen("shaken")).at(-1), [300, 150, 300]);
      await feed(page, run.fixes.slice(360, 440), { wait: false });
      await page.waitForSelector("[data-state-words][data-state=paused]");
      await until(async () => /Paused by itself/.test(await page.locator(
        "[data-state-words]").innerText()));
      const stood = (await disk(page)).fixes;
      assert(stood < 430, `${stood} fixes`);
      await feed(page, run.fixes.slice(440, 520), { wait: false });
      await page.waitForSelector("[data-state-words][data-state=running]");
      await feed(page, run.fixes.slice(520), { wait: false });
      await until(async () =>
        (await seen("said")).length === 2 || run.total < 2000);
      await page.waitForTimeout(500);
      const shown = await arrive(page);
      assert.equal(await held(), 0);
      near(shown, run.total);
      const { measure } = await handIn(page);
      assert.equal(measure.distance_m, shown);
      assert(measure.elapsed_s - measure.timer_s > 25,
        `${measure.elapsed_s} s, ${measure.timer_s} s`);
    }));

  test("somebody else is signed in than who recorded it", () =>
    phone(server, {}, async (page, context) => {
      const run = way({ seconds: 150, seed: 47 });
      const first = await context.cookies();
      await open(page);
      await page.waitForFunction(() => /You run as/.test(
        document.querySelector("[data-who]").textContent));
      await setOut(page, run.fixes[0]);
      await feed(page, run.fixes.slice(1));
      const shown = await arrive(page);
      const other = await context.newPage();
      await context.clearCookies();
      await join(other, "en", newName("en"));
      const second = await context.cookies();
      await press(page, "send");
      await page.waitForSelector("[data-kept] [data-problem=other-person]");
      assert.match(await page.locator("[data-row-words]").innerText(),
        /somebody else on this phone/);
      assert.deepEqual([await myRuns(page), (await disk(page)).files], [0, 1]);
      await context.clearCookies();
      await context.addCookies(first);
      const [answer] = await Promise.all([
        page.waitForResponse((r) => r.url().endsWith("/me/recording") &&
          r.request().method() === "POST"),
        page.locator("[data-row-again]").click()]);
      assert.equal((await answer.json()).measure.distance_m, shown);
      assert.equal(await myRuns(page), 1);
      await context.clearCookies();
      await context.addCookies(second);
      assert.equal(await myRuns(page), 0);
    }));

  test("closed for longer than half an hour: a pause", () =>
    phone(server, {}, async (page) => {
      const run = way({ seconds: 400, seed: 53 });
      await open(page);
      await setOut(page, run.fixes[0]);
      await feed(page, run.fixes.slice(1, 200));
      await page.reload();
      await screen(page, "found");
      await page.evaluate((at) => {
        globalThis.sim.passed += at + 40 * 60_000 - Date.now();
      }, await last(page));
      await press(page, "continue");
      await feed(page, run.fixes.slice(200));
      assert.match(await noted(page), /4\d:\d\d.*the page was closed/);
      const shown = await arrive(page);
      near(shown, run.total);
      const { measure } = await handIn(page);
      assert.equal(measure.distance_m, shown);
      assert(Math.abs(measure.timer_s - 400) < 30, `${measure.timer_s} s`);
      assert.equal(measure.gap_s, 0);
    }));

  test("30,000 fixes: the line and the figures follow the finger", () =>
    phone(server, {}, async (page) => {
      await open(page);
      const run = way({ seconds: 30_000, seed: 61 });
      await page.evaluate(endedRun, run.fixes.map((f) =>
        [f.dt, f.lat, f.lon, f.alt, null, 8, 0]));
      await page.reload();
      await screen(page, "end");
      const far = page.locator("[data-end-far]");
      await page.waitForSelector("[data-end-far][data-metres]");
      near(Number(await far.getAttribute("data-metres")), run.total);
      await page.locator("[data-trim] summary").click();
      // a finger that goes to and fro: the figures are those of where it rests
      await page.evaluate(() => {
        const at = document.querySelector("#from");
        for (let i = 0; i <= 200; i++) {
          at.value = String(i * 50);
          at.dispatchEvent(new Event("input"));
        }
      });
      const rest = run.total - run.metres[10_000];
      await until(async () => Math.abs(Number(
        await far.getAttribute("data-metres")) - rest) < NEAR * rest);
      assert.equal((await disk(page)).fixes, 30_001); // all are kept
      assert.equal((await disk(page)).runs[0].from, 10_000);
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
      assert.match(plain(await row.locator("[data-outcome=counts]").innerText()),
        /^By the rules it counts, with (3\.9\d|4\.0\d) km\.$/);
      assert(await page.locator("[data-foresaid]").isVisible());
      const ride = gpx({ metres: 2000 });
      const old = gpx({ metres: 2000, hoursAgo: 24 * 400 });
      await page.setInputFiles("#files", [{ ...ride, buffer: Buffer.from(
        ride.buffer.toString().replace("running", "cycling")) }, old]);
      const never = page.locator("[data-files] [data-outcome=never]");
      await until(async () => await never.count() === 2);
      const said = (await never.allInnerTexts()).map(plain).sort();
      assert.match(said[0], /doesn't count\. It started on .*, before the opening/);
      assert.match(said[1], /doesn't count\. This kind of sport doesn't count/);
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

/** In the page: what is asked of the phone is written down, and done. */
function spy() {
  const seen = globalThis.seen = { locks: [], shaken: [], said: [] };
  const request = WakeLock.prototype.request;
  WakeLock.prototype.request = async function(...args) {
    const lock = await request.apply(this, args);
    seen.locks.push(lock);
    return lock;
  };
  const vibrate = Navigator.prototype.vibrate;
  Navigator.prototype.vibrate = function(ms) {
    seen.shaken.push(ms);
    return vibrate.call(this, ms);
  };
  // The machine that tests has no voice of its own.
  const speak = SpeechSynthesis.prototype.speak;
  SpeechSynthesis.prototype.getVoices = () => [{ lang: "de-DE" },
    { lang: "en-GB" }];
  Object.defineProperty(SpeechSynthesisUtterance.prototype, "voice",
    { set() {} });
  SpeechSynthesis.prototype.speak = function(what) {
    seen.said.push({ text: what.text, lang: what.lang });
    return speak.call(this, what);
  };
}

/** In the page: a run of these fixes was ended here, and not sent. Rows as the
 *  store has them, with the time since the one before. */
function endedRun(rows) {
  const id = "0123456789abcdef0123456789abcdef";
  const began = Date.now() - 9 * 3_600_000;
  return new Promise((resolve, reject) => {
    const ask = indexedDB.open("everystep-recorder");
    ask.onsuccess = () => {
      const tx = ask.result.transaction(["runs", "fixes"], "readwrite");
      let t = began;
      rows.forEach(([dt, ...rest], i) => {
        t += dt;
        tx.objectStore("fixes").put([t, ...rest], [id, i]);
      });
      tx.objectStore("runs").put({ id, slug: "x", who: null, state: "ended",
        sport: 1, started: began, pausedMs: 0, pausedAt: null, resumes: false,
        from: 0, to: rows.length, gaps: [], far: 0, share: false, sha256: null,
        size: 0, tries: 0, next: 0, problem: null, said: "", receipt: null });
      tx.oncomplete = () => {
        ask.result.close();
        resolve();
      };
      tx.onerror = () => reject(tx.error);
    };
  });
}

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
