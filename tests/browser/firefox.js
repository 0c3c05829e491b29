// SPDX-License-Identifier: AGPL-3.0-or-later
// Firefox, driven by its own protocol (Marionette) over a socket, so that the
// one of the system will do; and a receiver whose positions move.
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { temporary } from "./everystep.js";

const PATIENCE_MS = 60_000;

/** Answers as the service does that Firefox asks where it is: each time
 *  `metres` further to the north. {url, close()} */
async function positions(metres) {
  let asked = 0;
  const server = createServer((_, answer) => {
    answer.setHeader("Content-Type", "application/json");
    answer.end(JSON.stringify({ accuracy: 8, location: {
      lat: 48 + asked++ * metres / 111_195, lng: 11 } }));
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { url: `http://127.0.0.1:${server.address().port}/`,
    close: () => server.close() };
}

const prefs = (url) => ({
  "marionette.port": 0, // any; it is written into the profile
  "geo.prompt.testing": true,
  "geo.prompt.testing.allow": true,
  "geo.provider.network.url": url,
  "geo.provider.use_geoclue": false,
  "geo.provider.network.timeToWaitBeforeSending": 1000,
  "geo.provider.network.scan": false,
  "geo.provider.network.debug.requestCache.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.aboutwelcome.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "app.update.disabledForTesting": true,
  "toolkit.telemetry.server": "",
  "intl.accept_languages": "en",
});

/** One command after the other: [0, id, name, what] and [1, id, error,
 *  result], each with its length before it. */
class Marionette {
  #socket;
  #read = Buffer.alloc(0);
  #waiting = new Map();
  #last = 0;

  static async to(port) {
    const m = new Marionette();
    m.#socket = connect(port, "127.0.0.1");
    m.#socket.on("data", (b) => m.#take(b));
    await new Promise((ready, not) => {
      m.#waiting.set("hello", [ready, not]);
      m.#socket.on("error", not);
    });
    return m;
  }

  #take(bytes) {
    this.#read = Buffer.concat([this.#read, bytes]);
    for (;;) {
      const colon = this.#read.indexOf(":");
      const end = colon + 1 + Number(this.#read.subarray(0, colon));
      if (colon < 0 || this.#read.length < end) return;
      const said = JSON.parse(this.#read.subarray(colon + 1, end));
      this.#read = this.#read.subarray(end);
      const [, id, error, result] = Array.isArray(said) ? said
        : [1, "hello", null, said];
      const [ready, not] = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) not(new Error(`${error.error}: ${error.message}`));
      else ready(result);
    }
  }

  ask(name, what = {}) {
    const id = ++this.#last;
    const said = JSON.stringify([0, id, name, what]);
    this.#socket.write(`${Buffer.byteLength(said)}:${said}`);
    return new Promise((ready, not) => this.#waiting.set(id, [ready, not]));
  }

  close() {
    this.#socket.destroy();
  }
}

async function until(what) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const got = await what();
    if (got) return got;
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((r) => setTimeout(r, 100));
  }
}

/** The port that it wrote into its profile; 0: not yet. */
function listens(profile) {
  try {
    return Number(readFileSync(join(profile, "MarionetteActivePort"), "utf8"));
  } catch {
    return 0;
  }
}

/** Starts it and does what `act` says with its one page: {go(url), run(fn,
 *  ...args), see(selector), click(selector)}. Resolves once it has ended. */
export async function firefox(program, act, { metres = 3 } = {}) {
  const where = await positions(metres);
  const profile = temporary();
  writeFileSync(join(profile, "user.js"), Object.entries(prefs(where.url))
    .map(([k, v]) => `user_pref(${JSON.stringify(k)}, ${JSON.stringify(v)});`)
    .join("\n"));
  const child = spawn(program, ["--headless", "--marionette", "--no-remote",
    "--profile", profile, "about:blank"],
    { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env,
      HOME: profile } });
  let said = "";
  const ended = new Promise((resolve) => child.on("close", resolve));
  const absent = new Promise((_, not) => child.on("error", (e) =>
    not(new Error(`${program}: ${e.message}; tools/packages names it`))));
  child.stderr.on("data", (b) => { said += b; });
  const kill = () => child.kill("SIGKILL");
  process.on("exit", kill);
  try {
    const m = await Marionette.to(await Promise.race([
      until(() => listens(profile)), absent]));
    await m.ask("WebDriver:NewSession", {});
    const run = async (fn, ...args) => (await m.ask("WebDriver:ExecuteScript", {
      script: `return (${fn}).apply(null, arguments)`, args })).value;
    const see = (selector) => until(() => run((s) => {
      const at = document.querySelector(s);
      return Boolean(at) && at.checkVisibility();
    }, selector));
    const click = async (selector) => {
      await see(selector);
      const { value } = await m.ask("WebDriver:FindElement",
        { using: "css selector", value: selector });
      await m.ask("WebDriver:ElementClick", { id: Object.values(value)[0] });
    };
    const go = (url) => m.ask("WebDriver:Navigate", { url });
    await act({ go, run, see, click, until });
    m.close();
  } catch (e) {
    throw new Error(`${e.stack}\n${said.slice(-2000)}`);
  } finally {
    kill();
    await ended;
    process.off("exit", kill);
    where.close();
  }
}
