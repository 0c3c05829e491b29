// SPDX-License-Identifier: AGPL-3.0-or-later
// ./dev gallery: every page as people see it, side by side. The demo in a real
// server, and each sample of tests/pages/render.c, in both directions, light
// and dark, on a small phone and a wide screen.
//     run.py --do gallery FOLDER [NAME...]   all; or these samples, or "demo"
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join as path } from "node:path";
import { journey } from "./demo.js";
import { start } from "./everystep.js";
import { indexOf } from "./gallery_index.js";
import { rendered, serveSamples } from "./samples.js";
import { layout } from "./seen.js";
import { closeBrowser, visit } from "./visitor.js";

const LANGS = ["en", "ur"];
const WIDTHS = [320, 1280];
const SCHEMES = ["light", "dark"];
const AT_ONCE = 2;
const HEIGHT_MAX = 12_000; // a picture's, in px

const [out, ...named] = process.argv.slice(2);
const wanted = (name) => !named.length || named.includes(name);
const shots = []; // {group, page, lang, scheme, width, file, faults}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else process.stderr.write(`${text}\n`);
}

// In a window as high as the page: what stays at the window's edge is drawn
// once, where the page ends.
async function whole(page, width, file) {
  const height = await page.evaluate(() =>
    document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.min(height, HEIGHT_MAX) });
  await page.screenshot({ path: path(out, file) });
  await page.setViewportSize({ width, height: 800 });
}

async function shoot(page, group, name, lang) {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    for (const scheme of SCHEMES) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      const file = `shots/${group}-${name}-${lang}-${scheme}-${width}.png`;
      const faults = await layout(page);
      await whole(page, width, file);
      shots.push({ group, page: name, lang, scheme, width, file, faults });
    }
  }
  progress(`${shots.length} pictures: ${group} ${name} ${lang}`);
  writeFileSync(path(out, "index.html"), indexOf(shots));
}

// The pictures to share, as the page that is open offers them.
async function cards(page, lang) {
  for (const at of await page.locator("[data-share] a[download]").all()) {
    const href = await at.getAttribute("href");
    const size = new URL(href, page.url()).searchParams.get("size");
    const file = `shots/cards-${size}-${lang}.png`;
    const picture = await page.request.get(href);
    writeFileSync(path(out, file), await picture.body());
    shots.push({ group: "cards", page: size, lang, scheme: "light", width: 320,
      file, faults: picture.ok() ? [] : [`answered ${picture.status()}`] });
  }
}

async function samples(lang) {
  const pages = rendered(lang);
  const names = pages.names.filter(wanted);
  const server = await serveSamples(pages);
  let next = 0;
  const draw = async () => {
    while (next < names.length) {
      const name = names[next++];
      await visit(server, { lang }, async (page) => {
        await page.goto(`/${name}.html`);
        await shoot(page, "states", name, lang);
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, draw));
  await server.stop();
}

async function demo() {
  progress("the demo is taken in");
  const server = await start();
  for (const lang of LANGS)
    await journey(server, lang, async (page, name) => {
      await shoot(page, "demo", name, lang);
      if (name === "result") await cards(page, lang);
    });
  await server.stop();
}

rmSync(out, { recursive: true, force: true });
mkdirSync(path(out, "shots"), { recursive: true });
if (wanted("demo")) await demo();
for (const lang of LANGS) await samples(lang);
await closeBrowser();

const bad = shots.filter((s) => s.faults.length);
progress(`${shots.length} pictures, ${bad.length} with something wrong\n`);
for (const s of bad)
  process.stderr.write(`${s.file}: ${s.faults.join("; ")}\n`);
console.log(path(out, "index.html"));
