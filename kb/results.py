"""From judgements to rows: statuses, evidence, map, graph edges."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from kb.assess.accuracy import is_objection
from kb.assess.base import Base
from kb.assess.claim import Assessor
from kb.assess.clock import LAST
from kb.assess.evidence import Item
from kb.assess.map import Cell, MapJudge
from kb.assess.result import Status
from kb.rows.base import Row, dumps
from kb.rows.evidence import evidence_of, on_file


def verdict(status: Status) -> Row:
    """Return everything a status says but its proof, as the columns of ``claim_statuses``."""
    sold = status.sold
    return {
        "claim_id": status.claim.id,
        "jurisdiction": status.jurisdiction,
        "class": status.status_class,
        "level": status.result.level,
        "sold_class": status.sold_class,
        "sold_level": sold.level if sold else None,
        "strength": status.result.strength or None,
        "direction": status.result.direction or None,
        "accuracy": status.accuracy,
        "objection": int(is_objection(status.claim, status.accuracy)),
        "codes": dumps(status.codes),
        "approved_elsewhere": dumps(status.approved_elsewhere),
        "rule_id": status.result.rule,
    }


def map_cell_rows(base: Base, cells: Iterable[Cell]) -> Iterator[Row]:
    """Yield the rows of ``map_cells``: one a cell and place."""
    build, class_of = base.data.build, base.data.rules.class_of
    for cell in cells:
        for place in build.jurisdictions:
            licences = cell.licences.get(place, [])
            if cell.cell_type in build.map_comparators and not licences:
                continue  # studies of comparators are not collected: without a licence there is nothing to say
            level = cell.level(place)
            yield {
                "id": f"{place} {cell.indication} {cell.cell_type}",
                "jurisdiction": place,
                "indication": f"indication:{cell.indication}",
                "cell_type": f"cell_type:{cell.cell_type}",
                "class": class_of[level],
                "best_level": level,
                "studies": len(cell.studies),
                "trials": len(cell.trials),
                "positive": len(cell.cohorts("positive")),
                "negative": len(cell.cohorts("negative")),
                "approvals": len(licences),
                "empty_kind": cell.empty_kind or None,
                "searched": cell.searched or None,
            }


def _day(day: date) -> str:
    return day.isoformat()


class Results:
    """Judges every claim and every map cell once, and keeps the rows.

    Args:
        base: dataset and day.
        progress: called after each claim and each map indication.
    """

    def __init__(self, base: Base, progress: Callable[[], None] = lambda: None) -> None:
        self.base = base
        self.statuses: list[tuple[str, Status]] = []
        self.first: list[Status] = []
        self.progress = progress
        self.assessor = assessor = Assessor(base)
        for document in base.data.documents:
            for claim in document.claims:
                found = assessor.assess(document, claim, base.data.build.jurisdictions)
                self.first.append(found[0])
                self.statuses += [(document.id, status) for status in found]
                progress()
        self._approvals: dict[str, str] = {one.id: one.jurisdiction for one in base.data.approvals}
        self.cells: list[Cell] = list(MapJudge(base, assessor.benefit).cells())

    # ------------------------------------------------------------------ claims

    def claim_statuses(self) -> Iterator[Row]:
        """One row a claim and place."""
        for _, status in self.statuses:
            sold = status.sold
            yield {
                "id": f"{status.claim.id} {status.jurisdiction}",
                "as_of": self.base.as_of.isoformat(),
                **verdict(status),
                "proof": dumps(status.result.proof),
                "sold_proof": dumps(sold.proof) if sold and sold is not status.result else None,
            }

    def claim_status_spans(self) -> Iterator[Row]:
        """One row a claim, place and stretch of days on which nothing changes; together they cover all of time."""
        places = self.base.data.build.jurisdictions
        for document in self.base.data.documents:
            for claim in document.claims:
                open_: dict[str, Row] = {}
                for since, _, statuses in self.assessor.spans(document, claim, places):
                    for status in statuses:
                        yield from self._span(open_, status, since)
                for row in open_.values():
                    yield {**row, "valid_to": _day(LAST)}
                self.progress()

    @staticmethod
    def _span(open_: dict[str, Row], status: Status, since: date) -> Iterator[Row]:
        """Yield the row that a change closes, and open the next."""
        row = verdict(status)
        before = open_.get(status.jurisdiction)
        if before is not None:
            if all(before[name] == value for name, value in row.items()):
                return
            yield {**before, "valid_to": _day(since - timedelta(days=1))}
        first = _day(since)
        open_[status.jurisdiction] = {
            "id": f"{row['claim_id']} {row['jurisdiction']} {first}",
            "valid_from": first,
            **row,
        }

    def evidence(self) -> Iterator[Row]:
        """One row a claim, result and record; the same in every place, but for authorisations."""
        for status in self.first:
            yield from evidence_of(self._approvals, status.claim, "class", status.result)
            if status.sold and status.sold is not status.result:
                yield from evidence_of(self._approvals, status.claim, "sold", status.sold)
        yield from self._licences_elsewhere()

    def _licences_elsewhere(self) -> Iterator[Row]:
        """Authorisations that decide in other places than the first."""
        first = {status.claim.id: status for status in self.first}
        for _, status in self.statuses:
            here = first[status.claim.id]
            pairs = [("class", status.result, here.result)]
            if status.sold and here.sold and status.sold is not status.result:
                pairs.append(("sold", status.sold, here.sold))
            for result, judged, known in pairs:
                for record in sorted((judged.used - known.used) & self._approvals.keys()):
                    yield on_file(self._approvals, status.claim, result, record, judged)

    # ------------------------------------------------------------------ map

    def map_cells(self) -> Iterator[Row]:
        """One row a cell and place."""
        return map_cell_rows(self.base, self.cells)

    def map_records(self) -> Iterator[Row]:
        """The records behind each cell, counted or only shown."""
        for cell in self.cells:
            base = {"indication": f"indication:{cell.indication}", "cell_type": f"cell_type:{cell.cell_type}"}
            counted = {item.record_id for item in cell.counted}
            for record, kind, bearing in sorted(self._best(cell.counted)):
                yield {
                    "id": f"{cell.indication} {cell.cell_type} {record}",
                    **base,
                    "record_id": record,
                    "kind": kind,
                    "bearing": bearing,
                    "counted": 1,
                }
            for record, kind, bearing in sorted(self._best(cell.shown)):
                if record not in counted:
                    yield {
                        "id": f"{cell.indication} {cell.cell_type} {record}",
                        **base,
                        "record_id": record,
                        "kind": kind,
                        "bearing": bearing,
                        "counted": 0,
                    }
            for approval in sorted({approval.id for found in cell.licences.values() for approval, _ in found}):
                yield {
                    "id": f"{cell.indication} {cell.cell_type} {approval}",
                    **base,
                    "record_id": approval,
                    "kind": "approval",
                    "bearing": "in_force",
                    "counted": 1,
                }

    @staticmethod
    def _best(items: Iterable[Item]) -> set[tuple[str, str, str]]:
        """One line a record: a positive arm speaks before a negative one, that before the rest."""
        order = {"positive": 0, "negative": 1}
        best: dict[str, Item] = {}
        for item in items:
            now = best.get(item.record_id)
            if now is None or order.get(item.stance, 2) < order.get(now.stance, 2):
                best[item.record_id] = item
        return {(item.record_id, item.kind, item.stance) for item in best.values()}

    # ------------------------------------------------------------------ graph

    def edges(self, rows: dict[str, list[Row]]) -> Iterator[Row]:
        """Every tie between records: concepts, links, relations, and what a status rests on; each once."""
        stances = _stances(rows["evidence"])
        for source, kind, target in dict.fromkeys((*_ties(rows), *self._references())):
            yield {
                "id": f"{source} {kind} {target}",
                "source": source,
                "type": kind,
                "target": target,
                "stance": stances.get((source, target)) if kind == "rests_on" else None,
            }

    def _references(self) -> Iterator[tuple[str, str, str]]:
        """The listed references of background statements: their accuracy rests on them, their status does not."""
        for status in self.first:
            for result in (status.result, status.sold):
                proof = result.proof if result else {}
                yield from ((status.claim.id, "borne_out_by", study) for study in proof.get("supported_by", ()))
                yield from ((status.claim.id, "contradicted_by", study) for study in proof.get("contradicted_by", ()))


def _stances(evidence: Iterable[Row]) -> dict[tuple[str, str], str]:
    """Return how each deciding record stands to its claim; several stances are sorted and joined."""
    found: dict[tuple[str, str], set[str]] = {}
    for row in evidence:
        if row["deciding"]:
            found.setdefault((row["claim_id"], row["record_id"]), set()).add(row["stance"])
    return {pair: "|".join(sorted(stances)) for pair, stances in found.items()}


def _ties(rows: dict[str, list[Row]]) -> Iterator[tuple[str, str, str]]:
    """Yield (source, type, target) of every tie the tables hold; the types are those of :mod:`kb.edge_types`."""
    yield from _concept_ties(rows)
    on_file = {row["id"] for row in rows["nodes"]}
    yield from (
        (r["study_id"], "reports_trial", r["trial_id"]) for r in rows["study_trials"] if r["trial_id"] in on_file
    )
    yield from ((r["record_id"], r["type"], r["target_id"]) for r in rows["record_relations"])
    yield from ((r["document_id"], "makes_claim", r["id"]) for r in rows["claims"])
    yield from ((r["id"], "licenses", f"product:{r['product_id']}") for r in rows["approvals"])
    yield from ((r["id"], "reported_in", r["study_id"]) for r in rows["safety_events"] if r["study_id"])
    for row in rows["citations"]:
        if row["record_id"]:
            yield row["claim_id"], "names" if row["resolution"] == "named" else "may_mean", row["record_id"]
    yield from ((r["claim_id"], "rests_on", r["record_id"]) for r in rows["evidence"] if r["deciding"])


def _concept_ties(rows: dict[str, list[Row]]) -> Iterator[tuple[str, str, str]]:
    """Yield the ties that point to a concept."""
    record_of = {row["id"]: row["record_id"] for row in rows["keys"]}
    yield from ((record_of[r["key_id"]], f"has_{r['axis']}", r["concept_id"]) for r in rows["key_concepts"])
    for route in rows["access_routes"]:
        yield from ((route["id"], "has_cell_type", concept) for concept in json.loads(route["cell_type"]))
    yield from ((r["id"], "has_event", r["event"]) for r in rows["safety_events"])
    for row in rows["findings"]:
        yield row["study_id"], "has_outcome", row["outcome"]
        if row["event"]:
            yield row["study_id"], "watches_event", row["event"]
    yield from ((r["record_id"], "has_phase", r["concept_id"]) for r in rows["tags"] if r["facet"] == "phase")
    yield from ((r["id"], "has_design", r["design"]) for r in rows["studies"])
    yield from ((r["record_id"], "has_design", r["design"]) for r in rows["keys"] if r["design"])
    yield from ((r["claim_id"], f"says_{r['axis']}", r["concept_id"]) for r in rows["claim_concepts"])
    yield from ((r["id"], "says_outcome", r["outcome"]) for r in rows["claims"] if r["outcome"])
    for document in rows["documents"]:
        for axis, concepts in json.loads(document["sold"]).items():
            yield from ((document["id"], f"sells_{axis}", concept) for concept in concepts)
    yield from ((r["concept_id"], "is_a", r["parent_id"]) for r in rows["concept_parents"])
