"""Trains the weights of ``kb.tag.direction`` on Evidence Inference 2.0 and writes ``data/rules/direction_model.json``.

    python3.11 -m venv .train && .train/bin/pip install . scikit-learn==1.9.1
    PYTHONPATH=. .train/bin/python -m tests.benchmarks.train_direction FOLDER [OUT]

FOLDER holds the corpus (``tests/benchmarks/direction_corpus.py`` names it and its files). One paper in five, by a hash
of its PMCID, is never trained on. Running it twice gives the same bytes. scikit-learn is needed here only.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # one thread adds numbers in one order
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import json
import sys
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from kb.tag.direction import CHANGES, DirectionJudge, summarised
from kb.tag.direction_defined import defined
from kb.tag.direction_features import SIZE, features, hashed, of_sentence, weights_of
from kb.tag.direction_reading import read
from kb.tag.direction_text import question
from tests.benchmarks.direction_corpus import Case, cases, digests, spans

#: Chosen by five-fold cross-validation by paper on the training part.
STRENGTH = 0.02
STRENGTH_EVIDENCE = 0.1
STRENGTH_SUMMARY = 0.1
FOLDS = 4
#: A feature seen in fewer passages is left out.
RARE = 5
#: How much a question with its groups exchanged counts against one as asked.
EXCHANGED = 0.3
_OPPOSITE = {"increased": "decreased", "decreased": "increased", "no_difference": "no_difference"}
_DIGITS = 3


def regression(**options: Any) -> Any:
    """Return scikit-learn's logistic regression, which only this script needs."""
    return import_module("sklearn.linear_model").LogisticRegression(**options)


def change_rows(found: Sequence[Case]) -> tuple[list[list[int]], list[str], list[float]]:
    """Return the features of each case's marked passage, the answers, and how much each counts.

    Where both groups are named, the passage is asked once more with the groups exchanged: the answer is the opposite.
    So the model learns to read which group is spoken of, not that questions mostly name it first.
    """
    rows: list[list[int]] = []
    answers: list[str] = []
    counts: list[float] = []
    for case in found:
        arms = ((case.intervention, case.comparator, 1.0), (case.comparator, case.intervention, EXCHANGED))
        readings = [(read(case.evidence, question(case.outcome, one, two)), count) for one, two, count in arms]
        named = all({mention.arm for mention in one.mentions} == {"INT", "CMP"} for one, _ in readings)
        for at, (reading, count) in enumerate(readings):
            if at == 0 or named:
                rows.append(hashed(features(reading, case.outcome)))
                answers.append(_OPPOSITE[case.label] if at else case.label)
                counts.append(count)
    return rows, answers, counts


def evidence_rows(found: Sequence[Case]) -> tuple[list[list[int]], list[int]]:
    """Return the features of each sentence of an abstract that holds the evidence, and whether it is the evidence."""
    marked: dict[tuple[str, str], list[Case]] = {}
    for case in found:
        if case.place is not None:
            marked.setdefault((case.paper, case.prompt), []).append(case)
    rows: list[list[int]] = []
    answers: list[int] = []
    for group in marked.values():
        case = group[0]
        asked = defined(case.abstract, question(case.outcome, case.intervention, case.comparator))
        where = spans(case)
        readings = [read(case.abstract[start:end], asked) for start, end in where]
        places = [one.place for one in group if one.place is not None]
        weights = weights_of(readings)
        for at, (start, end) in enumerate(where):
            inside = any(min(end, to) - max(start, since) >= 0.5 * min(end - start, to - since) for since, to in places)
            rows.append(hashed(of_sentence(readings, at, weights)))
            answers.append(int(inside))
    return rows, answers


