#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""./dev's set-up, in a folder of its own, against stand-ins for the programs
that would change the machine: each writes down how it was called."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ["ES_SOURCE_ROOT"])

STAND_INS = {
    # Says of each package but those in $ABSENT that it is installed.
    "dpkg-query": r'''
for p in "$@"; do
    case $p in -*|*'{'*) continue ;; esac
    case " $ABSENT " in *" $p "*) continue ;; esac
    echo "installed $p"
done
for p in $ABSENT; do exit 1; done''',
    "apt-get": 'echo "apt-get[$DEBIAN_FRONTEND] $*" >>"$CALLS"\n'
               'exit "${APT_STATUS:-0}"',
    "sudo": 'echo sudo >>"$CALLS"\nexec "$@"',
    "id": 'echo "$FAKE_UID"',
    "meson": 'echo "meson $*" >>"$CALLS"\nmkdir -p build\n'
             ': >build/build.ninja',
    "ninja": 'echo "ninja $*" >>"$CALLS"',
}


class Dev(unittest.TestCase):
    def setUp(self):
        self.top = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.top)
        self.calls = self.top / "calls"
        self.tree = self.top / "a path"
        (self.tree / "tools").mkdir(parents=True)
        shutil.copy(ROOT / "dev", self.tree / "dev")
        shutil.copy(ROOT / "tools/packages", self.tree / "tools/packages")
        (self.top / "bin").mkdir()
        for name, body in STAND_INS.items():
            self.stand_in(name, body)

    def stand_in(self, name, body):
        file = self.top / "bin" / name
        file.write_text(f"#!/bin/bash\n{body}\n", encoding="utf-8")
        file.chmod(0o755)

    def dev(self, *args, absent="", uid=0, **env):
        """Runs ./dev from another folder; returns its exit status, what it
        said, and the calls it made."""
        self.calls.write_text("")
        done = subprocess.run(
            [self.tree / "dev", *args], cwd="/", stdin=subprocess.DEVNULL,
            capture_output=True, text=True, env={
                "PATH": f"{self.top}/bin:/usr/bin:/bin", "ABSENT": absent,
                "CALLS": str(self.calls), "FAKE_UID": str(uid), **env})
        return (done.returncode, done.stdout + done.stderr,
                self.calls.read_text().splitlines())

    def test_nothing_missing_installs_nothing(self):
        status, _, calls = self.dev("build")
        self.assertEqual(status, 0)
        self.assertFalse([c for c in calls if "apt-get" in c])

    def test_installs_what_is_missing_and_says_so(self):
        status, said, calls = self.dev("build", absent="gcc zlib1g-dev")
        self.assertEqual(status, 0)
        self.assertRegex(said, "installing.* gcc zlib1g-dev\n")
        self.assertEqual(calls[0], "apt-get[noninteractive] -q update")
        self.assertRegex(
            calls[1], r"^apt-get\[noninteractive\] .*-y "
            r"--no-install-recommends .*install gcc zlib1g-dev$")
        self.assertNotIn("sudo", calls)

    def test_sudo_when_not_root(self):
        _, _, calls = self.dev("build", absent="gcc", uid=1000)
        self.assertEqual(calls[0], "sudo")

    def test_neither_root_nor_sudo_says_what_to_do(self):
        (self.top / "bin/sudo").unlink()
        # The machine's own sudo would do as well: leave it out of the path.
        for name in ("bash", "env", "dirname", "readlink", "sed", "sort",
                     "comm"):
            os.symlink(shutil.which(name), self.top / "bin" / name)
        status, said, calls = self.dev("build", absent="gcc", uid=1000,
                                       PATH=f"{self.top}/bin")
        self.assertEqual(status, 1)
        self.assertIn("apt-get install --no-install-recommends gcc", said)
        self.assertEqual(calls, [])

    def test_a_failed_install_builds_nothing(self):
        status, _, calls = self.dev("build", absent="gcc", APT_STATUS="100")
        self.assertNotEqual(status, 0)
        self.assertFalse([c for c in calls if c.startswith("ninja")])

    def test_configures_once(self):
        self.dev("build")
        _, _, calls = self.dev("build")
        self.assertEqual(calls, ["ninja -C build"])

    def test_what_ships_needs_no_test_package(self):
        _, said, _ = self.dev("build", absent="libcmocka-dev cppcheck")
        self.assertNotIn("installing", said)

    def test_browser_packages_that_cannot_be_had_fail_and_say_so(self):
        folder = self.top / "browser"
        folder.mkdir()
        for name in ("run.py", "package.json", "package-lock.json"):
            shutil.copy(ROOT / "tests/browser" / name, folder / name)
        self.stand_in("npm", "exit 1")
        for name in ("node", "chromium"):
            self.stand_in(name, "echo it went on")
        done = subprocess.run([folder / "run.py"], capture_output=True,
                              text=True, env={"PATH": f"{self.top}/bin:"
                                              "/usr/bin:/bin"})
        self.assertEqual(done.returncode, 1)
        self.assertIn("could not fetch", done.stderr)
        self.assertNotIn("went on", done.stdout)

    def test_help_and_unknown_commands(self):
        status, said, _ = self.dev("help")
        self.assertEqual(status, 0)
        for command in re.findall(r"^cmd_(\w+)\(\)",
                                  (ROOT / "dev").read_text(), re.MULTILINE):
            self.assertRegex(said, rf"(?m)^  {command} ")
        self.assertEqual(self.dev("frobnicate")[0], 64)

    def test_every_purpose_is_known(self):
        dev = (ROOT / "dev").read_text()
        needed = set(" ".join(re.findall(r"^ *need (.+)$", dev,
                                         re.MULTILINE)).split())
        for line in (ROOT / "tools/packages").read_text().splitlines():
            if line and not line.startswith("#"):
                self.assertIn(line.split()[0], needed | {"run"}, line)


