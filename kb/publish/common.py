"""What every page needs: the template context, the place asked for, labels."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from datasette.utils.asgi import Response

from kb.english import ACCURACY, CLASSES, empty_words, standing_words
from kb.jurisdictions import JURISDICTIONS, jurisdiction
from kb.publish.days import Asked, BadDayError, asked_day, build_day, kept, others, query
from kb.publish.paths import moved
from kb.publish.read import Record, database, row, rows

View = Callable[[Any, Any], Awaitable[Response]]

#: Order in which classes are shown and stacked.
CLASS_ORDER = tuple(CLASSES)
AXES = ("cell_type", "cell_source", "expansion", "engineering", "indication", "setting", "combination")


class MissingError(Exception):
    """What was asked for is not in this build; shown as a page of its own with status 404.

    Args:
        message: what is missing, for the reader.
        asked: the id that was asked for, when there may be a record by another spelling or an older id.
        heading: what the page says above the message.
        way_on: where to go instead, as (address, words).
    """

    def __init__(
        self, message: str, asked: str = "", heading: str = "Not in this build", way_on: tuple[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.asked = asked
        self.heading = heading
        self.way_on = way_on


def page(view: View, *, every_day: bool = True) -> View:
    """Return the view with :class:`MissingError` turned into a 404 page that says what is missing.

    Args:
        view: makes the page.
        every_day: whether it can be asked for any day; else any day but the build's is refused.
    """

    async def shown(datasette: Any, request: Any) -> Response:
        try:
            await _day_is_answered(datasette, request, every_day)
            return await view(datasette, request)
        except MissingError as missing:
            page_ = await moved(datasette, missing.asked) if missing.asked else None
            if page_:
                query = f"?{request.query_string}" if request.query_string else ""
                return Response.redirect(page_ + query)
            context = {"message": str(missing), "heading": missing.heading, "way_on": missing.way_on}
            return await render(datasette, request, "kb_missing.html", context, status=404)

    return shown


async def _day_is_answered(datasette: Any, request: Any, every_day: bool) -> None:
    """Refuse a day that cannot be read, and one the page is not kept for."""
    build = await build_day(datasette)
    way_on = (_without_day(request), f"This page as of {build}, the day of the build")
    try:
        asked = await asked_day(datasette, request)
    except BadDayError as bad:
        raise MissingError(
            f"{bad} Write one day as year-month-day, such as as_of=2015-01-01, or leave as_of out for the day of the "
            "build. No other day was shown instead.",
            heading="No such day",
            way_on=way_on,
        ) from None
    if asked.other and not every_day:
        raise MissingError(
            f"The evidence map is kept for the day of the build only. For {asked.day}, make a build of that day: "
            f"kb build --as-of {asked.day}",
            heading=f"Not kept for {asked.day}",
            way_on=way_on,
        )


def _without_day(request: Any) -> str:
    """Return the address of this page for the build's day, all else kept."""
    rest = urlencode(others(request, "as_of"))
    return str(request.path) + (f"?{rest}" if rest else "")


async def render(datasette: Any, request: Any, template: str, context: dict[str, Any], status: int = 200) -> Response:
    """Return a page made from a template and the context all pages share."""
    build = await row(datasette, "select version, as_of, counts, content_sha256 from builds")
    assert build is not None
    meanings = {r["id"]: r["meaning"] for r in await rows(datasette, "select id, meaning from levels")}
    carried = kept(request, build["as_of"])
    if "place" in context:
        carried = {"jurisdiction": context["place"], **carried}
    full = {
        "level_meanings": meanings,
        "classes": CLASSES,
        "accuracies": ACCURACY,
        "empty_words": empty_words,
        "standing_words": standing_words,
        "places": JURISDICTIONS,
        "build": {**build, "counts": json.loads(build["counts"])},
        "db": f"/{database(datasette).name}",
        "keep": query(carried),
        "keep_place": query({name: value for name, value in carried.items() if name == "jurisdiction"}),
        "carried": carried,
        "back": _without_day(request),
        "day_matters": "asked" in context,
        "asked": Asked(carried.get("as_of") or build["as_of"], build["as_of"]),
        **context,
    }
    return Response.html(await datasette.render_template(template, full, request=request), status=status)


def place_of(request: Any, default: str = "US") -> str:
    """Return the jurisdiction asked for; an unknown one is a clear 404, never another place's answer."""
    asked = request.args.get("jurisdiction") or default
    try:
        return jurisdiction(asked)
    except ValueError as error:
        raise MissingError(str(error)) from None


async def labels_of(datasette: Any) -> dict[str, str]:
    """Return concept id → label."""
    return {r["id"]: r["label"] for r in await rows(datasette, "select id, label from concepts")}


def said(axes: dict[str, list[str]], labels: dict[str, str]) -> list[tuple[str, str]]:
    """Return the stated axes of a product key as (axis, labels)."""
    return [(axis.replace("_", " "), ", ".join(labels[c] for c in axes[axis])) for axis in AXES if axes.get(axis)]


async def used_by(datasette: Any, record_id: str) -> list[Record]:
    """Return the claims whose status rests on a record."""
    return await rows(
        datasette,
        """select distinct c.id, c.statement, e.stance, e.result from evidence e join claims c on c.id = e.claim_id
           where e.record_id = :id and e.deciding = 1 order by c.id, e.result""",
        {"id": record_id},
    )
