// SPDX-License-Identifier: AGPL-3.0-or-later
// Pictures of the recorder: 320 and 390 px, light and dark, English and Urdu.
//     run.py --do recorder_pictures FOLDER
import { mkdirSync } from "node:fs";
import { join as path } from "node:path";
import { join, newName } from "./deeds.js";
import { start } from "./everystep.js";
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
  await open(page);
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
  await arrive(page);
  await page.waitForTimeout(300);
  await shot("end", true);
  await press(page, "send");
  await page.waitForSelector("[data-kept] [data-state=received]");
  await shot("ready", true);
  await context.close();
}

for (const lang of ["en", "ur"])
  for (const width of [320, 390])
    for (const scheme of ["light", "dark"]) await pictures(lang, width, scheme);
await closeBrowser();
await server.stop();
