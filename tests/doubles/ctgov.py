"""ClinicalTrials.gov API v2: ``/studies``, ``/studies/{nct}``, ``/version``.

Forms follow the service's OpenAPI document and public reports of live answers (API 2.0.5, 2026). Errors are plain
text. Two things nobody reported, so they are guesses: the words for a page token that cannot be read, and the order
of studies without ``sort`` (here: by number).
"""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Callable, Sequence

from tests.doubles.essie import AREAS, PIECES, SORTED, find, select, values
from tests.doubles.exchange import CSV, JSON, TEXT, Answer, Asked, Page, dump, paged, stranger
from tests.doubles.expression import ExpressionError
from tests.doubles.library import World
from tests.doubles.trials import Study

NUMBER = re.compile(r"[Nn][Cc][Tt]0*[1-9]\d{0,7}")
STATUSES = {
    "ACTIVE_NOT_RECRUITING",
    "APPROVED_FOR_MARKETING",
    "AVAILABLE",
    "COMPLETED",
    "ENROLLING_BY_INVITATION",
    "NO_LONGER_AVAILABLE",
    "NOT_YET_RECRUITING",
    "RECRUITING",
    "SUSPENDED",
    "TEMPORARILY_NOT_AVAILABLE",
    "TERMINATED",
    "UNKNOWN",
    "WITHDRAWN",
    "WITHHELD",
}
FILTERS = {
    "filter.ids",
    "filter.overallStatus",
    "filter.advanced",
    "filter.synonyms",
    "filter.geo",
    "aggFilters",
    "geoDecay",
}
AFTER = {"postFilter.ids", "postFilter.overallStatus", "postFilter.advanced", "postFilter.synonyms", "postFilter.geo"}
PAGING = {"format", "markupFormat", "fields", "sort", "countTotal", "pageSize", "pageToken"}
KNOWN = {*AREAS, *FILTERS, *AFTER, *PAGING}
#: Columns of the CSV form (a part of the real thirty), in the fixed order of the service.
COLUMNS = {
    "NCT Number": "NCTId",
    "Study Title": "BriefTitle",
    "Study Status": "OverallStatus",
    "Conditions": "Condition",
    "Interventions": "InterventionName",
    "Sponsor": "LeadSponsorName",
    "Phases": "Phase",
    "Enrollment": "EnrollmentCount",
    "Study Type": "StudyType",
    "Other IDs": "OrgStudyId",
    "Start Date": "StartDate",
    "First Posted": "StudyFirstPostDate",
    "Last Update Posted": "LastUpdatePostDate",
}


class BadRequestError(ValueError):
    """The service refuses a parameter, in these words."""


def token_for(offset: int) -> str:
    """Return the opaque token that leads to a position."""
    return base64.urlsafe_b64encode(f"synthetic:{offset}".encode()).decode().rstrip("=")


def offset_of(token: str) -> int:
    """Return the position a token leads to. Raises BadRequestError."""
    if not token:
        return 0
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        word, _, offset = text.partition(":")
        if word != "synthetic":
            raise ValueError(word)
        return int(offset)
    except ValueError:
        raise BadRequestError("Parameter `pageToken` has incorrect format") from None


def answer(world: World, asked: Asked) -> Answer:
    """Answer one request below ``/api/v2``."""
    if asked.method not in ("GET", "HEAD"):
        return Answer(405, b"Method Not Allowed", TEXT)
    path = asked.path.partition("/api/v2/")[2]
    try:
        if path == "version":
            stamp = f"{world.day.isoformat()}T09:00:05"
            return Answer(body=dump({"apiVersion": "2.0.5", "dataTimestamp": stamp}), type=JSON)
        if path == "studies":
            return _studies(world, asked)
        if path.startswith("studies/"):
            return _study(world, asked, path.removeprefix("studies/"))
    except BadRequestError as error:
        return Answer(400, str(error).encode(), TEXT)
    return Answer(404, b"Not Found", TEXT)


def _study(world: World, asked: Asked, given: str) -> Answer:
    _known(asked, {"format", "markupFormat", "fields"})
    if not NUMBER.fullmatch(given):
        raise BadRequestError("Parameter `nctId` has incorrect format")
    nct = canonical(given)
    if nct in world.aliases:
        return Answer(301, b"", TEXT, headers=(("Location", f"/api/v2/studies/{world.aliases[nct]}"),))
    if nct not in world.studies:
        return Answer(404, f"NCT number {nct} not found".encode(), TEXT)
    page = Page(ids=(nct,), by_number=True, full=True, stranger=stranger((nct,), world.ncts))
    cut = _cutter(asked)
    return paged(page, lambda page: dump(cut(world.studies[page.ids[0]])) if page.ids else b"{}", JSON)


def canonical(given: str) -> str:
    """``nct1234`` → ``NCT00001234``."""
    return f"NCT{int(given[3:]):08}"


def _known(asked: Asked, allowed: set[str]) -> None:
    for name in asked.params:
        if name not in allowed:
            raise BadRequestError(f"`{name}` is unknown parameter")


def _items(asked: Asked, name: str) -> list[str]:
    return [item for item in re.split(r"[,|\s]+", asked.get(name)) if item]


