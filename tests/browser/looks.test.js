// SPDX-License-Identifier: AGPL-3.0-or-later
// Each page in each of its states: from left to right and from right to left,
// on a small phone and a wide screen, without motion, with large text, without
// pictures. Light and dark change no layout, so two
// languages share them: by day on the phone and by night on the wide screen,
// and the other way round. The third has the long words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onSamples } from "./samples.js";
import { axe, downwards, larger, layout, moving, order } from "./seen.js";
import { visit } from "./visitor.js";

const PHONE = { width: 320, height: 800 };
const WIDE = { width: 1280, height: 800 };

async function look(page, { phone, wide, large = [] }) {
  const found = [];
  const note = async (at, what) => found.push(...(await what)
    .map((fault) => `${at}: ${fault}`));
  const reducedMotion = "reduce";
  await page.setViewportSize(PHONE);
  await page.emulateMedia({ colorScheme: phone, reducedMotion });
  await note("phone", layout(page));
  await note("phone", downwards(page));
  await note("phone", order(page));
  await note("phone", moving(page));
  if (phone) await note("phone", axe(page));
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: wide, reducedMotion });
  await note("wide", layout(page));
  if (wide) await note("wide", axe(page, ["target-size", "color-contrast"]));
  await note("wide", larger(page, large));
  assert.deepEqual(found, []);
}

// One browser window for all of a language: opening one takes longer than
// looking at a page.
function each(name, lang, { nasty = false, first }, act) {
  onSamples(name, lang, nasty, (server, names) => {
    test("hold", (t) => visit(server, { lang, width: 320 }, async (page) => {
      await first?.(page);
      page.on("dialog", (d) => assert.fail(`it asks: ${d.message()}`));
      for (const one of names)
        await t.test(one, async () => {
          await page.goto(`/${one}.html`);
          await act(page);
        });
    }));
  });
}

const LOOKS = {
  en: { phone: "light", wide: "dark", large: [1280, 640] },
  ur: { phone: "dark", wide: "light", large: [640] },
  tr: {},
};
for (const [lang, looks] of Object.entries(LOOKS))
  each(`each page, ${lang}`, lang, {}, (page) => look(page, looks));

const withoutPictures = (page) => page.route("**/*", (route) =>
  route.request().resourceType() === "image"
    ? route.fulfill({ status: 404 }) : route.continue());

each("each page without pictures", "ur", { first: withoutPictures },
  async (page) => {
    const mute = await page.locator("img:not([alt]), [role=img]:not(" +
      "[aria-label], [aria-labelledby], :has(title))").count();
    assert.equal(mute, 0, "a picture without words");
    assert.deepEqual(await layout(page), []);
  });

// What people wrote must neither run nor tear the page. With a word of 60
// letters a table may be scrolled.
for (const lang of ["en", "ur"])
  each(`each page with nasty texts, ${lang}`, lang, { nasty: true },
    async (page) =>
      assert.deepEqual(await layout(page, { tables: false }), []));
