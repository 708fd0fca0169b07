"""Europe PMC's REST search: ``/search`` with cursors.

Public reports of live answers (version 6.9, 2026): errors come as ``errCode`` inside status 200; an unknown cursor, or
a query that cannot be read, gives ``{"version":"6.9"}`` and nothing else; a cursor ends once every hit was sent.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

from tests.doubles.exchange import JSON, TEXT, Answer, Asked, Page, dump, paged, stranger
from tests.doubles.expression import ExpressionError, evaluate, split
from tests.doubles.library import World
from tests.doubles.papers import Paper
from tests.doubles.side_doors import lite

VERSION = "6.9"
TOKEN = re.compile(r'\w+:\[[^\]]*\]|\w+:"[^"]*"|\w+:\([^()]*\)|\(|\)|"[^"]*"|[^\s()"]+')
NO_QUERY = "No search criteria provided. Please provide a search criteria which is less than 1500 characters."
NO_SIZE = "Invalid page size provided. Valid size is between 1 and 1000"


def answer(world: World, asked: Asked) -> Answer:
    """Answer one request below ``/europepmc/webservices/rest``."""
    if not asked.path.endswith(("/search", "/searchPOST")):
        return Answer(404, b"Not Found", TEXT)
    size = asked.get("pageSize", "25")
    if not asked.get("query"):
        return _error(NO_QUERY)
    if not size.isdigit() or not 1 <= int(size) <= 1000:
        return _error(NO_SIZE)
    if asked.get("format", "xml") != "json":
        return Answer(406, b"The double answers JSON only", TEXT)
    return _search(world, asked, int(size))


def _error(text: str) -> Answer:
    return Answer(body=dump({"errCode": 404, "errMsg": text}), type=JSON)


def mark_for(offset: int) -> str:
    """Return the cursor that leads to a position."""
    return "AoJ" + base64.b64encode(f"synthetic:{offset}".encode()).decode()


def offset_of(mark: str) -> int:
    """Return the position of a cursor, -1 for one nobody gave."""
    if mark == "*":
        return 0
    try:
        word, _, offset = base64.b64decode(mark.removeprefix("AoJ"), validate=True).decode().partition(":")
        return int(offset) if word == "synthetic" and mark.startswith("AoJ") else -1
    except ValueError:
        return -1


def _search(world: World, asked: Asked, size: int) -> Answer:
    mark = asked.get("cursorMark", "*")
    start = offset_of(mark)
    try:
        found = sorted(_found(world, asked.get("query")), reverse=True)
    except ExpressionError:
        start, found = -1, []
    if start < 0:
        return Answer(body=dump({"version": VERSION}), type=JSON)
    kind = asked.get("resultType", "lite")
    page = Page(
        ids=tuple(found[start : start + size]),
        total=len(found),
        before=found[start - 1] if 0 < start <= len(found) else "",
        token="" if mark == "*" else mark,
        next=mark_for(start + size) if start + size < len(found) else "",
        end=mark_for(len(found)),
        by_number="EXT_ID" in asked.get("query"),
        full=kind == "core",
        stranger=stranger(tuple(found), world.pmids),
        marked=True,
    )
    request = {"queryString": asked.get("query"), "resultType": kind, "cursorMark": mark, "pageSize": size, "sort": ""}

    def make(page: Page) -> bytes:
        following = {"nextCursorMark": page.next} if page.next else {}
        rows = [_row(world, pmid, kind) for pmid in page.ids]
        head = {"version": VERSION, "hitCount": page.total, **following, "request": request}
        return dump({**head, "resultList": {"result": rows}})

    return paged(page, make, JSON)


def _row(world: World, pmid: str, kind: str) -> dict[str, object]:
    record = world.europepmc(pmid)
    if kind == "idlist":
        return {key: record[key] for key in ("id", "source", "pmid", "pmcid") if key in record}
    return record if kind == "core" else lite(record)


def _found(world: World, query: str) -> set[str]:
    return evaluate(split(TOKEN, query), lambda token: _leaf(world, token), set(world.papers))


def _leaf(world: World, token: str) -> set[str]:
    name, colon, value = token.partition(":")
    value = value.strip('"')
    if not colon or token.startswith('"'):
        return {pmid for pmid, words in world.indexed.items() if token.strip('"').lower() in words}
    name = name.upper()
    if name in ("FIRST_PDATE", "UPDATE_DATE", "FIRST_IDATE"):
        return _dated(world, name, value)
    if name == "EXT_ID" and value.startswith("("):
        return set(re.findall(r"\d+", value)) & set(world.papers)
    tests: dict[str, Callable[[Paper], bool]] = {
        "EXT_ID": lambda paper: paper.pmid == value,
        "SRC": lambda paper: value.upper() == "MED",
        "DOI": lambda paper: paper.doi == value,
        "PMCID": lambda paper: bool(paper.pmcid) and paper.pmcid == value,
        "TITLE": lambda paper: value.lower() in paper.text.lower(),
        "TITLE_ABS": lambda paper: value.lower() in paper.text.lower(),
        "PUB_TYPE": lambda paper: value.lower() in (label.lower() for _, label in paper.types),
    }
    if name not in tests:
        return set()
    return {pmid for pmid, paper in world.papers.items() if tests[name](paper)}


def _dated(world: World, name: str, value: str) -> set[str]:
    match = re.fullmatch(r"\[\s*(\S+)\s+TO\s+(\S+)\s*\]", value)
    if not match:
        raise ExpressionError(f"no range: {value}")
    low, high = match.groups()
    papers = world.papers.items()
    if name == "UPDATE_DATE":
        return {pmid for pmid, paper in papers if low <= paper.revised and (high == "*" or paper.revised <= high)}
    return {pmid for pmid, paper in papers if low <= paper.entered and (high == "*" or paper.entered <= high)}
