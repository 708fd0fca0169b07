"""Plain files: the Retraction Watch CSV, and NLM's baseline and update files with their listings and MD5 sums."""

from __future__ import annotations

import gzip
import hashlib
import re
from email.utils import formatdate

from tests.doubles.exchange import CSV, HTML, TEXT, Answer, Asked
from tests.doubles.library import World
from tests.doubles.papers import article_set

CSV_PATH = "/crossref/retraction-watch-data/-/raw/main/retraction_watch.csv"
GZIP = "application/x-gzip"
#: Papers a baseline file holds; NLM's hold 30,000.
PER_FILE = 25


def baseline(world: World) -> dict[str, bytes]:
    """Return the baseline files by name: the papers the world began with."""
    papers = world.shipped
    parts = [papers[start : start + PER_FILE] for start in range(0, len(papers), PER_FILE)]
    return _named({number: article_set(part) for number, part in enumerate(parts, 1)})


def updates(world: World) -> dict[str, bytes]:
    """Return the update files by name, one a night: what is new or revised, then what is deleted."""
    first = -(-len(world.shipped) // PER_FILE) + 1
    return _named({first + at: article_set(night.papers, night.gone) for at, night in enumerate(world.nights)})


def _named(parts: dict[int, bytes]) -> dict[str, bytes]:
    """Pack the files; each comes with its MD5 file, in the words of NLM's own."""
    out = {}
    for number, body in parts.items():
        name = f"pubmed26n{number:04}.xml.gz"
        packed = gzip.compress(body, 6, mtime=0)
        out[name] = packed
        out[f"{name}.md5"] = f"MD5({name})= {hashlib.md5(packed, usedforsecurity=False).hexdigest()}\n".encode()
    return out


def answer(world: World, asked: Asked) -> Answer:
    """Answer a request for a file or a listing."""
    if asked.path == CSV_PATH:
        return _file(world, asked, world.retraction_watch_csv(), CSV)
    match = re.fullmatch(r"/pubmed/(baseline|updatefiles)/(.*)", asked.path)
    if not match:
        return Answer(404, b"Not Found", TEXT)
    folder = baseline(world) if match.group(1) == "baseline" else updates(world)
    name = match.group(2)
    if not name:
        return Answer(body=_listing(match.group(1), folder), type=HTML)
    if name not in folder:
        return Answer(404, b"<html><body><h1>Not Found</h1></body></html>", HTML)
    return _file(world, asked, folder[name], GZIP if name.endswith(".gz") else TEXT)


def _listing(folder: str, files: dict[str, bytes]) -> bytes:
    rows = "".join(f'<a href="{name}">{name}</a>  2026-03-01 04:00  {len(body)}\n' for name, body in files.items())
    title = f"Index of /pubmed/{folder}"
    head = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><pre>"
    above = '<a href="/pubmed/">Parent Directory</a>\n<a href="README.txt">README.txt</a>\n'
    return f"{head}{above}{rows}</pre></body></html>".encode()


def _file(world: World, asked: Asked, body: bytes, kind: str) -> Answer:
    """Send a file, a part of it (``Range``), or word that it has not changed (``If-None-Match``)."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    changed = formatdate((world.day.toordinal() - 719_163) * 86_400.0, usegmt=True)
    headers = (("ETag", tag), ("Last-Modified", changed), ("Accept-Ranges", "bytes"))
    if tag in asked.headers.get("if-none-match", ""):
        return Answer(304, b"", kind, headers=headers, packed=False)
    # A part of a file that has changed since is of no use: then the whole comes with status 200.
    wanted = asked.headers.get("range", "") if asked.headers.get("if-range", tag) == tag else ""
    match = re.fullmatch(r"bytes=(\d+)-(\d*)", wanted)
    if not match:
        return Answer(200, body, kind, headers=headers, packed=kind != GZIP)
    start, stop = int(match.group(1)), min(int(match.group(2) or len(body) - 1), len(body) - 1)
    if start > stop:
        refused = (*headers, ("Content-Range", f"bytes */{len(body)}"))
        return Answer(416, b"", TEXT, headers=refused, packed=False)
    part = (*headers, ("Content-Range", f"bytes {start}-{stop}/{len(body)}"))
    return Answer(206, body[start : stop + 1], kind, headers=part, packed=False)
