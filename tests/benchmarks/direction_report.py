"""How well ``kb.tag.direction`` judges papers of Evidence Inference 2.0 it has never been trained on.

    PYTHONPATH=. .train/bin/python -m tests.benchmarks.direction_report FOLDER

Prints accuracy with 95% intervals (whole papers drawn again, since answers of one paper hang together) and
precision and recall of each answer. scikit-learn is needed for the bag of words only; without it that line is left out.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from kb.evaluate.metrics import clustered
from kb.tag.direction import CHANGES, Change, DirectionJudge
from kb.tag.direction_reading import read
from kb.tag.direction_rules import answer
from kb.tag.direction_text import question
from tests.benchmarks.direction_corpus import Case, cases

#: A case and the answer given.
Given = tuple[Case, Change]


def line(title: str, given: Sequence[Given]) -> str:
    """Return accuracy and, for each answer, precision and recall."""
    share = clustered((case.paper, case.label == said) for case, said in given)
    low, high = share.interval
    parts = [f"{title}: {share.right / share.of:.3f} ({low:.3f}-{high:.3f}), n = {share.of}"]
    scores = []
    for name in CHANGES:
        right = sum(case.label == said == name for case, said in given)
        claimed = sum(said == name for _, said in given) or 1
        real = sum(case.label == name for case, _ in given) or 1
        precision, recall = right / claimed, right / real
        scores.append(2 * precision * recall / (precision + recall or 1))
        parts.append(f"    {name}: precision {precision:.3f}, recall {recall:.3f}")
    parts.append(f"    macro F1 {sum(scores) / len(scores):.3f}")
    return "\n".join(parts)


def once(found: Sequence[Case]) -> list[Case]:
    """Return each question once for each label it was given."""
    return list({(case.prompt, case.label): case for case in found}.values())


def of_evidence(judge: DirectionJudge, case: Case) -> Change:
    """Return the answer given the marked passage."""
    return judge.judge(case.evidence, case.outcome, case.intervention, case.comparator).change


def of_abstract(judge: DirectionJudge, case: Case) -> Change:
    """Return the answer given the abstract."""
    return judge.judge(case.abstract, case.outcome, case.intervention, case.comparator).change


def of_rules(case: Case) -> Change:
    """Return the first rule's answer, no difference where none speaks."""
    reading = read(case.evidence, question(case.outcome, case.intervention, case.comparator))
    said = answer(reading, case.outcome)
    return said.change if said else "no_difference"


def agreement(found: Sequence[Case]) -> list[Given]:
    """Return pairs of different annotators' answers to one question."""
    asked: dict[str, list[Case]] = {}
    for case in found:
        asked.setdefault(case.prompt, []).append(case)
    return [
        (one, two.label)
        for group in asked.values()
        for at, one in enumerate(group)
        for two in group[:at]
        if one.annotator != two.annotator
    ]


def bag_of_words(train: Sequence[Case], test: Sequence[Case]) -> list[Given]:
    """Return the answers of a logistic regression over words of the passage and the question."""
    words: Any = import_module("sklearn.feature_extraction.text")
    linear: Any = import_module("sklearn.linear_model")
    pipeline: Any = import_module("sklearn.pipeline")

    def text(case: Case) -> str:
        return f"{case.evidence} {case.outcome} {case.intervention} {case.comparator}"

    model = pipeline.make_pipeline(
        words.TfidfVectorizer(ngram_range=(1, 2), min_df=2), linear.LogisticRegression(C=10, max_iter=2000)
    )
    model.fit([text(case) for case in train], [case.label for case in train])
    return list(zip(test, model.predict([text(case) for case in test]), strict=True))


def main() -> None:
    """Measure and print."""
    found = cases(Path(sys.argv[1]))
    train, test = [c for c in found if not c.held_out], [c for c in found if c.held_out]
    judge = DirectionJudge.load()
    print(f"{len(test)} answers of {len({c.paper for c in test})} papers, never trained on")
    inside = {case.prompt for case in test if case.place is not None}
    asked = once(test)
    print(line("(a) marked passage", [(c, of_evidence(judge, c)) for c in test]))
    judged = [(c, of_abstract(judge, c)) for c in asked]
    print(line("(b) abstract, evidence in it", [(c, said) for c, said in judged if c.prompt in inside]))
    print(line("(c) abstract, all questions", judged))
    print(line("(d) one annotator against another", agreement(test)))
    print(line("(e) always no difference", [(c, "no_difference") for c in test]))
    try:
        print(line("(e) bag of words, marked passage", bag_of_words(train, test)))
    except ImportError:
        print("(e) bag of words: scikit-learn is not installed")
    print(line("(f) rules alone, marked passage", [(c, of_rules(c)) for c in test]))


if __name__ == "__main__":
    main()
