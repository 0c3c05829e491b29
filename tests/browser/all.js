// SPDX-License-Identifier: AGPL-3.0-or-later
// All tests in one process: one browser, and the demo is taken in once.
//     ./run.py                       every test
//     ./run.py way live              those files
//     ./run.py --but looks           all but those
import { after } from "node:test";
import { readdirSync } from "node:fs";
import { closeBrowser } from "./visitor.js";

const here = new URL(".", import.meta.url);
const but = process.argv[2] === "--but";
const named = process.argv.slice(but ? 3 : 2);
const files = readdirSync(here).filter((f) => f.endsWith(".test.js"))
  .filter((f) => !named.length ||
    named.includes(f.replace(".test.js", "")) !== but);

after(closeBrowser);
for (const file of files.sort()) await import(new URL(file, here));
