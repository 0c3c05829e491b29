// SPDX-License-Identifier: AGPL-3.0-or-later
// What the pages load is esbuild's, which takes types away unread.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "./everystep.js";

test("the islands' types agree", () => {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const done = spawnSync(process.execPath,
    [tsc, "--project", join(ROOT, "js")], { encoding: "utf8" });
  assert.equal(done.status, 0, done.stdout);
});
