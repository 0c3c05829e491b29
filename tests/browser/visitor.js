// SPDX-License-Identifier: AGPL-3.0-or-later
// A person with a browser, who notices whatever a page does that it must not.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const PATIENCE_MS = 60_000; // sanitizers, two processors, a busy morning

let browser = null;

function executable() {
  const places = [process.env.ES_CHROMIUM, "/usr/bin/chromium"];
  const found = places.find((p) => p && existsSync(p));
  assert(found, "no Chromium; ES_CHROMIUM says where it is");
  return found;
}

export async function launched() {
  browser ??= await chromium.launch({
    executablePath: executable(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--no-first-run"],
  });
  return browser;
}

export async function closeBrowser() {
  await browser?.close();
  browser = null;
}

function watch(page, origin, faults) {
  page.on("pageerror", (e) => faults.push(`script at ${page.url()}: ${e.message}`));
  page.on("console", (m) => {
    // The browser writes down each 4xx; the test itself looks at the status.
    if (m.type() === "error" && !/status of 4\d\d/.test(m.text()))
      faults.push(`console: ${m.text()}`);
  });
  page.on("request", (r) => {
    if (!r.url().startsWith(`${origin}/`) && !r.url().startsWith("data:"))
      faults.push(`foreign request: ${r.url()}`);
  });
  page.on("response", (r) => {
    if (r.status() >= 500) faults.push(`${r.status()}: ${r.url()}`);
  });
}

/** Opens a browser of one's own on `server`, does what `act` says with its
 *  page, and fails if the page complained, broke its policy or asked another
 *  host for anything. `state` is what an earlier visit returned as its
 *  cookies. Resolves to the cookies. */
export async function visit(server, options, act) {
  const { lang = "en", js = true, dark = false, width = 1280, state } = options;
  const faults = [];
  const context = await (await launched()).newContext({
    baseURL: server.origin,
    locale: lang,
    timezoneId: "UTC",
    javaScriptEnabled: js,
    colorScheme: dark ? "dark" : "light",
    viewport: { width, height: 800 },
    storageState: state,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    const page = await context.newPage();
    watch(page, server.origin, faults);
    await act(page);
    assert.deepEqual(faults, []);
    return await context.storageState();
  } finally {
    await context.close();
  }
}

/** Does what leads to another page and waits for it; resolves to the status
 *  that the page came with. */
export async function leads(page, act) {
  const [answer] = await Promise.all([
    page.waitForResponse((r) => r.request().isNavigationRequest() &&
      (r.status() < 300 || r.status() > 399)),
    act(),
  ]);
  await page.waitForLoadState("domcontentloaded");
  return answer.status();
}
