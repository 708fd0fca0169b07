"""The day a page is asked for, and what links must carry along.

A status is looked up for its day, never worked out. A day that cannot be read is refused:
nobody is shown another day's answer.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from kb.jurisdictions import jurisdiction
from kb.publish.read import row, rows

_FORM = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class BadDayError(Exception):
    """``as_of`` names no day; the message says how to write one."""


@dataclass(frozen=True)
class Asked:
    """The day asked for and the day of the build, as ISO dates.

    Attributes:
        day: day whose statuses are shown.
        build: day the build was made for; proofs are of that day.
    """

    day: str
    build: str

    @property
    def other(self) -> bool:
        """Whether the day is another than the build's."""
        return self.day != self.build

    @property
    def later(self) -> bool:
        """Whether the day comes after the build's."""
        return self.day > self.build


async def build_day(datasette: Any) -> str:
    """Return the day the build was made for."""
    found = await row(datasette, "select as_of from builds")
    assert found is not None
    return str(found["as_of"])


async def asked_day(datasette: Any, request: Any) -> Asked:
    """Return the day asked for with ``as_of``; without one, or with an empty one, the build's.

    Raises:
        BadDayError: it is no day, or there is more than one.
    """
    build = await build_day(datasette)
    given = {text.strip() for text in request.args.getlist("as_of")}
    if len(given) > 1:
        raise BadDayError(f"as_of is given {len(given)} times with different days ({', '.join(sorted(given))}).")
    text = next(iter(given), "")
    return Asked(_read(text) if text else build, build)


def _read(text: str) -> str:
    shown = text if len(text) <= 40 else text[:40] + "…"
    if not _FORM.fullmatch(text):
        raise BadDayError(f"“{shown}” is not a day.")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadDayError(f"There is no day {shown}.") from None


def kept(request: Any, build: str) -> dict[str, str]:
    """Return the parameters that links carry along: place and day, as far as they were asked for and can be read."""
    found = {}
    place = request.args.get("jurisdiction")
    if place:
        with suppress(ValueError):
            found["jurisdiction"] = jurisdiction(place)
    day = (request.args.get("as_of") or "").strip()
    with suppress(BadDayError):
        if day and _read(day) != build:
            found["as_of"] = day
    return found


def query(parameters: dict[str, str]) -> str:
    """Return parameters as the end of an address: "" or "?…"."""
    return f"?{urlencode(parameters)}" if parameters else ""


def others(request: Any, *names: str) -> list[tuple[str, str]]:
    """Return the parameters of the request but those named, for the hidden fields of a form."""
    return [(name, value) for name in request.args if name not in names for value in request.args.getlist(name)]


#: The statuses of one day, in the columns of ``claim_statuses`` that are kept for every day.
OF_THE_DAY = """(select claim_id, jurisdiction, class, level, sold_class, sold_level, strength, direction, accuracy,
    objection, codes, approved_elsewhere, rule_id
    from claim_status_spans where valid_from <= :day and valid_to >= :day)"""


async def statuses_of(datasette: Any, claim_id: str, day: str) -> list[dict[str, Any]]:
    """Return the statuses of a claim on a day, one a place, in the order of the places."""
    return await rows(
        datasette,
        f"""select s.* from {OF_THE_DAY} s join jurisdictions j on j.id = s.jurisdiction
            where s.claim_id = :id order by j.position""",  # noqa: S608 - a text of ours
        {"id": claim_id, "day": day},
    )
