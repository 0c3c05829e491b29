// SPDX-License-Identifier: AGPL-3.0-or-later
// The launch video of the demo, from its drawings: npm run video
//
// Chromium draws each frame of the story that video_story.js tells and encodes
// it (WebCodecs, VP9); no other program is needed.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./everystep.js";
import { closeBrowser, launched } from "./visitor.js";
import { webm } from "./webm.js";

const ART = join(ROOT, "src/cli/demo/art");
const FILM = { width: 640, height: 360, fps: 25, seconds: 12, bitrate: 210_000 };

const art = (name) => readFileSync(join(ART, name), "utf8");

const page = await (await launched()).newPage();
// An empty page of a secure origin: encoders are for those only.
await page.route("http://localhost/*", (r) =>
  r.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
await page.goto("http://localhost/");
await page.addScriptTag({
  content: readFileSync(new URL("./video_story.js", import.meta.url), "utf8"),
});
const frames = await page.evaluate(
  ([film, lanterns, poster]) => window.record(film, lanterns, poster),
  [FILM, art("lanterns.svg"), art("poster.svg")]);
await closeBrowser();

const file = webm({
  ...FILM, ms: FILM.seconds * 1000,
  frames: frames.map((f) => ({ ...f, data: Buffer.from(f.data, "base64") })),
});
writeFileSync(join(ART, "launch.webm"), file);
console.log(`launch.webm: ${file.length} bytes, ${frames.length} frames`);
