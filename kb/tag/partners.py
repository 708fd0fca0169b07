"""What the treated people got together with the product: the facet ``combination``.

A name counts where it is given beside the product. It does not where it was in the culture, is built into the cells,
is what only the comparison got, is measured, or was an earlier treatment.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from kb.tag import arms, frames
from kb.tag import partner_words as words
from kb.tag.mentions import WINDOW, Mention
from kb.tag.scene import Attribute, Scene, is_dimension, near, place, speaks_of_the_cells, usable

_ALONE = "alone"
_MAKE_ROOM, _AGAINST_DISEASE = "lymphodepletion", "chemotherapy"
_GRAFT = "transplant"
_ANY_CYTOKINE, _HOLD_DOWN = "cytokine", "immunosuppression"
#: Treatments that are over when the cells are given "after" them; a partner given for weeks or just before is not.
_EARLIER_KINDS = (
    "transplant",
    "surgery",
    "radiotherapy",
    "local-therapy",
    "chemotherapy",
    "targeted-drug",
    "antibody",
    "checkpoint-inhibitor",
    "donor-lymphocytes",
)
#: Of these, the ones that stay over however the cells follow them.
_LASTING_KINDS = ("transplant", "surgery", "radiotherapy", "local-therapy", "donor-lymphocytes")
#: Of these, the ones that may come after the cells, as their result.
_LATER_KINDS = ("transplant", "surgery")
#: Partners that are cells or vesicles: their name must have the role of something given.
_CELL_KINDS = ("t-cell-partner", "vaccine", "msc-partner", "exosome-partner")
#: Drugs that are as often in the culture as in the patient.
_CULTURE_KINDS = ("cytokine", "gm-csf")

_BUILT_IN = re.compile(
    r"\b(?:transduc\w+|transfect\w+|engineer\w+|co-?express\w*|express\w*|armou?red|arming|armed|encod\w+|secret\w+|"
    r"carry\w*|carries|bearing|membrane-bound|construct|transgenic|knock\w*|genes?)\b"
)
_JOINED = re.compile(r"[\s)]*(?:/|and|plus|with|\+|&)?[\s-]*(?:an?\s+|also\s+|soluble\s+|secreted\s+)?")
_EITHER_LEFT = re.compile(r"\bwith(?:\s+(?:and|or)\s+|/)(?:with(?:out)|w/o)\s+(?:[\w-]+\s+){0,5}$")
_NOT_LEFT = re.compile(r"\b(?:no|without|nor|neither|omitt?\w*|absence of)\s+(?:[\w/-]+,?\s+){0,5}$")
_NOT_RIGHT = re.compile(r"^[^.;]{0,30}\b(?:not (?:given|used|administered|allowed|required)|omitted|avoided)\b")
_CHOICE = re.compile(r"(?:\s+infusions?|therapy)?\s*\b(?:or|versus|vs\.?|against)\s+$")
_OF_TRANSPLANT = re.compile(r"\b(?:reduced[\s-]intensity|(?<!non)(?<!non-)myeloablative)\b")

#: The word that says no more than that drugs were given.
_BARE = re.compile(r"chemo|chemotherap(?:y|ies|eutic|eutics)")
#: What stands between drugs of one list: commas, doses in brackets, another drug or two.
_LIST = re.compile(r"(?:[\s,/+&]|\([^()]{0,40}\)|\b(?:and|plus|with|then)\b|\b[a-z]+(?:mide|ine|side|tin)\b)*")
_ALONE_LEFT = re.compile(
    r"^[\s)\]]*(?:\([^)]{1,25}\)\s*)?(?:infusions?|therap(?:y|ies)|treatment|administration|given|as|was|were|is|"
    r"infused|a|used|administered|\s|-)*$"
)


def partners(mentions: Iterable[Mention], scene: Scene) -> list[Attribute]:
    """Return the mentions that the treated people got with the product.

    Args:
        mentions: of facet ``combination``.
        scene: the record.
    """
    every = [one for one in mentions if usable(one) and one.passage.kind != "condition"]
    kept = []
    elsewhere = arms.arms_without(scene.parts, scene.said)
    for mention in every:
        if is_dimension(mention, scene.vocabulary) or mention.assertion in ("contrast", "historical"):
            continue
        if mention.hit.concept == _ALONE:
            if _is_alone(mention, scene):
                kept.append(Attribute(mention, mention.assertion, "the product alone"))
            continue
        if mention.assertion == "absent":
            kept.extend(_denied(mention))
        elif _is_given(mention, scene, elsewhere):
            kept.append(Attribute(mention, mention.assertion, "given with the product"))
    return list(_sharper(_without_twins(_not_overruled(kept)), every, scene))


def _not_overruled(kept: list[Attribute]) -> list[Attribute]:
    """Return partners without those that only the title has and the study's own sentences deny."""
    told = {one.meant for one in kept if one.assertion == "present" and one.mention.passage.kind != "title"}
    denied = {one.meant for one in kept if one.assertion == "absent" and one.mention.passage.kind != "title"} - told
    return [one for one in kept if one.assertion != "present" or one.meant not in denied]


