"""What is judged: the parts of the tagger, as the evaluation needs them. Tests put fakes in their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kb.tag.direction_rules import Change
from kb.tag.record import Heading, TagRecord
from kb.tag.tags import Assertion, Direction, Dose, Finding, Tagged


class Tagger(Protocol):
    """Tags one record."""

    def tag(self, record: TagRecord) -> Tagged:
        """Return everything said of the record."""


class Verdict(Protocol):
    """How an outcome changed (:class:`kb.tag.direction.Verdict`)."""

    @property
    def change(self) -> Change:
        """``increased``, ``decreased`` or ``no_difference``."""

    @property
    def comparative(self) -> bool:
        """Whether the passage compares groups at all."""

    @property
    def rule(self) -> str:
        """The rule that agrees, or that the model alone says so."""


class Judge(Protocol):
    """Judges the direction of an outcome."""

    def judge(self, text: str, outcome: str, intervention: str, comparator: str) -> Verdict:
        """Return how the outcome changed under the intervention against the comparator."""


@dataclass(frozen=True, slots=True)
class Tools:
    """Everything that is judged.

    Attributes:
        tagger: tags records.
        parse: JSON object of ``kb tag`` → record.
        read: passage → its findings and doses.
        judge: direction of an outcome.
        for_patient: (outcome, change) → direction in the sense of the patient; None when the polarity of the outcome
            is unknown.
        assertion: (text, start, end) → what is said of the words there.
        concepts_of: MeSH heading → (facet, concept) pairs.
        is_test: whether a paper of the direction corpus was kept out of training.
    """

    tagger: Tagger
    parse: Callable[[Mapping[str, Any]], TagRecord]
    read: Callable[[str], tuple[Sequence[Finding], Sequence[Dose]]]
    judge: Judge
    for_patient: Callable[[str, Change], Direction | None]
    assertion: Callable[[str, int, int], Assertion]
    concepts_of: Callable[[Heading], Sequence[tuple[str, str]]]
    is_test: Callable[[str], bool]
