"""The words of marketing pages: what lay people call a disease, an aim, a harm, and cues of what a sentence does.

The vocabulary holds the field's terms; ``data/rules/page_words.tsv`` holds the rest, as patterns, so that another topic
brings its own table and no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from kb.errors import DataError, Problem
from kb.reading import display, read_table
from kb.vocabulary import Vocabulary

COLUMNS = ("slot", "value", "pattern", "note")
#: Slots whose values are concepts of the facet of the same name.
FACETS = (
    "cell_type",
    "cell_source",
    "expansion",
    "engineering",
    "indication",
    "setting",
    "combination",
    "outcome",
    "event",
)
#: Slots of our own and the values each knows.
OWN: dict[str, tuple[str, ...]] = {
    "cue": (
        "benefit",
        "gain",
        "failure",
        "mechanism",
        "process",
        "therapy",
        "research",
        "seller",
        "quality",
        "praise",
        "logistics",
        "cta",
        "precaution",
        "disclaimer",
        "eligibility",
        "applications",
        "hedge",
        "denial",
        "limit",
        "harmless",
        "soft_safety",
        "harm_happens",
        "comparison",
        "universal",
        "definite",
        "overclaim",
    ),
    "regulatory": ("approved", "designation", "access", "in_trials", "used", "rule"),
    "outside": ("",),
    "topic": (
        "precaution",
        "harms",
        "safety",
        "eligibility",
        "trials",
        "regulatory",
        "studies",
        "applications",
        "schedule",
        "mechanism",
        "process",
        "contact",
    ),
}


@dataclass(frozen=True, slots=True)
class PageWord:
    """One row of the table.

    Attributes:
        slot: a facet of the vocabulary, ``cue``, ``regulatory``, ``place`` or ``outside`` (a product we know nothing
            about), ``topic`` (what a heading announces).
        value: the concept, or which cue.
        pattern: regular expression, compared without regard to case; it begins and ends at a word.
    """

    slot: str
    value: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch of a text that one of the patterns matches."""

    slot: str
    value: str
    start: int
    end: int


class Lexicon:
    """Finds the words of the table in short texts (sentences).

    Args:
        words: the rows.
    """

    def __init__(self, words: Iterable[PageWord]) -> None:
        self.words = tuple(words)
        self._find = lru_cache(maxsize=65536)(self._search)

    @cached_property
    def _compiled(self) -> dict[tuple[str, str], re.Pattern[str]]:
        groups: dict[tuple[str, str], list[str]] = {}
        for word in self.words:
            groups.setdefault((word.slot, word.value), []).append(_bounded(word.pattern))
        return {key: re.compile("|".join(patterns), re.IGNORECASE) for key, patterns in groups.items()}

    @cached_property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Slot → its values in the order of the table."""
        found: dict[str, dict[str, None]] = {}
        for word in self.words:
            found.setdefault(word.slot, {})[word.value] = None
        return {slot: tuple(values) for slot, values in found.items()}

    def find(self, text: str, slot: str, value: str = "") -> tuple[Word, ...]:
        """Return where a value's patterns match in a text, left to right; empty for a value the table does not have."""
        return self._find(text, slot, value)

    def _search(self, text: str, slot: str, value: str) -> tuple[Word, ...]:
        pattern = self._compiled.get((slot, value))
        if pattern is None:
            return ()
        return tuple(Word(slot, value, m.start(), m.end()) for m in pattern.finditer(text) if m.end() > m.start())

    def has(self, text: str, *cues: str) -> bool:
        """Tell whether one of some cues stands in a text."""
        return any(self._find(text, "cue", cue) for cue in cues)

    def cue(self, text: str, cue: str) -> tuple[Word, ...]:
        """Return where a cue stands."""
        return self._find(text, "cue", cue)

    def of_slot(self, text: str, slot: str) -> list[Word]:
        """Return every word of a slot in a text; of two that overlap the longer, of equals the first of the table."""
        found = [word for value in self.values.get(slot, ()) for word in self._find(text, slot, value)]
        found.sort(key=lambda word: (word.start - word.end, word.start))
        kept: list[Word] = []
        for word in found:
            if all(word.end <= other.start or other.end <= word.start for other in kept):
                kept.append(word)
        return sorted(kept, key=lambda word: (word.start, word.end))


def _bounded(pattern: str) -> str:
    """Return a pattern that begins and, where it ends in a letter, ends at a word."""
    before = "" if pattern[:1] in ("^", "[") or pattern.startswith((r"\b", "(?<")) else r"(?<![\w-])"
    after = r"(?!\w)" if pattern[-1:].isalnum() and not pattern.endswith((r"\b", r"\w", r"\d")) else ""
    return f"(?:{before}(?:{pattern}){after})"


def load_lexicon(root: Path, vocabulary: Vocabulary) -> Lexicon:
    """Read ``rules/page_words.tsv``.

    Args:
        root: the data directory.
        vocabulary: its concepts.

    Raises:
        DataError: a wrong table, an unknown slot, value or concept, a pattern that is none or matches nothing.
    """
    path = root / "rules" / "page_words.tsv"
    file = display(path, root)
    words, problems = [], []
    seen: dict[tuple[str, str, str], int] = {}
    for row in read_table(path, root, COLUMNS, "\t"):
        word = PageWord(row.cells["slot"], row.cells["value"], row.cells["pattern"])
        for where, message, remedy in _complaints(word, vocabulary):
            problems.append(Problem(file, row.line, where, message, remedy, "page-words"))
        if (first := seen.setdefault((word.slot, word.value, word.pattern), row.line)) != row.line:
            remedy = "take one of the two out"
            problems.append(Problem(file, row.line, "pattern", f"stands in line {first} already", remedy, "page-words"))
        words.append(word)
    if problems:
        raise DataError(problems)
    return Lexicon(words)


def _complaints(word: PageWord, vocabulary: Vocabulary) -> Iterator[tuple[str, str, str]]:
    known = (*FACETS, *OWN, "place")
    if word.slot not in known:
        yield "slot", f"{word.slot!r} is no slot", f"use one of {', '.join(known)}"
    elif word.slot in FACETS and (word.slot, word.value) not in vocabulary:
        yield "value", f"{word.value!r} is no concept", vocabulary.suggest(word.slot, word.value)
    elif word.slot in OWN and word.value not in OWN[word.slot]:
        yield "value", f"{word.value!r} is no {word.slot}", f"use one of {', '.join(OWN[word.slot])}"
    try:
        if re.compile(_bounded(word.pattern), re.IGNORECASE).match(""):
            yield "pattern", f"{word.pattern!r} matches nothing at all", "let it need at least one letter"
    except re.error as error:
        yield "pattern", f"{word.pattern!r} is no regular expression ({error})", "correct it"
