"""Which of the studies on file a name means, by what else the sentence says of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.records.study import Study
from kb.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Mention:
    """A study named, or a marker.

    Attributes:
        start, end: characters of the text.
        text: those characters.
        record: id of the study on file, "" when none or several fit.
        label: what to call it when it is not on file ("Smith 2019"); of a marker its number.
        marker: it is a marker.
        candidates: ids that fit when several do.
    """

    start: int
    end: int
    text: str
    record: str
    label: str
    marker: bool = False
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sought:
    """What a sentence says besides a name that tells which study is meant."""

    text: str
    concepts: Sequence[str]
    registered: frozenset[str]
    years: frozenset[int]


def in_journal(journal: str, text: str) -> bool:
    """Tell whether a text names a journal, in full or cut short ("J Clin Oncol")."""
    words = [word for word in re.findall(r"\w+", journal) if word.lower() not in ("of", "the", "and", "for", "in")]
    if len(words) == 1:
        return re.search(rf"\b{words[0]}\b", text) is not None
    parts = [rf"{word[:3] if len(word) > 3 else word[:1]}\w*\.?" for word in words]
    between = r"\s+(?:(?:of|the|and|for|in|&)\s+)*"
    return re.search(rf"\b{between.join(parts)}", text) is not None


def narrowed(vocabulary: Vocabulary, fits: Sequence[Study], sought: Sought) -> Sequence[Study]:
    """Return the studies of one author that agree best with what else a sentence says of them."""
    fits = [study for study in fits if study.id in sought.registered] or fits
    fits = [study for study in fits if study.year in sought.years] or fits
    fits = [study for study in fits if study.journal and in_journal(study.journal, sought.text)] or fits
    return closest(vocabulary, fits, sought.concepts) if len(fits) > 1 else fits


def treats(vocabulary: Vocabulary, study: Study, concepts: Sequence[str]) -> bool:
    """Tell whether one arm of a study agrees with the cells and the disease a sentence names; it must name both."""
    said = [tuple(one.split(":", 1)) for one in concepts if one.startswith(("cell_type:", "indication:"))]
    if {axis for axis, _ in said} != {"cell_type", "indication"}:
        return False
    return any(
        all(
            any(vocabulary.relation(axis, own, concept) in ("same", "narrower") for own in getattr(key, axis))
            for axis, concept in said
        )
        for key in study.keys
    )


def settled(found: Sequence[Mention]) -> list[Mention]:
    """Return mentions without those that another one, of one of their studies, has made clear."""
    clear = {one.record for one in found if one.record}
    return [one for one in found if one.record or not clear & set(one.candidates)]


def closest(vocabulary: Vocabulary, fits: Sequence[Study], concepts: Sequence[str]) -> Sequence[Study]:
    """Return the studies that share most with what is named; all of those that tie."""

    def shared(study: Study) -> int:
        score = 0
        for concept in concepts:
            axis, _, name = concept.partition(":")
            own = {one for key in study.keys for one in getattr(key, axis, ())}
            score += any(vocabulary.relation(axis, one, name) != "different" for one in own)
        return score

    best = max(shared(study) for study in fits)
    closest = [study for study in fits if shared(study) == best]
    human = [study for study in closest if study.evidence_kind == "human"]
    return human or closest
