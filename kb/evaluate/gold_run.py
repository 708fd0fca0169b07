"""The whole evaluation on the labelled cases of the repository."""

from __future__ import annotations

from collections.abc import Mapping

from kb.evaluate import findings, records
from kb.evaluate.directions import context_sheet, direction_sheet
from kb.evaluate.disputed import CORPORA, Disputes
from kb.evaluate.gold import Gold
from kb.evaluate.sheet import Sheet
from kb.evaluate.tools import Tools
from kb.progress import Progress
from kb.vocabulary import FACETS, Vocabulary

#: What may be asked for alone.
TOPICS: tuple[str, ...] = ("relevant", "flags", *FACETS, "findings", "directions", "context")


def evaluate(
    gold: Gold,
    tools: Tools,
    vocabulary: Vocabulary,
    disputes: Disputes,
    progress: Progress,
    number: int = 30,
    topic: str = "",
) -> list[Sheet]:
    """Return the sheets on all labelled cases.

    Args:
        gold: the cases.
        tools: what is judged.
        vocabulary: the hierarchy of concepts.
        disputes: cases in which the gold is wrong.
        progress: told of every case.
        number: worst cases to keep on each sheet.
        topic: one of :data:`TOPICS` alone, "" for all.
    """
    disputed: Mapping[str, frozenset[tuple[str, str]]] = {corpus: disputes.fields(corpus) for corpus in CORPORA}
    sheets: list[Sheet] = []
    if topic not in ("findings", "directions", "context"):
        progress.step("Records", len(gold.records) + len(gold.trials))
        given = [
            *records.answers("records", gold.records, tools, progress),
            *records.answers("trials", gold.trials, tools, progress),
        ]
        sheets += records.sheets(given, vocabulary, disputed, number, topic)
    if topic in ("", "findings"):
        progress.step("Findings", len(gold.findings))
        read = list(findings.read_all(gold.findings, tools, progress))
        sheets += findings.sheets(read, disputed["findings"], number)
    if topic in ("", "directions"):
        progress.step("Directions", len(gold.directions))
        sheets.append(direction_sheet(gold.directions, tools, progress, disputed["directions"], number))
    if topic in ("", "context"):
        progress.step("Context", len(gold.context))
        sheets.append(context_sheet(gold.context, tools, progress, disputed["context"], number))
    return sheets
