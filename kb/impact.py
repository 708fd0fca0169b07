"""``kb impact``: what changes if a record falls, judged anew from the facts in the store, without a rebuild.

The answer equals that of a rebuild without the record (or with the study retracted): the same judges are asked
about the same facts, with one of them hidden.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from kb.assess.base import Base
from kb.assess.claim import Assessor
from kb.assess.map import MapJudge
from kb.errors import NotFoundError
from kb.results import map_cell_rows, verdict
from kb.rows.base import Row
from kb.rows.facts import read_facts
from kb.schema import VIEWS

Mode = Literal["retracted", "removed"]

#: What is compared of a claim in a place, and of a cell of the map.
CLAIM_FIELDS = (
    "class",
    "level",
    "sold_class",
    "sold_level",
    "strength",
    "direction",
    "accuracy",
    "objection",
    "codes",
    "approved_elsewhere",
    "rule_id",
)
CELL_FIELDS = ("class", "best_level", "studies", "trials", "positive", "negative", "approvals", "empty_kind")

#: Ties between records of the literature and the registries (not to concepts or claims).
_RECORD_TIES = ("reports_trial", "same_cohort", "follow_up_of", "reports_on", "comment_on", "protocol_of")


@dataclass(frozen=True)
class Changed:
    """One claim, or one cell of the map, that changes alike in some places.

    Attributes:
        id: claim, or cell (indication and cell type).
        label: its words.
        places: where.
        before, after: what changes, field by field; an empty ``after`` means that the cell is gone.
    """

    id: str
    label: str
    places: tuple[str, ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Fall:
    """What changes in one way of falling.

    Attributes:
        mode: the record is retracted (it stays on file and counts no more) or removed.
        documents: documents with a claim that changes.
        exports: public views with rows that change, with how many.
        sign_offs: sign-offs of claims that change; they have to be looked at again.
    """

    mode: Mode
    claims: tuple[Changed, ...]
    cells: tuple[Changed, ...]
    documents: tuple[str, ...]
    exports: tuple[tuple[str, int], ...]
    sign_offs: tuple[str, ...]


@dataclass(frozen=True)
class Impact:
    """What hangs on one record.

    Attributes:
        record: its id; ``label`` its short name, ``kind`` its kind.
        as_of: day of the build.
        rests: claims whose status rests on it, with their words, whether or not they would change.
        tied: other records tied to it: (type of tie, id, label).
        falls: what changes, for each way of falling.
    """

    record: str
    label: str
    kind: str
    as_of: str
    rests: tuple[tuple[str, str], ...]
    tied: tuple[tuple[str, str, str], ...]
    falls: tuple[Fall, ...]


#: Kinds of record that can fall. A study can also be retracted.
_KINDS = ("study", "trial", "approval", "absence", "access_route", "safety_event")


def impact(db: sqlite3.Connection, record_id: str, progress: Callable[[], None] = lambda: None) -> Impact:
    """Return what changes if a record falls.

    Args:
        db: an open store.
        record_id: id of a study, trial, authorisation, absence, access route or safety event.
        progress: called after each claim judged.

    Raises:
        NotFoundError: no such record, or nothing that can fall (a concept, a claim).
        BuildError: the store was made by another version of this program.
    """
    db.row_factory = sqlite3.Row
    node = db.execute("select id, kind, label from nodes where id = ?", (record_id,)).fetchone()
    if node is None:
        raise NotFoundError(f"no record {record_id!r} in this store; ids are printed in the table `nodes`")
    if node["kind"] not in _KINDS:
        raise NotFoundError(
            f"{record_id!r} is a {node['kind']}: only a {', '.join(_KINDS[:-1])} or {_KINDS[-1]} can fall"
        )
    as_of = db.execute("select as_of from builds").fetchone()[0]
    base = Base(read_facts(db), date.fromisoformat(as_of))
    modes: tuple[Mode, ...] = ("retracted", "removed") if node["kind"] == "study" else ("removed",)
    judge = _Judge(db, base, progress)
    return Impact(
        record_id,
        node["label"],
        node["kind"],
        as_of,
        tuple(
            (row["id"], row["statement"])
            for row in db.execute(
                """select distinct c.id, c.statement from evidence e join claims c on c.id = e.claim_id
                   where e.record_id = ? and e.deciding = 1 order by c.id""",
                (record_id,),
            )
        ),
        _tied(db, record_id),
        tuple(judge.fall(record_id, mode) for mode in modes),
    )


def _tied(db: sqlite3.Connection, record_id: str) -> tuple[tuple[str, str, str], ...]:
    marks = ", ".join("?" * len(_RECORD_TIES))
    found = db.execute(
        f"""select e.type, n.id, n.label from edges e join nodes n on n.id = e.target
            where e.source = ? and e.type in ({marks})
            union select e.type, n.id, n.label from edges e join nodes n on n.id = e.source
            where e.target = ? and e.type in ({marks}) order by 1, 2""",  # noqa: S608 - question marks only
        (record_id, *_RECORD_TIES, record_id, *_RECORD_TIES),
    )
    return tuple((row[0], row[1], row[2]) for row in found)


class _Judge:
    """Judges a store's facts again with one of them fallen."""

    def __init__(self, db: sqlite3.Connection, base: Base, progress: Callable[[], None]) -> None:
        self.db = db
        self.base = base
        self.progress = progress
        self.assessor = Assessor(base, explain=False)
        self.claims: dict[str, Row] = {row["id"]: dict(row) for row in db.execute("select * from claim_statuses")}
        self.cells: dict[str, Row] = {row["id"]: dict(row) for row in db.execute("select * from map_cells")}
        self.labels = dict(db.execute("select id, label from nodes").fetchall())

    def fall(self, record_id: str, mode: Mode) -> Fall:
        """Return what changes if a record falls in one way."""
        falling = self.base.retracting if mode == "retracted" else self.base.without
        with falling(record_id):
            claims = {row["id"]: row for row in self._claims()}
            cells = {row["id"]: row for row in self._cells()}
        changed = _changes(self.claims, claims, CLAIM_FIELDS)
        changed_cells = _changes(self.cells, cells, CELL_FIELDS)
        touched = sorted({self.claims[name]["claim_id"] for name in changed})
        return Fall(
            mode,
            self._told(changed, self.claims, lambda row: row["claim_id"]),
            self._told(changed_cells, self.cells, lambda row: f"{row['indication']} {row['cell_type']}"),
            tuple(sorted({name.partition("#")[0] for name in touched})),
            tuple(self._exports(record_id, changed, changed_cells, claims)),
            self._sign_offs(touched),
        )

    def _claims(self) -> Iterable[Row]:
        places = self.base.data.build.jurisdictions
        for document in self.base.data.documents:
            for claim in document.claims:
                for status in self.assessor.assess(document, claim, places):
                    row = verdict(status)
                    yield {"id": f"{row['claim_id']} {row['jurisdiction']}", **row}
                self.progress()

    def _cells(self) -> Iterable[Row]:
        return map_cell_rows(self.base, MapJudge(self.base, self.assessor.benefit).cells())

    def _told(
        self, changed: Mapping[str, tuple[Row, Row]], rows: Mapping[str, Row], name_of: Callable[[Row], str]
    ) -> tuple[Changed, ...]:
        """Group what changes alike in several places."""
        groups: dict[tuple[str, str], list[str]] = {}
        for name, (before, after) in changed.items():
            key = name_of(rows.get(name) or {**after, **_parts(name)}), json.dumps([before, after], sort_keys=True)
            groups.setdefault(key, []).append(name)
        found = []
        for (name, _), members in sorted(groups.items()):
            before, after = changed[members[0]]
            places = tuple(sorted((rows.get(one) or _parts(one))["jurisdiction"] for one in members))
            label = self.labels.get(name) or " – ".join(self.labels.get(part, part) for part in name.split())
            found.append(Changed(name, label, places, before, after))
        return tuple(found)

    def _exports(
        self,
        record_id: str,
        claims: Mapping[str, tuple[Row, Row]],
        cells: Mapping[str, tuple[Row, Row]],
        after: Mapping[str, Row],
    ) -> Iterable[tuple[str, int]]:
        """Yield each public view with rows that change, come or go."""
        by_class = {
            "approved_claims": ("approved",),
            "trial_stage_claims": ("trial_stage",),
            "unsupported_claims": ("unsupported",),
            "background_claims": ("background",),
            "other_claims": ("not_a_claim", "needs_review"),
        }
        for view in VIEWS:
            if view.name in by_class:
                count = sum(
                    1
                    for name in claims
                    if {self.claims[name]["class"], after[name]["class"]} & set(by_class[view.name])
                )
            elif view.name == "claims_export":
                count = len(claims)
            elif view.name == "evidence_map":
                count = len(cells)
            elif view.name in ("studies_export", "trials_export", "approvals_export"):
                key = {"studies_export": "study_id", "trials_export": "id", "approvals_export": "id"}[view.name]
                count = self._rows(view.name, key, record_id)
            else:
                continue
            if count:
                yield view.name, count

    def _rows(self, view: str, column: str, record_id: str) -> int:
        names = {row[1] for row in self.db.execute(f"pragma table_info([{view}])")}
        if column not in names:
            return 0
        sql = f"select count(*) from [{view}] where [{column}] = ?"  # noqa: S608 - names of ours
        return int(self.db.execute(sql, (record_id,)).fetchone()[0])

    def _sign_offs(self, claims: Sequence[str]) -> tuple[str, ...]:
        """Return the sign-offs of these claims; a store without a log of sign-offs has none."""
        there = self.db.execute("select 1 from sqlite_master where name = 'sign_offs'").fetchone()
        if not there:
            return ()
        marks = ", ".join("?" * len(claims))
        found = self.db.execute(f"select id from sign_offs where claim_id in ({marks}) order by id", claims)  # noqa: S608
        return tuple(row[0] for row in found)


def _parts(name: str) -> Row:
    """Return place, indication and cell type of a cell by its id."""
    place, indication, cell_type = name.split(" ")
    return {"jurisdiction": place, "indication": f"indication:{indication}", "cell_type": f"cell_type:{cell_type}"}


def _changes(
    before: Mapping[str, Row], after: Mapping[str, Row], fields: Sequence[str]
) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Return, for every row that differs, what it was and what it becomes, field by field."""
    found = {}
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, {}), after.get(name, {})
        whole = not old or not new
        differing = [field for field in fields if whole or old[field] != new[field]]
        if differing:
            found[name] = (
                {field: old.get(field) for field in differing} if old else {},
                {field: new.get(field) for field in differing} if new else {},
            )
    return found
