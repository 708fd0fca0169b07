"""``/check``: a page in, a verdict for each of its claims out. Nothing of the page is kept, logged or fetched."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from kb.check.output.html import stylesheet
from kb.check.output.words import tidy
from kb.check.read import LARGEST
from kb.errors import KbError
from kb.jurisdictions import jurisdiction
from kb.publish.checking import AXES, FORMS, Answer, Wish, answered
from kb.publish.common import place_of, render
from kb.publish.days import Asked, asked_day, build_day, query
from kb.publish.read import database, rows
from kb.publish.uploads import FORM, LIMIT_WORDS, Form, RefusedError, Send

_PRIVATE = {"cache-control": "no-store"}
#: Largest file that a report carries along so that it can be checked again without being chosen again.
_CARRIED = 4_000_000
#: The user says that the page does not tell.
_UNSAID = "-"
_LONGEST_NAME = 100


class InputError(KbError):
    """Something in the form cannot be used; the message says what and what to do."""


@dataclass(frozen=True)
class Shown:
    """What the form shows.

    Attributes:
        place, day: jurisdiction and day, the day as typed.
        text: of the text area.
        kept: (name, bytes) of a file sent before, carried along.
        product: name of a select → value chosen.
    """

    place: str
    day: str
    text: str = ""
    kept: tuple[str, bytes] | None = None
    product: Mapping[str, str] = field(default_factory=dict)


async def check(datasette: Any, request: Any) -> Response:
    """The form; when it is sent, the report or a download of it."""
    if request.method == "POST":
        return await _sent(datasette, request, request.scope[FORM])
    if request.method not in ("GET", "HEAD"):
        return Response.text("Use GET for the form and POST to send it.", status=405, headers={"allow": "GET, POST"})
    asked = await asked_day(datasette, request)
    return await _page(datasette, request, Shown(place_of(request), asked.day))


async def _sent(datasette: Any, request: Any, form: Form) -> Response:
    build = await build_day(datasette)
    fields = form.fields
    shown = Shown(
        place=fields.get("jurisdiction", "US"),
        day=fields.get("as_of", "").strip() or build,
        text=fields.get("text", ""),
        product={name: fields.get(name, "") for name in (*AXES, "cell_type_2")},
    )
    try:
        shown = Shown(shown.place, shown.day, shown.text, _kept(fields, form), shown.product)
        wish = _wish(shown, form)
        wanted = fields.get("format", "")
        if wanted not in ("", *FORMS):
            raise InputError(f"{tidy(wanted)[:40]!r} is no form of a report; choose one of the buttons.")
        answer = await asyncio.to_thread(answered, database(datasette).path, wish, wanted)
    except KbError as error:
        return await _page(datasette, request, shown, problem=str(error), file=form.file, status=400)
    if wanted:
        return _download(answer, wanted)
    file = wish.file if wish.file and len(wish.file[1]) <= _CARRIED else None
    return await _page(
        datasette, request, Shown(wish.place, wish.day, wish.text, file, shown.product), answer=answer, file=wish.file
    )


def _kept(fields: Mapping[str, str], form: Form) -> tuple[str, bytes] | None:
    """Return the file that the form carried along, None where it has none or a new one takes its place."""
    if form.file is not None or not fields.get("kept"):
        return None
    try:
        data = base64.b64decode(fields["kept"], validate=True)
    except (binascii.Error, ValueError):
        raise InputError("The file sent before was damaged on the way. Choose it again.") from None
    return file_name(fields.get("kept_name", "")), data


def _wish(shown: Shown, form: Form) -> Wish:
    """Return what is to be checked.

    Raises:
        InputError: something in the form cannot be used.
    """
    file = (file_name(form.file[0]), form.file[1]) if form.file else shown.kept
    text = shown.text if shown.text.strip() else ""
    if not file and not text:
        raise InputError("Nothing to check: paste a text or choose a file.")
    if file and text:
        raise InputError("Both a text and a file were given: empty the text box, or choose no file.")
    try:
        place = jurisdiction(shown.place)
    except ValueError as error:
        raise InputError(f"Place: {error}.") from None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", shown.day, re.ASCII):
            raise ValueError
        day = date.fromisoformat(shown.day).isoformat()
    except ValueError:
        raise InputError(f"“{tidy(shown.day)[:40]}” is no day; write year-month-day, such as 2026-01-31.") from None
    return Wish(text, file, place, day, _product(shown.product))


def _product(chosen: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return what the user says is sold; axes left as they are on the page are left out."""
    said: dict[str, tuple[str, ...]] = {}
    for axis in AXES:
        values = [chosen.get(axis, "")]
        if axis == "cell_type":
            values.append(chosen.get("cell_type_2", ""))
        named = tuple(dict.fromkeys(value for value in values if value not in ("", _UNSAID)))
        if any(values):
            said[axis] = named
    for axis, values_ in said.items():
        for value in values_:
            if not re.fullmatch(r"[a-z0-9-]+", value):
                raise InputError(f"{AXES[axis]}: {tidy(value)[:40]!r} is none of the list.")
    return said


