// SPDX-License-Identifier: AGPL-3.0-or-later
// Pictures of the recorder: 320 and 390 px, light and dark, English and Urdu.
//     run.py --do recorder_pictures FOLDER
import { mkdirSync } from "node:fs";
import { join as path } from "node:path";
import { join, newName } from "./deeds.js";
import { SLUG, start } from "./everystep.js";
import { run as gpx } from "./gpx.js";
import { arrive, equip, feed, open, press, screen, setOut, way }
  from "./runner.js";
import { closeBrowser, launched } from "./visitor.js";

const folder = process.argv[2] ?? "recorder-pictures";
mkdirSync(folder, { recursive: true });
const server = await start();

async function pictures(lang, width, colorScheme) {
  const context = await (await launched()).newContext({
    baseURL: server.origin, locale: lang, timezoneId: "UTC", colorScheme,
    viewport: { width, height: 740 }, deviceScaleFactor: 2,
  });
  await equip(context);
  const page = await context.newPage();
  const shot = (name, fullPage = false) => page.screenshot({ fullPage,
    path: path(folder, `${name}-${lang}-${width}-${colorScheme}.png`) });
  const run = way({ seconds: 1500, seed: 3, noise: 1.5 });
  await join(page, lang, newName(lang));
  await shot("joined", true);
  await page.goto("/me");
  await shot("me", true);
  await page.goto(`/e/${SLUG}`);
  await shot("initiative");
  await open(page);
  await page.evaluate((f) => globalThis.sim.tell({ ...f, acc: 30 }),
    run.fixes[0]);
  await shot("before", true);
  await setOut(page, run.fixes[0]);
  await feed(page, run.fixes.slice(1));
  await page.waitForTimeout(1000);
  await shot("run");
  await press(page, "pause");
  await page.waitForTimeout(700);
  await shot("paused");
  await press(page, "pocket");
  await shot("pocket");
  await page.keyboard.down("Enter");
  await page.waitForTimeout(1300);
  await page.keyboard.up("Enter");
  await screen(page, "run");
  await page.reload();
  await screen(page, "found");
  await shot("found", true);
  await press(page, "continue");
  await screen(page, "run");
  await arrive(page);
  await page.waitForTimeout(300);
  await shot("end", true);
  for (const at of await page.locator("[data-at=end] summary").all())
    await at.click();
  await page.locator("#from").fill("300");
  await page.waitForTimeout(300);
  await shot("ends-cut", true);
  await press(page, "send");
  await page.waitForSelector("[data-kept] [data-state=received]");
  await shot("ready", true);
  await page.goto("/me");
  const old = gpx({ hoursAgo: 24 * 400 });
  await page.setInputFiles("#files", [gpx({ metres: 5000 }), old]);
  await page.locator("[data-outcome=never]").waitFor();
  await page.locator("form.upload").screenshot({
    path: path(folder, `files-${lang}-${width}-${colorScheme}.png`) });
  await context.close();
}

for (const lang of ["en", "ur"])
  for (const width of [320, 390])
    for (const scheme of ["light", "dark"]) await pictures(lang, width, scheme);
await closeBrowser();
await server.stop();
