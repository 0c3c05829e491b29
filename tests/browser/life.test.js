// SPDX-License-Identifier: AGPL-3.0-or-later
// The whole life of an initiative, from a server on which nothing is to results
// that anybody can check: twenty people and sixty runs, of which two are looked
// at, one is appealed for, and somebody else decides.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join as path } from "node:path";
import { test } from "node:test";
import { join, joinByApi, myRuns, newName, send, sendByApi } from "./deeds.js";
import { built, onEmptyServer, temporary } from "./everystep.js";
import { run } from "./gpx.js";
import { leads, visit } from "./visitor.js";
import { words } from "./words.js";

const PEOPLE = 20;
const RUNS_EACH = 3;
const COUNTRIES = ["PT", "TR", "AZ", "PK", "EG"];
const TEXTS = {
  en: { title: "A run for clean water", holder: "The harbour school",
    purpose: "For **every** village." },
  ur: { title: "صاف پانی کے لیے دوڑ", holder: "بندرگاہ کا اسکول",
    purpose: "**ہر** گاؤں کے لیے۔" },
};

async function life(server, lang) {
  const say = words(lang);
  const button = (page, text) =>
    page.getByRole("button", { name: say(text), exact: true });
  const press = (page, text) => leads(page, () => button(page, text).click());
  const runners = []; // {name, token, counted_m: what was accepted}
  let console_; // the address of its console
  let slug;
  let owner;
  let reviewer;
  let ada; // who comes by browser
  let copied; // the code of a run that another had handed in
  let before; // what counted before it was decided

  const asOwner = (act) => visit(server, { lang, state: owner }, act);
  const asReviewer = (act) =>
    visit(server, { lang, state: reviewer, width: 320 }, act);
  const told = async () => (await fetch(
    `${server.origin}/api/v1/initiatives/${slug}`)).json();

  test("it is made from the one-time link, and is nobody's yet", async () => {
    owner = await visit(server, { lang }, async (page) => {
      await page.goto(`${server.setup}?lang=${lang}`);
      await page.fill("#name", "Clara Fields");
      await press(page, "Go on");
      await page.goto("/organise/new");
      await page.fill("#title", TEXTS[lang].title);
      await page.fill("#holder", TEXTS[lang].holder);
      await page.selectOption("#text_lang", lang);
      await page.fill("#opens_date", "2024-01-01");
      await page.fill("#goal", "100");
      await press(page, "Make it, as a draft");
      console_ = new URL(page.url()).pathname;
    });
    slug = console_.replace("/organise/e/", "");
    assert.equal((await fetch(`${server.origin}/e/${slug}`)).status, 404);
  });

  test("its purpose is written, a reviewer is invited, and it is published",
    async () => {
      let link = "";
      await asOwner(async (page) => {
        await page.goto(console_);
        await leads(page, () =>
          page.locator(".checks .needed a").first().click());
        await page.fill("#purpose", TEXTS[lang].purpose);
        await leads(page, () =>
          page.locator("form.texts button.button").click());
        await page.goto(`${console_}/staff`);
        await page.fill("#name", "Omar Hill");
        await page.selectOption("#role", "4");
        await leads(page, () => page.locator("main form",
          { has: page.locator("#name") }).getByRole("button").click());
        const text = await page.locator("main").evaluate((e) =>
          [e.innerText, ...Array.from(e.querySelectorAll("input"),
            (i) => i.value)].join(" "));
        link = text.match(/https?:\/\/\S+\/invitation\/[a-z0-9]+/)[0];
        await page.goto(console_);
        await press(page, "Publish it");
      });
      reviewer = await visit(server, { lang }, async (page) => {
        await page.goto(new URL(link).pathname);
        await page.fill("#name", "Omar Hill");
        await leads(page, () =>
          page.locator("main form button").first().click());
      });
      await visit(server, { lang }, async (page) => {
        assert.equal((await page.goto(`/e/${slug}`)).status(), 200);
        assert.equal(await page.locator("h1").innerText(), TEXTS[lang].title);
      });
    });

  test("twenty join, one of them by telephone", async () => {
    const name = newName(lang);
    ada = await visit(server, { lang, width: 320 }, (page) =>
      join(page, lang, name, slug));
    runners.push({ name, counted_m: 0 });
    for (let i = 1; i < PEOPLE; i++) {
      const one = newName(lang);
      runners.push({ name: one, counted_m: 0, token: await joinByApi(server,
        one, COUNTRIES[i % COUNTRIES.length], { slug }) });
    }
    assert.equal((await told()).participants, PEOPLE);
  });

  test("sixty runs come in, and every one is counted", async () => {
    ada = await visit(server, { lang, width: 320, state: ada },
      async (page) => {
        await send(page, lang, [1, 2, 3].map(() => run({ metres: 3000 })));
        assert.equal(await page.locator("article.receipt.accepted").count(), 3);
      });
    for (const [i, one] of runners.slice(1).entries())
      for (let k = 0; k < RUNS_EACH; k++) {
        const receipt = await sendByApi(server, one.token,
          run({ metres: 1000 + 100 * ((i + k) % 10) }));
        assert.equal(receipt.status, "accepted");
        one.counted_m += receipt.counted_m;
      }
    const now = await told();
    assert.equal(now.runs, PEOPLE * RUNS_EACH);
    const theirs = runners.reduce((sum, r) => sum + r.counted_m, 0);
    const adas = now.total_m - theirs;
    assert(adas > 8500 && adas < 9500, `three of 3 km: ${adas} m`);
    before = now.total_m;
  });

  test("a copy waits for a person, is refused, and asks for another look",
    async () => {
      const file = run({ metres: 2000 });
      const was = before;
      const first = await sendByApi(server, runners[1].token, file);
      const second = await sendByApi(server, runners[2].token, file);
      assert.equal(second.status, "in_review");
      copied = second.run;
      before = (await told()).total_m - first.counted_m;
      assert(Math.abs(before - was) < 1e-3, `${before} m, ${was} m before`);
      before += first.counted_m;
      await asReviewer(async (page) => {
        await page.goto(`${console_}/review`);
        await leads(page, () => page.locator("[data-list] li > a",
          { hasText: runners[2].name }).click());
        await page.locator("details", { has: page.locator("#reason") })
          .evaluate((e) => { e.open = true; });
        await page.selectOption("#reason", "not_theirs");
        await leads(page, () => page.locator("form",
          { has: page.locator("#reason") }).getByRole("button").click());
      });
      const answer = await fetch(
        `${server.origin}/api/v1/runs/${copied}/appeal`, {
          method: "POST",
          headers: { "Authorization": `Bearer ${runners[2].token}`,
            "Content-Type": "application/json" },
          body: JSON.stringify({ words: "We ran side by side." }),
        });
      assert.equal(answer.status, 200);
      assert.equal((await answer.json()).status, "in_review");
    });

  test("it can't be final without saying that something is open", async () => {
    await asOwner(async (page) => {
      await page.goto(console_);
      await page.locator("details:has([value=close])")
        .evaluate((e) => { e.open = true; });
      await press(page, "Close it now");
      await page.goto(`${console_}/results`);
      await press(page, "Make the results final");
      assert(await page.locator("#anyway-error").isVisible());
      assert.equal((await told()).state, "closed");
    });
  });

  test("somebody else decides, and the total follows", async () => {
    await asOwner(async (page) => {
      await page.goto(`${console_}/review`);
      await leads(page, () => page.locator("[data-list] li > a",
        { hasText: runners[2].name }).click());
      await leads(page, () => page.keyboard.press("a"));
    });
    const now = await told();
    assert.equal(now.runs, PEOPLE * RUNS_EACH + 2);
    assert(now.total_m > before, `${now.total_m} m, ${before} m before`);
  });

  test("the results are final, and anybody can check them", async () => {
    const folder = temporary();
    await asOwner(async (page) => {
      await page.goto(`${console_}/results`);
      const anyway = page.locator("[name=anyway]"); // runs are still taken
      if (await anyway.count()) await anyway.check();
      await press(page, "Make the results final");
    });
    const now = await told();
    assert.equal(now.state, "final");
    await visit(server, { lang, width: 320 }, async (page) => {
      await page.goto(`/e/${slug}/results`);
      await page.getByText(say("These results are final.")).waitFor();
      const signed = await page.request.get(await page.getByRole("link",
        { name: say("Signed results (JSON)") }).getAttribute("href"));
      const results = await signed.json();
      const kept = path(folder, "results.json");
      writeFileSync(kept, await signed.body());
      const key = (await page.request.get("/api/v1/results-key"));
      execFileSync(built("everystep"), ["verify", kept]);
      assert((await key.text()).includes(results.public_key));
      const table = await (await page.request.get(await page.getByRole("link",
        { name: say("All people as a table for a spreadsheet (CSV)") })
        .getAttribute("href"))).text();
      for (const { name } of runners) assert(table.includes(name), name);
      assert.equal(table.trim().split("\r\n").length, PEOPLE + 1);
    });
  });

  test("nothing is taken any more, and each has a page to keep", async () => {
    const file = run();
    const answer = await fetch(`${server.origin}/api/v1/runs`, {
      method: "POST",
      headers: { "Authorization": `Bearer ${runners[1].token}`,
        "Content-Type": file.mimeType },
      body: file.buffer,
    });
    assert(answer.status === 409 || (await answer.json()).status === "refused",
      `it is ${answer.status}`);
    await visit(server, { lang, state: ada, width: 320 }, async (page) => {
      await page.goto("/me");
      assert.equal(await myRuns(page, lang).count(), 3);
    });
  });
}

for (const lang of ["en", "ur"])
  onEmptyServer(`the life of an initiative, ${lang}`, (server) => {
    life(server, lang);
  });