def file_name(given: str) -> str:
    """Return the name of an uploaded file as data: no folder, nothing that acts, not long."""
    name = tidy(given.replace("\\", "/").rsplit("/", 1)[-1])
    ending = PurePosixPath(name).suffix[:12]
    if len(name) > _LONGEST_NAME:
        name = name[: _LONGEST_NAME - len(ending)] + ending
    return name or "upload"


def _download(answer: Answer, form: str) -> Response:
    kind, ending, _ = FORMS[form]
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", PurePosixPath(answer.report.page.name).stem).strip("-")[:60] or "page"
    headers = {**_PRIVATE, "content-disposition": f'attachment; filename="check-{stem}.{ending}"'}
    return Response(answer.made, headers=headers, content_type=kind)


async def _page(
    datasette: Any,
    request: Any,
    shown: Shown,
    *,
    problem: str = "",
    answer: Answer | None = None,
    file: tuple[str, bytes] | None = None,
    status: int = 200,
) -> Response:
    context: dict[str, Any] = {
        "shown": shown,
        "kept": base64.b64encode(shown.kept[1]).decode() if shown.kept else "",
        "lost": bool(file and not shown.kept),
        "problem": problem,
        "axes": AXES,
        "concepts": await _concepts(datasette),
        "assumed": answer.report.assumed_labels if answer else {},
        "forms": {name: words for name, (_, _, words) in FORMS.items()},
        "limit": LIMIT_WORDS,
        "most_bytes": LARGEST,
        "title": tidy(answer.report.page.title or answer.report.page.name) if answer else "",
        "body": Markup(answer.made) if answer else "",  # noqa: S704 - made by a template that escapes
        "check_css": Markup(stylesheet(alone=False)) if answer else "",  # noqa: S704 - a file of ours
    }
    if answer:
        build = await build_day(datasette)
        carried = {"jurisdiction": shown.place} | ({"as_of": shown.day} if shown.day != build else {})
        context |= {
            "asked": Asked(shown.day, build),
            "carried": carried,
            "keep": query(carried),
            "keep_place": query({"jurisdiction": shown.place}),
        }
    page = await render(datasette, request, "kb_check.html", context, status)
    page.headers.update(_PRIVATE)
    return page


async def _concepts(datasette: Any) -> dict[str, list[tuple[str, list[tuple[str, str]]]]]:
    """Return axis → groups of (heading, values with their labels); the kinds of cells of the map come first."""
    found = await rows(
        datasette,
        """select c.facet, c.slug, c.label, m.id is not null as mapped
           from concepts c left join map_columns m on m.cell_type = c.id and m.comparator = 0
           where c.facet in ('cell_type', 'cell_source', 'expansion', 'engineering')
           order by c.facet, mapped desc, m.position, lower(c.label)""",
    )
    groups: dict[str, list[tuple[str, list[tuple[str, str]]]]] = {}
    for axis in AXES:
        ones = [row for row in found if row["facet"] == axis]
        mapped = [(row["slug"], row["label"]) for row in ones if row["mapped"]]
        rest = [(row["slug"], row["label"]) for row in ones if not row["mapped"]]
        groups[axis] = [("On the evidence map", mapped), ("Others", rest)] if mapped else [("", rest)]
    return groups


async def refused(datasette: Any, scope: dict[str, Any], send: Send, refusal: RefusedError) -> None:
    """Answer a form that was not read (:mod:`kb.publish.uploads`)."""
    request = Request({**scope, "csrftoken": lambda: ""}, None)
    context = {"message": str(refusal), "heading": refusal.heading, "way_on": ("/check", "Check a page")}
    page = await render(datasette, request, "kb_missing.html", context, refusal.status)
    page.headers.update(_PRIVATE)
    await page.asgi_send(send)
