"""What the rules for a product's attributes know of a record besides the one mention they judge."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.tag.mentions import WINDOW, Mention, Part
from kb.tag.sentences import Sentence
from kb.tag.tags import Assertion, Hit
from kb.vocabulary import Vocabulary

#: The product named before, or what becomes of it while it is made.
_THE_CELLS = re.compile(
    r"\b(?:the|these|such|those|donor|infused|final|all)\s+(?:[\w-]+\s+){0,2}?(?:cells|cell products?|"
    r"infusions?)\b|^\W*cells\b|"
    r"\b(?:products?|preparations?|leuk(?:a)?phereses|(?:leuk(?:a)?|cyta)?pheresis products?|batches|"
    r"starting material)\b|"
    r"\bcells (?:of|from|were|are|was|had)\b|\bmononuclear cells\b"
)
#: "autologous plasma", "expanded T cells", "donor chimerism": the word belongs to something else than the product.
_PASSIVE = re.compile(r"\s*(?:was|were|are|is|had been|have been)\s+(?:\w+\s+){0,2}")
_DENIED_LEFT = re.compile(r"\b(?:not?|never|neither|nor|without|non)[\s-]+(?:\w+[\s-]+){0,3}$")
#: Words after which something begins that an adjective before them does not describe ("expanded from PBMCs").
_PREPOSITION = r"(?:from|by|with|in|on|using|via|under|through|into|after|before|following)\b"
_OTHER_MATTER = re.compile(
    rf"^[\s-]*(?:\([^)]{{1,30}}\)\s*)?(?:(?!{_PREPOSITION})\w+[\s-]+){{0,3}}?(?:transplant\w*|hsct|hct|bmt|sct|auto-?sct|grafts?|"
    r"stem[\s-]+cells?|bone marrow|"
    r"progenitors?|plasma|serum|feeders?|pbmcs?|tumou?r|dendritic|chimerism|engraftment|t[\s-]cells?|t[\s-]lymphocytes|"
    r"red cells?|platelets|antibod\w+|rescue|recipient pairs?)\b"
)


#: What may stand between an adjective and its noun.
_ADJECTIVES = re.compile(rf"[\s-]*(?:(?!{_PREPOSITION})[\w+]+[\s-]+){{0,3}}")
#: "ABC-101 is an expanded …": what a thing with a code is, before a study on it begins.
_DEFINES = re.compile(
    r"(?<![\w-])(?P<name>[A-Za-z][\w-]{2,24})\s+(?:\([^()]{1,40}\)\s*)?(?:is|was|are|were|consists? of|comprises?)\s+"
    r"(?:(?!\b(?:that|which|who|for|against|than|unlike|treat\w*)\b)[^.;]){0,160}\Z"
)
_CODE = re.compile(r"(?<![\w-])(?=[\w-]*(?:\d|[a-z][A-Z]|-[A-Z]))[A-Za-z][\w-]{2,24}(?![\w-])")


@dataclass(frozen=True, slots=True)
class Attribute:
    """A mention that is an attribute.

    Attributes:
        mention: the words.
        assertion: what the text says of it.
        rule: why it counts.
        concept: what it stands for, where that is not the concept the words name ("not expanded"); "" otherwise.
        facet: the same for the facet ("after … transplantation" is a setting).
    """

    mention: Mention
    assertion: Assertion
    rule: str
    concept: str = ""
    facet: str = ""

    @property
    def meant(self) -> str:
        """The concept it stands for."""
        return self.concept or self.mention.hit.concept


@dataclass(frozen=True, slots=True)
class Scene:
    """A record as the attribute rules see it.

    Attributes:
        vocabulary: the concepts.
        parts: every sentence, in order.
        named: facet → its mentions, in order.
        kin: the product's concepts and the broader ones ("NK cells" in a paper on CAR-NK cells); empty without one.
        said: sentences that name the product or its kin in a role that fits it, as (field, start).
        given: places (field, start) of names of cells and drugs whose role is to be given.
        idle: the same for cells that are measured, set against, or of the past.
        cells: sentence, as (field, start) → the cells it names, in order.
        foreign: sentences that name cells, and none of the product's kind.
        index: facet and sentence → the mentions there.
        codes: names with a figure or a capital inside ("ABC-101") in the study's own sentences.
    """

    vocabulary: Vocabulary
    parts: tuple[Part, ...]
    named: Mapping[str, Sequence[Mention]]
    kin: frozenset[str]
    said: frozenset[tuple[str, int]]
    given: frozenset[tuple[str, int]]
    idle: frozenset[tuple[str, int]]
    cells: Mapping[tuple[str, int], Sequence[Mention]]
    foreign: frozenset[tuple[str, int]]
    index: Mapping[tuple[str, tuple[str, int]], Sequence[Mention]]
    codes: frozenset[str] = frozenset()

    @classmethod
    def of_record(
        cls,
        vocabulary: Vocabulary,
        parts: Iterable[Part],
        named: Mapping[str, Sequence[Mention]],
        kin: Collection[str],
        said: Collection[tuple[str, int]],
        given: Collection[tuple[str, int]],
        idle: Collection[tuple[str, int]] = (),
    ) -> Scene:
        """Return the scene of a record; its arguments are the attributes of the same names."""
        cells: dict[tuple[str, int], list[Mention]] = {}
        index: dict[tuple[str, tuple[str, int]], list[Mention]] = {}
        for facet, mentions in named.items():
            for mention in mentions:
                index.setdefault((facet, place(mention)), []).append(mention)
        for mention in named.get("cell_type", ()):
            if vocabulary.is_a("cell_type", mention.hit.concept, "cells"):
                cells.setdefault(place(mention), []).append(mention)
        places = (frozenset(said), frozenset(given), frozenset(idle))
        told = tuple(parts)
        codes = frozenset(code for part in told if part.own for code in _CODE.findall(part.sentence.text))
        foreign = frozenset(where for where, ones in cells.items() if all(one.hit.concept not in kin for one in ones))
        return cls(vocabulary, told, named, frozenset(kin), *places, cells, foreign, index, codes)

    def of(self, facet: str) -> Sequence[Mention]:
        """Return the mentions of a facet in order."""
        return self.named.get(facet, ())

    def beside(self, facet: str, mention: Mention) -> Sequence[Mention]:
        """Return the mentions of a facet in the sentence of a mention and near it, in order."""
        return near(self.index.get((facet, place(mention)), ()), mention.hit.start, mention.hit.end)

    def cells_beside(self, mention: Mention) -> Sequence[Mention]:
        """Return the cells named in the sentence of a mention and near it, in order."""
        return near(self.cells.get(place(mention), ()), mention.hit.start, mention.hit.end)

    def names_product(self, mention: Mention) -> bool:
        """Tell whether the product is named in the sentence of a mention."""
        return place(mention) in self.said

    def tells(self, mention: Mention) -> bool:
        """Tell whether a mention may be an attribute: see ``usable``; or it stands in a definition of the product."""
        return usable(mention) or (mention.assertion == "present" and self._defines(mention))

    def _defines(self, mention: Mention) -> bool:
        """Tell whether a sentence before the study says what something is that the study then gives."""
        if mention.passage.kind != "abstract" or not self.names_product(mention):
            return False
        at = mention.hit.start - mention.sentence.start
        first = max(0, at - 240)
        found = _DEFINES.search(mention.sentence.text[first:at])
        if found is None or found["name"] not in self.codes:
            return False
        start, end = (mention.sentence.start + first + edge for edge in found.span("name"))
        cells = self.cells_beside(mention)
        return not any(one.hit.concept not in self.kin and one.hit.start < end and start < one.hit.end for one in cells)

    def about_product(self, mention: Mention) -> str:
        """Return the rule by which a sentence speaks of the product, "" when it does not."""
        kind = mention.passage.kind
        if self.names_product(mention):
            return "in a sentence that names the product"
        if kind in ("intervention", "arm"):
            return "in the description of an intervention"
        if self.others(mention):
            return ""
        return "said of the cells" if speaks_of_the_cells(mention.sentence) else ""

    def others(self, mention: Mention) -> bool:
        """Tell whether a sentence names cells, and none of the product's kind."""
        return place(mention) in self.foreign

    def has_other_subject(self, field: str, sentence: Sentence, start: int) -> bool:
        """Tell whether a verb at ``start`` of the passage is said of other cells ("T cells were cultured")."""
        cells = near(self.cells.get((field, sentence.start), ()), start, start)
        before = [one for one in cells if one.hit.end <= start]
        if not before or before[-1].hit.concept in self.kin:
            return False
        between = sentence.text[before[-1].hit.end - sentence.start : start - sentence.start].lower()
        return _PASSIVE.fullmatch(between) is not None

    def belongs_elsewhere(self, mention: Mention) -> bool:
        """Tell whether an adjective belongs to other matter ("autologous plasma", "expanded T cells")."""
        following = (one for one in self.cells_beside(mention) if one.hit.start >= mention.hit.end)
        behind = next(following, None)
        if behind is not None:
            between = mention.right[: behind.hit.start - mention.hit.end]
            if _ADJECTIVES.fullmatch(between) and "and" not in between.split():
                return behind.hit.concept not in self.kin or (behind.passage.field, behind.hit.start) in self.idle
        found = _OTHER_MATTER.search(mention.right)
        if found is None:
            return False
        return behind is None or behind.hit.start - mention.hit.end >= found.end()


