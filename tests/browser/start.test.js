// SPDX-License-Identifier: AGPL-3.0-or-later
// From an empty server to a public page, as somebody who has never run one:
// with scripts and without, in English and in Urdu.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onEmptyServer } from "./everystep.js";
import { leads, visit } from "./visitor.js";

const WORDS = {
  en: { title: "A run for clean water", slug: "a-run-for-clean-water",
    holder: "The harbour school", purpose: "For **every** village." },
  ur: { title: "صاف پانی کے لیے دوڑ", slug: null,
    holder: "بندرگاہ کا اسکول", purpose: "**ہر** گاؤں کے لیے۔" },
};

/** The one-time link, and who comes by it. */
async function firstIn(server, options) {
  return visit(server, options, async (page) => {
    await page.goto(`${server.setup}?lang=${options.lang}`);
    await page.fill("#name", "Clara Fields");
    await leads(page, () => page.locator("button.button").click());
  });
}

/** The form of a new initiative; where it led. */
async function make(page, words, lang) {
  await page.goto(`/organise?lang=${lang}`);
  await leads(page, () => page.locator("a.button[href*='/organise/new']").click());
  await page.fill("#title", words.title);
  await page.fill("#holder", words.holder);
  await leads(page, () => page.locator("button[value=make]").click());
  return new URL(page.url()).pathname;
}

async function write(page, words) {
  await leads(page, () =>
    page.locator(".checks .needed a").first().click());
  await page.fill("#purpose", words.purpose);
  await leads(page, () => page.locator("form.texts button.button").click());
}

async function publicly(server, path, lang, words) {
  await visit(server, { lang, width: 320 }, async (page) => {
    assert.equal((await page.goto(path)).status(), 200);
    assert.equal(await page.locator("h1").innerText(), words.title);
    assert.equal(await page.locator("h1").getAttribute("lang"), lang);
    assert.equal(await page.locator(".prose strong").count(), 1);
    const wide = await page.evaluate(() =>
      document.documentElement.scrollWidth - innerWidth);
    assert(wide <= 0, `${wide} pixels too wide`);
  });
}

for (const lang of ["en", "ur"]) {
  for (const js of [true, false]) {
    onEmptyServer(`first start, ${lang}, ${js ? "with" : "without"} scripts`,
      (server) => {
        const words = WORDS[lang];
        let state;
        let at;

        test("from the link to a draft that nobody sees", async () => {
          state = await firstIn(server, { lang, js });
          // who owns more than before is signed in anew
          state = await visit(server, { lang, js, state }, async (page) => {
            at = await make(page, words, lang);
          });
          const slug = at.replace("/organise/e/", "");
          if (words.slug) assert.equal(slug, words.slug);
          assert.match(slug, /^[a-z0-9]+(-[a-z0-9]+)*$/);
          const answer = await fetch(`${server.origin}/e/${slug}`);
          assert.equal(answer.status, 404);
        });

        test("what is missing leads to where it is written", async () => {
          await visit(server, { lang, js, state }, async (page) => {
            await page.goto(`${at}?lang=${lang}`);
            assert.equal(await page.locator("button[value=publish]").count(), 0);
            await write(page, words);
            await page.goto(`${at}?lang=${lang}`);
            assert.equal(await page.locator(".checks .needed").count(), 0);
            await leads(page, () =>
              page.locator("button[value=publish]").click());
          });
          await publicly(server, at.replace("/organise", ""), lang, words);
        });

        test("the API tells it", async () => {
          const answer = await fetch(
            `${server.origin}/api/v1${at.replace("/organise/e", "/initiatives")}`);
          const told = await answer.json();
          assert.equal(told.title, words.title);
          assert.equal(told.state, "published");
          assert.deepEqual(told.hosts, []);
          assert.equal(told.way, null);
        });
      });
  }
}

onEmptyServer("the preview of a new initiative", (server) => {
  test("follows what is typed, in the browser's time", async () => {
    const state = await firstIn(server, { lang: "en" });
    await visit(server, { state }, async (page) => {
      await page.goto("/organise/new");
      assert.equal(await page.inputValue("#zone"), "UTC");
      await page.fill("#title", "Über die Brücke");
      await page.locator("#preview", { hasText: "Über die Brücke" }).waitFor();
      await page.locator("#address", { hasText: "/e/uber-die-brucke" }).waitFor();
      assert.equal((await page.request.get("/e/uber-die-brucke")).status(), 404);
    });
  });
});
