"""Pieces the row makers share."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from kb.dates import PartialDate
from kb.records.common import AXES, ProductKey
from kb.records.study import Study

Row = dict[str, Any]


def dumps(value: object) -> str:
    """Return compact JSON with stable key order and the field's own characters."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def concept_ids(axis: str, ids: Iterable[str]) -> list[str]:
    """Return full concept ids (axis and slug)."""
    return [f"{axis}:{concept}" for concept in ids]


def axes(key: ProductKey) -> dict[str, list[str]]:
    """Return axis → full concept ids."""
    return {axis: concept_ids(axis, getattr(key, axis)) for axis in AXES}


def day(value: PartialDate | None) -> str | None:
    """Return a date as text, or None."""
    return str(value) if value else None


def flag(value: bool | None) -> int | None:
    """Return 1, 0 or None."""
    return None if value is None else int(value)


def provenance(record: Any) -> Row:
    """Return the three columns every fact row carries."""
    return {"source": record.source, "retrieved": str(record.retrieved), "checked": record.checked}


def trial_url(trial_id: str) -> str | None:
    """Return the registry's public page where its address is known from the number alone."""
    return f"https://clinicaltrials.gov/study/{trial_id}" if trial_id.startswith("NCT") else None


def study_label(study: Study) -> str:
    """Return "Rubnitz JE 2010" as far as author and year are known, else the title."""
    author = study.authors[0] if study.authors else ""
    return f"{author} {study.year or '(no year)'}" if author else study.title
