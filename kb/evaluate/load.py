"""The real tagger, put together for the evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kb.evaluate.tools import Tools
from kb.vocabulary import Vocabulary


def load_tools(data_dir: Path, vocabulary: Vocabulary) -> Tools:
    """Return the tagger and its parts as they run in ``kb tag``.

    Args:
        data_dir: the data directory with rules and weights.
        vocabulary: the concepts.

    Raises:
        DataError: rules or weights cannot be read.
    """
    # Rules and weights take a moment; only whoever evaluates pays for them.
    from kb.dataset import load_build
    from kb.tag.context import load_context
    from kb.tag.direction import DirectionJudge, for_patient
    from kb.tag.doses import doses
    from kb.tag.findings import load_findings
    from kb.tag.headings import Headings
    from kb.tag.lines import parse_record
    from kb.tag.mesh import load_mesh
    from kb.tag.record import Passage
    from kb.tag.sentences import sentences
    from kb.tag.tagger import load_tagger
    from kb.tag.tags import Dose, Finding

    found = load_findings(data_dir, vocabulary)

    def read(text: str) -> tuple[Sequence[Finding], Sequence[Dose]]:
        passage = Passage("abstract", "abstract", text)
        parts = list(sentences(passage))
        return found.of(passage, parts), doses(passage, parts)

    judge = DirectionJudge.load(data_dir)
    return Tools(
        load_tagger(data_dir, vocabulary, load_build(data_dir).lineage),
        parse_record,
        read,
        judge,
        for_patient,
        load_context(data_dir).assertion_at,
        Headings(vocabulary, load_mesh(data_dir, vocabulary)).concepts_of,
        judge.unseen,
    )
