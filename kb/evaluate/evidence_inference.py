"""Direction of an outcome on Evidence Inference 2.0, randomised trials of every field of medicine.

DeYoung et al. 2020, "Evidence Inference 2.0: More Data, Better Models" (BioNLP), MIT licence. People were asked how an
outcome changed under an intervention against a comparator, and marked the words that say so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from kb.evaluate.metrics import Confusion, Share, clustered
from kb.evaluate.sheet import Goal, Line, Sheet
from kb.evaluate.tools import Tools
from kb.progress import Progress
from kb.tag.direction_rules import Change

#: Their labels; one is spelled in two ways.
LABELS: Mapping[str, Change] = {
    "significantly increased": "increased",
    "significantly increase": "increased",
    "significantly decreased": "decreased",
    "no significant difference": "no_difference",
}
_ORDER = ("increased", "decreased", "no_difference")
PROMPT_COLUMNS = ("PromptID", "PMCID", "Outcome", "Intervention", "Comparator")
ANNOTATION_COLUMNS = ("PromptID", "PMCID", "Valid Label", "Label", "Annotations")


#: Letters and digits of marked words that must stand in an abstract: at least, and at most (from their beginning).
_FEWEST, _ENOUGH = 10, 60


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question on a paper.

    Attributes:
        id: number of the question.
        pmcid: with its letters ("PMC" and digits).
        outcome, intervention, comparator: as they were asked.
    """

    id: str
    pmcid: str
    outcome: str
    intervention: str
    comparator: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with a text to answer it from.

    Attributes:
        prompt: the question.
        text: what is read.
        label: the answer of the annotators.
    """

    prompt: Prompt
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Questions:
    """What the judge is asked, in three ways.

    Attributes:
        evidence: the words an annotator marked; one for each different (question, words, answer).
        stated: the abstract, where marked words stand in it.
        abstracts: the abstract, all questions.
        agreement: pairs of annotators of one question with the same answer, of all pairs; its interval is by paper.
        undecided: questions left out of ``stated`` and ``abstracts`` because their annotators are split evenly.
    """

    evidence: tuple[Asked, ...]
    stated: tuple[Asked, ...]
    abstracts: tuple[Asked, ...]
    agreement: Share
    undecided: int


def questions(
    prompts: Iterable[Mapping[str, str]],
    annotations: Iterable[Mapping[str, str]],
    abstracts: Iterable[Mapping[str, Any]],
    tools: Tools,
) -> Questions:
    """Return the questions on papers that were kept out of training.

    An annotation whose own reviewers did not call its label valid is left out.

    Args:
        prompts: rows of the prompts.
        annotations: rows of the annotations.
        abstracts: objects with ``pmcid`` and ``abstract``.
        tools: tells which papers are for testing.
    """
    asked = {row["PromptID"]: _prompt(row) for row in prompts}
    texts = {str(one["pmcid"]): str(one.get("abstract") or "") for one in abstracts}
    given: dict[str, list[tuple[str, str]]] = {}
    for row in annotations:
        prompt = asked.get(row["PromptID"])
        if (
            prompt is None
            or row["Valid Label"] != "True"
            or row["Label"] not in LABELS
            or not tools.is_test(prompt.pmcid)
        ):
            continue
        given.setdefault(prompt.id, []).append((LABELS[row["Label"]], row["Annotations"].strip()))
    evidence: dict[Asked, None] = {}
    stated, whole, undecided = [], [], 0
    for key in sorted(given, key=lambda key: (asked[key].pmcid, key)):
        prompt = asked[key]
        for label, words in given[key]:
            if words:
                evidence.setdefault(Asked(prompt, words, label))
        abstract, answer = texts.get(prompt.pmcid, ""), _majority(label for label, _ in given[key])
        if answer is None:
            undecided += 1
        elif abstract.strip():
            whole.append(Asked(prompt, abstract, answer))
            if any(_stands(words, abstract) for _, words in given[key]):
                stated.append(whole[-1])
    answers = {asked[key]: [label for label, _ in pairs] for key, pairs in given.items()}
    return Questions(tuple(evidence), tuple(stated), tuple(whole), _agreement(answers), undecided)


def _prompt(row: Mapping[str, str]) -> Prompt:
    pmcid = "PMC" + row["PMCID"].removeprefix("PMC")
    return Prompt(row["PromptID"], pmcid, row["Outcome"], row["Intervention"], row["Comparator"])


def _majority(labels: Iterable[str]) -> str | None:
    """Return the answer most annotators gave; None when two are even."""
    counts = Counter(labels).most_common(2)
    return None if len(counts) == 2 and counts[0][1] == counts[1][1] else counts[0][0]


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _stands(words: str, abstract: str) -> bool:
    wanted = _plain(words)
    return len(wanted) >= _FEWEST and wanted[:_ENOUGH] in _plain(abstract)


def _agreement(given: Mapping[Prompt, Sequence[str]]) -> Share:
    return clustered(
        (prompt.pmcid, one == other) for prompt, labels in given.items() for one, other in combinations(labels, 2)
    )


def sheet(asked: Questions, tools: Tools, progress: Progress, disputed: frozenset[tuple[str, str]]) -> Sheet:
    """Return the sheet on Evidence Inference.

    Args:
        asked: the questions.
        tools: what is judged.
        progress: told of every question.
        disputed: (id, field) pairs in which the gold is wrong; the id is that of the question, the field ``change``.
    """
    lines: list[Line] = []
    confusions = []
    for name, some, goal in (
        ("direction, words marked by annotators, with the question", asked.evidence, (Goal("accuracy", 0.80),)),
        ("direction, whole abstract, with the question, where it holds the marked words", asked.stated, ()),
        ("direction, whole abstract, with the question, all", asked.abstracts, ()),
    ):
        rows = list(_judged(some, tools, progress))
        kept = [row for row in rows if (row[0].id, "change") not in disputed]
        figure = _share(rows)
        lines.append(Line(name, figure, _share(kept) if len(kept) < len(rows) else None, goal))
        lines.append(Line(f"{name}: by guessing (the most frequent answer, always)", _guess(some)))
        confusion = Confusion.of(f"{name[0].upper()}{name[1:]}: expected (rows), found (columns)", _pairs(rows), _ORDER)
        confusions.append(replace(confusion, limits=figure.limits))
    lines.append(Line("annotators with each other, pairs of answers called valid", asked.agreement))
    prompts = {one.prompt for one in asked.evidence}
    text = (
        f"Evidence Inference 2.0 (DeYoung et al. 2020): {len(asked.evidence)} excerpts of {len(prompts)} questions on "
        f"{len({one.pmcid for one in prompts})} papers of randomised trials that were kept out of the model's "
        "training, of every field of medicine. The annotators read full texts: the answer need not stand in the "
        f"abstract. {asked.undecided} questions on which annotators are split evenly are left out of the abstracts. "
        "Only answers that the collection marks as valid are used, which may flatter the agreement of annotators. "
        "Questions of one paper are not independent, so the intervals of this sheet are the bootstrap by paper."
    )
    return Sheet("Direction of an outcome on Evidence Inference", text, tuple(lines), tuple(confusions))


def _judged(some: Sequence[Asked], tools: Tools, progress: Progress) -> Iterator[tuple[Prompt, str, str]]:
    for one in some:
        prompt = one.prompt
        verdict = tools.judge.judge(one.text, prompt.outcome, prompt.intervention, prompt.comparator)
        yield prompt, one.label, verdict.change
        progress.advance()


def _share(rows: Iterable[tuple[Prompt, str, str]]) -> Share:
    return clustered((prompt.pmcid, expected == found) for prompt, expected, found in rows)


def _pairs(rows: Iterable[tuple[Prompt, str, str]]) -> list[tuple[str, str]]:
    return [(expected, found) for _, expected, found in rows]


def _guess(some: Sequence[Asked]) -> Share:
    best = Counter(one.label for one in some).most_common(1)
    return clustered((one.prompt.pmcid, one.label == best[0][0]) for one in some)
