# SPDX-License-Identifier: AGPL-3.0-or-later
"""Garmin's FIT kit for JavaScript, fetched once into the build folder. Its
licence lets nobody pass it on, so no lock file and no copy of it is here."""

import json
import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
KIT = "@garmin/fitsdk"


def fitsdk(build):
    """The folder whose node_modules holds the kit, or None and the reason."""
    if not shutil.which("node") or not shutil.which("npm"):
        return None, "there is no node and npm here"
    home = Path(build) / "peers"
    version = json.loads((HERE / "package.json").read_text())["dependencies"][KIT]
    have = home / "node_modules" / KIT / "package.json"
    if have.exists() and json.loads(have.read_text())["version"] == version:
        return home, ""
    home.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "package.json", home)
    try:
        done = subprocess.run(
            ["npm", "install", "--no-package-lock", "--ignore-scripts",
             "--no-audit", "--no-fund", "--prefer-offline"], cwd=home,
            capture_output=True, timeout=60, check=False,
            env={**os.environ, "NO_UPDATE_NOTIFIER": "1"})
    except subprocess.TimeoutExpired:
        return None, f"npm took too long to fetch {KIT}"
    if done.returncode:
        return None, f"npm could not fetch {KIT}"
    return home, ""
