// SPDX-License-Identifier: AGPL-3.0-or-later
// What an initiative shows: its picture, and its video with captions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onServer } from "./everystep.js";
import { visit } from "./visitor.js";

const LANGS = ["en", "tr", "az", "ur", "ar"];

// Muted, so that a page may start it without a person's click.
async function loaded(page) {
  const video = page.locator("video");
  await video.evaluate(async (v) => {
    v.muted = true;
    v.preload = "auto";
    v.load();
    await new Promise((resolve, reject) => {
      v.addEventListener("canplay", resolve, { once: true });
      v.querySelector("source").addEventListener("error", reject);
    });
  });
  return video;
}

onServer("what an initiative shows", (server) => {
  test("its picture is seen, said in words, and light", () =>
    visit(server, {}, async (page) => {
      const sent = page.waitForResponse((r) =>
        r.headers()["content-type"] === "image/svg+xml" &&
        r.url().includes("/media/"));
      await page.goto(server.initiative);
      const bytes = (await (await sent).request().sizes()).responseBodySize;
      assert(bytes > 0 && bytes <= 4096, `${bytes} bytes`);
      const img = page.locator("img[src*='/media/']").first();
      assert(await img.evaluate((i) => i.complete && i.naturalWidth > 0));
      assert((await img.getAttribute("alt")).length > 20);
    }));

  test("its video plays to the end", () =>
    visit(server, {}, async (page) => {
      await page.goto(server.initiative);
      const video = await loaded(page);
      assert.equal(await video.evaluate((v) => v.duration), 12);
      assert.deepEqual(await video.evaluate((v) =>
        [v.videoWidth, v.videoHeight]), [640, 360]);
      await video.evaluate(async (v) => {
        const ended = new Promise((r) => v.addEventListener("ended", r));
        v.currentTime = 11;
        await v.play();
        await ended;
      });
    }));

  test("its video is sought in by ranges", () =>
    visit(server, {}, async (page) => {
      const parts = [];
      page.on("response", (r) => {
        if (r.headers()["content-type"] === "video/webm")
          parts.push(r.status());
      });
      await page.goto(server.initiative);
      const video = await loaded(page);
      const at = await video.evaluate(async (v) => {
        const there = new Promise((r) => v.addEventListener("seeked", r));
        v.currentTime = 8.4;
        await there;
        return v.currentTime;
      });
      assert.equal(at, 8.4);
      assert(parts.length > 0 && parts.every((s) => s === 206), `${parts}`);
      const url = new URL(await page.locator("video source")
        .getAttribute("src"), server.origin);
      const part = await fetch(url, { headers: { Range: "bytes=0-3" } });
      assert.equal(part.status, 206);
      assert.deepEqual([...new Uint8Array(await part.arrayBuffer())],
        [0x1a, 0x45, 0xdf, 0xa3]);
    }));

  for (const lang of LANGS) {
    test(`its captions are there, those in ${lang} first`, () =>
      visit(server, { lang }, async (page) => {
        await page.goto(server.initiative);
        const video = await loaded(page);
        const tracks = await video.evaluate(async (v) => {
          const found = [];
          for (const el of v.querySelectorAll("track")) {
            const { track } = el;
            const chosen = track.mode === "showing";
            const ready = el.readyState === HTMLTrackElement.LOADED ||
              new Promise((resolve) => el.addEventListener("load", resolve));
            track.mode = "showing";
            await ready;
            found.push([track.language, chosen, track.cues.length,
              track.label.length > 0]);
          }
          return found;
        });
        assert.deepEqual(tracks.map((t) => t[0]).sort(), [...LANGS].sort());
        for (const [of, chosen, cues, labelled] of tracks) {
          assert.equal(chosen, of === lang, of);
          assert.equal(cues, 4, of);
          assert(labelled, of);
        }
      }));
  }

  test("what it says can be read without a script", () =>
    visit(server, { js: false }, async (page) => {
      await page.goto(server.initiative);
      assert(await page.locator("video[controls]").isVisible());
      await page.locator("details:has(blockquote) summary").click();
      await page.getByText("Nobody is last.”").waitFor();
    }));
});
