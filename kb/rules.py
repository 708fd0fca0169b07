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
from kb.records.common import Date, Record, Text, Url
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


Scale = Literal["pdq", "ocebm"]
PdqDesign = Literal["1", "2", "3", "none"]
PdqEndpoint = Literal["A", "B", "C", "Di", "Dii", "Diii", "Div", "none"]
OcebmLevel = Literal["1", "2", "3", "4", "5", "none"]
#: Outcome groups whose findings carry no letter of the PDQ scale, whatever their kind.
_UNLETTERED: tuple[Outcome, ...] = ("safety", "feasibility", "biomarker")


class StrengthSource(Record):
    """Where a scale is published, when we read it, and how much of it we saw."""

    title: Text
    url: Url
    read: Date
    seen: Text


class StrengthLevel(Record):
    """One level as its publisher defines it, in our words; the file has them best first."""

    scale: Scale
    part: Literal["design", "endpoint"]
    level: Text
    wording: Text
    source: Text


class DesignStrength(Record):
    """One of our study designs on the two scales; ``none`` where a scale has no level for it.

    Attributes:
        compares: the level is that of a comparison; a result without one takes ``without_comparison``.
    """

    pdq: PdqDesign
    ocebm: OcebmLevel
    compares: bool
    why: Text


class EndpointStrength(Record):
    """One of our kinds of endpoint on the PDQ scale."""

    pdq: PdqEndpoint
    why: Text


class NoLetter(Record):
    """Why findings of an outcome group carry no letter.

    Attributes:
        graded: whether OCEBM's question about benefit is asked of them at all.
    """

    graded: bool
    why: Text


class StrengthFile(Record):
    """``data/rules/strength.yml``."""

    sources: Mapping[str, StrengthSource]
    levels: tuple[StrengthLevel, ...]
    designs: Mapping[str, DesignStrength]
    without_comparison: Text
    endpoints: Mapping[EndpointKind, EndpointStrength]
    no_letter: Mapping[Outcome, NoLetter]

    def position(self, scale: Scale, part: Literal["design", "endpoint"], level: str) -> int:
        """Return the place of a level in the published order, 0 for the best; ``none`` comes last."""
        order = [one.level for one in self.levels if (one.scale, one.part) == (scale, part)]
        return order.index(level) if level in order else len(order)


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


def _strength_problems(strength: StrengthFile, tree: Tree, name: str) -> Iterator[Problem]:
    """Yield gaps of the strength table: what is left out of it would be graded by nobody."""
    printed = {(one.scale, one.part, one.level) for one in strength.levels}
    for index, one in enumerate(strength.levels):
        if one.source not in strength.sources:
            remedy = f"use one of {', '.join(sorted(strength.sources))}"
            line = tree.line(("levels", index, "source"))
            yield Problem(name, line, one.level, f"source {one.source!r} is not in sources", remedy, "rules")
    used: list[tuple[str, str, str, str, str]] = []
    used += [("designs", design, "pdq", "design", row.pdq) for design, row in strength.designs.items()]
    used += [("designs", design, "ocebm", "design", row.ocebm) for design, row in strength.designs.items()]
    used += [("endpoints", kind, "pdq", "endpoint", kind_row.pdq) for kind, kind_row in strength.endpoints.items()]
    for where, item, scale, part, level in used:
        if level != "none" and (scale, part, level) not in printed:
            line = tree.line((where, item))
            yield Problem(name, line, item, f"{scale} level {level!r} is not in levels", "add the level", "rules")
    if strength.without_comparison not in strength.designs:
        line = tree.line(("without_comparison",))
        yield Problem(name, line, strength.without_comparison, "no such design", "name a row of designs", "rules")
    for missing in sorted(set(get_args(EndpointKind)) - set(strength.endpoints)):
        line = tree.line(("endpoints",))
        yield Problem(name, line, missing, "no row for this kind of endpoint", 'add it, or "none"', "rules")
    for missing in sorted(set(_UNLETTERED) - set(strength.no_letter)):
        yield Problem(name, tree.line(("no_letter",)), missing, "no row for this outcome", "say why", "rules")


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
    problems = list(_strength_problems(strength, tree, display(path, root)))
    if problems:
        raise DataError(problems)
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
