// SPDX-License-Identifier: AGPL-3.0-or-later
// A real server of the build under test, on a free port, with the demo.
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { after, before, describe } from "node:test";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const SLUG = "lantern-run";

const SEEDING_MS = 600_000; // 590 runs, with sanitizers, on a busy machine
const STOPPING_MS = 20_000;

let template = null; // a data folder with the demo in it, made once a process

/** A file of the build under test. */
export function built(path) {
  const builds = process.env.ES_BUILD_ROOT
    ? [process.env.ES_BUILD_ROOT]
    : [join(ROOT, "build-asan"), join(ROOT, "build")];
  for (const build of builds)
    if (existsSync(join(build, path))) return join(build, path);
  throw new Error(`no ${path} in ${builds.join(" or ")}: ./dev test builds it`);
}

/** A program that only tests use. */
export function tool(name) {
  return built(join("tests/pages", name));
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

const folders = [];
process.on("exit", () => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});

/** A folder that goes when this process does. */
export function temporary() {
  folders.push(mkdtempSync(join(tmpdir(), "everystep-browser-")));
  return folders.at(-1);
}

/** Starts a server on `data`. Resolves once it has said its three lines:
 *  {origin, data, initiative, setup (the one-time link), stop()}. */
async function serve(data, demo = true, at = 0) {
  const port = at || await freePort();
  const child = spawn(built("everystep"), ["serve", ...(demo ? ["--demo"] : []), "--data", data,
    "--listen", `127.0.0.1:${port}`, "--origin", `http://127.0.0.1:${port}`,
    "--log-level", "warn"],
    { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  let complaints = "";
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const kill = () => child.kill("SIGKILL");
  process.on("exit", kill);
  child.stderr.on("data", (b) => { complaints += b; });

  const setup = await new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      kill();
      reject(new Error(`the server is not ready:\n${said}${complaints}`));
    }, SEEDING_MS);
    ended.then((status) =>
      reject(new Error(`the server ended (${status}):\n${complaints}`)));
    child.stdout.on("data", (b) => {
      said += b;
      const link = /Set-up link.*: (http\S+)\n/.exec(said);
      if (!link) return;
      clearTimeout(late);
      resolve(link[1]);
    });
  });

  const stop = async () => {
    child.kill("SIGTERM");
    const late = setTimeout(kill, STOPPING_MS);
    const status = await ended;
    clearTimeout(late);
    process.off("exit", kill);
    if (status !== 0 || /Sanitizer|runtime error/.test(complaints))
      throw new Error(`the server ended with ${status}:\n${complaints}`);
  };
  const origin = `http://127.0.0.1:${port}`;
  // The link leads to a name, for passkeys; these tests come by the number.
  // Another server on the same data, where this one was.
  const again = async () => {
    await stop();
    return serve(data, demo, port);
  };
  return { origin, data, again, setup: setup.replace("//localhost:", "//127.0.0.1:"), stop,
    initiative: `${origin}/e/${SLUG}` };
}

/** A server with a data folder of its own, the demo in it. The demo is taken
 *  in once a process and copied for the next. */
export async function start() {
  if (!template) {
    const made = temporary();
    const first = await serve(made);
    await first.stop();
    template = made;
  }
  const data = temporary();
  cpSync(template, data, { recursive: true });
  return serve(data);
}

/** A group of tests with a server of its own. `tests` is called with what
 *  will be the server once the first of them runs. */
export function onServer(name, tests) {
  describe(name, () => {
    const server = {};
    before(async () => { Object.assign(server, await start()); });
    after(() => server.stop?.());
    tests(server);
  });
}

/** The same with a server on which nothing is yet. */
export function onEmptyServer(name, tests) {
  describe(name, () => {
    const server = {};
    before(async () => {
      Object.assign(server, await serve(temporary(), false));
    });
    after(() => server.stop?.());
    tests(server);
  });
}
