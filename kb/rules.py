"""The published rule set: ``data/rules/``. Code interprets it and adds no rule of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field

from kb.errors import DataError, Problem
from kb.reading import Tree, display, read_table, read_yaml, validate
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
    "said_by_another",
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
    "label_warns",
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


def _rule_problems(status: StatusFile, tree: Tree, name: str) -> Iterator[Problem]:
    """Yield what is wrong between rules, levels and the conditions code can answer."""
    known = {level.level for level in status.levels} | {"own", "thing", "licence", "best"}
    seen: set[str] = set()
    for index, rule in enumerate(status.rules):
        if rule.level not in known:
            remedy = f"use one of {', '.join(sorted(known))}"
            line = tree.line(("rules", index, "level"))
            yield Problem(name, line, rule.id, f"level {rule.level!r} is not in levels", remedy, "rules")
        if rule.when not in CONDITIONS:
            remedy = f"use one of {', '.join(CONDITIONS)}"
            line = tree.line(("rules", index, "when"))
            yield Problem(name, line, rule.id, f"unknown condition {rule.when!r}", remedy, "rules")
        if rule.id in seen:
            yield Problem(name, tree.line(("rules", index)), rule.id, "two rules have this id", "rename one", "rules")
        seen.add(rule.id)
    for missing in sorted(set(CONDITIONS) - {rule.when for rule in status.rules}):
        yield Problem(name, tree.line(("rules",)), missing, "no rule for this condition", "add the rule", "rules")


def load_rules(root: Path) -> Rules:
    """Read the rule files.

    Raises:
        DataError: a wrong or incomplete rule set.
    """
    path = root / "rules" / "status.yml"
    tree = read_yaml(path, root)
    status = validate(StatusFile, tree.value, display(path, root), tree)
    problems = list(_rule_problems(status, tree, display(path, root)))
    if problems:
        raise DataError(problems)
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
