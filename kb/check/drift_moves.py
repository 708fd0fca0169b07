"""How the wording of one claim moved between two versions of a page, class by class."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from kb.check import drift_words as say
from kb.check.report import Finding
from kb.check.tokens import numbers

MoveKind = Literal["superlative", "certainty", "scope", "population", "number", "outcome", "safety"]
Way = Literal["stronger", "weaker", "changed"]

_WORDING = {"denied": 0, "hedged": 1, "implied": 2, "asserted": 3}
#: What a gain of each kind is worth to a patient; safety stands aside.
_OUTCOME = {
    "biomarker": 1,
    "feasibility": 1,
    "response": 2,
    "symptom_function": 2,
    "relapse": 2,
    "infection_control": 2,
    "prevention": 3,
    "survival": 3,
}
_PRODUCT = ("cell_type", "cell_source", "expansion", "engineering", "combination")
_HEALTHY = re.compile(r"\b(?:healthy|without the disease)\b", re.IGNORECASE)
#: Diseases at large, for labels whose words tell no order.
_AT_LARGE = re.compile(
    r"(?:cancers?|(?:solid |blood |haematological )?(?:tumours?|cancers?|malignanc(?:y|ies))|diseases?|any disease|"
    r"illness|autoimmune diseases?|(?:viral )?infections?|leukaemia|lymphoma|"
    r"aim that is no disease|immunity|health|ageing)",
    re.IGNORECASE,
)
_SAFETY = ("safety", "precaution")


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a wording.

    Attributes:
        kind: which side of the claim moved.
        way: ``stronger`` claims more or admits less, ``weaker`` the reverse, ``changed`` neither for certain.
        before: words that went.
        after: words that came.
        says: the move in words.
    """

    kind: MoveKind
    way: Way
    before: tuple[str, ...]
    after: tuple[str, ...]
    says: str


def moves(old: Finding, new: Finding) -> tuple[Move, ...]:
    """Return how a claim moved, in the order of the classes."""
    before, after = bare(old), bare(new)
    return (
        *_words("superlative", say.superlatives(before), say.superlatives(after), "praise added", "praise dropped"),
        *_certainty(old, new, before, after),
        *_scope(old, new, before, after),
        *_population(old, new, before, after),
        *_numbers(old, new, before, after),
        *_outcome(old, new, before, after),
        *_safety(old, new, before, after),
    )


def lost(gone: Finding, left: Iterable[Finding]) -> tuple[Move, ...]:
    """Return what a claim that is gone takes with it: a harm admitted or a limit told that no other sentence has.

    Args:
        gone: the claim.
        left: the claims of the new page.
    """
    text = bare(gone)
    admitted = say.harms(text, on_safety=gone.claim_type in _SAFETY)
    for other in left:
        admitted -= say.harms(bare(other), on_safety=other.claim_type in _SAFETY)
    found: list[Move] = []
    if admitted:
        found.append(Move("safety", "stronger", tuple(sorted(admitted)), (), "a side effect is no longer named"))
    elif gone.claim_type == "precaution":
        found.append(Move("safety", "stronger", (text,), (), "a precaution is no longer given"))
    if gone.wording == "denied":
        found.append(Move("certainty", "stronger", (text,), (), "a limit is no longer told"))
    return tuple(found)


def bare(finding: Finding) -> str:
    """Return the words of a finding without its reference markers: their numbers count nothing."""
    text = finding.text
    for marker in finding.markers:
        if re.fullmatch(r"[\[(].*[\])]", marker.text):
            text = text.replace(marker.text, " ")
    return " ".join(text.split())


def _move(kind: MoveKind, way: Way, before: Iterable[str], after: Iterable[str], says: str) -> Move:
    return Move(kind, way, tuple(sorted(before)), tuple(sorted(after)), says)


def _words(
    kind: MoveKind, old: frozenset[str], new: frozenset[str], came: str, went: str, *, narrows: bool = False
) -> Iterator[Move]:
    """Yield a move where words of a class came or went; words that narrow make weaker where they come."""
    if new - old:
        yield _move(kind, "weaker" if narrows else "stronger", (), new - old, came)
    if old - new:
        yield _move(kind, "stronger" if narrows else "weaker", old - new, (), went)


def _certainty(old: Finding, new: Finding, before: str, after: str) -> Iterator[Move]:
    was, now = _WORDING.get(old.wording), _WORDING.get(new.wording)
    doubts = (say.hedges(before), say.hedges(after))
    certain = (say.certainties(before), say.certainties(after))
    if was is not None and now is not None and was != now:
        way: Way = "stronger" if now > was else "weaker"
        went, came = (
            (doubts[0] - doubts[1]) | (certain[0] - certain[1]),
            (doubts[1] - doubts[0]) | (certain[1] - certain[0]),
        )
        yield _move("certainty", way, went or {old.wording}, came or {new.wording}, f"{old.wording} → {new.wording}")
        return
    if certain[1] - certain[0]:
        yield _move("certainty", "stronger", doubts[0] - doubts[1], certain[1] - certain[0], "made certain")
    elif doubts[0] - doubts[1] and not doubts[1] - doubts[0]:
        yield _move("certainty", "stronger", doubts[0] - doubts[1], (), "a doubt is dropped")
    if certain[0] - certain[1] and not certain[1] - certain[0]:
        yield _move("certainty", "weaker", certain[0] - certain[1], doubts[1] - doubts[0], "less certain")
    elif doubts[1] - doubts[0] and not doubts[0] - doubts[1]:
        yield _move("certainty", "weaker", (), doubts[1] - doubts[0], "a doubt is added")


