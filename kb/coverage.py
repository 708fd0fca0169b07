"""What is covered and how it was checked, as two Markdown pages made from a store.

``docs/coverage.md`` says where evidence is and which kind of empty the rest is; ``docs/quality.md``
says how each kind of fact was read, what a second pair of eyes found, and what nobody could verify.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from kb.english import EMPTY

_MADE = "<!-- Made by `make docs`; do not edit by hand. -->\n"
#: Shown in the matrix for each kind of empty; the words follow in the legend.
_EMPTY_MARK = {"searched_none": "∅", "not_searched": "·", "indirect_only": "~", "ongoing_only": "…"}
_SECOND = ("agrees", "corrected", "disputed", "source_not_found")


def _rows(db: sqlite3.Connection, sql: str, *parameters: Any) -> list[dict[str, Any]]:
    cursor = db.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _table(head: Sequence[str], body: Iterable[Sequence[Any]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in body]
    return [*lines, ""]


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.0f}%)" if whole else "none"


# ---------------------------------------------------------------------------- coverage


def coverage(db: sqlite3.Connection) -> str:
    """Return ``docs/coverage.md``: disease × cells, with studies, trials, best level, direction, kinds of empty."""
    (build,) = _rows(db, "select as_of from builds")
    (first,) = _rows(
        db,
        "select id, name from jurisdictions where id in (select jurisdiction from map_cells) order by position limit 1",
    )
    columns = _rows(
        db,
        """select c.id, c.label from map_columns m join concepts c on c.id = m.cell_type
           where m.comparator = 0 order by m.position""",
    )
    shown = {column["id"] for column in columns}
    cells = {
        (row["indication"], row["cell_type"]): row
        for row in _rows(db, "select * from map_cells where jurisdiction = ?", first["id"])
        if row["cell_type"] in shown
    }
    licensed: dict[tuple[str, str], list[str]] = {}
    for row in _rows(
        db, "select indication, cell_type, jurisdiction from map_cells where class = 'approved' order by jurisdiction"
    ):
        licensed.setdefault((row["indication"], row["cell_type"]), []).append(row["jurisdiction"])
    labels = {row["id"]: row["label"] for row in _rows(db, "select id, label from concepts where facet = 'indication'")}
    diseases = sorted({disease for disease, _ in cells}, key=lambda disease: labels[disease].lower())

    lines = [_MADE, "# Coverage", "", f"What this build holds as of {build['as_of']}.", ""]
    lines += _counts(db)
    lines += [
        "## Disease by cells",
        "",
        "A cell reads: best level; human studies (s) and registrations (t), each with everything narrower; groups of "
        "patients with a positive (+) and with a negative (−) result. “Licensed” names the places where an "
        f"authorisation covers the whole row; the level is that of {first['name']}. A registration that is "
        "doubtful is not counted. Levels are explained on the page “How a status is made”.",
        "",
        "Four kinds of empty: "
        + ", ".join(f"{_EMPTY_MARK[kind]} {words}" for kind, words in EMPTY.items())
        + ". A blank cell holds nothing and no checked document asks about it. "
        "A look-up in stored copies of public pages counts as searched here; it is no complete search of PubMed.",
        "",
    ]
    wide = [column["id"] for column in columns]
    lines += _table(
        ["disease or aim", *(column["label"] for column in columns)],
        (
            [labels[disease], *(_cell(cells.get((disease, one)), licensed.get((disease, one), [])) for one in wide)]
            for disease in diseases
        ),
    )
    empty = Counter(row["empty_kind"] for row in cells.values())
    lines += ["## Kinds of empty", ""]
    lines += _table(
        ["kind", "cells"],
        [("holds results", empty.get(None, 0)), *((EMPTY[kind], empty.get(kind, 0)) for kind in EMPTY)],
    )
    lines += _named(db, cells, labels)
    lines += _blanks(db)
    return "\n".join(lines).rstrip() + "\n"


def _cell(row: dict[str, Any] | None, licensed: list[str]) -> str:
    if row is None:
        return ""
    if row["empty_kind"] and not row["trials"] and not licensed:
        return _EMPTY_MARK[row["empty_kind"]]
    parts = [row["best_level"], f"{row['studies']}s {row['trials']}t"]
    if row["positive"] or row["negative"]:
        parts.append(f"+{row['positive']} −{row['negative']}")
    if row["empty_kind"]:
        parts.append(_EMPTY_MARK[row["empty_kind"]])
    if licensed:
        parts.append(f"licensed {', '.join(licensed)}")
    return "; ".join(parts)


def _counts(db: sqlite3.Connection) -> list[str]:
    def count(sql: str) -> int:
        return int(db.execute(sql).fetchone()[0])

    counted = [
        ("publications", "select count(*) from studies"),
        ("of them studies in people", "select count(*) from studies where evidence_kind = 'human'"),
        ("registrations", "select count(*) from trials"),
        ("of them with NK or NKT cells as the product", "select count(*) from trials where is_nk_therapy = 1"),
        ("of these without doubt", "select count(*) from trials where is_nk_therapy = 1 and doubt is null"),
        (
            "registrations of cytokine-induced killer cells, kept apart",
            """select count(distinct k.record_id) from keys k join key_concepts x on x.key_id = k.id
               join concept_closure c on c.concept_id = x.concept_id
               where k.record_kind = 'trial' and c.ancestor_id = 'cell_type:cik'""",
        ),
        ("authorisations, in force or ended", "select count(*) from approvals"),
        ("findings of absence", "select count(*) from absences"),
        ("claims checked", "select count(*) from claims"),
        ("searches logged", "select count(*) from searches"),
        ("of them complete for their source", "select count(*) from searches where complete = 1"),
    ]
    by_cell = _rows(
        db,
        """select c.label, count(distinct case when s.evidence_kind = 'human' then s.id end) as studies,
                  count(distinct t.id) as trials
           from key_concepts x join keys k on k.id = x.key_id join concepts c on c.id = x.concept_id
           left join studies s on s.id = k.record_id left join trials t on t.id = k.record_id
           where x.axis = 'cell_type' group by c.id having studies + trials > 0
           order by studies desc, trials desc, c.label""",
    )
    return [
        *_table(["what", "how many"], ((name, count(sql)) for name, sql in counted)),
        "## By cells given",
        "",
        "As entered, without what is narrower; a record with several products counts in each.",
        "",
        *_table(
            ["cells", "studies in people", "registrations"],
            ((row["label"], row["studies"], row["trials"]) for row in by_cell),
        ),
    ]


def _named(db: sqlite3.Connection, cells: dict[tuple[str, str], dict[str, Any]], labels: dict[str, str]) -> list[str]:
    """For every disease a checked document names: what the search of each kind of cell came to."""
    named = [
        row["concept_id"]
        for row in _rows(
            db, "select distinct concept_id from claim_concepts where axis = 'indication' order by concept_id"
        )
    ]
    body = []
    for disease in sorted(named, key=lambda one: labels[one].lower()):
        kinds = Counter(row["empty_kind"] or "found" for (own, _), row in cells.items() if own == disease)
        body.append([labels[disease], kinds.get("found", 0), *(kinds.get(kind, 0) for kind in EMPTY)])
    return [
        "## Diseases and aims that the checked documents name",
        "",
        "Columns count kinds of cell.",
        "",
        *_table(["disease or aim", "results on file", *EMPTY.values()], body),
    ]


def _blanks(db: sqlite3.Connection) -> list[str]:
    """Columns of the registrations that nobody saw filled."""
    names = ("title", "phase", "status", "enrollment", "sponsor", "countries", "start_date", "completion_date")
    (total,) = db.execute("select count(*) from trials where is_nk_therapy = 1").fetchone()
    body: list[tuple[str, str]] = []
    for name in names:
        (n,) = db.execute(
            f"select count(*) from trials where is_nk_therapy = 1 and {name} is null"  # noqa: S608 - names are ours
        ).fetchone()
        body.append((name, _share(n, total)))
    (ended, unsaid) = db.execute(
        """select count(*), sum(why_stopped is null) from trials
           where is_nk_therapy = 1 and status in ('TERMINATED', 'WITHDRAWN', 'SUSPENDED')"""
    ).fetchone()
    body.append(("why_stopped (of those stopped or withdrawn)", _share(unsaid or 0, ended)))
    for axis in ("cell_source", "expansion", "engineering", "indication", "setting", "combination"):
        (n,) = db.execute(
            f"""select count(*) from keys k join trials t on t.id = k.record_id
                where t.is_nk_therapy = 1 and k.{axis} = '[]'"""  # noqa: S608 - axes are ours
        ).fetchone()
        body.append((axis, _share(n, total)))
    return [
        "## Registrations: values nobody saw",
        "",
        "An empty value is one that no source read gives; it is shown as “not seen”, never guessed. "
        "NK and NKT registrations only.",
        "",
        *_table(["field", "empty"], body),
    ]


# ---------------------------------------------------------------------------- quality


def quality(db: sqlite3.Connection) -> str:
    """Return ``docs/quality.md``: how facts were read, second checks, identifiers, integrity, what is unverified."""
    lines = [
        _MADE,
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
        found = {row["checked"]: row["n"] for row in _rows(db, sql)}
        body.append([name, sum(found.values()), *(found.get(kind, 0) for kind in kinds)])
    lines += _table(["facts", "all", *kinds], body)
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
    for name, table, where in (
        ("studies a status rests on", "studies", f"id in ({deciding})"),
        ("all studies", "studies", "1 = 1"),
        ("authorisations a status rests on", "approvals", f"id in ({deciding})"),
        ("all authorisations", "approvals", "1 = 1"),
    ):
        sql = f"select second_check, count(*) as n from {table} where {where} group by 1"  # noqa: S608 - names are ours
        found = {row["second_check"]: row["n"] for row in _rows(db, sql)}
        read = sum(found.get(kind, 0) for kind in ("agrees", "corrected", "disputed"))
        wrong = found.get("corrected", 0) + found.get("disputed", 0)
        body.append(
            [name, sum(found.values()), *(found.get(k, 0) for k in _SECOND), found.get(None, 0), _share(wrong, read)]
        )
    head = ["records", "all", "agrees", "corrected", "disputed", "source not found", "not re-read", "disagreement"]
    return lines + _table(head, body)


def _identifiers(db: sqlite3.Connection) -> list[str]:
    (total, pmid, doi, either) = db.execute(
        """select count(*), sum(pmid is not null), sum(doi is not null), sum(pmid is not null or doi is not null)
           from studies"""
    ).fetchone()
    without = _rows(db, "select id, title, source from studies where pmid is null and doi is null order by id")
    states = _rows(db, "select integrity, count(*) as n from studies group by 1 order by n desc, 1")
    return [
        "## Identifiers and integrity",
        "",
        f"PMID: {_share(pmid, total)}. DOI: {_share(doi, total)}. One or both: {_share(either, total)}.",
        "",
        "Publications with neither (no source read gives one; none is guessed):",
        "",
        *(f"- {row['id']}: {row['title']} <{row['source']}>" for row in without),
        "",
        "Retraction and correction state, as far as the page read shows it; `unchecked` means that no complete list of "
        "notices could be asked.",
        "",
        *_table(["state", "publications"], ((row["integrity"], row["n"]) for row in states)),
    ]


def _unverified(db: sqlite3.Connection) -> list[str]:
    secondary = _rows(db, "select id, title from studies where checked = 'secondary' order by id")
    fields = _rows(
        db, "select id, unverified from studies where unverified is not null and unverified <> '[]' order by id"
    )
    claims = _rows(
        db,
        """select distinct c.id, c.statement from claim_statuses s join claims c on c.id = s.claim_id
           where exists (select 1 from json_each(s.codes) where value = 'SECONDARY_SOURCE') order by c.id""",
    )
    undated = _rows(db, "select approval_id, event from approval_events where date is null order by approval_id, event")
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
