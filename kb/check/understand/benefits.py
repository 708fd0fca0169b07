"""Fields of claims about a product: its key, and of claimed benefits the outcome, the wording and the scope."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kb.check.understand.kit import Kit
from kb.check.understand.lines import Lines
from kb.check.understand.names import Names, licensed_product, partners_named, products_named
from kb.check.understand.official import speaks_of_licensed
from kb.check.understand.subjects import Subjects
from kb.check.understand.units import Unit
from kb.check.understand.wording import wording
from kb.records.common import ProductKey

#: Of several outcomes named the first of these is the claim; what promises most comes first.
_OUTCOMES = (
    "survival", "relapse", "infection_control", "prevention", "response", "symptom_function", "biomarker",
)  # fmt: skip
_PRONOUN = re.compile(
    r"^\W*(?:it|they|these(?: cells)?|this|those|the cells|both|such cells|these therapies"
    r"|this approach|the approach)\b",
    re.IGNORECASE,
)
#: Severity words that describe side effects, not the people treated.
_NO_PEOPLE = frozenset({"mild", "severe", "active-infection"})


class Benefits:
    """Makes the fields of claims about a product.

    Args:
        kit: names and words.
        subjects: tells of whom a sentence speaks.
    """

    def __init__(self, kit: Kit, subjects: Subjects) -> None:
        self.kit = kit
        self.subjects = subjects

    def claims(
        self, unit: Unit, names: Names, above: Lines, kind: str, cells: Sequence[str]
    ) -> Iterator[dict[str, Any]]:
        """Yield the claims of a benefit: one for diseases, one for infections, one for aims that are no disease."""
        subject = self.subjects.of(unit.text, names, above, kind)
        made = self._benefit(unit, names, above, kind, subject, cells)
        groups = self._groups(made["axes"].indication)
        for group in groups or ((),):
            fields = dict(made)
            if group:
                fields["axes"] = made["axes"].model_copy(update={"indication": group})
            outcome = self._fitting(group, names)
            fields.pop("outcome", None)
            if outcome:
                fields["outcome"] = outcome
                if outcome == "biomarker":
                    first = next(one for one in names.of("outcome") if one.concept == "biomarker")
                    fields["marker"] = unit.text[first.start : first.end]
            yield fields

    def _groups(self, indications: Sequence[str]) -> list[tuple[str, ...]]:
        is_a = self.kit.vocabulary.is_a
        found: dict[str, list[str]] = {}
        for one in indications:
            if is_a("indication", one, "infection"):
                found.setdefault("infection", []).append(one)
            elif is_a("indication", one, "aim"):
                found.setdefault("aim", []).append(one)
            else:
                found.setdefault("disease", []).append(one)
        return [tuple(group) for group in found.values()]

    def _fitting(self, group: Sequence[str], names: Names) -> str | None:
        """Return the outcome claimed for a group of indications: infection control only for infections."""
        is_a = self.kit.vocabulary.is_a
        infectious = bool(group) and all(is_a("indication", one, "infection") for one in group)
        said = [one for one in names.concepts("outcome") if infectious or one != "infection_control"]
        found = next((outcome for outcome in _OUTCOMES if outcome in said), None)
        if infectious and found in (None, "response"):
            return "infection_control"
        if not group and "infection_control" in names.concepts("outcome") and found is None:
            return "infection_control"
        return found

    def outcome(self, names: Names) -> str | None:
        """Return the outcome group a text claims, None when it is silent."""
        found = names.concepts("outcome")
        return next((outcome for outcome in _OUTCOMES if outcome in found), None)

    def _benefit(
        self, unit: Unit, names: Names, above: Lines, kind: str, subject: str, cells: Sequence[str]
    ) -> dict[str, Any]:
        text = unit.text
        listed = kind == "eligibility" or (above.listed and above.topic in ("applications", "eligibility"))
        fields: dict[str, Any] = {"wording": wording(self.kit.lexicon, text, above.intro, listed=listed)}
        if self.kit.lexicon.has(text, "universal") and names.concepts("indication"):
            fields["universal"] = True
        made = self.product(fields, names, above, text, kind, subject, cells)
        if not made["axes"].indication and (above.listed or above.asked or not made["axes"].setting):
            made["axes"] = self.inherited(made["axes"], above)
        return made

    def inherited(self, key: ProductKey, above: Lines) -> ProductKey:
        """Return a key whose disease is that of the lines above."""
        return key.model_copy(update={"indication": above.indications}) if above.indications else key

    def product(
        self,
        fields: Mapping[str, Any],
        names: Names,
        above: Lines,
        text: str,
        kind: str,
        subject: str,
        before: Sequence[str],
    ) -> dict[str, Any]:
        """Return fields with the product key of a sentence.

        Args:
            fields: what is known already.
            names: what the sentence names.
            above: the lines above it.
            text: its words.
            kind: its claim type.
            subject: of whom it speaks.
            before: cells the sentence before spoke of; a pronoun means them.
        """
        cells = products_named(self.kit, names)
        if not cells and (subject in ("class", "other_product") or _PRONOUN.search(text)):
            cells = above.cells or tuple(before)
        axes: dict[str, tuple[str, ...]] = {"cell_type": cells}
        for axis in ("cell_source", "expansion", "engineering"):
            axes[axis] = tuple(one for one in names.concepts(axis) if not self._of_others(axis, one, cells))
        harms = (
            set(names.concepts("event")) | {"disease", "infection", "immune-function"} if kind == "safety" else set()
        )
        axes["indication"] = tuple(
            one for one in names.concepts("indication") if one not in ("graft-rejection", "aim") and one not in harms
        )
        axes["setting"] = tuple(one for one in names.concepts("setting") if kind != "safety" or one not in _NO_PEOPLE)
        axes["combination"] = partners_named(self.kit, names, cells)
        made: dict[str, Any] = {"claim_type": kind, "subject": subject, "wording": "asserted", **fields}
        made["axes"] = self._of_named(ProductKey(**axes), names)
        if product := licensed_product(self.kit, names, cells):
            made["names_product"] = product
        elif kind in ("efficacy", "safety", "comparative") and speaks_of_licensed(text):
            made["licensed_as_such"] = True
        return made

    def _of_named(self, key: ProductKey, names: Names) -> ProductKey:
        """Return a key with what is known of a product named."""
        for one in names.of("cell_type"):
            product = self.kit.product_of.get(one.name)
            if product is not None:
                known = {
                    axis: getattr(product, axis)
                    for axis in ("cell_source", "engineering", "expansion")
                    if not getattr(key, axis)
                }
                key = key.model_copy(update=known)
        return key

    def _of_others(self, axis: str, concept: str, cells: Sequence[str]) -> bool:
        """Tell whether an engineering belongs to other cells than those spoken of ("unlike CAR-T, …")."""
        if axis != "engineering" or concept != "car" or not cells:
            return False
        known = self.kit.vocabulary.concepts["cell_type"]
        return not any("engineering:car" in known[cell].implies for cell in cells if cell in known)