def _denied(mention: Mention) -> Iterable[Attribute]:
    """Yield a partner that was not given; "with or without" gives it to a part of the people."""
    if _EITHER_LEFT.search(mention.left):
        yield Attribute(mention, "present", "given to a part of the people")
    elif _NOT_LEFT.search(mention.left) or _NOT_RIGHT.search(mention.right):
        yield Attribute(mention, "absent", "said not to be given")


def _sharper(kept: Iterable[Attribute], every: Iterable[Mention], scene: Scene) -> Iterable[Attribute]:
    """Yield partners, a graft without its kind as the only kind of graft the record names."""
    kinds = {one.hit.concept for one in every if _is(one.hit.concept, (_GRAFT,), scene)} - {_GRAFT}
    for one in kept:
        if one.meant == _GRAFT and len(kinds) == 1 and one.assertion == "present":
            yield replace(one, concept=next(iter(kinds)))
        else:
            yield one


def _is_given(mention: Mention, scene: Scene, elsewhere: Collection[tuple[str, int]]) -> bool:
    concept, left, right = mention.hit.concept, mention.left, mention.right
    if words.is_no_treatment(left, right):
        return False
    if concept == _MAKE_ROOM:
        # It has no other place than before the cells, unless it prepares a transplant.
        return _OF_TRANSPLANT.search(mention.around) is None or not _names_graft(mention, scene)
    if words.is_of_the_comparison(left, right) or _in_other_arm(mention, scene, elsewhere):
        return False
    if _is_substance(mention, scene) or _is_content(mention, scene):
        return False
    if _is_product(mention, scene) or _is_choice(mention, scene) or words.is_role_or_reagent(left, right):
        return False
    if _is(concept, _LATER_KINDS, scene) and words.comes_later(left, right):
        return False
    if _is(concept, _EARLIER_KINDS, scene) and words.is_earlier(mention):
        # "NK cells infused after cetuximab" go together; "infused after resection" does not
        return not _is(concept, _LASTING_KINDS, scene) and words.given_after(left)
    if mention.passage.kind in ("title", "intervention", "arm"):
        return True
    if scene.names_product(mention) or frames.ADMINISTERED.search(mention.around):
        return True
    return any(other.hit.concept == _MAKE_ROOM for other in scene.beside("combination", mention))


def _is_substance(mention: Mention, scene: Scene) -> bool:
    """Tell whether a cytokine is measured, in the culture or built in, not given."""
    left, right, text = mention.left, mention.right, mention.hit.text.lower()
    if mention.hit.concept == _ANY_CYTOKINE and not words.is_said_to_be_given(f"{left[-40:]} {text} {right[:30]}"):
        return True
    if not _is(mention.hit.concept, _CULTURE_KINDS, scene):
        return False
    if words.is_made_by_the_body(left, right):
        return True
    return not words.names_a_route(text) and (words.in_culture(left, text, right) or _built_in(mention, scene))


def _is_content(mention: Mention, scene: Scene) -> bool:
    """Tell whether cells beside the product are none that were given ("fewer than 10^4 T cells/kg")."""
    if mention.hit.concept not in _CELL_KINDS:
        return False
    if (mention.passage.field, mention.hit.start) not in scene.given:
        return True
    return words.is_content(mention.left)


def _in_other_arm(mention: Mention, scene: Scene, elsewhere: Collection[tuple[str, int]]) -> bool:
    if place(mention) in elsewhere:
        return True
    # A window keeps the cost of a sentence without an end in bounds.
    at = mention.hit.start - mention.sentence.start
    begin = max(0, at - WINDOW)
    cells = [one for one in scene.cells_beside(mention) if one.hit.concept in scene.kin]
    places = [one.hit.start - mention.sentence.start - begin for one in cells]
    return bool(places) and arms.in_other_arm(mention.sentence.text[begin : at + WINDOW], at - begin, places)


def _names_graft(mention: Mention, scene: Scene) -> bool:
    return any(_is(other.hit.concept, (_GRAFT,), scene) for other in scene.beside("combination", mention))


def _is_product(mention: Mention, scene: Scene) -> bool:
    """Tell whether a kind of cells is the product or its alternative ("NK-cell enriched DLI", "CAR-NK/CAR-T")."""
    if mention.hit.concept not in (*_CELL_KINDS, "donor-lymphocytes"):
        return False
    for cells in scene.cells_beside(mention):
        if cells.hit.concept not in scene.kin:
            continue
        if cells.hit.end <= mention.hit.start:
            between = _between(cells, mention)
            if re.fullmatch(r"[\s-]*(?:enriched\s+|/\s*)?(?:donor\s+)?", between):
                return True
        elif cells.hit.start >= mention.hit.end and mention.right[: cells.hit.start - mention.hit.end].strip() == "/":
            return True
    return False


