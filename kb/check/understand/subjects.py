"""Of whom or what a sentence speaks: the product on sale, the class, another product, biology, the seller."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.check.understand.kit import Kit
from kb.check.understand.lines import OWN, Lines, speaks_of_field
from kb.check.understand.names import Names, products_named
from kb.records.claim import Subject
from kb.records.common import ProductKey

_SOME_PROTOCOLS = re.compile(
    r"\b(?:some|many|most|certain|other) (?:protocols|groups|centres|centers|clinics|labs|manufacturers|approaches)\b|"
    r"\bcommonly used\b|\bin some protocols\b",
    re.IGNORECASE,
)
#: Side effects are "reported" of the product on sale as well; only studies make a sentence one about the field.
_STUDIES = re.compile(r"\b(?:trials?|stud(?:y|ies)|research|literature|patients (?:in|treated in))\b", re.IGNORECASE)


class Subjects:
    """Tells the subject of sentences of one page.

    Args:
        kit: names and words.
        sold: what the page sells; empty when it sells nothing.
    """

    def __init__(self, kit: Kit, sold: ProductKey) -> None:
        self._kit = kit
        self.sold = sold

    def of(self, text: str, names: Names, above: Lines, kind: str) -> Subject:
        """Return the subject of a sentence of a claim type."""
        own = OWN.search(text) is not None
        cells = products_named(self._kit, names) or (() if own else above.cells)
        if kind == "manufacturing":
            if _SOME_PROTOCOLS.search(text) or any(_SOME_PROTOCOLS.search(line) for line in above.near[:1]):
                return "class"
            if self._kit.lexicon.has(text, "quality"):
                return "seller"
            return self._own_or_class(cells)
        if kind == "mechanism":
            return "biology"
        if cells and not self.of_sold(cells):
            return "other_product"
        of_field = _STUDIES.search(f"{text} {above.intro}") if kind == "safety" else speaks_of_field(text, above)
        if of_field or self._differs(names):
            return "class"
        if above.listed and above.topic == "applications" and not (own or above.own) and above.cells:
            return "class"
        return self._own_or_class(cells)

    def of_sold(self, cells: Sequence[str]) -> bool:
        """Tell whether some of the cells named are what is sold, or a kind it belongs to."""
        relation = self._kit.vocabulary.relation
        if not self.sold.cell_type:
            return all(self._kit.of_lineage(cell) for cell in cells)
        return any(
            relation("cell_type", own, cell) in ("same", "narrower") for own in self.sold.cell_type for cell in cells
        )

    def _own_or_class(self, cells: Sequence[str]) -> Subject:
        return "own_product" if self.sold.cell_type and (not cells or self.of_sold(cells)) else "class"

    def _differs(self, names: Names) -> bool:
        """Tell whether the sentence speaks of another source or making than what is sold."""
        relation = self._kit.vocabulary.relation
        for axis in ("cell_source", "expansion", "engineering"):
            own, said = getattr(self.sold, axis), names.concepts(axis)
            if own and said and all(relation(axis, one, other) == "different" for one in own for other in said):
                return True
        return False
