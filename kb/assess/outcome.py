"""Whether the findings of one study arm are positive or negative for a claimed outcome.

The rules are those of the design, "Positive" and "Negative". Anything else is a result that is
shown and lifts nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from kb.records.study import Finding, Outcome, Study, StudyKey
from kb.rules import Rules

Stance = Literal["positive", "negative", "other_result", "safety_only", "marker_only", "no_result"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a sentence claims as outcome.

    Attributes:
        groups: outcome groups that count; more than one only when the sentence is silent.
        explicit: whether the sentence names the outcome.
        marker: a biomarker the sentence names.
        any_marker: any biomarker counts (a report of what a study measured).
    """

    groups: tuple[str, ...]
    explicit: bool
    marker: str | None = None
    any_marker: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What one arm's findings say about a wanted outcome.

    Attributes:
        findings: positions, within the key, of the findings that decided.
    """

    stance: Stance
    findings: tuple[int, ...] = ()


def p_value_upper(printed: str) -> float | None:
    """Return the largest P a printed value allows: 0.03 for "0.03" and "<0.03"; 1 for "ns"."""
    if printed == "ns" or printed.startswith(">"):
        return 1.0
    match = re.search(r"\d*\.?\d+", printed)
    return float(match.group()) if match else None


def significant(rules: Rules, finding: Finding) -> bool:
    """Tell whether a difference stands: P below the published limit, or no P given."""
    if finding.p is None:
        return True
    upper = p_value_upper(finding.p)
    limit = rules.status.constants.significance
    strictly = finding.p.startswith("<") and not finding.p.startswith("<=")
    return upper is not None and (upper < limit or (strictly and upper <= limit))


def _counts(wanted: Wanted, finding: Finding) -> bool:
    if finding.outcome not in wanted.groups:
        return False
    if finding.outcome != "biomarker" or wanted.any_marker:
        return True
    return wanted.marker is not None and finding.marker == wanted.marker


def read(rules: Rules, study: Study, key: StudyKey, wanted: Wanted) -> Reading:
    """Read one arm's findings for the wanted outcome."""
    relevant = [(i, f) for i, f in enumerate(key.findings) if _counts(wanted, f)]
    positive = _positive(rules, study, key, relevant)
    negative = _negative(rules, study, key, wanted)
    if positive and negative:
        # The primary endpoint failed, yet the claimed group was better. Only a sentence that names
        # that group, and not the failed one, may use the gain.
        failed = {key.findings[i].outcome for i in negative}
        if not wanted.explicit or failed & set(wanted.groups):
            return Reading("negative", negative)
        return Reading("positive", positive)
    if positive:
        return Reading("positive", positive)
    if negative:
        return Reading("negative", negative)
    if relevant:
        return Reading("other_result", tuple(i for i, _ in relevant))
    outcomes = {finding.outcome for finding in key.findings}
    efficacy = set(rules.status.efficacy_outcomes)
    if outcomes & efficacy:
        return Reading("other_result")
    if outcomes & {"safety", "feasibility"}:
        return Reading("safety_only")
    return Reading("marker_only" if outcomes else "no_result")


def _compared(study: Study, key: StudyKey) -> bool:
    """Tell whether the arm had a comparator without the cells, so that only a comparison can speak for it."""
    if key.control_has_cells:
        return False
    return (key.design or study.design) in (
        "randomised-controlled",
        "nonrandomised-controlled",
        "comparative",
        "matched-cohort",
        "cohort",
    ) and bool(key.control or any(finding.comparative for finding in key.findings))


def _positive(rules: Rules, study: Study, key: StudyKey, relevant: list[tuple[int, Finding]]) -> tuple[int, ...]:
    missed = _missed_by_the_whole(rules, relevant)
    better = tuple(
        i
        for i, f in relevant
        if f.direction == "better"
        and significant(rules, f)
        and not key.control_has_cells
        and not (f.n_basis == "subgroup" and f.outcome in missed)
    )
    if better or _compared(study, key):
        return better
    if key.active_disease is not True:  # staying in remission is no response
        return ()
    return tuple(i for i, f in relevant if not f.comparative and _gained(f))


def _missed_by_the_whole(rules: Rules, relevant: list[tuple[int, Finding]]) -> set[Outcome]:
    """Return the outcome groups in which everybody was compared and was no better: there a subgroup proves nothing."""
    whole = [f for _, f in relevant if f.comparative and f.n_basis != "subgroup"]
    won = {f.outcome for f in whole if f.direction == "better" and significant(rules, f)}
    return {f.outcome for f in whole} - won


def _gained(finding: Finding) -> bool:
    """Tell whether somebody gained: said so by whoever read the source, or a response rate above none.

    Other counts in the response group (stable disease, progression) are no gain by themselves.
    """
    if finding.gain is not None:
        return finding.gain
    return finding.endpoint_kind == "response_rate" and bool(finding.n)


def _negative(rules: Rules, study: Study, key: StudyKey, wanted: Wanted) -> tuple[int, ...]:
    efficacy = set(rules.status.efficacy_outcomes)
    if wanted.explicit and not efficacy & set(wanted.groups):
        return ()  # a failed efficacy endpoint says nothing about safety
    if wanted.groups == ("response",) and key.active_disease is False:
        return ()  # nobody there could respond
    primary = [(i, f) for i, f in enumerate(key.findings) if f.is_primary]
    primary_efficacy = [(i, f) for i, f in primary if f.outcome in efficacy]
    if any(f.comparative for f in key.findings):
        if key.control_has_cells:
            return ()
        missed = tuple(
            i
            for i, f in primary_efficacy
            if f.met is False
            or (
                f.met is None and (f.direction == "no_difference" or (f.direction == "worse" and significant(rules, f)))
            )
        )
        if primary_efficacy:
            return missed
        if primary:  # the primary endpoint was not efficacy: was anything of the claimed group better?
            compared = [(i, f) for i, f in enumerate(key.findings) if _counts(wanted, f) and f.comparative]
            if compared and not any(f.direction == "better" and significant(rules, f) for _, f in compared):
                return tuple(i for i, _ in compared)
        return ()
    return tuple(
        i
        for i, f in primary_efficacy
        if f.met is False or (f.met is None and (f.gain is False or (f.outcome == "response" and f.n == 0)))
    )