def fit(
    rows: Sequence[Sequence[int]], answers: Sequence[Any], strength: float, counts: Sequence[float] | None = None
) -> tuple[list[int], Any, Any]:
    """Return the features kept, their weights (a row for each answer) and the answers' order."""
    seen = Counter(place for row in rows for place in row)
    kept = sorted(place for place, count in seen.items() if count >= RARE)
    where = {place: at for at, place in enumerate(kept)}
    picked = [[where[place] for place in row if place in where] for row in rows]
    ends = np.cumsum([0] + [len(row) for row in picked])
    places = np.array([place for row in picked for place in row])
    matrix = import_module("scipy.sparse").csr_matrix(
        (np.ones(len(places)), places, ends), shape=(len(rows), len(kept))
    )
    model = regression(C=strength, max_iter=2000, fit_intercept=False).fit(matrix, answers, sample_weight=counts)
    return kept, model.coef_, list(model.classes_)


def train(found: Sequence[Case]) -> dict[str, Any]:
    """Return the weights learned from cases: a feature for everything that was seen, its place hashed."""
    passages, labels, counts = change_rows(found)
    kept, weights, order = fit(passages, labels, STRENGTH, counts)
    assert tuple(order) == CHANGES
    change = {
        place: [round(float(weights[row][at]), _DIGITS) + 0.0 for row in range(len(CHANGES))]
        for at, place in enumerate(kept)
    }
    rows, answers = evidence_rows(found)
    kept, weights, order = fit(rows, answers, STRENGTH_EVIDENCE)
    evidence = {place: round(float(weights[0][at]), _DIGITS) + 0.0 for at, place in enumerate(kept)}
    return {
        "summary": [],
        "evidence": {place: weight for place, weight in evidence.items() if weight},
        "change": {place: values for place, values in change.items() if any(values)},
    }


def summary_weights(found: Sequence[Case]) -> list[list[float]]:
    """Return the weights for texts of several sentences, learned from judges that have not seen the paper."""
    papers = sorted({case.paper for case in found})
    rows: list[list[float]] = []
    answers: list[str] = []
    for fold in range(FOLDS):
        part = set(papers[fold::FOLDS])
        model = train([case for case in found if case.paper not in part])
        judge = DirectionJudge(model["change"], model["evidence"])
        asked = {(case.prompt, case.label): case for case in found if case.paper in part}
        for case in asked.values():
            pieces = judge.pieces(case.abstract, case.outcome, case.intervention, case.comparator)
            if len(pieces) > 1:
                rows.append(summarised(pieces))
                answers.append(case.label)
    fitted = regression(C=STRENGTH_SUMMARY, max_iter=2000, fit_intercept=False).fit(np.array(rows), answers)
    return [[round(float(x), _DIGITS) + 0.0 for x in row] for row in fitted.coef_]


def written(model: dict[str, Any], about: dict[str, Any]) -> str:
    """Return the file: JSON with one feature a line, so that two versions can be compared."""
    parts = [f'"{name}": {json.dumps(value)}' for name, value in {**about, "summary": model["summary"]}.items()]
    for name in ("evidence", "change"):
        lines = ",\n".join(f'"{place}": {json.dumps(value)}' for place, value in model[name].items())
        parts.append(f'"{name}": {{\n{lines}\n}}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Train and write."""
    folder = Path(sys.argv[1])
    out = Path(sys.argv[2]) if len(sys.argv) > 2 else Path("data/rules/direction_model.json")
    found = [case for case in cases(folder) if not case.held_out]
    about = {
        "corpus": "Evidence Inference 2.0, MIT licence, https://github.com/jayded/evidence-inference",
        "files": digests(folder),
        "made_by": "tests/benchmarks/train_direction.py",
        "answers": list(CHANGES),
        "places": SIZE,
        "papers": len({case.paper for case in found}),
        "cases": len(found),
        "trained_on": sorted({case.paper for case in found}),
    }
    model = {**train(found), "summary": summary_weights(found)}
    out.write_text(written(model, about), encoding="utf-8")
    print(f"{out}: {len(found)} cases of {about['papers']} papers, {out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
