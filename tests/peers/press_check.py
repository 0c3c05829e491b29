#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Feeds and a press kit, held against what others make of them: feedparser and
an XML parser for Atom, JSON Feed 1.1's own list of members, unzip for the kit.

    press_check.py FOLDER     with press.atom, press.json, kit.zip"""
import json
import re
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import feedparser

ATOM = "{http://www.w3.org/2005/Atom}"


def need(what, holds):
    if not holds:
        sys.exit(f"not so: {what}")


def check_atom(path):
    root = ElementTree.parse(path).getroot()
    need("a feed of RFC 4287", root.tag == ATOM + "feed")
    for name in ("id", "title", "updated"):
        need(f"one {name} of the feed", len(root.findall(ATOM + name)) == 1)
    need("an author", root.find(f"{ATOM}author/{ATOM}name").text)
    kinds = [x.get("rel") for x in root.findall(ATOM + "link")]
    need("links to itself and to the page",
         sorted(kinds) == ["alternate", "self"])
    ids = set()
    for entry in root.findall(ATOM + "entry"):
        for name in ("id", "title", "updated", "published", "content"):
            need(f"one {name} of an entry",
                 len(entry.findall(ATOM + name)) == 1)
        ids.add(entry.find(ATOM + "id").text)
    need("an id for each entry", len(ids) == len(root.findall(ATOM + "entry")))
    need("ids that are tags", all(i.startswith("tag:") for i in ids))

    told = feedparser.parse(str(path))
    need(f"well formed ({told.get('bozo_exception')})", not told.bozo)
    need("version", told.version == "atom10")
    need("two entries", len(told.entries) == 2)
    by_lang = {e.content[0].language: e for e in told.entries}
    need("a language each", set(by_lang) == {"en", "ur"})
    one = by_lang["en"]
    need("its title", one.title == "Lamps & <lights>")
    need("its words", "<strong>enough</strong>" in one.content[0].value)
    need("no script", "<script" not in one.content[0].value)
    need("its time", one.published_parsed is not None)
    others = [x.get("hreflang") for x in one.links if x.rel == "related"]
    need("a link to the other language", others == ["ur"])
    return {e.link: e.title for e in told.entries}


def check_json(path):
    feed = json.loads(path.read_text("utf-8"))
    need("version", feed["version"] == "https://jsonfeed.org/version/1.1")
    need("members that version 1.1 has", set(feed) <= {
        "version", "title", "home_page_url", "feed_url", "description",
        "language", "authors", "items"})
    need("a title", isinstance(feed["title"], str))
    for item in feed["items"]:
        need("members that an item has", set(item) <= {
            "id", "url", "title", "language", "content_html", "content_text",
            "date_published", "date_modified"})
        need("an id that is text", isinstance(item["id"], str))
        need("whole addresses", item["url"].startswith("http"))
        for name in ("date_published", "date_modified"):
            datetime.strptime(item[name].split(".")[0].rstrip("Z"),
                              "%Y-%m-%dT%H:%M:%S")
    return {i["url"]: i["title"] for i in feed["items"]}


def check_kit(path):
    done = subprocess.run(["unzip", "-t", path], capture_output=True, text=True)
    need(f"unzip takes it: {done.stdout} {done.stderr}", done.returncode == 0)
    with zipfile.ZipFile(path) as z:
        need("sums", z.testzip() is None)
        names = set(z.namelist())
        need(f"its files: {names}", names == {
            "figures.json", "pictures/cover.jpg", "pictures/cover.txt",
            "pictures/logo.jpg", "releases/1-en.txt", "releases/1-ur.txt"})
        figures = json.loads(z.read("figures.json"))
        need("figures as of a moment", re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", figures["as_of"]))
        need("their names", {"distance_km", "participants", "runs"}
             <= set(figures))
        text = z.read("releases/1-en.txt").decode()
        need("the headline", text.startswith("Lamps & <lights>\n"))
        need("plain words", "One lamp is enough." in text)
        need("the picture's words and credit",
             z.read("pictures/cover.txt") == b"Lamps\n\nInes\n")
        need("a JPEG", z.read("pictures/cover.jpg")[:3] == b"\xff\xd8\xff")


folder = Path(sys.argv[1])
need("both feeds tell the same", check_atom(folder / "press.atom") ==
     check_json(folder / "press.json"))
check_kit(folder / "kit.zip")
