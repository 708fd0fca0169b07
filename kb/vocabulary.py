"""The concepts of each facet, their hierarchy, and how two of them relate."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import networkx as nx

from kb.errors import DataError, Problem
from kb.reading import display, read_table, split_cell

#: Facets with a file each in ``data/vocabulary/``. The first seven are the product key's axes.
FACETS: tuple[str, ...] = (
    "cell_type",
    "cell_source",
    "expansion",
    "engineering",
    "indication",
    "setting",
    "combination",
    "phase",
    "outcome",
    "event",
    "design",
)
_COLUMNS = ("id", "label", "parents", "synonyms", "look_alikes", "xrefs", "implies", "unless_stated", "definition")

Relation = Literal["same", "narrower", "broader", "different"]


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept of one facet.

    Attributes:
        facet, id: together the key; printed as ``facet:id``.
        label: the field's standard name.
        parents: broader concepts of the same facet.
        synonyms: other names.
        look_alikes: texts that contain a name of the concept and mean something else.
        xrefs: identifiers in public vocabularies (CL, MONDO, DOID, MeSH, NCIt, Cellosaurus).
        implies: ``facet:id`` of other axes that hold by definition (CAR-NK is engineered with a CAR).
        unless_stated: ``facet:id`` of other axes that a record which was read means by this name
            unless it says otherwise (genetic engineering is always named in a record).
        line: line in its file.
    """

    facet: str
    id: str
    label: str
    parents: tuple[str, ...]
    synonyms: tuple[str, ...]
    look_alikes: tuple[str, ...]
    xrefs: tuple[str, ...]
    implies: tuple[str, ...]
    unless_stated: tuple[str, ...]
    definition: str
    line: int

    @property
    def key(self) -> str:
        """The id that is unique across facets."""
        return f"{self.facet}:{self.id}"


class Vocabulary:
    """All concepts, with ancestors resolved.

    Args:
        concepts: facet → id → concept. Parents must exist and must not form a circle.

    Attributes:
        found: relations between sets of concepts found so far; few pairs occur, each often (:mod:`kb.assess.match`).
    """

    def __init__(self, concepts: Mapping[str, Mapping[str, Concept]]) -> None:
        self.concepts = concepts
        self.found: dict[Hashable, Any] = {}

    @cached_property
    def _ancestors(self) -> dict[tuple[str, str], frozenset[str]]:
        result: dict[tuple[str, str], frozenset[str]] = {}
        for facet, members in self.concepts.items():
            graph = nx.DiGraph((c.id, parent) for c in members.values() for parent in c.parents)
            graph.add_nodes_from(members)
            for concept in members:
                result[facet, concept] = frozenset(nx.descendants(graph, concept)) | {concept}
        return result

    def __contains__(self, key: tuple[str, str]) -> bool:
        facet, concept = key
        return concept in self.concepts.get(facet, {})

    def __iter__(self) -> Iterator[Concept]:
        for members in self.concepts.values():
            yield from members.values()

    def label(self, facet: str, concept: str) -> str:
        """Return the standard name of a concept."""
        return self.concepts[facet][concept].label

    def ancestors(self, facet: str, concept: str) -> frozenset[str]:
        """Return the concept and everything broader than it."""
        return self._ancestors[facet, concept]

    def is_a(self, facet: str, concept: str, broader: str) -> bool:
        """Tell whether ``concept`` is ``broader`` or something narrower than it."""
        return broader in self._ancestors[facet, concept]

    def relation(self, facet: str, record: str, claim: str) -> Relation:
        """Return how a record's concept stands to a claim's concept."""
        if record == claim:
            return "same"
        if claim in self._ancestors[facet, record]:
            return "narrower"
        return "broader" if record in self._ancestors[facet, claim] else "different"

    @cached_property
    def _roots(self) -> dict[tuple[str, str], str]:
        return {
            (facet, concept): min(c for c in members if not self.concepts[facet][c].parents)
            for (facet, concept), members in self._ancestors.items()
        }

    def root(self, facet: str, concept: str) -> str:
        """Return the topmost concept above this one (the first by name where there are several)."""
        return self._roots[facet, concept]

    def suggest(self, facet: str, wrong: str) -> str:
        """Return a remedy for an unknown concept id: the nearest ids, or the file to look in."""
        from difflib import get_close_matches

        near = get_close_matches(wrong, list(self.concepts.get(facet, {})), n=3, cutoff=0.5)
        hint = f"did you mean {', '.join(near)}? " if near else ""
        return f"{hint}ids are in vocabulary/{facet}.tsv; add the concept there if it is new"


def load_vocabulary(root: Path) -> Vocabulary:
    """Read ``vocabulary/*.tsv``.

    Args:
        root: the data directory.

    Raises:
        DataError: a wrong table, an id twice, a parent that does not exist, a circle.
    """
    problems: list[Problem] = []
    concepts: dict[str, dict[str, Concept]] = {}
    for facet in FACETS:
        path = root / "vocabulary" / f"{facet}.tsv"
        name = display(path, root)
        members: dict[str, Concept] = {}
        try:
            rows = read_table(path, root, _COLUMNS, "\t")
        except DataError as error:
            problems.extend(error.problems)
            continue
        for row in rows:
            cells = row.cells
            concept = Concept(
                facet,
                cells["id"],
                cells["label"],
                split_cell(cells["parents"]),
                split_cell(cells["synonyms"]),
                split_cell(cells["look_alikes"]),
                split_cell(cells["xrefs"]),
                split_cell(cells["implies"]),
                split_cell(cells["unless_stated"]),
                cells["definition"],
                row.line,
            )
            if not concept.id or not concept.label:
                problems.append(
                    Problem(name, row.line, "id", "a concept needs id and label", "fill both", "vocabulary")
                )
            if concept.id in members:
                problems.append(
                    Problem(
                        name,
                        row.line,
                        concept.id,
                        f"concept {concept.id!r} is there twice (first in line {members[concept.id].line})",
                        "merge the two rows",
                        "vocabulary",
                    )
                )
            members[concept.id] = concept
        problems.extend(_hierarchy_problems(name, members))
        concepts[facet] = members
    problems.extend(_implication_problems(root, concepts))
    if problems:
        raise DataError(problems)
    return Vocabulary(concepts)


def _implication_problems(root: Path, concepts: Mapping[str, Mapping[str, Concept]]) -> list[Problem]:
    problems = []
    for facet, members in concepts.items():
        name = display(root / "vocabulary" / f"{facet}.tsv", root)
        for concept in members.values():
            for target in (*concept.implies, *concept.unless_stated):
                other, _, wanted = target.partition(":")
                if wanted not in concepts.get(other, {}):
                    problems.append(
                        Problem(
                            name,
                            concept.line,
                            concept.id,
                            f"names {target!r}, which is no concept",
                            "write facet:id of an existing concept",
                            "vocabulary",
                        )
                    )
    return problems


def _hierarchy_problems(name: str, members: Mapping[str, Concept]) -> list[Problem]:
    problems = [
        Problem(
            name,
            concept.line,
            concept.id,
            f"parent {parent!r} is no concept of this file",
            "add it or correct the id",
            "vocabulary",
        )
        for concept in members.values()
        for parent in concept.parents
        if parent not in members
    ]
    graph = nx.DiGraph((c.id, p) for c in members.values() for p in c.parents if p in members)
    for circle in nx.simple_cycles(graph):
        first = members[min(circle)]
        problems.append(
            Problem(
                name,
                first.line,
                first.id,
                f"circle of parents: {' → '.join(circle)}",
                "remove one of the parents",
                "vocabulary",
            )
        )
    return problems
