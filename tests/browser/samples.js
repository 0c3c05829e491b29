// SPDX-License-Identifier: AGPL-3.0-or-later
// Every page in every state that tests/pages/render.c has a sample of, under
// the policy that the product sends, without the product.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, before, describe } from "node:test";
import { ROOT, temporary, tool } from "./everystep.js";

const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css",
  ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png",
};

// What the samples' pictures show.
const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="1200" ' +
  'height="1200"><rect width="1200" height="1200" fill="#7a5c86"/>' +
  '<circle cx="600" cy="520" r="220" fill="#ffc95c"/></svg>';

function policy() {
  const source = readFileSync(join(ROOT, "src/web/web.c"), "utf8");
  const [, text] = /CSP\[\] =\s*((?:"[^"]*"\s*)+);/.exec(source);
  return text.replace(/"\s*"/g, "").replace(/^"|"\s*$/g, "");
}

// The sheets that stand in the head are the only ones allowed.
function withSheet(text, page) {
  const sheets = page.split("</head>")[0].matchAll(/<style>(.*?)<\/style>/gs);
  for (const [, sheet] of sheets) {
    const hash = createHash("sha256").update(sheet).digest("base64");
    text = text.replace("style-src ", `style-src 'sha256-${hash}' `);
  }
  return text;
}

/** The samples of a language, rendered: {names, dir}. `nasty` ones are full
 *  of texts that have broken pages. */
export function rendered(lang, nasty = false) {
  const dir = temporary();
  const done = spawnSync(tool("render_pages"),
    [dir, lang, ...(nasty ? ["nasty"] : [])], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`render_pages: ${done.stderr}`);
  const names = readdirSync(dir).filter((f) => f.endsWith(".html"))
    .map((f) => f.replace(".html", ""));
  return { dir, names };
}

/** Serves what was rendered: {origin, stop()}. */
export async function serveSamples({ dir }) {
  const csp = policy();
  const server = createServer((request, answer) => {
    const path = new URL(request.url, "http://samples").pathname;
    if (/\/media\/|card\.png$/.test(path)) {
      answer.writeHead(200, { "Content-Type": "image/svg+xml" }).end(PICTURE);
      return;
    }
    try {
      const body = readFileSync(join(dir, path));
      answer.writeHead(200, {
        "Content-Type": TYPES[extname(path)] ?? "application/octet-stream",
        "Content-Security-Policy": withSheet(csp, body.toString()),
      });
      answer.end(body);
    } catch {
      answer.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    // Without waiting: a browser keeps connections for what may come.
    server.close();
    server.closeAllConnections();
    server.unref();
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, stop };
}

/** A group of tests of samples. `tests` is called with what will be the
 *  server, and the names of the pages that are there: /NAME.html */
export function onSamples(name, lang, nasty, tests) {
  const pages = rendered(lang, nasty);
  describe(name, () => {
    const server = {};
    before(async () => { Object.assign(server, await serveSamples(pages)); });
    after(() => server.stop?.());
    tests(server, pages.names);
  });
}
