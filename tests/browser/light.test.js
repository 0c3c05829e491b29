// SPDX-License-Identifier: AGPL-3.0-or-later
// What a first visit to an initiative's page costs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SLUG, onServer } from "./everystep.js";
import { visit } from "./visitor.js";

const BYTES_MAX = 30_000;
const QUIET_MS = 1500; // nothing may come late

/** Every request of a visit: {url, type, from, bytes}; `from` is what in which
 *  document asked for it. */
async function requests(page, url) {
  const client = await page.context().newCDPSession(page);
  const all = new Map();
  client.on("Network.requestWillBeSent", (e) => all.set(e.requestId, {
    url: e.request.url, type: e.type, bytes: 0,
    from: `${e.initiator.type} ${e.initiator.url ?? ""}`.trim(),
  }));
  client.on("Network.dataReceived", (e) => {
    const r = all.get(e.requestId);
    if (r.type === "EventSource") r.bytes += e.encodedDataLength;
  });
  client.on("Network.responseReceived", (e) => {
    if (e.type === "EventSource")
      all.get(e.requestId).bytes += e.response.encodedDataLength;
  });
  client.on("Network.loadingFinished", (e) => {
    all.get(e.requestId).bytes = e.encodedDataLength;
  });
  await client.send("Network.enable");
  await page.goto(url, { waitUntil: "load" });
  await page.waitForTimeout(QUIET_MS);
  return [...all.values()];
}

/** The icon, which browsers without a window may leave. */
async function icon(page) {
  const href = await page.locator('link[rel="icon"]').getAttribute("href");
  const answer = await page.request.get(href);
  assert.equal(answer.status(), 200);
  const head = answer.headersArray()
    .reduce((n, h) => n + h.name.length + h.value.length + 4, 0);
  const length = Number(answer.headers()["content-length"]);
  return { url: new URL(href, page.url()).href, bytes: head + length };
}

onServer("a first visit", (server) => {
  for (const [lang, width] of [["en", 390], ["ur", 390], ["en", 1280]]) {
    test(`is light and one round, ${lang}, ${width} px`, (t) =>
      visit(server, { lang, width }, async (page) => {
        const seen = await requests(page, `/e/${SLUG}`);
        const mark = await icon(page);
        if (!seen.some((r) => r.url === mark.url)) seen.push(mark);
        const sum = seen.reduce((n, r) => n + r.bytes, 0);
        const told = seen.map((r) => `${r.bytes} ${r.url} (${r.from})`)
          .join("\n");
        t.diagnostic(`${sum} bytes`);
        assert(sum <= BYTES_MAX, `${sum} bytes:\n${told}`);
        assert(sum > 1000, told);

        // One round: what the page needs, the page itself names. The stream
        // of what happens is opened later and holds nothing up.
        const [document_, ...rest] = seen;
        assert.equal(document_.type, "Document");
        const late = rest.filter((r) => r.type !== "EventSource" &&
          !r.url.startsWith("data:") && // the video's own buttons
          r.url !== mark.url && r.from !== `parser ${document_.url}`);
        assert.deepEqual(late, []);
      }));
  }

  test("is laid out as it stays once its first answer is there", () =>
    visit(server, { js: false }, async (page) => {
      const boxes = () => page.evaluate(() =>
        [...document.body.querySelectorAll("*")].map((el) => {
          const { x, y, width, height } = el.getBoundingClientRect();
          return `${el.tagName} ${x},${y} ${width}×${height}`;
        }));
      await page.goto(`/e/${SLUG}`);
      const whole = await boxes();
      await page.route("**/*", (route) =>
        route.request().isNavigationRequest() ? route.continue()
          : route.fulfill({ status: 404 }));
      await page.reload();
      assert.deepEqual(await boxes(), whole);
    }));
});
