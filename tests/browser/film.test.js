// SPDX-License-Identifier: AGPL-3.0-or-later
// A launch video that is sent in pieces: paused, the server restarted, the page
// loaded anew, the same file chosen again. And how it is seen afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onServer, SLUG } from "./everystep.js";
import { leads, visit } from "./visitor.js";

const PAGE = `/organise/e/${SLUG}/media`;
const MIB = 1 << 20;
const VTT = "WEBVTT\n\n00:00.000 --> 00:11.000\nEvery lamp counts.\n";

/** The demo's film, made longer by an element that players pass over. */
async function film(server) {
  const page = await (await fetch(server.initiative)).text();
  const [, path] = /<source src="([^"]+)"/.exec(page);
  const small = Buffer.from(
    await (await fetch(server.origin + path)).arrayBuffer());
  const room = 12 * MIB - small.length;
  const head = Buffer.alloc(9);
  head.writeUInt8(0xec, 0); // Void
  head.writeBigUInt64BE(BigInt(room) | (1n << 56n), 1);
  return { name: "launch message.webm", mimeType: "video/webm",
    buffer: Buffer.concat([small, head, Buffer.alloc(room, 0x5a)]) };
}

onServer("a launch video", (server) => {
  let state;
  let file;

  test("is paused, outlives a restart and a reload, and goes on", async () => {
    file = await film(server);
    state = await visit(server, {}, async (page) => {
      await page.goto(server.setup);
      await page.fill("#name", "Clara Fields");
      await leads(page, () =>
        page.getByRole("button", { name: "Go on" }).click());
      await page.goto(PAGE);
      // The first piece is on its way until the pause is asked for.
      await page.route("**/media/films/*", async (route) => {
        if (route.request().method() === "PATCH")
          await page.locator("[data-pause]").click();
        await route.continue();
      });
      await page.setInputFiles("#video", file);
      await page.locator("form[data-film] button[type=submit]").click();
      await page.locator("[data-words]", { hasText: "Paused at" }).waitFor();
      await page.unrouteAll();
    });
    Object.assign(server, await server.again());
    await visit(server, { state }, async (page) => {
      await page.goto(PAGE);
      const notice = page.locator("[data-upload]");
      assert.match(await notice.innerText(), /Not whole yet/);
      const there = Number(
        await notice.locator("progress").getAttribute("value"));
      assert.equal(there, MIB);
      const offsets = [];
      page.on("request", (r) => {
        if (r.method() === "PATCH")
          offsets.push(Number(r.headers()["upload-offset"]));
      });
      await page.setInputFiles("#video", file);
      await leads(page, () =>
        page.locator("form[data-film] button[type=submit]").click());
      assert.equal(offsets[0], there);
      assert.equal(await page.locator("[data-upload]").count(), 0);
      assert.match(await page.locator(".film").innerText(), /launch message/);
      await page.setInputFiles("#captions", { name: "a.vtt",
        mimeType: "text/vtt", buffer: Buffer.from(VTT) });
      await page.selectOption("#lang", "en");
      await leads(page, () =>
        page.getByRole("button", { name: "Add captions" }).click());
    });
  });

  test("is byte by byte what was sent, whole and in parts", async () => {
    const page = await (await fetch(server.initiative)).text();
    const [, path] = /<source src="([^"]+)"/.exec(page);
    const url = server.origin + path;
    const whole = await fetch(url);
    assert.equal(whole.headers.get("set-cookie"), null);
    assert(file.buffer.equals(Buffer.from(await whole.arrayBuffer())));
    for (const [from, to] of [[0, 0], [262140, 262150], [5 * MIB, 9 * MIB]]) {
      const r = await fetch(url, { headers: { Range: `bytes=${from}-${to}` } });
      assert.equal(r.status, 206);
      assert(file.buffer.subarray(from, to + 1)
        .equals(Buffer.from(await r.arrayBuffer())));
    }
  });

  test("plays, by ranges, with its captions", () =>
    visit(server, {}, async (page) => {
      const statuses = [];
      page.on("response", (r) => {
        if (r.headers()["content-type"] === "video/webm")
          statuses.push(r.status());
      });
      await page.goto(server.initiative);
      const video = page.locator("video");
      const cue = await video.evaluate(async (v) => {
        const track = [...v.textTracks].find((t) => t.language === "en");
        track.mode = "showing";
        v.muted = true;
        v.preload = "auto";
        await v.play();
        v.currentTime = 5;
        for (let i = 0; i < 200 && !track.activeCues?.length; i++)
          await new Promise((r) => setTimeout(r, 50));
        return track.activeCues[0].text;
      });
      assert.equal(cue, "Every lamp counts.");
      assert(statuses.length > 0 && statuses.every((s) => s === 206),
        statuses.join(" "));
    }));
});