def _found(world: World, asked: Asked) -> list[str]:
    """Numbers of the registrations that answer the queries and filters."""
    hits = set(world.studies)
    for name, pieces in AREAS.items():
        if asked.get(name):
            hits &= _essie(world, asked.get(name), pieces, name)
    for name in ("filter.advanced", "postFilter.advanced"):
        if asked.get(name):
            hits &= _essie(world, asked.get(name), None, "advanced filter")
    for name in ("filter.overallStatus", "postFilter.overallStatus"):
        hits &= _with_status(world, _items(asked, name))
    for name in ("filter.ids", "postFilter.ids"):
        hits &= _with_numbers(world, _items(asked, name), name)
    return _sorted(world, sorted(hits), asked)


def _with_status(world: World, wanted: list[str]) -> set[str]:
    for status in wanted:
        if status not in STATUSES:
            raise BadRequestError(f"Invalid value in parameter `overallStatus`: `{status}`")
    place = PIECES["OverallStatus"]
    return {nct for nct, study in world.studies.items() if not wanted or values(study, place)[0] in wanted}


def _with_numbers(world: World, wanted: list[str], name: str) -> set[str]:
    """Registrations by number; a former number finds the one it was merged into."""
    for place, item in enumerate(wanted, 1):
        if not NUMBER.fullmatch(item):
            raise BadRequestError(f"Item {place} in parameter `{name}` has incorrect format")
    numbers = {canonical(item) for item in wanted}
    return {world.aliases.get(nct, nct) for nct in numbers} if wanted else set(world.studies)


def _essie(world: World, expression: str, pieces: tuple[str, ...] | None, where: str) -> set[str]:
    try:
        return find(world.studies, expression, pieces)
    except ExpressionError as error:
        raise BadRequestError(f"Error parsing query in {where}: {error}") from None


def _sorted(world: World, ncts: list[str], asked: Asked) -> list[str]:
    keys = _items(asked, "sort")
    if len(keys) > 2:
        raise BadRequestError("Too many items in parameter `sort`")
    for key in reversed(keys):
        name, _, direction = key.partition(":")
        if name == "@relevance":
            continue
        if name not in PIECES:
            raise BadRequestError(f"Unknown sort field: {name}")
        if name not in SORTED:
            raise BadRequestError("Unsupported sort field type: text")
        place = PIECES[name]
        # One type a field, so that a field without a value does not break the comparison.
        ncts.sort(
            key=lambda nct: [str(v).zfill(12) for v in values(world.studies[nct], place)], reverse=direction == "desc"
        )
    return ncts


def _cutter(asked: Asked) -> Callable[[Study], Study]:
    fields = [item for item in re.split(r"[,|]+", asked.get("fields")) if item]

    def cut(study: Study) -> Study:
        try:
            return select(study, fields) if fields else study
        except KeyError as unknown:
            raise BadRequestError(f"Parameter 'fields' contains invalid field name: {unknown}") from None

    cut({})  # a wrong name is refused even where nothing was found
    return cut


def _studies(world: World, asked: Asked) -> Answer:
    _known(asked, KNOWN)
    if not re.fullmatch(r"\d+", asked.get("pageSize", "0")):
        raise BadRequestError("Parameter `pageSize` has incorrect format")
    if asked.get("format", "json") not in ("json", "csv"):
        raise BadRequestError(f"Invalid value in parameter `format`: `{asked.get('format')}`")
    # Larger sizes are cut to 1,000 without a word.
    size = min(int(asked.get("pageSize", "0")) or 10, 1000)
    token = asked.get("pageToken")
    start = offset_of(token)
    found = _found(world, asked)
    ids = tuple(found[start : start + size])
    page = Page(
        ids=ids,
        total=len(found) if asked.get("countTotal") == "true" and not token else -1,
        before=found[start - 1] if 0 < start <= len(found) else "",
        token=token,
        next=token_for(start + size) if start + size < len(found) else "",
        end=token_for(max(len(found), start + size)),
        by_number=bool(asked.get("filter.ids")),
        full=not asked.get("fields"),
        stranger=stranger(tuple(found), world.ncts),
        marked=True,
    )
    if asked.get("format") == "csv":
        return _csv(world, asked, page)
    cut = _cutter(asked)
    return paged(page, lambda page: _json(page, [cut(world.studies[nct]) for nct in page.ids]), JSON)


def _json(page: Page, studies: Sequence[Study]) -> bytes:
    total = {"totalCount": page.total} if page.total >= 0 else {}
    following = {"nextPageToken": page.next} if page.next else {}
    return dump({**total, "studies": studies, **following})


def _csv(world: World, asked: Asked, page: Page) -> Answer:
    """CSV: the token and the total are headers, and only the first page has column names."""
    wanted = [item for item in re.split(r"[,|]+", asked.get("fields")) if item]
    for name in wanted:
        if name not in COLUMNS:
            raise BadRequestError(f"Parameter 'fields' contains invalid CSV column name: '{name}'")
    columns = [name for name in COLUMNS if not wanted or name in wanted]

    def make(page: Page) -> bytes:
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        if not page.token:
            writer.writerow(columns)
        for nct in page.ids:
            writer.writerow("|".join(map(str, values(world.studies[nct], PIECES[COLUMNS[name]]))) for name in columns)
        return out.getvalue().encode("utf-8")

    headers = [("x-next-page-token", page.next)] if page.next else []
    headers += [("x-total-count", str(page.total))] if page.total >= 0 else []
    return paged(page, make, CSV, headers=tuple(headers))