# Stands in for the browser tests: a file's test fails until `seen` is there,
# always, or never; or the whole dies before it has counted.
ALL_JS = """
import { readdirSync } from "node:fs";
const named = process.argv.slice(2);
for (const file of readdirSync(".").filter((f) => f.endsWith(".test.js") &&
    (!named.length || named.includes(f.replace(".test.js", "")))))
  await import(`./${file}`);
"""
BROWSER_TESTS = {
    "good": "it('good', () => {});",
    "late": "it('late', () => { const was = existsSync('seen');"
            " writeFileSync('seen', ''); assert.ok(was, 'was late'); });",
    # a suite that a helper opens, as most of ours
    "helped": "import { suite } from './helper.js'; suite(() => it('helped',"
              " () => { const was = existsSync('seen');"
              " writeFileSync('seen', ''); assert.ok(was); }));",
    "bad": "it('bad', () => assert.ok(false, 'is bad'));",
    "dead": "it('late too', () => assert.ok(existsSync('seen')));"
            "it('dead', () => { writeFileSync('seen', ''); process.exit(7); });",
}
HEAD = """import { it } from "node:test"; import assert from "node:assert";
import { existsSync, writeFileSync } from "node:fs";
"""


class SecondTry(unittest.TestCase):
    """tests/browser/run.py: what failed is tried once more, and told."""

    def run_them(self, *names):
        top = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, top)
        shutil.copy(ROOT / "tests/browser/run.py", top)
        (top / "node_modules").mkdir()
        for lock in ("package-lock.json", "node_modules/fetched-lock.json"):
            (top / lock).write_text("{}")
        (top / "package.json").write_text('{"type": "module"}')
        (top / "all.js").write_text(ALL_JS)
        (top / "helper.js").write_text('import { describe } from "node:test";'
            "export const suite = (tests) => describe('a suite', tests);")
        for name in names:
            (top / f"{name}.test.js").write_text(HEAD + BROWSER_TESTS[name])
        done = subprocess.run([top / "run.py"], capture_output=True, text=True)
        return done.returncode, done.stdout

    def test_what_was_late_passes_and_is_told(self):
        status, said = self.run_them("good", "late")
        self.assertEqual(status, 0, said)
        told = said[said.index("# failed at first:"):]
        self.assertIn("not ok 2 - late", told)
        self.assertRegex(told, r"(?m)^# pass 2\n# fail 0$")

    def test_what_a_helper_opened_is_tried_again_too(self):
        status, said = self.run_them("good", "helped")
        self.assertEqual(status, 0, said)
        self.assertIn("# once more: helped", said)

    def test_what_fails_twice_fails(self):
        status, said = self.run_them("bad", "good", "late")
        self.assertEqual(status, 1, said)
        told = said[said.index("# failed:"):]
        self.assertIn("is bad", told)
        self.assertNotIn("was late", told)
        self.assertRegex(told, r"(?m)^# fail 2$")

    def test_what_died_is_not_tried_again(self):
        status, said = self.run_them("dead")
        self.assertEqual(status, 1, said)
        self.assertNotIn("once more", said)


if __name__ == "__main__":
    unittest.main()
