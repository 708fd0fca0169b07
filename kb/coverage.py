"""``docs/coverage.md``, made from a store: where evidence is, and which kind of empty the rest is."""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import Any

from kb.english import EMPTY
from kb.markdown import MADE, fetch, share, table

#: Shown in the matrix for each kind of empty; the words follow in the legend.
_EMPTY_MARK = {"searched_none": "∅", "not_searched": "·", "indirect_only": "~", "ongoing_only": "…"}


def coverage(db: sqlite3.Connection) -> str:
    """Return ``docs/coverage.md``: disease × cells, with studies, trials, best level, direction, kinds of empty."""
    (build,) = fetch(db, "select as_of from builds")
    (first,) = fetch(
        db,
        "select id, name from jurisdictions where id in (select jurisdiction from map_cells) order by position limit 1",
    )
    columns = fetch(
        db,
        """select c.id, c.label from map_columns m join concepts c on c.id = m.cell_type
           where m.comparator = 0 order by m.position""",
    )
    shown = {column["id"] for column in columns}
    cells = {
        (row["indication"], row["cell_type"]): row
        for row in fetch(db, "select * from map_cells where jurisdiction = ?", first["id"])
        if row["cell_type"] in shown
    }
    licensed: dict[tuple[str, str], list[str]] = {}
    for row in fetch(
        db, "select indication, cell_type, jurisdiction from map_cells where class = 'approved' order by jurisdiction"
    ):
        licensed.setdefault((row["indication"], row["cell_type"]), []).append(row["jurisdiction"])
    labels = {row["id"]: row["label"] for row in fetch(db, "select id, label from concepts where facet = 'indication'")}
    diseases = sorted({disease for disease, _ in cells}, key=lambda disease: labels[disease].lower())

    lines = [MADE, "# Coverage", "", f"What this build holds as of {build['as_of']}.", ""]
    lines += _counts(db)
    lines += [
        "## Disease by cells",
        "",
        "A cell reads: best level; human studies (s) and registrations (t), each with everything narrower; groups of "
        "patients with a positive (+) and with a negative (−) result. “Licensed” names the places where an "
        f"authorisation covers the whole row; the level is that of {first['name']}. A registration that is "
        "doubtful is not counted. Levels are explained on the site's page *Method*.",
        "",
        "Four kinds of empty: "
        + ", ".join(f"{_EMPTY_MARK[kind]} {words}" for kind, words in EMPTY.items())
        + ". A blank cell holds nothing and no checked document asks about it. "
        "A look-up in stored copies of public pages counts as searched here; it is no complete search of PubMed.",
        "",
    ]
    wide = [column["id"] for column in columns]
    lines += table(
        ["disease or aim", *(column["label"] for column in columns)],
        (
            [labels[disease], *(_cell(cells.get((disease, one)), licensed.get((disease, one), [])) for one in wide)]
            for disease in diseases
        ),
    )
    empty = Counter(row["empty_kind"] for row in cells.values())
    lines += ["## Kinds of empty", ""]
    lines += table(
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
    by_cell = fetch(
        db,
        """select c.label, count(distinct case when s.evidence_kind = 'human' then s.id end) as studies,
                  count(distinct t.id) as trials
           from key_concepts x join keys k on k.id = x.key_id join concepts c on c.id = x.concept_id
           left join studies s on s.id = k.record_id left join trials t on t.id = k.record_id
           where x.axis = 'cell_type' group by c.id having studies + trials > 0
           order by studies desc, trials desc, c.label""",
    )
    return [
        *table(["what", "how many"], ((name, count(sql)) for name, sql in counted)),
        "## By cells given",
        "",
        "As entered, without what is narrower; a record with several products counts in each.",
        "",
        *table(
            ["cells", "studies in people", "registrations"],
            ((row["label"], row["studies"], row["trials"]) for row in by_cell),
        ),
    ]


def _named(db: sqlite3.Connection, cells: dict[tuple[str, str], dict[str, Any]], labels: dict[str, str]) -> list[str]:
    """For every disease a checked document names: what the search of each kind of cell came to."""
    named = [
        row["concept_id"]
        for row in fetch(
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
        *table(["disease or aim", "results on file", *EMPTY.values()], body),
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
        body.append((name, share(n, total)))
    (ended, unsaid) = db.execute(
        """select count(*), sum(why_stopped is null) from trials
           where is_nk_therapy = 1 and status in ('TERMINATED', 'WITHDRAWN', 'SUSPENDED')"""
    ).fetchone()
    body.append(("why_stopped (of those stopped or withdrawn)", share(unsaid or 0, ended)))
    for axis in ("cell_source", "expansion", "engineering", "indication", "setting", "combination"):
        (n,) = db.execute(
            f"""select count(*) from keys k join trials t on t.id = k.record_id
                where t.is_nk_therapy = 1 and k.{axis} = '[]'"""  # noqa: S608 - axes are ours
        ).fetchone()
        body.append((axis, share(n, total)))
    return [
        "## Registrations: values nobody saw",
        "",
        "An empty value is one that no source read gives; it is shown as “not seen”, never guessed. "
        "NK and NKT registrations only.",
        "",
        *table(["field", "empty"], body),
    ]
