"""How the product was made and what went with it: source, expansion, engineering, combination; and the setting.

A word such as "donor" or "expanded" is an attribute of the product only in a sentence that ties it to the product or to
its making; a partner is what the treated people got too, not what their cells were grown in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from kb.tag.mentions import Mention
from kb.tag.tags import Assertion
from kb.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Attribute:
    """A mention that is an attribute, its assertion, and the rule."""

    mention: Mention
    assertion: Assertion
    rule: str


_MADE = re.compile(
    r"\b(?:infus\w+|product|cells|apheres\w+|leukapheres\w+|isolat\w+|obtain\w+|collect\w+|manufactur\w+|expan\w+|derived|"
    r"generat\w+|donors?|deplet\w+|select\w+|lymphocytes)\b"
)
_SOURCE_OTHER = re.compile(
    r"^[\s-]*(?:\w+[\s-]+){0,3}(?:transplant\w*|hsct|hct|bmt|sct|grafts?|stem[\s-]+cells?|bone marrow|progenitor)"
)
_CULTURE = re.compile(
    r"\b(?:cultur\w+|expanded|expansion|activat\w+|stimulat\w+|incubat\w+|primed|medium|ex vivo|in vitro|supplemented|"
    r"grown|presence of|feeder|pulsed|coated|pre-?activated)\b"
)
_GIVEN = re.compile(
    r"\b(?:subcutaneous\w*|intravenous\w*|received|administ\w+|given|infus\w+|injections?|support|daily|doses?|treated|"
    r"conditioning|followed by|plus|combin\w+|after|before|preceded by|lymphodeplet\w+|IU|units?)\b"
)
_PEOPLE_RIGHT = re.compile(
    r"^[\s/,-]*(?:(?:or|and|/)[\s-]+\S+[\s-]+)?(?:\([^)]{1,20}\)\s*)?[^.;:]{0,40}?\b(?:patients?|subjects?|participants?|children|"
    r"adults?|disease|leuka?emias?|lymphomas?|myelomas?|cancers?|tumou?rs?|carcinomas?|sarcomas?|malignanc\w+|blastomas?|"
    r"neuroblastoma|glioma|melanoma|aml|all|mds|cll|nhl|mm|nsclc|hcc|\w+omas?|disorders?|syndromes?|infections?|cases?|"
    r"setting|remission|women|men|volunteers?|recipients|therapy|treatment|stage)\b"
)
_PEOPLE_LEFT = re.compile(
    r"\b(?:patients?|subjects?|participants?|children|adults?|with|in|for|who|disease|had|were|as|after|treatment of|"
    r"women|men|and|or|of)\s+(?:[\w-]+[\s,]+){0,5}[^\w]*$"
)
#: "three patients relapsed": what happened, not who was treated.
_HAPPENED = re.compile(
    r"^\s*(?:at|after|within|in \d|on|during|by|before|\.|,? (?:and|but|while)? ?(?:died|one|two|three|the|none)|\)|$|;|"
    r"early|later|subsequently|rates?|free|incidence|was|were|occurred)"
)
_VERBLIKE = re.compile(r"(?:ed|ing)$")
_RESULT_LEFT = re.compile(
    r"\b(?:achiev\w+|attain\w+|obtain\w+|reach\w+|induc\w+|enter\w+|into|rate of|duration of|maintain\w+)\s+(?:\w+\s+){0,4}$"
)


def sources(mentions: Iterable[Mention], said: Collection[str]) -> list[Attribute]:
    """Return the mentions of facet ``cell_source`` that tell where the product came from.

    Args:
        mentions: of facet ``cell_source``.
        said: sentences that name the product (or its kind in general).
    """
    kept = []
    for mention in mentions:
        if not _usable(mention):
            continue
        if _SOURCE_OTHER.search(mention.right):
            continue
        if mention.sentence.text in said:
            kept.append(Attribute(mention, mention.assertion, "in a sentence that names the product"))
        elif mention.passage.kind in ("intervention", "arm"):
            kept.append(Attribute(mention, mention.assertion, "in the description of an intervention"))
        elif _MADE.search(mention.around) and re.search(
            r"\b(?:from|donors?)\b", mention.left[-60:] + mention.right[:20]
        ):
            kept.append(Attribute(mention, mention.assertion, "said of the making"))
    return kept


def makings(mentions: Iterable[Mention], said: Collection[str]) -> list[Attribute]:
    """Return the mentions of facets ``expansion`` and ``engineering`` that are said of the product."""
    return [
        Attribute(mention, mention.assertion, "in a sentence that names the product")
        for mention in mentions
        if _usable(mention)
        and (mention.sentence.text in said or mention.passage.kind in ("intervention", "arm", "title"))
    ]


def partners(mentions: Iterable[Mention]) -> list[Attribute]:
    """Return the mentions of facet ``combination`` that the treated people got with the product."""
    kept = []
    for mention in mentions:
        if not _usable(mention) or mention.assertion in ("contrast", "historical"):
            continue
        near = mention.left[-60:] + " " + mention.right[:40]
        if _CULTURE.search(near) and not _GIVEN.search(mention.left[-40:] + mention.right[:40]):
            continue
        kept.append(Attribute(mention, mention.assertion, "given with the product"))
    return kept


def settings(mentions: Iterable[Mention]) -> list[Attribute]:
    """Return the mentions of facet ``setting`` that describe the treated people."""
    kept = []
    for mention in mentions:
        if not _usable(mention) or mention.assertion in ("contrast", "historical", "absent"):
            continue
        if mention.passage.kind in ("title", "condition"):
            kept.append(Attribute(mention, mention.assertion, "title or condition"))
            continue
        if _RESULT_LEFT.search(mention.left):
            continue
        verb = _VERBLIKE.search(mention.hit.text) is not None
        if _PEOPLE_RIGHT.search(mention.right):
            kept.append(Attribute(mention, mention.assertion, "said of the people"))
        elif _PEOPLE_LEFT.search(mention.left) and not (verb and _HAPPENED.search(mention.right)):
            kept.append(Attribute(mention, mention.assertion, "said of the people"))
    return kept


def _usable(mention: Mention) -> bool:
    """A setting, source or partner counts in the study's own words and where nothing says it was only supposed."""
    return mention.own and mention.assertion not in ("possible",) and mention.passage.kind != "eligibility"


def specific(attributes: Iterable[Attribute], facet: str, vocabulary: Vocabulary) -> list[Attribute]:
    """Return attributes without those whose narrower concept is there with the same assertion."""
    every = list(attributes)
    there = {(one.mention.hit.concept, one.assertion) for one in every}
    return [
        one
        for one in every
        if not any(
            other != one.mention.hit.concept
            and assertion == one.assertion
            and vocabulary.is_a(facet, other, one.mention.hit.concept)
            for other, assertion in there
        )
    ]
