// SPDX-License-Identifier: AGPL-3.0-or-later
// A mail server on loopback (tests/mail/server.py), to which the servers of a
// group of tests hand their mail; and what came there.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { ROOT, temporary } from "./everystep.js";

const PYTHON = "/usr/bin/python3"; // Debian's, for which aiosmtpd is installed
const PATIENCE_MS = 60_000;
const skip = spawnSync(PYTHON, ["-c", "import aiosmtpd"]).status !== 0 &&
  "aiosmtpd is not installed";

/** Quoted-printable, as all of our mails are. */
function text(mail) {
  const body = mail.slice(mail.indexOf("\r\n\r\n") + 4)
    .replaceAll("=\r\n", "").replaceAll("\r\n", "\n");
  return Buffer.from(body.replace(/=([0-9A-F]{2})/g,
    (_, hex) => String.fromCharCode(parseInt(hex, 16))), "latin1").toString();
}

/** What the newest mail to `address` that has `what` in it says. */
async function mail(folder, address, what) {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    const here = readdirSync(folder).filter((f) => f.endsWith(".eml"))
      .map((f) => parseInt(f)).sort((a, b) => b - a);
    for (const n of here) {
      const [, ...to] = readFileSync(join(folder, `${n}.env`), "utf8")
        .split("\n");
      const said = text(readFileSync(join(folder, `${n}.eml`), "latin1"));
      if (to.includes(address) && what.test(said)) return said;
    }
    await new Promise((r) => setTimeout(r, 50));
  }
  throw new Error(`no mail to ${address}`);
}

/** A group of tests whose servers send mail. `be`: how the mail server is
 *  (good, refuses, ...). `tests` is called with {mail(address, pattern)}. */
export function withPost(name, be, tests) {
  describe(name, { skip }, () => {
    const folder = temporary();
    let child;
    before(async () => {
      child = spawn(PYTHON,
        [join(ROOT, "tests/mail/server.py"), folder, "--be", be],
        { stdio: ["ignore", "pipe", "inherit"] });
      const port = await new Promise((resolve) =>
        child.stdout.once("data", (b) => resolve(String(b).trim())));
      process.env.EVERYSTEP_SMTP_URL = `smtp://127.0.0.1:${port}`;
      process.env.EVERYSTEP_MAIL_FROM = "Lanterns <runs@run.example>";
    });
    after(() => {
      delete process.env.EVERYSTEP_SMTP_URL;
      delete process.env.EVERYSTEP_MAIL_FROM;
      child.kill();
    });
    tests({ mail: (address, what) => mail(folder, address, what) });
  });
}
