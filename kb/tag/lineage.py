"""The cells the map is about, ``lineage`` in ``build.yml``: a misprint would make every record irrelevant, silently."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kb.errors import DataError, Problem
from kb.reading import display, read_yaml
from kb.vocabulary import Vocabulary


def check_lineage(root: Path, vocabulary: Vocabulary, lineage: Sequence[str]) -> None:
    """Do nothing when every cell type of the lineage is a concept.

    Args:
        root: the data directory, for messages.
        vocabulary: its concepts.
        lineage: of its ``build.yml``.

    Raises:
        DataError: one problem for each that is none.
    """
    unknown = [place for place, concept in enumerate(lineage) if ("cell_type", concept) not in vocabulary]
    if not unknown:
        return
    file = root / "build.yml"
    tree = read_yaml(file, root)
    raise DataError(
        [
            Problem(
                display(file, root),
                tree.line(("lineage", place)),
                "lineage",
                f"unknown concept {lineage[place]!r}",
                vocabulary.suggest("cell_type", lineage[place]),
                "concept",
            )
            for place in unknown
        ]
    )
