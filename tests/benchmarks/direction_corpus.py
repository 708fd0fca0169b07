"""Evidence Inference 2.0 as we use it: questions, labels, evidence and abstracts, split by paper.

https://github.com/jayded/evidence-inference, MIT licence (DeYoung et al., BioNLP 2020; Lehman et al., NAACL 2019).
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.evaluate import files
from kb.evaluate.evidence_inference import LABELS
from kb.tag.direction import Change
from kb.tag.direction_text import plain
from kb.tag.record import Passage
from kb.tag.sentences import sentences

#: Prompts, annotations, abstracts.
FILES = tuple(Path(name).name for name in (files.PROMPTS, files.ANNOTATIONS, files.ABSTRACTS))
#: One paper in five is never trained on.
_FOLDS = 5
#: Characters of the beginning of a marked passage that must stand in an abstract.
_HEAD = 60


@dataclass(frozen=True, slots=True)
class Case:
    """One annotator's answer to one question.

    Attributes:
        paper: PMCID without its letters.
        prompt: number of the question.
        annotator: who answered.
        label: the answer.
        evidence: the passage marked.
        abstract: of the paper.
        outcome, intervention, comparator: the question.
        place: where the marked passage stands in the abstract, None when it does not.
    """

    paper: str
    prompt: str
    annotator: str
    label: Change
    evidence: str
    abstract: str
    outcome: str
    intervention: str
    comparator: str
    place: tuple[int, int] | None

    @property
    def held_out(self) -> bool:
        """Whether the paper belongs to the test part."""
        return int(hashlib.sha256(f"PMC{self.paper}".encode()).hexdigest(), 16) % _FOLDS == 0


def cases(folder: Path) -> list[Case]:
    """Return the valid answers of the corpus, in its order."""
    prompts = {row["PromptID"]: row for row in _rows(folder / FILES[0])}
    with gzip.open(folder / FILES[2], "rt", encoding="utf-8") as lines:
        abstracts = {paper["pmcid"].removeprefix("PMC"): paper["abstract"] for paper in map(json.loads, lines)}
    found: list[Case] = []
    for row in _rows(folder / FILES[1]):
        if row["Valid Label"] == "True":
            ask, abstract = prompts[row["PromptID"]], abstracts[row["PMCID"]]
            question = (ask["Outcome"], ask["Intervention"], ask["Comparator"])
            place = _place(row["Annotations"], abstract)
            answer = LABELS[row["Label"]]
            found.append(
                Case(
                    row["PMCID"], row["PromptID"], row["UserID"], answer, row["Annotations"], abstract, *question, place
                )
            )
    return found


def spans(case: Case) -> list[tuple[int, int]]:
    """Return the sentences of a case's abstract."""
    return [(s.start, s.end) for s in sentences(Passage("", "abstract", case.abstract))]


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of the corpus."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _place(evidence: str, abstract: str) -> tuple[int, int] | None:
    wanted, _ = _letters(evidence)
    text, offsets = _letters(abstract)
    if len(wanted) < 10:
        return None
    at = text.find(wanted)
    if at < 0:
        wanted = wanted[:_HEAD]
        at = text.find(wanted) if len(wanted) == _HEAD else -1
    return (offsets[at], offsets[at + len(wanted) - 1] + 1) if at >= 0 else None


def _letters(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of a text in lower case, and where each stands."""
    flat = plain(text)
    found = [(match.group().lower(), flat.original(match.start())) for match in re.finditer(r"[^\W_]", flat.text)]
    return "".join(char[0] for char, _ in found), [place for _, place in found]
