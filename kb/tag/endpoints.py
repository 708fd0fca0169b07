"""What was measured: names of endpoints and of harms in a sentence.

Endpoints are in ``data/rules/endpoints.tsv``: the outcome they belong to and which way is good for the patient. Harms
are the concepts of ``data/vocabulary/event.tsv``. A row without an outcome owns numbers that are no results (age,
follow-up), so that no endpoint takes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from kb.errors import DataError, Problem
from kb.reading import display, read_table, split_cell
from kb.vocabulary import Vocabulary

_COLUMNS = ("id", "outcome", "good", "names", "not")
_TOKEN = re.compile(r"[A-Za-zα-ω]+|\d+")
#: British spellings the names are brought to; and plurals, see :func:`_fold`.
_SPELLING = (("leukaem", "leukem"), ("tumour", "tumor"), ("haem", "hem"), ("anaem", "anem"), ("aemia", "emia"))
_GREEK = {"γ": "gamma", "α": "alpha", "β": "beta"}

Good = Literal["", "more", "less"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One kind of endpoint.

    Attributes:
        id: its name in the table; ``event:`` and a concept for a harm, also where the table names that harm.
        outcome: concept of the outcome facet, "" for what is no result.
        good: ``more`` or ``less`` of it is good for the patient, "" when that depends.
        event: concept of the event facet, "" for other endpoints.
    """

    id: str
    outcome: str
    good: Good
    event: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A name of an endpoint in a plain text.

    Attributes:
        endpoint: what is named.
        start, end: characters.
        text: those characters.
    """

    endpoint: Endpoint
    start: int
    end: int
    text: str


#: The harm nobody named more closely; its grade may still be given.
ANY_HARM = "any-harm"


class Endpoints:
    """Finds names of endpoints: longest first, whole words, hyphen or space alike, acronyms by case.

    Args:
        names: (endpoint, name) of everything to find.
        look_alikes: texts that contain a name and mean something else.
    """

    def __init__(self, names: Iterable[tuple[Endpoint, str]], look_alikes: Iterable[str]) -> None:
        self._table: dict[str, list[_Name]] = {}
        for name in look_alikes:
            self._add(name, None)
        for endpoint, name in names:
            self._add(name, endpoint)
        for entries in self._table.values():
            # Of names of the same length a look-alike of another row is the weaker one; then the first row wins.
            entries.sort(key=lambda entry: (-len(entry[0]), entry[2] is None))
        self._candidates = lru_cache(maxsize=20_000)(self._look_up)

    def _add(self, name: str, endpoint: Endpoint | None) -> None:
        words, cased = _key(name)
        self._table.setdefault(_fold(words[0], False), []).append((words, cased, endpoint))

    def find(self, text: str) -> list[Named]:
        """Return the names in a plain text, in order; of overlapping ones the first, then the longest."""
        tokens = list(_TOKEN.finditer(text))
        words_of = [token.group() for token in tokens]
        found: list[Named] = []
        i = 0
        while i < len(tokens):
            taken = 1
            for words, by_case, endpoint in self._candidates(words_of[i]):
                same = _are(words_of[i : i + len(words)], words, by_case)
                if same and _joined(text, tokens[i : i + len(words)]):
                    taken = len(words)
                    if words_of[i + taken : i + taken + 1] in (["time"], ["times"]) and not by_case:
                        taken += _joined(text, tokens[i + taken - 1 : i + taken + 1])  # "neutrophil recovery time"
                    start, end = tokens[i].start(), tokens[i + taken - 1].end()
                    if endpoint is not None and not _in_code(text, start, end):
                        found.append(Named(endpoint, start, end, text[start:end]))
                    break
            i += taken
        return found

    def _look_up(self, word: str) -> list[_Name]:
        """Return names that may begin with a word; the plural of an acronym ("CRs") has a key of its own."""
        plain, singular = _fold(word, False), _fold(word, True).lower()
        found = self._table.get(plain, [])
        if singular == plain or singular not in self._table:
            return found
        return sorted([*found, *self._table[singular]], key=lambda entry: (-len(entry[0]), entry[2] is None))


#: The words of a name, whether they are compared by case, and what they name.
_Name = tuple[tuple[str, ...], bool, Endpoint | None]


def _are(given: Sequence[str], words: tuple[str, ...], by_case: bool) -> bool:
    """Tell whether words of a text are those of a name."""
    return len(given) == len(words) and all(
        _fold(word, by_case) == folded for word, folded in zip(given, words, strict=True)
    )


def _is_acronym(name: str) -> bool:
    """Tell whether a name is compared by case: several capitals in few letters."""
    return " " not in name and sum(c.isupper() for c in name) >= 2 and len(name) <= 8


@lru_cache(maxsize=20_000)
def _fold(token: str, cased: bool) -> str:
    """Return a word in the one form that is compared: American, singular, lower case (acronyms keep theirs)."""
    if cased:
        return token[:-1] if len(token) > 2 and token.endswith("s") and token[:-1].isupper() else token
    word = token.lower()
    for british, american in _SPELLING:
        word = word.replace(british, american)
    for letter, name in _GREEK.items():
        word = word.replace(letter, name)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _joined(text: str, tokens: list[re.Match[str]]) -> bool:
    """Tell whether words follow each other with no more than a space, a hyphen or a slash between."""
    return all(
        text[one.end() : other.start()] in (" ", "-", "/", "", " - ", "+ ", "+", ". ")
        for one, other in pairwise(tokens)
    )


def _in_code(text: str, start: int, end: int) -> bool:
    """Tell whether the name is a part of a longer code or compound ("PD-1", "anti-CR1", "CR-positive")."""
    before, after = text[max(0, start - 1) : start], text[end : end + 2]
    if before and (before.isalnum() or before == "_"):
        return True
    return bool(after) and (after[0].isalnum() or (after[0] == "-" and after[1:].isdigit()))


def load_endpoints(root: Path, vocabulary: Vocabulary) -> Endpoints:
    """Read ``rules/endpoints.tsv`` and add the harms of the vocabulary.

    Args:
        root: the data directory.
        vocabulary: where outcomes and harms are concepts.

    Raises:
        DataError: a wrong table, an outcome or harm that is no concept, a row without names, an id or a name twice.
    """
    path = root / "rules" / "endpoints.tsv"
    name = display(path, root)
    problems: list[Problem] = []
    names: list[tuple[Endpoint, str]] = []
    look_alikes: list[str] = []
    seen: set[str] = set()
    harms = list(_events(vocabulary))
    owners = {_key(part): endpoint.id for endpoint, part in harms}
    for row in read_table(path, root, _COLUMNS, "\t"):
        cells = row.cells
        event = cells["id"].partition("event:")[2]
        for wrong, message, remedy in (
            (not cells["id"] or cells["id"] in seen, "needs an id of its own", "give it another id"),
            (
                bool(cells["outcome"]) and ("outcome", cells["outcome"]) not in vocabulary,
                f"{cells['outcome']!r} is no outcome",
                "use an id of vocabulary/outcome.tsv",
            ),
            (cells["good"] not in ("", "more", "less"), "good is more, less or empty", "correct it"),
            (not split_cell(cells["names"]), "a row needs names", "add one"),
            (
                bool(event) and ("event", event) not in vocabulary,
                f"{event!r} is no harm",
                "use one of vocabulary/event.tsv",
            ),
            *(
                (taken, f"{part!r} is a name of {owners.get(_key(part))!r} already", "leave it in one of the two")
                for part in split_cell(cells["names"])
                if (taken := owners.setdefault(_key(part), cells["id"]) != cells["id"])
            ),
        ):
            if wrong:
                problems.append(Problem(name, row.line, cells["id"], message, remedy, "endpoints"))
        seen.add(cells["id"])
        good: Good = "more" if cells["good"] == "more" else "less" if cells["good"] == "less" else ""
        endpoint = Endpoint(cells["id"], cells["outcome"], good, event)
        names.extend((endpoint, part) for part in split_cell(cells["names"]))
        look_alikes.extend(split_cell(cells["not"]))
    if problems:
        raise DataError(problems)
    return Endpoints([*harms, *names], [*look_alikes, *_event_look_alikes(vocabulary)])


def _key(name: str) -> tuple[tuple[str, ...], bool]:
    """Return what two spellings of one name have in common."""
    cased = _is_acronym(name)
    return tuple(_fold(match.group(), cased) for match in _TOKEN.finditer(name)), cased


def _events(vocabulary: Vocabulary) -> Iterator[tuple[Endpoint, str]]:
    for concept in vocabulary.concepts.get("event", {}).values():
        endpoint = Endpoint(f"event:{concept.id}", "safety", "less", concept.id)
        for name in (concept.label, *concept.synonyms):
            if _TOKEN.search(name):
                yield endpoint, name


def _event_look_alikes(vocabulary: Vocabulary) -> Iterator[str]:
    for concept in vocabulary.concepts.get("event", {}).values():
        yield from concept.look_alikes
