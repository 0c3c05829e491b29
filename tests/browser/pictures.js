// SPDX-License-Identifier: AGPL-3.0-or-later
// The pictures of the documents, from the demo: npm run pictures [NAME...]
import assert from "node:assert/strict";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, SLUG, start } from "./everystep.js";
import { closeBrowser, leads, visit } from "./visitor.js";

const HERE = join(ROOT, "docs/pictures");
const MOST_BYTES = 150_000;
// Somebody of the demo who shows the routes of their runs.
const SOMEBODY = `/e/${SLUG}/people/54`;

// A card says where its page is: not on this machine's port of today.
process.env.EVERYSTEP_ORIGIN = "https://run.example";

// A third of what PNG takes, and letters stay sharp.
async function asWebp(page, png) {
  const data = await page.evaluate(async (base64) => {
    const img = new Image();
    img.src = `data:image/png;base64,${base64}`;
    await img.decode();
    const canvas = document.createElement("canvas");
    canvas.width = img.naturalWidth;
    canvas.height = img.naturalHeight;
    canvas.getContext("2d").drawImage(img, 0, 0);
    return canvas.toDataURL("image/webp", 0.92);
  }, png.toString("base64"));
  return Buffer.from(data.split(",")[1], "base64");
}

function look(file, options, path, height, before) {
  return (server) => visit(server, options, async (page) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.goto(path);
    await before?.(page);
    await page.evaluate(() => document.fonts.ready);
    await page.waitForLoadState("load");
    const png = await page.screenshot({
      clip: { x: 0, y: 0, width: options.width, height },
    });
    writeFileSync(join(HERE, file), await asWebp(page, png));
  });
}

// As its organiser, whom the one-time link lets in.
let organiser;

const asOrganiser = (file, options, path, height, before) => async (server) => {
  organiser ??= await visit(server, {}, async (page) => {
    await page.goto(server.setup);
    await page.fill("#name", "Clara Fields");
    await leads(page, () => page.getByRole("button", { name: "Go on" }).click());
  });
  await look(file, { ...options, state: organiser }, path, height, before)(server);
};

const card = (file, query) => (server) =>
  visit(server, {}, async (page) => {
    await page.goto(SOMEBODY);
    const run = await page.locator("a[href^='/r/']").first()
      .getAttribute("href");
    const drawn = await fetch(`${server.origin}${run}/card.png${query}`);
    assert.equal(drawn.status, 200);
    writeFileSync(join(HERE, file), Buffer.from(await drawn.arrayBuffer()));
  });

const PICTURES = {
  "initiative.webp": look("initiative.webp", { width: 1100 }, `/e/${SLUG}`, 1010),
  "phone.webp": look("phone.webp", { width: 390 }, `/e/${SLUG}`, 844),
  "urdu.webp": look("urdu.webp", { width: 390, lang: "ur", dark: true },
    `/e/${SLUG}/leaderboard`, 844),
  "card.png": card("card.png", "?size=wide"),
  "console.webp": asOrganiser("console.webp", { width: 1100 },
    `/organise/e/${SLUG}`, 900),
  "rules.webp": asOrganiser("rules.webp", { width: 1100 },
    `/organise/e/${SLUG}/rules`, 900),
  "review.webp": asOrganiser("review.webp", { width: 1100 },
    `/organise/e/${SLUG}/review`, 1000, (page) => leads(page, () =>
      page.locator("[data-list] li > a").first().click())),
};

mkdirSync(HERE, { recursive: true });
const server = await start();
const named = process.argv.slice(2);
for (const [file, make] of Object.entries(PICTURES)) {
  if (named.length && !named.includes(file)) continue;
  await make(server);
  const bytes = statSync(join(HERE, file)).size;
  console.log(`${file}: ${bytes} bytes`);
  assert(bytes <= MOST_BYTES, `${file} is heavy`);
}
await closeBrowser();
await server.stop();
