"""Where the page of a record is, also when it is asked for by an older id or in another spelling."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from datasette.utils import tilde_decode, tilde_encode

from kb.publish.read import database, row

_RECORD_PAGES = (
    (re.compile(r"(PMID|DOI|PMC|REC):[^\s#]+"), "/study/{}"),
    (
        re.compile(
            r"NCT\d{8}|ChiCTR[^\s#]+|jRCT[^\s#]+|UMIN\d{9}|ISRCTN\d{8}|KCT\d{7}|\d{4}-\d{6}-\d{2}(-\d{2})?|IRCT\w+"
            r"|ACTRN\d{14}|CTRI/[\d/]+|NTR\d+|DRKS\d{8}|JapicCTI-\d{6}"
        ),
        "/trial/{}",
    ),
    (re.compile(r"[a-z0-9-]+#c\d{3}"), "/claim/{}"),
    (re.compile(r"APR-[A-Z]{2}-[^\s#]+"), "/approval/{}"),
    (re.compile(r"ABS-[a-z0-9-]+"), "/evidence/absences/{}"),
    (re.compile(r"SAF-[a-z0-9-]+"), "/evidence/safety_events/{}"),
    (re.compile(r"ACC-[a-z0-9-]+"), "/evidence/access_routes/{}"),
)


def record_page(record_id: str) -> str | None:
    """Return the path of our page about a record, or None when there is none."""
    for pattern, path in _RECORD_PAGES:
        if pattern.fullmatch(record_id):
            return path.format(quote(record_id, safe=""))
    return None


async def moved(datasette: Any, asked: str) -> str | None:
    """Return the page of the record that is meant: by an id it had before, or an id written as people write it.

    ``12345`` is a PMID, ``document/c001`` and Datasette's ``document~23c001`` are ``document#c001``.
    """
    spellings = [asked, tilde_decode(asked), asked.replace("/", "#"), f"PMID:{asked}", f"DOI:{asked}", f"PMC:{asked}"]
    for spelling in spellings:
        found = await row(datasette, "select id from nodes where id = :id", {"id": spelling})
        if found and spelling != asked:
            return record_page(found["id"])
    found = await row(
        datasette,
        "select id from studies where exists (select 1 from json_each(studies.aliases) where value = :id)",
        {"id": asked},
    )
    if found:
        return record_page(found["id"])
    found = await row(
        datasette,
        """select trial_id from registrations where trial_id is not null
           and (id = :id or exists (select 1 from json_each(registrations.aliases) where value = :id))""",
        {"id": asked},
    )
    if found and found["trial_id"] != asked:
        return record_page(found["trial_id"])
    return await _fetched(datasette, spellings)


async def _fetched(datasette: Any, spellings: list[str]) -> str | None:
    """Return the row of a record that was fetched and that nobody reviewed."""
    for table in ("articles", "registrations"):
        for spelling in spellings:
            if await row(datasette, f"select id from {table} where id = :id", {"id": spelling}):  # noqa: S608 - ours
                return f"/{database(datasette).name}/{table}/{tilde_encode(spelling)}"
    return None
