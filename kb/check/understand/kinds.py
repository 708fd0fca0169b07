"""Which type of claim a sentence about benefit, making or biology is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from kb.check.understand.kit import Kit
from kb.check.understand.lines import FIELD, OWN, Lines
from kb.check.understand.names import Names, products_named
from kb.check.understand.units import Unit

Kind = Literal["efficacy", "eligibility", "mechanism", "manufacturing", "none"]

#: Benefit in general: these claim an effect without naming a disease.
_STRONG = re.compile(
    r"\b(?:effectiv\w*|efficac\w+|works|success(?:es|ful|fully)?|promising|(?:shown|show|shows"
    r"|showing|great|real|much|with|holds?|of) promise|"
    r"benefit(?:s|ed|ting|cial)?|powerful(?! (?:way|tool))|potent|breakthrough|clinical (?:results?"
    r"|outcomes?|benefits?)|synerg\w+|valuable|"
    r"outcomes|overcom\w+|heals?|cures?|results)\b",
    re.IGNORECASE,
)
_PROMISE_OF = re.compile(r"\bthe promise of\b", re.IGNORECASE)
_MAKING = re.compile(
    r"\b(?:expan\w+|cultur\w+|isolat\w+|infus\w+|blood|lab\w*|gmp|donors?|frozen|tested)\b", re.IGNORECASE
)
_BODY = re.compile(
    r"\b(?:immun\w*|cells?|cancers?|tumou?rs?|virus\w*|antibod\w+|cytokines?|cytotox\w+|granules?|receptors?|ligands?|antigens?|lymph\w+)\b",
    re.IGNORECASE,
)
_ABSTRACT = re.compile(r"^\W*(?:for|to|in)?\W*\w+(?: \w+){0,3}:\s*$")


@dataclass(frozen=True)
class Signs:
    """What a sentence shows that tells its type."""

    kit: Kit
    unit: Unit
    names: Names
    above: Lines

    @property
    def text(self) -> str:
        """The words."""
        return self.unit.text

    @cached_property
    def aims(self) -> tuple[str, ...]:
        """Aims that are no disease."""
        is_a = self.kit.vocabulary.is_a
        return tuple(one for one in self.names.concepts("indication") if is_a("indication", one, "aim"))

    @cached_property
    def ill(self) -> tuple[str, ...]:
        """Diseases."""
        return tuple(one for one in self.names.concepts("indication") if one not in self.aims)

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """Outcome groups that are a benefit."""
        skip = ("safety", "feasibility", "biomarker")
        return tuple(one for one in self.names.concepts("outcome") if one not in skip)

    @cached_property
    def products(self) -> tuple[str, ...]:
        """Cells spoken of."""
        return products_named(self.kit, self.names)

    @cached_property
    def other(self) -> bool:
        """Only cells or products outside the topic's lineage are spoken of."""
        return bool(self.products) and not any(self.kit.of_lineage(one) for one in self.products)

    def has(self, *cues: str) -> bool:
        """Tell whether one of some cues stands in the text."""
        return self.kit.lexicon.has(self.text, *cues)

    @cached_property
    def therapy(self) -> bool:
        """A treatment, or the seller's own product, is spoken of."""
        return self.has("therapy") or OWN.search(self.text) is not None

    @cached_property
    def strong(self) -> bool:
        """An effect is claimed in general."""
        return _STRONG.search(_PROMISE_OF.sub(" ", self.text)) is not None


def kind_of(signs: Signs, before: Kind) -> Kind:
    """Return the type of a sentence that is none of citation, regulatory, counting, safety, comparative, precaution.

    Args:
        signs: what it shows.
        before: type of the claim before it in the section; bullets that tell nothing by themselves go on with it.
    """
    above, text = signs.above, signs.text
    about, listed = above.topic, above.listed
    label = _ABSTRACT.search(text) is not None
    if eligible(signs):
        return "eligibility"
    if label:
        return "none"
    spoken = bool(signs.ill or signs.aims or signs.outcomes)
    mechanism, benefit = signs.has("mechanism"), signs.has("benefit")
    if about == "applications" and listed and spoken and not (mechanism and not benefit):
        return "efficacy"
    if about in ("contact", "schedule") and not (signs.aims or signs.ill):
        return "none"
    if about == "mechanism" and ((listed and not OWN.search(text)) or not signs.therapy):
        return "mechanism" if mechanism or benefit or signs.products or listed else "none"
    if about == "process" and signs.has("process") and not ((signs.ill or signs.aims) and benefit):
        return "manufacturing"
    found = _of_sentence(signs, spoken=spoken, mechanism=mechanism, benefit=benefit)
    if found == "none" and listed and before == "mechanism" and not signs.therapy and len(text.split()) > 1:
        return "mechanism"
    return found


def eligible(signs: Signs) -> bool:
    """Tell whether a sentence says for whom the product is."""
    about = signs.above.topic
    people = bool(signs.ill or signs.aims or signs.names.concepts("setting"))
    inherits = signs.above.listed and bool(signs.above.indications) and len(signs.text.split()) > 1
    if about == "eligibility" and (signs.above.listed or signs.text.rstrip().endswith(":")) and (people or inherits):
        return True
    if about == "eligibility" and signs.above.asked and people:
        return True
    label = signs.text.rstrip().endswith(":")
    return signs.has("eligibility") and people and about not in ("process", "trials") and not label


def _of_sentence(signs: Signs, *, spoken: bool, mechanism: bool, benefit: bool) -> Kind:
    text, above = signs.text, signs.above
    field = FIELD.search(text) is not None
    healthy = bool(signs.aims) and bool(signs.names.concepts("setting"))
    speaks = signs.therapy or field or signs.other or above.therapy or healthy
    if spoken and (benefit or above.listed or signs.outcomes) and speaks:
        only_biology = mechanism and not (signs.therapy or signs.other or signs.aims or signs.outcomes or field)
        return "mechanism" if only_biology else "efficacy"
    if signs.strong and (signs.therapy or field or above.therapy) and (signs.products or signs.therapy):
        making = (
            "overcom" not in text.lower()
            and signs.has("process")
            and _MAKING.search(text) is not None
            and not signs.has("hedge")
            and not field
        )
        if not making:
            return "efficacy"
    if signs.has("process") and not (
        mechanism and not signs.therapy and signs.products and _MAKING.search(text) is None
    ):
        return "manufacturing"
    if mechanism and (signs.products or above.topic == "mechanism" or _BODY.search(text)):
        return "mechanism"
    if signs.has("quality") and OWN.search(text):
        return "manufacturing"
    return "none"
