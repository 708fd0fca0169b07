"""The lines above a unit: what they name, what they are about, and whether they speak of the seller's own product."""

from __future__ import annotations

import re
from functools import cached_property

from kb.check.understand.kit import Kit
from kb.check.understand.names import Names, names_in, products_named
from kb.check.understand.topics import topic
from kb.check.understand.units import Unit

#: The seller speaks of itself, to the reader, or of the treatment it has just described.
OWN = re.compile(
    r"\b(?:we|our|us|your?|yourself|this (?:therapy|treatment|programme|program|protocol|product|infusion)|"
    r"the (?:therapy|treatment|programme|program|protocol|procedure))\b",
    re.IGNORECASE,
)
#: The sentence speaks of the field: of trials, of research, of what was seen.
FIELD = re.compile(
    r"\b(?:clinical trials?|trials|studies|research(?:ers)?|literature|scientists|evidence|(?:has"
    r"|have) (?:been )?(?:shown|"
    r"demonstrated|produced|achieved|induced|led|seen)|published|reported|across (?:multiple|many|several)|"
    r"patients (?:in|who|with)|historically|showing|was|were)\b",
    re.IGNORECASE,
)
_SELLER = re.compile(r"\b(?:we|our|us|your?)\b", re.IGNORECASE)


class Lines:
    """What stands above a unit.

    Args:
        kit: names and words.
        unit: the unit.
    """

    def __init__(self, kit: Kit, unit: Unit) -> None:
        self._kit = kit
        self._unit = unit
        self.listed = unit.block.kind in ("item", "cell")
        near = [*reversed(unit.intros), *reversed(unit.heads), unit.question, *reversed(unit.headings[-2:])]
        self.near = tuple(line for line in near if line)
        self.intro = " ".join(unit.intros) if self.listed else ""

    @cached_property
    def topic(self) -> str:
        """What they are about."""
        return topic(self._kit.lexicon, self._unit)

    @cached_property
    def named(self) -> tuple[Names, ...]:
        """What each names, the nearest first."""
        return tuple(names_in(self._kit, line) for line in self.near)

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """Cells of the nearest line that names any."""
        return next((cells for names in self.named if (cells := products_named(self._kit, names))), ())

    @cached_property
    def indications(self) -> tuple[str, ...]:
        """Diseases and aims of the nearest line that names any."""
        return next((found for names in self.named if (found := names.concepts("indication"))), ())

    @property
    def asked(self) -> bool:
        """The unit answers a question."""
        return bool(self._unit.question)

    @cached_property
    def therapy(self) -> bool:
        """One of the two nearest lines speaks of a treatment."""
        return any(self._kit.lexicon.has(line, "therapy") or OWN.search(line) for line in self.near[:2])

    @cached_property
    def own(self) -> bool:
        """One of the two nearest lines is the seller speaking."""
        return any(OWN.search(line) for line in self.near[:2])

    @cached_property
    def of_field(self) -> bool:
        """What introduces the item speaks of the field, not of the seller."""
        return bool(self.intro) and FIELD.search(self.intro) is not None and not _SELLER.search(self.intro)

    @cached_property
    def hedged(self) -> bool:
        """What introduces the item is hedged."""
        return bool(self.intro) and self._kit.lexicon.has(self.intro, "hedge")

    @cached_property
    def concepts(self) -> tuple[str, ...]:
        """``facet:concept`` of the unit and the two nearest lines."""
        every = (names_in(self._kit, self._unit.text), *self.named[:2])
        return tuple(f"{one.facet}:{one.concept}" for names in every for one in names.found)


def speaks_of_field(text: str, above: Lines) -> bool:
    """Tell whether a sentence (or what introduces an item) speaks of the field rather than of the seller's product."""
    return (FIELD.search(text) is not None and not _SELLER.search(text)) or above.of_field
