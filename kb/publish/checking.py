"""Asking the checker on behalf of a page: one at a time, with nothing kept but the opened base.

Everything here blocks and is called in a thread of its own. No verdict is made here: the checker makes it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kb.check.output.html import TEMPLATES, body_context
from kb.check.page import Page, PageError
from kb.check.read import read_bytes, read_text
from kb.check.report import Report
from kb.errors import BuildError

if TYPE_CHECKING:
    from kb.check.checker import Checker

#: Axes of the product sold, with their names on the page.
AXES = {"cell_type": "Cells", "cell_source": "Source", "expansion": "Expansion", "engineering": "Engineering"}
#: Longest text checked while somebody waits; measured at about 35,000 characters a second.
MOST_TEXT = 1_000_000
#: Form → (content type, ending of the file's name, words on its button).
FORMS = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", "Word with comments"),
    "html": ("text/html; charset=utf-8", "html", "Page (HTML)"),
    "json": ("application/json; charset=utf-8", "json", "JSON"),
    "csv": ("text/csv; charset=utf-8", "csv", "CSV"),
    "sarif": ("application/sarif+json; charset=utf-8", "sarif", "SARIF"),
}

#: Python runs one check at a time anyway; waiting in turn keeps memory bounded, and the checker's own stores safe.
_TURN = threading.Lock()


@dataclass(frozen=True)
class Wish:
    """What somebody wants checked.

    Attributes:
        text: as pasted; "" for a file.
        file: (name, bytes), None for a pasted text.
        place: jurisdiction.
        day: ISO date.
        product: axis → concepts as the user says them (none: not stated); axes left out are taken from the page.
    """

    text: str
    file: tuple[str, bytes] | None
    place: str
    day: str
    product: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """A check.

    Attributes:
        report: what was found.
        made: the report in the form asked for; as a string of HTML without a frame when none was.
    """

    report: Report
    made: str | bytes


def answered(store: str | Path | None, wish: Wish, form: str = "") -> Answer:
    """Return the answer to a wish.

    Args:
        store: file of the base.
        wish: what is to be checked.
        form: one of :data:`FORMS`, or "" for the site's own page.

    Raises:
        KbError: the page cannot be checked, the product is none, or the base cannot be used; the message says why.
    """
    with _TURN:
        page = read_text(wish.text) if wish.file is None else read_bytes(wish.file[1], wish.file[0])
        if len(page.source) > MOST_TEXT:
            raise PageError(
                f"{page.name}: {len(page.source):,} characters; more than {MOST_TEXT:,} are not checked here. Split "
                "it, or use the command line: kb check FILE"
            )
        if store is None:
            raise BuildError("There is no base to check against; make it with: kb build")
        changed = Path(store).stat()
        checker = _checker(str(store), changed.st_mtime_ns, changed.st_size, wish.day)
        report = _report(checker, page, wish)
        return Answer(report, _made(report, form, wish.file[1] if wish.file else None))


@lru_cache(maxsize=3)
def _checker(store: str, _changed: int, _size: int, day: str) -> Checker:
    """Return the checker of a base and day; opened once, and again when the file is another."""
    # The pages themselves must not load the judges; this is the one door to them.
    from kb.check.checker import open_checker

    with closing(sqlite3.connect(f"file:{quote(store)}?mode=ro", uri=True)) as db:
        return open_checker(db, date.fromisoformat(day))


def _report(checker: Checker, page: Page, wish: Wish) -> Report:
    from kb.check.checker import product_key

    if not wish.product:
        return checker.check(page, wish.place)
    said = dict(wish.product)
    taken = [axis for axis in AXES if axis not in said]
    if taken:
        assumed = checker.check(page, wish.place).assumed
        said |= {axis: tuple(assumed.get(axis, ())) for axis in taken}
    try:
        key = product_key(checker.kit, " ".join(f"{axis}={','.join(ones)}" for axis, ones in said.items()))
    except ValueError as error:
        raise PageError(f"The product sold: {error}") from None
    report = checker.check(page, wish.place, key)
    basis = f"As you said: {_axes(axis for axis in AXES if axis in wish.product)}."
    return replace(report, assumed_basis=basis + (f" Assumed from the page: {_axes(taken)}." if taken else ""))


def _axes(axes: Iterable[str]) -> str:
    return ", ".join(AXES[axis].lower() for axis in axes)


def _made(report: Report, form: str, original: bytes | None) -> str | bytes:
    if form == "json":
        from kb.check.output.json import as_json

        return as_json(report)
    if form == "csv":
        from kb.check.output.csv import as_csv

        return as_csv(report)
    if form == "sarif":
        from kb.check.output.sarif import as_sarif

        return as_sarif(report)
    if form == "html":
        from kb.check.output.html import as_html

        return as_html(report)
    if form == "docx":
        from kb.check.output.docx import as_docx

        return as_docx(report, original if report.page.format == "docx" else None)
    context = body_context(report)
    context["ck"]["change"] = "#kb-cells"
    return _templates().get_template("_check_body.html").render(context)


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
