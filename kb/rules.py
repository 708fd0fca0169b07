"""The published rule set: ``data/rules/``. Code interprets it and adds no rule of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from kb.errors import DataError, Problem
from kb.reading import display, read_table, read_yaml, validate
from kb.records.common import Record, Text, Url
from kb.records.study import EndpointKind, Outcome

StatusClass = Literal["approved", "trial_stage", "unsupported", "background", "not_a_claim", "needs_review"]
Accuracy = Literal["accurate", "accurate_with_caveat", "misleading", "inaccurate", "unverifiable"]
_ACCURACIES: tuple[Accuracy, ...] = get_args(Accuracy)

#: Conditions a rule may name; each is answered by :mod:`kb.assess`.
CONDITIONS = (
    "no_claim",
    "not_decidable",
    "misreports_source",
    "reports_source",
    "statement_false",
    "statement_judged",
    "background_contradicted",
    "own_quality",
    "background",
    "denial_refuted",
    "denial_agreed",
    "absolute_refuted",
    "harm_excluded_by_definition",
    "safety_findings",
    "licence_covers",
    "contradicted_by_result",
    "licence_ended_for_efficacy",
    "conflicting",
    "positive",
    "stopped_for_safety_direct",
    "being_tested",
    "stopped_futility",
    "stopped_other",
    "stopped_silent",
    "laboratory_only",
    "nothing",
)


class Level(Record):
    """One level of the status scale, with the class it belongs to."""

    level: Text
    status_class: Annotated[StatusClass, Field(alias="class")]
    label: Text
    meaning: Text


class Rule(Record):
    """One rule: when its condition holds and no earlier rule fired, it gives the level.

    Attributes:
        level: a level of the scale, or where to take it from: ``own`` (the cited study's),
            ``thing`` (the product a statement speaks of), ``licence`` (full or conditional),
            ``best`` (the best positive study's).
    """

    id: Text
    level: Text
    when: Text
    wording: Text
    source: Text


class Constants(Record):
    """Numbers the rules use, each explained beside it in the file."""

    open_status_months: Annotated[int, Field(gt=0)]
    completed_years: Annotated[int, Field(gt=0)]
    about_tolerance: Annotated[float, Field(ge=0, lt=1)]
    significance: Annotated[float, Field(gt=0, lt=1)]


class StatusFile(Record):
    """``data/rules/status.yml``."""

    levels: tuple[Level, ...]
    rules: tuple[Rule, ...]
    constants: Constants
    silent_outcomes: tuple[Outcome, ...]
    silent_outcomes_infection: tuple[Outcome, ...]
    efficacy_outcomes: tuple[Outcome, ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        known = {level.level for level in self.levels} | {"own", "thing", "licence", "best"}
        for rule in self.rules:
            if rule.level not in known:
                raise ValueError(f"rule {rule.id}: level {rule.level!r} is not in levels")
            if rule.when not in CONDITIONS:
                raise ValueError(f"rule {rule.id}: unknown condition {rule.when!r}; known: {', '.join(CONDITIONS)}")
        ids = [rule.id for rule in self.rules]
        if len(set(ids)) != len(ids):
            raise ValueError("two rules have the same id")
        missing = set(CONDITIONS) - {rule.when for rule in self.rules}
        if missing:
            raise ValueError(f"no rule for: {', '.join(sorted(missing))}")
        return self


class DesignStrength(Record):
    """Design part of the two strength scales."""

    pdq: Literal["1", "2", "3"]
    ocebm: Annotated[int, Field(ge=1, le=5)]


class StrengthFile(Record):
    """``data/rules/strength.yml``."""

    sources: Mapping[Literal["pdq", "ocebm"], Url]
    designs: Mapping[str, DesignStrength]
    endpoints: Mapping[EndpointKind, str]


@dataclass(frozen=True)
class Rules:
    """Everything under ``data/rules/``.

    Attributes:
        codes: code → (worst accuracy it allows, meaning).
    """

    status: StatusFile
    strength: StrengthFile
    codes: Mapping[str, tuple[Accuracy, str]]

    @cached_property
    def rank(self) -> dict[str, int]:
        """Level → position on the scale; 0 is best."""
        return {level.level: index for index, level in enumerate(self.status.levels)}

    @cached_property
    def class_of(self) -> dict[str, StatusClass]:
        """Level → class."""
        return {level.level: level.status_class for level in self.status.levels}

    @cached_property
    def by_condition(self) -> dict[str, Rule]:
        """Condition → rule."""
        return {rule.when: rule for rule in self.status.rules}

    def order(self, conditions: frozenset[str]) -> Rule:
        """Return the first rule, in published order, whose condition is among ``conditions``."""
        return next(rule for rule in self.status.rules if rule.when in conditions)


def load_rules(root: Path) -> Rules:
    """Read the rule files.

    Raises:
        DataError: a wrong or incomplete rule set.
    """
    path = root / "rules" / "status.yml"
    tree = read_yaml(path, root)
    status = validate(StatusFile, tree.value, display(path, root), tree)
    path = root / "rules" / "strength.yml"
    tree = read_yaml(path, root)
    strength = validate(StrengthFile, tree.value, display(path, root), tree)
    path = root / "rules" / "codes.tsv"
    name = display(path, root)
    codes: dict[str, tuple[Accuracy, str]] = {}
    for row in read_table(path, root, ("code", "worst_accuracy", "meaning"), "\t"):
        accuracy = row.cells["worst_accuracy"]
        if accuracy not in _ACCURACIES:
            remedy = f"use one of {', '.join(_ACCURACIES)}"
            raise DataError(
                [Problem(name, row.line, row.cells["code"], f"unknown accuracy {accuracy!r}", remedy, "rules")]
            )
        if row.cells["code"] in codes:
            raise DataError(
                [Problem(name, row.line, row.cells["code"], "the code is there twice", "keep one row", "rules")]
            )
        codes[row.cells["code"]] = (accuracy, row.cells["meaning"])
    return Rules(status, strength, codes)
