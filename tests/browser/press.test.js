// SPDX-License-Identifier: AGPL-3.0-or-later
// A press release from its first word to the public: two people, two languages,
// a telephone without scripts, an embargo, and paper.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SLUG, onServer } from "./everystep.js";
import { layout } from "./seen.js";
import { leads, visit } from "./visitor.js";

const DESK = `/organise/e/${SLUG}/press`;
const PRESS = `/e/${SLUG}/press`;
const EDITOR = "3";
const FIRST = 3; // the demo's initiative has published two

const WORDS = {
  en: { title: "Forty schools light a lamp", place: "Harbour Town",
    body: "One lamp is **enough**.\n\n# Who runs\n\n- schools\n- libraries",
    notes: "Founded in 1998.", contact: "Clara Fields\npress@lantern.example" },
  ur: { title: "چالیس اسکول ایک چراغ جلاتے ہیں", place: "بندرگاہ",
    body: "ایک چراغ **کافی** ہے۔", notes: "", contact: "Clara Fields" },
};

onServer("the press", (server) => {
  let writer;
  let reader;

  const staff = (state, act) =>
    visit(server, { state, width: 320, js: false }, act);

  async function holds(page, what) {
    const wide = await page.evaluate(() =>
      document.documentElement.scrollWidth - innerWidth);
    assert(wide <= 0, `${what}: ${wide} px too wide`);
    assert.deepEqual(await layout(page, { tables: false }), [], what);
  }

  async function status(path) {
    let seen;
    await visit(server, {}, async (page) => {
      seen = (await page.goto(path)).status();
    });
    return seen;
  }

  test("somebody who writes, and somebody who reads", async () => {
    let link = "";
    writer = await visit(server, {}, async (page) => {
      await page.goto(server.setup);
      await page.fill("#name", "Clara Fields");
      await leads(page, () =>
        page.getByRole("button", { name: "Go on" }).click());
      await page.goto(DESK);
      assert.match(await page.locator("main .notice").innerText(),
        /only one who may write/);
      await page.goto(`/organise/e/${SLUG}/staff`);
      await page.fill("#name", "Omar Hill");
      await page.selectOption("#role", EDITOR);
      await leads(page, () => page.locator("main form",
        { has: page.locator("#name") }).getByRole("button").first().click());
      const text = await page.locator("main").evaluate((e) =>
        [e.innerText, ...Array.from(e.querySelectorAll("input"),
          (i) => i.value)].join(" "));
      link = text.match(/https?:\/\/\S+\/invitation\/[a-z0-9]+/)[0];
    });
    reader = await visit(server, {}, async (page) => {
      await page.goto(new URL(link).pathname);
      await page.fill("#name", "Omar Hill");
      await leads(page, () => page.locator("main form button").first().click());
    });
  });

  test("it is written in two languages, and kept back", () =>
    staff(writer, async (page) => {
      await page.goto(DESK);
      await page.fill("#title", WORDS.en.title);
      await leads(page, () =>
        page.getByRole("button", { name: "Begin" }).click());
      assert.equal(new URL(page.url()).pathname, `${DESK}/${FIRST}/en`);
      for (const [lang, words] of Object.entries(WORDS)) {
        await page.goto(`${DESK}/${FIRST}/${lang}`);
        for (const [name, value] of Object.entries(words))
          await page.fill(`#${name}`, value);
        await leads(page, () =>
          page.getByRole("button", { name: "See how it reads first" }).click());
        assert.match(await page.locator("article.release").innerText(),
          new RegExp(words.place));
        await holds(page, `seen first, ${lang}`);
        await leads(page, () =>
          page.getByRole("button", { name: "Keep", exact: true }).click());
        assert.match(await page.locator("main").innerText(),
          /You changed it last/);
        assert.equal(await page.getByRole("button",
          { name: "I have read it" }).count(), 0);
      }
      await page.goto(`${DESK}/${FIRST}`);
      await page.fill('[name="at_date"]', "2031-08-25");
      await page.fill('[name="at_time"]', "10:05");
      await leads(page, () =>
        page.getByRole("button", { name: "Set this time" }).click());
      assert.match(await page.locator("main").innerText(),
        /kept back until August 25, 2031/);
      await holds(page, "one release");
      await page.goto(`${DESK}?lang=ur`);
      await holds(page, "all releases");
    }));

  test("another reads and approves it, and it isn't out yet", async () => {
    await staff(reader, async (page) => {
      for (const lang of Object.keys(WORDS)) {
        await page.goto(`${DESK}/${FIRST}/${lang}`);
        await leads(page, () =>
          page.getByRole("button", { name: "I have read it" }).click());
        assert.match(await page.locator("main").innerText(),
          /Omar Hill approved it/);
      }
    });
    assert.equal(await status(`${PRESS}/${FIRST}/en`), 404);
    await visit(server, {}, async (page) => {
      await page.goto(PRESS);
      assert(!(await page.content()).includes(WORDS.en.title));
    });
  });

  test("out, it is read in both languages, on a telephone and on paper",
    async () => {
      await staff(writer, async (page) => {
        await page.goto(`${DESK}/${FIRST}`);
        await leads(page, () => page.getByRole("button",
          { name: "Publish what is approved now" }).click());
      });
      for (const lang of ["en", "ur"])
        await visit(server, { lang, width: 320, js: false, dark: true },
          async (page) => {
            await page.goto(`/e/${SLUG}`);
            await leads(page, () =>
              page.locator(`main a[href*="${PRESS}"]`).first().click());
            await holds(page, `the press page, ${lang}`);
            await leads(page, () => page.getByRole("link",
              { name: WORDS[lang].title }).click());
            assert.equal(await page.locator("article.release h1").innerText(),
              WORDS[lang].title);
            assert.deepEqual(await page.locator("link[hreflang]")
              .evaluateAll((l) => l.map((e) => e.hreflang)), ["en", "ur"]);
            await holds(page, `the release, ${lang}`);
            await page.emulateMedia({ media: "print", colorScheme: "light" });
            assert(!await page.locator("header.top").isVisible());
            assert(await page.locator(".release .paper").isVisible());
          });
    });
});
