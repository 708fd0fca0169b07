"""Files of collections outside the repository: read with complaints that name the file, and their SHA-256."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import DataError, Problem

TAGGER_DEV = "tagger_dev.jsonl.gz"
DIRECTION = "outcome_direction"
PROMPTS = f"{DIRECTION}/evidence_inference_prompts.csv.gz"
ANNOTATIONS = f"{DIRECTION}/evidence_inference_v2_annotations.csv.gz"
ABSTRACTS = f"{DIRECTION}/evidence_inference_rct_abstracts.jsonl.gz"
TRIALS = "trials.csv"
DECOYS = "trial_decoys.csv"


@dataclass(frozen=True, slots=True)
class Input:
    """A file that was measured on.

    Attributes:
        file: its name below the folder that was given.
        sha256: of its bytes as stored.
    """

    file: str
    sha256: str


def inputs(folder: Path, *names: str) -> tuple[Input, ...]:
    """Return the fingerprint of each file.

    Raises:
        DataError: one of them cannot be read.
    """
    try:
        return tuple(Input(name, hashlib.sha256((folder / name).read_bytes()).hexdigest()) for name in names)
    except OSError as error:
        raise _unreadable(folder, Path(str(error.filename)).name, error.strerror or str(error)) from None


def objects(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the objects of a gzipped file of JSON lines.

    Raises:
        DataError: the file or one of its lines cannot be read.
    """
    result = []
    for number, line in enumerate(_text(folder, name).split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            raise _unreadable(folder, name, f"no JSON: {error.msg}", number) from None
        if not isinstance(value, dict):
            raise _unreadable(folder, name, "no JSON object", number)
        result.append(value)
    return result


def rows(folder: Path, name: str, *columns: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file, gzipped or not.

    Args:
        folder: where the file lies.
        name: its name.
        columns: those that must be there.

    Raises:
        DataError: the file cannot be read, or a column is missing.
    """
    reader = csv.DictReader(_text(folder, name).splitlines(keepends=True), strict=True)
    try:
        found = [{key: value or "" for key, value in row.items() if isinstance(key, str)} for row in reader]
    except csv.Error as error:
        raise _unreadable(folder, name, f"no CSV: {error}", reader.line_num) from None
    missing = sorted(set(columns) - set(reader.fieldnames or ()))
    if missing:
        raise _unreadable(folder, name, f"the columns {', '.join(missing)} are missing", 1)
    return found


def _text(folder: Path, name: str) -> str:
    try:
        raw = (folder / name).read_bytes()
        return (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _unreadable(folder, name, f"cannot be read: {reason}") from None


def _unreadable(folder: Path, name: str, message: str, line: int = 0) -> DataError:
    remedy = "give the folder that holds the collection, whole"
    return DataError([Problem(f"{folder.name}/{name}", line, "", message, remedy, "collection")])


def nothing(folder: Path, wanted: str) -> Problem:
    """Return the problem of a folder that holds none of what is wanted."""
    return Problem(folder.name, 0, "", "nothing to measure on", f"give the folder that holds {wanted}", "collection")


def whole(corpora: Path, reference: Path) -> None:
    """Make sure that every collection is there, so that kept figures are never of a part.

    Raises:
        DataError: naming each file that is missing.
    """
    problems = [
        Problem(
            f"{folder.name}/{name}", 0, "", "the file is missing", "kept figures are of every collection", "collection"
        )
        for folder, names in ((corpora, (TAGGER_DEV, PROMPTS, ANNOTATIONS, ABSTRACTS)), (reference, (TRIALS, DECOYS)))
        for name in names
        if not (folder / name).is_file()
    ]
    if problems:
        raise DataError(problems)


def has(folder: Path, *names: str) -> bool:
    """Tell whether the files of one collection are there.

    Raises:
        DataError: some are and some are not: figures on a part would look like those on the whole.
    """
    missing = [name for name in names if not (folder / name).is_file()]
    if missing and len(missing) < len(names):
        raise DataError(
            [
                Problem(
                    f"{folder.name}/{name}",
                    0,
                    "",
                    "the file is missing, others of its collection are there",
                    "add it, or give a folder without the collection",
                    "collection",
                )
                for name in missing
            ]
        )
    return not missing


def parts(folder: Path) -> Iterator[str]:
    """Yield which collections a folder holds: ``tagger_dev``, ``outcome_direction``.

    Raises:
        DataError: one of them is there in part.
    """
    if has(folder, TAGGER_DEV):
        yield "tagger_dev"
    if has(folder, PROMPTS, ANNOTATIONS, ABSTRACTS):
        yield "outcome_direction"
