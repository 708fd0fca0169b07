"""The evaluation on collections outside the repository, and the file that keeps its figures.

The file holds figures alone: no text, no id. It says which files were measured on (SHA-256), on which day, and with
which state of tagger and scoring, so that a reader sees when figures are older than the code beside them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from kb.errors import BuildError, DataError, Problem
from kb.evaluate import evidence_inference, files, indexed, registered
from kb.evaluate.disputed import Disputes, load_adjudications
from kb.evaluate.files import Input
from kb.evaluate.report import as_dict, sheet_of
from kb.evaluate.sheet import Sheet
from kb.evaluate.tools import Tools
from kb.progress import Progress
from kb.reading import display, read_text
from kb.vocabulary import Vocabulary

#: Where the figures are kept in a data directory.
SCORES = Path("gold") / "corpora_scores.json"

#: What the figures rest on, in ``kb/`` and in the data directory (``build.yml`` says which cells are the topic).
_CODE = ("tag/*.py", "evaluate/*.py", "vocabulary.py", "reading.py")
_DATA = ("vocabulary/*", "rules/*", "build.yml", "gold/disputed.tsv", "gold/phase_adjudicated.tsv")


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures on collections outside the repository.

    Attributes:
        day: when they were measured, as said by whoever measured.
        tagger: fingerprint of tagger and scoring they were measured with (:func:`fingerprint`).
        inputs: the files.
        sheets: the figures.
    """

    day: str
    tagger: str
    inputs: tuple[Input, ...]
    sheets: tuple[Sheet, ...]


def fingerprint(data_dir: Path) -> str:
    """Return the SHA-256 of everything that decides the figures: what the tagger says, and how that is scored.

    Args:
        data_dir: the data directory; its name does not matter.
    """
    digest = hashlib.sha256()
    for name, path in sorted(deciding(data_dir)):
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def deciding(data_dir: Path) -> Iterator[tuple[str, Path]]:
    """Yield (name, file) of code, vocabulary, rules and verdicts that the figures rest on.

    Args:
        data_dir: the data directory.
    """
    code = Path(__file__).resolve().parent.parent
    for root, shown, patterns in ((code, "kb", _CODE), (data_dir, "data", _DATA)):
        for pattern in patterns:
            for path in root.glob(pattern):
                if path.is_file():
                    yield f"{shown}/{path.relative_to(root).as_posix()}", path


def measure(
    folder: Path | None,
    reference: Path | None,
    tools: Tools,
    vocabulary: Vocabulary,
    data_dir: Path,
    disputes: Disputes,
    progress: Progress,
    on_file: Collection[str] = (),
) -> tuple[list[Sheet], list[Input]]:
    """Measure on every collection that is there.

    Args:
        folder: holds ``tagger_dev.jsonl.gz`` and ``outcome_direction/``, or one of them; None for neither.
        reference: holds ``trials.csv`` and ``trial_decoys.csv``; None to leave them out.
        tools: what is judged.
        vocabulary: the hierarchy of concepts.
        data_dir: holds the verdicts.
        disputes: cases in which the gold is wrong.
        progress: told of every record.
        on_file: ids of the registrations that are measured on apart (:mod:`kb.evaluate.on_file`).

    Returns:
        The sheets, and the files they were measured on.

    Raises:
        DataError: a folder holds nothing to measure on, or a part of a collection, or a file of it cannot be read.
    """
    sheets: list[Sheet] = []
    inputs: list[Input] = []
    if folder is not None:
        there = list(files.parts(folder))
        if not there:
            raise DataError([files.nothing(folder, f"{files.TAGGER_DEV} or {files.DIRECTION}/")])
        if "tagger_dev" in there:
            sheets += _records(folder, tools, vocabulary, data_dir, disputes, progress)
            inputs += files.inputs(folder, files.TAGGER_DEV)
        if "outcome_direction" in there:
            sheets.append(_directions(folder, tools, disputes, progress))
            inputs += files.inputs(folder, files.PROMPTS, files.ANNOTATIONS, files.ABSTRACTS)
    if reference is not None:
        if not files.has(reference, files.TRIALS, files.DECOYS):
            raise DataError([files.nothing(reference, f"{files.TRIALS} and {files.DECOYS}")])
        sheets.append(_registrations(reference, tools, disputes, progress, on_file))
        inputs += files.inputs(reference, files.TRIALS, files.DECOYS)
    return sheets, inputs


def _records(
    folder: Path, tools: Tools, vocabulary: Vocabulary, data_dir: Path, disputes: Disputes, progress: Progress
) -> list[Sheet]:
    values = files.objects(folder, files.TAGGER_DEV)
    progress.step("Real records", len(values))
    records = indexed.tagged(values, tools, progress)
    disputed = disputes.fields("tagger_dev")
    return [
        indexed.relevance_sheet(records, disputed),
        indexed.phase_sheet(records, load_adjudications(data_dir), disputed),
        indexed.indication_sheet(records, vocabulary),
    ]


def _directions(folder: Path, tools: Tools, disputes: Disputes, progress: Progress) -> Sheet:
    asked = evidence_inference.questions(
        files.rows(folder, files.PROMPTS, *evidence_inference.PROMPT_COLUMNS),
        files.rows(folder, files.ANNOTATIONS, *evidence_inference.ANNOTATION_COLUMNS),
        files.objects(folder, files.ABSTRACTS),
        tools,
    )
    progress.step("Evidence Inference", len(asked.evidence) + len(asked.stated) + len(asked.abstracts))
    return evidence_inference.sheet(asked, tools, progress, disputes.fields("outcome_direction"))


def _registrations(
    folder: Path, tools: Tools, disputes: Disputes, progress: Progress, on_file: Collection[str]
) -> Sheet:
    trials = files.rows(folder, files.TRIALS, *registered.TRIAL_COLUMNS)
    decoys = files.rows(folder, files.DECOYS, *registered.DECOY_COLUMNS)
    progress.step("Registrations", len(trials) + len(decoys))
    rows = registered.tagged(trials, decoys, tools, progress)
    return registered.sheet(rows, disputes.fields("reference"), on_file)


def save(path: Path, day: date, data_dir: Path, sheets: Sequence[Sheet], inputs: Sequence[Input]) -> None:
    """Write the figures, without the cases, so that the page can be made where the collections are not.

    Args:
        path: the file.
        day: the day to print; the clock is never asked.
        data_dir: holds the rules that were measured with.
        sheets: what was measured.
        inputs: on which files.

    Raises:
        BuildError: the file cannot be written.
    """
    value = {
        "day": day.isoformat(),
        "tagger": fingerprint(data_dir),
        "inputs": [asdict(one) for one in inputs],
        "sheets": [as_dict(replace(sheet, cases=())) for sheet in sheets],
    }
    try:
        path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise BuildError(f"{path} cannot be written: {error.strerror or error}") from None


def load_scores(data_dir: Path) -> Scores | None:
    """Read the kept figures; None when nobody has measured yet.

    Raises:
        DataError: the file is there and is no file of figures.
    """
    path = data_dir / SCORES
    if not path.exists():
        return None
    try:
        value = json.loads(read_text(path, data_dir))
        return Scores(
            str(date.fromisoformat(value["day"])),
            str(value["tagger"]),
            tuple(Input(str(one["file"]), str(one["sha256"])) for one in value["inputs"]),
            tuple(sheet_of(one) for one in value["sheets"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        remedy = "make it again with kb evaluate --corpora … --save"
        problem = Problem(display(path, data_dir), 0, "", f"no file of figures: {error!r}", remedy, "gold")
        raise DataError([problem]) from None
