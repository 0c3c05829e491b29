// SPDX-License-Identifier: AGPL-3.0-or-later
// From a running order to results that are final, signed, corrected, checked,
// printed and kept as files.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync }
  from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { allRows } from "./deeds.js";
import { SLUG, built, onServer, temporary } from "./everystep.js";
import { launched, leads, visit } from "./visitor.js";
import { words } from "./words.js";

const CONSOLE = `/organise/e/${SLUG}/results`;
const PAGE = `/e/${SLUG}/results`;

function everystep(...args) {
  return spawnSync(built("everystep"), args, { encoding: "utf8" });
}

/** Freezes the results, or freezes them again with a reason. */
async function finish(page, lang, why) {
  const say = words(lang);
  await page.goto(`${CONSOLE}?lang=${lang}`);
  const anyway = page.locator('[name="anyway"]');
  if (await anyway.count() > 0) await anyway.check();
  if (why) await page.fill("#why", why);
  await leads(page, () => page.getByRole("button",
    { name: say("Make the results final"), exact: true }).click());
  assert.equal(await page.locator(".lead").innerText(),
    say("The results are final: frozen, signed and public."));
}

/** A file that a link of the page leads to, as it was sent. */
async function download(page, link) {
  const answer = await page.request.get(await link.evaluate((a) => a.href));
  assert.equal(answer.status(), 200);
  return answer.body();
}

/** Every file below a folder. */
function files(dir) {
  return readdirSync(dir, { recursive: true }).map(String)
    .filter((name) => statSync(join(dir, name)).isFile());
}