def _scope(old: Finding, new: Finding, before: str, after: str) -> Iterator[Move]:
    for axis in ("indication", *_PRODUCT):
        was, now = frozenset(old.axes.get(axis, ())), frozenset(new.axes.get(axis, ()))
        if was != now:
            way, says = _width(was, now)
            yield _move("scope", way, was - now, now - was, f"{axis.replace('_', ' ')}: {says}")
    (many, word), (more, other) = say.share(before), say.share(after)
    if many != more:
        way = "stronger" if more > many else "weaker"
        yield _move("scope", way, filter(None, [word]), filter(None, [other]), "how many it speaks for")


def _width(was: frozenset[str], now: frozenset[str]) -> tuple[Way, str]:
    """Return whether a sentence speaks of more when one set of labels takes the place of another."""
    if not now:
        return "stronger", "no longer named"
    if not was:
        return "weaker", "now named"
    if was < now:
        return "stronger", "more are named"
    if now < was:
        return "weaker", "fewer are named"
    if all(any(_broader(one, other) for one in was - now) for other in now - was):
        return "stronger", "wider"
    if all(any(_broader(other, one) for other in now - was) for one in was - now):
        return "weaker", "narrower"
    return "changed", "another"


def _broader(narrow: str, wide: str) -> bool:
    """Tell whether one label names more than another: its words are among the other's, or it is a disease at large."""
    if set(wide.lower().split()) < set(narrow.lower().split()):
        return True
    return bool(_AT_LARGE.fullmatch(wide)) and not _AT_LARGE.fullmatch(narrow)


def _population(old: Finding, new: Finding, before: str, after: str) -> Iterator[Move]:
    was, now = frozenset(old.axes.get("setting", ())), frozenset(new.axes.get("setting", ()))
    anyone = (say.everyone(after) - say.everyone(before)) | {label for label in now - was if _HEALTHY.search(label)}
    if anyone:
        yield _move("population", "stronger", was - now, anyone, "people who are not ill")
    went = (was - now) | (say.people(before) - say.people(after))
    came = ((now - was) | (say.people(after) - say.people(before))) - anyone
    if went and came:
        yield _move("population", "changed", went, came, "other people")
    elif went and not anyone:
        yield _move("population", "stronger", went, (), "the people meant are no longer named")
    elif came:
        yield _move("population", "weaker", (), came, "the people meant are now named")


def _numbers(old: Finding, new: Finding, before: str, after: str) -> Iterator[Move]:
    of, still = say.denominators(before), say.denominators(after)
    if of and not still:
        yield _move("number", "stronger", of, (), "the number it is counted from is dropped")
        return
    if still and not of:
        yield _move("number", "weaker", (), still, "the number it is counted from is added")
        return
    was, now = numbers(before), numbers(after)
    if sorted(was) == sorted(now):
        return
    went, came = _without(was, now), _without(now, was)
    way: Way = "changed"
    if len(went) == len(came) == 1 and not of:
        grew, harm = _value(came[0]) > _value(went[0]), "safety" in (old.claim_type, old.outcome)
        way = "stronger" if grew != harm else "weaker"
    yield Move("number", way, went, came, "another number" if came else "a number is dropped")


def _without(some: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    rest, left = list(others), []
    for one in some:
        if one in rest:
            rest.remove(one)
        else:
            left.append(one)
    return tuple(left)


def _value(printed: str) -> float:
    base, _, power = re.sub(r"[^\d.^-]", "", printed).partition("^")
    figure = re.match(r"-?\d*\.?\d+", base)
    value = float(figure.group()) if figure else 0.0
    return float(value ** min(int(power), 30)) if power.isdecimal() else value


def _outcome(old: Finding, new: Finding, before: str, after: str) -> Iterator[Move]:
    was, now = _OUTCOME.get(old.outcome), _OUTCOME.get(new.outcome)
    cured = (say.cures(before), say.cures(after))
    if bool(cured[0]) != bool(cured[1]):
        way: Way = "stronger" if cured[1] else "weaker"
        yield _move("outcome", way, cured[0] or {old.outcome} - {""}, cured[1] or {new.outcome} - {""}, "cure")
    elif was is not None and now is not None and old.outcome != new.outcome:
        way = "changed" if was == now else "stronger" if now > was else "weaker"
        yield _move("outcome", way, {old.outcome}, {new.outcome}, f"{old.outcome} → {new.outcome}".replace("_", " "))


def _safety(old: Finding, new: Finding, before: str, after: str) -> Iterator[Move]:
    on_safety = old.claim_type in _SAFETY or new.claim_type in _SAFETY
    was, now = say.harms(before, on_safety=on_safety), say.harms(after, on_safety=on_safety)
    yield from _words("safety", was, now, "a side effect is named", "a side effect is no longer named", narrows=True)
    ruled = (say.absolutes(before), say.absolutes(after))
    if not ruled[0] or not ruled[1]:
        yield from _words("safety", *ruled, "harm is ruled out", "harm is no longer ruled out")
