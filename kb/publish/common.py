"""What every page needs: the template context, the place asked for, labels."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from datasette.utils.asgi import Response

from kb.english import ACCURACY, CLASSES, empty_words, standing_words
from kb.jurisdictions import JURISDICTIONS, jurisdiction
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
    """

    def __init__(self, message: str, asked: str = "") -> None:
        super().__init__(message)
        self.asked = asked


def page(view: View) -> View:
    """Return the view with :class:`MissingError` turned into a 404 page that says what is missing."""

    async def shown(datasette: Any, request: Any) -> Response:
        try:
            return await view(datasette, request)
        except MissingError as missing:
            page_ = await moved(datasette, missing.asked) if missing.asked else None
            if page_:
                query = f"?{request.query_string}" if request.query_string else ""
                return Response.redirect(page_ + query)
            return await render(datasette, request, "kb_missing.html", {"message": str(missing)}, status=404)

    return shown


async def render(datasette: Any, request: Any, template: str, context: dict[str, Any], status: int = 200) -> Response:
    """Return a page made from a template and the context all pages share."""
    build = await row(datasette, "select version, as_of, counts, content_sha256 from builds")
    assert build is not None
    meanings = {r["id"]: r["meaning"] for r in await rows(datasette, "select id, meaning from levels")}
    full = {
        "level_meanings": meanings,
        "classes": CLASSES,
        "accuracies": ACCURACY,
        "empty_words": empty_words,
        "standing_words": standing_words,
        "places": JURISDICTIONS,
        "build": {**build, "counts": json.loads(build["counts"])},
        "db": f"/{database(datasette).name}",
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
