// SPDX-License-Identifier: AGPL-3.0-or-later
// The pictures of the documents, from the demo: npm run pictures
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT, SLUG, start } from "./everystep.js";
import { closeBrowser, visit } from "./visitor.js";

const HERE = join(ROOT, "docs/pictures");
mkdirSync(HERE, { recursive: true });
const server = await start();
await visit(server, { width: 1100 }, async (page) => {
  await page.goto(`/e/${SLUG}`);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({
    path: join(HERE, "initiative.png"),
    clip: { x: 0, y: 0, width: 1100, height: 710 },
  });
});
await closeBrowser();
await server.stop();
