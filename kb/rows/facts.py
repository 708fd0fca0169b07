"""The facts a store was judged from, kept in it: so that a judgement can be made again without the files.

``kb impact`` asks what would be judged if a record fell; it must ask it of the very facts the store rests on,
with what was fetched laid over them, wherever the store is.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from kb.dataset import Dataset
from kb.errors import BuildError
from kb.records.approval import Absence, AccessRoute, Approval, SafetyEvent
from kb.records.claim import Document
from kb.records.files import BuildFile, SearchesFile
from kb.records.study import Study
from kb.records.trial import Trial
from kb.rows.base import Row
from kb.rules import Rules, StatusFile, StrengthFile
from kb.vocabulary import Concept, Vocabulary

Model = TypeVar("Model", bound=BaseModel)

#: Kind of record → its model and the field of the dataset that holds all of them.
_LISTS: dict[str, tuple[type[BaseModel], str]] = {
    "study": (Study, "studies"),
    "trial": (Trial, "trials"),
    "approval": (Approval, "approvals"),
    "absence": (Absence, "absences"),
    "access_route": (AccessRoute, "access_routes"),
    "safety_event": (SafetyEvent, "safety_events"),
    "document": (Document, "documents"),
}


def judged_facts(data: Dataset) -> Iterator[Row]:
    """Yield one row a record, rule file and concept, in the order of the dataset."""
    position = 0

    def row(kind: str, name: str, body: Any) -> Row:
        nonlocal position
        position += 1
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return {"id": f"{kind} {name}", "kind": kind, "record_id": name, "position": position, "body": text}

    for kind, (_, field) in _LISTS.items():
        for record in getattr(data, field):
            yield row(kind, record.id, _plain(record))
    yield row("build", "build", _plain(data.build))
    yield row("searches", "searches", _plain(data.searches))
    yield row("status_rules", "status", _plain(data.rules.status))
    yield row("strength_rules", "strength", _plain(data.rules.strength))
    yield row("codes", "codes", {code: list(value) for code, value in data.rules.codes.items()})
    for concept in data.vocabulary:
        yield row("concept", concept.key, asdict(concept))


def _plain(record: BaseModel) -> Any:
    return record.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def read_facts(db: sqlite3.Connection) -> Dataset:
    """Return the facts a store was judged from; records hold the same, files and lines are gone.

    Args:
        db: an open store.

    Raises:
        BuildError: the store was made by another version of this program.
    """
    try:
        rows = db.execute("select kind, record_id, body from judged_facts order by position").fetchall()
        held: dict[str, dict[str, Any]] = {}
        for kind, name, body in rows:
            held.setdefault(kind, {})[name] = json.loads(body)
        lists = {
            field: tuple(model.model_validate(body) for body in held.get(kind, {}).values())
            for kind, (model, field) in _LISTS.items()
        }
        rules = Rules(
            StatusFile.model_validate(held["status_rules"]["status"]),
            StrengthFile.model_validate(held["strength_rules"]["strength"]),
            {code: (worst, meaning) for code, (worst, meaning) in held["codes"]["codes"].items()},
        )
        return Dataset(
            root=Path(),
            vocabulary=_vocabulary(held["concept"].values()),
            rules=rules,
            build=BuildFile.model_validate(held["build"]["build"]),
            searches=SearchesFile.model_validate(held["searches"]["searches"]),
            digest=db.execute("select data_sha256 from builds").fetchone()[0],
            **lists,  # type: ignore[arg-type]
        )
    except (sqlite3.Error, ValidationError, KeyError, TypeError, ValueError) as error:
        raise BuildError(
            f"this store does not hold its facts as this version of kb keeps them ({type(error).__name__}); "
            "make it again with: kb build"
        ) from error


def _vocabulary(bodies: Any) -> Vocabulary:
    concepts: dict[str, dict[str, Concept]] = {}
    for body in bodies:
        values: Mapping[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in body.items()}
        concepts.setdefault(values["facet"], {})[values["id"]] = Concept(**values)
    return Vocabulary(concepts)
