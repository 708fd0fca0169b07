"""Which of the diseases and conditions a record names are those of the people treated.

A disease counts when the title, a registered condition or a sentence of the study's own says that the people have it
("patients with …"). A disease of the background, of excluded people, of cells in a dish, a harm or an endpoint does
not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from kb.tag import frames
from kb.tag.mentions import Mention
from kb.vocabulary import Vocabulary

#: ``treated``: the people have it; the others are why a mention is no indication.
DiseaseRole = Literal["treated", "named", "target", "harm", "denied", "history", "contrast", "field", "excluded"]


@dataclass(frozen=True, slots=True)
class JudgedDisease:
    """A mention of a disease with its role; ``strong`` when words say that people have it."""

    mention: Mention
    role: DiseaseRole
    rule: str
    strong: bool = False


def judged(mention: Mention) -> JudgedDisease:
    """Return a mention of facet ``indication`` with its role."""
    left, right = mention.left, mention.right
    ill = frames.ILL_LEFT.search(left) or frames.ILL_RIGHT.search(right) or frames.ILL_COUNT.search(left)
    ruled_out = _not_theirs(mention, ill=ill is not None)
    if ruled_out is not None:
        return ruled_out
    if mention.passage.kind == "condition":
        return JudgedDisease(mention, "treated", "registered condition", True)
    if mention.passage.kind == "title":
        return JudgedDisease(mention, "treated", "title", ill is not None)
    if not mention.own:
        return JudgedDisease(mention, "field", "a sentence about the field")
    if ill:
        return JudgedDisease(mention, "treated", f"people have it: {ill.group().strip()[:40]}", True)
    if frames.HAD_LEFT.search(left):
        return JudgedDisease(mention, "treated", "some of them had it")
    return JudgedDisease(mention, "named", "named only")


def _not_theirs(mention: Mention, *, ill: bool) -> JudgedDisease | None:
    """Return why a disease is not that of the treated people (or that it is what they are protected from)."""
    kind, left, right = mention.passage.kind, mention.left, mention.right
    if kind == "condition":
        return None
    if kind == "eligibility":
        return JudgedDisease(mention, "excluded", "eligibility criteria name what excludes as well")
    if mention.assertion == "absent":
        return JudgedDisease(mention, "denied", f"cue: {mention.cue.lower()}")
    if mention.assertion == "contrast" and kind != "title":
        return JudgedDisease(mention, "contrast", f"cue: {mention.cue.lower()}")
    if frames.MARKER_RIGHT.search(right):
        return JudgedDisease(mention, "named", "a feature of another disease")
    if kind == "title" and frames.AGAINST_LEFT.search(left) and not frames.TARGET_RIGHT.search(right):
        return JudgedDisease(mention, "treated", "title: against it", True)
    if frames.TARGET_RIGHT.search(right) or (frames.TARGET_LEFT.search(left) and not frames.ILL_RIGHT.search(right)):
        return JudgedDisease(mention, "target", "a target, not a person's disease")
    if kind == "title" and frames.PREVENTED_LEFT.search(left):
        return JudgedDisease(mention, "treated", "title: to prevent it", True)
    return _harm_or_past(mention, ill=ill)


def _harm_or_past(mention: Mention, *, ill: bool) -> JudgedDisease | None:
    if frames.BECAME_LEFT.search(mention.left):
        return JudgedDisease(mention, "harm", "what became of people, or what some had besides")
    if (frames.HARM_LEFT.search(mention.left) and not ill) or frames.HARM_RIGHT.search(mention.right):
        return JudgedDisease(mention, "harm", "a harm or an endpoint")
    if mention.assertion == "historical" and mention.passage.kind != "title" and not _refractory(mention.cue):
        return JudgedDisease(mention, "history", f"cue: {mention.cue.lower()}")
    return None


def _refractory(cue: str) -> bool:
    """Tell whether a cue of the past speaks of failed treatment, which the disease before it outlived."""
    return "refractory" in cue.lower() or "resistant" in cue.lower()


@dataclass(frozen=True, slots=True)
class Treated:
    """The diseases of the people treated, each with its mentions, and every mention with its role."""

    concepts: dict[str, tuple[JudgedDisease, ...]]
    judged: tuple[JudgedDisease, ...]


def treated(mentions: Iterable[Mention], vocabulary: Vocabulary, harms: Collection[str] = ()) -> Treated:
    """Return the diseases of the treated people, most specific ones.

    Args:
        mentions: of facet ``indication``.
        vocabulary: for the hierarchy; a broader disease named beside a narrower one of the same people is left out,
            unless the title or a registered condition names both as a list.
        harms: diseases that are harms too: in running text they are taken for harms.
    """
    every = tuple(judged(mention) for mention in mentions)
    found: dict[str, list[JudgedDisease]] = {}
    for one in every:
        if one.role == "treated" and not _harm_in_title(one, harms):
            found.setdefault(one.mention.hit.concept, []).append(one)
    running = {one.mention.hit.concept for ones in found.values() for one in ones if not _heading(one)} - set(harms)
    heads = {concept for concept, ones in found.items() if any(_heading(one) for one in ones)}
    if heads:
        kept = {
            concept: ones
            for concept, ones in found.items()
            if concept in heads
            or (concept not in harms and any(one.strong for one in ones))
            or any(vocabulary.is_a("indication", concept, head) for head in heads)
        }
    else:
        kept = {concept: ones for concept, ones in found.items() if concept in running}
    narrow = {
        concept: tuple(ones)
        for concept, ones in kept.items()
        if not any(other != concept and vocabulary.is_a("indication", other, concept) for other in kept)
    }
    return Treated(dict(sorted(narrow.items())), every)


def _harm_in_title(one: JudgedDisease, harms: Collection[str]) -> bool:
    mention = one.mention
    if mention.passage.kind != "title" or mention.hit.concept not in harms or "prevent" in one.rule:
        return False
    return frames.TITLE_HARM_RIGHT.search(mention.right) is not None


def _heading(one: JudgedDisease) -> bool:
    return one.mention.passage.kind in ("title", "condition")
