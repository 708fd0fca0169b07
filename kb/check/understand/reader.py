"""Reads the units of a page into claims the engine can judge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.check.understand.benefits import Benefits
from kb.check.understand.citations import Citations
from kb.check.understand.comparisons import comparison
from kb.check.understand.kinds import Kind, Signs, kind_of
from kb.check.understand.kit import Kit
from kb.check.understand.lines import Lines
from kb.check.understand.meant import Mention
from kb.check.understand.names import Names, names_in, products_named
from kb.check.understand.official import counting, regulatory
from kb.check.understand.outside import outside
from kb.check.understand.safety import safety
from kb.check.understand.studies import StudyNames
from kb.check.understand.subjects import Subjects
from kb.check.understand.units import Unit, clauses
from kb.check.understand.wording import denies
from kb.records.common import ProductKey

_ARROW = re.compile(r"^\s*(?:→|»|▶|➜|➤|>)")
_YES = re.compile(r"^\W*(?:yes|absolutely|certainly|of course|indeed|definitely)\b", re.IGNORECASE)
_NO = re.compile(r"^\W*(?:no|not (?:at all|yet|currently)|unfortunately not)\b\s*[.,—–:;!-]", re.IGNORECASE)
_QUESTION = re.compile(r"\?\W*$")
#: A heading claims something only in such words.
_STRONG_HEADING = re.compile(
    r"\b(?:proven|cures?|beats?|eliminat\w+|approved|safe and effective|no side[- ]effects?|guarantee\w*|prevents?|"
    r"reverses?|shown to|\d+ ?%)",
    re.IGNORECASE,
)
_LABEL = re.compile(r":\s*$")
_SAYS_MORE = re.compile(r"\b(?:effective|efficacy|effectiveness|works)\b", re.IGNORECASE)
NOTHING: Mapping[str, Any] = {"claim_type": "none", "subject": "own_product", "wording": "asserted"}


@dataclass(frozen=True)
class Draft:
    """One claim as read: where it stands and the fields of :class:`kb.records.claim.Claim`.

    Attributes:
        unit: the words it was read from.
        fields: everything but id, section, lines and statement; ``claim_type`` "none" for what claims nothing.
        mentions: studies named and markers, of the unit.
    """

    unit: Unit
    fields: Mapping[str, Any]
    mentions: tuple[Mention, ...] = ()

    @property
    def claims(self) -> bool:
        """Whether it claims anything."""
        return self.fields["claim_type"] not in ("none", "precaution")


@dataclass
class Memory:
    """What earlier units of the section spoke of."""

    headings: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()
    kind: Kind = "none"

    def enter(self, unit: Unit) -> None:
        """Forget what belongs to another section."""
        if unit.headings != self.headings:
            self.headings, self.cells, self.compared = unit.headings, (), ()


class Reader:
    """Reads units in the order of a page.

    Args:
        kit: names and words.
        studies: the studies on file.
        sold: what the page sells; may be empty.
        references: the page's own list.
    """

    def __init__(self, kit: Kit, studies: StudyNames, sold: ProductKey, references: Mapping[str, str]) -> None:
        self.kit = kit
        self.subjects = Subjects(kit, sold)
        self.benefits = Benefits(kit, self.subjects)
        self.citations = Citations(kit, studies, self.benefits, references)
        self.memory = Memory()

    def read(self, unit: Unit) -> list[Draft]:
        """Return what a unit claims: at least one draft, of type "none" when it claims nothing."""
        self.memory.enter(unit)
        above = Lines(self.kit, unit)
        mentions = self.citations.mentions(unit, above)
        drafts = [
            Draft(part, fields, tuple(mentions))
            for part in clauses(unit)
            for fields in self._fields(part, above, mentions)
        ]
        claims = [draft for draft in drafts if draft.claims]
        return claims or [next((draft for draft in drafts if draft.fields["claim_type"] != "none"), drafts[0])]

    def _fields(self, unit: Unit, above: Lines, mentions: Sequence[Mention]) -> Iterator[dict[str, Any]]:
        names = names_in(self.kit, unit.text)
        markers = tuple(dict.fromkeys(one.label for one in mentions if one.marker))
        made = list(self._typed(unit, names, above, mentions)) or [dict(NOTHING)]
        for fields in made:
            if fields["claim_type"] not in ("none", "precaution"):
                beyond = outside(self.kit, unit.text, names)
                fields["outside"] = (*fields.get("outside", ()), *beyond)
                if markers:
                    fields["markers"] = markers
            yield fields
        self._remember(names, made)

    def _remember(self, names: Names, made: Sequence[Mapping[str, Any]]) -> None:
        cells = products_named(self.kit, names)
        self.memory.cells = cells or self.memory.cells
        sold = self.subjects.sold.cell_type
        other = tuple(one for one in names.concepts("cell_type") if one not in cells and one not in sold)
        if other or (cells and not self.subjects.of_sold(cells)):
            self.memory.compared = other or cells
        kind = made[0]["claim_type"]
        if kind in ("efficacy", "eligibility", "mechanism", "manufacturing"):
            self.memory.kind = kind

    def _typed(self, unit: Unit, names: Names, above: Lines, mentions: Sequence[Mention]) -> Iterator[dict[str, Any]]:
        text, lexicon = unit.text, self.kit.lexicon
        if self._idle(unit, above):
            return
        if lexicon.has(text, "disclaimer"):
            yield {**NOTHING, "wording": "denied"}
            return
        named = [one for one in mentions if not one.marker]
        if named:
            yield from self.citations.claims(unit, names, above, named)
            return
        if above.topic == "precaution" or lexicon.has(text, "precaution"):
            yield {**NOTHING, "claim_type": "precaution"}
            return
        official = self._official(unit, names, above)
        if official is not None:
            yield official
            return
        if self._counts(text, names) and (number := counting(text)) is not None:
            yield self.benefits.product(number, names, above, text, "counting", "class", self.memory.cells)
            return
        yield from self._about_people(unit, names, above, mentions)

    def _idle(self, unit: Unit, above: Lines) -> bool:
        """Tell whether a unit is a bare heading, a question or a call to action."""
        text, lexicon = unit.text, self.kit.lexicon
        asks = _QUESTION.search(text) is not None
        if unit.block.kind == "heading":
            return asks or not _STRONG_HEADING.search(text)
        if asks and above.listed:
            return True
        return lexicon.has(text, "cta") or _ARROW.search(text) is not None

    def _counts(self, text: str, names: Names) -> bool:
        return not names.concepts("outcome") and not names.concepts("event") and not _LABEL.search(text)

    def _about_people(
        self, unit: Unit, names: Names, above: Lines, mentions: Sequence[Mention]
    ) -> Iterator[dict[str, Any]]:
        """Yield claims about benefit, harm, making and biology."""
        text, lexicon, about = unit.text, self.kit.lexicon, above.topic
        if lexicon.has(text, "comparison"):
            made = comparison(self.benefits, unit, names, above, self.memory.compared)
            if made:
                yield made
                return
        harms = safety(self.kit, text, names, about)
        for fields in harms:
            subject = self.subjects.of(text, names, above, "safety")
            said = {**fields, "wording": self._safety_wording(text, fields)}
            yield self.benefits.product(said, names, above, text, "safety", subject, self.memory.cells)
        if harms and not ({*names.concepts("outcome")} - {"safety", "feasibility"} or _SAYS_MORE.search(text)):
            return
        if about == "trials" and above.listed and not lexicon.has(text, "definite"):
            some = {"counting": {"what": "trials", "op": "some"}}
            yield self.benefits.product(some, names, above, text, "counting", "class", self.memory.cells)
            return
        kind = kind_of(Signs(self.kit, unit, names, above), self.memory.kind)
        if kind in ("mechanism", "manufacturing"):
            subject = self.subjects.of(text, names, above, kind)
            own: dict[str, Any] = (
                {"own_quality": True} if kind == "manufacturing" and lexicon.has(text, "quality") else {}
            )
            if _QUESTION.search(text):
                own = {**own, "wording": "hedged"}
            yield self.benefits.product(own, names, above, text, kind, subject, self.memory.cells)
        elif kind != "none":
            marked = [one for one in mentions if one.marker and one.record]
            for made in self.benefits.claims(unit, names, above, kind, self.memory.cells):
                yield self.citations.by_marker(text, made, marked) if marked and kind == "efficacy" else made

    def _safety_wording(self, text: str, fields: Mapping[str, Any]) -> str:
        if fields.get("absolute") or fields.get("report_of_absence"):
            return "asserted"
        if denies(self.kit.lexicon, text):
            return "denied"
        return "hedged" if self.kit.lexicon.has(text, "hedge") else "asserted"

    # ------------------------------------------------------------------ official standing

    def _official(self, unit: Unit, names: Names, above: Lines) -> dict[str, Any] | None:
        text = unit.text
        official = regulatory(self.kit, text, names)
        if unit.question and (_YES.search(text) or _NO.search(text)):
            official = official if official and official["regulatory"]["says"] != "rule" else self._answered(unit)
        if official is None or _LABEL.search(text) or not self._is_official(official, names, above):
            return None
        cells = products_named(self.kit, names) or above.cells or self.memory.cells
        own = re.search(r"\b(?:our|we|your)\b|\bthis (?:therapy|treatment|product)\b", text, re.IGNORECASE)
        subject = "class"
        if own and self.subjects.sold.cell_type:
            subject = "own_product"
        elif cells and not self.subjects.of_sold(cells):
            subject = "other_product"
        made = self.benefits.product(official, names, above, text, "regulatory", subject, cells)
        if not made["axes"].cell_type and "names_product" not in made:
            made["axes"] = made["axes"].model_copy(update={"cell_type": cells or self.subjects.sold.cell_type})
        return made

    def _is_official(self, official: Mapping[str, Any], names: Names, above: Lines) -> bool:
        """Tell whether a sentence with official words is about standing, not about a benefit or the body."""
        says = official["regulatory"]["says"]
        outcomes = set(names.concepts("outcome")) - {"feasibility"}
        if says == "rule":
            return above.topic == "regulatory" or not (outcomes or self.kit.lexicon.has(names.text, "gain"))
        if says == "in_trials":
            return not outcomes and not names.concepts("event")
        return says != "used_without_licence" or not outcomes

    def _answered(self, unit: Unit) -> dict[str, Any] | None:
        """Return what a bare yes or no says to a question about authorisation."""
        asked = regulatory(self.kit, unit.question, names_in(self.kit, unit.question))
        if asked is None or asked["regulatory"]["says"] not in ("approved", "not_approved"):
            return None
        no = _NO.search(unit.text) is not None
        said = {**asked["regulatory"], "says": "not_approved" if no else "approved"}
        return {"regulatory": said, "wording": "denied" if no else "asserted"}
