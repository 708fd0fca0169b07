"""MeSH descriptors: labels of those the vocabulary refers to, and narrower ones it has no concept for.

Bibliographic records print labels, the vocabulary gives numbers. ``vocabulary/mesh.tsv`` joins them. A row with
concepts of its own is a descriptor that stands below them (by the MeSH tree): "Leukemia, Promyelocytic, Acute" is
acute myeloid leukaemia, while "Liver Cirrhosis, Biliary" or "Lymphocyte Depletion" would not be what our concepts
say, and are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.errors import DataError, Problem
from kb.reading import Row, display, read_table, split_cell
from kb.vocabulary import Vocabulary

#: Facet and id of a concept.
Key = tuple[str, str]

_COLUMNS = ("id", "label", "other_labels", "concepts")
_NUMBER = re.compile(r"D\d{6}(?:\d{3})?", re.ASCII)
#: Facets whose concepts no heading of a record stands for.
_NO_HEADINGS = ("phase", "outcome")


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A MeSH descriptor.

    Attributes:
        id: descriptor number.
        label: preferred label of the year the table was made.
        other_labels: labels of other years.
        concepts: what it is a kind of; empty where the vocabulary's cross-references name it.
    """

    id: str
    label: str
    other_labels: tuple[str, ...]
    concepts: tuple[Key, ...]


def load_mesh(root: Path, vocabulary: Vocabulary) -> tuple[Descriptor, ...]:
    """Read ``vocabulary/mesh.tsv``.

    Args:
        root: the data directory.
        vocabulary: the concepts the rows may name, and whose cross-references need a label.

    Raises:
        DataError: a wrong table, a number that is none or is there twice, a concept that does not exist, a row that
            neither the vocabulary nor its own cell ties to a concept, or a cross-reference without a row.
    """
    path = root / "vocabulary" / "mesh.tsv"
    file = display(path, root)
    rows = read_table(path, root, _COLUMNS, "\t")
    found = tuple(_descriptor(row) for row in rows)
    used, counts = _referred(vocabulary), Counter(one.id for one in found)
    xrefs = {xref for concept in vocabulary for xref in concept.xrefs}
    problems = [
        Problem(file, row.line, one.id, message, remedy, "mesh")
        for row, one in zip(rows, found, strict=True)
        for message, remedy in _complaints(one, counts, f"MeSH:{one.id}" in xrefs, vocabulary)
    ]
    there = {one.id for one in found}
    problems += [
        Problem(file, 0, number, f"{used[number]} refers to MeSH:{number}, which has no row", "add its label", "mesh")
        for number in sorted(used.keys() - there)
    ]
    if problems:
        raise DataError(problems)
    return found


def _descriptor(row: Row) -> Descriptor:
    return Descriptor(
        row.cells["id"],
        row.cells["label"],
        split_cell(row.cells["other_labels"]),
        tuple(_key(part) for part in split_cell(row.cells["concepts"])),
    )


def _key(text: str) -> Key:
    facet, _, concept = text.partition(":")
    return facet, concept


def _referred(vocabulary: Vocabulary) -> dict[str, str]:
    """Return the numbers the vocabulary refers to, each with a concept that does."""
    return {
        xref.removeprefix("MeSH:"): concept.key
        for concept in vocabulary
        for xref in concept.xrefs
        if xref.startswith("MeSH:") and concept.facet not in _NO_HEADINGS
    }


def _complaints(
    one: Descriptor, counts: Counter[str], refers: bool, vocabulary: Vocabulary
) -> Iterator[tuple[str, str]]:
    if not _NUMBER.fullmatch(one.id) or not one.label:
        yield "not a descriptor", "give its number (D and six or nine digits) and its label"
    if counts[one.id] > 1:
        yield f"{one.id} is there twice", "merge the rows"
    for facet, concept in one.concepts:
        if (facet, concept) not in vocabulary:
            yield f"names {facet}:{concept}, which is no concept", vocabulary.suggest(facet, concept)
    if refers and one.concepts:
        yield "has concepts although the vocabulary refers to it", "leave the cell empty"
    if not refers and not one.concepts:
        yield "no concept refers to it", "name the concepts it is a kind of, or take the row out"
