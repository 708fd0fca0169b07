"""Read and check everything under ``data/``: the only door from files to records.

:func:`load` returns a :class:`Dataset` whose records are valid one by one and agree with each
other (concepts exist, identifiers are unique, references resolve), or raises one
:class:`~kb.errors.DataError` that lists *every* problem found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from kb.errors import DataError, Problem
from kb.reading import Path_, Tree, display, read_table, read_yaml, validate
from kb.records.approval import Absence, AccessFile, AccessRoute, Approval, ApprovalsFile, SafetyEvent, SafetyFile
from kb.records.claim import Document
from kb.records.common import AXES
from kb.records.files import BuildFile, SearchesFile
from kb.records.study import Study
from kb.records.trial import Trial
from kb.rules import Rules, load_rules
from kb.vocabulary import Vocabulary, load_vocabulary

Model = TypeVar("Model", bound=BaseModel)

TRIAL_COLUMNS: tuple[str, ...] = (
    "id",
    "registry",
    "title",
    "title_kind",
    "phase",
    "phase_raw",
    "status",
    "status_raw",
    "status_date",
    "status_dispute",
    "first_posted",
    "enrollment",
    "sponsor",
    "countries",
    "start_date",
    "completion_date",
    "why_stopped",
    "stop_reason",
    "conditions",
    "interventions",
    *AXES,
    "is_nk_therapy",
    "doubt",
    "note",
    "source",
    "retrieved",
    "checked",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: file as the user knows it, line of its first field, and its tree."""

    file: str
    line: int
    tree: Tree | None = None
    base: Path_ = ()

    def at(self, *path: str | int) -> int:
        """Return the line of a field of the record."""
        return self.tree.line((*self.base, *path)) if self.tree else self.line


@dataclass(frozen=True)
class Dataset:
    """All reviewed facts, ready to be judged.

    Attributes:
        places: record id → where it was read, for messages.
        digest: SHA-256 over every file read, so that a build can tell whether anything changed.
    """

    root: Path
    vocabulary: Vocabulary
    rules: Rules
    build: BuildFile
    studies: tuple[Study, ...]
    trials: tuple[Trial, ...]
    approvals: tuple[Approval, ...]
    absences: tuple[Absence, ...]
    access_routes: tuple[AccessRoute, ...]
    safety_events: tuple[SafetyEvent, ...]
    documents: tuple[Document, ...]
    searches: SearchesFile
    digest: str
    places: dict[str, Place] = field(default_factory=dict, repr=False)


class _Reader:
    """Collects records and problems while files are read one after another."""

    def __init__(self, root: Path, progress: Callable[[str], None]) -> None:
        self.root = root
        self.progress = progress
        self.problems: list[Problem] = []
        self.places: dict[str, Place] = {}

    def guard(self, action: Callable[[], Model]) -> Model | None:
        try:
            return action()
        except DataError as error:
            self.problems.extend(error.problems)
            return None

    def remember(self, record_id: str, place: Place) -> bool:
        """Enter an id; return False, with a problem noted, when it is taken."""
        if record_id in self.places:
            first = self.places[record_id]
            self.problems.append(
                Problem(
                    place.file,
                    place.line,
                    record_id,
                    f"the id {record_id} is already taken by {first.file}:{first.line}",
                    "give one of them its own id, or merge the two",
                    "unique-id",
                )
            )
            return False
        self.places[record_id] = place
        return True

    def folder(self, name: str, model: type[Model], *lists: str) -> list[Model]:
        """Read every ``.yml`` file of a folder; anything else in it, or an empty folder, is a problem."""
        folder = self.root / name
        paths = sorted(path for path in folder.glob("*") if not path.name.startswith("."))
        for path in paths:
            if path.suffix != ".yml":
                shown = display(path, self.root)
                self.problems.append(
                    Problem(shown, 0, "", "this file is not read", "rename it to .yml or move it away", "file")
                )
        found = [self.yaml(path, model, *lists) for path in paths if path.suffix == ".yml"]
        if not found:
            shown = display(folder, self.root)
            self.problems.append(Problem(shown, 0, "", "the folder holds no .yml file", "restore its files", "file"))
        return [record for record in found if record is not None]

    def yaml(self, path: Path, model: type[Model], *lists: str) -> Model | None:
        """Read one YAML file; ``lists`` name its fields whose items are records with ids of their own."""
        name = display(path, self.root)
        self.progress(name)

        def read() -> Model:
            tree = read_yaml(path, self.root)
            record = validate(model, tree.value, name, tree)
            if not self.remember(getattr(record, "id", name), Place(name, 1, tree)):
                return record  # a second file of the same name: its parts would all repeat
            for field_name in lists:
                for index, item in enumerate(getattr(record, field_name)):
                    base: Path_ = (field_name, index)
                    self.remember(item.id, Place(name, tree.line(base), tree, base))
            return record

        return self.guard(read)

    def trials(self, path: Path) -> tuple[Trial, ...]:
        name = display(path, self.root)
        self.progress(name)
        try:
            rows = read_table(path, self.root, TRIAL_COLUMNS, ",")
        except DataError as error:
            self.problems.extend(error.problems)
            return ()
        trials = []
        for row in rows:
            value: dict[str, Any] = {key: cell for key, cell in row.cells.items() if cell}
            for name_ in (*AXES, "countries"):
                if name_ in value:
                    value[name_] = tuple(part.strip() for part in value[name_].split("|"))
            tree = Tree(value, {(): row.line})
            trial = self.guard(lambda value=value, tree=tree: validate(Trial, value, name, tree))  # type: ignore[misc]
            if trial is not None:
                self.remember(trial.id, Place(name, row.line))
                trials.append(trial)
        return tuple(trials)