onServer("results", (server) => {
  let state;
  const kept = join(temporary(), "site");

  test("are made final by who owns the initiative", async () => {
    state = await visit(server, {}, async (page) => {
      await page.goto(server.setup);
      await page.fill("#name", "Clara Fields");
      await leads(page, () =>
        page.getByRole("button", { name: "Go on" }).click());
      await page.goto(`/e/${SLUG}/leaderboard`);
      assert.equal(await page.locator("h1").innerText(), "Leaderboard");
      await finish(page, "en");
      await page.goto(`/e/${SLUG}/leaderboard`);
      assert.equal(await page.locator("h1").innerText(), "Results");
      assert.match(await page.locator(".board-head").innerText(), /Version 1/);
    });
  });

  test("are corrected with a reason that everybody reads, in Urdu",
    async () => {
      const say = words("ur");
      const why = "ایک دوڑ رہ گئی تھی۔";
      await visit(server, { state, lang: "ur" }, async (page) => {
        await page.goto(`${CONSOLE}?lang=ur`);
        await leads(page, () => page.getByRole("button", {
          name: say("Open the results for a correction"), exact: true,
        }).click());
        await leads(page, () => page.getByRole("button",
          { name: say("Make the results final"), exact: true }).click());
        // without a reason, or a yes to what is open, nothing happens
        assert(await page.locator('[aria-invalid="true"]').count() > 0);
        await finish(page, "ur", why);
      });
      await visit(server, { lang: "ur" }, async (page) => {
        await page.goto(PAGE);
        assert.equal(await page.locator("html").getAttribute("dir"), "rtl");
        assert.equal(await page.locator("article.receipt").count(), 2);
        assert((await page.locator("main").innerText()).includes(why));
      });
    });

  test("are checked by anybody with everystep verify", async () => {
    await visit(server, {}, async (page) => {
      await page.goto(PAGE);
      const line = await page.locator("#check ~ p code").innerText();
      const key = /--key ([0-9a-f]{64}) /.exec(line)[1];
      const file = join(temporary(), "results.json");
      for (const version of [2, 1]) {
        const bytes = await download(page,
          page.locator(`[aria-labelledby="v-${version}"] a`));
        writeFileSync(file, bytes);
        const good = everystep("verify", "--key", key, file);
        assert.equal(good.status, 0, good.stderr);
        const text = bytes.toString();
        const other = text.replace(/"distance_mm":(\d)/,
          (_, d) => `"distance_mm":${(Number(d) + 1) % 10}`);
        assert.notEqual(other, text);
        writeFileSync(file, other);
        assert.equal(everystep("verify", "--key", key, file).status, 1);
      }
    });
  });

  for (const lang of ["en", "ur"])
    test(`are a table and JSON with everybody in it, in ${lang}`, async () => {
      const say = words(lang);
      await visit(server, { lang, js: false }, async (page) => {
        await page.goto(`/e/${SLUG}/leaderboard`);
        const names = await allRows(page, "th");
        await page.goto(PAGE);
        const link = (text) => page.getByRole("link",
          { name: say(text), exact: true });
        const csv = (await download(page,
          link("All people as a table for a spreadsheet (CSV)"))).toString();
        const lines = csv.trimEnd().split("\r\n");
        assert.equal(lines.length - 1, names.length);
        assert(lines[0].startsWith('\ufeff"place","bib","name"'));
        const json = JSON.parse(await download(page,
          link("All lists for programs (JSON)")));
        assert.equal(json.people.length, names.length);
        assert.equal(json.version, 2);
        const signed = JSON.parse(await download(page,
          page.locator('[aria-labelledby="v-2"] a')));
        assert.deepEqual(signed.results, json);
      });
    });

  for (const lang of ["en", "ur"])
    test(`are printed on A4, in ${lang}`, async () => {
      await visit(server, { lang }, async (page) => {
        await page.goto(PAGE);
        await leads(page, () => page.getByRole("link", {
          name: words(lang)("On paper: a page to print"), exact: true,
        }).click());
        await page.emulateMedia({ media: "print" });
        for (const hidden of [".top", ".end", ".printless"])
          assert.equal(await page.locator(hidden).isVisible(), false, hidden);
        assert(await page.locator("tbody tr").first().isVisible());
        const pdf = await page.pdf({ preferCSSPageSize: true });
        const box = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/
          .exec(pdf.toString("latin1"));
        assert.deepEqual(box.slice(1).map((v) => Math.round(Number(v))),
          [595, 842]);
      });
    });

  test("are kept as files beside the running server", () => {
    const made = everystep("export", "site", "--data", server.data,
      "--initiative", SLUG, "--out", kept);
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stdout, /\d+ pages/);
    const again = everystep("export", "site", "--data", server.data,
      "--initiative", SLUG, "--out", kept);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /something is in it already/);
    for (const name of ["index.html", "results.csv", "results-1.json",
      "results-2.json", "everystep.json"])
      assert(existsSync(join(kept, name)), name);
    const { public_key: key } =
      JSON.parse(readFileSync(join(kept, "everystep.json")));
    assert.equal(everystep("verify", "--key", key,
      join(kept, "results-2.json")).status, 0);
  });

  test("each link of the files leads to one of them", () => {
    const all = new Set(files(kept));
    const pages = [...all].filter((name) => name.endsWith(".html"));
    assert(pages.length > 50, pages.length);
    let links = 0;
    for (const name of pages) {
      const html = readFileSync(join(kept, name), "utf8");
      assert.doesNotMatch(html, /<(form|script|input|button|iframe)\b/, name);
      for (const [, to] of html.matchAll(/ (?:href|src|poster)="([^"]*)"/g)) {
        if (/^(#|https:|mailto:|data:text\/vtt)/.test(to)) continue;
        const file = normalize(join(dirname(name), to.split("#")[0]));
        assert(all.has(file), `${name} leads to ${to}`);
        links++;
      }
    }
    assert(links > 1000, links);
  });

  test("and they open from a folder, without a network", async () => {
    const context = await (await launched()).newContext({ offline: true });
    const faults = [];
    context.setDefaultTimeout(60_000);
    try {
      const page = await context.newPage();
      page.on("request", (q) => {
        if (!/^(file|data):/.test(q.url())) faults.push(q.url());
      });
      page.on("requestfailed", (q) => faults.push(`failed: ${q.url()}`));
      page.on("console", (m) => {
        if (m.type() === "error") faults.push(m.text());
      });
      await page.goto(pathToFileURL(join(kept, "index.html")).href);
      for (const picture of await page.locator("main img").all()) {
        await picture.scrollIntoViewIfNeeded();
        await picture.evaluate((i) => i.decode());
      }
      const cues = await page.locator("track").first().evaluate((t) =>
        new Promise((done) => {
          t.addEventListener("load", () => done(t.track.cues.length));
          t.addEventListener("error", () => done(-1));
          t.track.mode = "hidden";
          if (t.readyState === 2) done(t.track.cues.length);
        }));
      assert(cues > 0, cues);
      // the sheet is there
      assert.equal(await page.locator(".skip").evaluate(
        (a) => getComputedStyle(a).position), "absolute");
      await page.getByRole("link", { name: "Leaderboard" }).first().click();
      assert.equal(await page.locator("h1").innerText(), "Results");
      await page.locator("tbody th a").first().click();
      await page.locator("tbody th a").first().click();
      assert.match(page.url(), /\/runs\/\w+\.html$/);
      assert.deepEqual(faults, []);
    } finally {
      await context.close();
    }
  });
});
