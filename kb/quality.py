"""``docs/quality.md``, made from a store: how facts were read, second checks, identifiers, what is unverified."""

from __future__ import annotations

import json
import sqlite3

from kb.markdown import MADE, fetch, share, table

_SECOND = ("agrees", "corrected", "disputed", "source_not_found")


def quality(db: sqlite3.Connection) -> str:
    """Return ``docs/quality.md``: how facts were read, second checks, identifiers, integrity, what is unverified."""
    lines = [
        MADE,
        "# How the facts were checked",
        "",
        "`full_text` and `abstract`: the paper's own text was read. `registry`: a copy of the registry's entry. "
        "`regulator`: the regulator's own page or document. `secondary`: another paper, a list or a news item; "
        "it is marked wherever it is used, and a status that rests on such sources alone carries `SECONDARY_SOURCE`.",
        "",
    ]
    kinds = ("full_text", "abstract", "registry", "regulator", "secondary")
    tables = (
        ("studies", "select checked, count(*) as n from studies group by 1"),
        (
            "findings",
            "select coalesce(f.checked, s.checked) as checked, count(*) as n from findings f "
            "join studies s on s.id = f.study_id group by 1",
        ),
        ("registrations", "select checked, count(*) as n from trials group by 1"),
        ("authorisations", "select checked, count(*) as n from approvals group by 1"),
        ("events of authorisations", "select checked, count(*) as n from approval_events group by 1"),
        ("absences", "select checked, count(*) as n from absences group by 1"),
        ("safety events", "select checked, count(*) as n from safety_events group by 1"),
    )
    body = []
    for name, sql in tables:
        found = {row["checked"]: row["n"] for row in fetch(db, sql)}
        body.append([name, sum(found.values()), *(found.get(kind, 0) for kind in kinds)])
    lines += table(["facts", "all", *kinds], body)
    lines += _second_checks(db)
    lines += _identifiers(db)
    lines += _unverified(db)
    return "\n".join(lines).rstrip() + "\n"


def _second_checks(db: sqlite3.Connection) -> list[str]:
    lines = [
        "## A second pair of eyes",
        "",
        "Somebody who did not enter the record read its source again. “Corrected” means at least one value was wrong "
        "or unsupported and was mended; the disagreement rate is corrected and disputed together, of those re-read.",
        "",
    ]
    deciding = "select distinct record_id from evidence where deciding = 1"
    body = []
    for name, records, where in (
        ("studies the status of a claim rests on", "studies", f"id in ({deciding})"),
        ("all studies", "studies", "1 = 1"),
        ("authorisations the status of a claim rests on", "approvals", f"id in ({deciding})"),
        ("all authorisations", "approvals", "1 = 1"),
    ):
        sql = f"select second_check, count(*) as n from {records} where {where} group by 1"  # noqa: S608 - names are ours
        found = {row["second_check"]: row["n"] for row in fetch(db, sql)}
        read = sum(found.get(kind, 0) for kind in ("agrees", "corrected", "disputed"))
        wrong = found.get("corrected", 0) + found.get("disputed", 0)
        body.append(
            [name, sum(found.values()), *(found.get(k, 0) for k in _SECOND), found.get(None, 0), share(wrong, read)]
        )
    head = ["records", "all", "agrees", "corrected", "disputed", "source not found", "not re-read", "disagreement"]
    return lines + table(head, body)


def _identifiers(db: sqlite3.Connection) -> list[str]:
    (total, pmid, doi, either) = db.execute(
        """select count(*), sum(pmid is not null), sum(doi is not null), sum(pmid is not null or doi is not null)
           from studies"""
    ).fetchone()
    without = fetch(db, "select id, title, source from studies where pmid is null and doi is null order by id")
    states = fetch(db, "select integrity, count(*) as n from studies group by 1 order by n desc, 1")
    return [
        "## Identifiers and integrity",
        "",
        f"PMID: {share(pmid, total)}. DOI: {share(doi, total)}. One or both: {share(either, total)}.",
        "",
        "Publications with neither (no source read gives one; none is guessed):",
        "",
        *(f"- {row['id']}: {row['title']} <{row['source']}>" for row in without),
        "",
        "Retraction and correction state, as far as the page read shows it; `unchecked` means that no complete list of "
        "notices could be asked.",
        "",
        *table(["state", "publications"], ((row["integrity"], row["n"]) for row in states)),
    ]


def _unverified(db: sqlite3.Connection) -> list[str]:
    secondary = fetch(db, "select id, title from studies where checked = 'secondary' order by id")
    fields = fetch(
        db, "select id, unverified from studies where unverified is not null and unverified <> '[]' order by id"
    )
    claims = fetch(
        db,
        """select distinct c.id, c.statement from claim_statuses s join claims c on c.id = s.claim_id
           where exists (select 1 from json_each(s.codes) where value = 'SECONDARY_SOURCE') order by c.id""",
    )
    undated = fetch(db, "select approval_id, event from approval_events where date is null order by approval_id, event")
    return [
        "## What could not be verified",
        "",
        "Studies known from other papers or pages only:",
        "",
        *(f"- {row['id']}: {row['title']}" for row in secondary),
        "",
        "Fields of studies that rest on a secondary source:",
        "",
        *(f"- {row['id']}: {', '.join(json.loads(row['unverified']))}" for row in fields),
        "",
        "Steps of authorisations whose date no source read gives:",
        "",
        *(f"- {row['approval_id']}: {row['event']}" for row in undated),
        "",
        "Claims whose status, in some place, rests on secondary sources alone:",
        "",
        *(f"- {row['id']}: {row['statement']}" for row in claims),
        "",
    ]
