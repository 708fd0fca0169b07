"""When a kind of cells is really a narrower one: by the words of a sentence that names it, or by its engineering.

"NK cells generated from CD34+ progenitors" are progenitor-derived NK cells, though no name of theirs stands there. The
rules are rows of ``data/rules/refinements.tsv``; the first that fits holds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.errors import DataError, Problem
from kb.reading import Row, display, read_table
from kb.vocabulary import Vocabulary

_COLUMNS = ("cell_type", "words", "engineering", "becomes", "note")
#: Characters of a sentence that are read; longer ones are lists or have lost their full stops.
_LONGEST = 4_000
_CELL_TYPE, _ENGINEERING = "cell_type", "engineering"


@dataclass(frozen=True, slots=True)
class Refinement:
    """One rule.

    Attributes:
        concept: the cell type it is about.
        words: what one sentence must say (searched in small letters), None when the words do not matter.
        engineering: concept of that facet the product must have, "" when it does not matter.
        becomes: the cell type it is then.
    """

    concept: str
    words: re.Pattern[str] | None
    engineering: str
    becomes: str


@dataclass(frozen=True, slots=True)
class Refinements:
    """The rules, in the order of their file."""

    rules: tuple[Refinement, ...] = ()

    def refined(self, concept: str, sentences: Iterable[str], engineering: Collection[str] = ()) -> str:
        """Return the narrower cell type a product is, or the one given.

        Args:
            concept: cell type of the product.
            sentences: the ones that name the product, or speak of "the cells" that it is.
            engineering: concepts said of the product.
        """
        texts = [sentence[:_LONGEST].lower() for sentence in dict.fromkeys(sentences)]
        for rule in self.rules:
            if rule.concept != concept or (rule.engineering and rule.engineering not in engineering):
                continue
            if rule.words is None or any(rule.words.search(text) for text in texts):
                return rule.becomes
        return concept


def load_refinements(root: Path, vocabulary: Vocabulary) -> Refinements:
    """Read ``rules/refinements.tsv``.

    Args:
        root: the data directory.
        vocabulary: the concepts the rows may use.

    Raises:
        DataError: a wrong table, an unknown concept, a pattern that is none, a row without a condition, a row that
            makes a cell type one of another branch, a row that can never be reached.
    """
    path = root / "rules" / "refinements.tsv"
    name = display(path, root)
    rows = read_table(path, root, _COLUMNS, "\t")
    problems: list[Problem] = []
    rules: list[Refinement] = []
    settled: set[tuple[str, str]] = set()
    for row in rows:
        found = [*_problems(row, name, vocabulary)]
        key = (row.cells["cell_type"], row.cells["engineering"])
        if key in settled:
            message = "an earlier row for this cell type needs no words, so this one is never reached"
            found.append(Problem(name, row.line, "words", message, "put it before that row", "refinements"))
        problems.extend(found)
        if found:
            continue
        words = row.cells["words"]
        if not words:
            settled.add(key)
        rules.append(Refinement(key[0], re.compile(words) if words else None, key[1], row.cells["becomes"]))
    if problems:
        raise DataError(problems)
    return Refinements(tuple(rules))


def _problems(row: Row, name: str, vocabulary: Vocabulary) -> Iterator[Problem]:
    def problem(column: str, message: str, remedy: str) -> Problem:
        return Problem(name, row.line, column, message, remedy, "refinements")

    cells = row.cells
    known = True
    for column, facet in (("cell_type", _CELL_TYPE), ("becomes", _CELL_TYPE), ("engineering", _ENGINEERING)):
        concept = cells[column]
        if (column != "engineering" or concept) and (facet, concept) not in vocabulary:
            known = False
            yield problem(column, f"{concept!r} is no concept", vocabulary.suggest(facet, concept))
    if not cells["words"] and not cells["engineering"]:
        yield problem("words", "a row without a condition", "fill words or engineering")
    if cells["words"] != cells["words"].lower():
        # Sentences are compared in small letters; a capital would never match, and \S must be written [^\s].
        yield problem("words", "a capital letter never matches", "write the pattern in small letters")
    try:
        re.compile(cells["words"])
    except re.error as error:
        yield problem("words", f"no regular expression: {error}", "correct the pattern")
    if known and not _near(cells["cell_type"], cells["becomes"], vocabulary):
        message = f"{cells['becomes']} is no kind of {cells['cell_type']} nor of its parents"
        yield problem("becomes", message, "name a narrower concept of the same branch")


def _near(concept: str, becomes: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a cell type lies below another, or beside it below the same parent."""
    if concept == becomes:
        return False
    parents = vocabulary.concepts[_CELL_TYPE][concept].parents
    # A parent that is a root or right below one ("cells") holds every branch.
    above = (concept, *(one for one in parents if len(vocabulary.ancestors(_CELL_TYPE, one)) > 2))
    return any(vocabulary.is_a(_CELL_TYPE, becomes, one) for one in above)