def data_files(root: Path) -> Iterator[Path]:
    """Yield every file the build reads, in a fixed order."""
    for pattern in ("*.yml", "*.csv", "studies/*.yml", "claims/*.yml", "vocabulary/*.tsv", "rules/*"):
        yield from sorted(path for path in root.glob(pattern) if path.is_file())


def digest(root: Path) -> str:
    """Return one SHA-256 over the names and bytes of all data files."""
    whole = hashlib.sha256()
    for path in data_files(root):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        whole.update(f"{path.relative_to(root).as_posix()}\0{content}\n".encode())
    return whole.hexdigest()


def load_build(root: Path) -> BuildFile:
    """Read ``build.yml`` alone, for commands that need no facts.

    Args:
        root: the data directory.

    Raises:
        DataError: it is missing or wrong.
    """
    reader = _Reader(root, lambda _name: None)
    found = reader.yaml(root / "build.yml", BuildFile)
    if found is None:
        raise DataError(reader.problems)
    return found


def load_trials(root: Path) -> tuple[Trial, ...]:
    """Read ``trials.csv`` alone.

    Args:
        root: the data directory.

    Raises:
        DataError: a row is wrong.
    """
    reader = _Reader(root, lambda _name: None)
    trials = reader.trials(root / "trials.csv")
    if reader.problems:
        raise DataError(reader.problems)
    return trials


def load(root: Path, progress: Callable[[str], None] = lambda _name: None) -> Dataset:
    """Read and check a data directory.

    Args:
        root: the directory (``data/``).
        progress: called with the name of each file before it is read.

    Raises:
        DataError: everything that is wrong, in one list.
    """
    if not root.is_dir():
        raise DataError([Problem(str(root), 0, "", "no such data directory", "say where it is: --data DIR", "file")])
    reader = _Reader(root, progress)
    vocabulary = rules = None
    try:
        vocabulary = load_vocabulary(root)
    except DataError as error:
        reader.problems.extend(error.problems)
    try:
        rules = load_rules(root)
    except DataError as error:
        reader.problems.extend(error.problems)
    build = reader.yaml(root / "build.yml", BuildFile)
    studies = reader.folder("studies", Study)
    trials = reader.trials(root / "trials.csv")
    approvals = reader.yaml(root / "approvals.yml", ApprovalsFile, "approvals", "absences")
    access = reader.yaml(root / "access.yml", AccessFile, "access_routes")
    safety = reader.yaml(root / "safety.yml", SafetyFile, "safety_events")
    searches = reader.yaml(root / "searches.yml", SearchesFile, "searches", "standing")
    documents = reader.folder("claims", Document, "claims")
    if vocabulary is None or rules is None or build is None:
        raise DataError(reader.problems)
    approvals = approvals or ApprovalsFile(approvals=(), absences=())
    access = access or AccessFile(access_routes=())
    safety = safety or SafetyFile(safety_events=())
    searches = searches or SearchesFile(searches=())
    dataset = Dataset(
        root=root,
        vocabulary=vocabulary,
        rules=rules,
        build=build,
        studies=tuple(sorted(studies, key=lambda study: study.id)),
        trials=tuple(sorted(trials, key=lambda trial: trial.id)),
        approvals=tuple(sorted(approvals.approvals, key=lambda approval: approval.id)),
        absences=tuple(sorted(approvals.absences, key=lambda absence: absence.id)),
        access_routes=tuple(sorted(access.access_routes, key=lambda route: route.id)),
        safety_events=tuple(sorted(safety.safety_events, key=lambda event: event.id)),
        documents=tuple(sorted(documents, key=lambda document: document.id)),
        searches=searches,
        digest=digest(root),
        places=reader.places,
    )
    from kb.crosscheck import crosscheck  # the checks need a Dataset, so they import this module

    found = crosscheck(dataset)
    if reader.problems:  # a record that could not be read is not "dangling": do not bury its problem
        found = [problem for problem in found if problem.rule != "dangling"]
    problems = [*reader.problems, *found]
    if problems:
        raise DataError(problems)
    from kb.aliases import resolved

    return resolved(dataset)