def place(mention: Mention) -> tuple[str, int]:
    """Return the sentence a mention stands in, as (field, start)."""
    return mention.passage.field, mention.sentence.start


def near(mentions: Sequence[Mention], start: int, end: int) -> Sequence[Mention]:
    """Return those of a sentence's mentions in order that begin in the window around a place."""
    if len(mentions) < 2:
        return mentions
    first = bisect_left(mentions, start - WINDOW, key=_start)
    return mentions[first : bisect_right(mentions, end + WINDOW, key=_start)]


def _start(mention: Mention) -> int:
    return mention.hit.start


def found_mention(part: Part, found: re.Match[str], facet: str, concept: str) -> Mention:
    """Return words that a pattern found in a sentence as a mention of a concept, told as a fact."""
    sentence = part.sentence
    start, end = found.span()
    hit = Hit(facet, concept, sentence.start + start, sentence.start + end, found.group(), found.group())
    left, right = sentence.text[max(0, start - WINDOW) : start].lower(), sentence.text[end : end + WINDOW].lower()
    return Mention(hit, part.passage, sentence, left, right, "present", "", part.own)


def speaks_of_the_cells(sentence: Sentence) -> bool:
    """Tell whether a sentence without a name speaks of cells as a thing that is made or given ("The cells were …")."""
    return _THE_CELLS.search(sentence.text.lower()) is not None


