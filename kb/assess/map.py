"""The evidence map: one kind of cell in one disease, judged by the same rules as a claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from kb.assess.base import Base
from kb.assess.benefit import BenefitJudge, Judgement, Query, wanted_of
from kb.assess.evidence import Item
from kb.assess.licence import State
from kb.assess.match import complete
from kb.records.approval import Approval
from kb.records.common import ProductKey
from kb.vocabulary import Vocabulary

#: How far the searches for a cell reached. A look-up in stored copies is no complete search.
SearchReach = Literal["complete", "stored_copies", ""]


@dataclass(frozen=True)
class Cell:
    """One cell of the map in every place.

    Attributes:
        judged: the class claim "these cells help in this disease", silent on everything else.
        counted: records the cell counts, so that its numbers equal the rows behind it.
        shown: further records of the same disease that do not count, with their match.
        licences: place → authorisations in force inside the cell.
        searched: how far a search for this very cell reached: ``complete``, ``stored_copies``, or "" for none.
    """

    indication: str
    cell_type: str
    judged: Judgement
    counted: tuple[Item, ...]
    shown: tuple[Item, ...]
    licences: dict[str, list[tuple[Approval, State]]]
    searched: SearchReach
    vocabulary: Vocabulary

    def level(self, place: str) -> str:
        """Return the level in a place: licensed only where a label names this disease or a broader one.

        A licence for a narrower disease is listed in the cell and does not make the whole row approved.
        """
        standings = {
            now.standing
            for approval, now in self.licences.get(place, [])
            if any(self.vocabulary.is_a("indication", self.indication, named) for named in approval.label.indication)
        }
        if standings:
            return "A_FULL" if "full" in standings else "A_COND"
        return self.judged.level

    @property
    def studies(self) -> frozenset[str]:
        """Human studies counted."""
        return frozenset(item.record_id for item in self.counted if item.kind == "study")

    @property
    def trials(self) -> frozenset[str]:
        """Registrations counted."""
        return frozenset(item.record_id for item in self.counted if item.kind == "trial")

    def cohorts(self, stance: str) -> frozenset[str]:
        """Groups of patients with a positive or negative result."""
        return frozenset(item.cohort for item in self.counted if item.stance == stance)

    @property
    def empty_kind(self) -> str:
        """Why the cell holds no result: one of four kinds of empty, or "" when it is not empty."""
        if self.studies:
            return ""
        if self.trials:
            return "ongoing_only"
        if self.shown:
            return "indirect_only"
        return "searched_none" if self.searched else "not_searched"


class MapJudge:
    """Makes the cells of the map from one base."""

    def __init__(self, base: Base, judge: BenefitJudge | None = None) -> None:
        self.base = base
        self.judge = judge or BenefitJudge(base)

    def indications(self) -> list[str]:
        """Return every disease or aim a record or claim names, with everything broader."""
        vocabulary = self.base.data.vocabulary
        named: set[str] = set()
        for _, _, key, _ in self.base.keys:
            named.update(key.indication)
        for _, key in self.base.trials:
            named.update(key.indication)
        for approval in self.base.data.approvals:
            named.update(approval.label.indication)
        for document in self.base.data.documents:
            for claim in document.claims:
                named.update(claim.axes.indication)
        return sorted({broader for one in named for broader in vocabulary.ancestors("indication", one)})

    def cells(self) -> Iterator[Cell]:
        """Yield the cells worth a row: something on file, or a disease that a claim names."""
        build = self.base.data.build
        claimed = {
            indication
            for document in self.base.data.documents
            for claim in document.claims
            for indication in claim.axes.indication
        }
        for indication in self.indications():
            for cell_type in (*build.map_cell_types, *build.map_comparators):
                named = indication in claimed and cell_type in build.map_cell_types
                if not named and not self._anything(indication, cell_type):
                    continue
                cell = self._cell(indication, cell_type)
                if named or cell.counted or cell.licences:
                    yield cell

    def _anything(self, indication: str, cell_type: str) -> bool:
        """Tell cheaply whether any record or label lies inside the cell."""
        return cell_type in self._inside.get(indication, ())

    @cached_property
    def _inside(self) -> dict[str, set[str]]:
        """Disease → cell types with a record inside it, both with everything broader."""
        vocabulary = self.base.data.vocabulary
        keys: list[ProductKey] = [
            *(key for _, _, key, _ in self.base.keys),
            *(key for _, key in self.base.trials),
            *(approval.label for approval in self.base.data.approvals),
        ]
        inside: dict[str, set[str]] = {}
        for key in keys:
            cells = {wide for own in key.cell_type for wide in vocabulary.ancestors("cell_type", own)}
            for own in key.indication:
                for wide in vocabulary.ancestors("indication", own):
                    inside.setdefault(wide, set()).update(cells)
        return inside

    def _cell(self, indication: str, cell_type: str) -> Cell:
        vocabulary = self.base.data.vocabulary
        key = complete(vocabulary, ProductKey(cell_type=(cell_type,), indication=(indication,)))
        query = Query(key, wanted_of(self.base, None, None, (indication,)))
        judged = self.judge.judge(query, "")
        items = judged.items
        counted = tuple(item for item in items if item.lifts and item.kind in ("study", "trial"))
        shown = tuple(
            item
            for item in items
            if not item.lifts
            and not item.excluded
            and item.kind == "study"
            and item.vector["indication"] in ("same", "narrower")
        )
        licences: dict[str, list[tuple[Approval, State]]] = {
            place: found
            for place in self.base.data.build.jurisdictions
            if (found := self._licences(place, cell_type, indication))
        }
        searched = self._searched(indication, cell_type)
        return Cell(indication, cell_type, judged, counted, shown, licences, searched, vocabulary)

    def _searched(self, indication: str, cell_type: str) -> SearchReach:
        """A search counts for the very disease and cells it names, not for what is broader or narrower."""
        complete = {
            search.complete
            for search in self.base.data.searches.searches
            if indication in search.indication and cell_type in search.cell_type
        }
        return "complete" if True in complete else "stored_copies" if complete else ""

    def _licences(self, place: str, cell_type: str, indication: str) -> list[tuple[Approval, State]]:
        vocabulary = self.base.data.vocabulary

        def related(approval: Approval) -> bool:
            named = approval.label.indication
            return any(vocabulary.relation("indication", own, indication) != "different" for own in named)

        return [
            (approval, now)
            for approval, now in self.base.licences(place)
            if any(vocabulary.is_a("cell_type", own, cell_type) for own in approval.label.cell_type)
            and any(
                vocabulary.relation("indication", own, indication) != "different" for own in approval.label.indication
            )
        ]
