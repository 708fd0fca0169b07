"""Whether a sentence of ours repeats a run of words of a text that is at hand.

Facts carry over, sentences do not: a run of ten or more words shared with a source is somebody else's
sentence. Titles are quoted on purpose and registry fields (conditions, interventions) are lists of
names, so neither is compared.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.crosscheck import texts
from kb.dataset import Dataset
from kb.errors import DataError, Problem
from kb.progress import Progress, Silent

#: Words in a row that make a sentence somebody else's (house rule, CONTRIBUTING).
RUN = 10
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_TAG = re.compile(r"<[^<>]{0,200}>")
_READABLE = {".txt", ".md", ".html", ".htm", ".xml", ".json", ".jsonl", ".csv", ".tsv", ".yml", ".yaml", ".medline"}
#: Fields that hold the words of others by their nature.
_NOT_OURS = frozenset(
    {
        "title",
        "authors",
        "journal",
        "conditions",
        "interventions",
        "sponsor",
        "product",
        "holder",
        "agency",
        "reporter",
        "source",
        "other_sources",
        "query",
        "publication_types",
    }
)


@dataclass(frozen=True)
class Sentence:
    """One text of ours, with where it stands."""

    record: str
    path: tuple[str | int, ...]
    words: tuple[str, ...]


def shared_runs(data: Dataset, sources: Path, progress: Progress | None = None) -> list[Problem]:
    """Return every text of ours that shares a run of :data:`RUN` words with a file under ``sources``.

    Args:
        data: the facts.
        sources: a directory of texts (or one file); ``.gz`` is unpacked, other kinds are left out.
        progress: told the number of files, then each.

    Raises:
        DataError: there is no readable text there.
    """
    files = sorted(path for path in ([sources] if sources.is_file() else sources.rglob("*")) if _readable(path))
    if not files:
        message, remedy = "no text to compare with", f"name a folder with {', '.join(sorted(_READABLE))} files"
        raise DataError([Problem(str(sources), 0, "", message, remedy, "overlap")])
    progress = progress or Silent()
    progress.step("Comparing texts", len(files))
    ours: dict[tuple[str, ...], list[Sentence]] = {}
    for sentence in _sentences(data):
        for run in _runs(sentence.words):
            ours.setdefault(run, []).append(sentence)
    titles = [study.title for study in data.studies] + [trial.title or "" for trial in data.trials]
    for title in titles:
        for run in _runs(_words(title)):
            ours.pop(run, None)
    return sorted(_found(data, ours, files, progress))


def _found(
    data: Dataset, ours: dict[tuple[str, ...], list[Sentence]], files: Iterable[Path], progress: Progress
) -> Iterator[Problem]:
    told: set[tuple[str, tuple[str | int, ...]]] = set()
    for path in files:
        progress.advance()
        for run in _runs(_words(_TAG.sub(" ", _text(path)))):
            for sentence in ours.get(run, ()):
                if (sentence.record, sentence.path) in told:
                    continue
                told.add((sentence.record, sentence.path))
                place = data.places[sentence.record]
                where = f"{sentence.record} {'.'.join(str(part) for part in sentence.path)}"
                yield Problem(
                    place.file,
                    place.at(*sentence.path),
                    where,
                    f"shares {RUN} words in a row with {path.name}: “{' '.join(run)}”",
                    "say it in your own words",
                    "overlap",
                )


def _readable(path: Path) -> bool:
    suffixes = [suffix for suffix in path.suffixes if suffix != ".gz"]
    return path.is_file() and bool(suffixes) and suffixes[-1].lower() in _READABLE


def _text(path: Path) -> str:
    raw = path.read_bytes()
    if path.suffix == ".gz":
        raw = gzip.decompress(raw)
    return raw.decode("utf-8", errors="replace")


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(text))


def _runs(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return (words[i : i + RUN] for i in range(len(words) - RUN + 1))


def _sentences(data: Dataset) -> Iterator[Sentence]:
    records: list[Any] = [
        *data.studies,
        *data.trials,
        *data.approvals,
        *data.absences,
        *data.access_routes,
        *data.safety_events,
        *(claim for document in data.documents for claim in document.claims),
    ]
    for record in records:
        for path, text in texts(record.model_dump(), ()):
            if not _NOT_OURS.intersection(path):
                yield Sentence(record.id, path, _words(text))