def usable(mention: Mention) -> bool:
    """Tell whether a mention may be an attribute: in the study's own words, not only supposed, no eligibility list."""
    return mention.own and mention.assertion != "possible" and mention.passage.kind != "eligibility"


def is_loosely_denied(mention: Mention) -> bool:
    """Tell whether a denial only passes over a mention ("CAR-NK cells were not associated with …"): it says nothing."""
    return mention.assertion == "absent" and _DENIED_LEFT.search(mention.left) is None


def is_dimension(mention: Mention, vocabulary: Vocabulary) -> bool:
    """Tell whether a concept is the root of others: a heading of the facet and never a fact of a record."""
    members = vocabulary.concepts[mention.hit.facet]
    concept = members[mention.hit.concept]
    return not concept.parents and any(concept.id in other.parents for other in members.values())


#: Between a thing and its alternative.
_OR = re.compile(
    r"\s*(?:\([^()]{0,40}\)\s*)?,?\s*(?:(?:and/or|or|/)\s*|and\s+(?:\d+|two|three|four|five|six|seven|eight|nine|ten)\s+)"
    r"(?:[\w-]+\s+){0,3}"
)


def specific(attributes: Iterable[Attribute], facet: str, vocabulary: Vocabulary) -> list[Attribute]:
    """Return attributes without those whose narrower concept is there with the same assertion.

    A broader one stays where it is named as the other of two ("rituximab or elotuzumab": the second is an antibody of
    its own), or by a name of its own, which a drug without a concept has.

    Args:
        attributes: of one facet.
        facet: that facet.
        vocabulary: for the hierarchy.
    """
    every = list(attributes)
    there: Collection[tuple[str, Assertion]] = {(one.meant, one.assertion) for one in every}
    by_place: dict[tuple[str, int], list[Attribute]] = {}
    for one in every:
        by_place.setdefault(place(one.mention), []).append(one)
    for ones in by_place.values():
        ones.sort(key=_begins)

    def narrower(one: Attribute, concept: str, assertion: str) -> bool:
        return concept != one.meant and assertion == one.assertion and vocabulary.is_a(facet, concept, one.meant)

    def stays(one: Attribute) -> bool:
        if facet == "combination" and _has_a_name_of_its_own(one, vocabulary):
            return True
        ones = by_place[place(one.mention)]
        first = bisect_left(ones, _begins(one) - WINDOW, key=_begins)
        last = bisect_right(ones, _begins(one) + WINDOW, key=_begins)
        beside = (other for other in ones[first:last] if narrower(one, other.meant, other.assertion))
        return any(_alternatives(one.mention, other.mention) for other in beside)

    broad = {one.meant for one in every if any(narrower(one, concept, assertion) for concept, assertion in there)}
    return [one for one in every if one.meant not in broad or stays(one)]


def _begins(one: Attribute) -> int:
    return one.mention.hit.start


def _has_a_name_of_its_own(one: Attribute, vocabulary: Vocabulary) -> bool:
    """Tell whether the words are no word for the concept itself ("elotuzumab", an antibody, but not "antibody")."""
    if one.concept or len(one.mention.hit.text) < 6:
        return False
    concept = vocabulary.concepts[one.mention.hit.facet][one.mention.hit.concept]
    known = f"{concept.label} {concept.id} {' '.join(concept.synonyms[:2])}".lower()
    stems = {word[:6] for word in re.findall(r"[a-z]{4,}", known)}
    return not any(word[:6] in stems for word in re.findall(r"[a-z]{4,}", one.mention.hit.text.lower()))


def _alternatives(one: Mention, other: Mention) -> bool:
    first, second = sorted((one, other), key=lambda mention: mention.hit.start)
    gap = second.hit.start - first.hit.end
    return 0 <= gap <= 60 and _OR.fullmatch(first.right[:gap]) is not None
