"""Reads a suggestion back as a page of its own: what would be objected to there is not offered."""

from __future__ import annotations

from kb.assess.accuracy import is_objection
from kb.assess.base import Base
from kb.assess.claim import Assessor
from kb.check.page import Block, Page
from kb.check.touched import touched
from kb.check.understand.kit import Kit
from kb.check.understand.reader import Draft, Reader
from kb.check.understand.studies import StudyNames
from kb.check.understand.units import units
from kb.dates import PartialDate
from kb.records.claim import Claim, Document
from kb.records.common import AXES, ProductKey

#: Answers kept, so that a site that runs for long does not fill its memory.
KEPT = 4096


class Reread:
    """Reads sentences with the reader and the judges of the page they are meant for.

    Args:
        base: the facts and the day.
        kit: names and words.
    """

    def __init__(self, base: Base, kit: Kit) -> None:
        self._kit = kit
        self._studies = StudyNames(base.data)
        self._facts, self._as_of = base.data, base.as_of
        self._assessor = self._fresh()
        self._day = PartialDate.parse(base.as_of.isoformat())
        self._known: dict[tuple[str, ProductKey, str], bool] = {}

    def holds(self, text: str, sold: ProductKey, place: str) -> bool:
        """Tell whether a text, alone on a page that sells a product, meets no objection and no grave wording rule."""
        token = (text, sold, place)
        if len(self._known) >= KEPT:
            self._known.clear()
            self._assessor = self._fresh()
        if token not in self._known:
            self._known[token] = self._holds(text, sold, place)
        return self._known[token]

    def _fresh(self) -> Assessor:
        # A base of its own: what an assessor keeps in one is told apart by numbers that it alone gives.
        return Assessor(Base(self._facts, self._as_of))

    def _holds(self, text: str, sold: ProductKey, place: str) -> bool:
        page = Page("suggestion", "txt", "0" * 64, text, "", (Block("paragraph", text, tuple(range(len(text))), 1),))
        reader = Reader(self._kit, self._studies, sold, {})
        drafts = [draft for unit in units(page) for draft in reader.read(unit)]
        document = self._document(sold, drafts)
        return all(
            self._fine(document, draft, claim, place) for draft, claim in zip(drafts, document.claims, strict=True)
        )

    def _fine(self, document: Document, draft: Draft, claim: Claim, place: str) -> bool:
        status = self._assessor.assess(document, claim, (place,))[0]
        if is_objection(claim, status.accuracy) or status.status_class == "unsupported":
            return False
        key = claim.axes
        if claim.subject == "own_product":
            silent = {axis: getattr(document.sold, axis) for axis in AXES if not getattr(key, axis)}
            key = key.model_copy(update=silent)
        fired = touched(self._kit, draft.unit, claim, key, status, place, self._day)
        return all(rule.severity != "high" for rule in fired)

    def _document(self, sold: ProductKey, drafts: list[Draft]) -> Document:
        name = f"suggestion-{len(self._known)}"  # an assessor knows documents and claims by their ids
        claims = tuple(
            Claim(
                id=f"{name}#c{number:03d}",
                section="page",
                line_start=1,
                line_end=1,
                statement=draft.unit.text,
                **draft.fields,
            )
            for number, draft in enumerate(drafts, 1)
        )
        return Document(
            id=name,
            title="suggestion",
            kind="txt",
            sha256="0" * 64,
            line_count=1,
            retrieved=self._day,
            sold=sold,
            sold_basis="as on the page",
            reference_list=False,
            coverage="read by a program",
            claims=claims,
        )
