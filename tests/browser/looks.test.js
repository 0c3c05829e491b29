// SPDX-License-Identifier: AGPL-3.0-or-later
// Each page in each of its states: from left to right and from right to left,
// light and dark, on a small phone and a wide screen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onSamples } from "./samples.js";
import { axe, downwards, layout, order } from "./seen.js";
import { visit } from "./visitor.js";

const PHONE = { width: 320, height: 800 };
const WIDE = { width: 1280, height: 800 };

async function look(page, at) {
  const found = [];
  const note = async (what) => found.push(...(await what)
    .map((fault) => `${at}: ${fault}`));
  for (const size of [PHONE, WIDE]) {
    await page.setViewportSize(size);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await note(layout(page));
    }
    await note(axe(page, ["target-size", "color-contrast"]));
  }
  await page.setViewportSize(PHONE);
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await note(downwards(page));
  await note(order(page));
  await note(axe(page));
  assert.deepEqual(found, []);
}

for (const lang of ["en", "ur", "tr"]) {
  onSamples(`each page, ${lang}`, lang, false, (server, names) => {
    for (const name of names)
      test(name, () => visit(server, { lang }, async (page) => {
        await page.goto(`/${name}.html`);
        await look(page, name);
      }));
  });
}

// What people wrote must neither run nor tear the page. With a word of 60
// letters a table may be scrolled.
for (const lang of ["en", "ur"]) {
  onSamples(`each page with nasty texts, ${lang}`, lang, true,
    (server, names) => {
      for (const name of names)
        test(name, () => visit(server, { lang, width: 320 }, async (page) => {
          page.on("dialog", (d) => assert.fail(`it asks: ${d.message()}`));
          await page.goto(`/${name}.html`);
          assert.deepEqual(await layout(page, { tables: false }), []);
        }));
    });
}
