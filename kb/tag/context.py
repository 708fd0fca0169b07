"""Is a mention said to be so, denied, supposed, of the past, or set against? Cues with a scope, as in ConText.

The algorithm follows Harkema et al. 2009 (ConText, doi:10.1016/j.jbi.2009.05.002): a cue of
``data/rules/context.tsv`` reaches forward or backward over so many words, never past a word that ends its scope,
a semicolon or the sentence; a pseudo-cue ("not only", "no difference") switches off a cue that stands inside it.
Ours differs in two points: a comma ends the scope of "without …" (so that "Without lymphodepletion, NK cells were
given" gives NK cells) unless a list goes on, and "and" before a new subject ends it as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

from kb.errors import DataError, Problem
from kb.reading import display, read_table
from kb.tag.tags import Assertion

Kind = Literal["absent", "possible", "historical", "contrast", "pseudo", "end"]
Way = Literal["forward", "backward", "both"]

#: Where cues of several kinds reach a mention the first of these holds: a denial is the most dangerous to lose.
_ORDER: tuple[Assertion, ...] = ("absent", "historical", "contrast", "possible")
_WORD = re.compile(r"[^\W_]+(?:['’][a-z]+)?")
_NEW_SUBJECT = re.compile(
    r",? and (?=(?:an? (?:\w+ )?(?:study|trial)|the|all|most|both|these|those|this|that|it|they|we|patients|subjects|"
    r"participants|responses?|[a-z]+ (?:patients|subjects|participants|children|adults)|\d+|were|was|are|is|had|"
    r"received|now|then|subsequently|thereafter)\b)",
    re.IGNORECASE,
)
_HARD_END = re.compile(r";|:(?=\s)|\.(?=\s)|\)(?=[ ,])")
_VERB = re.compile(
    r"\b(?:was|were|is|are|has|have|had|received|underwent|showed|achieved|remained|developed|led|improved|expanded|"
    r"persisted|infused|did|can|may|will)\b",
    re.IGNORECASE,
)
#: "Unlike the trial of others, in which …": the clause belongs to what stands before the comma.
_RELATIVE = re.compile(r",\s*(?:(?:in|of|for|by) )?(?:which|whom|where)\b")
#: The verb that belongs to a cue behind the mention: "Sepsis was | ruled out".
_AUXILIARY = re.compile(r"\b(?:was|were|is|are|has been|have been|had been)\s*$")
_LIST_GOES_ON = re.compile(r"\b(?:or|nor|and|including|such as|like)\b", re.IGNORECASE)
#: Cues that deny a noun, so that a verb ends their scope; "no patient received …" goes on over its verb.
_BEFORE_A_NOUN = frozenset(
    ["without", "with no", "absence of", "in the absence of", "lack of", "lacking", "free of", "free from", "devoid of"]
)
#: Cues that deny a whole clause or set it in the past: "no patient received …"; those that suppose always do.
_BEFORE_A_SUBJECT = frozenset(
    [
        "no",
        "none",
        "neither",
        "nor",
        "never",
        "previously",
        "in an earlier",
        "in a previous",
        "in previous studies",
        "in earlier studies",
    ]
)
_OWN_VERB = re.compile(r"^\s*(?:\w+ly\s+)?[\w-]+")
#: Cues whose scope a comma never ends: "If remission is reached, …", "Previously, …".
_OVER_COMMAS = frozenset(
    ["if", "previously", "in an earlier", "in a previous", "in previous studies", "in earlier studies"]
)


@dataclass(frozen=True, slots=True)
class Cue:
    """One row of ``data/rules/context.tsv``.

    Attributes:
        words: as written, lower case; matched on whole words, hyphens and spaces alike.
        kind: what it makes of a mention; ``pseudo`` switches cues inside it off, ``end`` ends their scope.
        way: where its scope lies.
        reach: words.
    """

    words: str
    kind: Kind
    way: Way
    reach: int


@dataclass(frozen=True, slots=True)
class _Place:
    cue: Cue
    start: int
    end: int


def _plain(words: str) -> str:
    return re.sub(r"[\s\-]+", " ", words.lower())


class Context:
    """Judges mentions.

    Args:
        cues: the rules.
    """

    def __init__(self, cues: Iterable[Cue]) -> None:
        self._last: tuple[str, list[_Place]] = ("", [])
        self._cues = {_plain(cue.words): cue for cue in cues}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._cues, key=lambda words: (-len(words), words))
        forms = "|".join(re.sub(r"(?:\\ |\\-|[ -])", r"[\\s\\-]+", re.escape(words)) for words in longest_first)
        return re.compile(rf"(?<![\w-])(?:{forms})(?![\w])(?!-)", re.IGNORECASE)

    def assertion_at(self, text: str, start: int, end: int) -> Assertion:
        """Return what the sentence says of a mention.

        Args:
            text: one sentence (of more, each is a scope of its own).
            start: the mention's first character in it.
            end: the character after it.
        """
        return self.explained_at(text, start, end)[0]

    def explained_at(self, text: str, start: int, end: int) -> tuple[Assertion, str]:
        """Return the assertion and the words of the cue it rests on ("" for ``present``)."""
        found: dict[str, str] = {}
        places = self._places(text)
        for place in places:
            kind = place.cue.kind
            if kind in ("pseudo", "end") or (place.start < end and start < place.end):
                continue
            if _reaches(text, place, start, end, places):
                found.setdefault(kind, text[place.start : place.end])
        for assertion in _ORDER:
            if assertion in found:
                return assertion, found[assertion]
        return "present", ""

    def _places(self, text: str) -> list[_Place]:
        """Return the cues in a text; the longest wins, so a pseudo-cue covers what it switches off."""
        if self._last[0] != text:  # every mention of a sentence asks for the same cues
            places = [
                _Place(self._cues[_plain(match.group())], match.start(), match.end())
                for match in self._pattern.finditer(text)
            ]
            self._last = (text, places)
        return self._last[1]


def _reaches(text: str, place: _Place, start: int, end: int, places: list[_Place]) -> bool:
    cue = place.cue
    if place.end <= start and cue.way in ("forward", "both"):
        between = text[place.end : start]
    elif end <= place.start and cue.way in ("backward", "both"):
        between = text[end : place.start]
    else:
        return False
    if len(_WORD.findall(between)) >= cue.reach or _HARD_END.search(between) or _NEW_SUBJECT.search(between):
        return False
    low, high = (place.end, start) if place.end <= start else (end, place.start)
    if _clause_ends(place, _AUXILIARY.sub("", between), before=place.start >= end):
        return False
    if any(other.cue.kind == "end" and low <= other.start < high for other in places):
        return False
    return not (place.end <= start and "," in between and _comma_ends(text, place, start))


def _clause_ends(place: _Place, between: str, *, before: bool) -> bool:
    """Tell whether a verb between a cue and a mention begins another clause.

    Args:
        place: the cue.
        between: the words between them.
        before: the mention stands before the cue.
    """
    words = place.cue.words
    if before or words in _BEFORE_A_NOUN:
        return _VERB.search(between) is not None
    if words in _BEFORE_A_SUBJECT or place.cue.kind == "possible":
        return False
    return _VERB.search(_OWN_VERB.sub("", between)) is not None


def _comma_ends(text: str, place: _Place, start: int) -> bool:
    """Tell whether a comma between a cue and a mention ends the cue's scope: it does unless a list goes on.

    A list goes on when nothing from the comma to the mention is a verb, and "or", "nor" or "and" stands before the
    last item or right after the mention.
    """
    if place.cue.words in _OVER_COMMAS:
        return False
    first = text.index(",", place.end)
    if _RELATIVE.match(text, first):
        return False
    if _VERB.search(text, place.end, start):
        return True
    after = re.split(r"[.;]", text[start:], maxsplit=1)[0]
    verb = _VERB.search(after)
    rest = text[first:start] + (after[: verb.start()] if verb else after)
    opens = not re.search(r"\w", text[: place.start])
    if opens and place.cue.words not in ("no", "none", "neither"):
        return True
    return _LIST_GOES_ON.search(rest) is None


def load_context(root: Path) -> Context:
    """Read ``rules/context.tsv``.

    Args:
        root: the data directory.

    Raises:
        DataError: a wrong table, an unknown kind or direction, a reach that is no number, a cue twice.
    """
    path = root / "rules" / "context.tsv"
    return Context(_cues(path, root))


def _cues(path: Path, root: Path) -> Iterator[Cue]:
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    name = display(path, root)
    cues: list[Cue] = []
    for row in read_table(path, root, ("cue", "kind", "direction", "reach", "note"), "\t"):
        words, kind, way, reach = (row.cells[key] for key in ("cue", "kind", "direction", "reach"))
        if kind not in get_args(Kind) or way not in get_args(Way) or not reach.isdecimal() or not words:
            problems.append(
                Problem(
                    name,
                    row.line,
                    words,
                    "not a cue",
                    f"kind is one of {', '.join(get_args(Kind))}; direction one of "
                    f"{', '.join(get_args(Way))}; reach a number of words",
                    "context",
                )
            )
            continue
        plain = _plain(words)
        if plain in seen:
            remedy = "keep one: case, hyphens and spaces make no difference"
            problems.append(
                Problem(name, row.line, words, f"cue is there twice (first in line {seen[plain]})", remedy, "context")
            )
        seen.setdefault(plain, row.line)
        cues.append(Cue(words, kind, way, int(reach)))  # type: ignore[arg-type]
    if problems:
        raise DataError(problems)
    yield from cues
