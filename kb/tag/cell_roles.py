"""The role of a named cell (or drug) in its sentence, from the frames around the name (:mod:`kb.tag.frames`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from kb.tag import frames
from kb.tag.mentions import Mention

#: ``given`` to people, in words that only fit something given; ``used`` as a treatment; ``made`` to be given;
#: ``headed``: named in the title without them; ``named`` without telling words; ``measured`` in the body; part of a
#: ``disease`` name or of a drug's ``code``; ``animal``: on animals or in a dish; ``denied``, ``history``, ``contrast``,
#: ``supposed`` by its assertion; ``field``: of other studies.
Role = Literal[
    "given",
    "used",
    "made",
    "headed",
    "named",
    "measured",
    "disease",
    "code",
    "animal",
    "denied",
    "history",
    "contrast",
    "supposed",
    "field",
]
#: The concept of ``data/vocabulary/cell_type.tsv`` that means that nothing was given.
NO_PRODUCT = "no-product"
#: Roles that speak for a product. ``given`` alone is enough; the others need each other or the title.
SIGNS: tuple[Role, ...] = ("given", "used", "made", "headed")


@dataclass(frozen=True, slots=True)
class Judged:
    """A mention with its role, and the rule that gave it."""

    mention: Mention
    role: Role
    rule: str


_EXPLAINING = re.compile(r"\s*(?:\(|,\s*(?:an?|the)?|\s(?:is|are)\s(?:an?|the)?)\s*[^.;:()]{0,80}")
_BY_ASSERTION: dict[str, Role] = {"absent": "denied", "historical": "history", "contrast": "contrast"}


def judged(mention: Mention, interventions: Sequence[str] = ()) -> Judged:
    """Return a mention of a possible product with its role.

    Args:
        mention: of facet ``cell_type``.
        interventions: names of registered interventions, lower case.
    """
    if mention.hit.concept == NO_PRODUCT:
        return Judged(mention, "measured", "the body's own cells")
    if mention.assertion in _BY_ASSERTION:
        return Judged(mention, _BY_ASSERTION[mention.assertion], f"cue: {mention.cue.lower()}")
    role, rule = _framed(mention)
    if mention.passage.kind == "intervention" and role in ("named", "measured", "made", "used"):
        role, rule = "given", "named as an intervention"
    if role in ("named", "made", "headed") and _explains(mention.left, interventions):
        role, rule = "given", "says what a registered intervention is"
    if role in SIGNS and _on_the_bench(mention.around):
        return Judged(mention, "animal", "animals or a dish")
    if role in SIGNS and mention.passage.kind == "abstract" and frames.MODAL_RIGHT.search(mention.right):
        return Judged(mention, "supposed", "only said to be able to")
    if not mention.own and role in (*SIGNS, "named"):
        return Judged(mention, "field", "a sentence about the field")
    if mention.assertion == "possible" and role in (*SIGNS, "named"):
        return Judged(mention, "supposed", f"cue: {mention.cue.lower()}")
    return Judged(mention, role, rule)


def _on_the_bench(text: str) -> bool:
    if frames.INTO_CREATURES.search(text):
        return True
    return frames.bench(text) and not (frames.PEOPLE.search(text) or frames.TRIAL.search(text))


def _explains(left: str, interventions: Sequence[str]) -> bool:
    """Tell whether the words before a mention end in "<intervention> (" or "<intervention> is an"."""
    for name in interventions:
        place = left.rfind(name)
        if place >= 0 and _EXPLAINING.fullmatch(left[place + len(name) :]):
            return True
    return False


def _titled(mention: Mention) -> bool:
    return mention.passage.kind == "title"


#: Role, rule and frame; the first that holds is the role. A treatment's name ("… infusion") stands before what is
#: measured ("… counts"), and that before the looser frames, which reach over several words.
_FRAMES: tuple[tuple[Role, str, Callable[[Mention], object]], ...] = (
    ("disease", "part of the name of a disease", lambda one: frames.DISEASE_RIGHT.search(one.right)),
    ("code", "part of a drug's code", lambda one: frames.CODE_RIGHT.search(one.right)),
    ("measured", "what something else comes from", lambda one: frames.DERIVED_RIGHT.search(one.right)),
    (
        "measured",
        "a fraction of a graft",
        lambda one: (
            frames.FRACTION_RIGHT.search(one.right)
            or frames.FRACTION_AFTER.search(one.right)
            or (frames.DOSE_WORD.search(one.right) and frames.GRAFT_DOSE.search(one.around))
            or (frames.DOSE_WORD.search(one.right) and frames.FRACTION_LEFT.search(one.left))
        ),
    ),
    (
        "given",
        "name of a treatment",
        lambda one: frames.GIVEN_RIGHT.search(one.right) or frames.NAMED_LEFT.search(one.left),
    ),
    (
        "measured",
        "measured, not given",
        lambda one: (
            frames.MEASURED_LEFT.search(one.left)
            or frames.MEASURED_RIGHT.search(one.right)
            or frames.MEASURED_VERB.search(one.right)
        ),
    ),
    ("given", "said to be given", lambda one: frames.GIVEN_VERB.search(one.right)),
    ("given", "object of giving", lambda one: frames.GIVEN_LEFT.search(one.left)),
    ("used", "object of treating", lambda one: frames.TREATED_LEFT.search(one.left)),
    ("used", "what one of two groups got", lambda one: frames.COMPARED_LEFT.search(one.left)),
    ("used", "has a dose", lambda one: frames.DOSED.search(one.right) or frames.DOSE_LEFT.search(one.left)),
    ("given", "in the title of a trial", lambda one: _titled(one) and frames.TRIAL.search(one.around)),
    (
        "used",
        "subject of the title",
        lambda one: _titled(one) and (frames.FOR_RIGHT.search(one.right) or frames.PARTNER_LEFT.search(one.left)),
    ),
    ("made", "words for a product before it", lambda one: frames.MADE_LEFT.search(one.left)),
    ("made", "said to be made", lambda one: frames.MADE_RIGHT.search(one.right)),
    ("headed", "named in the title", _titled),
    (
        "used",
        "where people are given something",
        lambda one: frames.ADMINISTERED.search(one.around) and frames.COUNTED.search(one.around),
    ),
)


def _framed(mention: Mention) -> tuple[Role, str]:
    for role, rule, frame in _FRAMES:
        if frame(mention):
            return role, rule
    return "named", "named only"