def _is_choice(mention: Mention, scene: Scene) -> bool:
    """Tell whether something is named as the other choice ("NK cells or donor lymphocytes")."""
    found = _CHOICE.search(mention.left)
    if found is None:
        return False
    first = mention.hit.start - len(mention.left)
    return any(
        cells.hit.concept in scene.kin and 0 <= found.start() - (cells.hit.end - first) <= 12
        for cells in scene.cells_beside(mention)
    )


def _is(concept: str, kinds: Iterable[str], scene: Scene) -> bool:
    return any(scene.vocabulary.is_a("combination", concept, kind) for kind in kinds)


def _built_in(mention: Mention, scene: Scene) -> bool:
    """Tell whether a drug's name is that of something built into the cells ("CAR and IL-15")."""
    left = mention.left[-90:]
    for cells in scene.cells_beside(mention):
        # "IL-15 CAR-NK cells": a word before the product, like its target
        gap = mention.right[: cells.hit.start - mention.hit.end] if cells.hit.start >= mention.hit.end else None
        if gap is not None and cells.hit.concept in scene.kin and re.fullmatch(r"[\s/-]*(?:cb[\s-]+)?", gap):
            return True
    built = words.last(_BUILT_IN, left)
    if built >= 0 and built > words.words_of_giving(left):
        return True
    for other in scene.beside("engineering", mention):
        if 0 <= mention.hit.start - other.hit.end <= 20:
            between = _between(other, mention)
            return _JOINED.fullmatch(between) is not None
    return False


def _is_alone(mention: Mention, scene: Scene) -> bool:
    """Tell whether it is the product that is alone, not its comparator or another drug."""
    if mention.assertion == "absent":
        return False
    text = mention.hit.text.lower()
    if text.startswith(("without", "no ")):
        return scene.names_product(mention)
    cells = [one for one in scene.cells_beside(mention) if one.hit.concept in scene.kin]
    before = [one for one in cells if one.hit.end <= mention.hit.start]
    if not before:
        return not mention.left.strip() and speaks_of_the_cells(mention.sentence)
    between = _between(before[-1], mention)
    if re.search(r"\b(?:without|versus|vs|with or)\W+(?:[\w-]+\W+){0,4}$", before[-1].left):
        return False
    return _ALONE_LEFT.match(between) is not None


def _without_twins(kept: list[Attribute]) -> list[Attribute]:
    """Return partners without the wrong reading of a drug that serves two ends, and without a contradicted "alone".

    A drug that is a name of both (cyclophosphamide) makes room for the cells where the record names such a
    preparation or a drug that has no other end, and is given against the disease elsewhere. The bare word
    "chemotherapy" in a record with such a preparation means that preparation, unless the title has it.
    """
    spans: dict[tuple[str, int], set[str]] = {}
    for one in kept:
        spans.setdefault(_where(one), set()).add(one.meant)
    twins = {where for where, concepts in spans.items() if {_MAKE_ROOM, _AGAINST_DISEASE} <= concepts}
    room: dict[tuple[str, int], list[Mention]] = {}
    for one in sorted(kept, key=_where):
        if one.meant == _MAKE_ROOM and one.assertion == "present" and _where(one) not in twins:
            room.setdefault(place(one.mention), []).append(one.mention)
    present = {one.meant for one in kept if one.assertion == "present"} - {_ALONE}
    return [one for one in kept if not (_misread(one, twins, room) or (one.meant == _ALONE and present))]


def _misread(one: Attribute, twins: set[tuple[str, int]], room: Mapping[tuple[str, int], Sequence[Mention]]) -> bool:
    if _where(one) in twins:
        return one.meant == (_AGAINST_DISEASE if room else _MAKE_ROOM)
    if one.meant == _HOLD_DOWN and room:
        return one.mention.hit.text.lower() == _HOLD_DOWN
    if one.meant != _AGAINST_DISEASE or not room:
        return False
    if _BARE.fullmatch(one.mention.hit.text.lower()):
        return one.mention.passage.kind != "title"
    return any(
        _in_one_list(one.mention, other)
        for other in near(room.get(place(one.mention), ()), one.mention.hit.start, one.mention.hit.end)
    )


def _in_one_list(one: Mention, other: Mention) -> bool:
    """Tell whether two drugs stand in one list ("fludarabine, cyclophosphamide and etoposide")."""
    if place(one) != place(other) or other.hit.end > one.hit.start:
        return False
    between = _between(other, one)
    return len(between) <= 90 and _LIST.fullmatch(between) is not None


def _between(first: Mention, second: Mention) -> str:
    """Return the words between two mentions of a sentence, lower case."""
    return second.left[max(0, len(second.left) - (second.hit.start - first.hit.end)) :]


def _where(one: Attribute) -> tuple[str, int]:
    return one.mention.passage.field, one.mention.hit.start
