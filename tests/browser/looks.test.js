// SPDX-License-Identifier: AGPL-3.0-or-later
// Each page in both directions, light and dark, on a small phone and a wide
// screen: nothing to scroll sideways, nothing that axe finds. ES_SCREENS=1
// leaves a picture of each in build/screens/.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join as path } from "node:path";
import { before, test } from "node:test";
import { join, joinByApi, newName, send, sendByApi } from "./deeds.js";
import { ROOT, SLUG, onServer } from "./everystep.js";
import { run } from "./gpx.js";
import { leads, visit } from "./visitor.js";
import { words } from "./words.js";

const AXE = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SCREENS = process.env.ES_SCREENS ? path(ROOT, "build/screens") : null;

async function shoot(page, name) {
  if (SCREENS)
    await page.screenshot({ path: path(SCREENS, `${name}.png`),
      fullPage: true });
}

async function nothingToScrollSideways(page) {
  const wide = await page.evaluate(() => {
    const cut = (el) => el.scrollWidth > el.clientWidth;
    const tables = [...document.querySelectorAll(".scroll")];
    return [document.documentElement, ...tables].filter(cut).flatMap((at) => {
      const box = at.getBoundingClientRect();
      return [...at.querySelectorAll("*")].filter((el) => {
        const { left, right } = el.getBoundingClientRect();
        return left < box.left - 1 || right > box.right + 1;
      });
    }).map((el) => `${el.tagName}.${el.className}: ${el.textContent}`);
  });
  assert.deepEqual(wide, []);
}

async function axe(page) {
  const found = await page.evaluate(async () => {
    const { violations } = await window.axe.run();
    return violations.map((v) =>
      `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
  });
  assert.deepEqual(found, []);
}

async function look(page, name) {
  await page.evaluate(AXE);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await nothingToScrollSideways(page);
      await shoot(page, `${name}-${width}-${colorScheme}`);
    }
    await axe(page);
  }
}

const OPEN = {
  home: "/",
  initiative: `/e/${SLUG}`,
  join: `/e/${SLUG}/join`,
  leaderboard: `/e/${SLUG}/leaderboard`,
  teams: `/e/${SLUG}/leaderboard?by=team`,
  countries: `/e/${SLUG}/leaderboard?by=country&metric=time`,
  missing: "/e/no-such-thing",
};

onServer("how it looks", (server) => {
  let organiser;

  before(async () => {
    if (SCREENS) mkdirSync(SCREENS, { recursive: true });
    organiser = await visit(server, {}, async (page) => {
      await page.goto(server.setup);
      await leads(page, () => page.locator("main button").click());
    });
    const file = run();
    await sendByApi(server, await joinByApi(server, newName("en")), file);
    await sendByApi(server, await joinByApi(server, newName("ur")), file);
  });

  for (const lang of ["en", "ur"]) {
    for (const [name, url] of Object.entries(OPEN)) {
      test(`${name}, ${lang}`, () => visit(server, { lang }, async (page) => {
        await page.goto(url);
        await look(page, `${name}-${lang}`);
      }));
    }

    test(`a form with errors, ${lang}`, () =>
      visit(server, { lang }, async (page) => {
        await page.goto(`/e/${SLUG}/join`);
        await page.fill("#birth_year", "2015");
        await leads(page, () => page.locator("main button").click());
        await look(page, `errors-${lang}`);
      }));

    test(`the pages of a participant, ${lang}`, async () => {
      const say = words(lang);
      let link;
      await visit(server, { lang }, async (page) => {
        await join(page, lang, newName(lang));
        link = await page.locator("a.secret").innerText();
        await look(page, `joined-${lang}`);
        await page.goto("/me");
        await look(page, `me-empty-${lang}`);
        await send(page, lang, [run(), { name: "letter.gpx",
          mimeType: "text/plain", buffer: Buffer.from("Dear sirs") }]);
        await look(page, `receipts-${lang}`);
        await page.goto("/me");
        await page.locator("summary", { hasText: say("No file? Type it in") })
          .click();
        await look(page, `me-${lang}`);
        await leads(page, () => page.locator(".runs a").click());
        await page.locator(".receipt summary").first().click();
        await look(page, `receipt-${lang}`);
        await leads(page, () => page.getByRole("link",
          { name: say("The public result"), exact: true }).click());
        await look(page, `result-${lang}`);
        await leads(page, () => page.getByRole("link",
          { name: say("Is this true?"), exact: true }).click());
        await look(page, `vouch-${lang}`);
      });
      await visit(server, { lang }, async (page) => {
        await page.goto(link);
        await look(page, `link-${lang}`);
      });
    });

    test(`the organiser's page, ${lang}`, () =>
      visit(server, { lang, state: organiser }, async (page) => {
        await page.goto("/organise");
        await look(page, `organise-${lang}`);
      }));
  }
});
